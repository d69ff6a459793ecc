//! What a run says, and the renderers of it. Renderers return strings and never fail; they own their formats.

pub mod amount;
pub mod annotation;
mod arrange;
pub mod calendar;
mod changes;
pub(crate) mod clean;
mod excerpt;
pub mod file_check;
pub mod github;
pub mod gitlab;
pub mod graph;
mod grid;
pub mod inventory;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod page;
pub mod pipeline;
mod place;
mod quotas;
pub mod rdjson;
mod reads;
mod repricing;
pub mod sarif;
pub mod simulation;
pub mod suggestion;
mod summary;
pub mod text;
pub mod timeline;
pub mod told;

use crate::diagnostic::{Diagnostic, RuleId, Severity};
use crate::estimate::Estimate;
use crate::estimate::headroom::ReadUsage;
use crate::estimate::monthly::Monthly;
use crate::estimate::repricing::Repricing;
use crate::model::change::Change;
use crate::model::quota::Usage;
use crate::model::{Counts, Skipped};
use crate::rules::Meta;
use crate::rules::catalogue::Catalogue;
use crate::text::{ChangedLines, Files, RepoPath, Revision};
use pipeline::Pipeline;
use std::collections::BTreeMap;

/// What a renderer is given.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub files: &'a Files,
    pub report: &'a Report,
    pub pages: &'a Pages,
    /// What stands before each path so that it leads there from where the reader is: `examples/landing-zone/`, or
    /// nothing. JSON and Markdown do without it: they speak of the repository's own paths.
    pub prefix: &'a str,
}

impl View<'_> {
    /// What stands before each path for a forge, which reads it from the top of the git repository, wherever the command was
    /// typed. Outside of one, it is what stands before it for the reader.
    pub fn from_top(&self) -> String {
        self.report.root.as_ref().map_or_else(|| self.prefix.to_owned(), |root| format!("{root}/"))
    }
}

/// The page of each rule, and where it can be read.
#[derive(Debug, Default)]
pub struct Pages(BTreeMap<RuleId, (Meta, Option<String>)>);

impl Pages {
    /// The pages of these rules. Those of our own catalogue have an address; where a repository keeps its own is not known.
    pub fn new<'a>(rules: impl IntoIterator<Item = &'a Meta>) -> Pages {
        let ours = Catalogue::embedded();
        let address = |meta: &Meta| format!("{}/blob/main/rules/{}/{}.md", env!("CARGO_PKG_REPOSITORY"), meta.family, meta.id);
        let url = |meta: &Meta| ours.get(meta.id.as_str()).map(|_| address(meta));
        Pages(rules.into_iter().map(|meta| (meta.id.clone(), (meta.clone(), url(meta)))).collect())
    }

    pub fn url(&self, rule: &RuleId) -> Option<&str> {
        self.0.get(rule).and_then(|(_, url)| url.as_deref())
    }

    pub(super) fn meta(&self, rule: &RuleId) -> Option<&Meta> {
        self.0.get(rule).map(|(meta, _)| meta)
    }
}

/// The result of a run, sorted: diagnostics by path and place, the rest by subject.
#[derive(Debug, Default)]
pub struct Report {
    /// Where the root lies in its git repository; `None` at the top of it, or outside of any.
    pub root: Option<RepoPath>,
    /// What the head was compared with.
    pub base: Option<Revision>,
    /// The files in which the head configures otherwise than the base, where the run goes by the base; else `None`.
    pub config_of_base: Option<Vec<RepoPath>>,
    /// The lines of the head that the base does not have; `None` where nothing was compared.
    pub changed_lines: Option<ChangedLines>,
    /// What the change touches; `None` without a base.
    pub pipeline: Option<Pipeline>,
    /// The new ones first, where there is a base.
    pub diagnostics: Vec<Diagnostic>,
    /// How many findings are left out because the base has them as well.
    pub n_known_left_out: usize,
    /// Findings that an ignore comment silenced.
    pub suppressed: Vec<Diagnostic>,
    /// Findings that the repository had when its baseline was written.
    pub in_baseline: Vec<Diagnostic>,
    pub estimates: Vec<Estimate>,
    /// What the estimates come to in a month; `None` where nothing says how often anything runs.
    pub monthly: Option<Monthly>,
    /// What the change does to the estimates; `None` without a base.
    pub repricing: Option<Repricing>,
    pub changes: Vec<Change>,
    pub skipped: Vec<Skipped>,
    /// What the feeds take of BigQuery's limits on loads, the fullest first.
    pub quotas: Vec<Usage>,
    /// The same of the base.
    pub quotas_of_base: Vec<Usage>,
    /// What its queries read of the custom quotas, the fullest first.
    pub reads: Vec<ReadUsage>,
    pub stats: Stats,
}

/// What was read, for the summary.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Stats {
    pub read: Counts,
    pub feeds: usize,
    /// How many of them each source defines, where a feed counts for the best of its own.
    pub feed_sources: BTreeMap<&'static str, usize>,
    pub schemas: usize,
    pub tables: usize,
    pub buckets: usize,
    pub queries: usize,
    /// Views and explores of LookML.
    pub views: usize,
    pub explores: usize,
    pub rules: usize,
}

impl Report {
    /// How many findings are new; `None` where nothing was compared.
    pub fn n_new(&self) -> Option<usize> {
        let n_new = self.diagnostics.iter().filter(|diagnostic| diagnostic.is_new == Some(true)).count();
        self.base.as_ref().map(|_| n_new)
    }

    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }
}
