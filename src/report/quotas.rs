//! What the feeds take of BigQuery's limits on loads: a table for people where one comes near, and all of it for programs.

use super::Report;
use super::amount::{count, grouped};
use super::grid::Grid;
use super::text::{BOLD, TextOptions};
use crate::model::quota::Usage;
use serde::Serialize;

/// From this share of a limit on, people are shown it.
pub(super) const WORTH_SHOWING: f64 = 0.5;
/// Rows that people are shown.
const MAX_ROWS: usize = 10;
/// Feeds that a row names.
const MAX_FEEDS: usize = 3;

/// Nothing while every limit is far.
pub(super) fn text(report: &Report, options: &TextOptions) -> String {
    let Some((grid, more)) = grid(&near(&report.quotas)) else { return String::new() };
    format!("{}\n{}{more}\n", options.paint(BOLD, TITLE), grid.text(options))
}

pub(super) fn markdown(report: &Report) -> String {
    let Some((grid, more)) = grid(&near(&report.quotas)) else { return String::new() };
    let more = if more.is_empty() { more } else { format!("\n{more}") };
    format!("#### Load quotas\n\n{}{more}\n", grid.markdown())
}

pub(super) const TITLE: &str = "load quotas, on the busiest day";

/// All limits that feeds count against: for a sheet of the whole.
pub(super) fn whole(usages: &[Usage]) -> Option<Grid> {
    grid(&usages.iter().filter(|usage| usage.used > 0).collect::<Vec<_>>()).map(|(grid, _)| grid)
}

fn near(usages: &[Usage]) -> Vec<&Usage> {
    usages.iter().filter(|usage| usage.share() >= WORTH_SHOWING).collect()
}

/// The rows, and a line on those that are left out.
fn grid(usages: &[&Usage]) -> Option<(Grid, String)> {
    let rows: Vec<Vec<String>> = usages.iter().take(MAX_ROWS).map(|usage| row(usage)).collect();
    let more = match usages.len().saturating_sub(MAX_ROWS) {
        0 => String::new(),
        n_more => format!("  … and {}\n", count(n_more, "more limit")),
    };
    let heading = ["of", "loads a day", "limit", "used", "most by"];
    (!rows.is_empty()).then(|| (Grid { figures: vec![1, 2, 3], ..Grid::new(&heading, rows) }, more))
}

fn row(usage: &Usage) -> Vec<String> {
    let most: Vec<String> =
        usage.feeds.iter().take(MAX_FEEDS).map(|(feed, loads)| format!("`{feed}` {}", grouped(*loads))).collect();
    let n_more = usage.feeds.len().saturating_sub(MAX_FEEDS);
    let more = if n_more > 0 { format!(" and {}", count(n_more, "more feed")) } else { String::new() };
    let unknown = match usage.unknown.len() {
        0 => String::new(),
        n => format!("; {} without a cadence not counted", count(n, "feed")),
    };
    vec![
        usage.scope.to_string(),
        grouped(usage.used),
        grouped(usage.quota.limit()),
        percent(usage.share()),
        format!("{}{more}{unknown}", most.join(", ")),
    ]
}

/// `96 %`, `under 1 %`; never 100 for what is less or more.
pub(super) fn percent(share: f64) -> String {
    let rounded = (share * 100.0).round();
    match share {
        share if share <= 0.0 => "0 %".to_owned(),
        share if share < 0.01 => "under 1 %".to_owned(),
        share if share < 1.0 => format!("{:.0} %", rounded.min(99.0)),
        share if share > 1.0 => format!("{:.0} %", rounded.max(101.0)),
        _ => "100 %".to_owned(),
    }
}

#[derive(Serialize)]
pub(super) struct JsonQuota {
    /// ``table `raw.quotes` ``, ``project `acme-prod` ``.
    scope: String,
    counts: &'static str,
    used: u64,
    limit: u64,
    share: f64,
    feeds: Vec<JsonFeed>,
    /// Feeds whose cadence is not known: with them it is more.
    unknown: Vec<String>,
}

#[derive(Serialize)]
struct JsonFeed {
    feed: String,
    loads: u64,
}

pub(super) fn json(usages: &[Usage]) -> Vec<JsonQuota> {
    let one = |usage: &Usage| JsonQuota {
        scope: usage.scope.to_string(),
        counts: usage.quota.counts(),
        used: usage.used,
        limit: usage.quota.limit(),
        share: (usage.share() * 10_000.0).round() / 10_000.0,
        feeds: usage.feeds.iter().map(|(feed, loads)| JsonFeed { feed: feed.to_string(), loads: *loads }).collect(),
        unknown: usage.unknown.iter().map(ToString::to_string).collect(),
    };
    usages.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_share_is_full_only_when_it_is() {
        assert_eq!(
            [0.0, 0.0004, 0.5, 0.999, 1.0, 1.0001, 2.5].map(percent),
            ["0 %", "under 1 %", "50 %", "99 %", "100 %", "101 %", "250 %"]
        );
    }
}
