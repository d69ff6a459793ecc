//! Builds the tree from YAML events: keys, aliases as shared nodes, merge keys, duplicates, and the limits on depth
//! and unfolding. Knows nothing of YAML's surface: whoever reads the text drives it.

use super::duplicate::duplicates;
use super::node::{Document, Entry, NodeId, Problem, ProblemKind, Text, Value};
use super::yaml_scalar::{ambiguity, resolve};
use super::{MAX_DEPTH, MAX_WEIGHT};
use crate::text::Span;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// How a scalar gets its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// By the core schema, with a warning where YAML 1.1 disagrees.
    Plain,
    /// By the core schema, as a tag such as `!!int` asks for.
    Tagged,
    /// As text: quoted, a block, or tagged as text.
    Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Sequence,
    Map,
}

/// A collection that is still open.
struct Frame {
    kind: Kind,
    /// The bracket of a flow collection.
    bracket: Option<usize>,
    /// Where its children begin in `items` or `entries` of the builder.
    first: usize,
    anchor: usize,
    unfolded_before: u64,
    /// The deepest nesting of what an alias brought in.
    height: usize,
    start: usize,
    end: usize,
    pending: Option<Key>,
    merges: Vec<NodeId>,
}

enum Key {
    Written {
        text: Text,
        range: Range<usize>,
        is_merge: bool,
    },
    /// A key that is no scalar: its value is read and dropped.
    Dropped,
}

/// What an alias brings in.
#[derive(Clone, Copy)]
struct Anchored {
    id: NodeId,
    unfolded: u64,
    height: usize,
    /// The text of a scalar, for an alias that stands as a key.
    text: Option<Text>,
}

/// A node that has found its value, on its way into its parent.
struct Placed {
    id: NodeId,
    range: Range<usize>,
    text: Option<Text>,
}

pub(super) struct Builder {
    pub(super) document: Document,
    pub(super) problems: Vec<Problem>,
    frames: Vec<Frame>,
    items: Vec<NodeId>,
    entries: Vec<Entry>,
    anchors: HashMap<usize, Anchored>,
    /// Nodes of the current YAML document, each alias counted with all that it brings in.
    unfolded: u64,
    /// The current YAML document broke a limit: it is read no further and gives no root.
    refused: bool,
    /// Collections are being closed that the text leaves open: what is wrong with them is said already.
    is_closing: bool,
}

impl Builder {
    pub(super) fn new(document: Document) -> Builder {
        Builder {
            document,
            problems: Vec::new(),
            frames: Vec::new(),
            items: Vec::new(),
            entries: Vec::new(),
            anchors: HashMap::new(),
            unfolded: 0,
            refused: false,
            is_closing: false,
        }
    }

    /// Whether the rest of the current YAML document is to be skipped.
    pub(super) fn is_refused(&self) -> bool {
        self.refused
    }

    /// The innermost flow collection that is open: its bracket's place.
    pub(super) fn open_bracket(&self) -> Option<usize> {
        self.frames.last().and_then(|frame| frame.bracket)
    }

    /// The key of the innermost open block map that was written last.
    pub(super) fn last_key(&self) -> Option<Span> {
        let frame = self.frames.last().filter(|frame| frame.kind == Kind::Map && frame.bracket.is_none())?;
        self.entries.get(frame.first..)?.last().map(|entry| entry.key_span)
    }

    pub(super) fn problem(&mut self, kind: ProblemKind, range: Range<usize>, message: impl Into<String>, help: Option<&str>) {
        let span = self.span(range);
        let help = help.map(str::to_owned);
        self.problems.push(Problem { kind, span, message: message.into(), help, related: None });
    }

