//! A lifecycle rule deletes files before their retention ends: it waits, or it deletes what must be kept.

use super::retention_unit_slip::is_slip;
use super::{SECONDS_PER_DAY, in_words, relate_feeds, subject};
use crate::model::{Bucket, LifecycleRule};
use crate::rules::{Context, Sink};
use crate::text::Spanned;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for bucket in context.head.buckets.values() {
        for rule in &bucket.lifecycle {
            check_rule(context, bucket, rule, sink);
        }
    }
}

fn check_rule(context: &Context<'_>, bucket: &Bucket, rule: &LifecycleRule, sink: &mut Sink<'_>) {
    let deletes = rule.action.value().is_some_and(|action| action == "Delete");
    // The provider drops an age of zero, so nothing is known of when such a rule acts.
    let Some(age) = rule.age_days.spanned().filter(|age| deletes && age.value > 0) else { return };
    match bucket.retention_seconds.spanned() {
        Some(period) if !is_slip(period.value) => check_retention(context, bucket, *age, period.value, sink),
        Some(_) => {}
        None if bucket.retention_seconds.is_absent() => check_feeds(context, bucket, rule, *age, sink),
        None => {
            let why = bucket.retention_seconds.why();
            sink.not_checked(&subject(bucket), why.map_or(String::new(), |why| why.text.to_string()), Some(age.span));
        }
    }
}

/// Under a retention policy the deletion waits: what is written is not what happens.
fn check_retention(context: &Context<'_>, bucket: &Bucket, age: Spanned<u64>, seconds: u64, sink: &mut Sink<'_>) {
    if age.value.saturating_mul(SECONDS_PER_DAY) >= seconds {
        return;
    }
    let kept = in_words(seconds);
    let message = format!("bucket `{}` deletes files after {} days, and its retention keeps them {kept}", bucket.id, age.value);
    let diagnostic = sink.report(subject(bucket), age.span, message);
    diagnostic
        .help(format!("the deletion waits for the retention: write an age of at least {}", seconds.div_ceil(SECONDS_PER_DAY)));
    if let Some(span) = bucket.retention_seconds.span() {
        diagnostic.related(span, "the retention");
    }
    relate_feeds(diagnostic, bucket, context.head);
}

/// Without a policy the files are gone.
fn check_feeds(context: &Context<'_>, bucket: &Bucket, rule: &LifecycleRule, age: Spanned<u64>, sink: &mut Sink<'_>) {
    for feed in bucket.feeds.iter().filter_map(|id| context.head.feeds.get(id)) {
        let prefix = feed.file.prefix.value().map_or("", String::as_str);
        let is_meant =
            rule.matches_prefix.is_empty() || rule.matches_prefix.iter().any(|other| prefix.starts_with(other.as_str()));
        let Some(wanted) = feed.retention_days.spanned().filter(|days| is_meant && age.value < u64::from(days.value)) else {
            continue;
        };
        let message = format!(
            "bucket `{}` deletes files of feed `{}` after {} days; they must be kept {}",
            bucket.id, feed.id, age.value, wanted.value
        );
        sink.report(subject(bucket), age.span, message)
            .help(format!("write an age of at least {}", wanted.value))
            .detail(feed.id.to_string())
            .related(wanted.span, "what the feed demands");
    }
}
