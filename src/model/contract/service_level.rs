//! What a contract promises of its deliveries: `slaProperties` in the words of a feed file.

use super::{items, member, text};
use crate::keys::{cron, units};
use crate::model::feed::draft::{self, Draft, Placed};
use crate::syntax::{Document, NodeId, Value};

/// Says what the promises for this object come to. `object` is its name.
pub(super) fn say(document: &mut Document, root: NodeId, object: &str, draft: &mut Draft) {
    for promise in items(document, root, "slaProperties") {
        if !is_about(document, root, promise, object) {
            continue;
        }
        match text(document, promise, "property") {
            Some("frequency" | "fy") => {
                schedule(document, promise, draft);
                frequency(document, promise, draft);
            }
            Some("retention" | "re") => say_value(document, promise, draft, "retention", retention),
            Some("latency" | "ly") => say_value(document, promise, draft, "delivery.latency", latency),
            Some("timeOfAvailability" | "ta") => {
                time_of_availability(document, promise, draft);
                schedule(document, promise, draft);
            }
            _ => {}
        }
    }
}

/// A promise is of the elements that it names, or of those that are the contract's default, or of all.
fn is_about(document: &Document, root: NodeId, promise: NodeId, object: &str) -> bool {
    let elements = text(document, promise, "element").or_else(|| text(document, root, "slaDefaultElement"));
    let is_own = |element: &str| element.trim().split('.').next() == Some(object);
    elements.is_none_or(|elements| elements.split(',').any(is_own))
}

/// A number with the unit beside it, or a text that holds both.
struct Amount {
    number: f64,
    /// Seconds of the unit; `None` for months and years.
    unit: Unit,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Seconds(u64),
    Months,
    Years,
}

/// Reads `value` and `unit`; the error says why they cannot be read.
fn amount(document: &Document, promise: NodeId) -> Result<Amount, String> {
    let unit = text(document, promise, "unit");
    let written = match document.get(promise, "value").map(|node| document.value(node)) {
        Some(Value::Int(number)) => return with_unit(number as f64, unit.unwrap_or("")),
        Some(Value::Float(number)) => return with_unit(number, unit.unwrap_or("")),
        Some(Value::String(text)) => document.text(text).trim(),
        _ => return Err("the value of the promise is neither a number nor a text".to_owned()),
    };
    if let Ok(number) = written.parse::<f64>() {
        return with_unit(number, unit.unwrap_or(""));
    }
    if let Some(years) = written.strip_prefix('P').and_then(|rest| rest.strip_suffix('Y')).and_then(|years| years.parse().ok()) {
        return Ok(Amount { number: years, unit: Unit::Years });
    }
    if let Some(months) = written.strip_prefix('P').and_then(|rest| rest.strip_suffix('M')).and_then(|months| months.parse().ok())
    {
        return Ok(Amount { number: months, unit: Unit::Months });
    }
    if let Ok(seconds) = units::seconds(written) {
        // Periods are far below 2^52 seconds.
        return Ok(Amount { number: seconds as f64, unit: Unit::Seconds(1) });
    }
    let digits = written.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(written.len());
    let (number, unit) = written.split_at(digits);
    number.parse().map_err(|_| format!("`{written}` is not read as a period")).and_then(|number| with_unit(number, unit.trim()))
}

fn with_unit(number: f64, unit: &str) -> Result<Amount, String> {
    let unit = match unit.to_ascii_lowercase().as_str() {
        "s" | "sec" | "second" | "seconds" => Unit::Seconds(1),
        "min" | "mins" | "minute" | "minutes" => Unit::Seconds(60),
        "h" | "hr" | "hrs" | "hour" | "hours" => Unit::Seconds(3_600),
        "d" | "day" | "days" => Unit::Seconds(units::DAY_SECONDS),
        "w" | "wk" | "week" | "weeks" => Unit::Seconds(7 * units::DAY_SECONDS),
        "mo" | "mon" | "month" | "months" => Unit::Months,
        "y" | "yr" | "yrs" | "year" | "years" => Unit::Years,
        "m" => return Err("the unit `m` may mean minutes or months".to_owned()),
        "" => return Err("the promise has no unit".to_owned()),
        other => return Err(format!("the unit `{other}` is not known")),
    };
    Ok(Amount { number, unit })
}

impl Amount {
    fn days(&self) -> f64 {
        match self.unit {
            Unit::Seconds(seconds) => self.number * seconds as f64 / units::DAY_SECONDS as f64,
            // The shortest that the period can be: a month of 28 days, a year of 365.
            Unit::Months if self.number % 12.0 == 0.0 => self.number / 12.0 * 365.0,
            Unit::Months => self.number * 28.0,
            Unit::Years => self.number * 365.0,
        }
    }
}

