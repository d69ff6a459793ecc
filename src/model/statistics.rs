//! `feedgate.tables.json`: what BigQuery says of tables, as REST `Table` resources print, with two members of ours.

use super::columns::read_columns;
use super::table::{
    Definition, DefinitionSource, IntegerRange, PartitionKind, PartitionStatistics, Partitioning, Statistics, Table, TableId,
    TableKind,
};
use super::{FileProblemKind, Known};
use crate::syntax::{Document, NodeId, Problem, ProblemKind, Value, json};
use crate::text::{FileId, Span, SpanMap, Spanned};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The name under which statistics are found without configuration.
pub const FILE_NAME: &str = "feedgate.tables.json";

/// The tables of one statistics file, and what is wrong in it.
#[derive(Debug, Clone, Default)]
pub struct StatisticsFile {
    pub tables: Vec<Table>,
    pub problems: Vec<(FileProblemKind, Problem)>,
}

/// Reads a JSON array of tables, one table, or one table a line.
pub fn read(file: FileId, source: &Arc<str>) -> StatisticsFile {
    let mut read = StatisticsFile::default();
    let whole = json::parse(file, source);
    let is_one_per_line = !whole.problems.is_empty() && source.trim_start().starts_with('{');
    if is_one_per_line {
        read_lines(file, source, &mut read);
        return read;
    }
    read.problems.extend(whole.problems.into_iter().map(|problem| (FileProblemKind::Json, problem)));
    read_root(&whole.document, &mut read);
    read
}

fn read_lines(file: FileId, source: &str, read: &mut StatisticsFile) {
    let mut start = 0;
    for line in source.split_inclusive('\n') {
        let range = start..start + line.trim_end().len();
        start += line.len();
        if line.trim().is_empty() {
            continue;
        }
        let map = SpanMap::verbatim(file, range);
        let mut parsed = json::parse(file, &line.trim_end().into());
        parsed.document.move_to(&map);
        let moved = parsed.problems.into_iter().map(|problem| Problem { span: map.span(problem.span.range()), ..problem });
        read.problems.extend(moved.map(|problem| (FileProblemKind::Json, problem)));
        read_root(&parsed.document, read);
    }
}

fn read_root(document: &Document, read: &mut StatisticsFile) {
    let Some(root) = document.roots.first().copied() else { return };
    let tables = match document.value(root) {
        Value::Sequence(children) => document.items(children).to_vec(),
        _ => vec![root],
    };
    for table in tables {
        match read_table(document, table, read) {
            Some(table) => read.tables.push(table),
            None => read.problems.push((FileProblemKind::TableSchema, not_a_table(document, table))),
        }
    }
}

fn not_a_table(document: &Document, node: NodeId) -> Problem {
    Problem {
        kind: ProblemKind::Syntax,
        span: document.span(node),
        message: "an entry of the statistics has no `tableReference` with `datasetId` and `tableId`".to_owned(),
        help: Some("write tables as `bq show --format=json project:dataset.table` prints them".to_owned()),
        related: None,
    }
}

fn read_table(document: &Document, node: NodeId, read: &mut StatisticsFile) -> Option<Table> {
    let reference = document.get(node, "tableReference")?;
    let text = |map, key| document.get(map, key).and_then(|node| document.str(node));
    let id = TableId::new(text(reference, "projectId"), text(reference, "datasetId")?, text(reference, "tableId")?);
    let span = document.span(reference);
    let mut problems = Vec::new();
    let fields = document.pointer(node, "/schema/fields").filter(|fields| !document.sequence(*fields).is_empty());
    let columns = fields.map(|fields| Spanned::new(read_columns(document, fields, &mut problems), document.span(fields)));
    read.problems.extend(problems.into_iter().map(|problem| (FileProblemKind::TableSchema, problem)));
    let view = document.pointer(node, "/view/query").or_else(|| document.pointer(node, "/materializedView/query"));
    Some(Table {
        address: None,
        id,
        definitions: vec![Definition { source: DefinitionSource::Statistics, span }],
        kind: table_kind(document, node),
        columns: columns.into(),
        partitioning: partitioning(document, node).into(),
        clustering: clustering(document, node).into(),
        require_partition_filter: require_filter(document, node),
        view_query: view.and_then(|view| document.str(view)).map(str::to_owned),
        statistics: Some(statistics(document, node, span)),
        feeds: Vec::new(),
    })
}

/// By what the resource says of itself, or else by what only such a table has.
fn table_kind(document: &Document, node: NodeId) -> TableKind {
    let has = |key| document.get(node, key).is_some_and(|node| document.value(node) != Value::Null);
    match document.get(node, "type").and_then(|node| document.str(node)).map(str::to_ascii_uppercase).as_deref() {
        Some("VIEW") => TableKind::View,
        Some("MATERIALIZED_VIEW") => TableKind::MaterializedView,
        Some("EXTERNAL") => TableKind::External,
        _ if has("externalDataConfiguration") => TableKind::External,
        _ if has("materializedView") => TableKind::MaterializedView,
        _ if has("view") => TableKind::View,
        _ => TableKind::Table,
    }
}

