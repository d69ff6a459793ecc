//! The bytes of one column in a part of a table's rows.

use super::Bounds;
use super::bytes::{Leaf, ValueSize, value_size};
use super::extent::{Extent, Part};

/// The bytes of a column in a part of the rows, where they follow from those in all rows; `None` where they do not.
pub(super) fn share(bytes: u64, leaf: &Leaf, extent: &Extent, part: &Part) -> Option<Bounds> {
    if extent.rows.high.is_none() || extent.rows.is_exact() && part.of_rows == extent.rows.high {
        return Some(Bounds::exactly(bytes));
    }
    let ValueSize::Fixed(size) = value_size(&leaf.data_type) else { return None };
    let is_full = part.of_rows.is_some_and(|rows| rows.checked_mul(size) == Some(bytes)) && !leaf.is_repeated;
    is_full.then(|| extent.rows.times(size))
}

/// The bytes of a column in a part of the rows when its values are as long there as everywhere, or as much longer as
/// rows are there.
pub(super) fn proportional(bytes: u64, extent: &Extent) -> Bounds {
    let Some(part) = extent.part else { return Bounds::exactly(bytes) };
    let Some((of_rows, rows)) = part.of_rows.zip(extent.rows.high) else { return Bounds { low: 0, high: Some(bytes) } };
    // Shares of bytes are means, for which f64 is exact enough.
    let share = |rows: u64, factor: f64| bytes as f64 * (rows as f64 / of_rows.max(1) as f64) * factor;
    let low = share(extent.rows.low, part.density.min(1.0)).floor() as u64;
    Bounds { low: low.min(bytes), high: Some((share(rows, part.density.max(1.0)).ceil() as u64).min(bytes)) }
}

/// Bytes of so many rows at a mean size between two figures.
pub(super) fn times(mean: (f64, f64), rows: Bounds) -> Bounds {
    // Casts of f64 saturate, and figures of this size are means anyhow.
    let high = rows.high.map(|rows| (mean.1 * rows as f64).ceil() as u64);
    Bounds { low: (mean.0 * rows.low as f64).floor() as u64, high }
}
