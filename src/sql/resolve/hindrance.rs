//! Why a condition that names a column is of no form that partitions are chosen by: which part of it is the reason, and
//! what it would compare without it.

use super::Resolver;
use super::constant::constant;
use super::filter::{closed, comparison, range_of};
use super::graph::{ColumnId, Path};
use super::scope::Scope;
use crate::sql::condition::{Hindrance, Obstacle, Step, Unwrapped};
use crate::sql::parse::token;
use crate::sql::parse::variables::Variables;
use sqlparser::ast::{BinaryOperator, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Query, Spanned};
use std::ops::Range;

/// Whether the condition names columns besides the first, and whether it asks a subquery.
pub(super) struct Others {
    pub(super) has_column: bool,
    pub(super) has_query: bool,
    /// What it asks reads a table.
    pub(super) reads_table: bool,
}

impl Resolver<'_> {
    /// Why the condition leaves out no partition.
    pub(super) fn hindrance(&mut self, expr: &Expr, scope: &Scope<'_>, others: &Others) -> Hindrance {
        let (why, culprit) = self.obstacle(expr, scope, others);
        let is_function = matches!(why, Obstacle::Function(_));
        let unwrapped = if is_function { culprit.and_then(|culprit| self.unwrapped(expr, culprit, scope)) } else { None };
        let range = match culprit {
            Some(Culprit::Expr(culprit)) => range_of(culprit, &self.source.text),
            Some(Culprit::Query(query)) => closed(token::bytes(query.span()).unwrap_or_default(), &self.source.text),
            None => range_of(expr, &self.source.text),
        };
        let is_certain = match why {
            Obstacle::Subquery => others.reads_table && culprit.is_some(),
            // Which side it is depends on the column that is asked about.
            Obstacle::Or => false,
            Obstacle::Form => excludes(inner(expr)),
            // A function of conditions may come down to one of them before the query runs.
            Obstacle::OtherColumn => !matches!(inner(expr), Expr::Function(_) | Expr::Case { .. }),
            Obstacle::Function(_) => true,
        };
        let is_hole = self.is_hole(&range_of(expr, &self.source.text));
        let unwrapped = unwrapped.filter(|_| self.source.place.is_none());
        Hindrance { why, range: self.place(range), unwrapped, is_certain, is_hole }
    }

    fn obstacle<'e>(&mut self, expr: &'e Expr, scope: &Scope<'_>, others: &Others) -> (Obstacle, Option<Culprit<'e>>) {
        match expr {
            Expr::Nested(inner) => self.obstacle(inner, scope, others),
            Expr::BinaryOp { op: BinaryOperator::Or, .. } if !others.has_query => (Obstacle::Or, None),
            _ if others.has_query => (Obstacle::Subquery, query_in(expr)),
            _ if others.has_column => (Obstacle::OtherColumn, None),
            Expr::BinaryOp { left, op, right } if comparison(op).is_some() => self.function_in([&**left, &**right], scope),
            Expr::Between { expr, negated: false, .. }
            | Expr::InList { expr, negated: false, .. }
            | Expr::InUnnest { expr, negated: false, .. } => self.function_in([&**expr], scope),
            _ => (Obstacle::Form, None),
        }
    }

    /// The sides of an `OR` in order, each with the columns that it compares with constants.
    pub(super) fn branches(&mut self, expr: &Expr, scope: &Scope<'_>) -> Vec<Branch> {
        let mut branches = Vec::new();
        let mut rest = inner(expr);
        while let Expr::BinaryOp { left, op: BinaryOperator::Or, right } = rest {
            branches.push(self.branch(right, scope));
            rest = left;
        }
        if branches.is_empty() {
            return branches;
        }
        branches.push(self.branch(rest, scope));
        branches.reverse();
        branches
    }

    fn branch(&mut self, expr: &Expr, scope: &Scope<'_>) -> Branch {
        // A side of parameters alone has a value when the query starts: `@day IS NULL OR day = @day`.
        let is_clear = constant(expr, &self.source.parsed.variables).is_none();
        let mut branch = Branch { range: self.place(range_of(expr, &self.source.text)), compares: Vec::new(), is_clear };
        let mut rest = inner(expr);
        while let Expr::BinaryOp { left, op: BinaryOperator::And, right } = rest {
            self.part(right, scope, &mut branch);
            rest = inner(left);
        }
        self.part(rest, scope, &mut branch);
        branch
    }

    fn part(&mut self, expr: &Expr, scope: &Scope<'_>, branch: &mut Branch) {
        branch.compares.extend(self.condition(expr, scope).map(|(named, _)| named));
        branch.is_clear &= !matches!(inner(expr), Expr::BinaryOp { op: BinaryOperator::Or | BinaryOperator::And, .. });
    }

    /// What is done with the column, on the side of the comparison that is no constant.
    fn function_in<'e, const N: usize>(&mut self, sides: [&'e Expr; N], scope: &Scope<'_>) -> (Obstacle, Option<Culprit<'e>>) {
        let parsed = std::sync::Arc::clone(&self.source.parsed);
        let mut side = sides.into_iter().find(|side| constant(side, &parsed.variables).is_none());
        let mut found = None;
        // The innermost function that hinders is the reason; those around it may be harmless.
        while let Some(expr) = side.filter(|expr| self.alone(expr, scope).is_none()) {
            found = function_of(expr).map(|name| (name, expr)).or(found);
            side = argument(expr, &parsed.variables);
        }
        match found {
            Some((name, expr)) => (Obstacle::Function(name), Some(Culprit::Expr(expr))),
            None => (Obstacle::Form, None),
        }
    }

    /// The comparison without the function.
    fn unwrapped(&mut self, expr: &Expr, culprit: Culprit<'_>, scope: &Scope<'_>) -> Option<Unwrapped> {
        let Culprit::Expr(culprit) = culprit else { return None };
        let parsed = std::sync::Arc::clone(&self.source.parsed);
        let is_constant = |expr: &&Expr| constant(expr, &parsed.variables).is_some();
        let (side, constants): (&Expr, Vec<&Expr>) = match inner(expr) {
            Expr::BinaryOp { left, right, .. } if is_constant(&&**right) => (left, vec![right]),
            Expr::BinaryOp { left, right, .. } if is_constant(&&**left) => (right, vec![left]),
            Expr::Between { expr, low, high, .. } => (expr, vec![low, high]),
            Expr::InList { expr, list, .. } => (expr, list.iter().collect()),
            _ => return None,
        };
        // A function around the one that hinders compares something else.
        if !std::ptr::eq(inner(side), inner(culprit)) || !constants.iter().all(is_constant) {
            return None;
        }
        let (column, step) = self.step_of(inner(culprit), &parsed.variables)?;
        let alone = self.alone(column, scope)?;
        let range = |expr: &Expr| range_of(expr, &self.source.text);
        let constants = constants.into_iter().filter_map(|expr| Some((range(expr), constant(expr, &parsed.variables)?)));
        Some(Unwrapped { column: range(column), through: alone.through, step, constants: constants.collect() })
    }

    /// What a function does to the column in it.
    fn step_of<'e>(&self, expr: &'e Expr, variables: &Variables) -> Option<(&'e Expr, Step)> {
        match expr {
            Expr::Cast { expr, data_type: DataType::String(None), format: None, .. } => {
                Some((expr, Step::Written("%F".to_owned())))
            }
            Expr::Function(function) => {
                let [format, column] = arguments(function)?.try_into().ok()?;
                let is_it = function.name.to_string().eq_ignore_ascii_case("FORMAT_DATE");
                let crate::sql::fold::Constant::Text(format) = constant(format, variables).filter(|_| is_it)? else {
                    return None;
                };
                Some((column, Step::Written(format)))
            }
            Expr::BinaryOp { left, op: op @ (BinaryOperator::Plus | BinaryOperator::Minus), right } => {
                let is_added = *op == BinaryOperator::Plus;
                let by = constant(right, variables)?;
                Some((left, Step::Moved { by: range_of(right, &self.source.text), amount: by, is_added }))
            }
            _ => None,
        }
    }
}

