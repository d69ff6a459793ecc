//! The repository as one value per revision: feeds, schemas, tables, buckets and queries, each with its places,
//! linked to the feeds they serve. Built from documents; knows neither rules nor formats of output.

pub mod allowance;
pub mod bucket;
pub mod build;
pub mod change;
pub mod column_name;
pub mod columns;
pub mod contract;
pub mod dataform;
pub mod dataset;
pub mod ddl;
pub mod delivery;
pub mod deployment;
pub mod discover;
pub mod embedded;
pub mod environment;
pub mod facts;
pub mod feed;
pub mod governance;
pub mod graph;
pub mod legacy;
pub mod link;
pub mod lookml;
pub mod naming;
pub mod parameters;
pub mod query;
pub mod quota;
pub mod role;
pub mod runs;
pub mod scheduled;
pub mod schema;
pub mod schema_check;
pub mod statistics;
pub mod table;
pub mod table_folder;
pub mod terraform;
#[cfg(test)]
pub(crate) mod testing;
pub mod timeline;
pub mod trigger;
pub mod workflow;

use crate::syntax::Problem;
use crate::text::{FileId, RepoPath, Span, Spanned};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use bucket::{Bucket, BucketId, LifecycleRule, Versions};
pub use feed::{Feed, FeedId};
pub use naming::NameIndex;
pub use query::{Query, QueryId, Routine, SqlProblems};
pub use schema::JsonSchema;
pub use table::{Column, Partitioning, Table, TableId};
pub use trigger::{Trigger, TriggerId};
pub use workflow::{Workflow, WorkflowId};

/// One revision.
#[derive(Debug, Default)]
pub struct Model {
    pub feeds: BTreeMap<FeedId, Feed>,
    /// JSON Schemas: those that feeds name, and files that say `$schema`.
    pub schemas: BTreeMap<RepoPath, JsonSchema>,
    pub tables: BTreeMap<TableId, Table>,
    /// Columns that are put into words beside the query that makes the table; unknown where the words are computed.
    pub descriptions: BTreeMap<TableId, Known<BTreeSet<String>>>,
    /// SQL functions and table functions that read tables.
    pub routines: Vec<Routine>,
    pub buckets: BTreeMap<BucketId, Bucket>,
    /// Eventarc triggers.
    pub triggers: BTreeMap<TriggerId, Trigger>,
    /// Workflows, those that Terraform deploys and those in files of their own.
    pub workflows: BTreeMap<WorkflowId, Workflow>,
    /// The ways of feeds' files through the workflows that they start.
    pub routes: Vec<workflow::Route>,
    /// What else hears of the files of a bucket.
    pub listeners: Vec<trigger::Listener>,
    /// Names that speak of one environment in what several share.
    pub hard_coded: Vec<environment::HardCoded>,
    /// What one environment has otherwise than another.
    pub drifts: Vec<environment::Drift>,
    /// Who may do what, as far as Terraform says it.
    pub roles: role::Roles,
    /// Topics of Pub/Sub, by their unique address.
    pub topics: BTreeMap<Arc<str>, trigger::Topic>,
    /// Workflows, functions and services, by their unique address.
    pub runners: BTreeMap<Arc<str>, trigger::Runner>,
    pub queries: BTreeMap<QueryId, Query>,
    /// Views of LookML, by file.
    pub views: Vec<lookml::View>,
    pub looker: lookml::Looker,
    /// Views that BigQuery takes for legacy SQL by default.
    pub legacy: Vec<legacy::LegacyByDefault>,
    /// Filters on partitions that are demanded in the older place.
    pub old_filters: Vec<legacy::OldPartitionFilter>,
    pub scheduled: Vec<scheduled::ScheduledQuery>,
    /// Slots are reserved for queries of some project.
    pub has_reservations: bool,
    /// Custom quotas on the bytes that queries read.
    pub allowances: Vec<allowance::CustomQuota>,
    pub misnamed_limits: Vec<allowance::MisnamedLimit>,
    /// Quotas whose id is that of no quota on queries, and nearly is.
    pub misspelled_ids: Vec<allowance::MisnamedLimit>,
    /// A quota of BigQuery of which it is not known what it limits.
    pub hidden_quota: Option<Span>,
    /// What the bill tells apart by labels.
    pub labelled: Vec<governance::Labelled>,
    /// What opens buckets to everybody.
    pub public_grants: Vec<governance::PublicGrant>,
    /// Amounts of budgets.
    pub amounts: Vec<allowance::Amount>,
    /// Of budgets.
    pub thresholds: Vec<allowance::Threshold>,
    /// Datasets that Terraform declares.
    pub datasets: dataset::Datasets,
    /// Tables and buckets as Terraform deploys them, by their unique address.
    pub deployed: BTreeMap<Arc<str>, deployment::Deployed>,
    /// What Terraform calls by another address, or lets go.
    pub moves: terraform::Moves,
    /// The table that each feed is loaded into.
    pub feed_tables: BTreeMap<FeedId, TableId>,
    /// The JSON Schema of each feed's records.
    pub feed_schemas: BTreeMap<FeedId, RepoPath>,
    /// The names of the feeds' files, compared with each other.
    pub names: Arc<NameIndex>,
    /// What is wrong with the text of files that we understand.
    pub problems: Vec<FileProblem>,
    /// What is wrong with SQL, by text.
    pub sql_problems: Vec<SqlProblems>,
    /// What was left out, and why.
    pub skipped: Vec<Skipped>,
    /// Counts for the summary: what was read.
    pub counts: Counts,
}

