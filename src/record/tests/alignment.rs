//! The columns that a schema implies take every record that the schema allows, and the comparison of both finds nothing.

use super::super::align::align;
use super::super::{Checker, Rules, Tally, engine};
use super::dice::Dice;
use crate::diagnostic::Severity;
use crate::model::Column;
use crate::model::columns::style::Style;
use crate::model::schema::JsonSchema;
use crate::model::schema::columns::{ImpliedColumn, implied_columns};
use crate::model::schema::shape::{Rest, Shape};
use crate::model::table::SchemaFile;
use crate::syntax::json;
use crate::text::{FileId, RepoPath};
use serde_json::{Map, Value, json};

const TEXTS: [&str; 8] = ["", "a", "abc", "12", "Y", "2026-08-03", "true", "1.5"];
const DRAFTS: [&str; 3] = [
    "http://json-schema.org/draft-04/schema#",
    "http://json-schema.org/draft-07/schema#",
    "https://json-schema.org/draft/2020-12/schema",
];

/// A schema of a plain value, or of one that hides what it is.
fn plain(dice: &mut Dice) -> Value {
    dice.one(&[
        json!({ "type": "string" }),
        json!({ "type": ["string", "null"], "maxLength": 3 }),
        json!({ "type": "string", "format": "date" }),
        json!({ "type": "string", "format": "date-time" }),
        json!({ "type": ["null", "string"], "format": "time" }),
        json!({ "format": "date" }),
        json!({ "enum": ["Y", "N"] }),
        json!({ "enum": ["12", 3, null] }),
        json!({ "const": "2026-08-03" }),
        json!({ "type": "string", "enum": ["2026-08-03", ""] }),
        json!({ "type": "integer" }),
        json!({ "type": "integer", "minimum": 0, "maximum": 9_007_199_254_740_993_i64 }),
        json!({ "type": "integer", "maximum": 100_000_000_000_000_000_000_u128.to_string().parse::<serde_json::Number>().ok() }),
        json!({ "type": ["integer", "null"], "minimum": -5, "maximum": 5 }),
        json!({ "type": "number" }),
        json!({ "type": "number", "multipleOf": 0.01 }),
        json!({ "type": "number", "multipleOf": 5 }),
        json!({ "type": "number", "multipleOf": 1e-12 }),
        json!({ "type": "boolean" }),
        json!({ "type": ["boolean", "null"] }),
        json!({ "type": ["integer", "string"] }),
        json!({ "type": ["boolean", "number"] }),
        json!({ "enum": [1, 2.5] }),
        json!({ "$ref": "#/definitions/code" }),
        json!({ "allOf": [{ "$ref": "#/definitions/money" }, { "minimum": 0 }] }),
        json!({ "anyOf": [{ "type": "string", "format": "date" }, { "type": "null" }] }),
        json!({ "oneOf": [{ "type": "integer" }, { "type": "string" }] }),
        json!({}),
        json!(true),
    ])
    .clone()
}

fn value(dice: &mut Dice, depth: usize) -> Value {
    if depth == 0 || dice.chance(55) {
        return plain(dice);
    }
    match dice.roll(8) {
        0 | 1 => json!({ "type": "array", "items": value(dice, depth - 1) }),
        2 => json!({ "type": "object", "additionalProperties": value(dice, depth - 1) }),
        3 => json!({ "type": "object", "patternProperties": { "^x": value(dice, depth - 1) } }),
        4 => json!({ "oneOf": [plain(dice), record(dice, depth - 1, false)] }),
        5 => json!({ "anyOf": [record(dice, depth - 1, false), record(dice, depth - 1, false)] }),
        6 => json!({ "$ref": "#/definitions/node" }),
        _ => record(dice, depth - 1, false),
    }
}

