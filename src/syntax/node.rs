//! The one tree that YAML, JSON and HCL lower to: an arena of nodes with byte spans, maps that keep order,
//! key places and duplicates. An alias is the node it names, so a document is a graph without cycles.
//! Knows nothing of what the text means.

use crate::text::{FileId, Span, SpanMap, offset};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// The number of a node in its [`Document`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

/// A text of the tree: a slice of the source where it stands there as it is, otherwise kept aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text(TextRepr);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TextRepr {
    Slice { start: u32, end: u32 },
    Owned(u32),
}

/// A run of children in the arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Children {
    start: u32,
    end: u32,
}

impl Children {
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// What a node holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// A number that neither `i64` nor `f64` holds exactly, as it is written.
    Number(Text),
    String(Text),
    Sequence(Children),
    Map(Children),
    /// Something to be evaluated: Terraform expressions. What it means is the model's business.
    Expression {
        operator: Operator,
        name: Text,
        operands: Children,
    },
}

/// The name that a splat gives each item; no name of Terraform.
pub const EACH_ITEM: &str = "*";

/// The shape of an [`Value::Expression`]. The comment says what `name` and the operands hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `var.feeds["x"].name`: name `var`, operands: a string for each attribute, an expression or number for each index.
    Reference,
    /// `f(a, b)`: name `f`, operands the arguments.
    Call,
    /// `"a${b}c"`: no name, operands the strings and the interpolated expressions in order.
    Template,
    /// `-a`, `!a`: name the operator.
    Unary,
    /// `a * b`: name the operator, two operands.
    Binary,
    /// `a ? b : c`: three operands.
    Conditional,
    /// `{ for k, v in c : a => b... if d }`: no name, operands: the collection, the names of key and value (a string, or
    /// null), the key (null in a list), the value, the condition (`true` without one), and whether values are grouped.
    For,
    /// `f(x).y[0]`: no name, operands: what is looked into, then a string for each attribute, an expression for each index.
    Access,
    /// `a[*].b`, `a.*.b`: no name, operands: what is looked into, and what is looked up of each item, which goes by the
    /// name `*` there.
    Splat,
    /// `f(a...)`: the last argument of a call, whose items are arguments; one operand.
    Expand,
    /// Whatever else there is: name the source text, no operands.
    Other,
    /// A value that cannot be had from here: name the reason, no operands. No reader makes it; it stands in trees that are
    /// made of others.
    Unknown,
}

/// A node: what it holds and where it is written. Scalars cover their quotes, a YAML block scalar runs from its `|` to the
/// end of its last line, block maps and lists from their first child to their last, flow ones from bracket to bracket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Node {
    pub value: Value,
    pub span: Span,
}

/// A member of a map. Keys are texts; a map may hold a key more than once (a problem names it; HCL blocks repeat by right).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry {
    pub key: Text,
    pub key_span: Span,
    pub value: NodeId,
    /// The entry came through a YAML merge key `<<`.
    pub merged: bool,
}

/// The notation of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    #[default]
    Yaml,
    Json,
    Hcl,
    /// Terraform in JSON: the strings are JSON, and templates within.
    HclJson,
}

/// The tree of one file.
#[derive(Debug, Clone)]
pub struct Document {
    file: FileId,
    source: Arc<str>,
    /// How strings are written in the source, for who maps their text back.
    pub format: Format,
    nodes: Vec<Node>,
    items: Vec<NodeId>,
    entries: Vec<Entry>,
    texts: Vec<Box<str>>,
    /// One for each YAML document of the file; one for JSON and HCL; none where nothing could be read.
    pub roots: Vec<NodeId>,
    /// Roots of YAML documents that break off: what is missing in them may stand in the part that could not be read.
    broken: Vec<NodeId>,
    /// Keys that are expressions, by the value of their entry.
    computed_keys: BTreeMap<NodeId, NodeId>,
}

