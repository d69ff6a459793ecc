//! A JSON Schema whose parts can be asked, each for itself, whether they accept a value.

use super::super::{Engine, engine, with_formats};
use jsonschema::{Draft, Registry};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// The name under which a schema refers to itself as a whole.
const SELF: &str = "feedgate:schema";

pub(super) struct Schema {
    root: Value,
    pub(super) draft: Draft,
    whole: Engine,
    registry: Registry<'static>,
    /// By JSON pointer; `None` for a part that cannot be compiled alone.
    parts: RefCell<HashMap<String, Option<Rc<Engine>>>>,
    patterns: RefCell<HashMap<String, Option<Rc<Engine>>>>,
    /// Why references in it cannot be followed, when they cannot.
    pub(super) obstacle: Option<&'static str>,
}

/// A schema within a schema.
#[derive(Clone)]
pub(super) struct Part<'a> {
    /// Empty for the whole; `None` for one that we made up.
    pub(super) pointer: Option<String>,
    pub(super) value: &'a Value,
}

impl<'a> Part<'a> {
    pub(super) fn get(&self, keyword: &str) -> Option<Part<'a>> {
        self.value.get(keyword).map(|value| Part { pointer: self.below(keyword), value })
    }

    /// The members of a map of schemas.
    pub(super) fn members(&self, keyword: &str) -> Vec<(&'a str, Part<'a>)> {
        let Some(list) = self.get(keyword) else { return Vec::new() };
        let members = list.value.as_object().into_iter().flatten();
        members.map(|(name, value)| (name.as_str(), Part { pointer: list.below(name), value })).collect()
    }

    /// The items of a list of schemas.
    pub(super) fn items(&self, keyword: &str) -> Vec<Part<'a>> {
        let Some(list) = self.get(keyword) else { return Vec::new() };
        let items = list.value.as_array().into_iter().flatten().enumerate();
        items.map(|(at, value)| Part { pointer: list.below(&at.to_string()), value }).collect()
    }

    pub(super) fn below(&self, key: &str) -> Option<String> {
        let pointer = self.pointer.as_ref()?;
        Some(format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")))
    }

    pub(super) fn place(&self) -> String {
        self.pointer.clone().unwrap_or_default()
    }
}

impl Schema {
    pub(super) fn new(root: &Value) -> Result<Schema, String> {
        let whole = engine(root).map_err(|why| match elsewhere(root) {
            Some(reference) => format!("`{reference}` stands elsewhere, and is not followed"),
            None => why,
        })?;
        let draft = Draft::default().detect(root);
        let mut root = root.clone();
        if let Some(keywords) = root.as_object_mut() {
            keywords.remove("$id");
            keywords.remove("id").filter(|id| !id.is_string()).map(|id| keywords.insert("id".to_owned(), id));
        }
        let obstacle = obstacle(&root);
        let resource = draft.create_resource(root.clone());
        let registry = Registry::new().add(SELF, resource).and_then(|registry| registry.prepare());
        let registry = registry.map_err(|error| error.to_string())?;
        Ok(Schema { root, draft, whole, registry, parts: RefCell::default(), patterns: RefCell::default(), obstacle })
    }

