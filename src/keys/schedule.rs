//! How often something runs: the schedules of BigQuery's transfer service (`every 24 hours`, `1st,3rd monday of month
//! 15:30`), cron expressions, words such as `daily`, and plain rates (`300/month`).

use super::cron::{self, DAYS_OF_YEAR, MONTH_DAYS, MONTHS, WEEKDAYS, day_share};
use super::format::Complaint;
use std::ops::RangeInclusive;

/// Days of a month, leap years counted in.
pub const DAYS_OF_MONTH: f64 = DAYS_OF_YEAR / 12.0;

const MINUTES_OF_DAY: u32 = 1_440;
const ORDINALS: [[&str; 2]; 5] = [["1st", "first"], ["2nd", "second"], ["3rd", "third"], ["4th", "fourth"], ["5th", "fifth"]];

/// Runs a month of a schedule, in whichever of the ways it is written.
pub fn runs_a_month(text: &str) -> Result<f64, Complaint> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    if let Some((per_30_days, _)) = cron::pace(&lower) {
        return Ok(per_30_days / 30.0 * DAYS_OF_MONTH);
    }
    let words: Vec<&str> = lower.split_ascii_whitespace().collect();
    let is_cron = matches!(words.as_slice(), [first, ..] if first.starts_with(['*', '/']) || words.len() > 1 && is_number_list(first) && words.get(1) != Some(&"of"));
    if is_cron && let Err(defect) = cron::Cron::parse(text) {
        return Err(Complaint::new(defect.text).at(defect.range));
    }
    of_words(&words).ok_or_else(|| misfit(text))
}

/// Runs a month of a rate: `300/month`, `2 / day`.
pub fn rate_a_month(text: &str) -> Result<f64, Complaint> {
    let misfit = || {
        let help = "write a number and `hour`, `day`, `week`, `month` or `year`, such as `300/month`";
        Complaint::new(format!("is no rate: `{}`", super::format::shown(text))).help(help)
    };
    let (number, unit) = text.split_once('/').ok_or_else(misfit)?;
    let number: f64 =
        number.trim().parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0).ok_or_else(misfit)?;
    let a_month = match unit.trim() {
        "hour" => DAYS_OF_MONTH * 24.0,
        "day" => DAYS_OF_MONTH,
        "week" => DAYS_OF_MONTH / 7.0,
        "month" => 1.0,
        "year" => 1.0 / 12.0,
        _ => return Err(misfit()),
    };
    Ok(number * a_month)
}

/// A rate where there is a stroke between a number and a word, and a schedule otherwise.
pub fn rate_or_schedule(text: &str) -> Result<f64, Complaint> {
    let is_rate = text.split_once('/').is_some_and(|(number, _)| number.trim().parse::<f64>().is_ok()) && !text.contains('*');
    if is_rate { rate_a_month(text) } else { runs_a_month(text) }
}

fn misfit(text: &str) -> Complaint {
    let help = "write it as `every 24 hours`, `every day 07:00`, `every mon,wed 09:00`, `1st,3rd monday of month 15:30`, \
                `1,15 of month 06:00`, or as a cron expression";
    Complaint::new(format!("is not understood: `{}`", super::format::shown(text))).help(help)
}

fn is_number_list(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'-' | b'*' | b'/'))
}

fn of_words(words: &[&str]) -> Option<f64> {
    match words {
        ["every", unit @ ("hour" | "minute"), rest @ ..] => every(1, unit, rest),
        ["every", number, unit, rest @ ..] if number.parse::<u32>().is_ok() => every(number.parse().ok()?, unit, rest),
        ["every", days, rest @ ..] => {
            let days = weekdays(days)?;
            let days_of_year: f64 = months_and_time(rest)?.iter().map(|month| length_of(*month)).sum();
            Some(days_of_year * f64::from(days) / 7.0 / 12.0)
        }
        [numbers, "of", rest @ ..] if is_number_list(numbers) => {
            let numbers: Vec<u32> = numbers.split(',').map(|number| number.parse().ok()).collect::<Option<_>>()?;
            let is_day = numbers.iter().all(|number| (1..=31).contains(number));
            let months = months_and_time_after_of(rest).filter(|_| is_day)?;
            let in_month = |month: &usize| numbers.iter().map(|day| day_share(*day, length_of(*month))).sum::<f64>();
            Some(months.iter().map(in_month).sum::<f64>() / 12.0)
        }
        [ordinals, days, rest @ ..] => {
            let (ordinals, days) = (ordinals.split(',').map(ordinal).collect::<Option<Vec<u32>>>()?, weekdays(days)?);
            let months = months_and_time(rest)?;
            let in_month = |month: &usize| ordinals.iter().map(|nth| nth_share(*nth, days, length_of(*month))).sum::<f64>();
            Some(months.iter().map(in_month).sum::<f64>() / 12.0)
        }
        _ => None,
    }
}

/// `every 15 minutes`, all day or from one time to another, both of them included.
fn every(number: u32, unit: &str, rest: &[&str]) -> Option<f64> {
    let minutes = match unit {
        "hour" | "hours" => number.checked_mul(60)?,
        "minute" | "minutes" | "min" | "mins" => number,
        // The syntax has no days here, and everybody knows what is meant.
        "day" | "days" => number.checked_mul(MINUTES_OF_DAY)?,
        _ => return None,
    };
    let a_day = match rest {
        _ if minutes == 0 => return None,
        [] | ["synchronized"] => f64::from(MINUTES_OF_DAY) / f64::from(minutes),
        ["from", from, "to", to] => {
            let (from, to) = (time(from)?, time(to)?);
            f64::from((to + MINUTES_OF_DAY - from) % MINUTES_OF_DAY / minutes + 1)
        }
        _ => return None,
    };
    Some(a_day * DAYS_OF_MONTH)
}