impl Document {
    pub fn new(file: FileId, source: Arc<str>) -> Document {
        let format = Format::default();
        Document {
            file,
            source,
            format,
            nodes: Vec::new(),
            items: Vec::new(),
            entries: Vec::new(),
            texts: Vec::new(),
            roots: Vec::new(),
            broken: Vec::new(),
            computed_keys: BTreeMap::new(),
        }
    }

    pub fn file(&self) -> FileId {
        self.file
    }

    pub fn source(&self) -> &Arc<str> {
        &self.source
    }

    // Building.

    /// A text that stands in the source as it is, at these bytes.
    pub fn slice_text(&self, start: usize, end: usize) -> Text {
        Text(TextRepr::Slice { start: offset(start), end: offset(end) })
    }

    /// A text that differs from the source: escapes, folded lines.
    pub fn owned_text(&mut self, text: impl Into<Box<str>>) -> Text {
        let id = offset(self.texts.len());
        self.texts.push(text.into());
        Text(TextRepr::Owned(id))
    }

    /// Moves every place from an embedded text to the host that `map` leads to. Texts stay those of the embedded text.
    pub fn move_to(&mut self, map: &SpanMap) {
        for node in &mut self.nodes {
            node.span = map.span(node.span.range());
        }
        for entry in &mut self.entries {
            entry.key_span = map.span(entry.key_span.range());
        }
    }

    pub fn push(&mut self, value: Value, span: Span) -> NodeId {
        let id = NodeId(offset(self.nodes.len()));
        self.nodes.push(Node { value, span });
        id
    }

    /// Gives a node another value: what was read as a string turns out to be a template.
    pub fn replace(&mut self, id: NodeId, value: Value) {
        if let Some(node) = self.nodes.get_mut(id.0 as usize) {
            node.value = value;
        }
    }

    /// Says that the key of the entry with this value is computed.
    pub fn set_key_expression(&mut self, value: NodeId, key: NodeId) {
        self.computed_keys.insert(value, key);
    }

    /// The expression that computes the key of an entry; its text is as it is written.
    pub fn key_expression(&self, entry: &Entry) -> Option<NodeId> {
        self.computed_keys.get(&entry.value).copied()
    }

    /// Says of every root from this one on that its document breaks off.
    pub fn mark_broken(&mut self, first_root: usize) {
        self.broken.extend(self.roots.get(first_root..).unwrap_or(&[]));
    }

    pub fn push_items(&mut self, items: impl IntoIterator<Item = NodeId>) -> Children {
        let start = offset(self.items.len());
        self.items.extend(items);
        Children { start, end: offset(self.items.len()) }
    }

    pub fn push_entries(&mut self, entries: impl IntoIterator<Item = Entry>) -> Children {
        let start = offset(self.entries.len());
        self.entries.extend(entries);
        Children { start, end: offset(self.entries.len()) }
    }

    // Reading.

    /// Whether the document below this root breaks off at a syntax error.
    pub fn is_broken(&self, root: NodeId) -> bool {
        self.broken.contains(&root)
    }

    pub fn node(&self, id: NodeId) -> Node {
        *self.nodes.get(id.0 as usize).expect("a NodeId is only made by the Document that holds it")
    }

    pub fn value(&self, id: NodeId) -> Value {
        self.node(id).value
    }

    pub fn span(&self, id: NodeId) -> Span {
        self.node(id).span
    }

    pub fn text(&self, text: Text) -> &str {
        match text.0 {
            TextRepr::Slice { start, end } => self.source.get(start as usize..end as usize).unwrap_or(""),
            TextRepr::Owned(id) => self.texts.get(id as usize).map_or("", |text| text),
        }
    }

    /// Where a text stands in the source, if it stands there as it is.
    pub fn text_range(&self, text: Text) -> Option<Range<usize>> {
        match text.0 {
            TextRepr::Slice { start, end } => Some(start as usize..end as usize),
            TextRepr::Owned(_) => None,
        }
    }

