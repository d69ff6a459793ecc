//! How much a table comes to in a year by what its feeds declare: enough to tell large tables from small ones.

use super::bytes::{ValueSize, leaves, value_size};
use crate::keys::schedule::DAYS_OF_MONTH;
use crate::model::table::Table;
use crate::model::{Feed, Model};

/// What a text takes, where nobody says how long it is.
const TEXT_BYTES: u64 = 12;

/// Bytes of a table after a year, or of all that it keeps where it keeps less; `None` where its feeds do not say how much
/// they deliver. Declared are files, which are larger than their rows in a table when they are JSON, and smaller when they
/// are packed: the order of magnitude holds.
pub fn bytes_after_a_year(table: &Table, model: &Model) -> Option<u64> {
    let feeds: Vec<&Feed> = table.feeds.iter().filter_map(|feed| model.feeds.get(feed)).collect();
    let each: Vec<u64> = feeds.iter().filter_map(|feed| of_feed(feed, table)).collect();
    (!each.is_empty()).then(|| each.into_iter().fold(0u64, u64::saturating_add))
}

fn of_feed(feed: &Feed, table: &Table) -> Option<u64> {
    let declared = feed.delivery.bytes.value().copied();
    let bytes = declared.or_else(|| Some(feed.delivery.rows.value()?.saturating_mul(row_bytes(table)?)))?;
    if feed.table.write_disposition.value().is_some_and(|write| write == "WRITE_TRUNCATE") {
        return Some(bytes);
    }
    let per_month = feed.delivery.cadence.value()?.per_month?;
    let expiration = table.partitioning.value().and_then(|partitioning| partitioning.expiration_days.value().copied());
    let days = expiration.map_or(DAYS_OF_MONTH * 12.0, |days| days.min(DAYS_OF_MONTH * 12.0));
    // Deliveries are counted in 30 days. Volumes are far below 2^52, where f64 is exact enough for a declared figure.
    Some((per_month / 30.0 * days * bytes as f64).round() as u64)
}

fn row_bytes(table: &Table) -> Option<u64> {
    let columns = table.columns.value().filter(|columns| !columns.is_empty())?;
    let bytes = leaves(columns).into_iter().map(|leaf| match value_size(&leaf.data_type) {
        ValueSize::Fixed(bytes) => bytes,
        ValueSize::Text | ValueSize::Json | ValueSize::Geography | ValueSize::Unknown => TEXT_BYTES,
    });
    Some(bytes.sum())
}
