//! Calls of functions and operators over constants.

use super::calendar::{self, DAY, add_months, civil, days};
use super::{Constant, Unfolded, Value};

/// More dates than partitions a table can have.
const MAX_DATES: i64 = 20_000;

type Folded = Result<Value, Unfolded>;

/// The kinds of a point in time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Date,
    Datetime,
    Timestamp,
}

impl Kind {
    fn of(name: &str) -> Option<Kind> {
        match name.split('_').next()? {
            "DATE" => Some(Kind::Date),
            "DATETIME" => Some(Kind::Datetime),
            "TIMESTAMP" => Some(Kind::Timestamp),
            _ => None,
        }
    }

    fn value(self, micros: i64) -> Value {
        match self {
            Kind::Date => Value::Date(micros.div_euclid(DAY)),
            Kind::Datetime => Value::Datetime(micros),
            Kind::Timestamp => Value::Timestamp(micros),
        }
    }
}

pub(super) fn fold(name: &str, arguments: &[Constant], now: i64) -> Folded {
    let unknown = || Unfolded::Call(name.to_owned());
    match name {
        "CURRENT_DATE" => return Ok(Value::Date(now.div_euclid(DAY))),
        "CURRENT_TIMESTAMP" => return Ok(Value::Timestamp(now)),
        "CURRENT_DATETIME" => return Ok(Value::Datetime(now)),
        "EXTRACT" => return extract(arguments, now),
        "DATE" if arguments.len() == 3 => return date_of_parts(arguments, now),
        _ => {}
    }
    let (words, values): (Vec<_>, Vec<_>) = arguments.iter().partition(|argument| unit_of(argument).is_some());
    let unit = words.first().and_then(|word| unit_of(word));
    let values: Vec<Value> = values.into_iter().map(|argument| argument.fold(now)).collect::<Result<_, _>>()?;
    if values.contains(&Value::Null) {
        return Ok(Value::Null);
    }
    match (name, values.as_slice()) {
        ("+", [a, b]) => plus(a, b, 1).ok_or_else(unknown),
        ("-", [a, b]) => plus(a, b, -1).ok_or_else(unknown),
        ("*", [Value::Int(a), Value::Int(b)]) => a.checked_mul(*b).map(Value::Int).ok_or_else(unknown),
        ("-", [Value::Int(a)]) => a.checked_neg().map(Value::Int).ok_or_else(unknown),
        ("||" | "CONCAT", values) => concat(values).ok_or_else(unknown),
        ("STRING", [value]) => text(value).map(Value::Text).ok_or_else(unknown),
        ("INT64" | "INT" | "INTEGER", [Value::Int(number)]) => Ok(Value::Int(*number)),
        ("INT64" | "INT" | "INTEGER", [Value::Text(text)]) => {
            text.trim().parse().map(Value::Int).map_err(|_| Unfolded::Invalid(text.clone()))
        }
        ("GENERATE_DATE_ARRAY", values) => dates(values).ok_or_else(unknown),
        ("PARSE_DATE", [Value::Text(format), Value::Text(text)]) => {
            parse(format, text).map(Value::Date).ok_or_else(|| Unfolded::Invalid(text.clone()))
        }
        ("FORMAT_DATE" | "FORMAT_DATETIME" | "FORMAT_TIMESTAMP", [Value::Text(pattern), value]) => {
            point(value).and_then(|micros| format(pattern, micros)).map(Value::Text).ok_or_else(unknown)
        }
        ("TIMESTAMP_SECONDS", [Value::Int(n)]) => n.checked_mul(1_000_000).map(Value::Timestamp).ok_or_else(unknown),
        ("TIMESTAMP_MILLIS", [Value::Int(n)]) => n.checked_mul(1_000).map(Value::Timestamp).ok_or_else(unknown),
        ("TIMESTAMP_MICROS", [Value::Int(n)]) => Ok(Value::Timestamp(*n)),
        ("LAST_DAY", [value]) => last_day(value, unit.as_deref().unwrap_or("MONTH")).ok_or_else(unknown),
        (name, values) => of_time(name, values, unit.as_deref()),
    }
}

