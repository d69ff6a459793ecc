//! Exports of billing: how much of them is read, and what is added up.

use super::{gap, reckonings, subject};
use crate::model::Query;
use crate::model::table::table_named;
use crate::rules::{Context, Sink};
use crate::sql::reckoning::{Named, Reckoning, SourceKind, Sum};
use crate::sql::{Scan, ScanKind};
use std::collections::BTreeSet;

/// By which alone the rows of an export are cut into partitions.
const ARRIVAL: [&str; 2] = ["_PARTITIONTIME", "_PARTITIONDATE"];

pub(in crate::rules) fn unbounded_billing_export(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (query, reckoning) in reckonings(context).filter(|(query, _)| !query.is_body) {
        for scan in query.resolution.scans.iter().filter(|scan| is_export(reckoning, scan)) {
            let is_defined =
                table_named(&context.head.tables, &scan.table).is_some_and(|table| table.partitioning.value().is_some());
            if !is_defined {
                check_export(context, query, scan, sink);
            }
        }
    }
}

fn check_export(context: &Context<'_>, query: &Query, scan: &Scan, sink: &mut Sink<'_>) {
    let is_arrival = |name: &str| ARRIVAL.iter().any(|arrival| arrival.eq_ignore_ascii_case(name));
    if scan.predicates.iter().any(|predicate| is_arrival(&predicate.column)) {
        return;
    }
    let span = query.map.span(scan.range.clone());
    let is_model = || context.files.get(query.span.file).text.contains("{{");
    let of_model = || is_model().then(|| "nothing says whether this template is run, or a view that others filter".to_owned());
    if let Some(why) = gap(context, query).map(|gap| gap.message.clone()).or_else(of_model) {
        return sink.not_checked(&subject(query), why, Some(span));
    }
    let message = format!("`{}` is read without a condition on `_PARTITIONTIME`: all that was ever exported is read", scan.table);
    let diagnostic = sink.report(subject(query), span, message);
    diagnostic.help(
        "add a condition on `_PARTITIONTIME` that begins with the days of usage that are meant and ends some days after them, since rows come late",
    );
    diagnostic.detail(scan.table.clone());
}

fn is_export(reckoning: &Reckoning, scan: &Scan) -> bool {
    reckoning
        .sources
        .iter()
        .any(|source| source.kind == SourceKind::BillingExport && source.range == scan.range && !source.is_elsewhere)
}

pub(in crate::rules) fn usage_by_export_time(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (query, reckoning) in reckonings(context) {
        let is_sum_of_cost = |select: usize| reckoning.sums.iter().any(|sum| sum.select == select && cost(sum).is_some());
        for key in reckoning.keys.iter().filter(|key| is_sum_of_cost(key.select)) {
            let Some(named) = key.columns.iter().find(|named| is_exported(named, "export_time")) else { continue };
            let message = "costs are grouped by `export_time`, which is when a row was written, and not when it was used";
            let diagnostic = sink.report(subject(query), query.map.span(named.range.clone()), message);
            diagnostic.help("group by `usage_start_time`, or by `invoice.month` to meet the invoice");
            diagnostic.detail("export_time");
        }
    }
}

pub(in crate::rules) fn cost_multiplied_by_credits(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (query, reckoning) in reckonings(context) {
        for sum in &reckoning.sums {
            let array = reckoning.arrays.iter().find(|array| array.select == sum.select && is_exported(&array.column, "credits"));
            let (Some(array), Some(_)) = (array, cost(sum)) else { continue };
            let message = "`cost` of a row is added once for each of its `credits`, and not at all where it has none and the join is not an outer one";
            let diagnostic = sink.report(subject(query), query.map.span(sum.range.clone()), message);
            diagnostic.help("add up the credits inside the row: `SUM(cost) + SUM(IFNULL((SELECT SUM(credit.amount) FROM UNNEST(credits) AS credit), 0))`");
            diagnostic.related(query.map.span(array.column.range.clone()), "the rows are multiplied here");
            diagnostic.detail("credits");
        }
    }
}

fn cost(sum: &Sum) -> Option<&Named> {
    sum.columns.iter().find(|named| is_exported(named, "cost"))
}

fn is_exported(named: &Named, column: &str) -> bool {
    named.kind == SourceKind::BillingExport && named.column == column
}

pub(in crate::rules) fn several_currencies(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (query, reckoning) in reckonings(context) {
        for sum in reckoning.sums.iter().filter(|sum| cost(sum).is_some()) {
            let sources: BTreeSet<usize> = sum.columns.iter().map(|named| named.source).collect();
            if !are_of_several_accounts(reckoning, &sources) || tells_currency(reckoning, sum, &sources) {
                continue;
            }
            let message = "costs of several billing accounts are added up, and each account has a currency of its own";
            let diagnostic = sink.report(subject(query), query.map.span(sum.range.clone()), message);
            diagnostic.help("group by `currency`, or add up `cost / currency_conversion_rate`, which is in US dollars");
            diagnostic.detail("currency");
        }
    }
}

/// A star stands for accounts, or two of them are named.
fn are_of_several_accounts(reckoning: &Reckoning, sources: &BTreeSet<usize>) -> bool {
    let names = sources.iter().filter_map(|source| reckoning.sources.get(*source)?.path.last());
    let names: BTreeSet<&str> = names.map(|name| name.rsplit('.').next().unwrap_or_default()).collect();
    names.len() > 1 || names.iter().any(|name| name.ends_with('*'))
}

fn tells_currency(reckoning: &Reckoning, sum: &Sum, sources: &BTreeSet<usize>) -> bool {
    let is_currency = |named: &&Named| {
        sources.contains(&named.source) && ["currency", "currency_conversion_rate"].contains(&named.column.as_str())
    };
    let keys = reckoning.keys.iter().flat_map(|key| &key.columns);
    let tests = reckoning.tests.iter().flat_map(|test| &test.columns);
    sum.columns.iter().chain(keys).chain(tests).any(|named| is_currency(&named))
}

/// The tables of one account: the standard export and the detailed one, which holds the same costs by resource.
const EXPORTS: [&str; 2] = ["gcp_billing_export_v1_", "gcp_billing_export_resource_v1_"];

pub(in crate::rules) fn overlapping_billing_exports(context: &Context<'_>, sink: &mut Sink<'_>) {
    for query in context.head.queries.values() {
        for scan in query.resolution.scans.iter().filter(|scan| scan.kind == ScanKind::Wildcard) {
            let name = scan.table.rsplit('.').next().unwrap_or_default();
            let Some(stem) = name.strip_suffix('*') else { continue };
            let is_both = stem.len() >= "gcp_billing".len() && EXPORTS.iter().all(|export| export.starts_with(stem));
            let is_chosen = scan.predicates.iter().any(|predicate| predicate.column.eq_ignore_ascii_case("_TABLE_SUFFIX"));
            if !is_both || is_chosen {
                continue;
            }
            let message = format!(
                "`{name}` is the standard export and the detailed one, which hold the same costs: they are counted twice"
            );
            let diagnostic = sink.report(subject(query), query.map.span(scan.range.clone()), message);
            diagnostic.help(format!("name one of them: `{}…`", EXPORTS[0]));
            diagnostic.detail(name.to_owned());
        }
    }
}
