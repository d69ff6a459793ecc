//! A price that Google does not ask for where the jobs ran.

use super::money::Money;
use super::{edit, location, reckonings, subject};
use crate::diagnostic::Applicability;
use crate::estimate::price::{RAISED, former_price_in, is_same, price_in};
use crate::rules::{Context, Sink};
use std::collections::BTreeSet;

/// What was asked for in the largest regions, and stands in most queries that are handed on.
const COPIED: f64 = 5.0;
const LARGEST: &str = "US";

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (query, reckoning) in reckonings(context) {
        let configured = context.config.location.as_ref().map(|location| location.value.as_str());
        let known = location(reckoning).or(configured);
        let mut seen = BTreeSet::new();
        let is_now = |money: Money<'_>| {
            money.price.is_some_and(|price| price_in(context.config, known.unwrap_or(LARGEST)) == Some(price.value))
        };
        if reckoning.products.iter().filter_map(Money::of).any(is_now) {
            // What was and what is stand side by side.
            continue;
        }
        for money in reckoning.products.iter().filter_map(Money::of) {
            let Some(price) = money.price else { continue };
            let place = known.unwrap_or(LARGEST);
            let Some(now) = price_in(context.config, place) else { continue };
            let is_former =
                former_price_in(place).is_some_and(|former| is_same(former, price.value)) || is_same(price.value, COPIED);
            let is_new = seen.insert((price.range.start, price.range.end));
            if !is_former || is_same(now, price.value) || !is_new {
                continue;
            }
            let where_ =
                if known.is_some() { format!("in {place}") } else { "in the US and the EU, and more elsewhere".to_owned() };
            let message = format!("{} USD is a price of before {RAISED}: a TiB costs {now} USD {where_}", price.value);
            let diagnostic = sink.report(subject(query), query.map.span(price.range.clone()), message);
            diagnostic.help(format!("multiply by {now}, or by what your contract says"));
            diagnostic.detail(price.value.to_string());
            let fix =
                edit::replace(query, price.range.clone(), &now.to_string(), "use the price of today", Applicability::Unsafe);
            fix.into_iter().for_each(|fix| _ = diagnostic.fix(fix));
        }
    }
}
