//! A trigger that goes, so that files start nothing any more, or one that is made anew, so that those start nothing that
//! arrive in between.

use super::{declared, fixed, going, local, more_reasons, report, surviving};
use crate::diagnostic::Subject;
use crate::model::Trigger;
use crate::model::deployment::Deployed;
use crate::model::facts::Item;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let triggers = context.base.into_iter().flat_map(|base| base.triggers.values());
    let declared = declared(context, triggers.map(|trigger| (trigger, &*trigger.id.0)));
    for (trigger, was, is) in going(context, sink, declared, |trigger, _| subject(trigger)) {
        match is {
            Some(is) => replaced(context, sink, trigger, was, is),
            None => removed(context, sink, trigger, was),
        }
    }
}

fn subject(trigger: &Trigger) -> Subject {
    Item::Trigger(trigger).subject()
}

fn replaced(context: &Context<'_>, sink: &mut Sink<'_>, trigger: &Trigger, was: &Deployed, is: &Deployed) {
    let causes = fixed::causes(context, sink, &subject(trigger), was, is);
    let Some((cause, others)) = causes.split_first() else { return };
    let message = format!(
        "Terraform removes trigger `{}` and makes it anew, and files that arrive in between start nothing: {}{}",
        trigger.address,
        cause.text,
        more_reasons(others)
    );
    report(sink, subject(trigger), is, message, (cause, others));
}

/// Only where the files go on arriving, and nothing else hears of them.
fn removed(context: &Context<'_>, sink: &mut Sink<'_>, trigger: &Trigger, was: &Deployed) {
    let bucket = trigger.bucket.as_ref().and_then(|id| context.head.buckets.get(context.pairs.buckets.head_of(id)?));
    let Some(bucket) = bucket.filter(|bucket| !context.head.is_heard(&bucket.id, "")) else { return };
    let place = surviving(context, was.span);
    let of_trigger = context.head.triggers.values().find(|other| other.bucket.is_none() && other.is_of_storage());
    let of_listener = || context.head.listeners.iter().find(|other| other.bucket.is_none()).map(|listener| listener.span);
    if let Some(hidden) = of_trigger.map(|trigger| trigger.span).or_else(of_listener) {
        let why = "it is gone, and which bucket another trigger or notification is of is not known";
        return sink.not_checked(&subject(trigger), why, Some(hidden));
    }
    let files = match bucket.feeds.as_slice() {
        [] => format!("files in bucket `{}`", bucket.shown()),
        [feed] => format!("files of feed `{feed}`"),
        feeds => format!("files of {} feeds in bucket `{}`", feeds.len(), bucket.shown()),
    };
    let message = format!("{files} start nothing any more: trigger `{}` is gone", trigger.address);
    let help = format!("keep a trigger on the bucket, or say what loads the files instead; `{}` went", local(&was.address));
    sink.report(subject(trigger), place, message)
        .help(help)
        .related(was.span, "the trigger as it was")
        .related(bucket.span, "the bucket");
}
