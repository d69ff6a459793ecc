//! What a statement creates: the shape of a table or view as `CREATE` writes it. Knows no catalog, and no type names:
//! they are as written.

use super::TablePath;
use std::ops::Range;

/// A table or view that a statement makes. Ranges are bytes of the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Created {
    pub path: TablePath,
    /// The name.
    pub range: Range<usize>,
    pub kind: CreatedKind,
    /// It lives as long as its script.
    pub is_temporary: bool,
    pub columns: CreatedColumns,
    pub partitioning: Option<CreatedPartitioning>,
    pub clustering: Vec<Name>,
    pub require_partition_filter: Option<bool>,
    /// The query behind `AS`.
    pub query: Option<Range<usize>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CreatedKind {
    Table,
    View,
    MaterializedView,
}

/// Where the columns are said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreatedColumns {
    Listed(Vec<CreatedColumn>),
    /// Names alone, for the columns of the query.
    Named(Vec<Name>),
    OfQuery,
    Unknown(String),
}

/// A name and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub text: String,
    pub range: Range<usize>,
}

/// A column with its type: the name of the type in capitals, without parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedColumn {
    pub name: Name,
    pub data_type: Name,
    pub is_repeated: bool,
    pub is_required: bool,
    pub fields: Vec<CreatedColumn>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct CreatedPartitioning {
    pub unit: PartitionUnit,
    /// `None` for ingestion time.
    pub column: Option<Name>,
    pub expiration_days: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartitionUnit {
    Hour,
    Day,
    Month,
    Year,
    Range,
    /// An expression that is not understood.
    Unknown,
}
