//! What a statement creates: the shape of a table or view as `CREATE` writes it. Knows no catalog, and no type names:
//! they are as written.

use super::{ColumnShape, TablePath};
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
    /// `OR REPLACE`: what there was by this name goes.
    pub is_replacing: bool,
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
    /// Those of another table: `LIKE`, `COPY`, `CLONE`.
    Like(TablePath),
    OfQuery,
    Unknown(String),
}

/// The table whose columns an `ALTER TABLE` adds, drops or renames.
pub fn altered(statement: &str) -> Option<TablePath> {
    let mut words = statement.split_whitespace();
    let mut is_next = |wanted: &str| words.next().is_some_and(|word| word.eq_ignore_ascii_case(wanted));
    if !(is_next("ALTER") && is_next("TABLE")) {
        return None;
    }
    let mut name = words.next()?;
    if name.eq_ignore_ascii_case("IF") {
        name = words.nth(1)?;
    }
    let is_of_columns = words.any(|word| word.eq_ignore_ascii_case("COLUMN"));
    let path = name.replace('`', "");
    is_of_columns.then(|| TablePath(path.split('.').map(str::to_owned).collect()))
}

/// The table that a `DROP TABLE` takes away.
pub fn dropped(statement: &str) -> Option<TablePath> {
    let mut words = statement.split_whitespace();
    let mut is_next = |wanted: &str| words.next().is_some_and(|word| word.eq_ignore_ascii_case(wanted));
    if !(is_next("DROP") && is_next("TABLE")) {
        return None;
    }
    let name = words.next()?;
    let name = if name.eq_ignore_ascii_case("IF") { words.nth(1)? } else { name };
    Some(TablePath(name.trim_end_matches(';').replace('`', "").split('.').map(str::to_owned).collect()))
}

/// The function or table function that a statement creates.
pub fn routine(statement: &str) -> Option<TablePath> {
    let (head, _) = statement.split_once('(')?;
    let mut words = head.split_whitespace().skip_while(|word| !word.eq_ignore_ascii_case("FUNCTION")).skip(1);
    let name = match words.next()? {
        word if word.eq_ignore_ascii_case("IF") => words.nth(2)?,
        name => name,
    };
    Some(TablePath(name.replace('`', "").split('.').map(str::to_owned).collect()))
}

/// A name and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub text: String,
    pub range: Range<usize>,
}

/// A column with its type: the name of the type in capitals, and the numbers in brackets behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedColumn {
    pub name: Name,
    pub data_type: Name,
    pub parameters: Vec<u64>,
    pub is_repeated: bool,
    pub is_required: bool,
    pub is_described: bool,
    pub fields: Vec<CreatedColumn>,
}

impl CreatedColumn {
    /// The shape of the column; `type_name` gives types the names that the model knows them by.
    pub fn shape(&self, type_name: &dyn Fn(&str) -> String) -> ColumnShape {
        ColumnShape {
            name: self.name.text.clone(),
            data_type: type_name(&self.data_type.text),
            repeated: self.is_repeated,
            fields: self.fields.iter().map(|field| field.shape(type_name)).collect(),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct CreatedPartitioning {
    pub unit: PartitionUnit,
    /// `None` for ingestion time.
    pub column: Option<Name>,
    pub expiration_days: Option<f64>,
    /// The expiration is said by what cannot be read here.
    pub is_expiration_hidden: bool,
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
