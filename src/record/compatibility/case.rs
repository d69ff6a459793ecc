//! What is known of a value: schemas that all hold for it. References and `allOf` are unfolded, and each branch of `anyOf`
//! and `oneOf` makes a case of its own. A case may allow more than the schemas do, and never less.

use super::schema::{Part, Schema};
use jsonschema::Draft;
use serde_json::Value;
use std::sync::LazyLock;

/// Schemas that are maps, all of which hold.
#[derive(Clone)]
pub(super) struct Case<'a> {
    pub(super) parts: Vec<Part<'a>>,
    pub(super) draft: Draft,
}

/// More cases than this are not told apart: branches are left out of account, which allows more.
const MAX_CASES: usize = 64;

/// A set of the types of JSON Schema, with the numbers that are no integers as one of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Types(u8);

impl Types {
    pub(super) const NONE: Types = Types(0);
    pub(super) const NULL: Types = Types(1);
    pub(super) const BOOLEAN: Types = Types(2);
    pub(super) const INTEGER: Types = Types(4);
    pub(super) const FRACTION: Types = Types(8);
    pub(super) const NUMBER: Types = Types(12);
    pub(super) const STRING: Types = Types(16);
    pub(super) const ARRAY: Types = Types(32);
    pub(super) const OBJECT: Types = Types(64);
    pub(super) const ALL: Types = Types(127);

    pub(super) fn and(self, other: Types) -> Types {
        Types(self.0 & other.0)
    }

    pub(super) fn or(self, other: Types) -> Types {
        Types(self.0 | other.0)
    }

