//! The estimate of one statement: what its scans read, what its kind adds, what is billed, and what it costs.

use super::billing::{MINIMUM_BYTES, billed};
use super::price::{Locations, price};
use super::reading::{Reading, counts};
use super::table::Source;
use super::wildcard::{self, Kept};
use super::{Accuracy, Basis, Bounds, Estimate, Samples, TableRead, thousands};
use crate::config::Config;
use crate::diagnostic::Label;
use crate::keys::schedule::DAYS_OF_MONTH;
use crate::model::Table;
use crate::model::query::SESSION;
use crate::model::table::table_named;
use crate::model::{Model, Query};
use crate::sql::resolve::is_unknown_schema;
use crate::sql::{Occurs, Scan, ScanKind, SqlError, StatementKind};
use crate::text::{Date, Span};
use std::collections::{BTreeMap, BTreeSet};

/// The bytes and the cost of a query, when it is asked on the day `as_of`. `None` for statements of scripts that read no table, such as `DECLARE` and
/// `ALTER TABLE`: there is nothing to say of them.
pub fn estimate(query: &Query, model: &Model, config: &Config, samples: &Samples, as_of: Date) -> Option<Estimate> {
    let mut tally = Tally { query, model, config, samples, as_of, total: Total::default() };
    match &query.statement.kind {
        StatementKind::Select | StatementKind::CreateTableAsSelect | StatementKind::Insert | StatementKind::ExportData => {
            tally.read()
        }
        StatementKind::CreateView => tally.define(),
        StatementKind::CreateTable | StatementKind::CreateFunction | StatementKind::CreateTableFunction => {}
        StatementKind::Merge if query.resolution.inserts_only => tally.read(),
        StatementKind::Delete if tally.drops_partitions() => {}
        StatementKind::Update | StatementKind::Delete | StatementKind::Merge => {
            tally.read();
            tally.change();
        }
        StatementKind::Other(name) => tally.other(name)?,
    }
    Some(tally.finish())
}

/// Statements that are not analysed and may read tables.
const READS: [&str; 4] = ["CALL", "EXECUTE", "GRAPH", CREATE_MODEL];
/// Statements that read nothing, by what BigQuery says of their price.
const FREE: [(&str, &str); 5] = [
    ("TRUNCATE", "the rows of a whole table are taken away without being read"),
    ("DROP", "a definition is taken away, which reads nothing"),
    ("UNDROP", "a definition is brought back, which reads nothing"),
    ("LOAD DATA", "loading files is free"),
    ("CREATE SNAPSHOT", "a snapshot is free until its table changes"),
];
const CREATE_MODEL: &str = "CREATE MODEL";

struct Tally<'a> {
    query: &'a Query,
    model: &'a Model,
    config: &'a Config,
    samples: &'a Samples,
    as_of: Date,
    total: Total,
}

/// What is known so far.
#[derive(Default)]
struct Total {
    tables: Vec<TableRead>,
    parts: Vec<Part>,
    basis: Option<Basis>,
    unknown: Vec<(Option<Span>, String)>,
    notes: Vec<String>,
    steps: Vec<Label>,
    locations: Locations,
    /// Tables of whose reading nothing is unknown, by place and name.
    settled: Vec<(usize, String)>,
    /// How many tables count for the minimum bill.
    n_billed: Bounds,
}

/// The bytes of one table, or of what the kind of statement adds.
#[derive(Debug, Clone, Copy, Default)]
struct Part {
    bytes: Bounds,
    /// Something was taken for granted.
    is_assumed: bool,
    /// What is charged is known only when the query has run.
    is_floor: bool,
}

