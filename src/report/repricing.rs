//! What a change does to the costs of queries, as every format says it: one row for each query, the largest difference
//! first, and the sum.

use super::grid::Grid;
use super::json::{place, range, usd};
use super::place::Places;
use super::text::{BOLD, TextOptions};
use super::told::{Cause, Differences, Priced, Range, Repriced, Repricing, Span, Sum};
use super::{amount, clean};
use crate::estimate::monthly::Usd;
use crate::estimate::repricing::{self, difference_of_usd};
use crate::estimate::{Accuracy, Bounds, Estimate};
use std::cmp::Reverse;
use std::fmt::Write as _;

/// Characters of a name or a reason in a row.
const MAX_NAME: usize = 60;
const MAX_WHY: usize = 110;

/// The table of a terminal; nothing where nothing has changed.
pub(super) fn text(repricing: Option<&Repricing<'_>>, options: &TextOptions) -> String {
    let Some(repricing) = repricing.filter(|repricing| !repricing.queries.is_empty()) else { return String::new() };
    let (grid, n_left) = grid(repricing, options.limit);
    let mut out = format!("{}\n{}", options.paint(BOLD, "changed costs"), grid.text(options));
    if n_left > 0 {
        let _ = writeln!(out, "  … and {}; `--format json` has all of them", amount::count(n_left, "more query"));
    }
    for remark in remarks(repricing) {
        let _ = writeln!(out, "  {}", clean::line(&remark));
    }
    out.push('\n');
    out
}

/// At most so many rows, and how many are left out.
fn grid(repricing: &Repricing<'_>, limit: usize) -> (Grid, usize) {
    let by_month = has_months(repricing);
    let cost = if by_month { "cost a month" } else { "cost per run" };
    let n_left = repricing.queries.len().saturating_sub(limit);
    let rows = by_weight(repricing).into_iter().take(limit).map(|repriced| row(repriced, by_month)).collect();
    let grid = Grid::new(&["query", "bytes", "difference", cost, "difference", "why"], rows);
    (Grid { figures: vec![1, 2, 3, 4], ..grid }, n_left)
}

/// Whether any month is known; otherwise the cost of a run is shown.
pub(super) fn has_months(repricing: &Repricing<'_>) -> bool {
    let runs = |side: &Option<Priced<'_>>| side.as_ref().and_then(|side| side.runs_per_month).is_some_and(|runs| runs > 0.0);
    repricing.queries.iter().any(|repriced| runs(&repriced.base) || runs(&repriced.head))
}

/// Whether there is a figure on neither side: a row would say nothing but that.
pub(super) fn is_unknown(repriced: &Repriced<'_>) -> bool {
    let mut sides = repriced.base.iter().chain(&repriced.head);
    sides.all(|side| amount::accuracy_of(&side.accuracy) == Accuracy::Unknown)
}

/// What is large comes first: by the month, by the run, by the bytes.
pub(super) fn by_weight<'a>(repricing: &'a Repricing<'_>) -> Vec<&'a Repriced<'a>> {
    let mut sorted: Vec<&Repriced<'_>> = repricing.queries.iter().collect();
    sorted.sort_by_key(|repriced| Reverse(weight(&repriced.difference)));
    sorted
}

/// Money in millionths of a dollar, as it is sorted.
fn weight(difference: &Differences) -> (u64, u64, u64) {
    // A float beyond u64 becomes its end.
    let money = |span: Option<Span<f64>>| (ends(span).map(f64::abs).fold(0.0, f64::max) * 1e6) as u64;
    let bytes = ends(difference.bytes_processed).map(i64::unsigned_abs).max().unwrap_or(0);
    (money(difference.cost_usd_per_month), money(difference.cost_usd), bytes)
}

fn ends<T>(span: Option<Span<T>>) -> impl Iterator<Item = T> {
    span.into_iter().flat_map(|span| span.low.into_iter().chain(span.high))
}

fn row(repriced: &Repriced<'_>, by_month: bool) -> Vec<String> {
    vec![
        name(repriced),
        bytes(repriced),
        more_bytes(repriced),
        cost(repriced, by_month),
        more_cost(repriced, by_month),
        why(repriced),
    ]
}

pub(super) fn name(repriced: &Repriced<'_>) -> String {
    clean::shortened(&repriced.name, MAX_NAME).into_owned()
}

pub(super) fn bytes(repriced: &Repriced<'_>) -> String {
    sides(repriced, |side| amount::bounds(side.bytes_processed.into(), amount::accuracy_of(&side.accuracy)))
}

pub(super) fn more_bytes(repriced: &Repriced<'_>) -> String {
    let bytes = repriced.difference.bytes_processed;
    bytes.map_or("unknown".to_owned(), |bytes| amount::difference(bytes.into(), amount::signed_bytes))
}

pub(super) fn cost(repriced: &Repriced<'_>, by_month: bool) -> String {
    sides(repriced, |side| cost_of(side, by_month))
}

pub(super) fn more_cost(repriced: &Repriced<'_>, by_month: bool) -> String {
    let Differences { cost_usd, cost_usd_per_month, .. } = repriced.difference;
    let usd = if by_month { cost_usd_per_month } else { cost_usd };
    usd.map_or("unknown".to_owned(), |usd| amount::difference(usd.into(), amount::signed_usd))
}

/// `300 runs`, or `30 runs → 300 runs`; nothing where that is not known.
pub(super) fn runs(repriced: &Repriced<'_>) -> String {
    sides(repriced, |side| {
        side.runs_per_month.map_or("unknown".to_owned(), |runs| amount::runs(runs).replace(" runs", "").replace(" run", ""))
    })
}

