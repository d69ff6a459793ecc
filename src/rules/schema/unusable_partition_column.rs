//! A table is partitioned or clustered by a column that it does not have, or that cannot serve.

use crate::diagnostic::{Subject, SubjectKind};
use crate::model::facts::Item;
use crate::model::table::{Mode, PartitionKind, Partitioning};
use crate::model::{Column, Known, Table};
use crate::rules::{Context, Sink};
use crate::text::{Span, Spanned, nearest};

/// BigQuery clusters by this many columns at most.
const MAX_CLUSTERING: usize = 4;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for table in context.head.tables.values() {
        check_declared(table, &table.partitioning, &table.clustering, sink);
    }
    // What a feed says of its table counts also where a better source says it again.
    for feed in context.head.feeds.values() {
        let Some(table) = context.head.table_of(feed) else { continue };
        let partitioning = overruled(&feed.table.partitioning, &table.partitioning);
        let clustering = overruled(&feed.table.clustering, &table.clustering);
        check_declared(table, partitioning, clustering, sink);
    }
}

/// What the feed declares, unless it is what the table has already been judged by.
fn overruled<'a, T>(declared: &'a Known<T>, of_table: &Known<T>) -> &'a Known<T> {
    if declared.span() == of_table.span() { &Known::Absent } else { declared }
}

fn check_declared(
    table: &Table,
    partitioning: &Known<Partitioning>,
    clustering: &Known<Vec<Spanned<String>>>,
    sink: &mut Sink<'_>,
) {
    check_clustering_count(table, clustering, sink);
    let named = partitioning.value().and_then(|partitioning| partitioning.column.as_ref()).map(|column| column.span);
    if let (Some(why), Some(span)) = (table.columns.why(), named.or(clustering.spanned().map(|columns| columns.span))) {
        sink.not_checked(&Item::Table(table).subject(), why.text.to_string(), Some(why.span.unwrap_or(span)));
    }
    let Some(columns) = table.columns.value().filter(|columns| !columns.is_empty()) else { return };
    if let Some(partitioning) = partitioning.value()
        && let Some(column) = &partitioning.column
    {
        check_partition(table, columns, partitioning, column, sink);
    }
    for column in clustering.value().map_or(&[][..], |columns| columns) {
        check_cluster(table, columns, column, sink);
    }
}

fn check_clustering_count(table: &Table, clustering: &Known<Vec<Spanned<String>>>, sink: &mut Sink<'_>) {
    let Some(clustering) = clustering.spanned().filter(|columns| columns.value.len() > MAX_CLUSTERING) else { return };
    let message =
        format!("table `{}` is clustered by {} columns; BigQuery takes {MAX_CLUSTERING}", table.id, clustering.value.len());
    report(table, "clustering", clustering.span, message, sink)
        .help("keep the columns that queries filter by, the most selective first");
}

fn check_partition(table: &Table, columns: &[Column], partitioning: &Partitioning, by: &Spanned<String>, sink: &mut Sink<'_>) {
    let Some(column) = find(columns, &by.value) else {
        missing(table, columns, by, "partitioned", sink);
        return;
    };
    let hour_of_date = partitioning.kind == PartitionKind::Hour && column.data_type == "DATE";
    let type_fits = match partitioning.kind {
        PartitionKind::IntegerRange => column.data_type == "INT64",
        PartitionKind::Unknown => true,
        _ => matches!(column.data_type.as_str(), "DATE" | "TIMESTAMP" | "DATETIME"),
    };
    let why = if column.mode == Mode::Repeated {
        "is REPEATED".to_owned()
    } else if hour_of_date {
        "is a DATE, which has no hours".to_owned()
    } else if !type_fits {
        format!("is of type {}", column.data_type)
    } else {
        return;
    };
    let message = format!("table `{}` cannot be partitioned by `{}`: it {why}", table.id, by.value);
    report(table, &by.value, by.span, message, sink)
        .help("take a top-level DATE, TIMESTAMP or DATETIME column (INT64 for ranges), or partition by ingestion time")
        .related(column.type_span, "the column");
}

fn check_cluster(table: &Table, columns: &[Column], by: &Spanned<String>, sink: &mut Sink<'_>) {
    let Some(column) = find(columns, &by.value) else {
        missing(table, columns, by, "clustered", sink);
        return;
    };
    let why = match (column.mode, column.data_type.as_str()) {
        (Mode::Repeated, _) => "is REPEATED".to_owned(),
        (_, "STRUCT" | "JSON" | "FLOAT64" | "BYTES" | "TIME" | "INTERVAL") => format!("is of type {}", column.data_type),
        _ => return,
    };
    let message = format!("table `{}` cannot be clustered by `{}`: it {why}", table.id, by.value);
    report(table, &by.value, by.span, message, sink)
        .help("take a top-level column of a plain type: STRING, INT64, NUMERIC, BOOL, DATE, DATETIME, TIMESTAMP, GEOGRAPHY")
        .related(column.type_span, "the column");
}

fn missing(table: &Table, columns: &[Column], by: &Spanned<String>, how: &str, sink: &mut Sink<'_>) {
    let message = format!("table `{}` is {how} by `{}`, which is not one of its columns", table.id, by.value);
    let near = nearest(&by.value, columns.iter().map(|column| column.name.as_str()));
    let help = near.map_or_else(|| "name a top-level column of the table".to_owned(), |near| format!("did you mean `{near}`?"));
    let diagnostic = report(table, &by.value, by.span, message, sink);
    diagnostic.help(help);
    if let Some(span) = table.columns.span() {
        diagnostic.related(span, "the columns");
    }
}

fn find<'a>(columns: &'a [Column], name: &str) -> Option<&'a Column> {
    columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
}

fn report<'a>(
    table: &Table,
    detail: &str,
    span: Span,
    message: String,
    sink: &'a mut Sink<'_>,
) -> &'a mut crate::diagnostic::Diagnostic {
    sink.report(Subject::new(SubjectKind::Table, table.id.to_string()), span, message).detail(detail)
}
