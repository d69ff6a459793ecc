//! The properties of an object as the JSON Schema of its records, with the places of the contract.

use super::{is_true, items, member, text};
use crate::model::feed::draft::{self, Placed};
use crate::syntax::{Document, Entry, NodeId, Value};
use crate::text::Span;

/// The schema of the records of an object or of a nested property.
pub(super) fn schema(document: &mut Document, object: NodeId) -> NodeId {
    let span = document.span(object);
    let kind = draft::text(document, "object", span);
    let mut entries = vec![("type", Placed { key_span: span, node: kind })];
    if let Some(properties) = member(document, object, "properties") {
        let required = required(document, object);
        let map = property_map(document, object, document.span(properties.node));
        entries.push(("properties", placed(properties, map)));
        let list = draft::list(document, required, document.span(properties.node));
        entries.push(("required", placed(properties, list)));
    }
    draft::map(document, &entries, span)
}

fn placed(member: Placed, node: NodeId) -> Placed {
    Placed { node, ..member }
}

/// What a record calls the property: its physical name, where it has one.
pub(super) fn name_node(document: &Document, property: NodeId) -> Option<NodeId> {
    let named = |key| document.get(property, key).filter(|node| document.str(*node).is_some_and(|name| !name.is_empty()));
    named("physicalName").or_else(|| named("name"))
}

fn required(document: &Document, object: NodeId) -> Vec<NodeId> {
    let properties = items(document, object, "properties");
    properties.into_iter().filter(|one| is_true(document, *one, "required")).filter_map(|one| name_node(document, one)).collect()
}

fn property_map(document: &mut Document, object: NodeId, span: Span) -> NodeId {
    let mut entries = Vec::new();
    for property in items(document, object, "properties") {
        let Some(name) = name_node(document, property) else { continue };
        let Value::String(key) = document.value(name) else { continue };
        let key_span = document.span(name);
        let value = value(document, property, is_true(document, property, "required"));
        entries.push(Entry { key, key_span, value, merged: false });
    }
    let children = document.push_entries(entries);
    document.push(Value::Map(children), span)
}

/// The schema of one value. What is not required may be null, as the standard has it.
fn value(document: &mut Document, property: NodeId, is_required: bool) -> NodeId {
    let place = member(document, property, "logicalType").or_else(|| member(document, property, "physicalType"));
    let Some(place) = place else { return draft::map(document, &[], document.span(property)) };
    let Some(json_type) = json_type(document, property) else { return draft::map(document, &[], document.span(property)) };
    let span = document.span(place.node);
    let kind = draft::text(document, json_type, span);
    let kind = if is_required {
        kind
    } else {
        let null = draft::text(document, "null", span);
        draft::list(document, [kind, null], span)
    };
    let mut entries = vec![("type", placed(place, kind))];
    if let Some(format) = format(document, property) {
        let format = draft::text(document, format, span);
        entries.push(("format", placed(place, format)));
    }
    options(document, property, json_type, &mut entries);
    entries.extend(member(document, property, "classification").map(|said| ("classification", said)));
    match json_type {
        "array" => {
            if let Some(items) = member(document, property, "items") {
                let item = value(document, items.node, true);
                entries.push(("items", placed(items, item)));
            }
        }
        "object" => {
            let nested = schema(document, property);
            let known = ["properties", "required"].into_iter().filter_map(|key| {
                let entry = document.entry(nested, key)?;
                Some((key, Placed { key_span: entry.key_span, node: entry.value }))
            });
            entries.extend(known);
        }
        _ => {}
    }
    draft::map(document, &entries, document.span(property))
}

/// The type of JSON Schema: of the logical type, else of a physical type that BigQuery knows.
fn json_type(document: &Document, property: NodeId) -> Option<&'static str> {
    let logical = match text(document, property, "logicalType") {
        Some("string" | "date" | "timestamp" | "time") => Some("string"),
        Some("number") => Some("number"),
        Some("integer") => Some("integer"),
        Some("boolean") => Some("boolean"),
        Some("object") => Some("object"),
        Some("array") => Some("array"),
        _ => None,
    };
    logical.or_else(|| {
        Some(match super::columns::big_query_type(text(document, property, "physicalType")?)? {
            "INT64" => "integer",
            "FLOAT64" | "NUMERIC" | "BIGNUMERIC" => "number",
            "BOOL" => "boolean",
            "STRUCT" => "object",
            "ARRAY" => "array",
            "JSON" => return None,
            _ => "string",
        })
    })
}

/// The format of a text, where the contract leaves the format to the standard or names one that JSON Schema knows.
fn format(document: &Document, property: NodeId) -> Option<&'static str> {
    let chosen = document.get(property, "logicalTypeOptions").and_then(|options| text(document, options, "format"));
    match (text(document, property, "logicalType")?, chosen) {
        ("date", None | Some("yyyy-MM-dd")) => Some("date"),
        ("string", Some(chosen)) => {
            ["email", "uuid", "uri", "hostname", "ipv4", "ipv6"].into_iter().find(|known| *known == chosen)
        }
        _ => None,
    }
}

/// The options that the standard has taken over from JSON Schema under their own names.
fn options(document: &Document, property: NodeId, json_type: &str, entries: &mut Vec<(&'static str, Placed)>) {
    let Some(options) = document.get(property, "logicalTypeOptions") else { return };
    let known: &[&'static str] = match json_type {
        "string" if text(document, property, "logicalType") == Some("string") => &["minLength", "maxLength", "pattern"],
        "number" | "integer" => &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
        "array" => &["minItems", "maxItems", "uniqueItems"],
        _ => &[],
    };
    for key in known {
        let Some(option) = member(document, options, key) else { continue };
        // v3.0 says of the other bound that it is exclusive, which is left out: the bound itself still holds.
        if key.starts_with("exclusive") && matches!(document.value(option.node), Value::Bool(_)) {
            continue;
        }
        entries.push((*key, option));
    }
}
