//! A contract held against the JSON Schema that the standard publishes. The schemas are the standard's, the words ours:
//! each defect at its own place, once, with the key that was probably meant.

use super::Version;
use crate::keys::format::shown;
use crate::model::schema_check::{to_json, type_names};
use crate::syntax::{Document, NodeId, Problem, ProblemKind};
use crate::text::{Span, nearest};
use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// At most this many defects of one contract are named.
const MAX_PROBLEMS: usize = 50;

/// References of the schema are followed this far for the names of keys.
const MAX_DEPTH: usize = 8;

/// A published schema, ready to judge.
struct Schema {
    text: &'static str,
    name: &'static str,
    read: OnceLock<(Json, Validator)>,
}

static V3_0: Schema = Schema { text: include_str!("odcs/v3.0.2.json"), name: "ODCS v3.0", read: OnceLock::new() };
static V3_1: Schema = Schema { text: include_str!("odcs/v3.1.0.json"), name: "ODCS v3.1", read: OnceLock::new() };

impl Schema {
    fn read(&self) -> &(Json, Validator) {
        self.read.get_or_init(|| {
            let json: Json = serde_json::from_str(self.text).expect("the schema is JSON, a test reads it");
            let validator = jsonschema::validator_for(&json).expect("the schema is one, a test compiles it");
            (json, validator)
        })
    }
}

/// The defects of a contract, in the order of their places.
pub(super) fn problems(document: &Document, root: NodeId, version: Version) -> Vec<Problem> {
    let instance = to_json(document, root);
    let schema = match version {
        Version::V3_0 => &V3_0,
        Version::V3_1 => &V3_1,
    };
    let mut defects = defects_of(document, root, schema, &instance);
    // Contracts of v3.0 use what v3.1 has added, the standard's own examples among them: what v3.1 allows is no defect.
    if version == Version::V3_0 && !defects.is_empty() {
        let newer = defects_of(document, root, &V3_1, &instance);
        defects.retain(|defect| newer.iter().any(|other| is_related(&defect.pointer, &other.pointer)));
    }
    let is_cut = document.is_broken(root);
    defects.retain(|defect| !(is_cut && defect.is_missing));
    let mut problems: Vec<Problem> = defects.into_iter().map(|defect| defect.problem).collect();
    problems.sort_by(|a, b| (a.span, &a.message).cmp(&(b.span, &b.message)));
    problems.dedup_by(|a, b| a.span == b.span && a.message == b.message);
    problems.truncate(MAX_PROBLEMS);
    problems
}

/// Whether one place of the contract lies in the other.
fn is_related(a: &str, b: &str) -> bool {
    let lies_in =
        |inner: &str, outer: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    lies_in(a, b) || lies_in(b, a)
}

/// The keys that name an item of a list.
const NAMES: [&str; 5] = ["name", "server", "property", "username", "role"];

/// A problem with the JSON Pointer of where it is.
struct Defect {
    pointer: String,
    /// Something is not there, which may be out of reach in a file that breaks off.
    is_missing: bool,
    problem: Problem,
}

fn defects_of(document: &Document, root: NodeId, schema: &Schema, instance: &Json) -> Vec<Defect> {
    let (json, validator) = schema.read();
    let mut judge = Judge { document, root, schema: json, standard: schema.name, defects: Vec::new(), out_of_place: Vec::new() };
    for error in validator.iter_errors(instance).take(MAX_PROBLEMS) {
        judge.error(&error);
    }
    judge.keys_out_of_place();
    judge.defects
}

struct Judge<'a> {
    document: &'a Document,
    root: NodeId,
    schema: &'a Json,
    standard: &'static str,
    defects: Vec<Defect>,
    /// Keys that the standard knows, though it may be not here: the pointer of the map, and the key's place.
    out_of_place: Vec<(String, String, Span)>,
}

