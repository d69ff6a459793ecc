//! How often queries run: what their own comment says, or the schedule in Terraform, or `feedgate.yaml`, or, for the steps
//! of a workflow, how often the feeds that it serves are delivered. Nothing said is unknown, and never zero.

use super::embedded::Occasion;
use super::query::{Query, SqlText};
use super::terraform::{Resource, Terraform, blocks};
use super::{FileProblem, FileProblemKind, Known, Model, Why};
use crate::config::Config;
use crate::keys::format::{Complaint, shown};
use crate::keys::schedule::{rate_a_month, runs_a_month};
use crate::syntax::{Document, NodeId, Problem, ProblemKind, Value};
use crate::text::{FileId, Files, Span, Spanned};
use std::collections::BTreeMap;
use std::ops::Range;

/// How often a query runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Runs {
    /// Of a month of 365.25 / 12 days.
    pub per_month: f64,
    /// Where that comes from: `` `every day 07:00` in Terraform ``.
    pub why: String,
}

/// What begins a comment that speaks to us.
const NEEDLE: &str = "feedgate:";
const FORM: &str = "write `schedule=\"every day 07:00\"` or `runs=300/month`";

/// Finds out how often a text runs, and what is wrong with what is said of it.
pub fn of_text(text: &SqlText, files: &Files, config: &Config) -> (Known<Runs>, Vec<FileProblem>) {
    let header = Header::read(&text.text);
    let place = |range: Range<usize>| text.map.span(range);
    let mut problems: Vec<FileProblem> =
        header.defects.into_iter().map(|(range, complaint)| problem(place(range), complaint)).collect();
    let own = header.runs.map(|(range, per_month, value)| {
        let why = format!("`{value}` in its comment");
        Known::Known(Spanned::new(Runs { per_month, why }, place(range)))
    });
    let runs = own.unwrap_or_else(|| match of_occasion(&text.occasion) {
        Ok(Known::Absent) => of_config(text, files, config),
        Ok(runs) => runs,
        Err((span, complaint)) => {
            let why = Why::new(complaint.text.clone(), Some(span));
            problems.push(problem(span, complaint));
            Known::Unknown(why)
        }
    });
    (runs, problems)
}

fn problem(span: Span, complaint: Complaint) -> FileProblem {
    let problem = Problem { kind: ProblemKind::Shape, span, message: complaint.text, help: complaint.help, related: None };
    FileProblem { file: span.file, kind: FileProblemKind::Schedule, problem }
}

fn of_occasion(occasion: &Occasion) -> Result<Known<Runs>, (Span, Complaint)> {
    let schedule = match occasion {
        Occasion::Unsaid | Occasion::Delivery => return Ok(Known::Absent),
        Occasion::Never(span) => {
            let runs = Runs { per_month: 0.0, why: "it is switched off in Terraform".to_owned() };
            return Ok(Known::Known(Spanned::new(runs, *span)));
        }
        Occasion::Schedule(schedule) => schedule,
    };
    let Some(text) = schedule.spanned() else { return Ok(schedule.clone().map(|_| Runs { per_month: 0.0, why: String::new() })) };
    let per_month = runs_a_month(&text.value).map_err(|complaint| (text.span, named("schedule", complaint)))?;
    let why = format!("`{}` in Terraform", text.value);
    Ok(Known::Known(Spanned::new(Runs { per_month, why }, text.span)))
}

/// Complaints go on after the name of the key.
fn named(key: &str, complaint: Complaint) -> Complaint {
    Complaint { text: format!("`{key}` {}", complaint.text), ..complaint }
}

fn of_config(text: &SqlText, files: &Files, config: &Config) -> Known<Runs> {
    let path = files.get(text.map.file()).path.as_str();
    let found = config.runs.iter().find(|entry| entry.takes(path) || entry.takes(&text.path));
    found
        .map(|entry| {
            let why = format!("`{}` in `feedgate.yaml`", entry.text.value);
            Spanned::new(Runs { per_month: entry.per_month, why }, entry.text.span)
        })
        .into()
}

