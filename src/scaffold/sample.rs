//! Records as they stand in a sample: members keep their order, which becomes that of columns.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    Null,
    Bool,
    Integer,
    Number,
    Text(String),
    List(Vec<Json>),
    Record(Vec<(String, Json)>),
}

/// The records of a sample, and what is wrong where they end early: one behind the other, or the items of one list.
pub fn records(text: &str) -> (Vec<Json>, Option<String>) {
    let mut records = Vec::new();
    for value in serde_json::Deserializer::from_str(text.trim_start_matches(crate::text::BOM)).into_iter::<Json>() {
        match value {
            Ok(Json::List(items)) => records.extend(items),
            Ok(record) => records.push(record),
            Err(error) => return (records, Some(error.to_string())),
        }
    }
    (records, None)
}

/// Whether the records are the items of one list, which BigQuery does not load.
pub fn is_list(text: &str) -> bool {
    text.trim_start_matches(crate::text::BOM).trim_start().starts_with('[')
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Json, E> {
        Ok(Json::Bool)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Json, E> {
        Ok(Json::Integer)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        // BigQuery has no integers beyond 64 bits with a sign.
        Ok(if i64::try_from(number).is_ok() { Json::Integer } else { Json::Number })
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Number)
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = access.next_entry()? {
            members.push(member);
        }
        Ok(Json::Record(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_in_lines_in_a_list_or_spread() {
        for text in ["{\"b\": 1}\n{\"a\": null}\n", "[{\"b\": 1}, {\"a\": null}]", "\u{feff}{\n\"b\": 1}\n{\"a\":\nnull}"] {
            let record = |name: &str, value| Json::Record(vec![(name.to_owned(), value)]);
            assert_eq!(records(text), (vec![record("b", Json::Integer), record("a", Json::Null)], None));
        }
        let (records, why) = records("{\"a\": 1}\n{\"a\"");
        assert!(records.len() == 1 && why.is_some());
    }

    #[test]
    fn no_depth_ends_the_program() {
        assert!(records(&"[".repeat(100_000)).1.is_some());
    }
}
