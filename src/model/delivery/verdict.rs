//! Whether a file of some delivery date may come today.

use super::Schedule;
use crate::model::{Feed, Why};
use crate::text::Date;

/// What there is to say of a delivery date on a certain day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// A delivery of this date is due on it, and the day has come.
    Expected,
    /// The date lies in the future.
    TooEarly,
    /// The feed says a lag, and the day that the file is of is not over; it is expected on this one.
    NotOver { due: Option<Date> },
    /// The feed is not delivered on such a day; these are the nearest days on which it is.
    NoDeliveryDay { before: Option<Date>, after: Option<Date> },
    /// Files of this date were to be kept until this day, which is over.
    PastRetention { until: Date },
    /// The definition does not tell.
    Unknown(Why),
}

/// Whether a delivery of `date` may come on `today`, both days by the clocks of the feed's zone.
pub fn verdict(feed: &Feed, date: Date, today: Date) -> Verdict {
    if date > today {
        return Verdict::TooEarly;
    }
    let until = feed.retention_days.value().and_then(|days| date.later(*days));
    if let Some(until) = until.filter(|until| *until < today) {
        return Verdict::PastRetention { until };
    }
    match Schedule::of(&feed.delivery) {
        Err(why) => Verdict::Unknown(why),
        Ok(schedule) if schedule.delivers_on(date) => match schedule.lag {
            Some(_) if date == today => Verdict::NotOver { due: schedule.delivery_day(date) },
            _ => Verdict::Expected,
        },
        Ok(schedule) => {
            let (before, after) = schedule.neighbours(date);
            Verdict::NoDeliveryDay { before, after }
        }
    }
}
