//! Made-up orders of 20 fields, with their feed, JSON Schema and table: the same on every machine.

use serde_json::{Value, json};
use std::fmt::Write as _;

/// `orders_20260803_0001.json` and whatever a repository says of it.
pub(crate) const FEED: &str = "feed: orders
owner: orders@example.com
file:
  name: \"orders_{date:%Y%m%d}_{seq:4}.json\"
  format: ndjson
schema: ../orders.schema.json
retention: 180 days
table: { dataset: raw, name: orders, schema: ../orders.table.json }
";

pub(crate) const FILE: &str = "orders_20260803_0001.json";

/// Name, BigQuery type, and the schema of a field.
fn fields() -> Vec<(&'static str, &'static str, Value)> {
    let text = |most: usize| json!({ "type": "string", "minLength": 1, "maxLength": most });
    vec![
        ("order_id", "STRING", json!({ "type": "string", "pattern": "^O[0-9]{8}-[0-9]{8}$" })),
        ("order_date", "DATE", json!({ "type": "string", "format": "date" })),
        ("created_at", "TIMESTAMP", json!({ "type": "string", "format": "date-time" })),
        ("isin", "STRING", json!({ "type": "string", "pattern": "^[A-Z]{2}[A-Z0-9]{9}[0-9]$" })),
        ("side", "STRING", json!({ "enum": ["BUY", "SELL"] })),
        ("quantity", "INT64", json!({ "type": "integer", "minimum": 1 })),
        ("price", "NUMERIC", json!({ "type": "number", "exclusiveMinimum": 0 })),
        ("limit_price", "NUMERIC", json!({ "type": ["number", "null"] })),
        ("currency", "STRING", json!({ "type": "string", "enum": ["EUR", "GBP", "USD", "CHF"] })),
        ("venue", "STRING", json!({ "type": "string", "pattern": "^[A-Z0-9]{4}$" })),
        ("trader", "STRING", text(32)),
        ("desk", "STRING", text(40)),
        ("counterparty", "STRING", json!({ "type": "string", "pattern": "^[A-Z0-9]{18}[0-9]{2}$" })),
        ("is_algo", "BOOL", json!({ "type": "boolean" })),
        ("fill_ratio", "FLOAT64", json!({ "type": "number", "minimum": 0, "maximum": 1 })),
        ("settles_on", "DATE", json!({ "type": "string", "format": "date" })),
        ("client", "STRING", text(80)),
        ("remark", "STRING", json!({ "type": ["string", "null"], "maxLength": 200 })),
        ("n_fills", "INT64", json!({ "type": "integer", "minimum": 0, "maximum": 1000 })),
        ("source_system", "STRING", text(20)),
    ]
}

pub(crate) fn schema() -> Value {
    let properties: Value = fields().into_iter().map(|(name, _, schema)| (name.to_owned(), schema)).collect();
    let required: Vec<&str> = fields().into_iter().map(|(name, ..)| name).filter(|name| *name != "remark").collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

pub(crate) fn table() -> Value {
    let column = |(name, data_type, _): (&str, &str, Value)| json!({ "name": name, "type": data_type, "mode": "NULLABLE" });
    fields().into_iter().map(column).collect()
}

/// Appends the record of this number and a line break.
pub(crate) fn record(n: u64, text: &mut String) {
    let mut dice = (n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut roll = |sides: u64| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        dice % sides
    };
    let second = n % 86_400;
    let (side, currency) = (["BUY", "SELL"][(n % 2) as usize], ["EUR", "GBP", "USD", "CHF"][roll(4) as usize]);
    let limit = if roll(4) == 0 { "null".to_owned() } else { format!("{}.{:03}", 80 + roll(40), roll(1_000)) };
    let remark = match roll(8) {
        0 => String::new(),
        1 => ",\"remark\":null".to_owned(),
        2 => ",\"remark\":\"Partial fill \\\"as agreed\\\" with the desk in Z\u{fc}rich\"".to_owned(),
        _ => format!(",\"remark\":\"Worked through the day, see ticket {}\"", roll(1_000_000)),
    };
    writeln!(
        text,
        "{{\"order_id\":\"O20260803-{n:08}\",\"order_date\":\"2026-08-03\",\"created_at\":\"2026-08-03T{:02}:{:02}:{:02}.{:06}Z\",\
         \"isin\":\"XS{:09}{}\",\"side\":\"{side}\",\"quantity\":{},\"price\":{}.{:03},\"limit_price\":{limit},\"currency\":\"{currency}\",\
         \"venue\":\"X{:03}\",\"trader\":\"trader-{:03}\",\"desk\":\"Credit {}\",\"counterparty\":\"529900{:012}{:02}\",\"is_algo\":{},\
         \"fill_ratio\":0.{:04},\"settles_on\":\"2026-08-05\",\"client\":\"Client number {} of the northern region\"{remark},\
         \"n_fills\":{},\"source_system\":\"matching-engine\"}}",
        second / 3_600,
        second / 60 % 60,
        second % 60,
        roll(1_000_000),
        roll(1_000_000_000),
        roll(10),
        (1 + roll(5_000)) * 1_000,
        80 + roll(40),
        roll(1_000),
        roll(1_000),
        roll(1_000),
        roll(9),
        roll(1_000_000_000_000),
        roll(100),
        roll(2) == 0,
        roll(10_000),
        roll(100_000),
        roll(20),
    )
    .expect("writing into a string does not fail");
}
