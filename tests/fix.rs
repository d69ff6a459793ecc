//! `lint --fix` on table schemas: a JSON Schema and a table in, the table that takes its records out. What is not wrong
//! stays as it is written.

use feedgate::diagnostic::{Applicability, fix};
use feedgate::rules::examples::Input;
use feedgate::run_example;
use std::collections::BTreeMap;

const SCHEMA: &str = r#"{
  "type": "object",
  "properties": {
    "isin": { "type": "string" },
    "volume": { "type": "integer" },
    "price": { "type": "number", "multipleOf": 0.01 },
    "tags": { "type": "array", "items": { "type": "string" } },
    "venue": {
      "type": "object",
      "properties": { "mic": { "type": "string" }, "country": { "type": "string", "description": "ISO 3166, \"DE\"" } },
      "required": ["mic"]
    }
  },
  "required": ["isin", "volume"]
}
"#;

/// The text of a file after all fixes, round by round.
fn fixed(files: &[(&str, &str)], path: &str) -> String {
    let mut head: BTreeMap<String, String> = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    for _ in 0..8 {
        let run = run_example(&Input { head: head.clone(), base: None, only: Vec::new() }, &[]);
        let made = fix::make(&run.files, &run.report.diagnostics, Applicability::Safe);
        if made.texts.is_empty() {
            let left = run.report.diagnostics.iter().find(|found| found.rule.as_str() == "misaligned-table-schema");
            assert_eq!(left.map(|found| &found.message), None);
            return head.remove(path).expect("it is there");
        }
        head.extend(made.texts.into_iter().map(|(path, text)| (path.to_string(), text)));
    }
    panic!("the fixes do not end: {head:?}")
}

fn feed(table: &str) -> String {
    format!("feed: trades\nowner: a@example.com\nschema: trades.schema.json\ntable: {{ dataset: raw, name: trades{table} }}\n")
}

fn fixed_json(table: &str) -> String {
    let feed = feed(", schema: trades.json");
    fixed(&[("feeds.yaml", &feed), ("trades.schema.json", SCHEMA), ("trades.json", table)], "trades.json")
}

fn fixed_terraform(table: &str) -> String {
    let feed = feed("");
    fixed(&[("feeds.yaml", &feed), ("trades.schema.json", SCHEMA), ("main.tf", table)], "main.tf")
}

#[test]
fn what_is_added_looks_like_what_is_there() {
    let table = r#"[
  { "name": "loaded_at", "type": "TIMESTAMP", "description": "when  it was loaded" },
  { "name": "isin", "type": "STRING", "mode": "REQUIRED" },
  { "name": "volume", "type": "BOOL" },
  { "name": "venue", "type": "RECORD", "fields": [
    { "name": "mic", "type": "STRING" }
  ] }
]
"#;
    let expected = r#"[
  { "name": "loaded_at", "type": "TIMESTAMP", "description": "when  it was loaded" },
  { "name": "isin", "type": "STRING", "mode": "REQUIRED" },
  { "name": "volume", "type": "INT64" },
  { "name": "venue", "type": "RECORD", "fields": [
    { "name": "mic", "type": "STRING" },
    { "name": "country", "type": "STRING", "description": "ISO 3166, \"DE\"" }
  ] },
  { "name": "price", "type": "NUMERIC" },
  { "name": "tags", "type": "STRING", "mode": "REPEATED" }
]
"#;
    assert_eq!(fixed_json(table), expected);
}

#[test]
fn line_ends_tabs_order_of_keys_and_case_are_kept() {
    let table = r#"[
	{
		"mode": "NULLABLE",
		"name": "isin",
		"type": "string"
	},
	{
		"mode": "REQUIRED",
		"name": "volume",
		"type": "integer"
	},
	{
		"mode": "NULLABLE",
		"name": "price",
		"type": "float"
	},
	{
		"mode": "NULLABLE",
		"name": "venue",
		"type": "string"
	}
]
"#;
    let expected = table.replace(
        r#"		"type": "string"
	}
]
"#,
        r#"		"type": "record",
		"fields": [
			{
				"mode": "REQUIRED",
				"name": "mic",
				"type": "string"
			},
			{
				"mode": "NULLABLE",
				"name": "country",
				"type": "string",
				"description": "ISO 3166, \"DE\""
			}
		]
	},
	{
		"mode": "REPEATED",
		"name": "tags",
		"type": "string"
	}
]
"#,
    );
    assert_eq!(fixed_json(&table.replace('\n', "\r\n")), expected.replace('\n', "\r\n"));
}

