//! The ways of feeds through their buckets and loaders into their tables. A workflow is followed; of a function or a service,
//! that it starts when files come is all that is known.

use super::Kind;
use super::draft::{Draft, Id, shown};
use super::sql::Reads;
use crate::model::facts::Item;
use crate::model::workflow::loads_of;
use crate::model::{Feed, Model, TableId};
use std::collections::BTreeSet;
use std::sync::Arc;

impl Draft {
    /// What stands in the calls of workflows, whichever way leads to them: the tables that they load and write.
    pub(super) fn workflows(&mut self, model: &Model, reads: &Reads<'_>) {
        let written = reads.written_by_steps(model);
        for workflow in model.workflows.values() {
            let subject = Item::Workflow(workflow).subject();
            let loaded = loads_of(workflow).into_iter().filter_map(|load| load.table_id());
            let own = written.iter().filter(|(id, _)| **id == workflow.id).map(|(_, table)| table.clone());
            let tables: Vec<Id> = loaded.chain(own).map(|id| self.table_called(&id, model)).collect();
            let id: Id = (Kind::Workflow, workflow.id.0.clone());
            if !model.runners.contains_key(&id.1) && tables.is_empty() {
                // A file that nothing deploys and that loads nothing is on nobody's way.
                continue;
            }
            let name = workflow.address.rsplit('/').next().unwrap_or(&workflow.address);
            self.add(Kind::Workflow, &id.1, name, Some(workflow.span), Some(subject));
            for table in tables {
                self.link(id.clone(), table, false);
            }
        }
    }

    /// The way of each feed, as far as something deployed says it; from there on as it is declared.
    pub(super) fn feeds(&mut self, model: &Model) {
        for feed in model.feeds.values() {
            let id: Id = (Kind::Feed, feed.id.0.clone());
            let subject = Item::Feed(feed).subject();
            let node = self.add(Kind::Feed, &feed.id.0, feed.id.0.as_ref(), Some(feed.name_span), Some(subject));
            node.feeds.insert(feed.id.clone());
            let mut ends = vec![id.clone()];
            if let Some(bucket) = feed.bucket_id() {
                let bucket = self.bucket(&bucket);
                self.link(id.clone(), bucket.clone(), false);
                ends = self.loaders(&bucket);
            }
            for end in &ends {
                if let Some(node) = self.nodes.get_mut(end) {
                    node.feeds.insert(feed.id.clone());
                }
            }
            self.loads(feed, &ends, model);
        }
    }

    /// Where the way from a bucket ends: its loaders, or how far it comes.
    fn loaders(&self, bucket: &Id) -> Vec<Id> {
        let (mut found, mut seen, mut open) = (BTreeSet::new(), BTreeSet::new(), vec![bucket.clone()]);
        while let Some(id) = open.pop() {
            if !seen.insert(id.clone()) {
                continue;
            }
            let next: Vec<Id> = self.after(&id).filter(|next| next.0 < Kind::Table).cloned().collect();
            if next.is_empty() {
                found.insert(id);
            }
            open.extend(next);
        }
        let loaders: Vec<Id> = found.iter().filter(|id| id.0.is_loader()).cloned().collect();
        if loaders.is_empty() { found.into_iter().collect() } else { loaders }
    }

    fn loads(&mut self, feed: &Feed, ends: &[Id], model: &Model) {
        let tables = self.tables_of(feed, model);
        for end in ends {
            let loaded = followed(feed, end, model).map(|loaded| {
                let loaded = loaded.iter().map(|id| self.table_called(id, model));
                loaded.collect::<BTreeSet<Id>>()
            });
            for table in loaded.iter().flatten() {
                self.link(end.clone(), table.clone(), false);
                if let Some(node) = self.nodes.get_mut(table) {
                    node.feeds.insert(feed.id.clone());
                }
            }
            for table in &tables {
                let is_deployed = loaded.as_ref().map_or(end.0.is_loader(), |loaded| loaded.contains(table));
                self.link(end.clone(), table.clone(), !is_deployed);
            }
        }
        for table in &tables {
            for dashboard in feed.consumers.iter().filter_map(|consumer| Some((consumer.dashboard.as_ref()?, consumer.span))) {
                self.add(Kind::Dashboard, dashboard.0, dashboard.0.as_str(), Some(dashboard.1), None);
                self.link(table.clone(), (Kind::Dashboard, dashboard.0.as_str().into()), true);
            }
        }
    }

    /// The tables that are the feed's, and where the model has none, the one that it names.
    fn tables_of(&mut self, feed: &Feed, model: &Model) -> Vec<Id> {
        let own = model.tables.values().filter(|table| table.feeds.contains(&feed.id));
        let tables: Vec<Id> = own.map(|table| self.of_table(table)).collect();
        let Some(id) = feed.table_id().filter(|_| tables.is_empty()) else { return tables };
        let key = id.to_string();
        self.add(Kind::Table, &key, shown(&id), None, None).feeds.insert(feed.id.clone());
        vec![(Kind::Table, key.into())]
    }
}

/// The tables that a workflow loads with a file of this feed; `None` where no workflow was followed.
fn followed(feed: &Feed, end: &Id, model: &Model) -> Option<BTreeSet<TableId>> {
    let is_end = |workflow: &Arc<str>| end.0 == Kind::Workflow && end.1 == *workflow;
    let routes = || model.routes.iter().filter(|route| route.feed == feed.id && is_end(&route.workflow.0));
    routes().next()?;
    Some(routes().flat_map(|route| &route.loads).filter_map(|load| load.table_id()).collect())
}
