//! A run as it is told: the structs of the JSON report, version 1, with places as people count them. They are the contract,
//! written out by hand, so that a change of the core never changes what users parse. A report that is read back fills the
//! same structs, and what people read in a pull request is rendered from them alone. Nothing in a report that was read is
//! to be trusted: it may come from a fork.

use super::clean;
use crate::estimate::Bounds;
use crate::estimate::monthly::Usd;
use crate::estimate::repricing;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The version that is written into every report. Additions keep it; anything else raises it.
pub const VERSION: u32 = 1;

type Text<'a> = Cow<'a, str>;

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Told<'a> {
    pub version: u32,
    /// What leads from the top of the git repository to the root that paths begin at; empty where they are one.
    pub root: Text<'a>,
    pub base: Option<Base<'a>>,
    pub findings: Vec<Finding<'a>>,
    pub estimates: Vec<Estimate<'a>>,
    pub monthly: Option<Monthly>,
    pub repricing: Option<Repricing<'a>>,
    pub changes: Vec<Change<'a>>,
    /// The part of the way of the data that the change touches; null without a base, or where it touches none.
    pub pipeline: Option<Sketch<'a>>,
    pub skipped: Vec<Skipped<'a>>,
    pub quotas: Vec<Quota<'a>>,
    pub query_quotas: Vec<Reads>,
    pub summary: Summary<'a>,
}

/// What the head was compared with: the name that was asked for, and the last commit in common with it.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Base<'a> {
    pub revision: Text<'a>,
    pub commit: Text<'a>,
    /// Where the run goes by the configuration, the rules, the baseline and the ignores of the base: the files in which the
    /// head has others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configuration_differs_in: Option<Vec<Text<'a>>>,
}

