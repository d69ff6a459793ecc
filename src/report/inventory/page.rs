//! The sheet for people: a block for each feed in a terminal, and a page to send round as Markdown.

use super::facts::FACTS;
use super::gaps::Ask;
use super::{Entry, Orphan, Sheet};
use crate::model::{BucketId, Model, TableId};
use crate::report::grid::Grid;
use crate::report::markdown::escape::prose;
use crate::report::text::{BOLD, CYAN, DIM, TextOptions};
use crate::report::{amount, clean, quotas};
use std::fmt::Write as _;

/// Tables without a feed that people are shown.
const MAX_ORPHANS: usize = 20;
/// Queries of one feed that people are shown.
const MAX_QUERIES: usize = 8;
/// Characters of one value.
const MAX_VALUE: usize = 400;

pub fn text(sheet: &Sheet<'_>, options: &TextOptions) -> String {
    let mut out = String::new();
    for entry in &sheet.entries {
        text_entry(&mut out, entry, options);
    }
    if sheet.entries.is_empty() {
        let _ = writeln!(out, "{}\n\n{}\n", first_step(sheet.model), indented(&starter(sheet)));
    }
    if let Some(grid) = orphans(&sheet.orphans) {
        let _ = writeln!(out, "{}\n{}", options.paint(BOLD, "tables that no feed is loaded into"), grid.text(options));
    }
    if let Some(grid) = quotas::whole(sheet.quotas) {
        let _ = writeln!(out, "{}\n{}", options.paint(BOLD, quotas::TITLE), grid.text(options));
    }
    let _ = writeln!(out, "{}", verdict(sheet));
    clean::without_commands(out)
}

fn text_entry(out: &mut String, entry: &Entry<'_>, options: &TextOptions) {
    let at = options.paint(DIM, &shown(&entry.defined_at.join(", ")));
    let _ = writeln!(out, "{} {at}", options.paint(BOLD, &shown(&entry.feed.id.0)));
    let mut line = |label: &str, value: &str| {
        let _ = writeln!(out, "  {label:<15} {}", shown(value));
    };
    for (label, value) in lines(entry) {
        line(label, &value);
    }
    for found in &entry.findings {
        line(found.severity.name(), &format!("{} [{}] {}", found.message, found.rule, found.at));
    }
    for (ask, questions) in by_person(entry) {
        let _ = writeln!(out, "  {}", options.paint(CYAN, &format!("ask {}", ask.name())));
        for question in questions {
            let _ = writeln!(out, "    - {}", shown(question));
        }
    }
    out.push('\n');
}

/// What is declared and who reads it, without what nothing is known of.
fn lines(entry: &Entry<'_>) -> Vec<(&'static str, String)> {
    let declared = FACTS.iter().zip(&entry.facts).filter_map(|(fact, value)| Some((fact.label, value.clone()?)));
    let mut lines: Vec<(&str, String)> = declared.collect();
    if !entry.consumers.is_empty() {
        lines.push(("consumers", entry.consumers.join(", ")));
    }
    // Those that consumers name stand with them already.
    let is_named = |name: &&String| entry.feed.consumers.iter().any(|one| one.dashboard.as_ref() == Some(name));
    let of_looker: Vec<&str> = entry.dashboards.iter().filter(|name| !is_named(name)).map(String::as_str).collect();
    if !of_looker.is_empty() {
        lines.push(("dashboards", of_looker.join(", ")));
    }
    if !entry.queries.is_empty() {
        let mut shown: Vec<String> = entry.queries.iter().take(MAX_QUERIES).cloned().collect();
        let n_more = entry.queries.len() - shown.len();
        if n_more > 0 {
            shown.push(format!("{n_more} more"));
        }
        lines.push(("read by", shown.join(", ")));
    }
    lines
}

/// The questions, by who can answer them.
fn by_person<'e>(entry: &'e Entry<'_>) -> Vec<(Ask, Vec<&'e str>)> {
    let of = |ask: Ask| entry.gaps.iter().filter(move |gap| gap.ask == ask).map(|gap| gap.question.as_str());
    let people = [Ask::Owner, Ask::Source, Ask::Consumers].map(|ask| (ask, of(ask).collect::<Vec<_>>()));
    people.into_iter().filter(|(_, questions)| !questions.is_empty()).collect()
}

fn shown(value: &str) -> String {
    clean::line(&clean::clipped(value, MAX_VALUE)).into_owned()
}

fn orphans(orphans: &[Orphan<'_>]) -> Option<Grid> {
    let row = |orphan: &Orphan<'_>| {
        vec![orphan.table.id.to_string(), orphan.at.clone().unwrap_or_default(), amount::count(orphan.n_queries, "query")]
    };
    let mut rows: Vec<Vec<String>> = orphans.iter().take(MAX_ORPHANS).map(row).collect();
    let n_more = orphans.len().saturating_sub(MAX_ORPHANS);
    if n_more > 0 {
        rows.push(vec![format!("… and {}", amount::count(n_more, "more table")), String::new(), String::new()]);
    }
    (!rows.is_empty()).then(|| Grid::new(&["table", "declared at", "read by"], rows))
}

