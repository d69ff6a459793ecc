//! The sheet for spreadsheets and programs.

use super::facts::FACTS;
use super::{Entry, Sheet};
use crate::report::grid::Grid;
use crate::report::told::Quota;
use crate::report::{clean, quotas};
use serde::Serialize;
use std::collections::BTreeMap;

/// The version of the JSON sheet. Additions keep it; anything else raises it.
const VERSION: u32 = 1;

/// One line for each feed.
pub fn csv(sheet: &Sheet<'_>) -> String {
    let lists = ["consumers", "dashboards", "queries", "findings", "open_questions", "defined_at"];
    let heading: Vec<&str> = ["feed"].into_iter().chain(FACTS.iter().map(|fact| fact.key)).chain(lists).collect();
    let row = |entry: &Entry<'_>| {
        let findings: Vec<String> =
            entry.findings.iter().map(|found| format!("{} ({}, {})", found.message, found.rule, found.at)).collect();
        let questions: Vec<String> = entry.gaps.iter().map(|gap| format!("{}: {}", gap.ask.name(), gap.question)).collect();
        let lists = [&entry.consumers, &entry.dashboards, &entry.queries, &findings, &questions, &entry.defined_at];
        let facts = entry.facts.iter().map(|value| value.clone().unwrap_or_default());
        [entry.feed.id.to_string()].into_iter().chain(facts).chain(lists.map(|list| list.join("\n"))).collect()
    };
    Grid::new(&heading, sheet.entries.iter().map(row).collect()).csv()
}

pub fn json(sheet: &Sheet<'_>) -> String {
    let json = JsonSheet {
        version: VERSION,
        feeds: sheet.entries.iter().map(feed).collect(),
        tables_without_feed: sheet
            .orphans
            .iter()
            .map(|orphan| JsonOrphan { table: orphan.table.id.to_string(), at: orphan.at.as_deref(), queries: orphan.n_queries })
            .collect(),
        quotas: quotas::told(sheet.quotas, &[]),
        summary: Summary { feeds: sheet.entries.len(), findings: sheet.n_findings(), open_questions: sheet.n_gaps() },
    };
    clean::json(&serde_json::to_string_pretty(&json).expect("these structs hold nothing that JSON cannot"))
}

#[derive(Serialize)]
struct JsonSheet<'a> {
    version: u32,
    feeds: Vec<JsonFeed<'a>>,
    tables_without_feed: Vec<JsonOrphan<'a>>,
    quotas: Vec<Quota<'a>>,
    summary: Summary,
}

/// Facts are texts for people, and null where nothing is declared.
#[derive(Serialize)]
struct JsonFeed<'a> {
    feed: &'a str,
    facts: BTreeMap<&'static str, Option<&'a str>>,
    consumers: &'a [String],
    dashboards: &'a [String],
    queries: &'a [String],
    findings: Vec<JsonFinding<'a>>,
    open_questions: Vec<JsonGap<'a>>,
    defined_at: &'a [String],
}

#[derive(Serialize)]
struct JsonFinding<'a> {
    severity: &'static str,
    rule: &'a str,
    message: &'a str,
    at: &'a str,
}

#[derive(Serialize)]
struct JsonGap<'a> {
    /// `the owner`, `the source`, `the consumers`.
    ask: &'static str,
    /// Where the answer goes in the definition.
    key: &'static str,
    question: &'a str,
}

#[derive(Serialize)]
struct JsonOrphan<'a> {
    table: String,
    at: Option<&'a str>,
    queries: usize,
}

#[derive(Serialize)]
struct Summary {
    feeds: usize,
    findings: usize,
    open_questions: usize,
}

fn feed<'a>(entry: &'a Entry<'_>) -> JsonFeed<'a> {
    let findings = entry.findings.iter().map(|found| JsonFinding {
        severity: found.severity.name(),
        rule: found.rule,
        message: found.message,
        at: &found.at,
    });
    let gaps = entry.gaps.iter().map(|gap| JsonGap { ask: gap.ask.name(), key: gap.key, question: &gap.question });
    JsonFeed {
        feed: &entry.feed.id.0,
        facts: FACTS.iter().zip(&entry.facts).map(|(fact, value)| (fact.key, value.as_deref())).collect(),
        consumers: &entry.consumers,
        dashboards: &entry.dashboards,
        queries: &entry.queries,
        findings: findings.collect(),
        open_questions: gaps.collect(),
        defined_at: &entry.defined_at,
    }
}
