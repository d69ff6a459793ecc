//! What is declared of a feed, in words: one declaration for all formats.

use crate::keys::cron;
use crate::model::delivery::Schedule;
use crate::model::schema::Target;
use crate::model::table::{PartitionKind, Partitioning};
use crate::model::timeline::{Event, EventKind, Timeline, When};
use crate::model::{Feed, Known, Model};
use crate::report::amount;
use crate::report::timeline::words;

/// A fact of the sheet.
pub(super) struct Fact {
    /// The column of CSV and the key of JSON.
    pub(super) key: &'static str,
    /// For people.
    pub(super) label: &'static str,
    /// `None` where nothing is declared.
    pub(super) value: fn(&Model, &Feed) -> Option<String>,
}

pub(super) const FACTS: [Fact; 16] = [
    Fact { key: "description", label: "one record is", value: |_, feed| text(&feed.description) },
    Fact { key: "owner", label: "owner", value: |_, feed| text(&feed.owner) },
    Fact { key: "source_system", label: "source", value: |_, feed| text(&feed.source_system) },
    Fact { key: "source_contact", label: "source contact", value: |_, feed| text(&feed.source_contact) },
    Fact { key: "classification", label: "classification", value: |_, feed| text(&feed.classification) },
    Fact { key: "cadence", label: "delivered", value: |_, feed| cadence(feed) },
    Fact { key: "volume", label: "volume", value: |_, feed| volume(feed) },
    Fact { key: "file", label: "file", value: |_, feed| file(feed) },
    Fact { key: "format", label: "format", value: |_, feed| format(feed) },
    Fact { key: "schema", label: "schema", value: schema },
    Fact { key: "table", label: "table", value: table },
    Fact { key: "partitioning", label: "partitions", value: partitions },
    Fact { key: "retention", label: "files kept", value: |_, feed| retention(feed) },
    Fact { key: "files_deleted", label: "files deleted", value: files_deleted },
    Fact { key: "rows_gone", label: "rows gone", value: rows_gone },
    Fact { key: "loads", label: "loads", value: |_, feed| loads(feed) },
];

fn text(value: &Known<String>) -> Option<String> {
    value.value().cloned()
}

/// `weekdays, due 19:30 Europe/London, 2 hours of grace`.
fn cadence(feed: &Feed) -> Option<String> {
    let mut words = feed.delivery.cadence.value()?.text.clone();
    let zone = feed.delivery.time_zone.value().map_or("", String::as_str);
    match (Schedule::of(&feed.delivery).ok(), feed.delivery.due.value()) {
        (Some(schedule), _) if schedule.times.len() > 1 => {
            words.push_str(&format!(", {} a day, {zone}", amount::count(schedule.times.len(), "time")));
        }
        (Some(schedule), _) if schedule.times.len() == 1 => {
            words.push_str(&format!(", due {} {zone}", schedule.times.first()?));
        }
        (_, Some(due)) => words.push_str(&format!(", due {due} {zone}")),
        (_, None) => {}
    }
    let grace = feed.delivery.grace_seconds.value().map(|seconds| format!(", {} of grace", amount::duration(*seconds)));
    Some(format!("{}{}", words.trim_end_matches([' ', ',']), grace.unwrap_or_default()))
}

/// `1 file, 85,000 rows, 30.0 MiB each; 1,821,429 rows and 643 MiB a month`.
fn volume(feed: &Feed) -> Option<String> {
    let delivery = &feed.delivery;
    let rows = delivery.rows.value().map(|rows| plural(*rows, "row"));
    let bytes = delivery.bytes.value().map(|bytes| amount::bytes(*bytes));
    let files = delivery.files.value().map(|files| plural(*files, "file"));
    let each: Vec<String> = [files, rows, bytes].into_iter().flatten().collect();
    let per_month = delivery.cadence.value().and_then(|cadence| cadence.per_month);
    // Volumes are far below 2^52.
    let of_month = |n: &u64| per_month.map(|count| (*n as f64 * count).round() as u64);
    let rows = delivery.rows.value().and_then(of_month).map(|rows| plural(rows, "row"));
    let bytes = delivery.bytes.value().and_then(of_month).map(amount::bytes);
    let month: Vec<String> = [rows, bytes].into_iter().flatten().collect();
    let month = if month.is_empty() { String::new() } else { format!("; {} in 30 days", month.join(" and ")) };
    (!each.is_empty()).then(|| format!("{} a delivery{month}", each.join(", ")))
}

