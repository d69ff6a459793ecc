//! Values that schemas take: what their authors give as examples first, and else the plainest that there is.

use super::case::{Case, Types, cases};
use super::proof::pointers;
use super::schema::{Part, Schema};
use super::text::{of_format, of_pattern};
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::collections::HashMap;

/// Of one schema, no more values than these are tried.
const MAX_VALUES: usize = 60;
const MAX_DEPTH: usize = 6;
/// Of so many schemas of one document values are sought.
const MAX_SCHEMAS: usize = 300;
/// Longer lists and texts are no examples.
const MAX_LENGTH: u64 = 2_000;

/// Makes values for the schemas of one document.
pub(super) struct Sampler<'a> {
    pub(super) schema: &'a Schema,
    /// The value that was found for schemas which hold together; nothing while it is sought.
    found: RefCell<HashMap<Vec<String>, Option<Value>>>,
}

impl<'a> Sampler<'a> {
    pub(super) fn new(schema: &'a Schema) -> Sampler<'a> {
        Sampler { schema, found: RefCell::default() }
    }

    /// A value that all these schemas take.
    pub(super) fn one(&self, parts: &[Part<'a>], depth: usize) -> Option<Value> {
        let key = pointers(parts);
        if let Some(known) = self.found.borrow().get(&key) {
            return known.clone();
        }
        if self.found.borrow().len() >= MAX_SCHEMAS {
            return None;
        }
        // A schema that needs a value of itself has none.
        self.found.borrow_mut().insert(key.clone(), None);
        let value = self.pool(parts, None, depth).into_iter().find(|value| self.is_taken(parts, value));
        self.found.borrow_mut().insert(key, value.clone());
        value
    }

    pub(super) fn is_taken(&self, parts: &[Part<'_>], value: &Value) -> bool {
        parts.iter().all(|part| self.schema.accepts(part, value) != Some(false))
    }

    /// Values that these schemas may take, with some on both sides of the limits of `hint`.
    pub(super) fn pool(&self, parts: &[Part<'a>], hint: Option<&Value>, depth: usize) -> Vec<Value> {
        if depth > MAX_DEPTH {
            return Vec::new();
        }
        let mut values: Vec<Value> = Vec::new();
        for case in cases(self.schema, parts) {
            for value in self.of_case(&case, hint, depth) {
                if values.len() < MAX_VALUES && !values.contains(&value) {
                    values.push(value);
                }
            }
        }
        values
    }

    fn of_case(&self, case: &Case<'a>, hint: Option<&Value>, depth: usize) -> Vec<Value> {
        let mut values = given(case);
        values.extend(case.values().unwrap_or_default());
        let types = case.types();
        let has = |one: Types| !types.and(one).is_empty();
        let limits: Vec<&Value> = case.parts.iter().map(|part| part.value).chain(hint).collect();
        if has(Types::STRING) {
            values.extend(texts(&limits));
        }
        if has(Types::NUMBER) {
            values.extend(numbers(&limits));
        }
        if has(Types::BOOLEAN) {
            values.extend([true.into(), false.into()]);
        }
        if has(Types::NULL) {
            values.push(Value::Null);
        }
        if has(Types::ARRAY) {
            values.extend(self.lists(case, &limits, depth));
        }
        if has(Types::OBJECT) {
            values.extend(self.records(case, depth));
        }
        values
    }

    fn lists(&self, case: &Case<'a>, limits: &[&Value], depth: usize) -> Vec<Value> {
        let counts = around(limits, ["minItems", "maxItems"]);
        let is_sought = counts.iter().any(|count| *count > 1);
        let n_tuple = case.n_tuple();
        let item = |at: usize| self.one(&case.item(at), depth + 1);
        let first: Vec<Value> = (0..=n_tuple).map_while(item).collect();
        let mut lists = vec![Vec::new(), first.clone()];
        let further = if is_sought && depth < 2 { self.pool(&case.item(n_tuple), None, depth + 1) } else { Vec::new() };
        for count in counts.into_iter().filter_map(|count| usize::try_from(count).ok()) {
            let mut list: Vec<Value> = first.iter().take(count).cloned().collect();
            list.extend(further.iter().filter(|value| !first.contains(value)).take(count.saturating_sub(list.len())).cloned());
            let last = list.last().cloned();
            list.extend(std::iter::repeat_n(last, count.saturating_sub(list.len())).flatten());
            lists.push(list);
        }
        let twice = first.first().map(|value| vec![value.clone(), value.clone()]);
        lists.into_iter().chain(twice).map(Value::from).collect()
    }

    fn records(&self, case: &Case<'a>, depth: usize) -> Vec<Value> {
        let Some(least) = self.record(case, &[], depth) else { return Vec::new() };
        let listed: Vec<&str> = case.listed().into_iter().filter(|name| !least.contains_key(*name)).collect();
        let with = |names: &[&str]| self.record(case, names, depth);
        let singles: Vec<Map<String, Value>> = listed.iter().take(20).filter_map(|name| with(&[name])).collect();
        let all = (listed.len() > 1).then(|| with(&listed)).flatten();
        [least].into_iter().chain(singles).chain(all).map(Value::from).collect()
    }

    /// The keys that must be there, and these.
    pub(super) fn record(&self, case: &Case<'a>, with: &[&str], depth: usize) -> Option<Map<String, Value>> {
        let mut record = Map::new();
        for name in case.required().into_iter().chain(with.iter().copied()) {
            let value = self.one(&case.property(name, self.schema), depth + 1)?;
            record.insert(name.to_owned(), value);
        }
        let least = case.parts.iter().filter_map(|part| part.value.get("minProperties")?.as_u64()).max().unwrap_or(0);
        for name in case.listed() {
            if (record.len() as u64) < least && !record.contains_key(name) {
                record.extend(self.one(&case.property(name, self.schema), depth + 1).map(|value| (name.to_owned(), value)));
            }
        }
        Some(record)
    }
}

/// What the authors of the schemas show.
fn given(case: &Case<'_>) -> Vec<Value> {
    let mut values = Vec::new();
    for part in &case.parts {
        values.extend(part.value.get("examples").and_then(Value::as_array).into_iter().flatten().take(5).cloned());
        values.extend(["example", "default"].into_iter().filter_map(|keyword| part.value.get(keyword)).cloned());
    }
    values
}

fn texts(limits: &[&Value]) -> Vec<Value> {
    let text = |keyword: &'static str| limits.iter().filter_map(move |limits| limits.get(keyword)?.as_str());
    let formats = text("format").filter_map(of_format).map(str::to_owned);
    let patterns = text("pattern").flat_map(|pattern| [of_pattern(pattern, 0), of_pattern(pattern, 1)]).flatten();
    let mut texts: Vec<String> = formats.chain(patterns).collect();
    texts.extend(["text", "a", "A1", "1", "Text 1", ""].map(str::to_owned));
    let lengths = around(limits, ["minLength", "maxLength"]);
    for length in lengths.into_iter().filter_map(|length| usize::try_from(length).ok()) {
        let longer = limits.iter().filter_map(|limits| of_pattern(limits.get("pattern")?.as_str()?, u32::try_from(length).ok()?));
        texts.extend(longer.map(|text| text.chars().take(length).collect()));
        texts.push("a".repeat(length));
    }
    texts.into_iter().map(Value::from).collect()
}

/// The limits themselves, and what lies just beyond.
fn around<const N: usize>(limits: &[&Value], keywords: [&str; N]) -> Vec<u64> {
    let said = limits.iter().flat_map(|limits| keywords.iter().filter_map(|keyword| limits.get(*keyword)?.as_u64()));
    let mut counts: Vec<u64> = said.flat_map(|limit| [limit, limit.saturating_sub(1), limit.saturating_add(1)]).collect();
    counts.retain(|count| *count <= MAX_LENGTH);
    counts.sort_unstable();
    counts.dedup();
    counts
}

fn numbers(limits: &[&Value]) -> Vec<Value> {
    let keywords = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
    let said = || limits.iter().flat_map(|limits| keywords.iter().filter_map(|keyword| limits.get(*keyword)));
    let mut values: Vec<Value> = vec![json!(1), json!(0)];
    for limit in said() {
        if let Some(limit) = limit.as_i64() {
            values.extend([Some(limit), limit.checked_sub(1), limit.checked_add(1)].into_iter().flatten().map(Value::from));
        } else if let Some(limit) = limit.as_f64() {
            values.extend([json!(limit), json!(limit - 1.0), json!(limit + 1.0), json!(limit.floor()), json!(limit.ceil())]);
        }
    }
    let between: Vec<Value> = values.iter().filter_map(Value::as_i64).map(|whole| json!(whole as f64 + 0.5)).collect();
    values.extend(between);
    values.extend([json!(0.1), json!(-1), json!(1_000_000)]);
    values
}
