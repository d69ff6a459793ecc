//! JSON Schemas of records, and references from one file of the repository to another.

pub mod columns;
pub mod elsewhere;
mod read_plain;
pub mod read_shape;
pub mod shape;
#[cfg(test)]
mod tests;

use super::schema_check::{Violation, violations};
use crate::syntax::{Document, Entry, NodeId, Value};
use crate::text::{FileId, RepoPath, Span};
use read_shape::{Place, read_shape};
use shape::Shape;
use std::sync::Arc;

/// A path written in a definition, and what it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaReference {
    pub text: String,
    pub target: Target,
}

/// What a reference leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    File(FileId, RepoPath),
    /// The schema stands where the reference would be.
    Inline(NodeId),
    /// No such file in the repository.
    Missing {
        path: RepoPath,
    },
    /// Absolute, or above the root.
    OutsideRoot,
    /// It is there but was not read: why.
    Unread {
        path: RepoPath,
        why: String,
    },
}

/// A JSON Schema.
#[derive(Debug, Clone)]
pub struct JsonSchema {
    pub path: RepoPath,
    pub file: FileId,
    /// The whole schema.
    pub span: Span,
    /// The draft that `$schema` names; 2020-12 without one.
    pub draft: Draft,
    /// The top-level and nested properties, in order, nested ones with dotted paths and `[]` for array items.
    pub fields: Vec<SchemaField>,
    /// What a record may be, as far as the columns of a table care.
    pub shape: Shape,
    /// A part of it is said in another file.
    pub refers_elsewhere: bool,
    /// The `$id` by which schemas of other files refer to it.
    pub id: Option<Box<str>>,
    /// Feeds that name it.
    pub feeds: Vec<super::FeedId>,
    /// Where it breaks the rules of its own draft; empty when the draft is not known.
    pub violations: Vec<Violation>,
    /// The schema itself, when it stands in the definition of a feed; any other is a file of its own.
    pub inline: Option<Arc<serde_json::Value>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Draft {
    Draft4,
    Draft6,
    Draft7,
    Draft201909,
    Draft202012,
    /// A `$schema` that we do not know.
    Other,
}

/// A property of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct SchemaField {
    /// `address.zip`, `tags[]`: the path of the property.
    pub path: String,
    /// The property's own name.
    pub name: String,
    pub key_span: Span,
    /// The types that it may have, without `null`; empty where the schema does not say.
    pub types: Vec<&'static str>,
    pub nullable: bool,
    pub required: bool,
    pub format: Option<String>,
    pub max_length: Option<u64>,
    /// The longest string of `enum` or `const`, and the shortest, in UTF-8 bytes.
    pub literal_lengths: Option<(u64, u64)>,
    /// A list of lists, which no column can hold.
    pub is_list_of_lists: bool,
    /// Nested one level down for each `.` and `[]` of the path.
    pub depth: usize,
}

/// References within a schema are followed this far, and properties nested this deep: BigQuery takes no more.
const MAX_DEPTH: usize = 15;

/// A schema unfolds to this many fields at most; BigQuery takes 10,000 columns.
const MAX_FIELDS: usize = 10_000;

/// Whether a JSON value says that it is a JSON Schema: its `$schema` names a draft.
pub fn says_draft(document: &Document, root: NodeId) -> bool {
    document.get(root, "$schema").and_then(|node| document.str(node)).is_some_and(|uri| uri.contains("json-schema.org"))
}

impl JsonSchema {
    /// Reads the schema of a document.
    pub fn read(path: RepoPath, document: &Document, root: NodeId) -> JsonSchema {
        let draft = document.get(root, "$schema").and_then(|node| document.str(node)).map_or(Draft::Draft202012, Draft::from_uri);
        let mut walk = Walk { document, root, fields: Vec::new() };
        walk.object(root, "", 0, &mut Vec::new());
        let mut fields = walk.fields;
        fields.shrink_to_fit();
        let violations = violations(document, root, draft);
        let place = Place { path: &path, document, root, node: root };
        let (shape, refers_elsewhere) = read_shape(place, draft, &|_, _| None);
        let id = document.get(root, "$id").and_then(|node| document.str(node)).map(Into::into);
        JsonSchema {
            file: document.file(),
            span: document.span(root),
            draft,
            fields,
            shape,
            refers_elsewhere,
            id,
            feeds: Vec::new(),
            violations,
            inline: None,
            path,
        }
    }

