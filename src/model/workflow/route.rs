//! What becomes of the files of feeds: each workflow that a feed's bucket starts is followed with the name of one file.

use super::calls::calls_of;
use super::functions::url_decoded;
use super::run::{Effect, Outcome, Run, run};
use super::value::{GENERATION, Val, message_event, storage_event};
use super::{TermKind, Workflow, WorkflowId};
use crate::model::naming::NamePattern;
use crate::model::{Bucket, BucketId, Feed, FeedId, Known, Model, TableId, Trigger};
use crate::text::{Span, Spanned};
use rayon::prelude::*;

/// The way of one file of a feed through a workflow.
#[derive(Debug, Clone)]
pub struct Route {
    pub feed: FeedId,
    pub workflow: WorkflowId,
    pub bucket: String,
    /// The name that it was followed with.
    pub object: String,
    pub loads: Vec<Load>,
    pub changes: Vec<Change>,
    /// A call of something that may load the file itself: an address, another connector.
    pub handed_on: Option<Span>,
    pub outcome: Outcome,
}

/// A job that loads files into a table.
#[derive(Debug, Clone)]
pub struct Load {
    pub step: Spanned<String>,
    /// The call.
    pub span: Span,
    /// Project, dataset and name, as far as they are known.
    pub table: [Option<String>; 3],
    pub table_span: Span,
    /// `configuration.load`.
    options: Val,
    /// Where options are written.
    places: Vec<(&'static str, Span)>,
    pub uris: Vec<Option<String>>,
    pub has_job_id: Known<bool>,
    /// Where the job is to run, where that is known.
    pub location: Option<Spanned<String>>,
    /// The options that are written, as such.
    pub keys: Vec<Spanned<String>>,
    pub is_tried: bool,
}

/// Options of a load that rules ask for.
const OPTIONS: [&str; 8] = [
    "autodetect",
    "createDisposition",
    "ignoreUnknownValues",
    "maxBadRecords",
    "schemaUpdateOptions",
    "sourceFormat",
    "sourceUris",
    "writeDisposition",
];

/// What a step does to an object of a bucket.
#[derive(Debug, Clone)]
pub struct Change {
    pub step: Spanned<String>,
    pub span: Span,
    pub kind: ChangeKind,
    pub bucket: Option<String>,
    pub object: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    Removes,
    Writes,
}

const LOAD: [&str; 4] = ["googleapis.bigquery.v2.jobs.insert", "body", "configuration", "load"];

const JOB_LOCATION: [&str; 3] = ["body", "jobReference", "location"];

/// Calls that change objects: what, and which arguments name the object.
const CHANGES: [(&str, ChangeKind, &str, &str); 8] = [
    ("compose", ChangeKind::Writes, "destinationBucket", "destinationObject"),
    ("copy", ChangeKind::Writes, "destinationBucket", "destinationObject"),
    ("rewrite", ChangeKind::Writes, "destinationBucket", "destinationObject"),
    ("insert", ChangeKind::Writes, "bucket", "name"),
    ("move", ChangeKind::Writes, "bucket", "destinationObject"),
    ("move", ChangeKind::Removes, "bucket", "sourceObject"),
    ("delete", ChangeKind::Removes, "bucket", "object"),
    ("bulkRestore", ChangeKind::Writes, "bucket", "name"),
];

const OBJECTS: &str = "googleapis.storage.v1.objects.";

impl Load {
    /// The table that is loaded, where it is known.
    pub fn table_id(&self) -> Option<TableId> {
        let [project, dataset, name] = &self.table;
        Some(TableId::new(project.as_deref(), dataset.as_deref()?, name.as_deref()?))
    }

    /// The value of an option; `None` where it is not given.
    pub fn option(&self, name: &str) -> Option<&Val> {
        self.options.at(&[name]).or(if self.options == Val::Unknown { Some(&Val::Unknown) } else { None })
    }

    /// Where an option is written, else the call.
    pub fn place(&self, name: &str) -> Span {
        self.places.iter().find(|(own, _)| *own == name).map_or(self.span, |(_, span)| *span)
    }

