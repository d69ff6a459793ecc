//! Eventarc triggers as Terraform declares them: which event, of which bucket, starts what.

mod listener;
mod runner;

pub use listener::{Hears, Listener, Topic, read_listeners, read_topics};
pub use runner::{Runner, RunnerKind, read_runners};

use super::bucket::BucketId;
use super::terraform::{Order, Resource, Terraform};
use super::{FeedId, Known, Model, Why};
use crate::text::Span;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The identity of a trigger: its Terraform address, with the folder of its root module.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TriggerId(pub Arc<str>);

impl fmt::Display for TriggerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A trigger.
#[derive(Debug, Clone)]
pub struct Trigger {
    pub id: TriggerId,
    /// The Terraform address within its module.
    pub address: String,
    /// The resource's label, where findings on the trigger as a whole point.
    pub span: Span,
    /// The folder of the root module.
    pub root: Arc<str>,
    pub project: Known<String>,
    pub location: Known<String>,
    pub service_account: Known<String>,
    /// Whether it says in whose name it starts its destination.
    pub has_service_account: bool,
    /// All must hold.
    pub criteria: Vec<Criterion>,
    /// Why there may be more.
    pub criteria_hidden: Option<Why>,
    /// The bucket of the repository whose events it takes.
    pub bucket: Option<BucketId>,
    /// The topic whose messages it takes.
    pub topic: Reference,
    pub destination: Option<Destination>,
    /// The blocks that it comes after: `google_project_iam_member.trigger`.
    pub after: Order,
    /// The feeds whose files lie in that bucket, or in one that tells the topic of its files.
    pub feeds: Vec<FeedId>,
}

/// What a trigger starts.
#[derive(Debug, Clone)]
pub struct Destination {
    pub span: Span,
    pub kind: RunnerKind,
    pub runner: Reference,
}

/// Another resource as an attribute names it.
#[derive(Debug, Clone, Default)]
pub struct Reference {
    /// What stands there: a name, or a path that ends in one.
    pub name: Known<String>,
    /// The unique address of the resource, where one is referred to or has the name.
    pub address: Option<Arc<str>>,
}

impl Reference {
    pub(super) fn read<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>, attribute: &str) -> Reference {
        Reference {
            name: terraform.text(resource, resource.body, attribute),
            address: terraform.target(resource, resource.body, attribute).map(Into::into),
        }
    }

    /// The last part of `projects/acme/topics/files`.
    pub fn last_name(&self) -> Option<&str> {
        self.name.value()?.rsplit('/').next()
    }

    /// Whether nothing is referred to.
    pub fn is_absent(&self) -> bool {
        self.address.is_none() && self.name.is_absent()
    }

    /// Finds the resource by its name, where only one has it.
    fn find(&mut self, by_name: &BTreeMap<String, Vec<Arc<str>>>, is_known: impl Fn(&str) -> bool) {
        self.address = self.address.take().filter(|address| is_known(address));
        let named = self.last_name().and_then(|name| by_name.get(name));
        if let (None, Some([only])) = (&self.address, named.map(Vec::as_slice)) {
            self.address = Some(only.clone());
        }
    }

    /// What tells it apart: the address, else the name.
    pub fn key(&self) -> Option<&str> {
        self.address.as_deref().or_else(|| self.last_name())
    }
}

/// One `matching_criteria` block.
#[derive(Debug, Clone)]
pub struct Criterion {
    pub span: Span,
    pub attribute: Known<String>,
    pub value: Known<String>,
    pub operator: Known<String>,
    /// The unique address of the resource that the value refers to.
    target: Option<String>,
}

/// What the types of Cloud Storage's own events begin with.
const STORAGE_EVENTS: &str = "google.cloud.storage.object.v1.";

impl Trigger {
    /// The criterion on an attribute of the event.
    pub fn criterion(&self, attribute: &str) -> Option<&Criterion> {
        self.criteria.iter().find(|criterion| criterion.attribute.value().is_some_and(|own| own == attribute))
    }

    /// The type of the events that start it; unknown where it may be said by what is not known.
    pub fn event_type(&self) -> Known<String> {
        match self.criterion("type") {
            Some(criterion) => criterion.value.clone(),
            None => self.hidden().map_or(Known::Absent, |why| Known::Unknown(why.clone())),
        }
    }

    /// Whether files that are written may start it: not one that takes deletions.
    fn may_take_writes(&self) -> bool {
        self.event_type().value().is_none_or(|event| !self.is_of_storage() || event == listener::FINALIZED)
    }

    /// Whether Cloud Storage itself sends the events, and not the audit log or Pub/Sub.
    pub fn is_of_storage(&self) -> bool {
        self.event_type().value().is_some_and(|event| event.starts_with(STORAGE_EVENTS))
    }

    /// Why not all that it takes is known.
    pub fn hidden(&self) -> Option<&Why> {
        let of_criteria = self.criteria.iter().find_map(|criterion| criterion.attribute.why());
        self.criteria_hidden.as_ref().or(of_criteria)
    }
}

