//! What a JSON Schema says of plain values: types, ranges, formats, and the values of `enum` and `const`.

use super::read_shape::Place;
use super::shape::{Field, List, Numbers, Record, Rest, Shape, TextFormat, Texts};
use super::{Draft, MAX_DEPTH};
use crate::syntax::{Entry, Value};

/// Every value of the types that `type` lists; of all types without it.
pub(super) fn of_type(place: Place<'_>) -> Shape {
    let Some(kind) = place.get("type") else { return place.anything() };
    let names: Vec<&str> = kind.str().into_iter().chain(place.list("type").filter_map(Place::str)).collect();
    let (all, none) = (place.anything(), place.nothing());
    let has = |name: &str| names.contains(&name);
    Shape {
        null: has("null"),
        boolean: has("boolean"),
        number: all.number.filter(|_| has("number") || has("integer")),
        text: all.text.filter(|_| has("string")),
        list: all.list.filter(|_| has("array")),
        record: all.record.filter(|_| has("object")),
        ..none
    }
}

pub(super) fn numbers(place: Place<'_>) -> Numbers {
    let bound = |keyword: &str| place.get(keyword).and_then(whole);
    let has_type = |name: &str| place.text("type") == Some(name) || place.list("type").any(|item| item.str() == Some(name));
    let is_integer = has_type("integer") && !has_type("number");
    let n_decimals = if is_integer { Some(0) } else { place.get("multipleOf").and_then(n_decimals) };
    let least = [bound("minimum"), bound("exclusiveMinimum")].into_iter().flatten().max();
    let most = [bound("maximum"), bound("exclusiveMaximum")].into_iter().flatten().min();
    Numbers { n_decimals, least, most }
}

/// A bound without its decimals; what is beyond 38 digits stands at the end of all.
fn whole(place: Place<'_>) -> Option<i128> {
    match place.value() {
        Value::Int(number) => Some(i128::from(number)),
        // The cast saturates, which is all that is asked of it.
        Value::Float(number) => Some(number.trunc() as i128),
        Value::Number(text) => {
            let text = place.document.text(text);
            text.parse().ok().or_else(|| text.parse::<f64>().ok().map(|number| number.trunc() as i128))
        }
        _ => None,
    }
}

/// How many decimals the multiples of a number have.
fn n_decimals(place: Place<'_>) -> Option<u32> {
    match place.value() {
        Value::Int(_) => Some(0),
        Value::Float(number) => {
            let written = number.to_string();
            let decimals = written.split_once('.').map_or("", |(_, decimals)| decimals);
            u32::try_from(decimals.len()).ok()
        }
        _ => None,
    }
}

pub(super) fn texts(place: Place<'_>) -> Texts {
    let max_length = match place.get("maxLength").map(Place::value) {
        Some(Value::Int(number)) => u64::try_from(number).ok(),
        _ => None,
    };
    Texts { literals: None, format: place.text("format").and_then(TextFormat::named), max_length }
}

impl TextFormat {
    fn named(name: &str) -> Option<TextFormat> {
        const WORDS: [(&str, &str); 9] = [
            ("duration", "P1D"),
            ("email", "a@example.com"),
            ("idn-email", "a@example.com"),
            ("ipv4", "192.0.2.1"),
            ("ipv6", "2001:db8::1"),
            ("iri", "https://example.com"),
            ("uri", "https://example.com"),
            ("uuid", "f81d4fae-7dec-41d0-a765-00a0c91e6bf6"),
            ("json-pointer", "/a"),
        ];
        match name {
            "date" => Some(TextFormat::Date),
            "date-time" => Some(TextFormat::DateTime),
            "time" => Some(TextFormat::Time),
            _ => WORDS.iter().find(|(word, _)| *word == name).map(|(word, example)| TextFormat::Word(word, example)),
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            TextFormat::Date => "date",
            TextFormat::DateTime => "date-time",
            TextFormat::Time => "time",
            TextFormat::Word(name, _) => name,
        }
    }
}

/// The values of `enum` and `const`, when there are any.
pub(super) fn literals(place: Place<'_>, draft: Draft) -> Option<Shape> {
    let listed = place.get("enum").map(|_| place.list("enum").map(|value| literal(value, 0)).reduce(Shape::or));
    // What a draft does not know says nothing in it.
    let constant = place.get("const").filter(|_| draft != Draft::Draft4).map(|value| literal(value, 0));
    match (listed, constant) {
        (None, constant) => constant,
        (Some(listed), None) => Some(listed.unwrap_or_else(|| place.nothing())),
        (Some(listed), Some(constant)) => Some(listed.unwrap_or_else(|| place.nothing()).and(constant)),
    }
}

/// Exactly this value.
fn literal(place: Place<'_>, depth: usize) -> Shape {
    let none = place.nothing();
    if depth > MAX_DEPTH {
        return place.anything();
    }
    match place.value() {
        Value::Null => Shape { null: true, ..none },
        Value::Bool(_) => Shape { boolean: true, ..none },
        Value::Int(_) | Value::Float(_) | Value::Number(_) => {
            let bound = whole(place);
            let numbers = Numbers { n_decimals: n_decimals(place), least: bound, most: bound };
            Shape { number: Some(Box::new(numbers)), ..none }
        }
        Value::String(text) => {
            let literals = Some(vec![place.document.text(text).into()]);
            Shape { text: Some(Box::new(Texts { literals, ..Texts::default() })), ..none }
        }
        Value::Sequence(items) => {
            let items = place.document.items(items).iter().map(|item| literal(place.at(*item), depth + 1));
            let items = items.reduce(Shape::or);
            Shape { list: Some(Box::new(List { items })), ..none }
        }
        Value::Map(entries) => {
            let field = |entry: &Entry| Field {
                name: place.document.key(entry).into(),
                key_span: entry.key_span,
                required: true,
                description: None,
                classification: None,
                shape: literal(place.at(entry.value), depth + 1),
            };
            let fields = place.document.entries(entries).iter().map(field).collect();
            Shape { record: Some(Box::new(Record { fields, rest: Rest::Refused, needed: Vec::new() })), ..none }
        }
        Value::Expression { .. } => place.unknown("it is computed"),
    }
}
