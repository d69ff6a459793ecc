//! Deliveries in time: on which days and at which instants a feed's files are due, and under which names. Pure: today,
//! and the first day of a calendar, come in. Zones come from the time zone database that is compiled in.

mod calendar;
mod file_name;
mod schedule;
mod verdict;
mod zone;

pub use calendar::{Expected, calendar};
pub use schedule::{Moment, Oddity, Schedule, TimeOfDay};
pub use verdict::{Verdict, verdict};
pub use zone::{Zone, nearest_zone, today_of};
