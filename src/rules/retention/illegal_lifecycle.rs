//! A lifecycle that Cloud Storage or the provider refuses.

use super::subject;
use crate::model::{Bucket, LifecycleRule};
use crate::rules::{Context, Sink};
use crate::text::grouped;

const MAX_RULES: usize = 100;
/// Prefixes and suffixes over all rules of a bucket.
const MAX_NAMES: usize = 1_000;
const ABORT: &str = "AbortIncompleteMultipartUpload";

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for bucket in context.head.buckets.values() {
        check_amount(bucket, sink);
        for rule in &bucket.lifecycle {
            check_rule(bucket, rule, sink);
        }
    }
}

fn check_amount(bucket: &Bucket, sink: &mut Sink<'_>) {
    if let Some(rule) = bucket.lifecycle.get(MAX_RULES) {
        let n = bucket.lifecycle.len();
        let message = format!("bucket `{}` has {n} lifecycle rules, and takes {MAX_RULES}", bucket.shown());
        sink.report(subject(bucket), rule.span, message).detail("rules");
    }
    let lists = bucket.lifecycle.iter().flat_map(|rule| [&rule.matches_prefix, &rule.matches_suffix]);
    let n: usize = lists.filter_map(|list| list.value()).map(Vec::len).sum();
    if let Some(rule) = bucket.lifecycle.last().filter(|_| n > MAX_NAMES) {
        let (n, most) = (grouped(n as u64), grouped(MAX_NAMES as u64));
        let message =
            format!("the lifecycle of bucket `{}` names {n} prefixes and suffixes, and may name {most}", bucket.shown());
        sink.report(subject(bucket), rule.span, message).detail("prefixes");
    }
}

fn check_rule(bucket: &Bucket, rule: &LifecycleRule, sink: &mut Sink<'_>) {
    if rule.is_action("SetStorageClass") && rule.storage_class.is_absent() {
        let message = format!("a lifecycle rule of bucket `{}` moves files to no class", bucket.shown());
        sink.report(subject(bucket), rule.action.span().unwrap_or(rule.span), message)
            .detail("class")
            .help("write `storage_class` beside `type`");
    }
    if !rule.is_action(ABORT) {
        return;
    }
    let of_state = rule.state.spanned().map(|state| ("with_state", state.span));
    let others = rule.conditions.iter().filter(|one| one.value.value().is_some()).map(|one| (one.name, one.span));
    for (name, span) in of_state.into_iter().chain(others) {
        let message = format!("uploads in parts are asked for `{name}` in bucket `{}`, and have none", bucket.shown());
        sink.report(subject(bucket), span, message)
            .detail(name)
            .help(format!("`{ABORT}` takes `age`, `matches_prefix` and `matches_suffix` alone"));
    }
}