    /// The text of a string node.
    pub fn str(&self, id: NodeId) -> Option<&str> {
        match self.value(id) {
            Value::String(text) => Some(self.text(text)),
            _ => None,
        }
    }

    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// All nodes, children before what holds them.
    pub fn node_ids(&self) -> impl Iterator<Item = NodeId> {
        (0..offset(self.nodes.len())).map(NodeId)
    }

    /// The items of a sequence, or the operands of an expression.
    pub fn items(&self, children: Children) -> &[NodeId] {
        self.items.get(children.start as usize..children.end as usize).unwrap_or(&[])
    }

    pub fn entries(&self, children: Children) -> &[Entry] {
        self.entries.get(children.start as usize..children.end as usize).unwrap_or(&[])
    }

    /// The items of a sequence node; none for any other node.
    pub fn sequence(&self, id: NodeId) -> &[NodeId] {
        match self.value(id) {
            Value::Sequence(children) => self.items(children),
            _ => &[],
        }
    }

    /// The entries of a map node; none for any other node.
    pub fn map(&self, id: NodeId) -> &[Entry] {
        match self.value(id) {
            Value::Map(children) => self.entries(children),
            _ => &[],
        }
    }

    pub fn key(&self, entry: &Entry) -> &str {
        self.text(entry.key)
    }

    /// The entry of a map with this key: own entries before merged ones, the first of duplicates.
    pub fn entry(&self, map: NodeId, key: &str) -> Option<&Entry> {
        let entries = self.map(map);
        let mut found = entries.iter().filter(|entry| self.key(entry) == key);
        let first = found.next()?;
        if first.merged { Some(found.find(|entry| !entry.merged).unwrap_or(first)) } else { Some(first) }
    }

    pub fn get(&self, map: NodeId, key: &str) -> Option<NodeId> {
        self.entry(map, key).map(|entry| entry.value)
    }

    /// All entries with this key, for HCL blocks that repeat.
    pub fn all<'a>(&'a self, map: NodeId, key: &'a str) -> impl Iterator<Item = &'a Entry> {
        self.map(map).iter().filter(move |entry| self.key(entry) == key)
    }

    /// The node that a JSON Pointer names.
    pub fn pointer(&self, root: NodeId, pointer: &str) -> Option<NodeId> {
        pointer.split('/').skip(1).try_fold(root, |node, part| {
            let part = part.replace("~1", "/").replace("~0", "~");
            match self.value(node) {
                Value::Map(_) => self.get(node, &part),
                Value::Sequence(children) => self.items(children).get(part.parse::<usize>().ok()?).copied(),
                _ => None,
            }
        })
    }

    /// What a node is, for messages.
    pub fn describe(&self, id: NodeId) -> &'static str {
        match self.value(id) {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Int(_) => "an integer",
            Value::Float(_) | Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Sequence(_) => "a list",
            Value::Map(_) => "a map",
            Value::Expression { .. } => "an expression",
        }
    }
}

/// What is wrong with the text of a file. Each kind belongs to one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProblemKind {
    /// The text does not follow its grammar; what could be read is in the tree.
    Syntax,
    /// A key stands twice in one map.
    DuplicateKey,
    /// A plain scalar that other YAML readers take for something else: `no`, `0123`, `12:30`.
    AmbiguousScalar,
    /// The grammar allows it, but a format of ours (a feed file, `feedgate.yaml`) has no such key or value.
    Shape,
    /// We could not read it though it may be right: a limit of ours, a gap of a parser.
    NotAnalysed,
}

/// One defect of a file's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub kind: ProblemKind,
    pub span: Span,
    pub message: String,
    pub help: Option<String>,
    /// A second place that explains it: the first of two keys, the bracket that was left open.
    pub related: Option<(Span, String)>,
}

/// What a reader returns: always a document, and what is wrong with it.
#[derive(Debug, Clone)]
pub struct Parsed {
    pub document: Document,
    pub problems: Vec<Problem>,
}
