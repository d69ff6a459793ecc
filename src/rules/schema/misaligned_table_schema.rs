//! The records that a feed's JSON Schema allows do not fit the table that they are loaded into.

use crate::diagnostic::{Diagnostic, Subject, SubjectKind};
use crate::model::column_name::{column_at, folded};
use crate::model::facts::Item;
use crate::model::schema::SchemaField;
use crate::model::table::Mode;
use crate::model::{Column, Feed, JsonSchema, Table};
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for feed in context.head.feeds.values() {
        let (Some(schema), Some(table)) = (context.head.schema_of(feed), context.head.table_of(feed)) else { continue };
        if let Some(why) = table.columns.why() {
            sink.not_checked(&Item::Table(table).subject(), why.text.to_string(), why.span);
        }
        if let Some(columns) = table.columns.value() {
            Comparison { feed, schema, table, columns }.report(sink);
        }
    }
}

struct Comparison<'a> {
    feed: &'a Feed,
    schema: &'a JsonSchema,
    table: &'a Table,
    columns: &'a [Column],
}

impl Comparison<'_> {
    fn report(&self, sink: &mut Sink<'_>) {
        let mut skipped_below: Option<&str> = None;
        for field in &self.schema.fields {
            if skipped_below.is_some_and(|parent| lies_below(&field.path, parent)) {
                continue;
            }
            let column = column_at(self.columns, &field.path);
            match column {
                None => self.missing(field, sink),
                Some(column) => self.compare(field, column, sink),
            }
            let is_leaf = column.is_none_or(|column| column.fields.is_empty());
            skipped_below = is_leaf.then_some(field.path.as_str());
        }
        self.required_columns(self.columns, "", sink);
    }

    fn missing(&self, field: &SchemaField, sink: &mut Sink<'_>) {
        let message = format!("field `{}` of feed `{}` has no column in table `{}`", field.path, self.feed.id, self.table.id);
        let diagnostic = sink.report(Item::Field(self.schema, field).subject(), field.key_span, message);
        diagnostic.help("add the column to the table schema: a load refuses records with keys that the table does not have");
        if let Some(span) = self.table.columns.span() {
            diagnostic.related(span, format!("the schema of table `{}`", self.table.id));
        }
        self.relate_feed(diagnostic);
    }

    fn compare(&self, field: &SchemaField, column: &Column, sink: &mut Sink<'_>) {
        let Some(why) = mismatch(field, column).or_else(|| self.record_in_plain_column(field, column)) else { return };
        let path = self.path_of(field);
        let message = format!("field `{}` of feed `{}` does not fit column `{path}`: {why}", field.path, self.feed.id);
        let diagnostic = sink.report(self.subject(&path), column.type_span, message);
        diagnostic.help("change the column or the field, so that every record that the schema allows can be loaded");
        diagnostic.related(field.key_span, "the field of the JSON Schema");
        self.relate_feed(diagnostic);
    }

    /// The path of the field's column with the names that the table gives them.
    fn path_of(&self, field: &SchemaField) -> String {
        let ends = field.path.match_indices('.').map(|(at, _)| at).chain([field.path.len()]);
        let names = ends.filter_map(|end| Some(column_at(self.columns, field.path.get(..end)?)?.name.as_str()));
        names.collect::<Vec<_>>().join(".")
    }

    /// A list of objects, where each item of the column is a plain value.
    fn record_in_plain_column(&self, field: &SchemaField, column: &Column) -> Option<String> {
        if !field.path.ends_with("[]") || matches!(column.data_type.as_str(), "STRUCT" | "JSON") {
            return None;
        }
        let has_fields = self.schema.fields.iter().any(|other| lies_below(&other.path, &field.path));
        has_fields.then(|| format!("its items are objects, the column holds {}", column.data_type))
    }

    /// REQUIRED columns that the schema does not know: no record could be loaded. Below a field of which the schema says
    /// nothing more, nothing is known.
    fn required_columns(&self, columns: &[Column], parent: &str, sink: &mut Sink<'_>) {
        let is_sibling = |field: &&SchemaField| {
            let above = field.path.rsplit_once('.').map_or("", |(above, _)| above);
            folded(&above.replace("[]", "")) == folded(parent)
        };
        let is_needed = columns.iter().any(|column| column.mode == Mode::Required || !column.fields.is_empty());
        let siblings: Vec<&SchemaField> = self.schema.fields.iter().filter(|_| is_needed).filter(is_sibling).collect();
        for column in columns.iter().filter(|_| !siblings.is_empty()) {
            let path = || if parent.is_empty() { column.name.clone() } else { format!("{parent}.{}", column.name) };
            let is_known = siblings.iter().any(|field| folded(&field.name) == folded(&column.name));
            if column.mode == Mode::Required && !is_known {
                self.unknown_required(column, &path(), sink);
            }
            if !column.fields.is_empty() {
                self.required_columns(&column.fields, &path(), sink);
            }
        }
    }

    fn unknown_required(&self, column: &Column, path: &str, sink: &mut Sink<'_>) {
        let message = format!("column `{path}` is REQUIRED, and feed `{}` has no such field", self.feed.id);
        let diagnostic = sink.report(self.subject(path), column.name_span, message);
        diagnostic.help("make the column NULLABLE, or add the field to the JSON Schema");
        self.relate_feed(diagnostic);
    }

    fn subject(&self, path: &str) -> Subject {
        Subject::new(SubjectKind::Column, format!("{}.{path}", self.table.id))
    }

    /// One table may take several feeds: the feed tells their findings apart.
    fn relate_feed(&self, diagnostic: &mut Diagnostic) {
        diagnostic.related(self.feed.name_span, format!("feed `{}`", self.feed.id)).detail(self.feed.id.to_string());
    }
}

