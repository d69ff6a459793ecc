//! Queries: `WITH`, set operations, and the clauses of `SELECT` in the order in which they take effect.

use super::from::{From, VALUE};
use super::graph::{Open, Path, Relation, RelationId, Source, Type, Use};
use super::scope::{Item, Scope, Value};
use super::{DEPTH_LIMIT, QUERY_LIMIT, Resolver, filter};
use crate::sql::parse::token;
use sqlparser::ast::{
    Cte, Expr, GroupByExpr, NamedWindowExpr, OrderBy, OrderByKind, Query, Select, SelectFlavor, SelectItem, SetExpr, SetOperator,
    SetQuantifier, Spanned, ValueTableMode, With,
};
use std::rc::Rc;

/// What a select list gives.
#[derive(Debug, Default)]
pub(super) struct Outputs {
    pub(super) columns: Vec<(String, Value)>,
    pub(super) open: Vec<Open>,
    /// Relations whose whole rows it passes on.
    pub(super) rows_of: Vec<RelationId>,
}

impl Resolver<'_> {
    /// The relation that a query is.
    pub(super) fn query(&mut self, query: &Query, parent: Option<&Scope<'_>>) -> RelationId {
        let in_exists = std::mem::take(&mut self.in_exists);
        self.n_queries += 1;
        if self.n_queries > QUERY_LIMIT {
            // Views that name each other twice grow without end.
            if self.n_queries == QUERY_LIMIT + 1 {
                self.is_lost = true;
                self.unresolved(0..0, "this statement holds too many queries, views included".to_owned());
            }
            return self.graph.relation(Relation::default());
        }
        if self.depth >= DEPTH_LIMIT {
            let range = token::bytes(first_branch(&query.body).span()).unwrap_or_default();
            self.is_lost = true;
            self.unresolved(range, "queries are nested too deeply here".to_owned());
            return self.graph.relation(Relation::default());
        }
        self.depth += 1;
        let n_tables = self.tables.len();
        if let Some(with) = &query.with {
            self.with(with, parent);
        }
        let relation = self.body(query, parent, in_exists);
        if query.limit_clause.is_some() || query.fetch.is_some() {
            self.graph.relations[relation].is_transparent = false;
        }
        self.tables.truncate(n_tables);
        self.depth -= 1;
        relation
    }

    fn body(&mut self, query: &Query, parent: Option<&Scope<'_>>, in_exists: bool) -> RelationId {
        let order = query.order_by.as_ref();
        if query.pipe_operators.is_empty() {
            return self.set_expression(&query.body, order, parent, in_exists);
        }
        let from = match &*query.body {
            SetExpr::Select(select) if select.flavor == SelectFlavor::FromFirstNoSelect => self.from(&select.from, parent),
            other => {
                let relation = self.set_expression(other, order, parent, false);
                let item = self.item(relation, None, None);
                let id = self.graph.next_scope();
                From { scope: Scope { id, items: vec![item], parent, ..Scope::default() }, ..From::default() }
            }
        };
        self.pipe(from, &query.pipe_operators)
    }

    fn with(&mut self, with: &With, parent: Option<&Scope<'_>>) {
        for cte in &with.cte_tables {
            let relation = match &*cte.query.body {
                SetExpr::SetOperation { left, right, .. } if with.recursive => self.recursive(cte, left, right, parent),
                _ => self.query(&cte.query, parent),
            };
            self.renamed(relation, Some(&cte.alias));
            self.notice_idle_order(&cte.query);
            self.notice_cte(&cte.alias.name, relation);
            self.tables.push((cte.alias.name.value.clone(), relation));
        }
    }

    /// The first branch gives the columns, and the second may read them.
    fn recursive(&mut self, cte: &Cte, left: &SetExpr, right: &SetExpr, parent: Option<&Scope<'_>>) -> RelationId {
        let first = self.set_expression(left, None, parent, false);
        let relation = self.graph.relation(Relation { inputs: vec![first], ..Relation::default() });
        for (name, column) in self.graph.relations[first].columns.clone() {
            let data_type = self.graph.columns[column].data_type.clone();
            self.graph.show(relation, &name, data_type, Source::Branches(vec![column]));
        }
        self.graph.relations[relation].open = self.graph.relations[first].open.clone();
        self.graph.relations[relation].rows_of.push(first);
        self.renamed(relation, Some(&cte.alias));
        self.tables.push((cte.alias.name.value.clone(), relation));
        let second = self.set_expression(right, None, parent, false);
        self.tables.pop();
        self.graph.relations[relation].inputs.push(second);
        let outer = self.graph.relations[relation].columns.clone();
        let inner = self.graph.relations[second].columns.clone();
        for ((_, column), (_, branch)) in outer.iter().zip(&inner) {
            if let Source::Branches(branches) = &mut self.graph.columns[*column].source {
                branches.push(*branch);
            }
        }
        relation
    }

    fn set_expression(
        &mut self,
        body: &SetExpr,
        order: Option<&OrderBy>,
        parent: Option<&Scope<'_>>,
        in_exists: bool,
    ) -> RelationId {
        let relation = match body {
            SetExpr::Select(select) => return self.select(select, order, parent, in_exists),
            SetExpr::Query(query) => self.query(query, parent),
            SetExpr::SetOperation { .. } => self.set_operation(body, parent),
            SetExpr::Values(values) => self.values(values.rows.iter().map(|row| &row.content), parent),
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) | SetExpr::Table(_) => {
                self.is_lost = true;
                self.unresolved(0..0, "this part of the query is not understood".to_owned());
                self.graph.relation(Relation::default())
            }
        };
        if let Some(order) = order {
            let item = Item { alias: None, relation, value: None, base: None, path: None, is_hidden: false };
            let scope = Scope { items: vec![item], parent, ..Scope::default() };
            let mut uses = Vec::new();
            self.order_by(order, &scope, &[], &mut uses);
            self.graph.relations[relation].required.extend(uses);
        }
        relation
    }

    fn values<'e>(&mut self, rows: impl Iterator<Item = &'e Vec<Expr>>, parent: Option<&Scope<'_>>) -> RelationId {
        let scope = Scope { parent, ..Scope::default() };
        let mut required = Vec::new();
        for expr in rows.flatten() {
            // `DEFAULT` stands for a value of the target.
            if !matches!(expr, Expr::Identifier(name) if name.value.eq_ignore_ascii_case("DEFAULT")) {
                self.uses(expr, &scope, &mut required);
            }
        }
        self.graph.relation(Relation { required, ..Relation::default() })
    }

    fn set_operation(&mut self, body: &SetExpr, parent: Option<&Scope<'_>>) -> RelationId {
        let mut branches = Vec::new();
        let (mut keeps_all, mut by_name) = (true, false);
        let mut body = body;
        // Long chains lean to the left: walked, not called.
        while let SetExpr::SetOperation { left, op, set_quantifier, right } = body {
            branches.push(&**right);
            keeps_all &=
                *op == SetOperator::Union && !matches!(set_quantifier, SetQuantifier::Distinct | SetQuantifier::DistinctByName);
            by_name |= matches!(set_quantifier, SetQuantifier::ByName | SetQuantifier::AllByName | SetQuantifier::DistinctByName);
            body = left;
        }
        branches.push(body);
        branches.reverse();
        for branch in &branches {
            if let SetExpr::Query(query) = branch {
                self.notice_idle_order(query);
            }
        }
        let relations: Vec<RelationId> =
            branches.into_iter().map(|branch| self.set_expression(branch, None, parent, false)).collect();
        self.united(&relations, keeps_all, by_name)
    }

    /// A relation of the rows of several.
    pub(super) fn united(&mut self, branches: &[RelationId], keeps_all: bool, by_name: bool) -> RelationId {
        let relation = self.graph.relation(Relation {
            inputs: branches.to_vec(),
            rows_of: branches.to_vec(),
            is_transparent: true,
            ..Relation::default()
        });
        for branch in branches {
            self.graph.relations[*branch].references += 1;
        }
        let is_open = branches.iter().any(|branch| !self.graph.relations[*branch].open.is_empty());
        if is_open {
            self.graph.relations[relation].open.push(Open::Branches(branches.to_vec()));
        }
        let lists: Vec<Vec<(String, usize)>> =
            branches.iter().map(|branch| self.graph.relations[*branch].columns.clone()).collect();
        let rows = if by_name || is_open { by_names(&lists) } else { by_positions(&lists) };
        for (name, columns) in rows {
            let data_type = columns.first().map(|column| self.graph.columns[*column].data_type.clone());
            self.graph.show(relation, &name, data_type.unwrap_or_default(), Source::Branches(columns));
        }
        if !keeps_all {
            let all = lists.iter().flatten().map(|(_, column)| Use::Column { column: *column, path: Path::new(), at: 0..0 });
            let rows = branches.iter().map(|branch| Use::Row(*branch));
            self.graph.relations[relation].required = all.chain(rows).collect();
        }
        relation
    }

    fn select(&mut self, select: &Select, order: Option<&OrderBy>, parent: Option<&Scope<'_>>, in_exists: bool) -> RelationId {
        let around = self.ledger.enter();
        let mut from = self.from(&select.from, parent);
        let mut required = std::mem::take(&mut from.required);
        if let Some(condition) = &select.selection {
            let items = if from.stops_filters { Vec::new() } else { from.scope.items.clone() };
            self.filter(condition, &from.scope, &items, &mut required);
            self.equalities(condition, &from.scope, &items, &items);
        }
        self.notice_cross_joins(&select.from, select.selection.as_ref(), &from.scope);
        let n_windows = self.n_windows;
        self.windows(select, &mut from.scope);
        let n_stars = self.stars.len();
        let outputs = self.outputs(&select.projection, &from.scope);
        if in_exists {
            self.stars.truncate(n_stars);
        }
        from.scope.aliases = outputs.columns.clone();
        self.grouping(select, &mut from.scope, &outputs, &mut required);
        from.scope.prefers_aliases = true;
        for condition in select.having.iter().chain(&select.qualify) {
            self.uses(condition, &from.scope, &mut required);
        }
        let is_struct = matches!(select.value_table_mode, Some(ValueTableMode::AsStruct));
        // A struct is made whole, whatever is read of it.
        if is_struct
            || select.distinct.is_some()
            || matches!(select.value_table_mode, Some(ValueTableMode::DistinctAsStruct | ValueTableMode::DistinctAsValue))
        {
            required.extend(outputs.columns.iter().flat_map(|(_, value)| value.uses.iter().cloned()));
            required.extend(outputs.rows_of.iter().map(|inner| Use::Row(*inner)));
        }
        if let Some(order) = order {
            self.order_by(order, &from.scope, &outputs.columns, &mut required);
        }
        let is_transparent = self.n_windows == n_windows && !from.stops_filters;
        let relation = self.projected(&from, outputs, required);
        self.graph.relations[relation].is_transparent = is_transparent;
        if matches!(select.value_table_mode, Some(ValueTableMode::AsValue | ValueTableMode::DistinctAsValue))
            && let Some((name, _)) = self.graph.relations[relation].columns.first_mut()
        {
            VALUE.clone_into(name);
            self.open_value(relation);
        }
        self.ledger.leave(around);
        relation
    }

    /// Rows that are values of a type that is not known may have any field.
    fn open_value(&mut self, relation: RelationId) {
        let value = self.graph.relations[relation].columns.first().map(|(_, column)| *column);
        if let Some(column) = value.filter(|column| matches!(self.graph.columns[*column].data_type, Type::Unknown)) {
            self.graph.relations[relation].open.push(Open::Value(column));
        }
    }

    /// A relation that shows these outputs of a `FROM`.
    pub(super) fn projected(&mut self, from: &From<'_>, outputs: Outputs, required: Vec<Use>) -> RelationId {
        let inputs = from.scope.items.iter().map(|item| item.relation).collect();
        let Outputs { columns, open, rows_of } = outputs;
        let of = Some(from.scope.id);
        let relation =
            self.graph.relation(Relation { inputs, required, open, rows_of, of, is_transparent: true, ..Relation::default() });
        for (name, value) in columns {
            let (at, wraps, chain) = (value.at, value.wraps, value.chain);
            let source = match value.same {
                Some((column, path)) => Source::Same(column, path),
                None => Source::Computed(value.uses),
            };
            let column = self.graph.show(relation, &name, value.data_type, source);
            self.graph.columns[column].at = at;
            self.graph.columns[column].wraps = wraps;
            if let Some(chain) = chain {
                self.ledger.is_chain(column, chain);
            }
        }
        relation
    }

    fn windows(&mut self, select: &Select, scope: &mut Scope<'_>) {
        for definition in &select.named_window {
            let mut uses = Vec::new();
            match &definition.1 {
                NamedWindowExpr::WindowSpec(spec) => self.window_spec(spec, scope, &mut uses),
                NamedWindowExpr::NamedWindow(name) => {
                    let found = scope.windows.iter().find(|(known, _)| known.eq_ignore_ascii_case(&name.value));
                    uses.extend(found.into_iter().flat_map(|(_, uses)| uses.iter().cloned()));
                }
            }
            if !self.spend(scope.windows.len() + uses.len()) {
                return;
            }
            scope.windows.push((definition.0.value.clone(), uses));
        }
    }

    fn grouping(&mut self, select: &Select, scope: &mut Scope<'_>, outputs: &Outputs, required: &mut Vec<Use>) {
        match &select.group_by {
            GroupByExpr::All(_) => {
                for (item, (_, value)) in select.projection.iter().zip(&outputs.columns) {
                    if !has_aggregate(item) {
                        if let SelectItem::ExprWithAlias { expr, .. } | SelectItem::UnnamedExpr(expr) = item {
                            self.note_key(expr, &value.uses);
                        }
                        required.extend(value.uses.iter().cloned());
                    }
                }
            }
            GroupByExpr::Expressions(keys, _) => {
                scope.prefers_aliases = true;
                for key in keys {
                    let n_required = required.len();
                    self.key(key, scope, &outputs.columns, required);
                    let written = super::zone::written(key, &select.projection);
                    self.note_key(written, required.get(n_required..).unwrap_or_default());
                }
                scope.prefers_aliases = false;
            }
        }
    }

    /// A key of `GROUP BY` or `ORDER BY`: an expression, or the number of an output.
    fn key(&mut self, key: &Expr, scope: &Scope<'_>, outputs: &[(String, Value)], required: &mut Vec<Use>) {
        if let Expr::Value(number) = key
            && let Ok(number) = number.value.to_string().parse::<usize>()
        {
            let output = number.checked_sub(1).and_then(|at| outputs.get(at));
            return required.extend(output.into_iter().flat_map(|(_, value)| value.uses.iter().cloned()));
        }
        self.uses(key, scope, required);
    }

    fn order_by(&mut self, order: &OrderBy, scope: &Scope<'_>, outputs: &[(String, Value)], required: &mut Vec<Use>) {
        match &order.kind {
            OrderByKind::All(_) => required.extend(outputs.iter().flat_map(|(_, value)| value.uses.iter().cloned())),
            OrderByKind::Expressions(keys) => {
                for key in keys {
                    self.key(&key.expr, scope, outputs, required);
                }
            }
        }
    }

    /// The select list, with its stars written out.
    pub(super) fn outputs(&mut self, items: &[SelectItem], scope: &Scope<'_>) -> Outputs {
        let mut out = Outputs::default();
        for item in items {
            match item {
                SelectItem::UnnamedExpr(expr) => self.output(expr, super::expression::implied_name(expr), scope, &mut out),
                SelectItem::ExprWithAlias { expr, alias } => self.output(expr, Some(alias.value.clone()), scope, &mut out),
                SelectItem::ExprWithAliases { expr, aliases } => {
                    let name = aliases.first().map(|alias| alias.value.clone());
                    self.output(expr, name, scope, &mut out);
                }
                SelectItem::Wildcard(options) => {
                    let items: Vec<Item> = scope.items.iter().filter(|item| !item.is_hidden).cloned().collect();
                    self.star(&items, options, None, scope, &mut out);
                }
                SelectItem::QualifiedWildcard(kind, options) => self.qualified_star(kind, options, scope, &mut out),
            }
        }
        out
    }

    fn output(&mut self, expr: &Expr, name: Option<String>, scope: &Scope<'_>, out: &mut Outputs) {
        let n_products = self.ledger.n_products();
        let mut value = self.value(expr, scope);
        if value.at.end == 0 {
            value.at = self.place(filter::range_of(expr, &self.source.text));
        }
        if let Some(name) = &name {
            self.ledger.name_products(n_products, &value.at, name);
        }
        value.chain = self.chain_of_output(expr, scope);
        out.columns.push((name.unwrap_or_default(), value));
    }

    /// The type of one row of a subquery.
    pub(super) fn row_type(&self, query: &Query, relation: RelationId) -> Type {
        let columns = &self.graph.relations[relation].columns;
        let is_struct = matches!(&*query.body, SetExpr::Select(select) if matches!(select.value_table_mode, Some(ValueTableMode::AsStruct | ValueTableMode::DistinctAsStruct)));
        let mut types = columns.iter().map(|(name, column)| (name.clone(), self.graph.columns[*column].data_type.clone()));
        if is_struct && self.graph.relations[relation].open.is_empty() {
            return Type::Struct(Rc::new(types.collect()));
        }
        if is_struct { Type::Unknown } else { types.next().map(|(_, found)| found).unwrap_or_default() }
    }
}

