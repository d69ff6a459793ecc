//! What is shown at the lines of a change: by workflow commands, or by a check run. Knows neither.

use super::arrange::{Shown, thinned_by};
use super::clean;
use super::told::{Finding, Told};
use crate::diagnostic::Severity;
use std::cmp::Reverse;
use std::fmt::Write as _;

/// Characters of a message, and of a name.
const MAX_MESSAGE: usize = 4_000;
const MAX_NAME: usize = 200;

/// One finding at its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// From the top of the git repository.
    pub path: String,
    /// From 1.
    pub start_line: u32,
    pub end_line: u32,
    /// From 1; only where the place is on one line, as GitHub takes no others.
    pub columns: Option<(u32, u32)>,
    pub severity: Severity,
    pub is_new: bool,
    pub on_changed_line: bool,
    /// The rule.
    pub title: String,
    /// What is wrong and what to do, in lines.
    pub message: String,
}

/// The findings as they are sorted, thinned out where many are at one place. `prefix` leads from the top of the
/// repository to where paths begin.
pub fn annotations(told: &Told<'_>, prefix: &str) -> Vec<Annotation> {
    let shown = thinned_by(&told.findings, |finding| (&finding.rule, &finding.place, finding.new));
    shown.iter().map(|shown| annotation(shown, prefix)).collect()
}

/// For people who look at the change: what it brings, its own lines first.
pub fn of_change(told: &Told<'_>, prefix: &str) -> Vec<Annotation> {
    let mut all = annotations(told, prefix);
    all.retain(|one| one.is_new || told.base.is_none());
    all.sort_by_key(|one| Reverse((one.on_changed_line, one.severity)));
    all
}

fn annotation(shown: &Shown<'_, Finding<'_>>, prefix: &str) -> Annotation {
    let finding = shown.finding;
    let place = &finding.place;
    let (start_line, end_line) = (place.line.max(1), place.end_line.max(place.line).max(1));
    let column = place.column.max(1);
    Annotation {
        path: format!("{prefix}{}", place.path),
        start_line,
        end_line,
        columns: (start_line == end_line).then(|| (column, place.end_column.max(column))),
        severity: Severity::from_name(&finding.severity).unwrap_or(Severity::Note),
        is_new: finding.new == Some(true),
        on_changed_line: finding.on_changed_line == Some(true),
        title: clean::clipped(&finding.rule, MAX_NAME).into_owned(),
        message: clean::clipped(&message(shown), MAX_MESSAGE).into_owned(),
    }
}

fn message(shown: &Shown<'_, Finding<'_>>) -> String {
    let finding = shown.finding;
    let mut message = finding.message.to_string();
    if let Some(more) = shown.more() {
        let _ = write!(message, "\nand {more}");
    }
    if let Some(help) = &finding.help {
        let _ = write!(message, "\nhelp: {help}");
    }
    if let Some(url) = &finding.url {
        let _ = write!(message, "\n{url}");
    }
    message
}
