//! Conversions between types. A value that is what is asked for already keeps the place of its literal.

use super::{Content, Evaluated, sorted, to_text};
use serde_json::Value as Json;
use std::collections::BTreeMap;

pub(super) fn call(name: &str, value: &Evaluated) -> Option<Evaluated> {
    let content = match (name, &value.content) {
        ("nonsensitive" | "sensitive" | "ephemeralasnull", _) => return Some(value.clone()),
        ("tostring" | "tonumber" | "tobool" | "tolist" | "toset" | "tomap", Content::Null) => Content::Null,
        ("tostring", _) => Content::Text(to_text(value)?.into()),
        ("tonumber", Content::Number(_)) | ("tobool", Content::Bool(_)) | ("tolist", Content::List(_)) => value.content.clone(),
        ("tonumber", Content::Text(text)) => match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Content::Number(number),
            _ => return Some(Evaluated::failed(format!("`{text}` is no number"), value.span)),
        },
        ("tobool", Content::Text(text)) => match &**text {
            "true" => Content::Bool(true),
            "false" => Content::Bool(false),
            _ => return Some(Evaluated::failed(format!("`{text}` is neither true nor false"), value.span)),
        },
        ("toset", Content::List(items)) => Content::List(set(items)?.into()),
        ("tomap", Content::Map(_)) => value.content.clone(),
        ("jsonencode", _) => Content::Text(escaped(&json(value)?.to_string()).into()),
        _ => return None,
    };
    Some(Evaluated::new(content, value.span))
}

/// The items of a set: each once, in the order of their texts. `None` when one of them is not known.
pub(super) fn set(items: &[Evaluated]) -> Option<Vec<Evaluated>> {
    let mut seen: BTreeMap<String, &Evaluated> = BTreeMap::new();
    for item in items {
        seen.entry(identity(item)?).or_insert(item);
    }
    Some(seen.into_values().cloned().collect())
}

/// A text that is equal for equal items; `None` when a part of it is not known.
pub(super) fn identity(item: &Evaluated) -> Option<String> {
    to_text(item).or_else(|| Some(json(item)?.to_string()))
}

/// A value as JSON; `None` when a part of it is not known.
fn json(value: &Evaluated) -> Option<Json> {
    Some(match &value.content {
        Content::Null => Json::Null,
        Content::Bool(value) => Json::Bool(*value),
        // Below 2^53 a whole number is exact.
        Content::Number(number) if number.fract() == 0.0 && number.abs() < 9e15 => Json::from(*number as i64),
        Content::Number(number) => serde_json::Number::from_f64(*number).map(Json::Number)?,
        Content::Text(text) => Json::String(text.to_string()),
        Content::List(items) => Json::Array(items.iter().map(json).collect::<Option<_>>()?),
        Content::Map(_) => {
            let members = sorted(value).into_iter().map(|member| Some((member.key.to_string(), json(&member.value)?)));
            Json::Object(members.collect::<Option<_>>()?)
        }
        Content::Resource(_) | Content::File(_) | Content::Unknown(_) | Content::Failed(_) => return None,
    })
}

/// Terraform escapes what HTML would take for its own.
fn escaped(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}
