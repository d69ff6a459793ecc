//! Cadences: words and cron expressions of five fields, and how often and how finely they deliver.

use std::ops::Range;

pub const CADENCE_WORDS: [&str; 8] = ["minutely", "hourly", "daily", "weekdays", "weekly", "monthly", "quarterly", "yearly"];

/// The finest step of time in which two deliveries can differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Year,
    Month,
    Week,
    Day,
    Hour,
    Minute,
}

/// Deliveries in 30 days, and the step that tells them apart.
pub fn pace(text: &str) -> Option<(f64, Step)> {
    let days = |days: f64| 30.0 / days;
    Some(match text {
        "minutely" => (30.0 * 1_440.0, Step::Minute),
        "hourly" => (30.0 * 24.0, Step::Hour),
        "daily" => (30.0, Step::Day),
        "weekdays" => (days(1.4), Step::Day),
        "weekly" => (days(7.0), Step::Week),
        "monthly" => (days(DAYS_OF_YEAR / 12.0), Step::Month),
        "quarterly" => (days(DAYS_OF_YEAR / 4.0), Step::Month),
        "yearly" => (days(DAYS_OF_YEAR), Step::Year),
        _ => {
            let cron = Cron::parse(text).ok()?;
            (cron.per_month(), cron.step())
        }
    })
}

/// When a cadence delivers, as far as its text tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rhythm {
    /// On the days and at the times of this expression.
    Timed(Cron),
    /// On the days of this expression; at what time, the word does not say.
    Days(Cron),
    /// Once in a week, a month or longer; on which day, the word does not say.
    Undated,
}

/// The days and times of a cadence: `hourly` is on the hour, as people mean it.
pub fn rhythm(text: &str) -> Option<Rhythm> {
    Some(match text {
        "minutely" => Rhythm::Timed(Cron::parse("* * * * *").ok()?),
        "hourly" => Rhythm::Timed(Cron::parse("0 * * * *").ok()?),
        "daily" => Rhythm::Days(Cron::parse("0 0 * * *").ok()?),
        "weekdays" => Rhythm::Days(Cron::parse("0 0 * * 1-5").ok()?),
        "weekly" | "monthly" | "quarterly" | "yearly" => Rhythm::Undated,
        _ => Rhythm::Timed(Cron::parse(text).ok()?),
    })
}

/// The same with the day that is said of a word for a week or longer: `monday`, or a day of the month.
pub fn rhythm_on(text: &str, day: &str) -> Option<Rhythm> {
    let is_weekday = day.ends_with("day");
    let expression = match (text, is_weekday) {
        ("weekly", true) => format!("0 0 * * {}", day.get(..3)?.to_ascii_uppercase()),
        ("monthly", false) => format!("0 0 {day} * *"),
        ("quarterly", false) => format!("0 0 {day} 1,4,7,10 *"),
        _ => return None,
    };
    Cron::parse(&expression).ok().map(Rhythm::Days)
}

/// Deliveries on the busiest day of a cadence.
pub fn per_day(text: &str) -> Option<u64> {
    match rhythm(text)? {
        Rhythm::Timed(cron) => Some(if cron.per_month() > 0.0 { cron.times().count() as u64 } else { 0 }),
        Rhythm::Days(_) | Rhythm::Undated => Some(1),
    }
}

/// Leap years counted in, as every fourth.
pub(super) const DAYS_OF_YEAR: f64 = 365.25;

/// A cron expression: the allowed values of each field as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cron {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    /// Sunday is 0.
    weekdays: u64,
    /// Whether the fields for days begin with `*`; when neither does, a day need only satisfy one of them.
    any_day: bool,
    any_weekday: bool,
}

/// What is wrong with a cron expression, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CronDefect {
    pub range: Range<usize>,
    pub text: String,
}

struct Field {
    name: &'static str,
    min: u64,
    max: u64,
    /// Names of the values from `min` on.
    names: &'static [&'static str],
}

