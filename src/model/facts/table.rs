//! Facts of a table, and of its columns.

use super::FactType::{Bool, Count, Number, Text, Texts};
use super::Read::{Column as OfColumn, Table as Of};
use super::{ColumnItem, Fact, FactValue, Reading, always, boolean, fact, known, length, optional, saturating, texts};
use crate::model::table::{Mode, Statistics, TableKind};
use crate::model::{Known, Partitioning, Table, TableId};

pub(super) const FACTS: &[Fact] = &[
    fact("name", Text, "The table's own name; null where it is not known", Of(|t| part(t, |_, _, name| Some(name)))),
    fact("dataset", Text, "Its dataset", Of(|t| part(t, |_, dataset, _| Some(dataset)))),
    fact("project", Text, "Its project, where one is said", Of(|t| part(t, |project, _, _| project))),
    always("kind", Text, "`table`, `view`, `materialized view` or `external`", Of(|t| optional(Some(kind(t.kind)), t.span()))),
    fact("columns", Count, "How many top-level columns it has", Of(column_count)),
    fact("partition_type", Text, "`HOUR`, `DAY`, `MONTH`, `YEAR` or `RANGE`", Of(partition_type)),
    fact(
        "partition_column",
        Text,
        "The column that partitions it; null for ingestion time",
        Of(|t| partition_column(&t.partitioning)),
    ),
    fact("partition_expiration_days", Number, "After how many days a partition is dropped", Of(|t| expiration(&t.partitioning))),
    fact("clustering", Texts, "The columns that cluster it", Of(|t| texts(&t.clustering))),
    fact(
        "require_partition_filter",
        Bool,
        "Whether queries must filter on the partition column",
        Of(|t| boolean(&t.require_partition_filter)),
    ),
    fact("rows", Count, "Its rows, where statistics say", Of(|t| statistic(t, |statistics| statistics.rows))),
    fact("bytes", Count, "Its logical bytes, where statistics say", Of(|t| statistic(t, |statistics| statistics.bytes))),
    always("feeds", Count, "How many feeds are loaded into it", Of(|t| length(t.feeds.len(), None))),
];

pub(super) const COLUMN_FACTS: &[Fact] = &[
    always("name", Text, "The column's own name", OfColumn(|c| optional(Some(&c.column.name), Some(c.column.name_span)))),
    always(
        "path",
        Text,
        "From the top of the table: `address.zip`",
        OfColumn(|c| optional(Some(&c.path), Some(c.column.name_span))),
    ),
    always(
        "type",
        Text,
        "The GoogleSQL type, such as `INT64`",
        OfColumn(|c| optional(Some(&c.column.data_type), Some(c.column.type_span))),
    ),
    always(
        "mode",
        Text,
        "`NULLABLE`, `REQUIRED` or `REPEATED`",
        OfColumn(|c| optional(Some(mode(c.column.mode)), Some(c.column.name_span))),
    ),
    always(
        "depth",
        Count,
        "How deep it is nested: 1 for a top-level column",
        OfColumn(|c| length(c.depth, Some(c.column.name_span))),
    ),
    fact("table", Text, "The table's own name", OfColumn(|c| part(c.table, |_, _, name| Some(name)))),
    fact("dataset", Text, "The table's dataset", OfColumn(|c| part(c.table, |_, dataset, _| Some(dataset)))),
    always("feeds", Count, "How many feeds are loaded into the table", OfColumn(|c| length(c.table.feeds.len(), None))),
];

/// All columns of a table, nested ones after the one that holds them.
pub(super) fn columns(table: &Table) -> Vec<ColumnItem<'_>> {
    let mut found = Vec::new();
    // Columns yet to come, last first: deep schemas cost memory, never stack.
    let mut open: Vec<ColumnItem<'_>> = Vec::new();
    for column in table.columns.value().into_iter().flatten().rev() {
        open.push(ColumnItem { table, column, path: column.name.clone(), depth: 1 });
    }
    while let Some(item) = open.pop() {
        for column in item.column.fields.iter().rev() {
            let path = format!("{}.{}", item.path, column.name);
            open.push(ColumnItem { table, column, path, depth: item.depth + 1 });
        }
        found.push(item);
    }
    found
}

fn part<'a>(table: &'a Table, pick: fn(Option<&'a str>, &'a str, &'a str) -> Option<&'a str>) -> Reading<'a> {
    match &table.id {
        TableId::Named { project, dataset, name } => optional(pick(project.as_deref(), dataset, name), table.span()),
        TableId::Address(_) => Reading::null(),
    }
}

fn kind(kind: TableKind) -> &'static str {
    match kind {
        TableKind::Table => "table",
        TableKind::View => "view",
        TableKind::MaterializedView => "materialized view",
        TableKind::External => "external",
    }
}

fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Nullable => "NULLABLE",
        Mode::Required => "REQUIRED",
        Mode::Repeated => "REPEATED",
    }
}

fn column_count(table: &Table) -> Reading<'_> {
    known(&table.columns, |columns| FactValue::Count(i64::try_from(columns.len()).unwrap_or(i64::MAX)))
}

fn partition_type(table: &Table) -> Reading<'_> {
    known(&table.partitioning, |partitioning| super::feed::partition_type(partitioning.kind))
}

/// Points at the column's name where there is one, else at what says that there are partitions.
pub(super) fn partition_column(partitioning: &Known<Partitioning>) -> Reading<'_> {
    match partitioning.value().and_then(|partitioning| partitioning.column.as_ref()) {
        Some(column) => optional(Some(&column.value), Some(column.span)),
        None => known(partitioning, |_| FactValue::Null),
    }
}

pub(super) fn expiration(partitioning: &Known<Partitioning>) -> Reading<'_> {
    match partitioning {
        Known::Known(partitioning) => match &partitioning.value.expiration_days {
            Known::Absent => Reading::at(FactValue::Null, Some(partitioning.span)),
            days => known(days, |days| FactValue::Number(*days)),
        },
        _ => known(partitioning, |_| FactValue::Null),
    }
}

fn statistic(table: &Table, pick: fn(&Statistics) -> Option<u64>) -> Reading<'_> {
    let Some(statistics) = &table.statistics else { return Reading::null() };
    pick(statistics).map_or(Reading::null(), |value| Reading::at(FactValue::Count(saturating(value)), Some(statistics.span)))
}
