//! `PIVOT` and `UNPIVOT`, in `FROM` and as pipe operators.

use super::Resolver;
use super::expression::implied_name;
use super::from::{From, VALUE};
use super::graph::{Open, Relation, RelationId, Source, Type};
use sqlparser::ast::{Expr, ExprWithAlias};

impl Resolver<'_> {
    /// `PIVOT` groups by every column that it does not name, so that all of them are read.
    pub(super) fn pivot(&mut self, inner: From<'_>, aggregates: &[ExprWithAlias]) -> RelationId {
        let mut uses = inner.required;
        for aggregate in aggregates {
            self.uses(&aggregate.expr, &inner.scope, &mut uses);
        }
        let relation = self.graph.relation(Relation::default());
        for item in inner.scope.items.iter().filter(|item| !item.is_hidden) {
            uses.extend(self.row(item, &(0..0)).uses);
            self.pass(item.relation, relation);
        }
        let column = self.graph.column(relation, VALUE, Type::Unknown, Source::Computed(uses.clone()));
        let target = &mut self.graph.relations[relation];
        target.required = uses;
        target.open.push(Open::Value(column));
        relation
    }

    /// `columns` become rows, of which each has a value and the name of its column: `names`.
    pub(super) fn unpivot(&mut self, inner: From<'_>, columns: &[&Expr], names: impl Iterator<Item = String>) -> RelationId {
        let parts = |column: &'_ Expr| if let Expr::Tuple(parts) = column { parts.clone() } else { vec![column.clone()] };
        let columns: Vec<Expr> = columns.iter().flat_map(|column| parts(column)).collect();
        let mut uses = inner.required;
        columns.iter().for_each(|column| self.uses(column, &inner.scope, &mut uses));
        // The columns that are kept are read whether or not anything above asks for them.
        for item in inner.scope.items.iter().filter(|item| !item.is_hidden) {
            uses.extend(self.row(item, &(0..0)).uses);
        }
        let relation = self.graph.relation(Relation { required: uses.clone(), ..Relation::default() });
        for item in inner.scope.items.iter().filter(|item| !item.is_hidden) {
            self.pass(item.relation, relation);
        }
        let gone: Vec<String> = columns.iter().filter_map(implied_name).collect();
        let is_gone = |name: &str| gone.iter().any(|gone| gone.eq_ignore_ascii_case(name));
        self.graph.relations[relation].columns.retain(|(name, _)| !is_gone(name));
        for name in names {
            self.graph.show(relation, &name, Type::Scalar, Source::Computed(uses.clone()));
        }
        relation
    }
}
