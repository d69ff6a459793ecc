//! Reads the shape of a JSON Schema: follows references within its file and to other files that are at hand, and joins
//! what `allOf`, `anyOf` and `oneOf` say. Every draft from 4 on.

use super::read_plain::{literals, numbers, of_type, texts};
use super::shape::{Field, List, Record, Rest, Shape};
use super::{Draft, MAX_DEPTH};
use crate::syntax::{Document, Entry, NodeId, Value};
use crate::text::{RepoPath, Spanned};
use std::collections::BTreeSet;

/// A schema unfolds to this many parts at most; the rest is not known.
const MAX_PARTS: usize = 20_000;

/// A place in the tree of a file.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub path: &'a RepoPath,
    pub document: &'a Document,
    pub root: NodeId,
    pub node: NodeId,
}

/// Gives the root of the schema that a reference from one file to another names, without what stands behind its `#`.
pub type Elsewhere<'a> = dyn Fn(&Place<'_>, &str) -> Option<Place<'a>> + 'a;

/// What a schema allows, and whether something in it is said in another file.
pub fn read_shape<'a>(place: Place<'a>, draft: Draft, elsewhere: &Elsewhere<'a>) -> (Shape, bool) {
    let mut reader = Reader { draft, elsewhere, open: Vec::new(), n_parts: 0, refers_elsewhere: false };
    let shape = reader.shape(place, 0);
    (shape, reader.refers_elsewhere)
}

struct Reader<'a, 'b> {
    draft: Draft,
    elsewhere: &'b Elsewhere<'a>,
    /// The schemas that are being read, so that one which refers to itself ends.
    open: Vec<(*const Document, NodeId)>,
    n_parts: usize,
    refers_elsewhere: bool,
}

impl<'a> Place<'a> {
    pub(super) fn at(self, node: NodeId) -> Place<'a> {
        Place { node, ..self }
    }

    pub(super) fn get(self, keyword: &str) -> Option<Place<'a>> {
        self.document.get(self.node, keyword).map(|node| self.at(node))
    }

    pub(super) fn str(self) -> Option<&'a str> {
        self.document.str(self.node)
    }

    pub(super) fn text(self, keyword: &str) -> Option<&'a str> {
        self.get(keyword)?.str()
    }

    pub(super) fn value(self) -> Value {
        self.document.value(self.node)
    }

    /// JSON Schema has no word for it: this is how data contracts call it, and how an extension of OpenAPI would.
    fn classification(self) -> Option<Spanned<Box<str>>> {
        let said = self.get("classification").or_else(|| self.get("x-classification"))?;
        Some(Spanned::new(said.str()?.into(), said.document.span(said.node)))
    }

    /// The items of a keyword that holds a list.
    pub(super) fn list(self, keyword: &str) -> impl Iterator<Item = Place<'a>> {
        let list = self.get(keyword).map_or(&[][..], |list| self.document.sequence(list.node));
        list.iter().map(move |node| self.at(*node))
    }

    pub(super) fn anything(self) -> Shape {
        Shape::anything(self.document.span(self.node))
    }

    pub(super) fn nothing(self) -> Shape {
        Shape::nothing(self.document.span(self.node))
    }

    pub(super) fn unknown(self, why: impl Into<std::sync::Arc<str>>) -> Shape {
        Shape::unknown(self.document.span(self.node), why)
    }
}

