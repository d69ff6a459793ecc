//! Renders what happens when an object arrives: for people, and for programs.

use super::{amount, clean};
use crate::model::workflow::{Change, ChangeKind, Load, Outcome, Run, Simulation, Started, Val};
use crate::model::{Bucket, Known};
use crate::text::{Files, Span};
use serde::Serialize;
use std::fmt::Write;

/// The version of the JSON. Additions keep it; anything else raises it.
const VERSION: u32 = 1;

/// So wide is the name of a thing.
const WIDTH: usize = 10;

const SECONDS_OF_DAY: u64 = 86_400;

pub fn text(files: &Files, simulation: &Simulation<'_>) -> String {
    let mut page = String::new();
    let mut row = |what: &str, said: &str, span: Option<Span>| {
        let place = span.map_or_else(String::new, |span| format!("  {}", place(files, span)));
        let _ = writeln!(page, "{what:WIDTH$}{}{place}", clean::line(said));
    };
    row("object", &format!("gs://{}/{}", simulation.bucket_name, simulation.object), None);
    match simulation.bucket {
        Some(bucket) => row("bucket", bucket.shown(), Some(bucket.span)),
        None => row("bucket", "not declared in this repository", None),
    }
    if simulation.feeds.is_empty() {
        row("feed", "none takes a file of this name", None);
    }
    for feed in &simulation.feeds {
        row("feed", &feed.id.0, Some(feed.name_span));
    }
    row("replaced", &replaceable(simulation.bucket).1, simulation.bucket.and_then(|bucket| bucket.retention_span));
    if simulation.started.is_empty() && simulation.elsewhere.is_empty() {
        row("trigger", "none hears of it", None);
    }
    for trigger in &simulation.elsewhere {
        row("trigger", &format!("{}, which starts no workflow that is read here", trigger.address), Some(trigger.span));
    }
    for started in &simulation.started {
        let assumed = if started.is_assumed { ", if its topic is told of the bucket" } else { "" };
        row("trigger", &format!("{}{assumed}", started.trigger.address), Some(started.trigger.span));
        row("workflow", &started.workflow.address, Some(started.workflow.span));
        for visit in &started.run.visits {
            let name = format!("{}{}", "  ".repeat(visit.depth), visit.step.name.value);
            row("", &name, Some(visit.condition.unwrap_or(visit.step.name.span)));
        }
        let (ends, span) = outcome(&started.run);
        row("ends", ends, span);
        for effect in started.run.effects.iter().filter(|effect| Load::of(effect).is_none() && Change::of(effect).is_empty()) {
            row("calls", &effect.call.function.value, Some(effect.call.function.span));
        }
        if started.loads.is_empty() {
            row("loads", "nothing", None);
        }
        for load in &started.loads {
            row("loads", &load_line(load), Some(load.table_span));
        }
        for change in &started.changes {
            row(verb(change.kind), &object_line(change.bucket.as_deref(), change.object.as_deref()), Some(change.span));
        }
    }
    page
}

fn place(files: &Files, span: Span) -> String {
    let file = files.get(span.file);
    format!("{}:{}", file.path, file.position(span.start).line)
}

/// Whether an object may be replaced or deleted at once, and why.
fn replaceable(bucket: Option<&Bucket>) -> (Option<bool>, String) {
    let Some(bucket) = bucket else { return (None, "not known: the bucket is not declared here".to_owned()) };
    match &bucket.retention_seconds {
        Known::Known(seconds) if seconds.value > 0 => {
            let kept = match seconds.value % SECONDS_OF_DAY {
                0 => amount::count(usize::try_from(seconds.value / SECONDS_OF_DAY).unwrap_or(usize::MAX), "day"),
                _ => amount::duration(seconds.value),
            };
            (Some(false), format!("no: the bucket keeps it for {kept}"))
        }
        Known::Known(_) | Known::Absent => (Some(true), "yes: the bucket has no retention".to_owned()),
        Known::Unknown(why) => (None, format!("not known: {}", why.text)),
    }
}

fn outcome(run: &Run<'_>) -> (&'static str, Option<Span>) {
    match &run.outcome {
        Outcome::Done(span, _) => ("well", *span),
        Outcome::Raised(span) => ("with an error", Some(*span)),
        Outcome::Undecided(span) => ("not known: it depends on what is known only when it runs", Some(*span)),
    }
}

