//! One pass over the text of a record that reads and judges at once, by a plan. It says "right" or "not sure", and never
//! "wrong": what it is sure of, the `jsonschema` crate takes and BigQuery loads.

use super::cursor::{Cursor, NotJson, Number};
use super::load::Scalar;
use super::plan::{Bound, Limit, ListRules, MapRules, Node, NodeId, NumberRules, Plan, Rest, TextRules, Types};
use super::raw::goes_on;
use crate::model::column_name::folded;
use serde_json::Value;

/// Not right, or not certainly so.
struct Unsure;

impl From<NotJson> for Unsure {
    fn from(_: NotJson) -> Unsure {
        Unsure
    }
}

/// What a pass remembers from one record to the next.
pub(super) struct Memory {
    /// For each key of each object, the key that came behind it last.
    follows: Vec<u16>,
}

impl Memory {
    pub(super) fn new(plan: &Plan) -> Memory {
        Memory { follows: vec![0; plan.n_slots] }
    }
}

/// Values deeper than this are left to the crate, which has a limit of its own.
const MAX_DEPTH: u32 = 100;

/// Lists longer than this are not compared item by item.
const MAX_UNIQUE: usize = 24;

/// Whether the text is one record that is right beyond doubt.
pub(super) fn is_right(plan: &Plan, memory: &mut Memory, text: &str) -> bool {
    let n_visits = text.len().saturating_mul(4).saturating_add(1_000);
    let mut pass = Pass { plan, memory, cursor: Cursor::new(text), n_visits };
    let result = pass.value(plan.root, 0);
    pass.cursor.space();
    result.is_ok() && pass.cursor.is_at_end()
}

struct Pass<'a, 'p> {
    plan: &'p Plan,
    memory: &'p mut Memory,
    cursor: Cursor<'a>,
    /// Values that may still be looked at: a schema can lead in circles that double each time.
    n_visits: usize,
}

impl<'a, 'p> Pass<'a, 'p> {
    fn value(&mut self, id: NodeId, depth: u32) -> Result<(), Unsure> {
        if depth > MAX_DEPTH || self.n_visits == 0 {
            return Err(Unsure);
        }
        self.n_visits -= 1;
        let node = self.plan.node(id);
        self.cursor.space();
        let start = self.cursor.at();
        self.by_own_rules(node, depth)?;
        if node.also.is_empty() && node.any.is_empty() {
            return Ok(());
        }
        self.by_further_rules(node, start, depth)
    }

    /// Reads the same value again for each schema that it has to fit besides.
    fn by_further_rules(&mut self, node: &'p Node, start: usize, depth: u32) -> Result<(), Unsure> {
        let end = self.cursor.at();
        for other in &node.also {
            self.cursor.rewind(start);
            self.value(*other, depth + 1)?;
        }
        for branches in &node.any {
            let fits = branches.iter().any(|branch| {
                self.cursor.rewind(start);
                self.value(*branch, depth + 1).is_ok()
            });
            if !fits {
                return Err(Unsure);
            }
        }
        self.cursor.rewind(end);
        Ok(())
    }

    fn by_own_rules(&mut self, node: &'p Node, depth: u32) -> Result<(), Unsure> {
        match self.cursor.peek() {
            b'"' if node.types.has(Types::STRING) => self.text(node),
            b'{' if node.types.has(Types::MAP) && node.options.is_none() => self.map(node.map.as_deref(), depth),
            b'[' if node.types.has(Types::LIST) && node.options.is_none() => self.list(node.list.as_deref(), depth),
            b'-' | b'0'..=b'9' => self.number(node),
            b't' if node.types.has(Types::BOOLEAN) => self.boolean("true", node),
            b'f' if node.types.has(Types::BOOLEAN) => self.boolean("false", node),
            b'n' if node.types.has(Types::NULL) && node.options.as_ref().is_none_or(|options| options.has_null) => {
                Ok(self.cursor.word("null")?)
            }
            _ => Err(Unsure),
        }
    }

    fn boolean(&mut self, word: &str, node: &Node) -> Result<(), Unsure> {
        self.cursor.word(word)?;
        let is_taken = node.column.is_none_or(|column| column.takes(Scalar::Bool).is_ok());
        if is_taken && node.options.is_none() { Ok(()) } else { Err(Unsure) }
    }

