//! Rules on Eventarc triggers: whether a delivered file starts anything.

use crate::diagnostic::Subject;
use crate::model::facts::Item;
use crate::model::trigger::{Hears, Listener, RunnerKind};
use crate::model::{Bucket, BucketId, Feed, Model, Trigger};
use crate::rules::{Context, Sink};
use crate::text::nearest;
use std::collections::BTreeMap;

/// So many notifications of one type of event a bucket takes, and each trigger uses one.
const MAX_PER_EVENT_TYPE: usize = 10;

/// What Cloud Storage's own events can be filtered by.
const FILTERS_OF_STORAGE: [&str; 2] = ["type", "bucket"];

/// Every trigger says which type of events it takes.
pub(super) fn missing_event_type(context: &Context<'_>, sink: &mut Sink<'_>) {
    for trigger in context.head.triggers.values().filter(|trigger| trigger.criterion("type").is_none()) {
        match trigger.hidden() {
            Some(why) => sink.not_checked(&subject(trigger), why.text.to_string(), why.span),
            None => {
                let message = format!("trigger `{}` does not say which type of events it takes", trigger.address);
                sink.report(subject(trigger), trigger.span, message);
            }
        }
    }
}

/// Cloud Storage's own events know a type and a bucket, and no path.
pub(super) fn path_filter_on_storage_event(context: &Context<'_>, sink: &mut Sink<'_>) {
    for trigger in context.head.triggers.values().filter(|trigger| trigger.is_of_storage()) {
        for criterion in &trigger.criteria {
            let Some(attribute) = criterion.attribute.spanned() else { continue };
            let is_pattern = criterion.operator.value().is_some_and(|operator| operator == "match-path-pattern");
            if FILTERS_OF_STORAGE.contains(&attribute.value.as_str()) && !is_pattern {
                continue;
            }
            let span = if is_pattern { criterion.operator.span() } else { Some(attribute.span) }.unwrap_or(criterion.span);
            let message = format!("trigger `{}` filters events of Cloud Storage by more than type and bucket", trigger.address);
            sink.report(subject(trigger), span, message).detail(attribute.value.clone());
        }
    }
}

/// A trigger starts what is there.
pub(super) fn unknown_trigger_destination(context: &Context<'_>, sink: &mut Sink<'_>) {
    let model = context.head;
    for trigger in model.triggers.values() {
        let Some(destination) = trigger.destination.as_ref().filter(|to| to.kind == RunnerKind::Workflow) else { continue };
        let Some(written) = destination.runner.name.spanned().filter(|_| destination.runner.address.is_none()) else { continue };
        let name = destination.runner.last_name().unwrap_or_default();
        let declared = || model.runners.values().filter(|runner| runner.kind == RunnerKind::Workflow);
        let hidden = declared().find(|runner| runner.name.value().is_none());
        if declared().any(|runner| runner.name.value().is_some_and(|own| own == name)) {
            // Several have the name, in environments of their own.
            continue;
        }
        match (declared().next(), hidden) {
            (None, _) => sink.not_checked(&subject(trigger), "workflows are deployed elsewhere", Some(written.span)),
            (_, Some(hidden)) => {
                sink.not_checked(&subject(trigger), "the name of another workflow is not known", Some(hidden.span));
            }
            (Some(_), None) => {
                let message = format!("trigger `{}` starts workflow `{name}`, which nothing here deploys", trigger.address);
                let names = declared().filter_map(|runner| runner.name.value().map(String::as_str));
                let near = nearest(name, names);
                let finding = sink.report(subject(trigger), written.span, message);
                if let Some(near) = near {
                    finding.help(format!("did you mean `{near}`? Refer to the resource, as `google_workflows_workflow.NAME.id`"));
                }
            }
        }
    }
}

/// A trigger on Cloud Storage's own events lies where its bucket lies.
pub(super) fn trigger_in_another_location(context: &Context<'_>, sink: &mut Sink<'_>) {
    for trigger in context.head.triggers.values().filter(|trigger| trigger.is_of_storage()) {
        let Some(bucket) = bucket_of(context, trigger) else {
            report_global(trigger, sink);
            continue;
        };
        if let Some(why) = trigger.location.why().or(bucket.location.why()) {
            sink.not_checked(&subject(trigger), why.text.to_string(), why.span);
            continue;
        }
        let (Some(own), Some(wanted)) = (trigger.location.spanned(), bucket.location.spanned()) else { continue };
        if own.value.eq_ignore_ascii_case(&wanted.value) {
            continue;
        }
        let message = format!(
            "trigger `{}` lies in `{}`, and bucket `{}` in `{}`",
            trigger.address,
            own.value,
            bucket.shown(),
            wanted.value
        );
        sink.report(subject(trigger), own.span, message)
            .help(format!("write `location = \"{}\"`: the workflow may lie elsewhere", wanted.value.to_ascii_lowercase()))
            .related(wanted.span, "where the bucket lies");
    }
}

