//! Statements over tables with statistics: which partitions they read, and how many bytes that is.

mod common;

use feedgate::estimate::{Accuracy, Estimate};
use feedgate::text::Date;

/// Ten days of March 2024 with 100 rows each, and 50 rows that belong to no day: `d` and `n` are full, `s` differs.
const DAYS: &str = r#"{"tableReference": {"projectId": "p", "datasetId": "d", "tableId": "days"},
 "numRows": "1050", "numBytes": "26800", "timePartitioning": {"type": "DAY", "field": "d"},
 "columnBytes": {"d": 8000, "n": 8400, "s": 10400},
 "schema": {"fields": [{"name": "d", "type": "DATE"}, {"name": "n", "type": "INTEGER"}, {"name": "s", "type": "STRING"}]},
 "partitions": [PARTITIONS]}"#;

/// The same by the time of arrival, clustered, with rows that lie in the buffer.
const ARRIVALS: &str = r#"{"tableReference": {"projectId": "p", "datasetId": "d", "tableId": "arrivals"},
 "numRows": "30", "numBytes": "240", "timePartitioning": {"type": "DAY"},
 "schema": {"fields": [{"name": "n", "type": "INTEGER", "mode": "REQUIRED"}]},
 "partitions": [
  {"partition_id": "20240301", "total_rows": 10, "total_logical_bytes": 80},
  {"partition_id": "20240302", "total_rows": 15, "total_logical_bytes": 120},
  {"partition_id": "__UNPARTITIONED__", "total_rows": 5, "total_logical_bytes": 40}]}"#;

const KEYS: &str = r#"{"tableReference": {"projectId": "p", "datasetId": "d", "tableId": "keys"},
 "numRows": "600", "numBytes": "4800",
 "rangePartitioning": {"field": "k", "range": {"start": "0", "end": "100", "interval": "10"}},
 "schema": {"fields": [{"name": "k", "type": "INTEGER", "mode": "REQUIRED"}]},
 "partitions": [
  {"partition_id": "30", "total_rows": 100, "total_logical_bytes": 800},
  {"partition_id": "40", "total_rows": 200, "total_logical_bytes": 1600},
  {"partition_id": "50", "total_rows": 300, "total_logical_bytes": 2400}]}"#;

/// The same, where nothing says how wide the ranges are.
const WIDTHS_UNKNOWN: &str = r#"{"tableReference": {"projectId": "p", "datasetId": "d", "tableId": "widths_unknown"},
 "numRows": "600", "numBytes": "4800", "rangePartitioning": {"field": "k"},
 "schema": {"fields": [{"name": "k", "type": "INTEGER", "mode": "REQUIRED"}]},
 "partitions": [
  {"partition_id": "30", "total_rows": 100, "total_logical_bytes": 800},
  {"partition_id": "40", "total_rows": 500, "total_logical_bytes": 4000}]}"#;

/// One table a year, of which the first has no column `m`.
fn year(year: u16, rows: u64) -> String {
    let more = if year > 1939 { r#", {"name": "m", "type": "INTEGER", "mode": "REQUIRED"}"# } else { "" };
    let bytes = rows * if year > 1939 { 16 } else { 8 };
    format!(
        r#"{{"tableReference": {{"projectId": "p", "datasetId": "d", "tableId": "gsod{year}"}}, "numRows": "{rows}", "numBytes": "{bytes}",
 "schema": {{"fields": [{{"name": "n", "type": "INTEGER", "mode": "REQUIRED"}}{more}]}}}}"#
    )
}

/// A table of 8 GB without partitions, for samples.
const BIG: &str = r#"{"tableReference": {"projectId": "p", "datasetId": "d", "tableId": "big"},
 "numRows": "1000000000", "numBytes": "8000000000",
 "schema": {"fields": [{"name": "n", "type": "INTEGER", "mode": "REQUIRED"}]}}"#;