fn lies_below(path: &str, parent: &str) -> bool {
    path.strip_prefix(parent).is_some_and(|rest| rest.starts_with('.'))
}

/// Why records that the field allows would be refused by the column; `None` when all of them fit, or the schema does not say.
fn mismatch(field: &SchemaField, column: &Column) -> Option<String> {
    let is_array = field.types == ["array"];
    if column.data_type == "JSON" {
        return None;
    }
    if is_array && column.mode != Mode::Repeated {
        return Some(format!("the field is a list, the column is not REPEATED ({})", column.data_type));
    }
    if !is_array && column.mode == Mode::Repeated && !field.types.is_empty() {
        return Some("the column is REPEATED, the field is not a list".to_owned());
    }
    if column.mode == Mode::Required && field.nullable {
        return Some("the column is REQUIRED, the field may be null".to_owned());
    }
    if column.mode == Mode::Required && !field.required {
        return Some("the column is REQUIRED, the field is not".to_owned());
    }
    if is_array {
        return None;
    }
    let refused = field.types.iter().find(|name| !takes(&column.data_type, name, field.format.as_deref()))?;
    let format = field.format.as_deref().map_or(String::new(), |format| format!(" (format `{format}`)"));
    let article = if refused.starts_with(['a', 'i', 'o']) { "an" } else { "a" };
    Some(format!("{article} {refused}{format} is not loaded into {}", column.data_type))
}

/// Whether BigQuery's JSON load takes a value of this JSON type. Strings are converted by their content, so only a
/// format that contradicts the column refuses them. <https://docs.cloud.google.com/bigquery/docs/loading-data-cloud-storage-json>
fn takes(column: &str, json_type: &str, format: Option<&str>) -> bool {
    match json_type {
        "object" => column == "STRUCT",
        "integer" => matches!(column, "INT64" | "FLOAT64" | "NUMERIC" | "BIGNUMERIC" | "STRING" | "TIMESTAMP" | "BOOL"),
        "number" => matches!(column, "FLOAT64" | "NUMERIC" | "BIGNUMERIC" | "STRING" | "TIMESTAMP"),
        "boolean" => matches!(column, "BOOL" | "STRING"),
        "string" => column != "STRUCT" && !contradicts(format, column),
        _ => true,
    }
}

/// Whether strings of this format are never what the column takes.
fn contradicts(format: Option<&str>, column: &str) -> bool {
    let is_number = matches!(column, "INT64" | "FLOAT64" | "NUMERIC" | "BIGNUMERIC" | "BOOL");
    match format {
        Some("date") => is_number || column == "TIME",
        Some("date-time") => is_number || matches!(column, "DATE" | "TIME"),
        Some("time") => is_number || matches!(column, "DATE" | "DATETIME" | "TIMESTAMP"),
        _ => false,
    }
}
