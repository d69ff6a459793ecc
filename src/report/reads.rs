//! What the queries of the repository read of the custom quotas: a table for people where one comes near, and all of it for
//! programs.

use super::amount::{bytes, count};
use super::clean;
use super::grid::Grid;
use super::json::range;
use super::quotas::{WORTH_SHOWING, percent, share};
use super::text::{BOLD, TextOptions};
use super::told::{QueryReads, Range, Reads};
use crate::estimate::headroom::ReadUsage;
use crate::model::QueryId;
use crate::model::allowance::Holder;

/// Queries that a row names.
const MAX_QUERIES: usize = 3;
const TITLE: &str = "query quotas, on an average day";

/// Nothing while every quota is far.
pub(super) fn text(reads: &[Reads], options: &TextOptions) -> String {
    near(reads).map_or_else(String::new, |grid| format!("{}\n{}\n", options.paint(BOLD, TITLE), grid.text(options)))
}

pub(super) fn markdown(reads: &[Reads]) -> String {
    near(reads).map_or_else(String::new, |grid| format!("**Query quotas**, on an average day\n\n{}\n", grid.markdown()))
}

fn near(reads: &[Reads]) -> Option<Grid> {
    let near = reads.iter().filter(|reads| most(reads) >= WORTH_SHOWING);
    let rows: Vec<Vec<String>> = near.map(row).collect();
    let heading = ["of", "read a day", "limit", "used", "most by"];
    (!rows.is_empty()).then(|| Grid { figures: vec![1, 2, 3], ..Grid::new(&heading, rows) })
}

/// The share that may be used.
fn most(reads: &Reads) -> f64 {
    let high = reads.bytes_per_day.high.unwrap_or(reads.bytes_per_day.low);
    share(high, reads.limit)
}

fn row(reads: &Reads) -> Vec<String> {
    let most_by: Vec<String> = reads.queries.iter().take(MAX_QUERIES).map(named).collect();
    let more = match reads.queries.len().saturating_sub(MAX_QUERIES) {
        0 => String::new(),
        n_more => format!(" and {}", count(n_more, "more query")),
    };
    let unknown = match reads.statements_without_runs {
        0 => String::new(),
        n => format!("; {} without a schedule not counted", count(n, "statement")),
    };
    let most_by = format!("{}{more}{unknown}", most_by.join(", "));
    vec![reads.scope.clone(), between(reads.bytes_per_day), bytes(reads.limit), shares(reads), most_by]
}

fn named(reads: &QueryReads) -> String {
    format!("`{}` {}", clean::line(&clean::shortened(&reads.query, 60)), between(reads.bytes_per_day))
}

fn scope(usage: &ReadUsage) -> String {
    match (usage.holder, &usage.user, &usage.project) {
        (Holder::User, Some(user), _) => format!("user `{user}`"),
        (_, _, Some(project)) => format!("project `{project}`"),
        _ => "the project".to_owned(),
    }
}

fn between(range: Range<u64>) -> String {
    match range.high {
        None => format!("at least {}", bytes(range.low)),
        Some(high) if bytes(high) == bytes(range.low) => bytes(high),
        Some(high) => format!("{} to {}", bytes(range.low), bytes(high)),
    }
}

fn shares(reads: &Reads) -> String {
    let (low, high) = (percent(share(reads.bytes_per_day.low, reads.limit)), percent(most(reads)));
    match reads.bytes_per_day.high {
        None => format!("at least {low}"),
        Some(_) if low == high => high,
        Some(_) => format!("{low} to {high}"),
    }
}

pub(super) fn told(usages: &[ReadUsage]) -> Vec<Reads> {
    let query = |(id, bounds): &(QueryId, _)| QueryReads { query: id.to_string(), bytes_per_day: range(*bounds) };
    let one = |usage: &ReadUsage| Reads {
        scope: scope(usage),
        quota: usage.quota.clone(),
        bytes_per_day: range(usage.used),
        limit: usage.limit,
        share: (usage.share() * 10_000.0).round() / 10_000.0,
        queries: usage.queries.iter().map(query).collect(),
        statements_without_runs: usage.n_without_runs,
    };
    usages.iter().map(one).collect()
}
