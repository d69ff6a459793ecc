//! The sheet that a review of the data begins with: for each feed what is declared of it, who reads it, what is found, and
//! what still has to be asked of whom. One list of facts, from which every format follows.

mod facts;
mod gaps;
mod page;
mod table;

pub use page::{markdown, text};
pub use table::{csv, json};

use crate::diagnostic::{Diagnostic, Severity, SubjectKind};
use crate::model::graph::{Graph, Kind};
use crate::model::quota::Usage;
use crate::model::table::{DefinitionSource, TableKind};
use crate::model::{Feed, FeedId, Model, Table, TableId};
use crate::report::Report;
use crate::text::{Files, Span};
use gaps::Gap;
use std::collections::{BTreeMap, BTreeSet};

/// The whole sheet.
pub struct Sheet<'a> {
    pub entries: Vec<Entry<'a>>,
    /// Tables that some text declares and no feed is loaded into.
    pub orphans: Vec<Orphan<'a>>,
    quotas: &'a [Usage],
    model: &'a Model,
}

/// One feed.
pub struct Entry<'a> {
    feed: &'a Feed,
    /// `feeds/trades.yaml:1`, best first.
    defined_at: Vec<String>,
    /// In the order of [`facts::FACTS`]; `None` for what is not declared.
    facts: Vec<Option<String>>,
    consumers: Vec<String>,
    /// Those that its definition names, and those of Looker that show its table.
    dashboards: Vec<String>,
    /// Queries of the repository that read its table.
    queries: Vec<String>,
    findings: Vec<Finding<'a>>,
    gaps: Vec<Gap>,
}

struct Finding<'a> {
    severity: Severity,
    rule: &'a str,
    message: &'a str,
    at: String,
}

/// A table without a feed.
pub struct Orphan<'a> {
    table: &'a Table,
    at: Option<String>,
    /// How many queries of the repository read it.
    n_queries: usize,
}

impl Entry<'_> {
    /// What is declared under this key.
    fn fact(&self, key: &str) -> Option<String> {
        let index = facts::FACTS.iter().position(|fact| fact.key == key)?;
        self.facts.get(index).cloned().flatten()
    }
}

impl<'a> Sheet<'a> {
    pub fn of(files: &'a Files, model: &'a Model, report: &'a Report) -> Sheet<'a> {
        let looker = of_looker(model);
        let entries = model.feeds.values().map(|feed| entry(files, model, report, &looker, feed)).collect();
        Sheet { entries, orphans: orphans(files, model), quotas: &report.quotas, model }
    }

    fn n_gaps(&self) -> usize {
        self.entries.iter().map(|entry| entry.gaps.len()).sum()
    }

    fn n_findings(&self) -> usize {
        self.entries.iter().map(|entry| entry.findings.len()).sum()
    }
}

/// The dashboards on the way of each feed.
fn of_looker(model: &Model) -> BTreeMap<FeedId, BTreeSet<String>> {
    let mut found: BTreeMap<FeedId, BTreeSet<String>> = BTreeMap::new();
    // Without LookML the definition of a feed knows them all.
    if model.looker.asks.is_empty() {
        return found;
    }
    for node in Graph::of(model, None).nodes.into_iter().filter(|node| node.kind == Kind::Dashboard) {
        for feed in node.feeds {
            found.entry(feed).or_default().insert(node.name.clone());
        }
    }
    found
}

fn entry<'a>(
    files: &'a Files,
    model: &'a Model,
    report: &'a Report,
    looker: &BTreeMap<FeedId, BTreeSet<String>>,
    feed: &'a Feed,
) -> Entry<'a> {
    let names = Names::of(model, feed);
    let consumer = |team: &Option<String>, dashboard: &Option<String>| match (team, dashboard) {
        (Some(team), Some(dashboard)) => Some(format!("{team} ({dashboard})")),
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    };
    let queries: Vec<String> =
        model.queries.values().filter(|query| query.feeds.contains(&feed.id)).map(|query| query.id.to_string()).collect();
    Entry {
        feed,
        defined_at: feed.origins.iter().map(|origin| place(files, origin.name_span)).collect(),
        facts: facts::FACTS.iter().map(|fact| (fact.value)(model, feed)).collect(),
        consumers: feed.consumers.iter().filter_map(|one| consumer(&one.team, &one.dashboard)).collect(),
        dashboards: {
            let named = feed.consumers.iter().filter_map(|one| one.dashboard.clone());
            let all: BTreeSet<String> = named.chain(looker.get(&feed.id).into_iter().flatten().cloned()).collect();
            all.into_iter().collect()
        },
        findings: report
            .diagnostics
            .iter()
            .filter(|found| names.concern(feed, found))
            .map(|found| finding(files, found))
            .collect(),
        gaps: gaps::of(model, feed, &queries),
        queries,
    }
}

