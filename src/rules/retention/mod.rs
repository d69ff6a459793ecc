//! Rules on how long delivered files are kept.

pub(super) mod deletion_before_retention;
pub(super) mod retention_below_feed;
pub(super) mod retention_unit_slip;

use crate::diagnostic::Subject;
use crate::model::Bucket;
use crate::model::facts::Item;

const SECONDS_PER_HOUR: u64 = 3_600;
const SECONDS_PER_DAY: u64 = 86_400;

fn subject(bucket: &Bucket) -> Subject {
    Item::Bucket(bucket).subject()
}

/// Seconds as people say them: `180 days`, `3 minutes`.
fn in_words(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..SECONDS_PER_HOUR => (seconds / 60, "minute"),
        SECONDS_PER_HOUR..SECONDS_PER_DAY => (seconds / SECONDS_PER_HOUR, "hour"),
        _ => (seconds / SECONDS_PER_DAY, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}
