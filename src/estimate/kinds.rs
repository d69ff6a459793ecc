//! What is different about tables that are not plain: external ones, materialized views, and histories of changes.

use super::Bounds;
use super::reading::Reading;
use crate::model::table::Table;
use crate::sql::{Scan, Via};

/// Formats whose files are read by columns, each value with the size that BigQuery gives its type.
const COLUMNAR: [&str; 4] = ["PARQUET", "ORC", "ICEBERG", "DELTA_LAKE"];

/// A dry run counts nothing of an external table, and the query is charged nevertheless.
pub(super) fn of_external(table: &Table, reading: Reading) -> Reading {
    let statistics = table.statistics.as_ref();
    let format = statistics.and_then(|statistics| statistics.format.as_deref());
    let is_columnar = match format {
        Some(format) => COLUMNAR.iter().any(|known| known.eq_ignore_ascii_case(format)),
        None => statistics.is_some_and(|statistics| !statistics.column_bytes.is_empty()),
    };
    let high = reading.bytes.high.filter(|high| is_columnar && *high > 0);
    let why = format!("`{}` is external: a dry run counts nothing, and BigQuery counts its files when it reads them", table.id);
    let (unknown, mut notes) = match high {
        Some(_) => (Vec::new(), vec![why]),
        None => (vec![(None, why)], Vec::new()),
    };
    notes.extend(reading.notes);
    let why = format!("{}; external, of which a dry run says nothing", reading.why);
    Reading { bytes: Bounds { low: 0, high }, is_floor: true, unknown, notes, why, ..reading }
}

/// What a materialized view has not yet taken over is read from its base tables.
pub(super) fn of_materialized_view(table: &Table, mut reading: Reading) -> Reading {
    let why = format!("what the base tables of `{}` got since it was refreshed is read as well", table.id);
    reading.unknown.push((None, why));
    Reading { bytes: Bounds { low: reading.bytes.low, high: None }, is_floor: true, ..reading }
}

/// What a table is read through, when that is not a plain query of it.
pub(super) fn of_detours(table: &Table, scans: &[&Scan], reading: &mut Reading) {
    let has = |wanted: Via| scans.iter().any(|scan| scan.via == Some(wanted));
    let id = &table.id;
    if has(Via::History) {
        reading.bytes.low = 0;
        reading.is_assumed = true;
        reading.notes.push(format!("what was written to `{id}` in the span of time is taken to be no more than it holds now"));
        reading.why.push_str("; at most, as a span of its history is read");
    }
    if has(Via::MaterializedView) {
        reading.bytes.low = 0;
        reading.notes.push(format!("`{id}` is read by a materialized view, and only as far as that is not up to date"));
        reading.why.push_str("; at most, as a materialized view keeps what it read");
    }
}

/// What the statistics say of themselves.
pub(super) fn of_statistics(table: &Table, reading: &mut Reading) {
    if table.statistics.as_ref().is_some_and(|statistics| statistics.is_buffered) && reading.bytes.high != Some(0) {
        reading.is_assumed = true;
        reading.notes.push(format!("rows of `{}` that are still in the streaming buffer are not counted", table.id));
    }
}
