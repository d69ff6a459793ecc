//! A bucket keeps the versions of what its lifecycle deletes, and nothing takes them away.

use super::subject;
use crate::model::{Bucket, LifecycleRule, Versions};
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for bucket in context.head.buckets.values() {
        check_bucket(bucket, sink);
    }
}

fn check_bucket(bucket: &Bucket, sink: &mut Sink<'_>) {
    let deletes = |rule: &&LifecycleRule| rule.action.value().is_none_or(|action| action == "Delete");
    let deletions: Vec<&LifecycleRule> = bucket.lifecycle.iter().filter(deletes).collect();
    let is_for = |rule: &LifecycleRule, versions| rule.versions().value() == Some(&versions);
    let Some(of_live) = deletions.iter().find(|rule| is_for(rule, Versions::Live) && rule.is_action("Delete")) else { return };
    let hidden = deletions.iter().find_map(|rule| rule.action.why().cloned().or(rule.versions().why().cloned()));
    if let Some(why) = bucket.versioning.why().or(bucket.lifecycle_hidden.as_ref()).or(hidden.as_ref()) {
        return sink.not_checked(&subject(bucket), why.text.to_string(), why.span);
    }
    let purges = deletions.iter().any(|rule| !is_for(rule, Versions::Live));
    let Some(versioning) = bucket.versioning.spanned().filter(|on| on.value && !purges) else { return };
    let message = format!("bucket `{}` keeps what this deletes as versions, and deletes no version", bucket.shown());
    let span = of_live.state.span().unwrap_or(of_live.span);
    sink.report(subject(bucket), span, message).related(versioning.span, "versions are kept");
}
