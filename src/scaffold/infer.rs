//! The JSON Schema that records have in common. What few records show is not taken for a law: of lengths, values and
//! limits nothing is said, and a field is required where every record has it.

use super::sample::Json;
use crate::text::Date;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// What values of one place were.
#[derive(Debug, Default)]
struct Seen {
    n: usize,
    n_null: usize,
    n_bool: usize,
    n_integer: usize,
    n_number: usize,
    n_text: usize,
    /// Texts that are a day, and texts that are an instant.
    n_date: usize,
    n_instant: usize,
    n_list: usize,
    n_record: usize,
    items: Option<Box<Seen>>,
    /// In the order in which they were first seen.
    fields: Vec<(String, Seen)>,
}

/// A JSON Schema of the records.
#[derive(Debug, PartialEq, Eq)]
pub struct Inferred {
    pub text: String,
    /// Fields that were null in every record: their type is a guess.
    pub guessed: Vec<String>,
    /// The fields at the top that hold a day or an instant in every record, best first for partitions.
    pub days: Vec<String>,
}

/// The schema of these records, and `None` where one is no object or there are none.
pub fn schema(title: &str, records: &[Json]) -> Option<Inferred> {
    let mut all = Seen::default();
    records.iter().for_each(|record| all.see(record));
    if all.n == 0 || all.n_record < all.n {
        return None;
    }
    let mut guessed = Vec::new();
    all.guessed("", &mut guessed);
    let is_always = |seen: &Seen| seen.n == all.n && seen.n_null == 0;
    let days = |is: fn(&Seen) -> bool| all.fields.iter().filter(move |(_, seen)| is_always(seen) && is(seen));
    let days: Vec<String> = days(Seen::is_date).chain(days(Seen::is_instant)).map(|(name, _)| name.clone()).collect();
    let mut text = "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n".to_owned();
    let _ = writeln!(text, "  \"title\": {},", Value::from(title));
    let members = written(&all.schema(), 0);
    text.push_str(members.strip_prefix("{\n").unwrap_or(&members));
    text.push('\n');
    Some(Inferred { text, guessed, days })
}

impl Seen {
    fn see(&mut self, value: &Json) {
        self.n += 1;
        match value {
            Json::Null => self.n_null += 1,
            Json::Bool => self.n_bool += 1,
            Json::Integer => self.n_integer += 1,
            Json::Number => self.n_number += 1,
            Json::Text(text) => {
                self.n_text += 1;
                self.n_date += usize::from(is_date(text));
                self.n_instant += usize::from(is_instant(text));
            }
            Json::List(items) => {
                self.n_list += 1;
                let seen = self.items.get_or_insert_default();
                items.iter().for_each(|item| seen.see(item));
            }
            Json::Record(members) => {
                self.n_record += 1;
                members.iter().for_each(|(name, value)| self.field(name).see(value));
            }
        }
    }

