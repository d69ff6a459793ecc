//! Values of a workflow that is followed on paper. Unknown is one of them.

use serde_json::Value as Json;
use std::collections::BTreeMap;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Val {
    /// There is one, and it is known only when the workflow runs.
    Unknown,
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(String),
    Bytes(Vec<u8>),
    List(Vec<Val>),
    Map(BTreeMap<String, Val>),
    /// A map that may have more entries than are known: an event, an answer.
    Open(BTreeMap<String, Val>),
}

impl Val {
    pub fn text(&self) -> Option<&str> {
        match self {
            Val::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn bool(&self) -> Option<bool> {
        match self {
            Val::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// What stands behind these keys; `None` where a map surely has no such key.
    pub fn at(&self, keys: &[&str]) -> Option<&Val> {
        keys.iter().try_fold(self, |value, key| match value {
            Val::Map(entries) => entries.get(*key),
            Val::Open(entries) => Some(entries.get(*key).unwrap_or(&Val::Unknown)),
            Val::Unknown => Some(&Val::Unknown),
            _ => None,
        })
    }

    /// Whether nothing in it is unknown.
    pub(super) fn is_known(&self) -> bool {
        match self {
            Val::Unknown | Val::Open(_) => false,
            Val::List(items) => items.iter().all(Val::is_known),
            Val::Map(entries) => entries.values().all(Val::is_known),
            Val::Null | Val::Bool(_) | Val::Int(_) | Val::Double(_) | Val::Text(_) | Val::Bytes(_) => true,
        }
    }

    /// How much it holds, in parts.
    pub(super) fn weight(&self) -> usize {
        1 + match self {
            Val::Unknown | Val::Null | Val::Bool(_) | Val::Int(_) | Val::Double(_) => 0,
            Val::Text(text) => text.len() / 32,
            Val::Bytes(bytes) => bytes.len() / 32,
            Val::List(items) => items.iter().map(Val::weight).sum(),
            Val::Map(entries) | Val::Open(entries) => entries.values().map(Val::weight).sum(),
        }
    }

    pub(super) fn map<const N: usize>(entries: [(&str, Val); N]) -> BTreeMap<String, Val> {
        entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }

    pub(super) fn of_json(json: Json) -> Val {
        match json {
            Json::Null => Val::Null,
            Json::Bool(value) => Val::Bool(value),
            Json::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(number), _) => Val::Int(number),
                (None, Some(number)) => Val::Double(number),
                (None, None) => Val::Unknown,
            },
            Json::String(text) => Val::Text(text),
            Json::Array(items) => Val::List(items.into_iter().map(Val::of_json).collect()),
            Json::Object(entries) => Val::Map(entries.into_iter().map(|(key, value)| (key, Val::of_json(value))).collect()),
        }
    }

    /// `None` where a part of it is not known, or is no JSON.
    pub(super) fn to_json(&self) -> Option<Json> {
        Some(match self {
            Val::Unknown | Val::Open(_) | Val::Bytes(_) => return None,
            Val::Null => Json::Null,
            Val::Bool(value) => Json::Bool(*value),
            Val::Int(number) => Json::from(*number),
            Val::Double(number) => serde_json::Number::from_f64(*number).map(Json::Number)?,
            Val::Text(text) => Json::String(text.clone()),
            Val::List(items) => Json::Array(items.iter().map(Val::to_json).collect::<Option<_>>()?),
            Val::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| Some((key.clone(), value.to_json()?)));
                Json::Object(entries.collect::<Option<_>>()?)
            }
        })
    }
}

/// What Eventarc hands to a workflow when a file has come, as far as the name tells it:
/// <https://cloud.google.com/eventarc/docs/workflows/route-trigger-cloud-storage> (read 2026-11-26).
pub(super) fn storage_event(bucket: &str, object: &str) -> Val {
    let text = |text: String| Val::Text(text);
    Val::Open(Val::map([
        ("data", object_of(bucket, object)),
        ("source", text(format!("//storage.googleapis.com/projects/_/buckets/{bucket}"))),
        ("subject", text(format!("objects/{object}"))),
        ("specversion", text("1.0".to_owned())),
        ("type", text("google.cloud.storage.object.v1.finalized".to_owned())),
    ]))
}

/// The generation of the file that comes. It is another one each time, and this one is recognised.
pub(super) const GENERATION: &str = "1785542400000001";

fn object_of(bucket: &str, object: &str) -> Val {
    let text = |text: &str| Val::Text(text.to_owned());
    Val::Open(Val::map([
        ("bucket", text(bucket)),
        ("name", text(object)),
        ("kind", text("storage#object")),
        ("generation", text(GENERATION)),
    ]))
}

/// The same through a notification to Pub/Sub: <https://cloud.google.com/storage/docs/pubsub-notifications>.
pub(super) fn message_event(bucket: &str, object: &str) -> Val {
    let text = |text: &str| Val::Text(text.to_owned());
    let json = serde_json::json!({
        "kind": "storage#object", "bucket": bucket, "name": object, "generation": GENERATION,
    });
    let json = json.to_string();
    let attributes = Val::Open(Val::map([
        ("bucketId", text(bucket)),
        ("objectId", text(object)),
        ("objectGeneration", text(GENERATION)),
        ("eventType", text("OBJECT_FINALIZE")),
        ("payloadFormat", text("JSON_API_V1")),
    ]));
    let message = Val::Open(Val::map([("data", Val::Text(encode_base64(json.as_bytes()))), ("attributes", attributes)]));
    Val::Open(Val::map([
        ("data", Val::Open(Val::map([("message", message)]))),
        ("type", text("google.cloud.pubsub.topic.v1.messagePublished")),
    ]))
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub(super) fn encode_base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0u32, |bits, byte| (bits << 8) | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let digit = DIGITS.get((bits >> (18 - 6 * at)) as usize & 63).copied().unwrap_or(b'=');
            text.push(char::from(if at <= chunk.len() { digit } else { b'=' }));
        }
    }
    text
}

/// `None` for a text that is none in base 64.
pub(super) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut n_bits) = (Vec::new(), 0u32, 0);
    for byte in text.trim_end_matches('=').bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let byte = match byte {
            b'-' => b'+',
            b'_' => b'/',
            byte => byte,
        };
        let digit = DIGITS.iter().position(|digit| *digit == byte)?;
        bits = (bits << 6) | u32::try_from(digit).ok()?;
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            bytes.extend(u8::try_from((bits >> n_bits) & 255));
        }
    }
    Some(bytes)
}
