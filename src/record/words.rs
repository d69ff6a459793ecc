//! The words of complaints about records. Whoever made the file reads them, and knows neither our schemas nor BigQuery:
//! each says what is wrong with the value, and what to write instead.

pub(super) mod refused;

use super::explain::{Complaint, Path};
use super::raw::{Raw, RawValue};
use super::{Check, MAX_RECORD};
use crate::model::Column;
use crate::syntax::json;
use crate::text::{FileId, nearest};
use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::Value;
use std::ops::Range;

/// A message, and what to do.
pub(super) struct Said {
    pub(super) message: String,
    pub(super) help: Option<String>,
}

fn said(message: impl Into<String>, help: impl Into<String>) -> Said {
    Said { message: message.into(), help: Some(help.into()) }
}

/// Longer values are cut short.
const MAX_SHOWN: usize = 60;

/// The field in backticks, or the record.
fn named(path: &Path) -> String {
    path.shown().map_or_else(|| "the record".to_owned(), |path| format!("`{path}`"))
}

/// What a value is, as the end of a sentence.
fn shown(raw: &Raw<'_>) -> String {
    match &raw.value {
        RawValue::Null => "`null`".to_owned(),
        RawValue::Bool => "a boolean".to_owned(),
        RawValue::Number(number) => format!("the number `{}`", short(number.text)),
        RawValue::Text(text) if text.is_empty() => "an empty text".to_owned(),
        RawValue::Text(text) => format!("the text `{}`", short(text)),
        RawValue::List(_) => "a list".to_owned(),
        RawValue::Map(_) => "an object".to_owned(),
    }
}

fn short(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or("")),
        None => text.to_owned(),
    }
}

// Of the file.

pub(super) fn list_layout() -> Said {
    said(
        "the file is one JSON list, and BigQuery loads one record on each line",
        "write each record on a line of its own, without `[`, `]` and the commas between records",
    )
}

pub(super) fn spread_layout() -> Said {
    said(
        "a record runs over several lines, and BigQuery loads one record on each line",
        "write each record on one line, without line breaks inside it",
    )
}

pub(super) fn byte_order_mark() -> Said {
    said("the file begins with a byte order mark", "save the file as UTF-8 without a byte order mark")
}

pub(super) fn foreign(what: &str) -> Said {
    said(format!("the file is {what}, and not JSON"), "write JSON in UTF-8, one record on each line; it may be packed with gzip")
}

pub(super) fn no_record() -> Said {
    said(
        "the file holds no record",
        "deliver no file where there is nothing to deliver, unless the owner of the feed wants an empty one",
    )
}

pub(super) fn open_list() -> Said {
    said("the list of records is never closed: the file ends too early", "write the file to its end, and deliver it again")
}

pub(super) fn broken_list() -> Said {
    said("expected `,` or `]` behind a record of the list", "separate the records of the list by commas")
}

pub(super) fn spare_comma() -> Said {
    said("a comma of the list has no record behind it", "remove the comma")
}

pub(super) fn behind_list() -> Said {
    said(
        "something stands behind the list of records",
        "put all records into one list, or write one record a line without any list",
    )
}

pub(super) fn long_record(n_bytes: u64, is_line: bool) -> Said {
    let (size, limit) = (n_bytes / 1_000_000, MAX_RECORD >> 20);
    if !is_line {
        let message = format!("a record does not end within {limit} MiB, and what follows was not checked");
        return said(message, "close every brace, bracket and quote");
    }
    let refused = if n_bytes > 100_000_000 { ", and BigQuery loads at most 100 MB" } else { "" };
    let message = format!("a record of {size} MB is longer than the {limit} MiB that are checked{refused}");
    said(message, "end each record with a line break, and split what is too large for one record")
}

pub(super) fn not_utf8(byte: u8) -> Said {
    let message = format!("the record is not UTF-8: byte 0x{byte:02X} begins no character");
    said(message, "write the file in UTF-8; programs on Windows often write Windows-1252 or UTF-16 unless told otherwise")
}

// Of the JSON.

/// What is wrong with a text that is no JSON value, which kind of mistake that is, and where.
pub(super) fn not_json(text: &str, ends_text: bool) -> (Said, String, Range<usize>) {
    let parsed = json::parse(FileId::from_index(0), &text.into());
    let problem = parsed.problems.into_iter().next();
    let range = problem.as_ref().map_or(0..0, |problem| problem.span.range());
    if !text.trim_start().starts_with(['{', '[', '"']) {
        let message = format!("this line is no JSON: `{}`", short(text.trim()));
        return (
            said(message, "write each record as a JSON object on one line: `{\"key\": \"value\"}`"),
            String::new(),
            0..text.len(),
        );
    }
    if is_followed(text) {
        let message = "something stands behind the record on its line";
        return (said(message, "write each record on a line of its own, with nothing else on it"), "behind".to_owned(), range);
    }
    let is_cut = ends_text && serde_json::from_str::<serde::de::IgnoredAny>(text).is_err_and(|error| error.is_eof());
    if is_cut {
        let help = "write the file to its end, and deliver it again";
        return (said("the last record breaks off: the file ends too early", help), "cut".to_owned(), range);
    }
    let (message, help) =
        problem.map_or_else(|| ("it cannot be read".to_owned(), None), |problem| (problem.message, problem.help));
    let help = help.unwrap_or_else(|| "write each record as one JSON object on one line".to_owned());
    (said(format!("the record is no JSON: {message}"), help), message, range)
}