    fn field(&mut self, name: &str) -> &mut Seen {
        let index = self.fields.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            self.fields.push((name.to_owned(), Seen::default()));
            self.fields.len() - 1
        });
        &mut self.fields.get_mut(index).expect("it was found or pushed").1
    }

    fn is_date(&self) -> bool {
        self.n_text > 0 && self.n_date == self.n_text
    }

    fn is_instant(&self) -> bool {
        self.n_text > 0 && self.n_instant == self.n_text
    }

    fn is_only_null(&self) -> bool {
        self.n == self.n_null
    }

    fn types(&self) -> Vec<&'static str> {
        let numbers = if self.n_number > 0 { "number" } else { "integer" };
        let counts = [
            (self.n_record, "object"),
            (self.n_list, "array"),
            (self.n_text, "string"),
            (self.n_integer + self.n_number, numbers),
            (self.n_bool, "boolean"),
        ];
        let mut types: Vec<&str> = counts.into_iter().filter(|(n, _)| *n > 0).map(|(_, name)| name).collect();
        if types.is_empty() {
            types.push("string");
        }
        types.extend((self.n_null > 0).then_some("null"));
        types
    }

    fn schema(&self) -> Vec<(&'static str, Part)> {
        let types = self.types();
        let types = if let [one] = types[..] { json!(one) } else { json!(types) };
        let mut schema = vec![("type", Part::Value(types))];
        if self.is_date() {
            schema.push(("format", Part::Value(json!("date"))));
        } else if self.is_instant() {
            schema.push(("format", Part::Value(json!("date-time"))));
        }
        if let Some(items) = self.items.as_deref().filter(|items| items.n > 0) {
            schema.push(("items", Part::Schema(items.schema())));
        }
        if !self.fields.is_empty() {
            let required: Vec<&str> =
                self.fields.iter().filter(|(_, seen)| seen.n == self.n_record).map(|(name, _)| name.as_str()).collect();
            schema.push(("additionalProperties", Part::Value(json!(false))));
            if !required.is_empty() {
                schema.push(("required", Part::Value(json!(required))));
            }
            let properties = self.fields.iter().map(|(name, seen)| (name.clone(), seen.schema())).collect();
            schema.push(("properties", Part::Properties(properties)));
        }
        schema
    }

    fn guessed(&self, path: &str, guessed: &mut Vec<String>) {
        for (name, seen) in &self.fields {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            if seen.is_only_null() {
                guessed.push(path.clone());
            }
            seen.guessed(&path, guessed);
            if let Some(items) = &seen.items {
                items.guessed(&format!("{path}[]"), guessed);
            }
        }
    }
}

