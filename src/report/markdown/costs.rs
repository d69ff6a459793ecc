//! What queries cost: with a base what the change makes of it, else what they cost as they are.

use super::escape::{code, code_in_table, prose, prose_in_table};
use super::{Page, links::Links};
use crate::report::told::{Estimate, Place, Repriced};
use crate::report::{amount, clean, repricing, summary};
use std::cmp::Reverse;
use std::fmt::Write as _;

/// Queries that are only named.
const MAX_NAMES: usize = 6;
/// Characters of the name of a query.
const MAX_NAME: usize = 60;

pub(super) fn markdown(page: &Page<'_>) -> String {
    if page.told.repricing.is_some() { changed(page) } else { plain(page) }
}

/// The largest differences first.
fn changed(page: &Page<'_>) -> String {
    let Some(repricing) = page.told.repricing.as_ref().filter(|repricing| !repricing.queries.is_empty()) else {
        return String::new();
    };
    let (unknown, known): (Vec<_>, Vec<_>) =
        repricing::by_weight(repricing).into_iter().partition(|repriced| repricing::is_unknown(repriced));
    table(page, &known, repricing::has_months(repricing)) + &not_known(&unknown)
}

fn table(page: &Page<'_>, queries: &[&Repriced<'_>], by_month: bool) -> String {
    if queries.is_empty() {
        return String::new();
    }
    let (month, line, cost) = if by_month { ("runs | ", "--:|", "cost a month") } else { ("", "", "cost per run") };
    let mut out = format!("| query | bytes | difference | {month}{cost} | difference | why |\n|---|--:|--:|{line}--:|--:|---|\n");
    for repriced in queries.iter().take(page.detail.rows) {
        out += &row(page, repriced, by_month);
    }
    out.push('\n');
    match queries.len().saturating_sub(page.detail.rows) {
        0 => out,
        n => format!("{out}… and {}\n\n", amount::count(n, "more query")),
    }
}

/// Rows that would say "unknown" in every cell are a line.
fn not_known(queries: &[&Repriced<'_>]) -> String {
    if queries.is_empty() {
        return String::new();
    }
    let names: Vec<String> = queries.iter().take(MAX_NAMES).map(|one| code(&repricing::name(one))).collect();
    let more = match queries.len().saturating_sub(MAX_NAMES) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    format!("The cost of {} is not known: {}{more}.\n\n", amount::count(queries.len(), "changed query"), names.join(", "))
}

fn row(page: &Page<'_>, repriced: &Repriced<'_>, by_month: bool) -> String {
    let figures = [
        Some(repricing::bytes(repriced)),
        Some(repricing::more_bytes(repriced)),
        by_month.then(|| repricing::runs(repriced)),
        Some(repricing::cost(repriced, by_month)),
        Some(repricing::more_cost(repriced, by_month)),
        Some(repricing::why(repriced)),
    ];
    let cells: Vec<String> = figures.into_iter().flatten().map(|cell| prose_in_table(&cell)).collect();
    let side = if repriced.head.is_none() { page.told.base.as_ref().map(|base| &*base.commit) } else { None };
    let name = named(page, &repricing::name(repriced), repriced.place.as_ref(), side);
    format!("| {name} | {} |\n", cells.join(" | "))
}

fn named(page: &Page<'_>, name: &str, place: Option<&Place<'_>>, commit: Option<&str>) -> String {
    let name = code_in_table(name);
    let url = |links: &Links| links.url(&page.told.root, place?, commit);
    page.links.and_then(url).map_or_else(|| name.clone(), |url| format!("[{name}]({url})"))
}

/// The dearest queries first.
fn plain(page: &Page<'_>) -> String {
    let mut sorted: Vec<&Estimate<'_>> = page.told.estimates.iter().collect();
    if sorted.is_empty() {
        return String::new();
    }
    let high = |estimate: &Estimate<'_>| estimate.bytes_processed.high.unwrap_or(estimate.bytes_processed.low);
    sorted.sort_by_key(|estimate| Reverse((high(estimate), estimate.bytes_processed.low)));
    let has_runs = page.told.monthly.is_some();
    let (month, line) = if has_runs { ("cost a month | ", "--:|") } else { ("", "") };
    let mut out = format!("#### Queries\n\n| query | bytes | cost per run | {month}accuracy |\n|---|--:|--:|{line}---|\n");
    for estimate in sorted.iter().take(page.detail.rows) {
        out += &plain_row(page, estimate, has_runs);
    }
    if let n @ 1.. = sorted.len().saturating_sub(page.detail.rows) {
        let _ = write!(out, "\n… and {}\n", amount::count(n, "more query"));
    }
    if let Some(monthly) = &page.told.monthly {
        let _ = write!(out, "\nCost a month: {}.\n", prose(&summary::monthly(monthly).join("; ")));
    }
    out + "\n"
}

fn plain_row(page: &Page<'_>, estimate: &Estimate<'_>, has_runs: bool) -> String {
    let accuracy = amount::accuracy_of(&estimate.accuracy);
    let basis = estimate.basis.as_deref().map_or_else(String::new, |basis| format!(" ({basis})"));
    let month = match estimate.bytes_billed.high {
        Some(0) => Some(amount::usd(0.0)),
        _ => Some(amount::money(estimate.cost_usd_per_month.map(Into::into), accuracy)),
    };
    let cells = [
        Some(amount::bounds(estimate.bytes_processed.into(), accuracy)),
        Some(amount::money(estimate.cost_usd.map(Into::into), accuracy)),
        month.filter(|_| has_runs),
        Some(format!("{}{basis}", amount::accuracy(accuracy))),
    ];
    let cells: Vec<String> = cells.into_iter().flatten().map(|cell| prose_in_table(&cell)).collect();
    let line = estimate.line;
    let place = Place { path: (&*estimate.path).into(), line, column: 1, end_line: line, end_column: 1 };
    let name = named(page, &clean::shortened(&estimate.name, MAX_NAME), Some(&place), None);
    format!("| {name} | {} |\n", cells.join(" | "))
}