/// Whether a whole value stands at the beginning.
fn is_followed(text: &str) -> bool {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>();
    matches!(values.next(), Some(Ok(_)))
}

pub(super) fn number_too_large() -> Said {
    said("the record holds a number that no reader can hold", "write a number between -1.7e308 and 1.7e308, or a text")
}

pub(super) fn duplicate_key(path: &Path) -> Said {
    said(
        format!("{} stands twice in one object", named(path)),
        "write each key once: readers keep one of the two values, and nobody knows which",
    )
}

// Of the JSON Schema.

/// Adds what the schema says against a record. One error may speak of several keys.
pub(super) fn of_schema_error(error: &ValidationError<'_>, schema: Option<&Value>, raw: &Raw<'_>, found: &mut Vec<Complaint>) {
    let pointer = error.instance_path().as_str();
    let path = Path::of_pointer(pointer, raw);
    let at = raw.at(pointer).unwrap_or(raw);
    let mut add = |code, path: Path, detail: String, said, range: Range<usize>| {
        found.push(Complaint { check: Check::Schema, code, path, detail, said, range });
    };
    match error.kind() {
        Kind::Required { property } => {
            let own = path.key(property.as_str().unwrap_or_default());
            let said = said(format!("{} is missing", named(&own)), "write the key in every record");
            add("required", own, String::new(), said, at.range.clone());
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            let known = properties(error, schema);
            for name in unexpected {
                let own = path.key(name);
                let range = at.key_range(name).unwrap_or(at.range.clone());
                add("unknown-key", own.clone(), String::new(), unknown_property(&own, name, &known), range);
            }
        }
        kind => {
            let (code, sentence, help) = about_value(kind);
            let help = help.or_else(|| described(error, schema));
            let message = format!("{} {sentence}, and is {}", named(&path), shown(at));
            add(code, path, sentence, Said { message, help }, at.range.clone());
        }
    }
}

/// What the schema says of the field whose keyword complains.
fn described(error: &ValidationError<'_>, schema: Option<&Value>) -> Option<String> {
    let (parent, _) = error.schema_path().as_str().rsplit_once('/')?;
    let text = schema?.pointer(parent)?.get("description")?.as_str()?;
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(format!("the feed describes the field as: {}", short(&line)))
}

/// The names of the properties beside the keyword that complains.
fn properties<'a>(error: &ValidationError<'_>, schema: Option<&'a Value>) -> Vec<&'a str> {
    let place = error.schema_path().as_str();
    let parent = place.rsplit_once('/').map_or("", |(parent, _)| parent);
    let properties = schema.and_then(|schema| schema.pointer(parent)?.get("properties")?.as_object());
    properties.into_iter().flat_map(|properties| properties.keys().map(String::as_str)).collect()
}

fn unknown_property(path: &Path, name: &str, known: &[&str]) -> Said {
    said(format!("{} is no field of this feed", named(path)), instead(name, known.iter().copied()))
}

fn instead<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let near = nearest(name, known);
    let remove = || "remove the key, or ask the owner of the feed to add the field".to_owned();
    near.map_or_else(remove, |near| format!("write `{near}`, if that is meant; otherwise remove the key"))
}

/// The code of a complaint, what the value must be, and what to do where that does not say it.
fn about_value(kind: &Kind) -> (&'static str, String, Option<String>) {
    let plain = |code, sentence: String| (code, sentence, None);
    match kind {
        Kind::Type { kind } => plain("type", format!("must be {}", types(kind))),
        Kind::Enum { options } => plain("enum", format!("must be one of {}", short_list(options))),
        Kind::Constant { expected_value } => plain("const", format!("must be `{}`", short(&expected_value.to_string()))),
        Kind::Minimum { limit } => plain("minimum", format!("must be at least {limit}")),
        Kind::ExclusiveMinimum { limit } => plain("minimum", format!("must be more than {limit}")),
        Kind::Maximum { limit } => plain("maximum", format!("must be at most {limit}")),
        Kind::ExclusiveMaximum { limit } => plain("maximum", format!("must be less than {limit}")),
        Kind::MinLength { limit } => plain("length", format!("must have at least {}", counted(*limit, "character"))),
        Kind::MaxLength { limit } => plain("length", format!("must have at most {}", counted(*limit, "character"))),
        Kind::MinItems { limit } => plain("items", format!("must hold at least {}", counted(*limit, "item"))),
        Kind::MaxItems { limit } => plain("items", format!("must hold at most {}", counted(*limit, "item"))),
        Kind::MinProperties { limit } => plain("properties", format!("must hold at least {}", counted(*limit, "key"))),
        Kind::MaxProperties { limit } => plain("properties", format!("must hold at most {}", counted(*limit, "key"))),
        Kind::MultipleOf { multiple_of } => plain("multiple", format!("must be a multiple of {multiple_of}")),
        Kind::Pattern { pattern } => plain("pattern", format!("must have the form `{pattern}`")),
        Kind::Format { format } => format_of(format),
        Kind::UniqueItems => {
            ("unique", "must hold each item once".to_owned(), Some("remove the items that come again".to_owned()))
        }
        Kind::FalseSchema => ("unknown-key", "must not be there".to_owned(), Some("remove it".to_owned())),
        kind => {
            let code = match kind.keyword() {
                "anyOf" | "oneOf" => "alternatives",
                _ => "schema",
            };
            let help = format!("`{}` of the feed's JSON Schema says what is allowed", kind.keyword());
            (code, format!("breaks `{}` of the feed's JSON Schema", kind.keyword()), Some(help))
        }
    }
}

