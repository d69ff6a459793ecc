//! Calls of functions and operators over constants.

use super::calendar::{self, DAY, add_months, civil};
use super::{Constant, Unfolded, Value, format, logic, plain, zone};

/// More dates and times than partitions a table can have.
const MAX_TIMES: i64 = 20_000;

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
    match (name, arguments) {
        ("CURRENT_DATE" | "CURRENT_DATETIME" | "CURRENT_TIMESTAMP", arguments) => return clock(name, arguments, now),
        ("EXTRACT", [Constant::Word(field), of]) => return extract(field, &of.fold(now)?).ok_or_else(unknown),
        ("SAFE", [of]) => return of.fold(now).or_else(|why| why.null_if_invalid()),
        ("COALESCE" | "IFNULL", arguments) => return first_known(arguments, now),
        _ => {}
    }
    if let Some(folded) = logic::lazy(name, arguments, now) {
        return folded;
    }
    let (words, values): (Vec<_>, Vec<_>) = arguments.iter().partition(|argument| unit_of(argument).is_some());
    let unit = words.first().and_then(|word| unit_of(word));
    let values: Vec<Value> = values.into_iter().map(|argument| argument.fold(now)).collect::<Result<_, _>>()?;
    if values.contains(&Value::Null) {
        return Ok(Value::Null);
    }
    let invalid = |text: &str| Unfolded::Invalid(text.to_owned());
    match (name, values.as_slice()) {
        ("+", [a, b]) => plus(a, b, 1).ok_or_else(unknown),
        ("-", [a, b]) => plus(a, b, -1).ok_or_else(unknown),
        ("INT64" | "INT" | "INTEGER", [Value::Text(text)]) => plain::call(name, &values).ok_or_else(|| invalid(text)),
        ("GENERATE_DATE_ARRAY", values) => times(values, Kind::Date).ok_or_else(unknown),
        ("GENERATE_TIMESTAMP_ARRAY", values) => times(values, Kind::Timestamp).ok_or_else(unknown),
        ("PARSE_DATE" | "PARSE_DATETIME" | "PARSE_TIMESTAMP", [Value::Text(pattern), Value::Text(text), zone @ ..]) => {
            parsed(name, pattern, text, zone).ok_or_else(|| invalid(text))
        }
        ("FORMAT_DATE" | "FORMAT_DATETIME" | "FORMAT_TIMESTAMP", [Value::Text(pattern), value, zone @ ..]) => {
            let micros = point(value).and_then(|micros| shown_in(micros, zone));
            micros.and_then(|micros| format::format(pattern, micros)).map(Value::Text).ok_or_else(unknown)
        }
        ("DATE" | "DATETIME", [Value::Int(_), ..]) => of_parts(name, &values).ok_or_else(|| invalid(name)),
        ("LAST_DAY", [value]) => last_day(value, unit.as_deref().unwrap_or("MONTH")).ok_or_else(unknown),
        (name, [value]) if name.contains("UNIX") || name.starts_with("TIMESTAMP_") && unit.is_none() => {
            since_1970(name, value).ok_or_else(unknown)
        }
        (name, values) => plain::call(name, values)
            .or_else(|| logic::call(name, values))
            .map_or_else(|| of_time(name, values, unit.as_deref()), Ok),
    }
}

/// The time at which the query runs, in UTC or as a clock of a zone shows it.
fn clock(name: &str, arguments: &[Constant], now: i64) -> Folded {
    let zone = arguments.iter().map(|zone| zone.fold(now)).collect::<Result<Vec<_>, _>>()?;
    let shown = shown_in(now, &zone).ok_or_else(|| Unfolded::Invalid(plain_text(zone.first()).unwrap_or_default()))?;
    Kind::of(name.trim_start_matches("CURRENT_"))
        .map(|kind| if kind == Kind::Timestamp { Value::Timestamp(now) } else { kind.value(shown) })
        .ok_or_else(|| Unfolded::Call(name.to_owned()))
}

/// An instant as a clock shows it in the zone that may be given.
fn shown_in(micros: i64, zone: &[Value]) -> Option<i64> {
    match zone {
        [] => Some(micros),
        [Value::Text(zone)] => zone::local(micros, zone),
        _ => None,
    }
}

fn plain_text(value: Option<&Value>) -> Option<String> {
    value.and_then(plain::text)
}

