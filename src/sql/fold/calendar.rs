//! Days and times as numbers: the proleptic Gregorian calendar, in days and microseconds since 1970.

use super::zone;

pub const DAY: i64 = 86_400_000_000;
pub const HOUR: i64 = 3_600_000_000;

/// Days since 1970-01-01; months beyond a year carry over.
pub fn days(year: i64, month: i64, day: i64) -> i64 {
    // Far beyond all dates that BigQuery has, and far from where numbers end.
    let months = year.saturating_mul(12).saturating_add(month.saturating_sub(1)).clamp(-1_000_000, 1_000_000);
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
    // Counted in eras of 400 years that begin on 1 March, so that the leap day is the last of its year.
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day.
pub fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days.saturating_add(719_468);
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

/// A day of the calendar; `None` where it has none.
pub fn checked_days(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_day = (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    let found = days(year, month, day);
    (is_day && civil(found) == (year, month, day)).then_some(found)
}

/// So many months later, on the last day of the month where it is shorter.
pub fn add_months(from: i64, months: i64) -> i64 {
    let (year, month, day) = civil(from);
    let first = days(year, month.saturating_add(months), 1);
    let (next_year, next_month, _) = civil(first);
    let last = days(next_year, next_month + 1, 1) - first;
    first + day.min(last) - 1
}

/// The begin of the unit in which the microsecond lies; the unit in capitals, `WEEK(MONDAY)` included.
pub fn truncate(micros: i64, unit: &str) -> Option<i64> {
    let day = micros.div_euclid(DAY);
    let (year, month, _) = civil(day);
    let begin = match unit {
        "MICROSECOND" => return Some(micros),
        "MILLISECOND" => return micros.checked_sub(micros.rem_euclid(1_000)),
        "SECOND" => return micros.checked_sub(micros.rem_euclid(1_000_000)),
        "MINUTE" => return micros.checked_sub(micros.rem_euclid(60_000_000)),
        "HOUR" => return micros.checked_sub(micros.rem_euclid(HOUR)),
        "DAY" => day,
        "MONTH" => days(year, month, 1),
        "QUARTER" => days(year, month - (month - 1) % 3, 1),
        "YEAR" => days(year, 1, 1),
        "ISOYEAR" => first_of_iso_year(iso_week(day).0),
        _ => day - (day - first_day_of_week(unit)?).rem_euclid(7),
    };
    begin.checked_mul(DAY)
}

/// The begin of the unit after the one in which the microsecond lies.
pub fn next(micros: i64, unit: &str) -> Option<i64> {
    let begin = truncate(micros, unit)?;
    let months = |months| add_months(begin.div_euclid(DAY), months).checked_mul(DAY);
    match unit {
        "MICROSECOND" => begin.checked_add(1),
        "MILLISECOND" => begin.checked_add(1_000),
        "SECOND" => begin.checked_add(1_000_000),
        "MINUTE" => begin.checked_add(60_000_000),
        "HOUR" => begin.checked_add(HOUR),
        "DAY" => begin.checked_add(DAY),
        "MONTH" => months(1),
        "QUARTER" => months(3),
        "YEAR" => months(12),
        "ISOYEAR" => first_of_iso_year(iso_week(begin.div_euclid(DAY)).0 + 1).checked_mul(DAY),
        _ => begin.checked_add(7 * DAY),
    }
}

/// Sunday is 0.
pub fn weekday(day: i64) -> i64 {
    // 1970-01-01 was a Thursday.
    day.saturating_add(4).rem_euclid(7)
}

/// The year and the number of the week that ISO 8601 counts the day to: that of its Thursday.
pub fn iso_week(day: i64) -> (i64, i64) {
    let thursday = day.saturating_add(3 - (weekday(day) + 6) % 7);
    let year = civil(thursday).0;
    (year, (thursday - days(year, 1, 1)) / 7 + 1)
}

/// The Monday of the week that holds 4 January.
fn first_of_iso_year(year: i64) -> i64 {
    let fourth = days(year, 1, 4);
    fourth - (weekday(fourth) + 6) % 7
}

/// A day on which weeks of this unit begin.
fn first_day_of_week(unit: &str) -> Option<i64> {
    // 1970-01-01 was a Thursday.
    let name = match unit {
        "WEEK" => "SUNDAY",
        "ISOWEEK" => "MONDAY",
        _ => unit.strip_prefix("WEEK(")?.strip_suffix(')')?,
    };
    let names = ["THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY"];
    names.iter().position(|known| *known == name).and_then(|at| i64::try_from(at).ok())
}

/// `2024-03-01`, with one digit where it is enough.
pub fn parse_date(text: &str) -> Option<i64> {
    let mut parts = text.trim().split('-').map(|part| number(part, 4));
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() {
        return None;
    }
    checked_days(year, month, day)
}

/// `2024-03-01`, `2024-03-01 12:30:00.5`, `2024-03-01T12:30:00Z`, with an offset where one is written. Microseconds, and
/// whether the text names its time zone.
pub fn parse_time(text: &str) -> Option<(i64, bool)> {
    let text = text.trim();
    let at = text.find(['T', 't', ' ']).unwrap_or(text.len());
    let (date, rest) = text.split_at_checked(at)?;
    let midnight = parse_date(date)?.checked_mul(DAY)?;
    let rest = rest.trim_start_matches(['T', 't', ' ']);
    let end = rest.find(|ch: char| !ch.is_ascii_digit() && ch != ':' && ch != '.').unwrap_or(rest.len());
    let (clock, zone) = rest.split_at_checked(end)?;
    let since_midnight = if clock.is_empty() { 0 } else { parse_clock(clock)? };
    let shown = midnight.checked_add(since_midnight)?;
    let micros = if zone.is_empty() { shown } else { zone::instant(shown, zone.trim())? };
    Some((micros, !zone.is_empty()))
}

fn parse_clock(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let hour = number(parts.next()?, 2)?;
    let minute = parts.next().map_or(Some(0), |part| number(part, 2))?;
    let (second, fraction) = parts.next().map_or(("0", ""), |part| part.split_once('.').unwrap_or((part, "")));
    let second = number(second, 2)?;
    let digits: String = fraction.chars().chain("000000".chars()).take(6).collect();
    let fraction = number(&digits, 6)?;
    let is_time = hour < 24 && minute < 60 && second < 60 && parts.next().is_none();
    is_time.then_some(hour * HOUR + minute * 60_000_000 + second * 1_000_000 + fraction)
}

/// The offset of a zone that needs no table of zones.
pub fn offset(zone: &str) -> Option<i64> {
    if matches!(zone.to_ascii_uppercase().as_str(), "Z" | "UTC" | "ETC/UTC" | "GMT") {
        return Some(0);
    }
    let rest = zone.strip_prefix("UTC").unwrap_or(zone);
    let (sign, rest) = match rest.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hour, minute) = rest.split_once(':').unwrap_or((rest, "0"));
    Some(sign * (number(hour, 2)? * HOUR + number(minute, 2)? * 60_000_000))
}

fn number(text: &str, width: usize) -> Option<i64> {
    let is_number = !text.is_empty() && text.len() <= width && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}