/// Lines and columns from 1, columns in characters; the end is the place after the last character.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place<'a> {
    pub path: Text<'a>,
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Finding<'a> {
    pub rule: Text<'a>,
    /// The folder of the rule's page; null for rules of the repository.
    pub family: Option<Text<'a>>,
    pub severity: Text<'a>,
    pub message: Text<'a>,
    #[serde(flatten)]
    pub place: Place<'a>,
    pub subject: Text<'a>,
    /// The feeds that it concerns, as far as that is known.
    pub feeds: Vec<Text<'a>>,
    pub fingerprint: Text<'a>,
    /// Whether the base is free of it; null where nothing was compared.
    pub new: Option<bool>,
    /// Whether it stands on a line that the change touches; null where nothing was compared.
    pub on_changed_line: Option<bool>,
    pub label: Option<Text<'a>>,
    pub help: Option<Text<'a>>,
    pub url: Option<Text<'a>>,
    pub related: Vec<Related<'a>>,
    pub fix: Option<Fix<'a>>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Related<'a> {
    pub message: Text<'a>,
    /// `head`, or `base` for a place of the revision that is compared with.
    pub side: Text<'a>,
    #[serde(flatten)]
    pub place: Place<'a>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Fix<'a> {
    pub title: Text<'a>,
    /// `safe` or `unsafe`.
    pub applicability: Text<'a>,
    pub edits: Vec<Edit<'a>>,
    pub new_files: Vec<NewFile<'a>>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NewFile<'a> {
    pub path: Text<'a>,
    pub text: Text<'a>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Edit<'a> {
    #[serde(flatten)]
    pub place: Place<'a>,
    pub text: Text<'a>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Estimate<'a> {
    pub path: Text<'a>,
    pub name: Text<'a>,
    pub line: u32,
    pub statement: Text<'a>,
    pub bytes_processed: Range<u64>,
    pub bytes_billed: Range<u64>,
    pub accuracy: Text<'a>,
    pub basis: Option<Text<'a>>,
    pub cost_usd: Option<Range<f64>>,
    pub location: Option<Text<'a>>,
    pub runs_per_month: Option<f64>,
    /// Before the free tier, which is of the whole month.
    pub cost_usd_per_month: Option<Range<f64>>,
    pub tables: Vec<TableRead<'a>>,
    pub unknown: Vec<Remark<'a>>,
    pub notes: Cow<'a, [String]>,
    pub steps: Vec<Remark<'a>>,
}

/// The sum of a month, over the statements of which it is known how often they run.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Monthly {
    pub cost_usd: Range<f64>,
    pub cost_usd_before_free_tier: Range<f64>,
    /// Of the statements that have an upper bound.
    pub bounded_cost_usd_before_free_tier: Range<f64>,
    pub free_bytes: u64,
    pub statements: usize,
    pub statements_without_upper_bound: usize,
    pub statements_without_runs: usize,
    pub statements_without_price: usize,
    pub locations: Vec<Location>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Location {
    pub location: String,
    pub usd_per_tib: f64,
    pub bytes_billed: Range<u64>,
    pub cost_usd: Range<f64>,
}

/// `high` is null where nothing limits what is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Range<T> {
    pub low: T,
    pub high: Option<T>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TableRead<'a> {
    pub table: Text<'a>,
    pub columns: Cow<'a, [String]>,
    pub bytes: Range<u64>,
    pub partitions: Option<Partitions>,
    pub why: Text<'a>,
}

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Partitions {
    pub read: u64,
    pub of: u64,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Remark<'a> {
    pub message: Text<'a>,
    #[serde(flatten)]
    pub place: Option<Place<'a>>,
}

/// Queries whose figures differ from those of the base.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Repricing<'a> {
    pub queries: Vec<Repriced<'a>>,
    pub rewritten_at_the_same_cost: usize,
    pub cost_usd: Sum,
    pub cost_usd_per_month: Sum,
}

/// Over the queries of which both sides are known and bounded; `unknown` are the others.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Sum {
    pub base: Range<f64>,
    pub head: Range<f64>,
    pub difference: Span<f64>,
    pub queries: usize,
    pub unknown: usize,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Repriced<'a> {
    pub name: Text<'a>,
    /// `added`, `removed`, `rewritten`, or `repriced` where its own text is the same.
    pub kind: Text<'a>,
    /// In the head, or in the base where the query is gone.
    #[serde(flatten)]
    pub place: Option<Place<'a>>,
    pub base: Option<Priced<'a>>,
    pub head: Option<Priced<'a>>,
    pub difference: Differences,
    pub causes: Vec<Cause<'a>>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Priced<'a> {
    pub name: Text<'a>,
    pub bytes_processed: Range<u64>,
    pub bytes_billed: Range<u64>,
    pub accuracy: Text<'a>,
    pub cost_usd: Option<Range<f64>>,
    pub runs_per_month: Option<f64>,
    pub cost_usd_per_month: Option<Range<f64>>,
}

/// Null where one of the sides is not known.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Differences {
    pub bytes_processed: Option<Span<i64>>,
    pub cost_usd: Option<Span<f64>>,
    pub cost_usd_per_month: Option<Span<f64>>,
}

/// Head less base; an end is null where nothing limits it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Span<T> {
    pub low: Option<T>,
    pub high: Option<T>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Cause<'a> {
    pub kind: Text<'a>,
    pub subject: Text<'a>,
    pub message: Text<'a>,
    pub base: Option<Place<'a>>,
    pub head: Option<Place<'a>>,
}

/// `before` and `after` are the places of the definition in the base and in the head.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Change<'a> {
    pub subject: Text<'a>,
    /// What a column or a field is a part of: `table raw.orders`.
    pub holder: Option<Text<'a>>,
    /// `added`, `removed`, `renamed` or `modified`.
    pub kind: Text<'a>,
    /// What the base called it, where that is another name.
    pub from: Option<Text<'a>>,
    pub differences: Vec<Difference<'a>>,
    /// The feeds that it concerns.
    pub feeds: Vec<Text<'a>>,
    pub before: Option<Place<'a>>,
    pub after: Option<Place<'a>>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Difference<'a> {
    pub name: Text<'a>,
    pub before: Option<Remark<'a>>,
    pub after: Option<Remark<'a>>,
}

