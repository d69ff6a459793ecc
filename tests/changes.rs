//! What differs between two revisions, by subject: two trees in, changes out, as the report for people lists them.

use feedgate::report::{Pages, View, text};
use feedgate::rules::examples::Input;
use feedgate::run_example;

/// The changes from one set of files to another.
fn changes(base: &[(&str, &str)], head: &[(&str, &str)]) -> String {
    let files = |files: &[(&str, &str)]| files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let run = run_example(&Input { head: files(head), base: Some(files(base)), only: Vec::new() }, &[]);
    let view = View { files: &run.files, report: &run.report, pages: &Pages::default(), prefix: "" };
    let text = text::render(&view, &text::TextOptions { width: 200, ..text::TextOptions::default() });
    let lines = text.lines().skip_while(|line| !line.starts_with("changes: ")).take_while(|line| !line.is_empty());
    lines.map(str::trim).collect::<Vec<_>>().join("\n")
}

const ORDERS: &str = "feed: orders
owner: desk@example.com
delivery: { cadence: daily }
file: { name: \"orders_{date:%Y%m%d}.json\" }
schema: orders.schema.json
table: { dataset: raw, name: orders }
";
const SCHEMA: &str = r#"{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
"properties": {"id": {"type": "string"}, "amount": {"type": "number"}, "at": {"type": "string", "format": "date"}}}"#;
const TABLE: &str = r#"resource "google_bigquery_table" "orders" {
  dataset_id = "raw"
  table_id   = "orders"
  schema     = jsonencode([{ name = "id", type = "STRING" }, { name = "amount", type = "INT64" }, { name = "day", type = "DATE" }])
  time_partitioning {
    type          = "DAY"
    field         = "day"
    expiration_ms = 7776000000
  }
}
"#;

#[test]
fn what_came_and_went_is_listed_and_its_parts_are_not() {
    assert_eq!(changes(&[], &[("orders.tf", TABLE)]), "changes: 1 table added\n+ table `raw.orders`");
    assert_eq!(
        changes(&[("feeds/orders.yaml", ORDERS), ("feeds/orders.schema.json", SCHEMA)], &[]),
        "changes: 1 feed removed, 1 schema removed, 1 table removed\n- feed `orders`\n- schema `feeds/orders.schema.json`\n- table `raw.orders`"
    );
}

#[test]
fn what_only_moved_has_not_changed() {
    let base = [("feeds/orders.yaml", ORDERS), ("feeds/orders.schema.json", SCHEMA), ("infra/orders.tf", TABLE)];
    let moved = format!("\n# The orders of the shops.\n{TABLE}");
    let head = [("feeds/all.yaml", ORDERS), ("feeds/orders.schema.json", SCHEMA), ("terraform/tables.tf", &moved)];
    assert_eq!(changes(&base, &head), "");
}

#[test]
fn a_file_that_moved_is_one_change() {
    let base = [("feeds/orders.yaml", ORDERS), ("feeds/orders.schema.json", SCHEMA)];
    let feed = ORDERS.replace("orders.schema.json", "../schemas/orders.json");
    let head = [("feeds/orders.yaml", feed.as_str()), ("schemas/orders.json", SCHEMA)];
    assert_eq!(
        changes(&base, &head),
        "changes: 1 schema renamed\n~ schema `schemas/orders.json`, which was `feeds/orders.schema.json`"
    );
    let (sql, edited) = ("SELECT 1;\nSELECT 2;\nSELECT 3;\nSELECT 4;", "SELECT 1;\nSELECT 2;\nSELECT 33;\nSELECT 4;");
    assert_eq!(changes(&[("a.sql", sql)], &[("b.sql", sql)]), "changes: 1 file renamed\n~ file `b.sql`, which was `a.sql`");
    assert_eq!(
        changes(&[("a.sql", sql)], &[("b.sql", edited)]),
        "changes: 1 file renamed, 1 query modified\n~ file `b.sql`, which was `a.sql`\n~ query `b.sql#3`: text from SELECT 3 to SELECT 33"
    );
}

