//! Queries: SQL files, and SQL that lies in other files.

use super::FeedId;
use crate::sql::{Resolution, SqlError, Statement};
use crate::text::{Span, SpanMap};
use std::fmt;
use std::sync::Arc;

/// `sql/cost.sql`, or `sql/cost.sql#2` for the second statement of a file that holds several.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QueryId {
    pub path: Arc<str>,
    /// From 1.
    pub number: u32,
    pub is_only: bool,
}

impl fmt::Display for QueryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_only { f.write_str(&self.path) } else { write!(f, "{}#{}", self.path, self.number) }
    }
}

/// One statement of SQL with what it reads.
#[derive(Debug, Clone)]
pub struct Query {
    pub id: QueryId,
    /// The whole statement.
    pub span: Span,
    /// From offsets of the SQL text to places.
    pub map: Arc<SpanMap>,
    pub statement: Statement,
    pub resolution: Resolution,
    /// Feeds whose tables it reads.
    pub feeds: Vec<FeedId>,
}

/// The defects of one SQL text, at their places.
#[derive(Debug, Clone)]
pub struct SqlProblems {
    pub map: Arc<SpanMap>,
    pub errors: Vec<SqlError>,
    pub not_analysed: Vec<SqlError>,
}
