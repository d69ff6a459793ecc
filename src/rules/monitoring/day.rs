//! Costs by days that are not those of the bill.

use super::histories::{History, histories};
use super::subject;
use crate::rules::{Context, Sink};
use crate::sql::reckoning::{Key, Named, Zone};

/// Times of a job that the bill does not go by.
const OTHER_TIMES: [&str; 2] = ["creation_time", "start_time"];
const END: &str = "end_time";
/// Names of the time of the bill.
const PACIFIC: [&str; 4] = ["America/Los_Angeles", "PST8PDT", "US/Pacific", "US/Pacific-New"];

pub(in crate::rules) fn by_creation(context: &Context<'_>, sink: &mut Sink<'_>) {
    for history in histories(context).filter(|history| history.moneys().next().is_some()) {
        let Some((_, named)) = key_by(&history, &OTHER_TIMES) else { continue };
        let message = format!(
            "costs are grouped by `{}`, and a job is on the bill of the day on which it ends, in Pacific time",
            named.column
        );
        let diagnostic = sink.report(subject(history.query), history.query.map.span(named.range.clone()), message);
        diagnostic
            .help("group by `DATE(end_time, 'America/Los_Angeles')`, and leave the filter on `creation_time` a margin of a day");
        diagnostic.detail(named.column.clone());
    }
}

pub(in crate::rules) fn by_utc(context: &Context<'_>, sink: &mut Sink<'_>) {
    for history in histories(context).filter(|history| history.moneys().next().is_some()) {
        let Some((key, named)) = key_by(&history, &[END]) else { continue };
        let zone = match &key.zone {
            Some(Zone::Utc) => "UTC",
            Some(Zone::Named(zone)) if !PACIFIC.iter().any(|pacific| pacific.eq_ignore_ascii_case(zone)) => zone,
            Some(Zone::Named(_) | Zone::Unknown) | None => continue,
        };
        let message = format!("costs are grouped by the day in {zone}, and the days of the bill are those of Pacific time");
        let diagnostic = sink.report(subject(history.query), history.query.map.span(named.range.clone()), message);
        diagnostic.help("group by `DATE(end_time, 'America/Los_Angeles')`");
        diagnostic.detail(zone.to_owned());
    }
}

/// The first key that is made of one of these columns.
fn key_by<'a>(history: &History<'a>, columns: &[&str]) -> Option<(&'a Key, &'a Named)> {
    let is_it = |named: &&Named| history.is_of(named) && columns.contains(&named.column.as_str());
    history.keys().find_map(|key| key.columns.iter().find(is_it).map(|named| (key, named)))
}
