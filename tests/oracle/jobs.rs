//! Queries over the history of jobs, with the columns that Google lists.

use super::{described, peer};
use feedgate::diagnostic::{Applicability, fix};
use feedgate::rules::examples::Input;
use feedgate::run_example;
use feedgate::sql::{ColumnShape, metadata};
use peer::{Answer, Group};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const COST_QUERY: &str = include_str!("../../examples/broken/sql/query_costs.sql");
const COST_BY_DAY: &str = include_str!("../../examples/landing-zone/sql/cost_by_day.sql");

fn column(shape: &ColumnShape) -> Value {
    let fields: Vec<Value> = shape.fields.iter().map(column).collect();
    json!({"name": shape.name, "type": shape.data_type, "repeated": shape.repeated, "fields": fields})
}

/// The fields of some records are not known, and the analyzer has no record without.
fn is_known(shape: &ColumnShape) -> bool {
    (shape.data_type != "STRUCT" || !shape.fields.is_empty()) && shape.fields.iter().all(is_known)
}

fn asked(statements: &[&str]) -> Vec<Answer> {
    let view = metadata::view("INFORMATION_SCHEMA.JOBS").expect("it is listed");
    let columns = Value::from_iter(view.columns.iter().filter(|shape| is_known(shape)).map(column));
    let path = |first: &[&str]| first.iter().chain(&["INFORMATION_SCHEMA", "JOBS"]).map(|part| (*part).to_owned()).collect();
    let paths: Vec<Vec<String>> = vec![path(&["region-us"]), path(&["region-eu"]), path(&["p", "region-us"])];
    let tables = vec![described("jobs", &paths, &columns, None)];
    let group = Group { tables, statements: statements.iter().map(|text| (*text).to_owned()).collect() };
    peer::ask("jobs", &[group]).into_iter().flatten().collect()
}

/// What is found in a repository of this one query, by rule.
fn found(text: &str) -> (Vec<String>, Option<String>) {
    let head = BTreeMap::from([("sql/cost.sql".to_owned(), text.to_owned())]);
    let run = run_example(&Input { head, base: None, only: Vec::new() }, &[]);
    let rules = run.report.diagnostics.iter().map(|found| found.rule.to_string()).collect();
    let made = fix::make(&run.files, &run.report.diagnostics, Applicability::Unsafe);
    (rules, made.texts.into_values().next())
}

#[test]
fn the_cost_query_is_mended_in_one_go_and_the_analyzer_takes_it() {
    let (rules, mended) = found(COST_QUERY);
    let expected = ["decimal-terabyte-in-cost", "outdated-query-price", "scripts-counted-twice", "window-beyond-job-history"];
    let mut rules: Vec<&str> = rules.iter().map(String::as_str).collect();
    rules.sort_unstable();
    assert_eq!(rules, expected);
    let mended = mended.expect("there are fixes");
    assert_eq!(found(&mended), (Vec::new(), None), "{mended}");
    let ends: Vec<&str> = mended.lines().rev().take(5).collect();
    let lines = [
        "ORDER BY creation_time DESC, total_bytes_billed DESC",
        "    creation_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 30 DAY) AND (statement_type IS NULL OR statement_type != 'SCRIPT')",
        "WHERE",
        "FROM region-us.INFORMATION_SCHEMA.JOBS",
        "      ((total_bytes_billed / POW(2, 40)) * 6.25) AS Cost",
    ];
    assert_eq!(ends, lines);
    let answers = asked(&[COST_QUERY, &mended, COST_BY_DAY]);
    let refused: Vec<&Answer> = answers.iter().filter(|answer| answer.is_err()).collect();
    assert!(refused.is_empty(), "{refused:?}");
}

#[test]
fn a_region_needs_no_backticks_where_it_comes_first() {
    let statement = |path: &str| format!("SELECT job_id FROM {path}.INFORMATION_SCHEMA.JOBS");
    let paths = ["region-us", "`region-us`", "p.`region-us`", "`p.region-us`", "p.region-us"];
    let statements = paths.map(statement);
    let answers = asked(&statements.each_ref().map(String::as_str));
    assert_eq!(answers.iter().map(Answer::is_ok).collect::<Vec<_>>(), [true, true, true, true, false], "{answers:?}");
}
