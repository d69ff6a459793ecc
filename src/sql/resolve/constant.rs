//! Expressions that name no column: literals, parameters, the clock, and functions of them.

use crate::sql::condition::{Counted, SUFFIX, Wrapper};
use crate::sql::fold::Constant;
use crate::sql::parse::variables::Variables;
use sqlparser::ast::{
    BinaryOperator, CastKind, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, UnaryOperator,
    Value,
};

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
            let is_suffix = |name: &&Ident| name.value.eq_ignore_ascii_case(SUFFIX) && variables.contains_key("_table_suffix");
            let found = names.first().filter(|name| name.value.starts_with('@')).or(names.last().filter(is_suffix))?;
            Some(Constant::Parameter(found.value.clone()))
        }
        Expr::Nested(inner) => of(inner),
        // How a format writes or reads the value is not worked out.
        Expr::Cast { expr, data_type, format: Some(_), .. } => call(&format!("CAST(… AS {data_type} FORMAT …)"), of(expr)?),
        Expr::Cast { kind: CastKind::SafeCast | CastKind::TryCast, expr, data_type, .. } => {
            call("SAFE", call(&type_name(data_type), of(expr)?)?)
        }
        Expr::Cast { expr, data_type, .. } => call(&type_name(data_type), of(expr)?),
        Expr::AtTimeZone { timestamp, time_zone } => {
            Some(Constant::Call("AT TIME ZONE".to_owned(), vec![of(timestamp)?, of(time_zone)?]))
        }
        Expr::Extract { field, expr, .. } => {
            let field = Constant::Word(field.to_string().to_ascii_uppercase());
            Some(Constant::Call("EXTRACT".to_owned(), vec![field, of(expr)?]))
        }
        Expr::UnaryOp { op: UnaryOperator::Not, expr } => call("NOT", of(expr)?),
        Expr::Like { negated, any: false, expr, pattern, escape_char: None } => {
            not_if(*negated, Constant::Call("LIKE".to_owned(), vec![of(expr)?, of(pattern)?]))
        }
        Expr::InList { expr, list, negated } => {
            let list = Constant::List(list.iter().map(of).collect::<Option<_>>()?);
            not_if(*negated, Constant::Call("IN".to_owned(), vec![of(expr)?, list]))
        }
        Expr::InUnnest { expr, array_expr, negated } => {
            not_if(*negated, Constant::Call("IN".to_owned(), vec![of(expr)?, of(array_expr)?]))
        }
        Expr::Between { expr, negated, low, high } => {
            let least = Constant::Call(">=".to_owned(), vec![of(expr)?, of(low)?]);
            let most = Constant::Call("<=".to_owned(), vec![of(expr)?, of(high)?]);
            not_if(*negated, Constant::Call("AND".to_owned(), vec![least, most]))
        }
        Expr::IsNull(expr) => call("IS NULL", of(expr)?),
        Expr::IsNotNull(expr) => not_if(true, Constant::Call("IS NULL".to_owned(), vec![of(expr)?])),
        Expr::UnaryOp { op: UnaryOperator::Plus, expr } => of(expr),
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => call("-", of(expr)?),
        Expr::BinaryOp { left, op, right } => Some(Constant::Call(operator(op), vec![of(left)?, of(right)?])),
        Expr::Interval(interval) => {
            let unit = interval.leading_field.as_ref().map(|field| field.to_string().to_ascii_uppercase());
            Some(Constant::Interval(Box::new(of(&interval.value)?), unit.unwrap_or_default()))
        }
        Expr::Substring { expr, substring_from: Some(from), substring_for, .. } => {
            let length = substring_for.as_ref().map(|length| of(length));
            let arguments = [Some(of(expr)), Some(of(from)), length].into_iter().flatten().collect::<Option<_>>()?;
            Some(Constant::Call("SUBSTR".to_owned(), arguments))
        }
        Expr::Array(array) => Some(Constant::List(array.elem.iter().map(of).collect::<Option<_>>()?)),
        Expr::Function(function) => called(function, variables),
        _ => None,
    }
}

fn not_if(is_negated: bool, constant: Constant) -> Option<Constant> {
    Some(if is_negated { Constant::Call("NOT".to_owned(), vec![constant]) } else { constant })
}

