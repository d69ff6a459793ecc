//! `FROM`: tables, views, subqueries, arrays, joins, pivots.

use super::Resolver;
use super::graph::{Open, Path, Relation, RelationId, Source, Type, Use};
use super::scope::{Item, Scope, Value, ident_range, range_of};
use crate::sql::Via;
use sqlparser::ast::{
    Expr, FunctionArg, Ident, Join, JoinConstraint, JoinOperator, ObjectName, ObjectNamePart, TableAlias, TableFactor,
    TableWithJoins,
};

/// A `FROM` clause as far as it has been read.
#[derive(Debug, Default)]
pub(super) struct From<'s> {
    pub(super) scope: Scope<'s>,
    pub(super) required: Vec<Use>,
    /// A full join: filters after it do not reach its sides.
    pub(super) stops_filters: bool,
}

impl Resolver<'_> {
    pub(super) fn from<'s>(&mut self, tables: &[TableWithJoins], parent: Option<&'s Scope<'s>>) -> From<'s> {
        let scope = Scope { id: self.graph.next_scope(), parent, ..Scope::default() };
        let mut from = From { scope, ..From::default() };
        for table in tables {
            self.table_with_joins(table, &mut from);
        }
        from
    }

    fn table_with_joins(&mut self, table: &TableWithJoins, from: &mut From<'_>) {
        let first = from.scope.items.len();
        if self.spend(first) {
            self.factor(&table.relation, from);
        }
        for join in &table.joins {
            self.join(join, first, from);
        }
    }

    pub(super) fn join(&mut self, join: &Join, first: usize, from: &mut From<'_>) {
        let middle = from.scope.items.len();
        if !self.spend(middle) {
            return;
        }
        self.factor(&join.relation, from);
        let (constraint, side) = sides(&join.join_operator);
        from.stops_filters |= side == Side::Neither;
        match constraint {
            Some(JoinConstraint::On(condition)) => {
                let all = &from.scope.items;
                let items: Vec<Item> = match side {
                    Side::Both => all.get(first..).unwrap_or_default().to_vec(),
                    Side::Right => all.get(middle..).unwrap_or_default().to_vec(),
                    Side::Left => all.get(first..middle).unwrap_or_default().to_vec(),
                    Side::Neither => Vec::new(),
                };
                let mut uses = Vec::new();
                self.filter(condition, &from.scope, &items, &mut uses);
                let others = if side == Side::Neither { &[] } else { all.get(first..).unwrap_or_default() };
                self.equalities(condition, &from.scope, others, &items);
                from.required.extend(uses);
            }
            Some(JoinConstraint::Using(names)) => self.using(names, middle, side, from),
            Some(JoinConstraint::Natural) => {
                let range = 0..0;
                self.unresolved(range, "the columns of a natural join are not counted".to_owned());
            }
            Some(JoinConstraint::None) | None => {}
        }
    }

    fn using(&mut self, names: &[ObjectName], middle: usize, side: Side, from: &mut From<'_>) {
        for name in names.iter().filter_map(|name| idents(name).last().cloned()) {
            if !self.spend(from.scope.merged.len() + from.scope.items.len()) {
                return;
            }
            let at = self.place(ident_range(&name));
            let items = from.scope.items.clone();
            let (left, right) = items.split_at(middle.min(items.len()));
            let mut columns: Vec<usize> = Vec::new();
            let merged = from.scope.merged.iter().find(|(known, _)| known.eq_ignore_ascii_case(&name.value));
            let left_columns = match merged {
                Some((_, columns)) => columns.clone(),
                None => self.columns_named(left, &name),
            };
            let right_columns = self.columns_named(right, &name);
            if left_columns.is_empty() || right_columns.is_empty() {
                self.unknown_in_using(&name, left, right);
            }
            let (one, other) = if side == Side::Left { (right_columns, left_columns) } else { (left_columns, right_columns) };
            if side != Side::Neither {
                self.equal_columns(one.as_slice(), other.as_slice(), &from.scope);
            }
            if side == Side::Both {
                self.equal_columns(other.as_slice(), one.as_slice(), &from.scope);
            }
            columns.extend(one.into_iter().chain(other));
            from.required.extend(columns.iter().map(|column| Use::Column { column: *column, path: Path::new(), at: at.clone() }));
            self.note_using(&columns, &at);
            from.scope.merged.retain(|(known, _)| !known.eq_ignore_ascii_case(&name.value));
            from.scope.merged.push((name.value.clone(), columns));
        }
    }

    fn columns_named(&mut self, items: &[Item], name: &Ident) -> Vec<usize> {
        for item in items {
            let found = self.columns_of(item, &name.value);
            if !found.is_empty() {
                return found;
            }
            if let Some(value) = item.value
                && item.alias.as_deref().is_some_and(|alias| alias.eq_ignore_ascii_case(&name.value))
            {
                return vec![value];
            }
        }
        items.iter().filter_map(|item| self.graph.guessed(item.relation, &name.value)).collect()
    }

    fn factor(&mut self, factor: &TableFactor, from: &mut From<'_>) {
        match factor {
            TableFactor::Table { name, alias, args: None, sample, .. } => {
                let n_bases = self.graph.bases.len();
                self.table(name, alias.as_ref(), from);
                let percent = sample.as_ref().and_then(super::base::percent);
                for base in self.graph.bases.iter_mut().skip(n_bases) {
                    base.sample_percent = percent.or(base.sample_percent);
                }
            }
            TableFactor::Table { name, alias, args: Some(args), .. } => {
                self.table_function(name, &args.args, alias.as_ref(), from);
            }
            TableFactor::Function { name, args, alias, .. } => self.table_function(name, args, alias.as_ref(), from),
            TableFactor::TableFunction { expr, alias } => {
                let mut uses = Vec::new();
                self.uses(expr, &from.scope, &mut uses);
                self.opaque(uses, alias.as_ref(), from);
            }
            TableFactor::Derived { subquery, alias, .. } => {
                self.notice_idle_order(subquery);
                let relation = self.query(subquery, from.scope.parent);
                self.renamed(relation, alias.as_ref());
                from.scope.items.push(self.item(relation, alias_name(alias.as_ref()), None));
            }
            TableFactor::UNNEST { alias, array_exprs, with_offset, with_offset_alias, .. } => {
                let offset =
                    with_offset.then(|| with_offset_alias.as_ref().map_or("offset".to_owned(), |name| name.value.clone()));
                for expr in array_exprs {
                    let value = self.value(expr, &from.scope);
                    self.unnest(value, alias_name(alias.as_ref()), offset.clone(), from);
                }
            }
            TableFactor::NestedJoin { table_with_joins, .. } => self.table_with_joins(table_with_joins, from),
            TableFactor::Pivot { table, aggregate_functions, alias, .. } => {
                let inner = self.alone_in(table, from);
                let relation = self.pivot(inner, aggregate_functions);
                from.scope.items.push(self.item(relation, alias_name(alias.as_ref()), None));
            }
            TableFactor::Unpivot { table, value, name, columns, alias, .. } => {
                let columns: Vec<&Expr> = columns.iter().map(|column| &column.expr).collect();
                let inner = self.alone_in(table, from);
                let values: Vec<&Expr> = if let Expr::Tuple(parts) = value { parts.iter().collect() } else { vec![value] };
                let names = values.into_iter().filter_map(super::expression::implied_name).chain([name.value.clone()]);
                let relation = self.unpivot(inner, &columns, names);
                from.scope.items.push(self.item(relation, alias_name(alias.as_ref()), None));
            }
            // What it makes of its rows is not followed: all of them are needed.
            TableFactor::MatchRecognize { table, alias, .. } => {
                let inner = self.alone_in(table, from);
                let relation = self.pivot(inner, &[]);
                from.scope.items.push(self.item(relation, alias_name(alias.as_ref()), None));
            }
            TableFactor::JsonTable { .. }
            | TableFactor::OpenJsonTable { .. }
            | TableFactor::UnpivotExpr { .. }
            | TableFactor::XmlTable { .. }
            | TableFactor::SemanticView { .. } => {
                self.unresolved(0..0, "this kind of table is not understood, and what it reads is not counted".to_owned());
                self.opaque(Vec::new(), None, from);
            }
        }
    }

    /// The item of a relation whose rows are wanted.
    pub(super) fn item(&mut self, relation: RelationId, alias: Option<String>, base: Option<String>) -> Item {
        self.graph.relations[relation].references += 1;
        let value = self.graph.relations[relation].columns.first().filter(|(name, _)| name == VALUE).map(|(_, column)| *column);
        Item { alias, relation, value, base, path: None, is_hidden: false }
    }

    /// `AS t (a, b)` names columns anew.
    pub(super) fn renamed(&mut self, relation: RelationId, alias: Option<&TableAlias>) {
        let names = alias.into_iter().flat_map(|alias| &alias.columns);
        let columns = &mut self.graph.relations[relation].columns;
        for ((known, _), column) in columns.iter_mut().zip(names) {
            *known = column.name.value.clone();
        }
    }

    fn table(&mut self, name: &ObjectName, alias: Option<&TableAlias>, from: &mut From<'_>) {
        let names = idents(name);
        let Some(first) = names.first() else { return };
        if names.len() == 1
            && let Some((_, relation)) = self.tables.iter().rev().find(|(known, _)| known.eq_ignore_ascii_case(&first.value))
        {
            let relation = *relation;
            self.notice_reference(relation);
            self.graph.relations[relation].named_in.push(from.scope.id);
            let alias = alias_name(alias).or_else(|| Some(first.value.clone()));
            return from.scope.items.push(self.item(relation, alias, None));
        }
        if names.len() > 1
            && first.span != names.last().map_or(first.span, |last| last.span)
            && self.is_path_of_item(first, &from.scope)
        {
            let value = self.name(&names, &from.scope);
            let alias = alias_name(alias).or_else(|| names.last().map(|name| name.value.clone()));
            return self.unnest(value, alias, None, from);
        }
        let written = self.table_path(name);
        let default = written.0.last().cloned();
        let range = range_of(&names);
        let (relation, base) = self.base(&written, range, false);
        let mut item = self.item(relation, alias_name(alias).or(default), Some(base));
        item.path = alias.is_none().then(|| written.to_string());
        from.scope.items.push(item);
    }

    /// `FROM t, t.array`: the first name is an alias before it, here or around.
    fn is_path_of_item(&self, first: &Ident, scope: &Scope<'_>) -> bool {
        let mut level = Some(scope);
        while let Some(scope) = level {
            if scope.items.iter().any(|item| item.alias.as_deref().is_some_and(|alias| alias.eq_ignore_ascii_case(&first.value)))
            {
                return true;
            }
            level = scope.parent;
        }
        false
    }

    /// Rows out of an array: its elements are a value that the alias names.
    pub(super) fn unnest(&mut self, array: Value, alias: Option<String>, offset: Option<String>, from: &mut From<'_>) {
        self.note_array(&array);
        let element = array.data_type.element();
        let relation = self.graph.relation(Relation { is_transparent: false, ..Relation::default() });
        let source = match &array.same {
            Some((column, path)) => Source::Same(*column, path.clone()),
            None => Source::Computed(array.uses.clone()),
        };
        let is_open = matches!(element, Type::Unknown);
        let column = self.graph.show(relation, VALUE, element, source);
        self.graph.columns[column].at = array.at.clone();
        if is_open {
            self.graph.relations[relation].open.push(Open::Value(column));
        }
        let required = array.uses.into_iter().map(|used| match (used, &array.same) {
            (Use::Column { column, path, at }, Some(same)) if (column, &path) == (same.0, &same.1) => {
                Use::Presence { column, path, at }
            }
            (used, _) => used,
        });
        from.required.extend(required);
        self.graph.relations[relation].references += 1;
        from.scope.items.push(Item { alias, relation, value: Some(column), base: None, path: None, is_hidden: false });
        if let Some(offset) = offset {
            let numbers = self.graph.relation(Relation::default());
            self.graph.show(numbers, &offset, Type::Scalar, Source::Computed(Vec::new()));
            from.scope.items.push(Item { alias: None, relation: numbers, value: None, base: None, path: None, is_hidden: false });
        }
    }

    /// A relation of which nothing is known but what it needs.
    fn opaque(&mut self, uses: Vec<Use>, alias: Option<&TableAlias>, from: &mut From<'_>) {
        let relation = self.graph.relation(Relation { required: uses.clone(), ..Relation::default() });
        let column = self.graph.column(relation, VALUE, Type::Unknown, Source::Computed(uses));
        self.graph.relations[relation].open.push(Open::Value(column));
        from.scope.items.push(self.item(relation, alias_name(alias), None));
    }

    fn table_function(&mut self, name: &ObjectName, args: &[FunctionArg], alias: Option<&TableAlias>, from: &mut From<'_>) {
        const TRANSPARENT: &[&str] = &["ML", "AI", "VECTOR_SEARCH", "GAP_FILL", "RANGE_SESSIONIZE", "APPENDS", "CHANGES"];
        let names = idents(name);
        if let Some(relation) = self.routine(name) {
            let uses = self.table_function_arguments(args, from);
            from.required.extend(uses);
            return from.scope.items.push(self.item(relation, alias_name(alias), None));
        }
        let is_any =
            |known: &[&str]| names.first().is_some_and(|name| known.iter().any(|one| name.value.eq_ignore_ascii_case(one)));
        let (is_known, is_history) = (is_any(TRANSPARENT), is_any(&HISTORY));
        if is_any(&[EXTERNAL_QUERY]) {
            let place = self.place(range_of(&names));
            self.federated.push(place);
        } else if !is_known {
            self.unresolved(range_of(&names), format!("what the table function `{name}` reads is not known"));
        }
        let n_bases = self.graph.bases.len();
        let uses = self.table_function_arguments(args, from);
        let via = is_history.then_some(Via::History);
        self.graph.bases.iter_mut().skip(n_bases).for_each(|base| base.via = via.or(base.via));
        self.opaque(uses, alias, from);
    }

    fn table_function_arguments(&mut self, args: &[FunctionArg], from: &From<'_>) -> Vec<Use> {
        let mut uses = Vec::new();
        for argument in args {
            match self.argument(argument) {
                Some(expr) if self.is_table_argument(expr) => uses.extend(self.table_argument(expr)),
                Some(Expr::Subquery(query)) => uses.extend(self.subquery(query, &from.scope).uses),
                Some(expr) => self.uses(expr, &from.scope, &mut uses),
                None => {}
            }
        }
        uses
    }

    /// `TABLE t` as an argument: all of it.
    pub(super) fn table_argument(&mut self, expr: &Expr) -> Vec<Use> {
        let names = match expr {
            Expr::Identifier(name) => vec![name.clone()],
            Expr::CompoundIdentifier(names) => names.clone(),
            _ => return Vec::new(),
        };
        let range = range_of(&names);
        let mut from = From::default();
        self.table(&ObjectName(names.into_iter().map(ObjectNamePart::Identifier).collect()), None, &mut from);
        let at = self.place(range);
        let items = from.scope.items;
        items.iter().flat_map(|item| self.row(item, &at).uses).collect()
    }

    /// A `FROM` of one table, at the place of another.
    fn alone_in<'s>(&mut self, table: &TableFactor, from: &From<'s>) -> From<'s> {
        let scope = Scope { id: self.graph.next_scope(), parent: from.scope.parent, ..Scope::default() };
        let mut inner = From { scope, ..From::default() };
        self.factor(table, &mut inner);
        inner
    }

    /// All columns of one relation shown by another.
    pub(super) fn pass(&mut self, inner: RelationId, outer: RelationId) {
        self.graph.relations[outer].inputs.push(inner);
        self.graph.relations[outer].rows_of.push(inner);
        for (name, column) in self.graph.relations[inner].columns.clone() {
            let data_type = self.graph.columns[column].data_type.clone();
            self.graph.show(outer, &name, data_type, Source::Same(column, Path::new()));
        }
        if !self.graph.relations[inner].open.is_empty() {
            self.graph.relations[outer].open.push(Open::Relation(inner));
        }
    }
}

