//! Conditions over constants, with the third value of SQL: NULL.

use super::{Constant, Unfolded, Value, plain};
use regex::{Regex, RegexBuilder};

type Folded = Result<Value, Unfolded>;

/// Bytes of a compiled expression.
const MAX_REGEX: usize = 1 << 18;

/// Calls that look at their arguments one by one; `None` for others.
pub(super) fn lazy(name: &str, arguments: &[Constant], now: i64) -> Option<Folded> {
    Some(match (name, arguments) {
        ("TRUE", []) => Ok(Value::Bool(true)),
        ("FALSE", []) => Ok(Value::Bool(false)),
        ("AND", arguments) => any(arguments, now, false),
        ("OR", arguments) => any(arguments, now, true),
        ("IS NULL", [value]) => value.fold(now).map(|value| Value::Bool(value == Value::Null)),
        ("IF", [condition, yes, no]) => condition.fold(now).and_then(|condition| match condition {
            Value::Bool(true) => yes.fold(now),
            _ => no.fold(now),
        }),
        _ => return None,
    })
}

/// `wanted` where one of the arguments is, whatever the others are.
fn any(arguments: &[Constant], now: i64, wanted: bool) -> Folded {
    let values: Vec<Folded> = arguments.iter().map(|argument| argument.fold(now)).collect();
    if values.contains(&Ok(Value::Bool(wanted))) {
        return Ok(Value::Bool(wanted));
    }
    let values = values.into_iter().collect::<Result<Vec<Value>, Unfolded>>()?;
    Ok(if values.contains(&Value::Null) { Value::Null } else { Value::Bool(!wanted) })
}

/// Comparisons of values that are not NULL; `None` for other calls.
pub(super) fn call(name: &str, values: &[Value]) -> Option<Value> {
    let is = |holds: bool| Some(Value::Bool(holds));
    match (name, values) {
        ("NOT", [Value::Bool(value)]) => is(!value),
        ("=", [a, b]) => is(plain::order(a, b)?.is_eq()),
        ("<>" | "!=", [a, b]) => is(plain::order(a, b)?.is_ne()),
        ("<", [a, b]) => is(plain::order(a, b)?.is_lt()),
        ("<=", [a, b]) => is(plain::order(a, b)?.is_le()),
        (">", [a, b]) => is(plain::order(a, b)?.is_gt()),
        (">=", [a, b]) => is(plain::order(a, b)?.is_ge()),
        ("IN", [value, Value::List(list)]) => is(list
            .iter()
            .map(|item| plain::order(value, item).map(std::cmp::Ordering::is_eq))
            .collect::<Option<Vec<_>>>()?
            .contains(&true)),
        ("LIKE", [Value::Text(text), Value::Text(pattern)]) => is(like(pattern)?.is_match(text)),
        ("STARTS_WITH", [Value::Text(text), Value::Text(start)]) => is(text.starts_with(start.as_str())),
        ("ENDS_WITH", [Value::Text(text), Value::Text(end)]) => is(text.ends_with(end.as_str())),
        ("REGEXP_CONTAINS", [Value::Text(text), Value::Text(pattern)]) => is(regex(pattern)?.is_match(text)),
        ("REGEXP_EXTRACT", [Value::Text(text), Value::Text(pattern)]) => {
            let found = regex(pattern)?.captures(text);
            let part = found.and_then(|found| found.get(1).or(found.get(0)).map(|part| part.as_str().to_owned()));
            Some(part.map_or(Value::Null, Value::Text))
        }
        ("LENGTH" | "CHAR_LENGTH", [Value::Text(text)]) => i64::try_from(text.chars().count()).ok().map(Value::Int),
        _ => None,
    }
}

/// `%` stands for anything, `_` for one character, and a backslash takes the next one as it is.
fn like(pattern: &str) -> Option<Regex> {
    let mut text = String::from("(?s)^");
    let mut chars = pattern.chars();
    while let Some(ch) = chars.next() {
        match ch {
            '%' => text.push_str(".*"),
            '_' => text.push('.'),
            '\\' => text.push_str(&regex::escape(&chars.next()?.to_string())),
            ch => text.push_str(&regex::escape(&ch.to_string())),
        }
    }
    regex(&format!("{text}$"))
}

fn regex(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).size_limit(MAX_REGEX).build().ok()
}
