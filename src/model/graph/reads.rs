//! Tables, and what is made of them: views, queries, views of LookML.

use super::Kind;
use super::draft::{Draft, Id, shown};
use super::sql::Reads;
use crate::model::facts::Item;
use crate::model::lookml::ask::dashboards;
use crate::model::{Model, Query};

impl Draft {
    /// Tables that something beside statistics defines, or that serve a feed.
    pub(super) fn tables(&mut self, model: &Model) {
        for table in model.tables.values() {
            let (kind, key) = self.of_table(table);
            let node = self.add(kind, &key, shown(&table.id), table.span(), Some(Item::Table(table).subject()));
            node.feeds.extend(table.feeds.iter().cloned());
        }
    }

    pub(super) fn views(&mut self, model: &Model, reads: &Reads<'_>) {
        for (view, sources) in reads.of_views() {
            let Some(view) = model.tables.get(view) else { continue };
            for source in sources {
                self.link(self.of_table(source), self.of_table(view), false);
            }
        }
    }

    /// A query that makes a table is a way to it; another is where the way ends.
    pub(super) fn query(&mut self, query: &Query, model: &Model, reads: &Reads<'_>) {
        let sources = reads.of(query);
        let targets: Vec<Id> = reads.targets(query).iter().map(|id| self.table_called(id, model)).collect();
        let subject = Item::Query(query).subject();
        for target in &targets {
            if let Some(node) = self.nodes.get_mut(target)
                && !node.subjects.contains(&subject)
            {
                node.subjects.push(subject.clone());
            }
            for source in &sources {
                let source = self.of_table(source);
                self.link(source, target.clone(), false);
            }
        }
        if targets.is_empty() && !is_of_looker(query) {
            let key = query.id.to_string();
            let name = key.rsplit('/').next().unwrap_or(&key).to_owned();
            self.add(Kind::Query, &key, name, Some(query.span), Some(subject));
            for source in &sources {
                let source = self.of_table(source);
                self.link(source, (Kind::Query, key.as_str().into()), false);
            }
        }
    }

    pub(super) fn looks(&mut self, model: &Model, reads: &Reads<'_>) {
        for view in &model.views {
            let node = self.add(Kind::Look, &view.name, view.name.as_ref(), Some(view.name_span), None);
            if !view.is_refinement {
                node.span = Some(view.name_span);
            }
            if let Some(table) = view.table.as_ref().and_then(|table| reads.find(&table.value)) {
                let table = self.of_table(table);
                self.link(table, (Kind::Look, view.name.clone()), false);
            }
        }
        for (name, (span, views)) in dashboards(&model.looker) {
            self.add(Kind::Dashboard, name, name, Some(span), None);
            for view in views.into_iter().map(|view| (Kind::Look, view.into())) {
                if self.nodes.contains_key(&view) {
                    self.link(view, (Kind::Dashboard, name.into()), false);
                }
            }
        }
        for query in model.queries.values().filter(|query| is_of_looker(query)) {
            let Some((_, name)) = query.id.path.rsplit_once(':') else { continue };
            let look: Id = (Kind::Look, name.into());
            if let Some(node) = self.nodes.get_mut(&look) {
                node.subjects.push(Item::Query(query).subject());
                for source in reads.of(query) {
                    let source = self.of_table(source);
                    self.link(source, look.clone(), false);
                }
            }
        }
    }
}

/// The query of a derived table in LookML.
fn is_of_looker(query: &Query) -> bool {
    query.id.path.rsplit_once(':').is_some_and(|(path, _)| path.ends_with(".lkml"))
}