/// Walked, not called: set operations are long chains that lean to the left.
fn first_branch(body: &SetExpr) -> &SetExpr {
    let mut body = body;
    while let SetExpr::SetOperation { left, .. } = body {
        body = left;
    }
    body
}

fn by_positions(lists: &[Vec<(String, usize)>]) -> Vec<(String, Vec<usize>)> {
    let Some(first) = lists.first() else { return Vec::new() };
    let column = |at: usize| lists.iter().filter_map(|list| list.get(at)).map(|(_, column)| *column).collect();
    first.iter().enumerate().map(|(at, (name, _))| (name.clone(), column(at))).collect()
}

fn by_names(lists: &[Vec<(String, usize)>]) -> Vec<(String, Vec<usize>)> {
    let mut out: Vec<(String, Vec<usize>)> = Vec::new();
    for (name, column) in lists.iter().flatten() {
        match out.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            Some((_, columns)) => columns.push(*column),
            None => out.push((name.clone(), vec![*column])),
        }
    }
    out
}

/// For `GROUP BY ALL`, which groups by whatever holds no aggregate.
pub(super) fn has_aggregate(item: &SelectItem) -> bool {
    const AGGREGATES: &[&str] = &[
        "ANY_VALUE(",
        "ARRAY_AGG(",
        "AVG(",
        "COUNT(",
        "COUNTIF(",
        "MAX(",
        "MIN(",
        "STRING_AGG(",
        "SUM(",
        "LOGICAL_AND(",
        "LOGICAL_OR(",
        "APPROX_",
        "MAX_BY(",
        "MIN_BY(",
        "STDDEV",
        "VAR",
        "CORR(",
        "HLL_COUNT.",
        "BIT_AND(",
        "BIT_OR(",
    ];
    let text = item.to_string().to_ascii_uppercase();
    AGGREGATES.iter().any(|name| text.contains(name))
}
