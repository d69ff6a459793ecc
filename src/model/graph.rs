//! The way of the data through the repository: from a feed's files over what hears of them and what loads them to tables, views,
//! queries and dashboards. A value without any format: what is drawn of it, and how, is for reports.

mod draft;
mod events;
mod loads;
mod order;
mod reads;
mod sql;

use super::{FeedId, Model};
use crate::diagnostic::Subject;
use crate::text::Span;
use draft::Draft;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Things and the ways between them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Graph {
    /// By stage, depth and key.
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
}

/// One thing on the way.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub kind: Kind,
    /// Unique within its kind.
    pub key: Arc<str>,
    /// For people, without what its kind says already.
    pub name: String,
    /// Where it is declared; `None` where the repository only speaks of it.
    pub span: Option<Span>,
    /// What findings are about: the thing itself, and what makes it.
    pub subjects: Vec<Subject>,
    pub feeds: BTreeSet<FeedId>,
    /// How many things of its own stage stand before it, one behind the other.
    pub depth: usize,
}

/// A way from one node to another, by their places in [`Graph::nodes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    pub from: usize,
    pub to: usize,
    /// The definition of a feed says so, and nothing of what is deployed.
    pub is_declared: bool,
}

/// What a thing is. In the order of the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Feed,
    Bucket,
    Topic,
    Trigger,
    Workflow,
    Function,
    Service,
    /// An address on the web, or something on a cluster.
    Endpoint,
    Table,
    /// A table that a query makes.
    Derived,
    View,
    Query,
    /// A view of LookML.
    Look,
    Dashboard,
}

/// The part of the way that a kind belongs to: a column of a drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Feed,
    Bucket,
    Event,
    Load,
    Table,
    View,
    Query,
    Dashboard,
}

impl Stage {
    pub const ALL: [Stage; 8] =
        [Stage::Feed, Stage::Bucket, Stage::Event, Stage::Load, Stage::Table, Stage::View, Stage::Query, Stage::Dashboard];

    /// The title of its column.
    pub fn title(self) -> &'static str {
        match self {
            Stage::Feed => "Feeds",
            Stage::Bucket => "Buckets",
            Stage::Event => "Events",
            Stage::Load => "Loaders",
            Stage::Table => "Tables",
            Stage::View => "Views and derived tables",
            Stage::Query => "Queries",
            Stage::Dashboard => "Dashboards",
        }
    }
}

impl Kind {
    pub const ALL: [Kind; 14] = [
        Kind::Feed,
        Kind::Bucket,
        Kind::Topic,
        Kind::Trigger,
        Kind::Workflow,
        Kind::Function,
        Kind::Service,
        Kind::Endpoint,
        Kind::Table,
        Kind::Derived,
        Kind::View,
        Kind::Query,
        Kind::Look,
        Kind::Dashboard,
    ];

    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    pub fn stage(self) -> Stage {
        match self {
            Kind::Feed => Stage::Feed,
            Kind::Bucket => Stage::Bucket,
            Kind::Topic | Kind::Trigger => Stage::Event,
            Kind::Workflow | Kind::Function | Kind::Service | Kind::Endpoint => Stage::Load,
            Kind::Table => Stage::Table,
            Kind::Derived | Kind::View => Stage::View,
            Kind::Query => Stage::Query,
            Kind::Look | Kind::Dashboard => Stage::Dashboard,
        }
    }

    /// Whether it is what loads files.
    pub fn is_loader(self) -> bool {
        matches!(self, Kind::Workflow | Kind::Function | Kind::Service | Kind::Endpoint)
    }

    /// For people and programs.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Feed => "feed",
            Kind::Bucket => "bucket",
            Kind::Topic => "topic",
            Kind::Trigger => "trigger",
            Kind::Workflow => "workflow",
            Kind::Function => "function",
            Kind::Service => "service",
            Kind::Endpoint => "endpoint",
            Kind::Table => "table",
            Kind::Derived => "derived table",
            Kind::View => "view",
            Kind::Query => "query",
            Kind::Look => "LookML view",
            Kind::Dashboard => "dashboard",
        }
    }
}

impl Graph {
    /// Everything that the repository declares or speaks of.
    pub fn of(model: &Model, project: Option<&str>) -> Graph {
        Draft::of(model, project).finish()
    }

    /// What lies on the way of one feed.
    pub fn of_feed(&self, feed: &FeedId) -> Graph {
        self.keep(|node| node.feeds.contains(feed))
    }

    /// The things that something leads to or from, and how many there are without any way.
    pub fn connected(&self) -> (Graph, usize) {
        let linked: BTreeSet<usize> = self.edges.iter().flat_map(|edge| [edge.from, edge.to]).collect();
        let connected = self.keep_at(&linked);
        let n_alone = self.nodes.len() - connected.nodes.len();
        (connected, n_alone)
    }

    pub fn keep(&self, is_kept: impl Fn(&Node) -> bool) -> Graph {
        let kept: BTreeSet<usize> = (0..self.nodes.len()).filter(|at| self.nodes.get(*at).is_some_and(&is_kept)).collect();
        self.keep_at(&kept)
    }

    fn keep_at(&self, kept: &BTreeSet<usize>) -> Graph {
        let places: BTreeMap<usize, usize> = kept.iter().copied().zip(0..).collect();
        let nodes = kept.iter().filter_map(|at| self.nodes.get(*at).cloned());
        let edge = |edge: &Edge| {
            Some(Edge { from: *places.get(&edge.from)?, to: *places.get(&edge.to)?, is_declared: edge.is_declared })
        };
        Graph { nodes: nodes.collect(), edges: self.edges.iter().filter_map(edge).collect() }
    }
}

#[cfg(test)]
mod tests;