fn say_value(
    document: &mut Document,
    promise: NodeId,
    draft: &mut Draft,
    path: &str,
    words: impl FnOnce(&Amount) -> Result<String, String>,
) {
    let Some(value) = member(document, promise, "value") else { return };
    let span = document.span(value.node);
    let node = match amount(document, promise).and_then(|amount| words(&amount)) {
        Ok(words) => draft::text(document, words, span),
        Err(why) => draft::unknown(document, why, span),
    };
    draft.say(document, path, Placed { key_span: value.key_span, node });
}

fn retention(amount: &Amount) -> Result<String, String> {
    let days = amount.days();
    if !(0.0..=1e6).contains(&days) {
        return Err("the period is out of reach".to_owned());
    }
    // Whole days within 1e6: exact.
    Ok(format!("{} days", days.floor() as u64))
}

fn latency(amount: &Amount) -> Result<String, String> {
    let seconds = amount.days() * units::DAY_SECONDS as f64;
    if !(0.0..=1e11).contains(&seconds) {
        return Err("the period is out of reach".to_owned());
    }
    Ok(format!("{} seconds", seconds.ceil() as u64))
}

/// `1` and `d` are `daily`; a text may be a word or a cron expression as it is.
fn frequency(document: &mut Document, promise: NodeId, draft: &mut Draft) {
    let written = text(document, promise, "value").filter(|text| cron::pace(text).is_some());
    match (written.is_some(), member(document, promise, "value")) {
        (true, Some(value)) => draft.say(document, "delivery.cadence", value),
        _ => say_value(document, promise, draft, "delivery.cadence", cadence),
    }
}

fn cadence(amount: &Amount) -> Result<String, String> {
    let rare = || Err("a delivery of this frequency has no cadence of ours".to_owned());
    // A frequency with a fraction is none that a cadence can say.
    let number =
        if amount.number.fract() == 0.0 && (1.0..1e6).contains(&amount.number) { amount.number as u64 } else { return rare() };
    let Unit::Seconds(unit) = amount.unit else {
        return match (amount.unit, number) {
            (Unit::Months, 1) => Ok("monthly".to_owned()),
            (Unit::Months, 3) => Ok("quarterly".to_owned()),
            (Unit::Months, 12) | (Unit::Years, 1) => Ok("yearly".to_owned()),
            _ => rare(),
        };
    };
    let seconds = number.saturating_mul(unit);
    let every = |whole: u64| seconds.is_multiple_of(whole) && seconds > 0;
    match seconds {
        60 => Ok("minutely".to_owned()),
        3_600 => Ok("hourly".to_owned()),
        86_400 => Ok("daily".to_owned()),
        604_800 => Ok("weekly".to_owned()),
        _ if every(60) && 3_600 % seconds == 0 => Ok(format!("*/{} * * * *", seconds / 60)),
        _ if every(3_600) && 86_400 % seconds == 0 => Ok(format!("0 */{} * * *", seconds / 3_600)),
        _ => rare(),
    }
}

/// `09:30-08:00`: a time of day, with or without what it is ahead of UTC.
fn time_of_availability(document: &mut Document, promise: NodeId, draft: &mut Draft) {
    let Some(value) = member(document, promise, "value") else { return };
    let span = document.span(value.node);
    let written = document.str(value.node).unwrap_or("").trim().to_owned();
    let (time, zone) = written.split_at_checked(5).unwrap_or((&written, ""));
    let zone = zone.strip_prefix(":00").unwrap_or(zone).trim();
    if crate::keys::format::TIME_OF_DAY.complaint(time).is_some() {
        let node = draft::unknown(document, format!("`{written}` is not read as a time of day"), span);
        return draft.say(document, "delivery.due", Placed { key_span: value.key_span, node });
    }
    let due = draft::text(document, time, span);
    draft.say(document, "delivery.due", Placed { key_span: value.key_span, node: due });
    if let Some(name) = zone_name(zone) {
        let zone = draft::text(document, name, span);
        draft.say(document, "delivery.time_zone", Placed { key_span: value.key_span, node: zone });
    }
}

/// The zone of a fixed distance from UTC in whole hours, whose sign the time zone database turns round.
fn zone_name(offset: &str) -> Option<String> {
    if matches!(offset, "Z" | "UTC" | "+00:00" | "-00:00") {
        return Some("UTC".to_owned());
    }
    let (sign, hours) = match offset.strip_suffix(":00")?.split_at_checked(1)? {
        ("+", hours) => ('-', hours),
        ("-", hours) => ('+', hours),
        _ => return None,
    };
    let hours: u8 = hours.parse().ok().filter(|hours| (1..=12).contains(hours))?;
    Some(format!("Etc/GMT{sign}{hours}"))
}

/// When it is delivered, more exactly than a frequency says it. Other promises are only checked on schedule.
fn schedule(document: &mut Document, promise: NodeId, draft: &mut Draft) {
    let is_cron = text(document, promise, "scheduler").is_none_or(|name| name.eq_ignore_ascii_case("cron"));
    let Some(value) = member(document, promise, "schedule").filter(|_| is_cron) else { return };
    if document.str(value.node).is_some_and(|text| cron::pace(text).is_some()) {
        draft.say(document, "delivery.cadence", value);
    }
}
