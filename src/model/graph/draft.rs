//! Gathers the things of a model and the ways between them, in whatever order, and puts them in order at the end.

use super::sql::Reads;
use super::{Edge, Graph, Kind, Node};
use crate::diagnostic::Subject;
use crate::model::facts::Item;
use crate::model::table::TableKind;
use crate::model::trigger::{Destination, Hears, Reference, RunnerKind};
use crate::model::{BucketId, Feed, Known, Model, Query, Table, TableId};
use crate::text::Span;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What tells a node apart.
pub(super) type Id = (Kind, Arc<str>);

/// Views that read views are told apart this deep.
const MAX_DEPTH: usize = 6;

#[derive(Default)]
pub(super) struct Draft {
    nodes: BTreeMap<Id, Node>,
    /// Whether only a feed's definition says so.
    edges: BTreeMap<(Id, Id), bool>,
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
        draft.feeds(model);
        draft.steps(model, &reads);
        draft.views(model, &reads);
        for query in model.queries.values().filter(|query| !query.is_body) {
            draft.query(query, &reads);
        }
        draft.looks(model, &reads);
        draft
    }

    fn add(&mut self, kind: Kind, key: &str, name: impl Into<String>, span: Option<Span>, subject: Option<Subject>) -> &mut Node {
        let id: Id = (kind, key.into());
        let node =
            || Node { kind, key: id.1.clone(), name: name.into(), span, subjects: Vec::new(), feeds: BTreeSet::new(), depth: 0 };
        let node = self.nodes.entry(id.clone()).or_insert_with(node);
        node.span = node.span.or(span);
        node.subjects.extend(subject.filter(|subject| !node.subjects.contains(subject)));
        node
    }

    fn link(&mut self, from: Id, to: Id, is_declared: bool) {
        if from != to {
            let known = self.edges.entry((from, to)).or_insert(is_declared);
            *known &= is_declared;
        }
    }

    fn buckets(&mut self, model: &Model) {
        for bucket in model.buckets.values() {
            let node = self.add(
                Kind::Bucket,
                &bucket.id.to_string(),
                bucket.shown(),
                Some(bucket.span),
                Some(Item::Bucket(bucket).subject()),
            );
            node.feeds.extend(bucket.feeds.iter().cloned());
        }
    }

    fn events(&mut self, model: &Model) {
        for (key, topic) in &model.topics {
            let name = topic.name.value().map_or_else(|| without_type(&topic.address), String::as_str);
            self.add(Kind::Topic, key, name.rsplit('/').next().unwrap_or(name), Some(topic.span), None);
            for endpoint in topic.pushed_to.iter().filter_map(Known::value) {
                self.add(Kind::Endpoint, endpoint, endpoint.as_str(), None, None);
                self.link((Kind::Topic, key.clone()), (Kind::Endpoint, endpoint.as_str().into()), false);
            }
        }
        for (key, runner) in &model.runners {
            let kind = of_runner(runner.kind);
            self.add(
                kind,
                key,
                runner.name.value().map_or_else(|| without_type(&runner.address), String::as_str),
                Some(runner.span),
                None,
            );
            if let Some(topic) = self.topic(&runner.topic) {
                self.link(topic, (kind, key.clone()), false);
            }
        }
        for listener in &model.listeners {
            let to = match &listener.hears {
                Hears::Topic(told) => self.topic(&told.topic),
                Hears::Function => Some((Kind::Function, listener.id.clone())).filter(|id| self.nodes.contains_key(id)),
            };
            let bucket = listener.bucket.as_ref().map(|bucket| self.bucket(bucket));
            if let (Some(bucket), Some(to)) = (bucket, to) {
                self.link(bucket, to, false);
            }
        }
        for trigger in model.triggers.values() {
            let subject = Item::Trigger(trigger).subject();
            let node = self.add(Kind::Trigger, &trigger.id.0, without_type(&trigger.address), Some(trigger.span), Some(subject));
            node.feeds.extend(trigger.feeds.iter().cloned());
            let id: Id = (Kind::Trigger, trigger.id.0.clone());
            if let Some(bucket) = &trigger.bucket {
                let bucket = self.bucket(bucket);
                self.link(bucket, id.clone(), false);
            }
            if let Some(topic) = self.topic(&trigger.topic) {
                self.link(topic, id.clone(), false);
            }
            if let Some(to) = trigger.destination.as_ref().and_then(|destination| self.destination(destination, model)) {
                self.link(id, to, false);
            }
        }
    }

    /// The bucket of this identity, which the repository may only speak of.
    fn bucket(&mut self, id: &BucketId) -> Id {
        let name = id.to_string();
        self.add(Kind::Bucket, &name, name.as_str(), None, None);
        (Kind::Bucket, name.into())
    }

    fn topic(&mut self, reference: &Reference) -> Option<Id> {
        let key = reference.key()?;
        self.add(Kind::Topic, key, reference.last_name().unwrap_or(key), None, None);
        Some((Kind::Topic, key.into()))
    }

    fn destination(&mut self, destination: &Destination, model: &Model) -> Option<Id> {
        let reference = &destination.runner;
        if let Some(runner) = reference.address.as_ref().and_then(|address| model.runners.get(address)) {
            return Some((of_runner(runner.kind), reference.address.clone()?));
        }
        let kind = of_runner(destination.kind);
        let name = match kind {
            Kind::Endpoint => reference.name.value()?.as_str(),
            _ => reference.last_name()?,
        };
        self.add(kind, name, name, None, None);
        Some((kind, name.into()))
    }

    /// Tables that something beside statistics defines, or that serve a feed.
    fn tables(&mut self, model: &Model) {
        for table in model.tables.values() {
            let (kind, key) = self.of_table(table);
            let node = self.add(kind, &key, shown(&table.id), table.span(), Some(Item::Table(table).subject()));
            node.feeds.extend(table.feeds.iter().cloned());
        }
    }

    /// The way of each feed, as far as something deployed says it; from there on as it is declared.
    fn feeds(&mut self, model: &Model) {
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
        let is_loader = |id: &&Id| matches!(id.0, Kind::Workflow | Kind::Function | Kind::Service | Kind::Endpoint);
        let loaders: Vec<Id> = found.iter().filter(is_loader).cloned().collect();
        if loaders.is_empty() { found.into_iter().collect() } else { loaders }
    }

    fn after<'d>(&'d self, id: &'d Id) -> impl Iterator<Item = &'d Id> {
        let least: Id = (Kind::Feed, "".into());
        self.edges.range((id.clone(), least)..).take_while(move |((from, _), _)| from == id).map(|((_, to), _)| to)
    }

    fn loads(&mut self, feed: &Feed, ends: &[Id], model: &Model) {
        let mut tables: Vec<Id> =
            model.tables.values().filter(|table| table.feeds.contains(&feed.id)).map(|table| self.of_table(table)).collect();
        if tables.is_empty()
            && let Some(id) = feed.table_id()
        {
            let key = id.to_string();
            self.add(Kind::Table, &key, shown(&id), None, None).feeds.insert(feed.id.clone());
            tables.push((Kind::Table, key.into()));
        }
        for table in &tables {
            for end in ends {
                let is_deployed = matches!(end.0, Kind::Workflow | Kind::Function | Kind::Service | Kind::Endpoint);
                self.link(end.clone(), table.clone(), !is_deployed);
            }
            for dashboard in feed.consumers.iter().filter_map(|consumer| Some((consumer.dashboard.as_ref()?, consumer.span))) {
                self.add(Kind::Dashboard, dashboard.0, dashboard.0.as_str(), Some(dashboard.1), None);
                self.link(table.clone(), (Kind::Dashboard, dashboard.0.as_str().into()), true);
            }
        }
    }

    /// What the steps of workflows write.
    fn steps(&mut self, model: &Model, reads: &Reads<'_>) {
        for (key, runner) in &model.runners {
            let Some(prefix) = &runner.steps_in else { continue };
            let steps = model.queries.values().filter(|query| query.is_step && query.id.path.starts_with(&format!("{prefix}:")));
            for table in steps.flat_map(|query| reads.targets(query)) {
                self.link((of_runner(runner.kind), key.clone()), self.of_table(table), false);
            }
        }
    }

    fn views(&mut self, model: &Model, reads: &Reads<'_>) {
        for (view, sources) in reads.of_views() {
            let Some(view) = model.tables.get(view) else { continue };
            for source in sources {
                self.link(self.of_table(source), self.of_table(view), false);
            }
        }
    }

    /// A query that makes a table is a way to it; another is where the way ends.
    fn query(&mut self, query: &Query, reads: &Reads<'_>) {
        let sources = reads.of(query);
        let targets = reads.targets(query);
        let subject = Item::Query(query).subject();
        for target in &targets {
            let target = self.of_table(target);
            if let Some(node) = self.nodes.get_mut(&target)
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

    fn of_table(&self, table: &Table) -> Id {
        let kind = match table.kind {
            TableKind::View | TableKind::MaterializedView => Kind::View,
            TableKind::Table | TableKind::External if self.derived.contains(&table.id) => Kind::Derived,
            TableKind::Table | TableKind::External => Kind::Table,
        };
        (kind, table.id.to_string().into())
    }

    fn looks(&mut self, model: &Model, reads: &Reads<'_>) {
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

    pub(super) fn finish(mut self) -> Graph {
        self.drop_strangers();
        self.tell_queries_apart();
        let depths = self.depths();
        for (id, depth) in depths {
            if let Some(node) = self.nodes.get_mut(&id) {
                node.depth = depth;
            }
        }
        self.hand_down_feeds();
        let mut nodes: Vec<Node> = self.nodes.into_values().collect();
        nodes.sort_by(|a, b| (a.kind.stage(), a.depth, a.kind, &a.key).cmp(&(b.kind.stage(), b.depth, b.kind, &b.key)));
        let places: BTreeMap<Id, usize> = nodes.iter().map(|node| (node.kind, node.key.clone())).zip(0..).collect();
        let edge = |((from, to), is_declared): ((Id, Id), bool)| {
            Some(Edge { from: *places.get(&from)?, to: *places.get(&to)?, is_declared })
        };
        let mut edges: Vec<Edge> = self.edges.into_iter().filter_map(edge).collect();
        edges.sort_unstable();
        Graph { nodes, edges }
    }

    /// Files of many folders may all be called `query.sql`.
    fn tell_queries_apart(&mut self) {
        let queries = || self.nodes.values().filter(|node| node.kind == Kind::Query);
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        queries().for_each(|node| *counts.entry(node.name.clone()).or_default() += 1);
        for node in self.nodes.values_mut().filter(|node| node.kind == Kind::Query) {
            if counts.get(&node.name).is_some_and(|count| *count > 1) {
                let start = node.key.rmatch_indices('/').nth(1).map_or(0, |(at, _)| at + 1);
                node.name = node.key.get(start..).unwrap_or(&node.key).to_owned();
            }
        }
    }

    /// Tables that only statistics know and that nothing here reads belong to others.
    fn drop_strangers(&mut self) {
        let linked: BTreeSet<Id> = self.edges.keys().flat_map(|(from, to)| [from.clone(), to.clone()]).collect();
        self.nodes.retain(|id, node| node.span.is_some() || linked.contains(id));
    }

    /// How many nodes of the same stage lead to each, one behind the other.
    fn depths(&self) -> BTreeMap<Id, usize> {
        let mut depths: BTreeMap<Id, usize> = BTreeMap::new();
        let within = |((from, to), _): &(&(Id, Id), &bool)| from.0.stage() == to.0.stage();
        let edges: Vec<&(Id, Id)> = self.edges.iter().filter(within).map(|(edge, _)| edge).collect();
        for _ in 0..MAX_DEPTH {
            for (from, to) in &edges {
                let behind = depths.get(from).map_or(1, |depth| depth + 1).min(MAX_DEPTH);
                let depth = depths.entry(to.clone()).or_default();
                *depth = behind.max(*depth);
            }
        }
        depths
    }

    /// What is made of a feed's table is on the way of the feed.
    fn hand_down_feeds(&mut self) {
        let mut open: Vec<Id> = self.nodes.iter().filter(|(_, node)| !node.feeds.is_empty()).map(|(id, _)| id.clone()).collect();
        while let Some(id) = open.pop() {
            let Some(feeds) = self.nodes.get(&id).map(|node| node.feeds.clone()) else { continue };
            let next: Vec<Id> = self.after(&id).cloned().collect();
            for to in next {
                // A loader serves many feeds, and each of its tables one of them.
                let is_downstream = id.0 >= Kind::Table || to.0 < Kind::Table;
                let Some(node) = self.nodes.get_mut(&to).filter(|_| is_downstream) else { continue };
                let n_before = node.feeds.len();
                node.feeds.extend(feeds.iter().cloned());
                if node.feeds.len() > n_before {
                    open.push(to);
                }
            }
        }
    }
}

/// `file_arrived["landing"]` of an address in Terraform.
fn without_type(address: &str) -> &str {
    address.split_once('.').map_or(address, |(_, name)| name)
}

fn of_runner(kind: RunnerKind) -> Kind {
    match kind {
        RunnerKind::Workflow => Kind::Workflow,
        RunnerKind::Function => Kind::Function,
        RunnerKind::Service => Kind::Service,
        RunnerKind::Elsewhere => Kind::Endpoint,
    }
}

/// Without the project, which is mostly the same for all.
fn shown(id: &TableId) -> String {
    match id {
        TableId::Named { dataset, name, .. } => format!("{dataset}.{name}"),
        TableId::Address(address) => address.to_string(),
    }
}

/// The query of a derived table in LookML.
fn is_of_looker(query: &Query) -> bool {
    query.id.path.rsplit_once(':').is_some_and(|(path, _)| path.ends_with(".lkml"))
}