fn statistics() -> String {
    let day = |day: u32| {
        let bytes = 100 * 16 + 500 + u64::from(day) * 90;
        format!(r#"{{"partition_id": "202403{day:02}", "total_rows": 100, "total_logical_bytes": {bytes}}}"#)
    };
    let null = r#"{"partition_id": "__NULL__", "total_rows": 50, "total_logical_bytes": 850}"#.to_owned();
    let partitions: Vec<String> = (1..=10).map(day).chain([null]).collect();
    let years = [(1939, 10), (1940, 20), (1941, 30), (1950, 40)].map(|(at, rows)| year(at, rows));
    let mut tables =
        vec![DAYS.replace("PARTITIONS", &partitions.join(", ")), ARRIVALS.to_owned(), KEYS.to_owned(), BIG.to_owned()];
    tables.push(WIDTHS_UNKNOWN.to_owned());
    tables.extend(years);
    format!("[{}]", tables.join(",\n"))
}

fn estimate(sql: &str) -> Estimate {
    all_estimates(sql).into_iter().next().expect("the statement has an estimate")
}

fn all_estimates(sql: &str) -> Vec<Estimate> {
    let today = Date { year: 2024, month: 3, day: 9 };
    common::estimates(&[("feedgate.tables.json", &statistics()), ("q.sql", sql)], today)
}

/// Bytes, how sure they are, and partitions: `1,600 exact 2/11`.
fn figure(sql: &str) -> String {
    shown(&estimate(sql))
}

fn shown(estimate: &Estimate) -> String {
    let partitions: Vec<String> =
        estimate.tables.iter().filter_map(|table| table.partitions).map(|(read, of)| format!(" {read}/{of}")).collect();
    format!("{}{}", common::figure(estimate), partitions.concat())
}

fn check(cases: &[(&str, &str)]) {
    let found: Vec<(&str, String)> = cases.iter().map(|(sql, _)| (*sql, figure(sql))).collect();
    let expected: Vec<(&str, String)> = cases.iter().map(|(sql, expected)| (*sql, (*expected).to_owned())).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_filter_on_the_partition_column_counts_the_rows_of_its_partitions() {
    check(&[
        ("SELECT n FROM d.days", "8400 exact 11/11"),
        ("SELECT n FROM d.days WHERE d = '2024-03-04'", "1600 exact 1/11"),
        ("SELECT COUNT(*) FROM d.days WHERE d BETWEEN '2024-03-02' AND '2024-03-04'", "2400 exact 3/11"),
        ("SELECT COUNT(*) FROM d.days WHERE d < '2024-03-04'", "2400 exact 3/11"),
        ("SELECT n FROM d.days WHERE d IS NULL", "400 exact 1/11"),
        ("SELECT n FROM d.days WHERE d > '2025-01-01'", "0 exact 0/11"),
        ("SELECT n FROM d.days WHERE d >= CURRENT_DATE()", "3200 exact 2/11"),
        ("SELECT * FROM d.days WHERE d = '2024-03-04'", "2460 exact 1/11"),
        ("SELECT s FROM d.days WHERE d = '2024-03-04'", "1660 exact 1/11"),
        ("SELECT COUNT(*) FROM d.days", "0 exact"),
        ("CREATE TABLE d.copy AS SELECT n FROM d.days WHERE d = '2024-03-04'", "1600 exact 1/11"),
        (
            "EXPORT DATA OPTIONS (uri = 'gs://b/*.csv', format = 'CSV') AS SELECT n FROM d.days WHERE d = '2024-03-04'",
            "1600 exact 1/11",
        ),
        ("WITH x AS (SELECT * FROM d.days) SELECT n FROM x WHERE d = '2024-03-04'", "1600 exact 1/11"),
    ]);
}

#[test]
fn what_leaves_out_nothing_reads_the_column_as_well() {
    check(&[
        ("SELECT n FROM d.days WHERE FORMAT_DATE('%Y%m', d) = '202403'", "16400 exact 11/11"),
        ("SELECT n FROM d.days WHERE d = (SELECT MAX(d) FROM d.days)", "16400 exact 11/11"),
        ("SELECT n FROM d.days WHERE d = '2024-03-04' OR n = 1", "16400 exact 11/11"),
        ("SELECT n FROM d.days WHERE d = @day", "0-16400 range 11/11"),
        ("SELECT n FROM d.days WHERE d = @day AND d < '2024-03-03'", "0-3200 range 2/11"),
    ]);
    let estimate = estimate("SELECT n FROM d.days WHERE FORMAT_DATE('%Y%m', d) = '202403'");
    let says = |step: &feedgate::diagnostic::Label| step.text.contains("`FORMAT_DATE` is not on Google's list");
    assert!(estimate.steps.iter().any(says), "{:?}", estimate.steps);
}

#[test]
fn joins_let_filters_through_where_rows_cannot_come_back() {
    check(&[
        ("SELECT a.n FROM d.days a JOIN d.keys b ON a.n = b.k WHERE a.d = '2024-03-04'", "6400 exact 1/11 3/3"),
        ("SELECT a.n FROM d.days a LEFT JOIN d.keys b ON a.n = b.k WHERE a.d = '2024-03-04'", "6400 exact 1/11 3/3"),
        ("SELECT a.n FROM d.days a LEFT JOIN d.keys b ON a.n = b.k AND a.d = '2024-03-04'", "21200 exact 11/11 3/3"),
        ("SELECT b.k FROM d.days a LEFT JOIN d.keys b ON a.n = b.k AND b.k = 35", "9200 exact 11/11 1/3"),
        (
            "SELECT b.k FROM d.keys b FULL OUTER JOIN (SELECT n AS k, d FROM d.days) a USING (k) WHERE d = '2024-03-04'",
            "21200 exact 11/11 3/3",
        ),
        (
            "SELECT k FROM d.keys FULL OUTER JOIN (SELECT n AS k FROM d.days WHERE d = '2024-03-04') USING (k)",
            "6400 exact 1/11 3/3",
        ),
    ]);
}

#[test]
fn reads_with_different_filters_are_united_by_column() {
    let sql = "SELECT a.n FROM d.days a WHERE a.d = '2024-03-01' UNION ALL SELECT b.n FROM d.days b WHERE b.d = '2024-03-02'";
    check(&[(sql, "3200 exact 2/11")]);
}

#[test]
fn what_with_names_is_read_where_each_of_its_names_reads_it() {
    let with = |query: &str| format!("WITH x AS (SELECT * FROM d.days) {query}");
    let both = with("SELECT n FROM x WHERE d = '2024-03-01' UNION ALL SELECT n FROM x WHERE d = '2024-03-02'");
    let one = with("SELECT n FROM x WHERE d = '2024-03-01' UNION ALL SELECT n FROM x");
    check(&[(&both, "3200 exact 2/11"), (&one, "16400 exact 11/11")]);
}

#[test]
fn a_condition_that_hangs_on_a_parameter_leaves_a_range() {
    check(&[
        ("SELECT n FROM d.days WHERE @all OR d = '2024-03-04'", "0-16400 range 11/11"),
        ("SELECT n FROM d.days WHERE (@day IS NULL OR d = @day) AND d < '2024-03-03'", "0-3200 range 2/11"),
        ("SELECT n FROM d.days WHERE IF(@late, d = '2024-03-04', d < '2024-03-03')", "0-4800 range 3/11"),
        ("SELECT n FROM d.days WHERE IF(@late, d = '2024-03-04', n = 1)", "16400 exact 11/11"),
        ("SELECT n FROM d.days WHERE FALSE OR d = '2024-03-04'", "1600 exact 1/11"),
        ("SELECT n FROM d.days WHERE IF(1 = 1, d = '2024-03-04', d < '2024-03-03')", "1600 exact 1/11"),
        ("SELECT n FROM `p.d.gsod19*` WHERE IF(@late, _TABLE_SUFFIX = '50', _TABLE_SUFFIX = '41')", "0-560 range"),
    ]);
}

#[test]
fn a_filter_that_a_join_carries_may_leave_out_partitions() {
    check(&[
        (
            "SELECT a.k FROM d.keys a JOIN d.days b ON a.k = b.n JOIN d.days c ON b.d = c.d WHERE c.d = '2024-03-04'",
            "6400-21200 range 11/11 3/3",
        ),
        (
            "SELECT b.n FROM d.days a LEFT JOIN d.arrivals b ON a.d = b._PARTITIONDATE WHERE a.d = '2024-03-01'",
            "880-1040 range 2/3 1/11",
        ),
    ]);
    let estimate = estimate("SELECT n FROM d.days a LEFT JOIN d.arrivals b ON a.d = b._PARTITIONDATE WHERE a.d = '2024-03-01'");
    let says = |step: &feedgate::diagnostic::Label| step.text.contains("over the equality of a join");
    assert!(estimate.steps.iter().any(says), "{:?}", estimate.steps);
}

#[test]
fn rows_that_lie_in_no_partition_yet_may_be_read() {
    check(&[
        ("SELECT n FROM d.arrivals WHERE _PARTITIONTIME = '2024-03-01'", "80-120 range 1/3"),
        ("SELECT n FROM d.arrivals WHERE _PARTITIONDATE >= '2024-03-01'", "200-240 range 2/3"),
        ("SELECT n FROM d.arrivals", "240 exact 3/3"),
    ]);
}

#[test]
fn a_name_without_a_dataset_is_the_only_table_of_that_name() {
    check(&[("SELECT k FROM keys WHERE k BETWEEN 35 AND 45", "2400 exact 2/3")]);
}

#[test]
fn ranges_of_unknown_width_are_not_cut() {
    let estimate = estimate("SELECT k FROM d.widths_unknown WHERE k = 35");
    assert_eq!((estimate.bytes.low, estimate.bytes.high, estimate.accuracy), (0, Some(4_800), Accuracy::Range));
}

#[test]
fn ranges_of_integers_are_partitions_too() {
    check(&[
        ("SELECT k FROM d.keys WHERE k BETWEEN 35 AND 45", "2400 exact 2/3"),
        ("SELECT k FROM d.keys WHERE k + 1 = 35", "4800 exact 3/3"),
    ]);
}

#[test]
fn a_star_stands_for_the_tables_that_its_filter_leaves() {
    check(&[
        ("SELECT n FROM `p.d.gsod19*`", "800 exact"),
        ("SELECT n FROM `p.d.gsod19*` WHERE _TABLE_SUFFIX BETWEEN '40' AND '44'", "400 exact"),
        ("SELECT n, m FROM `p.d.gsod19*` WHERE _TABLE_SUFFIX IN ('39', '40')", "400 exact"),
        ("SELECT n FROM `d.gsod*` WHERE CAST(_TABLE_SUFFIX AS INT64) >= 1941", "560 exact"),
        ("SELECT n FROM `p.d.gsod19*` WHERE _TABLE_SUFFIX = FORMAT_DATE('%y', DATE '1950-01-01')", "320 exact"),
        ("SELECT n FROM `p.d.gsod19*` WHERE _TABLE_SUFFIX = @year", "0-800 range"),
        ("SELECT n FROM `p.d.gsod19*` WHERE _TABLE_SUFFIX = (SELECT '40')", "800 exact"),
        ("SELECT n FROM `p.d.gsod19*` WHERE _TABLE_SUFFIX > '99'", "0 exact"),
        ("SELECT n FROM `p.d.gsod19*` WHERE _TABLE_SUFFIX = CONCAT('4', '0')", "160 exact"),
        ("SELECT n FROM `p.d.gsod19*` WHERE _TABLE_SUFFIX LIKE '4%'", "400-800 range"),
        ("SELECT n FROM `p.d.gsod19*` t WHERE STARTS_WITH(t._TABLE_SUFFIX, '4')", "400-800 range"),
        ("SELECT n FROM `p.d.gsod19*` WHERE SUBSTR(_TABLE_SUFFIX, 1, 1) = '5'", "320-800 range"),
        ("SELECT n FROM `p.d.gsod19*` WHERE CONCAT('19', _TABLE_SUFFIX) BETWEEN '1940' AND '1941'", "400-800 range"),
        ("SELECT n FROM `p.d.gsod19*` WHERE _TABLE_SUFFIX != '50'", "480-800 range"),
        ("SELECT n FROM `p.d.gsod19*` WHERE _TABLE_SUFFIX NOT IN ('40', '41')", "400-800 range"),
        ("SELECT n FROM `p.d.gsod19*` WHERE NOT _TABLE_SUFFIX LIKE '4%' AND _TABLE_SUFFIX < '50'", "80-480 range"),
        ("SELECT n FROM `p.d.gsod19*` WHERE REGEXP_CONTAINS(_TABLE_SUFFIX, r'^4[01]$')", "400-800 range"),
        ("SELECT n FROM `p.d.gsod*` WHERE PARSE_DATE('%Y', _TABLE_SUFFIX) >= '1941-01-01'", "560-800 range"),
        ("SELECT n FROM `p.d.gsod19*` WHERE _TABLE_SUFFIX LIKE @pattern", "0-800 range"),
        ("SELECT n FROM `p.d.gsod19*` WHERE _TABLE_SUFFIX = CAST(n AS STRING)", "800 exact"),
    ]);
    let billed = estimate("SELECT n FROM `p.d.gsod19*` WHERE _TABLE_SUFFIX < '41'").billed;
    assert_eq!((billed.low, billed.high), (20 << 20, Some(20 << 20)), "each table counts for the minimum");
}

#[test]
fn a_sample_reads_a_part_of_a_large_table() {
    check(&[
        ("SELECT n FROM d.big", "8000000000 exact"),
        ("SELECT n FROM d.big TABLESAMPLE SYSTEM (10 PERCENT)", "800000000 range"),
        ("SELECT k FROM d.keys TABLESAMPLE SYSTEM (10 PERCENT)", "4800 exact 3/3"),
    ]);
}

#[test]
fn changes_are_charged_for_the_partitions_that_they_touch() {
    check(&[
        ("DELETE FROM d.days WHERE d = '2024-03-04'", "0 exact"),
        ("DELETE FROM d.days WHERE d < '2024-03-04'", "0 exact"),
        ("DELETE FROM d.days WHERE d = '2024-03-04' AND n = 1", "1600-4060 upper 1/11 1/11"),
        ("DELETE FROM d.days WHERE d = '2024-03-04' AND RAND() < 0.5", "800-3260 upper 1/11 1/11"),
        ("DELETE FROM d.days WHERE d = '2024-03-04' AND TRUE", "0 exact"),
        ("DELETE FROM d.days WHERE n = 1", "8400-35200 upper 11/11 11/11"),
        ("UPDATE d.days SET n = 2 WHERE d = '2024-03-04'", "1600-4060 upper 1/11 1/11"),
        ("INSERT INTO d.keys (k) SELECT n FROM d.days WHERE d = '2024-03-04'", "1600 exact 1/11"),
        (
            "MERGE d.days t USING d.keys s ON t.n = s.k AND t.d = '2024-03-04' WHEN MATCHED THEN UPDATE SET n = 1",
            "6400-8860 upper 1/11 3/3 1/11",
        ),
        (
            "MERGE d.days t USING d.keys s ON t.n = s.k AND t.d = '2024-03-04' WHEN NOT MATCHED THEN INSERT (n) VALUES (s.k)",
            "6400 exact 1/11 3/3",
        ),
    ]);
}

#[test]
fn one_more_condition_never_costs_more_than_all_partitions() {
    let conditions = [
        "d = '2024-03-04'",
        "d >= '2024-03-03'",
        "d < '2024-03-08'",
        "d BETWEEN '2024-03-02' AND '2024-03-05'",
        "d IN ('2024-03-01', '2024-03-09')",
        "d IS NULL",
        "d = @day",
        "DATE_TRUNC(d, MONTH) = '2024-03-01'",
        "EXTRACT(MONTH FROM d) = 3",
        "d != '2024-03-04'",
    ];
    let high = |sql: &str| estimate(sql).bytes.high.expect("everything is known of the table");
    for columns in ["d", "n, d", "s, d", "*"] {
        let whole = high(&format!("SELECT {columns} FROM d.days"));
        for first in conditions {
            let one = high(&format!("SELECT {columns} FROM d.days WHERE {first}"));
            assert!(one <= whole, "{columns} WHERE {first}: {one} of {whole}");
            for second in conditions {
                let two = high(&format!("SELECT {columns} FROM d.days WHERE {first} AND {second}"));
                assert!(two <= one, "{columns} WHERE {first} AND {second}: {two} of {one}");
            }
        }
    }
}

#[test]
fn long_lists_and_many_reads_are_bounded() {
    let list = (0..100_000).map(|n| format!("'2024-{:02}-{:02}'", n % 12 + 1, n % 28 + 1)).collect::<Vec<_>>().join(", ");
    assert_eq!(figure(&format!("SELECT n FROM d.days WHERE d IN ({list})")), "3200 exact 2/11");
    let read = |n: u32| format!("SELECT n FROM d.days WHERE d >= '{:04}-01-01'", 2000 + n % 7_000);
    let many = (0..2_000).map(read).collect::<Vec<_>>().join(" UNION ALL ");
    assert!(figure(&many).starts_with("16000"), "all days are read");
}

/// The figure of the last statement of a script.
fn last(script: &str) -> String {
    let estimates = all_estimates(script);
    shown(estimates.last().expect("the last statement has an estimate"))
}

#[test]
fn variables_with_one_value_leave_out_partitions() {
    let cases = [
        ("DECLARE day DATE DEFAULT '2024-03-04'; SELECT n FROM d.days WHERE d = day", "1600 exact 1/11"),
        ("DECLARE day DATE; SET day = DATE '2024-03-04'; SELECT n FROM d.days WHERE d = day", "1600 exact 1/11"),
        ("DECLARE day, other DATE DEFAULT '2024-03-04'; SELECT n FROM d.days WHERE d = other", "1600 exact 1/11"),
        (
            "DECLARE day DATE DEFAULT '2024-03-04'; DECLARE next DATE DEFAULT DATE_ADD(day, INTERVAL 1 DAY); SELECT n FROM d.days WHERE d BETWEEN day AND next",
            "3200 exact 2/11",
        ),
        ("BEGIN DECLARE day DATE DEFAULT '2024-03-04'; SELECT n FROM d.days WHERE d = day; END", "1600 exact 1/11"),
        // Two values, one that a run may not come past, none yet, or one that is only found when it runs.
        (
            "DECLARE day DATE DEFAULT '2024-03-04'; SET day = '2024-03-05'; SELECT n FROM d.days WHERE d = day",
            "0-16400 range 11/11",
        ),
        (
            "DECLARE day DATE; IF RAND() < 0.5 THEN SET day = '2024-03-04'; END IF; SELECT n FROM d.days WHERE d = day",
            "0-16400 range 11/11",
        ),
        (
            "DECLARE day DATE; SELECT n FROM d.days WHERE d = day; SET day = '2024-03-04'; SELECT n FROM d.days WHERE d = day",
            "1600 exact 1/11",
        ),
        ("DECLARE day DATE DEFAULT (SELECT MAX(d) FROM d.days); SELECT n FROM d.days WHERE d = day", "0-16400 range 11/11"),
        (
            "DECLARE a DATE; DECLARE b DATE DEFAULT a; SET a = '2024-03-04'; SELECT n FROM d.days WHERE d = b",
            "0-16400 range 11/11",
        ),
        ("DECLARE day DATE DEFAULT '2024-03-04'; CALL d.find(day); SELECT n FROM d.days WHERE d = day", "0-16400 range 11/11"),
        (
            "DECLARE day DATE DEFAULT '2024-03-04'; EXECUTE IMMEDIATE 'SELECT DATE \"2024-03-05\"' INTO day; SELECT n FROM d.days WHERE d = day",
            "0-16400 range 11/11",
        ),
        ("DECLARE day DATE DEFAULT '{{ ds }}'; SELECT n FROM d.days WHERE d = day", "0-16400 range 11/11"),
    ];
    let found: Vec<(&str, String)> = cases.iter().map(|(sql, _)| (*sql, last(sql))).collect();
    assert_eq!(found, cases.map(|(sql, expected)| (sql, expected.to_owned())));
    let estimate = all_estimates(cases[0].0).pop().expect("an estimate");
    assert!(estimate.notes.iter().any(|note| note.contains("a dry run does not evaluate variables")), "{:?}", estimate.notes);
}

#[test]
fn variables_without_end_are_bounded() {
    let doubled: String = (1..90).map(|n| format!("DECLARE v{n} INT64 DEFAULT v{} + v{};\n", n - 1, n - 1)).collect();
    let script = format!("DECLARE v0 INT64 DEFAULT 1;\n{doubled}SELECT k FROM d.keys WHERE k = v89");
    assert_eq!(last(&script), "0-4800 range 3/3");
}

#[test]
fn statements_that_may_run_any_number_of_times_say_so() {
    let note = |script: &str| {
        let estimates = all_estimates(script);
        let notes = estimates.last().map(|estimate| estimate.notes.join("; ")).unwrap_or_default();
        ["a condition may leave it out", "a loop may run it any number of times"]
            .into_iter()
            .find(|note| notes.contains(note))
            .unwrap_or("")
    };
    let select = "SELECT n FROM d.days;";
    assert_eq!(note(&format!("BEGIN {select} END")), "");
    assert_eq!(note(&format!("IF EXISTS(SELECT 1) THEN {select} END IF")), "a condition may leave it out");
    for head in ["LOOP", "WHILE TRUE DO", "FOR r IN (SELECT 1) DO"] {
        let kind = head.split(' ').next().unwrap_or_default();
        assert_eq!(note(&format!("{head} IF TRUE THEN {select} END IF; END {kind}")), "a loop may run it any number of times");
    }
}
