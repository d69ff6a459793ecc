//! `SELECT *` on a base table: every column is read, and billed.

use super::subject;
use crate::model::Query;
use crate::rules::{Context, Sink};
use crate::sql::{Star, StatementKind};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for query in context.head.queries.values() {
        // A view, a copy or an insert may want every column; only what is read by people and dashboards is judged.
        if !matches!(query.statement.kind, StatementKind::Select | StatementKind::ExportData) {
            continue;
        }
        for star in query.resolution.stars.iter().filter(|star| !star.has_except) {
            report(query, star, sink);
        }
    }
}

fn report(query: &Query, star: &Star, sink: &mut Sink<'_>) {
    let tables: Vec<String> = star.tables.iter().map(|table| format!("`{table}`")).collect();
    let message = format!("`*` reads every column of {}", tables.join(", "));
    sink.report(subject(query), query.map.span(star.range.clone()), message).detail(star.tables.join(","));
}
