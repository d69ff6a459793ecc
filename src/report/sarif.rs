//! Renders SARIF 2.1.0, the standard of code scanning. The structs are below `sarif/`; what is chosen is here.

mod format;

use self::format::*;
use super::place::Places;
use super::{View, clean, page};
use crate::diagnostic::{Diagnostic, Edit, Fix, Label, RuleId, Severity};
use crate::model::Skipped;
use crate::rules::Meta;
use crate::rules::run::INTERNAL_ERROR;
use crate::text::Span;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// So many results of a run are taken by GitHub, which refuses a file with more.
const MAX_RESULTS: usize = 25_000;

/// So many related places of a result are shown by GitHub.
const MAX_RELATED: usize = 100;

/// So many things that were not checked are named; the rest is counted.
const MAX_NOTIFICATIONS: usize = 200;

/// The findings. Those that an ignore comment silences are left out: code scanning would open an alert for each.
/// Paths lead there from the top of the git repository, which is `%SRCROOT%`.
pub fn render(view: &View<'_>) -> String {
    let kept = kept(&view.report.diagnostics);
    let rules: BTreeSet<&RuleId> = kept.iter().map(|diagnostic| &diagnostic.rule).collect();
    let numbers: BTreeMap<&RuleId, usize> = rules.iter().zip(0..).map(|(rule, number)| (*rule, number)).collect();
    let places = Places::new(view.files);
    let rule_index = |diagnostic: &Diagnostic| numbers.get(&diagnostic.rule).copied().unwrap_or(0);
    let run = Run {
        tool: Tool { driver: Driver::ours(rules.iter().map(|rule| rule_of(view, rule)).collect()) },
        invocations: [invocation(view, &places, view.report.diagnostics.len() - kept.len())],
        original_uri_base_ids: BaseIds::default(),
        column_kind: "unicodeCodePoints",
        results: kept.iter().map(|one| result(view, &places, one, rule_index(one))).collect(),
    };
    let text = serde_json::to_string_pretty(&Log::of(run)).expect("these structs hold nothing that JSON cannot");
    clean::json(&text)
}

/// All of them, in their order; of too many, the most severe.
fn kept(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    let mut kept: Vec<(usize, &Diagnostic)> = diagnostics.iter().enumerate().collect();
    if kept.len() > MAX_RESULTS {
        kept.sort_by_key(|(at, diagnostic)| (Reverse(diagnostic.severity), *at));
        kept.truncate(MAX_RESULTS);
        kept.sort_by_key(|(at, _)| *at);
    }
    kept.into_iter().map(|(_, diagnostic)| diagnostic).collect()
}

fn rule_of<'a>(view: &View<'a>, id: &'a RuleId) -> ReportingDescriptor<'a> {
    let id_text = id.as_str();
    let Some(meta) = view.pages.meta(id) else { return ReportingDescriptor::bare(id_text) };
    ReportingDescriptor {
        id: id_text,
        short_description: Message::new(meta.title.clone()),
        full_description: first_paragraph(&meta.page).map(Message::new),
        help: Some(MultiformatMessage { text: help(meta), markdown: markdown(meta) }),
        help_uri: view.pages.url(id),
        default_configuration: Some(Configuration { level: level(meta.severity) }),
        properties: Some(RuleProperties { tags: [&meta.family], problem_severity: problem_severity(meta.severity) }),
    }
}

/// The prose under the title, up to the first empty line.
fn first_paragraph(page: &str) -> Option<String> {
    let mut paragraphs = page.split("\n\n").map(str::trim);
    let found = paragraphs.find(|paragraph| !paragraph.is_empty() && !paragraph.starts_with('#'))?;
    Some(clean::clipped(&found.replace('\n', " "), 1_000).into_owned())
}

fn help(meta: &Meta) -> String {
    meta.help.clone().unwrap_or_else(|| meta.title.clone())
}

/// The page as it is on GitHub, with its sources, and with the marks of the examples made legible.
fn markdown(meta: &Meta) -> String {
    let mut out: String = meta.page.lines().map(|line| format!("{}\n", page::without_mark(line))).collect();
    if let Some(help) = &meta.help {
        let _ = write!(out, "\n**What to do:** {help}\n");
    }
    for source in &meta.sources {
        let _ = write!(out, "\nSource: <{source}>\n");
    }
    out
}