impl<'a> Judge<'a> {
    fn error(&mut self, error: &ValidationError<'_>) {
        let pointer = error.instance_path().as_str();
        let node = self.document.pointer(self.root, pointer).unwrap_or(self.root);
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected }
            | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
                let known = self.known_keys(error.schema_path().as_str());
                for key in unexpected {
                    self.unknown_key(pointer, node, key, &known);
                }
            }
            ValidationErrorKind::Required { property } => {
                let key = property.as_str().unwrap_or_default();
                let message = format!("{} has no `{key}`, which {} demands", self.subject(pointer), self.standard);
                self.push(pointer, self.beginning(node), message, Some(format!("add `{key}:`")), true);
            }
            ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
                self.alternatives(pointer, node, context);
            }
            _ => {
                let message = format!("{} {}", self.subject(pointer), self.wrong_value(node, error.kind()));
                let help = self.meant(node, error.kind());
                self.push(pointer, self.document.span(node), message, help, false);
            }
        }
    }

    /// Of several forms that a value may have, the one that it comes closest to says what is wrong: it has the right
    /// type, and the fewest defects.
    fn alternatives(&mut self, pointer: &str, node: NodeId, forms: &[Vec<ValidationError<'static>>]) {
        let is_type = |error: &&ValidationError<'_>| {
            matches!(error.kind(), ValidationErrorKind::Type { .. }) && error.instance_path().as_str() == pointer
        };
        let fitting = forms.iter().filter(|errors| !errors.iter().any(|error| is_type(&error)));
        match fitting.min_by_key(|errors| errors.len()) {
            Some(errors) => errors.iter().for_each(|error| self.error(error)),
            None => {
                let types: BTreeSet<String> = forms.iter().flatten().filter(is_type).filter_map(type_of).collect();
                let types = types.into_iter().collect::<Vec<_>>().join(" or ");
                let message = format!("{} must be {types}, not {}", self.subject(pointer), self.document.describe(node));
                self.push(pointer, self.document.span(node), message, None, false);
            }
        }
    }

    fn unknown_key(&mut self, pointer: &str, node: NodeId, key: &str, known: &BTreeSet<&str>) {
        let span = self.document.entry(node, key).map_or(self.beginning(node), |entry| entry.key_span);
        if known.contains(key) {
            return self.out_of_place.push((pointer.to_owned(), key.to_owned(), span));
        }
        let help = match nearest(key, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "what the standard does not know goes below `customProperties`".to_owned(),
        };
        let message = format!("{} has no key `{key}` in {}", self.subject(pointer), self.standard);
        self.push(pointer, span, message, Some(help), false);
    }

    /// Where a value is wrong, the validator no longer counts its neighbours as seen. Where none is, the key belongs to
    /// another type of server or check.
    fn keys_out_of_place(&mut self) {
        let is_explained = |pointer: &str| self.defects.iter().any(|defect| is_related(&defect.pointer, pointer));
        let (_, left): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.out_of_place).into_iter().partition(|(pointer, ..)| is_explained(pointer));
        for (pointer, key, span) in left {
            let message = format!("{} takes no key `{key}` in {}", self.subject(&pointer), self.standard);
            let help = "the standard knows the key, but not together with the type that is given here";
            self.push(&pointer, span, message, Some(help.to_owned()), false);
        }
    }

    /// The last key of the path, for people; an item of a list by its name.
    fn subject(&self, pointer: &str) -> String {
        let mut parts = pointer.rsplit('/').filter(|part| !part.is_empty());
        let Some(last) = parts.next() else { return "the contract".to_owned() };
        if last.parse::<usize>().is_err() {
            return format!("`{last}`");
        }
        let list = parts.find(|part| part.parse::<usize>().is_err()).unwrap_or("the list");
        let item = self.document.pointer(self.root, pointer);
        let name = item.and_then(|item| NAMES.iter().find_map(|key| self.document.str(self.document.get(item, key)?)));
        name.map_or_else(|| format!("an item of `{list}`"), |name| format!("`{}` of `{list}`", shown(name)))
    }

    fn wrong_value(&self, node: NodeId, kind: &ValidationErrorKind) -> String {
        let found = self.document.str(node).map_or(self.document.describe(node).to_owned(), |text| format!("`{}`", shown(text)));
        match kind {
            ValidationErrorKind::Type { kind } => format!("must be {}, not {}", type_names(kind), self.document.describe(node)),
            ValidationErrorKind::Enum { options } => format!("must be one of {}, not {found}", words(options).join(", ")),
            ValidationErrorKind::Constant { expected_value } => format!("must be {}, not {found}", word(expected_value)),
            ValidationErrorKind::Pattern { pattern } => format!("must match `{pattern}`, and {found} does not"),
            ValidationErrorKind::Format { format } => format!("must be of the format `{format}`, and {found} is not"),
            ValidationErrorKind::Minimum { limit } => format!("must be at least {limit}"),
            ValidationErrorKind::Maximum { limit } => format!("must be at most {limit}"),
            ValidationErrorKind::MinItems { limit } => {
                format!("must have at least {limit} item{}", if *limit == 1 { "" } else { "s" })
            }
            ValidationErrorKind::MaxItems { limit } => {
                format!("must have at most {limit} item{}", if *limit == 1 { "" } else { "s" })
            }
            ValidationErrorKind::UniqueItems => "names the same thing twice".to_owned(),
            _ => format!("does not have the form that {} demands", self.standard),
        }
    }

    fn meant(&self, node: NodeId, kind: &ValidationErrorKind) -> Option<String> {
        let ValidationErrorKind::Enum { options } = kind else { return None };
        let options = options.as_array()?.iter().filter_map(Json::as_str);
        nearest(self.document.str(node)?, options).map(|near| format!("did you mean `{near}`?"))
    }

    /// Where something that is missing would stand: the first key, else the value.
    fn beginning(&self, node: NodeId) -> Span {
        let first = self.document.map(node).first().map(|entry| entry.key_span);
        first.unwrap_or(self.document.span(node))
    }

    fn push(&mut self, pointer: &str, span: Span, message: String, help: Option<String>, is_missing: bool) {
        let problem = Problem { kind: ProblemKind::Shape, span, message, help, related: None };
        self.defects.push(Defect { pointer: pointer.to_owned(), is_missing, problem });
    }

    /// The keys that the schema knows where it refused one.
    fn known_keys(&self, schema_path: &str) -> BTreeSet<&'a str> {
        let mut known = BTreeSet::new();
        let place = schema_path.rsplit_once('/').map_or("", |(place, _)| place);
        if let Some(schema) = self.schema.pointer(place) {
            collect_keys(self.schema, schema, MAX_DEPTH, &mut known);
        }
        known
    }
}

