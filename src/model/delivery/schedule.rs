//! When a feed is delivered: the days and times of its cadence, in its time zone.

use super::Zone;
use crate::keys::cron::{self, Cron, Rhythm};
use crate::model::feed::{Delivery, Lag};
use crate::model::{Known, Why};
use crate::text::Date;
use jiff::civil;
use jiff::tz::AmbiguousOffset;
use jiff::{Timestamp, ToSpan as _, ZonedDateTime};
use std::collections::BTreeSet;
use std::sync::Arc;

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
    /// Between the date of a file and the day on which it comes.
    pub lag: Option<Lag>,
    free_days: Arc<BTreeSet<Date>>,
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
        let rhythm = match &delivery.on {
            Known::Known(day) => Some(cron::rhythm_on(text, &day.value).ok_or_else(|| why(undated(text, Some(&day.value))))?),
            Known::Absent => cron::rhythm(text),
            Known::Unknown(why) => return Err(why.clone()),
        };
        let (days, own_times) = match rhythm {
            Some(Rhythm::Timed(cron)) => (cron, times_of(&cron)),
            Some(Rhythm::Days(cron)) => (cron, Vec::new()),
            Some(Rhythm::Undated) => return Err(why(undated(text, None))),
            None => return Err(why(format!("the cadence `{text}` is not understood"))),
        };
        let (zone, is_zone_said) = zone_of(delivery)?;
        let due = delivery.due.value().and_then(|due| TimeOfDay::parse(due));
        let times = if own_times.len() > 1 { own_times } else { due.map_or(own_times, |due| vec![due]) };
        Ok(Schedule {
            zone,
            is_zone_said,
            days,
            times,
            grace_seconds: delivery.grace_seconds.value().copied().unwrap_or(0),
            lag: said(&delivery.lag)?.copied(),
            free_days: said(&delivery.free_days)?.cloned().unwrap_or_default(),
        })
    }

    /// The day on which the file of a day comes.
    pub fn delivery_day(&self, day: Date) -> Option<Date> {
        day.civil().and_then(|day| self.day_of_delivery(day)).and_then(Date::of)
    }

    pub(super) fn day_of_delivery(&self, day: civil::Date) -> Option<civil::Date> {
        match self.lag {
            None => Some(day),
            Some(Lag::Days(count)) => day.checked_add(i64::from(count).days()).ok(),
            Some(Lag::BusinessDays(count)) => {
                let further = day.series(1.day()).skip(1).take(SEARCH_DAYS);
                further.into_iter().filter(|day| self.is_business_day(*day)).nth(usize::try_from(count).ok()?.checked_sub(1)?)
            }
        }
    }

    /// The last of the days without deliveries that are known.
    pub fn last_free_day(&self) -> Option<Date> {
        self.free_days.last().copied()
    }

    fn is_business_day(&self, day: civil::Date) -> bool {
        let is_weekend = matches!(day.weekday(), civil::Weekday::Saturday | civil::Weekday::Sunday);
        !is_weekend && !self.is_free(day)
    }

    fn is_free(&self, day: civil::Date) -> bool {
        !self.free_days.is_empty() && Date::of(day).is_some_and(|day| self.free_days.contains(&day))
    }

    /// Whether a delivery is due on this day.
    pub fn delivers_on(&self, day: Date) -> bool {
        day.civil().is_some_and(|day| self.takes(day))
    }

    fn takes(&self, day: civil::Date) -> bool {
        let small = |value: i8| u8::try_from(value).unwrap_or(0);
        let is_of_cadence =
            self.days.takes_day(small(day.month()), small(day.day()), small(day.weekday().to_sunday_zero_offset()));
        is_of_cadence && !self.is_free(day)
    }

    /// The days whose files come on one of `count` days from `from` on, each with the day on which they come.
    pub(super) fn days(&self, from: Date, count: usize) -> impl Iterator<Item = (civil::Date, civil::Date)> + '_ {
        let from = from.civil();
        let to = from.and_then(|from| from.checked_add(jiff::Span::new().try_days(i64::try_from(count).ok()?).ok()?).ok());
        let earliest = from.and_then(|from| from.checked_sub(self.longest_lag().days()).ok()).or(from);
        let days = earliest.into_iter().flat_map(|day| day.series(1.day())).take_while(move |day| Some(*day) < to);
        let due = days.filter(|day| self.takes(*day)).filter_map(|day| Some((day, self.day_of_delivery(day)?)));
        due.filter(move |(_, due)| Some(*due) >= from && Some(*due) < to)
    }

    /// In days; business days may be few where holidays are many.
    fn longest_lag(&self) -> i64 {
        match self.lag {
            None => 0,
            Some(Lag::Days(count)) => i64::from(count),
            Some(Lag::BusinessDays(count)) => i64::from(count) * 3 + 30,
        }
    }

    /// The last day of a delivery before this day, and the first after it.
    pub fn neighbours(&self, day: Date) -> (Option<Date>, Option<Date>) {
        let Some(day) = day.civil() else { return (None, None) };
        let find = |step: jiff::Span| {
            let others = day.series(step).skip(1).take(SEARCH_DAYS);
            others.into_iter().find(|other| self.takes(*other)).and_then(Date::of)
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
        let days = self.change_days(from).into_iter().filter(|day| self.has_delivery(*day));
        let odd =
            days.flat_map(|day| self.moments(day).filter(|moment| moment.oddity.is_some()).map(move |moment| (day, moment)));
        odd.filter_map(|(day, moment)| Some((Date::of(day)?, moment))).collect()
    }

    /// Whether files come on this day.
    fn has_delivery(&self, due: civil::Date) -> bool {
        Date::of(due).is_some_and(|day| self.days(day, 1).next().is_some())
    }

    /// The days in the year from `from` on on which the clocks of the zone change.
    fn change_days(&self, from: Date) -> Vec<civil::Date> {
        let start = from.civil().and_then(|day| day.to_zoned_datetime(self.zone.zone.clone()).ok());
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

/// Why no day follows from a cadence, and what to add.
fn undated(cadence: &str, day: Option<&str>) -> String {
    let what = match cadence {
        "weekly" => "a day of the week such as `monday`",
        "monthly" | "quarterly" => "a day of the month such as `1`",
        "yearly" => {
            return "the cadence `yearly` does not say on which day: write a cron expression such as `0 6 1 7 *`".to_owned();
        }
        _ => return format!("the cadence `{cadence}` says its days itself, so that `delivery.on` has no place beside it"),
    };
    match day {
        Some(day) => format!("the cadence `{cadence}` wants {what} in `delivery.on`, not `{day}`"),
        None => format!("the cadence `{cadence}` does not say on which day: add `delivery.on`, {what}"),
    }
}

fn said<T>(known: &Known<T>) -> Result<Option<&T>, Why> {
    known.why().map_or_else(|| Ok(known.value()), |why| Err(why.clone()))
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
