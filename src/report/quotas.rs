//! What the feeds take of BigQuery's limits on loads: a table for people where one comes near, and all of it for programs.

use super::amount::{count, grouped};
use super::grid::Grid;
use super::text::{BOLD, TextOptions};
use super::told::{FeedLoads, Quota};
use crate::model::quota::Usage;

/// From this share of a limit on, people are shown it.
pub(super) const WORTH_SHOWING: f64 = 0.5;
/// Rows that people are shown.
const MAX_ROWS: usize = 10;
/// Feeds that a row names.
const MAX_FEEDS: usize = 3;

/// Nothing while every limit is far.
pub(super) fn text(quotas: &[Quota<'_>], options: &TextOptions) -> String {
    let near: Vec<&Quota<'_>> = quotas.iter().filter(|quota| quota.share >= WORTH_SHOWING).collect();
    let Some((grid, more)) = grid(&near) else { return String::new() };
    format!("{}\n{}{more}\n", options.paint(BOLD, TITLE), grid.text(options))
}

/// Nothing while every limit is far and none has moved.
pub(super) fn markdown(quotas: &[Quota<'_>]) -> String {
    let of_limit = |used: u64, quota: &Quota<'_>| percent(share(used, quota.limit));
    let has_moved =
        |quota: &Quota<'_>| quota.used_in_base.is_some_and(|before| of_limit(before, quota) != of_limit(quota.used, quota));
    let shown: Vec<&Quota<'_>> = quotas.iter().filter(|quota| quota.share >= WORTH_SHOWING || has_moved(quota)).collect();
    let Some((grid, more)) = grid(&shown) else { return String::new() };
    let more = if more.is_empty() { more } else { format!("\n{more}") };
    format!("**Load quotas**, on the busiest day\n\n{}{more}\n", grid.markdown())
}

pub(super) const TITLE: &str = "load quotas, on the busiest day";

/// All limits that feeds count against: for a sheet of the whole.
pub(super) fn whole(usages: &[Usage]) -> Option<Grid> {
    let quotas = told(usages, &[]);
    grid(&quotas.iter().filter(|quota| quota.used > 0).collect::<Vec<_>>()).map(|(grid, _)| grid)
}

/// The rows, and a line on those that are left out.
fn grid(quotas: &[&Quota<'_>]) -> Option<(Grid, String)> {
    let rows: Vec<Vec<String>> = quotas.iter().take(MAX_ROWS).map(|quota| row(quota)).collect();
    let more = match quotas.len().saturating_sub(MAX_ROWS) {
        0 => String::new(),
        n_more => format!("  … and {}\n", count(n_more, "more limit")),
    };
    let heading = ["of", "loads a day", "limit", "used", "most by"];
    (!rows.is_empty()).then(|| (Grid { figures: vec![1, 2, 3], ..Grid::new(&heading, rows) }, more))
}

fn row(quota: &Quota<'_>) -> Vec<String> {
    let loads = |one: &FeedLoads| format!("`{}` {}", one.feed, grouped(one.loads));
    let most: Vec<String> = quota.feeds.iter().take(MAX_FEEDS).map(loads).collect();
    let n_more = quota.feeds.len().saturating_sub(MAX_FEEDS);
    let more = if n_more > 0 { format!(" and {}", count(n_more, "more feed")) } else { String::new() };
    let unknown = match quota.unknown.len() {
        0 => String::new(),
        n => format!("; {} without a cadence not counted", count(n, "feed")),
    };
    let moved = |shown: &dyn Fn(u64) -> String| match quota.used_in_base.filter(|used| *used != quota.used) {
        Some(before) => format!("{} → {}", shown(before), shown(quota.used)),
        None => shown(quota.used),
    };
    vec![
        quota.scope.clone(),
        moved(&grouped),
        grouped(quota.limit),
        moved(&|used| percent(share(used, quota.limit))),
        format!("{}{more}{unknown}", most.join(", ")),
    ]
}

pub(super) fn share(used: u64, limit: u64) -> f64 {
    // Both are far below 2^52, or it does not matter.
    if limit == 0 { 0.0 } else { used as f64 / limit as f64 }
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

/// Of these usages, and what the base used of the same limits.
pub(super) fn told<'a>(usages: &'a [Usage], of_base: &[Usage]) -> Vec<Quota<'a>> {
    let before = |usage: &Usage| of_base.iter().find(|other| (&other.scope, other.quota) == (&usage.scope, usage.quota));
    let one = |usage: &'a Usage| Quota {
        scope: usage.scope.to_string(),
        counts: usage.quota.counts().into(),
        used: usage.used,
        used_in_base: before(usage).map(|before| before.used),
        limit: usage.quota.limit(),
        share: (usage.share() * 10_000.0).round() / 10_000.0,
        feeds: usage.feeds.iter().map(|(feed, loads)| FeedLoads { feed: feed.to_string(), loads: *loads }).collect(),
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
