//! What the head changes, for people: a line for each thing, with what became of its columns and fields in it. Programs
//! get all of it from the JSON report.

use super::Report;
use super::amount::count;
use super::clean;
use super::markdown::escape::prose;
use super::text::{BOLD, TextOptions};
use crate::diagnostic::SubjectKind;
use crate::model::change::{Change, ChangeKind, Difference, Said};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Things that people are shown.
const MAX_LINES: usize = 20;
/// Differences of one thing, and parts of it that are named.
const MAX_PARTS: usize = 4;
/// Characters of one line.
const MAX_LINE: usize = 400;
/// Characters of a value; a longer one is not shown.
const MAX_VALUE: usize = 48;

/// Nothing where there is nothing to compare with, or nothing changed.
pub(super) fn text(report: &Report, options: &TextOptions) -> String {
    let things = things(&report.changes);
    let lines = lines(&things);
    if lines.is_empty() {
        return String::new();
    }
    let mut out = format!("{}\n", options.paint(BOLD, &format!("changes: {}", counted(&things))));
    for line in lines.iter().take(MAX_LINES) {
        let _ = writeln!(out, "  {}", clean::line(&clean::clipped(line, MAX_LINE)));
    }
    if let Some(more) = more(lines.len().saturating_sub(MAX_LINES)) {
        let _ = writeln!(out, "  {more}");
    }
    out.push('\n');
    out
}

/// As many lines as there is room for.
pub(super) fn markdown(report: &Report, budget: usize) -> String {
    let things = things(&report.changes);
    let lines = lines(&things);
    if lines.is_empty() {
        return String::new();
    }
    let mut out = format!("<details><summary>changes: {}</summary>\n\n", counted(&things));
    // The mark of a line would begin a list of its own.
    let items = lines
        .iter()
        .map(|line| format!("- {}\n", prose(&clean::clipped(line.trim_start_matches(['+', '-', '~', ' ']), MAX_LINE))));
    let mut n_left = budget;
    let fits = |item: &String| {
        let n_units = item.encode_utf16().count();
        let fits = n_units <= n_left;
        n_left = n_left.saturating_sub(n_units);
        fits
    };
    let shown: Vec<String> = items.take(MAX_LINES).take_while(fits).collect();
    out.push_str(&shown.concat());
    out.extend(more(lines.len() - shown.len()).map(|more| format!("- {more}\n")));
    out.push_str("\n</details>\n\n");
    out
}

fn more(n_more: usize) -> Option<String> {
    (n_more > 0).then(|| format!("… and {}; `--format json` has all of them", count(n_more, "more change")))
}

/// `1 feed renamed, 2 tables modified`: a thing of which only a part changed counts as modified.
fn counted(things: &BTreeMap<(SubjectKind, &str), Thing<'_>>) -> String {
    let mut counts: BTreeMap<(SubjectKind, &str), usize> = BTreeMap::new();
    for ((kind, _), (own, _)) in things {
        let what = own.map_or(ChangeKind::Modified.name(), |change| change.kind.name());
        *counts.entry((*kind, what)).or_default() += 1;
    }
    let parts = counts.into_iter().map(|((subject, kind), n)| format!("{} {kind}", count(n, subject.name())));
    parts.collect::<Vec<_>>().join(", ")
}

/// What became of a thing itself, and of its parts.
type Thing<'a> = (Option<&'a Change>, Vec<&'a Change>);

/// Each thing that changed, or of which a part did.
fn things(changes: &[Change]) -> BTreeMap<(SubjectKind, &str), Thing<'_>> {
    let mut things: BTreeMap<(SubjectKind, &str), Thing<'_>> = BTreeMap::new();
    for change in changes {
        let thing = change.holder.as_ref().unwrap_or(&change.subject);
        let (own, parts) = things.entry((thing.kind, &thing.key)).or_default();
        match change.holder {
            None => *own = Some(change),
            Some(_) => parts.push(change),
        }
    }
    things
}

/// One line for each.
fn lines(things: &BTreeMap<(SubjectKind, &str), Thing<'_>>) -> Vec<String> {
    things.iter().map(|((kind, name), (own, parts))| line(*kind, name, *own, parts)).collect()
}

fn line(kind: SubjectKind, name: &str, own: Option<&Change>, parts: &[&Change]) -> String {
    let mark = match own.map(|change| &change.kind) {
        Some(ChangeKind::Added) => "+",
        Some(ChangeKind::Removed) => "-",
        Some(ChangeKind::Renamed(_) | ChangeKind::Modified) | None => "~",
    };
    let was = own.and_then(Change::was).map_or_else(String::new, |was| format!(", which was `{was}`"));
    let mut said: Vec<String> = Vec::new();
    if let Some(own) = own {
        said.extend(own.differences.iter().take(MAX_PARTS).map(difference));
        let n_more = own.differences.len().saturating_sub(MAX_PARTS);
        said.extend((n_more > 0).then(|| count(n_more, "more difference")));
    }
    said.extend(of_parts(parts));
    let said = if said.is_empty() { String::new() } else { format!(": {}", said.join("; ")) };
    format!("{mark} {} `{name}`{was}{said}", kind.name())
}

fn of_parts(changes: &[&Change]) -> Vec<String> {
    let mut groups: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
    for change in changes {
        groups.entry(change.kind.name()).or_default().push(change);
    }
    let group = |(kind, changes): (&str, Vec<&Change>)| {
        let named: Vec<String> = changes.iter().take(MAX_PARTS).map(|change| named_part(change)).collect();
        let n_more = changes.len().saturating_sub(MAX_PARTS);
        let more = if n_more > 0 { format!(" and {n_more} more") } else { String::new() };
        let what = changes.first().map_or("", |change| change.subject.kind.name());
        format!("{} {kind} ({}{more})", count(changes.len(), what), named.join(", "))
    };
    groups.into_iter().map(group).collect()
}

/// `` `amount`: type from INT64 to NUMERIC ``.
fn named_part(change: &Change) -> String {
    let was = change.was().map_or_else(String::new, |was| format!(", which was `{was}`"));
    let differences: Vec<String> = change.differences.iter().map(difference).collect();
    let said = if differences.is_empty() { String::new() } else { format!(": {}", differences.join(", ")) };
    format!("`{}`{was}{said}", change.part())
}

/// `partition expiration from 90 days to 30 days`; a long text is only named.
fn difference(difference: &Difference) -> String {
    let is_short = |said: &Option<Said>| said.as_ref().is_none_or(|said| said.text.chars().count() <= MAX_VALUE);
    let Difference { name, before, after } = difference;
    match (before, after) {
        _ if !is_short(before) || !is_short(after) => (*name).to_owned(),
        (Some(before), Some(after)) => format!("{name} from {} to {}", before.text, after.text),
        (None, Some(after)) => format!("{name} {}", after.text),
        (Some(before), None) => format!("no {name}, which was {}", before.text),
        (None, None) => (*name).to_owned(),
    }
}