pub(super) const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
pub(super) const WEEKDAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const FIELDS: [Field; 5] = [
    Field { name: "minute", min: 0, max: 59, names: &[] },
    Field { name: "hour", min: 0, max: 23, names: &[] },
    Field { name: "day of the month", min: 1, max: 31, names: &[] },
    Field { name: "month", min: 1, max: 12, names: &MONTHS },
    // Sunday is 0 and 7.
    Field { name: "day of the week", min: 0, max: 7, names: &WEEKDAYS },
];

impl Cron {
    /// Reads five fields, as Cloud Scheduler and crontab take them.
    pub fn parse(text: &str) -> Result<Cron, CronDefect> {
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        let [_, _, day, _, weekday] = words.as_slice() else {
            let found = words.len();
            let text =
                format!("is a cron expression of {found} fields, and it must have five: minute, hour, day, month, weekday");
            return Err(CronDefect { range: 0..0, text });
        };
        let mut bits = [0; 5];
        for ((word, field), bits) in words.iter().zip(&FIELDS).zip(&mut bits) {
            let place = word.as_ptr() as usize - text.as_ptr() as usize;
            *bits = field.bits(word).map_err(|text| CronDefect { range: place..place + word.len(), text })?;
        }
        let [minutes, hours, days, months, weekdays] = bits;
        let weekdays = (weekdays | weekdays >> 7) & 0x7f;
        Ok(Cron { minutes, hours, days, months, weekdays, any_day: day.starts_with('*'), any_weekday: weekday.starts_with('*') })
    }

    /// Runs in 30 days. Over 28 years every date falls on every weekday equally often, so the two are independent.
    pub fn per_month(&self) -> f64 {
        let by_weekday = f64::from(self.weekdays.count_ones()) / 7.0;
        let (mut days_of_months, mut by_day) = (0.0, 0.0);
        for (month, length) in (1u64..).zip(MONTH_DAYS) {
            if self.months & (1 << month) == 0 {
                continue;
            }
            days_of_months += length;
            by_day += (1..=31u32).filter(|day| self.days & (1 << day) != 0).map(|day| day_share(day, length)).sum::<f64>();
        }
        let both = by_day * by_weekday;
        let either = by_day + days_of_months * by_weekday - both;
        let days = if self.any_day || self.any_weekday { both } else { either };
        let times = f64::from(self.minutes.count_ones() * self.hours.count_ones());
        30.0 / DAYS_OF_YEAR * days * times
    }

    /// Whether it runs on this day of the year. Sunday is 0.
    pub fn takes_day(&self, month: u8, day: u8, weekday: u8) -> bool {
        let has = |bits: u64, value: u8| value < 64 && bits & (1 << value) != 0;
        let (by_day, by_weekday) = (has(self.days, day), has(self.weekdays, weekday));
        has(self.months, month) && if self.any_day || self.any_weekday { by_day && by_weekday } else { by_day || by_weekday }
    }

    /// The times of a day at which it runs, hour and minute, in order.
    pub fn times(&self) -> impl Iterator<Item = (u8, u8)> + '_ {
        let of = |bits: u64, end: u8| (0..end).filter(move |value| bits & (1 << value) != 0);
        of(self.hours, 24).flat_map(move |hour| of(self.minutes, 60).map(move |minute| (hour, minute)))
    }

    /// The finest field with more than one value; months and weekdays come as days unless they are single.
    pub fn step(&self) -> Step {
        let several = |bits: u64| bits.count_ones() > 1;
        let weekly = self.any_day && !self.any_weekday && self.weekdays.count_ones() == 1;
        let once_a_month = self.any_weekday && !self.any_day && self.days.count_ones() == 1;
        match () {
            () if several(self.minutes) => Step::Minute,
            () if several(self.hours) => Step::Hour,
            () if weekly => Step::Week,
            () if !once_a_month => Step::Day,
            () if several(self.months) => Step::Month,
            () => Step::Year,
        }
    }
}

