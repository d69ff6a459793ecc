//! Figures that BigQuery itself published, from statistics and statement to bytes. `tests/bytes/published.json` holds the
//! statements, the tables, where each figure stands, and what of an estimate it is held to:
//!
//! - `figure`: nothing is left open, and both ends are the figure, to the byte or within what its publication rounded;
//! - `high`: the table is clustered or external, where the figure is that of all blocks, and less may be read;
//! - `low`: a dry run of an external table, which counts nothing of what will be charged;
//! - `inside`: the statistics do not give the figure, so that the estimate must not claim it, and must not exclude it.
//!
//! A figure from which the statistics of its tables were worked out is held as well and not counted: it `calibrates`.
#![expect(clippy::disallowed_methods, reason = "the published figures lie in a file")]

mod common;

use feedgate::estimate::{Accuracy, Bounds, Estimate};
use feedgate::text::Date;
use serde_json::Value;
use std::path::{Path, PathBuf};

fn committed(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn published() -> Value {
    let text = std::fs::read_to_string(committed("tests/bytes/published.json")).expect("the figures are committed");
    serde_json::from_str(&text).expect("the figures are JSON")
}

fn cases(published: &Value) -> &[Value] {
    published["cases"].as_array().expect("there are cases")
}

fn estimate(sql: &str, tables: &Value) -> Estimate {
    common::estimate(sql, &tables.to_string(), Date { year: 2026, month: 8, day: 22 })
}

fn text<'a>(case: &'a Value, key: &str) -> &'a str {
    case[key].as_str().expect("a case says this in a string")
}

/// The figure, and how far off it may be: what was rounded when it was published, and not a byte more.
fn figure(case: &Value) -> (u64, u64) {
    let bytes = case["bytes"].as_u64().expect("a figure is a number of bytes");
    let precision = case["precision"].as_f64().expect("a precision is a number");
    (bytes, (bytes as f64 * precision).ceil() as u64)
}

/// What is wrong with a case; `None` when the figure is met.
fn judge(case: &Value, tables: &Value) -> Option<String> {
    let estimate = estimate(text(case, "sql"), &tables[text(case, "tables")]);
    let Bounds { low, high } = if text(case, "metric") == "billed" { estimate.billed } else { estimate.bytes };
    let (bytes, slack) = figure(case);
    let is_it = |end: u64| end.abs_diff(bytes) <= slack;
    let is_met = match text(case, "holds") {
        "figure" => high == Some(low) && is_it(low) && estimate.accuracy == Accuracy::Exact,
        "high" => high.is_some_and(is_it) && estimate.accuracy != Accuracy::Exact,
        "low" => is_it(low) && estimate.accuracy == Accuracy::LowerBound,
        "inside" => low <= bytes + slack && high.is_none_or(|high| bytes <= high + slack),
        other => panic!("`{other}` is not what a figure can be held to"),
    };
    let (name, source) = (text(case, "case"), text(case, "source"));
    let is = format!("{low} to {high:?}, {:?}", estimate.accuracy);
    (!is_met).then(|| format!("{name}: {is}, published {bytes} ± {slack} ({source})"))
}

#[test]
fn published_figures_are_met() {
    let published = published();
    let cases = cases(&published);
    let missed: Vec<String> = cases.iter().filter_map(|case| judge(case, &published["tables"])).collect();
    assert!(missed.is_empty(), "{} of {} missed:\n{}", missed.len(), cases.len(), missed.join("\n"));
}

/// A figure that the statistics do not give is not claimed.
#[test]
fn what_is_only_inside_is_no_exact_figure() {
    let published = published();
    for case in cases(&published).iter().filter(|case| text(case, "holds") == "inside") {
        let estimate = estimate(text(case, "sql"), &published["tables"][text(case, "tables")]);
        let says_why = !estimate.unknown.is_empty() || !estimate.notes.is_empty();
        assert!(estimate.accuracy != Accuracy::Exact && says_why, "{}: {:?}", text(case, "case"), estimate.accuracy);
    }
}

/// The score that the README reports is the one that the figures give.
#[test]
fn the_score_in_the_readme() {
    let published = published();
    let counted: Vec<&Value> = cases(&published).iter().filter(|case| case["calibrates"] != true).collect();
    let held: Vec<&Value> = counted.iter().filter(|case| text(case, "holds") != "inside").copied().collect();
    let exact = held.iter().filter(|case| figure(case).1 == 0).count();
    let (n, rounded, inside) = (held.len(), held.len() - exact, counted.len() - held.len());
    let score = format!(
        "Right is what BigQuery itself said. Of {n} figures that it printed and somebody published, the same code gives {exact} to the byte and\n\
         {rounded} within what the publication rounded; of {inside} more, which the statistics at hand do not give, it names bounds that hold them\n\
         (`tests/bytes/published.json`). "
    );
    let readme = std::fs::read_to_string(committed("README.md")).expect("the README is committed");
    assert!(readme.contains(&score), "the README should say:\n{score}");
}
