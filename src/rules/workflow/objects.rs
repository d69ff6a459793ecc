//! Rules on what a workflow does to objects: those that a bucket keeps, and those that start it again.

use super::routes::subject;
use crate::model::workflow::{ChangeKind, Route, follow, is_retained};
use crate::model::{Bucket, BucketId, Trigger, Workflow};
use crate::rules::{Context, Sink};
use crate::text::Span;
use std::collections::BTreeSet;

/// A bucket that keeps its objects lets nobody delete or replace one.
pub(in crate::rules) fn change_of_retained_object(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut seen: BTreeSet<Span> = BTreeSet::new();
    for (route, workflow) in routes(context) {
        for change in &route.changes {
            let Some(bucket) = change.bucket.as_deref().and_then(|name| bucket_named(context, name)) else { continue };
            let is_own = change.object.as_deref() == Some(&route.object) && change.bucket.as_deref() == Some(&route.bucket);
            let what = match change.kind {
                ChangeKind::Removes => "deletes an object",
                ChangeKind::Writes if is_own => "replaces the object that came",
                ChangeKind::Writes => continue,
            };
            if !is_retained(bucket) || !seen.insert(change.span) {
                continue;
            }
            let message = format!("step `{}` {what} of bucket `{}`, which keeps it", change.step.value, bucket.shown());
            let finding = sink.report(subject(workflow), change.span, message);
            finding.related(bucket.retention_span.unwrap_or(bucket.span), "the retention of the bucket");
            finding.detail(change.step.value.clone());
        }
    }
}

/// What a workflow writes does not start it again, and again.
pub(in crate::rules) fn self_starting_workflow(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut seen: BTreeSet<Span> = BTreeSet::new();
    for (route, workflow) in routes(context) {
        for change in route.changes.iter().filter(|change| change.kind == ChangeKind::Writes) {
            let Some(bucket) = change.bucket.as_deref() else { continue };
            let Some(trigger) = trigger_of(context, workflow, bucket).filter(|_| !seen.contains(&change.span)) else { continue };
            match &change.object {
                None => sink.not_checked(&subject(workflow), "the name of the object it writes is not known", Some(change.span)),
                Some(object) if writes_again(workflow, trigger, bucket, object) => {
                    seen.insert(change.span);
                    let message =
                        format!("step `{}` writes to bucket `{bucket}`, which starts the workflow again", change.step.value);
                    let finding = sink.report(subject(workflow), change.span, message);
                    finding.related(trigger.span, "the trigger").detail(change.step.value.clone());
                }
                Some(_) => {}
            }
        }
    }
}

/// Whether the object that was written leads to another one.
fn writes_again(workflow: &Workflow, trigger: &Trigger, bucket: &str, object: &str) -> bool {
    let Some(run) = follow(workflow, trigger, bucket, object) else { return false };
    let changes = run.effects.iter().flat_map(crate::model::workflow::Change::of);
    changes.into_iter().any(|change| change.kind == ChangeKind::Writes && change.bucket.as_deref() == Some(bucket))
}

fn trigger_of<'a>(context: &Context<'a>, workflow: &Workflow, bucket: &str) -> Option<&'a Trigger> {
    let id = BucketId::Named(bucket.into());
    let triggers = workflow.triggers.iter().filter_map(|id| context.head.triggers.get(id));
    let is_finalized = |trigger: &&Trigger| {
        trigger.event_type().value().is_some_and(|event| event.ends_with(".finalized")) && trigger.bucket.as_ref() == Some(&id)
    };
    triggers.into_iter().find(is_finalized)
}

fn bucket_named<'a>(context: &Context<'a>, name: &str) -> Option<&'a Bucket> {
    context.head.buckets.get(&BucketId::Named(name.into()))
}

fn routes<'a>(context: &Context<'a>) -> impl Iterator<Item = (&'a Route, &'a Workflow)> {
    let model = context.head;
    model.routes.iter().filter_map(|route| Some((route, model.workflows.get(&route.workflow)?)))
}