impl<'a> Reader<'a, '_> {
    /// The shape of the schema at a place, which lies `depth` columns deep.
    fn shape(&mut self, place: Place<'a>, depth: usize) -> Shape {
        let key = (std::ptr::from_ref(place.document), place.node);
        self.n_parts += 1;
        if self.n_parts > MAX_PARTS {
            return place.unknown("the schema unfolds to more fields than a table can have");
        }
        if self.open.contains(&key) {
            return place.unknown("the schema refers to itself");
        }
        let is_too_deep = depth >= MAX_DEPTH && place.get("properties").is_some();
        if is_too_deep || self.open.len() > MAX_DEPTH * 8 {
            return place.unknown("fields are nested more than 15 levels deep");
        }
        self.open.push(key);
        let shape = match place.value() {
            Value::Bool(true) => place.anything(),
            Value::Bool(false) => place.nothing(),
            Value::Map(_) => self.of_keywords(place, depth),
            _ => place.unknown("it is no schema"),
        };
        self.open.pop();
        shape
    }

    fn of_keywords(&mut self, place: Place<'a>, depth: usize) -> Shape {
        let referred = self.referred(place, depth);
        let is_hidden = referred.is_some() && matches!(self.draft, Draft::Draft4 | Draft::Draft6 | Draft::Draft7);
        let own = if is_hidden { place.anything() } else { self.of_own_keywords(place, depth) };
        // Where the reference stands tells more than what it leads to: the place of both is that of the first.
        let mut shape = match referred {
            Some(referred) => own.and(referred),
            None => own,
        };
        let refuses_others =
            !is_hidden && place.get("unevaluatedProperties").is_some_and(|rest| rest.value() == Value::Bool(false));
        if let Some(record) = shape.record.as_mut().filter(|_| refuses_others) {
            record.rest = Rest::Refused;
        }
        shape
    }

    fn of_own_keywords(&mut self, place: Place<'a>, depth: usize) -> Shape {
        let mut shape = of_type(place);
        shape.number = shape.number.map(|_| Box::new(numbers(place)));
        shape.text = shape.text.map(|_| Box::new(texts(place)));
        shape.list = shape.list.map(|_| Box::new(List { items: self.items(place, depth) }));
        shape.record = shape.record.map(|_| Box::new(self.record(place, depth)));
        if let Some(literals) = literals(place, self.draft) {
            shape = shape.and(literals);
        }
        for part in place.list("allOf") {
            shape = shape.and(self.shape(part, depth));
        }
        for keyword in ["anyOf", "oneOf"] {
            shape = self.and_one_of(shape, place.list(keyword), depth);
        }
        let has_conditions = !matches!(self.draft, Draft::Draft4 | Draft::Draft6);
        if has_conditions && place.get("if").is_some() {
            let branches = ["then", "else"].into_iter().filter_map(|keyword| place.get(keyword));
            shape = self.and_one_of(shape, branches, depth);
        }
        let narrows_types =
            place.get("not").is_some_and(|not| ["type", "enum", "const"].iter().any(|key| not.get(key).is_some()));
        if narrows_types {
            shape = shape.and(place.unknown("`not` takes some of its values away"));
        }
        shape
    }

    fn and_one_of(&mut self, shape: Shape, branches: impl Iterator<Item = Place<'a>>, depth: usize) -> Shape {
        let joined = branches.map(|branch| self.shape(branch, depth).settled()).reduce(Shape::or);
        match joined {
            Some(joined) => shape.and(joined),
            None => shape,
        }
    }

    /// What the reference leads to, when there is one.
    fn referred(&mut self, place: Place<'a>, depth: usize) -> Option<Shape> {
        if ["$dynamicRef", "$recursiveRef"].iter().any(|keyword| place.get(keyword).is_some()) {
            return Some(place.unknown("a dynamic reference leads to what is only known when a record is checked"));
        }
        let reference = place.get("$ref")?;
        let text = reference.str()?;
        let (file, fragment) = text.split_once('#').unwrap_or((text, ""));
        let root = if file.is_empty() { Some(place.at(place.root)) } else { self.other_file(place, file) };
        let target = root.and_then(|root| target(root, fragment));
        Some(target.map_or_else(
            || reference.unknown(format!("`$ref` leads to `{text}`, which is not at hand")),
            |target| self.shape(target, depth),
        ))
    }

    fn other_file(&mut self, place: Place<'a>, file: &str) -> Option<Place<'a>> {
        // A bundle of schemas holds those that it refers to, each under its own `$id`.
        let is_named = |node: &NodeId| place.at(*node).text("$id") == Some(file);
        if let Some(bundled) = place.document.node_ids().find(is_named) {
            return Some(Place { root: bundled, node: bundled, ..place });
        }
        self.refers_elsewhere = true;
        (self.elsewhere)(&place, file)
    }

    /// What the items may be: those of a tuple and all others alike.
    fn items(&mut self, place: Place<'a>, depth: usize) -> Option<Shape> {
        let items = place.get("items");
        let single = items.filter(|items| !matches!(items.value(), Value::Sequence(_)));
        let tuple: Vec<Place<'a>> = place.list("items").chain(place.list("prefixItems")).collect();
        // Behind a tuple there is whatever is said of the rest, which `false` forbids.
        let rest = single.or_else(|| place.get("additionalItems").filter(|_| !tuple.is_empty()));
        let parts = tuple.into_iter().chain(rest.filter(|rest| rest.value() != Value::Bool(false)));
        // An item lies in the column of the list, not below it.
        parts.map(|part| self.shape(part, depth).settled()).reduce(Shape::or)
    }

    fn record(&mut self, place: Place<'a>, depth: usize) -> Record {
        let required: BTreeSet<&str> = place.list("required").filter_map(Place::str).collect();
        let properties = place.get("properties").map_or(&[][..], |properties| place.document.map(properties.node));
        let properties = properties.iter().filter(|entry| place.document.value(entry.value) != Value::Bool(false));
        let fields: Vec<Field> = properties.take(MAX_PARTS).map(|entry| self.field(place, entry, &required, depth)).collect();
        let listed: BTreeSet<&str> = fields.iter().map(|field| &*field.name).collect();
        let needed = required.difference(&listed).map(|name| (*name).into()).collect();
        Record { fields, rest: rest(place), needed }
    }

    fn field(&mut self, place: Place<'a>, entry: &Entry, required: &BTreeSet<&str>, depth: usize) -> Field {
        let name = place.document.key(entry);
        let schema = place.at(entry.value);
        Field {
            name: name.into(),
            key_span: entry.key_span,
            required: required.contains(name),
            description: schema.text("description").map(Into::into),
            classification: schema.classification().map(Box::new),
            shape: self.shape(schema, depth + 1).settled(),
        }
    }
}