    /// The properties of a record itself, without those nested in it.
    pub fn top_level(&self) -> impl Iterator<Item = &SchemaField> {
        self.fields.iter().filter(|field| field.depth == 1)
    }
}

impl Draft {
    fn from_uri(uri: &str) -> Draft {
        let known = [
            ("draft-04", Draft::Draft4),
            ("draft-06", Draft::Draft6),
            ("draft-07", Draft::Draft7),
            ("2019-09", Draft::Draft201909),
            ("2020-12", Draft::Draft202012),
        ];
        known.into_iter().find(|(name, _)| uri.contains(name)).map_or(Draft::Other, |(_, draft)| draft)
    }

    pub fn name(self) -> &'static str {
        match self {
            Draft::Draft4 => "draft 4",
            Draft::Draft6 => "draft 6",
            Draft::Draft7 => "draft 7",
            Draft::Draft201909 => "draft 2019-09",
            Draft::Draft202012 => "draft 2020-12",
            Draft::Other => "an unknown draft",
        }
    }
}

/// Collects the fields of a schema: properties, those of local references, and those of `allOf`.
struct Walk<'a> {
    document: &'a Document,
    root: NodeId,
    fields: Vec<SchemaField>,
}

impl<'a> Walk<'a> {
    /// Adds the properties of an object schema. `open` holds the schemas that are being walked, so that a recursive one ends.
    fn object(&mut self, schema: NodeId, prefix: &str, depth: usize, open: &mut Vec<NodeId>) {
        if depth >= MAX_DEPTH || self.fields.len() >= MAX_FIELDS || open.contains(&schema) {
            return;
        }
        open.push(schema);
        for part in self.parts(schema) {
            let required = self.required(part);
            let Some(properties) = self.document.get(part, "properties") else { continue };
            for entry in self.document.map(properties) {
                let name = self.document.key(entry);
                let is_required = required.contains(&name);
                self.property(entry, prefix, depth + 1, is_required, open);
            }
        }
        open.pop();
    }

    fn property(&mut self, entry: &Entry, prefix: &str, depth: usize, required: bool, open: &mut Vec<NodeId>) {
        let name = self.document.key(entry).to_owned();
        let mut path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        let mut schema = self.follow(entry.value);
        let mut types = self.types(schema);
        if types.list == ["array"] {
            path.push_str("[]");
        }
        let is_list = types.list == ["array"];
        let items = self.document.get(schema, "items").filter(|_| is_list).map(|items| self.follow(items));
        let field = SchemaField {
            path: path.clone(),
            name,
            key_span: entry.key_span,
            types: types.list.clone(),
            nullable: types.nullable,
            required,
            format: self.text(schema, "format"),
            max_length: self.number(schema, "maxLength"),
            literal_lengths: self.literal_lengths(schema),
            is_list_of_lists: items.is_some_and(|items| self.types(items).list == ["array"]),
            depth,
        };
        self.fields.push(field);
        if let Some(items) = items {
            schema = items;
            types = self.types(items);
        }
        if types.list == ["object"] {
            self.object(schema, &path, depth, open);
        }
    }

    /// The schemas whose properties hold together: the schema itself, what it refers to, and its `allOf`.
    fn parts(&self, schema: NodeId) -> Vec<NodeId> {
        let mut parts = vec![schema];
        let target = self.follow(schema);
        if target != schema {
            parts.push(target);
        }
        if let Some(all) = self.document.get(schema, "allOf") {
            parts.extend(self.document.sequence(all).iter().map(|part| self.follow(*part)));
        }
        parts
    }

