//! A lifecycle rule deletes the state of Terraform when nobody has applied anything for a while.

use super::{in_days, subject};
use crate::model::{Bucket, LifecycleRule};
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for bucket in context.head.buckets.values().filter(|bucket| bucket.is_of_state()) {
        for rule in bucket.lifecycle.iter().filter(|rule| rule.is_action("Delete")) {
            check_rule(bucket, rule, sink);
        }
    }
}

fn check_rule(bucket: &Bucket, rule: &LifecycleRule, sink: &mut Sink<'_>) {
    if let Some(why) = rule.state.why().or(rule.age_days.why()).or(rule.matches_prefix.why()) {
        return sink.not_checked(&subject(bucket), why.text.to_string(), why.span);
    }
    let Some(age) = rule.age_days.spanned() else { return };
    if rule.has_other_conditions() || !rule.matches_prefix.is_absent() {
        return;
    }
    let message =
        format!("bucket `{}` deletes a state of Terraform that has not changed for {}", bucket.shown(), in_days(age.value));
    sink.report(subject(bucket), age.span, message);
}