/// No bucket lies everywhere, whichever it is.
fn report_global(trigger: &Trigger, sink: &mut Sink<'_>) {
    if let Some(own) = trigger.location.spanned().filter(|own| own.value.eq_ignore_ascii_case("global")) {
        let message = format!("trigger `{}` lies in `global`, where no bucket lies", trigger.address);
        sink.report(subject(trigger), own.span, message).help("write the location of the bucket, in small letters");
    }
}

/// Each trigger on a bucket uses one of its notifications.
pub(super) fn too_many_triggers_on_bucket(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut of_buckets: BTreeMap<(&BucketId, &str), (Vec<&Trigger>, usize)> = BTreeMap::new();
    for trigger in context.head.triggers.values().filter(|trigger| trigger.is_of_storage()) {
        if let (Some(bucket), Some(event)) = (&trigger.bucket, trigger.criterion("type").and_then(|one| one.value.value())) {
            of_buckets.entry((bucket, event)).or_default().0.push(trigger);
        }
    }
    for ((bucket, event), (_, n_notifications)) in &mut of_buckets {
        let told = context.head.listeners.iter().filter(|listener| listener.bucket.as_ref() == Some(*bucket));
        *n_notifications = told.filter(|listener| listener.is_told_of(event)).count();
    }
    for ((bucket, event), (triggers, n_notifications)) in of_buckets {
        let count = triggers.len() + n_notifications;
        let at = MAX_PER_EVENT_TYPE.saturating_sub(n_notifications);
        let Some(first) = triggers.get(at) else { continue };
        let and = if n_notifications == 0 { "" } else { " and notifications" };
        let message = format!("bucket `{bucket}` has {count} triggers{and} on `{event}`, and takes {MAX_PER_EVENT_TYPE}");
        let finding = sink.report(subject(first), first.span, message);
        if let Some(bucket) = context.head.buckets.get(bucket) {
            finding.related(bucket.span, "the bucket");
        }
    }
}

/// Where files of other feeds start something, or did so before, a feed whose files start nothing is forgotten.
pub(super) fn untriggered_feed(context: &Context<'_>, sink: &mut Sink<'_>) {
    let model = context.head;
    if !starts_something(model) && !context.base.is_some_and(starts_something) {
        return;
    }
    let of_trigger = model.triggers.values().find(|trigger| trigger.bucket.is_none() && !is_of_something_else(trigger));
    let of_listener = || model.listeners.iter().find(|listener| listener.bucket.is_none()).map(|listener| listener.span);
    let hidden = of_trigger.map(|trigger| trigger.span).or_else(of_listener);
    for feed in model.feeds.values() {
        let Some(bucket) = model.bucket_of(feed) else { continue };
        if model.is_heard(&bucket.id, folder_of(feed)) {
            continue;
        }
        match hidden {
            Some(span) => {
                let why = "which bucket another trigger or notification is of is not known";
                sink.not_checked(&Item::Feed(feed).subject(), why, Some(span));
            }
            None => report_untriggered(model, feed, bucket, sink),
        }
    }
}

/// Whether the files of some feed start a trigger, or tell a topic or a function.
fn starts_something(model: &Model) -> bool {
    let is_told = |listener: &Listener, feed: &Feed| {
        let is_reader = matches!(listener.hears, Hears::Reader(_));
        !is_reader && listener.bucket == feed.bucket_id() && listener.may_hear_of(folder_of(feed))
    };
    let is_any_told = |feed: &Feed| feed.bucket_id().is_some() && model.listeners.iter().any(|one| is_told(one, feed));
    model.triggers.values().any(|trigger| !trigger.feeds.is_empty()) || model.feeds.values().any(is_any_told)
}

fn folder_of(feed: &Feed) -> &str {
    feed.file.prefix.value().map_or("", String::as_str)
}

fn report_untriggered(model: &Model, feed: &Feed, bucket: &Bucket, sink: &mut Sink<'_>) {
    let of_triggers = model.triggers.values().map(|trigger| (&trigger.bucket, trigger.span));
    let of_listeners = model.listeners.iter().map(|listener| (&listener.bucket, listener.span));
    let other = of_triggers.chain(of_listeners).find(|(heard, _)| heard.as_ref() == Some(&bucket.id));
    let why = if other.is_some() { "has none that takes them" } else { "has no trigger" };
    let message = format!("files of feed `{}` start nothing: bucket `{}` {why}", feed.id, bucket.shown());
    let span = feed.file.bucket.span().unwrap_or(feed.name_span);
    let finding = sink.report(Item::Feed(feed).subject(), span, message).related(bucket.span, "the bucket");
    if let Some((_, other)) = other {
        finding.related(other, "this hears of other events, or of files in another folder");
    }
}

/// Events that come from no bucket, and those of a bucket that is named and not declared here.
fn is_of_something_else(trigger: &Trigger) -> bool {
    trigger.event_type().value().is_some() && !trigger.is_of_storage()
}

fn bucket_of<'a>(context: &Context<'a>, trigger: &Trigger) -> Option<&'a Bucket> {
    context.head.buckets.get(trigger.bucket.as_ref()?)
}

fn subject(trigger: &Trigger) -> Subject {
    Item::Trigger(trigger).subject()
}
