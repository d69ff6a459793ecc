//! Schemas in, the columns that they imply out.

use super::JsonSchema;
use super::columns::{ImpliedColumn, implied_columns};
use crate::model::table::Mode;
use crate::syntax::json;
use crate::text::{FileId, RepoPath};

/// `name TYPE MODE`, fields of a record behind `>`; a mode that is not NULLABLE is shown.
fn shown(columns: &[ImpliedColumn], indent: &str) -> String {
    let line = |column: &ImpliedColumn| {
        let mode = match column.mode {
            Mode::Nullable => "",
            Mode::Required => " REQUIRED",
            Mode::Repeated => " REPEATED",
        };
        let below = shown(&column.fields, &format!("{indent}> "));
        format!("{indent}{} {}{mode}\n{below}", column.name, column.data_type)
    };
    columns.iter().map(line).collect()
}

fn columns(schema: &str) -> String {
    let document = json::parse(FileId::from_index(0), &schema.into()).document;
    let schema = JsonSchema::read(RepoPath::new("a.schema.json").expect("a plain path"), &document, document.roots[0]);
    shown(&implied_columns(&schema.shape), "")
}

/// The column of one property.
fn column(property: &str) -> String {
    columns(&format!(r#"{{ "properties": {{ "a": {property} }} }}"#)).trim_start_matches("a ").trim_end().to_owned()
}

#[test]
fn plain_values() {
    let cases = [
        (r#"{ "type": "string" }"#, "STRING"),
        (r#"{ "type": "string", "format": "date" }"#, "DATE"),
        (r#"{ "type": "string", "format": "date-time" }"#, "TIMESTAMP"),
        (r#"{ "type": "string", "format": "time" }"#, "STRING"),
        (r#"{ "type": ["string", "null"], "format": "date" }"#, "DATE"),
        (r#"{ "format": "date" }"#, "DATE"),
        (r#"{ "type": "boolean" }"#, "BOOL"),
        (r#"{ "enum": [true, false] }"#, "BOOL"),
        (r#"{ "enum": ["a", "b"] }"#, "STRING"),
        (r#"{ "enum": ["a", 1] }"#, "STRING"),
        (r#"{ "const": 5 }"#, "INT64"),
        (r#"{ "type": ["integer", "string"] }"#, "STRING"),
        (r#"{}"#, "JSON"),
        (r#"true"#, "JSON"),
    ];
    for (property, expected) in cases {
        assert_eq!(column(property), expected, "{property}");
    }
}

#[test]
fn numbers_take_the_digits_that_they_need() {
    let cases = [
        (r#"{ "type": "integer" }"#, "INT64"),
        (r#"{ "type": "integer", "maximum": 9223372036854775807 }"#, "INT64"),
        (r#"{ "type": "integer", "maximum": 9223372036854775808 }"#, "NUMERIC"),
        (r#"{ "type": "integer", "minimum": -1e30 }"#, "BIGNUMERIC"),
        (r#"{ "type": "integer", "maximum": 1e60 }"#, "STRING"),
        (r#"{ "type": "number" }"#, "FLOAT64"),
        (r#"{ "type": "number", "multipleOf": 1 }"#, "INT64"),
        (r#"{ "type": "number", "multipleOf": 0.01 }"#, "NUMERIC"),
        (r#"{ "type": "number", "multipleOf": 1e-12 }"#, "BIGNUMERIC"),
        (r#"{ "type": ["integer", "number"] }"#, "FLOAT64"),
    ];
    for (property, expected) in cases {
        assert_eq!(column(property), expected, "{property}");
    }
}

#[test]
fn lists_and_records() {
    let cases = [
        (r#"{ "type": "array", "items": { "type": "string" } }"#, "STRING REPEATED"),
        (r#"{ "items": { "type": "string" } }"#, "STRING REPEATED"),
        (r#"{ "type": "array" }"#, "JSON"),
        (r#"{ "type": "array", "items": { "type": ["string", "null"] } }"#, "JSON"),
        (r#"{ "type": "array", "items": { "type": "array", "items": { "type": "string" } } }"#, "JSON"),
        (
            r#"{ "type": "array", "prefixItems": [{ "type": "string" }, { "type": "integer" }], "items": false }"#,
            "STRING REPEATED",
        ),
        (r#"{ "type": "object" }"#, "JSON"),
        (r#"{ "type": "object", "additionalProperties": { "type": "string" } }"#, "JSON"),
        (r#"{ "type": "object", "patternProperties": { "^x": {} } }"#, "JSON"),
        (r#"{ "oneOf": [{ "type": "string" }, { "type": "object", "properties": { "b": {} } }] }"#, "JSON"),
        (r#"{ "properties": { "b": { "type": "string" }, "B": { "type": "string" } } }"#, "JSON"),
        (r#"{ "properties": { "b.c": { "type": "string" } } }"#, "JSON"),
        (r#"{ "properties": { "b": { "type": "integer" } }, "required": ["b"] }"#, "STRUCT\n> b INT64 REQUIRED"),
        (r#"{ "type": "array", "items": { "properties": { "b": { "type": "integer" } } } }"#, "STRUCT REPEATED\n> b INT64"),
        (r#"{ "not": { "type": "string" } }"#, "JSON"),
    ];
    for (property, expected) in cases {
        assert_eq!(column(property), expected, "{property}");
    }
}

#[test]
fn parts_of_a_schema_are_joined() {
    let all = r##"{
        "type": "object",
        "properties": { "id": { "type": "string" } },
        "allOf": [{ "$ref": "#/$defs/audit" }, { "required": ["id", "at"] }],
        "$defs": { "audit": { "properties": { "at": { "type": "string", "format": "date-time" } } } }
    }"##;
    assert_eq!(columns(all), "id STRING REQUIRED\nat TIMESTAMP REQUIRED\n");
    let any = r#"{ "oneOf": [
        { "properties": { "kind": { "const": "a" }, "n": { "type": "integer" } }, "required": ["kind", "n"] },
        { "properties": { "kind": { "const": "b" }, "n": { "type": "number" }, "t": { "type": "string" } }, "required": ["kind", "t"] }
    ] }"#;
    assert_eq!(columns(any), "kind STRING REQUIRED\nn FLOAT64\nt STRING\n");
    let conditions = r#"{
        "properties": { "country": { "type": "string" } },
        "if": { "properties": { "country": { "const": "US" } } },
        "then": { "properties": { "zip": { "type": "string" } }, "required": ["zip"] },
        "else": { "properties": { "post_code": { "type": "string" } } }
    }"#;
    assert_eq!(columns(conditions), "country STRING\nzip STRING\npost_code STRING\n");
    let closed = r#"{
        "allOf": [{ "properties": { "a": { "type": "string" } } }],
        "properties": { "b": { "type": "string" } },
        "unevaluatedProperties": false
    }"#;
    assert_eq!(columns(closed), "b STRING\na STRING\n");
}

#[test]
fn drafts_differ() {
    let beside_a_reference = |draft: &str| {
        let schema = r##"{ "$schema": "DRAFT", "properties": { "a": { "$ref": "#/definitions/a", "enum": ["x"] }, "b": { "const": 1 } },
            "definitions": { "a": { "type": "string", "format": "date" } } }"##;
        columns(&schema.replace("DRAFT", draft))
    };
    assert_eq!(beside_a_reference("http://json-schema.org/draft-04/schema#"), "a DATE\nb JSON\n");
    assert_eq!(beside_a_reference("http://json-schema.org/draft-07/schema#"), "a DATE\nb INT64\n");
    assert_eq!(beside_a_reference("https://json-schema.org/draft/2020-12/schema"), "a STRING\nb INT64\n");
}

#[test]
fn references_end_somewhere() {
    let recursive = r##"{ "properties": { "a": { "$ref": "#/$defs/node" } },
        "$defs": { "node": { "properties": { "id": { "type": "string" }, "next": { "$ref": "#/$defs/node" } } } } }"##;
    assert_eq!(columns(recursive), "a STRUCT\n> id STRING\n> next JSON\n");
    let anchored = r##"{ "properties": { "a": { "$ref": "#day" }, "b": { "$ref": "day.json" }, "c": { "$ref": "far.json" } },
        "$defs": { "d": { "$anchor": "day", "type": "string", "format": "date" }, "e": { "$id": "day.json", "type": "integer" } } }"##;
    assert_eq!(columns(anchored), "a DATE\nb INT64\nc JSON\n");
    let deep =
        (0..40).fold(r#"{ "type": "string" }"#.to_owned(), |inner, _| format!(r#"{{ "properties": {{ "a": {inner} }} }}"#));
    assert_eq!(columns(&deep).lines().last(), Some("> > > > > > > > > > > > > > a JSON"));
    let wide: Vec<String> = (0..300).map(|n| format!(r##""p{n}": {{ "$ref": "#/$defs/w" }}"##)).collect();
    let wide = wide.join(",");
    let bomb = format!(
        r##"{{ "properties": {{ {wide} }}, "$defs": {{ "w": {{ "properties": {{ {} }} }}, "x": {{ "properties": {{ {} }} }} }} }}"##,
        wide.replace("/w", "/x"),
        wide.replace("/w", "/y"),
    );
    assert!(columns(&bomb).lines().count() < 30_000);
}

#[test]
fn a_schema_that_is_made_to_be_large_ends_soon() {
    let nested = |keyword: &str| (0..55).fold("{}".to_owned(), |inner, _| format!(r#"{{ "{keyword}": [{inner}] }}"#));
    for keyword in ["allOf", "anyOf", "prefixItems"] {
        assert_eq!(column(&nested(keyword)).split(' ').next(), Some("JSON"), "{keyword}");
    }
    let names: Vec<String> = (0..3_000).map(|n| format!(r#""p{n}""#)).collect();
    let properties: Vec<String> = names.iter().map(|name| format!(r#"{name}: {{ "type": "string" }}"#)).collect();
    let (names, properties) = (names.join(","), properties.join(","));
    let parts = vec![r##"{ "$ref": "#/$defs/w" }"##; 200].join(",");
    let schema = format!(
        r##"{{ "allOf": [{parts}], "$defs": {{ "w": {{ "properties": {{ {properties} }}, "required": [{names}] }} }} }}"##
    );
    assert_eq!(columns(&schema).lines().count(), 3_000);
}
