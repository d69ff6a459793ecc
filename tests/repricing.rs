//! Two revisions in; the queries whose cost differs, by how much and why, out.

use feedgate::estimate::repricing::Difference;
use feedgate::report::{Pages, View, json, markdown, text};
use feedgate::rules::catalogue::Catalogue;
use feedgate::text::{Date, RepoPath, Span};
use feedgate::{Options, Run, Tree, TreeFile, lint};
use std::iter;

const FEED: &str = "\
feed: orders
delivery: { cadence: daily, rows: 1000 }
schema: ../schemas/orders.json
table:
  dataset: raw
  name: orders
  schema: ../tables/orders.json
  partitioning: { type: DAY, field: day, expiration: 100 days }
";
const COLUMNS: &str = r#"[
 {"name": "day", "type": "DATE", "mode": "REQUIRED"}, {"name": "n", "type": "INT64", "mode": "REQUIRED"},
 {"name": "state", "type": "STRING", "mode": "REQUIRED"}]"#;
const SCHEMA: &str = r#"{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": ["state"],
 "properties": {"state": {"type": "string", "maxLength": 2}, "remark": {"type": "string", "maxLength": 9}}}"#;
const STATISTICS: &str = r#"[{"tableReference": {"projectId": "p", "datasetId": "shop", "tableId": "items"},
 "numRows": "1000", "schema": {"fields": [{"name": "n", "type": "INTEGER", "mode": "REQUIRED"}]}}]"#;
const SQL: &str = "\
SELECT n FROM raw.orders WHERE day = CURRENT_DATE();
SELECT day, n FROM raw.orders;
SELECT state FROM raw.orders;
SELECT n FROM shop.items;
";
const VIEW: &str = "CREATE VIEW raw.recent AS SELECT day, n FROM raw.orders WHERE day >= '2026-08-20'";
const OF_VIEW: &str = "SELECT n FROM raw.recent";
const CONFIG: &str = "runs: { 'sql/**/*.sql': 10/month }\nprices: { us: 6.25 }\n";

const BASE: [(&str, &str); 8] = [
    ("feeds/orders.yaml", FEED),
    ("tables/orders.json", COLUMNS),
    ("schemas/orders.json", SCHEMA),
    ("feedgate.tables.json", STATISTICS),
    ("sql/a.sql", SQL),
    ("sql/views/v.sql", VIEW),
    ("sql/b.sql", OF_VIEW),
    ("feedgate.yaml", CONFIG),
];

fn tree(files: &[(&str, &str)]) -> Tree {
    let file =
        |(path, text): &(&str, &str)| TreeFile { path: RepoPath::new(path).expect("a plain path"), content: Ok((*text).into()) };
    Tree { files: files.iter().map(file).collect() }
}

fn compare(base: &Tree, head: &Tree) -> Run {
    let today = Date { year: 2026, month: 8, day: 22 };
    let options = Options::new(today);
    lint(head, Some(base), Catalogue::embedded(), &options)
}

/// The base with one text in one file put in place of another.
fn edited(path: &str, from: &str, to: &str) -> Tree {
    let mut tree = tree(&BASE);
    edit(&mut tree, path, from, to);
    tree
}

fn edit(tree: &mut Tree, path: &str, from: &str, to: &str) {
    let file = tree.files.iter_mut().find(|file| file.path.as_str() == path).expect("the file is there");
    let text = file.content.clone().expect("it was read");
    assert!(text.contains(from), "{path}: {from}");
    file.content = Ok(text.replacen(from, to, 1).into());
}

fn shown(run: &Run) -> Vec<String> {
    let repricing = run.report.repricing.as_ref().expect("there is a base");
    let place = |span: Option<Span>| {
        let file =
            |span: Span| format!("{}:{}", run.files.get(span.file).path, run.files.get(span.file).position(span.start).line);
        span.map_or("nowhere".to_owned(), file)
    };
    let ends = |difference: Difference<i64>| match (difference.low, difference.high) {
        (Some(low), Some(high)) if low == high => format!("{low:+}"),
        (low, high) => format!(
            "{}..{}",
            low.map_or(String::new(), |low| format!("{low:+}")),
            high.map_or(String::new(), |high| format!("{high:+}"))
        ),
    };
    let lines = repricing.queries.iter().map(|repriced| {
        let name = repriced.query().expect("one of two is there");
        let bytes = repriced.bytes().map_or("unknown".to_owned(), ends);
        let causes: Vec<String> = repriced
            .causes
            .iter()
            .map(|cause| format!("{} ({} → {})", cause.text, place(cause.base), place(cause.head)))
            .collect();
        format!("{name} {}: {bytes}: {}", repriced.kind().name(), causes.join("; "))
    });
    lines.collect()
}

