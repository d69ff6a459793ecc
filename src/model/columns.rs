//! Columns of BigQuery table schemas, read from the JSON that `bq` and Terraform take: an array of fields.
//! The same tree may come from a file, from `jsonencode([…])` or from a string.

mod guards;
mod size;
pub mod style;
pub mod written;

use super::table::{Column, Mode};
use crate::syntax::{Document, NodeId, Problem, ProblemKind, Value};
use crate::text::Span;
use size::Typed;

/// BigQuery nests records this deep at most.
const MAX_NESTING: usize = 15;

/// Columns of a table at most, those in records counted. <https://docs.cloud.google.com/bigquery/quotas>
const MAX_COLUMNS: usize = 10_000;

/// Characters of the description of a column at most.
pub const MAX_DESCRIPTION: usize = 1_024;

/// The keys of a field, as the REST resource `TableFieldSchema` names them.
const FIELD_KEYS: [&str; 17] = [
    "name",
    "type",
    "mode",
    "fields",
    "description",
    "policyTags",
    "dataPolicies",
    "maxLength",
    "precision",
    "scale",
    "roundingMode",
    "collation",
    "defaultValueExpression",
    "rangeElementType",
    "foreignTypeDefinition",
    "timestampPrecision",
    "nameAlternative",
];

/// Whether a JSON value is an array of BigQuery fields: recognised by its shape, for files that nothing names.
pub fn is_field_list(document: &Document, root: NodeId) -> bool {
    let items = document.sequence(root);
    let is_field = |item: &NodeId| {
        let text = |key| document.get(*item, key).and_then(|node| document.str(node));
        text("name").is_some() && text("type").is_some_and(|name| type_name(name).is_some())
    };
    !items.is_empty() && items.iter().filter(|item| is_field(item)).count() * 10 >= items.len() * 9
}

/// Reads the columns, and says what BigQuery would refuse.
pub fn read_columns(document: &Document, list: NodeId, problems: &mut Vec<Problem>) -> Vec<Column> {
    let columns = read_level(document, list, 1, problems);
    problems.extend(problems_of_size(&columns, document.span(list)));
    columns
}

/// What BigQuery refuses of columns as a whole, wherever they are written.
pub fn problems_of_size(columns: &[Column], span: Span) -> impl Iterator<Item = Problem> {
    let n_columns = n_columns(columns);
    let many = (n_columns > MAX_COLUMNS).then(|| {
        let message = format!("the table has {n_columns} columns, those in records counted; BigQuery takes {MAX_COLUMNS}");
        problem(span, message, "split the table, or keep what is rarely read in a JSON column")
    });
    let deep = (nesting(columns) > MAX_NESTING).then(|| nested_too_deep(span));
    many.into_iter().chain(deep)
}

fn nested_too_deep(span: Span) -> Problem {
    let message = format!("fields are nested more than {MAX_NESTING} levels deep");
    problem(span, message, "flatten the record, or keep the deep part in a JSON column")
}

fn n_columns(columns: &[Column]) -> usize {
    columns.iter().map(|column| 1 + n_columns(&column.fields)).sum()
}

fn nesting(columns: &[Column]) -> usize {
    columns.iter().map(|column| 1 + nesting(&column.fields)).max().unwrap_or(0)
}

fn read_level(document: &Document, list: NodeId, depth: usize, problems: &mut Vec<Problem>) -> Vec<Column> {
    let Value::Sequence(children) = document.value(list) else {
        let message = format!("a table schema is a list of fields, this is {}", document.describe(list));
        problems.push(problem(document.span(list), message, "write `[{\"name\": …, \"type\": …}, …]`"));
        return Vec::new();
    };
    if depth > MAX_NESTING {
        problems.push(nested_too_deep(document.span(list)));
        return Vec::new();
    }
    let items = document.items(children);
    let mut columns = Vec::with_capacity(items.len());
    columns.extend(items.iter().filter_map(|item| read_column(document, *item, depth, problems)));
    columns
}

fn read_column(document: &Document, item: NodeId, depth: usize, problems: &mut Vec<Problem>) -> Option<Column> {
    let Value::Map(_) = document.value(item) else {
        let message = format!("a field is an object with `name` and `type`, this is {}", document.describe(item));
        problems.push(problem(document.span(item), message, "remove it, or write `{\"name\": …, \"type\": …}`"));
        return None;
    };
    report_unknown_keys(document, item, problems);
    report_long_description(document, item, problems);
    let name = text_of(document, item, "name", problems)?;
    let kind = text_of(document, item, "type", problems)?;
    let data_type = type_name(kind.0);
    if data_type.is_none() {
        let message = format!("column `{}` has type `{}`, which BigQuery does not have", name.0, kind.0);
        problems.push(problem(kind.1, message, "take one of STRING, BYTES, INT64, FLOAT64, NUMERIC, BIGNUMERIC, BOOL, DATE, DATETIME, TIME, TIMESTAMP, GEOGRAPHY, JSON, INTERVAL, RANGE, RECORD"));
    }
    let data_type = data_type.map_or_else(|| kind.0.to_owned(), str::to_owned);
    let fields = document.get(item, "fields").map(|fields| read_level(document, fields, depth + 1, problems)).unwrap_or_default();
    if data_type == "STRUCT" && fields.is_empty() && document.get(item, "fields").is_none() {
        let message = format!("column `{}` is a record without `fields`", name.0);
        problems.push(problem(kind.1, message, "list its fields, or make it a JSON column"));
    }
    let parameters = size::read(document, item, Typed { column: name.0, data_type: &data_type }, problems);
    let mode = read_mode(document, item, name.0, problems);
    Some(Column {
        name: name.0.to_owned(),
        name_span: name.1,
        data_type,
        parameters,
        type_span: kind.1,
        mode,
        is_described: is_described(document, item),
        policy_tags: guards::read(document, item),
        fields,
    })
}