fn cost_of(side: &Priced<'_>, by_month: bool) -> String {
    if by_month && Bounds::from(side.bytes_billed) == Bounds::ZERO {
        return amount::usd(0.0);
    }
    let usd = if by_month { side.cost_usd_per_month } else { side.cost_usd };
    amount::money(usd.map(Usd::from), amount::accuracy_of(&side.accuracy))
}

/// `21.2 MiB → 1.20 GiB`.
fn sides(repriced: &Repriced<'_>, show: impl Fn(&Priced<'_>) -> String) -> String {
    match [&repriced.base, &repriced.head].map(|side| side.as_ref().map(&show)) {
        [Some(base), Some(head)] if base == head => head,
        [Some(base), Some(head)] => format!("{base} → {head}"),
        [Some(only), None] => format!("{only} → none"),
        [None, only] => format!("none → {}", only.unwrap_or_default()),
    }
}

pub(super) fn why(repriced: &Repriced<'_>) -> String {
    let more = match repriced.causes.len() {
        0 | 1 => String::new(),
        n => format!(", and {} more", n - 1),
    };
    let why = match (&*repriced.kind, repriced.causes.first()) {
        ("added", _) => "it is new".to_owned(),
        ("removed", _) => "it is gone".to_owned(),
        (_, Some(cause)) => format!("{}{more}", cause.message),
        (_, None) => String::new(),
    };
    clean::clipped(&why, MAX_WHY).into_owned()
}

/// The sum that is shown, and its unit.
pub(super) fn sum<'a>(repricing: &'a Repricing<'_>) -> (&'a Sum, &'static str) {
    match has_months(repricing) {
        true => (&repricing.cost_usd_per_month, "a month before the free tier"),
        false => (&repricing.cost_usd, "for one run of each"),
    }
}

/// The sum, and what it leaves out: parts of one sentence.
pub(super) fn remarks(repricing: &Repricing<'_>) -> Vec<String> {
    let (sum, unit) = sum(repricing);
    let mut remarks = Vec::new();
    if sum.queries > 0 {
        let [base, head] = [sum.base, sum.head].map(|side| amount::usd_between(side.into()));
        let difference = amount::difference(sum.difference.into(), amount::signed_usd);
        let queries = amount::count(sum.queries, "query");
        remarks.push(format!("{queries} in all: {base} → {head} {unit}, {difference}"));
    }
    if sum.unknown > 0 {
        let queries = amount::count(sum.unknown, if sum.queries > 0 { "more query" } else { "query" });
        let cost = if has_months(repricing) { "a month" } else { "of a run" };
        remarks.push(format!("{queries} of which the cost {cost} is not known, or has no upper bound"));
    }
    if repricing.rewritten_at_the_same_cost > 0 {
        remarks.push(format!("{} rewritten at the same cost", amount::count(repricing.rewritten_at_the_same_cost, "query")));
    }
    remarks
}

pub(super) fn told<'a>(places: &Places<'a>, repricing: &'a repricing::Repricing) -> Repricing<'a> {
    Repricing {
        queries: repricing.queries.iter().map(|one| repriced(places, one)).collect(),
        rewritten_at_the_same_cost: repricing.n_rewritten_alike,
        cost_usd: told_sum(repricing.per_run()),
        cost_usd_per_month: told_sum(repricing.per_month()),
    }
}

fn told_sum(sum: repricing::Sum) -> Sum {
    let repricing::Sum { base, head, n_counted, n_unknown } = sum;
    let difference = difference_of_usd(base, head).into();
    Sum { base: usd(base), head: usd(head), difference, queries: n_counted, unknown: n_unknown }
}

fn repriced<'a>(places: &Places<'a>, repriced: &'a repricing::Repriced) -> Repriced<'a> {
    let of_usd = |sides: [Option<Usd>; 2]| match sides {
        [Some(base), Some(head)] => Some(difference_of_usd(base, head).into()),
        _ => None,
    };
    Repriced {
        name: repriced.query().map(ToString::to_string).unwrap_or_default().into(),
        kind: repriced.kind().name().into(),
        place: repriced.span().map(|span| place(places, span)),
        base: repriced.base.as_ref().map(side),
        head: repriced.head.as_ref().map(side),
        difference: Differences {
            bytes_processed: repriced.bytes().map(Into::into),
            cost_usd: of_usd(repriced.usd_per_run()),
            cost_usd_per_month: of_usd(repriced.usd_per_month()),
        },
        causes: repriced.causes.iter().map(|one| cause(places, one)).collect(),
    }
}

fn side(estimate: &Estimate) -> Priced<'_> {
    Priced {
        name: estimate.query.to_string().into(),
        bytes_processed: range(estimate.bytes),
        bytes_billed: range(estimate.billed),
        accuracy: amount::accuracy(estimate.accuracy).into(),
        cost_usd: estimate.cost_usd.map(|(low, high)| Range { low, high }),
        runs_per_month: estimate.runs_per_month,
        cost_usd_per_month: estimate.cost_usd_per_month().map(usd),
    }
}

fn cause<'a>(places: &Places<'a>, cause: &'a repricing::Cause) -> Cause<'a> {
    let repricing::Cause { kind, subject, text, base, head } = cause;
    let at = |span: &Option<crate::text::Span>| span.map(|span| place(places, span));
    Cause { kind: kind.name().into(), subject: subject.to_string().into(), message: text.into(), base: at(base), head: at(head) }
}
