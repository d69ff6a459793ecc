//! The fast pass is right only where the `jsonschema` crate says so too, and it decides most of what it should.

use super::super::fast::{Memory, is_right};
use super::super::{Checker, Origin, Rules, Tally, engine};
use super::dice::Dice;
use serde_json::{Map, Value, json};

pub(super) const DRAFTS: [&str; 5] = [
    "http://json-schema.org/draft-04/schema#",
    "http://json-schema.org/draft-06/schema#",
    "http://json-schema.org/draft-07/schema#",
    "https://json-schema.org/draft/2019-09/schema",
    "https://json-schema.org/draft/2020-12/schema",
];

pub(super) const NAMES: [&str; 6] = ["a", "b", "A", "id", "é", "x y"];

/// Values on both sides of every limit below.
pub(super) fn scalars() -> Vec<&'static str> {
    vec![
        "null",
        "true",
        "false",
        "0",
        "1",
        "-1",
        "2",
        "3",
        "10",
        "1.0",
        "2.5",
        "-0.5",
        "1e2",
        "1E-2",
        "0.1",
        "100",
        "9007199254740993",
        "18446744073709551615",
        "18446744073709551616",
        "-0",
        "0.30000000000000004",
        "1e400",
        "123456789012345678901234567890",
        "\"\"",
        "\"a\"",
        "\"ab\"",
        "\"abc\"",
        "\"AB12\"",
        "\"é\"",
        "\"éé\"",
        "\"\\u00e9\"",
        "\"a\\nb\"",
        "\"2026-08-03\"",
        "\"2026-02-30\"",
        "\"2026-8-3\"",
        "\"2026-08-03T11:01:17Z\"",
        "\"2026-08-03t11:01:17.5+02:00\"",
        "\"2026-08-03T23:59:60Z\"",
        "\"2026-08-03 11:01:17Z\"",
        "\"11:01:17Z\"",
        "\"11:01:17-05:30\"",
        "\"11:01:17\"",
        "\"24:00:00Z\"",
        "\"0000-01-01\"",
        "\"a@example.com\"",
        "\"1.2.3.4\"",
        "\"123e4567-e89b-12d3-a456-426614174000\"",
        "\"\\ud800\"",
        "\"https://example.com/\"",
        "\"12345678\"",
    ]
}

fn scalar_schema(dice: &mut Dice) -> Map<String, Value> {
    let mut schema = Map::new();
    let keywords: &[(&str, Value)] = &[
        ("minimum", json!(1)),
        ("maximum", json!(2.5)),
        ("exclusiveMinimum", json!(0)),
        ("exclusiveMaximum", json!(10)),
        ("multipleOf", json!(0.5)),
        ("minLength", json!(2)),
        ("maxLength", json!(3)),
        ("pattern", json!("^[a-z]{1,3}$")),
        ("pattern", json!("^\\d+$")),
        ("pattern", json!("b")),
        ("pattern", json!("^(?=a).*$")),
        ("format", json!("date")),
        ("format", json!("date-time")),
        ("format", json!("time")),
        ("format", json!("email")),
        ("format", json!("uuid")),
        ("format", json!("nobody-knows")),
        ("enum", json!(["a", 1, null, "2026-08-03"])),
        ("enum", json!([1.0, true, [], {}])),
        ("const", json!("ab")),
        ("const", json!(2)),
        ("title", json!("any")),
        ("maxProperties", json!(1)),
        ("contentEncoding", json!("base64")),
    ];
    for _ in 0..dice.roll(3) {
        let (name, value) = dice.one(keywords);
        schema.insert((*name).to_owned(), value.clone());
    }
    schema
}

