//! What two schemas are said to lose is what records show; and schemas in which a record is lost are not said to lose none.

use super::super::compatibility::{Loss, Verdict, losses};
use super::super::engine;
use super::agreement::{DRAFTS, NAMES, record, scalars, schema};
use super::dice::Dice;
use serde_json::{Map, Value, json};

/// `field class: witness`, one loss a line.
fn said(from: &Value, to: &Value) -> Vec<String> {
    losses(from, to).iter().map(line).collect()
}

fn line(loss: &Loss) -> String {
    let verdict = match &loss.verdict {
        Verdict::Breaking(record) => record.to_string(),
        Verdict::Unknown(why) => format!("unknown: {why}"),
    };
    format!("{} {:?} {}: {verdict}", loss.field, loss.class, loss.to)
}

fn order() -> Value {
    json!({
        "type": "object",
        "required": ["id", "amount"],
        "additionalProperties": false,
        "properties": {
            "id": { "type": "string", "pattern": "^[A-Z]{2}[0-9]{4}$", "examples": ["AB1234"] },
            "amount": { "type": ["number", "null"], "minimum": 0 },
            "status": { "enum": ["open", "paid", "void"] },
            "day": { "type": "string", "format": "date" },
            "tags": { "type": "array", "items": { "type": "string", "maxLength": 10 } },
            "address": { "$ref": "#/$defs/address" },
        },
        "$defs": { "address": { "type": "object", "properties": { "zip": { "type": ["string", "integer"] } } } },
    })
}

/// The schema of orders with one thing changed.
fn changed(pointer: &str, value: Value) -> Value {
    let mut schema = order();
    let (above, key) = pointer.rsplit_once('/').expect("a pointer");
    let above = schema.pointer_mut(above).and_then(Value::as_object_mut).expect("a map");
    if value.is_null() {
        above.remove(key)
    } else {
        above.insert(key.to_owned(), value)
    };
    schema
}

#[track_caller]
fn narrowed(pointer: &str, value: Value, expected: &[&str]) {
    assert_eq!(said(&order(), &changed(pointer, value)), expected);
}