fn counted(n: u64, thing: &str) -> String {
    format!("{n} {thing}{}", if n == 1 { "" } else { "s" })
}

fn format_of(format: &str) -> (&'static str, String, Option<String>) {
    let (what, example) = match format {
        "date" => ("a day", "2026-08-03"),
        "date-time" => ("a time with its day and zone", "2026-08-03T18:30:00Z"),
        "time" => ("a time with its zone", "18:30:00Z"),
        "email" => ("an e-mail address", "desk@example.com"),
        "uuid" => ("a UUID", "123e4567-e89b-12d3-a456-426614174000"),
        "uri" => ("an address", "https://example.com/page"),
        _ => return ("format", format!("must have the format `{format}`"), None),
    };
    ("format", format!("must be {what}"), Some(format!("write it like `{example}`")))
}

fn types(kind: &TypeKind) -> String {
    let word = |name: &str| match name {
        "array" => "a list".to_owned(),
        "boolean" => "`true` or `false`".to_owned(),
        "integer" => "a whole number".to_owned(),
        "null" => "`null`".to_owned(),
        "number" => "a number".to_owned(),
        "object" => "an object".to_owned(),
        "string" => "a text".to_owned(),
        other => format!("`{other}`"),
    };
    match kind {
        TypeKind::Single(one) => word(&one.to_string()),
        TypeKind::Multiple(several) => several.iter().map(|one| word(&one.to_string())).collect::<Vec<_>>().join(" or "),
    }
}

/// Options that are more are not listed.
const MAX_OPTIONS: usize = 12;

fn short_list(options: &Value) -> String {
    let options = options.as_array().map_or(&[][..], Vec::as_slice);
    let shown = |value: &Value| format!("`{}`", short(&value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
    let mut text = options.iter().take(MAX_OPTIONS).map(shown).collect::<Vec<_>>().join(", ");
    if options.len() > MAX_OPTIONS {
        text.push_str(&format!(" and {} more", options.len() - MAX_OPTIONS));
    }
    text
}

// Of the load.

pub(super) fn not_a_record(raw: &Raw<'_>) -> Said {
    said(format!("the record is {}, and must be an object", shown(raw)), "write each record as `{\"key\": \"value\"}`")
}

pub(super) fn unknown_key(path: &Path, columns: &[Column]) -> Said {
    let name = path.0.last().map_or("", |part| match part {
        super::explain::Part::Key(key) => key.as_str(),
        super::explain::Part::Item(_) => "",
    });
    let known = columns.iter().map(|column| column.name.as_str());
    said(format!("{} has no column in the table, and BigQuery refuses the whole record", named(path)), instead(name, known))
}

pub(super) fn case_twin(path: &Path, twin: &str) -> Said {
    let message = format!("{} and `{twin}` differ only in case, and BigQuery takes them for one column", named(path));
    said(message, "write one of the two, or give one another name")
}

pub(super) fn missing_column(path: &Path) -> Said {
    said(format!("{} is missing, and its column is REQUIRED", named(path)), "write the key with a value in every record")
}

pub(super) fn null_required(path: &Path) -> Said {
    said(format!("{} is `null`, and its column is REQUIRED", named(path)), "write a value in every record")
}

pub(super) fn null_item(path: &Path) -> Said {
    said(format!("{} is `null`, and BigQuery loads no list with `null` in it", named(path)), "leave the item out of the list")
}

pub(super) fn list_of_lists(path: &Path) -> Said {
    let message = format!("{} is a list inside a list, which BigQuery does not load", named(path));
    said(message, "put the inner list into an object: `[{\"items\": […]}]`")
}

pub(super) fn not_a_list(path: &Path, raw: &Raw<'_>, column: &Column) -> Said {
    let message = format!("{} must be a list of {} values, and is {}", named(path), column.data_type, shown(raw));
    said(message, "put the value into `[` and `]`, also when it is the only one")
}
