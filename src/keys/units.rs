//! Durations and sizes as people write them: `180 days`, `P180D`, `180 MiB`. A number without a unit is no duration:
//! whoever reads it guesses, and guesses differ.

use super::format::Complaint;

/// Seconds of a day.
pub const DAY_SECONDS: u64 = 86_400;

/// The pattern of a duration, for the published schemas; [`seconds`] is stricter in nothing but the order of ISO parts.
pub const DURATION_PATTERN: &str =
    "^([0-9]+ (seconds?|minutes?|hours?|days?|weeks?)|P([0-9]+W)?([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+S)?)?)$";

/// The pattern of a size with a unit, for the published schemas.
pub const BYTES_PATTERN: &str = "^[0-9]+ ?(B|KiB|MiB|GiB|TiB|kB|MB|GB|TB)$";

/// The seconds of `2 hours` or `PT2H`.
pub fn seconds(text: &str) -> Result<u64, Complaint> {
    match text.strip_prefix('P') {
        Some(rest) => iso_seconds(rest).ok_or_else(|| not_iso(text)),
        None => worded_seconds(text),
    }
}

/// The days of `180 days`; `36 hours` is not a whole number of them.
pub fn days(text: &str) -> Result<u32, Complaint> {
    let seconds = seconds(text)?;
    if seconds % DAY_SECONDS != 0 {
        return Err(Complaint::new(format!("must be whole days, and `{text}` is not")));
    }
    u32::try_from(seconds / DAY_SECONDS).map_err(|_| too_large(text))
}

/// The bytes of `180 MiB`.
pub fn bytes(text: &str) -> Result<u64, Complaint> {
    let (number, unit) = split_number(text);
    let Ok(number) = number.parse::<u64>() else {
        return Err(Complaint::new(format!("must be a size such as `180 MiB`, not `{text}`")));
    };
    let unit_bytes = match unit {
        "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        "TiB" => 1 << 40,
        "kB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "TB" => 1_000_000_000_000,
        _ => return Err(unknown_size_unit(text, unit)),
    };
    number.checked_mul(unit_bytes).ok_or_else(|| too_large(text))
}

fn worded_seconds(text: &str) -> Result<u64, Complaint> {
    let (number, unit) = split_number(text);
    let Ok(number) = number.parse::<u64>() else {
        return Err(Complaint::new(format!("must be a duration such as `2 hours`, not `{text}`")));
    };
    if unit.is_empty() {
        return Err(no_unit(number));
    }
    let Some(unit_seconds) = unit_seconds(unit) else {
        return Err(unknown_time_unit(text, number, unit));
    };
    number.checked_mul(unit_seconds).ok_or_else(|| too_large(text))
}

/// What is said of a duration that is only a number.
pub fn no_unit(number: u64) -> Complaint {
    let help = format!("write `{number} days`, `{number} hours`, `{number} minutes` or `{number} seconds`");
    Complaint::new(format!("has no unit: `{number}` of what?")).help(help)
}

fn unit_seconds(unit: &str) -> Option<u64> {
    Some(match unit {
        "second" | "seconds" => 1,
        "minute" | "minutes" => 60,
        "hour" | "hours" => 3_600,
        "day" | "days" => DAY_SECONDS,
        "week" | "weeks" => 7 * DAY_SECONDS,
        _ => return None,
    })
}

fn split_number(text: &str) -> (&str, &str) {
    let digits = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    (number, unit.strip_prefix(' ').unwrap_or(unit))
}

fn unknown_time_unit(text: &str, number: u64, unit: &str) -> Complaint {
    let meant = match unit.to_ascii_lowercase().as_str() {
        "s" | "sec" | "secs" => Some("seconds"),
        "m" | "min" | "mins" => Some("minutes"),
        "h" | "hr" | "hrs" => Some("hours"),
        "d" => Some("days"),
        "w" | "wk" | "wks" => Some("weeks"),
        "month" | "months" | "year" | "years" | "y" => None,
        other => crate::text::nearest(other, ["seconds", "minutes", "hours", "days", "weeks"]),
    };
    let help = match meant {
        Some(meant) if number == 1 => format!("write `1 {}`", meant.trim_end_matches('s')),
        Some(meant) => format!("write `{number} {meant}`"),
        None => "months and years differ in length: write it in days, such as `180 days`".to_owned(),
    };
    Complaint::new(format!("has no known unit of time: `{text}`")).help(help)
}

