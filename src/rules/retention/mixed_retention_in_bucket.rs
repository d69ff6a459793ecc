//! Feeds that are kept for different times lie in one bucket, whose retention is one for all.

use super::retention_unit_slip::is_slip;
use super::{SECONDS_PER_DAY, in_words, subject};
use crate::model::{Bucket, Feed};
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for bucket in context.head.buckets.values() {
        let feeds: Vec<&Feed> = bucket.feeds.iter().filter_map(|id| context.head.feeds.get(id)).collect();
        check_bucket(bucket, &feeds, sink);
    }
}

fn check_bucket(bucket: &Bucket, feeds: &[&Feed], sink: &mut Sink<'_>) {
    let Some(period) = bucket.retention_seconds.spanned().filter(|period| !is_slip(period.value)) else { return };
    let said: Vec<(&Feed, u32)> = feeds.iter().filter_map(|feed| Some((*feed, *feed.retention_days.value()?))).collect();
    let shortest = said.iter().min_by_key(|(_, days)| *days);
    let longest = said.iter().max_by_key(|(_, days)| *days);
    let (Some((short, least)), Some((long, most))) = (shortest, longest) else { return };
    if least == most || u64::from(*least) * SECONDS_PER_DAY >= period.value {
        return;
    }
    let message = format!(
        "bucket `{}` keeps every file for {}: feed `{}` asks for {most} days, and feed `{}` for {least}",
        bucket.shown(),
        in_words(period.value),
        long.id,
        short.id
    );
    let found = sink.report(subject(bucket), period.span, message);
    for (feed, days) in [(long, most), (short, least)] {
        found.related(feed.retention_days.span().unwrap_or(feed.name_span), format!("{days} days"));
    }
}
