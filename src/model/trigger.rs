//! Eventarc triggers as Terraform declares them: which event, of which bucket, starts what.

use super::bucket::BucketId;
use super::terraform::{Resource, Terraform};
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
    /// The feeds whose files lie in that bucket.
    pub feeds: Vec<FeedId>,
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

/// Something else that hears of a bucket's files: a notification to Pub/Sub, or a function.
#[derive(Debug, Clone)]
pub struct Listener {
    pub span: Span,
    /// `None` where which bucket is meant is not known.
    pub bucket: Option<BucketId>,
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
        location: terraform.text(resource, body, "location"),
        service_account: terraform.text(resource, body, "service_account"),
        has_service_account: resource.document.get(body, "service_account").is_some(),
        criteria: criteria.blocks.iter().map(|block| read_criterion(terraform, block)).collect(),
        criteria_hidden: criteria.hidden,
        bucket: None,
        feeds: Vec::new(),
    }
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

/// Reads what else hears of files.
pub fn read_listeners(terraform: &Terraform<'_>) -> Vec<Listener> {
    let listener = |block: &Resource<'_>, name: Known<String>, target| Listener {
        span: block.span,
        bucket: name.value().map(|name| BucketId::Named(name.as_str().into())),
        target,
    };
    let mut listeners = Vec::new();
    for resource in terraform.resources("google_storage_notification") {
        let name = terraform.text(resource, resource.body, "bucket");
        listeners.push(listener(resource, name, terraform.target(resource, resource.body, "bucket")));
    }
    for resource in terraform.resources("google_cloudfunctions2_function") {
        for event in terraform.nested(resource, resource.body, "event_trigger").blocks {
            for filter in terraform.nested(&event, event.body, "event_filters").blocks {
                if terraform.text(&filter, filter.body, "attribute").value().is_some_and(|attribute| attribute == "bucket") {
                    let name = terraform.text(&filter, filter.body, "value");
                    listeners.push(listener(resource, name, terraform.target(&filter, filter.body, "value")));
                }
            }
        }
    }
    for resource in terraform.resources("google_cloudfunctions_function") {
        for event in terraform.nested(resource, resource.body, "event_trigger").blocks {
            let name = terraform.text(&event, event.body, "resource");
            listeners.push(listener(resource, name, terraform.target(&event, event.body, "resource")));
        }
    }
    listeners
}

/// Tells each trigger whose files start it. Call it when buckets know their feeds.
pub fn link_triggers(model: &mut Model) {
    let by_address: BTreeMap<&str, &BucketId> =
        model.buckets.values().map(|bucket| (&*bucket.unique_address, &bucket.id)).collect();
    let of_target = |target: &Option<String>| by_address.get(target.as_deref()?).map(|id| (*id).clone());
    for trigger in model.triggers.values_mut() {
        let Some(criterion) = trigger.criterion("bucket") else { continue };
        let named = criterion.value.value().map(|name| BucketId::Named(name.as_str().into()));
        let Some(bucket) = named.or_else(|| of_target(&criterion.target)) else { continue };
        trigger.feeds = model.buckets.get(&bucket).map_or_else(Vec::new, |bucket| bucket.feeds.clone());
        trigger.bucket = Some(bucket);
    }
    for listener in &mut model.listeners {
        listener.bucket = listener.bucket.take().or_else(|| of_target(&listener.target));
    }
}