pub(super) fn schema(dice: &mut Dice, depth: usize) -> Value {
    if dice.chance(4) {
        return Value::Bool(dice.chance(70));
    }
    let mut schema = scalar_schema(dice);
    if dice.chance(60) {
        let types = ["null", "boolean", "integer", "number", "string", "array", "object"];
        let value = if dice.chance(70) { json!(dice.one(&types)) } else { json!([types[dice.roll(3)], types[3 + dice.roll(4)]]) };
        schema.insert("type".to_owned(), value);
    }
    if dice.chance(6) {
        schema.insert("$ref".to_owned(), json!(dice.one(&["#/definitions/one", "#/definitions/two"])));
    }
    if depth > 0 && dice.chance(50) {
        let properties: Map<String, Value> =
            NAMES.iter().take(dice.roll(5)).map(|name| ((*name).to_owned(), self::schema(dice, depth - 1))).collect();
        schema.insert("properties".to_owned(), properties.into());
        if dice.chance(40) {
            schema.insert("required".to_owned(), json!([dice.one(&NAMES)]));
        }
        if dice.chance(40) {
            let value = if dice.chance(50) { json!(false) } else { self::schema(dice, depth - 1) };
            schema.insert("additionalProperties".to_owned(), value);
        }
    }
    if depth > 0 && dice.chance(30) {
        schema.insert("items".to_owned(), self::schema(dice, depth - 1));
        let further = [("minItems", json!(1)), ("maxItems", json!(2)), ("uniqueItems", json!(true))];
        let (name, value) = dice.one(&further);
        schema.insert((*name).to_owned(), value.clone());
    }
    if depth > 0 && dice.chance(20) {
        let name = dice.one(&["anyOf", "allOf", "oneOf", "not"]);
        let branches = [self::schema(dice, depth - 1), json!({ "type": "null" })];
        schema.insert((*name).to_owned(), if *name == "not" { branches[0].clone() } else { json!(branches) });
    }
    schema.into()
}

pub(super) fn record(dice: &mut Dice, depth: usize, scalars: &[&str]) -> String {
    let space = *dice.one(&["", "", " ", "\t"]);
    if depth > 0 && dice.chance(55) {
        let members: Vec<String> = (0..dice.roll(4))
            .map(|_| format!("{space}\"{}\":{space}{}", dice.one(&NAMES), record(dice, depth - 1, scalars)))
            .collect();
        return format!("{{{}{space}}}", members.join(","));
    }
    if depth > 0 && dice.chance(30) {
        let items: Vec<String> = (0..dice.roll(4)).map(|_| record(dice, depth - 1, scalars)).collect();
        return format!("[{space}{}]", items.join(","));
    }
    (*dice.one(scalars)).to_owned()
}

#[test]
fn the_verdict_is_that_of_the_crate() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let scalars = scalars();
    let (mut n_schemas, mut n_fast, mut n_valid, mut n_invalid, mut n_sure) = (0, 0, 0, 0, 0);
    for n in 0..600 {
        let mut schema = schema(&mut dice, 3);
        if let Value::Object(keywords) = &mut schema {
            keywords.insert("$schema".to_owned(), json!(DRAFTS[n % DRAFTS.len()]));
            keywords.insert("definitions".to_owned(), json!({ "one": self::schema(&mut dice, 1), "two": { "type": "string" } }));
        }
        let Ok(crate_s) = engine(&schema) else { continue };
        n_schemas += 1;
        let checker = Checker::new(Rules { schema: Some(schema.clone()), columns: None, ignores_unknown: false });
        n_fast += usize::from(checker.has_fast_pass());
        for _ in 0..40 {
            let text = record(&mut dice, 3, &scalars);
            let expected = serde_json::from_str::<Value>(&text).is_ok_and(|value| crate_s.is_valid(&value));
            let mut tally = Tally::default();
            checker.worker().record(&text, Origin { line: 1, record: 1, offset: 0, ends_text: true }, &mut tally);
            // That a key stands twice is not the schema's word.
            let is_refused = tally.findings().iter().any(|finding| finding.code != "duplicate-key");
            assert_eq!(!is_refused, expected, "{schema}\n{text}\n{:?}", tally.findings());
            n_sure += usize::from(checker.plan.as_ref().is_some_and(|plan| is_right(plan, &mut Memory::new(plan), &text)));
            if expected { n_valid += 1 } else { n_invalid += 1 }
        }
    }
    assert!(n_schemas > 400 && n_fast * 2 > n_schemas, "{n_fast} of {n_schemas} schemas have a fast pass");
    assert!(n_valid > 3_000 && n_invalid > 3_000, "{n_valid} valid, {n_invalid} invalid");
    assert!(n_sure * 2 > n_valid, "the fast pass is sure of {n_sure} of {n_valid} valid records");
}
