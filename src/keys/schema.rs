//! The published JSON Schemas of our formats, for editors to complete and check by.

use super::units::{BYTES_PATTERN, DURATION_PATTERN};
use super::{Format, Key, MapShape, Shape};
use serde_json::{Map, Value, json};

/// The JSON Schema (draft 2020-12) of a format.
pub fn json_schema(file: &str, title: &str, about: &str, shape: &Shape) -> Value {
    let mut schema = object(json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("https://raw.githubusercontent.com/feedgate/feedgate/main/{file}"),
        "title": title,
        "description": about,
    }));
    schema.extend(shape_schema(shape, true));
    Value::Object(schema)
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => Map::from_iter([("const".to_owned(), other)]),
    }
}

/// `is_whole` is false below an overlay, where nothing is required.
fn shape_schema(shape: &Shape, is_whole: bool) -> Map<String, Value> {
    object(match shape {
        Shape::Text(format) => return text_schema(format),
        Shape::Word(words) => json!({ "enum": words }),
        Shape::Integer { min, max } if *max == i64::MAX => json!({ "type": "integer", "minimum": min }),
        Shape::Integer { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Shape::Number => json!({ "type": "number", "minimum": 0 }),
        Shape::Boolean => json!({ "type": "boolean" }),
        Shape::Duration | Shape::Days => json!({ "type": "string", "pattern": DURATION_PATTERN }),
        Shape::Bytes => json!({ "anyOf": [{ "type": "integer", "minimum": 0 }, { "type": "string", "pattern": BYTES_PATTERN }] }),
        Shape::List(item) => json!({ "type": "array", "items": shape_schema(item, is_whole) }),
        Shape::Map(map) => return map_schema(map, &[], is_whole),
        Shape::Overlay { map, except } => return map_schema(map, except, false),
        Shape::MapOf(value) => json!({ "type": "object", "additionalProperties": shape_schema(value, is_whole) }),
        Shape::AnyMap => json!({ "type": "object" }),
        Shape::Plain => {
            json!({ "anyOf": [{ "type": ["boolean", "integer", "string"] }, { "type": "array", "items": { "type": "string" } }] })
        }
        Shape::Either(shapes) => json!({ "anyOf": shapes.iter().map(|shape| shape_schema(shape, is_whole)).collect::<Vec<_>>() }),
    })
}

fn text_schema(format: &Format) -> Map<String, Value> {
    let words = (!format.words.is_empty()).then(|| json!({ "enum": format.words }));
    let pattern = format.pattern.map(|pattern| json!({ "type": "string", "pattern": pattern }));
    object(match (words, pattern) {
        (Some(words), Some(pattern)) => json!({ "anyOf": [words, pattern] }),
        (Some(words), None) => words,
        (None, Some(pattern)) => pattern,
        (None, None) => json!({ "type": "string", "minLength": 1 }),
    })
}

fn map_schema(map: &MapShape, except: &[&str], is_whole: bool) -> Map<String, Value> {
    let keys = || map.keys.iter().filter(|key| !except.contains(&key.name));
    let properties: Map<String, Value> = keys().map(|key| (key.name.to_owned(), key_schema(key, is_whole))).collect();
    let mut schema = object(json!({ "type": "object", "additionalProperties": false, "properties": properties }));
    let required: Vec<&str> = keys().filter(|key| key.required).map(|key| key.name).collect();
    if is_whole && !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    if let Some((first, second)) = map.one_of {
        let rule = if is_whole {
            ("oneOf", json!([{ "required": [first] }, { "required": [second] }]))
        } else {
            ("not", json!({ "required": [first, second] }))
        };
        schema.insert(rule.0.to_owned(), rule.1);
    }
    schema
}

fn key_schema(key: &Key, is_whole: bool) -> Value {
    let mut schema = Map::from_iter([("description".to_owned(), json!(key.about))]);
    schema.extend(shape_schema(&key.shape, is_whole));
    if !key.example.is_empty() {
        let example = serde_json::from_str(key.example).unwrap_or_else(|_| json!(key.example));
        schema.insert("examples".to_owned(), json!([example]));
    }
    Value::Object(schema)
}
