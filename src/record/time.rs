//! Dates and times as texts: those of RFC 3339, which JSON Schema's formats name, and those that BigQuery loads.

/// `date` of JSON Schema.
pub(super) fn is_rfc_date(text: &str) -> bool {
    text.len() == 10 && is_date(text)
}

/// `time` of JSON Schema, as far as it is certain: leap seconds are left to others.
pub(super) fn is_rfc_time(text: &str) -> bool {
    let Some((clock, rest)) = text.split_at_checked(8) else { return false };
    let is_whole = is_clock(clock) && text.as_bytes().get(2) == Some(&b':') && text.as_bytes().get(5) == Some(&b':');
    let zone = rest.strip_prefix('.').map_or(Some(rest), |fraction| {
        let end = fraction.bytes().position(|byte| !byte.is_ascii_digit())?;
        fraction.get(end..).filter(|_| end > 0)
    });
    is_whole && zone.is_some_and(is_rfc_zone)
}

fn is_rfc_zone(zone: &str) -> bool {
    matches!(zone, "Z" | "z") || (zone.len() == 6 && zone.starts_with(['+', '-']) && is_offset(zone))
}

/// `date-time` of JSON Schema.
pub(super) fn is_rfc_date_time(text: &str) -> bool {
    let Some((date, rest)) = text.split_at_checked(10) else { return false };
    is_date(date) && rest.starts_with(['T', 't']) && is_rfc_time(rest.get(1..).unwrap_or(""))
}

/// `YYYY-[M]M-[D]D`.
pub(super) fn is_date(text: &str) -> bool {
    is_day(text, b'-')
}

fn is_day(text: &str, separator: u8) -> bool {
    let bytes = text.as_bytes();
    if let [y1, y2, y3, y4, first, m1, m2, second, d1, d2] = bytes {
        let numbers = two(*y1, *y2).zip(two(*y3, *y4)).zip(two(*m1, *m2).zip(two(*d1, *d2)));
        let is_right = |((century, year), (month, day)): ((u32, u32), (u32, u32))| {
            let year = century * 100 + year;
            year > 0 && (1..=days_of(year, month)).contains(&day)
        };
        return *first == separator && *second == separator && numbers.is_some_and(is_right);
    }
    let Some((year, rest)) = bytes.split_at_checked(4) else { return false };
    let Some(rest) = rest.strip_prefix(&[separator]) else { return false };
    let Some(at) = rest.iter().position(|byte| *byte == separator) else { return false };
    let (month, day) = (rest.get(..at).unwrap_or(&[]), rest.get(at + 1..).unwrap_or(&[]));
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2)) else { return false };
    year > 0 && (1..=days_of(year, month)).contains(&day)
}

/// A number of two digits.
fn two(tens: u8, ones: u8) -> Option<u32> {
    let is_number = tens.is_ascii_digit() && ones.is_ascii_digit();
    is_number.then(|| u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
}

fn days_of(year: u32, month: u32) -> u32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}

