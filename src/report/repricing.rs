//! What a change does to the costs of queries, as every format says it: one row for each query, the largest difference
//! first, and the sum.

use super::grid::Grid;
use super::json::{Place, Range, place, range, usd};
use super::place::Places;
use super::text::{BOLD, TextOptions};
use super::{Report, amount, clean};
use crate::diagnostic::Subject;
use crate::estimate::Estimate;
use crate::estimate::monthly::Usd;
use crate::estimate::repricing::{Cause, Difference, Kind, Repriced, Repricing, Sum, difference_of_usd};
use serde::Serialize;
use std::cmp::Reverse;
use std::fmt::Write as _;

/// Characters of a name or a reason in a row.
const MAX_NAME: usize = 60;
const MAX_WHY: usize = 110;

/// The table of a terminal; nothing where nothing has changed.
pub(super) fn text(report: &Report, options: &TextOptions) -> String {
    let Some(repricing) = report.repricing.as_ref().filter(|repricing| !repricing.is_empty()) else { return String::new() };
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
pub(super) fn grid(repricing: &Repricing, limit: usize) -> (Grid, usize) {
    let by_month = has_months(repricing);
    let cost = if by_month { "cost a month" } else { "cost per run" };
    let mut sorted: Vec<&Repriced> = repricing.queries.iter().collect();
    sorted.sort_by_key(|repriced| Reverse(weight(repriced)));
    let n_left = sorted.len().saturating_sub(limit);
    let rows = sorted.into_iter().take(limit).map(|repriced| row(repriced, by_month)).collect();
    let grid = Grid::new(&["query", "bytes", "difference", cost, "difference", "why"], rows);
    (Grid { figures: vec![1, 2, 3, 4], ..grid }, n_left)
}

/// Whether any month is known; otherwise the cost of a run is shown.
fn has_months(repricing: &Repricing) -> bool {
    repricing.queries.iter().any(|repriced| {
        [&repriced.base, &repriced.head].into_iter().flatten().any(|side| side.runs_per_month.is_some_and(|runs| runs > 0.0))
    })
}

/// What is large comes first: by the month, by the run, by the bytes. Money in millionths of a dollar, as it is sorted.
fn weight(repriced: &Repriced) -> (u64, u64, u64) {
    // A float beyond u64 becomes its end.
    let money = |sides: [Option<Usd>; 2]| match sides {
        [Some(base), Some(head)] => (ends(difference_of_usd(base, head)).map(f64::abs).fold(0.0, f64::max) * 1e6) as u64,
        _ => 0,
    };
    let bytes = repriced.bytes().map_or(0, |bytes| ends(bytes).map(i64::unsigned_abs).max().unwrap_or(0));
    (money(repriced.usd_per_month()), money(repriced.usd_per_run()), bytes)
}

fn ends<T>(difference: Difference<T>) -> impl Iterator<Item = T> {
    difference.low.into_iter().chain(difference.high)
}

fn row(repriced: &Repriced, by_month: bool) -> Vec<String> {
    let usd = if by_month { repriced.usd_per_month() } else { repriced.usd_per_run() };
    let cost = |estimate: &Estimate| if by_month { amount::cost_per_month(estimate) } else { amount::cost(estimate) };
    let of_usd = match usd {
        [Some(base), Some(head)] => amount::difference(difference_of_usd(base, head), amount::signed_usd),
        _ => "unknown".to_owned(),
    };
    vec![
        repriced.query().map(|query| clean::shortened(&query.to_string(), MAX_NAME).into_owned()).unwrap_or_default(),
        sides(repriced, |estimate| amount::bounds(estimate.bytes, estimate.accuracy)),
        repriced.bytes().map_or("unknown".to_owned(), |bytes| amount::difference(bytes, amount::signed_bytes)),
        sides(repriced, cost),
        of_usd,
        clean::clipped(&why(repriced), MAX_WHY).into_owned(),
    ]
}

/// `21.2 MiB → 1.20 GiB`.
fn sides(repriced: &Repriced, show: impl Fn(&Estimate) -> String) -> String {
    match [&repriced.base, &repriced.head].map(|side| side.as_ref().map(&show)) {
        [Some(base), Some(head)] if base == head => head,
        [Some(base), Some(head)] => format!("{base} → {head}"),
        [Some(only), None] => format!("{only} → none"),
        [None, only] => format!("none → {}", only.unwrap_or_default()),
    }
}

fn why(repriced: &Repriced) -> String {
    let more = match repriced.causes.len() {
        0 | 1 => String::new(),
        n => format!(", and {} more", n - 1),
    };
    match (repriced.kind(), repriced.causes.first()) {
        (Kind::Added, _) => "it is new".to_owned(),
        (Kind::Removed, _) => "it is gone".to_owned(),
        (_, Some(cause)) => format!("{}{more}", cause.text),
        (_, None) => String::new(),
    }
}

/// The sum, and what it leaves out: parts of one sentence.
pub(super) fn remarks(repricing: &Repricing) -> Vec<String> {
    let (sum, unit) = match has_months(repricing) {
        true => (repricing.per_month(), "a month before the free tier"),
        false => (repricing.per_run(), "for one run of each"),
    };
    let mut remarks = Vec::new();
    if sum.n_counted > 0 {
        let [base, head] = [sum.base, sum.head].map(amount::usd_between);
        let difference = amount::difference(difference_of_usd(sum.base, sum.head), amount::signed_usd);
        let queries = amount::count(sum.n_counted, "query");
        remarks.push(format!("{queries} in all: {base} → {head} {unit}, {difference}"));
    }
    if sum.n_unknown > 0 {
        let queries = amount::count(sum.n_unknown, if sum.n_counted > 0 { "more query" } else { "query" });
        remarks.push(format!(
            "{queries} of which the cost {} is not known, or has no upper bound",
            unit.split(' ').take(2).collect::<Vec<_>>().join(" ")
        ));
    }
    if repricing.n_rewritten_alike > 0 {
        remarks.push(format!("{} rewritten at the same cost", amount::count(repricing.n_rewritten_alike, "query")));
    }
    remarks
}

/// Queries whose figures differ from those of the base.
#[derive(Serialize)]
pub(super) struct JsonRepricing<'a> {
    queries: Vec<JsonRepriced<'a>>,
    rewritten_at_the_same_cost: usize,
    cost_usd: JsonSum,
    cost_usd_per_month: JsonSum,
}