/// A drawing of the way of the data, without any format.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Sketch<'a> {
    pub nodes: Vec<SketchNode<'a>>,
    pub edges: Vec<SketchEdge>,
    /// Things that nothing leads to or from, which are not among the nodes.
    pub alone: usize,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SketchNode<'a> {
    pub kind: Text<'a>,
    pub name: Text<'a>,
    pub feeds: Vec<Text<'a>>,
    /// Whether the repository declares it, or only speaks of it.
    pub declared: bool,
    pub findings: usize,
    /// The severity of the worst finding.
    pub worst: Option<Text<'a>>,
    /// What became of it: `added`, `renamed` or `modified`.
    pub change: Option<Text<'a>>,
}

/// By the places of the nodes in their list.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SketchEdge {
    pub from: usize,
    pub to: usize,
    /// Only the definition of a feed says so.
    pub declared: bool,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Skipped<'a> {
    pub what: Text<'a>,
    pub subject: Text<'a>,
    pub why: Text<'a>,
    #[serde(flatten)]
    pub place: Option<Place<'a>>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Quota<'a> {
    /// ``table `raw.quotes` ``, ``project `acme-prod` ``.
    pub scope: String,
    pub counts: Text<'a>,
    pub used: u64,
    /// Left out where there is no base, or the base had no such limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_in_base: Option<u64>,
    pub limit: u64,
    pub share: f64,
    pub feeds: Vec<FeedLoads>,
    /// Feeds whose cadence is not known: with them it is more.
    pub unknown: Vec<String>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FeedLoads {
    pub feed: String,
    pub loads: u64,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Reads {
    /// ``project `acme-prod` ``, ``user `queries@…` ``.
    pub scope: String,
    pub quota: String,
    pub bytes_per_day: Range<u64>,
    pub limit: u64,
    /// By the lower bound.
    pub share: f64,
    pub queries: Vec<QueryReads>,
    /// Statements of which nothing says how often they run: with them it is more.
    pub statements_without_runs: usize,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct QueryReads {
    pub query: String,
    pub bytes_per_day: Range<u64>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary<'a> {
    pub errors: usize,
    pub warnings: usize,
    pub notes: usize,
    /// How many findings are new; null where nothing was compared.
    pub new: Option<usize>,
    /// Findings that are left out because the base has them as well.
    pub known_left_out: usize,
    pub suppressed: usize,
    /// Findings that are left out because the baseline knows them.
    pub in_baseline: usize,
    pub skipped: usize,
    pub files_with_findings: usize,
    pub read: Read<'a>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Read<'a> {
    pub files: usize,
    pub bytes: u64,
    pub feeds: usize,
    pub feed_sources: BTreeMap<Text<'a>, usize>,
    pub schemas: usize,
    pub tables: usize,
    pub buckets: usize,
    pub queries: usize,
    pub views: usize,
    pub explores: usize,
    pub rules: usize,
}

impl Told<'_> {
    /// Reads a report back. What a version of its own adds is left out; what it lacks counts as nothing.
    pub fn read(json: &str) -> Result<Told<'static>, String> {
        let told: Told<'static> = serde_json::from_str(json).map_err(|error| error.to_string())?;
        match told.version {
            VERSION => Ok(told),
            0 => Err("it does not say `\"version\"`".to_owned()),
            other => Err(format!("it is of version {other}, and I read version {VERSION}")),
        }
    }

    /// The report as a text, ended by a line feed.
    pub fn json(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("these structs hold nothing that JSON cannot");
        clean::json(&text)
    }
}

impl From<Range<u64>> for Bounds {
    fn from(range: Range<u64>) -> Bounds {
        Bounds { low: range.low, high: range.high }
    }
}

impl From<Range<f64>> for Usd {
    fn from(range: Range<f64>) -> Usd {
        Usd { low: range.low, high: range.high }
    }
}

impl<T> From<Span<T>> for repricing::Difference<T> {
    fn from(span: Span<T>) -> repricing::Difference<T> {
        repricing::Difference { low: span.low, high: span.high }
    }
}

impl<T> From<repricing::Difference<T>> for Span<T> {
    fn from(difference: repricing::Difference<T>) -> Span<T> {
        Span { low: difference.low, high: difference.high }
    }
}