/// Asks another database.
const EXTERNAL_QUERY: &str = "EXTERNAL_QUERY";

/// Functions that read what was written to a table in a span of time.
const HISTORY: [&str; 2] = ["APPENDS", "CHANGES"];

/// The name of a column that is the whole row.
pub(super) const VALUE: &str = "";

/// The side of a join whose rows its condition filters.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Side {
    Both,
    Left,
    Right,
    Neither,
}

fn sides(operator: &JoinOperator) -> (Option<&JoinConstraint>, Side) {
    match operator {
        JoinOperator::Join(on)
        | JoinOperator::Inner(on)
        | JoinOperator::CrossJoin(on)
        | JoinOperator::Semi(on)
        | JoinOperator::LeftSemi(on)
        | JoinOperator::RightSemi(on)
        | JoinOperator::StraightJoin(on) => (Some(on), Side::Both),
        JoinOperator::Left(on) | JoinOperator::LeftOuter(on) | JoinOperator::Anti(on) | JoinOperator::LeftAnti(on) => {
            (Some(on), Side::Right)
        }
        JoinOperator::Right(on) | JoinOperator::RightOuter(on) | JoinOperator::RightAnti(on) => (Some(on), Side::Left),
        JoinOperator::FullOuter(on) => (Some(on), Side::Neither),
        JoinOperator::AsOf { constraint, .. } => (Some(constraint), Side::Neither),
        JoinOperator::CrossApply
        | JoinOperator::OuterApply
        | JoinOperator::ArrayJoin
        | JoinOperator::LeftArrayJoin
        | JoinOperator::InnerArrayJoin => (None, Side::Both),
    }
}

fn alias_name(alias: Option<&TableAlias>) -> Option<String> {
    alias.map(|alias| alias.name.value.clone())
}

/// The names of a path.
pub(super) fn idents(name: &ObjectName) -> Vec<Ident> {
    name.0.iter().filter_map(ObjectNamePart::as_ident).cloned().collect()
}