fn first_known(arguments: &[Constant], now: i64) -> Folded {
    for argument in arguments {
        match argument.fold(now)? {
            Value::Null => {}
            value => return Ok(value),
        }
    }
    Ok(Value::Null)
}

fn parsed(name: &str, pattern: &str, text: &str, zone: &[Value]) -> Option<Value> {
    let micros = format::parse(pattern, text)?;
    match (Kind::of(name.trim_start_matches("PARSE_"))?, zone) {
        (kind, []) => Some(kind.value(micros)),
        (Kind::Timestamp, [Value::Text(zone)]) => zone::instant(micros, zone).map(Value::Timestamp),
        _ => None,
    }
}

/// Between times and the number of units since 1970.
fn since_1970(name: &str, value: &Value) -> Option<Value> {
    let timestamp = |number: i64, n_micros| number.checked_mul(n_micros).map(Value::Timestamp);
    match (name, value) {
        ("TIMESTAMP_SECONDS", Value::Int(n)) => timestamp(*n, 1_000_000),
        ("TIMESTAMP_MILLIS", Value::Int(n)) => timestamp(*n, 1_000),
        ("TIMESTAMP_MICROS", Value::Int(n)) => timestamp(*n, 1),
        ("DATE_FROM_UNIX_DATE", Value::Int(n)) => Some(Value::Date(*n)),
        ("UNIX_DATE", value) => Some(Value::Int(point(value)?.div_euclid(DAY))),
        ("UNIX_SECONDS", value) => Some(Value::Int(point(value)?.div_euclid(1_000_000))),
        ("UNIX_MILLIS", value) => Some(Value::Int(point(value)?.div_euclid(1_000))),
        ("UNIX_MICROS", value) => point(value).map(Value::Int),
        _ => None,
    }
}