/// `DATE(…)`, `DATE_ADD`, `TIMESTAMP_TRUNC` and their kin.
fn of_time(name: &str, values: &[Value], unit: Option<&str>) -> Folded {
    let unknown = || Unfolded::Call(name.to_owned());
    let kind = Kind::of(name).ok_or_else(unknown)?;
    let (_, verb) = name.split_once('_').unwrap_or((name, ""));
    let first = values.first().ok_or_else(unknown)?;
    let micros = point(first).ok_or_else(|| Unfolded::Invalid(text(first).unwrap_or_else(|| name.to_owned())))?;
    match (verb, values.get(1), unit) {
        ("", None, None) => Ok(kind.value(micros)),
        ("", Some(Value::Text(zone)), None) => zoned(kind, first, micros, zone).ok_or_else(unknown),
        ("ADD", Some(interval @ Value::Interval { .. }), None) => {
            plus(&kind.value(micros), interval, 1).map(|value| kept(kind, &value)).ok_or_else(unknown)
        }
        ("SUB", Some(interval @ Value::Interval { .. }), None) => {
            plus(&kind.value(micros), interval, -1).map(|value| kept(kind, &value)).ok_or_else(unknown)
        }
        ("TRUNC", None, Some(unit)) => calendar::truncate(micros, unit).map(|micros| kind.value(micros)).ok_or_else(unknown),
        ("DIFF", Some(other), Some(unit)) => {
            point(other).and_then(|other| difference(micros, other, unit, kind)).map(Value::Int).ok_or_else(unknown)
        }
        _ => Err(unknown()),
    }
}

/// `DATE_ADD` gives a date, even where `+` would give a datetime.
fn kept(kind: Kind, value: &Value) -> Value {
    point(value).map_or(Value::Null, |micros| kind.value(micros))
}

/// A timestamp seen in a zone, or a local time taken to be of one.
fn zoned(kind: Kind, value: &Value, micros: i64, zone: &str) -> Option<Value> {
    let offset = calendar::offset(zone)?;
    let is_instant = matches!(value, Value::Timestamp(_));
    match (kind, is_instant) {
        (Kind::Date | Kind::Datetime, true) => micros.checked_add(offset).map(|micros| kind.value(micros)),
        (Kind::Timestamp, false) => micros.checked_sub(offset).map(|micros| kind.value(micros)),
        (Kind::Timestamp, true) | (Kind::Date | Kind::Datetime, false) => Some(kind.value(micros)),
    }
}

/// `DAY`, or `WEEK(MONDAY)`.
fn unit_of(argument: &Constant) -> Option<String> {
    match argument {
        Constant::Word(word) => Some(word.clone()),
        Constant::Call(name, arguments) if name == "WEEK" => match arguments.as_slice() {
            [Constant::Word(day)] => Some(format!("WEEK({day})")),
            _ => None,
        },
        _ => None,
    }
}

/// The microsecond at which a value begins; a text is read as a time.
pub(crate) fn point(value: &Value) -> Option<i64> {
    match value {
        Value::Date(days) => days.checked_mul(DAY),
        Value::Datetime(micros) | Value::Timestamp(micros) => Some(*micros),
        Value::Text(text) => calendar::parse_time(text).map(|(micros, _)| micros),
        Value::Null | Value::Int(_) | Value::Interval { .. } | Value::List(_) => None,
    }
}

fn plus(a: &Value, b: &Value, sign: i64) -> Option<Value> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => a.checked_add(b.checked_mul(sign)?).map(Value::Int),
        (Value::Date(days), Value::Int(n)) => days.checked_add(n.checked_mul(sign)?).map(Value::Date),
        (Value::Int(n), Value::Date(days)) if sign == 1 => days.checked_add(*n).map(Value::Date),
        (Value::Interval { .. }, Value::Date(_) | Value::Datetime(_) | Value::Timestamp(_)) if sign == 1 => plus(b, a, 1),
        (Value::Date(_) | Value::Datetime(_) | Value::Timestamp(_), Value::Interval { months, micros }) => {
            let from = point(a)?;
            let day = add_months(from.div_euclid(DAY), months.checked_mul(sign)?);
            let moved = day.checked_mul(DAY)?.checked_add(from.rem_euclid(DAY))?;
            let moved = moved.checked_add(micros.checked_mul(sign)?)?;
            let is_timestamp = matches!(a, Value::Timestamp(_));
            // A date and an interval make a datetime.
            Some(if is_timestamp { Value::Timestamp(moved) } else { Value::Datetime(moved) })
        }
        _ => None,
    }
}

fn difference(a: i64, b: i64, unit: &str, kind: Kind) -> Option<i64> {
    let months = |micros: i64| {
        let (year, month, _) = civil(micros.div_euclid(DAY));
        year * 12 + month
    };
    match unit {
        "DAY" if kind == Kind::Timestamp => Some(a.saturating_sub(b) / DAY),
        "DAY" => Some(a.div_euclid(DAY) - b.div_euclid(DAY)),
        "MONTH" => Some(months(a) - months(b)),
        "YEAR" => Some(civil(a.div_euclid(DAY)).0 - civil(b.div_euclid(DAY)).0),
        _ => None,
    }
}

fn last_day(value: &Value, unit: &str) -> Option<Value> {
    let next = calendar::next(point(value)?, unit)?;
    Some(Value::Date(next.div_euclid(DAY) - 1))
}