/// How many days of a week: `day`, `mon,wed`, `monday`.
fn weekdays(text: &str) -> Option<u32> {
    if text == "day" {
        return Some(7);
    }
    let bits = text.split(',').map(|word| named(word, &WEEKDAYS)).collect::<Option<Vec<usize>>>()?;
    Some(bits.into_iter().fold(0u32, |bits, day| bits | 1 << day).count_ones())
}

fn ordinal(text: &str) -> Option<u32> {
    (1..).zip(ORDINALS).find(|(_, names)| names.contains(&text)).map(|(nth, _)| nth)
}

/// The nth of so many days of the week in a month: the fifth comes only in months that are long enough.
fn nth_share(nth: u32, days: u32, length: f64) -> f64 {
    let share = if nth < 5 { 1.0 } else { (length - 28.0) / 7.0 };
    // The first day of a month, whichever of the week it is, is one.
    if days == 7 { 1.0 } else { f64::from(days) * share }
}

fn months_and_time(rest: &[&str]) -> Option<Vec<usize>> {
    match rest {
        [] => Some((0..12).collect()),
        ["of", rest @ ..] => months_and_time_after_of(rest),
        [at] => time(at).map(|_| (0..12).collect()),
        _ => None,
    }
}

/// The months by number from 0; a quarter stands for its first month.
fn months_and_time_after_of(rest: &[&str]) -> Option<Vec<usize>> {
    let (months, rest) = rest.split_first()?;
    let is_time = match rest {
        [] => true,
        [at] => time(at).is_some(),
        _ => false,
    };
    let months = match *months {
        _ if !is_time => return None,
        "month" => (0..12).collect(),
        "quarter" => vec![0, 3, 6, 9],
        names => names.split(',').map(|name| named(name, &MONTHS)).collect::<Option<_>>()?,
    };
    Some(months)
}

/// A name by its first three letters or in full.
fn named(word: &str, names: &[&str]) -> Option<usize> {
    const LETTERS: RangeInclusive<usize> = 3..=9;
    let is_word = LETTERS.contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase());
    names.iter().position(|name| is_word && word.starts_with(name))
}

fn length_of(month: usize) -> f64 {
    MONTH_DAYS.get(month).copied().unwrap_or_default()
}

/// Minutes since midnight of `07:00`.
fn time(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::{rate_or_schedule, runs_a_month};

    fn shown(text: &str) -> String {
        match rate_or_schedule(text) {
            Ok(runs) => format!("{runs:.2}"),
            Err(complaint) => complaint.text,
        }
    }

    #[test]
    fn schedules_that_google_documents_are_counted() {
        let cases = [
            ("every 24 hours", "30.44"),
            ("every day 07:00", "30.44"),
            ("every day", "30.44"),
            ("every 6 hours", "121.75"),
            ("every hour", "730.50"),
            ("every 15 minutes", "2922.00"),
            ("every 15 mins", "2922.00"),
            ("every 5 minutes from 10:00 to 14:00", "1491.44"),
            ("every 2 hours from 22:00 to 02:00", "91.31"),
            ("every 2 hours synchronized", "365.25"),
            ("every mon,wed 09:00", "8.70"),
            ("every monday 09:00", "4.35"),
            ("Every Wed,Fri of Jan,Jun 13:15", "1.45"),
            ("1st,3rd monday of month 15:30", "2.00"),
            ("first sunday of quarter 00:00", "0.33"),
            ("2nd,third mon,wed,thu of march 17:00", "0.50"),
            ("5th monday of month 09:00", "0.35"),
            ("1 of month 06:00", "1.00"),
            ("1,15 of month 06:00", "2.00"),
            ("31 of month 06:00", "0.58"),
            ("1 of jan,april,july,oct 00:00", "0.33"),
            ("0 7 * * *", "30.44"),
            ("*/10 * * * *", "4383.00"),
            ("daily", "30.44"),
            ("hourly", "730.50"),
            ("monthly", "1.00"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn rates_are_numbers_by_unit() {
        let cases =
            [("300/month", "300.00"), ("2 / day", "60.88"), ("1.5/week", "6.52"), ("0/month", "0.00"), ("12/year", "1.00")];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected, "{text}");
        }
        assert_eq!(shown("300/fortnight"), "is no rate: `300/fortnight`");
    }

    #[test]
    fn what_is_no_schedule_is_refused() {
        for bad in [
            "",
            "every",
            "every 0 hours",
            "every blue moon",
            "every 24 hour s",
            "every day at 7",
            "every day 25:00",
            "every mon 9",
            "1st of",
            "0 of month",
            "32 of month",
            "sometimes",
            "monday",
            "every 99999999999 hours",
            "every 10 minutes from 10:00",
        ] {
            assert!(runs_a_month(bad).is_err(), "{bad}");
        }
        assert_eq!(shown("0 25 * * *"), "has a cron field that cannot be: hour `25`, it must be from 0 to 23");
        assert_eq!(shown("0 7 * *").split(':').next(), Some("is a cron expression of 4 fields, and it must have five"));
    }
}
