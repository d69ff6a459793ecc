//! What every renderer for people says in the same words: the counts, what was read, and what was not checked.

use super::amount::{count, grouped, usd, usd_between};
use super::{Report, Stats};
use crate::diagnostic::Severity;
use crate::estimate::monthly::Monthly;
use crate::text::Revision;
use std::collections::{BTreeMap, BTreeSet};

/// `3 errors, 1 warning in 2 files`, or `no findings`.
pub(crate) fn verdict(report: &Report) -> String {
    let counts: Vec<String> = Severity::ALL
        .into_iter()
        .map(|severity| (report.count(severity), severity.name()))
        .filter(|(n, _)| *n > 0)
        .map(|(n, name)| count(n, name))
        .collect();
    if counts.is_empty() {
        return "no findings".to_owned();
    }
    let files: BTreeSet<_> = report.diagnostics.iter().map(|diagnostic| diagnostic.primary.file).collect();
    format!("{} in {}{}", counts.join(", "), count(files.len(), "file"), how_many_are_new(report))
}

/// `, 2 of them new`, where there is a base, and not only the new ones are shown.
fn how_many_are_new(report: &Report) -> String {
    let n_all = report.diagnostics.len();
    match report.n_new().filter(|_| report.n_known_left_out == 0) {
        None => String::new(),
        Some(0) => ", none of them new".to_owned(),
        Some(n_new) if n_new == n_all && n_all == 1 => ", new".to_owned(),
        Some(n_new) if n_new == n_all => ", all of them new".to_owned(),
        Some(n_new) => format!(", {} of them new", grouped(n_new as u64)),
    }
}

/// `compared with origin/main at 1a2b3c4d5e`, where there is something to compare with, and what is not shown for it.
pub(crate) fn compared(report: &Report) -> Option<String> {
    let Revision { name, commit } = report.base.as_ref()?;
    let left_out = match report.n_known_left_out {
        0 => String::new(),
        n => format!(", which has {} that {} not shown", count(n, "more finding"), if n == 1 { "is" } else { "are" }),
    };
    let by_config = by_config_of_base(report).map_or_else(String::new, |words| format!(", {words}"));
    Some(format!("compared with {name} at {}{left_out}{by_config}", commit.get(..10).unwrap_or(commit)))
}

/// `judged by its configuration, which this change alters in feedgate.yaml`, where the run goes by that of the base.
fn by_config_of_base(report: &Report) -> Option<String> {
    let changed: Vec<&str> = report.config_of_base.as_ref()?.iter().map(crate::text::RepoPath::as_str).collect();
    Some(match changed.as_slice() {
        [] => "judged by its configuration".to_owned(),
        paths => format!("judged by its configuration, which differs here in {}", paths.join(", ")),
    })
}

/// `read 41 files: 3 feeds, 4 schemas, 5 tables, 2 buckets, 7 queries`.
pub(crate) fn read(stats: &Stats) -> String {
    let kinds = [
        (stats.feeds, "feed"),
        (stats.schemas, "schema"),
        (stats.tables, "table"),
        (stats.buckets, "bucket"),
        (stats.queries, "query"),
        (stats.views, "LookML view"),
        (stats.explores, "explore"),
    ];
    let shown = |(n, name)| if name == "feed" { count(n, name) + &sources(stats) } else { count(n, name) };
    let kinds: Vec<String> = kinds.into_iter().filter(|(n, _)| *n > 0).map(shown).collect();
    let files = count(stats.read.files, "file");
    if kinds.is_empty() { format!("read {files}") } else { format!("read {files}: {}", kinds.join(", ")) }
}

/// What the queries cost in a month, and what is left of it after the free tier: parts of one sentence.
pub(crate) fn monthly(monthly: &Monthly) -> Vec<String> {
    let n_bounded = monthly.n_counted - monthly.n_open;
    let locations: Vec<&str> = monthly.places.iter().map(|place| place.location.as_str()).collect();
    let mut parts = Vec::new();
    if n_bounded > 0 {
        let sum = usd_between(monthly.bounded_usd);
        parts.push(format!("{sum} for {} in {}", count(n_bounded, "statement"), locations.join(", ")));
    }
    if monthly.n_open > 0 {
        let statements = count(monthly.n_open, "statement");
        let low = monthly.list_usd.low - monthly.bounded_usd.low;
        parts.push(match low > 0.0 {
            true => format!("at least {} for {statements} without an upper bound", usd(low)),
            false => format!("what {statements} read is not known"),
        });
    }
    if monthly.n_without_runs > 0 {
        parts.push(format!("{} without a schedule", count(monthly.n_without_runs, "more statement")));
    }
    if monthly.n_without_price > 0 {
        parts.push(format!("{} without a price", count(monthly.n_without_price, "more statement")));
    }
    let rest = usd_between(monthly.usd);
    parts.push(format!("{rest} after the free TiB of the month, which the billing account has once for all its queries"));
    parts
}

/// ` (1 data contract, 2 feed files)`, where not all feeds come from files of ours.
fn sources(stats: &Stats) -> String {
    let name = |source: &str, n: usize| if source == "Terraform" { format!("{n} Terraform") } else { count(n, source) };
    if stats.feed_sources.keys().all(|source| *source == "feed file") {
        return String::new();
    }
    let sources: Vec<String> = stats.feed_sources.iter().map(|(source, n)| name(source, *n)).collect();
    format!(" ({})", sources.join(", "))
}

/// Whether the tree held nothing that we understand.
pub(crate) fn is_nothing(report: &Report) -> bool {
    let stats = &report.stats;
    let kinds = stats.feeds + stats.schemas + stats.tables + stats.buckets + stats.queries + stats.views + stats.explores;
    kinds == 0
        && report.changes.is_empty()
        && report.diagnostics.is_empty()
        && report.estimates.is_empty()
        && report.skipped.is_empty()
}

/// What we would have read.
pub(crate) const LOOKED_FOR: [&str; 7] = [
    "feeds: YAML files with a key `feed` at the top",
    "data contracts: YAML files with `kind: DataContract` (ODCS v3)",
    "schemas: JSON files that say `$schema`, and BigQuery table schemas",
    "Terraform: `.tf`, `.tfvars` and `.tf.json` files with buckets and tables",
    "queries: `.sql` and `.bqsql` files",
    "dashboards: `.lkml` and `.dashboard.lookml` files of Looker",
    "configuration: `feedgate.yaml` at the root, which can name other places",
];

/// What was left out for one reason.
pub(crate) struct NotChecked<'a> {
    pub(crate) what: &'a str,
    pub(crate) why: &'a str,
    /// Sorted, each once.
    pub(crate) subjects: Vec<&'a str>,
}

/// What was not checked, by what and why, most subjects first.
pub(crate) fn not_checked(report: &Report) -> Vec<NotChecked<'_>> {
    let mut groups: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for skipped in &report.skipped {
        groups.entry((&skipped.what, &skipped.why)).or_default().insert(&skipped.subject);
    }
    let into_group = |((what, why), subjects): (_, BTreeSet<_>)| NotChecked { what, why, subjects: Vec::from_iter(subjects) };
    let mut groups: Vec<_> = groups.into_iter().map(into_group).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.subjects.len()));
    groups
}