/// `3 feeds: 2 findings, 4 open questions`.
fn verdict(sheet: &Sheet<'_>) -> String {
    let mut counts = vec![amount::count(sheet.n_findings(), "finding"), amount::count(sheet.n_gaps(), "open question")];
    if sheet.entries.is_empty() {
        counts.clear();
    }
    if !sheet.orphans.is_empty() {
        counts.push(format!("{} without a feed", amount::count(sheet.orphans.len(), "table")));
    }
    let feeds = if sheet.entries.is_empty() { "no feed".to_owned() } else { amount::count(sheet.entries.len(), "feed") };
    if counts.is_empty() { feeds } else { format!("{feeds}: {}", counts.join(", ")) }
}

/// What to do where there is no feed yet.
fn first_step(model: &Model) -> String {
    let kinds = [(model.tables.len(), "table"), (model.buckets.len(), "bucket"), (model.queries.len(), "query")];
    let there: Vec<String> = kinds.into_iter().filter(|(n, _)| *n > 0).map(|(n, one)| amount::count(n, one)).collect();
    let there = if there.is_empty() { String::new() } else { format!(" It has {}.", there.join(", ")) };
    format!(
        "No feed is defined in this repository: nobody is named who delivers its data, or answers for it.{there}\n\n\
         A feed is one file that says what somebody delivers. Begin with what is known, for each table that files are\n\
         loaded into, and run `feedgate inventory` again: it asks for the rest."
    )
}

/// A first feed, for the table that is read most.
fn starter(sheet: &Sheet<'_>) -> String {
    let plain = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    let named = sheet.orphans.iter().filter_map(|orphan| match &orphan.table.id {
        TableId::Named { dataset, name, .. } if plain(dataset) && plain(name) => Some((&**dataset, &**name)),
        TableId::Named { .. } | TableId::Address(_) => None,
    });
    let (dataset, name) = named.into_iter().next().unwrap_or(("raw", "orders"));
    let bucket = sheet.model.buckets.keys().find_map(|id| match id {
        BucketId::Named(name) if plain(name) => Some(&**name),
        BucketId::Named(_) | BucketId::Address(_) => None,
    });
    let feed = name.to_ascii_lowercase().replace('.', "_");
    format!(
        "# feeds/{feed}.yaml\nfeed: {feed}\nowner: team@example.com\n\
         file: {{ name: \"{feed}_{{date:%Y%m%d}}.json\", bucket: {} }}\n\
         table: {{ dataset: {dataset}, name: {name} }}\n",
        bucket.unwrap_or("acme-landing")
    )
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

pub fn markdown(sheet: &Sheet<'_>) -> String {
    let mut out = format!("# Data feeds\n\n{}\n\n", prose(&verdict(sheet)));
    if sheet.entries.is_empty() {
        let _ = writeln!(out, "{}\n\n```yaml\n{}```\n", first_step(sheet.model), starter(sheet));
    } else {
        let _ = writeln!(out, "{}", overview(sheet).markdown());
    }
    for entry in &sheet.entries {
        markdown_entry(&mut out, entry);
    }
    if let Some(grid) = orphans(&sheet.orphans) {
        let _ = writeln!(out, "## Tables that no feed is loaded into\n\n{}", grid.markdown());
    }
    if let Some(grid) = quotas::whole(sheet.quotas) {
        let _ = writeln!(out, "## Load quotas, on the busiest day\n\n{}", grid.markdown());
    }
    format!("{}\n", out.trim_end())
}

fn overview(sheet: &Sheet<'_>) -> Grid {
    let row = |entry: &Entry<'_>| {
        let fact = |key: &str| entry.fact(key).unwrap_or_default();
        vec![
            entry.feed.id.to_string(),
            fact("owner"),
            fact("cadence"),
            fact("table"),
            entry.consumers.join(", "),
            entry.findings.len().to_string(),
            entry.gaps.len().to_string(),
        ]
    };
    let heading = ["feed", "owner", "delivered", "table", "consumers", "findings", "open questions"];
    Grid { figures: vec![5, 6], ..Grid::new(&heading, sheet.entries.iter().map(row).collect()) }
}

fn markdown_entry(out: &mut String, entry: &Entry<'_>) {
    let _ = writeln!(out, "## {}\n", prose(&shown(&entry.feed.id.0)));
    let mut rows: Vec<Vec<String>> =
        lines(entry).into_iter().map(|(label, value)| vec![label.to_owned(), shown(&value)]).collect();
    rows.push(vec!["defined at".to_owned(), entry.defined_at.join(", ")]);
    let _ = writeln!(out, "{}", Grid::new(&["", ""], rows).markdown());
    if !entry.findings.is_empty() {
        out.push_str("Findings:\n\n");
        for found in &entry.findings {
            let at = format!("`{}`", found.at);
            let _ = writeln!(out, "- {}: {} ({})", found.severity, prose(&shown(found.message)), prose(&at));
        }
        out.push('\n');
    }
    for (ask, questions) in by_person(entry) {
        let _ = writeln!(out, "To ask {}:\n", ask.name());
        for question in questions {
            let _ = writeln!(out, "- [ ] {}", prose(&shown(question)));
        }
        out.push('\n');
    }
}
