//! What a statement reckons from the history of jobs or from an export of billing: products, sums, conditions and keys
//! over their columns, through subqueries down to the columns themselves. Only statements that read such a table have
//! any. Says what is written, and not whether it is right.

use std::ops::Range;

/// A thing that is written once is listed once.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reckoning {
    /// In the order in which they are met; columns name them by their place.
    pub sources: Vec<Source>,
    /// Chains of `*` and `/` over a column, none within another.
    pub products: Vec<Product>,
    pub sums: Vec<Sum>,
    /// What conditions, `CASE` and `IF` ask of columns.
    pub tests: Vec<Test>,
    pub keys: Vec<Key>,
    pub arrays: Vec<Array>,
}

/// A table of the kinds that are reckoned with.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    pub kind: SourceKind,
    /// The reference in `FROM`.
    pub range: Range<usize>,
    /// As written, by its parts.
    pub path: Vec<String>,
    /// A template fills in a part of the name.
    pub has_hole: bool,
    /// The name stands in a view that the statement names, and not in its own text.
    pub is_elsewhere: bool,
    pub clause: Option<Clause>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// `INFORMATION_SCHEMA.JOBS` and its sisters.
    Jobs,
    /// `INFORMATION_SCHEMA.JOBS_TIMELINE` and its sisters.
    Timeline,
    BillingExport,
}

/// Where a condition can be added to the query that names a table, which is the only one in its `FROM`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clause {
    /// There is no `WHERE`: it would stand here.
    Absent(usize),
    /// The condition as it is written.
    Where { condition: Range<usize>, has_or: bool },
}

/// A column of a source, and the name in the text that leads to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The place of its table in [`Reckoning::sources`].
    pub source: usize,
    pub kind: SourceKind,
    /// In small letters, with its fields: `referenced_tables.dataset_id`.
    pub column: String,
    pub range: Range<usize>,
    /// The name is that of the column itself, and not of an output of a subquery.
    pub is_direct: bool,
}

/// A chain of `*` and `/`. Sums, rounding and casts count as what they are of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Product {
    pub range: Range<usize>,
    pub columns: Vec<Named>,
    pub factors: Vec<Factor>,
    /// A factor is not known here: a parameter, a column of another table, what a template fills in.
    pub has_unknown: bool,
    /// The alias that it is given.
    pub name: Option<String>,
}

/// A number in a chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    pub value: f64,
    pub is_divisor: bool,
    pub range: Range<usize>,
}

/// An aggregate that adds up.
#[derive(Debug, Clone, PartialEq)]
pub struct Sum {
    pub range: Range<usize>,
    pub columns: Vec<Named>,
    /// The number of the `SELECT` that it stands in.
    pub select: usize,
    /// Its `FROM` names one and the same history of jobs twice.
    pub is_of_pairs: bool,
}

/// What is asked of a column.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    pub columns: Vec<Named>,
    /// What it is compared with, where that is written as a string.
    pub strings: Vec<String>,
    pub range: Range<usize>,
    pub is_null: bool,
    pub is_equality: bool,
}

/// A key of `GROUP BY`.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    pub columns: Vec<Named>,
    pub select: usize,
    /// It cuts instants into days or longer.
    pub zone: Option<Zone>,
}

/// By whose midnight days are cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Zone {
    /// Nothing is said, and BigQuery takes this.
    Utc,
    /// As written.
    Named(String),
    /// It is computed, or hours are added by hand.
    Unknown,
}

/// An array of a source whose elements are rows of `FROM`.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    pub column: Named,
    pub select: usize,
}
