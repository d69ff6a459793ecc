//! A lifecycle rule deletes files before their retention ends: it waits, or it deletes what must be kept.

use super::retention_unit_slip::is_slip;
use super::{SECONDS_PER_DAY, in_days, in_words, subject};
use crate::model::{Bucket, Known, LifecycleRule};
use crate::rules::{Context, Sink};
use crate::text::Spanned;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for bucket in context.head.buckets.values() {
        if let Some(why) = &bucket.lifecycle_hidden {
            sink.not_checked(&subject(bucket), why.text.to_string(), why.span);
        }
        for rule in &bucket.lifecycle {
            check_rule(context, bucket, rule, sink);
        }
    }
}

fn check_rule(context: &Context<'_>, bucket: &Bucket, rule: &LifecycleRule, sink: &mut Sink<'_>) {
    let may_delete = rule.action.value().is_none_or(|action| action == "Delete");
    if let Some(why) = rule.action.why().or(rule.age_days.why()).or(rule.matches_prefix.why()).filter(|_| may_delete) {
        return sink.not_checked(&subject(bucket), why.text.to_string(), why.span);
    }
    // Where nothing but other conditions is said, nothing is known of when such a rule acts.
    let Some(age) = rule.age_days.spanned().filter(|_| rule.is_action("Delete")) else { return };
    match &bucket.retention_seconds {
        Known::Known(period) if is_slip(period.value) => return,
        Known::Known(period) => check_retention(bucket, *age, *period, sink),
        Known::Absent => {}
        Known::Unknown(why) => return sink.not_checked(&subject(bucket), why.text.to_string(), why.span),
    }
    check_feeds(context, bucket, rule, *age, sink);
}

/// Under a retention policy the deletion waits: what is written is not what happens.
fn check_retention(bucket: &Bucket, age: Spanned<u64>, period: Spanned<u64>, sink: &mut Sink<'_>) {
    if age.value.saturating_mul(SECONDS_PER_DAY) >= period.value {
        return;
    }
    let kept = in_words(period.value);
    let message =
        format!("bucket `{}` deletes files after {}, but its retention keeps them {kept}", bucket.shown(), in_days(age.value));
    let days = period.value.div_ceil(SECONDS_PER_DAY);
    sink.report(subject(bucket), age.span, message)
        .help(format!("the deletion waits until the retention is over: write an age of at least {days}"))
        .related(period.span, "the retention");
}

/// What the retention does not hold back is gone.
fn check_feeds(context: &Context<'_>, bucket: &Bucket, rule: &LifecycleRule, age: Spanned<u64>, sink: &mut Sink<'_>) {
    // Conditions hold together, and what the others leave in place is not known.
    let Some(kept) = bucket.days_before(rule).filter(|_| !rule.has_other_conditions()) else { return };
    let feeds = bucket.feeds.iter().filter_map(|id| context.head.feeds.get(id));
    for feed in feeds.filter(|feed| rule.reaches(feed.file.prefix.value().map_or("", String::as_str))) {
        let Some(wanted) = feed.retention_days.spanned().filter(|days| kept < u64::from(days.value)) else { continue };
        let message = format!(
            "bucket `{}` deletes files of feed `{}` after {}, but they must be kept {} days",
            bucket.shown(),
            feed.id,
            in_days(kept),
            wanted.value
        );
        sink.report(subject(bucket), age.span, message)
            .help(format!("write an age of at least {}", wanted.value))
            .detail(feed.id.to_string())
            .related(wanted.span, "what the feed demands");
    }
}
