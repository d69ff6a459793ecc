//! Filters on clustered tables by which no block can be left out. What BigQuery reads instead is known only when it has
//! run: the figure is that of a query that leaves out none.

use super::figure::Figures;
use super::{OF_OPEN_FORM, gap, subject};
use crate::diagnostic::Diagnostic;
use crate::model::table::{Table, TableKind, table_named};
use crate::model::{Model, Query};
use crate::rules::{Context, Sink};
use crate::sql::condition::{Condition, Hindrance, Obstacle};
use crate::sql::{Predicate, Scan, ScanKind};
use std::collections::BTreeMap;

/// A read of a table that is clustered.
struct ClusteredScan<'a> {
    scan: &'a Scan,
    table: &'a Table,
    keys: Vec<&'a str>,
}

fn scans<'a>(query: &'a Query, model: &'a Model) -> impl Iterator<Item = ClusteredScan<'a>> {
    query.resolution.scans.iter().filter_map(|scan| {
        let table = table_named(&model.tables, &scan.table).filter(|table| table.kind == TableKind::Table)?;
        let keys: Vec<&str> = table.clustering.value()?.iter().map(|column| column.value.as_str()).collect();
        let is_read = scan.kind == ScanKind::Table && !scan.columns.is_empty() && !keys.is_empty();
        is_read.then_some(ClusteredScan { scan, table, keys })
    })
}

impl<'a> ClusteredScan<'a> {
    fn on(&self, key: &str) -> impl Iterator<Item = &'a Predicate> {
        self.scan.predicates.iter().filter(move |predicate| predicate.column.eq_ignore_ascii_case(key))
    }

    /// The key itself is compared with constants.
    fn is_filtered(&self, key: &str) -> bool {
        self.on(key).any(|predicate| predicate.condition.as_ref().is_ok_and(is_bare))
    }

    /// The functions around it in conditions of the statement.
    fn hiding(&self, key: &str) -> impl Iterator<Item = &'a Hindrance> {
        let hindrances = self.on(key).filter(|predicate| predicate.is_direct).filter_map(|one| one.condition.as_ref().err());
        hindrances.filter(|hindrance| matches!(hindrance.why, Obstacle::Function(_)))
    }

    /// The first condition of the statement that names two keys, where no key is held against a constant.
    fn compared(&self) -> Option<(&'a Predicate, &'a str, &'a str)> {
        if self.keys.iter().any(|key| self.is_filtered(key)) {
            return None;
        }
        let (first, later) = self.keys.split_first()?;
        let of_other = |predicate: &'a Predicate| {
            let is_it = |key: &&str| self.on(key).any(|other| other.range == predicate.range);
            later.iter().copied().find(is_it).map(|other| (predicate, *first, other))
        };
        let is_comparison = |predicate: &&Predicate| {
            predicate.is_direct
                && predicate.condition.as_ref().is_err_and(|one| one.why == Obstacle::OtherColumn && one.is_certain)
        };
        self.on(first).filter(is_comparison).find_map(of_other)
    }

    /// Partitions are chosen by it, however it is wrapped.
    fn is_partitioning(&self, key: &str) -> bool {
        let column = self.table.partitioning.value().and_then(|partitioning| partitioning.column.as_ref());
        column.is_some_and(|column| column.value.eq_ignore_ascii_case(key))
    }
}

fn is_bare(condition: &Condition) -> bool {
    match condition {
        Condition::Test { through, .. } => through.is_empty(),
        Condition::Suffix(_) => false,
        Condition::All(parts) => parts.iter().any(is_bare),
        Condition::Any(parts) => parts.iter().all(is_bare),
        Condition::If(_, yes, no) => is_bare(yes) && is_bare(no),
    }
}

/// A function hides a clustering key whose values could lead to blocks.
pub(in crate::rules) fn wrapped_clustering_key(context: &Context<'_>, sink: &mut Sink<'_>) {
    let figures = Figures::of(context);
    for query in context.head.queries.values().filter(|query| !query.is_body) {
        let mut wrapped = ByPlace::default();
        for clustered in scans(query, context.head) {
            // Blocks are in the order of the first key, then the second: behind one that nothing filters, none helps.
            let n_led = clustered.keys.iter().take_while(|key| clustered.is_filtered(key)).count();
            let Some(&key) = clustered.keys.get(n_led).filter(|key| !clustered.is_partitioning(key)) else { continue };
            match clustered.on(key).find(|predicate| predicate.is_open()) {
                Some(open) if clustered.hiding(key).next().is_some() => {
                    sink.not_checked(&subject(query), OF_OPEN_FORM, Some(query.map.span(open.range.clone())));
                }
                Some(_) => {}
                None => clustered.hiding(key).for_each(|hindrance| wrapped.add(hindrance, clustered.table, key)),
            }
        }
        for hidden in wrapped.0.values() {
            report_hidden(query, hidden, figures, sink);
        }
    }
}

