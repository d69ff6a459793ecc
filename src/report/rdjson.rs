//! Renders the Reviewdog Diagnostic Format, which reviewdog posts on any forge. The structs here are its format.

use super::arrange::{Shown, thinned};
use super::{View, clean};
use crate::diagnostic::{Diagnostic, Edit, Severity};
use crate::text::{Files, Span, offset};
use serde::Serialize;

/// The findings, thinned out where many are at one place: each becomes a comment.
pub fn render(view: &View<'_>) -> String {
    let result = DiagnosticResult {
        source: Source { name: env!("CARGO_PKG_NAME"), url: env!("CARGO_PKG_REPOSITORY") },
        diagnostics: thinned(&view.report.diagnostics).iter().map(|shown| diagnostic(view, shown)).collect(),
    };
    let text = serde_json::to_string_pretty(&result).expect("these structs hold nothing that JSON cannot");
    clean::json(&text)
}

#[derive(Serialize)]
struct DiagnosticResult<'a> {
    source: Source,
    diagnostics: Vec<RdDiagnostic<'a>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
    url: &'static str,
}

#[derive(Serialize)]
struct RdDiagnostic<'a> {
    message: String,
    location: Location,
    severity: &'static str,
    code: Code<'a>,
    suggestions: Vec<Suggestion<'a>>,
    related_locations: Vec<Related>,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Related {
    message: String,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    range: Range,
}

#[derive(Serialize)]
struct Suggestion<'a> {
    range: Range,
    text: &'a str,
}

/// The end is the place after the last character.
#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

/// Both from 1; columns count bytes, as the format asks for.
#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
}

fn diagnostic<'a>(view: &View<'a>, shown: &Shown<'a>) -> RdDiagnostic<'a> {
    let diagnostic = shown.finding;
    let related = |label: &crate::diagnostic::Label| Related {
        message: clean::line(&label.text).into_owned(),
        location: location(view, label.span),
    };
    RdDiagnostic {
        message: message(shown),
        location: location(view, diagnostic.primary),
        severity: match diagnostic.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Note => "INFO",
        },
        code: Code { value: diagnostic.rule.as_str(), url: view.pages.url(&diagnostic.rule) },
        suggestions: suggestion(view.files, diagnostic).into_iter().collect(),
        related_locations: diagnostic.related.iter().map(related).collect(),
    }
}

fn message(shown: &Shown<'_>) -> String {
    let diagnostic = shown.finding;
    let more = shown.more().map(|more| format!("and {more}"));
    let help = diagnostic.help.as_ref().map(|help| format!("help: {}", clean::line(help)));
    let lines = [Some(clean::line(&diagnostic.message).into_owned()), more, help];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

fn location(view: &View<'_>, span: Span) -> Location {
    let path = &view.files.get(span.file).path;
    Location { path: format!("{}{path}", view.prefix), range: range(view.files, span) }
}

/// A fix that is one edit in the file of the finding. Several would be offered one by one, and half a fix is none.
fn suggestion<'a>(files: &Files, diagnostic: &'a Diagnostic) -> Option<Suggestion<'a>> {
    let fix = diagnostic.fix.as_ref().filter(|fix| fix.new_files.is_empty())?;
    let [Edit { span, text }] = fix.edits.as_slice() else { return None };
    (span.file == diagnostic.primary.file).then(|| Suggestion { range: range(files, *span), text })
}

fn range(files: &Files, span: Span) -> Range {
    let start = position(files, span, span.start);
    let end = position(files, span, span.end.max(span.start));
    Range { start, end }
}

fn position(files: &Files, span: Span, at: u32) -> Position {
    let file = files.get(span.file);
    let starts = file.line_starts();
    let line = starts.partition_point(|start| *start <= at).max(1);
    let start = starts.get(line - 1).copied().unwrap_or(0);
    let end = offset(file.text.floor_char_boundary(at as usize)).max(start);
    Position { line: offset(line), column: end - start + 1 }
}
