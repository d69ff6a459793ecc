//! A retention period that is days, hours or milliseconds where Cloud Storage counts seconds.

use super::{SECONDS_PER_DAY, SECONDS_PER_HOUR, in_words, subject};
use crate::rules::{Context, Sink};

/// Cloud Storage refuses periods of 100 years and more.
const TOO_LONG_SECONDS: u64 = 3_155_760_000;

/// Ten years: more days than these are hours.
const MAX_DAYS: u64 = 3_653;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for bucket in context.head.buckets.values() {
        if let Some(why) = bucket.retention_seconds.why() {
            sink.not_checked(&subject(bucket), why.text.to_string(), why.span);
        }
        let Some(period) = bucket.retention_seconds.spanned() else { continue };
        let Some((message, help)) = slip(period.value) else { continue };
        sink.report(subject(bucket), period.span, format!("bucket `{}` {message}", bucket.shown())).help(help);
    }
}

/// What is wrong with a period of so many seconds, and what to write instead. Whole hours are meant as they stand.
fn slip(seconds: u64) -> Option<(String, String)> {
    if seconds >= TOO_LONG_SECONDS {
        let message = "has a retention of 100 years or more, which is refused: `retention_period` counts seconds".to_owned();
        let meant = seconds / 1_000;
        return Some((message, format!("write {meant} if {seconds} milliseconds ({}) are meant", in_words(meant))));
    }
    if seconds >= SECONDS_PER_DAY || seconds.is_multiple_of(SECONDS_PER_HOUR) {
        return None;
    }
    let message = format!("keeps its files for {}: `retention_period` counts seconds", in_words(seconds));
    let (unit, name) = if seconds <= MAX_DAYS { (SECONDS_PER_DAY, "days") } else { (SECONDS_PER_HOUR, "hours") };
    Some((message, format!("write {} if {seconds} {name} are meant", seconds * unit)))
}

/// Whether the period is a slip of unit, so that other rules do not judge it a second time.
pub(super) fn is_slip(seconds: u64) -> bool {
    slip(seconds).is_some()
}
