//! Tables and views that SQL files create, as definitions of the model. Knows what `CREATE` says, and nothing of queries.

use super::columns::type_name;
use super::parameters::TypeParameters;
use super::table::{Column, Definition, DefinitionSource, Mode, PartitionKind, Partitioning, Table, TableId, TableKind};
use super::{Known, Why};
use crate::sql::ddl::{Created, CreatedColumn, CreatedColumns, CreatedKind, Name, PartitionUnit, altered};
use crate::sql::{ColumnShape, Statement, StatementKind, TablePath, TableShape};
use crate::text::{Span, SpanMap, Spanned};

/// Why the columns of `CREATE TABLE … AS` and `CREATE TABLE … LIKE` are not known before others are read.
const OF_QUERY: &str = "its columns are those of what it is made from";

/// The table that a statement defines; `None` for tables of a script, and for names without a dataset.
pub fn table_of(created: &Created, map: &SpanMap, text: &str) -> Option<Table> {
    if created.is_temporary {
        return None;
    }
    let id = id_of(&created.path)?;
    let span = map.span(created.range.clone());
    let clustering = created.clustering.iter().map(|name| spanned(name, map)).collect::<Vec<_>>();
    let filter = created.require_partition_filter.map(|value| Spanned::new(value, span));
    Some(Table {
        address: None,
        id,
        definitions: vec![Definition { source: DefinitionSource::Ddl, span }],
        kind: match created.kind {
            CreatedKind::Table => TableKind::Table,
            CreatedKind::View => TableKind::View,
            CreatedKind::MaterializedView => TableKind::MaterializedView,
        },
        columns: columns_of(created, map, span),
        partitioning: partitioning_of(created, map, span),
        clustering: if clustering.is_empty() { Known::Absent } else { Known::Known(Spanned::new(clustering, span)) },
        require_partition_filter: filter.map_or(Known::Absent, Known::Known),
        view_query: if created.kind == CreatedKind::Table { None } else { view_query(created, text) },
        statistics: None,
        feeds: Vec::new(),
    })
}

/// A table whose columns a statement changes, as one more definition of it.
pub fn altered_by(statement: &Statement, map: &SpanMap, text: &str) -> Option<Table> {
    let path = altered(text.get(statement.range.clone()).filter(|_| matches!(statement.kind, StatementKind::Other(_)))?)?;
    Some(Table::defined(id_of(&path)?, DefinitionSource::Otherwise, map.span(statement.range.clone())))
}

/// Under which name the model keeps it.
pub fn id_of(path: &TablePath) -> Option<TableId> {
    match path.0.as_slice() {
        [dataset, name] => Some(TableId::new(None, dataset, name)),
        [project, dataset, name] => Some(TableId::new(Some(project), dataset, name)),
        _ => None,
    }
}

/// The columns of a query are not known yet.
pub fn awaits_query(table: &Table) -> bool {
    matches!(&table.columns, Known::Unknown(why) if &*why.text == OF_QUERY)
}

/// The columns that the query of `CREATE TABLE … AS` gives, when all of their types are known.
pub fn columns_of_query(outputs: &[ColumnShape], span: Span) -> Option<Vec<Column>> {
    outputs.iter().all(is_typed).then(|| columns_of_outputs(outputs, span))
}

fn is_typed(shape: &ColumnShape) -> bool {
    !shape.data_type.is_empty() && shape.fields.iter().all(is_typed)
}

/// The columns that a query gives; a type is empty where it is not known.
pub fn columns_of_outputs(outputs: &[ColumnShape], span: Span) -> Vec<Column> {
    let column = |shape: &ColumnShape| Column {
        name: shape.name.clone(),
        name_span: span,
        data_type: shape.data_type.clone(),
        parameters: TypeParameters::None,
        type_span: span,
        mode: if shape.repeated { Mode::Repeated } else { Mode::Nullable },
        is_described: false,
        policy_tags: no_tags(span),
        fields: columns_of_outputs(&shape.fields, span),
    };
    outputs.iter().map(column).collect()
}

/// What the resolver needs to know of a table that a script creates for itself.
pub fn shape_of(created: &Created, outputs: Option<Vec<ColumnShape>>) -> TableShape {
    let columns = match &created.columns {
        CreatedColumns::Listed(columns) => columns.iter().map(|column| column.shape(&google_type)).collect(),
        CreatedColumns::Named(_) | CreatedColumns::OfQuery | CreatedColumns::Like(_) => {
            renamed(outputs.unwrap_or_default(), &created.columns)
        }
        CreatedColumns::Unknown(_) => Vec::new(),
    };
    let partition = created.partitioning.as_ref().filter(|partitioning| partitioning.unit != PartitionUnit::Unknown);
    let column = partition.map(|partitioning| partitioning.column.as_ref().map(|name| name.text.clone()));
    TableShape {
        columns,
        partition_column: column.map(|column| column.unwrap_or_else(|| "_PARTITIONTIME".to_owned())),
        clustering: created.clustering.iter().map(|name| name.text.clone()).collect(),
        ..TableShape::default()
    }
}