#[test]
fn a_list_on_one_line_stays_on_it() {
    let table = r#"[{"name":"isin","type":"STRING"},{"name":"tags","type":"RECORD","fields":[{"name":"a","type":"FLOAT"}],"description":"x"}]"#;
    let expected = concat!(
        r#"[{"name":"isin","type":"STRING"},{"name":"tags","type":"STRING","mode":"REPEATED","description":"x"},"#,
        r#"{"name":"volume","type":"INTEGER"},{"name":"price","type":"NUMERIC"},"#,
        r#"{"name":"venue","type":"RECORD","fields":[{"name":"mic","type":"STRING","mode":"REQUIRED"},"#,
        r#"{"name":"country","type":"STRING","description":"ISO 3166, \"DE\""}]}]"#,
    );
    assert_eq!(fixed_json(table), expected);
}

#[test]
fn terraform_is_written_as_terraform() {
    let table = r#"resource "google_bigquery_table" "trades" {
  dataset_id = "raw"
  table_id   = "trades"
  schema = jsonencode([
    { name = "isin", type = "STRING", mode = "REQUIRED" },
    { name = "volume", type = "BOOLEAN" }, # pieces
  ])
}
"#;
    let expected = r#"resource "google_bigquery_table" "trades" {
  dataset_id = "raw"
  table_id   = "trades"
  schema = jsonencode([
    { name = "isin", type = "STRING", mode = "REQUIRED" },
    { name = "volume", type = "INTEGER" }, # pieces
    { name = "price", type = "NUMERIC" },
    { name = "tags", type = "STRING", mode = "REPEATED" },
    { name = "venue", type = "RECORD", fields = [
      { name = "mic", type = "STRING", mode = "REQUIRED" },
      { name = "country", type = "STRING", description = "ISO 3166, \"DE\"" }
    ] },
  ])
}
"#;
    assert_eq!(fixed_terraform(table), expected);
}

#[test]
fn terraform_in_lines_is_formatted_as_terraform_fmt_does() {
    let table = r#"resource "google_bigquery_table" "trades" {
  dataset_id = "raw"
  table_id   = "trades"
  schema = jsonencode([
    {
      name = "isin"
      type = "STRING"
    },
    {
      name = "volume"
      type = "INT64"
    },
    {
      name = "price"
      type = "NUMERIC"
    },
    {
      name = "tags"
      type = "STRING"
    }
  ])
}
"#;
    let expected = r#"    {
      name = "tags"
      type = "STRING"
      mode = "REPEATED"
    },
    {
      name = "venue"
      type = "RECORD"
      fields = [
        {
          name = "mic"
          type = "STRING"
          mode = "REQUIRED"
        },
        {
          name        = "country"
          type        = "STRING"
          description = "ISO 3166, \"DE\""
        }
      ]
    }
  ])
}
"#;
    let unchanged = table.split_once("    {\n      name = \"tags\"").expect("it is there").0;
    assert_eq!(fixed_terraform(table), format!("{unchanged}{expected}"));
}

#[test]
fn the_json_of_a_heredoc_is_written_as_json() {
    let table = r#"resource "google_bigquery_table" "trades" {
  dataset_id = "raw"
  table_id   = "trades"
  schema     = <<-EOT
    [
      { "name": "isin", "type": "STRING" },
      { "name": "volume", "type": "DATE", "mode": "REQUIRED" }
    ]
  EOT
}
"#;
    let expected = r#"      { "name": "isin", "type": "STRING" },
      { "name": "volume", "type": "INT64", "mode": "REQUIRED" },
      { "name": "price", "type": "NUMERIC" },
      { "name": "tags", "type": "STRING", "mode": "REPEATED" },
      { "name": "venue", "type": "RECORD", "fields": [
        { "name": "mic", "type": "STRING", "mode": "REQUIRED" },
        { "name": "country", "type": "STRING", "description": "ISO 3166, \"DE\"" }
      ] }
"#;
    let old: String = table.lines().filter(|line| line.starts_with("      {")).map(|line| format!("{line}\n")).collect();
    assert_eq!(fixed_terraform(table), table.replace(&old, expected));
}