/// What comes of one edit.
fn after(path: &str, from: &str, to: &str) -> Vec<String> {
    shown(&compare(&tree(&BASE), &edited(path, from, to)))
}

/// Edits of one text in one file: path, what stands there, and what is put in its place.
const EDITS: &[(&str, &str, &str)] = &[
    ("feeds/orders.yaml", "type: DAY", "type: MONTH"),
    ("feeds/orders.yaml", "100 days", "200 days"),
    ("feeds/orders.yaml", "  partitioning", "  clustering: [n]\n  partitioning"),
    ("feeds/orders.yaml", "rows: 1000", "rows: 2000"),
    ("feeds/orders.yaml", "cadence: daily", "cadence: weekly"),
    ("feeds/orders.yaml", "delivery: { cadence: daily, rows: 1000 }\n", ""),
    ("tables/orders.json", "\"INT64\"", "\"NUMERIC\""),
    ("schemas/orders.json", "\"maxLength\": 2", "\"maxLength\": 20"),
    // Nothing reads this one.
    ("schemas/orders.json", "\"maxLength\": 9", "\"maxLength\": 90"),
    ("feedgate.tables.json", "\"1000\"", "\"3000\""),
    ("sql/views/v.sql", "2026-08-20", "2026-08-10"),
    ("feedgate.yaml", "10/month", "20/month"),
    ("feedgate.yaml", "us: 6.25", "us: 5"),
    // A statement before the others moves their numbers.
    ("sql/a.sql", "SELECT n FROM raw", "SELECT day FROM raw.orders;\nSELECT n FROM raw"),
    // The only statement of a file becomes one of two.
    ("sql/b.sql", "SELECT n", "SELECT 1;\nSELECT n"),
    ("sql/a.sql", "SELECT day, n FROM raw.orders;\n", ""),
    ("sql/a.sql", "SELECT day, n FROM", "SELECT day FROM"),
    // Written otherwise, at the same cost.
    ("sql/a.sql", "SELECT day, n FROM", "SELECT n, day FROM"),
    ("sql/a.sql", "SELECT n FROM shop.items", "SELECT n FROM shop.others"),
];

#[test]
fn an_edit_reprices_the_queries_that_it_reaches() {
    let lines = EDITS.iter().flat_map(|(path, from, to)| {
        let heading = format!("{path}: {from:?} → {to:?}");
        iter::once(heading).chain(after(path, from, to).into_iter().map(|line| format!("    {line}")))
    });
    insta::assert_snapshot!("edits", lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_file_that_moves_is_no_change() {
    let mut head = tree(&BASE);
    for file in &mut head.files {
        if file.path.as_str() == "sql/a.sql" {
            file.path = RepoPath::new("sql/moved/a.sql").expect("a plain path");
        }
    }
    assert_eq!(shown(&compare(&tree(&BASE), &head)), Vec::<String>::new());
}

#[test]
fn a_table_that_has_another_name_is_the_same_table() {
    let mut head = tree(&BASE);
    edit(&mut head, "feeds/orders.yaml", "name: orders", "name: sales");
    edit(&mut head, "feeds/orders.yaml", "rows: 1000", "rows: 2000");
    edit(&mut head, "sql/views/v.sql", "raw.orders", "raw.sales");
    edit(&mut head, "sql/a.sql", "day, n FROM raw.orders", "day, n FROM raw.sales");
    insta::assert_snapshot!("renamed", shown(&compare(&tree(&BASE), &head)).join("\n"));
}

#[test]
fn every_format_says_it() {
    let run = compare(&tree(&BASE), &edited("feeds/orders.yaml", "rows: 1000", "rows: 20000000000"));
    let pages = Pages::default();
    let view = View { files: &run.files, report: &run.report, pages: &pages, prefix: "" };
    let part = |text: String, from: &str, to: &str| {
        let start = text.find(from).unwrap_or_else(|| panic!("{from}: {text}"));
        let rest = &text[start..];
        rest[..rest.find(to).unwrap_or(rest.len())].to_owned()
    };
    insta::assert_snapshot!("text", part(text::render(&view, &text::TextOptions::default()), "changed costs", "\n\n"));
    insta::assert_snapshot!(
        "markdown",
        part(markdown::render(&json::told(&view), &markdown::MarkdownOptions::default()), "| **Cost**", "<sub>")
    );
    let report: serde_json::Value = serde_json::from_str(&json::render(&view)).expect("it is JSON");
    insta::assert_snapshot!("json", serde_json::to_string_pretty(&report["repricing"]["queries"][0]).expect("it was JSON"));
    let sum = &report["repricing"]["cost_usd_per_month"];
    assert_eq!((&sum["queries"], &sum["unknown"]), (&4.into(), &0.into()));
}
