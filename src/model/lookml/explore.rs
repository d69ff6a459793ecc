//! Explores of LookML: which views they join, under which names, and the fields that their conditions name.

use super::field::names;
use crate::syntax::{Document, Entry, NodeId, Value};
use crate::text::{Span, Spanned};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What people ask dashboards of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explore {
    /// Without the `+` of a refinement.
    pub name: String,
    pub span: Span,
    pub is_refinement: bool,
    pub extends: Vec<String>,
    /// The views by the names under which their fields are asked for.
    pub views: Vec<(String, Spanned<String>)>,
    /// The fields that its conditions name.
    pub fields: Vec<FieldReference>,
}

/// `trades.nominal`, where it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldReference {
    pub view: String,
    pub field: String,
    pub span: Span,
}

impl FieldReference {
    /// Reads `view.field`; names with holes are none.
    pub(super) fn read(text: &str, span: Span) -> Option<FieldReference> {
        let (view, field) = text.trim().split_once('.')?;
        let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        (is_name(view) && is_name(field)).then(|| FieldReference { view: view.to_owned(), field: field.to_owned(), span })
    }
}

/// Explores that take over from one another are followed this far.
const MAX_DEPTH: usize = 16;

/// The explores of a file.
pub(super) fn read_explores(document: &Document, root: NodeId) -> Vec<Explore> {
    let blocks = document.all(root, "explore").flat_map(|entry| document.map(entry.value));
    blocks.map(|explore| read_explore(document, explore)).collect()
}

fn read_explore(document: &Document, entry: &Entry) -> Explore {
    let (body, name) = (entry.value, document.key(entry));
    let bare = name.trim_start_matches('+').to_owned();
    let is_refinement = name.starts_with('+');
    let joins = document.all(body, "join").flat_map(|join| document.map(join.value));
    let mut views: Vec<(String, Spanned<String>)> = joins.map(|join| viewed(document, join, document.key(join))).collect();
    let says_view = ["from", "view_name"].iter().any(|key| document.get(body, key).is_some());
    let has_base = document.get(body, "extends").is_some() || document.get(body, "extends__all").is_some();
    if says_view || !is_refinement && !has_base {
        views.push(viewed(document, entry, &bare));
    }
    let extends = ["extends", "extends__all"].iter().filter_map(|key| document.get(body, key));
    Explore {
        name: bare,
        span: entry.key_span,
        is_refinement,
        extends: extends.flat_map(|list| names(document, list)).collect(),
        views,
        fields: conditions(document, body),
    }
}

/// `from` says which view, `view_name` that and the name of its fields.
fn viewed(document: &Document, entry: &Entry, name: &str) -> (String, Spanned<String>) {
    let text = |key| {
        document.get(entry.value, key).and_then(|node| Some(Spanned::new(document.str(node)?.to_owned(), document.span(node))))
    };
    let (from, view_name) = (text("from"), text("view_name"));
    let alias = view_name.as_ref().map_or(name.to_owned(), |view| view.value.clone());
    let view = from.or(view_name).unwrap_or_else(|| Spanned::new(name.to_owned(), entry.key_span));
    (alias, view)
}

/// The fields in the conditions of an explore and its joins.
fn conditions(document: &Document, body: NodeId) -> Vec<FieldReference> {
    let joins = document.all(body, "join").flat_map(|join| document.map(join.value)).map(|join| join.value);
    let blocks = std::iter::once(body).chain(joins);
    let entries = blocks.flat_map(|block| document.map(block)).filter(|entry| document.key(entry).starts_with("sql"));
    let texts = entries.filter_map(|entry| match document.value(entry.value) {
        Value::String(text) => document.text_range(text),
        _ => None,
    });
    texts.flat_map(|range| substitutions(document, range)).collect()
}

/// `${trades.isin}`, each with its place.
fn substitutions(document: &Document, range: Range<usize>) -> Vec<FieldReference> {
    let found = filled_in(document, range).into_iter();
    found.filter_map(|(inner, span)| FieldReference::read(inner, span)).filter(|field| field.field != "SQL_TABLE_NAME").collect()
}

/// What stands between `${` and `}`, each with its place. What a comment says is not read.
pub(super) fn filled_in(document: &Document, range: Range<usize>) -> Vec<(&str, Span)> {
    let text = document.source().get(range.clone()).unwrap_or_default();
    let found = text.match_indices("${").filter_map(|(at, _)| {
        let line = text.get(..at)?.rsplit('\n').next().unwrap_or_default();
        let inner = text.get(at + 2..)?;
        let inner = inner.get(..inner.find('}')?)?;
        let start = range.start + at + 2;
        let span = Span::new(document.file(), start..start + inner.len());
        (!line.contains("--")).then_some((inner, span))
    });
    found.collect()
}

/// The views of an explore by the names of their fields, with those that it takes over; `None` where not all is here.
pub fn views_of<'m>(explores: &'m [Explore], name: &str) -> Option<BTreeMap<&'m str, &'m str>> {
    let (mut open, mut seen) = (vec![(name.to_owned(), 0)], BTreeSet::new());
    let mut views = BTreeMap::new();
    while let Some((name, depth)) = open.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let own: Vec<&Explore> = explores.iter().filter(|explore| explore.name == name).collect();
        if depth >= MAX_DEPTH || !own.iter().any(|explore| !explore.is_refinement) {
            return None;
        }
        for explore in own {
            for (alias, view) in &explore.views {
                views.entry(alias.as_str()).or_insert(view.value.as_str());
            }
            open.extend(explore.extends.iter().map(|base| (base.clone(), depth + 1)));
        }
    }
    Some(views)
}