#[test]
fn a_size_that_is_too_small_goes() {
    let table = r#"[
  { "name": "isin", "type": "STRING", "mode": "REQUIRED" },
  { "name": "volume", "type": "NUMERIC", "precision": 4, "scale": 2, "mode": "REQUIRED", "description": "pieces" },
  { "name": "price", "type": "NUMERIC" },
  { "name": "tags", "type": "STRING", "mode": "REPEATED", "maxLength": "10" },
  { "name": "venue", "type": "JSON" }
]
"#;
    let schema = SCHEMA
        .replace("\"integer\"", "\"integer\", \"maximum\": 100000")
        .replace("{ \"type\": \"string\" } }", "{ \"const\": \"a longer text\" } }");
    let feed = feed(", schema: trades.json");
    let result = fixed(&[("feeds.yaml", &feed), ("trades.schema.json", &schema), ("trades.json", table)], "trades.json");
    let expected =
        table.replace("\"NUMERIC\", \"precision\": 4, \"scale\": 2", "\"INT64\"").replace(", \"maxLength\": \"10\"", "");
    assert_eq!(result, expected);
}

#[test]
fn what_two_feeds_want_differently_is_left_to_people() {
    let feeds = format!(
        "{}---\nfeed: orders\nowner: a@example.com\nschema: {{ type: object, properties: {{ isin: {{ type: object, properties: {{ id: {{ type: string }} }} }} }} }}\ntable: {{ dataset: raw, name: trades }}\n",
        feed(", schema: trades.json")
    );
    let files = [
        ("feeds.yaml", feeds.as_str()),
        ("trades.schema.json", SCHEMA),
        ("trades.json", r#"[{ "name": "isin", "type": "STRING" }]"#),
    ];
    let head = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let run = run_example(&Input { head, base: None, only: Vec::new() }, &[]);
    let titles = fix::make(&run.files, &run.report.diagnostics, Applicability::Safe)
        .done
        .into_iter()
        .map(|(_, title)| title)
        .collect::<Vec<_>>();
    assert_eq!(
        titles,
        [
            "add column `volume` INT64",
            "add column `price` NUMERIC",
            "add column `tags` STRING REPEATED",
            "add column `venue` STRUCT"
        ]
    );
}

/// The same numbers on every machine.
struct Dice(u64);

impl Dice {
    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        of[usize::try_from(self.0 % of.len() as u64).expect("a list is short")]
    }
}

#[test]
fn whatever_the_table_was_it_takes_the_records_in_the_end() {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let types = ["STRING", "INT64", "FLOAT64", "BOOL", "DATE", "TIMESTAMP", "JSON", "NUMERIC"];
    let names = ["isin", "volume", "price", "tags", "venue", "other"];
    for n in 0..120 {
        let mut items = Vec::new();
        for name in names {
            let (kind, mode) = (dice.one(&types), dice.one(&["NULLABLE", "REQUIRED", "REPEATED"]));
            let record = dice.one(&["", "", r#", "fields": [{ "name": "mic", "type": "DATE" }]"#]);
            let kind = if record.is_empty() { kind } else { "RECORD" };
            let item = format!(r#"{{ "name": "{name}", "type": "{kind}", "mode": "{mode}"{record} }}"#);
            items.extend((dice.one(&["keep", "keep", "drop"]) == "keep").then_some(item));
        }
        if items.is_empty() {
            continue;
        }
        let between = dice.one(&[", ", ",\n  ", ",\n\n    "]);
        let json = format!("[\n  {}\n]\n", items.join(between));
        let result = if n % 2 == 0 {
            fixed_json(&json)
        } else {
            let head = "resource \"google_bigquery_table\" \"t\" {\n  dataset_id = \"raw\"\n  table_id = \"trades\"\n";
            fixed_terraform(&format!("{head}  schema = <<EOT\n{json}EOT\n}}\n"))
        };
        for name in names.iter().filter(|name| **name != "other" || json.contains("other")) {
            assert_eq!(result.matches(&format!("\"{name}\"")).count(), 1, "{json}\n{result}");
        }
    }
}

#[test]
fn a_table_schema_that_is_not_there_is_written() {
    let feed = feed(", schema: raw/trade_columns.json");
    let expected = r#"[
  { "name": "isin", "type": "STRING", "mode": "REQUIRED" },
  { "name": "volume", "type": "INT64", "mode": "REQUIRED" },
  { "name": "price", "type": "NUMERIC" },
  { "name": "tags", "type": "STRING", "mode": "REPEATED" },
  { "name": "venue", "type": "RECORD", "fields": [
    { "name": "mic", "type": "STRING", "mode": "REQUIRED" },
    { "name": "country", "type": "STRING", "description": "ISO 3166, \"DE\"" }
  ] }
]
"#;
    let files = [("feeds.yaml", feed.as_str()), ("trades.schema.json", SCHEMA)];
    assert_eq!(fixed(&files, "raw/trade_columns.json"), expected);
}
