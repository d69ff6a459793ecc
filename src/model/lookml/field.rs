//! The fields that views of LookML have, with what they take over from others. What cannot be told is open.

use super::View;
use super::explore::{FieldReference, filled_in};
use crate::syntax::{Document, Entry, NodeId, Value};
use std::collections::BTreeSet;

/// What a field may be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldName {
    Is(String),
    /// A group of times that does not list them: `created_` and any of them.
    BeginsWith(String),
    /// A group of durations: any of them and `_open`.
    EndsWith(String),
}

impl FieldName {
    fn takes(&self, name: &str) -> bool {
        match self {
            FieldName::Is(own) => own == name,
            FieldName::BeginsWith(start) => name.starts_with(start.as_str()),
            FieldName::EndsWith(end) => name.ends_with(end.as_str()),
        }
    }
}

const PLAIN: [&str; 4] = ["dimension", "measure", "filter", "parameter"];
/// Views that take over from one another are followed this far.
const MAX_DEPTH: usize = 16;

/// The fields that a view itself declares.
pub(super) fn read_fields(document: &Document, view: NodeId) -> Vec<FieldName> {
    let of = |kind: &'static str| document.all(view, kind).flat_map(|entry| document.map(entry.value));
    let plain = PLAIN.iter().flat_map(|kind| of(kind)).map(|field| FieldName::Is(document.key(field).to_owned()));
    plain.chain(of("dimension_group").flat_map(|group| of_group(document, group))).collect()
}

/// The fields that the SQL of a view's own fields names, of this view where no other is said.
pub(super) fn read_references(document: &Document, view: NodeId, name: &str) -> Vec<FieldReference> {
    let kinds =
        document.map(view).iter().filter(|entry| ["dimension", "dimension_group", "measure"].contains(&document.key(entry)));
    let fields = kinds.flat_map(|kind| document.map(kind.value));
    let texts = fields.flat_map(|field| document.map(field.value)).filter(|entry| document.key(entry).starts_with("sql"));
    let ranges = texts.filter_map(|entry| match document.value(entry.value) {
        Value::String(text) => document.text_range(text),
        _ => None,
    });
    let named = ranges.flat_map(|range| filled_in(document, range));
    let read = named.filter_map(|(inner, span)| {
        let is_own = !inner.contains('.') && !OF_LOOKER.contains(&inner.trim());
        let own = || FieldReference::read(&format!("{name}.{}", inner.trim()), span).filter(|_| is_own);
        FieldReference::read(inner, span).or_else(own)
    });
    read.filter(|reference| !OF_LOOKER.contains(&reference.field.as_str())).collect()
}

/// They stand for what is no field.
const OF_LOOKER: [&str; 3] = ["TABLE", "EXTENDED", "SQL_TABLE_NAME"];

/// Times that a group has where it lists no other.
const FRAMES: [&str; 10] = ["raw", "time", "date", "week", "month", "quarter", "year", "hour", "minute", "second"];

/// Whether a field may be one of a group that lists other times: Looker is the judge of those.
pub fn may_be_of_group(views: &[View], view: &str, field: &str) -> bool {
    let Some((group, frame)) = field.rsplit_once('_') else { return false };
    FRAMES.contains(&frame)
        && field_names(views, view).any(|own| own.strip_prefix(group).is_some_and(|rest| rest.starts_with('_')))
}

fn of_group(document: &Document, group: &Entry) -> Vec<FieldName> {
    let name = document.key(group);
    if document.get(group.value, "type").and_then(|kind| document.str(kind)) == Some("duration") {
        return vec![FieldName::EndsWith(format!("_{name}"))];
    }
    let Some(listed) = document.get(group.value, "timeframes") else { return vec![FieldName::BeginsWith(format!("{name}_"))] };
    let each = document.sequence(listed).iter().filter_map(|item| document.str(*item));
    each.map(|frame| FieldName::Is(format!("{name}_{frame}"))).collect()
}

/// The names of a list, or a single one.
pub(super) fn names(document: &Document, node: NodeId) -> Vec<String> {
    match document.str(node) {
        Some(name) => vec![name.to_owned()],
        None => document.sequence(node).iter().filter_map(|item| document.str(*item)).map(str::to_owned).collect(),
    }
}

/// Whether a view has a field; `None` where not all that it takes over is here.
pub fn has_field(views: &[View], view: &str, field: &str) -> Option<bool> {
    let (mut open, mut seen) = (vec![(view, 0)], BTreeSet::new());
    let mut is_whole = true;
    while let Some((name, depth)) = open.pop() {
        if !seen.insert(name) {
            continue;
        }
        let own: Vec<&View> = views.iter().filter(|view| *view.name == *name).collect();
        is_whole &= own.iter().any(|view| !view.is_refinement) && depth < MAX_DEPTH;
        if own.iter().flat_map(|view| &view.fields).any(|own| own.takes(field)) {
            return Some(true);
        }
        open.extend(own.iter().flat_map(|view| &view.extends).map(|base| (base.as_str(), depth + 1)));
    }
    is_whole.then_some(false)
}

/// The exact names among the fields of a view, for a hint.
pub fn field_names<'v>(views: &'v [View], view: &str) -> impl Iterator<Item = &'v str> {
    let own: Vec<&View> = views.iter().filter(|other| *other.name == *view).collect();
    own.into_iter().flat_map(|view| &view.fields).filter_map(|field| match field {
        FieldName::Is(name) => Some(name.as_str()),
        FieldName::BeginsWith(_) | FieldName::EndsWith(_) => None,
    })
}
