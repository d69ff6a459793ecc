//! Figures that BigQuery itself published, from statistics and statement to bytes: equal to the byte, or within what the
//! publication rounded. `tests/bytes/published.json` holds the statements, the tables, and where each figure stands.
#![expect(clippy::disallowed_methods, reason = "the published figures lie in a file")]

use feedgate::estimate::{Bounds, Estimate};
use feedgate::rules::catalogue::Catalogue;
use feedgate::text::{Date, RepoPath};
use feedgate::{Options, Tree, TreeFile, lint};
use serde_json::Value;
use std::path::Path;

fn published() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bytes/published.json");
    let text = std::fs::read_to_string(path).expect("the figures are committed");
    serde_json::from_str(&text).expect("the figures are JSON")
}

fn estimate(sql: &str, tables: &Value) -> Estimate {
    let file = |path: &str, text: String| TreeFile { path: RepoPath::new(path).expect("a plain path"), content: Ok(text.into()) };
    let tree = Tree { files: vec![file("feedgate.tables.json", tables.to_string()), file("q.sql", sql.to_owned())] };
    let today = Date { year: 2026, month: 8, day: 22 };
    let options = Options { environment: None, only: Vec::new(), paths: Vec::new(), today, location: None };
    let run = lint(&tree, None, Catalogue::embedded(), &options);
    run.report.estimates.into_iter().next().expect("the statement has an estimate")
}

/// What is wrong with a case; `None` when the figure is met.
fn judge(case: &Value, tables: &Value) -> Option<String> {
    let text = |key: &str| case[key].as_str().unwrap_or_default();
    let estimate = estimate(text("sql"), &tables[text("tables")]);
    let Bounds { low, high } = if text("metric") == "billed" { estimate.billed } else { estimate.bytes };
    let bytes = case["bytes"].as_u64().expect("a figure is a number of bytes");
    let precision = case["precision"].as_f64().expect("a precision is a number");
    // What was rounded when it was published may lie so far off, and not a byte more.
    let slack = (bytes as f64 * precision).ceil();
    let is_met = high == Some(low) && (low.abs_diff(bytes) as f64) <= slack;
    (!is_met).then(|| format!("{}: {low} to {high:?}, published {bytes} ± {slack} ({})", text("case"), text("source")))
}

#[test]
fn published_figures_are_met() {
    let published = published();
    let cases = published["cases"].as_array().expect("there are cases");
    let missed: Vec<String> = cases.iter().filter_map(|case| judge(case, &published["tables"])).collect();
    assert!(missed.is_empty(), "{} of {} missed:\n{}", missed.len(), cases.len(), missed.join("\n"));
}
