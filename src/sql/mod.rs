//! The BigQuery front end: text to statements, statements to scans. Knows SQL and the shape of tables, and neither
//! files nor feeds: offsets are bytes of the text that was given, and the caller maps them to places.
//! It never fails: what cannot be parsed or resolved is said, with its place.

pub mod condition;
pub mod ddl;
pub mod fold;
pub mod metadata;
pub mod notable;
pub mod parse;
pub mod reckoning;
pub mod reserved;
pub mod resolve;
#[cfg(test)]
mod tests;

use condition::{Condition, Hindrance, Obstacle};
use notable::Notable;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A text cut into statements.
#[derive(Debug, Clone, Default)]
pub struct Script {
    pub statements: Vec<Statement>,
    /// Statements that BigQuery would refuse, as far as we can tell.
    pub errors: Vec<SqlError>,
    /// Text we did not understand though it may be right: no finding, and no number either.
    pub not_analysed: Vec<SqlError>,
    /// Where the text says, or shows, that it is legacy SQL.
    pub legacy: Vec<Range<usize>>,
    /// The text holds template holes (`{{ … }}`, `${…}`), which were read around.
    pub templated: bool,
}

/// A place in the text and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlError {
    pub range: Range<usize>,
    pub message: String,
}

/// One statement.
#[derive(Debug, Clone)]
pub struct Statement {
    /// From its first token to its last, without the semicolon.
    pub range: Range<usize>,
    pub kind: StatementKind,
    /// What was parsed; `None` for statements that are recognised but not analysed.
    pub(crate) body: Option<Box<parse::Body>>,
    /// The table or view that it makes.
    pub creates: Option<std::sync::Arc<ddl::Created>>,
    pub occurs: Occurs,
}

/// How often a statement occurs in one run of its script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Occurs {
    #[default]
    Always,
    /// A condition may leave it out.
    Perhaps,
    /// It stands in a loop.
    AnyNumber,
}

impl Statement {
    /// Lets go of the tree, which is large, once the statement is resolved.
    pub(crate) fn without_tree(self) -> Statement {
        Statement { body: None, ..self }
    }
}

/// As `statement_type` of `INFORMATION_SCHEMA.JOBS` names them, as far as the estimate tells them apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatementKind {
    Select,
    CreateTableAsSelect,
    CreateTable,
    CreateView,
    CreateFunction,
    CreateTableFunction,
    Insert,
    Update,
    Delete,
    Merge,
    ExportData,
    /// Anything else, by its leading keywords in capitals: `DECLARE`, `ALTER TABLE`, `CALL`.
    Other(String),
}

impl StatementKind {
    /// The name in capitals, as BigQuery's job metadata writes it.
    pub fn name(&self) -> &str {
        match self {
            StatementKind::Select => "SELECT",
            StatementKind::CreateTableAsSelect => "CREATE_TABLE_AS_SELECT",
            StatementKind::CreateTable => "CREATE_TABLE",
            StatementKind::CreateView => "CREATE_VIEW",
            StatementKind::CreateFunction => "CREATE_FUNCTION",
            StatementKind::CreateTableFunction => "CREATE_TABLE_FUNCTION",
            StatementKind::Insert => "INSERT",
            StatementKind::Update => "UPDATE",
            StatementKind::Delete => "DELETE",
            StatementKind::Merge => "MERGE",
            StatementKind::ExportData => "EXPORT_DATA",
            StatementKind::Other(name) => name,
        }
    }
}

/// The name of a table as a query writes it: the parts between its dots, without backticks.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TablePath(pub Vec<String>);

impl std::fmt::Display for TablePath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

/// A column of a table: its name, GoogleSQL type name (`INT64`, `STRUCT`), whether it repeats, and the fields of a struct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnShape {
    pub name: String,
    pub data_type: String,
    pub repeated: bool,
    pub fields: Vec<ColumnShape>,
}

/// What the resolver needs to know of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableShape {
    pub columns: Vec<ColumnShape>,
    /// The column that partitions it, or `_PARTITIONTIME` for ingestion time.
    pub partition_column: Option<String>,
    pub clustering: Vec<String>,
    /// The query text of a view.
    pub view: Option<String>,
    /// The view keeps its rows.
    pub is_materialized: bool,
    /// Why there are no columns, where that is said.
    pub why_unknown: Option<String>,
    /// Google lays down its columns, and may have added some since we read of them.
    pub may_grow: bool,
    /// There may be columns that are not listed, such as those of a later `ALTER TABLE`.
    pub is_partial: bool,
}

/// Where the resolver asks for tables.
pub trait Catalog {
    /// The name under which the table counts (two spellings of one table give one name) and its shape;
    /// `Err` says why it is not known.
    fn table(&self, path: &TablePath) -> Result<(String, TableShape), String>;

    /// A function or table function whose SQL reads tables: its name, and the whole statement that creates it.
    fn routine(&self, _path: &TablePath) -> Option<(String, String)> {
        None
    }
}

