//! Renders GitHub workflow commands. GitHub shows the first ten of each level of a step, so the most severe get one, those
//! on changed lines first; the others stand below them in the log.

use super::annotation::{Annotation, annotations};
use super::told::Told;
use super::{amount, clean};
use crate::diagnostic::Severity;
use std::cmp::Reverse;
use std::fmt::Write as _;

/// Annotations of one level that GitHub shows for a step.
const MAX_OF_LEVEL: usize = 10;

/// One command a finding, as far as they are shown, and a line for each of the others. `prefix` leads from the top of the
/// repository to where paths begin.
pub fn render(told: &Told<'_>, prefix: &str) -> String {
    let mut sorted = annotations(told, prefix);
    sorted.sort_by_key(|one| Reverse((one.severity, one.is_new, one.on_changed_line)));
    let mut out = String::new();
    let mut others: Vec<&Annotation> = Vec::new();
    for severity in Severity::ALL {
        let of_level: Vec<&Annotation> = sorted.iter().filter(|one| one.severity == severity).collect();
        of_level.iter().take(MAX_OF_LEVEL).for_each(|one| command(&mut out, one));
        others.extend(of_level.into_iter().skip(MAX_OF_LEVEL));
    }
    if others.is_empty() {
        return out;
    }
    let _ = writeln!(out, "::group::{} that GitHub has no room to show at its line", amount::count(others.len(), "more finding"));
    for one in others {
        let line = format!("{}[{}] {}:{} {}", one.severity, one.title, one.path, one.start_line, first_line(&one.message));
        let _ = writeln!(out, "  {}", clean::line(&line));
    }
    out + "::endgroup::\n"
}

fn first_line(message: &str) -> &str {
    message.lines().next().unwrap_or_default()
}

fn command(out: &mut String, annotation: &Annotation) {
    let Annotation { start_line, end_line, columns, .. } = annotation;
    let level = match annotation.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let _ = write!(out, "::{level} file={},line={start_line},endLine={end_line}", property(&annotation.path));
    if let Some((start, end)) = columns {
        let _ = write!(out, ",col={start},endColumn={end}");
    }
    let new = if annotation.is_new { " (new)" } else { "" };
    let _ = writeln!(out, ",title={}{new}::{}", property(&annotation.title), data(&annotation.message));
}

/// The message of a command. `::` is parted: of the readers of commands, some take the last one for the end of the properties.
fn data(text: &str) -> String {
    escaped(text).replace("::", ": :").replace("::", ": :")
}

/// A property of a command, where `:` and `,` would end it too.
fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}

/// Line breaks survive; other control characters get a visible stand-in, so that no escape code reaches the log.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '%' => out.push_str("%25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            character => super::clean::push(&mut out, character),
        }
    }
    out
}
