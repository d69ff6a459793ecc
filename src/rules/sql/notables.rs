//! What stands in a query and does nothing, or more than is meant: rules on single places.

use super::figure::{Figures, amount};
use super::{edit, subject};
use crate::config::OptionValue;
use crate::diagnostic::Applicability;
use crate::model::Query;
use crate::model::table::{TableKind, table_named};
use crate::rules::{Context, Sink};
use crate::sql::notable::{Cut, What};
use crate::sql::{Resolution, ScanKind};
use crate::text::Span;

/// Rows that no table of pairs should have.
const LARGE: u64 = 1_000_000_000;

/// The places of all queries.
fn each(context: &Context<'_>, sink: &mut Sink<'_>, mut judge: impl FnMut(&Query, &What, Span, &mut Sink<'_>)) {
    for query in context.head.queries.values() {
        for notable in &query.resolution.notables {
            judge(query, &notable.what, query.map.span(notable.range.clone()), sink);
        }
    }
}

pub(in crate::rules) fn idle_order_by(context: &Context<'_>, sink: &mut Sink<'_>) {
    each(context, sink, |query, what, span, sink| {
        let What::IdleOrder { cut } = what else { return };
        let message = "rows of a subquery are put in an order that the query around it does not keep";
        let diagnostic = sink.report(subject(query), span, message);
        // What follows may have come to rely on the order that rows happen to keep.
        let without = |cut: &Cut| edit::replace(query, cut.start..cut.end, "", "take the `ORDER BY` out", Applicability::Unsafe);
        cut.as_ref().and_then(without).into_iter().for_each(|fix| _ = diagnostic.fix(fix));
    });
}

pub(in crate::rules) fn unlimited_order_by(context: &Context<'_>, sink: &mut Sink<'_>) {
    each(context, sink, |query, what, span, sink| {
        if *what == What::OuterOrder && !query.is_body {
            sink.report(subject(query), span, "all rows of the result are put in order, on one worker");
        }
    });
}

pub(in crate::rules) fn repeated_subquery(context: &Context<'_>, sink: &mut Sink<'_>) {
    each(context, sink, |query, what, span, sink| {
        if let What::RepeatedCte { name, count } = what {
            let message = format!("`{name}` is named {count} times, and may be computed as often");
            sink.report(subject(query), span, message).detail(name.clone());
        }
    });
}

pub(in crate::rules) fn exact_distinct_count(context: &Context<'_>, sink: &mut Sink<'_>) {
    each(context, sink, |query, what, span, sink| {
        if *what == What::CountDistinct {
            sink.report(subject(query), span, "`COUNT(DISTINCT …)` keeps every value to count them exactly");
        }
    });
}

pub(in crate::rules) fn exact_quantiles(context: &Context<'_>, sink: &mut Sink<'_>) {
    each(context, sink, |query, what, span, sink| {
        if *what == What::Ntile {
            sink.report(subject(query), span, "`NTILE` puts all rows of a window in order, on one worker");
        }
    });
}

pub(in crate::rules) fn semi_join_with_duplicates(context: &Context<'_>, sink: &mut Sink<'_>) {
    each(context, sink, |query, what, span, sink| {
        if *what == What::SemiJoin {
            sink.report(subject(query), span, "the subquery of `IN` may give each value many times");
        }
    });
}

pub(in crate::rules) fn regular_expression_for_text(context: &Context<'_>, sink: &mut Sink<'_>) {
    each(context, sink, |query, what, span, sink| {
        if let What::PlainPattern(text) = what {
            let message = format!("a regular expression looks for the plain text `{text}`");
            sink.report(subject(query), span, message).help(format!("`LIKE '%{text}%'` is cheaper")).detail(text.clone());
        }
    });
}

pub(in crate::rules) fn unconditional_cross_join(context: &Context<'_>, sink: &mut Sink<'_>) {
    each(context, sink, |query, what, span, sink| {
        let What::CrossJoin { left, right, is_spelled } = what else { return };
        let rows = |name: &str| table_named(&context.head.tables, name).and_then(|table| table.statistics.as_ref()?.rows);
        let n_rows = rows(left).zip(rows(right)).map(|(left, right)| left.saturating_mul(right));
        // `CROSS JOIN` says that all pairs are meant: only where they are very many is that to be doubted.
        if n_rows.map_or(*is_spelled, |n_rows| n_rows < LARGE) {
            return;
        }
        let makes = n_rows.map_or_else(String::new, |n_rows| format!(", {} rows", crate::text::grouped(n_rows)));
        let message = format!("each row of `{left}` is joined with each row of `{right}`{makes}");
        sink.report(subject(query), span, message).detail(format!("{left} {right}"));
    });
}

pub(in crate::rules) fn limit_that_saves_nothing(context: &Context<'_>, sink: &mut Sink<'_>) {
    let figures = Figures::of(context);
    let gib = number(sink, "gib");
    each(context, sink, |query, what, span, sink| {
        if *what != What::PlainLimit || query.is_body {
            return;
        }
        // Of a clustered table, reading stops when there are rows enough.
        let is_heap = |name: &str| {
            let table = table_named(&context.head.tables, name);
            table.is_some_and(|table| table.kind == TableKind::Table && table.clustering.is_absent())
        };
        let scans = &query.resolution.scans;
        let is_judged = scans.iter().all(|scan| scan.kind == ScanKind::Table && is_heap(&scan.table));
        let Some(estimate) = figures.estimate(query).filter(|_| is_judged) else { return };
        if let Some(read) = amount(estimate.bytes).filter(|_| estimate.bytes.low >= gib << 30) {
            let message = format!("`LIMIT` limits what is shown: {read} are read all the same{}", figures.price(query));
            sink.report(subject(query), span, message);
        }
    });
}

/// The option of this name, a number from nought on.
fn number(sink: &Sink<'_>, name: &str) -> u64 {
    match sink.option(name) {
        Some(OptionValue::Int(number)) => u64::try_from(*number).unwrap_or(0),
        _ => 0,
    }
}

pub(in crate::rules) fn payload_read_for_fields(context: &Context<'_>, sink: &mut Sink<'_>) {
    let figures = Figures::of(context);
    let (gib, n_fields) = (number(sink, "gib"), usize::try_from(number(sink, "fields")).unwrap_or(usize::MAX));
    each(context, sink, |query, what, span, sink| {
        let What::PayloadFields { table, column, count } = what else { return };
        if query.is_body || *count < n_fields {
            return;
        }
        let without = |resolution: &mut Resolution| {
            resolution.scans.iter_mut().filter(|scan| scan.table == *table).for_each(|scan| _ = scan.columns.remove(column));
        };
        if let Some(saved) = figures.saved(query, gib << 30, without) {
            let message = format!("`{column}` of `{table}` is read whole for {count} values in it, {saved}");
            sink.report(subject(query), span, message).detail(format!("{table} {column}"));
        }
    });
}
