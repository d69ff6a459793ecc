//! Two prices of one thing: queries over the same location that each reckon with another, or than the configuration.

use super::price::{Priced, configured, prices};
use super::subject;
use crate::estimate::price::is_same;
use crate::rules::{Context, Sink};
use crate::text::Span;
use std::collections::BTreeMap;

/// What is held against the other prices of a location.
struct Said {
    usd: f64,
    span: Span,
    by: String,
}

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut places: BTreeMap<String, Vec<Priced<'_>>> = BTreeMap::new();
    for priced in prices(context).into_iter().filter(|priced| !priced.is_judged(context)) {
        if let Some(place) = priced.place {
            places.entry(place.to_ascii_lowercase()).or_default().push(priced);
        }
    }
    for (place, prices) in places {
        let Some(said) = said(context, &place, &prices) else { continue };
        for priced in prices.iter().filter(|priced| !is_same(priced.price.value, said.usd)) {
            report(priced, &place, &said, sink);
        }
    }
}

/// The price of the configuration, or else that of the first query.
fn said(context: &Context<'_>, place: &str, prices: &[Priced<'_>]) -> Option<Said> {
    if let Some((usd, span)) = configured(context, place) {
        return Some(Said { usd, span, by: "the configuration".to_owned() });
    }
    let first = prices.first()?;
    let span = first.query.map.span(first.price.range.clone());
    Some(Said { usd: first.price.value, span, by: format!("`{}`", first.query.id) })
}

fn report(priced: &Priced<'_>, place: &str, said: &Said, sink: &mut Sink<'_>) {
    let (query, usd) = (priced.query, priced.price.value);
    let message = format!("a TiB in {place} costs {usd} USD here, and {} USD by {}", said.usd, said.by);
    let diagnostic = sink.report(subject(query), query.map.span(priced.price.range.clone()), message);
    diagnostic.help("keep the price in one place, such as a table or a variable that all queries read");
    diagnostic.related(said.span, format!("{} USD", said.usd));
    diagnostic.detail(usd.to_string());
}
