//! What is remembered of a statement besides what it reads: see [`Notable`].

use super::Resolver;
use super::graph::{ColumnId, Path, RelationId, ScanId, Use, Wrapped};
use super::scope::{Scope, ident_range};
use crate::sql::notable::{Cut, Notable, What};
use crate::sql::parse::clause::order_clause;
use crate::sql::parse::token;
use sqlparser::ast::{
    DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, GroupByExpr, Ident, JoinConstraint,
    JoinOperator, OrderBy, OrderByKind, Query, Select, SetExpr, Spanned, TableFactor, TableWithJoins,
};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What was noticed so far.
#[derive(Default)]
pub(super) struct Noticed {
    found: BTreeSet<(usize, usize, What)>,
    ctes: Vec<Cte>,
    /// Columns out of which a value is taken, and where.
    payloads: Vec<((ColumnId, Path), Range<usize>)>,
}

/// Functions that take a value out of a text of JSON.
const OF_PAYLOAD: [&str; 8] = [
    "JSON_EXTRACT",
    "JSON_EXTRACT_ARRAY",
    "JSON_EXTRACT_SCALAR",
    "JSON_EXTRACT_STRING_ARRAY",
    "JSON_QUERY",
    "JSON_QUERY_ARRAY",
    "JSON_VALUE",
    "JSON_VALUE_ARRAY",
];

struct Cte {
    name: String,
    range: Range<usize>,
    relation: RelationId,
    count: usize,
}

