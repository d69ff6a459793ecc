//! Notes what a statement reckons from the history of jobs and from exports of billing while it is resolved. Does nothing
//! in a statement that reads neither.

use super::Resolver;
use super::filter::range_of;
use super::function::short_name;
use super::graph::{ColumnId, Path, ScanId, Source as From, Use, joined, leaf_name};
use super::number::number;
use super::scope::{Scope, Value};
use crate::sql::parse::clause::clause;
use crate::sql::parse::variables::Variables;
use crate::sql::reckoning::{Array, Factor, Key, Named, Product, Reckoning, Source, SourceKind, Sum, Test};
use crate::sql::{TablePath, metadata};
use sqlparser::ast::{BinaryOperator, Expr, Function, FunctionArguments};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

/// What has been noted so far.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// The place of each in what is found.
    sources: BTreeMap<ScanId, usize>,
    /// Outputs of a `SELECT` that are more than a name.
    chains: BTreeMap<ColumnId, Rc<Chain>>,
    /// The `SELECT` at hand, by number.
    select: usize,
    n_selects: usize,
    found: Reckoning,
}

/// A product as far as it is known.
#[derive(Debug, Clone, Default)]
pub(super) struct Chain {
    columns: Vec<Named>,
    factors: Vec<Factor>,
    has_unknown: bool,
}

/// Functions that are what their first argument is, as far as products go.
const THROUGH: [&str; 20] = [
    "SUM",
    "AVG",
    "MAX",
    "MIN",
    "ANY_VALUE",
    "ROUND",
    "CEIL",
    "CEILING",
    "FLOOR",
    "TRUNC",
    "ABS",
    "IFNULL",
    "COALESCE",
    "NULLIF",
    "CAST",
    "SAFE_CAST",
    "FIRST_VALUE",
    "LAST_VALUE",
    "ZEROIFNULL",
    "NULLIFZERO",
];

const QUOTIENTS: [&str; 3] = ["SAFE_DIVIDE", "IEEE_DIVIDE", "DIV"];

impl Ledger {
    pub(super) fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// Begins a `SELECT`; gives the number of the one around it.
    pub(super) fn enter(&mut self) -> usize {
        self.n_selects += 1;
        std::mem::replace(&mut self.select, self.n_selects)
    }

    pub(super) fn leave(&mut self, around: usize) {
        self.select = around;
    }

    pub(super) fn is_chain(&mut self, column: ColumnId, chain: Rc<Chain>) {
        self.chains.insert(column, chain);
    }

    pub(super) fn n_products(&self) -> usize {
        self.found.products.len()
    }

    /// Names the products since the `from`th that stand in this part of the text.
    pub(super) fn name_products(&mut self, from: usize, within: &Range<usize>, name: &str) {
        for product in self.found.products.iter_mut().skip(from) {
            if holds(within, &product.range) {
                product.name.get_or_insert_with(|| name.to_owned());
            }
        }
    }

    pub(super) fn close(mut self) -> Reckoning {
        once(&mut self.found.products, |product| &product.range);
        once(&mut self.found.sums, |sum| &sum.range);
        once(&mut self.found.tests, |test| &test.range);
        let mut outer: Option<Range<usize>> = None;
        self.found.products.sort_by_key(|product| (product.range.start, usize::MAX - product.range.end));
        self.found.products.retain(|product| {
            let is_inner = outer.as_ref().is_some_and(|outer| holds(outer, &product.range));
            if !is_inner {
                outer = Some(product.range.clone());
            }
            !is_inner
        });
        self.found
    }
}