/// Over the queries of which both sides are known and bounded; `unknown` are the others.
#[derive(Serialize)]
struct JsonSum {
    base: Range<f64>,
    head: Range<f64>,
    difference: JsonDifference<f64>,
    queries: usize,
    unknown: usize,
}

#[derive(Serialize)]
struct JsonRepriced<'a> {
    name: String,
    /// `added`, `removed`, `rewritten`, or `repriced` where its own text is the same.
    kind: &'static str,
    /// In the head, or in the base where the query is gone.
    #[serde(flatten)]
    place: Option<Place<'a>>,
    base: Option<JsonSide>,
    head: Option<JsonSide>,
    difference: JsonDifferences,
    causes: Vec<JsonCause<'a>>,
}

#[derive(Serialize)]
struct JsonSide {
    name: String,
    bytes_processed: Range<u64>,
    bytes_billed: Range<u64>,
    accuracy: &'static str,
    cost_usd: Option<Range<f64>>,
    runs_per_month: Option<f64>,
    cost_usd_per_month: Option<Range<f64>>,
}

/// Null where one of the sides is not known.
#[derive(Serialize)]
struct JsonDifferences {
    bytes_processed: Option<JsonDifference<i64>>,
    cost_usd: Option<JsonDifference<f64>>,
    cost_usd_per_month: Option<JsonDifference<f64>>,
}

/// Head less base; an end is null where nothing limits it.
#[derive(Serialize)]
struct JsonDifference<T> {
    low: Option<T>,
    high: Option<T>,
}

#[derive(Serialize)]
struct JsonCause<'a> {
    kind: &'static str,
    subject: String,
    message: &'a str,
    base: Option<Place<'a>>,
    head: Option<Place<'a>>,
}

pub(super) fn json<'a>(places: &Places<'a>, repricing: &'a Repricing) -> JsonRepricing<'a> {
    JsonRepricing {
        queries: repricing.queries.iter().map(|one| repriced(places, one)).collect(),
        rewritten_at_the_same_cost: repricing.n_rewritten_alike,
        cost_usd: sum(repricing.per_run()),
        cost_usd_per_month: sum(repricing.per_month()),
    }
}

fn sum(sum: Sum) -> JsonSum {
    let Sum { base, head, n_counted, n_unknown } = sum;
    let difference = json_difference(difference_of_usd(base, head));
    JsonSum { base: usd(base), head: usd(head), difference, queries: n_counted, unknown: n_unknown }
}

fn repriced<'a>(places: &Places<'a>, repriced: &'a Repriced) -> JsonRepriced<'a> {
    let of_usd = |sides: [Option<Usd>; 2]| match sides {
        [Some(base), Some(head)] => Some(json_difference(difference_of_usd(base, head))),
        _ => None,
    };
    JsonRepriced {
        name: repriced.query().map(ToString::to_string).unwrap_or_default(),
        kind: repriced.kind().name(),
        place: repriced.span().map(|span| place(places, span)),
        base: repriced.base.as_ref().map(side),
        head: repriced.head.as_ref().map(side),
        difference: JsonDifferences {
            bytes_processed: repriced.bytes().map(json_difference),
            cost_usd: of_usd(repriced.usd_per_run()),
            cost_usd_per_month: of_usd(repriced.usd_per_month()),
        },
        causes: repriced.causes.iter().map(|one| cause(places, one)).collect(),
    }
}

fn side(estimate: &Estimate) -> JsonSide {
    JsonSide {
        name: estimate.query.to_string(),
        bytes_processed: range(estimate.bytes),
        bytes_billed: range(estimate.billed),
        accuracy: amount::accuracy(estimate.accuracy),
        cost_usd: estimate.cost_usd.map(|(low, high)| Range { low, high }),
        runs_per_month: estimate.runs_per_month,
        cost_usd_per_month: estimate.cost_usd_per_month().map(usd),
    }
}

fn cause<'a>(places: &Places<'a>, cause: &'a Cause) -> JsonCause<'a> {
    let Cause { kind, subject, text, base, head } = cause;
    let at = |span: &Option<crate::text::Span>| span.map(|span| place(places, span));
    JsonCause { kind: kind.name(), subject: Subject::to_string(subject), message: text, base: at(base), head: at(head) }
}

fn json_difference<T>(difference: Difference<T>) -> JsonDifference<T> {
    JsonDifference { low: difference.low, high: difference.high }
}
