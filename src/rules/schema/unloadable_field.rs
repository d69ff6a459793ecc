//! A field or column has a name that BigQuery refuses, or one that differs from a sibling's by case only.

use crate::diagnostic::{Subject, SubjectKind};
use crate::model::column_name::{column_at, defect, folded, is_standard};
use crate::model::facts::Item;
use crate::model::table::TableKind;
use crate::model::{Column, JsonSchema, Table};
use crate::rules::{Context, Sink};
use crate::text::Span;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for schema in context.head.schemas.values().filter(|schema| !schema.feeds.is_empty()) {
        check_schema(context, schema, sink);
    }
    let mut judged = BTreeSet::new();
    for table in context.head.tables.values() {
        let columns = table.columns.value().map_or(&[][..], |columns| columns);
        // Tables may share a schema file: its columns are judged once.
        let is_new = columns.first().is_none_or(|column| judged.insert(column.name_span));
        if is_new {
            check_level(table, columns, "", sink);
        }
    }
}

fn check_schema(context: &Context<'_>, schema: &JsonSchema, sink: &mut Sink<'_>) {
    let mut siblings: BTreeMap<(&str, Cow<'_, str>), (Span, &str)> = BTreeMap::new();
    let tables: Vec<&[Column]> = columns_of(context, schema).collect();
    for field in &schema.fields {
        // A JSON column takes whatever lies below it.
        if !tables.is_empty() && tables.iter().all(|columns| lies_in_json(columns, &field.path)) {
            continue;
        }
        let subject = || Item::Field(schema, field).subject();
        if let Some(why) = defect(&field.name) {
            let message = format!("field `{}` cannot become a column: its name {why}", field.name);
            sink.report(subject(), field.key_span, message);
        }
        if field.is_list_of_lists {
            let message = format!("field `{}` is a list of lists, which no column can hold", field.name);
            sink.report(subject(), field.key_span, message)
                .help("put the inner list into an object with one key, or load the field into a JSON column");
        }
        let parent = field.path.strip_suffix("[]").unwrap_or(&field.path).strip_suffix(field.name.as_str()).unwrap_or("");
        let first = siblings.entry((parent, folded(&field.name))).or_insert((field.key_span, &field.name));
        if first.1 != field.name {
            let message = format!("fields `{}` and `{}` differ by case only, and would be one column", first.1, field.name);
            sink.report(subject(), field.key_span, message).related(first.0, "the other one");
        }
    }
}

/// The columns, where they are known, of the tables that records of this schema are loaded into.
fn columns_of<'a>(context: &'a Context<'_>, schema: &'a JsonSchema) -> impl Iterator<Item = &'a [Column]> {
    let feeds = schema.feeds.iter().filter_map(|id| context.head.feeds.get(id));
    feeds.filter_map(|feed| context.head.table_of(feed)?.columns.value().map(Vec::as_slice))
}

/// Whether the field, or something that it lies in, goes into a JSON column.
fn lies_in_json(columns: &[Column], path: &str) -> bool {
    let ends = path.match_indices('.').map(|(at, _)| at).chain([path.len()]);
    ends.filter_map(|end| column_at(columns, path.get(..end)?)).any(|column| column.data_type == "JSON")
}

fn check_level(table: &Table, columns: &[Column], parent: &str, sink: &mut Sink<'_>) {
    let mut siblings: BTreeMap<Cow<'_, str>, Span> = BTreeMap::new();
    for column in columns {
        let path = || if parent.is_empty() { column.name.clone() } else { format!("{parent}.{}", column.name) };
        let subject = || Subject::new(SubjectKind::Column, format!("{}.{}", table.id, path()));
        if let Some(why) = defect(&column.name) {
            sink.report(subject(), column.name_span, format!("column `{}` is refused: its name {why}", column.name));
        } else if table.kind == TableKind::External && !is_standard(&column.name) {
            let message =
                format!("column `{}` is refused: names in external tables hold letters, digits and `_` only", column.name);
            sink.report(subject(), column.name_span, message);
        }
        match siblings.get(&folded(&column.name)) {
            Some(first) => {
                let message = format!("column `{}` is there twice; names are compared without case", column.name);
                sink.report(subject(), column.name_span, message).related(*first, "first here");
            }
            None => {
                siblings.insert(folded(&column.name), column.name_span);
            }
        }
        if !column.fields.is_empty() {
            check_level(table, &column.fields, &path(), sink);
        }
    }
}
