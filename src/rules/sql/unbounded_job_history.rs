//! A view of the history of jobs is read without a condition on the column that it is partitioned by.

use super::subject;
use crate::model::Query;
use crate::rules::{Context, Sink};
use crate::sql::{Scan, ScanKind, metadata};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    // A view may leave the filter to those who query it.
    for query in context.head.queries.values().filter(|query| !query.is_body) {
        for scan in query.resolution.scans.iter().filter(|scan| scan.kind == ScanKind::InformationSchema) {
            check_scan(context, query, scan, sink);
        }
    }
}

/// A model of dbt is a view, unless its configuration says otherwise.
fn check_scan(context: &Context<'_>, query: &Query, scan: &Scan, sink: &mut Sink<'_>) {
    let Some(column) = metadata::view(&scan.table).and_then(|view| view.partition_column.as_deref()) else { return };
    if scan.predicates.iter().any(|predicate| predicate.column.eq_ignore_ascii_case(column)) {
        return;
    }
    let span = query.map.span(scan.range.clone());
    let gap = query.resolution.unresolved.first().map(|gap| gap.message.clone());
    let is_model = || context.files.get(query.span.file).text.contains("{{");
    let of_model = || is_model().then(|| "nothing says whether this template is run, or a view that others filter".to_owned());
    if let Some(why) = gap.or_else(of_model) {
        sink.not_checked(&subject(query), why, Some(span));
        return;
    }
    let message = format!("`{}` is read without a condition on `{column}`: the whole history of 180 days is read", scan.table);
    let diagnostic = sink.report(subject(query), span, message);
    diagnostic.help(format!("add `{column} >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 30 DAY)`, or the days that are meant"));
    diagnostic.detail(scan.table.clone());
}
