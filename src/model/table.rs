//! BigQuery tables: who defines them, their columns, partitioning and clustering, and what is known of their size.

use super::{FeedId, Known};
use crate::text::{Span, Spanned};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The identity of a table.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TableId {
    /// `dataset.name`, with the project where it is said.
    Named { project: Option<Arc<str>>, dataset: Arc<str>, name: Arc<str> },
    /// The address of a Terraform resource whose name is not known: `google_bigquery_table.raw`.
    Address(Arc<str>),
}

impl TableId {
    pub fn new(project: Option<&str>, dataset: &str, name: &str) -> TableId {
        TableId::Named { project: project.map(Into::into), dataset: dataset.into(), name: name.into() }
    }
}

impl fmt::Display for TableId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TableId::Named { project: Some(project), dataset, name } => write!(f, "{project}.{dataset}.{name}"),
            TableId::Named { project: None, dataset, name } => write!(f, "{dataset}.{name}"),
            TableId::Address(address) => f.write_str(address),
        }
    }
}

/// A table, merged from everything that defines it.
#[derive(Debug, Clone)]
pub struct Table {
    pub id: TableId,
    /// Best first: Terraform, DDL, the feed, statistics.
    pub definitions: Vec<Definition>,
    pub kind: TableKind,
    pub columns: Known<Vec<Column>>,
    pub partitioning: Known<Partitioning>,
    pub clustering: Known<Vec<Spanned<String>>>,
    pub require_partition_filter: Known<bool>,
    /// The query of a view, as text.
    pub view_query: Option<String>,
    pub statistics: Option<Statistics>,
    pub feeds: Vec<FeedId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableKind {
    Table,
    View,
    MaterializedView,
    External,
}

/// A place that defines a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Definition {
    pub source: DefinitionSource,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DefinitionSource {
    Terraform,
    Ddl,
    Feed,
    Statistics,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub name_span: Span,
    /// The GoogleSQL name in capitals: `INT64`, `STRING`, `STRUCT`. As written when BigQuery has no such type.
    pub data_type: String,
    pub type_span: Span,
    pub mode: Mode,
    pub fields: Vec<Column>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Nullable,
    Required,
    Repeated,
}

/// How a table is cut into partitions.
#[derive(Debug, Clone, PartialEq)]
pub struct Partitioning {
    pub kind: PartitionKind,
    /// The column; `None` for ingestion time.
    pub column: Option<Spanned<String>>,
    /// After how many days a partition expires.
    pub expiration_days: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartitionKind {
    Hour,
    Day,
    Month,
    Year,
    IntegerRange,
    /// Said, but not which.
    Unknown,
}

/// What BigQuery said of a table, from a statistics file.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistics {
    pub rows: Option<u64>,
    pub bytes: Option<u64>,
    /// Total logical bytes of each leaf column.
    pub column_bytes: BTreeMap<String, u64>,
    pub partitions: Vec<PartitionStatistics>,
    pub location: Option<String>,
    pub span: Span,
}

/// A row of `INFORMATION_SCHEMA.PARTITIONS`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartitionStatistics {
    pub id: String,
    pub rows: u64,
    pub bytes: u64,
}

impl Table {
    /// Where findings on the table as a whole point.
    pub fn span(&self) -> Option<Span> {
        self.definitions.first().map(|definition| definition.span)
    }
}