    /// Whether a URI names a generation of its object.
    pub fn names_generation(&self) -> bool {
        self.uris.iter().flatten().any(|uri| uri.rsplit_once('#').is_some_and(|(_, rest)| rest == GENERATION))
    }
}

impl Change {
    /// The changes that a call makes.
    pub fn of(effect: &Effect<'_>) -> Vec<Change> {
        let Some(method) = effect.call.function.value.trim().strip_prefix(OBJECTS) else { return Vec::new() };
        let text = |key: &str| effect.arguments.at(&[key]).and_then(Val::text);
        let own = CHANGES.iter().filter(|(name, ..)| *name == method);
        let change = |(_, kind, bucket, object): &(&str, ChangeKind, &str, &str)| Change {
            step: effect.step.name.clone(),
            span: effect.call.function.span,
            kind: *kind,
            bucket: text(bucket).map(str::to_owned),
            object: text(object).and_then(url_decoded),
        };
        own.map(change).collect()
    }
}

impl Load {
    /// The load that a call starts.
    pub fn of(effect: &Effect<'_>) -> Option<Load> {
        let [function, keys @ ..] = LOAD;
        (effect.call.function.value.trim() == function).then_some(())?;
        let written = effect.call.arguments.as_ref()?.get(&keys)?;
        let own_keys = match &written.kind {
            TermKind::Map(entries) => entries.iter().map(|(key, _)| key.clone()).collect(),
            _ => Vec::new(),
        };
        let options = effect.arguments.at(&keys)?.clone();
        let place = |key: &str| {
            let mut path = keys.to_vec();
            path.push(key);
            effect.place(&path)
        };
        let part = |key| options.at(&["destinationTable", key]).and_then(Val::text).map(str::to_owned);
        let uris = match options.at(&["sourceUris"]) {
            Some(Val::List(items)) => items.iter().map(|item| item.text().map(str::to_owned)).collect(),
            Some(value) => vec![value.text().map(str::to_owned)],
            None => Vec::new(),
        };
        let location = effect.arguments.at(&JOB_LOCATION).and_then(Val::text);
        let has_job_id = match effect.arguments.at(&["body", "jobReference", "jobId"]) {
            Some(Val::Null) | None => Known::Absent,
            Some(_) => Known::Known(Spanned::new(true, effect.place(&["body", "jobReference", "jobId"]))),
        };
        Some(Load {
            step: effect.step.name.clone(),
            span: effect.call.function.span,
            table: [part("projectId"), part("datasetId"), part("tableId")],
            table_span: place("destinationTable"),
            places: OPTIONS.iter().map(|name| (*name, place(name))).collect(),
            options,
            keys: own_keys,
            uris,
            has_job_id,
            location: location.map(|location| Spanned::new(location.to_owned(), effect.place(&JOB_LOCATION))),
            is_tried: effect.is_tried,
        })
    }
}

/// The loads that stand in a workflow, whichever way leads to them, as far as they are written out.
pub fn loads_of(workflow: &Workflow) -> Vec<Load> {
    calls_of(workflow).iter().filter_map(Load::of).collect()
}

/// Follows a workflow with a file, as a trigger of this kind hands it over.
pub fn follow<'w>(workflow: &'w Workflow, trigger: &Trigger, bucket: &str, object: &str) -> Option<Run<'w>> {
    let event = if trigger.is_of_storage() { storage_event(bucket, object) } else { message_event(bucket, object) };
    run(workflow, event)
}

/// The ways of all feeds whose files start a workflow of the repository. Call it when workflows know their feeds.
pub fn routes(model: &Model) -> Vec<Route> {
    let pairs: Vec<(&Workflow, &Feed)> = model
        .workflows
        .values()
        .flat_map(|workflow| workflow.feeds.iter().map(move |feed| (workflow, feed)))
        .filter_map(|(workflow, feed)| Some((workflow, model.feeds.get(feed)?)))
        .collect();
    pairs.par_iter().filter_map(|(workflow, feed)| route(model, workflow, feed)).collect()
}

fn route(model: &Model, workflow: &Workflow, feed: &Feed) -> Option<Route> {
    let bucket = feed.file.bucket.value()?.clone();
    let object = object_of(feed)?;
    let id = BucketId::Named(bucket.as_str().into());
    let triggers = workflow.triggers.iter().filter_map(|trigger| model.triggers.get(trigger));
    let trigger = triggers.filter(|trigger| trigger.feeds.contains(&feed.id));
    let trigger = trigger.max_by_key(|trigger| trigger.bucket.as_ref() == Some(&id))?;
    let followed = follow(workflow, trigger, &bucket, &object)?;
    let is_ours = |effect: &&Effect<'_>| effect.call.function.value.trim().starts_with(OBJECTS) || Load::of(effect).is_some();
    Some(Route {
        feed: feed.id.clone(),
        workflow: workflow.id.clone(),
        bucket,
        object,
        loads: followed.effects.iter().filter_map(Load::of).collect(),
        changes: followed.effects.iter().flat_map(Change::of).collect(),
        handed_on: followed.effects.iter().find(|effect| !is_ours(effect)).map(|effect| effect.call.function.span),
        outcome: followed.outcome,
    })
}

/// The name of one of a feed's objects: an example that its definition gives, else one that its pattern makes.
fn object_of(feed: &Feed) -> Option<String> {
    let prefix = match &feed.file.prefix {
        Known::Known(prefix) => NamePattern::template(&prefix.value).example(&feed.id.0)?,
        Known::Absent => String::new(),
        Known::Unknown(_) => return None,
    };
    let example = feed.file.examples.first().map(|example| example.value.clone());
    let name = example.or_else(|| feed.file.name.value()?.example(&feed.id.0))?;
    Some(if name.starts_with(&prefix) { name } else { format!("{prefix}{name}") })
}

/// Whether objects of a bucket cannot be deleted or replaced for a while.
pub fn is_retained(bucket: &Bucket) -> bool {
    bucket.retention_seconds.value().is_some_and(|seconds| *seconds > 0)
}