/// A condition on the suffix of a table's name, with the suffix as a parameter.
pub(super) fn of_suffix(expr: &Expr, variables: &Variables) -> Option<Constant> {
    let mut variables = variables.clone();
    variables.insert(SUFFIX.to_ascii_lowercase(), None);
    constant(expr, &variables)
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
    if name.value.starts_with('@') {
        return Some(Constant::Parameter(name.value.clone()));
    }
    if let Some(value) = variables.get(&name.value.to_ascii_lowercase()) {
        let value = value.as_ref().and_then(|expr| constant(expr, variables));
        return Some(match value {
            Some(value) => Constant::Variable(name.value.clone(), Box::new(value)),
            None => Constant::Parameter(name.value.clone()),
        });
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
    let (name, is_safe) = name.strip_prefix("SAFE.").map_or((name.as_str(), false), |rest| (rest, true));
    if function.over.is_some() || matches!(name, "RAND" | "GENERATE_UUID" | "SESSION_USER") || name.contains('.') {
        return None;
    }
    let arguments = match &function.args {
        FunctionArguments::None => Vec::new(),
        FunctionArguments::Subquery(_) => return None,
        FunctionArguments::List(list) if list.clauses.is_empty() => {
            (0..).zip(&list.args).map(|(at, argument)| constant_argument(at, argument, variables)).collect::<Option<_>>()?
        }
        FunctionArguments::List(_) => return None,
    };
    let call = Constant::Call(name.to_owned(), arguments);
    Some(if is_safe { Constant::Call("SAFE".to_owned(), vec![call]) } else { call })
}

fn constant_argument(at: usize, argument: &FunctionArg, variables: &Variables) -> Option<Constant> {
    let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = argument else { return None };
    // No unit comes first, but a variable may have the name of one.
    let is_variable =
        at == 0 && matches!(expr, Expr::Identifier(name) if variables.contains_key(&name.value.to_ascii_lowercase()));
    unit(expr).filter(|_| !is_variable).or_else(|| constant(expr, variables))
}

/// Units of time are bare words.
fn unit(expr: &Expr) -> Option<Constant> {
    const UNITS: [&str; 11] =
        ["MICROSECOND", "MILLISECOND", "SECOND", "MINUTE", "HOUR", "WEEK", "ISOWEEK", "MONTH", "QUARTER", "YEAR", "ISOYEAR"];
    let Expr::Identifier(name) = expr else { return None };
    let word = name.value.to_ascii_uppercase();
    (UNITS.contains(&word.as_str()) || word.ends_with("DAY")).then_some(Constant::Word(word))
}

/// What a function does to its only column when partitions are still chosen through it, by the list in Google's manual,
/// the first step first; `None` for others. All other arguments must be constant.
pub(super) fn wrapper(name: &str, function: &Function, variables: &Variables) -> Option<Vec<Wrapper>> {
    let FunctionArguments::List(list) = &function.args else { return None };
    let arguments: Vec<Option<Constant>> =
        (0..).zip(&list.args).map(|(at, argument)| constant_argument(at, argument, variables)).collect();
    let at = |nth: usize| arguments.get(nth).cloned().flatten();
    let other = || vec![Wrapper::Other(name.to_owned())];
    match name {
        "DATE" => Some(at(1).map(Wrapper::Local).into_iter().chain([Wrapper::Date]).collect()),
        "DATE_TRUNC" | "DATETIME_TRUNC" | "TIMESTAMP_TRUNC" => {
            let unit = at(1).and_then(|unit| unit_name(&unit)).filter(|_| arguments.len() == 2);
            Some(unit.map_or_else(other, |unit| vec![Wrapper::Trunc(unit)]))
        }
        "DATE_ADD" | "DATETIME_ADD" | "TIMESTAMP_ADD" => Some(at(1).map_or_else(other, |by| vec![Wrapper::Shift(by, false)])),
        "DATE_SUB" | "DATETIME_SUB" | "TIMESTAMP_SUB" => Some(at(1).map_or_else(other, |by| vec![Wrapper::Shift(by, true)])),
        "DATE_DIFF" | "DATETIME_DIFF" => Some(difference(&arguments, Counted::Begins).unwrap_or_else(other)),
        "TIMESTAMP_DIFF" => Some(difference(&arguments, Counted::Whole).unwrap_or_else(other)),
        "FORMAT_TIMESTAMP" => {
            let Some(Constant::Text(format)) = at(0) else { return None };
            let sorts = matches!(format.as_str(), "%F" | "%Y-%m-%d" | "%Y%m%d");
            sorts.then(|| at(2).map(Wrapper::Local).into_iter().chain([Wrapper::Format(format)]).collect())
        }
        _ => None,
    }
}

/// `DATE_DIFF(c, constant, unit)`, or with its first two arguments exchanged.
fn difference(arguments: &[Option<Constant>], counted: Counted) -> Option<Vec<Wrapper>> {
    let [first, second, Some(unit)] = arguments else { return None };
    let unit = unit_name(unit)?;
    match (first, second) {
        (None, Some(from)) => Some(vec![Wrapper::Diff(from.clone(), unit, counted)]),
        (Some(from), None) => Some(vec![Wrapper::Diff(from.clone(), unit, counted), Wrapper::Negated]),
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
