//! Statistics that do not say everything: columns that a schema leaves out, records of which only the whole is known,
//! and paths of JSON that may be charged apart.

use super::bytes::{Leaf, ValueSize, value_size};
use super::extent::Extent;
use super::part::proportional;
use super::reading::Reading;
use super::table::{Source, is_part};
use super::{Basis, Bounds};
use crate::sql::{Predicate, Scan};
use std::collections::BTreeMap;

impl Source<'_> {
    /// The table holds more bytes than its columns can: the schema leaves some of them out.
    pub(super) fn lacks_columns(&self) -> bool {
        let Some(total) = self.total() else { return false };
        let whole = Extent::whole(&self.rows, None);
        let mut of_all = Reading::new(Bounds::ZERO, "");
        let all: Vec<&Leaf> = self.leaves.iter().collect();
        let most = self.sum(&all, &whole, &mut of_all).high;
        // Means times rows are off by less than a byte a row, and a column that is left out has at least one.
        let slack = self.rows.as_ref().map_or(0, |rows| rows.count);
        !of_all.is_assumed && most.is_some_and(|most| most.saturating_add(slack) < total)
    }

    /// Whole rows of a part of which the bytes are not known.
    pub(super) fn whole_rows(&self, bytes: Bounds, rest: &[&Leaf], extent: &Extent, reading: &mut Reading) -> Bounds {
        match self.total() {
            Some(total) if extent.part.is_some() && rest.is_empty() => {
                reading.is_assumed = true;
                reading.basis = reading.basis.max(Some(Basis::Statistics));
                reading.notes.push("rows are taken to be as large in the partitions that are read as in all".to_owned());
                proportional(total, extent)
            }
            _ if self.leaves.is_empty() => {
                reading.unknown.push((self.table.span(), format!("nothing says how many bytes `{}` holds", self.table.id)));
                Bounds::OPEN
            }
            _ => bytes,
        }
    }

    /// Paths of a JSON column can be charged apart: what is read of one is the whole at most.
    pub(super) fn loosen_json(&self, read: &[&Leaf], extent: &Extent, reading: &mut Reading) {
        let is_json = |leaf: &Leaf| value_size(&leaf.data_type) == ValueSize::Json;
        let others: Vec<&Leaf> = read.iter().filter(|leaf| !is_json(leaf)).copied().collect();
        if others.len() == read.len() {
            return;
        }
        let low = self.sum(&others, extent, &mut Reading::new(Bounds::ZERO, "")).low;
        reading.bytes.low = reading.bytes.low.min(low);
        reading.notes.push("of a JSON column, the paths that are read may be charged alone: it counts whole at most".to_owned());
    }

    /// Each read of a clustered table is charged for the blocks that its own filter leaves, and blocks may be left by several.
    pub(super) fn with_several_filters(&self, scans: &[&Scan], reading: &mut Reading) {
        let Some(first) = self.table.clustering.value().and_then(|columns| columns.first()) else { return };
        let is_on_it = |predicate: &Predicate| predicate.column.eq_ignore_ascii_case(&first.value);
        if scans.iter().filter(|scan| scan.predicates.iter().any(is_on_it)).count() < 2 {
            return;
        }
        let mut of_each = scans.iter().map(|scan| self.read_native(&[*scan]).bytes.high);
        reading.bytes.high = of_each.try_fold(0u64, |sum, high| Some(sum.saturating_add(high?)));
        let id = &self.table.id;
        reading
            .notes
            .push(format!("`{id}` is clustered, and each of its reads is charged for the blocks that its filter leaves"));
    }

    /// Bytes of leaves of which only the record around them is known: what its other leaves do not take.
    pub(super) fn of_records(&self, leaves: &[&Leaf], extent: &Extent, reading: &mut Reading) -> Bounds {
        let records: BTreeMap<&str, u64> = leaves.iter().filter_map(|leaf| self.record(leaf)).collect();
        let mut total = Bounds::ZERO;
        for (record, bytes) in records {
            reading.assume(Basis::Statistics);
            reading.is_assumed |= extent.part.is_some();
            let within = || self.leaves.iter().filter(|leaf| is_part(&leaf.path, record));
            let known: u64 = within().filter_map(|leaf| self.column_bytes(&leaf.path)).fold(0, u64::saturating_add);
            let is_all = within().filter(|leaf| self.column_bytes(&leaf.path).is_none()).all(|leaf| leaves.contains(&leaf));
            let left = proportional(bytes.saturating_sub(known), extent);
            total = total.plus(if is_all { left } else { Bounds { low: 0, ..left } });
        }
        total
    }

    /// The record around a leaf that the statistics know in its place.
    pub(super) fn record(&self, leaf: &Leaf) -> Option<(&str, u64)> {
        let known = &self.table.statistics.as_ref()?.column_bytes;
        if !leaf.path.contains('.') || self.column_bytes(&leaf.path).is_some() {
            return None;
        }
        let around = known.iter().filter(|(path, _)| is_part(&leaf.path, path));
        around.max_by_key(|(path, _)| path.len()).map(|(path, bytes)| (path.as_str(), *bytes))
    }
}