/// The columns of a query under the names that `CREATE TABLE t (a, b) AS` gives them.
pub fn renamed(outputs: Vec<ColumnShape>, columns: &CreatedColumns) -> Vec<ColumnShape> {
    let CreatedColumns::Named(names) = columns else { return outputs };
    let new = |(shape, name): (ColumnShape, &Name)| ColumnShape { name: name.text.clone(), ..shape };
    outputs.into_iter().zip(names).map(new).collect()
}

fn google_type(written: &str) -> String {
    type_name(written).unwrap_or(written).to_owned()
}

fn spanned(name: &Name, map: &SpanMap) -> Spanned<String> {
    Spanned::new(name.text.clone(), map.span(name.range.clone()))
}

fn columns_of(created: &Created, map: &SpanMap, span: Span) -> Known<Vec<Column>> {
    match &created.columns {
        CreatedColumns::Listed(columns) => {
            Known::Known(Spanned::new(columns.iter().map(|column| column_of(column, map)).collect(), span))
        }
        _ if created.kind != CreatedKind::Table => Known::Absent,
        CreatedColumns::Named(_) | CreatedColumns::OfQuery | CreatedColumns::Like(_) => {
            Known::Unknown(Why::new(OF_QUERY, Some(span)))
        }
        CreatedColumns::Unknown(why) => Known::Unknown(Why::new(why.as_str(), Some(span))),
    }
}

fn column_of(column: &CreatedColumn, map: &SpanMap) -> Column {
    let mode = match (column.is_repeated, column.is_required) {
        (true, _) => Mode::Repeated,
        (false, true) => Mode::Required,
        (false, false) => Mode::Nullable,
    };
    let data_type = google_type(&column.data_type.text);
    Column {
        name: column.name.text.clone(),
        name_span: map.span(column.name.range.clone()),
        // What BigQuery refuses, it says when the statement is run; nothing is checked against it.
        parameters: TypeParameters::new(&data_type, &column.parameters).unwrap_or_default(),
        data_type,
        type_span: map.span(column.data_type.range.clone()),
        mode,
        is_described: column.is_described,
        policy_tags: no_tags(map.span(column.name.range.clone())),
        fields: column.fields.iter().map(|field| column_of(field, map)).collect(),
    }
}

/// Statements give columns no policy tags; what has created the table may give it some later.
fn no_tags(span: Span) -> Known<Vec<String>> {
    Known::Unknown(Why::new("SQL defines the table, and policy tags are given to its columns elsewhere", Some(span)))
}

fn partitioning_of(created: &Created, map: &SpanMap, span: Span) -> Known<Partitioning> {
    let Some(partitioning) = &created.partitioning else { return Known::Absent };
    let kind = match partitioning.unit {
        PartitionUnit::Hour => PartitionKind::Hour,
        PartitionUnit::Day => PartitionKind::Day,
        PartitionUnit::Month => PartitionKind::Month,
        PartitionUnit::Year => PartitionKind::Year,
        PartitionUnit::Range => PartitionKind::IntegerRange,
        PartitionUnit::Unknown => return Known::Unknown(Why::new("its `PARTITION BY` is not understood", Some(span))),
    };
    let column = partitioning.column.as_ref().map(|name| spanned(name, map));
    let span = column.as_ref().map_or(span, |column| column.span);
    let expiration_days = match partitioning.expiration_days {
        Some(days) => Known::Known(Spanned::new(days, span)),
        None if partitioning.is_expiration_hidden => {
            Known::Unknown(Why::new("its `partition_expiration_days` is an expression", Some(span)))
        }
        None => Known::Absent,
    };
    Known::Known(Spanned::new(Partitioning { kind, column, expiration_days, range: None }, span))
}

/// The query of a view. A list of columns names those of the query anew, as that of a `WITH` would.
fn view_query(created: &Created, text: &str) -> Option<String> {
    let query = text.get(created.query.clone()?)?;
    let CreatedColumns::Named(names) = &created.columns else { return Some(query.to_owned()) };
    let names: Vec<String> = names.iter().map(|name| format!("`{}`", name.text)).collect();
    Some(format!("WITH named_view ({}) AS (\n{query}\n) SELECT * FROM named_view", names.join(", ")))
}

#[cfg(test)]
mod tests;
