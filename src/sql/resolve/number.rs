//! Arithmetic on numbers that are written down.

use crate::sql::parse::variables::Variables;
use sqlparser::ast::{BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Value};

/// Deeper arithmetic is not worked out.
const DEPTH: usize = 30;

/// What the expression comes to, where it is made of numbers and of variables of the script that have one value.
pub(super) fn number(expr: &Expr, variables: &Variables) -> Option<f64> {
    within(expr, variables, DEPTH)
}

/// The value of a variable, and the expression that gives it.
pub(super) fn variable<'v>(expr: &Expr, variables: &'v Variables) -> Option<(f64, &'v Expr)> {
    let Expr::Identifier(name) = expr else { return None };
    let value = variables.get(&name.value.to_ascii_lowercase())?.as_deref()?;
    Some((number(value, variables)?, value))
}

fn within(expr: &Expr, variables: &Variables, depth: usize) -> Option<f64> {
    let depth = depth.checked_sub(1)?;
    let of = |expr: &Expr| within(expr, variables, depth);
    match expr {
        Expr::Value(value) => literal(&value.value),
        Expr::TypedString(typed) => literal(&typed.value.value),
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => of(inner),
        Expr::Identifier(name) => of(variables.get(&name.value.to_ascii_lowercase())?.as_deref()?),
        Expr::Function(function) => call(function, &of),
        Expr::BinaryOp { left, op, right } => operation(of(left)?, op, of(right)?),
        _ => None,
    }
}

fn literal(value: &Value) -> Option<f64> {
    match value {
        Value::Number(digits, _) => digits.to_string().parse().ok(),
        // `NUMERIC '6.25'`; text that is no number is none.
        other => other.clone().into_string()?.parse().ok(),
    }
}

fn operation(left: f64, op: &BinaryOperator, right: f64) -> Option<f64> {
    match op {
        BinaryOperator::Multiply => Some(left * right),
        BinaryOperator::Divide if right != 0.0 => Some(left / right),
        BinaryOperator::Plus => Some(left + right),
        BinaryOperator::Minus => Some(left - right),
        BinaryOperator::PGBitwiseShiftLeft if (0.0..63.0).contains(&right) => Some(left * right.exp2()),
        _ => None,
    }
}

fn call(function: &Function, of: &dyn Fn(&Expr) -> Option<f64>) -> Option<f64> {
    let FunctionArguments::List(list) = &function.args else { return None };
    let argument = |at: usize| match list.args.get(at)? {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => of(expr),
        _ => None,
    };
    let name = super::function::short_name(function);
    (matches!(name.as_str(), "POW" | "POWER") && list.args.len() == 2).then(|| Some(argument(0)?.powf(argument(1)?)))?
}