    pub(super) fn without(self, other: Types) -> Types {
        Types(self.0 & !other.0)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn lies_in(self, other: Types) -> bool {
        self.without(other).is_empty()
    }

    fn named(name: &str) -> Types {
        match name {
            "null" => Types::NULL,
            "boolean" => Types::BOOLEAN,
            "integer" => Types::INTEGER,
            "number" => Types::NUMBER,
            "string" => Types::STRING,
            "array" => Types::ARRAY,
            "object" => Types::OBJECT,
            _ => Types::NONE,
        }
    }

    /// Of the keyword `type`.
    pub(super) fn said(value: &Value) -> Types {
        match value {
            Value::String(name) => Types::named(name),
            Value::Array(names) => names.iter().filter_map(Value::as_str).map(Types::named).fold(Types::NONE, Types::or),
            _ => Types::ALL,
        }
    }

    /// The types that a value may count as: `1.0` is an integer for some drafts.
    pub(super) fn of(value: &Value) -> Types {
        match value {
            Value::Null => Types::NULL,
            Value::Bool(_) => Types::BOOLEAN,
            Value::Number(number) if number.is_f64() => Types::NUMBER,
            Value::Number(_) => Types::INTEGER,
            Value::String(_) => Types::STRING,
            Value::Array(_) => Types::ARRAY,
            Value::Object(_) => Types::OBJECT,
        }
    }

    /// `a text or null`, for people.
    pub(super) fn words(self) -> String {
        let all = [
            (Types::NUMBER, "a number"),
            (Types::INTEGER, "an integer"),
            (Types::FRACTION, "a fraction"),
            (Types::STRING, "a text"),
            (Types::BOOLEAN, "a boolean"),
            (Types::ARRAY, "a list"),
            (Types::OBJECT, "a record"),
            (Types::NULL, "null"),
        ];
        let mut left = self;
        let mut words = Vec::new();
        for (types, word) in all {
            if types.lies_in(left) {
                words.push(word);
                left = left.without(types);
            }
        }
        words.join(" or ")
    }
}

/// Every way in which schemas can hold together; none when they cannot.
pub(super) fn cases<'a>(schema: &'a Schema, of: &[Part<'a>]) -> Vec<Case<'a>> {
    let mut done = Vec::new();
    let mut open = vec![Open { parts: Vec::new(), todo: of.to_vec(), followed: Vec::new() }];
    while let Some(Open { mut parts, mut todo, mut followed }) = open.pop() {
        let Some(part) = todo.pop() else {
            done.push(Case { parts, draft: schema.draft });
            continue;
        };
        let is_known = |known: &Part<'_>| known.pointer.is_some() && known.pointer == part.pointer;
        match part.value {
            Value::Bool(false) => continue,
            Value::Object(_) if !parts.iter().any(is_known) => {}
            _ => {
                open.push(Open { parts, todo, followed });
                continue;
            }
        }
        let reference = part.value.get("$ref").and_then(Value::as_str);
        if let Some(reference) = reference.filter(|reference| !followed.contains(reference)) {
            followed.push(reference);
            todo.extend(schema.target(reference));
        }
        if reference.is_some() && schema.draft <= Draft::Draft7 {
            open.push(Open { parts, todo, followed });
            continue;
        }
        todo.extend(part.items("allOf"));
        parts.push(part.clone());
        let mut branched = vec![Open { parts, todo, followed }];
        for branches in ["anyOf", "oneOf"].map(|keyword| part.items(keyword)) {
            if !branches.is_empty() && branched.len() * branches.len() + open.len() + done.len() <= MAX_CASES {
                branched = with_each(&branched, &branches);
            }
        }
        open.extend(branched);
    }
    done
}

/// A case that is being unfolded.
#[derive(Clone)]
struct Open<'a> {
    parts: Vec<Part<'a>>,
    todo: Vec<Part<'a>>,
    /// References, each of which is followed once.
    followed: Vec<&'a str>,
}

fn with_each<'a>(open: &[Open<'a>], branches: &[Part<'a>]) -> Vec<Open<'a>> {
    let with = |open: &Open<'a>, branch: &Part<'a>| {
        let todo = open.todo.iter().chain([branch]).cloned().collect();
        Open { todo, ..open.clone() }
    };
    branches.iter().flat_map(|branch| open.iter().map(move |open| with(open, branch))).collect()
}

/// Schemas of one type each, to tell cases apart by.
static OF_TYPE: LazyLock<Vec<(Types, Value)>> = LazyLock::new(|| {
    let names = ["null", "boolean", "integer", "number", "string", "array", "object"];
    names.iter().map(|name| (Types::named(name), serde_json::json!({ "type": name }))).collect()
});

impl<'a> Case<'a> {
    pub(super) fn types(&self) -> Types {
        let said = self.parts.iter().filter_map(|part| part.value.get("type")).map(Types::said);
        let types = said.fold(Types::ALL, Types::and);
        let is_whole = |part: &Part<'_>| part.value.get("multipleOf").is_some_and(Value::is_u64);
        // For draft 4, `2.0` is no integer.
        if self.draft > Draft::Draft4 && self.parts.iter().any(is_whole) { types.without(Types::FRACTION) } else { types }
    }

    /// The same, one type at a time.
    pub(super) fn by_type(&self) -> Vec<Case<'a>> {
        let types = self.types();
        let has_fractions = Types::FRACTION.lies_in(types);
        let apart = OF_TYPE.iter().filter(|(one, _)| one.lies_in(types) && !(has_fractions && *one == Types::INTEGER));
        let with = |(_, value): &'a (Types, Value)| {
            let parts = self.parts.iter().cloned().chain([Part { pointer: None, value }]);
            Case { parts: parts.collect(), draft: self.draft }
        };
        apart.map(with).collect()
    }

    /// All values that it can be, where they are few.
    pub(super) fn values(&self) -> Option<Vec<Value>> {
        let types = self.types();
        let listed = self.parts.iter().find_map(|part| match part.value.get("enum") {
            Some(Value::Array(values)) => Some(values.clone()),
            _ => part.value.get("const").filter(|_| self.draft > Draft::Draft4).map(|value| vec![value.clone()]),
        });
        let few = || types.lies_in(Types::NULL.or(Types::BOOLEAN)).then(|| vec![Value::Null, true.into(), false.into()]);
        let mut values = listed.or_else(few)?;
        values.retain(|value| !Types::of(value).and(types).is_empty());
        Some(values)
    }

    /// The schemas that hold for the value of a key.
    pub(super) fn property(&self, name: &str, schema: &'a Schema) -> Vec<Part<'a>> {
        self.parts.iter().flat_map(|part| property_of(part, name, schema)).collect()
    }

    /// The schemas that hold for an item of a list.
    pub(super) fn item(&self, at: usize) -> Vec<Part<'a>> {
        let of = |part: &Part<'a>| {
            let (tuple, rest) = tuple(part, self.draft);
            tuple.get(at).cloned().or(rest)
        };
        self.parts.iter().filter_map(of).collect()
    }

    /// So many items stand at the front, each with a schema of its own.
    pub(super) fn n_tuple(&self) -> usize {
        self.parts.iter().map(|part| tuple(part, self.draft).0.len()).max().unwrap_or(0)
    }

    pub(super) fn requires(&self, name: &str) -> bool {
        self.required().contains(&name)
    }

    pub(super) fn required(&self) -> Vec<&'a str> {
        let lists = self.parts.iter().filter_map(|part| part.value.get("required")?.as_array());
        let mut names: Vec<&str> = lists.flatten().filter_map(Value::as_str).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Keys that it speaks of, without patterns.
    pub(super) fn listed(&self) -> Vec<&'a str> {
        let mut names: Vec<&str> = self.parts.iter().flat_map(|part| part.members("properties")).map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    pub(super) fn has_property(&self, name: &str) -> bool {
        self.parts.iter().any(|part| part.value.get("properties").is_some_and(|properties| properties.get(name).is_some()))
    }

    /// The place in the schema that it comes from.
    pub(super) fn place(&self) -> String {
        self.parts.iter().find_map(|part| part.pointer.clone()).unwrap_or_default()
    }
}

/// The schemas of the first items, and of those behind them.
pub(super) fn tuple<'a>(part: &Part<'a>, draft: Draft) -> (Vec<Part<'a>>, Option<Part<'a>>) {
    let (first, rest) = match part.value.get("items") {
        _ if draft > Draft::Draft201909 => ("prefixItems", "items"),
        Some(Value::Array(_)) => ("items", "additionalItems"),
        _ => return (Vec::new(), part.get("items")),
    };
    (part.items(first), part.get(rest))
}

/// What one schema says of a key. Where a pattern cannot be asked, nothing is known of what stands beside it.
fn property_of<'a>(part: &Part<'a>, name: &str, schema: &Schema) -> Vec<Part<'a>> {
    let own = part.members("properties").into_iter().find(|(key, _)| *key == name).map(|(_, value)| value);
    let mut found: Vec<Part<'a>> = own.into_iter().collect();
    let mut is_sure = true;
    for (pattern, value) in part.members("patternProperties") {
        match schema.matches(pattern, name) {
            Some(true) => found.push(value),
            Some(false) => {}
            None => is_sure = false,
        }
    }
    if found.is_empty() && is_sure {
        found.extend(part.get("additionalProperties"));
    }
    found
}
