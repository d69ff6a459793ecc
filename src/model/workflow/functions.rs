//! The functions of the standard library that need nothing from outside.

use super::evaluate::element;
use super::value::{Val, decode_base64, encode_base64};
use regex::{NoExpand, Regex, RegexBuilder};
use std::collections::BTreeMap;

/// A text has 256 KB at most.
pub(super) const MAX_TEXT: usize = 256 * 1024;

/// A regular expression that takes more is left alone.
const MAX_REGEX_BYTES: usize = 1 << 20;

pub(super) fn call(name: &str, arguments: &[Val], environment: &BTreeMap<String, Option<String>>) -> Val {
    let found = match (name, arguments) {
        ("default", [Val::Null, fallback]) => Some(fallback.clone()),
        ("default", [Val::Unknown | Val::Open(_), _]) => None,
        ("default", [value, _]) => Some(value.clone()),
        ("if", [Val::Bool(true), value, _] | [Val::Bool(false), _, value]) => Some(value.clone()),
        ("not", [Val::Bool(value)]) => Some(Val::Bool(!value)),
        ("sys.get_env", [Val::Text(name), rest @ ..]) => match (environment.get(name), rest) {
            (Some(value), _) => value.clone().map(Val::Text),
            (None, [fallback]) if !name.starts_with("GOOGLE_CLOUD_") => Some(fallback.clone()),
            (None, _) => None,
        },
        _ => of_text(name, arguments).or_else(|| of_collection(name, arguments)).or_else(|| of_value(name, arguments)),
    };
    found.unwrap_or(Val::Unknown)
}

fn of_text(name: &str, arguments: &[Val]) -> Option<Val> {
    let text = |text: String| (text.len() < MAX_TEXT).then_some(Val::Text(text));
    match (name, arguments) {
        ("text.to_lower", [Val::Text(source)]) => text(source.to_lowercase()),
        ("text.to_upper", [Val::Text(source)]) => text(source.to_uppercase()),
        ("text.split", [Val::Text(source), Val::Text(separator)]) if !separator.is_empty() => {
            Some(Val::List(source.split(separator.as_str()).map(|part| Val::Text(part.to_owned())).collect()))
        }
        ("text.substring", [Val::Text(source), Val::Int(start), Val::Int(end)]) => {
            let (start, end) = (usize::try_from(*start).ok()?, usize::try_from(*end).ok()?);
            text(source.chars().skip(start).take(end.saturating_sub(start)).collect())
        }
        ("text.replace_all", [Val::Text(source), Val::Text(part), Val::Text(with)]) if !part.is_empty() => {
            text(source.replace(part.as_str(), with))
        }
        ("text.replace_all_regex", [Val::Text(source), Val::Text(pattern), Val::Text(with)]) => {
            text(regex(pattern)?.replace_all(source, NoExpand(with)).into_owned())
        }
        ("text.match_regex", [Val::Text(source), Val::Text(pattern)]) => Some(Val::Bool(regex(pattern)?.is_match(source))),
        ("text.find_all_regex", [Val::Text(source), Val::Text(pattern)]) => {
            let found = regex(pattern)?.find_iter(source).map(|found| matched(source, found.start(), found.as_str())).collect();
            Some(Val::List(found))
        }
        ("text.find_all", [Val::Text(source), Val::Text(part)]) if !part.is_empty() => {
            Some(Val::List(source.match_indices(part.as_str()).map(|(at, _)| index(source, at)).collect()))
        }
        ("text.url_encode", [Val::Text(source)]) => text(url_encoded(source, "%20")),
        ("text.url_decode", [Val::Text(source)]) => text(url_decoded(source)?),
        ("text.url_encode_plus", [Val::Text(source)]) => text(url_encoded(source, "+")),
        ("text.decode", [Val::Bytes(bytes), ..]) => text(String::from_utf8(bytes.clone()).ok()?),
        ("text.encode", [Val::Text(source), ..]) => Some(Val::Bytes(source.clone().into_bytes())),
        ("base64.decode", [Val::Text(source), ..]) => decode_base64(source).map(Val::Bytes),
        ("base64.encode", [Val::Bytes(bytes), ..]) => text(encode_base64(bytes)),
        ("json.decode", [Val::Text(source)]) => serde_json::from_str(source).ok().map(Val::of_json),
        ("json.decode", [Val::Bytes(source)]) => serde_json::from_slice(source).ok().map(opened),
        ("json.encode_to_string", [value, ..]) => text(value.to_json()?.to_string()),
        ("json.encode", [value, ..]) => Some(Val::Bytes(value.to_json()?.to_string().into_bytes())),
        _ => None,
    }
}

/// What comes with a message holds more than is known of it.
fn opened(json: serde_json::Value) -> Val {
    match Val::of_json(json) {
        Val::Map(entries) => Val::Open(entries),
        value => value,
    }
}

