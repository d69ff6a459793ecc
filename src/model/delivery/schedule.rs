//! When a feed is delivered: the days and times of its cadence, in its time zone.

use super::Zone;
use crate::keys::cron::{self, Cron, Rhythm};
use crate::model::feed::Delivery;
use crate::model::{Known, Why};
use crate::text::Date;
use jiff::civil;
use jiff::tz::AmbiguousOffset;
use jiff::{Timestamp, ToSpan as _, ZonedDateTime};

/// The days and times of a feed.
#[derive(Debug, Clone)]
pub struct Schedule {
    pub zone: Zone,
    /// Without one, times and dates are taken for UTC.
    pub is_zone_said: bool,
    days: Cron,
    /// In order; empty where nothing says at what time a delivery is due.
    pub times: Vec<TimeOfDay>,
    pub grace_seconds: u64,
}

/// A time of day, to the minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay {
    pub hour: u8,
    pub minute: u8,
}

impl std::fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

/// One time of one day, as an instant.
#[derive(Debug, Clone)]
pub struct Moment {
    pub time: TimeOfDay,
    pub(super) at: ZonedDateTime,
    pub oddity: Option<Oddity>,
}

/// What a change of the clocks does to a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oddity {
    /// The clocks pass over it: the instant is that much later by the clock.
    Skipped,
    /// It comes twice: the instant is the first of the two.
    Twice,
}

impl Moment {
    /// `2026-08-24 19:30 +01`: by the clocks of the feed's zone.
    pub fn local(&self) -> String {
        self.at.strftime("%Y-%m-%d %H:%M %:::z").to_string()
    }

    /// `2026-08-24T18:30:00Z`.
    pub fn utc(&self) -> String {
        self.at.timestamp().to_string()
    }

    /// The instant so much later, as UTC.
    pub fn utc_after(&self, seconds: u64) -> String {
        let seconds = i64::try_from(seconds).unwrap_or(0);
        let later = self.at.timestamp().as_second().checked_add(seconds).and_then(|at| Timestamp::from_second(at).ok());
        later.unwrap_or(Timestamp::MAX).to_string()
    }
}

/// How far a calendar is searched for the next day of a delivery: 29 February comes within eight years.
const SEARCH_DAYS: usize = 8 * 366;

/// A cadence of so many times a day meets every change of the clocks, and lives with it.
const MANY_TIMES: usize = 24;

impl Schedule {
    /// What a definition says of its deliveries, or why no calendar follows from it.
    pub fn of(delivery: &Delivery) -> Result<Schedule, Why> {
        let cadence = match &delivery.cadence {
            Known::Known(cadence) => cadence,
            Known::Absent => return Err(Why::new("no cadence is declared", None)),
            Known::Unknown(why) => return Err(why.clone()),
        };
        let text = &cadence.value.text;
        let why = |text: String| Why::new(text, Some(cadence.span));
        let (days, own_times) = match cron::rhythm(text) {
            Some(Rhythm::Timed(cron)) => (cron, times_of(&cron)),
            Some(Rhythm::Days(cron)) => (cron, Vec::new()),
            Some(Rhythm::Undated) => return Err(why(format!("the cadence `{text}` does not say on which day"))),
            None => return Err(why(format!("the cadence `{text}` is not understood"))),
        };
        let (zone, is_zone_said) = zone_of(delivery)?;
        let due = delivery.due.value().and_then(|due| TimeOfDay::parse(due));
        let times = if own_times.len() > 1 { own_times } else { due.map_or(own_times, |due| vec![due]) };
        Ok(Schedule { zone, is_zone_said, days, times, grace_seconds: delivery.grace_seconds.value().copied().unwrap_or(0) })
    }

    /// Whether a delivery is due on this day.
    pub fn delivers_on(&self, day: Date) -> bool {
        civil_day(day).is_some_and(|day| self.takes(day))
    }

    fn takes(&self, day: civil::Date) -> bool {
        let small = |value: i8| u8::try_from(value).unwrap_or(0);
        self.days.takes_day(small(day.month()), small(day.day()), small(day.weekday().to_sunday_zero_offset()))
    }

