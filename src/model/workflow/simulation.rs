//! What happens when one object arrives in a bucket: which triggers hear of it, and which way their workflows take.

use super::Workflow;
use super::route::{Change, Load, follow};
use super::run::Run;
use crate::model::naming::DeliveredName;
use crate::model::{Bucket, BucketId, Feed, Model, Trigger};

/// The arrival of one object.
#[derive(Debug)]
pub struct Simulation<'m> {
    pub bucket_name: String,
    pub object: String,
    /// The bucket, where the repository declares it.
    pub bucket: Option<&'m Bucket>,
    /// The feeds that take a file of this name.
    pub feeds: Vec<&'m Feed>,
    pub started: Vec<Started<'m>>,
    /// Triggers that start what is not read here.
    pub elsewhere: Vec<&'m Trigger>,
}

/// A workflow that is started.
#[derive(Debug)]
pub struct Started<'m> {
    pub trigger: &'m Trigger,
    pub workflow: &'m Workflow,
    /// Nothing says that the trigger hears of this bucket; it takes messages of a topic, which may.
    pub is_assumed: bool,
    pub run: Run<'m>,
    pub loads: Vec<Load>,
    pub changes: Vec<Change>,
}

impl<'m> Simulation<'m> {
    /// `None` for what is no `gs://bucket/object`.
    pub fn of(model: &'m Model, uri: &str) -> Option<Simulation<'m>> {
        let (bucket_name, object) = uri.strip_prefix("gs://")?.split_once('/')?;
        if bucket_name.is_empty() || object.is_empty() {
            return None;
        }
        let id = BucketId::Named(bucket_name.into());
        let takers = model.names.takers(&DeliveredName::read(uri));
        let (mut started, mut elsewhere) = (Vec::new(), Vec::new());
        let hearing: Vec<&Trigger> = model.triggers.values().filter(|trigger| hears(model, trigger, &id)).collect();
        let is_assumed = hearing.is_empty();
        let assumed = model.triggers.values().filter(|trigger| is_assumed && !trigger.topic.is_absent());
        for trigger in hearing.into_iter().chain(assumed) {
            let workflows = model.workflows.values().filter(|workflow| workflow.triggers.contains(&trigger.id));
            let found: Vec<Started<'_>> = workflows
                .filter_map(|workflow| {
                    let run = follow(workflow, trigger, bucket_name, object)?;
                    let loads = run.effects.iter().filter_map(Load::of).collect();
                    let changes = run.effects.iter().flat_map(Change::of).collect();
                    Some(Started { trigger, workflow, is_assumed, run, loads, changes })
                })
                .collect();
            if found.is_empty() && !is_assumed {
                elsewhere.push(trigger);
            }
            started.extend(found);
        }
        Some(Simulation {
            bucket_name: bucket_name.to_owned(),
            object: object.to_owned(),
            bucket: model.buckets.get(&id),
            feeds: takers.iter().filter_map(|taker| model.feeds.get(taker.feed)).collect(),
            started,
            elsewhere,
        })
    }
}

/// Whether a trigger is told of new objects in a bucket, by Cloud Storage itself or through a topic.
fn hears(model: &Model, trigger: &Trigger, bucket: &BucketId) -> bool {
    let is_of_new = trigger.event_type().value().is_none_or(|event| event.ends_with(".finalized") || !trigger.is_of_storage());
    let named = trigger.criterion("bucket").and_then(|criterion| criterion.value.value());
    let is_named = named.is_some_and(|name| BucketId::Named(name.as_str().into()) == *bucket);
    let is_direct = trigger.is_of_storage() && (trigger.bucket.as_ref() == Some(bucket) || is_named);
    let told = model.listeners.iter().filter(|listener| listener.bucket.as_ref() == Some(bucket));
    is_of_new && (is_direct || told.into_iter().any(|listener| !trigger.topic.is_absent() && listener.tells(&trigger.topic)))
}
