//! What a statement does that its scans do not say, as rules on SQL ask for it. Ranges are bytes of the text; what stands
//! in the query of a view that the statement names is left out.

use std::ops::Range;

/// A place in a statement, and what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notable {
    pub range: Range<usize>,
    pub what: What,
}

/// Bytes that hold no comment and nothing that a template fills in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cut {
    pub start: usize,
    pub end: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// The keys of an `ORDER BY` in a subquery that has no `LIMIT`, and what can be cut out to be without it.
    IdleOrder { cut: Option<Cut> },
    /// The keys of the `ORDER BY` of a whole query that has no `LIMIT`.
    OuterOrder,
    /// The `LIMIT` of a whole query that does nothing but show columns: no condition, no group, no order.
    PlainLimit,
    /// A name of `WITH`, how often it is read, and that its query reads a table.
    RepeatedCte { name: String, count: usize },
    /// A text of JSON, of a table as the catalog names it, out of which this many values are taken: at the first.
    PayloadFields { table: String, column: String, count: usize },
    /// Two tables, as the catalog names them, whose rows no condition ties to each other: at the second. `CROSS JOIN` is spelled out, or a comma stands there.
    CrossJoin { left: String, right: String, is_spelled: bool },
    /// `NTILE`.
    Ntile,
    /// `COUNT(DISTINCT …)`.
    CountDistinct,
    /// The subquery of `IN` without `DISTINCT`.
    SemiJoin,
    /// `REGEXP_CONTAINS` with a pattern that holds letters, digits and spaces alone, but for `.*` at its ends: the text in it.
    PlainPattern(String),
}
