//! What joins make equal. Who filters one side filters the other: BigQuery demands no filter on a table whose partition
//! column a join makes equal to a filtered one.

use super::Resolver;
use super::filter::conjuncts;
use super::graph::{ColumnId, Equality, Path, Wrapped};
use super::scope::{Item, Scope};
use sqlparser::ast::{BinaryOperator, Expr};

impl Resolver<'_> {
    /// The equalities of a condition under which rows of `onto` are read for rows of `others`.
    pub(super) fn equalities(&mut self, condition: &Expr, scope: &Scope<'_>, others: &[Item], onto: &[Item]) {
        for expr in conjuncts(condition) {
            let Expr::BinaryOp { left, op: BinaryOperator::Eq, right } = expr else { continue };
            if let (Some(left), Some(right)) = (self.alone(left, scope), self.alone(right, scope)) {
                for (first, second) in [(&left, &right), (&right, &left)] {
                    if self.is_of(first, others) && self.is_of(second, onto) {
                        self.equal(first.clone(), second.clone(), scope);
                    }
                }
            }
        }
    }

    /// What `USING` makes equal.
    pub(super) fn equal_columns(&mut self, first: &[ColumnId], second: &[ColumnId], scope: &Scope<'_>) {
        if let ([first, ..], [second, ..]) = (first, second) {
            let bare = |column: &ColumnId| Wrapped::bare((*column, Path::new()));
            self.equal(bare(first), bare(second), scope);
        }
    }

    fn equal(&mut self, first: Wrapped, second: Wrapped, scope: &Scope<'_>) {
        let relation = |wrapped: &Wrapped| self.graph.columns[wrapped.named.0].relation;
        // What a function of a column is compared with says nothing of the column that could be carried on.
        if first.through.is_empty() && relation(&first) != relation(&second) {
            self.graph.equalities.push(Equality { scope: scope.id, first: first.named, second });
        }
    }

    fn is_of(&self, wrapped: &Wrapped, items: &[Item]) -> bool {
        let relation = self.graph.columns[wrapped.named.0].relation;
        items.iter().any(|item| item.relation == relation)
    }
}