/// Steps of a workflow of which nothing says when they run, run when a feed that they read or fill is delivered.
pub fn of_deliveries(model: &mut Model) {
    let found: Vec<_> = model
        .queries
        .values()
        .filter(|query| query.is_step && query.runs.is_absent())
        .map(|query| (query.id.clone(), of_feeds(query, model)))
        .collect();
    for (id, runs) in found {
        if let Some(query) = model.queries.get_mut(&id) {
            query.runs = runs;
        }
    }
}

fn of_feeds(query: &Query, model: &Model) -> Known<Runs> {
    let (mut per_month, mut names) = (0.0, Vec::new());
    for feed in query.feeds.iter().filter_map(|feed| model.feeds.get(feed)) {
        let Some(deliveries) = feed.delivery.cadence.value().and_then(|cadence| cadence.per_month) else {
            let why = format!("how often feed `{}` is delivered is not known", feed.id);
            return Known::Unknown(Why::new(why, Some(feed.name_span)));
        };
        let files = feed.delivery.files.value().copied().unwrap_or(1);
        // Deliveries are counted in 30 days; files of one are far below 2^52.
        per_month += deliveries / 30.0 * crate::keys::schedule::DAYS_OF_MONTH * files as f64;
        names.push(format!("`{}`", feed.id));
    }
    if names.is_empty() {
        let why = "the workflow runs when files come, and of which feeds is not known";
        return Known::Unknown(Why::new(why, Some(query.span)));
    }
    let why = format!("once for each file of {}", names.join(" and "));
    Known::Known(Spanned::new(Runs { per_month, why }, query.span))
}

/// The schedules of workflows that Cloud Scheduler starts, by the file of the workflow.
pub fn of_workflows(terraform: &Terraform<'_>) -> BTreeMap<FileId, Occasion> {
    let mut found = BTreeMap::new();
    for job in terraform.resources("google_cloud_scheduler_job") {
        let targets = blocks(job.document, job.body, "http_target").into_iter();
        let uris = targets.filter_map(|(_, body)| job.document.get(body, "uri"));
        for uri in uris {
            let words = words_of(job.document, uri);
            let started =
                terraform.resources("google_workflows_workflow").find(|workflow| is_started(terraform, workflow, &words));
            if let Some(file) = started.and_then(|workflow| source_of(terraform, workflow)) {
                found.insert(file, occasion_of_job(terraform, job));
            }
        }
    }
    found
}

fn occasion_of_job<'a>(terraform: &Terraform<'a>, job: &Resource<'a>) -> Occasion {
    let paused = terraform.bool(job, job.body, "paused");
    match paused.spanned().filter(|paused| paused.value) {
        Some(paused) => Occasion::Never(paused.span),
        None => Occasion::Schedule(terraform.text(job, job.body, "schedule")),
    }
}

/// The address names the workflow by its resource, or by its name.
fn is_started<'a>(terraform: &Terraform<'a>, workflow: &Resource<'a>, words: &[&str]) -> bool {
    let names_resource = words.windows(2).any(|pair| pair == [workflow.kind, workflow.name]);
    let name = terraform.text(workflow, workflow.body, "name");
    let names_it = |name: &String| words.iter().any(|word| word.contains(&format!("/workflows/{name}/")));
    names_resource || name.value().is_some_and(names_it)
}

/// The strings and names of an expression, in order.
fn words_of(document: &Document, node: NodeId) -> Vec<&str> {
    let (mut words, mut work) = (Vec::new(), vec![node]);
    while let Some(node) = work.pop() {
        match document.value(node) {
            Value::String(text) => words.push(document.text(text)),
            Value::Expression { name, operands, .. } => {
                words.push(document.text(name));
                work.extend(document.items(operands).iter().rev());
            }
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Number(_) => {}
            Value::Sequence(_) | Value::Map(_) => {}
        }
    }
    words
}

fn source_of<'a>(terraform: &Terraform<'a>, workflow: &Resource<'a>) -> Option<FileId> {
    let source = workflow.document.get(workflow.body, "source_contents")?;
    terraform.text_file(workflow, source)?.ok().map(|(file, _)| file)
}