/// How much was read.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub files: usize,
    pub bytes: u64,
}

/// A defect of a file, with what the file is to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProblem {
    pub file: FileId,
    pub kind: FileProblemKind,
    pub problem: Problem,
}

/// Which reader, or which of our formats, complains. Each belongs to one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileProblemKind {
    Yaml,
    Json,
    Hcl,
    /// A key of a feed file that we do not know, or a value of the wrong shape.
    FeedDefinition,
    /// A BigQuery table schema that BigQuery would refuse.
    TableSchema,
    /// A feed defined twice.
    DuplicateFeed,
    /// A data contract that breaks its standard.
    DataContract,
    /// Two definitions of one feed that contradict each other.
    Conflict,
    /// A schedule of a query that nothing can run by.
    Schedule,
}

/// What was not done, and why. Never an error: the rest goes on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// The rule that did not judge, or what part of the work was left out: `estimate`, `file`.
    pub what: String,
    /// The subject, or the path of a file.
    pub subject: String,
    pub why: String,
    pub span: Option<Span>,
}

/// A fact that may be missing, or there but out of our reach. Missing is not empty, unknown is not zero.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Known<T> {
    Known(Spanned<T>),
    #[default]
    Absent,
    Unknown(Why),
}

/// Why a value is not known, with the place of the expression that hides it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    pub text: Arc<str>,
    pub span: Option<Span>,
    /// The file that would say it, which is not there.
    pub missing: Option<RepoPath>,
    /// The unique address of the resource, or of the data source, of which an attribute would say it once it is applied.
    pub of: Option<Arc<str>>,
}

impl Why {
    pub fn new(text: impl Into<Arc<str>>, span: Option<Span>) -> Why {
        Why { text: text.into(), span, missing: None, of: None }
    }

    pub fn missing(path: RepoPath, span: Span) -> Why {
        Why { text: format!("`{path}` is not in the repository").into(), span: Some(span), missing: Some(path), of: None }
    }

    /// Known as soon as the resource of this address is applied.
    pub fn applied(text: impl Into<Arc<str>>, span: Span, address: String) -> Why {
        Why { of: Some(address.into()), ..Why::new(text, Some(span)) }
    }
}

impl<T> Known<T> {
    pub fn value(&self) -> Option<&T> {
        self.spanned().map(|spanned| &spanned.value)
    }

    pub fn spanned(&self) -> Option<&Spanned<T>> {
        match self {
            Known::Known(spanned) => Some(spanned),
            Known::Absent | Known::Unknown(_) => None,
        }
    }

    /// Where the value, or the expression that hides it, stands.
    pub fn span(&self) -> Option<Span> {
        match self {
            Known::Known(spanned) => Some(spanned.span),
            Known::Absent => None,
            Known::Unknown(why) => why.span,
        }
    }

    pub fn is_absent(&self) -> bool {
        matches!(self, Known::Absent)
    }

    pub fn why(&self) -> Option<&Why> {
        match self {
            Known::Unknown(why) => Some(why),
            Known::Known(_) | Known::Absent => None,
        }
    }

    /// Takes what another source says where this one says nothing, or nothing that can be had.
    pub fn or(&mut self, other: Known<T>) {
        let is_better = match (&*self, &other) {
            (Known::Known(_), _) | (_, Known::Absent) => false,
            (Known::Absent | Known::Unknown(_), Known::Known(_)) | (Known::Absent, Known::Unknown(_)) => true,
            (Known::Unknown(_), Known::Unknown(_)) => false,
        };
        if is_better {
            *self = other;
        }
    }

    /// Asks what is known for something else.
    pub fn and_then<U>(&self, f: impl FnOnce(&T) -> Known<U>) -> Known<U> {
        match self {
            Known::Known(spanned) => f(&spanned.value),
            Known::Absent => Known::Absent,
            Known::Unknown(why) => Known::Unknown(why.clone()),
        }
    }

    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Known<U> {
        match self {
            Known::Known(spanned) => Known::Known(spanned.map(f)),
            Known::Absent => Known::Absent,
            Known::Unknown(why) => Known::Unknown(why),
        }
    }
}

impl<T> From<Option<Spanned<T>>> for Known<T> {
    fn from(value: Option<Spanned<T>>) -> Known<T> {
        value.map_or(Known::Absent, Known::Known)
    }
}