    fn text(&mut self, node: &Node) -> Result<(), Unsure> {
        let quoted = self.cursor.string()?;
        let text = quoted.text()?;
        let is_option = |options: &super::plan::Options| options.texts.iter().any(|option| **option == *text);
        let is_right = node.options.as_deref().is_none_or(is_option)
            && node.text.as_deref().is_none_or(|rules| rules.take(&text))
            && node.column.is_none_or(|column| column.takes(Scalar::Text(&text)).is_ok());
        if is_right { Ok(()) } else { Err(Unsure) }
    }

    fn number(&mut self, node: &Node) -> Result<(), Unsure> {
        let number = self.cursor.number()?;
        let of_type = if number.is_whole() { Types::INTEGER } else { Types::FRACTION };
        // `-0` is a fraction to some readers.
        let is_certain = is_small(&number) && !(number.is_negative && number.digits == Some(0));
        let is_option = |options: &super::plan::Options| number.as_i64().is_some_and(|value| options.integers.contains(&value));
        let is_right = node.types.has(of_type)
            && is_certain
            && node.options.as_deref().is_none_or(is_option)
            && node.number.as_deref().is_none_or(|rules| rules.take(&number))
            && node.column.is_none_or(|column| column.takes(Scalar::Number(&number)).is_ok());
        if is_right { Ok(()) } else { Err(Unsure) }
    }

    fn list(&mut self, rules: Option<&'p ListRules>, depth: u32) -> Result<(), Unsure> {
        let Some(rules) = rules else { return self.skip(depth) };
        self.cursor.step();
        let (mut n_items, mut goes) = (0, true);
        let mut ranges = Vec::new();
        if self.cursor.next_sign() == b']' {
            self.cursor.step();
            goes = false;
        }
        while goes {
            self.cursor.space();
            let start = self.cursor.at();
            self.value(rules.items, depth + 1)?;
            n_items += 1;
            if rules.is_unique {
                ranges.push(start..self.cursor.at());
            }
            goes = goes_on(&mut self.cursor, b']')?;
        }
        let is_in_bounds = n_items >= rules.min_items && rules.max_items.is_none_or(|most| n_items <= most);
        let texts: Vec<&str> = ranges.into_iter().map(|range| self.cursor.slice(range)).collect();
        if is_in_bounds && are_unique(&texts) { Ok(()) } else { Err(Unsure) }
    }

    fn map(&mut self, rules: Option<&'p MapRules>, depth: u32) -> Result<(), Unsure> {
        let Some(rules) = rules else { return self.skip(depth) };
        self.cursor.step();
        let mut seen: u128 = 0;
        let mut slot = rules.first_slot;
        let mut goes = true;
        if self.cursor.next_sign() == b'}' {
            self.cursor.step();
            goes = false;
        }
        while goes {
            self.cursor.space();
            match self.next_key(rules, slot)? {
                Ok((index, node)) => {
                    if seen >> index & 1 == 1 {
                        return Err(Unsure);
                    }
                    seen |= 1 << index;
                    slot = rules.first_slot + 1 + usize::from(index);
                    self.value(node, depth + 1)?;
                }
                Err(name) => self.unknown(rules, name, depth)?,
            }
            goes = goes_on(&mut self.cursor, b'}')?;
        }
        if rules.required & !seen == 0 { Ok(()) } else { Err(Unsure) }
    }