fn finding<'a>(files: &Files, found: &'a Diagnostic) -> Finding<'a> {
    Finding { severity: found.severity, rule: found.rule.as_str(), message: &found.message, at: place(files, found.primary) }
}

/// What findings call the things of a feed, written out once: there may be many findings.
struct Names {
    table: Option<String>,
    bucket: Option<String>,
    schema: Option<String>,
}

impl Names {
    fn of(model: &Model, feed: &Feed) -> Names {
        Names {
            table: model.feed_tables.get(&feed.id).map(ToString::to_string),
            bucket: feed.bucket_id().map(|id| id.to_string()),
            schema: model.feed_schemas.get(&feed.id).map(ToString::to_string),
        }
    }

    /// Whether a finding is about the feed, its table, its schema or its bucket, or stands in its definition.
    fn concern(&self, feed: &Feed, found: &Diagnostic) -> bool {
        let is_inside = |span: Span| feed.origins.iter().any(|origin| holds(origin.span, span));
        let key = &*found.subject.key;
        let is_subject = match found.subject.kind {
            SubjectKind::Feed => *key == *feed.id.0,
            SubjectKind::Table => self.table.as_deref() == Some(key),
            SubjectKind::Bucket => self.bucket.as_deref() == Some(key),
            SubjectKind::Schema | SubjectKind::Field => self
                .schema
                .as_deref()
                .is_some_and(|path| key.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('#'))),
            SubjectKind::Query
            | SubjectKind::File
            | SubjectKind::Column
            | SubjectKind::Trigger
            | SubjectKind::Workflow
            | SubjectKind::Dataset => false,
        };
        is_subject || is_inside(found.primary) || found.related.iter().any(|label| is_inside(label.span))
    }
}

fn holds(outer: Span, inner: Span) -> bool {
    outer.file == inner.file && outer.start <= inner.start && inner.end <= outer.end
}

fn place(files: &Files, span: Span) -> String {
    let file = files.get(span.file);
    format!("{}:{}", file.path, file.position(span.start).line)
}

/// Tables that the repository itself declares, the most read first; what only statistics name belongs to others.
fn orphans<'a>(files: &Files, model: &'a Model) -> Vec<Orphan<'a>> {
    let own = |table: &&Table| {
        let is_declared = table.definitions.iter().any(|definition| definition.source != DefinitionSource::Statistics);
        // A table without a name of its own may be that of any feed.
        let is_named = matches!(table.id, TableId::Named { .. });
        table.kind == TableKind::Table && table.feeds.is_empty() && is_declared && is_named
    };
    let orphan = |table: &'a Table| Orphan {
        table,
        at: table.span().map(|span| place(files, span)),
        n_queries: model.queries.values().filter(|query| reads(query, table)).count(),
    };
    let mut orphans: Vec<Orphan<'_>> = model.tables.values().filter(own).map(orphan).collect();
    orphans.sort_by_key(|orphan| std::cmp::Reverse(orphan.n_queries));
    orphans
}

fn reads(query: &crate::model::Query, table: &Table) -> bool {
    let name = table.id.to_string();
    query.resolution.scans.iter().any(|scan| scan.table == name)
}