pub fn is_described(document: &Document, item: NodeId) -> bool {
    document.get(item, "description").is_some_and(|node| match document.value(node) {
        Value::Null => false,
        Value::String(text) => !document.text(text).trim().is_empty(),
        _ => true,
    })
}

fn read_mode(document: &Document, item: NodeId, column: &str, problems: &mut Vec<Problem>) -> Mode {
    let Some(node) = document.get(item, "mode") else { return Mode::Nullable };
    match document.str(node).map(str::to_ascii_uppercase).as_deref() {
        Some("NULLABLE" | "") => Mode::Nullable,
        Some("REQUIRED") => Mode::Required,
        Some("REPEATED") => Mode::Repeated,
        _ if matches!(document.value(node), Value::Null | Value::Expression { .. }) => Mode::Nullable,
        _ => {
            let message = format!("column `{column}` has a mode that BigQuery does not have");
            problems.push(problem(document.span(node), message, "take NULLABLE, REQUIRED or REPEATED"));
            Mode::Nullable
        }
    }
}

fn report_long_description(document: &Document, item: NodeId, problems: &mut Vec<Problem>) {
    let Some(node) = document.get(item, "description") else { return };
    let n_characters = document.str(node).map_or(0, |text| text.chars().count());
    if n_characters > MAX_DESCRIPTION {
        let message = format!("the description has {n_characters} characters; BigQuery takes {MAX_DESCRIPTION}");
        problems.push(problem(document.span(node), message, "shorten it, and keep the rest in the description of the table"));
    }
}

fn report_unknown_keys(document: &Document, item: NodeId, problems: &mut Vec<Problem>) {
    for entry in document.map(item) {
        let key = document.key(entry);
        if FIELD_KEYS.contains(&key) {
            continue;
        }
        let help = match crate::text::nearest(key, FIELD_KEYS) {
            Some(near) => format!("write `{near}`"),
            None => "remove it; BigQuery would ignore or refuse it".to_owned(),
        };
        problems.push(problem(entry.key_span, format!("a field of a table schema has no key `{key}`"), help));
    }
}

fn text_of<'a>(document: &'a Document, item: NodeId, key: &str, problems: &mut Vec<Problem>) -> Option<(&'a str, Span)> {
    let Some(node) = document.get(item, key) else {
        let span = document.span(item);
        let opening = Span { end: (span.start + 1).min(span.end), ..span };
        problems.push(problem(opening, format!("a field of a table schema has no `{key}`"), format!("add `{key}`")));
        return None;
    };
    match document.value(node) {
        Value::String(text) => Some((document.text(text), document.span(node))),
        Value::Expression { .. } => None,
        _ => {
            let message = format!("`{key}` of a field is {}, not a string", document.describe(node));
            problems.push(problem(document.span(node), message, "put it in quotes"));
            None
        }
    }
}

fn problem(span: Span, message: impl Into<String>, help: impl Into<String>) -> Problem {
    Problem { kind: ProblemKind::Syntax, span, message: message.into(), help: Some(help.into()), related: None }
}

/// The GoogleSQL name of a type as table schemas write it, in any case.
pub fn type_name(text: &str) -> Option<&'static str> {
    const NAMES: [(&str, &str); 23] = [
        ("STRING", "STRING"),
        ("BYTES", "BYTES"),
        ("INTEGER", "INT64"),
        ("INT64", "INT64"),
        ("INT", "INT64"),
        ("BIGINT", "INT64"),
        ("FLOAT", "FLOAT64"),
        ("FLOAT64", "FLOAT64"),
        ("NUMERIC", "NUMERIC"),
        ("DECIMAL", "NUMERIC"),
        ("BIGNUMERIC", "BIGNUMERIC"),
        ("BIGDECIMAL", "BIGNUMERIC"),
        ("BOOLEAN", "BOOL"),
        ("BOOL", "BOOL"),
        ("TIMESTAMP", "TIMESTAMP"),
        ("DATE", "DATE"),
        ("TIME", "TIME"),
        ("DATETIME", "DATETIME"),
        ("GEOGRAPHY", "GEOGRAPHY"),
        ("JSON", "JSON"),
        ("RECORD", "STRUCT"),
        ("STRUCT", "STRUCT"),
        ("INTERVAL", "INTERVAL"),
    ];
    let found = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, name)| *name);
    found.or_else(|| text.eq_ignore_ascii_case("RANGE").then_some("RANGE"))
}

#[cfg(test)]
mod tests {
    use super::read_columns;
    use crate::syntax::json;
    use crate::text::FileId;

    fn problems(n_records: usize) -> Vec<String> {
        let fields = vec![r#"{ "name": "f", "type": "STRING" }"#; 99].join(",");
        let record = format!(r#"{{ "name": "r", "type": "RECORD", "fields": [{fields}] }}"#);
        let text = format!("[{}]", vec![record.as_str(); n_records].join(","));
        let document = json::parse(FileId::from_index(0), &text.as_str().into()).document;
        let mut problems = Vec::new();
        read_columns(&document, document.roots[0], &mut problems);
        problems.into_iter().map(|problem| problem.message).collect()
    }

    #[test]
    fn ten_thousand_columns_are_the_most() {
        assert_eq!(problems(100), [""; 0]);
        assert_eq!(problems(101), ["the table has 10100 columns, those in records counted; BigQuery takes 10000"]);
    }
}
