//! Queries over the history of jobs, with the columns that Google lists.

use super::{described, peer};
use feedgate::diagnostic::{Applicability, Diagnostic, fix};
use feedgate::rules::examples::Input;
use feedgate::run_example;
use feedgate::sql::{ColumnShape, metadata};
use peer::{Answer, Group};
use serde_json::{Value, json};

const COST_QUERY: &str = include_str!("../../examples/broken/sql/query_costs.sql");
const QUERY: &str = "sql/cost.sql";
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

/// What is found in a repository of this query and these files: each rule with the words it points at, and the query as it is mended.
fn found_beside(text: &str, others: &[(&str, &str)]) -> (Vec<(String, String)>, Option<String>) {
    let query = [(QUERY, text)];
    let head = others.iter().chain(&query).map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let run = run_example(&Input { head, base: None, only: Vec::new() }, &[]);
    let words = |found: &Diagnostic| (found.rule.to_string(), run.files.slice(found.primary).to_owned());
    let made = fix::make(&run.files, &run.report.diagnostics, Applicability::Unsafe);
    let mended = made.texts.into_iter().find(|(path, _)| path.as_str() == QUERY);
    (run.report.diagnostics.iter().map(words).collect(), mended.map(|(_, text)| text))
}

/// What is found in a repository of this one query, by rule.
fn found(text: &str) -> (Vec<String>, Option<String>) {
    let (found, mended) = found_beside(text, &[]);
    (found.into_iter().map(|(rule, _)| rule).collect(), mended)
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

/// Four defects are there whoever runs the query; four more where the repository, or who asks, gives reason for them.
#[test]
fn each_defect_of_the_cost_query_is_found_at_its_own_words() {
    let others = [
        ("feedgate.yaml", "version: 1\nrules: { failed-jobs-in-cost: on }\n"),
        (
            "sql/model.sql",
            "CREATE MODEL shop.churn OPTIONS (model_type = 'logistic_reg') AS SELECT age, is_gone AS label FROM shop.customers",
        ),
        (
            "terraform/slots.tf",
            "resource \"google_bigquery_reservation_assignment\" \"reports\" {\n  assignee = \"projects/acme-prod\"\n}\n",
        ),
        (
            "terraform/shop.tf",
            "resource \"google_bigquery_dataset\" \"shop\" {\n  dataset_id = \"shop\"\n  location   = \"EU\"\n}\n",
        ),
    ];
    let ours = |(rule, _): &(String, String)| {
        rule.contains("cost")
            || rule.contains("price")
            || rule.contains("history")
            || rule.contains("location")
            || rule.contains("scripts")
    };
    let (found, mended) = found_beside(COST_QUERY, &others);
    let mut found: Vec<(String, String)> = found.into_iter().filter(ours).collect();
    found.sort_unstable();
    let jobs = "region-us.INFORMATION_SCHEMA.JOBS";
    let expected = [
        ("decimal-terabyte-in-cost", "1000000000000"),
        ("failed-jobs-in-cost", jobs),
        ("model-training-in-cost", "(total_bytes_billed / 1000000000000) * 5"),
        ("outdated-query-price", "5"),
        ("reserved-jobs-in-cost", jobs),
        ("scripts-counted-twice", jobs),
        ("unwatched-location", "\"EU\""),
        ("window-beyond-job-history", "Date(creation_time) >= '2023-03-01'"),
    ];
    assert_eq!(found, expected.map(|(rule, words)| (rule.to_owned(), words.to_owned())));
    let mended = mended.expect("there are fixes");
    let mended_lines = [
        "      ((total_bytes_billed / POW(2, 40)) * 6.25 * IF(statement_type = 'CREATE_MODEL', 50, 1)) AS Cost",
        "    creation_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 30 DAY) AND (error_result IS NULL OR error_result.reason = 'stopped') AND reservation_id IS NULL AND (statement_type IS NULL OR statement_type != 'SCRIPT')",
    ];
    let changed: Vec<&str> = mended.lines().filter(|line| !COST_QUERY.contains(line)).collect();
    assert_eq!(changed, mended_lines);
    let (left, _) = found_beside(&mended, &others);
    // No query can mend that another one is missing.
    assert_eq!(left.into_iter().filter(ours).map(|(rule, _)| rule).collect::<Vec<_>>(), ["unwatched-location"]);
    assert!(asked(&[&mended]).iter().all(Answer::is_ok));
}

#[test]
fn a_region_needs_no_backticks_where_it_comes_first() {
    let statement = |path: &str| format!("SELECT job_id FROM {path}.INFORMATION_SCHEMA.JOBS");
    let paths = ["region-us", "`region-us`", "p.`region-us`", "`p.region-us`", "p.region-us"];
    let statements = paths.map(statement);
    let answers = asked(&statements.each_ref().map(String::as_str));
    assert_eq!(answers.iter().map(Answer::is_ok).collect::<Vec<_>>(), [true, true, true, true, false], "{answers:?}");
}