    /// The days of deliveries among `count` days from `from` on.
    pub(super) fn days(&self, from: Date, count: usize) -> impl Iterator<Item = civil::Date> + '_ {
        civil_day(from).into_iter().flat_map(|from| from.series(1.day())).take(count).filter(|day| self.takes(*day))
    }

    /// The last day of a delivery before this day, and the first after it.
    pub fn neighbours(&self, day: Date) -> (Option<Date>, Option<Date>) {
        let Some(day) = civil_day(day) else { return (None, None) };
        let find = |step: jiff::Span| {
            let others = day.series(step).skip(1).take(SEARCH_DAYS);
            others.into_iter().find(|other| self.takes(*other)).and_then(own_day)
        };
        (find(-1.day()), find(1.day()))
    }

    /// The instants of a day's deliveries; none where no time is known.
    pub(super) fn moments(&self, day: civil::Date) -> impl Iterator<Item = Moment> + '_ {
        self.times.iter().filter_map(move |time| self.moment(day, *time))
    }

    fn moment(&self, day: civil::Date, time: TimeOfDay) -> Option<Moment> {
        let small = |value: u8| i8::try_from(value).unwrap_or(0);
        let local = day.at(small(time.hour), small(time.minute), 0, 0);
        let instant = self.zone.zone.to_ambiguous_zoned_datetime(local);
        let oddity = match instant.offset() {
            AmbiguousOffset::Unambiguous { .. } => None,
            AmbiguousOffset::Gap { .. } => Some(Oddity::Skipped),
            AmbiguousOffset::Fold { .. } => Some(Oddity::Twice),
        };
        Some(Moment { time, at: instant.compatible().ok()?, oddity })
    }

    /// The moments in the year from `from` on that a change of the clocks skips or gives twice. A cadence of very many
    /// times a day has none: it loses and gains some with every change.
    pub fn oddities(&self, from: Date) -> Vec<(Date, Moment)> {
        if self.times.len() >= MANY_TIMES {
            return Vec::new();
        }
        let days = self.change_days(from).into_iter().filter(|day| self.takes(*day));
        let odd =
            days.flat_map(|day| self.moments(day).filter(|moment| moment.oddity.is_some()).map(move |moment| (day, moment)));
        odd.filter_map(|(day, moment)| Some((own_day(day)?, moment))).collect()
    }

    /// The days in the year from `from` on on which the clocks of the zone change.
    fn change_days(&self, from: Date) -> Vec<civil::Date> {
        let start = civil_day(from).and_then(|day| day.to_zoned_datetime(self.zone.zone.clone()).ok());
        let Some(start) = start.map(|start| start.timestamp()) else { return Vec::new() };
        let end = start.as_second().saturating_add(366 * 86_400);
        let changes = self.zone.zone.following(start).take_while(|change| change.timestamp().as_second() < end);
        let mut days: Vec<civil::Date> = changes.flat_map(|change| self.days_around(change.timestamp())).collect();
        days.sort();
        days.dedup();
        days
    }

    /// The day by the clocks before a change, and by those after it.
    fn days_around(&self, change: Timestamp) -> [civil::Date; 2] {
        let before = Timestamp::from_second(change.as_second().saturating_sub(1)).unwrap_or(change);
        [before, change].map(|instant| self.zone.zone.to_datetime(instant).date())
    }
}

impl TimeOfDay {
    fn parse(text: &str) -> Option<TimeOfDay> {
        let (hour, minute) = text.split_once(':')?;
        Some(TimeOfDay {
            hour: hour.parse().ok().filter(|hour| *hour < 24)?,
            minute: minute.parse().ok().filter(|minute| *minute < 60)?,
        })
    }
}

fn times_of(cron: &Cron) -> Vec<TimeOfDay> {
    cron.times().map(|(hour, minute)| TimeOfDay { hour, minute }).collect()
}

/// The zone, and whether it is said: without one, UTC is taken.
fn zone_of(delivery: &Delivery) -> Result<(Zone, bool), Why> {
    match &delivery.time_zone {
        Known::Known(name) => match Zone::find(&name.value) {
            Some(zone) => Ok((zone, true)),
            None => Err(Why::new(format!("there is no time zone `{}`", name.value), Some(name.span))),
        },
        Known::Absent => Ok((Zone::utc(), false)),
        Known::Unknown(why) => Err(why.clone()),
    }
}

pub(super) fn civil_day(day: Date) -> Option<civil::Date> {
    let small = |value: u8| i8::try_from(value).ok();
    civil::Date::new(i16::try_from(day.year).ok()?, small(day.month)?, small(day.day)?).ok()
}

pub(super) fn own_day(day: civil::Date) -> Option<Date> {
    let small = |value: i8| u8::try_from(value).ok();
    Some(Date { year: u16::try_from(day.year()).ok()?, month: small(day.month())?, day: small(day.day())? })
}
