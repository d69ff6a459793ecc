//! What the head changes, for people: a line for each thing, with what became of its columns and fields in it. Programs
//! get all of it from the JSON report.

use super::amount::count;
use super::clean;
use super::text::{BOLD, TextOptions};
use super::told::{Change, Difference, Remark};
use crate::diagnostic::SubjectKind;
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
pub(super) fn text(changes: &[Change<'_>], options: &TextOptions) -> String {
    let things = things(changes);
    if things.is_empty() {
        return String::new();
    }
    let mut out = format!("{}\n", options.paint(BOLD, &format!("changes: {}", counted(&things))));
    for thing in things.iter().take(MAX_LINES) {
        let line = format!("{} {}", thing.mark(), thing.line());
        let _ = writeln!(out, "  {}", clean::line(&clean::clipped(&line, MAX_LINE)));
    }
    if let Some(more) = more(things.len().saturating_sub(MAX_LINES)) {
        let _ = writeln!(out, "  {more}");
    }
    out.push('\n');
    out
}

fn more(n_more: usize) -> Option<String> {
    (n_more > 0).then(|| format!("… and {}; `--format json` has all of them", count(n_more, "more change")))
}

/// `1 feed renamed, 2 tables modified`: a thing of which only a part changed counts as modified.
pub(super) fn counted(things: &[Thing<'_>]) -> String {
    let mut counts: BTreeMap<(SubjectKind, &str), usize> = BTreeMap::new();
    for thing in things {
        *counts.entry((thing.kind, thing.what())).or_default() += 1;
    }
    let parts = counts.into_iter().map(|((subject, kind), n)| format!("{} {kind}", count(n, subject.name())));
    parts.collect::<Vec<_>>().join(", ")
}

/// What became of a thing itself, and of its parts.
pub(super) struct Thing<'a> {
    pub(super) kind: SubjectKind,
    pub(super) name: &'a str,
    own: Option<&'a Change<'a>>,
    parts: Vec<&'a Change<'a>>,
}

/// Each thing that changed, or of which a part did, by kind and name.
pub(super) fn things<'a>(changes: &'a [Change<'a>]) -> Vec<Thing<'a>> {
    let mut things: BTreeMap<(SubjectKind, &str), Thing<'_>> = BTreeMap::new();
    for change in changes {
        let Some((kind, name)) = subject(change.holder.as_ref().unwrap_or(&change.subject)) else { continue };
        let thing = things.entry((kind, name)).or_insert(Thing { kind, name, own: None, parts: Vec::new() });
        match change.holder {
            None => thing.own = Some(change),
            Some(_) => thing.parts.push(change),
        }
    }
    things.into_values().collect()
}

/// The kind and the key of `table raw.orders`.
fn subject(shown: &str) -> Option<(SubjectKind, &str)> {
    let (kind, key) = shown.split_once(' ')?;
    Some((SubjectKind::from_name(kind)?, key))
}

impl<'a> Thing<'a> {
    /// `added`, `removed`, `renamed` or `modified`.
    pub(super) fn what(&self) -> &'static str {
        match self.own.map(|change| &*change.kind) {
            Some("added") => "added",
            Some("removed") => "removed",
            Some("renamed") => "renamed",
            Some(_) | None => "modified",
        }
    }

    pub(super) fn was(&self) -> Option<&'a str> {
        self.own?.from.as_deref()
    }

    fn mark(&self) -> &'static str {
        match self.what() {
            "added" => "+",
            "removed" => "-",
            _ => "~",
        }
    }

    /// Without the mark: ``feed `quotes`: retention from 180 days to 90 days``.
    fn line(&self) -> String {
        let was = self.was().map_or_else(String::new, |was| format!(", which was `{was}`"));
        let said = self.said();
        let said = if said.is_empty() { String::new() } else { format!(": {said}") };
        format!("{} `{}`{was}{said}", self.kind.name(), self.name)
    }

    /// `retention from 180 days to 90 days; 1 field added (…)`.
    pub(super) fn said(&self) -> String {
        let mut said: Vec<String> = Vec::new();
        if let Some(own) = self.own {
            said.extend(own.differences.iter().take(MAX_PARTS).map(difference));
            let n_more = own.differences.len().saturating_sub(MAX_PARTS);
            said.extend((n_more > 0).then(|| count(n_more, "more difference")));
        }
        said.extend(self.of_parts());
        said.join("; ")
    }

    fn of_parts(&self) -> Vec<String> {
        let mut groups: BTreeMap<&str, Vec<&Change<'_>>> = BTreeMap::new();
        for change in &self.parts {
            groups.entry(&change.kind).or_default().push(change);
        }
        let group = |(kind, changes): (&str, Vec<&Change<'_>>)| {
            let named: Vec<String> = changes.iter().take(MAX_PARTS).map(|change| named_part(change)).collect();
            let n_more = changes.len().saturating_sub(MAX_PARTS);
            let more = if n_more > 0 { format!(" and {n_more} more") } else { String::new() };
            let what = changes.first().and_then(|change| subject(&change.subject)).map_or("part", |(kind, _)| kind.name());
            format!("{} {kind} ({}{more})", count(changes.len(), what), named.join(", "))
        };
        groups.into_iter().map(group).collect()
    }
}

/// `` `amount`: type from INT64 to NUMERIC ``.
fn named_part(change: &Change<'_>) -> String {
    let holder = change.holder.as_deref().and_then(subject).map_or("", |(_, key)| key);
    let part = |key: &str| key.strip_prefix(holder).unwrap_or(key).trim_start_matches(['.', '#']).to_owned();
    let was = change.from.as_deref().map_or_else(String::new, |was| format!(", which was `{}`", part(was)));
    let differences: Vec<String> = change.differences.iter().map(difference).collect();
    let said = if differences.is_empty() { String::new() } else { format!(": {}", differences.join(", ")) };
    format!("`{}`{was}{said}", part(subject(&change.subject).map_or(&*change.subject, |(_, key)| key)))
}

/// `partition expiration from 90 days to 30 days`; a long text is only named.
fn difference(difference: &Difference<'_>) -> String {
    let is_short = |said: &Option<Remark<'_>>| said.as_ref().is_none_or(|said| said.message.chars().count() <= MAX_VALUE);
    let Difference { name, before, after } = difference;
    match (before, after) {
        _ if !is_short(before) || !is_short(after) => name.to_string(),
        (Some(before), Some(after)) => format!("{name} from {} to {}", before.message, after.message),
        (None, Some(after)) => format!("{name} {}", after.message),
        (Some(before), None) => format!("no {name}, which was {}", before.message),
        (None, None) => name.to_string(),
    }
}
