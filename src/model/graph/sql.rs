//! What queries and views read at first hand, and what they write. A resolver looks through views down to tables; here the
//! views on the way are what counts.

use crate::model::query::ModelCatalog;
use crate::model::workflow::query_jobs_of;
use crate::model::{Model, Query, Table, TableId, Workflow, WorkflowId};
use crate::sql::parse::parse;
use crate::sql::resolve::resolve;
use crate::sql::{Resolution, StatementKind, TablePath};
use crate::text::Span;
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct Reads<'m> {
    catalog: ModelCatalog<'m>,
    by_name: BTreeMap<String, &'m Table>,
    /// Of each view: the views and the tables that its query comes to, and those it names itself.
    views: BTreeMap<&'m TableId, Found<'m>>,
    /// Where the results of queries go that do not say so themselves: those of schedules by the path of their text, those of
    /// workflows by the place of theirs.
    scheduled: BTreeMap<&'m str, TableId>,
    steps: Vec<(Span, &'m WorkflowId, Option<TableId>)>,
}

#[derive(Default)]
struct Found<'m> {
    all: BTreeSet<&'m TableId>,
    own: BTreeSet<&'m TableId>,
}

impl<'m> Reads<'m> {
    pub(super) fn new(model: &'m Model, project: Option<&'m str>) -> Reads<'m> {
        let catalog = ModelCatalog::new(model, project);
        let by_name = model.tables.values().map(|table| (table.id.to_string(), table)).collect();
        let scheduled = model.scheduled.iter().filter_map(|query| Some((query.path.as_str(), query.table_id()?)));
        let of_workflow = |workflow: &'m Workflow| {
            let jobs = query_jobs_of(workflow).into_iter();
            jobs.map(|job| (job.text, &workflow.id, job.destination))
        };
        let steps = model.workflows.values().flat_map(of_workflow).collect();
        let mut reads = Reads { catalog, by_name, views: BTreeMap::new(), scheduled: scheduled.collect(), steps };
        let mut views = BTreeMap::new();
        for table in model.tables.values() {
            let Some(text) = &table.view_query else { continue };
            let script = parse(text);
            let found = script.statements.iter().flat_map(|statement| reads.all(&resolve(statement, text, &reads.catalog)));
            views.insert(&table.id, found.filter(|id| **id != table.id).collect::<BTreeSet<_>>());
        }
        let own = |all: &BTreeSet<&'m TableId>| {
            let behind =
                |id: &&&TableId| all.iter().any(|other| other != *id && views.get(other).is_some_and(|of| of.contains(**id)));
            all.iter().filter(|id| !behind(id)).copied().collect()
        };
        let found = views.iter().map(|(view, all)| (*view, Found { own: own(all), all: all.clone() }));
        reads.views = found.collect();
        reads
    }

    pub(super) fn find(&self, path: &TablePath) -> Option<&'m Table> {
        self.catalog.find(path)
    }

    /// Each view with what its query names.
    pub(super) fn of_views(&self) -> impl Iterator<Item = (&'m TableId, Vec<&'m Table>)> {
        self.views.iter().map(|(view, found)| (*view, self.tables(&found.own)))
    }

    /// What a query names and reads.
    pub(super) fn of(&self, query: &Query) -> Vec<&'m Table> {
        let all: BTreeSet<&TableId> = self.all(&query.resolution).into_iter().collect();
        let behind = |id: &&&TableId| {
            all.iter().any(|other| other != *id && self.views.get(other).is_some_and(|of| of.all.contains(**id)))
        };
        let own: BTreeSet<&TableId> = all.iter().filter(|id| !behind(id)).copied().collect();
        self.tables(&own)
    }

    /// The tables that a query makes or changes, and the one that takes its result.
    pub(super) fn targets(&self, query: &Query) -> BTreeSet<TableId> {
        let created = query.statement.creates.as_ref().filter(|created| !created.is_temporary);
        let created = created.and_then(|created| self.catalog.find(&created.path)).map(|table| table.id.clone());
        let changed = query.resolution.scans.iter().filter(|scan| scan.is_target);
        let changed = changed.filter_map(|scan| self.by_name.get(&scan.table)).map(|table| table.id.clone());
        let is_asked = query.statement.kind == StatementKind::Select;
        let taken = self.scheduled.get(&*query.id.path).cloned().filter(|_| is_asked);
        let of_step = self.jobs_of(query).filter_map(|(_, destination)| destination.clone());
        changed.chain(created).chain(taken).chain(of_step).collect()
    }

    /// The workflows that run a query in a step, with the table that takes its result.
    fn jobs_of(&self, query: &Query) -> impl Iterator<Item = (&'m WorkflowId, &Option<TableId>)> {
        let is_it = move |text: &Span| {
            let place = query.span;
            text.file == place.file && text.start <= place.start && place.end <= text.end
        };
        let own = self.steps.iter().filter(move |(text, ..)| query.is_step && is_it(text));
        own.map(|(_, workflow, destination)| (*workflow, destination))
    }

    /// What the queries in the steps of workflows write.
    pub(super) fn written_by_steps(&self, model: &Model) -> Vec<(&'m WorkflowId, TableId)> {
        let of_query = |query| {
            let tables = self.targets(query);
            self.jobs_of(query).flat_map(move |(workflow, _)| tables.clone().into_iter().map(move |table| (workflow, table)))
        };
        model.queries.values().filter(|query| query.is_step).flat_map(of_query).collect()
    }

    /// Tables that hold what queries make of others, and no feed of their own.
    pub(super) fn derived(&self, model: &Model) -> BTreeSet<TableId> {
        let makes = model.queries.values().filter(|query| !query.is_body && !self.of(query).is_empty());
        let made = makes.flat_map(|query| self.targets(query)).map(|id| self.own_id(id, model));
        let has_feeds = |id: &TableId| model.tables.get(id).is_some_and(|table| !table.feeds.is_empty());
        made.filter(|id| !has_feeds(id)).collect()
    }

    /// The identity that the model has of a table.
    fn own_id(&self, id: TableId, model: &Model) -> TableId {
        model.table_called(&id).map_or(id, |table| table.id.clone())
    }

    fn tables(&self, ids: &BTreeSet<&TableId>) -> Vec<&'m Table> {
        ids.iter().filter_map(|id| self.by_name.get(&id.to_string()).copied()).collect()
    }

    /// The views that were looked through, and the tables that were come to.
    fn all(&self, resolution: &Resolution) -> Vec<&'m TableId> {
        let scanned = resolution.scans.iter().filter(|scan| !scan.is_target).map(|scan| scan.table.as_str());
        let names: BTreeSet<&str> = scanned.chain(resolution.through.iter().map(String::as_str)).collect();
        names.into_iter().filter_map(|name| self.by_name.get(name).map(|table| &table.id)).collect()
    }
}
