//! Holds a document against a shape: every key we do not know and every value of the wrong kind, at its own place.

use super::format::{Complaint, did_you_mean, shown};
use super::{Key, MapShape, Shape, quoted, units};
use crate::syntax::embed::embedded;
use crate::syntax::{Document, Entry, NodeId, Problem, ProblemKind, Value};
use crate::text::{Span, nearest};
use std::fmt;

/// What is wrong with a node that should have this shape.
pub fn check(document: &Document, node: NodeId, shape: &Shape) -> Vec<Problem> {
    let mut checker = Checker { document, in_overlay: false, problems: Vec::new() };
    let first_key = document.map(node).first().map(|entry| entry.key_span);
    checker.value(node, shape, &Path { parent: None, name: Name::Root }, first_key.unwrap_or(document.span(node)));
    // One value that stands in two places through an alias is said once.
    let mut problems = checker.problems;
    problems.sort_by(|a, b| (a.span, &a.message).cmp(&(b.span, &b.message)));
    problems.dedup_by(|a, b| a.span == b.span);
    if document.is_broken(node) {
        let last = last_places(document, node);
        problems.retain(|problem| !last.contains(&problem.span));
    }
    problems
}

/// The last key or item on each level: what is missing in or after it is what the break has taken.
fn last_places(document: &Document, root: NodeId) -> Vec<Span> {
    let step = |node: &NodeId| match document.value(*node) {
        Value::Map(_) => document.map(*node).last().map(|entry| (entry.key_span, entry.value)),
        Value::Sequence(items) => document.items(items).last().map(|item| (document.span(*item), *item)),
        _ => None,
    };
    std::iter::successors(step(&root), |(_, node)| step(node)).map(|(span, _)| span).collect()
}

struct Checker<'a> {
    document: &'a Document,
    /// Below an overlay nothing is required.
    in_overlay: bool,
    problems: Vec<Problem>,
}

/// The keys that lead to a value, written out only for a message.
struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    name: Name<'a>,
}

enum Name<'a> {
    Root,
    Key(&'a str),
    Item,
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        let nested = self.parent.is_some_and(|parent| !matches!(parent.name, Name::Root));
        match self.name {
            Name::Root => Ok(()),
            Name::Key(key) if nested => write!(f, ".{}", shown(key)),
            Name::Key(key) => f.write_str(&shown(key)),
            Name::Item => f.write_str("[]"),
        }
    }
}

impl<'a> Path<'a> {
    fn key(&'a self, key: &'a str) -> Path<'a> {
        Path { parent: Some(self), name: Name::Key(key) }
    }
}

