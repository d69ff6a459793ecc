//! Facts of a JSON Schema, and of its fields.

use super::FactType::{Bool, Count, Text, Texts};
use super::Read::{Field as OfField, Schema as Of};
use super::{Fact, FactValue, Reading, always, fact, length, optional, saturating, start};
use crate::model::JsonSchema;
use crate::model::schema::{Draft, SchemaField};
use crate::text::Span;

pub(super) const FACTS: &[Fact] = &[
    always("path", Text, "Where it lies in the repository", Of(|s| optional(Some(s.path.as_str()), start(s.file)))),
    fact(
        "draft",
        Text,
        "The draft it is written in: `4`, `6`, `7`, `2019-09`, `2020-12`; null for another",
        Of(|s| optional(draft(s.draft), start(s.file))),
    ),
    always(
        "fields",
        Count,
        "How many properties it describes, nested ones too",
        Of(|s| length(s.fields.len(), s.fields.first().map(|f| f.key_span))),
    ),
    always("feeds", Count, "How many feeds name it", Of(|s| length(s.feeds.len(), None))),
];

pub(super) const FIELD_FACTS: &[Fact] = &[
    always("name", Text, "The property's own name", OfField(|_, f| optional(Some(&f.name), Some(f.key_span)))),
    always(
        "path",
        Text,
        "From the top of the record: `address.zip`, `tags[]`",
        OfField(|_, f| optional(Some(&f.path), Some(f.key_span))),
    ),
    always(
        "types",
        Texts,
        "The JSON types it may have, without `null`",
        OfField(|_, f| at(f, FactValue::Texts(f.types.clone()))),
    ),
    always("nullable", Bool, "Whether `null` is allowed", OfField(|_, f| at(f, FactValue::Bool(f.nullable)))),
    always("required", Bool, "Whether the property must be there", OfField(|_, f| at(f, FactValue::Bool(f.required)))),
    fact("format", Text, "`format`, such as `date-time`", OfField(|_, f| optional(f.format.as_deref(), Some(f.key_span)))),
    fact("max_length", Count, "`maxLength`", OfField(|_, f| max_length(f.max_length, f.key_span))),
    always("depth", Count, "How deep it is nested: 1 at the top of the record", OfField(|_, f| at(f, depth(f.depth)))),
    always(
        "schema",
        Text,
        "The path of the schema that holds it",
        OfField(|s, f| optional(Some(s.path.as_str()), Some(f.key_span))),
    ),
    always("feeds", Count, "How many feeds name that schema", OfField(field_feeds)),
];

fn draft(draft: Draft) -> Option<&'static str> {
    match draft {
        Draft::Draft4 => Some("4"),
        Draft::Draft6 => Some("6"),
        Draft::Draft7 => Some("7"),
        Draft::Draft201909 => Some("2019-09"),
        Draft::Draft202012 => Some("2020-12"),
        Draft::Other => None,
    }
}

fn at<'a>(field: &'a SchemaField, value: FactValue<'a>) -> Reading<'a> {
    Reading::at(value, Some(field.key_span))
}

fn depth<'a>(below_top: usize) -> FactValue<'a> {
    FactValue::Count(i64::try_from(below_top).unwrap_or(i64::MAX).saturating_add(1))
}

fn max_length<'a>(limit: Option<u64>, span: Span) -> Reading<'a> {
    limit.map_or(Reading::null(), |limit| Reading::at(FactValue::Count(saturating(limit)), Some(span)))
}

fn field_feeds<'a>(schema: &'a JsonSchema, _: &'a SchemaField) -> Reading<'a> {
    length(schema.feeds.len(), None)
}
