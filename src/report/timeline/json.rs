//! The timeline for programs.

use super::{Drawing, Drawn, DrawnEvent, DrawnLane, words};
use crate::model::timeline::When;
use crate::report::clean;
use serde::Serialize;

/// The version of the JSON. Additions keep it; anything else raises it.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct JsonDrawing<'a> {
    version: u32,
    feed: &'a str,
    timelines: Vec<JsonTimeline<'a>>,
}

#[derive(Serialize)]
struct JsonTimeline<'a> {
    environments: &'a [String],
    files: JsonLane<'a>,
    rows: JsonLane<'a>,
    findings: Vec<JsonFinding<'a>>,
}

#[derive(Serialize)]
struct JsonLane<'a> {
    /// In each environment its own.
    places: &'a [String],
    events: Vec<JsonEvent<'a>>,
}

/// Of `day`, `date`, `table_day` and `unknown` at most one is there; without any, it never happens.
#[derive(Serialize)]
struct JsonEvent<'a> {
    event: &'static str,
    text: String,
    /// Days after the delivery.
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    /// Days after the table was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    table_day: Option<f64>,
    /// Why it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<&'a str>,
    at: Option<&'a str>,
}

#[derive(Serialize)]
struct JsonFinding<'a> {
    severity: &'static str,
    rule: &'a str,
    message: &'a str,
    at: &'a str,
}

pub fn json(drawing: &Drawing) -> String {
    let timelines = drawing.timelines.iter().map(timeline).collect();
    let json = JsonDrawing { version: VERSION, feed: &drawing.feed, timelines };
    clean::json(&serde_json::to_string_pretty(&json).expect("these structs hold nothing that JSON cannot"))
}

fn timeline(drawn: &Drawn) -> JsonTimeline<'_> {
    let [files, rows] = &drawn.lanes;
    let findings = drawn.findings.iter().map(|found| JsonFinding {
        severity: found.severity.name(),
        rule: &found.rule,
        message: &found.message,
        at: &found.at,
    });
    JsonTimeline { environments: &drawn.environments, files: lane(files), rows: lane(rows), findings: findings.collect() }
}

fn lane(lane: &DrawnLane) -> JsonLane<'_> {
    JsonLane { places: &lane.places, events: lane.events.iter().map(event).collect() }
}

fn event(drawn: &DrawnEvent) -> JsonEvent<'_> {
    let when = &drawn.event.when;
    let (mut date, mut table_day, mut unknown) = (None, None, None);
    match when {
        When::On(on) => date = Some(on.to_string()),
        When::OfTable(days) => table_day = Some(*days),
        When::Unknown(why) => unknown = Some(&*why.text),
        When::Day(_) | When::Never => {}
    }
    JsonEvent {
        event: words::name(&drawn.event.kind),
        text: words::what(&drawn.event),
        day: when.day(),
        date,
        table_day,
        unknown,
        at: drawn.at.as_deref(),
    }
}
