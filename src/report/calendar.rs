//! Renders the calendar of a feed: the files that are expected, for people, programs and spreadsheets.

use super::grid::Grid;
use super::text::TextOptions;
use super::{amount, clean};
use crate::model::Feed;
use crate::model::delivery::{Expected, Oddity, Schedule};
use crate::text::Date;
use serde::Serialize;

/// What is rendered.
pub struct Sheet<'a> {
    pub feed: &'a Feed,
    pub schedule: &'a Schedule,
    pub from: Date,
    pub days: usize,
    pub deliveries: &'a [Expected],
}

/// The version of the JSON calendar. Additions keep it; anything else raises it.
pub const VERSION: u32 = 1;

pub fn text(sheet: &Sheet<'_>, options: &TextOptions) -> String {
    let mut out = format!("{}\n", clean::line(&title(sheet)));
    for remark in remarks(sheet) {
        out.push_str(&format!("  {}\n", clean::line(&remark)));
    }
    out.push('\n');
    if sheet.deliveries.is_empty() {
        out.push_str(&format!("no delivery in {} from {} on\n", amount::count(sheet.days, "day"), sheet.from));
        return out;
    }
    let row = |expected: &Expected| {
        let due = expected.due.as_ref();
        vec![
            format!("{} {}", expected.weekday, expected.day),
            due.map_or_else(|| "not said".to_owned(), |due| due.local()),
            due.map_or_else(String::new, |due| due.utc()),
            object(sheet.feed, expected).unwrap_or_else(|| pattern(sheet.feed)),
            note(expected).to_owned(),
        ]
    };
    let heading = ["delivery", "due", "due in UTC", "object", ""];
    out.push_str(&Grid::new(&heading, sheet.deliveries.iter().map(row).collect()).text(options));
    clean::without_commands(out)
}

/// ``feed `trades`: `weekdays`, due 19:30 Europe/London, 2 hours of grace``.
fn title(sheet: &Sheet<'_>) -> String {
    let cadence = sheet.feed.delivery.cadence.value().map_or("", |cadence| cadence.text.as_str());
    let due = match sheet.schedule.times.as_slice() {
        [] => "at a time that is not declared,".to_owned(),
        [time] => format!("due {time}"),
        times => format!("{} a day,", amount::count(times.len(), "time")),
    };
    let grace = match sheet.schedule.grace_seconds {
        0 => String::new(),
        seconds => format!(", {} of grace", amount::duration(seconds)),
    };
    format!("feed `{}`: `{cadence}`, {due} {}{grace}", sheet.feed.id, sheet.schedule.zone.name)
}

/// What a reader has to know to take the sheet for what it is.
fn remarks(sheet: &Sheet<'_>) -> Vec<String> {
    let mut remarks = Vec::new();
    if !sheet.schedule.is_zone_said {
        remarks.push("no `time_zone` is declared: days and times are taken for UTC".to_owned());
    }
    match sheet.feed.delivery.files.value() {
        Some(1) => {}
        Some(files) => remarks.push(format!("{files} files in each delivery")),
        None => remarks.push("how many files a delivery has is not declared".to_owned()),
    }
    if let Some(lag) = sheet.feed.delivery.lag.value() {
        remarks.push(format!("files come {lag} after the day that they are of"));
    }
    if let Some(name) = sheet.feed.delivery.holidays.value() {
        let last = sheet.schedule.last_free_day().map_or_else(|| "is empty".to_owned(), |day| format!("ends on {day}"));
        remarks.push(format!("without the days of `{name}`, a list that {last}"));
    }
    let is_open = |expected: &Expected| expected.name.as_ref().is_some_and(|name| name.contains('{'));
    if sheet.deliveries.iter().any(is_open) {
        remarks.push("what stands in braces is known only when the file comes".to_owned());
    }
    remarks
}

fn object(feed: &Feed, expected: &Expected) -> Option<String> {
    let name = expected.name.as_ref()?;
    let prefix = feed.file.prefix.value().map_or("", String::as_str);
    Some(match feed.file.bucket.value() {
        Some(bucket) => format!("gs://{bucket}/{prefix}{name}"),
        None => format!("{prefix}{name}"),
    })
}

/// The pattern that the name must match, where no name follows from it.
fn pattern(feed: &Feed) -> String {
    feed.file.name.value().map_or_else(|| "no name is declared".to_owned(), |pattern| format!("matches {}", pattern.text))
}

fn note(expected: &Expected) -> &'static str {
    match expected.due.as_ref().and_then(|due| due.oddity) {
        Some(Oddity::Skipped) => "the clocks skip the declared time",
        Some(Oddity::Twice) => "the clocks show this time twice: the first is meant",
        None => "",
    }
}

pub fn csv(sheet: &Sheet<'_>) -> String {
    let row = |expected: &Expected| {
        let due = expected.due.as_ref();
        vec![
            sheet.feed.id.to_string(),
            expected.day.to_string(),
            due.map_or_else(String::new, |due| due.local()),
            due.map_or_else(String::new, |due| due.utc()),
            due.map_or_else(String::new, |due| due.utc_after(sheet.schedule.grace_seconds)),
            sheet.feed.delivery.files.value().map_or_else(String::new, u64::to_string),
            object(sheet.feed, expected).unwrap_or_default(),
            note(expected).to_owned(),
        ]
    };
    let heading = ["feed", "date", "due_local", "due_utc", "late_after_utc", "files", "object", "note"];
    Grid::new(&heading, sheet.deliveries.iter().map(row).collect()).csv()
}

pub fn json(sheet: &Sheet<'_>) -> String {
    let json = JsonCalendar {
        version: VERSION,
        feed: &sheet.feed.id.0,
        cadence: sheet.feed.delivery.cadence.value().map(|cadence| cadence.text.as_str()),
        time_zone: &sheet.schedule.zone.name,
        from: sheet.from.to_string(),
        days: sheet.days,
        deliveries: sheet.deliveries.iter().map(|expected| delivery(sheet, expected)).collect(),
    };
    let text = serde_json::to_string_pretty(&json).expect("these structs hold nothing that JSON cannot");
    clean::json(&text)
}

#[derive(Serialize)]
struct JsonCalendar<'a> {
    version: u32,
    feed: &'a str,
    cadence: Option<&'a str>,
    time_zone: &'a str,
    from: String,
    days: usize,
    deliveries: Vec<JsonDelivery<'a>>,
}

/// Without a declared time, the three instants are null; without a template, the object is.
#[derive(Serialize)]
struct JsonDelivery<'a> {
    date: String,
    due_local: Option<String>,
    due_utc: Option<String>,
    late_after_utc: Option<String>,
    files: Option<u64>,
    object: Option<String>,
    pattern: Option<&'a str>,
    /// `skipped` or `twice`, on a day on which the clocks change.
    clock_change: Option<&'static str>,
}

fn delivery<'a>(sheet: &Sheet<'a>, expected: &Expected) -> JsonDelivery<'a> {
    let due = expected.due.as_ref();
    JsonDelivery {
        date: expected.day.to_string(),
        due_local: due.map(|due| due.local()),
        due_utc: due.map(|due| due.utc()),
        late_after_utc: due.map(|due| due.utc_after(sheet.schedule.grace_seconds)),
        files: sheet.feed.delivery.files.value().copied(),
        object: object(sheet.feed, expected),
        pattern: sheet.feed.file.name.value().map(|pattern| pattern.text.as_str()),
        clock_change: due.and_then(|due| due.oddity).map(|oddity| match oddity {
            Oddity::Skipped => "skipped",
            Oddity::Twice => "twice",
        }),
    }
}
