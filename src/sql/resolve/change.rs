//! `INSERT`, `UPDATE`, `DELETE`, `MERGE`: what they read, and the table that they change.

use super::Resolver;
use super::from::{From, idents};
use super::graph::{Relation, RelationId, Use};
use super::scope::{Item, Scope, range_of};
use sqlparser::ast::{
    Assignment, AssignmentTarget, Expr, FromTable, Ident, Merge, MergeAction, MergeClauseKind, MergeInsertKind, MergeUpdateKind,
    ObjectName, Statement, TableFactor, TableObject, TableWithJoins, UpdateTableFromKind,
};

/// A `MERGE` that changes no row that is there.
pub(super) fn inserts_only(statement: &Statement) -> bool {
    let inserts = |action: &MergeAction| matches!(action, MergeAction::Insert(_));
    matches!(statement, Statement::Merge(merge) if merge.clauses.iter().all(|clause| inserts(&clause.action)))
}

impl Resolver<'_> {
    pub(super) fn change(&mut self, statement: &Statement) -> RelationId {
        match statement {
            Statement::Insert(insert) => match (&insert.source, &insert.table) {
                (Some(query), _) => self.query(query, None),
                (None, TableObject::TableName(_) | TableObject::TableFunction(_) | TableObject::TableQuery(_)) => {
                    self.graph.relation(Relation::default())
                }
            },
            Statement::Update(update) => {
                let more = match &update.from {
                    Some(UpdateTableFromKind::BeforeSet(tables) | UpdateTableFromKind::AfterSet(tables)) => tables.as_slice(),
                    None => &[],
                };
                self.update(&update.table, &update.assignments, more, update.selection.as_ref())
            }
            Statement::Delete(delete) => {
                let (FromTable::WithFromKeyword(tables) | FromTable::WithoutKeyword(tables)) = &delete.from;
                match tables.first() {
                    Some(table) => self.update(table, &[], &[], delete.selection.as_ref()),
                    None => self.delete_by_name(&delete.tables, delete.selection.as_ref()),
                }
            }
            Statement::Merge(merge) => self.merge(merge),
            _ => {
                self.unresolved(0..0, "what this statement reads is not known".to_owned());
                self.graph.relation(Relation::default())
            }
        }
    }

    fn delete_by_name(&mut self, tables: &[ObjectName], condition: Option<&Expr>) -> RelationId {
        let mut from = From::default();
        if let Some(name) = tables.first() {
            self.target(name, None, &mut from);
        }
        self.changed(from, condition)
    }

    fn target(&mut self, name: &ObjectName, alias: Option<&Ident>, from: &mut From<'_>) {
        let path = self.table_path(name);
        let default = path.0.last().cloned();
        let (relation, base) = self.base(&path, range_of(&idents(name)), true);
        let alias = alias.map(|alias| alias.value.clone()).or(default);
        let item = self.item(relation, alias, Some(base));
        from.scope.items.push(item);
    }

    fn target_factor(&mut self, factor: &TableFactor, from: &mut From<'_>) {
        if let TableFactor::Table { name, alias, .. } = factor {
            self.target(name, alias.as_ref().map(|alias| &alias.name), from);
        }
    }

    fn update(
        &mut self,
        table: &TableWithJoins,
        assignments: &[Assignment],
        more: &[TableWithJoins],
        condition: Option<&Expr>,
    ) -> RelationId {
        let mut from = From::default();
        self.target_factor(&table.relation, &mut from);
        let others = self.from(more, None);
        from.scope.items.extend(others.scope.items);
        from.required.extend(others.required);
        let mut uses = Vec::new();
        self.assignments(assignments, &from.scope, &mut uses);
        from.required.extend(uses);
        self.changed(from, condition)
    }

    fn assignments(&mut self, assignments: &[Assignment], scope: &Scope<'_>, uses: &mut Vec<Use>) {
        // The target stands first, and the names of what is set are its own.
        let items: Vec<Item> = scope.items.iter().take(1).cloned().collect();
        let target = Scope { items, ..Scope::default() };
        for assignment in assignments {
            self.new_value(&assignment.value, scope, uses);
            // A column that is set counts as referenced, as Google's analyzer counts it.
            if let AssignmentTarget::ColumnName(name) = &assignment.target {
                uses.extend(self.name(&idents(name), &target).uses);
            }
        }
    }

    fn new_value(&mut self, expr: &Expr, scope: &Scope<'_>, uses: &mut Vec<Use>) {
        let is_default = matches!(expr, Expr::Identifier(name) if name.value.eq_ignore_ascii_case("DEFAULT"));
        if !is_default {
            self.uses(expr, scope, uses);
        }
    }

    fn changed(&mut self, from: From<'_>, condition: Option<&Expr>) -> RelationId {
        let mut required = from.required;
        if let Some(condition) = condition {
            self.filter(condition, &from.scope, &from.scope.items, &mut required);
        }
        let inputs = from.scope.items.iter().map(|item| item.relation).collect();
        self.graph.relation(Relation { inputs, required, ..Relation::default() })
    }

    fn merge(&mut self, merge: &Merge) -> RelationId {
        let mut from = From::default();
        self.target_factor(&merge.table, &mut from);
        let source = TableWithJoins { relation: merge.source.clone(), joins: Vec::new() };
        let source = self.from(std::slice::from_ref(&source), None);
        from.required.extend(source.required);
        from.scope.items.extend(source.scope.items);
        let mut uses = Vec::new();
        // A row of one side without a partner is read when a clause asks for such rows.
        let has = |kinds: &[MergeClauseKind]| merge.clauses.iter().any(|clause| kinds.contains(&clause.clause_kind));
        let reads_all_targets = has(&[MergeClauseKind::NotMatchedBySource]);
        let reads_all_sources = has(&[MergeClauseKind::NotMatched, MergeClauseKind::NotMatchedByTarget]);
        let (targets, sources) = from.scope.items.split_at(1.min(from.scope.items.len()));
        let mut filtered: Vec<Item> = Vec::new();
        filtered.extend(targets.iter().filter(|_| !reads_all_targets).cloned());
        filtered.extend(sources.iter().filter(|_| !reads_all_sources).cloned());
        self.filter(&merge.on, &from.scope, &filtered, &mut uses);
        let (targets, sources) = (targets.to_vec(), sources.to_vec());
        for clause in &merge.clauses {
            // A row that has no partner knows no names of the other side.
            let items = match clause.clause_kind {
                MergeClauseKind::Matched => from.scope.items.clone(),
                MergeClauseKind::NotMatched | MergeClauseKind::NotMatchedByTarget => sources.clone(),
                MergeClauseKind::NotMatchedBySource => targets.clone(),
            };
            let scope = Scope { items, ..Scope::default() };
            if let Some(condition) = &clause.predicate {
                self.uses(condition, &scope, &mut uses);
            }
            self.action(&clause.action, &scope, &sources, &mut uses);
        }
        from.required.extend(uses);
        self.changed(from, None)
    }

    fn action(&mut self, action: &MergeAction, scope: &Scope<'_>, sources: &[Item], uses: &mut Vec<Use>) {
        match action {
            MergeAction::Insert(insert) => match &insert.kind {
                MergeInsertKind::Values(values) => {
                    for expr in values.rows.iter().flat_map(|row| &row.content) {
                        self.new_value(expr, scope, uses);
                    }
                }
                MergeInsertKind::Row | MergeInsertKind::Wildcard => self.whole_source(sources, uses),
            },
            MergeAction::Update(update) => match &update.kind {
                MergeUpdateKind::Set(assignments) => self.assignments(assignments, scope, uses),
                MergeUpdateKind::Wildcard => self.whole_source(sources, uses),
            },
            MergeAction::Delete { .. } | MergeAction::DoNothing { .. } => {}
        }
    }

    fn whole_source(&mut self, sources: &[Item], uses: &mut Vec<Use>) {
        for item in sources {
            uses.extend(self.row(item, &(0..0)).uses);
        }
    }
}
