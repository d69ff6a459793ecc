//! Renders GitLab's Code Quality report: a list of findings that a merge request shows beside the lines.
//! The structs here are GitLab's format, as far as it is documented.

use super::place::Places;
use super::{View, clean};
use crate::diagnostic::{Diagnostic, Severity};
use serde::Serialize;
use std::collections::BTreeMap;

/// All findings. Paths lead there from the top of the git repository, where GitLab looks for them.
pub fn render(view: &View<'_>) -> String {
    let places = Places::new(view.files);
    let mut seen = BTreeMap::new();
    let issues: Vec<Issue> = view.report.diagnostics.iter().map(|one| issue(view, &places, &mut seen, one)).collect();
    let text = serde_json::to_string_pretty(&issues).expect("these structs hold nothing that JSON cannot");
    clean::json(&text)
}

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: String,
    /// GitLab drops an issue whose fingerprint another one has.
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

fn issue(view: &View<'_>, places: &Places<'_>, seen: &mut BTreeMap<String, usize>, diagnostic: &Diagnostic) -> Issue {
    let (start, end) = places.of(diagnostic.primary);
    let path = &places.files().get(diagnostic.primary.file).path;
    let help = diagnostic.help.as_ref().map_or_else(String::new, |help| format!(" (help: {help})"));
    Issue {
        description: clean::line(&format!("{}{help}", diagnostic.message)).into_owned(),
        check_name: diagnostic.rule.to_string(),
        fingerprint: unique(seen, diagnostic.fingerprint()),
        severity: severity(diagnostic.severity),
        location: Location { path: format!("{}{path}", view.from_top()), lines: Lines { begin: start.line, end: end.line } },
    }
}

/// The second of one fingerprint gets `-2`.
fn unique(seen: &mut BTreeMap<String, usize>, fingerprint: String) -> String {
    let n = seen.entry(fingerprint.clone()).or_default();
    *n += 1;
    if *n == 1 { fingerprint } else { format!("{fingerprint}-{n}") }
}

/// `blocker` and `critical` are left to tools that look for attacks.
fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Note => "info",
    }
}