/// Where a fragment leads within a file: a JSON Pointer, or the name of an anchor.
fn target<'a>(root: Place<'a>, fragment: &str) -> Option<Place<'a>> {
    if fragment.is_empty() || fragment.starts_with('/') {
        let decoded = percent_decoded(fragment);
        return root.document.pointer(root.root, &decoded).map(|node| root.at(node));
    }
    let has_name = |node: &NodeId| {
        let place = root.at(*node);
        let old = |keyword| place.text(keyword).and_then(|id| id.strip_prefix('#')) == Some(fragment);
        place.text("$anchor") == Some(fragment) || old("$id") || old("id")
    };
    root.document.node_ids().find(has_name).map(|node| root.at(node))
}

/// `%25` and the like, which a pointer in a URI may hold.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let digits = tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let code = digits.filter(|_| *first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { tail.get(2..).unwrap_or(&[]) } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn rest(place: Place<'_>) -> Rest {
    let span = |place: Place<'_>| place.document.span(place.node);
    let patterns = place.get("patternProperties").filter(|patterns| !place.document.map(patterns.node).is_empty());
    let others = place.get("additionalProperties");
    match (patterns, others.map(|others| (others.value(), span(others)))) {
        (Some(patterns), _) => Rest::Allowed(span(patterns)),
        (None, None) => Rest::Unsaid,
        (None, Some((Value::Bool(false), _))) => Rest::Refused,
        (None, Some((_, span))) => Rest::Allowed(span),
    }
}