/// What the comments at the begin of a text say of its runs.
#[derive(Debug, Default)]
struct Header {
    /// The place, the figure, and the value as it is written.
    runs: Option<(Range<usize>, f64, String)>,
    defects: Vec<(Range<usize>, Complaint)>,
}

impl Header {
    fn read(text: &str) -> Header {
        let mut header = Header::default();
        if !text.contains(NEEDLE) {
            return header;
        }
        let end = comments(text, |range| header.comment(text, range));
        header.misplaced(text, end);
        header
    }

    fn comment(&mut self, text: &str, range: Range<usize>) {
        let Some(words) = text.get(range.clone()).and_then(|body| body.trim_start().strip_prefix(NEEDLE)) else { return };
        if words.trim_start().starts_with("ignore") {
            return;
        }
        let mut at = range.end - words.len();
        while let Some((word, value)) = next_pair(text, &mut at, range.end) {
            self.pair(text, word, value);
        }
    }

    fn pair(&mut self, text: &str, word: Range<usize>, value: Option<Range<usize>>) {
        let key = text.get(word.clone()).unwrap_or_default();
        let written = value.clone().and_then(|value| text.get(value));
        let read = match (key, written) {
            ("schedule", Some(written)) => runs_a_month(written).map_err(|complaint| named(key, complaint)),
            ("runs", Some(written)) => rate_a_month(written).map_err(|complaint| named(key, complaint)),
            ("schedule" | "runs", None) => Err(named(key, Complaint::new("has no value").help(FORM))),
            (key, _) => Err(Complaint::new(format!("a comment to feedgate has no key `{}`", shown(key))).help(FORM)),
        };
        let place = value.unwrap_or(word);
        match (read, &self.runs) {
            (Ok(_), Some(_)) => {
                self.defects.push((place, Complaint::new("how often this runs is said twice").help("keep one of them")))
            }
            (Ok(per_month), None) => self.runs = Some((place, per_month, written.unwrap_or_default().to_owned())),
            (Err(complaint), _) => {
                let inner = complaint.range.clone().filter(|range| !range.is_empty());
                let place = inner.map_or(place.clone(), |range| place.start + range.start..place.start + range.end);
                self.defects.push((place, complaint));
            }
        }
    }

    /// A script runs as a whole: below its first statement the comment would speak of nothing.
    fn misplaced(&mut self, text: &str, end: usize) {
        let rest = text.get(end..).unwrap_or_default();
        for (at, _) in rest.match_indices(NEEDLE) {
            let start = end + at;
            let line = text.get(..start).and_then(|before| before.rsplit('\n').next()).unwrap_or_default().trim();
            let words = text.get(start + NEEDLE.len()..).unwrap_or_default().trim_start();
            let key =
                ["schedule", "runs"].into_iter().find(|key| words.strip_prefix(key).is_some_and(|rest| rest.starts_with('=')));
            if let Some(key) = key.filter(|_| matches!(line, "--" | "#" | "/*")) {
                let complaint = named(key, Complaint::new("stands below the first statement, where it says nothing"));
                let complaint = complaint.help("put the comment above the first statement: a script runs as a whole");
                self.defects.push((start..start + NEEDLE.len(), complaint));
            }
        }
    }
}

/// Calls back with the inside of each comment before the first statement; gives back where that begins.
fn comments(text: &str, mut each: impl FnMut(Range<usize>)) -> usize {
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        at += rest.len() - rest.trim_start().len();
        let rest = rest.trim_start();
        let (skip, close) = match rest {
            _ if rest.starts_with("--") => (2, "\n"),
            _ if rest.starts_with('#') => (1, "\n"),
            _ if rest.starts_with("/*") => (2, "*/"),
            _ => return at,
        };
        let length = rest.get(skip..).and_then(|inner| inner.find(close)).unwrap_or(rest.len() - skip);
        each(at + skip..at + skip + length);
        at = (at + skip + length + close.len()).min(text.len());
    }
}