#[test]
fn a_feed_that_has_another_name_is_one_change() {
    let base = [("feeds/orders.yaml", ORDERS), ("feeds/orders.schema.json", SCHEMA)];
    let feed = ORDERS.replace("feed: orders", "feed: sales_orders").replace("cadence: daily", "cadence: hourly");
    let head = [("feeds/sales_orders.yaml", feed.as_str()), ("feeds/orders.schema.json", SCHEMA)];
    assert_eq!(
        changes(&base, &head),
        "changes: 1 feed renamed\n~ feed `sales_orders`, which was `orders`: cadence from daily to hourly"
    );
}

#[test]
fn a_table_that_has_another_name_is_one_change() {
    let head = TABLE.replace("table_id   = \"orders\"", "table_id   = \"sales\"");
    let renamed = "changes: 1 table renamed\n~ table `raw.sales`, which was `raw.orders`";
    assert_eq!(changes(&[("t.tf", TABLE)], &[("t.tf", &head)]), renamed);
    let other_address = head.replace("\"google_bigquery_table\" \"orders\"", "\"google_bigquery_table\" \"sales\"");
    assert_eq!(changes(&[("t.tf", TABLE)], &[("t.tf", &other_address)]), renamed);
    // Two that look the same: which became which is not known.
    let twins = format!("{other_address}{}", other_address.replace("sales", "returns"));
    assert_eq!(
        changes(&[("t.tf", TABLE)], &[("t.tf", &twins)]),
        "changes: 2 tables added, 1 table removed\n- table `raw.orders`\n+ table `raw.returns`\n+ table `raw.sales`"
    );
}

#[test]
fn a_moved_block_tells_what_a_thing_is_called_now() {
    let bucket = |address: &str, name: &str| {
        format!("resource \"google_storage_bucket\" \"{address}\" {{\n  name     = \"{name}\"\n  location = \"EU\"\n}}\n")
    };
    let base = [("b.tf", &*bucket("landing", "drop"))];
    let head = bucket("inbox", "drop-eu");
    let added = "changes: 1 bucket added, 1 bucket removed\n- bucket `drop`\n+ bucket `drop-eu`";
    assert_eq!(changes(&base, &[("b.tf", &head)]), added);
    let moved = "moved {\n  from = google_storage_bucket.landing\n  to   = google_storage_bucket.inbox\n}\n";
    let renamed = "changes: 1 bucket renamed\n~ bucket `drop-eu`, which was `drop`";
    assert_eq!(changes(&base, &[("b.tf", &head), ("moved.tf", moved)]), renamed);
}

#[test]
fn triggers_and_workflows_are_compared() {
    let trigger = r#"resource "google_eventarc_trigger" "file_arrived" {
  name     = "file-arrived"
  location = "eu"
  matching_criteria {
    attribute = "type"
    value     = "google.cloud.storage.object.v1.finalized"
  }
  matching_criteria {
    attribute = "bucket"
    value     = "acme-landing"
  }
  destination {
    workflow = google_workflows_workflow.load.id
  }
}
"#;
    let workflow = r#"resource "google_workflows_workflow" "load" {
  name            = "load"
  source_contents = file("load.yaml")
}
"#;
    let steps = "main:\n  steps:\n    - init:\n        assign:\n          - a: 1\n    - done:\n        return: ${a}\n";
    let base = [("trigger.tf", trigger), ("workflow.tf", workflow), ("load.yaml", steps)];
    assert_eq!(
        changes(&[], &base),
        "changes: 1 trigger added, 1 workflow added\n+ trigger `google_eventarc_trigger.file_arrived`\n+ workflow `google_workflows_workflow.load`"
    );
    // Another place, and another order of what is asked for.
    let (head, tail) = trigger.split_at(trigger.find("  matching").expect("it is there"));
    let criteria: Vec<&str> = tail.split_inclusive("  }\n").collect();
    let turned = format!("# Moved.\n{head}{}{}{}", criteria[1], criteria[0], criteria[2..].concat());
    let moved = [("infra.tf", &*format!("{turned}{workflow}")), ("load.yaml", steps)];
    assert_eq!(changes(&base, &moved), "");
    let head = turned.replace("acme-landing", "acme-drop").replace("\"eu\"", "\"EU\"");
    let other = workflow.replace("\"load\"\n", "\"load_all\"\n");
    let steps = steps.replace("a: 1", "a: 2").replace("done", "end");
    assert_eq!(
        changes(&base, &[("trigger.tf", &head), ("workflow.tf", &other), ("load.yaml", &steps)]),
        "changes: 1 trigger modified, 1 workflow modified
~ trigger `google_eventarc_trigger.file_arrived`: bucket from acme-landing to acme-drop
~ workflow `google_workflows_workflow.load`: name from load to load_all; steps from init, done to init, end; text"
    );
}