    pub(super) fn root(&self) -> Part<'_> {
        Part { pointer: Some(String::new()), value: &self.root }
    }

    /// Whether the schema accepts a record.
    pub(super) fn is_valid(&self, record: &Value) -> bool {
        self.whole.is_valid(record)
    }

    /// Whether a part accepts a value; `None` where it cannot be asked.
    pub(super) fn accepts(&self, part: &Part<'_>, value: &Value) -> Option<bool> {
        self.engine(part).map(|engine| engine.is_valid(value))
    }

    /// Whether a part refuses a value for this keyword of its, and not for another only; `None` where it cannot be asked.
    pub(super) fn refuses_for(&self, part: &Part<'_>, keyword: &str, value: &Value) -> Option<bool> {
        let engine = self.engine(part)?;
        // Of draft 4, a limit is two keywords.
        let is_it = |own: &str| own == keyword || self.draft == Draft::Draft4 && bound(own) == bound(keyword);
        let mut errors = engine.iter_errors(value).filter(|error| error.instance_path().as_str().is_empty());
        Some(errors.any(|error| error.schema_path().as_str().rsplit('/').next().is_some_and(is_it)))
    }

    fn engine(&self, part: &Part<'_>) -> Option<Rc<Engine>> {
        let pointer = part.pointer.as_ref()?;
        let known = self.parts.borrow().get(pointer).cloned();
        known.unwrap_or_else(|| {
            let engine = self.compile(pointer).map(Rc::new);
            self.parts.borrow_mut().insert(pointer.clone(), engine.clone());
            engine
        })
    }

    fn compile(&self, pointer: &str) -> Option<Engine> {
        let reference = format!("{SELF}#{}", encoded(pointer));
        let options = with_formats().with_draft(self.draft).with_registry(&self.registry);
        options.build(&json!({ "$ref": reference })).ok()
    }

    /// Whether a regular expression of the schema is found in a text.
    pub(super) fn matches(&self, pattern: &str, text: &str) -> Option<bool> {
        let known = self.patterns.borrow().get(pattern).cloned();
        let engine = known.unwrap_or_else(|| {
            let engine = with_formats().build(&json!({ "pattern": pattern })).ok().map(Rc::new);
            self.patterns.borrow_mut().insert(pattern.to_owned(), engine.clone());
            engine
        });
        engine.map(|engine| engine.is_valid(&Value::from(text)))
    }

    /// What a reference within the schema leads to.
    pub(super) fn target(&self, reference: &str) -> Option<Part<'_>> {
        let pointer = reference.strip_prefix('#').filter(|pointer| pointer.is_empty() || pointer.starts_with('/'))?;
        // Escapes of URIs are rare, and what is not decoded leads nowhere.
        let value = self.root.pointer(pointer).filter(|_| !pointer.contains('%'))?;
        Some(Part { pointer: Some(pointer.to_owned()), value })
    }
}

/// A JSON pointer as the fragment of a URI.
fn encoded(pointer: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/~-._$".contains(&byte);
    let letter = |byte: u8| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    pointer.bytes().map(letter).collect()
}

/// Keywords below which stands data and no schema.
const DATA: [&str; 5] = ["const", "enum", "default", "example", "examples"];

/// What gives references another meaning than a place in this document.
fn obstacle(root: &Value) -> Option<&'static str> {
    let mut open = vec![root];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(keywords) => {
                for (keyword, value) in keywords {
                    match keyword.as_str() {
                        "$id" | "id" | "$anchor" if value.is_string() => {
                            return Some("a part of the schema has a name of its own");
                        }
                        "$dynamicRef" | "$recursiveRef" | "$dynamicAnchor" | "$recursiveAnchor" => {
                            return Some("a reference of the schema depends on who asks");
                        }
                        name if DATA.contains(&name) => {}
                        _ => open.push(value),
                    }
                }
            }
            Value::Array(items) => open.extend(items),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    None
}

/// A reference that leads out of the schema.
fn elsewhere(value: &Value) -> Option<&str> {
    match value {
        Value::Object(keywords) => {
            let own = keywords.get("$ref").and_then(Value::as_str).filter(|reference| !reference.starts_with('#'));
            own.or_else(|| keywords.values().find_map(elsewhere))
        }
        Value::Array(items) => items.iter().find_map(elsewhere),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// Whether a part of it is said by reference.
pub(super) fn has_reference(value: &Value) -> bool {
    match value {
        Value::Object(keywords) => keywords.contains_key("$ref") || keywords.values().any(has_reference),
        Value::Array(items) => items.iter().any(has_reference),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// `minimum` of `exclusiveMinimum`.
fn bound(keyword: &str) -> String {
    keyword.strip_prefix("exclusive").unwrap_or(keyword).to_ascii_lowercase()
}
