//! Statements that change or make tables, and those that run in loops.

use super::figure::Figures;
use super::partitions;
use super::{gap, subject};
use crate::model::query::ModelCatalog;
use crate::model::{Query, Table};
use crate::rules::{Context, Sink};
use crate::sql::ddl::{CreatedColumns, CreatedKind, dropped};
use crate::sql::{Occurs, Scan, ScanKind, StatementKind, TablePath};
use std::collections::BTreeMap;

/// A statement changes rows of a partitioned table, and does not say of which partitions.
pub(in crate::rules) fn change_of_every_partition(context: &Context<'_>, sink: &mut Sink<'_>) {
    let figures = Figures::of(context);
    for query in context.head.queries.values() {
        let is_change = match query.statement.kind {
            StatementKind::Update | StatementKind::Delete => true,
            StatementKind::Merge => !query.resolution.inserts_only,
            _ => false,
        };
        let targets = partitions::scans(query, context.head).filter(|partitioned| is_change && partitioned.scan.is_target);
        for partitioned in targets.filter(|target| target.named().next().is_none()) {
            let is_merge = query.statement.kind == StatementKind::Merge;
            // `WHERE TRUE` means all rows, and the clauses of a `MERGE` may have conditions of their own.
            let is_named = partitioned.scan.columns.keys().any(|column| column.eq_ignore_ascii_case(partitioned.column()));
            if partitioned.scan.predicates.is_empty() || is_merge && is_named {
                continue;
            }
            if let Some(gap) = gap(query, partitioned.scan) {
                sink.not_checked(&subject(query), gap.message.clone(), Some(query.map.span(gap.range.clone())));
                continue;
            }
            let (column, id) = (partitioned.column(), &partitioned.table.id);
            let message = format!(
                "`{id}` is changed without a condition on its partition column `{column}`: every partition is read and charged{}",
                figures.now(query)
            );
            let is_it = |scan: &Scan| scan.is_target;
            let after = figures.with_one_partition(query, partitioned.table, is_it);
            let after = after.map_or_else(String::new, |after| format!("; {after}"));
            let place = if is_merge { "to `ON`" } else { "to `WHERE`" };
            let diagnostic = sink.report(subject(query), query.map.span(partitioned.scan.range.clone()), message);
            diagnostic.help(format!("add a condition on `{column}` with a constant {place}{after}"));
            diagnostic.detail(id.to_string());
            if let Some(span) = partitioned.table.partitioning.span() {
                diagnostic.related(span, "the partitioning");
            }
        }
    }
}

/// A table is made anew without the partitions that its definition gives it.
pub(in crate::rules) fn dropped_table_layout(context: &Context<'_>, sink: &mut Sink<'_>) {
    let catalog = ModelCatalog::new(context.head, context.config.project.as_ref().map(|project| project.value.as_str()));
    for query in context.head.queries.values() {
        let Some(created) = &query.statement.creates else { continue };
        let is_layout_kept = matches!(created.columns, CreatedColumns::Like(_));
        if created.kind != CreatedKind::Table || created.is_temporary || !created.is_replacing || is_layout_kept {
            continue;
        }
        let Some(table) = catalog.find(&created.path) else { continue };
        let place = query.map.span(created.range.clone());
        let mut lost = Vec::new();
        if created.partitioning.is_none() {
            lost.extend(table.partitioning.span().filter(|span| *span != place).map(|span| ("partitioned", span)));
        }
        if created.clustering.is_empty() {
            lost.extend(table.clustering.span().filter(|span| *span != place).map(|span| ("clustered", span)));
        }
        report_lost(query, table, &lost, place, sink);
    }
}

fn report_lost(query: &Query, table: &Table, lost: &[(&str, crate::text::Span)], place: crate::text::Span, sink: &mut Sink<'_>) {
    if lost.is_empty() {
        return;
    }
    let words: Vec<&str> = lost.iter().map(|(word, _)| *word).collect();
    let message = format!("`{}` is {}, and is made anew here without it", table.id, words.join(" and "));
    let diagnostic = sink.report(subject(query), place, message);
    diagnostic.detail(words.join(","));
    for (word, span) in lost {
        diagnostic.related(*span, format!("{word} by this definition"));
    }
}

/// A statement in a loop reads a table each time.
pub(in crate::rules) fn scan_in_loop(context: &Context<'_>, sink: &mut Sink<'_>) {
    let figures = Figures::of(context);
    for query in context.head.queries.values().filter(|query| query.statement.occurs == Occurs::AnyNumber) {
        let is_read = |scan: &&Scan| scan.kind != ScanKind::InformationSchema && !scan.is_target && !scan.columns.is_empty();
        let Some(scan) = query.resolution.scans.iter().filter(is_read).find(|scan| !scan.table.starts_with("_SESSION.")) else {
            continue;
        };
        // What a turn costs must be known: a small table may be read often.
        let Some(estimate) = figures.estimate(query).filter(|estimate| estimate.bytes.high != Some(0)) else { continue };
        let Some(read) = super::figure::amount(estimate.bytes) else {
            let why = format!("what one turn of the loop reads of `{}` is not known", scan.table);
            sink.not_checked(&subject(query), why, Some(query.map.span(scan.range.clone())));
            continue;
        };
        let message = format!("`{}` is read in each turn of a loop, {read} every time", scan.table);
        sink.report(subject(query), query.map.span(scan.range.clone()), message).detail(scan.table.clone());
    }
}

/// Rows are inserted one by one.
pub(in crate::rules) fn insert_in_loop(context: &Context<'_>, sink: &mut Sink<'_>) {
    for query in context.head.queries.values().filter(|query| query.statement.occurs == Occurs::AnyNumber) {
        // What is only written to is no read.
        let is_of_values = query.resolution.scans.iter().all(|scan| scan.is_target) && query.resolution.unresolved.is_empty();
        if query.statement.kind == StatementKind::Insert && is_of_values {
            sink.report(subject(query), query.span, "rows are inserted one by one, in a loop");
        }
    }
}

/// A table is made, and dropped again by the same script.
pub(in crate::rules) fn persistent_scratch_table(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut made: BTreeMap<(&str, TablePath), &Query> = BTreeMap::new();
    // In the order of the statements of each text.
    for query in context.head.queries.values() {
        let created = query.statement.creates.as_deref();
        let lasting = created.filter(|created| created.kind == CreatedKind::Table && !created.is_temporary);
        if let Some(created) = lasting {
            made.insert((&query.id.path, created.path.clone()), query);
        }
        let dropped = if lasting.is_some() { None } else { dropped(context.files.slice(query.span)) };
        let Some(path) = dropped else { continue };
        let Some(maker) = made.remove(&(&*query.id.path, path.clone())) else { continue };
        let Some(created) = &maker.statement.creates else { continue };
        let message = format!("`{path}` is made and dropped again by one script: a temporary table would do");
        let diagnostic = sink.report(subject(maker), maker.map.span(created.range.clone()), message);
        diagnostic.detail(path.to_string());
        diagnostic.related(query.span, "dropped here");
    }
}
