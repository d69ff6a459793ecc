//! A partitioned table is read without a condition on its partition column: every partition is read, and billed.

use super::figure::Figures;
use super::partitions::{self, PartitionedScan, gap};
use super::{fills_table, subject};
use crate::model::Query;
use crate::rules::{Context, Sink};
use crate::sql::{Scan, StatementKind};
use std::collections::BTreeSet;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let figures = Figures::of(context);
    // A view may leave the filter to those who query it.
    for query in context.head.queries.values().filter(|query| !query.is_body) {
        // A statement that builds a table anew may mean to read everything.
        let is_read = matches!(query.statement.kind, StatementKind::Select | StatementKind::ExportData);
        let is_filling = fills_table(query, context);
        // A view may read a table several times, each at the place that names the view.
        let mut seen = BTreeSet::new();
        for partitioned in partitions::scans(query, context.head) {
            let may_want_all = is_filling && !partitioned.is_of_a_time();
            let is_judged = is_read && partitioned.reads() && !may_want_all || partitioned.is_demanded();
            // What is wrong with a filter that is there is said where it stands.
            let place = (partitioned.scan.range.start, &partitioned.table.id);
            if is_judged && partitioned.named().next().is_none() && seen.insert(place) {
                check_scan(query, &partitioned, figures, sink);
            }
        }
    }
}

fn check_scan(query: &Query, partitioned: &PartitionedScan<'_>, figures: Figures<'_>, sink: &mut Sink<'_>) {
    let PartitionedScan { scan, table, .. } = partitioned;
    if let Some(gap) = gap(query, scan) {
        return sink.not_checked(&subject(query), gap.message.clone(), Some(query.map.span(gap.range.clone())));
    }
    let (column, is_demanded) = (partitioned.column(), partitioned.is_demanded());
    let then = if is_demanded {
        "the table demands one, so the query fails".to_owned()
    } else {
        format!("every partition is read{}", figures.now(query))
    };
    let behind = if scan.is_direct { "" } else { ", which stands behind this name," };
    let message = format!("`{}`{behind} is read without a filter on its partition column `{column}`: {then}", table.id);
    let is_it = |other: &Scan| other.range == scan.range && other.table == scan.table;
    let after = figures.with_one_partition(query, table, is_it).map_or_else(String::new, |after| format!("; {after}"));
    let diagnostic = sink.report(subject(query), query.map.span(scan.range.clone()), message);
    diagnostic.help(format!("add a condition on `{column}` with a constant: a date, a parameter, `CURRENT_DATE()`{after}"));
    diagnostic.detail(table.id.to_string());
    let demand = table.require_partition_filter.span().filter(|_| is_demanded);
    let demand = demand.map(|span| (span, "the table demands a filter here"));
    if let Some((span, text)) = demand.or(table.partitioning.span().map(|span| (span, "the partitioning"))) {
        diagnostic.related(span, text);
    }
}
