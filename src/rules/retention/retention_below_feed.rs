//! A feed's files must be kept longer than its bucket keeps them.

use super::retention_unit_slip::is_slip;
use super::{SECONDS_PER_DAY, in_words, subject};
use crate::model::{Bucket, Feed, Known};
use crate::rules::feed::subject as feed_subject;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for bucket in context.head.buckets.values() {
        for feed in bucket.feeds.iter().filter_map(|id| context.head.feeds.get(id)) {
            check_feed(bucket, feed, sink);
        }
    }
}

fn check_feed(bucket: &Bucket, feed: &Feed, sink: &mut Sink<'_>) {
    let Some(wanted) = feed.retention_days.spanned() else { return };
    let kept = match &bucket.retention_seconds {
        Known::Unknown(why) => return sink.not_checked(&subject(bucket), why.text.to_string(), why.span),
        Known::Absent => None,
        Known::Known(period) => Some(period),
    };
    let seconds = kept.map_or(0, |period| period.value);
    if seconds >= u64::from(wanted.value) * SECONDS_PER_DAY || is_slip(seconds) {
        return;
    }
    let keeps =
        if kept.is_none() { "has no retention policy".to_owned() } else { format!("keeps files for {}", in_words(seconds)) };
    let message = format!("feed `{}` must be kept {} days, but its bucket `{}` {keeps}", feed.id, wanted.value, bucket.shown());
    let place = kept.map_or(bucket.span, |period| period.span);
    sink.report(feed_subject(feed), wanted.span, message)
        .help(format!(
            "give the bucket `retention_policy {{ retention_period = {} }}`",
            u64::from(wanted.value) * SECONDS_PER_DAY
        ))
        .related(place, format!("bucket `{}`", bucket.shown()));
}
