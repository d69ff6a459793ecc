use super::{add, to_paste};
use crate::scaffold::feed::NewFeed;
use crate::syntax::{Document, Value, hcl, json, yaml};
use crate::text::{FileId, RepoPath, Span};
use std::sync::Arc;

fn orders() -> NewFeed {
    NewFeed {
        name: "orders".to_owned(),
        owner: "sales@example.com".to_owned(),
        cadence: "daily".to_owned(),
        rows: Some(200),
        file_name: "orders_{date:%Y%m%d}_{seq:4}.json".to_owned(),
        dataset: "raw".to_owned(),
        schema: "../schemas/orders.schema.json".to_owned(),
        table_schema: "../tables/orders.json".to_owned(),
        partition_field: Some("order_date".to_owned()),
        ..NewFeed::default()
    }
}

/// The entry of the file that has this key, wherever its map is.
fn entry(document: &Document, key: &str) -> (Span, Span) {
    let maps = document.node_ids().flat_map(|node| document.map(node).to_vec());
    let found = maps.filter(|entry| document.key(entry) == key && matches!(document.value(entry.value), Value::Map(_)));
    let found = found.last().unwrap_or_else(|| panic!("{key} is an entry"));
    (found.key_span, document.span(found.value))
}

/// Asserts that this is added and nothing else changed; what was left out.
fn assert_added(path: &str, before: &str, keys: &[&str], expected: &str) -> Vec<String> {
    let text: Arc<str> = before.into();
    let file = FileId::from_index(0);
    let document = match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("json") => json::parse(file, &text),
        Some("yaml") => yaml::parse(file, &text),
        _ => hcl::parse(file, &text),
    }
    .document;
    let entries: Vec<(Span, Span)> = keys.iter().map(|key| entry(&document, key)).collect();
    let grown = add(&RepoPath::new(path).expect("plain"), &text, &entries, &orders()).expect("it grows");
    assert!(grown.text.contains(expected), "{}", grown.text);
    assert_eq!(grown.text.replacen(expected, "", 1), before);
    grown.left_out
}

#[test]
fn what_all_say_is_said_again_and_names_are_its_own() {
    let before = "\
# the feeds
feeds = {
  trades = {
    owner      = \"desk\" # who answers
    file_glob  = \"trades_*.json\"
    bucket     = var.landing
    table      = \"trades\"
    topic      = \"projects/p/topics/trades-new\"
    schema     = \"${path.module}/../tables/trades.json\"
    clustering = [\"isin\"]
    strict     = true
  }
  quotes = {
    owner      = \"quotes\"
    file_glob  = \"quotes_*.json\"
    bucket     = var.landing
    table      = \"quotes\"
    topic      = \"projects/p/topics/quotes-new\"
    schema     = \"${path.module}/../tables/quotes.json\"
    clustering = [\"dealer\"]
    strict     = true
  } # the last

  # more to come
}
";
    let expected = "
  orders = {
    owner     = \"sales@example.com\"
    file_glob = \"orders_*_*.json\"
    bucket    = var.landing
    table     = \"orders\"
    topic     = \"projects/p/topics/orders-new\"
    schema    = \"${path.module}/../tables/orders.json\"
    strict    = true
  }";
    assert_eq!(assert_added("a.tfvars", before, &["trades", "quotes"], expected), ["clustering"]);
}

#[test]
fn what_only_some_say_is_said_where_it_is_known() {
    let before = "\
feeds = {
  trades = {
    owner                    = \"desk\"
    dataset                  = \"raw\"
    partition_column         = \"trade_date\"
    partition_expiration_ms  = 864000000
    require_partition_filter = false
    retries                  = { n = 3, expected_rows = 5 }
  }
  venues = {
    owner             = \"desk\"
    frequency         = \"monthly\"
    dataset           = var.dataset
    write_disposition = \"WRITE_TRUNCATE\"
  }
  quotes = {
    owner     = \"desk\"
    schedule  = \"daily\"
    bucket    = var.landing
    dataset   = \"raw\"
    table     = \"old_quotes\"
  }
}
";
    let expected = "
  orders = {
    owner                    = \"sales@example.com\"
    schedule                 = \"daily\"
    dataset                  = \"raw\"
    partition_column         = \"order_date\"
    require_partition_filter = true
    retries                  = {
      expected_rows = 200
    }
    write_disposition        = \"WRITE_APPEND\"
    table                    = \"orders\"
  }";
    assert_eq!(assert_added("a.tfvars", before, &["trades", "venues", "quotes"], expected), [""; 0]);
}

#[test]
fn the_layout_is_that_of_the_last_entry() {
    let cases = [
        (
            "a.tf",
            "variable \"feeds\" {\n  default = {\n    fx     = { pattern = \"^fx_\\\\d+$\", expected_rows = 5 },\n    trades = { pattern = \"^trades_\\\\d+$\", expected_rows = 5 },\n  }\n}\n",
            "\n    orders = { pattern = \"^orders_[0-9]{8}_[0-9]{4}\\\\.json$\", expected_rows = 200 },",
        ),
        ("a.tf", "locals { feeds = { trades = { table = \"trades\" } } }\n", ", orders = { table = \"orders\" }"),
        (
            "a.json",
            "{\n  \"trades\": {\n    \"file\": {\n      \"bucket\": \"b\"\n    },\n    \"due\": null\n  }\n}\n",
            ",\n  \"orders\": {\n    \"file\": {\n      \"bucket\": \"b\"\n    },\n    \"due\": null\n  }",
        ),
        (
            "a.yaml",
            "feeds:\n  trades: # ours\n    table: trades\n    file:\n      bucket: b\n\nrest: 1\n",
            "\n  orders:\n    table: orders\n    file:\n      bucket: b",
        ),
        ("a.yaml", "trades: { table: trades, cadence: hourly }\n", "\norders: { table: orders, cadence: daily }"),
        ("a.yaml", "{ trades: { table: trades } }\n", ", orders: { table: orders }"),
        ("a.tfvars", "feeds = {\r\n  trades = {\r\n    a = 1\r\n  }\r\n}\r\n", "\r\n  orders = {\r\n    a = 1\r\n  }"),
        ("a.tfvars", "feeds = {\n  \"trades\" = { a = 1 }\n}\n", "\n  \"orders\" = { a = 1 }"),
    ];
    for (path, before, expected) in cases {
        assert_added(path, before, &["trades"], expected);
    }
}

#[test]
fn a_name_within_another_word_is_no_name() {
    assert_eq!(super::renamed("\"fx_spot/effx/fx\"", "fx", "orders"), "\"orders_spot/effx/orders\"");
}

#[test]
fn what_is_no_map_in_a_file_of_ours_is_left_alone() {
    let text: Arc<str> = "a: 1\n".into();
    let span = Span::new(FileId::from_index(0), 0..1);
    for path in ["a.yaml", "a.tftpl"] {
        assert_eq!(add(&RepoPath::new(path).expect("plain"), &text, &[(span, span)], &orders()), None);
    }
}

#[test]
fn an_entry_to_paste_says_what_is_known() {
    let expected = "orders = {
  file_name    = \"orders_{date:%Y%m%d}_{seq:4}.json\"
  owner        = \"sales@example.com\"
  dataset      = \"raw\"
  table        = \"orders\"
  schema       = \"../schemas/orders.schema.json\"
  table_schema = \"../tables/orders.json\"
}";
    assert_eq!(to_paste(&orders()), expected);
}
