//! Pipe syntax: each operator makes a new table of the one before it.

use super::Resolver;
use super::from::From;
use super::graph::{Path, Relation, RelationId, Source, Use};
use super::scope::{Item, Scope, Value};
use super::select::Outputs;
use crate::sql::parse::DISTINCT;
use sqlparser::ast::{AssignmentTarget, Expr, ExprWithAliasAndOrderBy, PipeOperator, Query, SetQuantifier};

impl Resolver<'_> {
    pub(super) fn pipe(&mut self, from: From<'_>, operators: &[PipeOperator]) -> RelationId {
        let mut from = from;
        for operator in operators {
            if !self.spend(from.scope.items.len()) {
                break;
            }
            self.operator(operator, &mut from);
        }
        self.materialised(&mut from)
    }

    fn operator(&mut self, operator: &PipeOperator, from: &mut From<'_>) {
        match operator {
            PipeOperator::Where { expr } => {
                let items = if from.stops_filters { Vec::new() } else { from.scope.items.clone() };
                let mut uses = Vec::new();
                self.filter(expr, &from.scope, &items, &mut uses);
                self.equalities(expr, &from.scope, &items, &items);
                from.required.extend(uses);
            }
            PipeOperator::OrderBy { exprs } => {
                let mut uses = Vec::new();
                self.order(exprs, &from.scope, &mut uses);
                from.required.extend(uses);
            }
            PipeOperator::Limit { .. } => {
                self.limit(from);
            }
            PipeOperator::Select { exprs } => {
                let outputs = self.outputs(exprs, &from.scope);
                self.become_outputs(outputs, from);
            }
            PipeOperator::Extend { exprs } => {
                let outputs = self.outputs(exprs, &from.scope);
                let relation = self.projected(from, outputs, Vec::new());
                self.graph.relations[relation].is_transparent = false;
                let item = self.item(relation, None, None);
                from.scope.items.push(item);
            }
            PipeOperator::As { alias } => {
                self.only(from, Some(alias.value.clone()));
            }
            PipeOperator::Aggregate { full_table_exprs, group_by_expr } => self.aggregate(full_table_exprs, group_by_expr, from),
            PipeOperator::Join(join) => self.join(join, 0, from),
            PipeOperator::TableSample { .. } => {}
            PipeOperator::Union { set_quantifier, queries } => {
                let keeps_all = !matches!(set_quantifier, SetQuantifier::Distinct | SetQuantifier::DistinctByName);
                self.unite(queries, keeps_all, *set_quantifier, from);
            }
            PipeOperator::Intersect { set_quantifier, queries } | PipeOperator::Except { set_quantifier, queries } => {
                self.unite(queries, false, *set_quantifier, from);
            }
            PipeOperator::Set { .. } | PipeOperator::Drop { .. } | PipeOperator::Rename { .. } => self.rename(operator, from),
            PipeOperator::Call { function, .. } if function.name.to_string() == DISTINCT => self.distinct(from),
            PipeOperator::Call { .. } => self.not_followed(from),
            PipeOperator::Pivot { aggregate_functions, alias, .. } => {
                let inner = self.taken(from);
                let relation = self.pivot(inner, aggregate_functions);
                self.replace(relation, alias.as_ref().map(|alias| alias.value.clone()), from);
            }
            PipeOperator::Unpivot { value_column, name_column, unpivot_columns, alias } => {
                let inner = self.taken(from);
                let columns: Vec<Expr> = unpivot_columns.iter().cloned().map(Expr::Identifier).collect();
                let names = [value_column, name_column].map(|name| name.value.clone());
                let relation = self.unpivot(inner, &columns.iter().collect::<Vec<_>>(), names.into_iter());
                self.replace(relation, alias.as_ref().map(|alias| alias.value.clone()), from);
            }
        }
    }

    /// All that is at hand so far, taken out of it.
    fn taken<'s>(&mut self, from: &mut From<'s>) -> From<'s> {
        let parent = from.scope.parent;
        let id = self.graph.next_scope();
        std::mem::replace(from, From { scope: Scope { id, parent, ..Scope::default() }, ..From::default() })
    }

    /// The same tables; what filters them from here on filters what is left of them.
    fn limit(&mut self, from: &mut From<'_>) {
        for at in 0..from.scope.items.len() {
            let Some(item) = from.scope.items.get(at).cloned() else { continue };
            let relation = self.graph.relation(Relation::default());
            self.pass(item.relation, relation);
            let limited = self.item(relation, item.alias.clone(), item.base.clone());
            if let Some(place) = from.scope.items.get_mut(at) {
                *place = Item { path: item.path, is_hidden: item.is_hidden, ..limited };
            }
        }
    }

    /// Which rows there are depends on all columns.
    fn distinct(&mut self, from: &mut From<'_>) {
        for item in from.scope.items.iter().filter(|item| !item.is_hidden) {
            let columns = self.graph.relations[item.relation].columns.iter();
            let uses = columns.map(|(_, column)| Use::Column { column: *column, path: Path::new(), at: 0..0 });
            from.required.extend(uses);
        }
    }

    /// All columns are needed, and what comes out is not followed.
    fn not_followed(&mut self, from: &mut From<'_>) {
        self.unresolved(0..0, "what comes after this pipe operator is not followed by column".to_owned());
        let relation = self.only(from, None);
        let columns = self.graph.relations[relation].columns.clone();
        let uses: Vec<Use> =
            columns.iter().map(|(_, column)| Use::Column { column: *column, path: Path::new(), at: 0..0 }).collect();
        let value = self.graph.column(relation, "", super::graph::Type::Unknown, Source::Computed(uses.clone()));
        let outer = self.graph.relation(Relation { inputs: vec![relation], required: uses, ..Relation::default() });
        self.graph.relations[outer].open.push(super::graph::Open::Value(value));
        let item = self.item(outer, None, None);
        from.scope.items = vec![item];
    }

    /// One relation of all that is at hand.
    fn materialised(&mut self, from: &mut From<'_>) -> RelationId {
        let required = std::mem::take(&mut from.required);
        let of = Some(from.scope.id);
        let relation = self.graph.relation(Relation { required, of, is_transparent: !from.stops_filters, ..Relation::default() });
        for item in from.scope.items.iter().filter(|item| !item.is_hidden) {
            self.pass(item.relation, relation);
        }
        relation
    }

    fn only(&mut self, from: &mut From<'_>, alias: Option<String>) -> RelationId {
        let relation = self.materialised(from);
        self.replace(relation, alias, from);
        relation
    }

    fn replace(&mut self, relation: RelationId, alias: Option<String>, from: &mut From<'_>) {
        let item: Item = self.item(relation, alias, None);
        let parent = from.scope.parent;
        from.scope = Scope { id: self.graph.next_scope(), items: vec![item], parent, ..Scope::default() };
        from.stops_filters = false;
    }

    fn become_outputs(&mut self, outputs: Outputs, from: &mut From<'_>) {
        let required = std::mem::take(&mut from.required);
        let relation = self.projected(from, outputs, required);
        self.graph.relations[relation].is_transparent = !from.stops_filters;
        self.replace(relation, None, from);
    }

    fn aggregate(&mut self, values: &[ExprWithAliasAndOrderBy], keys: &[ExprWithAliasAndOrderBy], from: &mut From<'_>) {
        let mut outputs = Outputs::default();
        for (at, one) in keys.iter().chain(values).enumerate() {
            let value = self.value(&one.expr.expr, &from.scope);
            if at < keys.len() {
                from.required.extend(value.uses.iter().cloned());
            }
            let alias = one.expr.alias.as_ref().map(|alias| alias.value.clone());
            let name = alias.or_else(|| super::expression::implied_name(&one.expr.expr)).unwrap_or_default();
            outputs.columns.push((name, value));
        }
        self.become_outputs(outputs, from);
    }

    fn unite(&mut self, queries: &[Query], keeps_all: bool, quantifier: SetQuantifier, from: &mut From<'_>) {
        let by_name = matches!(quantifier, SetQuantifier::ByName | SetQuantifier::AllByName | SetQuantifier::DistinctByName);
        let mut branches = vec![self.materialised(from)];
        let parent = from.scope.parent;
        branches.extend(queries.iter().map(|query| self.query(query, parent)));
        let relation = self.united(&branches, keeps_all, by_name);
        self.replace(relation, None, from);
    }

    /// `SET`, `DROP`, `RENAME`: the same columns, some of them changed.
    fn rename(&mut self, operator: &PipeOperator, from: &mut From<'_>) {
        let mut values: Vec<(String, Value)> = Vec::new();
        if let PipeOperator::Set { assignments } = operator {
            for assignment in assignments {
                if let AssignmentTarget::ColumnName(name) = &assignment.target {
                    values.push((name.to_string().replace('`', ""), self.value(&assignment.value, &from.scope)));
                }
            }
        }
        // Their aliases stand for the rows as they were.
        let before = from.scope.items.clone();
        let relation = self.materialised(from);
        let source = self.item(relation, None, None);
        let mut outputs = Outputs::default();
        for (name, column) in self.graph.relations[relation].columns.clone() {
            let data_type = self.graph.columns[column].data_type.clone();
            let same = Value::column(column, Path::new(), data_type, 0..0);
            let is = |known: &str| known.eq_ignore_ascii_case(&name);
            match operator {
                PipeOperator::Drop { columns } if columns.iter().any(|known| is(&known.value)) => {}
                PipeOperator::Rename { mappings } => {
                    let new = mappings.iter().find(|mapping| is(&mapping.ident.value));
                    outputs.columns.push((new.map_or(name.clone(), |mapping| mapping.alias.value.clone()), same));
                }
                _ => {
                    let new = values.iter().find(|(known, _)| is(known)).map(|(_, value)| value.clone());
                    outputs.columns.push((name.clone(), new.unwrap_or(same)));
                }
            }
        }
        if !self.graph.relations[relation].open.is_empty() {
            outputs.open.push(super::graph::Open::Relation(relation));
        }
        outputs.rows_of.push(relation);
        from.scope.items = vec![source];
        self.become_outputs(outputs, from);
        from.scope.items.extend(before.into_iter().map(|item| Item { is_hidden: true, ..item }));
    }
}
