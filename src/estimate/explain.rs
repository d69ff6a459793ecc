//! In words, how the figure of one table came about, and why there is none.

use super::bytes::Leaf;
use super::extent::Extent;
use super::reading::Reading;
use super::table::Source;
use super::{Bounds, thousands};
use crate::diagnostic::Label;

/// More columns than this are summed up in one step.
const MAX_COLUMN_STEPS: usize = 12;

impl Source<'_> {
    pub(super) fn say_why_open(&self, read: &[&Leaf], extent: &Extent, reading: &mut Reading) {
        if let (Err(why), true, None) = (&self.rows, reading.unknown.is_empty(), extent.rows.high) {
            reading.unknown.push((self.table.span(), why.clone()));
            return;
        }
        let open = read.iter().filter(|leaf| self.leaf(leaf, extent, &mut Vec::new(), &mut false).0.high.is_none());
        reading.unknown.extend(open.map(|leaf| {
            let why = format!("nothing limits the size of `{}` (`{}`) in `{}`", leaf.path, leaf.data_type, self.table.id);
            (Some(leaf.span), why)
        }));
    }

    pub(super) fn statistics_step(&self) -> Option<Label> {
        let rows = self.rows.as_ref().ok().and_then(|rows| rows.step.clone());
        let total = self.table.statistics.as_ref().and_then(|statistics| {
            let text = format!("`{}` holds {} bytes in all", self.table.id, thousands(statistics.bytes?));
            Some(Label::new(statistics.span, text))
        });
        rows.or(total)
    }

    pub(super) fn column_steps(&self, read: &[&Leaf], extent: &Extent, reading: &mut Reading) {
        for leaf in read.iter().take(MAX_COLUMN_STEPS) {
            let (bytes, _) = self.leaf(leaf, extent, &mut Vec::new(), &mut false);
            let text = format!("`{}` {} of `{}`: {}", leaf.path, leaf.data_type, self.table.id, shown(bytes));
            reading.steps.push(Label::new(leaf.span, text));
        }
        let more = read.len().saturating_sub(MAX_COLUMN_STEPS);
        if let (true, Some(span)) = (more > 0, self.table.span()) {
            reading.steps.push(Label::new(span, format!("and {more} more columns")));
        }
    }

    pub(super) fn why(&self, n_read: usize, is_whole: bool, extent: &Extent) -> String {
        let columns = match self.leaves.len() {
            0 if is_whole => "all columns".to_owned(),
            0 => format!("{n_read} columns"),
            all if is_whole && n_read == all => "all columns".to_owned(),
            all => format!("{n_read} of {all} columns"),
        };
        let rows = match extent.rows.high {
            None => String::new(),
            Some(high) if extent.is_at_most => format!(" × at most {} rows", thousands(high)),
            Some(high) if extent.rows.low == high => format!(" × {} rows", thousands(high)),
            Some(high) => format!(" × {} to {} rows", thousands(extent.rows.low), thousands(high)),
        };
        let partitions = extent.partitions.filter(|_| extent.part.is_some());
        let partitions =
            partitions.map(|(read, of)| format!(" in {} of {} partitions", thousands(read), thousands(of))).unwrap_or_default();
        format!("{columns}{rows}{partitions}")
    }
}

/// Bytes in words: `12 bytes`, `12 to 20 bytes`, `12 bytes or more`.
fn shown(bytes: Bounds) -> String {
    match bytes.high {
        Some(high) if high == bytes.low => format!("{} bytes", thousands(high)),
        Some(high) => format!("{} to {} bytes", thousands(bytes.low), thousands(high)),
        None => format!("{} bytes or more", thousands(bytes.low)),
    }
}
