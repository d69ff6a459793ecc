//! Gathers the things of a model and the ways between them, in whatever order.

use super::sql::Reads;
use super::{Kind, Node};
use crate::diagnostic::Subject;
use crate::model::table::TableKind;
use crate::model::{Model, Table, TableId};
use crate::text::Span;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What tells a node apart.
pub(super) type Id = (Kind, Arc<str>);

#[derive(Default)]
pub(super) struct Draft {
    pub(super) nodes: BTreeMap<Id, Node>,
    /// Whether only a feed's definition says so.
    pub(super) edges: BTreeMap<(Id, Id), bool>,
    /// Tables that queries make.
    derived: BTreeSet<TableId>,
}

impl Draft {
    pub(super) fn of(model: &Model, project: Option<&str>) -> Draft {
        let reads = Reads::new(model, project);
        let mut draft = Draft { derived: reads.derived(model), ..Draft::default() };
        draft.buckets(model);
        draft.events(model);
        draft.tables(model);
        draft.workflows(model, &reads);
        draft.feeds(model);
        draft.views(model, &reads);
        for query in model.queries.values().filter(|query| !query.is_body) {
            draft.query(query, model, &reads);
        }
        draft.looks(model, &reads);
        draft
    }

    pub(super) fn add(
        &mut self,
        kind: Kind,
        key: &str,
        name: impl Into<String>,
        span: Option<Span>,
        subject: Option<Subject>,
    ) -> &mut Node {
        let id: Id = (kind, key.into());
        let node =
            || Node { kind, key: id.1.clone(), name: name.into(), span, subjects: Vec::new(), feeds: BTreeSet::new(), depth: 0 };
        let node = self.nodes.entry(id.clone()).or_insert_with(node);
        node.span = node.span.or(span);
        node.subjects.extend(subject.filter(|subject| !node.subjects.contains(subject)));
        node
    }

    pub(super) fn link(&mut self, from: Id, to: Id, is_declared: bool) {
        if from != to {
            let known = self.edges.entry((from, to)).or_insert(is_declared);
            *known &= is_declared;
        }
    }

    pub(super) fn after<'d>(&'d self, id: &'d Id) -> impl Iterator<Item = &'d Id> {
        let least: Id = (Kind::Feed, "".into());
        self.edges.range((id.clone(), least)..).take_while(move |((from, _), _)| from == id).map(|((_, to), _)| to)
    }

    pub(super) fn of_table(&self, table: &Table) -> Id {
        let kind = match table.kind {
            TableKind::View | TableKind::MaterializedView => Kind::View,
            TableKind::Table | TableKind::External if self.derived.contains(&table.id) => Kind::Derived,
            TableKind::Table | TableKind::External => Kind::Table,
        };
        (kind, table.id.to_string().into())
    }

    /// The table of this name, which the repository may only speak of.
    pub(super) fn table_called(&mut self, id: &TableId, model: &Model) -> Id {
        if let Some(table) = model.table_called(id) {
            return self.of_table(table);
        }
        let kind = if self.derived.contains(id) { Kind::Derived } else { Kind::Table };
        let key = id.to_string();
        self.add(kind, &key, shown(id), None, None);
        (kind, key.into())
    }
}

/// Without the project, which is mostly the same for all.
pub(super) fn shown(id: &TableId) -> String {
    match id {
        TableId::Named { dataset, name, .. } => format!("{dataset}.{name}"),
        TableId::Address(address) => address.to_string(),
    }
}
