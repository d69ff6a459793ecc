//! What the declared deliveries take of BigQuery's limits on loads: per table and day, per project and day. A delivery is
//! loaded file by file, as a workflow does that an event starts for each object, unless the feed says otherwise.

use super::table::{Partitioning, TableKind};
use super::{Feed, FeedId, Known, Model, Table, TableId};
use crate::keys::cron;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A limit on the loads of one day. None of them can be raised but that of the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quota {
    /// Modifications of a table that is not partitioned.
    Table,
    /// Modifications of partitions, in a table that is partitioned by the time at which rows came in.
    IngestionPartitions,
    /// Modifications of partitions, in a table that is partitioned by a column. Each load is taken to touch one.
    ColumnPartitions,
    /// Load jobs of a project.
    Project,
}

impl Quota {
    /// Loads in a day.
    pub fn limit(self) -> u64 {
        match self {
            Quota::Table => 1_500,
            Quota::IngestionPartitions => 11_000,
            Quota::ColumnPartitions => 30_000,
            Quota::Project => 100_000,
        }
    }

    /// What BigQuery counts.
    pub fn counts(self) -> &'static str {
        match self {
            Quota::Table => "modifications of a table",
            Quota::IngestionPartitions => "modifications of partitions by ingestion time",
            Quota::ColumnPartitions => "modifications of partitions by column",
            Quota::Project => "load jobs of a project",
        }
    }
}

/// Whose limit it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    Table(TableId),
    /// `None` where no project is named.
    Project(Option<Arc<str>>),
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Scope::Table(id) => write!(f, "table `{id}`"),
            Scope::Project(Some(project)) => write!(f, "project `{project}`"),
            Scope::Project(None) => f.write_str("the project"),
        }
    }
}

/// How much of a limit the feeds take on their busiest day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    pub scope: Scope,
    pub quota: Quota,
    /// Loads of the feeds that say how often they deliver.
    pub used: u64,
    /// Those feeds with their loads, most first.
    pub feeds: Vec<(FeedId, u64)>,
    /// Feeds that do not say: with them it is more.
    pub unknown: Vec<FeedId>,
}

impl Usage {
    /// 1 is all of it.
    pub fn share(&self) -> f64 {
        // Both are far below 2^52.
        self.used as f64 / self.quota.limit() as f64
    }
}

/// The limit that holds for a table; `None` where its partitions are not known.
pub fn of_table(table: &Table) -> Option<Quota> {
    match &table.partitioning {
        Known::Known(partitioning) => Some(of_partitions(&partitioning.value)),
        Known::Absent => Some(Quota::Table),
        Known::Unknown(_) => None,
    }
}

fn of_partitions(partitioning: &Partitioning) -> Quota {
    if partitioning.column.is_some() { Quota::ColumnPartitions } else { Quota::IngestionPartitions }
}

/// Deliveries of a feed on its busiest day, and the load jobs of each; one where the number of files is not declared.
pub fn loads(feed: &Feed) -> Option<(u64, u64)> {
    let per_day = cron::per_day(&feed.delivery.cadence.value()?.text)?;
    let files = feed.delivery.files.value().copied().unwrap_or(1);
    Some((per_day, if feed.table.loads_deliveries() { 1 } else { files }))
}

/// What is used of every limit that a feed counts against, the fullest first. `project` is that of tables that name none.
pub fn usages(model: &Model, project: Option<&str>) -> Vec<Usage> {
    let mut groups: BTreeMap<(Scope, Quota), Usage> = BTreeMap::new();
    for feed in model.feeds.values() {
        let Some(table) = model.table_of(feed).filter(|table| table.kind == TableKind::Table) else { continue };
        let of_project = (Scope::Project(project_of(table, project)), Quota::Project);
        let of_table = of_table(table).map(|quota| (Scope::Table(table.id.clone()), quota));
        for (scope, quota) in of_table.into_iter().chain([of_project]) {
            let empty = Usage { scope: scope.clone(), quota, used: 0, feeds: Vec::new(), unknown: Vec::new() };
            groups.entry((scope, quota)).or_insert(empty).add(feed);
        }
    }
    let mut usages: Vec<Usage> = groups.into_values().collect();
    for usage in &mut usages {
        usage.feeds.sort_by(|(a, of_a), (b, of_b)| (Reverse(of_a), a).cmp(&(Reverse(of_b), b)));
    }
    usages.sort_by(|a, b| b.share().total_cmp(&a.share()).then_with(|| a.scope.cmp(&b.scope)));
    usages
}

impl Usage {
    fn add(&mut self, feed: &Feed) {
        match loads(feed) {
            Some((per_day, jobs)) => {
                let loads = per_day.saturating_mul(jobs);
                self.used = self.used.saturating_add(loads);
                self.feeds.push((feed.id.clone(), loads));
            }
            None => self.unknown.push(feed.id.clone()),
        }
    }
}

fn project_of(table: &Table, default: Option<&str>) -> Option<Arc<str>> {
    match &table.id {
        TableId::Named { project: Some(project), .. } => Some(project.clone()),
        TableId::Named { project: None, .. } | TableId::Address(_) => default.map(Into::into),
    }
}