/// One to `most` digits.
fn number(digits: &[u8], most: usize) -> Option<u32> {
    let is_number = !digits.is_empty() && digits.len() <= most && digits.iter().all(u8::is_ascii_digit);
    is_number.then(|| digits.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0')))
}

/// `[H]H:[M]M:[S]S`.
fn is_clock(text: &str) -> bool {
    if let [h1, h2, b':', m1, m2, b':', s1, s2] = text.as_bytes() {
        let is_below = |number: Option<u32>, limit: u32| number.is_some_and(|number| number < limit);
        return is_below(two(*h1, *h2), 24) && is_below(two(*m1, *m2), 60) && is_below(two(*s1, *s2), 60);
    }
    let mut parts = text.split(':').map(|part| number(part.as_bytes(), 2));
    let (hour, minute, second) = (parts.next().flatten(), parts.next().flatten(), parts.next().flatten());
    parts.next().is_none()
        && hour.is_some_and(|hour| hour < 24)
        && [minute, second].iter().all(|part| part.is_some_and(|part| part < 60))
}

/// `[H]H:[M]M:[S]S[.F]` with up to six digits of fraction.
pub(super) fn is_time(text: &str) -> bool {
    match text.split_once('.') {
        Some((clock, fraction)) => is_clock(clock) && is_fraction(fraction),
        None => is_clock(text),
    }
}

fn is_fraction(text: &str) -> bool {
    text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `YYYY-[M]M-[D]D`, then a time behind a space or a `T`, or none.
pub(super) fn is_datetime(text: &str) -> bool {
    match text.split_once([' ', 'T', 't']) {
        Some((date, time)) => is_date(date) && is_time(time),
        None => is_date(text),
    }
}

/// A date with `-` or `/`, then a time with or without seconds, then a zone; or only the first of them.
pub(super) fn is_timestamp(text: &str) -> bool {
    let is_any_date = |text: &str| is_day(text, b'-') || is_day(text, b'/');
    let Some((date, rest)) = text.split_once([' ', 'T', 't']) else { return is_any_date(text) };
    let end = rest.bytes().position(|byte| !(byte.is_ascii_digit() || matches!(byte, b':' | b'.'))).unwrap_or(rest.len());
    let (time, zone) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let has_seconds = time.bytes().filter(|byte| *byte == b':').count() == 2;
    let is_time = if has_seconds { is_time(time) } else { is_clock(&format!("{time}:00")) };
    is_any_date(date) && is_time && is_zone(zone)
}

/// Nothing, `Z`, `UTC`, an offset, or the name of a zone, which is not looked up.
fn is_zone(zone: &str) -> bool {
    let trimmed = zone.strip_prefix(' ').unwrap_or(zone);
    let offset = trimmed.strip_prefix("UTC").or_else(|| trimmed.strip_prefix("GMT")).unwrap_or(trimmed);
    let is_name =
        trimmed.len() < zone.len() && trimmed.starts_with(|first: char| first.is_ascii_uppercase()) && trimmed.contains('/');
    offset.is_empty() || matches!(offset, "Z" | "z") || is_offset(offset) || is_name
}

/// `+H`, `+HH`, `+[H]H:MM`.
fn is_offset(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(['+', '-']) else { return false };
    let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "00"));
    let hours = number(hours.as_bytes(), 2);
    minutes.len() == 2
        && hours.is_some_and(|hours| hours < 24)
        && number(minutes.as_bytes(), 2).is_some_and(|minutes| minutes < 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_the_calendar() {
        for date in ["2026-08-03", "2024-02-29", "2026-8-3"] {
            assert!(is_date(date), "{date}");
        }
        for wrong in ["2026-02-29", "2026-13-01", "2026/08/03", "03-08-2026", "20260803", "0000-01-01", "", "2026-08-03T00:00:00"]
        {
            assert!(!is_date(wrong), "{wrong}");
        }
        assert!(!is_rfc_date("2026-8-3") && is_rfc_date("2026-08-03"));
    }

    #[test]
    fn timestamps_that_the_load_takes() {
        for taken in [
            "2026-08-03T11:01:17.585833Z",
            "2026-08-03 11:01:17",
            "2026/08/03 11:01",
            "2026-08-03",
            "2026-08-03 11:01:17 UTC",
            "2026-08-03T11:01:17+02:00",
            "2026-08-03 11:01:17 Europe/London",
            "2026-08-03 11:01:17.5-8",
        ] {
            assert!(is_timestamp(taken), "{taken}");
        }
        for wrong in [
            "2026-08-03T11:01:17.585833123Z",
            "03.08.2026 11:01",
            "2026-08-03T25:00:00Z",
            "2026-08-03T11:01:17 CEST",
            "2026-08-03T11:01:17+2:0",
            "yesterday",
            "2026-08-03 11",
        ] {
            assert!(!is_timestamp(wrong), "{wrong}");
        }
        assert!(is_datetime("2026-08-03T11:01:17.5") && !is_datetime("2026-08-03T11:01:17Z"));
        assert!(is_time("9:05:00") && !is_time("09:05"));
    }

    #[test]
    fn date_times_of_rfc_3339() {
        assert!(is_rfc_date_time("2026-08-03T11:01:17.585833Z") && is_rfc_date_time("2026-08-03t11:01:17+02:00"));
        for wrong in
            ["2026-08-03 11:01:17Z", "2026-08-03T11:01:17", "2026-08-03T11:01:17.Z", "2026-08-03T1:01:17Z", "2026-8-3T11:01:17Z"]
        {
            assert!(!is_rfc_date_time(wrong), "{wrong}");
        }
    }
}
