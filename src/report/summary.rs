//! What every renderer for people says in the same words: the counts, what was read, and what was not checked.

use super::amount::{count, grouped, usd, usd_between};
use super::told::{Base, Monthly, Read, Summary, Told};
use crate::diagnostic::Severity;
use crate::estimate::monthly::Usd;
use std::collections::{BTreeMap, BTreeSet};

/// `3 errors, 1 warning in 2 files`, or `no findings`.
pub(crate) fn verdict(summary: &Summary<'_>) -> String {
    match counts(summary) {
        None => "no findings".to_owned(),
        Some(counts) => format!("{counts} in {}{}", count(summary.files_with_findings, "file"), how_many_are_new(summary)),
    }
}

fn counts(summary: &Summary<'_>) -> Option<String> {
    counted([summary.errors, summary.warnings, summary.notes])
}

/// `3 errors, 1 warning`, of as many as there are of each severity, the worst first; `None` where there are none.
pub(crate) fn counted(of_severities: [usize; 3]) -> Option<String> {
    let all = of_severities.into_iter().zip(Severity::ALL).filter(|(n, _)| *n > 0);
    let all: Vec<String> = all.map(|(n, severity)| count(n, severity.name())).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// `, 2 of them new`, where there is a base, and not only the new ones are shown.
fn how_many_are_new(summary: &Summary<'_>) -> String {
    let n_all = summary.errors + summary.warnings + summary.notes;
    match summary.new.filter(|_| summary.known_left_out == 0) {
        None => String::new(),
        Some(0) => ", none of them new".to_owned(),
        Some(n_new) if n_new == n_all && n_all == 1 => ", new".to_owned(),
        Some(n_new) if n_new == n_all => ", all of them new".to_owned(),
        Some(n_new) => format!(", {} of them new", grouped(n_new as u64)),
    }
}

/// `compared with origin/main at 1a2b3c4d5e`, where there is something to compare with, and what is not shown for it.
pub(crate) fn compared(told: &Told<'_>) -> Option<String> {
    let base = told.base.as_ref()?;
    let left_out = match told.summary.known_left_out {
        0 => String::new(),
        n => format!(", which has {} that {} not shown", count(n, "more finding"), if n == 1 { "is" } else { "are" }),
    };
    let by_config = by_config_of_base(base).map_or_else(String::new, |words| format!(", {words}"));
    Some(format!("compared with {} at {}{left_out}{by_config}", base.revision, base.commit.get(..10).unwrap_or(&base.commit)))
}

/// `judged by its configuration, which differs here in feedgate.yaml`, where the run goes by that of the base.
fn by_config_of_base(base: &Base<'_>) -> Option<String> {
    Some(match base.configuration_differs_in.as_ref()?.as_slice() {
        [] => "judged by its configuration".to_owned(),
        paths => format!("judged by its configuration, which differs here in {}", paths.join(", ")),
    })
}

/// `read 41 files: 3 feeds, 4 schemas, 5 tables, 2 buckets, 7 queries`.
pub(crate) fn read(read: &Read<'_>) -> String {
    let shown = |(n, name)| if name == "feed" { count(n, name) + &sources(read) } else { count(n, name) };
    let kinds: Vec<String> = kinds(read).into_iter().filter(|(n, _)| *n > 0).map(shown).collect();
    let files = count(read.files, "file");
    if kinds.is_empty() { format!("read {files}") } else { format!("read {files}: {}", kinds.join(", ")) }
}

fn kinds(read: &Read<'_>) -> [(usize, &'static str); 7] {
    [
        (read.feeds, "feed"),
        (read.schemas, "schema"),
        (read.tables, "table"),
        (read.buckets, "bucket"),
        (read.queries, "query"),
        (read.views, "LookML view"),
        (read.explores, "explore"),
    ]
}

/// What the queries cost in a month, and what is left of it after the free tier: parts of one sentence.
pub(crate) fn monthly(monthly: &Monthly) -> Vec<String> {
    let n_open = monthly.statements_without_upper_bound;
    let n_bounded = monthly.statements.saturating_sub(n_open);
    let locations: Vec<&str> = monthly.locations.iter().map(|place| place.location.as_str()).collect();
    let mut parts = Vec::new();
    if n_bounded > 0 {
        let sum = usd_between(Usd::from(monthly.bounded_cost_usd_before_free_tier));
        parts.push(format!("{sum} for {} in {}", count(n_bounded, "statement"), locations.join(", ")));
    }
    if n_open > 0 {
        let statements = count(n_open, "statement");
        let low = monthly.cost_usd_before_free_tier.low - monthly.bounded_cost_usd_before_free_tier.low;
        parts.push(match low > 0.0 {
            true => format!("at least {} for {statements} without an upper bound", usd(low)),
            false => format!("what {statements} read is not known"),
        });
    }
    if monthly.statements_without_runs > 0 {
        parts.push(format!("{} without a schedule", count(monthly.statements_without_runs, "more statement")));
    }
    if monthly.statements_without_price > 0 {
        parts.push(format!("{} without a price", count(monthly.statements_without_price, "more statement")));
    }
    let rest = usd_between(Usd::from(monthly.cost_usd));
    parts.push(format!("{rest} after the free TiB of the month, which the billing account has once for all its queries"));
    parts
}

/// ` (1 data contract, 2 feed files)`, where not all feeds come from files of ours.
fn sources(read: &Read<'_>) -> String {
    let name = |source: &str, n: usize| if source == "Terraform" { format!("{n} Terraform") } else { count(n, source) };
    if read.feed_sources.keys().all(|source| source == "feed file") {
        return String::new();
    }
    let sources: Vec<String> = read.feed_sources.iter().map(|(source, n)| name(source, *n)).collect();
    format!(" ({})", sources.join(", "))
}

/// Whether the tree held nothing that we understand.
pub(crate) fn is_nothing(told: &Told<'_>) -> bool {
    kinds(&told.summary.read).iter().all(|(n, _)| *n == 0)
        && told.changes.is_empty()
        && told.findings.is_empty()
        && told.estimates.is_empty()
        && told.skipped.is_empty()
}

/// What we would have read.
pub(crate) const LOOKED_FOR: [&str; 7] = [
    "feeds: YAML files with a key `feed` at the top",
    "data contracts: YAML files with `kind: DataContract` (ODCS v3)",
    "schemas: JSON files that say `$schema`, and BigQuery table schemas",
    "Terraform: `.tf`, `.tfvars` and `.tf.json` files with buckets and tables",
    "queries: `.sql`, `.bqsql` and `.sqlx` files",
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
pub(crate) fn not_checked<'a>(told: &'a Told<'_>) -> Vec<NotChecked<'a>> {
    let mut groups: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for skipped in &told.skipped {
        groups.entry((&skipped.what, &skipped.why)).or_default().insert(&skipped.subject);
    }
    let into_group = |((what, why), subjects): (_, BTreeSet<_>)| NotChecked { what, why, subjects: Vec::from_iter(subjects) };
    let mut groups: Vec<_> = groups.into_iter().map(into_group).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.subjects.len()));
    groups
}
