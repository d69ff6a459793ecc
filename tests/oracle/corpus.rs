//! The corpus: statements, what they read, and the tables that they read. Unit tests hold our resolver to what is written
//! here, and `tests/oracle.rs` holds what is written to Google's analyzer.

use super::{ColumnShape, TableShape};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The statements, by what they exercise.
pub(crate) const FILES: &[(&str, &str)] = &[
    ("aggregate.sql", include_str!("corpus/aggregate.sql")),
    ("change.sql", include_str!("corpus/change.sql")),
    ("join_and_subquery.sql", include_str!("corpus/join_and_subquery.sql")),
    ("nested.sql", include_str!("corpus/nested.sql")),
    ("pipe.sql", include_str!("corpus/pipe.sql")),
    ("pivot.sql", include_str!("corpus/pivot.sql")),
    ("plain.sql", include_str!("corpus/plain.sql")),
    ("scope.sql", include_str!("corpus/scope.sql")),
    ("source.sql", include_str!("corpus/source.sql")),
    ("syntax.sql", include_str!("corpus/syntax.sql")),
    ("window.sql", include_str!("corpus/window.sql")),
    ("with_and_set.sql", include_str!("corpus/with_and_set.sql")),
];

const CATALOG: &str = include_str!("catalog.json");

/// One statement of the corpus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) file: &'static str,
    /// After `--=`: what it reads, with filters and leaves.
    pub(crate) reads: &'static str,
    /// After `--!`: where the analyzer says otherwise, what it says, and after a second `--` why that is right.
    pub(crate) differs: Option<(&'static str, &'static str)>,
    pub(crate) text: &'static str,
}

pub(crate) fn cases() -> Vec<Case> {
    FILES.iter().flat_map(|(file, text)| text.split("\n--= ").skip(1).map(|part| case(file, part))).collect()
}

fn case(file: &'static str, part: &'static str) -> Case {
    let (reads, mut text) = part.split_once('\n').unwrap_or((part, ""));
    let mut differs = None;
    if let Some(rest) = text.strip_prefix("--! ") {
        let (said, rest) = rest.split_once('\n').expect("a statement follows");
        differs = Some(said.split_once(" -- ").expect("an answer of the analyzer, and why ours is another"));
        text = rest;
    }
    Case { file, reads: reads.trim_end(), differs, text: text.trim() }
}

/// The tables that the statements read, by name, as they are written down.
pub(crate) fn catalog() -> &'static BTreeMap<String, Value> {
    static TABLES: LazyLock<BTreeMap<String, Value>> =
        LazyLock::new(|| serde_json::from_str(CATALOG).expect("the catalog is a JSON object"));
    &TABLES
}

/// What the resolver is told of a table.
pub(crate) fn shape(table: &Value) -> TableShape {
    let text = |name: &str| table[name].as_str().map(str::to_owned);
    TableShape {
        columns: columns(&table["columns"]),
        partition_column: text("partition_column"),
        view: text("view"),
        ..TableShape::default()
    }
}

fn columns(list: &Value) -> Vec<ColumnShape> {
    list.as_array().into_iter().flatten().map(column).collect()
}

fn column(column: &Value) -> ColumnShape {
    let text = |name: &str| column[name].as_str().unwrap_or_default().to_owned();
    ColumnShape {
        name: text("name"),
        data_type: text("type"),
        repeated: column["repeated"].as_bool().unwrap_or(false),
        fields: columns(&column["fields"]),
    }
}
