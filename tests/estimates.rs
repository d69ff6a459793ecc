//! Statements and statistics go in, figures come out: what each kind of statement, of table and of value counts, and that
//! nothing is more certain than what it rests on.

mod common;

use feedgate::estimate::{Accuracy, Bounds, Estimate};
use feedgate::text::Date;

const TODAY: Date = Date { year: 2026, month: 8, day: 22 };

fn table(name: &str, rest: &str) -> String {
    format!(r#"{{"tableReference": {{"projectId": "p", "datasetId": "d", "tableId": "{name}"}}, {rest}}}"#)
}

/// Tables of 100 rows, as BigQuery prints them or as people write them down.
fn statistics() -> String {
    let fields =
        r#""schema": {"fields": [{"name": "a", "type": "INTEGER", "mode": "REQUIRED"}, {"name": "s", "type": "STRING"}]}"#;
    let sizes = r#""columnBytes": {"a": 800, "s": 500}"#;
    let query = r#""view": {"query": "SELECT s, a FROM `p.d.full`"}"#;
    let kept = r#""materializedView": {"query": "SELECT a, COUNT(*) AS n FROM `p.d.full` GROUP BY a"}"#;
    let parquet = r#""externalDataConfiguration": {"sourceFormat": "PARQUET"}"#;
    let tables = [
        table("full", &format!(r#""numRows": "100", "numBytes": "1300", {fields}, {sizes}"#)),
        table("more", &format!(r#""numRows": 100, "numTotalLogicalBytes": 5000, "numBytes": 1, {fields}, {sizes}"#)),
        table(
            "means",
            &format!(r#""numRows": "100.0", "numBytes": 1300.4, {fields}, "columnBytes": {{"A": 800.0, "s": "499.6"}}"#),
        ),
        table("bare", r#""numRows": "100", "numBytes": "1300""#),
        table("also_bare", r#""numRows": "100", "numBytes": "1300""#),
        table("rows", &format!(r#""numRows": "100", {fields}"#)),
        table(
            "typed",
            r#""numRows": "100", "schema": {"fields": [{"name": "n", "type": "FLOAT"}, {"name": "r", "type": "BOOLEAN", "mode": "REQUIRED"}, {"name": "g", "type": "GEOGRAPHY", "mode": "REQUIRED"}, {"name": "j", "type": "JSON"}, {"name": "l", "type": "INTEGER", "mode": "REPEATED"}]}"#,
        ),
        table("empty", &format!(r#""numRows": "0", "numBytes": "0", {fields}"#)),
        table("unread", fields),
        table("files", &format!(r#""type": "EXTERNAL", "numRows": "100", {fields}, {sizes}"#)),
        table(
            "lake",
            &format!(
                r#""numRows": "100", {parquet}, "schema": {{"fields": [{{"name": "a", "type": "INT64", "mode": "REQUIRED"}}]}}"#
            ),
        ),
        table("csv", r#""type": "EXTERNAL", "externalDataConfiguration": {"sourceFormat": "CSV"}"#),
        table(
            "clustered",
            &format!(r#""numRows": "100", "numBytes": "1300", "clustering": {{"fields": ["s", "a"]}}, {fields}, {sizes}"#),
        ),
        table(
            "buffered",
            &format!(r#""numRows": "100", "numBytes": "1300", {fields}, {sizes}, "streamingBuffer": {{"estimatedRows": "7"}}"#),
        ),
        table("seen", query),
        table("kept", kept),
        table(
            "kept_and_known",
            &format!(
                r#"{kept}, "type": "MATERIALIZED_VIEW", "numRows": "10", "schema": {{"fields": [{{"name": "a", "type": "INTEGER", "mode": "REQUIRED"}}]}}"#
            ),
        ),
        table(
            "records",
            r#""numRows": "100", "columnBytes": {"s": 900, "s.a": 300, "j": 5000}, "schema": {"fields": [{"name": "s", "type": "RECORD", "fields": [{"name": "a", "type": "STRING"}, {"name": "b", "type": "STRING"}]}, {"name": "j", "type": "JSON"}]}"#,
        ),
        table(
            "days",
            &format!(
                r#""numRows": "100", "numBytes": "2000", "timePartitioning": {{"type": "DAY", "field": "d"}}, {}, "columnBytes": {{"d": 800, "a": 800}}, "partitions": [{{"partition_id": "20260801", "total_rows": "30"}}]"#,
                r#""schema": {"fields": [{"name": "d", "type": "DATE"}, {"name": "a", "type": "INTEGER"}]}"#
            ),
        ),
        table("no_days", r#""timePartitioning": {"field": "d"}, "partitions": []"#),
        table("day_1", &format!(r#""numRows": "10", "numBytes": "130", {fields}, "columnBytes": {{"a": 80, "s": 50}}"#)),
        table("day_2", &format!(r#""numRows": "10", "numBytes": "130", {fields}, "columnBytes": {{"a": 80, "s": 50}}"#)),
    ];
    format!("[{}]", tables.join(",\n"))
}

fn estimate(sql: &str) -> Estimate {
    common::estimate(sql, &statistics(), TODAY)
}

fn check(cases: &[(&str, &str)]) {
    let found: Vec<(&str, String)> = cases.iter().map(|(sql, _)| (*sql, common::figure(&estimate(sql)))).collect();
    let expected: Vec<(&str, String)> = cases.iter().map(|(sql, expected)| (*sql, (*expected).to_owned())).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_star_reads_what_the_table_holds_and_a_name_what_its_column_holds() {
    check(&[
        ("SELECT * FROM d.full", "1300 exact"),
        ("SELECT a, s FROM d.full", "1300 exact"),
        ("SELECT s FROM d.full", "500 exact"),
        ("SELECT * FROM d.means", "1300 exact"),
        ("SELECT a FROM d.means", "800 exact"),
        ("SELECT s FROM d.means", "500 exact"),
        ("SELECT COUNT(*), COUNT(1) FROM d.full", "0 exact"),
        ("SELECT COUNT(*) FROM d.seen", "0 exact"),
        ("SELECT a FROM d.seen", "800 exact"),
    ]);
}

#[test]
fn a_schema_that_leaves_columns_out_bounds_nothing_but_the_star() {
    check(&[
        ("SELECT * FROM d.more", "5000 exact"),
        ("SELECT a, s FROM d.more", "1300 exact"),
        ("SELECT * EXCEPT (a) FROM d.more", "4200 exact"),
        ("SELECT t FROM d.more AS t", "5000 exact"),
        ("SELECT TO_JSON_STRING(t) FROM d.more AS t", "5000 exact"),
        ("WITH c AS (SELECT * FROM d.more) SELECT * FROM c UNION ALL SELECT * FROM c", "5000 exact"),
        ("WITH c AS (SELECT * FROM d.more) SELECT a FROM c", "800 exact"),
        ("SELECT a FROM (SELECT DISTINCT * FROM d.more)", "5000 exact"),
        ("FROM d.more |> WHERE a > 1", "5000 exact"),
        ("SELECT * FROM d.bare", "1300 exact"),
        ("SELECT COUNT(*) FROM d.bare", "0 exact"),
        ("SELECT a FROM d.bare", "0-1300 upper"),
        ("SELECT * EXCEPT (a) FROM d.bare", "0- unknown"),
        ("SELECT x FROM d.bare JOIN d.also_bare USING (y)", "0- unknown"),
        ("SELECT COUNT(*) FROM d.bare JOIN d.also_bare ON x = y", "0- unknown"),
    ]);
}

#[test]
fn rows_and_types_are_bounds_where_values_may_be_null_or_of_any_length() {
    check(&[
        ("SELECT a FROM d.rows", "800 exact"),
        ("SELECT s FROM d.rows", "0- unknown"),
        ("SELECT * FROM d.rows", "800- lower"),
        ("SELECT n FROM d.typed", "0-800 upper"),
        ("SELECT r FROM d.typed", "100 exact"),
        ("SELECT g FROM d.typed", "1600- lower"),
        ("SELECT j FROM d.typed", "0- unknown"),
        ("SELECT l FROM d.typed", "0- unknown"),
        ("SELECT * FROM d.empty", "0 exact"),
        ("SELECT s FROM d.empty", "0 exact"),
        ("SELECT a FROM d.unread", "0- unknown"),
        ("SELECT a FROM d.nowhere", "0- unknown"),
    ]);
}

#[test]
fn records_and_json_are_known_as_a_whole_or_by_their_parts() {
    check(&[
        ("SELECT s FROM d.records", "900 exact"),
        ("SELECT s.a FROM d.records", "300 exact"),
        ("SELECT s.b FROM d.records", "600 exact"),
        ("SELECT JSON_VALUE(j.x) FROM d.records", "0-5000 upper"),
    ]);
}

#[test]
fn an_external_table_is_a_lower_bound_and_a_clustered_one_an_upper() {
    check(&[
        ("SELECT a FROM d.files", "0-800 lower"),
        ("SELECT COUNT(*) FROM d.files", "0- lower"),
        ("SELECT a FROM d.lake", "0-800 lower"),
        ("SELECT * FROM d.csv", "0- lower"),
        ("SELECT a FROM d.csv", "0- lower"),
        ("SELECT f.s FROM d.full AS f JOIN d.lake AS l USING (a)", "1300-2100 lower"),
        ("SELECT a FROM d.clustered WHERE s = 'x'", "0-1300 upper"),
        ("SELECT COUNT(*) FROM d.clustered", "0 exact"),
        ("SELECT l.a FROM d.clustered AS l JOIN d.clustered AS r ON l.a = r.a WHERE l.s = 'x' AND r.s = 'y'", "0-2600 upper"),
        ("SELECT l.a FROM d.clustered AS l JOIN d.clustered AS r ON l.a = r.a WHERE l.s = 'x'", "0-1300 upper"),
    ]);
}

#[test]
fn what_is_taken_for_granted_makes_a_range() {
    check(&[
        ("SELECT a FROM d.buffered", "800 range"),
        ("SELECT a FROM d.full FOR SYSTEM_TIME AS OF '2026-08-21 00:00:00+00'", "800 range"),
        ("SELECT a FROM APPENDS(TABLE d.full, NULL, NULL)", "0-1300 range"),
        ("SELECT a FROM CHANGES(TABLE d.full, NULL, NULL)", "0-1300 range"),
        ("SELECT a, n FROM d.kept", "0-800 upper"),
        ("SELECT a FROM d.kept_and_known", "80- lower"),
        ("SELECT a FROM d.days WHERE d = '2026-08-01'", "480 range"),
        ("SELECT * FROM d.days WHERE d = '2026-08-01'", "600 range"),
        ("SELECT * FROM d.no_days WHERE d >= '2026-01-01'", "0 exact"),
        ("SELECT x FROM d.no_days", "0 exact"),
    ]);
    for sql in ["SELECT a FROM d.buffered", "SELECT a FROM APPENDS(TABLE d.full, NULL, NULL)", "SELECT a FROM d.kept"] {
        assert!(
            estimate(sql)
                .notes
                .iter()
                .any(|note| note.contains("taken") || note.contains("not counted") || note.contains("up to date")),
            "{sql}"
        );
    }
}

#[test]
fn each_kind_of_statement_has_its_formula() {
    check(&[
        ("CREATE TABLE d.new AS SELECT s FROM d.full", "500 exact"),
        ("EXPORT DATA OPTIONS (uri = 'gs://b/*', format = 'CSV') AS SELECT s FROM d.full", "500 exact"),
        ("INSERT INTO d.full (a) SELECT a FROM d.more", "800 exact"),
        ("INSERT INTO d.full (a) VALUES (1)", "0 exact"),
        ("UPDATE d.full SET a = 1 WHERE s = 'x'", "1300-2600 upper"),
        ("DELETE FROM d.full WHERE s = 'x'", "1300-1800 upper"),
        ("DELETE FROM d.full WHERE TRUE", "1300 exact"),
        ("MERGE d.full AS t USING d.more AS s ON t.a = s.a WHEN NOT MATCHED THEN INSERT (a) VALUES (s.a)", "1600 exact"),
        ("MERGE d.full AS t USING d.more AS s ON t.a = s.a WHEN MATCHED THEN DELETE", "1600-2900 upper"),
        ("CREATE VIEW d.v AS SELECT a FROM d.full", "0 exact"),
        ("CREATE TABLE d.new (a INT64)", "0 exact"),
        ("TRUNCATE TABLE d.full", "0 exact"),
        ("DROP TABLE d.full", "0 exact"),
        ("LOAD DATA INTO d.full FROM FILES (format = 'CSV', uris = ['gs://b/*'])", "0 exact"),
        ("CREATE SNAPSHOT TABLE d.s CLONE d.full", "0 exact"),
        ("CREATE TABLE d.s COPY d.full", "0 exact"),
        ("SELECT * FROM EXTERNAL_QUERY('c', 'SELECT 1')", "0- unknown"),
        ("SELECT a FROM d.full JOIN EXTERNAL_QUERY('c', 'SELECT a FROM b') USING (a)", "800- lower"),
        ("SELECT * FROM ML.PREDICT(MODEL d.m, (SELECT a FROM d.full))", "800 exact"),
        ("CREATE MODEL d.m OPTIONS (model_type = 'linear_reg') AS SELECT a FROM d.full", "800 range"),
        ("SELECT a FROM d.full TABLESAMPLE SYSTEM (10 PERCENT)", "800 exact"),
        ("SELECT a FROM `d.day_*`", "160 exact"),
        ("SELECT a FROM `d.day_*` WHERE _TABLE_SUFFIX = '2'", "80 exact"),
        ("SELECT table_name FROM d.INFORMATION_SCHEMA.TABLES", "10485760 exact"),
        ("SELECT job_id FROM `region-eu`.INFORMATION_SCHEMA.JOBS", "10485760- lower"),
        ("SELECT row_count FROM d.__TABLES__", "0-10485760 range"),
        ("SELECT 1", "0 exact"),
    ]);
}

#[test]
fn the_minimum_is_billed_for_each_table_and_acts_on_the_sum() {
    let billed = |sql: &str| common::bounds(estimate(sql).billed);
    let mib = |n: u64| (n << 20).to_string();
    assert_eq!(billed("SELECT a FROM d.full"), mib(10));
    assert_eq!(billed("SELECT a FROM d.full AS l JOIN d.full AS r USING (a)"), mib(10));
    assert_eq!(billed("SELECT a FROM d.full JOIN d.more USING (a)"), mib(20));
    assert_eq!(billed("SELECT a FROM `d.day_*`"), mib(20));
    assert_eq!(billed("SELECT COUNT(*) FROM d.full"), "0");
    assert_eq!(billed("TRUNCATE TABLE d.full"), "0");
    assert_eq!(billed("SELECT table_name FROM d.INFORMATION_SCHEMA.TABLES"), mib(10));
}

#[test]
fn a_model_is_trained_at_fifty_times_the_price() {
    let usd = |sql: &str| estimate(sql).cost_usd.and_then(|(_, high)| high).expect("US has a price");
    let factor = usd("CREATE MODEL d.m OPTIONS (model_type = 'kmeans') AS SELECT a FROM d.full") / usd("SELECT a FROM d.full");
    assert!((factor - 50.0).abs() < 1e-9, "{factor}");
}

/// `exact` is said only where both ends meet, nothing is unknown, and no note takes anything for granted.
#[test]
fn exact_means_that_nothing_is_left_open() {
    for sql in ["SELECT a FROM d.full", "SELECT * FROM d.more", "SELECT a FROM d.rows", "DELETE FROM d.full WHERE TRUE"] {
        let estimate = estimate(sql);
        assert_eq!(estimate.accuracy, Accuracy::Exact, "{sql}");
        assert!(estimate.bytes.is_exact() && estimate.unknown.is_empty(), "{sql}");
        assert!(estimate.notes.iter().all(|note| note.contains("USD per TiB")), "{sql}: {:?}", estimate.notes);
    }
}

/// The columns of a table by which properties are tried.
const COLUMNS: [(&str, &[&str]); 11] = [
    ("full", &["a", "s"]),
    ("more", &["a", "s"]),
    ("means", &["a", "s"]),
    ("bare", &["x", "y"]),
    ("rows", &["a", "s"]),
    ("typed", &["n", "r", "g", "j"]),
    ("records", &["s.a", "s.b", "j"]),
    ("files", &["a", "s"]),
    ("clustered", &["a", "s"]),
    ("buffered", &["a", "s"]),
    ("days", &["d", "a"]),
];

/// Every choice of the columns, each as the bits of a number.
fn choices(columns: &[&str]) -> std::ops::Range<usize> {
    1..1 << columns.len()
}

fn select(table: &str, columns: &[&str], choice: usize) -> String {
    let chosen = columns.iter().enumerate().filter(|(nth, _)| choice >> nth & 1 == 1).map(|(_, column)| *column);
    format!("SELECT {} FROM d.{table}", chosen.collect::<Vec<_>>().join(", "))
}

/// The bounds of each statement, all of them in one run.
fn all_bounds(statements: &[String]) -> Vec<Bounds> {
    let sql = statements.join(";\n");
    let found = common::estimates(&[("feedgate.tables.json", &statistics()), ("q.sql", &sql)], TODAY);
    assert_eq!(found.len(), statements.len());
    found.iter().map(|estimate| estimate.bytes).collect()
}

fn is_at_most(less: Bounds, more: Bounds) -> bool {
    less.low <= more.low && more.high.is_none_or(|more| less.high.is_some_and(|less| less <= more))
}

#[test]
fn more_columns_never_read_fewer_bytes() {
    for (table, columns) in COLUMNS {
        let statements: Vec<String> = choices(columns).map(|choice| select(table, columns, choice)).collect();
        let found = all_bounds(&statements);
        for (some, less) in choices(columns).zip(&found) {
            assert!(less.high.is_none_or(|high| less.low <= high), "{}: {less:?}", select(table, columns, some));
            for (all, more) in choices(columns).zip(&found).filter(|(all, _)| all & some == some) {
                let (few, many) = (select(table, columns, some), select(table, columns, all));
                assert!(is_at_most(*less, *more), "{few} reads {less:?}, and {many} {more:?}");
            }
        }
    }
}

#[test]
fn a_filter_adds_its_own_column_at_most() {
    for (table, columns) in COLUMNS {
        for (nth, column) in columns.iter().enumerate() {
            let with = |choice: usize| format!("{} WHERE {column} IS NOT NULL", select(table, columns, choice));
            let filtered = all_bounds(&choices(columns).map(with).collect::<Vec<_>>());
            let selected = |choice: usize| select(table, columns, choice | 1 << nth);
            let read = all_bounds(&choices(columns).map(selected).collect::<Vec<_>>());
            for ((choice, filtered), read) in choices(columns).zip(filtered).zip(read) {
                let is_bounded = read.high.is_none_or(|read| filtered.high.is_some_and(|high| high <= read));
                assert!(is_bounded, "{} is {filtered:?}, and {} is {read:?}", with(choice), selected(choice));
            }
        }
    }
}

#[test]
fn functions_of_the_repository_are_charged_where_they_are_called() {
    const DEFINED: &str = "
        CREATE OR REPLACE TABLE FUNCTION p.d.of(least INT64) AS (SELECT s, a FROM p.d.full WHERE a >= least);
        CREATE FUNCTION IF NOT EXISTS d.most(x INT64) AS ((SELECT MAX(a) FROM p.d.full WHERE a < x));
        CREATE FUNCTION d.twice(x INT64) AS (x * 2);
        CREATE TABLE FUNCTION d.round() AS (SELECT * FROM d.round());
        ";
    let cases = [
        ("SELECT s FROM d.of(3)", "1300 exact"),
        ("SELECT f.a FROM p.d.of(3) AS f", "800 exact"),
        ("SELECT COUNT(*) FROM d.of((SELECT MAX(a) FROM d.full))", "800 exact"),
        ("SELECT d.most(1) + d.most(2)", "800 exact"),
        ("SELECT d.twice(a) FROM d.full", "800 exact"),
        ("SELECT s FROM d.nobody(1)", "0- unknown"),
        ("SELECT s FROM other.of(1)", "0- unknown"),
        ("SELECT * FROM d.round()", "0- unknown"),
        ("CREATE TABLE d.made AS ... LEFT JOIN d.full", "0- unknown"),
        ("CREATE TABLE d.made CLONE d.full FOR SYSTEM_TIME AS OF '2026-08-01'", "0 exact"),
    ];
    for (sql, expected) in cases {
        assert_eq!(common::figure(&estimate(&format!("{DEFINED}{sql}"))), expected, "{sql}");
    }
}

#[test]
fn functions_of_terraform_are_charged_where_they_are_called() {
    let routine = |id: &str, kind: &str, body: &str| {
        format!(
            "resource \"google_bigquery_routine\" \"{id}\" {{\n  dataset_id = \"d\"\n  routine_id = \"{id}\"\n  routine_type = \"{kind}\"\n  \
             language = \"SQL\"\n  definition_body = \"{body}\"\n  arguments {{ name = \"least\" }}\n}}\n"
        )
    };
    let terraform = routine("of", "TABLE_VALUED_FUNCTION", "SELECT s, a FROM p.d.full WHERE a >= least")
        + &routine("most", "SCALAR_FUNCTION", "(SELECT MAX(a) FROM p.d.full WHERE a >= least)");
    let of = |sql: &str| {
        let files = [("feedgate.tables.json", &*statistics()), ("q.sql", sql), ("routines.tf", &terraform)];
        let found = common::estimates(&files, TODAY);
        let estimate = found.iter().find(|estimate| estimate.query.to_string() == "q.sql");
        common::figure(estimate.expect("the statement has an estimate"))
    };
    assert_eq!(of("SELECT s FROM d.of(3)"), "1300 exact");
    assert_eq!(of("SELECT a FROM d.of(3)"), "800 exact");
    assert_eq!(of("SELECT d.most(1)"), "800 exact");
}
