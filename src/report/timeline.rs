//! The days of a feed, drawn: for how long its files and its rows are there, on one scale, with what is said where. One
//! drawing for the environments that agree.

mod bars;
mod html;
mod json;
mod svg;
mod text;
pub(super) mod words;

pub use html::html;
pub use json::json;
pub use svg::svg;
pub use text::text;

use crate::diagnostic::{Diagnostic, Severity, Subject, SubjectKind};
use crate::model::timeline::{Event, Lane, Timeline, When};
use crate::model::{Feed, Model};
use crate::text::{Files, Span};

/// What is drawn of a feed.
pub struct Drawing {
    pub feed: String,
    pub timelines: Vec<Drawn>,
}

/// One timeline, with the environments in which it holds; none are named where a repository has none.
pub struct Drawn {
    pub environments: Vec<String>,
    timeline: Timeline,
    lanes: [DrawnLane; 2],
    findings: Vec<Found>,
}

/// Files or rows.
struct DrawnLane {
    name: &'static str,
    /// In each environment its own.
    places: Vec<String>,
    events: Vec<DrawnEvent>,
    bars: Vec<bars::Bar>,
}

impl DrawnLane {
    /// `files in gs://acme-landing/orders/`.
    fn heading(&self) -> String {
        let places = if self.places.is_empty() { String::new() } else { format!(" in {}", self.places.join(", ")) };
        format!("{}{places}", self.name)
    }
}

struct DrawnEvent {
    event: Event,
    /// `infra/main.tf:12`; `None` for what holds without a word.
    at: Option<String>,
}

/// A finding on the feed, its bucket or its table.
#[derive(PartialEq)]
struct Found {
    severity: Severity,
    rule: String,
    message: String,
    at: String,
}

impl Drawing {
    pub fn new(feed: &str) -> Drawing {
        Drawing { feed: feed.to_owned(), timelines: Vec::new() }
    }

    /// Adds what holds in an environment, to a drawing that is the same where there is one.
    pub fn add(
        &mut self,
        environment: Option<&str>,
        files: &Files,
        model: &Model,
        feed: &Feed,
        timeline: Timeline,
        diagnostics: &[Diagnostic],
    ) {
        let findings = findings(files, model, feed, diagnostics);
        let name = environment.map(str::to_owned);
        let same = self.timelines.iter_mut().find(|drawn| drawn.timeline.is_alike(&timeline) && drawn.findings == findings);
        match same {
            Some(drawn) => {
                drawn.environments.extend(name);
                for (lane, other) in drawn.lanes.iter_mut().zip([&timeline.files, &timeline.rows]) {
                    lane.places.extend(other.place.clone().filter(|place| !lane.places.contains(place)));
                }
            }
            None => {
                let lanes = [lane("files", &timeline.files, files), lane("rows", &timeline.rows, files)];
                self.timelines.push(Drawn { environments: name.into_iter().collect(), timeline, lanes, findings });
            }
        }
    }
}

impl Drawn {
    /// `orders in dev and prod`.
    fn title(&self) -> String {
        match self.environments.split_last() {
            None => self.timeline.feed.clone(),
            Some((one, [])) => format!("{} in {one}", self.timeline.feed),
            Some((last, others)) => format!("{} in {} and {last}", self.timeline.feed, others.join(", ")),
        }
    }

    /// The last day of the scale, with room for what has no end.
    fn last_day(&self) -> f64 {
        let days = self.lanes.iter().flat_map(|lane| lane.events.iter().filter_map(|event| event.event.when.day()));
        let last = days.fold(30.0, f64::max);
        let is_open = self.lanes.iter().any(|lane| lane.bars.iter().any(|bar| bar.to.is_none()));
        if is_open { last * 1.5 } else { last }
    }
}

fn lane(name: &'static str, lane: &Lane, files: &Files) -> DrawnLane {
    let hidden_at = |event: &Event| match &event.when {
        When::Unknown(why) => why.span,
        When::Day(_) | When::On(_) | When::OfTable(_) | When::Never => None,
    };
    let at = |event: &Event| event.span.or(hidden_at(event)).map(|span| place(files, span));
    let events = lane.events.iter().map(|event| DrawnEvent { at: at(event), event: event.clone() }).collect();
    DrawnLane { name, places: lane.place.iter().cloned().collect(), events, bars: bars::of(lane) }
}

fn place(files: &Files, span: Span) -> String {
    let file = files.get(span.file);
    format!("{}:{}", file.path, file.position(span.start).line)
}

fn findings(files: &Files, model: &Model, feed: &Feed, diagnostics: &[Diagnostic]) -> Vec<Found> {
    let mut subjects = vec![Subject::new(SubjectKind::Feed, feed.id.0.clone())];
    subjects.extend(model.bucket_of(feed).map(|bucket| Subject::new(SubjectKind::Bucket, bucket.id.to_string())));
    subjects.extend(model.table_of(feed).map(|table| Subject::new(SubjectKind::Table, table.id.to_string())));
    let found = |found: &Diagnostic| Found {
        severity: found.severity,
        rule: found.rule.to_string(),
        message: found.message.clone(),
        at: place(files, found.primary),
    };
    diagnostics.iter().filter(|one| subjects.contains(&one.subject)).map(found).collect()
}

/// Where a day lies between 0 and 1: the first days matter as much as the last years.
fn position(day: f64, last_day: f64) -> f64 {
    (day.max(0.0).ln_1p() / last_day.max(1.0).ln_1p()).min(1.0)
}

/// Days that are written below the scale.
const TICKS: [f64; 12] = [0.0, 1.0, 3.0, 7.0, 14.0, 30.0, 90.0, 180.0, 365.0, 730.0, 1_825.0, 3_650.0];

#[cfg(test)]
mod tests;
