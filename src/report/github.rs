//! Renders GitHub workflow commands: one annotation a finding, the most severe first and of those the new ones,
//! because GitHub shows only the first ten of each level of a step.

use super::View;
use super::arrange::{Shown, thinned};
use super::place::Places;
use crate::diagnostic::{Diagnostic, Severity};
use std::fmt::Write as _;

/// One command a finding.
pub fn render(view: &View<'_>) -> String {
    let mut sorted: Vec<&Diagnostic> = view.report.diagnostics.iter().collect();
    sorted.sort_by_key(|diagnostic| std::cmp::Reverse(diagnostic.severity));
    let places = Places::new(view.files);
    let mut out = String::new();
    for shown in thinned(sorted) {
        command(&mut out, view, &places, &shown);
    }
    out
}

fn command(out: &mut String, view: &View<'_>, places: &Places<'_>, shown: &Shown<'_>) {
    let diagnostic = shown.diagnostic;
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let (start, end) = places.of(diagnostic.primary);
    let path = property(&format!("{}{}", view.prefix, places.files().get(diagnostic.primary.file).path));
    let _ = write!(out, "::{level} file={path},line={},endLine={}", start.line, end.line);
    // GitHub takes columns only where the place is on one line.
    if start.line == end.line {
        let _ = write!(out, ",col={},endColumn={}", start.column, end.column);
    }
    let title = property(diagnostic.rule.as_str());
    let new = if diagnostic.is_new == Some(true) { " (new)" } else { "" };
    let _ = writeln!(out, ",title={title}{new}::{}", data(&message(view, shown)));
}

fn message(view: &View<'_>, shown: &Shown<'_>) -> String {
    let diagnostic = shown.diagnostic;
    let mut message = diagnostic.message.clone();
    if let Some(more) = shown.more() {
        let _ = write!(message, "\nand {more}");
    }
    if let Some(help) = &diagnostic.help {
        let _ = write!(message, "\nhelp: {help}");
    }
    if let Some(url) = view.pages.url(&diagnostic.rule) {
        let _ = write!(message, "\n{url}");
    }
    message
}

/// The message of a command. Line breaks survive; other control characters get a visible stand-in, so that no escape
/// code reaches the log.
fn data(text: &str) -> String {
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

/// A property of a command, where `:` and `,` would end it too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
