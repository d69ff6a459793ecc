//! The sheet of all feeds: definitions in, pages out.

use feedgate::report::inventory::{Sheet, csv, json, markdown, text};
use feedgate::report::text::TextOptions;
use feedgate::rules::catalogue::Catalogue;
use feedgate::text::{Date, RepoPath};
use feedgate::{Options, Run, Tree, TreeFile, lint};

fn run(files: &[(&str, &str)]) -> Run {
    let file = |(path, text): &(&str, &str)| {
        let path = RepoPath::new(path).expect("a plain path");
        TreeFile { path, content: Ok((*text).into()) }
    };
    let tree = Tree { files: files.iter().map(file).collect() };
    let today = Date { year: 2026, month: 8, day: 22 };
    let options = Options::new(today);
    lint(&tree, None, Catalogue::embedded(), &options)
}

fn rendered(run: &Run) -> [String; 4] {
    let sheet = Sheet::of(&run.files, &run.model, &run.report);
    [text(&sheet, &TextOptions::default()), markdown(&sheet), csv(&sheet), json(&sheet)]
}

/// One feed that says much, one that says next to nothing, and one whose words do harm where they are not escaped.
const FEEDS: &str = r#"
feed: orders
description: One order as it stands at the end of the day
owner: order-desk@example.com
source: { system: Order book, contact: book@example.com }
consumers: [{ team: Market risk, dashboard: Daily volume }, { team: Finance }]
classification: internal
delivery: { cadence: weekdays, time_zone: Europe/London, due: "06:30", grace: 90 minutes, files: 2, rows: 1000, bytes: 4 MiB }
file: { name: "orders_{date:%Y%m%d}_{seq:2}.json", format: ndjson, compression: gzip, bucket: acme-landing, prefix: in/ }
schema: { type: object, properties: { id: { type: string } } }
retention: 180 days
table: { dataset: raw, name: orders, partitioning: { type: DAY, field: day } }
---
feed: quotes
delivery: { cadence: weekly }
---
feed: hostile
owner: "=HYPERLINK(\"http://x.example\",\"pay\")"
description: "a|b <img src=x> @team **bold** \u202e"
delivery: { cadence: daily, time_zone: Europe/Lodnon }
"#;

const QUERY: &str = "SELECT COUNT(*) FROM raw.orders WHERE day = '2026-08-01'";
const TABLE: &str = "CREATE TABLE raw.rates (day DATE, rate NUMERIC)";

#[test]
fn what_is_not_declared_is_asked_of_those_who_know() {
    let run = run(&[("feeds/f.yaml", FEEDS), ("sql/volume.sql", QUERY), ("sql/rates.sql", TABLE)]);
    let [text, markdown, csv, json] = rendered(&run);
    insta::assert_snapshot!("text", text);
    insta::assert_snapshot!("markdown", markdown);
    insta::assert_snapshot!("csv", csv);
    insta::assert_snapshot!("json", json);
}

#[test]
fn without_a_feed_the_sheet_says_where_to_begin() {
    let [text, markdown, csv, json] = rendered(&run(&[("sql/rates.sql", TABLE)]));
    insta::assert_snapshot!("no_feed", format!("{text}\n=====\n{markdown}"));
    assert_eq!(csv.lines().count(), 1);
    assert!(json.contains("\"feeds\": []"));
}

#[test]
fn no_cell_is_a_formula_and_no_line_a_control_character() {
    let [text, markdown, csv, _] = rendered(&run(&[("feeds/f.yaml", FEEDS)]));
    assert!(csv.contains("'=HYPERLINK"), "{csv}");
    assert!(!markdown.contains("<img") && !markdown.contains("**bold**"), "{markdown}");
    for output in [text, markdown, csv] {
        assert!(!output.contains('\u{202e}'), "{output}");
    }
}
