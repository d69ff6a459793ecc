//! What a record has to be, from its JSON Schema and the columns of its table together, laid out for one pass over its
//! text. A plan is only ever sure of what is right: whatever it is not sure of is for the `jsonschema` crate to judge.
//! Schemas with keywords that a plan does not know have none.

mod compile;
mod slot;

use super::load::ColumnType;
use super::pattern::Simple;
use jsonschema::Validator as Engine;
use std::collections::{HashMap, HashSet};

pub(super) struct Plan {
    pub(super) root: NodeId,
    nodes: Vec<Node>,
    /// Slots of all objects' keys, for what a pass remembers of their order.
    pub(super) n_slots: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NodeId(u32);

/// What one value has to be. Without any word, it may be anything.
pub(super) struct Node {
    pub(super) types: Types,
    pub(super) text: Option<Box<TextRules>>,
    pub(super) number: Option<Box<NumberRules>>,
    pub(super) options: Option<Box<Options>>,
    pub(super) map: Option<Box<MapRules>>,
    pub(super) list: Option<Box<ListRules>>,
    /// The same value has to be this as well.
    pub(super) also: Vec<NodeId>,
    /// Of each of these, the same value has to be one.
    pub(super) any: Vec<Vec<NodeId>>,
    /// The column that takes the value, when it is neither list nor map.
    pub(super) column: Option<ColumnType>,
}

/// A set of JSON types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Types(u8);

impl Types {
    pub(super) const NULL: Types = Types(1);
    pub(super) const BOOLEAN: Types = Types(2);
    pub(super) const INTEGER: Types = Types(4);
    /// Numbers that are not written as integers; `number` of a schema is both.
    pub(super) const FRACTION: Types = Types(8);
    pub(super) const STRING: Types = Types(16);
    pub(super) const LIST: Types = Types(32);
    pub(super) const MAP: Types = Types(64);
    const ALL: Types = Types(127);

    pub(super) fn has(self, other: Types) -> bool {
        self.0 & other.0 != 0
    }

    fn without(self, other: Types) -> Types {
        Types(self.0 & !other.0)
    }

    fn or(self, other: Types) -> Types {
        Types(self.0 | other.0)
    }

    fn named(name: &str) -> Option<Types> {
        Some(match name {
            "null" => Types::NULL,
            "boolean" => Types::BOOLEAN,
            "integer" => Types::INTEGER,
            "number" => Types::INTEGER.or(Types::FRACTION),
            "string" => Types::STRING,
            "array" => Types::LIST,
            "object" => Types::MAP,
            _ => return None,
        })
    }
}

#[derive(Default)]
pub(super) struct TextRules {
    pub(super) min_length: usize,
    pub(super) max_length: Option<usize>,
    pub(super) pattern: Option<Simple>,
    pub(super) format: Option<fn(&str) -> bool>,
    /// Patterns and formats that only the crate knows, one keyword each.
    pub(super) engines: Vec<Engine>,
}

#[derive(Default)]
pub(super) struct NumberRules {
    pub(super) limits: Vec<(Bound, Limit)>,
    pub(super) engines: Vec<Engine>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    Least,
    Above,
    Most,
    Below,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Limit {
    Integer(i64),
    Float(f64),
}

/// The values of `enum` and `const` that can be compared with certainty.
#[derive(Default)]
pub(super) struct Options {
    pub(super) texts: Vec<Box<str>>,
    pub(super) integers: Vec<i64>,
    pub(super) has_null: bool,
}

pub(super) struct MapRules {
    pub(super) keys: Vec<Key>,
    pub(super) index: HashMap<Box<str>, u16>,
    /// A bit for each key.
    pub(super) required: u128,
    pub(super) rest: Rest,
    /// Where this object's keys begin among all slots; the first slot is that of its beginning.
    pub(super) first_slot: usize,
}

pub(super) struct Key {
    pub(super) name: Box<str>,
    /// The name in quotes and a colon, as most writers write them; `None` for a name that needs escapes.
    pub(super) written: Option<Box<str>>,
    pub(super) node: NodeId,
}

/// What becomes of keys that are not listed.
pub(super) enum Rest {
    /// The column table has no such column, and the load does not ignore that.
    Refused,
    Free(NodeId),
    /// The load ignores them, unless one is a column's name in another case.
    Ignored {
        node: NodeId,
        columns: HashSet<Box<str>>,
    },
}

pub(super) struct ListRules {
    pub(super) items: NodeId,
    pub(super) min_items: usize,
    pub(super) max_items: Option<usize>,
    pub(super) is_unique: bool,
}

impl Plan {
    pub(super) fn node(&self, id: NodeId) -> &Node {
        self.nodes.get(id.0 as usize).expect("ids are given out by the compiler of this plan")
    }
}