fn unknown_size_unit(text: &str, unit: &str) -> Complaint {
    let complaint = Complaint::new(if unit.is_empty() {
        format!("is a number in quotes: `{text}`")
    } else {
        format!("has no unit of size: `{text}`")
    });
    complaint.help("write an integer of bytes, or a number with `KiB`, `MiB`, `GiB`, `TiB`, `kB`, `MB`, `GB` or `TB`")
}

fn not_iso(text: &str) -> Complaint {
    let complaint = Complaint::new(format!("must be a duration such as `180 days` or `P180D`, not `{text}`"));
    complaint.help("months and years differ in length and are not taken; hours, minutes and seconds stand after a `T`: `PT2H`")
}

fn too_large(text: &str) -> Complaint {
    Complaint::new(format!("is too large: `{text}`"))
}

/// Weeks and days, then hours, minutes and seconds after a `T`, each at most once and in this order.
fn iso_seconds(text: &str) -> Option<u64> {
    let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
    if text.is_empty() || time == Some("") {
        return None;
    }
    let date = iso_parts(date, &[('W', 7 * DAY_SECONDS), ('D', DAY_SECONDS)])?;
    let time = iso_parts(time.unwrap_or(""), &[('H', 3_600), ('M', 60), ('S', 1)])?;
    date.checked_add(time)
}

fn iso_parts(mut text: &str, units: &[(char, u64)]) -> Option<u64> {
    let mut total: u64 = 0;
    for (letter, seconds) in units {
        let Some((number, rest)) = text.split_once(*letter) else { continue };
        if number.is_empty() || number.bytes().any(|byte| !byte.is_ascii_digit()) {
            return None;
        }
        total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(*seconds)?)?;
        text = rest;
    }
    text.is_empty().then_some(total)
}

#[cfg(test)]
mod tests {
    use super::{bytes, days, seconds};

    #[test]
    fn a_duration_is_a_number_and_a_word_or_iso_8601() {
        let cases = [
            ("180 days", 15_552_000),
            ("1 day", 86_400),
            ("2 hours", 7_200),
            ("90 minutes", 5_400),
            ("30 seconds", 30),
            ("2 weeks", 1_209_600),
            ("P180D", 15_552_000),
            ("PT1H30M", 5_400),
            ("P1DT12H", 129_600),
        ];
        for (text, expected) in cases {
            assert_eq!(seconds(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_duration_without_a_fixed_unit_is_refused_with_a_cure() {
        let cases = [
            ("180", "write `180 days`, `180 hours`, `180 minutes` or `180 seconds`"),
            ("180d", "write `180 days`"),
            ("5 dyas", "write `5 days`"),
            ("1 hr", "write `1 hour`"),
            ("6 months", "months and years differ in length: write it in days, such as `180 days`"),
            ("P6M", "months and years differ in length and are not taken; hours, minutes and seconds stand after a `T`: `PT2H`"),
        ];
        for (text, help) in cases {
            let complaint = seconds(text).expect_err("no fixed unit");
            assert_eq!(complaint.help.as_deref(), Some(help), "{text}");
        }
        for text in ["", "P", "PT", "P1DT", "days", "-3 days", "99999999999999999999 days", "9999999999999999999 weeks", "PT5"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn retention_is_counted_in_whole_days() {
        assert_eq!(days("2 weeks"), Ok(14));
        assert_eq!(days("48 hours"), Ok(2));
        assert_eq!(days("36 hours").expect_err("a day and a half").text, "must be whole days, and `36 hours` is not");
    }

    #[test]
    fn a_size_is_binary_or_decimal_as_its_unit_says() {
        let cases = [("180 MiB", 188_743_680), ("5 MB", 5_000_000), ("1kB", 1_000), ("2 TiB", 2_199_023_255_552), ("7 B", 7)];
        for (text, expected) in cases {
            assert_eq!(bytes(text), Ok(expected), "{text}");
        }
        for text in ["", "MiB", "5", "5 mb", "5 KB", "1.5 GiB", "99999999999 TiB"] {
            assert!(bytes(text).is_err(), "{text}");
        }
    }
}
