use super::calendar::{self, DAY};
use super::{Constant, Value};
use crate::sql::condition::{Condition, Test};
use crate::sql::parse::parse;
use crate::sql::resolve::resolve;
use crate::sql::{Catalog, ColumnShape, TablePath, TableShape};

struct One;

impl Catalog for One {
    fn table(&self, _: &TablePath) -> Result<(String, TableShape), String> {
        let column = ColumnShape { name: "c".to_owned(), data_type: "DATE".to_owned(), repeated: false, fields: Vec::new() };
        Ok(("d.t".to_owned(), TableShape { columns: vec![column], ..TableShape::default() }))
    }
}

/// The constant that a query compares `c` with.
fn constant(text: &str) -> Constant {
    let sql = format!("SELECT c FROM d.t WHERE c = {text}");
    let script = parse(&sql);
    let scans = script.statements.first().map(|statement| resolve(statement, &sql, &One).scans).unwrap_or_default();
    let condition = scans.first().and_then(|scan| scan.predicates.first()?.condition.clone().ok());
    match condition {
        Some(Condition::Test { test: Test::Compare(_, constant), .. }) => constant,
        other => panic!("`{text}` is no constant: {other:?}"),
    }
}

/// Its value at noon of 2024-03-15.
fn folded(text: &str) -> String {
    let noon = calendar::days(2024, 3, 15) * DAY + DAY / 2;
    match constant(text).fold(noon) {
        Ok(value) => shown(&value),
        Err(why) => format!("? {why}"),
    }
}

fn shown(value: &Value) -> String {
    let day = |days: i64| {
        let (year, month, day) = calendar::civil(days);
        format!("{year:04}-{month:02}-{day:02}")
    };
    let time = |micros: i64| {
        let second = micros.rem_euclid(DAY) / 1_000_000;
        format!("{} {:02}:{:02}:{:02}", day(micros.div_euclid(DAY)), second / 3600, second / 60 % 60, second % 60)
    };
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Text(text) => format!("'{text}'"),
        Value::Date(days) => day(*days),
        Value::Datetime(micros) => time(*micros),
        Value::Timestamp(micros) => format!("{} UTC", time(*micros)),
        Value::Interval { months, micros } => format!("{months} months {micros}"),
        Value::List(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
    }
}