/// The keys of an object by a part of the schema, and by whatever holds together with it.
fn collect_keys<'s>(whole: &'s Json, schema: &'s Json, fuel: usize, known: &mut BTreeSet<&'s str>) {
    let Some(schema) = schema.as_object().filter(|_| fuel > 0) else { return };
    if let Some(properties) = schema.get("properties").and_then(Json::as_object) {
        known.extend(properties.keys().map(String::as_str));
    }
    let reference = schema.get("$ref").and_then(Json::as_str).and_then(|text| whole.pointer(text.strip_prefix('#')?));
    let single = ["then", "else"].into_iter().filter_map(|key| schema.get(key));
    let several = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|key| schema.get(key)?.as_array()).flatten();
    for part in reference.into_iter().chain(single).chain(several) {
        collect_keys(whole, part, fuel - 1, known);
    }
}

fn type_of(error: &ValidationError<'_>) -> Option<String> {
    match error.kind() {
        ValidationErrorKind::Type { kind } => Some(type_names(kind)),
        _ => None,
    }
}

fn words(options: &Json) -> Vec<String> {
    options.as_array().map_or(Vec::new(), |options| options.iter().map(word).collect())
}

fn word(value: &Json) -> String {
    value.as_str().map_or_else(|| format!("`{value}`"), |text| format!("`{text}`"))
}