    pub(super) fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.document.file(), range)
    }

    // Events.

    pub(super) fn scalar(&mut self, text: Text, reading: Reading, range: Range<usize>, anchor: usize) {
        if reading == Reading::Plain {
            self.warn_of_ambiguity(text, &range);
        }
        let is_key = self.expects_key();
        if is_key && anchor == 0 {
            let is_merge = reading == Reading::Plain && self.document.text(text) == "<<";
            self.set_key(Key::Written { text, range, is_merge });
            return;
        }
        self.unfolded += 1;
        let value = match reading {
            Reading::Text => Value::String(text),
            Reading::Plain | Reading::Tagged => resolve(self.document.text(text), text),
        };
        let id = self.document.push(value, self.span(range.clone()));
        self.keep_anchor(anchor, Anchored { id, unfolded: 1, height: 0, text: Some(text) });
        self.place(Placed { id, range, text: Some(text) });
    }

    pub(super) fn begin(&mut self, kind: Kind, at: usize, is_flow: bool, anchor: usize) {
        if self.frames.len() >= MAX_DEPTH {
            return self.refuse(at..at, format!("nested deeper than {MAX_DEPTH} levels"));
        }
        let first = match kind {
            Kind::Sequence => self.items.len(),
            Kind::Map => self.entries.len(),
        };
        let (start, end) = if is_flow { (at, at + 1) } else { (usize::MAX, at) };
        let bracket = is_flow.then_some(at);
        let unfolded_before = self.unfolded;
        let (pending, merges, height) = (None, Vec::new(), 0);
        self.frames.push(Frame { kind, bracket, first, anchor, unfolded_before, height, start, end, pending, merges });
    }

    /// Closes the innermost collection; `end` is the end of its bracket, for a flow collection.
    pub(super) fn end(&mut self, end: usize) {
        let Some(mut frame) = self.frames.pop() else { return };
        self.unfolded += 1;
        let value = match frame.kind {
            Kind::Sequence => Value::Sequence(self.document.push_items(self.items.drain(frame.first..))),
            Kind::Map => self.close_map(&mut frame),
        };
        let end = if frame.bracket.is_some() { frame.end.max(end) } else { frame.end };
        let range = frame.start.min(end)..end;
        let id = self.document.push(value, self.span(range.clone()));
        let unfolded = self.unfolded - frame.unfolded_before;
        let height = frame.height + 1;
        self.keep_anchor(frame.anchor, Anchored { id, unfolded, height, text: None });
        if let Some(parent) = self.frames.last_mut() {
            parent.height = parent.height.max(height);
        }
        self.place(Placed { id, range, text: None });
    }

    pub(super) fn alias(&mut self, anchor: usize, range: Range<usize>) {
        let Some(target) = self.anchors.get(&anchor).copied() else {
            let help = "an alias can only name a node that ended before it";
            self.problem(ProblemKind::Syntax, range.clone(), "this alias stands inside the node that it names", Some(help));
            return self.null(range);
        };
        self.unfolded = self.unfolded.saturating_add(target.unfolded);
        if self.unfolded > MAX_WEIGHT {
            return self.refuse(range, format!("the aliases unfold to more than {MAX_WEIGHT} nodes"));
        }
        if self.frames.len() + target.height > MAX_DEPTH {
            return self.refuse(range, format!("the aliases nest deeper than {MAX_DEPTH} levels"));
        }
        if let Some(parent) = self.frames.last_mut() {
            parent.height = parent.height.max(target.height);
        }
        self.place(Placed { id: target.id, range, text: target.text });
    }

    pub(super) fn unknown_alias(&mut self, name: &str, range: Range<usize>) {
        let help = format!("write `&{name}` before the node that is meant, or quote the text: `\"*{name}\"`");
        self.problem(
            ProblemKind::Syntax,
            range.clone(),
            format!("no node before this alias is anchored as `&{name}`"),
            Some(&help),
        );
        self.null(range);
    }

    /// Ends a YAML document, also in the middle of it: what is open is closed with what it has.
    pub(super) fn end_document(&mut self) {
        self.is_closing = true;
        while let Some(frame) = self.frames.last() {
            let end = frame.end;
            if matches!(frame.pending, Some(Key::Written { .. })) {
                self.null(end..end);
            }
            self.end(end);
        }
        self.items.clear();
        self.entries.clear();
        self.anchors.clear();
        self.unfolded = 0;
        self.refused = false;
        self.is_closing = false;
    }

    // Inside.

    fn null(&mut self, range: Range<usize>) {
        self.unfolded += 1;
        let id = self.document.push(Value::Null, self.span(range.clone()));
        self.place(Placed { id, range, text: Some(self.document.slice_text(0, 0)) });
    }

    fn refuse(&mut self, range: Range<usize>, message: String) {
        self.problem(
            ProblemKind::NotAnalysed,
            range,
            message,
            Some("this YAML document was not read; split it, or write it out flat"),
        );
        self.refused = true;
        self.frames.clear();
    }

    fn warn_of_ambiguity(&mut self, text: Text, range: &Range<usize>) {
        if let Some((message, help)) = ambiguity(self.document.text(text)) {
            self.problem(ProblemKind::AmbiguousScalar, range.clone(), message, Some(&help));
        }
    }

    fn expects_key(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.kind == Kind::Map && frame.pending.is_none())
    }

    fn set_key(&mut self, key: Key) {
        let Some(frame) = self.frames.last_mut() else { return };
        if let Key::Written { range, .. } = &key {
            frame.start = frame.start.min(range.start);
            frame.end = frame.end.max(range.end);
        }
        frame.pending = Some(key);
    }

    fn keep_anchor(&mut self, anchor: usize, target: Anchored) {
        if anchor != 0 {
            self.anchors.insert(anchor, target);
        }
    }

    fn place(&mut self, node: Placed) {
        if self.refused {
            return;
        }
        if self.expects_key() {
            return self.place_key(node);
        }
        let Some(frame) = self.frames.last_mut() else {
            self.document.roots.push(node.id);
            return;
        };
        frame.start = frame.start.min(node.range.start);
        frame.end = frame.end.max(node.range.end);
        match (frame.kind, frame.pending.take()) {
            (Kind::Sequence, _) => self.items.push(node.id),
            (Kind::Map, Some(Key::Written { text, range, is_merge })) => self.place_value(text, range, is_merge, node.id),
            (Kind::Map, _) => {}
        }
    }

    fn place_key(&mut self, node: Placed) {
        if let Some(text) = node.text {
            return self.set_key(Key::Written { text, range: node.range, is_merge: false });
        }
        if !self.is_closing {
            let message = "a map or a list stands as a key, which this tool does not read";
            let help = "a key is one scalar; if the braces belong to a template, quote the whole value";
            self.problem(ProblemKind::NotAnalysed, node.range, message, Some(help));
        }
        self.set_key(Key::Dropped);
    }

    fn place_value(&mut self, text: Text, range: Range<usize>, is_merge: bool, value: NodeId) {
        if is_merge && self.is_mergeable(value) {
            let Some(frame) = self.frames.last_mut() else { return };
            match self.document.value(value) {
                Value::Sequence(children) => frame.merges.extend_from_slice(self.document.items(children)),
                _ => frame.merges.push(value),
            }
            return;
        }
        let key_span = self.span(range);
        self.entries.push(Entry { key: text, key_span, value, merged: false });
    }

    fn is_mergeable(&self, value: NodeId) -> bool {
        let is_map = |id: &NodeId| matches!(self.document.value(*id), Value::Map(_));
        match self.document.value(value) {
            Value::Sequence(children) => self.document.items(children).iter().all(is_map),
            _ => is_map(&value),
        }
    }

    fn close_map(&mut self, frame: &mut Frame) -> Value {
        let problems = duplicates(&self.document, self.entries.get(frame.first..).unwrap_or(&[]));
        self.problems.extend(problems);
        let merges = std::mem::take(&mut frame.merges);
        if !merges.is_empty() {
            let merged = self.merged_entries(self.entries.get(frame.first..).unwrap_or(&[]), &merges);
            self.entries.extend(merged);
        }
        Value::Map(self.document.push_entries(self.entries.drain(frame.first..)))
    }

    /// The entries that come through merge keys: a map's own keys win, then the maps in their order.
    fn merged_entries(&self, own: &[Entry], merges: &[NodeId]) -> Vec<Entry> {
        let mut seen: HashSet<&str> = own.iter().map(|entry| self.document.key(entry)).collect();
        let offered = merges.iter().flat_map(|map| self.document.map(*map));
        offered.filter(|entry| seen.insert(self.document.key(entry))).map(|entry| Entry { merged: true, ..*entry }).collect()
    }
}