    /// Reads a key and its colon; the name of one that is not listed comes back. Most records have theirs in one order,
    /// so that the key which came behind the last one before is looked for first.
    fn next_key(&mut self, rules: &MapRules, slot: usize) -> Result<Result<(u16, NodeId), &'a str>, Unsure> {
        let follows = self.memory.follows.get_mut(slot).ok_or(Unsure)?;
        if let Some(key) = rules.keys.get(usize::from(*follows))
            && key.written.as_ref().is_some_and(|written| self.cursor.skip_over(written))
        {
            return Ok(Ok((*follows, key.node)));
        }
        let key = self.cursor.string()?;
        if key.has_escapes {
            return Err(Unsure);
        }
        self.cursor.sign(b':')?;
        let Some(index) = rules.index.get(key.raw) else { return Ok(Err(key.raw)) };
        *follows = *index;
        let key = rules.keys.get(usize::from(*index)).ok_or(Unsure)?;
        Ok(Ok((*index, key.node)))
    }

    fn unknown(&mut self, rules: &'p MapRules, name: &str, depth: u32) -> Result<(), Unsure> {
        match &rules.rest {
            Rest::Refused => Err(Unsure),
            Rest::Free(node) => self.value(*node, depth + 1),
            Rest::Ignored { columns, .. } if columns.contains(&*folded(name)) => Err(Unsure),
            Rest::Ignored { node, .. } => self.value(*node, depth + 1),
        }
    }

    /// Goes over a list or map of which nothing is asked.
    fn skip(&mut self, depth: u32) -> Result<(), Unsure> {
        if depth > MAX_DEPTH {
            return Err(Unsure);
        }
        let is_map = self.cursor.peek() == b'{';
        let end = if is_map { b'}' } else { b']' };
        self.cursor.step();
        if self.cursor.next_sign() == end {
            self.cursor.step();
            return Ok(());
        }
        loop {
            if is_map {
                self.cursor.space();
                // Keys that come twice are somebody else's business only when their escapes are right.
                self.cursor.string()?.text()?;
                self.cursor.sign(b':')?;
            }
            self.anything(depth + 1)?;
            if !goes_on(&mut self.cursor, end)? {
                return Ok(());
            }
        }
    }

    fn anything(&mut self, depth: u32) -> Result<(), Unsure> {
        match self.cursor.next_sign() {
            b'"' => self.cursor.string()?.text().map(|_| ()).map_err(Unsure::from),
            b'{' | b'[' => self.skip(depth),
            b't' => Ok(self.cursor.word("true")?),
            b'f' => Ok(self.cursor.word("false")?),
            b'n' => Ok(self.cursor.word("null")?),
            _ => {
                let number = self.cursor.number()?;
                if is_small(&number) { Ok(()) } else { Err(Unsure) }
            }
        }
    }
}

/// Whether every reader can hold the number.
fn is_small(number: &Number<'_>) -> bool {
    number.text.len() <= 40 && number.exponent.is_none_or(|exponent| exponent.unsigned_abs() < 100)
}

/// Whether items are certainly different: plain strings that are written differently are.
fn are_unique(items: &[&str]) -> bool {
    let is_plain = |item: &&str| item.starts_with('"') && !item.contains('\\');
    let differs = |(at, item): (usize, &&str)| items.iter().take(at).all(|other| other != item);
    items.len() < 2 || (items.len() <= MAX_UNIQUE && items.iter().all(is_plain) && items.iter().enumerate().all(differs))
}

impl TextRules {
    fn take(&self, text: &str) -> bool {
        self.has_length(text)
            && self.pattern.as_ref().is_none_or(|pattern| pattern.matches(text))
            && self.format.is_none_or(|format| format(text))
            && (self.engines.is_empty() || {
                let value = Value::String(text.to_owned());
                self.engines.iter().all(|engine| engine.is_valid(&value))
            })
    }

    /// Lengths count characters; there are no more of them than bytes.
    fn has_length(&self, text: &str) -> bool {
        let is_short = self.max_length.is_none_or(|most| text.len() <= most);
        if is_short && self.min_length == 0 {
            return true;
        }
        let length = text.chars().count();
        length >= self.min_length && self.max_length.is_none_or(|most| length <= most)
    }
}

impl NumberRules {
    fn take(&self, number: &Number<'_>) -> bool {
        self.limits.iter().all(|(bound, limit)| is_within(number, *bound, *limit))
            && (self.engines.is_empty() || {
                let value = serde_json::from_str::<Value>(number.text);
                value.is_ok_and(|value| self.engines.iter().all(|engine| engine.is_valid(&value)))
            })
    }
}

/// Doubles are compared only where they are exact.
fn is_within(number: &Number<'_>, bound: Bound, limit: Limit) -> bool {
    let ordering = match (number.as_i64(), limit) {
        (Some(value), Limit::Integer(limit)) => Some(value.cmp(&limit)),
        (None, Limit::Integer(limit)) => exact(limit).and_then(|limit| number.as_exact_f64()?.partial_cmp(&limit)),
        (_, Limit::Float(limit)) => number.as_exact_f64().and_then(|value| value.partial_cmp(&limit)),
    };
    ordering.is_some_and(|ordering| match bound {
        Bound::Least => ordering.is_ge(),
        Bound::Above => ordering.is_gt(),
        Bound::Most => ordering.is_le(),
        Bound::Below => ordering.is_lt(),
    })
}

/// Up to 2^53 every integer is a double.
fn exact(integer: i64) -> Option<f64> {
    (integer.unsigned_abs() <= 1 << 53).then_some(integer as f64)
}