fn load_line(load: &Load) -> String {
    let part = |part: &Option<String>| part.clone().unwrap_or_else(|| "?".to_owned());
    let table = load.table.iter().map(part).collect::<Vec<_>>().join(".");
    let option = |name: &str, default: &str| match load.option(name) {
        None => default.to_owned(),
        Some(Val::Text(text)) => text.clone(),
        Some(_) => "?".to_owned(),
    };
    format!("{table}, {}, {}", option("sourceFormat", "CSV"), option("writeDisposition", "WRITE_APPEND"))
}

fn verb(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Removes => "deletes",
        ChangeKind::Writes => "writes",
    }
}

fn object_line(bucket: Option<&str>, object: Option<&str>) -> String {
    format!("gs://{}/{}", bucket.unwrap_or("?"), object.unwrap_or("?"))
}

#[derive(Serialize)]
struct JsonSimulation<'a> {
    version: u32,
    bucket: &'a str,
    object: &'a str,
    feeds: Vec<&'a str>,
    /// Null where it is not known.
    replaceable: Option<bool>,
    why: String,
    started: Vec<JsonStarted<'a>>,
    /// Triggers that start what is not read here.
    elsewhere: Vec<&'a str>,
}

#[derive(Serialize)]
struct JsonStarted<'a> {
    trigger: &'a str,
    workflow: &'a str,
    /// Nothing says that the trigger hears of this bucket.
    assumed: bool,
    steps: Vec<JsonStep<'a>>,
    /// `done`, `raised` or `undecided`.
    outcome: &'static str,
    loads: Vec<JsonLoad<'a>>,
    changes: Vec<JsonChange<'a>>,
}

#[derive(Serialize)]
struct JsonStep<'a> {
    name: &'a str,
    depth: usize,
    path: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct JsonLoad<'a> {
    step: &'a str,
    /// Null where a part is known only when it runs.
    project: Option<&'a str>,
    dataset: Option<&'a str>,
    table: Option<&'a str>,
    path: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct JsonChange<'a> {
    step: &'a str,
    kind: &'static str,
    bucket: Option<&'a str>,
    object: Option<&'a str>,
}

pub fn json(files: &Files, simulation: &Simulation<'_>) -> String {
    let (replaceable, why) = replaceable(simulation.bucket);
    let said = JsonSimulation {
        version: VERSION,
        bucket: &simulation.bucket_name,
        object: &simulation.object,
        feeds: simulation.feeds.iter().map(|feed| &*feed.id.0).collect(),
        replaceable,
        why,
        started: simulation.started.iter().map(|started| json_started(files, started)).collect(),
        elsewhere: simulation.elsewhere.iter().map(|trigger| trigger.address.as_str()).collect(),
    };
    clean::json(&serde_json::to_string_pretty(&said).expect("these structs hold nothing that JSON cannot"))
}

fn json_started<'a>(files: &'a Files, started: &'a Started<'_>) -> JsonStarted<'a> {
    let path = |span: Span| files.get(span.file).path.as_str();
    let line = |span: Span| files.get(span.file).position(span.start).line;
    let steps = started.run.visits.iter().map(|visit| {
        let name = &visit.step.name;
        JsonStep { name: &name.value, depth: visit.depth, path: path(name.span), line: line(name.span) }
    });
    let loads = started.loads.iter().map(|load| {
        let [project, dataset, table] = load.table.each_ref().map(Option::as_deref);
        JsonLoad { step: &load.step.value, project, dataset, table, path: path(load.span), line: line(load.span) }
    });
    let changes = started.changes.iter().map(|change| JsonChange {
        step: &change.step.value,
        kind: verb(change.kind),
        bucket: change.bucket.as_deref(),
        object: change.object.as_deref(),
    });
    JsonStarted {
        trigger: &started.trigger.address,
        workflow: &started.workflow.address,
        assumed: started.is_assumed,
        steps: steps.collect(),
        outcome: match started.run.outcome {
            Outcome::Done(..) => "done",
            Outcome::Raised(_) => "raised",
            Outcome::Undecided(_) => "undecided",
        },
        loads: loads.collect(),
        changes: changes.collect(),
    }
}