fn plural(n: u64, one: &str) -> String {
    amount::count(usize::try_from(n).unwrap_or(usize::MAX), one)
}

/// Where files come to lie, and under which name.
fn file(feed: &Feed) -> Option<String> {
    let name = feed.file.name.value().map(|pattern| pattern.text.trim_end().to_owned());
    let prefix = feed.file.prefix.value().map_or("", String::as_str);
    match (feed.file.bucket.value(), name) {
        (Some(bucket), Some(name)) => Some(format!("gs://{bucket}/{prefix}{name}")),
        (Some(bucket), None) => Some(format!("gs://{bucket}/{prefix}")),
        (None, name) => name.map(|name| format!("{prefix}{name}")),
    }
}

fn format(feed: &Feed) -> Option<String> {
    let compression = feed.file.compression.value().map(|compression| match compression.as_str() {
        "none" => "not compressed".to_owned(),
        other => other.to_owned(),
    });
    let words: Vec<String> = [feed.file.format.value().cloned(), compression].into_iter().flatten().collect();
    (!words.is_empty()).then(|| words.join(", "))
}

fn schema(model: &Model, feed: &Feed) -> Option<String> {
    let reference = feed.schema.value()?;
    let path = match &reference.target {
        Target::File(_, path) | Target::Missing { path } | Target::Unread { path, .. } => path.to_string(),
        Target::Inline(_) => "in the definition".to_owned(),
        Target::OutsideRoot => reference.text.clone(),
    };
    let fields = model.schema_of(feed).map(|schema| amount::count(schema.fields.len(), "field"));
    Some([Some(path), fields].into_iter().flatten().collect::<Vec<_>>().join(", "))
}

fn table(model: &Model, feed: &Feed) -> Option<String> {
    let id = model.feed_tables.get(&feed.id).cloned().or_else(|| feed.table_id())?;
    let columns =
        model.table_of(feed).and_then(|table| table.columns.value()).map(|columns| amount::count(columns.len(), "column"));
    Some([Some(id.to_string()), columns].into_iter().flatten().collect::<Vec<_>>().join(", "))
}

fn partitions(model: &Model, feed: &Feed) -> Option<String> {
    let of_table = model.table_of(feed).and_then(|table| table.partitioning.value());
    of_table.or(feed.table.partitioning.value()).map(in_words)
}

/// `by DAY of trade_date, kept 2,557 days`.
fn in_words(partitioning: &Partitioning) -> String {
    let kind = match partitioning.kind {
        PartitionKind::Hour => "hour",
        PartitionKind::Day => "day",
        PartitionKind::Month => "month",
        PartitionKind::Year => "year",
        PartitionKind::IntegerRange => "range",
        PartitionKind::Unknown => "a span that is not known",
    };
    let column = partitioning.column.as_ref().map_or("the time of the load", |column| column.value.as_str());
    let kept = match &partitioning.expiration_days {
        Known::Known(days) => format!("kept {}", amount::duration((days.value.max(0.0) * 86_400.0).round() as u64)),
        Known::Absent => "kept for good".to_owned(),
        Known::Unknown(_) => "for how long is not known".to_owned(),
    };
    format!("by {kind} of {column}, {kept}")
}

fn retention(feed: &Feed) -> Option<String> {
    feed.retention_days.value().map(|days| plural(u64::from(*days), "day"))
}

/// On which day after its delivery a file is deleted, by the bucket.
fn files_deleted(model: &Model, feed: &Feed) -> Option<String> {
    let timeline = Timeline::of(model, feed, None);
    let deleted = timeline.files.event(|kind| matches!(kind, EventKind::Deleted { .. }))?;
    said(deleted)
}

/// When it happens, where that is known.
fn said(event: &Event) -> Option<String> {
    (!matches!(event.when, When::Unknown(_))).then(|| words::when(&event.when))
}

/// On which day after the delivery its rows go, by the table.
fn rows_gone(model: &Model, feed: &Feed) -> Option<String> {
    let timeline = Timeline::of(model, feed, None);
    let is_end = |kind: &EventKind| matches!(kind, EventKind::Replaced | EventKind::PartitionExpires | EventKind::TableExpires);
    said(timeline.rows.event(is_end)?)
}

/// On the busiest day.
fn loads(feed: &Feed) -> Option<String> {
    let per_day = cron::per_day(&feed.delivery.cadence.value()?.text)?;
    let files = if feed.table.loads_deliveries() { 1 } else { feed.delivery.files.value().copied().unwrap_or(1) };
    Some(format!("{} a day at most", plural(per_day.saturating_mul(files), "load")))
}