fn partitioning(document: &Document, node: NodeId) -> Option<Spanned<Partitioning>> {
    let range = document.get(node, "rangePartitioning");
    let block = range.or_else(|| document.get(node, "timePartitioning"))?;
    let text =
        |key| document.get(block, key).and_then(|node| Some(Spanned::new(document.str(node)?.to_owned(), document.span(node))));
    let kind = match (range, text("type")) {
        (Some(_), _) => PartitionKind::IntegerRange,
        (None, name) => name.map_or(PartitionKind::Day, |name| PartitionKind::from_name(&name.value)),
    };
    let n_ms = number(document, block, "expirationMs").filter(|n_ms| *n_ms > 0);
    // Milliseconds of a century fit into f64 exactly.
    let expiration_days = n_ms.map(|n_ms| Spanned::new(n_ms as f64 / 86_400_000.0, document.span(block))).into();
    let bound = |key| document.pointer(block, &format!("/range/{key}")).and_then(|node| integer(document, node));
    let bounds = bound("start").zip(bound("end")).zip(bound("interval"));
    let range = bounds.map(|((start, end), interval)| IntegerRange { start, end, interval });
    Some(Spanned::new(Partitioning { kind, column: text("field"), expiration_days, range }, document.span(block)))
}

fn clustering(document: &Document, node: NodeId) -> Option<Spanned<Vec<Spanned<String>>>> {
    let fields = document.pointer(node, "/clustering/fields")?;
    let columns = document.sequence(fields).iter();
    let columns = columns.filter_map(|item| Some(Spanned::new(document.str(*item)?.to_owned(), document.span(*item)))).collect();
    Some(Spanned::new(columns, document.span(fields)))
}

fn require_filter(document: &Document, node: NodeId) -> Known<bool> {
    let own = document.get(node, "requirePartitionFilter");
    let found = own.or_else(|| document.pointer(node, "/timePartitioning/requirePartitionFilter"));
    match found.map(|node| (document.value(node), document.span(node))) {
        Some((Value::Bool(value), span)) => Known::Known(Spanned::new(value, span)),
        _ => Known::Absent,
    }
}

fn statistics(document: &Document, node: NodeId, span: Span) -> Statistics {
    let sizes = document.get(node, "columnBytes").map_or(&[][..], |sizes| document.map(sizes));
    let column_bytes: BTreeMap<String, u64> =
        sizes.iter().filter_map(|entry| Some((document.key(entry).to_owned(), count(document, entry.value)?))).collect();
    let partitions = document.get(node, "partitions").filter(|list| matches!(document.value(*list), Value::Sequence(_)));
    let partition = |node: &NodeId| read_partition(document, *node);
    let text = |path| document.pointer(node, path).and_then(|node| document.str(node)).map(str::to_owned);
    Statistics {
        rows: number(document, node, "numRows"),
        bytes: number(document, node, "numTotalLogicalBytes").or_else(|| number(document, node, "numBytes")),
        column_bytes,
        partitions: partitions.map(|list| document.sequence(list).iter().filter_map(partition).collect()),
        is_buffered: document.get(node, "streamingBuffer").is_some_and(|node| document.value(node) != Value::Null),
        format: text("/externalDataConfiguration/sourceFormat"),
        location: text("/location"),
        span,
    }
}

fn read_partition(document: &Document, node: NodeId) -> Option<PartitionStatistics> {
    Some(PartitionStatistics {
        id: document.get(node, "partition_id").and_then(|node| document.str(node))?.to_owned(),
        rows: number(document, node, "total_rows")?,
        bytes: number(document, node, "total_logical_bytes"),
    })
}

fn number(document: &Document, map: NodeId, key: &str) -> Option<u64> {
    document.get(map, key).and_then(|node| count(document, node))
}

fn integer(document: &Document, node: NodeId) -> Option<i64> {
    match document.value(node) {
        Value::Int(number) => Some(number),
        Value::String(text) | Value::Number(text) => document.text(text).parse().ok(),
        _ => None,
    }
}

/// A count; REST prints 64-bit integers as strings, and a mean times rows is a number with a fraction.
fn count(document: &Document, node: NodeId) -> Option<u64> {
    match document.value(node) {
        Value::Int(number) => u64::try_from(number).ok(),
        Value::Float(number) => rounded(number),
        Value::String(text) | Value::Number(text) => {
            let text = document.text(text).trim();
            text.parse().ok().or_else(|| rounded(text.parse().ok()?))
        }
        _ => None,
    }
}

fn rounded(number: f64) -> Option<u64> {
    // Counts beyond 2^53 lose digits here, and lost them to whoever wrote a fraction.
    (number.is_finite() && number >= 0.0).then_some(number.round() as u64)
}
