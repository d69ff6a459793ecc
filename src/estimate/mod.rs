//! Bytes and money of a query: pure arithmetic over the model, with every step said.

pub mod billing;
pub mod bytes;
pub mod price;

use crate::diagnostic::Label;
use crate::model::QueryId;
use crate::text::Span;

/// A figure between two bounds; no upper bound where nothing limits what is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    pub low: u64,
    pub high: Option<u64>,
}

/// How far a figure can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Accuracy {
    Exact,
    UpperBound,
    LowerBound,
    Range,
    Unknown,
}

/// Where rows and sizes come from; the weakest source that took part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    DryRun,
    Statistics,
    Declared,
    Samples,
}

/// The estimate of one statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    pub query: QueryId,
    pub span: Span,
    /// As BigQuery's job metadata names it: `SELECT`.
    pub statement: String,
    /// Bytes processed.
    pub bytes: Bounds,
    /// Bytes billed: rounded up and with the minimums.
    pub billed: Bounds,
    pub cost_usd: Option<(f64, Option<f64>)>,
    pub accuracy: Accuracy,
    pub basis: Option<Basis>,
    pub tables: Vec<TableRead>,
    /// What is not known, and where.
    pub unknown: Vec<(Option<Span>, String)>,
    pub notes: Vec<String>,
    /// How the figure came about, in order.
    pub steps: Vec<Label>,
}

/// What an estimate says of one table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableRead {
    pub table: String,
    pub columns: Vec<String>,
    pub bytes: Bounds,
    /// Partitions read, of how many; `None` where the table has none or they are not known.
    pub partitions: Option<(u64, u64)>,
    pub why: String,
}
