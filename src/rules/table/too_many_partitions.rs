//! A table keeps its partitions longer than it may have partitions.

use super::subject;
use crate::model::table::{PartitionKind, Partitioning, TableKind};
use crate::model::{Known, Model, Table, Why};
use crate::rules::{Context, Sink};
use crate::text::grouped;

/// Partitions of a table.
const MAX_PARTITIONS: f64 = 10_000.0;
const MS_OF_DAY: f64 = 86_400_000.0;
/// Longer than anybody plans for.
const FOREVER_DAYS: f64 = 365.25 * 15.0;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for table in context.head.tables.values().filter(|table| table.kind == TableKind::Table) {
        let Some(partitioning) = table.partitioning.spanned() else { continue };
        let Some(days) = days_of(partitioning.value.kind) else { continue };
        let kept = match kept_days(table, &partitioning.value, context.head) {
            Ok(kept) => kept,
            Err(why) => {
                sink.not_checked(&subject(table), why.text.to_string(), why.span);
                continue;
            }
        };
        let lasts = days * MAX_PARTITIONS;
        let kept = match kept {
            Some(kept) if kept > lasts => format!("for {} days", grouped(kept.round() as u64)),
            None if lasts < FOREVER_DAYS => "without an end".to_owned(),
            Some(_) | None => continue,
        };
        let unit = if partitioning.value.kind == PartitionKind::Hour { "hour" } else { "day" };
        let lasts = grouped(lasts.floor() as u64);
        let message = format!(
            "table `{}` keeps a partition for each {unit} {kept}, and after {lasts} days has no room for another",
            table.id
        );
        sink.report(subject(table), partitioning.span, message);
    }
}

/// How long the table keeps a partition, by itself or by its dataset; `None` is for ever.
fn kept_days(table: &Table, partitioning: &Partitioning, model: &Model) -> Result<Option<f64>, Why> {
    match &partitioning.expiration_days {
        Known::Known(days) => return Ok(Some(days.value)),
        Known::Unknown(why) => return Err(why.clone()),
        Known::Absent => {}
    }
    match model.said_by_dataset(table, |dataset| dataset.partition_expiration_ms.clone()) {
        Known::Known(n_ms) => Ok(Some(n_ms.value / MS_OF_DAY)),
        Known::Unknown(why) => Err(why),
        Known::Absent => Ok(None),
    }
}

fn days_of(kind: PartitionKind) -> Option<f64> {
    match kind {
        PartitionKind::Hour => Some(1.0 / 24.0),
        PartitionKind::Day => Some(1.0),
        PartitionKind::Month | PartitionKind::Year | PartitionKind::IntegerRange | PartitionKind::Unknown => None,
    }
}
