//! Whether a JSON Schema is right by its own draft: the meta-schema, local references, and regular expressions.

use super::schema::Draft;
use crate::syntax::{Document, NodeId, Value};
use crate::text::Span;
use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use std::collections::BTreeSet;

/// At most this many violations are named for one schema.
const MAX_VIOLATIONS: usize = 20;

/// What is wrong with a schema, at its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    pub span: Span,
    pub message: String,
}

/// The violations of a schema; empty when its draft is not known to us.
pub(super) fn violations(document: &Document, root: NodeId, draft: Draft) -> Vec<Violation> {
    if draft == Draft::Other {
        return Vec::new();
    }
    let mut found = against_draft(document, root, draft);
    references(document, root, &mut found);
    let mut found: Vec<Violation> = found.into_iter().collect();
    found.truncate(MAX_VIOLATIONS);
    found
}

fn against_draft(document: &Document, root: NodeId, draft: Draft) -> BTreeSet<Violation> {
    let value = to_json(document, root);
    let validator = match draft {
        Draft::Draft4 => jsonschema::draft4::meta::validator(),
        Draft::Draft6 => jsonschema::draft6::meta::validator(),
        Draft::Draft7 => jsonschema::draft7::meta::validator(),
        Draft::Draft201909 => jsonschema::draft201909::meta::validator(),
        Draft::Draft202012 | Draft::Other => jsonschema::draft202012::meta::validator(),
    };
    let errors = validator.iter_errors(&value);
    errors.take(MAX_VIOLATIONS).map(|error| violation(document, root, draft, &error)).collect()
}

fn violation(document: &Document, root: NodeId, draft: Draft, error: &ValidationError<'_>) -> Violation {
    let pointer = error.instance_path().as_str();
    let node = document.pointer(root, pointer).unwrap_or(root);
    let keyword = pointer.rsplit('/').find(|part| part.parse::<usize>().is_err()).unwrap_or("");
    let what = match error.kind() {
        ValidationErrorKind::Type { kind } => format!("must be {}, not {}", type_names(kind), document.describe(node)),
        _ if keyword == "type" => match document.str(node) {
            Some(name) => format!("knows no `{name}`: there are {TYPES}"),
            None => format!("must name types: there are {TYPES}"),
        },
        ValidationErrorKind::UniqueItems => "names the same thing twice".to_owned(),
        ValidationErrorKind::Minimum { limit } => format!("must be at least {limit}"),
        ValidationErrorKind::MinItems { limit } => format!("must hold at least {limit} item"),
        ValidationErrorKind::Enum { options } => format!("must be one of {options}"),
        _ => "does not have the form that the draft demands".to_owned(),
    };
    let message = format!("`{keyword}` {what} ({})", draft.name());
    Violation { span: document.span(node), message }
}

/// The types of JSON Schema.
const TYPES: &str = "`array`, `boolean`, `integer`, `null`, `number`, `object` and `string`";

pub(super) fn type_names(kind: &TypeKind) -> String {
    let named = |name: String| {
        if name == "null" {
            return name;
        }
        let article = if name.starts_with(['a', 'i', 'o']) { "an" } else { "a" };
        format!("{article} {name}")
    };
    match kind {
        TypeKind::Single(one) => named(one.to_string()),
        TypeKind::Multiple(several) => several.iter().map(|one| named(one.to_string())).collect::<Vec<_>>().join(" or "),
    }
}

/// Local references that lead nowhere.
fn references(document: &Document, root: NodeId, found: &mut BTreeSet<Violation>) {
    let mut open = vec![root];
    let mut seen = BTreeSet::new();
    while let Some(node) = open.pop() {
        if !seen.insert(node) {
            continue;
        }
        open.extend(document.sequence(node));
        for entry in document.map(node) {
            let text = document.str(entry.value);
            match (document.key(entry), text) {
                ("$ref", Some(text)) => check_reference(document, root, entry.value, text, found),
                // Values of these are data, not schemas.
                ("const" | "enum" | "default" | "example" | "examples", _) => {}
                _ => open.push(entry.value),
            }
        }
    }
}

fn check_reference(document: &Document, root: NodeId, node: NodeId, text: &str, found: &mut BTreeSet<Violation>) {
    let Some(pointer) = text.strip_prefix("#/") else { return };
    if document.pointer(root, &format!("/{pointer}")).is_none() {
        found.insert(Violation {
            span: document.span(node),
            message: format!("`$ref` leads nowhere: there is no `{text}` in this schema"),
        });
    }
}

/// The tree as `serde_json` holds it. Depth is bounded where documents are read.
pub fn to_json(document: &Document, node: NodeId) -> serde_json::Value {
    match document.value(node) {
        Value::Null | Value::Expression { .. } => serde_json::Value::Null,
        Value::Bool(value) => value.into(),
        Value::Int(value) => value.into(),
        Value::Float(value) => value.into(),
        Value::Number(text) => document.text(text).parse::<f64>().map_or(serde_json::Value::Null, Into::into),
        Value::String(text) => document.text(text).into(),
        Value::Sequence(children) => document.items(children).iter().map(|item| to_json(document, *item)).collect(),
        Value::Map(children) => document
            .entries(children)
            .iter()
            .map(|entry| (document.key(entry).to_owned(), to_json(document, entry.value)))
            .collect(),
    }
}
