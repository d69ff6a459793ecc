//! What the records of a feed are checked against, and what they cannot be checked against, and why.

use super::{Checker, Rules};
use crate::model::schema::Target;
use crate::model::schema::elsewhere::document_of;
use crate::model::schema_check::to_json;
use crate::model::table::{Column, SchemaFile};
use crate::model::{Feed, Known, Model, TableId};
use crate::text::Files;
use serde_json::Value;

/// The content of a feed's files.
pub struct Content {
    pub checker: Checker,
    pub has_schema: bool,
    pub has_columns: bool,
    /// What is not checked, and why.
    pub left_out: Vec<String>,
}

/// Formats whose files hold no JSON.
const OTHER_FORMATS: [&str; 3] = ["csv", "avro", "parquet"];

/// What a feed's files are checked against, when they are loaded into `table`. `Err` says why they cannot be checked at all.
pub fn content_of(feed: &Feed, table: Option<&TableId>, model: &Model, files: &Files) -> Result<Content, String> {
    if let Some(format) = feed.file.format.value().filter(|format| OTHER_FORMATS.contains(&format.as_str())) {
        return Err(format!("the content of {format} files is not checked"));
    }
    let mut left_out = Vec::new();
    let mut schema = schema_of(feed, model, files).unwrap_or_else(|why| {
        left_out.push(format!("the JSON Schema: {why}"));
        None
    });
    if model.schema_of(feed).is_some_and(|schema| !schema.violations.is_empty()) {
        left_out.push("the JSON Schema: it is not valid itself".to_owned());
        schema = None;
    }
    let columns = columns_of(feed, table, model, files).unwrap_or_else(|why| {
        left_out.push(format!("the columns of the table: {why}"));
        None
    });
    if schema.is_none() && columns.is_none() && left_out.is_empty() {
        left_out.push("fields: the feed names neither a JSON Schema nor a table whose columns are known".to_owned());
    }
    let (has_schema, has_columns) = (schema.is_some(), columns.is_some());
    let ignores_unknown = feed.table.ignore_unknown_values.value().copied().unwrap_or(false);
    Ok(Content { checker: Checker::new(Rules { schema, columns, ignores_unknown }), has_schema, has_columns, left_out })
}

/// The columns of the table; where the model does not list it, those that the feed says of all its tables. `Err` says why
/// they are not known.
fn columns_of(feed: &Feed, table: Option<&TableId>, model: &Model, files: &Files) -> Result<Option<Vec<Column>>, String> {
    let in_model = table.and_then(|table| model.table_called(table)).or_else(|| model.table_of(feed));
    let declared = || match (&feed.table.template, feed.table.schema.value().map(|reference| &reference.target)) {
        (Some(_), Some(Target::File(file, _))) => {
            let document = document_of(files, *file);
            document.roots.first().map(|root| SchemaFile::read(&document, *root).columns)
        }
        _ => None,
    };
    match in_model.map(|table| &table.columns) {
        Some(Known::Known(columns)) => Ok(Some(columns.value.clone())),
        Some(Known::Unknown(why)) => Err(why.text.to_string()),
        Some(Known::Absent) => Ok(None),
        None => match (declared(), feed.table.name.why()) {
            (None, Some(why)) => Err(why.text.to_string()),
            (columns, _) => Ok(columns),
        },
    }
}

/// The JSON Schema of a feed, read once more from its text; `Err` says why it cannot be had.
fn schema_of(feed: &Feed, model: &Model, files: &Files) -> Result<Option<Value>, String> {
    let reference = match &feed.schema {
        Known::Known(reference) => &reference.value,
        Known::Absent => return Ok(None),
        Known::Unknown(why) => return Err(why.text.to_string()),
    };
    match &reference.target {
        Target::File(file, path) => {
            let document = document_of(files, *file);
            let root = document.roots.first().copied().ok_or_else(|| format!("`{path}` cannot be read"))?;
            Ok(Some(to_json(&document, root)))
        }
        Target::Inline(_) => {
            let inline = model.schema_of(feed).and_then(|schema| schema.inline.as_deref()).cloned();
            inline.map(Some).ok_or_else(|| "it stands where it cannot be read as JSON".to_owned())
        }
        Target::Missing { path } => Err(format!("`{path}` does not exist")),
        Target::OutsideRoot => Err(format!("`{}` lies outside of the repository", reference.text)),
        Target::Unread { path, why } => Err(format!("`{path}` was not read: {why}")),
    }
}
