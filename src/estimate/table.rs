//! The bytes of one table that a query reads: its columns × its rows × their sizes, as far as statistics, declared
//! volumes, the feed's JSON Schema and samples tell.

use super::bytes::{Leaf, ValueSize, leaves, row_bounds, value_size};
use super::extent::{self, Extent};
use super::part::{proportional, share, times};
use super::pruning::{Decision, PartitionColumn, decide};
use super::reading::{Reading, both, sampled};
use super::rows::{fields, rows, schema_path};
use super::samples::Sample;
use super::{Basis, Bounds, Samples, kinds};
use crate::diagnostic::Label;
use crate::model::schema::SchemaField;
use crate::model::table::{Table, TableKind};
use crate::model::{Feed, Known, Model};
use crate::sql::Scan;
use crate::text::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Columns that BigQuery makes up; their size is not documented, and filtering by them is taken to be free.
const PSEUDO_COLUMNS: [&str; 6] =
    ["_PARTITIONTIME", "_PARTITIONDATE", "_TABLE_SUFFIX", "_FILE_NAME", "_CHANGE_TYPE", "_CHANGE_TIMESTAMP"];

/// What is known of a table's size.
pub(super) struct Source<'a> {
    pub(super) table: &'a Table,
    pub(super) leaves: Vec<Leaf>,
    pub(super) rows: Result<Rows, String>,
    fields: BTreeMap<String, &'a SchemaField>,
    sample: Option<&'a Sample>,
    feeds: Vec<&'a Feed>,
    as_of: Date,
}

/// How many rows the whole table has.
pub(super) struct Rows {
    pub(super) count: u64,
    pub(super) basis: Basis,
    pub(super) step: Option<Label>,
}

