//! The records that a feed's JSON Schema allows do not fit the table that they are loaded into.

use crate::diagnostic::{Subject, SubjectKind};
use crate::model::schema::SchemaField;
use crate::model::table::Mode;
use crate::model::{Column, Feed, JsonSchema, Table};
use crate::rules::{Context, Sink};
use std::collections::BTreeMap;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for feed in context.head.feeds.values() {
        let (Some(schema), Some(table)) = (context.head.schema_of(feed), context.head.table_of(feed)) else { continue };
        if let Some(why) = table.columns.why() {
            let subject = Subject::new(SubjectKind::Table, table.id.to_string());
            sink.not_checked(&subject, why.text.to_string(), why.span);
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
        let mut columns = BTreeMap::new();
        collect(self.columns, "", &mut columns);
        let mut skipped_below: Option<String> = None;
        for field in &self.schema.fields {
            let path = field.path.replace("[]", "").to_lowercase();
            if skipped_below.as_ref().is_some_and(|parent| path.starts_with(parent)) {
                continue;
            }
            let column = columns.get(path.as_str());
            match column {
                None => self.missing(field, sink),
                Some(column) => self.compare(field, column, sink),
            }
            let is_leaf = column.is_none_or(|column| column.fields.is_empty());
            skipped_below = is_leaf.then(|| format!("{path}."));
        }
        self.required_columns(&columns, sink);
    }

    fn subject(&self, path: &str) -> Subject {
        Subject::new(SubjectKind::Column, format!("{}.{path}", self.table.id))
    }

    fn missing(&self, field: &SchemaField, sink: &mut Sink<'_>) {
        let message = format!("field `{}` of feed `{}` has no column in table `{}`", field.path, self.feed.id, self.table.id);
        let diagnostic = sink.report(self.subject(&field.path), field.key_span, message);
        diagnostic.help("add the column to the table schema: a load refuses records with keys that the table does not have");
        self.relate_table(diagnostic);
    }

    fn compare(&self, field: &SchemaField, column: &Column, sink: &mut Sink<'_>) {
        let Some(why) = mismatch(field, column) else { return };
        let message = format!("field `{}` of feed `{}` does not fit column `{}`: {why}", field.path, self.feed.id, column.name);
        let diagnostic = sink.report(self.subject(&field.path), column.type_span, message);
        diagnostic.help("change the column or the field, so that every record that the schema allows can be loaded");
        diagnostic.related(field.key_span, "the field of the JSON Schema");
        self.relate_feed(diagnostic);
    }

    /// A REQUIRED column that the schema does not know: no record could be loaded.
    fn required_columns(&self, columns: &BTreeMap<String, &Column>, sink: &mut Sink<'_>) {
        for column in self.columns.iter().filter(|column| column.mode == Mode::Required) {
            let known = self.schema.top_level().any(|field| field.name.eq_ignore_ascii_case(&column.name));
            if known || !columns.contains_key(&column.name.to_lowercase()) {
                continue;
            }
            let message = format!("column `{}` is REQUIRED, and feed `{}` has no such field", column.name, self.feed.id);
            let diagnostic = sink.report(self.subject(&column.name), column.name_span, message);
            diagnostic.help("make the column NULLABLE, or add the field to the JSON Schema");
            self.relate_feed(diagnostic);
        }
    }

    fn relate_table(&self, diagnostic: &mut crate::diagnostic::Diagnostic) {
        if let Some(span) = self.table.columns.span() {
            diagnostic.related(span, format!("the schema of table `{}`", self.table.id));
        }
        self.relate_feed(diagnostic);
    }

    fn relate_feed(&self, diagnostic: &mut crate::diagnostic::Diagnostic) {
        diagnostic.related(self.feed.name_span, format!("feed `{}`", self.feed.id));
    }
}

fn collect<'a>(columns: &'a [Column], parent: &str, into: &mut BTreeMap<String, &'a Column>) {
    for column in columns {
        let path =
            if parent.is_empty() { column.name.to_lowercase() } else { format!("{parent}.{}", column.name.to_lowercase()) };
        collect(&column.fields, &path, into);
        into.insert(path, column);
    }
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
    Some(format!("a {refused}{format} is not loaded into {}", column.data_type))
}

/// Whether BigQuery's JSON load takes a value of this JSON type. Strings are converted by their content, so only a
/// format that contradicts the column refuses them. <https://docs.cloud.google.com/bigquery/docs/loading-data-cloud-storage-json>
fn takes(column: &str, json_type: &str, format: Option<&str>) -> bool {
    match json_type {
        "object" => column == "STRUCT",
        "integer" => matches!(column, "INT64" | "FLOAT64" | "NUMERIC" | "BIGNUMERIC" | "STRING" | "TIMESTAMP" | "BOOL"),
        "number" => matches!(column, "FLOAT64" | "NUMERIC" | "BIGNUMERIC" | "STRING" | "TIMESTAMP"),
        "boolean" => matches!(column, "BOOL" | "STRING"),
        "string" => match (format, column) {
            (_, "STRUCT") => false,
            (Some("date"), "TIME" | "INT64" | "FLOAT64" | "NUMERIC" | "BIGNUMERIC" | "BOOL") => false,
            (Some("date-time"), "DATE" | "TIME" | "INT64" | "FLOAT64" | "NUMERIC" | "BIGNUMERIC" | "BOOL") => false,
            (Some("time"), "DATE" | "DATETIME" | "TIMESTAMP" | "INT64" | "FLOAT64" | "NUMERIC" | "BIGNUMERIC" | "BOOL") => false,
            _ => true,
        },
        _ => true,
    }
}
