//! A retention period that is days, hours or milliseconds where Cloud Storage counts seconds.

use super::{SECONDS_PER_DAY, in_words, relate_feeds, subject};
use crate::rules::{Context, Sink};

/// Cloud Storage refuses periods of 100 years and more.
const TOO_LONG_SECONDS: u64 = 3_155_760_000;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for bucket in context.head.buckets.values() {
        if let Some(why) = bucket.retention_seconds.why() {
            sink.not_checked(&subject(bucket), why.text.to_string(), why.span);
        }
        let Some(period) = bucket.retention_seconds.spanned() else { continue };
        let Some((message, help)) = slip(period.value) else { continue };
        let message = format!("bucket `{}` {message}", bucket.id);
        let diagnostic = sink.report(subject(bucket), period.span, message);
        diagnostic.help(help);
        relate_feeds(diagnostic, bucket, context.head);
    }
}

/// What is wrong with a period of so many seconds, and what to write instead.
fn slip(seconds: u64) -> Option<(String, String)> {
    match seconds {
        1..SECONDS_PER_DAY => {
            let message = format!("keeps its files for {}: `retention_period` counts seconds", in_words(seconds));
            Some((message, format!("write {} for {seconds} days", seconds * SECONDS_PER_DAY)))
        }
        TOO_LONG_SECONDS.. => {
            let message = "has a retention of 100 years or more, which is refused: `retention_period` counts seconds".to_owned();
            let meant = seconds / 1_000;
            Some((message, format!("write {meant} if {seconds} milliseconds ({}) are meant", in_words(meant))))
        }
        _ => None,
    }
}

/// Whether the period is a slip of unit, so that other rules do not judge it a second time.
pub(super) fn is_slip(seconds: u64) -> bool {
    slip(seconds).is_some()
}