fn date_of_parts(arguments: &[Constant], now: i64) -> Folded {
    let parts: Vec<Value> = arguments.iter().map(|argument| argument.fold(now)).collect::<Result<_, _>>()?;
    let day = match parts.as_slice() {
        [Value::Int(year), Value::Int(month), Value::Int(day)] => calendar::checked_days(*year, *month, *day),
        _ => None,
    };
    day.map(Value::Date).ok_or_else(|| Unfolded::Invalid("DATE".to_owned()))
}

fn extract(arguments: &[Constant], now: i64) -> Folded {
    let unknown = || Unfolded::Call("EXTRACT".to_owned());
    let [Constant::Word(field), of] = arguments else { return Err(unknown()) };
    let micros = point(&of.fold(now)?).ok_or_else(unknown)?;
    let (year, month, day) = civil(micros.div_euclid(DAY));
    match field.as_str() {
        "YEAR" => Ok(Value::Int(year)),
        "QUARTER" => Ok(Value::Int((month - 1) / 3 + 1)),
        "MONTH" => Ok(Value::Int(month)),
        "DAY" => Ok(Value::Int(day)),
        "HOUR" => Ok(Value::Int(micros.rem_euclid(DAY) / calendar::HOUR)),
        "DATE" => Ok(Value::Date(micros.div_euclid(DAY))),
        _ => Err(unknown()),
    }
}

fn dates(values: &[Value]) -> Option<Value> {
    let (first, last) = (point(values.first()?)?, point(values.get(1)?)?);
    let step = match values.get(2) {
        None => Value::Interval { months: 0, micros: DAY },
        Some(step @ Value::Interval { .. }) => step.clone(),
        Some(_) => return None,
    };
    let mut list = Vec::new();
    for n in 0..MAX_DATES {
        let Value::Interval { months, micros } = step else { return None };
        let so_far = Value::Interval { months: months.checked_mul(n)?, micros: micros.checked_mul(n)? };
        let at = point(&plus(&Value::Date(first.div_euclid(DAY)), &so_far, 1)?)?;
        if months <= 0 && micros <= 0 || at > last {
            return (months > 0 || micros > 0).then_some(Value::List(list));
        }
        list.push(Value::Date(at.div_euclid(DAY)));
    }
    None
}

fn concat(values: &[Value]) -> Option<Value> {
    values.iter().map(text).collect::<Option<String>>().map(Value::Text)
}

/// As `CAST(… AS STRING)` writes it.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Int(number) => Some(number.to_string()),
        Value::Text(text) => Some(text.clone()),
        Value::Date(days) => format("%F", days.checked_mul(DAY)?),
        Value::Null | Value::Datetime(_) | Value::Timestamp(_) | Value::Interval { .. } | Value::List(_) => None,
    }
}

/// The elements of formats that names of tables and partitions are made with.
fn format(pattern: &str, micros: i64) -> Option<String> {
    let (year, month, day) = civil(micros.div_euclid(DAY));
    let second = micros.rem_euclid(DAY) / 1_000_000;
    let mut out = String::new();
    let mut chars = pattern.chars();
    while let Some(ch) = chars.next() {
        if ch != '%' {
            out.push(ch);
            continue;
        }
        match chars.next()? {
            'Y' => out.push_str(&format!("{year:04}")),
            'y' => out.push_str(&format!("{:02}", year.rem_euclid(100))),
            'm' => out.push_str(&format!("{month:02}")),
            'd' => out.push_str(&format!("{day:02}")),
            'F' => out.push_str(&format!("{year:04}-{month:02}-{day:02}")),
            'H' => out.push_str(&format!("{:02}", second / 3_600)),
            'M' => out.push_str(&format!("{:02}", second / 60 % 60)),
            'S' => out.push_str(&format!("{:02}", second % 60)),
            '%' => out.push('%'),
            _ => return None,
        }
    }
    Some(out)
}

/// The day of a text of this format, in days since 1970.
pub(crate) fn parse(pattern: &str, text: &str) -> Option<i64> {
    let pattern = pattern.replace("%F", "%Y-%m-%d");
    let (mut year, mut month, mut day) = (1970, 1, 1);
    let (mut chars, mut rest) = (pattern.chars(), text.trim());
    while let Some(ch) = chars.next() {
        if ch != '%' {
            rest = rest.strip_prefix(ch)?;
            continue;
        }
        let (slot, width) = match chars.next()? {
            'Y' => (&mut year, 4),
            'm' => (&mut month, 2),
            'd' => (&mut day, 2),
            _ => return None,
        };
        let n_digits = rest.bytes().take(width).take_while(u8::is_ascii_digit).count();
        let (digits, after) = rest.split_at_checked(n_digits)?;
        *slot = digits.parse().ok()?;
        rest = after;
    }
    let found = days(year, month, day);
    (rest.is_empty() && calendar::checked_days(year, month, day).is_some()).then_some(found)
}
