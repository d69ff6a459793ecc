//! Functions of texts and whole numbers, and those that take values of any type.

use super::call::point;
use super::{Value, format};
use std::cmp::Ordering;

/// More elements than a list of partitions or shards can use.
const MAX_ELEMENTS: i64 = 20_000;
/// More characters than a name or a date can have.
const MAX_CHARS: i64 = 1_000;

/// The value of the call; `None` where it is not one of these, or BigQuery would refuse it.
pub(super) fn call(name: &str, values: &[Value]) -> Option<Value> {
    match (name, values) {
        ("*", [Value::Int(a), Value::Int(b)]) => a.checked_mul(*b).map(Value::Int),
        ("-", [Value::Int(a)]) => a.checked_neg().map(Value::Int),
        ("ABS", [Value::Int(a)]) => a.checked_abs().map(Value::Int),
        ("DIV", [Value::Int(a), Value::Int(b)]) => a.checked_div(*b).map(Value::Int),
        ("MOD", [Value::Int(a), Value::Int(b)]) => a.checked_rem(*b).map(Value::Int),
        ("||" | "CONCAT", values) => values.iter().map(text).collect::<Option<String>>().map(Value::Text),
        ("STRING", [value]) => text(value).map(Value::Text),
        ("INT64" | "INT" | "INTEGER", [Value::Int(number)]) => Some(Value::Int(*number)),
        ("INT64" | "INT" | "INTEGER", [Value::Text(text)]) => text.trim().parse().ok().map(Value::Int),
        ("UPPER", [Value::Text(text)]) => Some(Value::Text(text.to_uppercase())),
        ("LOWER", [Value::Text(text)]) => Some(Value::Text(text.to_lowercase())),
        ("REPLACE", [Value::Text(text), Value::Text(from), Value::Text(_)]) if from.is_empty() => Some(Value::Text(text.clone())),
        ("REPLACE", [Value::Text(text), Value::Text(from), Value::Text(to)]) => Some(Value::Text(text.replace(from, to))),
        ("SUBSTR", [Value::Text(text), Value::Int(from)]) => Some(Value::Text(substring(text, *from, i64::MAX))),
        ("SUBSTR", [Value::Text(text), Value::Int(from), Value::Int(length)]) if *length >= 0 => {
            Some(Value::Text(substring(text, *from, *length)))
        }
        ("LEFT", [Value::Text(text), Value::Int(length)]) if *length >= 0 => Some(Value::Text(substring(text, 1, *length))),
        ("RIGHT", [Value::Text(text), Value::Int(length)]) if *length > 0 => {
            Some(Value::Text(substring(text, length.checked_neg()?, *length)))
        }
        ("LPAD", [Value::Text(text), Value::Int(length), Value::Text(fill)]) => padded(text, *length, fill).map(Value::Text),
        ("GREATEST", values) => most(values, Ordering::Greater),
        ("LEAST", values) => most(values, Ordering::Less),
        ("GENERATE_ARRAY", [Value::Int(from), Value::Int(to)]) => numbers(*from, *to, 1),
        ("GENERATE_ARRAY", [Value::Int(from), Value::Int(to), Value::Int(step)]) => numbers(*from, *to, *step),
        _ => None,
    }
}

/// As `CAST(… AS STRING)` writes it.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Int(number) => Some(number.to_string()),
        Value::Text(text) => Some(text.clone()),
        Value::Date(_) => format::format("%F", point(value)?),
        Value::Datetime(micros) if micros % 1_000_000 == 0 => format::format("%F %T", *micros),
        Value::Timestamp(micros) if micros % 1_000_000 == 0 => format::format("%F %T+00", *micros),
        Value::Bool(value) => Some(value.to_string()),
        Value::Null | Value::Datetime(_) | Value::Timestamp(_) | Value::Interval { .. } | Value::List(_) => None,
    }
}

/// So many characters from a place, which counts from 1, and from the end where it is negative.
fn substring(text: &str, from: i64, length: i64) -> String {
    let count = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let skip = if from < 0 { count.saturating_add(from).max(0) } else { from.saturating_sub(1).max(0) };
    let size = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
    text.chars().skip(size(skip)).take(size(length)).collect()
}

fn padded(text: &str, length: i64, fill: &str) -> Option<String> {
    let length = usize::try_from(length).ok().filter(|_| length <= MAX_CHARS && !fill.is_empty())?;
    let missing = length.saturating_sub(text.chars().count());
    Some(fill.chars().cycle().take(missing).chain(text.chars()).take(length).collect())
}

fn most(values: &[Value], wanted: Ordering) -> Option<Value> {
    let (first, rest) = values.split_first()?;
    rest.iter().try_fold(first, |most, value| Some(if order(value, most)? == wanted { value } else { most })).cloned()
}

pub(super) fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (a, b) => Some(point(a)?.cmp(&point(b)?)),
    }
}

fn numbers(from: i64, to: i64, step: i64) -> Option<Value> {
    if step == 0 {
        return None;
    }
    let mut list = Vec::new();
    for n in 0..MAX_ELEMENTS {
        let number = from.checked_add(step.checked_mul(n)?)?;
        if if step > 0 { number > to } else { number < to } {
            return Some(Value::List(list));
        }
        list.push(Value::Int(number));
    }
    None
}
