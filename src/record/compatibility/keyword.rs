//! Whether what is known of a value implies one keyword about numbers, lengths, counts or formats.

use super::case::{Case, Types};
use super::schema::Part;
use jsonschema::Draft;
use serde_json::{Number, Value};
use std::cmp::Ordering;

/// A limit of a number.
#[derive(Clone, Copy)]
struct Bound<'a> {
    at: &'a Number,
    is_exclusive: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Lower,
    Upper,
}

/// Whether each value of the case that the keyword is about fulfils it; `None` for keywords of other kinds.
pub(super) fn is_implied(case: &Case<'_>, types: Types, to: &Part<'_>, keyword: &str, value: &Value) -> Option<bool> {
    let about = match keyword {
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => Types::NUMBER,
        "minLength" | "maxLength" | "format" | "pattern" => Types::STRING,
        "minItems" | "maxItems" | "uniqueItems" => Types::ARRAY,
        "minProperties" | "maxProperties" => Types::OBJECT,
        _ => return None,
    };
    if types.and(about).is_empty() || is_said(case, keyword, value) {
        // Of draft 4, a limit is two keywords.
        let is_pair = keyword.ends_with("imum") && case.draft == Draft::Draft4;
        if types.and(about).is_empty() || !is_pair {
            return Some(true);
        }
    }
    Some(match keyword {
        "minimum" | "exclusiveMinimum" => is_bounded(case, to, Side::Lower),
        "maximum" | "exclusiveMaximum" => is_bounded(case, to, Side::Upper),
        "multipleOf" => is_multiple(case, types, value),
        "minLength" | "minItems" => count(value).is_some_and(|limit| limit == 0 || least(case, keyword) >= limit),
        "maxLength" | "maxItems" => count(value).is_some_and(|limit| most(case, keyword).is_some_and(|most| most <= limit)),
        "minProperties" => {
            let n_required = case.required().len() as u64;
            count(value).is_some_and(|limit| least(case, keyword).max(n_required) >= limit)
        }
        "maxProperties" => count(value).is_some_and(|limit| most(case, keyword).is_some_and(|most| most <= limit)),
        "uniqueItems" => value == &Value::Bool(false) || most(case, "maxItems").is_some_and(|most| most <= 1),
        "format" => value.as_str().is_none_or(|name| !is_checked(name)),
        _ => false,
    })
}

/// Whether a schema of the case says the very same.
pub(super) fn is_said(case: &Case<'_>, keyword: &str, value: &Value) -> bool {
    case.parts.iter().any(|part| part.value.get(keyword) == Some(value))
}

/// Formats that the `jsonschema` crate knows, in one draft or another; any other says nothing.
const CHECKED: [&str; 19] = [
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "idn-email",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "iri",
    "iri-reference",
    "json-pointer",
    "regex",
    "relative-json-pointer",
    "time",
    "uri",
    "uri-reference",
    "uri-template",
    "uuid",
];

fn is_checked(format: &str) -> bool {
    CHECKED.contains(&format)
}

fn count(value: &Value) -> Option<u64> {
    value.as_u64()
}

fn least(case: &Case<'_>, keyword: &str) -> u64 {
    case.parts.iter().filter_map(|part| count(part.value.get(keyword)?)).max().unwrap_or(0)
}

pub(super) fn most(case: &Case<'_>, keyword: &str) -> Option<u64> {
    case.parts.iter().filter_map(|part| count(part.value.get(keyword)?)).min()
}

fn is_bounded(case: &Case<'_>, to: &Part<'_>, side: Side) -> bool {
    let limits = bounds(to.value, side, case.draft);
    let known: Vec<Bound<'_>> = case.parts.iter().flat_map(|part| bounds(part.value, side, case.draft)).collect();
    limits.iter().all(|limit| known.iter().any(|known| is_within(*known, *limit, side)))
}

fn bounds(keywords: &Value, side: Side, draft: Draft) -> Vec<Bound<'_>> {
    let (inclusive, exclusive) = match side {
        Side::Lower => ("minimum", "exclusiveMinimum"),
        Side::Upper => ("maximum", "exclusiveMaximum"),
    };
    let number = |keyword| match keywords.get(keyword) {
        Some(Value::Number(at)) => Some(at),
        _ => None,
    };
    let is_pair = draft == Draft::Draft4;
    let own =
        number(inclusive).map(|at| Bound { at, is_exclusive: is_pair && keywords.get(exclusive) == Some(&Value::Bool(true)) });
    let other = number(exclusive).filter(|_| !is_pair).map(|at| Bound { at, is_exclusive: true });
    own.into_iter().chain(other).collect()
}

fn is_within(known: Bound<'_>, limit: Bound<'_>, side: Side) -> bool {
    match (compare(known.at, limit.at), side) {
        (Some(Ordering::Equal), _) => known.is_exclusive || !limit.is_exclusive,
        (Some(Ordering::Greater), Side::Lower) | (Some(Ordering::Less), Side::Upper) => true,
        _ => false,
    }
}

/// `None` where floating point cannot tell.
fn compare(a: &Number, b: &Number) -> Option<Ordering> {
    if let (Some(a), Some(b)) = (a.as_i128(), b.as_i128()) {
        return Some(a.cmp(&b));
    }
    let is_safe = |number: &Number| number.as_i128().is_none_or(|integer| integer.unsigned_abs() <= 1 << 53);
    if is_safe(a) && is_safe(b) { a.as_f64()?.partial_cmp(&b.as_f64()?) } else { None }
}

fn is_multiple(case: &Case<'_>, types: Types, value: &Value) -> bool {
    let Some(unit) = value.as_u64().filter(|unit| *unit > 0) else { return false };
    let known = case.parts.iter().filter_map(|part| part.value.get("multipleOf")?.as_u64());
    unit == 1 && types.and(Types::FRACTION).is_empty() || known.into_iter().any(|known| known % unit == 0)
}
