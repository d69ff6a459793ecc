//! Conditions that hold for every row: cut at their `AND`s, with the columns they name, and whether each is of the
//! form that BigQuery prunes partitions by.

use super::Resolver;
use super::graph::{ColumnId, Filter, Path, RelationId, Use};
use super::scope::{Item, Scope};
use sqlparser::ast::{BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Spanned, UnaryOperator};
use std::collections::BTreeSet;
use std::ops::Range;

type Named = (ColumnId, Path);
/// Names that a script declares: BigQuery puts their values in before it prunes.
type Variables = BTreeSet<String>;

/// Functions of the partitioning column through which partitions are still pruned, by the list in Google's manual.
pub(super) fn prunes(name: &str) -> bool {
    const LIST: &[&str] = &[
        "DATE_ADD",
        "DATE_DIFF",
        "DATE_SUB",
        "DATE_TRUNC",
        "DATETIME_DIFF",
        "DATETIME_TRUNC",
        "DATETIME_ADD",
        "DATETIME_SUB",
        "TIMESTAMP_ADD",
        "TIMESTAMP_DIFF",
        "TIMESTAMP_SUB",
        "TIMESTAMP_TRUNC",
        "DATE",
        "FORMAT_TIMESTAMP",
    ];
    LIST.contains(&name)
}

impl Resolver<'_> {
    /// Takes the condition apart and remembers what it says of the tables in `items`.
    pub(super) fn filter(&mut self, condition: &Expr, scope: &Scope<'_>, items: &[Item], uses: &mut Vec<Use>) {
        let own: BTreeSet<RelationId> = items.iter().map(|item| item.relation).collect();
        let mut work = vec![condition];
        while let Some(expr) = work.pop() {
            match expr {
                Expr::BinaryOp { left, op: BinaryOperator::And, right } => work.extend([&**right, &**left]),
                Expr::Nested(inner) if matches!(**inner, Expr::BinaryOp { op: BinaryOperator::And, .. }) => work.push(inner),
                _ => self.conjunct(expr, scope, &own, uses),
            }
        }
    }

    fn conjunct(&mut self, expr: &Expr, scope: &Scope<'_>, own: &BTreeSet<RelationId>, uses: &mut Vec<Use>) {
        let mut here = Vec::new();
        self.uses(expr, scope, &mut here);
        let mut columns: Vec<Named> = Vec::new();
        let mut seen: BTreeSet<(ColumnId, &Path)> = BTreeSet::new();
        for used in &here {
            if let Use::Column { column, path, .. } = used
                && own.contains(&self.graph.columns[*column].relation)
                && seen.insert((*column, path))
            {
                columns.push((*column, path.clone()));
            }
        }
        uses.extend(here);
        if columns.is_empty() {
            return;
        }
        let constant_for = self.constant_for(expr, scope);
        let range = self.place(range_of(expr, &self.source.text));
        self.graph.filters.push(Filter { columns, constant_for, range });
    }

    /// The column that stands alone against constants in all of the condition.
    fn constant_for(&mut self, expr: &Expr, scope: &Scope<'_>) -> Option<Named> {
        let parsed = std::sync::Arc::clone(&self.source.parsed);
        let is_constant = |expr: &Expr| is_constant(expr, &parsed.variables);
        match expr {
            Expr::Nested(inner) => self.constant_for(inner, scope),
            Expr::BinaryOp { left, op: BinaryOperator::Or | BinaryOperator::And, right } => {
                let found = self.constant_for(left, scope)?;
                (self.constant_for(right, scope)? == found).then_some(found)
            }
            Expr::BinaryOp { left, op, right } if is_comparison(op) => {
                if is_constant(right) {
                    self.alone(left, scope)
                } else if is_constant(left) {
                    self.alone(right, scope)
                } else {
                    None
                }
            }
            Expr::Between { expr, low, high, negated: false } if is_constant(low) && is_constant(high) => self.alone(expr, scope),
            Expr::InList { expr, list, negated: false } if list.iter().all(is_constant) => self.alone(expr, scope),
            Expr::InUnnest { expr, array_expr, negated: false } if is_constant(array_expr) => self.alone(expr, scope),
            Expr::IsNull(expr) => self.alone(expr, scope),
            _ => None,
        }
    }

    /// A column, or one of the functions of it that keep it comparable.
    fn alone(&mut self, expr: &Expr, scope: &Scope<'_>) -> Option<Named> {
        let n_unresolved = self.unresolved.len();
        let is_year_or_date = |field: &sqlparser::ast::DateTimeField| matches!(field.to_string().as_str(), "YEAR" | "DATE");
        let named = match expr {
            Expr::Nested(inner) => return self.alone(inner, scope),
            Expr::Identifier(_) | Expr::CompoundIdentifier(_) | Expr::CompoundFieldAccess { .. } => {
                let value = self.value(expr, scope);
                value.same.or(value.wraps)
            }
            Expr::Cast { expr: inner, data_type, .. } if is_date(data_type) || is_suffix(inner) => self.alone(inner, scope),
            Expr::Extract { field, expr: inner, .. } if is_year_or_date(field) => self.alone(inner, scope),
            Expr::Function(function) if function.over.is_none() => {
                let value = self.function(function, scope);
                value.wraps.filter(|_| is_known_format(function))
            }
            _ => None,
        };
        // The same names were resolved before, and what was wrong with them has been said.
        self.unresolved.truncate(n_unresolved);
        named
    }
}