/// One side of an `OR`.
#[derive(Debug)]
pub(super) struct Branch {
    range: Range<usize>,
    compares: Vec<(ColumnId, Path)>,
    /// It was taken apart, so that no comparison is overlooked.
    is_clear: bool,
}

/// Why an `OR` leaves out nothing by this column: the first side that does not compare it.
pub(super) fn stray(hindrance: &Hindrance, branches: &[Branch], named: &(ColumnId, Path)) -> Hindrance {
    match branches.iter().find(|branch| branch.is_clear && !branch.compares.contains(named)) {
        Some(branch) if hindrance.why == Obstacle::Or => {
            Hindrance { range: branch.range.clone(), is_certain: true, ..hindrance.clone() }
        }
        _ => hindrance.clone(),
    }
}

/// The part of a condition that is the reason.
#[derive(Clone, Copy)]
pub(super) enum Culprit<'e> {
    Expr(&'e Expr),
    Query(&'e Query),
}

fn inner(expr: &Expr) -> &Expr {
    match expr {
        Expr::Nested(inner) => self::inner(inner),
        other => other,
    }
}

/// The condition names what it does not want, or compares texts by pattern: no range of values follows from that.
fn excludes(expr: &Expr) -> bool {
    match expr {
        Expr::IsNotNull(_) | Expr::Like { .. } | Expr::BinaryOp { op: BinaryOperator::NotEq, .. } => true,
        Expr::Between { negated, .. } | Expr::InList { negated, .. } | Expr::InUnnest { negated, .. } => *negated,
        _ => false,
    }
}

/// The first subquery in a condition, as far as that is easily found.
fn query_in(expr: &Expr) -> Option<Culprit<'_>> {
    match expr {
        Expr::Nested(inner) => query_in(inner),
        Expr::Subquery(query) | Expr::InSubquery { subquery: query, .. } | Expr::Exists { subquery: query, .. } => {
            Some(Culprit::Query(query))
        }
        Expr::BinaryOp { left, right, .. } => query_in(left).or_else(|| query_in(right)),
        Expr::UnaryOp { expr, .. } | Expr::Cast { expr, .. } | Expr::InList { expr, .. } => query_in(expr),
        Expr::Between { expr, low, high, .. } => query_in(low).or_else(|| query_in(high)).or_else(|| query_in(expr)),
        Expr::InUnnest { array_expr, .. } => query_in(array_expr),
        Expr::Function(function) => arguments(function)?.into_iter().find_map(query_in),
        _ => None,
    }
}