#[test]
fn a_loss_comes_with_a_record_that_shows_it() {
    let properties = "/properties";
    narrowed(
        "/properties/status",
        Value::Null,
        &[r#"status RemovedField /additionalProperties: {"amount":1,"id":"AB1234","status":"open"}"#],
    );
    narrowed(
        &format!("{properties}/amount/type"),
        json!("number"),
        &[r#"amount Type /properties/amount/type: {"amount":null,"id":"AB1234"}"#],
    );
    narrowed(
        &format!("{properties}/amount/type"),
        json!(["integer", "null"]),
        &[r#"amount Type /properties/amount/type: {"amount":1.5,"id":"AB1234"}"#],
    );
    narrowed(
        &format!("{properties}/amount/minimum"),
        json!(1),
        &[r#"amount Limit /properties/amount/minimum: {"amount":0,"id":"AB1234"}"#],
    );
    narrowed("/required", json!(["id", "amount", "day"]), &[r#"day NewlyRequired /required/2: {"amount":1,"id":"AB1234"}"#]);
    narrowed(
        "/properties/status/enum",
        json!(["open", "paid"]),
        &[r#"status Values /properties/status/enum: {"amount":1,"id":"AB1234","status":"void"}"#],
    );
    narrowed(
        "/properties/day/format",
        json!("date-time"),
        &[r#"day Format /properties/day/format: {"amount":1,"day":"2026-08-01","id":"AB1234"}"#],
    );
    narrowed(
        "/properties/tags/items/maxLength",
        json!(5),
        &[r#"tags[] Limit /properties/tags/items/maxLength: {"amount":1,"id":"AB1234","tags":["Text 1"]}"#],
    );
    narrowed(
        "/$defs/address/properties/zip/type",
        json!("string"),
        &[r#"address.zip Type /$defs/address/properties/zip/type: {"address":{"zip":1},"amount":1,"id":"AB1234"}"#],
    );
    narrowed(
        "/$defs/address/additionalProperties",
        json!(false),
        &[
            r#"address.* UnlistedKeys /$defs/address/additionalProperties: {"address":{"anything":"text"},"amount":1,"id":"AB1234"}"#,
        ],
    );
}

#[test]
fn a_record_shows_the_limit_that_it_is_shown_for() {
    let amount = |limits: &Value| {
        let mut amount = json!({ "type": "number", "minimum": 0, "maximum": 100 });
        let (own, limits) = (amount.as_object_mut().expect("a map"), limits.as_object().expect("a map").clone());
        own.extend(limits);
        json!({ "type": "object", "required": ["n"], "properties": { "n": amount } })
    };
    assert_eq!(
        said(&amount(&json!({})), &amount(&json!({ "minimum": 10, "maximum": 20, "multipleOf": 5 }))),
        [
            r#"n Limit /properties/n/maximum: {"n":100}"#,
            r#"n Limit /properties/n/minimum: {"n":1}"#,
            r#"n Limit /properties/n/multipleOf: {"n":1}"#,
        ]
    );
}

#[test]
fn what_allows_more_loses_nothing() {
    for (pointer, value) in [
        ("/properties/amount/minimum", json!(-1)),
        ("/properties/amount/minimum", Value::Null),
        ("/properties/id/type", json!(["string", "null"])),
        ("/properties/id/title", json!("The number")),
        ("/properties/status", json!({ "anyOf": [{ "type": "string" }, { "type": "null" }] })),
        ("/properties/day", json!({ "allOf": [{ "type": "string" }, { "format": "date" }] })),
        (
            "/properties/address",
            json!({ "type": "object", "properties": { "zip": { "oneOf": [{ "type": "string" }, { "type": "integer" }] } } }),
        ),
        ("/required", json!(["id"])),
        ("/additionalProperties", json!(true)),
        ("/properties/note", json!({ "type": "string" })),
    ] {
        narrowed(pointer, value, &[]);
    }
}

#[test]
fn where_neither_is_shown_it_is_unknown() {
    narrowed(
        "/properties/id/pattern",
        json!("^[A-Z]{2}[0-9][0-9][0-9][0-9]$"),
        &[
            "id Pattern /properties/id/pattern: unknown: `pattern: \"^[A-Z]{2}[0-9][0-9][0-9][0-9]$\"` was not asked for, and no record shows whether it matters",
        ],
    );
    narrowed(
        "/properties/address",
        json!({ "$ref": "address.json" }),
        &[" Combination : unknown: `address.json` stands elsewhere, and is not followed"],
    );
}

/// A schema and one that somebody made of it.
fn pair(dice: &mut Dice, draft: &str) -> (Value, Value) {
    let mut base = schema(dice, 3);
    for _ in 0..dice.roll(3) {
        enrich(dice, &mut base, 3);
    }
    let mut head = base.clone();
    for _ in 0..=dice.roll(3) {
        edit(dice, &mut head, 3);
    }
    if dice.chance(15) {
        head = schema(dice, 3);
    }
    let one = schema(dice, 1);
    for schema in [&mut base, &mut head] {
        if let Value::Object(keywords) = schema {
            let changed = if dice.chance(80) { one.clone() } else { self::schema(dice, 1) };
            keywords.insert("$schema".to_owned(), draft.into());
            keywords.insert("definitions".to_owned(), json!({ "one": changed, "two": { "type": "string" } }));
        }
    }
    (base, head)
}

/// Adds a keyword that other tests do not make up.
fn enrich(dice: &mut Dice, schema: &mut Value, depth: usize) {
    let Some(keywords) = some_part(dice, schema, depth) else { return };
    let further: [(&str, Value); 14] = [
        ("patternProperties", json!({ "^[a-z]$": self::schema(dice, 1), "d": self::schema(dice, 1) })),
        ("patternProperties", json!({ "^[a-z]$": self::schema(dice, 1) })),
        ("prefixItems", json!([self::schema(dice, 1), self::schema(dice, 1)])),
        ("items", json!([self::schema(dice, 1)])),
        ("additionalItems", self::schema(dice, 1)),
        ("minProperties", json!(dice.roll(3))),
        ("maxProperties", json!(dice.roll(3))),
        ("dependencies", json!({ "a": ["b"] })),
        ("contains", self::schema(dice, 1)),
        ("if", self::schema(dice, 1)),
        ("then", self::schema(dice, 1)),
        ("propertyNames", json!({ "maxLength": 1 })),
        ("enum", json!([null, true, "a", "ab", 1, [1], { "a": 1 }])),
        ("anyOf", json!([self::schema(dice, 1), self::schema(dice, 1)])),
    ];
    let (name, value) = dice.one(&further);
    keywords.insert((*name).to_owned(), value.clone());
}

fn edit(dice: &mut Dice, schema: &mut Value, depth: usize) {
    if dice.chance(25) {
        return enrich(dice, schema, depth);
    }
    let Some(keywords) = some_part(dice, schema, depth) else { return };
    let names: Vec<String> = keywords.keys().cloned().collect();
    if !names.is_empty() && dice.chance(60) {
        keywords.remove(dice.one(&names));
    } else if let Value::Object(further) = self::schema(dice, 1) {
        keywords.extend(further.into_iter().take(1));
    }
}

/// The whole, or a part of it.
fn some_part<'s>(dice: &mut Dice, schema: &'s mut Value, depth: usize) -> Option<&'s mut Map<String, Value>> {
    let keywords = schema.as_object_mut()?;
    if depth == 0 || dice.chance(40) {
        return Some(keywords);
    }
    let name = *dice.one(&["properties", "properties", "items", "anyOf", "additionalProperties"]);
    match keywords.get(name) {
        Some(Value::Object(_)) if name == "properties" => {
            let property = *dice.one(&NAMES);
            some_part(dice, keywords.get_mut(name)?.get_mut(property)?, depth - 1)
        }
        Some(Value::Array(_)) => some_part(dice, keywords.get_mut(name)?.get_mut(0)?, depth - 1),
        Some(Value::Object(_)) => some_part(dice, keywords.get_mut(name)?, depth - 1),
        _ => Some(keywords),
    }
}

#[test]
fn verdicts_agree_with_records() {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let scalars = scalars();
    let (mut n_pairs, mut n_compatible, mut n_breaking, mut n_unknown, mut n_missed, mut n_accepted) = (0, 0, 0, 0, 0, 0);
    for n in 0..700 {
        let (base, head) = pair(&mut dice, DRAFTS[n % DRAFTS.len()]);
        let (Ok(before), Ok(after)) = (engine(&base), engine(&head)) else { continue };
        let losses = losses(&base, &head);
        n_pairs += 1;
        for loss in &losses {
            match &loss.verdict {
                Verdict::Breaking(record) => {
                    assert!(before.is_valid(record) && !after.is_valid(record), "{base}\n{head}\n{record}");
                    n_breaking += 1;
                }
                Verdict::Unknown(_) => n_unknown += 1,
            }
        }
        let is_shown = losses.iter().any(|loss| matches!(loss.verdict, Verdict::Breaking(_)));
        let records = (0..60).filter_map(|_| serde_json::from_str::<Value>(&record(&mut dice, 3, &scalars)).ok());
        let accepted: Vec<Value> = records.filter(|record| before.is_valid(record)).collect();
        let lost = accepted.iter().find(|record| !after.is_valid(record));
        if losses.is_empty() {
            assert_eq!(lost, None, "{base}\n{head}");
            n_compatible += 1;
            n_accepted += accepted.len();
        } else if !is_shown && lost.is_some() {
            n_missed += 1;
        }
    }
    assert!(n_compatible > 300 && n_accepted > 3_000, "{n_compatible} of {n_pairs} pairs, {n_accepted} records");
    assert!(
        n_breaking > 3 * n_unknown && n_missed < 15,
        "{n_breaking} shown, {n_unknown} unknown, {n_missed} with a record that chance found"
    );
}