fn is_comparison(op: &BinaryOperator) -> bool {
    matches!(op, BinaryOperator::Eq | BinaryOperator::Lt | BinaryOperator::LtEq | BinaryOperator::Gt | BinaryOperator::GtEq)
}

fn is_date(data_type: &sqlparser::ast::DataType) -> bool {
    matches!(data_type, sqlparser::ast::DataType::Date)
}

fn is_suffix(expr: &Expr) -> bool {
    super::expression::implied_name(expr).is_some_and(|name| name.eq_ignore_ascii_case("_TABLE_SUFFIX"))
}

/// Of the formats of `FORMAT_TIMESTAMP` only three sort as the time does.
fn is_known_format(function: &Function) -> bool {
    let name = function.name.to_string();
    if !name.eq_ignore_ascii_case("FORMAT_TIMESTAMP") {
        return true;
    }
    let FunctionArguments::List(list) = &function.args else { return false };
    let first = list.args.first().map(ToString::to_string).unwrap_or_default();
    matches!(first.trim_matches(['\'', '"']), "%F" | "%Y-%m-%d" | "%Y%m%d")
}

/// Literals, parameters, the clock, and arithmetic on them.
fn is_constant(expr: &Expr, variables: &Variables) -> bool {
    let is_constant = |expr: &Expr| is_constant(expr, variables);
    match expr {
        Expr::Value(_) | Expr::TypedString(_) => true,
        Expr::Identifier(name) => {
            name.value.starts_with('@')
                || variables.contains(&name.value.to_ascii_lowercase())
                || ["CURRENT_DATE", "CURRENT_TIMESTAMP", "CURRENT_DATETIME", "CURRENT_TIME"]
                    .iter()
                    .any(|clock| name.value.eq_ignore_ascii_case(clock))
        }
        Expr::CompoundIdentifier(names) => names.first().is_some_and(|name| name.value.starts_with('@')),
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } | Expr::Extract { expr: inner, .. } => is_constant(inner),
        Expr::UnaryOp { op: UnaryOperator::Minus | UnaryOperator::Plus, expr } => is_constant(expr),
        Expr::BinaryOp { left, right, .. } => is_constant(left) && is_constant(right),
        Expr::Interval(interval) => is_constant(&interval.value),
        Expr::Array(array) => array.elem.iter().all(is_constant),
        Expr::Function(function) => is_constant_call(function, variables),
        _ => false,
    }
}

fn is_constant_call(function: &Function, variables: &Variables) -> bool {
    let name = function.name.to_string().to_ascii_uppercase();
    if function.over.is_some() || matches!(name.as_str(), "RAND" | "GENERATE_UUID" | "SESSION_USER") || name.contains('.') {
        return false;
    }
    match &function.args {
        FunctionArguments::None => true,
        FunctionArguments::Subquery(_) => false,
        FunctionArguments::List(list) => {
            list.clauses.is_empty() && list.args.iter().all(|argument| is_constant_argument(argument, variables))
        }
    }
}

fn is_constant_argument(argument: &FunctionArg, variables: &Variables) -> bool {
    match argument {
        // Units of time are bare words.
        FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Identifier(name))) => {
            let word = name.value.to_ascii_uppercase();
            word.starts_with('@')
                || variables.contains(&name.value.to_ascii_lowercase())
                || matches!(
                    word.as_str(),
                    "DAY"
                        | "WEEK"
                        | "ISOWEEK"
                        | "MONTH"
                        | "QUARTER"
                        | "YEAR"
                        | "ISOYEAR"
                        | "HOUR"
                        | "MINUTE"
                        | "SECOND"
                        | "CURRENT_DATE"
                        | "CURRENT_TIMESTAMP"
                        | "CURRENT_DATETIME"
                )
                || word.ends_with("DAY")
        }
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => is_constant(expr, variables),
        _ => false,
    }
}

/// The bytes of an expression, with the parentheses that close it, which the parser library leaves out.
pub(super) fn range_of(expr: &Expr, text: &str) -> Range<usize> {
    let range = crate::sql::parse::token::bytes(expr.span()).unwrap_or_default();
    let Some(written) = text.get(range.clone()) else { return range };
    let open = written.matches('(').count().saturating_sub(written.matches(')').count());
    let mut end = range.end;
    for (at, ch) in text.get(range.end..).unwrap_or_default().char_indices() {
        if end - range.end == 0 && open == 0 || text.get(range.end..end).unwrap_or_default().matches(')').count() >= open {
            break;
        }
        match ch {
            ')' => end = range.end + at + 1,
            _ if ch.is_whitespace() => {}
            _ => break,
        }
    }
    range.start..end
}