pub(super) fn arguments(function: &Function) -> Option<Vec<&Expr>> {
    let FunctionArguments::List(list) = &function.args else { return None };
    let expr = |argument| match argument {
        &FunctionArg::Unnamed(FunctionArgExpr::Expr(ref expr)) => Some(expr),
        _ => None,
    };
    list.args.iter().map(expr).collect()
}

/// The one argument that is no constant.
fn argument<'e>(expr: &'e Expr, variables: &Variables) -> Option<&'e Expr> {
    let candidates: Vec<&Expr> = match expr {
        Expr::Nested(inner) => return Some(inner),
        Expr::Cast { expr, .. } | Expr::Extract { expr, .. } | Expr::UnaryOp { expr, .. } => return Some(expr),
        Expr::AtTimeZone { timestamp, .. } => return Some(timestamp),
        Expr::BinaryOp { left, right, .. } => vec![left, right],
        Expr::Function(function) => arguments(function)?,
        _ => return None,
    };
    let mut open = candidates.into_iter().filter(|candidate| constant(candidate, variables).is_none());
    open.next()
}

/// What is done with the column, by name.
fn function_of(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Nested(inner) => function_of(inner),
        Expr::Function(function) => Some(function.name.to_string().to_ascii_uppercase()),
        Expr::Extract { field, .. } => Some(format!("EXTRACT({field})")),
        Expr::Cast { data_type, .. } => Some(format!("CAST(… AS {data_type})")),
        Expr::BinaryOp { op, .. } => Some(op.to_string()),
        Expr::Case { .. } => Some("CASE".to_owned()),
        _ => None,
    }
}
