//! Fixes as GitHub takes them: the new text of whole lines that the change touches, which people accept with a button.

use super::View;
use super::markdown::escape::prose;
use super::place::Places;
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::text::{SourceFile, Span};

/// A suggestion of more lines is not read.
const MAX_LINES: u32 = 20;

/// New text for whole lines of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// From the top of the git repository.
    pub path: String,
    pub start_line: u32,
    pub end_line: u32,
    /// In Markdown.
    pub body: String,
}

/// The fixes of new findings that lie on changed lines as a whole.
pub fn suggestions(view: &View<'_>) -> Vec<Suggestion> {
    let places = Places::new(view.files);
    let is_new = |found: &&Diagnostic| found.is_new == Some(true);
    let mut all: Vec<Suggestion> =
        view.report.diagnostics.iter().filter(is_new).filter_map(|found| suggestion(view, &places, found)).collect();
    // Of two fixes for one line, people can accept only one.
    all.sort_by(|a, b| (&a.path, a.start_line, a.end_line).cmp(&(&b.path, b.start_line, b.end_line)));
    all.dedup_by(|next, one| next.path == one.path && next.start_line <= one.end_line);
    all
}

fn suggestion(view: &View<'_>, places: &Places<'_>, found: &Diagnostic) -> Option<Suggestion> {
    let fix = found.fix.as_ref().filter(|fix| fix.new_files.is_empty())?;
    let whole = fix.edits.iter().map(|edit| edit.span).reduce(Span::to)?;
    if fix.edits.iter().any(|edit| edit.span.file != whole.file) {
        return None;
    }
    let file = view.files.get(whole.file);
    let (start, end) = places.of(whole);
    // What ends with a line ends on it, and not on the next.
    let end_line = if end.column == 1 && end.line > start.line { end.line - 1 } else { end.line };
    let changed = view.report.changed_lines.as_ref()?;
    let is_changed = (start.line..=end_line).all(|line| changed.hold(&file.path, line));
    if !is_changed || end_line - start.line >= MAX_LINES {
        return None;
    }
    let text = lines_after(file, fix, start.line, end_line)?;
    Some(Suggestion {
        path: format!("{}{}", view.from_top(), file.path),
        start_line: start.line,
        end_line,
        body: body(&found.message, &fix.title, &text),
    })
}

/// The lines as they are after the fix, without the last line break.
fn lines_after(file: &SourceFile, fix: &Fix, first: u32, last: u32) -> Option<String> {
    let (start, end) = (file.line_range(first).start, file.line_range(last).end);
    let mut edits: Vec<&Edit> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let mut text = String::new();
    let mut done = start;
    for edit in edits {
        let range = edit.span.range();
        text.push_str(file.text.get(done..range.start)?);
        text.push_str(&edit.text);
        done = range.end;
    }
    // An edit that takes the line break away leaves nothing of the line.
    text.push_str(file.text.get(done..end.max(done))?);
    Some(text.trim_end_matches(['\n', '\r']).replace("\r\n", "\n"))
}

fn body(message: &str, title: &str, text: &str) -> String {
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{}: {}\n\n{fence}suggestion\n{text}\n{fence}\n", prose(message), prose(title))
}
