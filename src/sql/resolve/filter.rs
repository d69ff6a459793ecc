//! Conditions that hold for every row: cut at their `AND`s, with the columns they name, and whether each is of the
//! form that BigQuery prunes partitions by.

use super::Resolver;
use super::constant::{constant, of_suffix};
use super::graph::{ColumnId, Filter, Path, RelationId, Use, Wrapped};
use super::hindrance::{Others, arguments};
use super::scope::{Item, Scope};
use crate::sql::condition::{Comparison, Condition, SUFFIX, Test, Wrapper};
use sqlparser::ast::{BinaryOperator, Expr, Function, Spanned};
use std::collections::BTreeSet;
use std::ops::Range;

type Named = (ColumnId, Path);

impl Resolver<'_> {
    /// Takes the condition apart and remembers what it says of the tables in `items`.
    pub(super) fn filter(&mut self, condition: &Expr, scope: &Scope<'_>, items: &[Item], uses: &mut Vec<Use>) {
        let own: BTreeSet<RelationId> = items.iter().map(|item| item.relation).collect();
        for expr in conjuncts(condition) {
            self.conjunct(expr, scope, &own, uses);
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
        if columns.is_empty() {
            self.has_free_condition |= !matches!(expr, Expr::Value(_));
            uses.extend(here);
            return;
        }
        let others = self.others_of(&columns, &here);
        let condition = self.condition(expr, scope).or_else(|| self.of_suffix(expr, &columns, &others));
        let condition = condition.ok_or_else(|| self.hindrance(expr, scope, &others));
        uses.extend(here);
        let range = self.place(range_of(expr, &self.source.text));
        let branches = if condition.is_err() { self.branches(expr, scope) } else { Vec::new() };
        let is_direct = self.source.place.is_none();
        self.graph.filters.push(Filter { scope: scope.id, columns, condition, range, is_direct, branches });
    }

    fn others_of(&self, columns: &[Named], uses: &[Use]) -> Others {
        let is_other = |one: &Use| match one {
            Use::Column { column, path, .. } | Use::Presence { column, path, .. } => {
                columns.first().is_some_and(|(first, below)| (first, below) != (column, path))
            }
            Use::Relation(_) | Use::Row(_) => false,
        };
        let has_query = uses.iter().any(|one| matches!(one, Use::Relation(_)));
        let reads_table = has_query && self.graph.reads_table(uses);
        Others { has_column: uses.iter().any(is_other), has_query, reads_table }
    }

    /// Any other condition on the suffix of a table's name alone.
    fn of_suffix(&self, expr: &Expr, columns: &[Named], others: &Others) -> Option<(Named, Condition)> {
        let [(column, path)] = columns else { return None };
        let is_alone = !others.has_column && !others.has_query && path.is_empty();
        let is_suffix = self.graph.columns.get(*column).is_some_and(|column| column.name.eq_ignore_ascii_case(SUFFIX));
        let condition = of_suffix(expr, &self.source.parsed.variables).filter(|_| is_alone && is_suffix)?;
        Some(((*column, path.clone()), Condition::Suffix(condition)))
    }

    /// The column that stands alone against constants in all of the condition, and what it is compared with.
    pub(super) fn condition(&mut self, expr: &Expr, scope: &Scope<'_>) -> Option<(Named, Condition)> {
        let parsed = std::sync::Arc::clone(&self.source.parsed);
        let constant = |expr: &Expr| constant(expr, &parsed.variables);
        match expr {
            Expr::Nested(inner) => self.condition(inner, scope),
            Expr::BinaryOp { left, op: op @ (BinaryOperator::Or | BinaryOperator::And), right } => {
                let (named, first, second) = self.sides(left, right, scope)?;
                Some((named, joined(first, second, *op == BinaryOperator::And)))
            }
            Expr::Function(function) if is_choice(function) => {
                let [choice, yes, no] = arguments(function)?.try_into().ok()?;
                let choice = constant(choice)?;
                let (named, yes, no) = self.sides(yes, no, scope)?;
                Some((named, Condition::If(choice, Box::new(yes), Box::new(no))))
            }
            Expr::BinaryOp { left, op, right } => {
                let comparison = comparison(op)?;
                match (constant(left), constant(right)) {
                    (_, Some(value)) => self.tested(left, scope, Test::Compare(comparison, value)),
                    (Some(value), None) => self.tested(right, scope, Test::Compare(comparison.turned(), value)),
                    (None, None) => None,
                }
            }
            Expr::Between { expr, low, high, negated: false } => {
                let (low, high) = (constant(low)?, constant(high)?);
                let (named, low) = self.tested(expr, scope, Test::Compare(Comparison::GreaterOrEqual, low))?;
                let (_, high) = self.tested(expr, scope, Test::Compare(Comparison::LessOrEqual, high))?;
                Some((named, joined(low, high, true)))
            }
            Expr::InList { expr, list, negated: false } => {
                let list = list.iter().map(constant).collect::<Option<_>>()?;
                self.tested(expr, scope, Test::In(list))
            }
            Expr::InUnnest { expr, array_expr, negated: false } => {
                let array = constant(array_expr)?;
                self.tested(expr, scope, Test::InArray(array))
            }
            Expr::IsNull(expr) => self.tested(expr, scope, Test::IsNull),
            _ => None,
        }
    }

    /// Two conditions on one column, of which one may be of constants alone, as in `@day IS NULL OR day = @day`.
    fn sides(&mut self, first: &Expr, second: &Expr, scope: &Scope<'_>) -> Option<(Named, Condition, Condition)> {
        let ((one, first), (other, second)) = (self.side(first, scope)?, self.side(second, scope)?);
        let named = one.clone().or(other.clone())?;
        let is_same = |side: Option<Named>| side.is_none_or(|side| side == named);
        (is_same(one) && is_same(other)).then_some((named.clone(), first, second))
    }

    fn side(&mut self, expr: &Expr, scope: &Scope<'_>) -> Option<(Option<Named>, Condition)> {
        if let Some(constant) = constant(expr, &self.source.parsed.variables) {
            let [all, none] = [Condition::All(Vec::new()), Condition::Any(Vec::new())].map(Box::new);
            return Some((None, Condition::If(constant, all, none)));
        }
        let (named, condition) = self.condition(expr, scope)?;
        Some((Some(named), condition))
    }

    fn tested(&mut self, expr: &Expr, scope: &Scope<'_>, test: Test) -> Option<(Named, Condition)> {
        let alone = self.alone(expr, scope)?;
        Some((alone.named, Condition::Test { through: alone.through, test }))
    }

    /// A column, or one of the functions of it that keep it comparable.
    pub(super) fn alone(&mut self, expr: &Expr, scope: &Scope<'_>) -> Option<Wrapped> {
        let (n_unresolved, n_mistakes) = (self.unresolved.len(), self.mistakes.len());
        let wrapped = match expr {
            Expr::Nested(inner) => return self.alone(inner, scope),
            Expr::Identifier(_) | Expr::CompoundIdentifier(_) | Expr::CompoundFieldAccess { .. } => {
                let value = self.value(expr, scope);
                value.same.map(Wrapped::bare).or(value.wraps)
            }
            Expr::Cast { expr: inner, data_type, .. } if is_date(data_type) => {
                self.alone(inner, scope).map(|inner| inner.with([Wrapper::Date]))
            }
            Expr::Cast { expr: inner, data_type, .. } if is_suffix(inner) => {
                let is_integer = data_type.to_string().to_ascii_uppercase().starts_with("INT");
                let wrapper = if is_integer { Wrapper::Integer } else { Wrapper::Other(format!("CAST({data_type})")) };
                self.alone(inner, scope).map(|inner| inner.with([wrapper]))
            }
            Expr::Extract { field, expr: inner, .. } => {
                let wrapper = match field.to_string().to_ascii_uppercase().as_str() {
                    "YEAR" => Wrapper::Year,
                    "DATE" => Wrapper::Date,
                    _ => return None,
                };
                self.alone(inner, scope).map(|inner| inner.with([wrapper]))
            }
            Expr::AtTimeZone { timestamp, time_zone } => {
                let zone = constant(time_zone, &self.source.parsed.variables)?;
                self.alone(timestamp, scope).map(|inner| inner.with([Wrapper::Local(zone)]))
            }
            Expr::Function(function) if function.over.is_none() => self.function(function, scope).wraps,
            _ => None,
        };
        // The same names were resolved before, and what was wrong with them has been said.
        self.unresolved.truncate(n_unresolved);
        self.mistakes.truncate(n_mistakes);
        wrapped
    }
}