/// What a statement reads.
#[derive(Debug, Clone, Default)]
pub struct Resolution {
    pub scans: Vec<Scan>,
    /// What could not be resolved; the scans are then a part of the truth.
    pub unresolved: Vec<SqlError>,
    /// Names for which BigQuery refuses the statement, where all that they could stand for is known.
    pub mistakes: Vec<NameMistake>,
    /// `SELECT *` and `t.*` that read base tables, at their star.
    pub stars: Vec<Star>,
    /// The columns of `CREATE TABLE … AS`; the type is empty where it is computed. `None` when their names are not known.
    pub outputs: Option<Vec<ColumnShape>>,
    /// A `MERGE` all of whose clauses insert: no row of its target is changed.
    pub inserts_only: bool,
    /// A condition names no column of what it filters, such as `RAND() < 0.1`: it is in no scan's predicates.
    pub has_free_condition: bool,
    /// A table is read as it was, with `FOR SYSTEM_TIME AS OF`.
    pub reads_past: bool,
    /// Calls of `EXTERNAL_QUERY`, which are charged by what another database gives back.
    pub federated: Vec<Range<usize>>,
    /// What else rules ask of it, in order.
    pub notables: Vec<Notable>,
    /// Views and functions whose queries were read on the way to the scans, as [`Catalog`] names them.
    pub through: BTreeSet<String>,
    /// What it makes of the history of jobs and of exports of billing.
    pub reckoning: reckoning::Reckoning,
}

/// A name that stands for nothing, or for more than one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameMistake {
    pub kind: NameMistakeKind,
    pub name: String,
    pub range: Range<usize>,
    pub message: String,
    /// What was probably meant, or how to say which is meant.
    pub help: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameMistakeKind {
    /// A column of a table, or a field of a struct.
    UnknownColumn,
    AmbiguousColumn,
    /// A view of `INFORMATION_SCHEMA`.
    UnknownView,
}

/// A star over base tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Star {
    pub range: Range<usize>,
    /// Names as [`Catalog::table`] gives them, or as written when the table is not known.
    pub tables: Vec<String>,
    /// `EXCEPT (…)` names columns.
    pub has_except: bool,
    /// It stands for the columns of one table, as they are.
    pub is_of_one: bool,
}

/// One reference to a base table.
#[derive(Debug, Clone)]
pub struct Scan {
    /// As [`Catalog::table`] names it.
    pub table: String,
    /// The reference in `FROM`.
    pub range: Range<usize>,
    /// Leaf columns read (`address.zip`), each with the first place that asks for it.
    pub columns: BTreeMap<String, Range<usize>>,
    /// Whole rows are read, with columns that are not listed.
    pub is_whole: bool,
    /// Predicates that hold for every row read (joined by AND) and name a column of this table.
    pub predicates: Vec<Predicate>,
    /// The target of DML: its bytes count by the DML formulas.
    pub is_target: bool,
    pub kind: ScanKind,
    /// `TABLESAMPLE SYSTEM (… PERCENT)`, where the figure is a number.
    pub sample_percent: Option<f64>,
    /// What stands between the statement and the table, where that changes how much of it is read.
    pub via: Option<Via>,
    /// The statement itself names it, and no view that it reads.
    pub is_direct: bool,
}

/// A detour on which a table is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// `APPENDS` and `CHANGES`: what was written to it in a span of time.
    History,
    /// A view that keeps its rows, of which less may be left to read.
    MaterializedView,
}

/// What kind of table a scan reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScanKind {
    Table,
    /// Several tables by a `*` at the end of the name.
    Wildcard,
    /// A view of metadata, named `INFORMATION_SCHEMA.JOBS` whatever stood before.
    InformationSchema,
}

/// A condition on one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Predicate {
    pub column: String,
    pub range: Range<usize>,
    /// The column stands alone on its side and the other side is constant (literals, parameters, `CURRENT_DATE()` and arithmetic on them).
    pub is_constant: bool,
    /// What the column is compared with, or why the condition leaves out no partition.
    pub condition: Result<Condition, Hindrance>,
    /// It is written of another column, to which a join makes this one equal.
    pub is_carried: bool,
    /// It stands in the statement itself, and not in a view that it reads.
    pub is_direct: bool,
}

impl Predicate {
    /// Why it may leave out nothing, though its form is one that BigQuery chooses partitions by.
    pub fn doubt(&self) -> Option<&'static str> {
        let carried = "that a filter reaches this table over the equality of a join is not documented: all may be read";
        let own = self.condition.as_ref().ok().and_then(Condition::doubt);
        own.or_else(|| self.is_carried.then_some(carried))
    }

    /// Nothing says what BigQuery makes of a condition of this form, such as `COALESCE(day = @day, TRUE)`: it may leave out
    /// much, or nothing.
    pub fn is_open(&self) -> bool {
        let is_open =
            |hindrance: &Hindrance| matches!(hindrance.why, Obstacle::Form | Obstacle::OtherColumn) && !hindrance.is_certain;
        self.condition.as_ref().is_err_and(is_open)
    }
}
