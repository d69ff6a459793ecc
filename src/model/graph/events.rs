//! Buckets, what hears of their files, and what that starts.

use super::Kind;
use super::draft::{Draft, Id};
use crate::model::facts::Item;
use crate::model::trigger::{Destination, Hears, Reference, RunnerKind};
use crate::model::{BucketId, Known, Model};

impl Draft {
    pub(super) fn buckets(&mut self, model: &Model) {
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

    pub(super) fn events(&mut self, model: &Model) {
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
                Hears::Reader(table) => table.as_ref().map(|table| self.table_called(table, model)),
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
    pub(super) fn bucket(&mut self, id: &BucketId) -> Id {
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
