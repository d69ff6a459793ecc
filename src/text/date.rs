//! Days of the calendar.

use jiff::{Span, civil};
use std::fmt;

/// A day of the Gregorian calendar, as `2027-01-31`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    pub year: u16,
    pub month: u8,
    pub day: u8,
}

impl Date {
    /// Reads `YYYY-MM-DD`; `None` for a day that no calendar has.
    pub fn parse(text: &str) -> Option<Date> {
        let is_digit_or_dash = |(at, byte): (usize, u8)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
        let is_day = text.len() == 10 && text.bytes().enumerate().all(is_digit_or_dash);
        civil::Date::strptime("%Y-%m-%d", text).ok().filter(|_| is_day).and_then(Date::of)
    }

    /// The day that lies `days` after 1970-01-01, within years 0 to 9999.
    pub fn from_days_since_epoch(days: i64) -> Date {
        let (first, epoch, last) = (civil::date(0, 1, 1), civil::date(1970, 1, 1), civil::date(9999, 12, 31));
        let in_range = Span::new().try_days(days).and_then(|days| epoch.checked_add(days)).ok();
        let day = in_range.unwrap_or(if days < 0 { first } else { last });
        Date::of(day.max(first)).expect("no year below 0 is left")
    }

    /// The day that lies `days` later; `None` where the calendar has ended before.
    pub fn later(self, days: u32) -> Option<Date> {
        let days = Span::new().try_days(days).ok()?;
        self.civil()?.checked_add(days).ok().and_then(Date::of)
    }

    /// `None` before the year 0.
    pub fn of(day: civil::Date) -> Option<Date> {
        let small = |value: i8| u8::try_from(value).ok();
        Some(Date { year: u16::try_from(day.year()).ok()?, month: small(day.month())?, day: small(day.day())? })
    }

    /// For arithmetic; `None` for a day that no calendar has.
    pub fn civil(self) -> Option<civil::Date> {
        let small = |value: u8| i8::try_from(value).ok();
        civil::Date::new(i16::try_from(self.year).ok()?, small(self.month)?, small(self.day)?).ok()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days_of_the_calendar() {
        assert_eq!(Date::parse("2027-02-29"), None);
        assert_eq!(Date::parse("2028-02-29").map(|date| date.to_string()).as_deref(), Some("2028-02-29"));
        assert_eq!(Date::parse("27-1-1"), None);
        let days = [(0, "1970-01-01"), (19_782, "2024-02-29"), (20_780, "2026-11-23"), (11_016, "2000-02-29")];
        for (days, date) in days {
            assert_eq!(Date::from_days_since_epoch(days).to_string(), date);
        }
        for (days, date) in [(i64::MAX, "9999-12-31"), (i64::MIN, "0000-01-01"), (-1_000_000, "0000-01-01")] {
            assert_eq!(Date::from_days_since_epoch(days).to_string(), date);
        }
    }

    #[test]
    fn the_calendar_ends_and_nothing_else() {
        let day = Date::parse("2026-12-30").expect("a day");
        assert_eq!(day.later(180).map(|later| later.to_string()).as_deref(), Some("2027-06-28"));
        assert_eq!(day.later(8_000_000), None);
        assert_eq!(day.later(u32::MAX), None);
    }
}