/// A function that hides keys of these tables: one filter may be that of many, as over a union.
struct Hidden<'a> {
    hindrance: &'a Hindrance,
    keys: Vec<(&'a Table, &'a str)>,
}

/// By the place of the function.
#[derive(Default)]
struct ByPlace<'a>(BTreeMap<(usize, usize), Hidden<'a>>);

impl<'a> ByPlace<'a> {
    fn add(&mut self, hindrance: &'a Hindrance, table: &'a Table, key: &'a str) {
        let place = (hindrance.range.start, hindrance.range.end);
        let hidden = self.0.entry(place).or_insert_with(|| Hidden { hindrance, keys: Vec::new() });
        if !hidden.keys.iter().any(|(known, _)| known.id == table.id) {
            hidden.keys.push((table, key));
        }
    }
}

/// `` `raw.trades` and 3 more ``
fn names(keys: &[(&Table, &str)]) -> String {
    let first = keys.first().map(|(table, _)| format!("`{}`", table.id)).unwrap_or_default();
    match keys.len() {
        0 | 1 => first,
        n_tables => format!("{first} and {} more", n_tables - 1),
    }
}

fn report_hidden(query: &Query, hidden: &Hidden<'_>, figures: Figures<'_>, sink: &mut Sink<'_>) {
    let Hidden { hindrance, keys } = hidden;
    let (Obstacle::Function(name), Some((table, key))) = (&hindrance.why, keys.first()) else { return };
    let span = query.map.span(hindrance.range.clone());
    if hindrance.is_hole {
        return sink.not_checked(&subject(query), "a template fills in a part of the filter", Some(span));
    }
    let message = format!(
        "`{name}` hides `{key}`, by which {} {} clustered: no block of it can be left out by this filter{}",
        names(keys),
        if keys.len() > 1 { "are" } else { "is" },
        figures.now(query)
    );
    let diagnostic = sink.report(subject(query), span, message);
    diagnostic.detail(format!("{} {key}", table.id));
    add_clustering(diagnostic, table);
}

fn add_clustering(diagnostic: &mut Diagnostic, table: &Table) {
    if let Some(span) = table.clustering.span() {
        diagnostic.related(span, "the clustering");
    }
}

/// Two keys of one table are compared with each other, and with nothing that is known before the query runs.
pub(in crate::rules) fn compared_clustering_keys(context: &Context<'_>, sink: &mut Sink<'_>) {
    let figures = Figures::of(context);
    for query in context.head.queries.values().filter(|query| !query.is_body) {
        for clustered in scans(query, context.head) {
            if let Some((predicate, first, other)) = clustered.compared() {
                let message = format!(
                    "`{first}` and `{other}`, by which `{}` is clustered, are compared with each other: no block can be left out by that{}",
                    clustered.table.id,
                    figures.now(query)
                );
                let diagnostic = sink.report(subject(query), query.map.span(predicate.range.clone()), message);
                diagnostic.detail(format!("{} {first} {other}", clustered.table.id));
                add_clustering(diagnostic, clustered.table);
            }
        }
    }
}

/// A later key is filtered, and the first is not.
pub(in crate::rules) fn skipped_clustering_key(context: &Context<'_>, sink: &mut Sink<'_>) {
    let figures = Figures::of(context);
    for query in context.head.queries.values().filter(|query| !query.is_body) {
        for clustered in scans(query, context.head) {
            let Some((first, later)) = clustered.keys.split_first() else { continue };
            // Any condition on it may lead to blocks while the query runs.
            let is_led = clustered.on(first).next().is_some();
            let own = later.iter().find(|key| clustered.is_filtered(key) && !clustered.is_partitioning(key));
            let (false, Some(key)) = (is_led, own) else { continue };
            let bare = |predicate: &&Predicate| predicate.is_direct && predicate.condition.as_ref().is_ok_and(is_bare);
            let Some(predicate) = clustered.on(key).find(bare) else { continue };
            if let Some(gap) = gap(query, clustered.scan) {
                sink.not_checked(&subject(query), gap.message.clone(), Some(query.map.span(gap.range.clone())));
                continue;
            }
            let id = &clustered.table.id;
            let message = format!(
                "`{id}` is clustered by `{first}` before `{key}`: a filter on `{key}` alone leaves out few blocks, or none{}",
                figures.now(query)
            );
            let diagnostic = sink.report(subject(query), query.map.span(predicate.range.clone()), message);
            diagnostic.help(format!(
                "filter on `{first}` as well, or cluster the table by `{key}` first, if most queries filter on it"
            ));
            diagnostic.detail(format!("{id} {key}"));
            add_clustering(diagnostic, clustered.table);
        }
    }
}
