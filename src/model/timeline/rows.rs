//! The rows of a delivery: what takes them out of the table, and for how long they can be had back.

use super::{Event, EventKind, Lane, When};
use crate::model::dataset::Dataset;
use crate::model::table::{PartitionKind, Table};
use crate::model::{Feed, Known, Model, Why};
use crate::text::Date;

const MS_PER_DAY: f64 = 86_400_000.0;
/// What BigQuery takes where a dataset says nothing.
const TIME_TRAVEL_HOURS: f64 = 168.0;
const FAIL_SAFE_DAYS: f64 = 7.0;

pub(super) fn lane(model: &Model, feed: &Feed) -> Lane {
    let Some(table) = model.table_of(feed) else { return Lane { place: None, events: vec![nowhere(feed)] } };
    let dataset = model.dataset_of(table);
    let mut events = vec![Event { kind: EventKind::Loaded, when: When::Day(0.0), span: table.span() }];
    events.extend(replaced(feed));
    events.extend(of_partitions(table, dataset));
    events.extend(of_table(model, table, dataset));
    let first = events.iter().filter(|event| event.kind != EventKind::Loaded).filter_map(|event| event.when.day());
    let first = first.fold(f64::INFINITY, f64::min);
    if first.is_finite() {
        events.extend(recovery(first, dataset));
    } else if events.len() == 1 {
        events.push(Event { kind: EventKind::TableExpires, when: When::Never, span: None });
    }
    Lane { place: Some(table.id.to_string()), events }
}

fn nowhere(feed: &Feed) -> Event {
    let why = Why::new("the feed names no table of this repository", Some(feed.name_span));
    Event { kind: EventKind::Loaded, when: When::Unknown(why), span: None }
}

fn replaced(feed: &Feed) -> Option<Event> {
    let write = feed.table.write_disposition.spanned().filter(|write| write.value == "WRITE_TRUNCATE")?;
    let when = match feed.delivery.cadence.value().and_then(|cadence| cadence.per_month) {
        Some(per_month) if per_month > 0.0 => When::Day(30.0 / per_month),
        _ => When::Unknown(Why::new("how often it is delivered is not known", feed.delivery.cadence.span())),
    };
    Some(Event { kind: EventKind::Replaced, when, span: Some(write.span) })
}

fn is_cut_by_time(table: &Table) -> bool {
    table.partitioning.value().is_some_and(|partitioning| partitioning.kind != PartitionKind::IntegerRange)
}

fn of_partitions(table: &Table, dataset: Option<&Dataset>) -> Option<Event> {
    let kind = EventKind::PartitionExpires;
    let unknown = |why: &Why| Event { kind: kind.clone(), when: When::Unknown(why.clone()), span: why.span };
    if let Some(why) = table.partitioning.why() {
        return Some(unknown(why));
    }
    match &table.partitioning.value().filter(|_| is_cut_by_time(table))?.expiration_days {
        Known::Known(days) => return Some(Event { kind, when: When::Day(days.value), span: Some(days.span) }),
        Known::Unknown(why) => return Some(unknown(why)),
        Known::Absent => {}
    }
    match &dataset?.partition_expiration_ms {
        Known::Known(n_ms) => Some(Event { kind, when: When::Day(n_ms.value / MS_PER_DAY), span: Some(n_ms.span) }),
        Known::Unknown(why) => Some(unknown(why)),
        Known::Absent => None,
    }
}

/// The instant that the table says, else what its dataset gives a table that says nothing.
fn of_table(model: &Model, table: &Table, dataset: Option<&Dataset>) -> Option<Event> {
    let kind = EventKind::TableExpires;
    let deployed = table.address.as_ref().and_then(|address| model.deployed.get(address));
    match deployed.map(|deployed| &deployed.expires_ms) {
        Some(Known::Known(at)) if at.value > 0.0 => {
            return Some(Event { kind, when: When::On(day_of(at.value)), span: Some(at.span) });
        }
        Some(Known::Unknown(why)) => return Some(Event { kind, when: When::Unknown(why.clone()), span: why.span }),
        Some(Known::Known(_) | Known::Absent) | None => {}
    }
    let (when, span) = match expiration_by_dataset(table, dataset?) {
        Known::Known(n_ms) => (When::OfTable(n_ms.value / MS_PER_DAY), Some(n_ms.span)),
        Known::Unknown(why) => (When::Unknown(why.clone()), why.span),
        Known::Absent => return None,
    };
    Some(Event { kind, when, span })
}

/// What a dataset gives a table that says nothing of its end: its expiration of tables, unless that of partitions holds.
pub fn expiration_by_dataset(table: &Table, dataset: &Dataset) -> Known<f64> {
    if !is_cut_by_time(table) {
        return dataset.table_expiration_ms.clone();
    }
    match &dataset.partition_expiration_ms {
        Known::Known(_) => Known::Absent,
        Known::Absent => dataset.table_expiration_ms.clone(),
        Known::Unknown(why) => Known::Unknown(why.clone()),
    }
}

/// The day of an instant in milliseconds since 1970.
#[expect(clippy::cast_possible_truncation, reason = "`as` saturates, and the day is kept within the years of a date")]
pub fn day_of(n_ms: f64) -> Date {
    Date::from_days_since_epoch(((n_ms / MS_PER_DAY).floor() as i64).clamp(0, 2_932_896))
}

fn recovery(gone: f64, dataset: Option<&Dataset>) -> Vec<Event> {
    let (hours, span) = match dataset.map(|dataset| &dataset.time_travel_hours) {
        Some(Known::Known(hours)) => (hours.value, Some(hours.span)),
        Some(Known::Unknown(why)) => {
            return vec![Event { kind: EventKind::TimeTravelEnds, when: When::Unknown(why.clone()), span: why.span }];
        }
        Some(Known::Absent) | None => (TIME_TRAVEL_HOURS, None),
    };
    let travel = gone + hours / 24.0;
    vec![
        Event { kind: EventKind::TimeTravelEnds, when: When::Day(travel), span },
        Event { kind: EventKind::FailSafeEnds, when: When::Day(travel + FAIL_SAFE_DAYS), span: None },
    ]
}
