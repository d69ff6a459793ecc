//! The bytes of one table that a query reads: its columns × its rows × their sizes, as far as statistics, declared
//! volumes, the feed's JSON Schema and samples tell.

use super::bytes::{Leaf, leaves, row_bounds};
use super::samples::Sample;
use super::{Basis, Bounds, Samples, thousands};
use crate::diagnostic::Label;
use crate::model::schema::{SchemaField, Target};
use crate::model::table::{Table, TableKind};
use crate::model::{Feed, Known, Model};
use crate::sql::Scan;
use crate::text::Span;
use std::collections::{BTreeMap, BTreeSet};

/// What is found out of one table.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub(super) bytes: Bounds,
    /// Something was taken for granted that no statistics say.
    pub(super) is_assumed: bool,
    pub(super) basis: Option<Basis>,
    pub(super) unknown: Vec<(Option<Span>, String)>,
    pub(super) notes: Vec<String>,
    pub(super) steps: Vec<Label>,
    /// In a line, how the figure came about.
    pub(super) why: String,
}

impl Reading {
    pub(super) fn new(bytes: Bounds, why: impl Into<String>) -> Reading {
        let (unknown, notes, steps) = (Vec::new(), Vec::new(), Vec::new());
        Reading { bytes, is_assumed: false, basis: None, unknown, notes, steps, why: why.into() }
    }

    /// Nothing is known, and why.
    pub(super) fn unknown(span: Option<Span>, why: impl Into<String>) -> Reading {
        let why = why.into();
        Reading { unknown: vec![(span, why.clone())], ..Reading::new(Bounds::OPEN, why) }
    }

    fn assume(&mut self, basis: Basis) {
        self.is_assumed |= basis > Basis::Statistics;
        self.basis = self.basis.max(Some(basis));
    }
}

/// Columns that BigQuery makes up; their size is not documented, and filtering by them is taken to be free.
const PSEUDO_COLUMNS: [&str; 6] =
    ["_PARTITIONTIME", "_PARTITIONDATE", "_TABLE_SUFFIX", "_FILE_NAME", "_CHANGE_TYPE", "_CHANGE_TIMESTAMP"];

/// More columns than this are summed up in one step.
const MAX_COLUMN_STEPS: usize = 12;

/// What is known of a table's size.
pub(super) struct Source<'a> {
    table: &'a Table,
    leaves: Vec<Leaf>,
    rows: Result<Rows, String>,
    fields: BTreeMap<String, &'a SchemaField>,
    sample: Option<&'a Sample>,
}

struct Rows {
    count: u64,
    basis: Basis,
    step: Option<Label>,
}

