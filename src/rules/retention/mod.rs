//! Rules on how long delivered files are kept.

pub(super) mod default_expiration_of_feed_table;
pub(super) mod deletion_before_retention;
pub(super) mod deletion_of_state;
pub(super) mod dropped_zero_condition;
pub(super) mod early_deletion;
pub(super) mod expiration_below_replay;
pub(super) mod expiring_table;
pub(super) mod illegal_lifecycle;
pub(super) mod mixed_retention_in_bucket;
pub(super) mod retention_below_feed;
pub(super) mod retention_unit_slip;
pub(super) mod time_travel_out_of_range;
pub(super) mod unpurged_versions;

use crate::diagnostic::Subject;
use crate::model::Bucket;
use crate::model::facts::Item;

const SECONDS_PER_HOUR: u64 = 3_600;
const SECONDS_PER_DAY: u64 = 86_400;

fn subject(bucket: &Bucket) -> Subject {
    Item::Bucket(bucket).subject()
}

/// Whole days of a period, at least one where there is any.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates, which is what is wanted here")]
fn count(days: f64) -> u64 {
    days.round().max(1.0) as u64
}

pub(super) fn in_days(days: u64) -> String {
    in_words(days.saturating_mul(SECONDS_PER_DAY))
}

/// Seconds as people say them: `180 days`, `72 minutes`. Large counts of a unit lose what is left over.
pub(super) fn in_words(seconds: u64) -> String {
    let units = [(SECONDS_PER_DAY, "day"), (SECONDS_PER_HOUR, "hour"), (60, "minute"), (1, "second")];
    let fits = |size: u64| seconds.is_multiple_of(size) && seconds >= size || seconds >= size.saturating_mul(100);
    let (size, unit) = units.into_iter().find(|(size, _)| fits(*size)).unwrap_or((1, "second"));
    let count = seconds / size;
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}