/// The parts that `AND` joins, in order.
pub(super) fn conjuncts(condition: &Expr) -> Vec<&Expr> {
    let mut parts = Vec::new();
    let mut work = vec![condition];
    while let Some(expr) = work.pop() {
        match expr {
            Expr::BinaryOp { left, op: BinaryOperator::And, right } => work.extend([&**right, &**left]),
            Expr::Nested(inner) if matches!(**inner, Expr::BinaryOp { op: BinaryOperator::And, .. }) => work.push(inner),
            _ => parts.push(expr),
        }
    }
    parts
}

fn joined(first: Condition, second: Condition, is_and: bool) -> Condition {
    match (first, is_and) {
        (Condition::All(mut parts), true) => {
            parts.push(second);
            Condition::All(parts)
        }
        (Condition::Any(mut parts), false) => {
            parts.push(second);
            Condition::Any(parts)
        }
        (first, true) => Condition::All(vec![first, second]),
        (first, false) => Condition::Any(vec![first, second]),
    }
}

pub(super) fn comparison(op: &BinaryOperator) -> Option<Comparison> {
    match op {
        BinaryOperator::Eq => Some(Comparison::Equal),
        BinaryOperator::Lt => Some(Comparison::Less),
        BinaryOperator::LtEq => Some(Comparison::LessOrEqual),
        BinaryOperator::Gt => Some(Comparison::Greater),
        BinaryOperator::GtEq => Some(Comparison::GreaterOrEqual),
        _ => None,
    }
}