#[test]
fn a_table_whose_feed_has_another_name_is_that_feeds_table() {
    let base = [("feeds/orders.yaml", ORDERS), ("feeds/orders.schema.json", SCHEMA), ("orders.tf", TABLE)];
    let feed = ORDERS.replace("feed: orders", "feed: sales").replace("name: orders }", "name: sales }");
    let feed = feed.replace("orders_{", "sales_{");
    let table = TABLE.replace("\"orders\"", "\"sales\"").replace("\"INT64\"", "\"NUMERIC\"");
    let head = [("feeds/orders.yaml", &*feed), ("feeds/orders.schema.json", SCHEMA), ("orders.tf", &*table)];
    assert_eq!(
        changes(&base, &head),
        "changes: 1 feed renamed, 1 table renamed
~ feed `sales`, which was `orders`: file name from orders_{date:%Y%m%d}.json to sales_{date:%Y%m%d}.json; table from orders to sales
~ table `raw.sales`, which was `raw.orders`: 1 column modified (`amount`: type from INT64 to NUMERIC)"
    );
}

#[test]
fn columns_are_compared_by_name_at_every_level() {
    let head = TABLE
        .replace(
            "{ name = \"amount\", type = \"INT64\" }",
            "{ name = \"Amount\", type = \"NUMERIC\" }, { name = \"note\", type = \"STRING\" }",
        )
        .replace("7776000000", "2592000000");
    assert_eq!(
        changes(&[("t.tf", TABLE)], &[("t.tf", &head)]),
        "changes: 1 table modified\n~ table `raw.orders`: partition expiration from 90 days to 30 days; 1 column added (`note`); 1 column modified (`Amount`: type from INT64 to NUMERIC)"
    );
    let head = TABLE.replace("name = \"amount\"", "name = \"total\"");
    assert_eq!(
        changes(&[("t.tf", TABLE)], &[("t.tf", &head)]),
        "changes: 1 table modified\n~ table `raw.orders`: 1 column renamed (`total`, which was `amount`)"
    );
}

#[test]
fn the_same_expression_is_no_difference() {
    let hidden = TABLE.replace("7776000000", "var.days * 86400000").replace("\"DAY\"", "var.cut");
    let moved = format!("locals {{}}\n\n{}", hidden.replace("var.days * 86400000", "var.days  *  86400000"));
    assert_eq!(changes(&[("t.tf", &hidden)], &[("t.tf", &moved)]), "");
}

#[test]
fn a_statement_is_known_by_its_text_and_not_by_its_number() {
    let base = "SELECT a FROM raw.orders WHERE day = '2026-01-01';\nSELECT b, c FROM raw.orders;";
    let head = "SELECT 0;\nSELECT a FROM raw.orders\n  WHERE day = '2026-01-01';\nSELECT b, c FROM raw.orders LIMIT 5;";
    assert_eq!(
        changes(&[("q.sql", base)], &[("q.sql", head)]),
        "changes: 1 query added, 1 query modified\n+ query `q.sql#1`\n~ query `q.sql#3`: text from SELECT b, c FROM raw.orders to SELECT b, c FROM raw.orders LIMIT 5"
    );
}
