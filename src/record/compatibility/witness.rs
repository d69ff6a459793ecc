//! Builds a record that shows a loss: the value that is refused, within no more than the record has to hold besides.
//! What it gives was accepted by `from` and refused by `to`; the `jsonschema` crate was asked.

use super::Class;
use super::proof::{Failure, Into, Step};
use super::sample::Sampler;
use super::schema::Schema;
use super::text::of_pattern;
use serde_json::{Map, Value};

/// So many values are tried at their place in a record.
const MAX_RECORDS: usize = 40;

/// Names of keys that nobody lists.
const ANY_KEYS: [&str; 3] = ["anything", "other", "x"];

pub(super) fn find<'a>(sampler: &Sampler<'a>, to: &Schema, failure: &Failure<'a>) -> Option<Value> {
    let mut values = sampler.pool(&failure.case.parts, Some(failure.to.value), 0);
    values.retain(|value| sampler.is_taken(&failure.case.parts, value) && shows(to, failure, value));
    let records = values.into_iter().take(MAX_RECORDS).flat_map(|value| records(sampler, &failure.way, value));
    records.into_iter().find(|record| sampler.schema.is_valid(record) && !to.is_valid(record))
}

/// Whether the value is refused, and for the very keyword where one sets a limit.
fn shows(to: &Schema, failure: &Failure<'_>, value: &Value) -> bool {
    match (failure.class, failure.to_pointer.rsplit_once('/')) {
        (Class::Limit | Class::Pattern | Class::Format, Some((place, keyword))) if place == failure.to.place() => {
            to.refuses_for(&failure.to, keyword, value) != Some(false)
        }
        _ => to.accepts(&failure.to, value) != Some(true),
    }
}

/// Records that hold a value where the way leads.
fn records<'a>(sampler: &Sampler<'a>, way: &[Step<'a>], value: Value) -> Vec<Value> {
    let within =
        |values: Vec<Value>, step: &Step<'a>| values.into_iter().flat_map(|value| around(sampler, step, value)).collect();
    way.iter().rev().fold(vec![value], within)
}

fn around<'a>(sampler: &Sampler<'a>, step: &Step<'a>, value: Value) -> Vec<Value> {
    match step.into {
        Into::Key(name) => record(sampler, step, name, value).into_iter().collect(),
        Into::AnyKey(Some(pattern)) => {
            of_pattern(pattern, 0).and_then(|name| record(sampler, step, &name, value)).into_iter().collect()
        }
        Into::AnyKey(None) => ANY_KEYS.into_iter().filter_map(|name| record(sampler, step, name, value.clone())).collect(),
        Into::Item(at) => list(sampler, step, at, value).into_iter().collect(),
    }
}

fn record<'a>(sampler: &Sampler<'a>, step: &Step<'a>, name: &str, value: Value) -> Option<Value> {
    let mut record: Map<String, Value> = sampler.record(&step.case, &[], 0)?;
    record.insert(name.to_owned(), value);
    Some(record.into())
}

fn list<'a>(sampler: &Sampler<'a>, step: &Step<'a>, at: usize, value: Value) -> Option<Value> {
    let item = |at: usize| sampler.one(&step.case.item(at), 0);
    let mut items: Vec<Value> = (0..at).map(item).collect::<Option<_>>()?;
    items.push(value);
    let least = step.case.parts.iter().filter_map(|part| part.value.get("minItems")?.as_u64()).max().unwrap_or(0);
    let least = usize::try_from(least).ok().filter(|least| *least <= 1_000)?;
    let further = step.case.item(items.len());
    let pool = if items.len() < least { sampler.pool(&further, None, 0) } else { Vec::new() };
    let mut pool = pool.into_iter().filter(|value| sampler.is_taken(&further, value));
    while items.len() < least {
        let next = pool.find(|value| !items.contains(value)).or_else(|| items.last().cloned())?;
        items.push(next);
    }
    Some(items.into())
}
