//! What `CREATE` makes, one line for each.

use crate::sql::ddl::{Created, CreatedColumn, CreatedColumns};
use crate::sql::parse::parse;

const CASES: &[(&str, &str)] = &[
    ("CREATE TABLE d.t (a INT64 NOT NULL, b STRING(10) OPTIONS (description = 'x, y'))", "Table d.t (a INT64!, b STRING)"),
    (
        "CREATE OR REPLACE TABLE `p-1.d.t` (a ARRAY<STRUCT<b INT64, c ARRAY<STRING>>>, d NUMERIC(10, 2) DEFAULT 1)",
        "Table p-1.d.t (a STRUCT[]{b INT64, c STRING[]}, d NUMERIC)",
    ),
    (
        "CREATE TABLE IF NOT EXISTS my-project.d.t (a STRUCT<b INT64 NOT NULL>, PRIMARY KEY (a) NOT ENFORCED)",
        "Table my-project.d.t (a STRUCT{b INT64!})",
    ),
    ("CREATE TABLE d.t (a RANGE<DATE>, `b c` DATE,)", "Table d.t (a RANGE, b c DATE)"),
    (
        "CREATE TABLE d.t (ts TIMESTAMP) PARTITION BY DATE(ts) CLUSTER BY a, b OPTIONS (partition_expiration_days = 30, require_partition_filter = TRUE)",
        "Table d.t (ts TIMESTAMP) by Day ts for 30 days, clustered a b, filtered true",
    ),
    ("CREATE TABLE d.t (d DATE) PARTITION BY d", "Table d.t (d DATE) by Day d"),
    ("CREATE TABLE d.t (d DATE) PARTITION BY DATE_TRUNC(d, MONTH)", "Table d.t (d DATE) by Month d"),
    ("CREATE TABLE d.t (ts TIMESTAMP) PARTITION BY TIMESTAMP_TRUNC(ts, HOUR)", "Table d.t (ts TIMESTAMP) by Hour ts"),
    ("CREATE TABLE d.t (a INT64) PARTITION BY _PARTITIONDATE", "Table d.t (a INT64) by Day -"),
    ("CREATE TABLE d.t (a INT64) PARTITION BY TIMESTAMP_TRUNC(_PARTITIONTIME, YEAR)", "Table d.t (a INT64) by Year -"),
    ("CREATE TABLE d.t (x INT64) PARTITION BY RANGE_BUCKET(x, GENERATE_ARRAY(0, 100, 10))", "Table d.t (x INT64) by Range x"),
    ("CREATE TABLE d.t (x INT64) PARTITION BY MOD(x, 7)", "Table d.t (x INT64) by Unknown x"),
    ("CREATE TABLE d.t PARTITION BY d AS SELECT 1 AS d", "Table d.t of query by Day d as [SELECT 1 AS d]"),
    ("CREATE TEMP TABLE t AS SELECT 1 AS a", "temporary Table t of query as [SELECT 1 AS a]"),
    ("CREATE TEMPORARY TABLE _SESSION.t (a INT64)", "temporary Table _SESSION.t (a INT64)"),
    ("CREATE VIEW d.v (a, b OPTIONS (description = 'x')) AS SELECT 1, 2", "View d.v (a, b) as [SELECT 1, 2]"),
    (
        "CREATE OR REPLACE MATERIALIZED VIEW d.v PARTITION BY d AS (SELECT d FROM d.t)",
        "MaterializedView d.v of query by Day d as [(SELECT d FROM d.t)]",
    ),
    ("CREATE TABLE d.t LIKE d.u", "Table d.t like d.u"),
    ("CREATE TABLE d.t", "Table d.t ~ its definition names no columns"),
    ("CREATE TABLE d.t (a ARRAY)", "Table d.t ~ its list of columns is not understood"),
    ("CREATE TABLE {{ dataset }}.t (a INT64)", ""),
    ("CREATE VIEW `${project}.d.v` AS SELECT 1", ""),
    ("CREATE TABLE FUNCTION d.f() AS SELECT 1", ""),
    ("SELECT 1", ""),
];

#[test]
fn statements_create_just_these_tables() {
    for (text, expected) in CASES {
        let script = parse(text);
        let made: Vec<String> =
            script.statements.iter().filter_map(|statement| Some(show(statement.creates.as_ref()?, text))).collect();
        assert_eq!(made.join("; "), *expected, "{text}");
    }
}

#[test]
fn types_without_end_define_no_columns() {
    for depth in [30, 100_000] {
        let text = format!("CREATE TABLE d.t (a {}INT64{})", "STRUCT<a ".repeat(depth), ">".repeat(depth));
        let made = parse(&text).statements.first().and_then(|statement| statement.creates.clone());
        assert!(made.is_some_and(|made| matches!(made.columns, CreatedColumns::Unknown(_))), "{depth}");
    }
}

fn show(made: &Created, text: &str) -> String {
    let name = text.get(made.range.clone()).expect("a name lies in its text").replace('`', "");
    assert_eq!(name, made.path.to_string(), "the name stands where it is said to");
    let mut out = format!("{}{:?} {}", if made.is_temporary { "temporary " } else { "" }, made.kind, made.path);
    out += &match &made.columns {
        CreatedColumns::Listed(columns) => format!(" ({})", list(columns)),
        CreatedColumns::Named(names) => {
            format!(" ({})", names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(", "))
        }
        CreatedColumns::OfQuery => " of query".to_owned(),
        CreatedColumns::Like(path) => format!(" like {path}"),
        CreatedColumns::Unknown(why) => format!(" ~ {why}"),
    };
    if let Some(partitioning) = &made.partitioning {
        let column = partitioning.column.as_ref().map_or("-", |name| name.text.as_str());
        out += &format!(" by {:?} {column}", partitioning.unit);
        out += &partitioning.expiration_days.map(|days| format!(" for {days} days")).unwrap_or_default();
    }
    if !made.clustering.is_empty() {
        let names: Vec<&str> = made.clustering.iter().map(|name| name.text.as_str()).collect();
        out += &format!(", clustered {}", names.join(" "));
    }
    out += &made.require_partition_filter.map(|value| format!(", filtered {value}")).unwrap_or_default();
    out += &made.query.clone().map(|query| format!(" as [{}]", &text[query])).unwrap_or_default();
    out
}

fn list(columns: &[CreatedColumn]) -> String {
    let one = |column: &CreatedColumn| {
        let fields = if column.fields.is_empty() { String::new() } else { format!("{{{}}}", list(&column.fields)) };
        let mode = if column.is_repeated { "[]" } else { "" };
        let required = if column.is_required { "!" } else { "" };
        format!("{} {}{mode}{fields}{required}", column.name.text, column.data_type.text)
    };
    columns.iter().map(one).collect::<Vec<_>>().join(", ")
}