/// What stands behind a keyword. Order is kept, which the maps of `serde_json` do not.
enum Part {
    Value(Value),
    Schema(Vec<(&'static str, Part)>),
    Properties(Vec<(String, Vec<(&'static str, Part)>)>),
}

/// A schema as people write it: a short one in a line, any other with a keyword in each.
fn written(schema: &[(&str, Part)], depth: usize) -> String {
    let is_flat = schema.iter().all(|(_, part)| matches!(part, Part::Value(_)));
    if is_flat && depth > 0 {
        let members: Map<String, Value> =
            schema.iter().filter_map(|(name, part)| Some(((*name).to_owned(), part.value()?))).collect();
        let order = schema.iter().filter_map(|(name, _)| Some(format!("\"{name}\": {}", spaced(members.get(*name)?))));
        return format!("{{ {} }}", order.collect::<Vec<_>>().join(", "));
    }
    let pad = "  ".repeat(depth + 1);
    let member = |(name, part): &(&str, Part)| {
        let value = match part {
            Part::Value(value) => spaced(value),
            Part::Schema(schema) => written(schema, depth + 1),
            Part::Properties(properties) => {
                let inner = "  ".repeat(depth + 2);
                let property = |(name, schema): &(String, Vec<_>)| {
                    format!("{inner}{}: {}", Value::from(name.as_str()), written(schema, depth + 2))
                };
                format!("{{\n{}\n{pad}}}", properties.iter().map(property).collect::<Vec<_>>().join(",\n"))
            }
        };
        format!("{pad}\"{name}\": {value}")
    };
    let members: Vec<String> = schema.iter().map(member).collect();
    format!("{{\n{}\n{}}}", members.join(",\n"), "  ".repeat(depth))
}

impl Part {
    fn value(&self) -> Option<Value> {
        match self {
            Part::Value(value) => Some(value.clone()),
            Part::Schema(_) | Part::Properties(_) => None,
        }
    }
}

fn spaced(value: &Value) -> String {
    match value.as_array() {
        Some(items) => format!("[{}]", items.iter().map(Value::to_string).collect::<Vec<_>>().join(", ")),
        None => value.to_string(),
    }
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && Date::parse(text).is_some()
}

/// An instant as RFC 3339 has it, without leap seconds.
fn is_instant(text: &str) -> bool {
    let Some((day, rest)) = text.split_at_checked(10).filter(|(day, _)| is_date(day)) else { return false };
    let Some(time) = rest.strip_prefix(['T', 't']) else { return false };
    let zone = time.find(['Z', 'z', '+', '-']).and_then(|at| time.split_at_checked(at));
    zone.is_some_and(|(time, zone)| !day.is_empty() && is_time(time) && is_zone(zone))
}

fn is_time(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let parts: Vec<Option<u32>> = whole.split(':').map(two_digits).collect();
    let is_fraction = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    matches!(parts[..], [Some(0..=23), Some(0..=59), Some(0..=59)]) && fraction.is_none_or(is_fraction)
}

fn is_zone(text: &str) -> bool {
    let offset = text.strip_prefix(['+', '-']).and_then(|offset| offset.split_once(':'));
    let is_offset = |(hours, minutes)| matches!((two_digits(hours), two_digits(minutes)), (Some(0..=23), Some(0..=59)));
    text == "Z" || text == "z" || offset.is_some_and(is_offset)
}

fn two_digits(text: &str) -> Option<u32> {
    (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::super::sample::records;
    use super::*;

    fn inferred(text: &str) -> Inferred {
        schema("orders", &records(text).0).expect("these are records")
    }

    #[test]
    fn a_schema_says_what_all_records_have_in_common() {
        let found = inferred(
            "{\"id\": 1, \"day\": \"2026-08-01\", \"at\": \"2026-08-01T10:00:00.5Z\", \"price\": 1, \"note\": null, \"tags\": [\"a\"], \
             \"buyer\": {\"zip\": \"1\"}, \"legs\": [{\"n\": 1}]}\n\
             {\"id\": 2, \"day\": \"2026-08-02\", \"at\": \"2026-08-02T10:00:00+01:00\", \"price\": 1.5, \"note\": null, \"tags\": [], \
             \"buyer\": {\"zip\": null, \"ok\": true}, \"extra\": \"x\", \"legs\": []}",
        );
        let expected = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "orders",
  "type": "object",
  "additionalProperties": false,
  "required": ["id", "day", "at", "price", "note", "tags", "buyer", "legs"],
  "properties": {
    "id": { "type": "integer" },
    "day": { "type": "string", "format": "date" },
    "at": { "type": "string", "format": "date-time" },
    "price": { "type": "number" },
    "note": { "type": ["string", "null"] },
    "tags": {
      "type": "array",
      "items": { "type": "string" }
    },
    "buyer": {
      "type": "object",
      "additionalProperties": false,
      "required": ["zip"],
      "properties": {
        "zip": { "type": ["string", "null"] },
        "ok": { "type": "boolean" }
      }
    },
    "legs": {
      "type": "array",
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["n"],
        "properties": {
          "n": { "type": "integer" }
        }
      }
    },
    "extra": { "type": "string" }
  }
}
"#;
        assert_eq!(found.text, expected);
        assert_eq!((found.guessed, found.days), (vec!["note".to_owned()], vec!["day".to_owned(), "at".to_owned()]));
    }

    #[test]
    fn what_is_inferred_holds_for_what_it_was_inferred_from() {
        let text = "{\"a\": {}, \"b\": [null, 1, \"x\", [true]], \"c\\\"\\n\": 18446744073709551615}\n{\"a\": {\"x\": 1}}";
        let schema: Value = serde_json::from_str(&inferred(text).text).expect("it is JSON");
        let validator = jsonschema::validator_for(&schema).expect("it is a schema");
        for line in text.lines() {
            let record: Value = serde_json::from_str(line).expect("it is JSON");
            assert!(validator.is_valid(&record), "{schema}\n{line}");
        }
    }

    #[test]
    fn instants_are_those_of_rfc_3339() {
        for text in ["2026-08-01T10:00:00Z", "2026-08-01t10:00:00.123456-11:30"] {
            assert!(is_instant(text), "{text}");
        }
        for text in [
            "2026-08-01 10:00:00Z",
            "2026-08-01T10:00:00",
            "2026-08-01T25:00:00Z",
            "2026-13-01T10:00:00Z",
            "2026-08-01T10:00Z",
            "",
        ] {
            assert!(!is_instant(text), "{text}");
        }
    }

    #[test]
    fn what_holds_no_records_has_no_schema() {
        for text in ["", "1", "{\"a\": 1}\n2"] {
            assert_eq!(schema("x", &records(text).0), None);
        }
    }
}
