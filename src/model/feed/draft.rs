//! A tree of the shape of a feed file in the making, for sources that are written in another shape. It holds nodes of
//! the document that it will stand in, each with its own place, and nothing that it did not find there.

use crate::syntax::{Document, Entry, NodeId, Operator, Value};
use crate::text::Span;
use std::collections::BTreeMap;

/// Values by the path of their key: `file.name`, `table.partitioning.field`.
#[derive(Debug, Default, Clone)]
pub struct Draft {
    values: BTreeMap<String, Placed>,
}

/// A value with the place of what stands for its key.
#[derive(Debug, Clone, Copy)]
pub struct Placed {
    pub key_span: Span,
    pub node: NodeId,
}

/// The maps of a feed file that are taken apart, so that two sources can each say a part of one.
const MAPS: [&str; 5] = ["source", "delivery", "file", "table", "table.partitioning"];

impl Draft {
    /// Says a value, unless a stronger source has said it before. A map is said key by key.
    pub fn say(&mut self, document: &Document, path: &str, value: Placed) {
        if MAPS.contains(&path) && matches!(document.value(value.node), Value::Map(_)) {
            for entry in document.map(value.node) {
                let path = format!("{path}.{}", document.key(entry));
                self.say(document, &path, Placed { key_span: entry.key_span, node: entry.value });
            }
            return;
        }
        self.values.entry(path.to_owned()).or_insert(value);
    }

    /// Says all of it (or those of its paths that are wanted) in a stronger draft, where that does not say it already.
    pub fn give(&self, document: &Document, stronger: &mut Draft, is_wanted: impl Fn(&str) -> bool) {
        for (path, value) in self.values.iter().filter(|(path, _)| is_wanted(path)) {
            stronger.say(document, path, *value);
        }
    }

    pub fn has(&self, path: &str) -> bool {
        self.values.contains_key(path)
    }

    pub fn get(&self, path: &str) -> Option<Placed> {
        self.values.get(path).copied()
    }

    /// The tree, as a new node of the document that holds the values.
    pub fn build(&self, document: &mut Document, span: Span) -> NodeId {
        let values: Vec<(&str, Placed)> = self.values.iter().map(|(path, placed)| (path.as_str(), *placed)).collect();
        map_of(document, &values, span, 0)
    }
}

/// No key of a feed file lies deeper; what is written deeper is one unknown key.
const MAX_DEPTH: usize = 4;

/// The map of these paths, which are sorted. A path that leads on below a plain value is not reached, and left out.
fn map_of(document: &mut Document, values: &[(&str, Placed)], span: Span, depth: usize) -> NodeId {
    let mut entries = Vec::new();
    let mut rest = values;
    while let Some((path, first)) = rest.first().copied() {
        let name = first_part(path, depth);
        let is_here = |(path, _): &&(&str, Placed)| first_part(path, depth) == name;
        let (group, others) = rest.split_at(rest.iter().take_while(is_here).count());
        rest = others;
        let below: Vec<(&str, Placed)> =
            group.iter().filter_map(|(path, placed)| Some((path.strip_prefix(name)?.strip_prefix('.')?, *placed))).collect();
        let value = if path == name { first.node } else { map_of(document, &below, first.key_span, depth + 1) };
        let key = document.owned_text(name);
        entries.push(Entry { key, key_span: first.key_span, value, merged: false });
    }
    let children = document.push_entries(entries);
    document.push(Value::Map(children), span)
}

fn first_part(path: &str, depth: usize) -> &str {
    path.split_once('.').filter(|_| depth < MAX_DEPTH).map_or(path, |(first, _)| first)
}

/// A string that is said in other words than it is written in.
pub fn text(document: &mut Document, text: impl Into<Box<str>>, span: Span) -> NodeId {
    let text = document.owned_text(text);
    document.push(Value::String(text), span)
}

/// A value that is there and cannot be had, with the reason.
pub fn unknown(document: &mut Document, why: impl Into<Box<str>>, span: Span) -> NodeId {
    let name = document.owned_text(why);
    let operands = document.push_items([]);
    document.push(Value::Expression { operator: Operator::Unknown, name, operands }, span)
}

/// A list of these nodes.
pub fn list(document: &mut Document, items: impl IntoIterator<Item = NodeId>, span: Span) -> NodeId {
    let items = document.push_items(items);
    document.push(Value::Sequence(items), span)
}

/// A map of these entries, in their order.
pub fn map(document: &mut Document, entries: &[(&str, Placed)], span: Span) -> NodeId {
    let entries: Vec<Entry> = entries
        .iter()
        .map(|(key, placed)| {
            let key = document.owned_text(*key);
            Entry { key, key_span: placed.key_span, value: placed.node, merged: false }
        })
        .collect();
    let children = document.push_entries(entries);
    document.push(Value::Map(children), span)
}