#[test]
fn constants_are_worth_what_bigquery_computes() {
    let cases = [
        ("DATE '2024-02-29'", "2024-02-29"),
        ("DATE(2024, 2, 29)", "2024-02-29"),
        ("DATE '2023-02-29'", "? `2023-02-29` is not understood as a value"),
        ("TIMESTAMP '2024-03-01 12:30:00+02'", "2024-03-01 10:30:00 UTC"),
        ("TIMESTAMP('2024-03-01')", "2024-03-01 00:00:00 UTC"),
        ("DATETIME '2024-03-01T12:30:00'", "2024-03-01 12:30:00"),
        ("CURRENT_DATE()", "2024-03-15"),
        ("CURRENT_DATE", "2024-03-15"),
        ("CURRENT_DATE() - 1", "2024-03-14"),
        ("CURRENT_TIMESTAMP()", "2024-03-15 12:00:00 UTC"),
        ("DATE_SUB(CURRENT_DATE(), INTERVAL 30 DAY)", "2024-02-14"),
        ("DATE_SUB(DATE '2024-03-31', INTERVAL 1 MONTH)", "2024-02-29"),
        ("DATE_ADD(DATE '2024-02-29', INTERVAL 1 YEAR)", "2025-02-28"),
        ("DATE_TRUNC(CURRENT_DATE(), MONTH)", "2024-03-01"),
        ("DATE_TRUNC(CURRENT_DATE(), QUARTER)", "2024-01-01"),
        ("DATE_TRUNC(CURRENT_DATE(), WEEK)", "2024-03-10"),
        ("DATE_TRUNC(CURRENT_DATE(), WEEK(MONDAY))", "2024-03-11"),
        ("DATE_TRUNC(CURRENT_DATE(), ISOWEEK)", "2024-03-11"),
        ("TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 36 HOUR)", "2024-03-14 00:00:00 UTC"),
        ("TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), DAY)", "2024-03-15 00:00:00 UTC"),
        ("DATE(TIMESTAMP '2024-03-01 23:00:00', '+02:00')", "2024-03-02"),
        ("CURRENT_DATE() - INTERVAL 1 DAY", "2024-03-14 00:00:00"),
        ("CURRENT_TIMESTAMP() - INTERVAL 1 DAY", "2024-03-14 12:00:00 UTC"),
        ("CAST('2024-01-02' AS DATE)", "2024-01-02"),
        ("FORMAT_DATE('%Y%m%d', DATE_SUB(CURRENT_DATE(), INTERVAL 1 DAY))", "'20240314'"),
        ("FORMAT_DATE('%y%m', CURRENT_DATE())", "'2403'"),
        ("CONCAT('intraday_', '2024')", "'intraday_2024'"),
        ("PARSE_DATE('%Y%m%d', '20240102')", "2024-01-02"),
        ("LAST_DAY(CURRENT_DATE())", "2024-03-31"),
        ("EXTRACT(YEAR FROM CURRENT_DATE())", "2024"),
        ("DATE_DIFF(CURRENT_DATE(), DATE '2024-03-01', DAY)", "14"),
        ("-5 + 2", "-3"),
        ("@day", "? the value of `@day` is given when the query runs"),
        ("DATE(CURRENT_TIMESTAMP(), 'Europe/Paris')", "2024-03-15"),
        ("CURRENT_DATE('Pacific/Kiritimati')", "2024-03-16"),
        ("CURRENT_DATE('+12:00')", "2024-03-16"),
        ("CURRENT_DATETIME('America/New_York')", "2024-03-15 08:00:00"),
        ("CURRENT_DATE('Mars/Olympus')", "? `Mars/Olympus` is not understood as a value"),
        ("DATETIME(TIMESTAMP '2024-07-01 12:00:00', 'Europe/London')", "2024-07-01 13:00:00"),
        ("DATETIME(TIMESTAMP '2024-01-01 12:00:00', 'Europe/London')", "2024-01-01 12:00:00"),
        ("TIMESTAMP('2024-07-01 12:00:00', 'Europe/London')", "2024-07-01 11:00:00 UTC"),
        ("TIMESTAMP '2024-07-01 12:00:00 America/Los_Angeles'", "2024-07-01 19:00:00 UTC"),
        ("TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), DAY, 'America/New_York')", "2024-03-15 04:00:00 UTC"),
        ("EXTRACT(HOUR FROM CURRENT_TIMESTAMP() AT TIME ZONE 'Asia/Kolkata')", "17"),
        ("EXTRACT(DAYOFWEEK FROM DATE '2024-03-15')", "6"),
        ("EXTRACT(DAYOFYEAR FROM DATE '2024-03-15')", "75"),
        ("EXTRACT(ISOWEEK FROM DATE '2024-12-30')", "1"),
        ("EXTRACT(ISOYEAR FROM DATE '2024-12-30')", "2025"),
        ("EXTRACT(WEEK FROM DATE '2024-01-06')", "0"),
        ("EXTRACT(WEEK FROM DATE '2024-01-07')", "1"),
        ("DATE_TRUNC(DATE '2021-01-02', ISOYEAR)", "2019-12-30"),
        ("LAST_DAY(DATE '2024-02-05', QUARTER)", "2024-03-31"),
        ("LAST_DAY(DATE '2024-03-15', WEEK(MONDAY))", "2024-03-17"),
        ("DATETIME(2024, 2, 29, 23, 59, 59)", "2024-02-29 23:59:59"),
        ("DATE_DIFF(DATE '2024-03-31', DATE '2024-01-01', QUARTER)", "0"),
        ("DATE_DIFF(DATE '2024-03-10', DATE '2024-03-09', WEEK)", "1"),
        ("DATETIME_DIFF(DATETIME '2024-03-01 01:00:00', DATETIME '2024-03-01 00:59:00', HOUR)", "1"),
        ("TIMESTAMP_DIFF(TIMESTAMP '2024-03-01 01:00:00', TIMESTAMP '2024-03-01 00:01:00', HOUR)", "0"),
        ("UNIX_DATE(DATE '1970-01-11')", "10"),
        ("UNIX_SECONDS(TIMESTAMP '1970-01-01 00:01:00')", "60"),
        ("TIMESTAMP_MILLIS(UNIX_MILLIS(CURRENT_TIMESTAMP()))", "2024-03-15 12:00:00 UTC"),
        ("DATE_FROM_UNIX_DATE(1)", "1970-01-02"),
        ("PARSE_TIMESTAMP('%F %T', '2024-03-01 10:20:30')", "2024-03-01 10:20:30 UTC"),
        ("PARSE_TIMESTAMP('%Y%m%d', '20240301', 'Europe/Paris')", "2024-02-29 23:00:00 UTC"),
        ("PARSE_DATE('%b %e, %Y', 'Mar 5, 2024')", "2024-03-05"),
        ("PARSE_DATE('%Y%m%d', '2024-03-05')", "? `2024-03-05` is not understood as a value"),
        ("SAFE.PARSE_DATE('%Y%m%d', '2024-03-05')", "NULL"),
        ("SAFE_CAST('no day' AS DATE)", "NULL"),
        ("COALESCE(SAFE_CAST('no day' AS DATE), CURRENT_DATE())", "2024-03-15"),
        ("FORMAT_DATE('%G-W%V %a %j %Q', DATE '2024-12-30')", "'2025-W01 Mon 365 4'"),
        ("FORMAT_TIMESTAMP('%Y%m%d%H', CURRENT_TIMESTAMP(), 'Asia/Tokyo')", "'2024031521'"),
        ("FORMAT_DATE('%E4Y%B', CURRENT_DATE())", "'2024March'"),
        ("GENERATE_DATE_ARRAY('2024-01-31', '2024-04-30', INTERVAL 1 MONTH)", "2024-01-31, 2024-02-29, 2024-03-31, 2024-04-30"),
        ("CAST(CURRENT_DATE() AS STRING)", "'2024-03-15'"),
        ("CAST(CURRENT_DATE() AS STRING FORMAT 'YYYY')", "? the value of `CAST(… AS STRING FORMAT …)` is not worked out"),
        ("REPLACE(CAST(CURRENT_DATE() AS STRING), '-', '')", "'20240315'"),
        ("SUBSTR('20240315', 1, 6)", "'202403'"),
        ("SUBSTR('20240315', -2)", "'15'"),
        ("RIGHT('20240315', 4)", "'0315'"),
        ("LPAD(CAST(3 AS STRING), 2, '0')", "'03'"),
        ("GREATEST(DATE '2024-01-01', DATE '2024-02-01')", "2024-02-01"),
        ("IF(EXTRACT(DAY FROM CURRENT_DATE()) > 10, DATE '2024-03-01', DATE '2024-02-01')", "2024-03-01"),
        ("IF(CURRENT_DATE() BETWEEN '2024-01-01' AND '2024-02-01' OR NULL, 1, 2)", "2"),
        ("('20240315' LIKE '2024%' AND 'a_b' NOT LIKE 'a\\\\_c')", "true"),
        ("REGEXP_EXTRACT('intraday_20240315', '[0-9]+')", "'20240315'"),
        ("(LENGTH('20240315') IN (6, 8))", "true"),
        ("NOT STARTS_WITH('intraday_20240315', 'intraday')", "false"),
        ("GENERATE_ARRAY(1, 10, 4)", "1, 5, 9"),
        ("MOD(7, 0)", "? the value of `MOD` is not worked out"),
        ("INTERVAL 1 WEEK + DATE '2024-03-01'", "2024-03-08 00:00:00"),
        ("FARM_FINGERPRINT('x')", "? the value of `FARM_FINGERPRINT` is not worked out"),
        ("DATE_ADD(CURRENT_DATE(), INTERVAL 9223372036854775807 YEAR)", "? `INTERVAL YEAR` is not understood as a value"),
    ];
    for (text, expected) in cases {
        assert_eq!(folded(text), expected, "{text}");
    }
}

#[test]
fn every_day_has_one_number() {
    let mut expected = calendar::days(1899, 12, 31);
    for year in 1900..2101 {
        for month in 1..=12 {
            for day in 1..=31 {
                if let Some(found) = calendar::checked_days(year, month, day) {
                    assert_eq!((found, calendar::civil(found)), (expected + 1, (year, month, day)));
                    expected = found;
                }
            }
        }
    }
    assert_eq!(calendar::days(1970, 1, 1), 0);
}