    /// Follows local references; a chain that does not end leads nowhere.
    fn follow(&self, schema: NodeId) -> NodeId {
        let mut at = schema;
        for _ in 0..MAX_DEPTH {
            let reference = self.document.get(at, "$ref").and_then(|node| self.document.str(node));
            let target =
                reference.and_then(|text| text.strip_prefix('#')).and_then(|text| self.document.pointer(self.root, text));
            match target {
                Some(target) => at = target,
                None => return at,
            }
        }
        at
    }

    fn required(&self, schema: NodeId) -> Vec<&'a str> {
        let list = self.document.get(schema, "required").map_or(&[][..], |list| self.document.sequence(list));
        list.iter().filter_map(|item| self.document.str(*item)).collect()
    }

    /// The types without `null`: of `type`, of `const` and `enum`, and of the alternatives when all but null agree.
    fn types(&self, schema: NodeId) -> Types {
        let mut types = Types::default();
        if let Some(node) = self.document.get(schema, "type") {
            let single = std::slice::from_ref(&node);
            let names = if self.document.str(node).is_some() { single } else { self.document.sequence(node) };
            names.iter().filter_map(|name| self.document.str(*name)).for_each(|name| types.add(name));
            return types;
        }
        for keyword in ["anyOf", "oneOf"] {
            let branches = self.document.get(schema, keyword).map_or(&[][..], |list| self.document.sequence(list));
            for branch in branches {
                let branch = self.types_of_branch(self.follow(*branch));
                types.nullable |= branch.nullable;
                branch.list.into_iter().for_each(|name| types.add(name));
            }
        }
        let values = self.document.get(schema, "enum").map_or(&[][..], |list| self.document.sequence(list));
        let constant = self.document.get(schema, "const");
        for value in values.iter().copied().chain(constant) {
            types.add(json_type(self.document.value(value)));
        }
        if types.list.is_empty() && self.document.get(schema, "properties").is_some() {
            types.add("object");
        }
        types
    }

    fn types_of_branch(&self, branch: NodeId) -> Types {
        let mut types = Types::default();
        if let Some(name) = self.document.get(branch, "type").and_then(|node| self.document.str(node)) {
            types.add(name);
        }
        types
    }

    fn text(&self, schema: NodeId, keyword: &str) -> Option<String> {
        self.document.get(schema, keyword).and_then(|node| self.document.str(node)).map(str::to_owned)
    }

    fn number(&self, schema: NodeId, keyword: &str) -> Option<u64> {
        match self.document.value(self.document.get(schema, keyword)?) {
            Value::Int(number) => u64::try_from(number).ok(),
            _ => None,
        }
    }

    fn literal_lengths(&self, schema: NodeId) -> Option<(u64, u64)> {
        let values = self.document.get(schema, "enum").map_or(&[][..], |list| self.document.sequence(list));
        let values = values.iter().copied().chain(self.document.get(schema, "const"));
        let lengths: Vec<u64> = values.filter_map(|value| self.document.str(value)).map(|text| text.len() as u64).collect();
        Some((*lengths.iter().min()?, *lengths.iter().max()?))
    }
}

/// The types of JSON Schema besides `null`.
const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

#[derive(Debug, Default)]
struct Types {
    list: Vec<&'static str>,
    nullable: bool,
}

impl Types {
    /// Adds a type; a name that JSON Schema does not have says nothing.
    fn add(&mut self, name: &str) {
        self.nullable |= name == "null";
        let known = TYPES.into_iter().find(|known| *known == name);
        self.list.extend(known.filter(|known| !self.list.contains(known)));
    }
}

fn json_type(value: Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Int(_) => "integer",
        Value::Float(_) | Value::Number(_) => "number",
        Value::String(_) | Value::Expression { .. } => "string",
        Value::Sequence(_) => "array",
        Value::Map(_) => "object",
    }
}
