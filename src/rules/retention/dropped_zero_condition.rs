//! A condition of zero that the provider does not send, so that a lifecycle rule acts on more than it says.

use super::subject;
use crate::model::{Bucket, LifecycleRule, Versions};
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for bucket in context.head.buckets.values() {
        for rule in &bucket.lifecycle {
            check_rule(bucket, rule, sink);
        }
    }
}

fn check_rule(bucket: &Bucket, rule: &LifecycleRule, sink: &mut Sink<'_>) {
    // Where several zeros stand side by side, a tool has written out what the bucket has, and none of them is meant.
    let [dropped] = rule.dropped.as_slice() else { return };
    let Some(effect) = effect(rule, dropped.value).filter(|_| !rule.is_written_out) else { return };
    let message = format!("`{} = 0` of bucket `{}` is not sent: {effect}", dropped.value, bucket.shown());
    sink.report(subject(bucket), dropped.span, message)
        .detail(dropped.value)
        .help(format!("write `send_{}_if_zero = true` beside it, or leave it out", dropped.value));
}

/// What the rule does without it; `None` where that is the same.
fn effect(rule: &LifecycleRule, dropped: &str) -> Option<String> {
    let does = match rule.action.value()?.as_str() {
        "Delete" => "deletes",
        "SetStorageClass" => "moves",
        _ => return None,
    };
    if rule.is_unconditional() {
        return Some(format!("no condition is left of a rule that {does} files"));
    }
    let is_for_live_ones = *rule.versions().value()? != Versions::Noncurrent;
    match dropped {
        "days_since_noncurrent_time" if is_for_live_ones => Some(format!("the rule {does} live files as well")),
        "days_since_custom_time" => Some(format!("the rule {does} files without a custom time as well")),
        _ => None,
    }
}