impl Model {
    /// Whether a trigger or a notification is known to hear of files that are written into this folder of the bucket.
    pub fn is_heard(&self, bucket: &BucketId, folder: &str) -> bool {
        let is_of = |heard: &Option<BucketId>| heard.as_ref() == Some(bucket);
        let is_triggered = self.triggers.values().any(|trigger| is_of(&trigger.bucket) && trigger.may_take_writes());
        is_triggered || self.listeners.iter().any(|listener| is_of(&listener.bucket) && listener.may_hear_of(folder))
    }
}

/// Reads the triggers of all modules.
pub fn read_triggers(terraform: &Terraform<'_>) -> BTreeMap<TriggerId, Trigger> {
    let read = terraform.resources("google_eventarc_trigger").map(|resource| read_trigger(terraform, resource));
    read.map(|trigger| (trigger.id.clone(), trigger)).collect()
}

fn read_trigger<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>) -> Trigger {
    let body = resource.body;
    let criteria = terraform.nested(resource, body, "matching_criteria");
    Trigger {
        id: TriggerId(resource.unique_address().into()),
        address: resource.address(),
        span: resource.span,
        root: resource.root().into(),
        project: terraform.text(resource, body, "project"),
        location: terraform.text(resource, body, "location"),
        service_account: terraform.text(resource, body, "service_account"),
        has_service_account: resource.document.get(body, "service_account").is_some(),
        criteria: criteria.blocks.iter().map(|block| read_criterion(terraform, block)).collect(),
        criteria_hidden: criteria.hidden,
        bucket: None,
        topic: read_topic(terraform, resource),
        destination: runner::read_destination(terraform, resource),
        after: terraform.order(resource),
        feeds: Vec::new(),
    }
}

/// `transport { pubsub { topic = … } }`.
fn read_topic<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>) -> Reference {
    let within = |block: &Resource<'a>, kind| terraform.nested(block, block.body, kind).blocks.into_iter().next();
    let pubsub = within(resource, "transport").and_then(|transport| within(&transport, "pubsub"));
    pubsub.map_or_else(Reference::default, |pubsub| Reference::read(terraform, &pubsub, "topic"))
}

fn read_criterion<'a>(terraform: &Terraform<'a>, block: &Resource<'a>) -> Criterion {
    let text = |name| terraform.text(block, block.body, name);
    Criterion {
        span: block.span,
        attribute: text("attribute"),
        value: text("value"),
        operator: text("operator"),
        target: terraform.target(block, block.body, "value"),
    }
}

/// Tells each trigger whose files start it, and what it starts. Call it when buckets know their feeds.
pub fn link_triggers(model: &mut Model) {
    let by_address: BTreeMap<&str, &BucketId> =
        model.buckets.values().map(|bucket| (&*bucket.unique_address, &bucket.id)).collect();
    let of_target = |target: &Option<String>| by_address.get(target.as_deref()?).map(|id| (*id).clone());
    let topics = by_name(model.topics.iter().map(|(address, topic)| (address, topic.name.value())));
    let runners = by_name(model.runners.iter().map(|(address, runner)| (address, runner.name.value())));
    for listener in &mut model.listeners {
        listener.link(&of_target, &topics, &model.topics);
    }
    for trigger in model.triggers.values_mut() {
        trigger.topic.find(&topics, |address| model.topics.contains_key(address));
        if let Some(destination) = &mut trigger.destination {
            destination.runner.find(&runners, |address| model.runners.contains_key(address));
        }
        let told = model.listeners.iter().filter(|listener| listener.tells(&trigger.topic)).filter_map(|one| one.bucket.as_ref());
        let mut feeds: Vec<FeedId> =
            told.filter_map(|bucket| model.buckets.get(bucket)).flat_map(|bucket| bucket.feeds.iter().cloned()).collect();
        if let Some(criterion) = trigger.criterion("bucket") {
            let named = criterion.value.value().map(|name| BucketId::Named(name.as_str().into()));
            trigger.bucket = named.or_else(|| of_target(&criterion.target));
        }
        if let Some(bucket) = trigger.bucket.as_ref().and_then(|bucket| model.buckets.get(bucket)) {
            feeds.extend(bucket.feeds.iter().cloned());
        }
        feeds.sort();
        feeds.dedup();
        trigger.feeds = feeds;
    }
}

/// The addresses of the resources that have each name.
fn by_name<'m>(all: impl Iterator<Item = (&'m Arc<str>, Option<&'m String>)>) -> BTreeMap<String, Vec<Arc<str>>> {
    let mut found: BTreeMap<String, Vec<Arc<str>>> = BTreeMap::new();
    for (address, name) in all {
        if let Some(name) = name {
            found.entry(name.rsplit('/').next().unwrap_or(name).to_owned()).or_default().push(address.clone());
        }
    }
    found
}
