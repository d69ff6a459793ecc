//! Renders what `check-file` found: for whoever made the file, and for the program that lets it in.

use super::text::TextOptions;
use super::{amount, clean};
use crate::diagnostic::Severity;
use crate::record::delivered::Judgement;
use crate::record::{Finding, Place, Tally};
use serde::Serialize;

/// One file.
pub struct FileCheck<'a> {
    /// As it was named on the command line.
    pub name: String,
    pub judgement: Judgement<'a>,
    pub content: Content,
}

/// What was seen of the content.
pub enum Content {
    Checked(Checked),
    /// Why it was not looked at.
    NotChecked(String),
}

pub struct Checked {
    pub tally: Tally,
    pub compression: &'static str,
    /// What the packing breaks: findings without a record.
    pub faults: Vec<Finding>,
    /// Parts of the agreement that the content was not held against, and why.
    pub left_out: Vec<String>,
}

/// The version of the JSON. Additions keep it; anything else raises it.
pub const VERSION: u32 = 1;

/// So many findings of one file are shown as text.
const MAX_SHOWN: usize = 20;

/// A finding of whichever part.
struct Line<'a> {
    severity: Severity,
    check: &'static str,
    code: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    place: Option<&'a Place>,
    count: u64,
}

impl FileCheck<'_> {
    fn lines(&self) -> Vec<Line<'_>> {
        let of_name = self.judgement.faults.iter().map(|fault| Line {
            severity: fault.severity,
            check: "name",
            code: fault.code,
            message: &fault.message,
            help: Some(&fault.help),
            place: None,
            count: 1,
        });
        let mut lines: Vec<Line<'_>> = of_name.collect();
        if let Content::Checked(checked) = &self.content {
            let of_content = |finding: &'_ Finding, place| (finding.severity(), place);
            lines.extend(checked.faults.iter().map(|finding| line(finding, of_content(finding, None))));
            lines.extend(
                checked.tally.findings().into_iter().map(|finding| line(finding, of_content(finding, Some(&finding.place)))),
            );
        }
        lines
    }

    /// The weightiest of what was found.
    pub fn worst(&self) -> Option<Severity> {
        self.lines().iter().map(|line| line.severity).max()
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = self.judgement.notes.clone();
        match &self.content {
            Content::NotChecked(why) => notes.push(format!("the content was not checked: {why}")),
            Content::Checked(checked) => notes.extend(checked.left_out.iter().map(|what| format!("not checked: {what}"))),
        }
        notes
    }
}

