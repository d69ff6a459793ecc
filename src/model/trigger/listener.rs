//! What hears of a bucket's files without Eventarc between them: notifications to Pub/Sub, functions, and what looks for
//! itself: transfers and external tables. Topics and who is told of their messages belong here as well.

use super::Reference;
use crate::model::bucket::BucketId;
use crate::model::terraform::{Resource, Terraform};
use crate::model::{Known, TableId, Why};
use crate::text::{Span, Spanned};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Something that hears of a bucket's files.
#[derive(Debug, Clone)]
pub struct Listener {
    /// The unique address.
    pub id: Arc<str>,
    pub address: String,
    /// The folder of the root module.
    pub root: Arc<str>,
    pub span: Span,
    /// `None` where which bucket is meant is not known.
    pub bucket: Option<BucketId>,
    pub hears: Hears,
    /// What the names of the files begin with of which it hears; empty where that is not known.
    pub prefix: String,
    target: Option<String>,
}

/// What is told of the files.
#[derive(Debug, Clone)]
pub enum Hears {
    /// A topic, by a notification.
    Topic(Box<Notification>),
    /// The function itself, as one of the repository's runners.
    Function,
    /// A transfer that fetches the files on a schedule, or a table that reads them where they lie.
    Reader(Option<TableId>),
}

/// What a bucket tells a topic.
#[derive(Debug, Clone)]
pub struct Notification {
    pub topic: Reference,
    pub event_types: Known<Vec<Spanned<String>>>,
    pub payload_format: Known<String>,
    /// Only of files whose names begin so.
    pub prefix: Known<String>,
}

/// As Eventarc and notifications call the same events.
const EVENTS: [(&str, &str); 4] = [
    ("google.cloud.storage.object.v1.finalized", "OBJECT_FINALIZE"),
    ("google.cloud.storage.object.v1.deleted", "OBJECT_DELETE"),
    ("google.cloud.storage.object.v1.archived", "OBJECT_ARCHIVE"),
    ("google.cloud.storage.object.v1.metadataUpdated", "OBJECT_METADATA_UPDATE"),
];

/// The event of a file that is complete.
pub(super) const FINALIZED: &str = "google.cloud.storage.object.v1.finalized";

/// A topic of Pub/Sub.
#[derive(Debug, Clone)]
pub struct Topic {
    pub address: String,
    pub span: Span,
    pub name: Known<String>,
    /// Addresses that its messages are sent to.
    pub pushed_to: Vec<Known<String>>,
    /// Somebody may ask for its messages.
    pub is_pulled: bool,
}

impl Listener {
    /// Whether it tells this topic.
    pub fn tells(&self, other: &Reference) -> bool {
        match &self.hears {
            Hears::Topic(told) => told.topic.key().is_some() && told.topic.key() == other.key(),
            Hears::Function | Hears::Reader(_) => false,
        }
    }

    /// Whether it is a notification of events that Eventarc calls so.
    pub fn is_told_of(&self, event: &str) -> bool {
        let Hears::Topic(told) = &self.hears else { return false };
        let name = EVENTS.iter().find(|(of_eventarc, _)| *of_eventarc == event).map(|(_, name)| *name);
        match (&told.event_types, name) {
            (Known::Known(types), Some(name)) => types.value.iter().any(|one| one.value == name),
            // Without a list it is told of everything.
            (Known::Absent, Some(_)) => true,
            (Known::Unknown(_), _) | (_, None) => false,
        }
    }

    pub(super) fn link(
        &mut self,
        of_target: &impl Fn(&Option<String>) -> Option<BucketId>,
        by_name: &BTreeMap<String, Vec<Arc<str>>>,
        topics: &BTreeMap<Arc<str>, Topic>,
    ) {
        self.bucket = self.bucket.take().or_else(|| of_target(&self.target));
        if let Hears::Topic(told) = &mut self.hears {
            told.topic.find(by_name, |address| topics.contains_key(address));
        }
    }

    fn new(resource: &Resource<'_>, name: &Known<String>, target: Option<String>, hears: Hears) -> Listener {
        Listener {
            id: resource.unique_address().into(),
            address: resource.address(),
            root: resource.root().into(),
            span: resource.span,
            bucket: name.value().map(|name| BucketId::Named(name.as_str().into())),
            hears,
            prefix: String::new(),
            target,
        }
    }

    fn with_prefix(self, prefix: Option<String>) -> Listener {
        Listener { prefix: prefix.unwrap_or_default(), ..self }
    }

    /// Whether it may hear of the files of a folder, when they are written.
    pub fn may_hear_of(&self, folder: &str) -> bool {
        let is_told = match &self.hears {
            Hears::Topic(told) => told.event_types.value().is_none_or(|_| self.is_told_of(FINALIZED)),
            Hears::Function | Hears::Reader(_) => true,
        };
        is_told && (folder.starts_with(&self.prefix) || self.prefix.starts_with(folder))
    }
}