impl Checker<'_> {
    fn value(&mut self, node: NodeId, shape: &Shape, path: &Path<'_>, at: Span) {
        // What is not known is not wrong.
        if matches!(self.document.value(node), Value::Expression { .. }) {
            return;
        }
        if !self.takes(node, shape) {
            return self.wrong_type(node, shape, path, at);
        }
        match shape {
            Shape::Text(format) => self.text(node, path, |text| format.complaint(text)),
            Shape::Word(words) => self.text(node, path, |text| wrong_word(text, words)),
            Shape::Duration => self.text(node, path, |text| units::seconds(text).err()),
            Shape::Days => self.text(node, path, |text| units::days(text).err()),
            Shape::Bytes if self.is_string(node) => self.text(node, path, |text| units::bytes(text).err()),
            Shape::Bytes => self.integer(node, 0, i64::MAX, path),
            Shape::Integer { min, max } => self.integer(node, *min, *max, path),
            Shape::Number | Shape::Boolean | Shape::AnyMap | Shape::Plain => {}
            Shape::List(item) => {
                let item_path = Path { parent: Some(path), name: Name::Item };
                for item_node in self.document.sequence(node) {
                    self.value(*item_node, item, &item_path, self.document.span(*item_node));
                }
            }
            Shape::Map(map) => self.map(node, map, &[], path, at),
            Shape::Overlay { map, except } => {
                let outer = std::mem::replace(&mut self.in_overlay, true);
                self.map(node, map, except, path, at);
                self.in_overlay = outer;
            }
            Shape::MapOf(shape) => {
                for entry in self.document.map(node) {
                    self.value(entry.value, shape, &path.key(self.document.key(entry)), entry.key_span);
                }
            }
            Shape::Either(shapes) => {
                if let Some(shape) = shapes.iter().find(|shape| self.takes(node, shape)) {
                    self.value(node, shape, path, at);
                }
            }
        }
    }

    /// Whether the shape is made for this kind of value.
    fn takes(&self, node: NodeId, shape: &Shape) -> bool {
        let value = self.document.value(node);
        match shape {
            Shape::Text(_) | Shape::Word(_) | Shape::Duration | Shape::Days => matches!(value, Value::String(_)),
            Shape::Bytes => matches!(value, Value::String(_) | Value::Int(_)),
            Shape::Integer { .. } => matches!(value, Value::Int(_)),
            Shape::Number => number(value).is_some_and(|number| number >= 0.0 && number.is_finite()),
            Shape::Boolean => matches!(value, Value::Bool(_)),
            Shape::List(_) => matches!(value, Value::Sequence(_)),
            Shape::Map(_) | Shape::Overlay { .. } | Shape::MapOf(_) | Shape::AnyMap => matches!(value, Value::Map(_)),
            Shape::Plain => match value {
                Value::Sequence(items) => self.document.items(items).iter().all(|item| self.is_string(*item)),
                value => matches!(value, Value::Bool(_) | Value::Int(_) | Value::String(_)),
            },
            Shape::Either(shapes) => shapes.iter().any(|shape| self.takes(node, shape)),
        }
    }

    fn is_string(&self, node: NodeId) -> bool {
        matches!(self.document.value(node), Value::String(_))
    }

    fn map(&mut self, node: NodeId, map: &MapShape, except: &[&str], path: &Path<'_>, at: Span) {
        let document = self.document;
        for entry in document.map(node) {
            let name = document.key(entry);
            match map.keys.iter().find(|key| key.name == name) {
                Some(key) if !except.contains(&key.name) => {
                    self.value(entry.value, &key.shape, &path.key(key.name), entry.key_span);
                }
                Some(_) => self.not_here(entry, path),
                None => self.unknown_key(entry, map.keys.iter().filter(|key| !except.contains(&key.name)), path),
            }
        }
        if !self.in_overlay {
            self.missing_keys(node, map, path, at);
        }
        self.one_of(node, map, path, at);
    }

    fn missing_keys(&mut self, node: NodeId, map: &MapShape, path: &Path<'_>, at: Span) {
        for key in map.keys.iter().filter(|key| key.required && self.document.get(node, key.name).is_none()) {
            let complaint = Complaint::new("is missing").help(example_help(key));
            self.complain(complaint, &path.key(key.name), at);
        }
    }

    fn one_of(&mut self, node: NodeId, map: &MapShape, path: &Path<'_>, at: Span) {
        let Some((first, second)) = map.one_of else { return };
        match (self.document.entry(node, first), self.document.entry(node, second)) {
            (Some(one), Some(other)) => {
                let related = Some((one.key_span, format!("`{first}` stands here")));
                let message = format!("`{}` and `{}` exclude each other", path.key(first), path.key(second));
                let help = Some(format!("keep one of `{first}` and `{second}`"));
                self.push(Problem { kind: ProblemKind::Shape, span: other.key_span, message, help, related });
            }
            (None, None) if !self.in_overlay => {
                let complaint = Complaint::new(format!("has neither `{first}` nor `{second}`"));
                self.complain(complaint.help(format!("add one of `{first}` and `{second}`")), path, at);
            }
            (Some(_), None) | (None, Some(_) | None) => {}
        }
    }

    fn unknown_key<'k>(&mut self, entry: &Entry, keys: impl Iterator<Item = &'k Key>, path: &Path<'_>) {
        let name = self.document.key(entry);
        let names: Vec<&str> = keys.map(|key| key.name).collect();
        let help = match nearest(name, names.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if names.is_empty() => "nothing can be said here yet".to_owned(),
            None => format!("the keys here are {}", quoted(&names)),
        };
        let message = format!("unknown key `{}`", path.key(name));
        self.push(Problem { kind: ProblemKind::Shape, span: entry.key_span, message, help: Some(help), related: None });
    }

    fn not_here(&mut self, entry: &Entry, path: &Path<'_>) {
        let name = self.document.key(entry);
        self.complain(Complaint::new("cannot differ between environments"), &path.key(name), entry.key_span);
    }

    fn text(&mut self, node: NodeId, path: &Path<'_>, judge: impl FnOnce(&str) -> Option<Complaint>) {
        let Some(complaint) = self.document.str(node).and_then(judge) else { return };
        let range = complaint.range.clone().filter(|range| !range.is_empty());
        let inner = range.and_then(|range| Some(embedded(self.document, node)?.map.span(range)));
        self.complain(complaint, path, inner.unwrap_or(self.document.span(node)));
    }

    fn integer(&mut self, node: NodeId, min: i64, max: i64, path: &Path<'_>) {
        let Value::Int(number) = self.document.value(node) else { return };
        if (min..=max).contains(&number) {
            return;
        }
        let bound = if number < min { format!("at least {min}") } else { format!("at most {max}") };
        self.complain(Complaint::new(format!("must be {bound}, not `{number}`")), path, self.document.span(node));
    }

    fn wrong_type(&mut self, node: NodeId, shape: &Shape, path: &Path<'_>, at: Span) {
        let document = self.document;
        let span = document.span(node);
        let source = document.source().get(span.range()).map(shown).unwrap_or_default();
        let complaint = match (document.value(node), shape) {
            (Value::Null, _) => return self.complain(Complaint::new("has no value"), path, at),
            (Value::Int(number), Shape::Duration | Shape::Days) => match u64::try_from(number) {
                Ok(number) => units::no_unit(number),
                Err(_) => Complaint::new(format!("must be {}, not `{number}`", shape.noun())),
            },
            (Value::Int(_) | Value::Float(_) | Value::Number(_) | Value::Bool(_), Shape::Text(_)) => {
                Complaint::new(format!("must be a string, not {}", document.describe(node)))
                    .help(format!("write it in quotes: `\"{source}\"`"))
            }
            (Value::String(_) | Value::Map(_), Shape::List(_)) => {
                Complaint::new(format!("must be a list, not {}", document.describe(node))).help("put a `- ` before each item")
            }
            _ => Complaint::new(format!("must be {}, not {}", shape.noun(), document.describe(node))),
        };
        self.complain(complaint, path, span);
    }

    fn complain(&mut self, complaint: Complaint, path: &Path<'_>, span: Span) {
        let path = path.to_string();
        let subject = if path.is_empty() { "the document".to_owned() } else { format!("`{path}`") };
        let message = format!("{subject} {}", complaint.text);
        self.push(Problem { kind: ProblemKind::Shape, span, message, help: complaint.help, related: None });
    }

    fn push(&mut self, problem: Problem) {
        self.problems.push(problem);
    }
}

fn number(value: Value) -> Option<f64> {
    match value {
        // Prices are small; a large integer loses nothing that counts.
        Value::Int(number) => Some(number as f64),
        Value::Float(number) => Some(number),
        _ => None,
    }
}

fn wrong_word(text: &str, words: &[&str]) -> Option<Complaint> {
    if words.contains(&text) {
        return None;
    }
    let complaint = Complaint::new(format!("must be one of {}, not `{}`", quoted(words), shown(text)));
    let other_name = OTHER_NAMES.iter().find(|(name, word)| text.eq_ignore_ascii_case(name) && words.contains(word));
    let meant = other_name.map(|(_, word)| *word).or_else(|| nearest(text, words.iter().copied()));
    Some(did_you_mean(complaint, meant))
}

/// What others call one of our words, where the nearest spelling is another thing.
const OTHER_NAMES: [(&str, &str); 4] =
    [("jsonl", "ndjson"), ("jsonlines", "ndjson"), ("newline_delimited_json", "ndjson"), ("gz", "gzip")];

fn example_help(key: &Key) -> String {
    let example = if key.example.is_empty() { String::new() } else { format!(", for example `{}: {}`", key.name, key.example) };
    format!("add `{}:`{example}", key.name)
}