fn line<'a>(finding: &'a Finding, (severity, place): (Severity, Option<&'a Place>)) -> Line<'a> {
    let (check, code, count) = (finding.check.name(), finding.code, finding.count);
    Line { severity, check, code, message: &finding.message, help: finding.help.as_deref(), place, count }
}

pub fn text(files: &[FileCheck<'_>], options: &TextOptions) -> String {
    let mut out = String::new();
    for file in files {
        one(file, options, &mut out);
        out.push('\n');
    }
    out.push_str(&summary(files));
    clean::without_commands(out)
}

fn one(file: &FileCheck<'_>, options: &TextOptions, out: &mut String) {
    let mut add = |line: &str| {
        out.push_str(&clean::line(line));
        out.push('\n');
    };
    add(&file.name);
    for (what, value) in facts(file) {
        add(&format!("  {what:<9} {value}"));
    }
    let lines = file.lines();
    for line in lines.iter().take(MAX_SHOWN) {
        let times =
            if line.count > 1 { format!(" (and {} more like it)", amount::grouped(line.count - 1)) } else { String::new() };
        let place = line.place.map_or_else(String::new, |place| format!("line {}: ", amount::grouped(place.line)));
        // What is painted is made of our own words only.
        out.push_str(&format!("  {} ", options.paint_severity(line.severity)));
        out.push_str(&format!("{}\n", clean::line(&format!("{place}{}{times}", line.message))));
        if let Some(help) = line.help {
            out.push_str(&format!("    {}\n", clean::line(help)));
        }
    }
    if lines.len() > MAX_SHOWN {
        out.push_str(&format!("  and {} more kinds of finding: --format json lists them\n", lines.len() - MAX_SHOWN));
    }
    for note in file.notes() {
        out.push_str(&format!("  note: {}\n", clean::line(&note)));
    }
}

/// What is known of a file, a line each.
fn facts(file: &FileCheck<'_>) -> Vec<(&'static str, String)> {
    let judgement = &file.judgement;
    let mut facts = Vec::new();
    if let Some(feed) = judgement.feed {
        facts.push(("feed", feed.id.to_string()));
    }
    if judgement.feed.is_none() {
        let near = judgement.near.iter();
        facts.extend(
            near.map(|near| ("nearest", format!("{}: fits as far as `{}`, then wants {}", near.feed, near.fits, near.wants))),
        );
    }
    facts.extend(judgement.table.iter().map(|table| ("table", table.to_string())));
    facts.extend(judgement.date.iter().map(|date| ("delivery", date.to_string())));
    if let Content::Checked(checked) = &file.content {
        facts.push(("content", content(checked)));
    }
    facts
}

fn content(checked: &Checked) -> String {
    let tally = &checked.tally;
    let packed = if checked.compression == "none" { String::new() } else { format!(", unpacked from {}", checked.compression) };
    let n_records = usize::try_from(tally.n_records).unwrap_or(usize::MAX);
    let size = format!("{}, {}{packed}", amount::count(n_records, "record"), amount::bytes(tally.n_bytes));
    match tally.n_wrong_records {
        0 => size,
        n => format!("{size}; {} cannot be taken", amount::grouped(n)),
    }
}

fn summary(files: &[FileCheck<'_>]) -> String {
    let n_wrong = files.iter().filter(|file| file.worst() == Some(Severity::Error)).count();
    let all = amount::count(files.len(), "file");
    match n_wrong {
        0 => format!("{all}: nothing wrong\n"),
        n => format!("{all}: {n} with errors\n"),
    }
}

#[derive(Serialize)]
struct JsonReport<'a> {
    version: u32,
    files: Vec<JsonFile<'a>>,
}

#[derive(Serialize)]
struct JsonFile<'a> {
    name: &'a str,
    /// Whether nothing is in the way of the file.
    ok: bool,
    candidates: Vec<&'a str>,
    nearest: Vec<JsonNear<'a>>,
    feed: Option<&'a str>,
    table: Option<String>,
    delivery_date: Option<String>,
    content: Option<JsonContent>,
    findings: Vec<JsonFinding<'a>>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct JsonNear<'a> {
    feed: &'a str,
    fits: &'a str,
    wants: &'a str,
}

#[derive(Serialize)]
struct JsonContent {
    compression: &'static str,
    records: u64,
    records_with_findings: u64,
    lines: u64,
    /// Unpacked.
    bytes: u64,
    /// Findings of kinds beyond those that are listed.
    further_findings: u64,
}

/// What speaks of the whole file has neither line nor record nor path.
#[derive(Serialize)]
struct JsonFinding<'a> {
    severity: &'static str,
    check: &'static str,
    code: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    count: u64,
    line: Option<u64>,
    record: Option<u64>,
    path: Option<&'a str>,
}

pub fn json(files: &[FileCheck<'_>]) -> String {
    let report = JsonReport { version: VERSION, files: files.iter().map(json_file).collect() };
    let text = serde_json::to_string_pretty(&report).expect("these structs hold nothing that JSON cannot");
    clean::json(&text)
}

fn json_file<'a>(file: &'a FileCheck<'_>) -> JsonFile<'a> {
    let judgement = &file.judgement;
    let near = |near: &'a crate::record::delivered::Near| JsonNear { feed: &near.feed, fits: &near.fits, wants: &near.wants };
    JsonFile {
        name: &file.name,
        ok: file.worst() != Some(Severity::Error),
        candidates: judgement.candidates.iter().map(|feed| &*feed.id.0).collect(),
        nearest: judgement.near.iter().map(near).collect(),
        feed: judgement.feed.map(|feed| &*feed.id.0),
        table: judgement.table.as_ref().map(ToString::to_string),
        delivery_date: judgement.date.map(|date| date.to_string()),
        content: match &file.content {
            Content::Checked(checked) => Some(json_content(checked)),
            Content::NotChecked(_) => None,
        },
        findings: file.lines().iter().map(json_finding).collect(),
        notes: file.notes(),
    }
}

fn json_content(checked: &Checked) -> JsonContent {
    JsonContent {
        compression: checked.compression,
        records: checked.tally.n_records,
        records_with_findings: checked.tally.n_wrong_records,
        lines: checked.tally.n_lines,
        bytes: checked.tally.n_bytes,
        further_findings: checked.tally.n_further,
    }
}

fn json_finding<'a>(line: &Line<'a>) -> JsonFinding<'a> {
    JsonFinding {
        severity: line.severity.name(),
        check: line.check,
        code: line.code,
        message: line.message,
        help: line.help,
        count: line.count,
        line: line.place.map(|place| place.line),
        record: line.place.map(|place| place.record),
        path: line.place.map(|place| place.path.as_str()),
    }
}