/// The expression that is meant by one of another tool: with seconds before it, with a year behind it, or with `?`.
pub fn nearest(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_ascii_whitespace().map(|word| if word == "?" { "*" } else { word }).collect();
    let has_year = words.last().is_some_and(|last| last.len() == 4) || text.split_ascii_whitespace().nth(4) == Some("?");
    let fields = match (words.as_slice(), has_year) {
        ([fields @ .., _], true) if fields.len() == 5 => fields,
        ([_, fields @ ..], false) if fields.len() == 5 => fields,
        ([_, fields @ .., _], _) if fields.len() == 5 => fields,
        (fields, _) => fields,
    };
    let meant = fields.join(" ");
    Cron::parse(&meant).is_ok().then_some(meant)
}

pub(super) const MONTH_DAYS: [f64; 12] = [31.0, 28.25, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0];

/// How often a month of this (mean) length has this day: 29 February in every fourth year.
pub(super) fn day_share(day: u32, length: f64) -> f64 {
    (length - f64::from(day) + 1.0).clamp(0.0, 1.0)
}

impl Field {
    /// The values that a field allows: `*`, `5`, `1-5`, `*/15`, `1-31/7`, `mon`, and lists of these.
    fn bits(&self, text: &str) -> Result<u64, String> {
        text.split(',').try_fold(0, |bits, part| Ok(bits | self.part_bits(part)?))
    }

    fn part_bits(&self, part: &str) -> Result<u64, String> {
        let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
        let step = match step {
            Some(step) => step.parse::<u64>().ok().filter(|step| (1..=self.max).contains(step)),
            None => Some(1),
        };
        let Some(step) = step else { return Err(self.defect(part, "the step after `/` must be a positive number")) };
        let (from, to) = match (range, range.split_once('-')) {
            ("*", _) => (self.min, self.max),
            (_, Some((from, to))) => (self.number(from, part)?, self.number(to, part)?),
            // `5/15` means from 5 on, in steps.
            (_, None) if part.contains('/') => (self.number(range, part)?, self.max),
            (_, None) => (self.number(range, part)?, self.number(range, part)?),
        };
        if from > to {
            return Err(self.defect(part, "the range runs backwards"));
        }
        let step = usize::try_from(step).unwrap_or(1);
        Ok((from..=to).step_by(step).fold(0, |bits, value| bits | 1 << value))
    }

    fn number(&self, text: &str, part: &str) -> Result<u64, String> {
        let named = self.names.iter().position(|name| name.eq_ignore_ascii_case(text));
        let value = match named {
            Some(index) => u64::try_from(index).ok().map(|index| index + self.min),
            None => text.parse::<u64>().ok(),
        };
        let value = value.filter(|value| (self.min..=self.max).contains(value));
        value.ok_or_else(|| self.defect(part, &format!("it must be from {} to {}", self.min, self.max)))
    }