fn record(dice: &mut Dice, depth: usize, is_root: bool) -> Value {
    let names: &[&str] = if is_root { &["a", "b", "c", "d", "é f"] } else { &["a", "b", "A", "x.y", "id"] };
    let n = 1 + dice.roll(if is_root { names.len() } else { 3 });
    let properties: Map<String, Value> = names.iter().take(n).map(|name| ((*name).to_owned(), value(dice, depth))).collect();
    let required: Vec<&str> = names.iter().copied().filter(|_| dice.chance(40)).collect();
    let mut schema = json!({ "type": "object", "properties": properties });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    if dice.chance(15) {
        schema["additionalProperties"] = json!(dice.chance(50));
    }
    if dice.chance(15) {
        schema["allOf"] = json!([{ "properties": { "b": plain(dice) }, "required": ["b"] }]);
    }
    schema
}

/// A value that probably follows the schema; the crate has the last word.
fn sample(dice: &mut Dice, schema: &Value, root: &Value, depth: usize) -> Value {
    let at = |keyword: &str| schema.get(keyword);
    if let Some(target) = at("$ref").and_then(Value::as_str).and_then(|text| root.pointer(text.trim_start_matches('#'))) {
        return if depth == 0 { json!({}) } else { sample(dice, target, root, depth - 1) };
    }
    if let Some(values) = at("enum").and_then(Value::as_array) {
        return dice.one(values).clone();
    }
    if let Some(value) = at("const") {
        return value.clone();
    }
    for keyword in ["anyOf", "oneOf"] {
        if let Some(branches) = at(keyword).and_then(Value::as_array) {
            let branch = dice.one(branches).clone();
            return sample(dice, &branch, root, depth);
        }
    }
    if let (Some(parts), None) = (at("allOf").and_then(Value::as_array), at("properties")) {
        return sample(dice, &parts[0], root, depth);
    }
    let named = at("type").map(|kind| kind.as_array().cloned().unwrap_or_else(|| vec![kind.clone()]));
    let any: &[&str] = match (at("format"), at("properties")) {
        // What says something of one type only is taken to mean that type.
        (Some(_), _) => &["string"],
        (None, Some(_)) => &["object"],
        (None, None) => &["null", "boolean", "integer", "number", "string"],
    };
    match dice.one(&named.unwrap_or_else(|| any.iter().map(|name| json!(name)).collect())).as_str().expect("types are names") {
        "null" => Value::Null,
        "boolean" => json!(dice.chance(50)),
        "integer" => whole(dice, schema),
        "number" => fraction(dice, schema),
        "string" => text(dice, schema),
        "array" => {
            let items = at("items").cloned().unwrap_or(json!({}));
            (0..dice.roll(3)).map(|_| sample(dice, &items, root, depth.saturating_sub(1))).collect()
        }
        _ => members(dice, schema, root, depth),
    }
}

fn whole(dice: &mut Dice, schema: &Value) -> Value {
    let bounds = ["minimum", "maximum"].map(|keyword| schema.get(keyword).cloned());
    let mut values: Vec<Value> = bounds.into_iter().flatten().collect();
    values.extend([json!(0), json!(1), json!(9_007_199_254_740_991_i64), json!(-3)]);
    dice.one(&values).clone()
}

fn fraction(dice: &mut Dice, schema: &Value) -> Value {
    match schema.get("multipleOf").and_then(Value::as_f64) {
        Some(step) => json!(step * 3.0),
        None => dice.one(&[json!(0.5), json!(1e300), json!(-7), json!(0.1)]).clone(),
    }
}

fn text(dice: &mut Dice, schema: &Value) -> Value {
    json!(match schema.get("format").and_then(Value::as_str) {
        Some("date") => "2024-02-29",
        Some("date-time") => *dice.one(&["2026-08-03T11:01:17Z", "2026-08-03T11:01:17.5+02:00"]),
        Some("time") => "11:01:17Z",
        _ => *dice.one(&TEXTS),
    })
}