fn result<'a>(view: &View<'a>, places: &Places<'a>, diagnostic: &'a Diagnostic, rule_index: usize) -> SarifResult<'a> {
    let mut location = Location::at(physical(view, places, diagnostic.primary));
    location.logical_locations = Some([LogicalLocation {
        fully_qualified_name: clean::line(&diagnostic.subject.key).into_owned(),
        kind: diagnostic.subject.kind.name(),
    }]);
    let related = diagnostic.related.iter().take(MAX_RELATED).zip(1..);
    SarifResult {
        rule_id: diagnostic.rule.as_str(),
        rule_index,
        level: level(diagnostic.severity),
        message: Message::new(message(diagnostic)),
        locations: [location],
        related_locations: related.map(|(label, id)| related_location(view, places, label, id)).collect(),
        partial_fingerprints: Fingerprints { ours: diagnostic.fingerprint() },
        baseline_state: diagnostic.is_new.map(|is_new| if is_new { "new" } else { "unchanged" }),
        fixes: diagnostic.fix.iter().filter_map(|fix| sarif_fix(view, places, fix)).collect(),
    }
}

fn message(diagnostic: &Diagnostic) -> String {
    let help = diagnostic.help.as_ref().map_or_else(String::new, |help| format!("\nhelp: {}", plain(help)));
    format!("{}{help}", plain(&diagnostic.message))
}

/// A line of a message. `[text](target)` would be a link in it, so brackets are escaped where that could be.
fn plain(text: &str) -> String {
    let line = clean::line(text);
    if !line.contains("](") {
        return line.into_owned();
    }
    line.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

fn related_location(view: &View<'_>, places: &Places<'_>, label: &Label, id: u32) -> Location {
    let text = if label.text.is_empty() { "see here" } else { &label.text };
    let mut location = Location::at(physical(view, places, label.span));
    location.id = Some(id);
    location.message = Some(Message::new(format!("{}{}", plain(text), places.side(label.span))));
    location
}

fn physical(view: &View<'_>, places: &Places<'_>, span: Span) -> PhysicalLocation {
    let path = &places.files().get(span.file).path;
    let uri = clean::percent_encoded(&format!("{}{path}", view.from_top()));
    PhysicalLocation { artifact_location: ArtifactLocation::new(uri), region: region(places, span) }
}

fn region(places: &Places<'_>, span: Span) -> Region {
    let (start, end) = places.of(span);
    Region { start_line: start.line, start_column: start.column, end_line: end.line, end_column: end.column }
}

/// A fix, where it changes files that are there: the standard has no words for a new one.
fn sarif_fix(view: &View<'_>, places: &Places<'_>, fix: &Fix) -> Option<SarifFix> {
    if fix.edits.is_empty() || !fix.new_files.is_empty() {
        return None;
    }
    let mut by_file: BTreeMap<String, Vec<Replacement>> = BTreeMap::new();
    for Edit { span, text } in &fix.edits {
        let replacement = Replacement { deleted_region: region(places, *span), inserted_content: Content { text: text.clone() } };
        let path = format!("{}{}", view.from_top(), places.files().get(span.file).path);
        by_file.entry(clean::percent_encoded(&path)).or_default().push(replacement);
    }
    let change = |(uri, replacements)| ArtifactChange { artifact_location: ArtifactLocation::new(uri), replacements };
    let artifact_changes = by_file.into_iter().map(change).collect();
    let properties = FixProperties { applicability: fix.applicability.name() };
    Some(SarifFix { description: Message::new(plain(&fix.title)), artifact_changes, properties })
}

/// What kept the run from being whole: what was not checked, and what has no room.
fn invocation(view: &View<'_>, places: &Places<'_>, n_left_out: usize) -> Invocation {
    let skipped = &view.report.skipped;
    let mut notifications: Vec<Notification> =
        skipped.iter().take(MAX_NOTIFICATIONS).map(|skipped| not_checked(view, places, skipped)).collect();
    if let Some(n_more) = skipped.len().checked_sub(MAX_NOTIFICATIONS).filter(|n_more| *n_more > 0) {
        notifications.push(Notification::note(format!("{n_more} more things were not checked")));
    }
    if n_left_out > 0 {
        notifications.push(Notification::note(format!("{n_left_out} more findings do not fit into one run of SARIF")));
    }
    let is_internal = |diagnostic: &Diagnostic| diagnostic.rule.as_str() == INTERNAL_ERROR;
    Invocation {
        execution_successful: !view.report.diagnostics.iter().any(is_internal),
        tool_execution_notifications: notifications,
    }
}

fn not_checked(view: &View<'_>, places: &Places<'_>, skipped: &Skipped) -> Notification {
    let text = format!("not checked: {} {}: {}", plain(&skipped.what), plain(&skipped.subject), plain(&skipped.why));
    let mut notification = Notification::note(text);
    notification.locations.extend(skipped.span.map(|span| Location::at(physical(view, places, span))));
    notification
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// GitHub's own word for the severity of a rule that is not about security.
fn problem_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "recommendation",
    }
}
