//! From a JSON Schema and the columns of a table to the nodes of a plan.

use super::slot::Slot;
use super::{Bound, Key, Limit, ListRules, MapRules, Node, NodeId, NumberRules, Options, Plan, Rest, TextRules, Types};
use crate::model::Column;
use crate::model::column_name::folded;
use crate::model::table::Mode;
use crate::record::pattern::Simple;
use crate::record::{engine, time};
use jsonschema::Validator as Engine;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// A schema that a plan cannot follow.
#[derive(Debug)]
struct Beyond;

/// The bits of `required` and of what a pass has seen; the last is that of a key which the table refuses.
const MAX_KEYS: usize = 127;
const NEVER: u128 = 1 << 127;
/// A schema that refers to itself on the way to a value is followed no further.
const MAX_REFERENCES: usize = 32;
const MAX_NODES: usize = 20_000;

/// Keywords that a plan does not know, in any draft. What no draft knows is an annotation.
const BEYOND: [&str; 28] = [
    "$anchor",
    "$dynamicAnchor",
    "$dynamicRef",
    "$recursiveAnchor",
    "$recursiveRef",
    "$vocabulary",
    "additionalItems",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "discriminator",
    "else",
    "if",
    "maxContains",
    "maxProperties",
    "minContains",
    "minProperties",
    "not",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

impl Plan {
    /// `None` when the schema says something that a plan cannot follow.
    pub(in crate::record) fn new(schema: &Value, columns: Option<&[Column]>, ignores_unknown: bool) -> Option<Plan> {
        let mut compiler = Compiler { root: schema, ignores_unknown, known: BTreeMap::new(), nodes: Vec::new(), n_slots: 0 };
        let root = compiler.node(schema, columns.map_or(Slot::Free, Slot::Record)).ok()?;
        let nodes = compiler.nodes.into_iter().collect::<Option<Vec<Node>>>()?;
        Some(Plan { root, nodes, n_slots: compiler.n_slots })
    }
}

struct Compiler<'a> {
    root: &'a Value,
    ignores_unknown: bool,
    /// Schema and slot by their places in memory: a schema that refers to itself becomes a circle of nodes.
    known: BTreeMap<(*const Value, usize, u8), NodeId>,
    nodes: Vec<Option<Node>>,
    n_slots: usize,
}

impl<'a> Compiler<'a> {
    fn node(&mut self, schema: &'a Value, slot: Slot<'a>) -> Result<NodeId, Beyond> {
        let schema = self.follow(schema)?;
        let place = slot.place();
        if let Some(known) = self.known.get(&(std::ptr::from_ref(schema), place.0, place.1)) {
            return Ok(*known);
        }
        if self.nodes.len() >= MAX_NODES {
            return Err(Beyond);
        }
        let index = self.nodes.len();
        let id = NodeId(u32::try_from(index).map_err(|_| Beyond)?);
        self.nodes.push(None);
        self.known.insert((std::ptr::from_ref(schema), place.0, place.1), id);
        let node = match schema {
            Value::Bool(true) => self.of_keywords(&EMPTY, slot)?,
            Value::Bool(false) => Node { types: Types(0), ..self.of_keywords(&EMPTY, slot)? },
            Value::Object(keywords) => self.of_keywords(keywords, slot)?,
            _ => return Err(Beyond),
        };
        *self.nodes.get_mut(index).expect("it was just pushed") = Some(node);
        Ok(id)
    }