/// `DATE(…)`, `DATE_ADD`, `TIMESTAMP_TRUNC` and their kin.
fn of_time(name: &str, values: &[Value], unit: Option<&str>) -> Folded {
    let unknown = || Unfolded::Call(name.to_owned());
    if let ("AT TIME ZONE", [Value::Timestamp(micros), zone]) = (name, values) {
        return shown_in(*micros, std::slice::from_ref(zone)).map(Value::Datetime).ok_or_else(unknown);
    }
    let kind = Kind::of(name).ok_or_else(unknown)?;
    let (_, verb) = name.split_once('_').unwrap_or((name, ""));
    let first = values.first().ok_or_else(unknown)?;
    let micros = point(first).ok_or_else(|| Unfolded::Invalid(plain::text(first).unwrap_or_else(|| name.to_owned())))?;
    let moved = |interval: &Value, sign| plus(&kind.value(micros), interval, sign).map(|value| kept(kind, &value));
    match (verb, values.get(1), unit) {
        ("", None, None) => Ok(kind.value(micros)),
        ("", Some(Value::Text(zone)), None) => zoned(kind, first, micros, zone).ok_or_else(|| Unfolded::Invalid(zone.clone())),
        ("ADD", Some(interval @ Value::Interval { .. }), None) => moved(interval, 1).ok_or_else(unknown),
        ("SUB", Some(interval @ Value::Interval { .. }), None) => moved(interval, -1).ok_or_else(unknown),
        ("TRUNC", None, Some(unit)) => calendar::truncate(micros, unit).map(|micros| kind.value(micros)).ok_or_else(unknown),
        ("TRUNC", Some(Value::Text(zone)), Some(unit)) if kind == Kind::Timestamp => {
            let begin = zone::local(micros, zone).and_then(|local| calendar::truncate(local, unit));
            begin.and_then(|begin| zone::instant(begin, zone)).map(Value::Timestamp).ok_or_else(unknown)
        }
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
    // A text that stands for a timestamp is one.
    let is_instant = matches!(value, Value::Timestamp(_)) || kind != Kind::Timestamp && matches!(value, Value::Text(_));
    match (kind, is_instant) {
        (Kind::Date | Kind::Datetime, true) => zone::local(micros, zone).map(|micros| kind.value(micros)),
        (Kind::Timestamp, false) => zone::instant(micros, zone).map(|micros| kind.value(micros)),
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
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Interval { .. } | Value::List(_) => None,
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

/// How many begins of the unit lie between; for timestamps, how many whole units of a length that never changes.
fn difference(a: i64, b: i64, unit: &str, kind: Kind) -> Option<i64> {
    let months = |micros: i64| {
        let (year, month, _) = civil(micros.div_euclid(DAY));
        year * 12 + month
    };
    let length = match unit {
        "MICROSECOND" => 1,
        "MILLISECOND" => 1_000,
        "SECOND" => 1_000_000,
        "MINUTE" => 60_000_000,
        "HOUR" => calendar::HOUR,
        "DAY" => DAY,
        "MONTH" => return Some(months(a) - months(b)),
        "QUARTER" => return Some((months(a) - 1).div_euclid(3) - (months(b) - 1).div_euclid(3)),
        "YEAR" => return Some(civil(a.div_euclid(DAY)).0 - civil(b.div_euclid(DAY)).0),
        "ISOYEAR" => return Some(calendar::iso_week(a.div_euclid(DAY)).0 - calendar::iso_week(b.div_euclid(DAY)).0),
        _ => 7 * DAY,
    };
    match kind {
        Kind::Timestamp if length <= DAY => Some(a.checked_sub(b)? / length),
        Kind::Date | Kind::Datetime | Kind::Timestamp => {
            Some(calendar::truncate(a, unit)?.checked_sub(calendar::truncate(b, unit)?)? / length)
        }
    }
}

fn last_day(value: &Value, unit: &str) -> Option<Value> {
    let next = calendar::next(point(value)?, unit)?;
    Some(Value::Date(next.div_euclid(DAY) - 1))
}

/// `DATE(2024, 2, 29)`, `DATETIME(2024, 2, 29, 12, 30, 0)`.
fn of_parts(name: &str, values: &[Value]) -> Option<Value> {
    let numbers: Vec<i64> =
        values.iter().map(|value| if let Value::Int(number) = value { Some(*number) } else { None }).collect::<Option<_>>()?;
    match (name, numbers.as_slice()) {
        ("DATE", [year, month, day]) => calendar::checked_days(*year, *month, *day).map(Value::Date),
        ("DATETIME", [year, month, day, hour, minute, second]) => {
            let is_time = (0..24).contains(hour) && (0..60).contains(minute) && (0..60).contains(second);
            let midnight = calendar::checked_days(*year, *month, *day).filter(|_| is_time)?.checked_mul(DAY)?;
            midnight.checked_add((hour * 3_600 + minute * 60 + second) * 1_000_000).map(Value::Datetime)
        }
        _ => None,
    }
}

fn extract(field: &str, of: &Value) -> Option<Value> {
    let micros = point(of)?;
    let day = micros.div_euclid(DAY);
    let (year, month, day_of_month) = civil(day);
    let first = calendar::days(year, 1, 1);
    let second = micros.rem_euclid(DAY) / 1_000_000;
    Some(Value::Int(match field {
        "DATE" => return Some(Value::Date(day)),
        "YEAR" => year,
        "ISOYEAR" => calendar::iso_week(day).0,
        "QUARTER" => (month - 1) / 3 + 1,
        "MONTH" => month,
        "ISOWEEK" => calendar::iso_week(day).1,
        // Days before the first Sunday of the year are in week 0.
        "WEEK" => (day - first + 7 - calendar::weekday(day)) / 7,
        "DAY" => day_of_month,
        "DAYOFWEEK" => calendar::weekday(day) + 1,
        "DAYOFYEAR" => day - first + 1,
        "HOUR" => second / 3_600,
        "MINUTE" => second / 60 % 60,
        "SECOND" => second % 60,
        _ => return None,
    }))
}

/// From one time to another, both inclusive, in steps.
fn times(values: &[Value], kind: Kind) -> Option<Value> {
    let (first, last) = (point(values.first()?)?, point(values.get(1)?)?);
    let (months, micros) = match values.get(2) {
        None if kind == Kind::Date => (0, DAY),
        Some(Value::Interval { months, micros }) => (*months, *micros),
        None | Some(_) => return None,
    };
    if months < 0 || micros < 0 || months + micros == 0 {
        return None;
    }
    let mut list = Vec::new();
    for n in 0..MAX_TIMES {
        let so_far = Value::Interval { months: months.checked_mul(n)?, micros: micros.checked_mul(n)? };
        let at = point(&plus(&kind.value(first), &so_far, 1)?)?;
        if at > last {
            return Some(Value::List(list));
        }
        list.push(kind.value(at));
    }
    None
}
