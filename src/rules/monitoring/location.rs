//! Locations in which jobs run and whose history no query of costs reads.

use super::histories::{History, histories};
use super::money::BILLED;
use super::{location, subject};
use crate::model::dataset::Dataset;
use crate::rules::{Context, Sink};
use std::collections::{BTreeMap, BTreeSet};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let watching: Vec<History<'_>> = histories(context).filter(adds_up).collect();
    let Some(first) = watching.first() else { return };
    let watched: BTreeSet<String> =
        watching.iter().filter_map(|history| location(history.source)).map(str::to_ascii_lowercase).collect();
    let (query, at) = (first.query, first.query.map.span(first.source.range.clone()));
    if let Some(hidden) = watching.iter().find(|history| history.source.has_hole && location(history.source).is_none()) {
        let span = hidden.query.map.span(hidden.source.range.clone());
        return sink.not_checked(&subject(hidden.query), "whose jobs this query reads is not known", Some(span));
    }
    for (place, dataset) in places(context).into_iter().filter(|(place, _)| !watched.contains(place)) {
        let Some(said) = dataset.location.spanned() else { continue };
        let message =
            format!("`{}` lies in `{place}`, and no query of this repository adds up what jobs cost there", dataset.name);
        let diagnostic = sink.report(subject(query), said.span, message);
        diagnostic.help(format!(
            "add a query that reads `region-{place}`.INFORMATION_SCHEMA.JOBS: each location has a history of its own"
        ));
        diagnostic.related(at, "costs of jobs are added up here");
        diagnostic.detail(place);
    }
}

fn adds_up(history: &History<'_>) -> bool {
    let is_billed = |named: &_| history.is_of(named) && named.column == BILLED;
    history.moneys().next().is_some() || history.sums().any(|sum| sum.columns.iter().any(is_billed))
}

/// The first dataset of each location that is known, in small letters.
fn places<'a>(context: &Context<'a>) -> BTreeMap<String, &'a Dataset> {
    let mut places = BTreeMap::new();
    for dataset in context.head.datasets.values() {
        if let Some(place) = dataset.location.value() {
            places.entry(place.to_ascii_lowercase()).or_insert(dataset);
        }
    }
    places
}