/// Places are counted in characters.
fn index(source: &str, at: usize) -> Val {
    let count = source.get(..at).unwrap_or_default().chars().count();
    i64::try_from(count).map_or(Val::Unknown, Val::Int)
}

fn matched(source: &str, at: usize, text: &str) -> Val {
    Val::Map(Val::map([("index", index(source, at)), ("match", Val::Text(text.to_owned()))]))
}

fn regex(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).size_limit(MAX_REGEX_BYTES).build().ok()
}

fn url_encoded(source: &str, blank: &str) -> String {
    let mut text = String::new();
    for byte in source.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => text.push(char::from(byte)),
            b' ' => text.push_str(blank),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

/// `None` where what is encoded is no text.
pub(super) fn url_decoded(source: &str) -> Option<String> {
    let (mut bytes, mut rest) = (Vec::new(), source.as_bytes());
    while let [first, tail @ ..] = rest {
        let code = source.get(source.len() - tail.len()..).and_then(|tail| tail.get(..2));
        let code = code.filter(|_| *first == b'%').and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    String::from_utf8(bytes).ok()
}

fn of_collection(name: &str, arguments: &[Val]) -> Option<Val> {
    let integer = |length: usize| i64::try_from(length).ok().map(Val::Int);
    match (name, arguments) {
        ("len", [Val::Text(text)]) => integer(text.chars().count()),
        ("len", [Val::List(items)]) => integer(items.len()),
        ("len", [Val::Map(entries)]) => integer(entries.len()),
        ("keys", [Val::Map(entries)]) => Some(Val::List(entries.keys().cloned().map(Val::Text).collect())),
        ("list.concat", [Val::List(items), value]) => Some(Val::List(items.iter().chain([value]).cloned().collect())),
        ("list.prepend", [Val::List(items), value]) => Some(Val::List([value].into_iter().chain(items).cloned().collect())),
        ("map.get", [map, Val::List(keys), rest @ ..]) => {
            let found = keys.iter().try_fold(map.clone(), |value, key| member(&value, key))?;
            Some(or_fallback(found, rest))
        }
        ("map.get", [map, key, rest @ ..]) => Some(or_fallback(member(map, key)?, rest)),
        ("map.merge", [Val::Map(first), Val::Map(second)]) => {
            Some(Val::Map(first.iter().chain(second).map(|(key, value)| (key.clone(), value.clone())).collect()))
        }
        ("map.delete", [Val::Map(entries), Val::Text(key)]) => {
            let left = entries.iter().filter(|(own, _)| *own != key);
            Some(Val::Map(left.map(|(key, value)| (key.clone(), value.clone())).collect()))
        }
        _ => None,
    }
}

/// Null where the map surely has no such key.
fn member(map: &Val, key: &Val) -> Option<Val> {
    match (map, key) {
        (Val::Map(entries), Val::Text(key)) => Some(entries.get(key).cloned().unwrap_or(Val::Null)),
        (Val::Null, Val::Text(_)) => Some(Val::Null),
        (Val::Open(_), _) => Some(element(map, key)),
        _ => None,
    }
}

fn or_fallback(found: Val, rest: &[Val]) -> Val {
    match (found, rest) {
        (Val::Null, [fallback]) => fallback.clone(),
        (found, _) => found,
    }
}

fn of_value(name: &str, arguments: &[Val]) -> Option<Val> {
    Some(match (name, arguments) {
        ("string", [Val::Int(number)]) => Val::Text(number.to_string()),
        ("string", [Val::Bool(value)]) => Val::Text(value.to_string()),
        ("string", [Val::Text(text)]) => Val::Text(text.clone()),
        ("int", [Val::Text(text)]) => Val::Int(text.trim().parse().ok()?),
        ("int", [Val::Int(number)]) => Val::Int(*number),
        ("double", [Val::Text(text)]) => Val::Double(text.trim().parse().ok()?),
        ("get_type" | "type", [value]) => Val::Text(type_of(value)?.to_owned()),
        ("math.max", [Val::Int(x), Val::Int(y)]) => Val::Int(*x.max(y)),
        ("math.min", [Val::Int(x), Val::Int(y)]) => Val::Int(*x.min(y)),
        ("math.abs", [Val::Int(x)]) => Val::Int(x.checked_abs()?),
        _ => return None,
    })
}

fn type_of(value: &Val) -> Option<&'static str> {
    Some(match value {
        Val::Unknown => return None,
        Val::Null => "null",
        Val::Bool(_) => "boolean",
        Val::Int(_) => "integer",
        Val::Double(_) => "double",
        Val::Text(_) => "string",
        Val::Bytes(_) => "bytes",
        Val::List(_) => "list",
        Val::Map(_) | Val::Open(_) => "map",
    })
}