    /// Follows a schema that says `$ref` and nothing that matters besides.
    fn follow(&self, mut schema: &'a Value) -> Result<&'a Value, Beyond> {
        for _ in 0..MAX_REFERENCES {
            let Some(target) = schema.as_object().filter(|keywords| is_plain_reference(keywords)) else { return Ok(schema) };
            schema = self.target(target)?;
        }
        Err(Beyond)
    }

    fn target(&self, keywords: &'a Map<String, Value>) -> Result<&'a Value, Beyond> {
        let reference = keywords.get("$ref").and_then(Value::as_str).ok_or(Beyond)?;
        let pointer = reference.strip_prefix('#').filter(|pointer| !pointer.contains('%')).ok_or(Beyond)?;
        let is_pointer = pointer.is_empty() || pointer.starts_with('/');
        self.root.pointer(pointer).filter(|_| is_pointer).ok_or(Beyond)
    }

    fn of_keywords(&mut self, keywords: &'a Map<String, Value>, slot: Slot<'a>) -> Result<Node, Beyond> {
        let is_root = std::ptr::eq(keywords, self.root.as_object().unwrap_or(&EMPTY));
        // An `$id` within changes what references mean.
        let has_own_base = !is_root && ["$id", "id"].iter().any(|name| keywords.get(*name).is_some_and(Value::is_string));
        if has_own_base || BEYOND.iter().any(|name| keywords.contains_key(*name)) {
            return Err(Beyond);
        }
        let (types, column) = slot.allows();
        Ok(Node {
            types: Types(types.0 & types_of(keywords)?.0),
            text: self.text_rules(keywords)?,
            number: self.number_rules(keywords)?,
            options: options(keywords)?,
            map: self.map_rules(keywords, slot)?,
            list: self.list_rules(keywords, slot)?,
            also: self.also(keywords)?,
            any: self.any(keywords)?,
            column,
        })
    }

    fn text_rules(&self, keywords: &Map<String, Value>) -> Result<Option<Box<TextRules>>, Beyond> {
        let mut rules = TextRules { max_length: size(keywords, "maxLength")?, ..TextRules::default() };
        rules.min_length = size(keywords, "minLength")?.unwrap_or(0);
        if let Some(pattern) = keywords.get("pattern") {
            rules.pattern = pattern.as_str().and_then(Simple::read);
            if rules.pattern.is_none() {
                rules.engines.push(self.engine("pattern", pattern)?);
            }
        }
        if let Some(format) = keywords.get("format") {
            rules.format = format.as_str().and_then(own_format);
            if rules.format.is_none() {
                rules.engines.push(self.engine("format", format)?);
            }
        }
        let names = ["minLength", "maxLength", "pattern", "format"];
        Ok(names.iter().any(|name| keywords.contains_key(*name)).then(|| Box::new(rules)))
    }

    fn number_rules(&self, keywords: &Map<String, Value>) -> Result<Option<Box<NumberRules>>, Beyond> {
        let mut rules = NumberRules::default();
        let bounds = [
            ("minimum", Bound::Least),
            ("exclusiveMinimum", Bound::Above),
            ("maximum", Bound::Most),
            ("exclusiveMaximum", Bound::Below),
        ];
        for (name, bound) in bounds {
            let Some(limit) = keywords.get(name) else { continue };
            rules.limits.push((bound, limit_of(limit)?));
        }
        if let Some(multiple) = keywords.get("multipleOf") {
            rules.engines.push(self.engine("multipleOf", multiple)?);
        }
        Ok((!rules.limits.is_empty() || !rules.engines.is_empty()).then(|| Box::new(rules)))
    }

    /// The crate itself, for one keyword.
    fn engine(&self, keyword: &str, value: &Value) -> Result<Engine, Beyond> {
        let draft = self.root.get("$schema").cloned().unwrap_or_else(|| json!("https://json-schema.org/draft/2020-12/schema"));
        engine(&json!({ "$schema": draft, keyword: value })).map_err(|_| Beyond)
    }

    fn map_rules(&mut self, keywords: &'a Map<String, Value>, slot: Slot<'a>) -> Result<Option<Box<MapRules>>, Beyond> {
        let columns = slot.columns();
        let names = ["properties", "required", "additionalProperties"];
        if columns.is_none() && !names.iter().any(|name| keywords.contains_key(*name)) {
            return Ok(None);
        }
        let additional = keywords.get("additionalProperties").unwrap_or(&Value::Bool(true));
        let mut rules = self.no_keys(additional, columns)?;
        for (name, schema) in keywords.get("properties").map_or(Ok(&*EMPTY), |map| map.as_object().ok_or(Beyond))? {
            self.add_key(name, schema, columns, &mut rules)?;
        }
        for column in columns.unwrap_or(&[]) {
            // A property that is the column in another case stands for it.
            if !rules.keys.iter().any(|key| folded(&key.name) == folded(&column.name)) {
                self.add_key(&column.name, additional, columns, &mut rules)?;
            }
        }
        for name in list(keywords, "required")? {
            let name = name.as_str().ok_or(Beyond)?;
            if !rules.index.contains_key(name) {
                self.add_key(name, additional, columns, &mut rules)?;
            }
            rules.required |= rules.index.get(name).map_or(NEVER, |index| 1 << index);
        }
        rules.first_slot = self.n_slots;
        self.n_slots += rules.keys.len() + 1;
        Ok(Some(Box::new(rules)))
    }

    fn no_keys(&mut self, additional: &'a Value, columns: Option<&'a [Column]>) -> Result<MapRules, Beyond> {
        let rest = match columns {
            Some(_) if !self.ignores_unknown => Rest::Refused,
            Some(columns) => Rest::Ignored {
                node: self.node(additional, Slot::Free)?,
                columns: columns.iter().map(|column| folded(&column.name).into()).collect(),
            },
            None => Rest::Free(self.node(additional, Slot::Free)?),
        };
        Ok(MapRules { keys: Vec::new(), index: HashMap::new(), required: 0, rest, first_slot: 0 })
    }

    fn add_key(
        &mut self,
        name: &str,
        schema: &'a Value,
        columns: Option<&'a [Column]>,
        rules: &mut MapRules,
    ) -> Result<(), Beyond> {
        let column = columns.and_then(|columns| columns.iter().find(|column| folded(&column.name) == folded(name)));
        let is_twin = columns.is_some() && rules.keys.iter().any(|key| folded(&key.name) == folded(name));
        if is_twin || rules.keys.len() >= MAX_KEYS {
            return Err(Beyond);
        }
        let slot = match (columns, column) {
            (_, Some(column)) => Slot::Column(column),
            // Unknown to the table: refused, or ignored with whatever it holds.
            (Some(_), None) if !self.ignores_unknown => return Ok(()),
            (Some(_) | None, None) => Slot::Free,
        };
        let node = self.node(schema, slot)?;
        let index = u16::try_from(rules.keys.len()).map_err(|_| Beyond)?;
        if column.is_some_and(|column| column.mode == Mode::Required) {
            rules.required |= 1 << index;
        }
        rules.index.insert(name.into(), index);
        let is_plain = !name.contains(|letter: char| matches!(letter, '"' | '\\') || letter < ' ');
        let written = is_plain.then(|| format!("\"{name}\":").into());
        rules.keys.push(Key { name: name.into(), written, node });
        Ok(())
    }

    fn list_rules(&mut self, keywords: &'a Map<String, Value>, slot: Slot<'a>) -> Result<Option<Box<ListRules>>, Beyond> {
        let item = slot.item();
        let names = ["items", "minItems", "maxItems", "uniqueItems"];
        if item.is_none() && !names.iter().any(|name| keywords.contains_key(*name)) {
            return Ok(None);
        }
        let items = keywords.get("items").unwrap_or(&Value::Bool(true));
        Ok(Some(Box::new(ListRules {
            items: self.node(items, item.unwrap_or(Slot::Free))?,
            min_items: size(keywords, "minItems")?.unwrap_or(0),
            max_items: size(keywords, "maxItems")?,
            is_unique: keywords.get("uniqueItems").is_some_and(|unique| *unique == Value::Bool(true)),
        })))
    }

    fn also(&mut self, keywords: &'a Map<String, Value>) -> Result<Vec<NodeId>, Beyond> {
        let mut also = Vec::new();
        if keywords.contains_key("$ref") {
            let target = self.target(keywords)?;
            also.push(self.node(target, Slot::Free)?);
        }
        for schema in list(keywords, "allOf")? {
            also.push(self.node(schema, Slot::Free)?);
        }
        Ok(also)
    }

    fn any(&mut self, keywords: &'a Map<String, Value>) -> Result<Vec<Vec<NodeId>>, Beyond> {
        let mut any = Vec::new();
        for name in ["anyOf", "oneOf"] {
            let branches = list(keywords, name)?;
            if branches.is_empty() {
                continue;
            }
            // With types that exclude each other, one is also only one.
            if name == "oneOf" && !self.are_disjoint(branches) {
                return Err(Beyond);
            }
            any.push(branches.iter().map(|branch| self.node(branch, Slot::Free)).collect::<Result<Vec<_>, _>>()?);
        }
        Ok(any)
    }

    fn are_disjoint(&self, branches: &'a [Value]) -> bool {
        let mut all = Types(0);
        branches.iter().all(|branch| {
            let keywords = self.follow(branch).ok().and_then(Value::as_object);
            let types = keywords.and_then(|keywords| types_of(keywords).ok()).unwrap_or(Types::ALL);
            // `number` takes `1.0`, which `integer` takes too.
            let types = if types.has(Types::INTEGER) { types.or(Types::FRACTION) } else { types };
            let is_new = !all.has(types);
            all = all.or(types);
            is_new
        })
    }
}

static EMPTY: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);

/// Annotations that may stand beside a reference that is followed in place.
const ANNOTATIONS: [&str; 12] = [
    "$comment",
    "$defs",
    "$schema",
    "default",
    "definitions",
    "deprecated",
    "description",
    "example",
    "examples",
    "readOnly",
    "title",
    "writeOnly",
];

fn is_plain_reference(keywords: &Map<String, Value>) -> bool {
    keywords.contains_key("$ref") && keywords.keys().all(|key| key == "$ref" || ANNOTATIONS.contains(&key.as_str()))
}

fn types_of(keywords: &Map<String, Value>) -> Result<Types, Beyond> {
    match keywords.get("type") {
        None => Ok(Types::ALL),
        Some(Value::String(name)) => Types::named(name).ok_or(Beyond),
        Some(Value::Array(names)) => {
            let named = |name: &Value| name.as_str().and_then(Types::named).ok_or(Beyond);
            names.iter().try_fold(Types(0), |types, name| Ok(types.or(named(name)?)))
        }
        Some(_) => Err(Beyond),
    }
}

fn options(keywords: &Map<String, Value>) -> Result<Option<Box<Options>>, Beyond> {
    let listed = if keywords.contains_key("enum") { Some(list(keywords, "enum")?) } else { None };
    let constant = keywords.get("const").map(std::slice::from_ref);
    let values = match (listed, constant) {
        (None, None) => return Ok(None),
        (Some(values), None) | (None, Some(values)) => values,
        (Some(_), Some(_)) => return Err(Beyond),
    };
    let mut options = Options::default();
    for value in values {
        match value {
            Value::String(text) => options.texts.push(text.as_str().into()),
            Value::Null => options.has_null = true,
            Value::Number(number) => options.integers.extend(number.as_i64()),
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => {}
        }
    }
    Ok(Some(Box::new(options)))
}

/// The items of a keyword that holds a list; none without the keyword.
fn list<'a>(keywords: &'a Map<String, Value>, name: &str) -> Result<&'a [Value], Beyond> {
    keywords.get(name).map_or(Ok(&[]), |list| list.as_array().map(Vec::as_slice).ok_or(Beyond))
}

fn size(keywords: &Map<String, Value>, name: &str) -> Result<Option<usize>, Beyond> {
    let Some(value) = keywords.get(name) else { return Ok(None) };
    value.as_u64().and_then(|size| usize::try_from(size).ok()).map(Some).ok_or(Beyond)
}

fn limit_of(value: &Value) -> Result<Limit, Beyond> {
    let number = value.as_number().ok_or(Beyond)?;
    if let Some(integer) = number.as_i64() {
        return Ok(Limit::Integer(integer));
    }
    number.as_f64().filter(|_| number.is_f64()).map(Limit::Float).ok_or(Beyond)
}

fn own_format(name: &str) -> Option<fn(&str) -> bool> {
    match name {
        "date" => Some(time::is_rfc_date),
        "time" => Some(time::is_rfc_time),
        "date-time" => Some(time::is_rfc_date_time),
        _ => None,
    }
}