/// Reads what hears of files.
pub fn read_listeners(terraform: &Terraform<'_>) -> Vec<Listener> {
    let mut listeners = Vec::new();
    for resource in terraform.resources("google_storage_notification") {
        let name = terraform.text(resource, resource.body, "bucket");
        let told = Notification {
            topic: Reference::read(terraform, resource, "topic"),
            event_types: terraform.texts(resource, resource.body, "event_types"),
            payload_format: terraform.text(resource, resource.body, "payload_format"),
            prefix: terraform.text(resource, resource.body, "object_name_prefix"),
        };
        let prefix = told.prefix.value().cloned();
        let hears = Hears::Topic(Box::new(told));
        let target = terraform.target(resource, resource.body, "bucket");
        listeners.push(Listener::new(resource, &name, target, hears).with_prefix(prefix));
    }
    for resource in terraform.resources("google_cloudfunctions2_function") {
        for event in terraform.nested(resource, resource.body, "event_trigger").blocks {
            for filter in terraform.nested(&event, event.body, "event_filters").blocks {
                if terraform.text(&filter, filter.body, "attribute").value().is_some_and(|attribute| attribute == "bucket") {
                    let name = terraform.text(&filter, filter.body, "value");
                    let target = terraform.target(&filter, filter.body, "value");
                    listeners.push(Listener::new(resource, &name, target, Hears::Function));
                }
            }
        }
    }
    for resource in terraform.resources("google_cloudfunctions_function") {
        for event in terraform.nested(resource, resource.body, "event_trigger").blocks {
            let name = terraform.text(&event, event.body, "resource");
            listeners.push(Listener::new(resource, &name, terraform.target(&event, event.body, "resource"), Hears::Function));
        }
    }
    listeners.extend(terraform.resources("google_bigquery_data_transfer_config").filter_map(|one| read_transfer(terraform, one)));
    listeners.extend(terraform.resources("google_bigquery_table").filter_map(|one| read_external(terraform, one)));
    listeners
}

/// A transfer of files from Cloud Storage.
fn read_transfer<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>) -> Option<Listener> {
    let text = |name| terraform.text(resource, resource.body, name);
    text("data_source_id").value().filter(|source| *source == "google_cloud_storage")?;
    let params = resource.document.get(resource.body, "params")?;
    let param = |name| terraform.text(resource, params, name);
    let name =
        text("destination_dataset_id").value().zip(param("destination_table_name_template").value()).map(|(dataset, name)| {
            let name = name.split('$').next().unwrap_or(name);
            TableId::new(None, dataset, name)
        });
    let uris = param("data_path_template").map(|uri| vec![uri]);
    let prefix = prefix_of(&uris);
    Some(Listener::new(resource, &of_first(uris), None, Hears::Reader(name)).with_prefix(prefix))
}

/// A table whose rows lie in files.
fn read_external<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>) -> Option<Listener> {
    let external = terraform.nested(resource, resource.body, "external_data_configuration").blocks.into_iter().next()?;
    let uris = terraform.texts(&external, external.body, "source_uris");
    let uris = uris.map(|uris| uris.into_iter().map(|uri| uri.value).collect());
    let prefix = prefix_of(&uris);
    let bucket = of_first(uris);
    let text = |name| terraform.text(resource, resource.body, name).value().cloned();
    let table =
        text("dataset_id").zip(text("table_id")).map(|(dataset, name)| TableId::new(text("project").as_deref(), &dataset, &name));
    // One that reads a sheet or another database is not told of files.
    (!bucket.is_absent()).then(|| Listener::new(resource, &bucket, None, Hears::Reader(table)).with_prefix(prefix))
}

/// What stands before everything that varies in the only address: `trades/` of `gs://acme-landing/trades/*.json`.
fn prefix_of(uris: &Known<Vec<String>>) -> Option<String> {
    let [only] = uris.value()?.as_slice() else { return None };
    let (_, object) = only.strip_prefix("gs://")?.split_once('/')?;
    object.split(['*', '{']).next().map(str::to_owned)
}

/// The bucket of the first of these addresses.
fn of_first(uris: Known<Vec<String>>) -> Known<String> {
    match uris {
        Known::Known(uris) => {
            let name = uris.value.first().and_then(|uri| bucket_of(uri));
            name.map(|name| Spanned::new(name, uris.span)).into()
        }
        Known::Absent => Known::Absent,
        Known::Unknown(why) => Known::Unknown(why),
    }
}

/// The bucket of `gs://acme-landing/trades/*.json`.
fn bucket_of(uri: &str) -> Option<String> {
    let name = uri.strip_prefix("gs://")?.split('/').next()?;
    (!name.contains(['{', '*'])).then(|| name.to_owned())
}

/// Reads the topics, by their unique address, with where their messages go.
pub fn read_topics(terraform: &Terraform<'_>) -> BTreeMap<Arc<str>, Topic> {
    let read = terraform.resources("google_pubsub_topic").map(|resource| {
        let name = terraform.text(resource, resource.body, "name");
        let (address, span) = (resource.address(), resource.span);
        (Arc::from(resource.unique_address()), Topic { address, span, name, pushed_to: Vec::new(), is_pulled: false })
    });
    let mut topics: BTreeMap<Arc<str>, Topic> = read.collect();
    let names = super::by_name(topics.iter().map(|(address, topic)| (address, topic.name.value())));
    for resource in terraform.resources("google_pubsub_subscription") {
        let mut reference = Reference::read(terraform, resource, "topic");
        reference.find(&names, |address| topics.contains_key(address));
        let Some(topic) = reference.address.and_then(|address| topics.get_mut(&address)) else { continue };
        let push = terraform.nested(resource, resource.body, "push_config");
        let endpoints = push.blocks.iter().map(|block| terraform.text(block, block.body, "push_endpoint"));
        topic.pushed_to.extend(endpoints);
        topic.pushed_to.extend(push.hidden.map(|why: Why| Known::Unknown(why)));
        topic.is_pulled |= push.blocks.is_empty();
    }
    topics
}
