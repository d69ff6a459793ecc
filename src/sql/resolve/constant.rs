//! Expressions that name no column: literals, parameters, the clock, and functions of them.

use crate::sql::condition::Wrapper;
use crate::sql::fold::Constant;
use sqlparser::ast::{
    BinaryOperator, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, UnaryOperator, Value,
};
use std::collections::BTreeSet;

/// Names that a script declares: BigQuery puts their values in before it prunes.
pub(super) type Variables = BTreeSet<String>;

const CLOCKS: [&str; 4] = ["CURRENT_DATE", "CURRENT_TIMESTAMP", "CURRENT_DATETIME", "CURRENT_TIME"];

/// The constant that an expression is; `None` when it is none.
pub(super) fn constant(expr: &Expr, variables: &Variables) -> Option<Constant> {
    let of = |expr: &Expr| constant(expr, variables);
    let call = |name: &str, argument: Constant| Some(Constant::Call(name.to_owned(), vec![argument]));
    match expr {
        Expr::Value(value) => Some(literal(&value.value)),
        Expr::TypedString(typed) => call(&type_name(&typed.data_type), literal(&typed.value.value)),
        Expr::Identifier(name) => named(name, variables),
        Expr::CompoundIdentifier(names) => {
            let first = names.first().filter(|name| name.value.starts_with('@'))?;
            Some(Constant::Parameter(first.value.clone()))
        }
        Expr::Nested(inner) => of(inner),
        Expr::Cast { expr, data_type, .. } => call(&type_name(data_type), of(expr)?),
        Expr::Extract { field, expr, .. } => {
            let field = Constant::Word(field.to_string().to_ascii_uppercase());
            Some(Constant::Call("EXTRACT".to_owned(), vec![field, of(expr)?]))
        }
        Expr::UnaryOp { op: UnaryOperator::Plus, expr } => of(expr),
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => call("-", of(expr)?),
        Expr::BinaryOp { left, op, right } => Some(Constant::Call(operator(op), vec![of(left)?, of(right)?])),
        Expr::Interval(interval) => {
            let unit = interval.leading_field.as_ref().map(|field| field.to_string().to_ascii_uppercase());
            Some(Constant::Interval(Box::new(of(&interval.value)?), unit.unwrap_or_default()))
        }
        Expr::Array(array) => Some(Constant::List(array.elem.iter().map(of).collect::<Option<_>>()?)),
        Expr::Function(function) => called(function, variables),
        _ => None,
    }
}

fn literal(value: &Value) -> Constant {
    match value {
        Value::Null => Constant::Null,
        Value::Number(digits, _) => match digits.to_string().parse() {
            Ok(number) => Constant::Int(number),
            Err(_) => Constant::Call(digits.to_string(), Vec::new()),
        },
        Value::Boolean(value) => Constant::Call(value.to_string().to_ascii_uppercase(), Vec::new()),
        other => match other.clone().into_string() {
            Some(text) => Constant::Text(text),
            None => Constant::Call(other.to_string(), Vec::new()),
        },
    }
}

fn named(name: &Ident, variables: &Variables) -> Option<Constant> {
    let upper = name.value.to_ascii_uppercase();
    if name.value.starts_with('@') || variables.contains(&name.value.to_ascii_lowercase()) {
        return Some(Constant::Parameter(name.value.clone()));
    }
    CLOCKS.contains(&upper.as_str()).then(|| Constant::Call(upper, Vec::new()))
}

fn operator(op: &BinaryOperator) -> String {
    match op {
        BinaryOperator::StringConcat => "||".to_owned(),
        op => op.to_string(),
    }
}

/// The name of a type without its parameters.
fn type_name(data_type: &DataType) -> String {
    let name = data_type.to_string().to_ascii_uppercase();
    name.split(['(', '<', ' ']).next().unwrap_or_default().to_owned()
}

fn called(function: &Function, variables: &Variables) -> Option<Constant> {
    let name = function.name.to_string().to_ascii_uppercase();
    if function.over.is_some() || matches!(name.as_str(), "RAND" | "GENERATE_UUID" | "SESSION_USER") || name.contains('.') {
        return None;
    }
    let arguments = match &function.args {
        FunctionArguments::None => Vec::new(),
        FunctionArguments::Subquery(_) => return None,
        FunctionArguments::List(list) if list.clauses.is_empty() => {
            list.args.iter().map(|argument| constant_argument(argument, variables)).collect::<Option<_>>()?
        }
        FunctionArguments::List(_) => return None,
    };
    Some(Constant::Call(name, arguments))
}

fn constant_argument(argument: &FunctionArg, variables: &Variables) -> Option<Constant> {
    let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = argument else { return None };
    unit(expr).or_else(|| constant(expr, variables))
}

/// Units of time are bare words.
fn unit(expr: &Expr) -> Option<Constant> {
    const UNITS: [&str; 11] =
        ["MICROSECOND", "MILLISECOND", "SECOND", "MINUTE", "HOUR", "WEEK", "ISOWEEK", "MONTH", "QUARTER", "YEAR", "ISOYEAR"];
    let Expr::Identifier(name) = expr else { return None };
    let word = name.value.to_ascii_uppercase();
    (UNITS.contains(&word.as_str()) || word.ends_with("DAY")).then_some(Constant::Word(word))
}

/// What a function does to its first argument when partitions are still chosen through it, by the list in Google's
/// manual; `None` for others. `rest` are the arguments that must be constant.
pub(super) fn wrapper(name: &str, function: &Function, variables: &Variables) -> Option<Wrapper> {
    let FunctionArguments::List(list) = &function.args else { return None };
    let arguments: Vec<Option<Constant>> = list.args.iter().map(|argument| constant_argument(argument, variables)).collect();
    let second = arguments.get(1).cloned().flatten();
    let other = || Wrapper::Other(name.to_owned());
    match name {
        "DATE" => Some(Wrapper::Date(second)),
        "DATE_TRUNC" | "DATETIME_TRUNC" | "TIMESTAMP_TRUNC" => {
            Some(second.and_then(|unit| unit_name(&unit)).filter(|_| arguments.len() == 2).map_or_else(other, Wrapper::Trunc))
        }
        "DATE_ADD" | "DATETIME_ADD" | "TIMESTAMP_ADD" => Some(second.map_or_else(other, |by| Wrapper::Shift(by, false))),
        "DATE_SUB" | "DATETIME_SUB" | "TIMESTAMP_SUB" => Some(second.map_or_else(other, |by| Wrapper::Shift(by, true))),
        "DATE_DIFF" => {
            let unit = arguments.get(2).cloned().flatten().and_then(|unit| unit_name(&unit));
            Some(second.zip(unit).map_or_else(other, |(from, unit)| Wrapper::Diff(from, unit)))
        }
        "DATETIME_DIFF" | "TIMESTAMP_DIFF" => Some(other()),
        "FORMAT_TIMESTAMP" => {
            let Some(Some(Constant::Text(format))) = arguments.first() else { return None };
            let sorts = matches!(format.as_str(), "%F" | "%Y-%m-%d" | "%Y%m%d") && arguments.len() == 2;
            sorts.then(|| Wrapper::Format(format.clone()))
        }
        _ => None,
    }
}

fn unit_name(unit: &Constant) -> Option<String> {
    match unit {
        Constant::Word(word) => Some(word.clone()),
        Constant::Call(name, arguments) if name == "WEEK" => match arguments.as_slice() {
            [Constant::Word(day)] => Some(format!("WEEK({day})")),
            _ => None,
        },
        _ => None,
    }
}
