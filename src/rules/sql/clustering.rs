//! Filters on clustered tables by which no block can be left out. What BigQuery reads instead is known only when it has
//! run: the figure is that of a query that leaves out none.

use super::figure::Figures;
use super::{gap, subject};
use crate::model::table::{Table, TableKind, table_named};
use crate::model::{Model, Query};
use crate::rules::{Context, Sink};
use crate::sql::condition::{Condition, Obstacle};
use crate::sql::{Predicate, Scan, ScanKind};

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
        let is_read = scan.is_direct && scan.kind == ScanKind::Table && !scan.columns.is_empty() && !keys.is_empty();
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
        for clustered in scans(query, context.head) {
            // Blocks are in the order of the first key, then the second: behind one that nothing filters, none helps.
            let n_led = clustered.keys.iter().take_while(|key| clustered.is_filtered(key)).count();
            let Some(key) = clustered.keys.get(n_led).filter(|key| !clustered.is_partitioning(key)) else { continue };
            for predicate in clustered.on(key) {
                wrapped(query, &clustered, key, predicate, figures, sink);
            }
        }
    }
}

fn wrapped(
    query: &Query,
    clustered: &ClusteredScan<'_>,
    key: &str,
    predicate: &Predicate,
    figures: Figures<'_>,
    sink: &mut Sink<'_>,
) {
    let Err(hindrance) = &predicate.condition else { return };
    let Obstacle::Function(name) = &hindrance.why else { return };
    let span = query.map.span(hindrance.range.clone());
    if hindrance.is_hole {
        return sink.not_checked(&subject(query), "a template fills in a part of the filter", Some(span));
    }
    let id = &clustered.table.id;
    let message = format!(
        "`{name}` hides `{key}`, by which `{id}` is clustered: no block of it can be left out by this filter{}",
        figures.now(query)
    );
    let diagnostic = sink.report(subject(query), span, message);
    diagnostic.detail(format!("{id} {key}"));
    if let Some(span) = clustered.table.clustering.span() {
        diagnostic.related(span, "the clustering");
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
            let bare = |predicate: &&Predicate| predicate.condition.as_ref().is_ok_and(is_bare);
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
            if let Some(span) = clustered.table.clustering.span() {
                diagnostic.related(span, "the clustering");
            }
        }
    }
}
