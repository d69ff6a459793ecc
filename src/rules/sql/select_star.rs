//! `SELECT *` on a base table: every column is read, and billed.

use super::subject;
use crate::estimate::bytes::leaves;
use crate::model::table::{TableKind, table_named};
use crate::model::{Query, Table, TableId};
use crate::rules::{Context, Sink};
use crate::sql::{Star, StatementKind};
use std::collections::BTreeMap;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for query in context.head.queries.values() {
        // A view, a copy or an insert may want every column; only what is read by people and dashboards is judged.
        let is_read = matches!(query.statement.kind, StatementKind::Select | StatementKind::ExportData);
        if query.is_body || !is_read {
            continue;
        }
        for star in query.resolution.stars.iter().filter(|star| !star.has_except) {
            check_star(query, star, &context.head.tables, sink);
        }
    }
}

fn check_star(query: &Query, star: &Star, tables: &BTreeMap<TableId, Table>, sink: &mut Sink<'_>) {
    let span = query.map.span(star.range.clone());
    let mut read_whole = Vec::new();
    for name in &star.tables {
        match table_named(tables, name) {
            Some(table) if is_read_whole(query, name, table) => read_whole.push(format!("`{name}`")),
            Some(_) => {}
            None => sink.not_checked(&subject(query), format!("nothing says whether `{name}` is a table or a view"), Some(span)),
        }
    }
    if read_whole.is_empty() {
        return;
    }
    let message = format!("`*` reads every column of {}", read_whole.join(", "));
    sink.report(subject(query), span, message).detail(star.tables.join(","));
}

/// Whether every column is read in the end: BigQuery leaves out those of a subquery that nothing asks for. A view is
/// judged where it is defined.
fn is_read_whole(query: &Query, name: &str, table: &Table) -> bool {
    let Some(columns) = table.columns.value().filter(|columns| table.kind == TableKind::Table && !columns.is_empty()) else {
        return false;
    };
    let scans = query.resolution.scans.iter().filter(|scan| scan.table == name);
    let read: Vec<&String> = scans.flat_map(|scan| scan.columns.keys()).collect();
    leaves(columns).iter().all(|leaf| read.iter().any(|path| path.eq_ignore_ascii_case(&leaf.path)))
}