fn members(dice: &mut Dice, schema: &Value, root: &Value, depth: usize) -> Value {
    let mut members = Map::new();
    let parts = schema.get("allOf").and_then(Value::as_array).cloned().unwrap_or_default();
    for part in std::iter::once(schema).chain(&parts) {
        for (name, property) in part.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let is_required = part["required"].as_array().is_some_and(|required| required.contains(&json!(name)));
            if is_required || dice.chance(60) {
                members.insert(name.clone(), sample(dice, property, root, depth.saturating_sub(1)));
            }
        }
    }
    let free =
        schema.pointer("/patternProperties/^x").or_else(|| schema.get("additionalProperties").filter(|rest| rest.is_object()));
    if let Some(rest) = free {
        members.insert("x free.key".to_owned(), sample(dice, rest, root, depth.saturating_sub(1)));
    }
    Value::Object(members)
}

/// The columns as they are written in a file, in one style or another, and read back.
fn written(columns: &[ImpliedColumn], dice: &mut Dice) -> Vec<Column> {
    let style = Style {
        is_one_line: dice.chance(50),
        is_compact: dice.chance(50),
        writes_nullable: dice.chance(50),
        keys: ["type", "mode", "name"].map(str::to_owned).to_vec(),
        ..Style::default()
    };
    let text = style.list(columns, "");
    let parsed = json::parse(FileId::from_index(0), &text.as_str().into());
    assert_eq!(parsed.problems, [], "{text}");
    let SchemaFile { columns, problems } = SchemaFile::read(&parsed.document, parsed.document.roots[0]);
    assert_eq!(problems, [], "{text}");
    columns
}

fn shape_of(schema: &Value) -> Shape {
    let document = json::parse(FileId::from_index(0), &schema.to_string().as_str().into()).document;
    JsonSchema::read(RepoPath::new("a.schema.json").expect("a plain path"), &document, document.roots[0]).shape
}

#[test]
fn every_record_that_a_schema_allows_goes_into_the_columns_that_it_implies() {
    let mut dice = Dice(0x1234_5678_9abc_def1);
    let (mut n_records, mut n_typed, mut n_json) = (0, 0, 0);
    for n in 0..1_500 {
        let mut schema = record(&mut dice, 3, true);
        schema["$schema"] = json!(DRAFTS[n % DRAFTS.len()]);
        schema["definitions"] = json!({
            "code": { "type": "string", "maxLength": 3 },
            "money": { "type": "number", "multipleOf": 0.01 },
            "node": { "type": "object", "properties": { "id": { "type": "integer" }, "next": { "$ref": "#/definitions/node" } } },
        });
        let shape = shape_of(&schema);
        let columns = written(&implied_columns(&shape), &mut dice);
        let is_open = shape.record.as_ref().is_some_and(|record| matches!(record.rest, Rest::Allowed(_)));
        let alignment = align(&shape, &columns, is_open);
        assert!(alignment.misfits.is_empty() && alignment.open.is_empty(), "{schema}\n{columns:#?}\n{alignment:#?}");
        n_json += columns.iter().filter(|column| column.data_type == "JSON").count();
        n_typed += columns.iter().filter(|column| column.data_type != "JSON").count();
        // Draft 4 has no schema `true`.
        let Ok(crate_s) = engine(&schema) else { continue };
        let of_table = Checker::new(Rules { schema: None, columns: Some(columns.clone()), ignores_unknown: is_open });
        for _ in 0..20 {
            let record = sample(&mut dice, &schema, &schema, 6);
            if crate_s.is_valid(&record) {
                n_records += 1;
                let tally: Tally = of_table.check(record.to_string().as_bytes());
                let findings = tally.findings();
                let refused = findings.iter().find(|finding| finding.severity() == Severity::Error);
                assert!(refused.is_none(), "{schema}\n{record}\n{columns:#?}\n{refused:#?}");
            }
        }
    }
    assert!(n_records > 7_000 && n_typed > n_json, "{n_records} records, {n_typed} typed columns, {n_json} of JSON");
}
