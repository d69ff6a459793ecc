//! Constant expressions, and what they are worth at an instant: dates, times, texts and integers, as GoogleSQL computes
//! them. What is not worked out is said by name, never guessed.

pub mod calendar;
mod call;
mod format;
mod logic;
mod plain;
#[cfg(test)]
mod tests;
mod zone;

pub(crate) use call::point as point_of;
pub(crate) use format::parse as parse_time_as;
use std::collections::BTreeSet;
use std::fmt;
pub(crate) use zone::{database as zone_database, instant as instant_of};

/// An expression that names no column, not yet computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Constant {
    Null,
    Int(i64),
    Text(String),
    /// A bare word: a unit of time.
    Word(String),
    /// A parameter or a variable of a script.
    Parameter(String),
    /// A variable of a script with the one value that it has.
    Variable(String, Box<Constant>),
    /// The amount and the unit in capitals.
    Interval(Box<Constant>, String),
    /// A function or an operator by its name in capitals; `DATE '…'` and `CAST(… AS DATE)` are calls of `DATE`.
    Call(String, Vec<Constant>),
    List(Vec<Constant>),
}

/// What a constant is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    /// Days since 1970.
    Date(i64),
    /// Microseconds since 1970, without a zone.
    Datetime(i64),
    /// Microseconds since 1970.
    Timestamp(i64),
    Interval {
        months: i64,
        micros: i64,
    },
    List(Vec<Value>),
}

/// Why a constant has no value here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfolded {
    Parameter(String),
    Call(String),
    /// BigQuery would refuse it.
    Invalid(String),
}

impl Unfolded {
    /// What a `SAFE` call gives in place of an error.
    fn null_if_invalid(self) -> Result<Value, Unfolded> {
        match self {
            Unfolded::Invalid(_) => Ok(Value::Null),
            Unfolded::Parameter(_) | Unfolded::Call(_) => Err(self),
        }
    }
}

impl fmt::Display for Unfolded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unfolded::Parameter(name) => write!(f, "the value of `{name}` is given when the query runs"),
            Unfolded::Call(name) => write!(f, "the value of `{name}` is not worked out"),
            Unfolded::Invalid(text) => write!(f, "`{text}` is not understood as a value"),
        }
    }
}

impl Constant {
    /// The variables of scripts in it.
    pub fn variables<'c>(&'c self, found: &mut BTreeSet<&'c str>) {
        match self {
            Constant::Variable(name, _) => {
                found.insert(name);
            }
            Constant::Interval(amount, _) => amount.variables(found),
            Constant::Call(_, parts) | Constant::List(parts) => parts.iter().for_each(|part| part.variables(found)),
            Constant::Null | Constant::Int(_) | Constant::Text(_) | Constant::Word(_) | Constant::Parameter(_) => {}
        }
    }

    /// The same with a value in the place of a parameter.
    pub fn with(&self, parameter: &str, value: &Constant) -> Constant {
        let of = |parts: &[Constant]| parts.iter().map(|part| part.with(parameter, value)).collect();
        match self {
            Constant::Parameter(name) if name.eq_ignore_ascii_case(parameter) => value.clone(),
            Constant::Call(name, parts) => Constant::Call(name.clone(), of(parts)),
            Constant::List(parts) => Constant::List(of(parts)),
            Constant::Interval(amount, unit) => Constant::Interval(Box::new(amount.with(parameter, value)), unit.clone()),
            other => other.clone(),
        }
    }

    /// The value at an instant, in microseconds since 1970.
    pub fn fold(&self, now: i64) -> Result<Value, Unfolded> {
        match self {
            Constant::Null => Ok(Value::Null),
            Constant::Int(number) => Ok(Value::Int(*number)),
            Constant::Text(text) => Ok(Value::Text(text.clone())),
            Constant::Word(word) => Err(Unfolded::Invalid(word.clone())),
            Constant::Parameter(name) => Err(Unfolded::Parameter(name.clone())),
            Constant::Variable(_, value) => value.fold(now),
            Constant::Interval(amount, unit) => interval(&amount.fold(now)?, unit),
            Constant::Call(name, arguments) => call::fold(name, arguments, now),
            Constant::List(items) => Ok(Value::List(items.iter().map(|item| item.fold(now)).collect::<Result<_, _>>()?)),
        }
    }
}

fn interval(amount: &Value, unit: &str) -> Result<Value, Unfolded> {
    let invalid = || Unfolded::Invalid(format!("INTERVAL {unit}"));
    let amount = match amount {
        Value::Null => return Ok(Value::Null),
        Value::Int(number) => *number,
        Value::Text(text) => text.trim().parse().map_err(|_| invalid())?,
        _ => return Err(invalid()),
    };
    let of = |months: i64, micros: i64| {
        let value = (amount.checked_mul(months), amount.checked_mul(micros));
        let (Some(months), Some(micros)) = value else { return Err(invalid()) };
        Ok(Value::Interval { months, micros })
    };
    match unit {
        "MICROSECOND" => of(0, 1),
        "MILLISECOND" => of(0, 1_000),
        "SECOND" => of(0, 1_000_000),
        "MINUTE" => of(0, 60_000_000),
        "HOUR" => of(0, calendar::HOUR),
        "DAY" => of(0, calendar::DAY),
        "WEEK" => of(0, 7 * calendar::DAY),
        "MONTH" => of(1, 0),
        "QUARTER" => of(3, 0),
        "YEAR" => of(12, 0),
        _ => Err(invalid()),
    }
}
