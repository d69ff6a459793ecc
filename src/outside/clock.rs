//! Today's date.

use crate::text::Date;
use std::time::{SystemTime, UNIX_EPOCH};

/// Today, in UTC: a suppression runs out everywhere at the same moment.
pub fn today() -> Date {
    Date::from_days_since_epoch(now_seconds().div_euclid(86_400))
}

/// Seconds since 1970.
pub fn now_seconds() -> i64 {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    i64::try_from(seconds).unwrap_or(0)
}
