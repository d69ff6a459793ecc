//! Today's date.

use crate::text::Date;
use std::time::{SystemTime, UNIX_EPOCH};

/// Today, in UTC: a suppression runs out everywhere at the same moment.
pub fn today() -> Date {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Date::from_days_since_epoch(i64::try_from(seconds / 86_400).unwrap_or(0))
}
