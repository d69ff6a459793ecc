//! Terraform would destroy a bucket, or the deployment fails because there are files in it.

use super::{declared, fixed, going, is_protected, more_reasons, report, surviving, to_keep, to_move};
use crate::diagnostic::Subject;
use crate::model::deployment::Deployed;
use crate::model::facts::Item;
use crate::model::{Bucket, Known};
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let buckets = context.base.into_iter().flat_map(|base| base.buckets.values());
    let declared = declared(context, buckets.map(|bucket| (bucket, &*bucket.unique_address)));
    for (bucket, was, is) in going(context, sink, declared, |bucket, _| subject(bucket)) {
        match is {
            Some(is) => replaced(context, sink, bucket, was, is),
            None => removed(context, sink, bucket, was),
        }
    }
}

fn subject(bucket: &Bucket) -> Subject {
    Item::Bucket(bucket).subject()
}

/// What becomes of the files of a bucket that goes.
enum Fate {
    /// The apply stops at the first of them.
    Fails,
    /// Those whose retention is over are deleted, and the apply stops at the others.
    HalfDeleted,
    Deleted,
}

/// As far as it is known.
fn fate(bucket: &Bucket, was: &Deployed) -> Result<Fate, String> {
    let protected = is_protected(was);
    match (protected.value(), &bucket.retention_seconds) {
        (Some(true), _) => Ok(Fate::Fails),
        // Nothing of a locked one is deleted as long as a file must be kept.
        (Some(false), Known::Known(_)) if bucket.retention_locked.value() == Some(&true) => Ok(Fate::Fails),
        (Some(false), Known::Known(_)) => Ok(Fate::HalfDeleted),
        (Some(false), Known::Absent) => Ok(Fate::Deleted),
        (Some(false), Known::Unknown(why)) => Err(format!("its retention is not known: {}", why.text)),
        (None, _) => {
            let why = protected.why().map_or("", |why| &why.text);
            Err(format!("whether `force_destroy` is set is not known: {why}"))
        }
    }
}

fn replaced(context: &Context<'_>, sink: &mut Sink<'_>, bucket: &Bucket, was: &Deployed, is: &Deployed) {
    let causes = fixed::causes(context, sink, &subject(bucket), was, is);
    let Some((cause, others)) = causes.split_first() else { return };
    let (name, why) = (bucket.shown(), format!("{}{}", cause.text, more_reasons(others)));
    let message = match (is.prevents_destroy.value(), fate(bucket, was)) {
        (Some(true), _) => {
            format!("the plan fails: bucket `{name}` would be made anew, which `prevent_destroy` forbids: {why}")
        }
        (_, Ok(Fate::Fails)) => format!("the apply fails while files are in it: bucket `{name}` would be made anew: {why}"),
        (_, Ok(Fate::HalfDeleted)) => format!(
            "Terraform deletes the files of bucket `{name}` whose retention is over, and the apply fails at the others: it would be made anew: {why}"
        ),
        (_, Ok(Fate::Deleted)) => {
            format!("Terraform destroys bucket `{name}` with all files in it and makes it anew: {why}")
        }
        (_, Err(unknown)) => {
            return sink.not_checked(
                &subject(bucket),
                format!("it would be made anew ({}), and {unknown}", cause.text),
                cause.place,
            );
        }
    };
    let found = report(sink, subject(bucket), is, message, (cause, others));
    if let Some(forced) = was.protected.spanned().filter(|protected| !protected.value) {
        found.related(forced.span, "this deletes what is in it");
    }
}

fn removed(context: &Context<'_>, sink: &mut Sink<'_>, bucket: &Bucket, was: &Deployed) {
    let place = surviving(context, was.span);
    let name = bucket.shown();
    let message = match fate(bucket, was) {
        Ok(Fate::Fails) => format!("the apply fails while files are in bucket `{name}`: its resource is gone"),
        Ok(Fate::HalfDeleted) => format!(
            "Terraform deletes the files of bucket `{name}` whose retention is over, and the apply fails at the others: its resource is gone"
        ),
        Ok(Fate::Deleted) => format!("Terraform destroys bucket `{name}` with all files in it: its resource is gone"),
        Err(unknown) => {
            return sink.not_checked(&subject(bucket), format!("its resource is gone, and {unknown}"), Some(place));
        }
    };
    let now = context.pairs.buckets.head_of(&bucket.id).and_then(|id| context.head.buckets.get(id));
    let help = match now {
        Some(now) => to_move(was, &now.unique_address),
        None => to_keep("bucket", was, "empty it first"),
    };
    sink.report(subject(bucket), place, message).help(help).related(was.span, "the resource as it was");
}