impl Resolver<'_> {
    fn notice(&mut self, range: Range<usize>, what: What) {
        // Inside a view every place is that of its name.
        if self.source.place.is_none() && range.end > range.start {
            self.noticed.found.insert((range.start, range.end, what));
        }
    }

    /// Everything, in order.
    pub(super) fn notables(&mut self) -> Vec<Notable> {
        let noticed = std::mem::take(&mut self.noticed);
        let mut found = noticed.found;
        for cte in noticed.ctes.into_iter().filter(|cte| cte.count > 1) {
            if self.graph.reads_table(&[Use::Relation(cte.relation)]) {
                found.insert((cte.range.start, cte.range.end, What::RepeatedCte { name: cte.name, count: cte.count }));
            }
        }
        found.extend(self.payload_fields(&noticed.payloads));
        found.into_iter().map(|(start, end, what)| Notable { range: start..end, what }).collect()
    }

    fn payload_fields(&self, payloads: &[((ColumnId, Path), Range<usize>)]) -> Vec<(usize, usize, What)> {
        // Expressions are looked at more than once while names are resolved.
        let mut calls: BTreeMap<(ScanId, String), BTreeSet<(usize, usize)>> = BTreeMap::new();
        for (named, range) in payloads {
            if let Some(column) = self.graph.base_of(named) {
                calls.entry(column).or_default().insert((range.start, range.end));
            }
        }
        let what = |((scan, column), places): ((ScanId, String), BTreeSet<(usize, usize)>)| {
            let (start, end) = places.first().copied()?;
            let table = self.graph.bases.get(scan)?.name.clone();
            Some((start, end, What::PayloadFields { table, column, count: places.len() }))
        };
        calls.into_iter().filter_map(what).collect()
    }

    /// A value that is taken out of a text of JSON.
    pub(super) fn notice_payload(&mut self, name: &str, function: &Function, column: &Wrapped) {
        if self.source.place.is_none() && OF_PAYLOAD.contains(&name) && column.through.is_empty() {
            let range = super::filter::closed(token::bytes(function.span()).unwrap_or_default(), &self.source.text);
            self.noticed.payloads.push((column.named.clone(), range));
        }
    }

    pub(super) fn notice_whole(&mut self, query: &Query) {
        if !query.pipe_operators.is_empty() {
            return;
        }
        match (&query.limit_clause, &query.order_by) {
            (Some(limit), None) if is_plain(&query.body) => {
                self.notice(token::bytes(limit.span()).unwrap_or_default(), What::PlainLimit);
            }
            (None, Some(order)) if query.fetch.is_none() => self.notice(range_of_keys(order), What::OuterOrder),
            _ => {}
        }
    }

    /// The order of a subquery, which the query around it does not keep.
    pub(super) fn notice_idle_order(&mut self, query: &Query) {
        let is_whole = query.limit_clause.is_none() && query.fetch.is_none() && query.pipe_operators.is_empty();
        if let Some(order) = query.order_by.as_ref().filter(|_| is_whole) {
            let keys = range_of_keys(order);
            let cut = self.source.place.is_none().then(|| order_clause(&self.source.text, &self.whole, keys.start)).flatten();
            let cut = cut.filter(|cut| !self.is_hole(cut)).map(|Range { start, end }| Cut { start, end });
            self.notice(keys, What::IdleOrder { cut });
        }
    }

    pub(super) fn notice_cte(&mut self, name: &Ident, relation: RelationId) {
        if self.source.place.is_none() {
            let cte = Cte { name: name.value.clone(), range: ident_range(name), relation, count: 0 };
            self.noticed.ctes.push(cte);
        }
    }

    pub(super) fn notice_reference(&mut self, relation: RelationId) {
        if let Some(cte) = self.noticed.ctes.iter_mut().rev().find(|cte| cte.relation == relation) {
            cte.count += 1;
        }
    }

    pub(super) fn notice_semi_join(&mut self, query: &Query) {
        let SetExpr::Select(select) = &*query.body else { return };
        let is_grouped = !matches!(&select.group_by, GroupByExpr::Expressions(keys, _) if keys.is_empty())
            || select.projection.iter().any(super::select::has_aggregate);
        if select.distinct.is_none() && !is_grouped && query.limit_clause.is_none() {
            self.notice(token::bytes(select.select_token.0.span).unwrap_or_default(), What::SemiJoin);
        }
    }

    pub(super) fn notice_function(&mut self, name: &str, function: &Function) {
        let FunctionArguments::List(list) = &function.args else { return };
        let what = match name {
            "NTILE" => What::Ntile,
            "COUNT" if list.duplicate_treatment == Some(DuplicateTreatment::Distinct) && function.over.is_none() => {
                What::CountDistinct
            }
            "REGEXP_CONTAINS" => {
                let [_, FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(pattern)))] = list.args.as_slice() else { return };
                let Some(plain) = pattern.value.clone().into_string().and_then(|pattern| plain_text(&pattern)) else { return };
                What::PlainPattern(plain)
            }
            _ => return,
        };
        let range = super::filter::closed(token::bytes(function.span()).unwrap_or_default(), &self.source.text);
        self.notice(range, what);
    }

    /// Tables beside each other that nothing ties to any other of the `FROM`.
    pub(super) fn notice_cross_joins(&mut self, tables: &[TableWithJoins], condition: Option<&Expr>, scope: &Scope<'_>) {
        let crossed = if self.source.place.is_none() { crossed_places(tables) } else { Vec::new() };
        if crossed.is_empty() {
            return;
        }
        let base = |item: &super::scope::Item| {
            let scan = self.graph.relations.get(item.relation)?.scan?;
            Some((item.relation, item.base.clone()?, self.graph.bases.get(scan)?.range.clone()))
        };
        let bases: Vec<_> = scope.items.iter().filter_map(base).collect();
        let Some((_, first, _)) = bases.first().cloned() else { return };
        // Conditions that name a table and anything else besides: as written, since outer joins filter one side only.
        let mut conditions: Vec<&Expr> = condition.into_iter().collect();
        conditions.extend(tables.iter().flat_map(|table| &table.joins).filter_map(|join| on(&join.join_operator)));
        // They were resolved before, and what was wrong with them has been said.
        let (n_unresolved, n_mistakes) = (self.unresolved.len(), self.mistakes.len());
        let tied: Vec<BTreeSet<RelationId>> =
            conjuncts(&conditions).into_iter().map(|expr| self.relations_in(expr, scope)).collect();
        self.unresolved.truncate(n_unresolved);
        self.mistakes.truncate(n_mistakes);
        for (relation, name, range) in bases.iter().skip(1) {
            let is_tied = |named: &BTreeSet<RelationId>| named.len() > 1 && named.contains(relation);
            let place = crossed.iter().find(|(place, _)| place == range);
            if let Some((_, is_spelled)) = place.filter(|_| !tied.iter().any(is_tied)) {
                let what = What::CrossJoin { left: first.clone(), right: name.clone(), is_spelled: *is_spelled };
                self.notice(range.clone(), what);
            }
        }
    }

    fn relations_in(&mut self, expr: &Expr, scope: &Scope<'_>) -> BTreeSet<RelationId> {
        let mut uses = Vec::new();
        self.uses(expr, scope, &mut uses);
        let relation = |one: &Use| match one {
            Use::Column { column, .. } | Use::Presence { column, .. } => {
                self.graph.columns.get(*column).map(|column| column.relation)
            }
            // A subquery may tie whatever it names.
            Use::Relation(relation) | Use::Row(relation) => Some(*relation),
        };
        uses.iter().filter_map(relation).collect()
    }
}