impl Tally<'_> {
    fn span(&self, range: &std::ops::Range<usize>) -> Span {
        self.query.map.span(range.clone())
    }

    fn read(&mut self) {
        let mut by_table: BTreeMap<&str, Vec<&Scan>> = BTreeMap::new();
        // What is only written to is not read.
        for scan in self.query.resolution.scans.iter().filter(|scan| !scan.is_target || !scan.columns.is_empty()) {
            by_table.entry(&scan.table).or_default().push(scan);
        }
        let mut has_metadata = false;
        for (name, scans) in by_table {
            let is_metadata = scans.iter().any(|scan| scan.kind == ScanKind::InformationSchema);
            let reading = if is_metadata { self.metadata(name, &scans, has_metadata) } else { self.table(name, &scans) };
            has_metadata |= is_metadata;
            if reading.bytes.high.is_some() || reading.is_floor {
                self.total.settled.extend(scans.iter().map(|scan| (scan.range.start, scan.table.clone())));
            }
            self.add(name, &scans, reading);
        }
        self.unresolved();
        self.federated();
        if self.query.resolution.reads_past {
            self.total.parts.push(Part { is_assumed: true, ..Part::default() });
            self.total.notes.push("a table that is read as it was is taken to have had the size that it has now".to_owned());
        }
    }

    /// The definition of a view reads nothing: it is charged where the view is queried, and what that is at most is said.
    fn define(&mut self) {
        self.read();
        let Total { mut tables, parts, locations, .. } = std::mem::take(&mut self.total);
        for table in &mut tables {
            (table.bytes, table.partitions) = (Bounds::ZERO, None);
            "read when the view is queried".clone_into(&mut table.why);
        }
        let whole = parts.iter().fold(Bounds::ZERO, |sum, part| sum.plus(part.bytes));
        let of_queries =
            whole.high.map(|high| format!("a query of all columns of the view reads at most {} bytes", thousands(high)));
        self.total = Total { tables, locations, notes: of_queries.into_iter().collect(), ..Total::default() };
    }

    fn table(&mut self, name: &str, scans: &[&Scan]) -> Reading {
        let place = scans.first().map(|scan| self.span(&scan.range));
        if scans.iter().any(|scan| scan.kind == ScanKind::Wildcard) {
            return self.wildcard(name, scans);
        }
        if let Some((SESSION, own)) = name.split_once('.') {
            return Reading::unknown(place, format!("`{own}` is a temporary table: how many rows it has is not known"));
        }
        let Some(table) = table_named(&self.model.tables, name) else {
            return Reading::unknown(place, format!("nothing here says what `{name}` is: put it into `feedgate.tables.json`"));
        };
        self.locate(table);
        let mut reading = Source::new(table, self.model, self.samples, self.as_of).read(scans);
        for (span, _) in &mut reading.unknown {
            *span = span.or(place);
        }
        reading
    }

    fn locate(&mut self, table: &Table) {
        self.total.locations.add(table, self.model.location_of(table));
    }

    /// All tables that the name matches, each with its own columns and rows.
    fn wildcard(&mut self, name: &str, scans: &[&Scan]) -> Reading {
        let place = scans.first().map(|scan| self.span(&scan.range));
        let matched = wildcard::matched(name, self.model);
        if matched.is_empty() {
            return Reading::unknown(
                place,
                format!("nothing here says which tables `{name}` stands for: put them into `feedgate.tables.json`"),
            );
        }
        let (n_matched, mut n_read) = (matched.len(), 0);
        let mut sum = Reading { counts: Some(Bounds::ZERO), ..Reading::new(Bounds::ZERO, "") };
        for (suffix, table) in matched {
            let kept = |scan: &&&Scan| wildcard::keeps(scan, suffix, self.as_of) != Kept::No;
            let reads: Vec<&Scan> = scans.iter().filter(kept).copied().collect();
            if reads.is_empty() {
                continue;
            }
            n_read += 1;
            let is_sure = reads.iter().any(|scan| wildcard::keeps(scan, suffix, self.as_of) == Kept::Yes);
            let source = Source::new(table, self.model, self.samples, self.as_of);
            self.locate(table);
            sum = sum.with_table(source.read_as_member(&reads), is_sure);
        }
        sum.reasons.extend(scans.iter().flat_map(|scan| wildcard::reasons(scan, self.as_of)));
        sum.why = format!("{n_read} of {n_matched} tables that are known by this name");
        sum
    }

    /// Views of `INFORMATION_SCHEMA` cost 10 MiB in a query, and those of jobs what there are of them.
    fn metadata(&self, name: &str, scans: &[&Scan], is_counted: bool) -> Reading {
        let low = if is_counted { 0 } else { MINIMUM_BYTES };
        let mut reading = Reading::new(Bounds::exactly(low), "metadata is read at the minimum of 10 MiB");
        let view = name.rsplit('.').next().unwrap_or(name).to_ascii_uppercase();
        if view.starts_with("__TABLES") {
            // Older than `INFORMATION_SCHEMA`, and nowhere is it said to have the same minimum.
            reading.bytes.low = 0;
            reading.is_assumed = true;
            reading.notes.push(format!("what `{name}` costs is not documented: it is taken to be 10 MiB at most"));
        }
        if view.starts_with("JOBS") || view.contains("TIMELINE") {
            reading.bytes.high = None;
            let why = format!("`{name}` grows with the jobs that were run: 10 MiB is the least that it costs");
            reading.unknown.push((scans.first().map(|scan| self.span(&scan.range)), why));
        }
        reading
    }

    fn add(&mut self, name: &str, scans: &[&Scan], reading: Reading) {
        let mut columns: Vec<String> = scans.iter().flat_map(|scan| scan.columns.keys().cloned()).collect();
        columns.sort();
        columns.dedup();
        if let Some(scan) = scans.first() {
            let text = format!("`{name}`: {}", reading.why);
            self.total.steps.push(Label::new(self.span(&scan.range), text));
        }
        for (range, why) in &reading.reasons {
            self.total.steps.push(Label::new(self.span(range), why.clone()));
        }
        match reading.counts {
            Some(counts) => self.total.n_billed = self.total.n_billed.plus(counts),
            None => self.count(reading.bytes),
        }
        self.total.tables.push(TableRead {
            table: name.to_owned(),
            columns,
            bytes: reading.bytes,
            partitions: reading.partitions,
            why: reading.why.clone(),
        });
        self.add_part(reading);
    }

    /// A table counts for the minimum bill when anything of it is read.
    fn count(&mut self, bytes: Bounds) {
        self.total.n_billed = self.total.n_billed.plus(counts(bytes));
    }

    fn add_part(&mut self, reading: Reading) {
        let Reading { bytes, is_assumed, is_floor, .. } = reading;
        self.total.parts.push(Part { bytes, is_assumed, is_floor });
        self.total.basis = self.total.basis.max(reading.basis);
        self.total.unknown.extend(reading.unknown);
        self.total.notes.extend(reading.notes);
        self.total.steps.extend(reading.steps);
    }

    /// What could not be resolved reads nobody knows what, unless it is a table that was said to be unknown already.
    fn unresolved(&mut self) {
        let mut said: BTreeSet<Span> = self.total.unknown.iter().filter_map(|(place, _)| *place).collect();
        let targets = self.query.resolution.scans.iter().filter(|scan| scan.is_target);
        let targets: Vec<_> = targets.map(|scan| scan.range.clone()).collect();
        for error in &self.query.resolution.unresolved {
            let span = self.span(&error.range);
            if targets.contains(&error.range) || self.is_settled(error) || !said.insert(span) {
                continue;
            }
            self.total.parts.push(Part { bytes: Bounds::OPEN, ..Part::default() });
            self.total.unknown.push((Some(span), error.message.clone()));
        }
    }

    /// What another database gives back is charged, and a dry run does not know how much that is.
    fn federated(&mut self) {
        for range in &self.query.resolution.federated {
            let why = "how many bytes `EXTERNAL_QUERY` gets back, by which it is charged, is known when it has run".to_owned();
            self.add_part(Reading::unknown(Some(self.span(range)), why));
        }
    }

    /// Several tables whose columns are not known: a name may be a column of any of them.
    fn has_several_open_tables(&self) -> bool {
        let resolution = &self.query.resolution;
        let is_open = |scan: &&Scan| resolution.unresolved.iter().any(|error| is_unknown_schema(error, &scan.table));
        let open: BTreeSet<&str> = resolution.scans.iter().filter(is_open).map(|scan| scan.table.as_str()).collect();
        open.len() > 1
    }

    /// The columns of a table are not known, and were not needed or are bounded by its size.
    fn is_settled(&self, error: &SqlError) -> bool {
        let is_it = |(start, table): &(usize, String)| *start == error.range.start && is_unknown_schema(error, table);
        self.total.settled.iter().any(is_it) && !self.has_several_open_tables()
    }

    /// A DELETE that covers whole partitions, and tells them by their column alone, removes them without reading them.
    fn drops_partitions(&mut self) -> bool {
        let resolution = &self.query.resolution;
        let ([scan], true) = (resolution.scans.as_slice(), resolution.unresolved.is_empty() && !resolution.has_free_condition)
        else {
            return false;
        };
        let Some(table) = table_named(&self.model.tables, &scan.table).filter(|_| scan.is_target) else { return false };
        let source = Source::new(table, self.model, self.samples, self.as_of);
        let decision = source.decide(scan);
        let Some(column) = source.partition_column().filter(|_| decision.is_filtered && decision.is_alone) else { return false };
        let names_others = scan.columns.keys().any(|name| !column.is(name));
        if names_others || !decision.kept.iter().all(|kept| column.is_cut_at_partitions(kept)) {
            return false;
        }
        let why = "whole partitions are deleted, which reads nothing";
        self.add(&scan.table, &[scan], Reading::new(Bounds::ZERO, why));
        true
    }

    /// UPDATE, DELETE and MERGE are charged for the table that they change as well: all of it, or its partitions that
    /// are touched. Whether columns of it that the statement itself reads count again is not documented.
    fn change(&mut self) {
        let Some(scan) = self.query.resolution.scans.iter().find(|scan| scan.is_target) else {
            let why = "the table that the statement changes is not known".to_owned();
            return self.add_part(Reading::unknown(Some(self.query.span), why));
        };
        let place = self.span(&scan.range);
        let Some(table) = table_named(&self.model.tables, &scan.table) else {
            let why = format!("nothing here says how large `{}` is, which the statement changes", scan.table);
            return self.add_part(Reading::unknown(Some(place), why));
        };
        self.locate(table);
        let source = Source::new(table, self.model, self.samples, self.as_of);
        let mut whole = source.whole(&source.decide(scan));
        let is_merge = self.query.statement.kind == StatementKind::Merge;
        let read = self.total.tables.iter().find(|read| read.table == scan.table);
        let read_of_target = read.map_or(0, |read| read.bytes.low);
        if read.is_none() {
            self.count(whole.bytes);
        }
        if is_merge && source.is_partitioned() && !source.decide(scan).is_filtered {
            self.may_skip_partitions(&scan.table);
        }
        whole.bytes.low = if source.is_partitioned() || is_merge { 0 } else { whole.bytes.low.saturating_sub(read_of_target) };
        let text = format!("`{}` is changed, and all that is touched of it is charged", scan.table);
        self.total.steps.push(Label::new(place, text));
        let why = format!("{}, as rows of it are changed", whole.why);
        let Reading { bytes, partitions, .. } = whole;
        self.total.tables.push(TableRead { table: scan.table.clone(), columns: Vec::new(), bytes, partitions, why });
        self.add_part(whole);
    }

    /// A MERGE that joins by the partition column may leave out partitions while it runs.
    fn may_skip_partitions(&mut self, name: &str) {
        // Each table that is read has its part at its own place.
        let Some(nth) = self.total.tables.iter().position(|read| read.table == name) else { return };
        self.total.tables.iter_mut().skip(nth).take(1).for_each(|read| read.bytes.low = 0);
        self.total.parts.iter_mut().skip(nth).take(1).for_each(|part| part.bytes.low = 0);
    }

    /// Statements of scripts, and those that are not analysed.
    fn other(&mut self, name: &str) -> Option<()> {
        if let Some((_, why)) = FREE.iter().find(|(keywords, _)| name.starts_with(keywords)) {
            let label = Label::new(self.query.span, (*why).to_owned());
            self.total.steps.push(label);
        } else if !self.query.resolution.scans.is_empty() {
            self.read();
            if name == CREATE_MODEL {
                self.train();
            }
        } else if READS.iter().any(|keywords| name.starts_with(keywords)) {
            let why = format!("what `{name}` reads is not worked out");
            self.add_part(Reading::unknown(Some(self.query.span), why));
        } else {
            return None;
        }
        Some(())
    }

    /// A model may read its query several times.
    fn train(&mut self) {
        self.total.parts.push(Part { is_assumed: true, ..Part::default() });
        self.total.notes.push("training is taken to read its query once; some kinds of models read it again".to_owned());
    }

    fn finish(self) -> Estimate {
        let bytes = self.total.parts.iter().fold(Bounds::ZERO, |sum, part| sum.plus(part.bytes));
        let billed = billed(bytes, self.total.n_billed);
        let mut notes = self.total.notes;
        let price = match price(self.config, &self.total.locations) {
            Ok(price) => {
                let price = if is_model(&self.query.statement.kind) { price.of_model() } else { price };
                notes.push(format!("{} USD per TiB in {}, {}", price.usd_per_tib, price.location, price.source));
                Some(price)
            }
            Err(why) => {
                notes.push(why);
                None
            }
        };
        notes.extend(match self.query.statement.occurs {
            Occurs::Always => None,
            Occurs::Perhaps => Some("this is one run of the statement: a condition may leave it out".to_owned()),
            Occurs::AnyNumber => Some("this is one run of the statement: a loop may run it any number of times".to_owned()),
        });
        let mut steps = self.total.steps;
        let runs = &self.query.runs;
        if let Some(runs) = runs.spanned().filter(|_| billed != Bounds::ZERO) {
            let text = format!("{:.2} runs in a month of {DAYS_OF_MONTH:.2} days: {}", runs.value.per_month, runs.value.why);
            steps.push(Label::new(runs.span, text));
        }
        notes.extend(runs.why().map(|why| format!("how often it runs is not known: {}", why.text)));
        notes.sort();
        notes.dedup();
        Estimate {
            query: self.query.id.clone(),
            span: self.query.span,
            statement: self.query.statement.kind.name().to_owned(),
            bytes,
            billed,
            cost_usd: price.as_ref().map(|price| price.usd(billed)),
            price,
            occurs: self.query.statement.occurs,
            runs_per_month: runs.value().map(|runs| runs.per_month),
            accuracy: accuracy(bytes, &self.total.parts),
            basis: self.total.basis,
            tables: self.total.tables,
            unknown: self.total.unknown,
            notes,
            steps,
        }
    }
}

fn is_model(kind: &StatementKind) -> bool {
    matches!(kind, StatementKind::Other(name) if name.starts_with("CREATE") && name.ends_with("MODEL"))
}

/// `Exact` only when nothing is open and nothing was assumed. Of closed figures, one that rests on no assumption is a
/// bound, and any other a range.
fn accuracy(bytes: Bounds, parts: &[Part]) -> Accuracy {
    let is_assumed = parts.iter().any(|part| part.is_assumed);
    let is_open = parts.iter().any(|part| part.bytes.high.is_none() && !part.is_floor);
    match bytes.high {
        None if bytes.low == 0 && is_open => Accuracy::Unknown,
        _ if parts.iter().any(|part| part.is_floor) => Accuracy::LowerBound,
        None => Accuracy::LowerBound,
        Some(_) if is_assumed => Accuracy::Range,
        Some(high) if high == bytes.low => Accuracy::Exact,
        Some(_) => Accuracy::UpperBound,
    }
}

#[cfg(test)]
mod tests;
