//! What the queries of the repository read of the custom quotas: a table for people where one comes near, and all of it for
//! programs.

use super::amount::{bytes, count};
use super::grid::Grid;
use super::quotas::{WORTH_SHOWING, percent};
use super::text::{BOLD, TextOptions};
use super::{Report, clean};
use crate::estimate::Bounds;
use crate::estimate::headroom::ReadUsage;
use crate::model::QueryId;
use crate::model::allowance::Holder;
use serde::Serialize;

/// Queries that a row names.
const MAX_QUERIES: usize = 3;
const TITLE: &str = "query quotas, on an average day";

/// Nothing while every quota is far.
pub(super) fn text(report: &Report, options: &TextOptions) -> String {
    near(report).map_or_else(String::new, |grid| format!("{}\n{}\n", options.paint(BOLD, TITLE), grid.text(options)))
}

pub(super) fn markdown(report: &Report) -> String {
    near(report).map_or_else(String::new, |grid| format!("#### Query quotas\n\n{}\n", grid.markdown()))
}

fn near(report: &Report) -> Option<Grid> {
    let near = report.reads.iter().filter(|usage| most(usage) >= WORTH_SHOWING);
    let rows: Vec<Vec<String>> = near.map(row).collect();
    let heading = ["of", "read a day", "limit", "used", "most by"];
    (!rows.is_empty()).then(|| Grid { figures: vec![1, 2, 3], ..Grid::new(&heading, rows) })
}

/// The share that may be used.
fn most(usage: &ReadUsage) -> f64 {
    let high = usage.used.high.unwrap_or(usage.used.low);
    if usage.limit == 0 { 0.0 } else { high as f64 / usage.limit as f64 }
}

fn row(usage: &ReadUsage) -> Vec<String> {
    let most_by: Vec<String> = usage.queries.iter().take(MAX_QUERIES).map(|(query, bytes)| named(query, *bytes)).collect();
    let more = match usage.queries.len().saturating_sub(MAX_QUERIES) {
        0 => String::new(),
        n_more => format!(" and {}", count(n_more, "more query")),
    };
    let unknown = match usage.n_without_runs {
        0 => String::new(),
        n => format!("; {} without a schedule not counted", count(n, "statement")),
    };
    vec![scope(usage), between(usage.used), bytes(usage.limit), shares(usage), format!("{}{more}{unknown}", most_by.join(", "))]
}

fn named(query: &QueryId, of_query: Bounds) -> String {
    format!("`{}` {}", clean::line(&clean::shortened(&query.to_string(), 60)), between(of_query))
}

fn scope(usage: &ReadUsage) -> String {
    match (usage.holder, &usage.user, &usage.project) {
        (Holder::User, Some(user), _) => format!("user `{user}`"),
        (_, _, Some(project)) => format!("project `{project}`"),
        _ => "the project".to_owned(),
    }
}

fn between(bounds: Bounds) -> String {
    match bounds.high {
        None => format!("at least {}", bytes(bounds.low)),
        Some(high) if bytes(high) == bytes(bounds.low) => bytes(high),
        Some(high) => format!("{} to {}", bytes(bounds.low), bytes(high)),
    }
}

fn shares(usage: &ReadUsage) -> String {
    let (low, high) = (percent(usage.share()), percent(most(usage)));
    match usage.used.high {
        None => format!("at least {low}"),
        Some(_) if low == high => high,
        Some(_) => format!("{low} to {high}"),
    }
}

#[derive(Serialize)]
pub(super) struct JsonReads {
    /// ``project `acme-prod` ``, ``user `queries@…` ``.
    scope: String,
    quota: String,
    bytes_per_day: JsonBounds,
    limit: u64,
    /// By the lower bound.
    share: f64,
    queries: Vec<JsonQuery>,
    /// Statements of which nothing says how often they run: with them it is more.
    statements_without_runs: usize,
}

#[derive(Serialize)]
struct JsonQuery {
    query: String,
    bytes_per_day: JsonBounds,
}

#[derive(Serialize)]
struct JsonBounds {
    low: u64,
    high: Option<u64>,
}

impl From<Bounds> for JsonBounds {
    fn from(bounds: Bounds) -> JsonBounds {
        JsonBounds { low: bounds.low, high: bounds.high }
    }
}

pub(super) fn json(usages: &[ReadUsage]) -> Vec<JsonReads> {
    let query = |(id, bounds): &(QueryId, Bounds)| JsonQuery { query: id.to_string(), bytes_per_day: (*bounds).into() };
    let one = |usage: &ReadUsage| JsonReads {
        scope: scope(usage),
        quota: usage.quota.clone(),
        bytes_per_day: usage.used.into(),
        limit: usage.limit,
        share: (usage.share() * 10_000.0).round() / 10_000.0,
        queries: usage.queries.iter().map(query).collect(),
        statements_without_runs: usage.n_without_runs,
    };
    usages.iter().map(one).collect()
}
