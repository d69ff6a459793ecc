//! The files that are expected: which names, on which day, due at which instant.

use super::file_name::{self, Slot};
use super::{Moment, Schedule};
use crate::model::{Feed, Why};
use crate::text::Date;
use jiff::civil;

/// One delivery that is expected.
#[derive(Debug, Clone)]
pub struct Expected {
    /// The day that the files are of, which stands in their names.
    pub day: Date,
    /// `Mon`.
    pub weekday: String,
    /// When it is due; `None` where nothing says at what time.
    pub due: Option<Moment>,
    /// The name of its files without the prefix, with `{seq:4}` and the like left open; `None` for a regular expression.
    pub name: Option<String>,
}

/// The deliveries on `count` days from `from` on.
pub fn calendar(feed: &Feed, environment: Option<&str>, from: Date, count: usize) -> Result<Vec<Expected>, Why> {
    let schedule = Schedule::of(&feed.delivery)?;
    let mut expected = Vec::new();
    for (day, due) in schedule.days(from, count) {
        let mut moments: Vec<Option<Moment>> = schedule.moments(due).map(Some).collect();
        if moments.is_empty() {
            moments.push(None);
        }
        expected.extend(moments.into_iter().filter_map(|due| one(feed, environment, &schedule, day, due)));
    }
    Ok(expected)
}

fn one(feed: &Feed, environment: Option<&str>, schedule: &Schedule, day: civil::Date, due: Option<Moment>) -> Option<Expected> {
    let is_timed = schedule.times.len() > 1;
    // The name says the day and the slot of the delivery, whatever the clocks do.
    let local = due.as_ref().map_or_else(|| day.at(0, 0, 0, 0), |due| day.at(small(due.time.hour), small(due.time.minute), 0, 0));
    let slot = Slot { feed: &feed.id.0, environment, local, is_timed };
    let name = feed.file.name.value().and_then(|pattern| file_name::name(pattern, &slot));
    Some(Expected { day: Date::of(day)?, weekday: day.strftime("%a").to_string(), due, name })
}

fn small(value: u8) -> i8 {
    i8::try_from(value).unwrap_or(0)
}
