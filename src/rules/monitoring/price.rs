//! A price that Google does not ask for where the jobs ran.

use super::money::Money;
use super::{location, reckonings, subject};
use crate::diagnostic::{Applicability, Diagnostic};
use crate::estimate::price::{RAISED, former_price_in, is_listed, is_same, price_in};
use crate::model::Query;
use crate::rules::sql::edit;
use crate::rules::{Context, Sink};
use crate::sql::reckoning::{Factor, Reckoning};
use crate::text::Span;
use std::collections::BTreeSet;

/// What was asked for in the largest regions, and stands in most queries that are handed on.
const COPIED: f64 = 5.0;
const LARGEST: &str = "US";

/// A price in a query.
pub(super) struct Priced<'a> {
    pub(super) query: &'a Query,
    pub(super) price: &'a Factor,
    /// Where the jobs ran; `None` where nothing says it.
    pub(super) place: Option<&'a str>,
    /// What a TiB costs there today, or in the largest regions.
    now: f64,
    /// By which else the same bytes are multiplied.
    beside: Vec<f64>,
}

pub(in crate::rules) fn outdated(context: &Context<'_>, sink: &mut Sink<'_>) {
    for priced in prices(context).into_iter().filter(Priced::is_outdated) {
        let now = priced.now;
        let place = priced.place.map_or("in the US and the EU, and more elsewhere".to_owned(), |place| format!("in {place}"));
        let message = format!("{} USD is a price of before {RAISED}: a TiB costs {now} USD {place}", priced.price.value);
        priced.report(message, sink).help(format!("multiply by {now}, or by what your contract says"));
    }
}

pub(in crate::rules) fn of_another_location(context: &Context<'_>, sink: &mut Sink<'_>) {
    for priced in prices(context).into_iter().filter(|priced| priced.is_of_elsewhere(context)) {
        let (now, usd) = (priced.now, priced.price.value);
        let Some(place) = priced.place else { continue };
        let message = format!("{usd} USD is the price of other locations: a TiB costs {now} USD in {place}");
        priced.report(message, sink).help(format!("multiply by {now}, or by what your contract says"));
    }
}

/// What the configuration says of a TiB in a location, and where.
pub(super) fn configured(context: &Context<'_>, place: &str) -> Option<(f64, Span)> {
    let own = context.config.prices.iter().find(|(name, _)| name.eq_ignore_ascii_case(place));
    own.map(|(_, usd)| (usd.value, usd.span))
}

/// Each price, once for each query.
pub(super) fn prices<'a>(context: &Context<'a>) -> Vec<Priced<'a>> {
    let location = context.config.location.as_ref().map(|location| location.value.as_str());
    let mut found = Vec::new();
    for (query, reckoning) in reckonings(context) {
        let mut seen = BTreeSet::new();
        let moneys: Vec<Money<'_>> = reckoning.products.iter().filter_map(Money::of).collect();
        for money in &moneys {
            let Some(price) = money.price.filter(|price| seen.insert((price.range.start, price.range.end))) else { continue };
            let place = place(reckoning, money).or(location);
            if let Some(now) = price_in(context.config, place.unwrap_or(LARGEST)) {
                let others = moneys.iter().filter(|other| is_of_same(money, other)).filter_map(|other| other.price);
                let beside = others.map(|other| other.value).filter(|other| !is_same(*other, price.value)).collect();
                found.push(Priced { query, price, place, now, beside });
            }
        }
    }
    found
}

fn place<'a>(reckoning: &'a Reckoning, money: &Money<'_>) -> Option<&'a str> {
    money.bytes.iter().filter_map(|named| reckoning.sources.get(named.source)).find_map(location)
}

fn is_of_same(one: &Money<'_>, other: &Money<'_>) -> bool {
    one.bytes.iter().any(|named| other.bytes.iter().any(|other| named.source == other.source))
}

impl Priced<'_> {
    /// What was and what is may stand side by side.
    fn is_of_now(&self) -> bool {
        self.beside.iter().chain([&self.price.value]).any(|usd| is_same(*usd, self.now))
    }

    fn is_outdated(&self) -> bool {
        let former = former_price_in(self.place.unwrap_or(LARGEST));
        let is_former = former.is_some_and(|former| is_same(former, self.price.value));
        !self.is_of_now() && (is_former || is_same(self.price.value, COPIED))
    }

    fn is_of_elsewhere(&self, context: &Context<'_>) -> bool {
        let is_own = self.place.is_some_and(|place| configured(context, place).is_some());
        !self.is_of_now() && !self.is_outdated() && !is_own && is_listed(self.price.value)
    }

    /// Another rule has something to say of it, or it stands beside another on purpose.
    pub(super) fn is_judged(&self, context: &Context<'_>) -> bool {
        self.is_outdated() || self.is_of_elsewhere(context) || !self.beside.is_empty()
    }

    fn report<'s>(&self, message: String, sink: &'s mut Sink<'_>) -> &'s mut Diagnostic {
        let (query, at) = (self.query, self.price.range.clone());
        let diagnostic = sink.report(subject(query), query.map.span(at.clone()), message);
        diagnostic.detail(self.price.value.to_string());
        let fix = edit::replace(query, at, &self.now.to_string(), "use the price of today", Applicability::Unsafe);
        fix.into_iter().for_each(|fix| _ = diagnostic.fix(fix));
        diagnostic
    }
}