impl<'a> Source<'a> {
    pub(super) fn new(table: &'a Table, model: &'a Model, samples: &'a Samples, as_of: Date) -> Source<'a> {
        let feeds: Vec<&Feed> = table.feeds.iter().filter_map(|feed| model.feeds.get(feed)).collect();
        Source {
            table,
            leaves: table.columns.value().map(|columns| leaves(columns)).unwrap_or_default(),
            rows: rows(table, &feeds),
            fields: fields(&feeds, model),
            sample: feeds.iter().find_map(|feed| samples.0.get(&feed.id)),
            feeds,
            as_of,
        }
    }

    /// What scans of this table read together: the union of their columns.
    pub(super) fn read(&self, scans: &[&Scan]) -> Reading {
        match self.table.kind {
            TableKind::Table => self.read_native(scans),
            TableKind::MaterializedView => kinds::of_materialized_view(self.table, self.read_native(scans)),
            TableKind::External => kinds::of_external(self.table, self.read_native(scans)),
            TableKind::View => Reading::unknown(None, format!("`{}` is a view that could not be taken apart", self.table.id)),
        }
    }

    pub(super) fn read_native(&self, scans: &[&Scan]) -> Reading {
        if scans.iter().all(|scan| scan.columns.is_empty() && !scan.is_whole) {
            return Reading::new(Bounds::ZERO, "no column is read");
        }
        let decisions: Vec<Decision> = scans.iter().map(|scan| self.decide(scan)).collect();
        let mut reading = Reading::new(Bounds::ZERO, "");
        let groups = self.groups(scans, &decisions);
        let is_whole = scans.iter().any(|scan| scan.is_whole);
        for (nth, (columns, decision)) in groups.iter().enumerate() {
            let part = self.columns(columns, is_whole && groups.len() == 1, &self.extent(decision));
            reading = if nth == 0 { part } else { both(reading, part) };
        }
        if groups.len() > 1 {
            if is_whole && self.lacks_columns() {
                reading.bytes.high = self.total();
            }
            reading.is_assumed = true;
            reading.notes.push(format!(
                "`{}` is read several times with different filters: each column is counted for the partitions of its reads",
                self.table.id
            ));
        }
        for name in decisions.iter().flat_map(|decision| &decision.variables) {
            reading.notes.push(format!(
                "`{name}` has one value in each run, by which partitions are left out; a dry run does not evaluate variables, and counts all"
            ));
        }
        reading.reasons = decisions.into_iter().flat_map(|decision| decision.reasons).collect();
        if self.is_clustered() {
            reading.bytes.low = 0;
            reading.why.push_str("; at most, as the table is clustered");
        }
        self.with_several_filters(scans, &mut reading);
        kinds::of_statistics(self.table, &mut reading);
        kinds::of_detours(self.table, scans, &mut reading);
        sampled(scans, self.is_partitioned(), &mut reading);
        reading
    }

    /// The same for one of several tables that are read as one: columns that only others of them have cost nothing here.
    pub(super) fn read_as_member(&self, scans: &[&Scan]) -> Reading {
        let has = |column: &str| self.leaves.is_empty() || self.leaves.iter().any(|leaf| is_part(&leaf.path, column));
        let own: Vec<Scan> = scans
            .iter()
            .map(|scan| {
                let mut scan = (*scan).clone();
                scan.columns.retain(|column, _| has(column));
                scan
            })
            .collect();
        self.read(&own.iter().collect::<Vec<_>>())
    }

    fn is_clustered(&self) -> bool {
        self.table.clustering.value().is_some_and(|columns| !columns.is_empty())
    }

    /// Columns with what is left of the partitions for each: reads of one column with different filters are united.
    fn groups<'s>(&self, scans: &[&'s Scan], decisions: &[Decision]) -> Vec<(BTreeSet<&'s str>, Decision)> {
        let mut by_column: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (nth, scan) in scans.iter().enumerate() {
            let same = decisions.iter().position(|other| decisions.get(nth).is_some_and(|own| own.leaves_same(other)));
            for column in scan.columns.keys() {
                by_column.entry(column).or_default().insert(same.unwrap_or(nth));
            }
        }
        let mut groups: BTreeMap<BTreeSet<usize>, BTreeSet<&str>> = BTreeMap::new();
        for (column, reads) in by_column {
            groups.entry(reads).or_default().insert(column);
        }
        if groups.is_empty() {
            // Whole rows of which no column is listed.
            groups.insert((0..decisions.len()).collect(), BTreeSet::new());
        }
        let united =
            |reads: BTreeSet<usize>| reads.into_iter().filter_map(|nth| decisions.get(nth).cloned()).reduce(Decision::or);
        groups.into_iter().map(|(reads, columns)| (columns, united(reads).unwrap_or_else(Decision::all))).collect()
    }

    /// What the filters of a read leave.
    pub(super) fn decide(&self, scan: &Scan) -> Decision {
        self.partition_column().map_or_else(Decision::all, |column| decide(scan, &column, self.as_of))
    }

    pub(super) fn partition_column(&self) -> Option<PartitionColumn<'_>> {
        let partitioning = self.table.partitioning.value()?;
        let name = partitioning.column.as_ref().map(|column| column.value.as_str());
        let leaf = name.and_then(|name| self.leaves.iter().find(|leaf| leaf.path.eq_ignore_ascii_case(name)));
        Some(PartitionColumn::new(partitioning, leaf.map(|leaf| leaf.data_type.as_str())))
    }

    fn extent(&self, decision: &Decision) -> Extent {
        match self.partition_column() {
            Some(column) => {
                let known = extent::Known { table: self.table, feeds: &self.feeds, rows: &self.rows, column, as_of: self.as_of };
                known.extent(decision)
            }
            None => Extent::whole(&self.rows, self.total()),
        }
    }

    /// All columns of what the decision leaves, which DML that changes rows is charged for.
    pub(super) fn whole(&self, decision: &Decision) -> Reading {
        let columns: BTreeSet<&str> = self.leaves.iter().map(|leaf| leaf.path.as_str()).collect();
        let extent = self.extent(decision);
        let mut reading = self.columns(&columns, true, &extent);
        if let Some(total) = extent.total {
            reading.bytes = if extent.is_at_most { Bounds { low: 0, ..total } } else { total };
            reading.is_assumed = !extent.assumptions.is_empty();
            reading.unknown.clear();
        } else if columns.is_empty() {
            return Reading::unknown(self.table.span(), format!("the columns of `{}` are not known", self.table.id));
        }
        reading
    }

    pub(super) fn is_partitioned(&self) -> bool {
        !self.table.partitioning.is_absent()
    }

    pub(super) fn total(&self) -> Option<u64> {
        self.table.statistics.as_ref().and_then(|statistics| statistics.bytes)
    }

    /// Columns of a part of the table.
    fn columns(&self, columns: &BTreeSet<&str>, is_whole: bool, extent: &Extent) -> Reading {
        let n_read = columns.len();
        if extent.is_nothing() {
            let why = if extent.part.is_some() { format!("{n_read} columns of no partition") } else { "it is empty".to_owned() };
            let mut reading = Reading::new(Bounds::ZERO, why);
            reading.partitions = extent.partitions;
            reading.basis = extent.basis;
            return reading;
        }
        let (read, rest): (Vec<&Leaf>, Vec<&Leaf>) =
            self.leaves.iter().partition(|leaf| columns.iter().any(|column| is_part(&leaf.path, column)));
        let mut reading = Reading::new(Bounds::ZERO, "");
        let mut total = self.sum(&read, extent, &mut reading);
        for column in columns.iter().filter(|column| !self.leaves.iter().any(|leaf| is_part(&leaf.path, column))) {
            total = total.plus(self.unlisted(column, extent, &mut reading));
        }
        reading.bytes = self.within_total(total, &rest, (read.len(), is_whole), extent, &mut reading);
        if !is_whole {
            self.loosen_json(&read, extent, &mut reading);
        }
        reading.steps.extend(self.statistics_step());
        self.column_steps(&read, extent, &mut reading);
        if reading.bytes.high.is_none() {
            self.say_why_open(&read, extent, &mut reading);
        }
        if extent.is_at_most {
            reading.bytes.low = 0;
        }
        reading.is_assumed |= !extent.assumptions.is_empty();
        reading.basis = reading.basis.max(extent.basis);
        reading.notes.extend(extent.assumptions.iter().cloned());
        reading.partitions = extent.partitions;
        reading.why = self.why(read.len(), is_whole, extent);
        reading
    }

    pub(super) fn sum(&self, leaves: &[&Leaf], extent: &Extent, reading: &mut Reading) -> Bounds {
        let total = self.of_records(leaves, extent, reading);
        let alone = leaves.iter().filter(|leaf| self.record(leaf).is_none());
        alone.fold(total, |total, leaf| {
            let (bytes, basis) = self.leaf(leaf, extent, &mut reading.notes, &mut reading.is_assumed);
            if let Some(basis) = basis {
                reading.assume(basis);
            }
            total.plus(bytes)
        })
    }

    /// The bytes of a leaf column, and the weakest thing that they rest on.
    pub(super) fn leaf(
        &self,
        leaf: &Leaf,
        extent: &Extent,
        notes: &mut Vec<String>,
        is_assumed: &mut bool,
    ) -> (Bounds, Option<Basis>) {
        if let (Some(rows), ValueSize::Fixed(size), true) = (extent.dated_rows, value_size(&leaf.data_type), self.cuts(leaf)) {
            // Rows without a value have a partition of their own.
            return (rows.times(size), extent.basis);
        }
        if let Some(bytes) = self.column_bytes(&leaf.path) {
            let share = extent.part.map_or(Some(Bounds::exactly(bytes)), |part| share(bytes, leaf, extent, &part));
            return match share {
                Some(bytes) => (bytes, Some(Basis::Statistics)),
                None => {
                    *is_assumed = true;
                    notes.push(format!(
                        "values of `{}` are taken to be as long in the partitions that are read as in all",
                        leaf.path
                    ));
                    (proportional(bytes, extent), Some(Basis::Statistics))
                }
            };
        }
        let Some(basis) = extent.basis else { return (Bounds::OPEN, None) };
        let by_type = row_bounds(leaf, None).times_rows(extent.rows);
        if row_bounds(leaf, None).is_exact() {
            return (by_type, Some(basis));
        }
        let field = self.fields.get(&schema_path(&leaf.path)).copied();
        let by_schema = row_bounds(leaf, field).times_rows(extent.rows);
        let schema_basis = if by_schema == by_type { basis } else { basis.max(Basis::Declared) };
        match self.sample.and_then(|sample| sample.mean_bounds(leaf)) {
            Some(mean) if !row_bounds(leaf, field).is_exact() => {
                (times(mean, extent.rows).within(by_schema), Some(Basis::Samples))
            }
            _ => (by_schema, Some(schema_basis)),
        }
    }

    /// Whether the column cuts the table into partitions.
    fn cuts(&self, leaf: &Leaf) -> bool {
        self.partition_column().and_then(|column| column.name).is_some_and(|name| leaf.path.eq_ignore_ascii_case(name))
    }

    pub(super) fn column_bytes(&self, path: &str) -> Option<u64> {
        let known = &self.table.statistics.as_ref()?.column_bytes;
        let exact = known.get(path).copied();
        exact.or_else(|| known.iter().find(|(name, _)| name.eq_ignore_ascii_case(path)).map(|(_, bytes)| *bytes))
    }

    /// A column that the definition of the table does not list.
    fn unlisted(&self, column: &str, extent: &Extent, reading: &mut Reading) -> Bounds {
        if PSEUDO_COLUMNS.iter().any(|pseudo| pseudo.eq_ignore_ascii_case(column)) {
            reading.notes.push(format!("`{column}` is counted as free: BigQuery does not document its size"));
            return Bounds::ZERO;
        }
        if let Some(bytes) = self.column_bytes(column) {
            reading.assume(Basis::Statistics);
            if extent.part.is_none() {
                return Bounds::exactly(bytes);
            }
            reading.is_assumed = true;
            return proportional(bytes, extent);
        }
        let why = match (&self.table.columns, self.total()) {
            (Known::Known(_), _) => format!("`{column}` is not among the known columns of `{}`", self.table.id),
            (Known::Unknown(why), _) => format!("the columns of `{}` are not known: {}", self.table.id, why.text),
            (Known::Absent, _) => format!("the columns of `{}` are not known", self.table.id),
        };
        if reading.unknown.iter().all(|(_, known)| *known != why) {
            reading.unknown.push((self.table.span(), why));
        }
        Bounds::OPEN
    }

    /// The bounds that the size of the whole table sets: what is read and what is not add up to it.
    fn within_total(
        &self,
        bytes: Bounds,
        rest: &[&Leaf],
        (n_read, is_whole): (usize, bool),
        extent: &Extent,
        reading: &mut Reading,
    ) -> Bounds {
        let Some(total) = extent.total else {
            return if is_whole { self.whole_rows(bytes, rest, extent, reading) } else { bytes };
        };
        let lacks_columns = self.lacks_columns();
        let lists_all = !self.leaves.is_empty() && reading.unknown.is_empty() && (is_whole || !lacks_columns);
        if rest.is_empty() && (is_whole || lists_all && n_read > 0) {
            (reading.is_assumed, reading.basis) = (false, Some(Basis::Statistics));
            reading.notes.clear();
            reading.unknown.clear();
            return total;
        }
        reading.basis = reading.basis.max(Some(Basis::Statistics));
        if !lists_all {
            return bytes.within(Bounds { low: 0, ..total });
        }
        let mut of_rest = Reading::new(Bounds::ZERO, "");
        let rest = self.sum(rest, extent, &mut of_rest);
        // What rests on an assumption is no bound for others.
        if of_rest.is_assumed && extent.part.is_some() {
            return bytes.within(Bounds { low: 0, ..total });
        }
        let low = rest.high.map_or(0, |high| total.low.saturating_sub(high));
        let left = Bounds { low, high: total.high.map(|high| high.saturating_sub(rest.low)) };
        if lacks_columns {
            return left;
        }
        if reading.is_assumed && extent.part.is_some() {
            // What is certain comes before what was taken for granted.
            if left.is_exact() {
                (reading.is_assumed, reading.basis) = (false, Some(Basis::Statistics));
                reading.notes.clear();
            }
            return bytes.moved_into(left);
        }
        let tight = bytes.within(left);
        if let (true, Some(basis)) = (tight != bytes, of_rest.basis) {
            reading.assume(basis);
        }
        tight
    }
}

/// Whether a leaf is this column or lies in it.
pub(super) fn is_part(leaf: &str, column: &str) -> bool {
    let (leaf, column) = (leaf.as_bytes(), column.as_bytes());
    let begins = leaf.get(..column.len()).is_some_and(|start| start.eq_ignore_ascii_case(column));
    begins && matches!(leaf.get(column.len()), None | Some(b'.'))
}