/// The next `key=value`, `key="a value"` or bare word.
fn next_pair(text: &str, at: &mut usize, end: usize) -> Option<(Range<usize>, Option<Range<usize>>)> {
    let rest = text.get(*at..end)?;
    let start = *at + rest.len() - rest.trim_start().len();
    let rest = rest.trim();
    let stop = rest.find(|ch: char| ch == '=' || ch.is_whitespace()).unwrap_or(rest.len());
    if rest.is_empty() {
        return None;
    }
    let word = start..start + stop;
    let Some(value) = rest.get(stop..).and_then(|rest| rest.strip_prefix('=')) else {
        *at = word.end.max(start + 1);
        return Some((word, None));
    };
    let from = word.end + 1;
    let (skip, length) = match value.strip_prefix('"') {
        Some(quoted) => (1, quoted.find('"').unwrap_or(quoted.len())),
        None => (0, value.find(char::is_whitespace).unwrap_or(value.len())),
    };
    let value = from + skip..from + skip + length;
    *at = value.end + skip;
    let has_value = !value.is_empty();
    Some((word, has_value.then_some(value)))
}

#[cfg(test)]
mod tests {
    use super::Header;

    fn said(text: &str) -> String {
        let header = Header::read(text);
        let place = |range: &std::ops::Range<usize>| text.get(range.clone()).unwrap_or("?").to_owned();
        let runs = header.runs.iter().map(|(range, per_month, _)| format!("{per_month:.1} @{}", place(range)));
        let defects = header.defects.iter().map(|(range, complaint)| format!("! {} @{}", complaint.text, place(range)));
        runs.chain(defects).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn a_comment_above_the_first_statement_says_how_often_it_runs() {
        let cases = [
            ("-- feedgate: schedule=\"every day 07:00\"\nSELECT 1", "30.4 @every day 07:00"),
            ("-- Cost.\n\n# feedgate: runs=300/month\nSELECT 1", "300.0 @300/month"),
            ("/* feedgate: runs=2/day */ SELECT 1", "60.9 @2/day"),
            ("/*\n * Cost.\n */\n-- feedgate: schedule=hourly\nSELECT 1", "730.5 @hourly"),
            ("-- feedgate: ignore[select-star] reason=\"x\"\nSELECT 1", ""),
            ("SELECT 'feedgate: runs=1/day'", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(said(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_at_its_place() {
        let cases = [
            (
                "-- feedgate: schedule=\"every blue moon\"\nSELECT 1",
                "! `schedule` is not understood: `every blue moon` @every blue moon",
            ),
            ("-- feedgate: runs=many\nSELECT 1", "! `runs` is no rate: `many` @many"),
            ("-- feedgate: run=300/month\nSELECT 1", "! a comment to feedgate has no key `run` @300/month"),
            ("-- feedgate: runs\nSELECT 1", "! `runs` has no value @runs"),
            ("-- feedgate: runs=\nSELECT 1", "! `runs` has no value @runs"),
            ("-- feedgate: runs=1/day schedule=daily\nSELECT 1", "30.4 @1/day; ! how often this runs is said twice @daily"),
            (
                "SELECT 1;\n-- feedgate: runs=1/day\nSELECT 2",
                "! `runs` stands below the first statement, where it says nothing @feedgate:",
            ),
            (
                "-- feedgate: schedule=\"0 25 * * *\"\nSELECT 1",
                "! `schedule` has a cron field that cannot be: hour `25`, it must be from 0 to 23 @25",
            ),
            ("-- feedgate: \"\n", "! a comment to feedgate has no key `\"` @\""),
            ("-- feedgate: =\n", "! a comment to feedgate has no key `` @"),
            ("/* feedgate: schedule=\"daily", "30.4 @daily"),
            ("-- feedgate:", ""),
            ("-- feedgate: é=ü", "! a comment to feedgate has no key `é` @ü"),
        ];
        for (text, expected) in cases {
            assert_eq!(said(text), expected, "{text}");
        }
    }
}