fn on(operator: &JoinOperator) -> Option<&Expr> {
    use JoinOperator::{CrossJoin, FullOuter, Inner, Join, Left, LeftOuter, Right, RightOuter};
    match operator {
        Join(JoinConstraint::On(on))
        | Inner(JoinConstraint::On(on))
        | CrossJoin(JoinConstraint::On(on))
        | Left(JoinConstraint::On(on))
        | LeftOuter(JoinConstraint::On(on))
        | Right(JoinConstraint::On(on))
        | RightOuter(JoinConstraint::On(on))
        | FullOuter(JoinConstraint::On(on)) => Some(on),
        _ => None,
    }
}

/// The parts that `AND` joins.
fn conjuncts<'e>(conditions: &[&'e Expr]) -> Vec<&'e Expr> {
    use sqlparser::ast::BinaryOperator::And;
    let mut work = conditions.to_vec();
    let mut parts = Vec::new();
    while let Some(expr) = work.pop() {
        match expr {
            Expr::BinaryOp { left, op: And, right } => work.extend([&**left, &**right]),
            Expr::Nested(inner) => work.push(inner),
            other => parts.push(other),
        }
    }
    parts
}

/// Where tables are named that stand behind a comma or `CROSS JOIN`.
fn crossed_places(tables: &[TableWithJoins]) -> Vec<(Range<usize>, bool)> {
    let behind_comma = tables.iter().skip(1).filter(|table| table.joins.is_empty()).map(|table| &table.relation);
    let joins = tables.iter().flat_map(|table| &table.joins);
    let crossed = joins.filter(|join| matches!(join.join_operator, JoinOperator::CrossJoin(JoinConstraint::None)));
    let factors = behind_comma.map(|table| (table, false)).chain(crossed.map(|join| (&join.relation, true)));
    let name = |(factor, is_spelled): (&TableFactor, bool)| match factor {
        TableFactor::Table { name, args: None, .. } => Some((super::scope::range_of(&super::from::idents(name)), is_spelled)),
        _ => None,
    };
    factors.filter_map(name).collect()
}

/// Nothing but columns of one table, all of its rows.
fn is_plain(body: &SetExpr) -> bool {
    let SetExpr::Select(select) = body else { return false };
    let Select { selection, distinct, having, qualify, group_by, from, .. } = &**select;
    let is_grouped = !matches!(group_by, GroupByExpr::Expressions(keys, _) if keys.is_empty());
    let [table] = from.as_slice() else { return false };
    let is_filtered = selection.is_some() || distinct.is_some() || having.is_some() || qualify.is_some();
    let is_sampled = matches!(&table.relation, TableFactor::Table { sample: Some(_), .. });
    let is_table = matches!(table.relation, TableFactor::Table { .. }) && table.joins.is_empty();
    is_table && !is_grouped && !is_filtered && !is_sampled && !select.projection.iter().any(super::select::has_aggregate)
}

fn range_of_keys(order: &OrderBy) -> Range<usize> {
    let OrderByKind::Expressions(keys) = &order.kind else { return 0..0 };
    let ranges: Vec<Range<usize>> = keys.iter().filter_map(|key| token::bytes(key.span())).collect();
    let start = ranges.iter().map(|range| range.start).min();
    start.map_or(0..0, |start| start..ranges.iter().map(|range| range.end).max().unwrap_or(start))
}

/// The text that a pattern looks for, where it is no more than that.
fn plain_text(pattern: &str) -> Option<String> {
    let text = pattern.strip_prefix(".*").unwrap_or(pattern);
    let text = text.strip_suffix(".*").unwrap_or(text);
    let is_plain = |ch: char| ch.is_alphanumeric() || matches!(ch, ' ' | '-' | '/' | ':' | '@');
    (!text.is_empty() && text.chars().all(is_plain)).then(|| text.to_owned())
}