fn holds(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// Expressions are looked at more than once while names are resolved.
fn once<T>(list: &mut Vec<T>, range: impl Fn(&T) -> &Range<usize>) {
    list.sort_by_key(|one| (range(one).start, range(one).end));
    list.dedup_by(|one, other| range(one) == range(other));
}

impl Resolver<'_> {
    /// Notes the table, which is the last one that was added, if it is of a kind that is reckoned with.
    pub(super) fn note_source(&mut self, path: &TablePath, name: &str, range: &Range<usize>) {
        let kind = match name.strip_prefix("INFORMATION_SCHEMA.JOBS") {
            Some(rest) if rest.starts_with("_TIMELINE") => SourceKind::Timeline,
            Some(rest) if rest.is_empty() || rest.starts_with("_BY_") => SourceKind::Jobs,
            Some(_) => return,
            None if metadata::is_usage_export(path) => SourceKind::BillingExport,
            None => return,
        };
        let (place, sources) = (self.place(range.clone()), &self.ledger.found.sources);
        let known = sources.iter().rposition(|source| source.range == place && source.path == path.0);
        let at = known.unwrap_or(sources.len());
        self.ledger.sources.insert(self.graph.bases.len().saturating_sub(1), at);
        if known.is_none() {
            let is_elsewhere = self.source.place.is_some();
            let clause = if is_elsewhere { None } else { clause(&self.source.text, &self.whole, range) };
            let (path, has_hole) = (path.0.clone(), self.is_hole(range));
            self.ledger.found.sources.push(Source { kind, range: place, path, has_hole, is_elsewhere, clause });
        }
    }

    /// An operator, within another one or not.
    pub(super) fn note_operator(&mut self, expr: &Expr, outer: Option<&BinaryOperator>, scope: &Scope<'_>) {
        let Expr::BinaryOp { op, .. } = expr else { return };
        if self.ledger.is_empty() || self.source.place.is_some() {
            return;
        }
        match op {
            BinaryOperator::Multiply | BinaryOperator::Divide if !outer.is_some_and(is_product) => self.product(expr, scope),
            BinaryOperator::NotEq => self.test(expr, scope),
            op if super::filter::comparison(op).is_some() => self.test(expr, scope),
            _ => {}
        }
    }

    /// Any expression but an operator.
    pub(super) fn note(&mut self, expr: &Expr, scope: &Scope<'_>) {
        if self.ledger.is_empty() || self.source.place.is_some() {
            return;
        }
        match expr {
            Expr::InList { .. }
            | Expr::InUnnest { .. }
            | Expr::InSubquery { .. }
            | Expr::Between { .. }
            | Expr::Like { .. }
            | Expr::IsNull(_)
            | Expr::IsNotNull(_)
            | Expr::IsTrue(_)
            | Expr::IsNotTrue(_)
            | Expr::IsFalse(_)
            | Expr::IsNotFalse(_)
            | Expr::UnaryOp { .. } => self.test(expr, scope),
            Expr::Case { operand: Some(operand), conditions, .. } => {
                let strings = conditions.iter().flat_map(|when| self.strings(&when.condition)).collect();
                self.test_against(operand, strings, scope);
            }
            Expr::Function(function) => self.note_function(expr, function, scope),
            _ => {}
        }
    }

    fn note_function(&mut self, expr: &Expr, function: &Function, scope: &Scope<'_>) {
        let name = short_name(function);
        match name.as_str() {
            "SUM" if function.over.is_none() => self.sum(expr, scope),
            "IF" | "COUNTIF" => self.arguments_of(function).first().into_iter().for_each(|first| self.test(first, scope)),
            "SAFE_MULTIPLY" => self.product(expr, scope),
            name if QUOTIENTS.contains(&name) => self.product(expr, scope),
            name if name.starts_with("REGEXP_CONTAINS") || name.ends_with("S_WITH") => self.test(expr, scope),
            _ => {}
        }
    }

    fn product(&mut self, expr: &Expr, scope: &Scope<'_>) {
        let Chain { columns, factors, has_unknown } = self.chain(expr, scope);
        if !columns.is_empty() {
            let range = range_of(expr, &self.source.text);
            self.ledger.found.products.push(Product { range, columns, factors, has_unknown, name: None });
        }
    }

    fn sum(&mut self, expr: &Expr, scope: &Scope<'_>) {
        let (columns, range) = (self.chain(expr, scope).columns, range_of(expr, &self.source.text));
        if !columns.is_empty() {
            let is_of_pairs = self.is_of_pairs(scope);
            self.ledger.found.sums.push(Sum { range, columns, select: self.ledger.select, is_of_pairs });
        }
    }

    /// Whether a table stands twice in `FROM`; what `USING` joins is not followed.
    fn is_of_pairs(&self, scope: &Scope<'_>) -> bool {
        let relations = || scope.items.iter().map(|item| item.relation);
        let is_jobs = |relation: &usize| {
            let scan = self.graph.relations.get(*relation).and_then(|relation| relation.scan);
            scan.and_then(|scan| self.kind_of(scan)) == Some(SourceKind::Jobs)
        };
        let is_twice = relations().collect::<BTreeSet<_>>().len() < scope.items.len();
        scope.merged.is_empty() && (is_twice || relations().filter(is_jobs).count() > 1)
    }

    fn kind_of(&self, scan: ScanId) -> Option<SourceKind> {
        let source = self.ledger.found.sources.get(*self.ledger.sources.get(&scan)?)?;
        Some(source.kind)
    }

    fn test(&mut self, expr: &Expr, scope: &Scope<'_>) {
        let strings = self.strings(expr);
        self.test_against(expr, strings, scope);
    }

    fn test_against(&mut self, expr: &Expr, strings: Vec<String>, scope: &Scope<'_>) {
        let (columns, range) = (self.chain(expr, scope).columns, range_of(expr, &self.source.text));
        if !columns.is_empty() {
            let is_null = matches!(expr, Expr::IsNull(_) | Expr::IsNotNull(_));
            let is_equality = matches!(expr, Expr::BinaryOp { op: BinaryOperator::Eq, .. });
            self.ledger.found.tests.push(Test { columns, strings, range, is_null, is_equality });
        }
    }

    /// What `USING` joins is equal.
    pub(super) fn note_using(&mut self, columns: &[ColumnId], at: &Range<usize>) {
        if self.ledger.is_empty() || self.source.place.is_some() {
            return;
        }
        let uses = columns.iter().map(|column| Use::Column { column: *column, path: Path::new(), at: at.clone() });
        let columns = self.named_by(&uses.collect::<Vec<_>>());
        if columns.len() > 1 {
            let test = Test { columns, strings: Vec::new(), range: at.clone(), is_null: false, is_equality: true };
            self.ledger.found.tests.push(test);
        }
    }

    /// The strings in an expression.
    fn strings(&mut self, expr: &Expr) -> Vec<String> {
        let (mut found, mut work) = (Vec::new(), vec![expr]);
        while let Some(expr) = work.pop().filter(|_| self.spend(1)) {
            match expr {
                Expr::Value(value) => found.extend(value.value.clone().into_string()),
                Expr::Nested(inner) => work.push(inner),
                other => work.extend(self.parts(other)),
            }
        }
        found
    }

    /// A key of `GROUP BY`, by what it needs.
    pub(super) fn note_key(&mut self, expr: &Expr, uses: &[Use]) {
        if self.ledger.is_empty() || self.source.place.is_some() {
            return;
        }
        let columns = self.named_by(uses);
        if !columns.is_empty() {
            self.ledger.found.keys.push(Key { columns, select: self.ledger.select, zone: self.zone(expr) });
        }
    }

    /// An array whose elements become rows.
    pub(super) fn note_array(&mut self, array: &Value) {
        if self.ledger.is_empty() || self.source.place.is_some() {
            return;
        }
        if let Some(column) = self.named_by(&array.uses).into_iter().next() {
            self.ledger.found.arrays.push(Array { column, select: self.ledger.select });
        }
    }

    /// What an output is, where that is more than a name.
    pub(super) fn chain_of_output(&mut self, expr: &Expr, scope: &Scope<'_>) -> Option<Rc<Chain>> {
        let is_name = matches!(expr, Expr::Identifier(_) | Expr::CompoundIdentifier(_));
        if self.ledger.is_empty() || is_name || self.source.place.is_some() {
            return None;
        }
        let chain = self.chain(expr, scope);
        (!chain.columns.is_empty()).then(|| Rc::new(chain))
    }

    fn chain(&mut self, expr: &Expr, scope: &Scope<'_>) -> Chain {
        let mut chain = Chain::default();
        let mut work = vec![(expr, false)];
        let parsed = std::sync::Arc::clone(&self.source.parsed);
        while let Some((expr, below)) = work.pop() {
            if !self.spend(1) {
                break;
            }
            match expr {
                Expr::Nested(inner) | Expr::Cast { expr: inner, .. } | Expr::Named { expr: inner, .. } => {
                    work.push((inner, below))
                }
                Expr::Ceil { expr: inner, .. } | Expr::Floor { expr: inner, .. } => work.push((inner, below)),
                Expr::BinaryOp { left, op: BinaryOperator::Multiply, right } => {
                    work.extend([(&**right, below), (&**left, below)])
                }
                Expr::BinaryOp { left, op: BinaryOperator::Divide, right } => work.extend([(&**right, !below), (&**left, below)]),
                Expr::Function(function) if function.over.is_none() => match self.parts_of(function, below) {
                    Some(parts) => work.extend(parts),
                    None => self.opaque_part(expr, below, scope, &mut chain),
                },
                Expr::Case { conditions, else_result, .. } => {
                    let results = conditions.iter().map(|when| &when.result).chain(else_result.as_deref());
                    match choices(results, &parsed.variables) {
                        Some(choices) => work.extend(choices.into_iter().map(|result| (result, below))),
                        None => self.opaque_part(expr, below, scope, &mut chain),
                    }
                }
                Expr::Identifier(_) | Expr::CompoundIdentifier(_) | Expr::CompoundFieldAccess { .. } => {
                    self.name_in_chain(expr, below, scope, &mut chain);
                }
                _ => self.opaque_part(expr, below, scope, &mut chain),
            }
        }
        chain
    }

    /// What a call is as a product; `None` where it is something else.
    fn parts_of<'e>(&self, function: &'e Function, below: bool) -> Option<Vec<(&'e Expr, bool)>> {
        let name = short_name(function);
        let mut arguments = self.arguments_of(function).into_iter();
        let (first, second) = (arguments.next()?, arguments.next());
        let parsed = &self.source.parsed;
        match name.as_str() {
            "SAFE_MULTIPLY" => Some(vec![(second?, below), (first, below)]),
            "IF" => {
                let choices = choices(second.into_iter().chain(arguments), &parsed.variables)?;
                Some(choices.into_iter().map(|result| (result, below)).collect())
            }
            name if QUOTIENTS.contains(&name) => Some(vec![(second?, !below), (first, below)]),
            name if THROUGH.contains(&name) => Some(vec![(first, below)]),
            _ => None,
        }
    }

    pub(super) fn arguments_of<'e>(&self, function: &'e Function) -> Vec<&'e Expr> {
        let FunctionArguments::List(list) = &function.args else { return Vec::new() };
        list.args.iter().filter_map(|argument| self.argument(argument)).collect()
    }

    /// A number, or something of which no more is known than the columns in it.
    fn opaque_part(&mut self, expr: &Expr, below: bool, scope: &Scope<'_>, chain: &mut Chain) {
        let value = number(expr, &self.source.parsed.variables);
        if let Some(value) = value {
            let range = self.place(range_of(expr, &self.source.text));
            return chain.factors.push(Factor { value, is_divisor: below, range });
        }
        chain.has_unknown = true;
        let inner = self.parts(expr);
        for part in inner {
            let found = self.chain(part, scope);
            chain.columns.extend(found.columns);
        }
    }

    /// What an expression is made of, without what subqueries are made of.
    fn parts<'e>(&self, expr: &'e Expr) -> Vec<&'e Expr> {
        match expr {
            Expr::BinaryOp { left, right, .. } => vec![left, right],
            Expr::Function(function) => self.arguments_of(function),
            Expr::InList { expr, list, .. } => std::iter::once(&**expr).chain(list).collect(),
            Expr::Between { expr, low, high, .. } => vec![expr, low, high],
            Expr::Like { expr, pattern: other, .. } | Expr::AtTimeZone { timestamp: expr, time_zone: other } => vec![expr, other],
            Expr::InUnnest { expr, .. }
            | Expr::InSubquery { expr, .. }
            | Expr::IsNull(expr)
            | Expr::IsNotNull(expr)
            | Expr::IsTrue(expr)
            | Expr::IsNotTrue(expr)
            | Expr::IsFalse(expr)
            | Expr::IsNotFalse(expr)
            | Expr::UnaryOp { expr, .. }
            | Expr::Extract { expr, .. } => vec![expr],
            _ => Vec::new(),
        }
    }

    fn name_in_chain(&mut self, expr: &Expr, below: bool, scope: &Scope<'_>, chain: &mut Chain) {
        let (n_unresolved, n_mistakes) = (self.unresolved.len(), self.mistakes.len());
        let value = self.value(expr, scope);
        self.unresolved.truncate(n_unresolved);
        self.mistakes.truncate(n_mistakes);
        let Some((column, path)) = value.same else {
            let columns = self.named_by(&value.uses);
            let parsed = std::sync::Arc::clone(&self.source.parsed);
            let variable = super::number::variable(expr, &parsed.variables).filter(|_| value.uses.is_empty());
            chain.has_unknown |= variable.is_none();
            if let Some((value, expr)) = variable {
                let range = range_of(expr, &self.source.text);
                chain.factors.push(Factor { value, is_divisor: below, range });
            }
            return chain.columns.extend(columns);
        };
        if let Some(known) = self.known_chain(column, &path) {
            chain.columns.extend(known.columns.iter().cloned());
            let is_of_other_branch = |named: &Named| known.columns.iter().all(|one| one.source != named.source);
            chain.columns.extend(self.named_by(&value.uses).into_iter().filter(is_of_other_branch));
            let flipped = |factor: &Factor| Factor { is_divisor: factor.is_divisor != below, ..factor.clone() };
            chain.factors.extend(known.factors.iter().map(flipped));
            chain.has_unknown |= known.has_unknown;
            return;
        }
        let columns = self.named_by(&value.uses);
        chain.has_unknown |= columns.is_empty();
        chain.columns.extend(columns);
    }

    /// The product that a column is, through subqueries that hand it on.
    fn known_chain(&self, column: ColumnId, path: &Path) -> Option<Rc<Chain>> {
        let mut column = column;
        for _ in 0..self.graph.columns.len() {
            if let Some(chain) = self.ledger.chains.get(&column).filter(|_| path.is_empty()) {
                return Some(Rc::clone(chain));
            }
            column = match &self.graph.columns.get(column)?.source {
                From::Same(inner, below) if below.is_empty() => *inner,
                From::Branches(branches) => *branches.first()?,
                From::Same(..) | From::Base(_) | From::Computed(_) => return None,
            };
        }
        None
    }

    /// The columns of sources that are used, each at the name that leads to it.
    fn named_by(&mut self, uses: &[Use]) -> Vec<Named> {
        let mut found: Vec<Named> = Vec::new();
        let mut seen: BTreeSet<(ColumnId, Path)> = BTreeSet::new();
        let start = |one: &Use| match one {
            Use::Column { column, path, at } | Use::Presence { column, path, at } => {
                Some((*column, path.clone(), at.clone(), true))
            }
            Use::Relation(_) | Use::Row(_) => None,
        };
        let mut work: Vec<(ColumnId, Path, Range<usize>, bool)> = uses.iter().rev().filter_map(start).collect();
        while let Some((id, path, range, is_direct)) = work.pop() {
            if !seen.insert((id, path.clone())) || !self.spend(1) {
                continue;
            }
            let Some(column) = self.graph.columns.get(id) else { continue };
            match &column.source {
                From::Base(scan) => {
                    let name = leaf_name(&column.name, &path).to_ascii_lowercase();
                    let source = self.ledger.sources.get(scan).copied();
                    let kind = self.kind_of(*scan);
                    found.extend(source.zip(kind).map(|(source, kind)| Named { source, kind, column: name, range, is_direct }));
                }
                From::Same(inner, below) => work.push((*inner, joined(below, &path), range, false)),
                From::Branches(branches) => {
                    work.extend(branches.iter().map(|inner| (*inner, path.clone(), range.clone(), false)))
                }
                From::Computed(uses) => {
                    let inner = uses.iter().filter_map(start);
                    work.extend(inner.map(|(column, path, ..)| (column, path, range.clone(), false)));
                }
            }
        }
        found
    }
}

/// The results of `CASE` and `IF` that count in a product: `0` is none. `None` where it is one number of several.
fn choices<'e>(results: impl Iterator<Item = &'e Expr>, variables: &Variables) -> Option<Vec<&'e Expr>> {
    let numbers = results.map(|result| (result, number(result, variables)));
    let choices: Vec<(&Expr, Option<f64>)> = numbers.filter(|(_, number)| *number != Some(0.0)).collect();
    let is_one_of_several = choices.len() > 1 && choices.iter().all(|(_, number)| number.is_some());
    (!is_one_of_several).then(|| choices.into_iter().map(|(result, _)| result).collect())
}

fn is_product(op: &BinaryOperator) -> bool {
    matches!(op, BinaryOperator::Multiply | BinaryOperator::Divide)
}