    fn defect(&self, part: &str, why: &str) -> String {
        format!("has a cron field that cannot be: {} `{part}`, {why}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cron, Rhythm, Step, nearest, pace, rhythm};

    fn rounded(text: &str) -> Option<(f64, Step)> {
        pace(text).map(|(per_month, step)| ((per_month * 100.0).round() / 100.0, step))
    }

    #[test]
    fn words_and_cron_expressions_that_mean_the_same_count_the_same() {
        let pairs = [
            ("minutely", "* * * * *"),
            ("hourly", "5 * * * *"),
            ("daily", "30 6 * * *"),
            ("weekdays", "30 6 * * 1-5"),
            ("weekly", "30 6 * * MON"),
            ("monthly", "30 6 1 * *"),
            ("quarterly", "30 6 1 1,4,7,10 *"),
            ("yearly", "30 6 1 1 *"),
        ];
        for (word, cron) in pairs {
            assert!(rounded(word).is_some(), "{word}");
            assert_eq!(rounded(word), rounded(cron), "{word}");
        }
    }

    #[test]
    fn deliveries_of_a_cron_expression_are_counted() {
        let cases = [
            ("*/15 8-17 * * 1-5", 857.14, Step::Minute),
            ("0 6,18 * * *", 60.0, Step::Hour),
            ("0 6 * * 0,7", 4.29, Step::Week),
            // The 13th, and every Friday: either will do.
            ("0 0 13 * 5", 5.13, Step::Day),
            ("0 0 29 2 *", 0.02, Step::Year),
            ("0 0 31 4 *", 0.0, Step::Year),
            ("0 6 1,15 * *", 1.97, Step::Day),
        ];
        for (text, per_month, step) in cases {
            assert_eq!(rounded(text), Some((per_month, step)), "{text}");
        }
    }

    #[test]
    fn days_and_times_of_an_expression_are_those_of_its_fields() {
        let cron = Cron::parse("5,35 6-7 13 * 5").expect("an expression");
        assert_eq!(cron.times().collect::<Vec<_>>(), [(6, 5), (6, 35), (7, 5), (7, 35)]);
        // The 13th, and every Friday: either will do.
        assert!(cron.takes_day(8, 13, 4) && cron.takes_day(8, 14, 5) && !cron.takes_day(8, 15, 6));
        let weekdays = Cron::parse("0 7 * * 1-5").expect("an expression");
        assert!(weekdays.takes_day(8, 14, 5) && !weekdays.takes_day(8, 15, 6) && !weekdays.takes_day(8, 16, 0));
        assert!(!Cron::parse("0 7 * 2 *").expect("an expression").takes_day(8, 14, 5));
    }

    #[test]
    fn the_busiest_day_counts_every_time_of_it() {
        let cases = [("minutely", 1_440), ("hourly", 24), ("weekly", 1), ("*/5 7-17 * * 1-5", 132), ("0 0 31 4 *", 0)];
        for (text, per_day) in cases {
            assert_eq!(super::per_day(text), Some(per_day), "{text}");
        }
    }

    #[test]
    fn a_word_says_its_days_and_not_always_its_times() {
        assert_eq!(rhythm("hourly"), rhythm("0 * * * *"));
        assert!(matches!(rhythm("weekdays"), Some(Rhythm::Days(cron)) if !cron.takes_day(8, 15, 6)));
        assert_eq!(rhythm("monthly"), Some(Rhythm::Undated));
        assert_eq!(rhythm("fortnightly"), None);
    }

    #[test]
    fn an_expression_of_another_tool_is_translated() {
        let cases = [
            ("0 0 7 * * ?", Some("0 7 * * *")),
            ("0 30 6 ? * MON-FRI", Some("30 6 * * MON-FRI")),
            ("30 6 * * ? *", Some("30 6 * * *")),
            ("30 6 1 * * 2026", Some("30 6 1 * *")),
            ("0 30 6 1 * ? 2026", Some("30 6 1 * *")),
            ("30 6 ? * 1", Some("30 6 * * 1")),
            ("0 7 * * 8", None),
            ("* * *", None),
        ];
        for (text, meant) in cases {
            assert_eq!(nearest(text).as_deref(), meant, "{text}");
        }
    }

    #[test]
    fn a_field_out_of_its_range_is_pointed_at() {
        let defect = Cron::parse("0 25 * * *").expect_err("there is no hour 25");
        assert_eq!(defect.range, 2..4);
        assert_eq!(defect.text, "has a cron field that cannot be: hour `25`, it must be from 0 to 23");
        for bad in [
            "",
            "* * * *",
            "* * * * * *",
            "60 * * * *",
            "* * 0 * *",
            "* * * 13 *",
            "* * * * 8",
            "*/0 * * * *",
            "5-1 * * * *",
            "a * * * *",
            "1,, * * * *",
            "0 0 L * *",
            "0 0 ? * 1",
        ] {
            assert!(Cron::parse(bad).is_err(), "{bad}");
        }
    }
}