impl<'a> Source<'a> {
    pub(super) fn new(table: &'a Table, model: &'a Model, samples: &'a Samples) -> Source<'a> {
        let feeds: Vec<&Feed> = table.feeds.iter().filter_map(|feed| model.feeds.get(feed)).collect();
        Source {
            table,
            leaves: table.columns.value().map(|columns| leaves(columns)).unwrap_or_default(),
            rows: rows(table, &feeds),
            fields: fields(&feeds, model),
            sample: feeds.iter().find_map(|feed| samples.0.get(&feed.id)),
        }
    }

    /// What scans of this table read together: the union of their columns.
    pub(super) fn read(&self, scans: &[&Scan]) -> Reading {
        match self.table.kind {
            TableKind::Table | TableKind::MaterializedView => {}
            TableKind::External => {
                return Reading::unknown(
                    None,
                    format!("`{}` is external: BigQuery counts its files when it reads them", self.table.id),
                );
            }
            TableKind::View => {
                return Reading::unknown(None, format!("`{}` is a view that could not be taken apart", self.table.id));
            }
        }
        let columns: BTreeSet<&str> = scans.iter().flat_map(|scan| scan.columns.keys().map(String::as_str)).collect();
        if columns.is_empty() {
            return Reading::new(Bounds::ZERO, "no column is read");
        }
        let mut reading = self.columns(&columns);
        self.prune(scans, &mut reading);
        reading
    }

    /// The whole table, which DML that changes rows is charged for.
    pub(super) fn whole(&self) -> Reading {
        let columns: BTreeSet<&str> = self.leaves.iter().map(|leaf| leaf.path.as_str()).collect();
        let mut reading = self.columns(&columns);
        if let Some(total) = self.total() {
            reading.bytes = Bounds::exactly(total);
            reading.is_assumed = false;
            reading.unknown.clear();
        } else if columns.is_empty() {
            return Reading::unknown(self.table.span(), format!("the columns of `{}` are not known", self.table.id));
        }
        reading
    }

    pub(super) fn is_partitioned(&self) -> bool {
        !self.table.partitioning.is_absent()
    }

    fn total(&self) -> Option<u64> {
        self.table.statistics.as_ref().and_then(|statistics| statistics.bytes)
    }

    /// Columns of the whole table, whatever filters there are.
    fn columns(&self, columns: &BTreeSet<&str>) -> Reading {
        let (read, rest): (Vec<&Leaf>, Vec<&Leaf>) =
            self.leaves.iter().partition(|leaf| columns.iter().any(|column| is_part(&leaf.path, column)));
        let mut reading = Reading::new(Bounds::ZERO, "");
        let mut total = self.sum(&read, &mut reading);
        for column in columns.iter().filter(|column| !self.leaves.iter().any(|leaf| is_part(&leaf.path, column))) {
            total = total.plus(self.unlisted(column, &mut reading));
        }
        reading.bytes = self.within_total(total, &rest, read.len(), &mut reading);
        reading.steps.extend(self.statistics_step());
        self.column_steps(&read, &mut reading);
        if reading.bytes.high.is_none() {
            self.say_why_open(&read, &mut reading);
        }
        reading.why = self.why(read.len());
        reading
    }

    fn sum(&self, leaves: &[&Leaf], reading: &mut Reading) -> Bounds {
        leaves.iter().fold(Bounds::ZERO, |total, leaf| {
            let (bytes, basis) = self.leaf(leaf);
            if let Some(basis) = basis {
                reading.assume(basis);
            }
            total.plus(bytes)
        })
    }

    /// The bytes of a leaf column, and the weakest thing that they rest on.
    fn leaf(&self, leaf: &Leaf) -> (Bounds, Option<Basis>) {
        if let Some(bytes) = self.column_bytes(&leaf.path) {
            return (Bounds::exactly(bytes), Some(Basis::Statistics));
        }
        let Ok(rows) = &self.rows else { return (Bounds::OPEN, None) };
        let by_type = row_bounds(leaf, None).times(rows.count);
        if by_type.is_exact() {
            return (by_type, Some(rows.basis));
        }
        let field = self.fields.get(&schema_path(&leaf.path)).copied();
        let by_schema = row_bounds(leaf, field).times(rows.count);
        let basis = if by_schema == by_type { rows.basis } else { rows.basis.max(Basis::Declared) };
        match self.sample.and_then(|sample| sample.mean_bounds(leaf)) {
            Some(mean) if !by_schema.is_exact() => (times(mean, rows.count).within(by_schema), Some(Basis::Samples)),
            _ => (by_schema, Some(basis)),
        }
    }

    fn column_bytes(&self, path: &str) -> Option<u64> {
        let known = &self.table.statistics.as_ref()?.column_bytes;
        let exact = known.get(path).copied();
        exact.or_else(|| known.iter().find(|(name, _)| name.eq_ignore_ascii_case(path)).map(|(_, bytes)| *bytes))
    }

    /// A column that the definition of the table does not list.
    fn unlisted(&self, column: &str, reading: &mut Reading) -> Bounds {
        if PSEUDO_COLUMNS.iter().any(|pseudo| pseudo.eq_ignore_ascii_case(column)) {
            reading.notes.push(format!("`{column}` is counted as free: BigQuery does not document its size"));
            return Bounds::ZERO;
        }
        if let Some(bytes) = self.column_bytes(column) {
            reading.assume(Basis::Statistics);
            return Bounds::exactly(bytes);
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
    fn within_total(&self, bytes: Bounds, rest: &[&Leaf], n_read: usize, reading: &mut Reading) -> Bounds {
        let Some(total) = self.total() else { return bytes };
        let lists_all = !self.leaves.is_empty() && reading.unknown.is_empty();
        if lists_all && rest.is_empty() && n_read > 0 {
            (reading.is_assumed, reading.basis) = (false, Some(Basis::Statistics));
            return Bounds::exactly(total);
        }
        reading.basis = reading.basis.max(Some(Basis::Statistics));
        if !lists_all {
            return bytes.within(Bounds { low: 0, high: Some(total) });
        }
        let mut of_rest = Reading::new(Bounds::ZERO, "");
        let rest = self.sum(rest, &mut of_rest);
        let low = rest.high.map_or(0, |high| total.saturating_sub(high));
        let tight = bytes.within(Bounds { low, high: Some(total.saturating_sub(rest.low)) });
        if let (true, Some(basis)) = (tight != bytes, of_rest.basis) {
            reading.assume(basis);
        }
        tight
    }

    /// Filters on the partition column and clustering make less of it, by how much is not worked out.
    fn prune(&self, scans: &[&Scan], reading: &mut Reading) {
        if let Some(partitioning) = self.table.partitioning.value() {
            let column = partitioning.column.as_ref().map(|column| column.value.as_str());
            let is_filter =
                |scan: &&&Scan| scan.predicates.iter().any(|predicate| predicate.is_constant && names(&predicate.column, column));
            let n_filtered = scans.iter().filter(is_filter).count();
            if n_filtered == scans.len() {
                reading.bytes.low = 0;
                reading.is_assumed = true;
                let by = column.unwrap_or("_PARTITIONTIME");
                reading.why.push_str(&format!("; at most, as a filter on `{by}` leaves out partitions"));
                reading
                    .notes
                    .push(format!("which partitions of `{}` the filter on `{by}` leaves is not worked out yet", self.table.id));
            }
        }
        if self.table.clustering.value().is_some_and(|columns| !columns.is_empty()) {
            reading.bytes.low = 0;
            reading.why.push_str("; at most, as the table is clustered");
        }
    }

    fn say_why_open(&self, read: &[&Leaf], reading: &mut Reading) {
        if let (Err(why), true) = (&self.rows, reading.unknown.is_empty()) {
            reading.unknown.push((self.table.span(), why.clone()));
            return;
        }
        let open = read.iter().filter(|leaf| self.leaf(leaf).0.high.is_none());
        reading.unknown.extend(open.map(|leaf| {
            let why = format!("nothing limits the size of `{}` (`{}`) in `{}`", leaf.path, leaf.data_type, self.table.id);
            (Some(leaf.span), why)
        }));
    }

    fn statistics_step(&self) -> Option<Label> {
        let rows = self.rows.as_ref().ok().and_then(|rows| rows.step.clone());
        let total = self.table.statistics.as_ref().and_then(|statistics| {
            let text = format!("`{}` holds {} bytes in all", self.table.id, thousands(statistics.bytes?));
            Some(Label::new(statistics.span, text))
        });
        rows.or(total)
    }

    fn column_steps(&self, read: &[&Leaf], reading: &mut Reading) {
        for leaf in read.iter().take(MAX_COLUMN_STEPS) {
            let (bytes, _) = self.leaf(leaf);
            let text = format!("`{}` {}: {}", leaf.path, leaf.data_type, shown(bytes));
            reading.steps.push(Label::new(leaf.span, text));
        }
        let more = read.len().saturating_sub(MAX_COLUMN_STEPS);
        if let (true, Some(span)) = (more > 0, self.table.span()) {
            reading.steps.push(Label::new(span, format!("and {more} more columns")));
        }
    }

    fn why(&self, n_read: usize) -> String {
        let columns = format!("{n_read} of {} columns", self.leaves.len());
        match &self.rows {
            Ok(rows) => format!("{columns} × {} rows", thousands(rows.count)),
            Err(_) => columns,
        }
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

/// Whether a leaf is this column or lies in it.
fn is_part(leaf: &str, column: &str) -> bool {
    let (leaf, column) = (leaf.as_bytes(), column.as_bytes());
    let begins = leaf.get(..column.len()).is_some_and(|start| start.eq_ignore_ascii_case(column));
    begins && matches!(leaf.get(column.len()), None | Some(b'.'))
}

/// Whether a predicate's column is the one that cuts a table into partitions.
fn names(predicate: &str, partition: Option<&str>) -> bool {
    match partition {
        Some(column) => predicate.eq_ignore_ascii_case(column),
        None => ["_PARTITIONTIME", "_PARTITIONDATE"].iter().any(|pseudo| predicate.eq_ignore_ascii_case(pseudo)),
    }
}

fn times(mean: (f64, f64), rows: u64) -> Bounds {
    // Casts of f64 saturate, and figures of this size are means anyhow.
    Bounds { low: (mean.0 * rows as f64).floor() as u64, high: Some((mean.1 * rows as f64).ceil() as u64) }
}

/// The path of a leaf as fields of a JSON Schema are looked up: BigQuery compares names without case.
fn schema_path(path: &str) -> String {
    path.to_ascii_lowercase()
}

fn fields<'a>(feeds: &[&Feed], model: &'a Model) -> BTreeMap<String, &'a SchemaField> {
    let mut fields = BTreeMap::new();
    // Values of a table that several feeds fill may follow any of their schemas: none of them limits all.
    let [feed] = feeds else { return fields };
    let Some(Target::File(_, path)) = feed.schema.value().map(|reference| &reference.target) else { return fields };
    for field in model.schemas.get(path).into_iter().flat_map(|schema| &schema.fields) {
        fields.entry(field.path.replace("[]", "").to_ascii_lowercase()).or_insert(field);
    }
    fields
}

/// Rows by the statistics, or else by what the feeds of the table declare.
fn rows(table: &Table, feeds: &[&Feed]) -> Result<Rows, String> {
    if let Some((count, span)) = table.statistics.as_ref().and_then(|statistics| Some((statistics.rows?, statistics.span))) {
        let text = format!("`{}` holds {} rows", table.id, thousands(count));
        return Ok(Rows { count, basis: Basis::Statistics, step: Some(Label::new(span, text)) });
    }
    let expiration = table.partitioning.value().and_then(|partitioning| partitioning.expiration_days);
    let declared: Option<Vec<u64>> =
        feeds.iter().map(|feed| feed.rows_kept().or_else(|| feed.rows_kept_over(expiration))).collect();
    match declared.filter(|rows| !rows.is_empty()) {
        Some(rows) => {
            let count = rows.iter().fold(0u64, |sum, rows| sum.saturating_add(*rows));
            let step = feeds.first().and_then(|feed| declared_step(feed, count));
            Ok(Rows { count, basis: Basis::Declared, step })
        }
        None => Err(no_rows(table, feeds)),
    }
}

fn declared_step(feed: &Feed, count: u64) -> Option<Label> {
    let rows = feed.delivery.rows.spanned()?;
    let cadence = feed.delivery.cadence.value().map_or("", |cadence| cadence.text.as_str());
    let text = format!("{} rows are kept: {} a delivery, {cadence}", thousands(count), thousands(rows.value));
    Some(Label::new(rows.span, text))
}

fn no_rows(table: &Table, feeds: &[&Feed]) -> String {
    let id = &table.id;
    let Some(feed) = feeds.iter().find(|feed| feed.rows_kept().is_none()) else {
        return format!("nothing says how many rows `{id}` holds: put it into `feedgate.tables.json`");
    };
    let missing = match () {
        () if feed.delivery.rows.value().is_none() => "`delivery.rows`",
        () if feed.delivery.cadence.value().is_none() => "`delivery.cadence`",
        () => "`table.partitioning.expiration`",
    };
    format!("nothing says how many rows `{id}` holds: the feed `{}` has no {missing}, and no statistics are there", feed.id)
}
