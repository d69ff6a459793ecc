//! A partitioned table is read without a condition on its partition column: every partition is read, and billed.

use super::subject;
use crate::model::Query;
use crate::model::table::{Partitioning, Table, table_named};
use crate::rules::{Context, Sink};
use crate::sql::{Predicate, Scan, StatementKind};

/// The pseudo-columns of tables that are partitioned by ingestion time.
const PSEUDO_COLUMNS: [&str; 2] = ["_PARTITIONTIME", "_PARTITIONDATE"];

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for query in context.head.queries.values() {
        // A view may leave the filter to those who query it.
        if query.is_body {
            continue;
        }
        for scan in &query.resolution.scans {
            let table = table_named(&context.head.tables, &scan.table);
            if let Some((table, partitioning)) = table.and_then(|table| Some((table, table.partitioning.value()?))) {
                check_scan(query, scan, table, partitioning, sink);
            }
        }
    }
}

fn check_scan(query: &Query, scan: &Scan, table: &Table, partitioning: &Partitioning, sink: &mut Sink<'_>) {
    let names_partition = |name: &str| match &partitioning.column {
        Some(column) => column.value.eq_ignore_ascii_case(name),
        None => PSEUDO_COLUMNS.iter().any(|pseudo| pseudo.eq_ignore_ascii_case(name)),
    };
    let is_demanded = table.require_partition_filter.value() == Some(&true) && !scan.is_target;
    // Counting rows reads no column, and no byte. A statement that builds a table anew may mean to read everything.
    let is_meant = !matches!(query.statement.kind, StatementKind::Select | StatementKind::ExportData);
    let is_free = (scan.columns.is_empty() || is_meant) && !is_demanded;
    let mut named = scan.predicates.iter().filter(|predicate| names_partition(&predicate.column)).peekable();
    let mixed = named.peek().copied();
    if is_free || named.any(|predicate| !is_mixed(scan, predicate)) {
        return;
    }
    if let Some(gap) = query.resolution.unresolved.first() {
        sink.not_checked(&subject(query), gap.message.clone(), Some(query.map.span(gap.range.clone())));
        return;
    }
    let column = partitioning.column.as_ref().map_or("_PARTITIONTIME", |column| column.value.as_str());
    let then = if is_demanded { "the table demands one, so the query fails" } else { "every partition is read" };
    let message = format!("`{}` is read without a filter on its partition column `{column}`: {then}", table.id);
    let diagnostic = sink.report(subject(query), query.map.span(scan.range.clone()), message);
    diagnostic.help(format!("add a condition on `{column}` with a constant: a date, a parameter, `CURRENT_DATE()`"));
    diagnostic.detail(table.id.to_string());
    if let Some(mixed) = mixed {
        diagnostic.related(query.map.span(mixed.range.clone()), "this names other columns as well, and rules out no partition");
    }
    let demand =
        table.require_partition_filter.span().filter(|_| is_demanded).map(|span| (span, "the table demands a filter here"));
    if let Some((span, text)) = demand.or(table.partitioning.span().map(|span| (span, "the partitioning"))) {
        diagnostic.related(span, text);
    }
}

/// Whether the condition names further columns of the table, as on the other side of an `OR`: then it prunes nothing.
fn is_mixed(scan: &Scan, predicate: &Predicate) -> bool {
    !predicate.is_constant
        && scan
            .predicates
            .iter()
            .any(|other| other.range == predicate.range && !other.column.eq_ignore_ascii_case(&predicate.column))
}