fn is_choice(function: &Function) -> bool {
    function.over.is_none() && function.name.to_string().eq_ignore_ascii_case("IF")
}

fn is_date(data_type: &sqlparser::ast::DataType) -> bool {
    matches!(data_type, sqlparser::ast::DataType::Date)
}

fn is_suffix(expr: &Expr) -> bool {
    super::expression::implied_name(expr).is_some_and(|name| name.eq_ignore_ascii_case(SUFFIX))
}

/// The bytes of an expression, with the parentheses that close it, which the parser library leaves out.
pub(super) fn range_of(expr: &Expr, text: &str) -> Range<usize> {
    closed(crate::sql::parse::token::bytes(expr.span()).unwrap_or_default(), text)
}

/// With the parentheses that close what it opens, and those that open what it closes.
pub(super) fn closed(range: Range<usize>, text: &str) -> Range<usize> {
    let Some([before, written, after]) = around(&range, text) else { return range };
    let (mut n_open, mut n_closed) = (0_usize, 0_usize);
    for ch in written.chars() {
        match ch {
            '(' => n_open += 1,
            ')' if n_open == 0 => n_closed += 1,
            ')' => n_open -= 1,
            _ => {}
        }
    }
    let start = before.len() - up_to(before.chars().rev(), '(', n_closed);
    start..range.end + up_to(after.chars(), ')', n_open)
}

/// What stands before it, what it is, and what stands behind it.
fn around<'t>(range: &Range<usize>, text: &'t str) -> Option<[&'t str; 3]> {
    Some([text.get(..range.start)?, text.get(range.clone())?, text.get(range.end..)?])
}

/// How many bytes lead to the last of so many parentheses, with nothing but space between them.
fn up_to(chars: impl Iterator<Item = char>, parenthesis: char, count: usize) -> usize {
    let (mut length, mut found, mut n_found) = (0, 0, 0);
    for ch in chars.take_while(|ch| *ch == parenthesis || ch.is_whitespace()) {
        if n_found == count {
            break;
        }
        length += ch.len_utf8();
        if ch == parenthesis {
            (found, n_found) = (length, n_found + 1);
        }
    }
    found
}
