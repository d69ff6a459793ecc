use super::{PartitionColumn, decide};
use crate::model::Known;
use crate::model::table::{IntegerRange, PartitionKind, Partitioning};
use crate::sql::parse::parse;
use crate::sql::resolve::resolve;
use crate::sql::{Catalog, ColumnShape, Scan, TablePath, TableShape};
use crate::text::{Date, FileId, Span, Spanned};

struct Days(&'static str);

impl Catalog for Days {
    fn table(&self, path: &TablePath) -> Result<(String, TableShape), String> {
        let column = |(name, data_type): (&str, &str)| ColumnShape {
            name: name.to_owned(),
            data_type: data_type.to_owned(),
            repeated: false,
            fields: Vec::new(),
        };
        let view = path.0.last().filter(|name| *name == "v");
        let columns = [("c", self.0), ("other", "DATE"), ("id", "INT64")].map(column).to_vec();
        let view = view.map(|_| "SELECT *, DATE(c) AS day FROM d.t WHERE c >= '2024-03-05'".to_owned());
        let partition_column = Some("_PARTITIONTIME".to_owned());
        Ok((path.to_string(), TableShape { columns, view, partition_column, ..TableShape::default() }))
    }
}

fn scan(sql: &str, data_type: &'static str) -> Scan {
    let script = parse(sql);
    let statement = script.statements.first().expect("there is a statement");
    resolve(statement, sql, &Days(data_type)).scans.into_iter().next().expect("a table is read")
}

fn partitioning(kind: PartitionKind, name: Option<&str>) -> Partitioning {
    let span = Span::start_of(FileId::from_index(0));
    let column = name.map(|name| Spanned::new(name.to_owned(), span));
    let range = Some(IntegerRange { start: 0, end: 100, interval: 10 });
    Partitioning { kind, column, expiration_days: Known::Absent, range }
}

/// The partitions of March 2024, or of what the kind says, that a filter leaves on 2024-03-15; `?` where less may be left.
fn kept(condition: &str, kind: PartitionKind, data_type: &'static str) -> String {
    let name = if data_type.is_empty() { None } else { Some("c") };
    let partitioning = partitioning(kind, name);
    let column = PartitionColumn::new(&partitioning, Some(data_type));
    let from = if condition.starts_with("day ") { "d.v" } else { "d.t" };
    let sql = format!("SELECT id FROM {from} WHERE {condition}");
    let decision = decide(&scan(&sql, data_type), &column, Date { year: 2024, month: 3, day: 15 });
    let ids: Vec<String> = match kind {
        PartitionKind::Hour => (0..48).map(|hour| format!("202403{:02}{:02}", 14 + hour / 24, hour % 24)).collect(),
        PartitionKind::Day => (1..=31).map(|day| format!("202403{day:02}")).collect(),
        PartitionKind::Month => (1..=12).map(|month| format!("2024{month:02}")).collect(),
        PartitionKind::Year => (2020..=2026).map(|year| year.to_string()).collect(),
        PartitionKind::IntegerRange | PartitionKind::Unknown => (0..10).map(|n| (n * 10).to_string()).collect(),
    };
    let touched = |at: usize| -> Vec<&str> {
        let is_kept = |id: &&String| {
            column.values_of(id).is_some_and(|(first, last)| decision.kept.get(at).is_some_and(|kept| kept.touches(first, last)))
        };
        ids.iter().filter(is_kept).map(String::as_str).collect()
    };
    let shown = |kept: Vec<&str>| match kept.as_slice() {
        [] => "none".to_owned(),
        all if all.len() == ids.len() => "all".to_owned(),
        [one] => (*one).to_owned(),
        [first, .., last] => format!("{first}..{last} ({})", kept.len()),
    };
    let (early, late) = (shown(touched(0)), shown(touched(1)));
    let both = if early == late { early } else { format!("{early} or {late}") };
    format!("{both}{}", if decision.is_sure { "" } else { "?" })
}

#[test]
fn filters_on_a_date_leave_whole_days() {
    let cases = [
        ("c = '2024-03-05'", "20240305"),
        ("c < '2024-03-05'", "20240301..20240304 (4)"),
        ("c <= DATE '2024-03-05'", "20240301..20240305 (5)"),
        ("c > '2024-03-05'", "20240306..20240331 (26)"),
        ("'2024-03-05' <= c", "20240305..20240331 (27)"),
        ("c BETWEEN '2024-03-01' AND '2024-03-15'", "20240301..20240315 (15)"),
        ("c IN ('2024-03-01', '2024-03-03')", "20240301..20240303 (2)"),
        ("c IN UNNEST(GENERATE_DATE_ARRAY('2024-03-10', '2024-03-12'))", "20240310..20240312 (3)"),
        ("c IN UNNEST([DATE '2024-03-10', DATE '2024-03-12'])", "20240310..20240312 (2)"),
        ("c = '2024-03-01' OR c = '2024-03-07'", "20240301..20240307 (2)"),
        ("c = '2024-03-01' OR id = 1", "all"),
        ("c = '2024-03-05' AND id = 1", "20240305"),
        ("c IS NULL", "none"),
        ("c = NULL", "none"),
        ("c > '2024-03-10' AND c < '2024-03-10'", "none"),
        ("c >= DATE_SUB(CURRENT_DATE(), INTERVAL 7 DAY)", "20240308..20240331 (24)"),
        ("c BETWEEN CURRENT_DATE() - 7 AND CURRENT_DATE", "20240308..20240315 (8)"),
        ("c >= DATE_TRUNC(CURRENT_DATE(), MONTH)", "all"),
        ("DATE_TRUNC(c, WEEK(MONDAY)) = '2024-03-11'", "20240311..20240317 (7)"),
        ("DATE_TRUNC(c, WEEK) = '2024-03-11'", "none"),
        ("DATE_TRUNC(c, MONTH) = '2024-02-01'", "none"),
        ("EXTRACT(YEAR FROM c) = 2024", "all"),
        ("EXTRACT(YEAR FROM c) < 2024", "none"),
        ("DATE_ADD(c, INTERVAL 1 DAY) = '2024-03-05'", "20240304"),
        ("DATE_SUB(c, INTERVAL 1 DAY) = '2024-03-05'", "20240306"),
        ("DATE_DIFF(c, DATE '2024-03-01', DAY) < 3", "20240301..20240303 (3)"),
        ("DATE_DIFF(CURRENT_DATE(), c, DAY) <= 2", "20240313..20240331 (19)"),
        ("DATE_DIFF(CURRENT_DATE(), c, DAY) BETWEEN 1 AND 3", "20240312..20240314 (3)"),
        ("DATE_DIFF(c, DATE '2024-01-31', MONTH) = 2", "all"),
        ("DATE_DIFF(c, DATE '2024-03-06', WEEK) = 1", "20240310..20240316 (7)"),
        ("DATE_DIFF(c, other, DAY) = 1", "all"),
        ("DATE_ADD(c, INTERVAL 1 MONTH) < '2024-04-05'", "20240301..20240304 (4)"),
        ("DATE_SUB(c, INTERVAL 1 MONTH) >= '2024-02-29'", "20240329..20240331 (3)"),
        ("DATE_ADD(c, INTERVAL id DAY) = '2024-03-05'", "all"),
        ("c = PARSE_DATE('%d.%m.%Y', '05.03.2024')", "20240305"),
        ("c = CURRENT_DATE('Asia/Tokyo')", "20240315 or 20240316"),
        ("c = CURRENT_DATE('America/Los_Angeles')", "20240314 or 20240315"),
        ("c = SAFE_CAST('2024-13-01' AS DATE)", "none"),
        ("c BETWEEN DATE_TRUNC(DATE '2024-03-20', ISOWEEK) AND LAST_DAY(DATE '2024-03-20', ISOWEEK)", "20240318..20240324 (7)"),
        ("NOT c = '2024-03-05'", "all"),
        ("c IS NOT NULL", "all"),
        ("c IS NULL OR c = '2024-03-05'", "20240305"),
        ("(c = '2024-03-05' AND id = 1) OR c = '2024-03-06'", "all"),
        ("c IN (SELECT other FROM d.t)", "all"),
        ("CAST(c AS STRING) = '2024-03-05'", "all"),
        ("c = '2024-03-05' OR c = (SELECT MAX(c) FROM d.t)", "all"),
        ("EXTRACT(YEAR FROM c) = 2024 AND EXTRACT(MONTH FROM c) = 3", "all"),
        ("c >= DATE_SUB(@day, INTERVAL 7 DAY)", "all?"),
        ("c IN UNNEST(@days)", "all?"),
        ("IF(TRUE, c, other) = '2024-03-05'", "all"),
        ("c = @day", "all?"),
        ("c = @day AND c < '2024-03-03'", "20240301..20240302 (2)?"),
        ("c = (SELECT MAX(c) FROM d.t)", "all"),
        ("c >= other", "all"),
        ("FORMAT_DATE('%Y', c) = '2024'", "all"),
        ("EXTRACT(MONTH FROM c) = 3", "all"),
        ("c != '2024-03-05'", "all"),
        ("c NOT IN ('2024-03-05')", "all"),
    ];
    for (condition, expected) in cases {
        assert_eq!(kept(condition, PartitionKind::Day, "DATE"), expected, "{condition}");
    }
}

#[test]
fn filters_on_a_timestamp_touch_the_day_in_which_they_end() {
    let cases = [
        ("c BETWEEN '2024-03-01' AND '2024-03-15'", "20240301..20240315 (15)"),
        ("c < '2024-03-05'", "20240301..20240304 (4)"),
        ("c <= '2024-03-05'", "20240301..20240305 (5)"),
        ("c > '2024-03-05 23:59:59.999999'", "20240306..20240331 (26)"),
        ("c > '2024-03-05 23:59:59'", "20240305..20240331 (27)"),
        ("c >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 7 DAY)", "20240308..20240331 (24)"),
        ("c >= CURRENT_TIMESTAMP() - INTERVAL 12 HOUR", "20240314..20240331 (18) or 20240315..20240331 (17)"),
        ("DATE(c) = '2024-03-05'", "20240305"),
        ("DATE(c) BETWEEN '2024-03-05' AND '2024-03-07'", "20240305..20240307 (3)"),
        ("DATE(c) > '2024-03-05'", "20240306..20240331 (26)"),
        ("DATE(c, '-05:00') = '2024-03-05'", "20240305..20240306 (2) or all"),
        ("DATE(c, 'Europe/Paris') = '2024-03-05'", "20240304..20240305 (2) or all"),
        (
            "DATE(c, 'Europe/Paris') = '2024-03-05' AND c >= '2024-03-01' AND c < '2024-03-08'",
            "20240304..20240305 (2) or 20240301..20240307 (7)",
        ),
        ("DATE(c, 'Europe/Pariss') = '2024-03-05'", "all?"),
        ("EXTRACT(DATE FROM c AT TIME ZONE 'America/New_York') = '2024-03-05'", "20240305..20240306 (2) or all"),
        ("FORMAT_TIMESTAMP('%F', c, 'Asia/Tokyo') = '2024-03-05'", "20240304..20240305 (2) or all"),
        ("TIMESTAMP_TRUNC(c, DAY, 'Asia/Tokyo') = '2024-03-05'", "all?"),
        ("c >= TIMESTAMP('2024-03-05', 'America/New_York')", "20240305..20240331 (27)"),
        ("c >= TIMESTAMP('2024-03-05', 'Asia/Tokyo')", "20240304..20240331 (28)"),
        ("TIMESTAMP_DIFF(c, TIMESTAMP '2024-03-10 12:00:00', HOUR) >= 36", "20240312..20240331 (20)"),
        ("TIMESTAMP_DIFF(c, TIMESTAMP '2024-03-10 12:00:00', DAY) = 0", "20240309..20240311 (3)"),
        ("TIMESTAMP_DIFF(TIMESTAMP '2024-03-10', c, DAY) < 2", "20240308..20240331 (24)"),
        ("EXTRACT(YEAR FROM c) = 2023", "none"),
        ("c > CURRENT_TIMESTAMP() - other", "all"),
        ("TIMESTAMP(DATE(c)) = '2024-03-05'", "all"),
        ("c + INTERVAL 1 DAY < '2024-03-05'", "all"),
        ("UNIX_SECONDS(c) > 1709596800", "all"),
        ("CAST(c AS DATE) = '2024-03-05'", "20240305"),
        ("EXTRACT(DATE FROM c) <= '2024-03-02'", "20240301..20240302 (2)"),
        ("TIMESTAMP_TRUNC(c, DAY) = '2024-03-05'", "20240305"),
        ("TIMESTAMP_TRUNC(c, MONTH) = TIMESTAMP '2024-03-01'", "all"),
        ("FORMAT_TIMESTAMP('%Y%m%d', c) = '20240305'", "20240305"),
        ("FORMAT_TIMESTAMP('%F', c) >= '2024-03-30'", "20240330..20240331 (2)"),
        ("FORMAT_TIMESTAMP('%d', c) = '05'", "all"),
        ("TIMESTAMP_ADD(c, INTERVAL 1 HOUR) < '2024-03-02'", "20240301"),
        ("DATE(TIMESTAMP_ADD(c, INTERVAL 1 DAY)) = '2024-03-05'", "20240304"),
        ("day = '2024-03-07'", "20240307"),
        ("day < '2024-03-07'", "20240305..20240306 (2)"),
    ];
    for (condition, expected) in cases {
        assert_eq!(kept(condition, PartitionKind::Day, "TIMESTAMP"), expected, "{condition}");
    }
}

#[test]
fn partitions_are_as_long_as_their_kind_says() {
    let cases = [
        ("c >= '2024-03-14 06:30:00' AND c < '2024-03-14 08:00:00'", PartitionKind::Hour, "2024031406..2024031407 (2)"),
        ("DATE(c) = '2024-03-15'", PartitionKind::Hour, "2024031500..2024031523 (24)"),
        ("c BETWEEN '2024-03-31' AND '2024-05-01'", PartitionKind::Month, "202403..202405 (3)"),
        ("c < '2024-03-01'", PartitionKind::Month, "202401..202402 (2)"),
        ("c >= '2023-12-31'", PartitionKind::Year, "2023..2026 (4)"),
    ];
    for (condition, kind, expected) in cases {
        assert_eq!(kept(condition, kind, "TIMESTAMP"), expected, "{condition}");
    }
}

#[test]
fn partitions_of_dates_and_datetimes_are_cut_alike() {
    let cases = [
        ("c >= '2024-03-20'", PartitionKind::Month, "DATE", "202403..202412 (10)"),
        ("c = '2024-03-20'", PartitionKind::Month, "DATE", "202403"),
        ("DATE_TRUNC(c, MONTH) = '2024-03-01'", PartitionKind::Month, "DATE", "202403"),
        ("EXTRACT(YEAR FROM c) = 2024", PartitionKind::Year, "DATE", "2024"),
        ("c < '2024-01-01'", PartitionKind::Year, "DATE", "2020..2023 (4)"),
        ("c >= '2024-03-14T23:30:00'", PartitionKind::Hour, "DATETIME", "2024031423..2024031523 (25)"),
        ("DATETIME_TRUNC(c, HOUR) = '2024-03-14 06:00:00'", PartitionKind::Hour, "DATETIME", "2024031406"),
        (
            "c < DATETIME_SUB(CURRENT_DATETIME('Asia/Tokyo'), INTERVAL 9 HOUR)",
            PartitionKind::Hour,
            "DATETIME",
            "2024031400..2024031423 (24) or all",
        ),
        ("DATE(c) = '2024-03-05'", PartitionKind::Day, "DATETIME", "20240305"),
        ("DATETIME_DIFF(c, DATETIME '2024-03-05 12:00:00', DAY) = 1", PartitionKind::Day, "DATETIME", "20240306"),
        ("c BETWEEN DATETIME '2024-03-05' AND DATETIME '2024-03-06'", PartitionKind::Day, "DATETIME", "20240305..20240306 (2)"),
    ];
    for (condition, kind, data_type, expected) in cases {
        assert_eq!(kept(condition, kind, data_type), expected, "{condition}");
    }
}

#[test]
fn integers_are_cut_into_ranges() {
    let cases = [
        ("c BETWEEN 30 AND 50", "30..50 (3)"),
        ("c = 45", "40"),
        ("c < 30", "0..20 (3)"),
        ("c IN (1, 99)", "0..90 (2)"),
        ("c + 1 = 30", "all"),
        ("c > -5", "all"),
    ];
    for (condition, expected) in cases {
        assert_eq!(kept(condition, PartitionKind::IntegerRange, "INT64"), expected, "{condition}");
    }
}

#[test]
fn ingestion_time_is_the_begin_of_the_partition() {
    let cases = [
        ("_PARTITIONTIME = '2024-03-05'", "20240305"),
        ("_PARTITIONTIME > '2024-03-05'", "20240306..20240331 (26)"),
        ("_PARTITIONTIME BETWEEN TIMESTAMP '2024-03-05' AND TIMESTAMP '2024-03-06'", "20240305..20240306 (2)"),
        ("_PARTITIONDATE >= DATE_SUB(CURRENT_DATE(), INTERVAL 1 DAY)", "20240314..20240331 (18)"),
        ("DATE(_PARTITIONTIME) = '2024-03-05'", "20240305"),
        (
            "_PARTITIONTIME >= TIMESTAMP_SUB(TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), DAY), INTERVAL 10 DAY)",
            "20240305..20240331 (27)",
        ),
    ];
    for (condition, expected) in cases {
        assert_eq!(kept(condition, PartitionKind::Day, ""), expected, "{condition}");
    }
}

#[test]
fn what_leaves_out_nothing_is_said_with_the_reason() {
    let partitioning = partitioning(PartitionKind::Day, Some("c"));
    let column = PartitionColumn::new(&partitioning, Some("DATE"));
    let why = |condition: &str| {
        let sql = format!("SELECT id FROM d.t WHERE {condition}");
        let decision = decide(&scan(&sql, "DATE"), &column, Date { year: 2024, month: 3, day: 15 });
        decision.reasons.into_iter().map(|(_, why)| why).collect::<Vec<_>>().join("; ")
    };
    let cases = [
        ("c = '2024-03-01'", ""),
        ("c = (SELECT MAX(c) FROM d.t)", "a subquery is not known before the query runs"),
        ("c >= other", "compared with another column"),
        ("c = '2024-03-01' OR id = 1", "an `OR` lets other rows through"),
        ("FORMAT_DATE('%Y', c) = '2024'", "`FORMAT_DATE` is not on Google's list"),
        ("EXTRACT(MONTH FROM c) = 3", "`EXTRACT(MONTH)` is not on Google's list"),
        ("c = @day", "the value of `@day` is given when the query runs"),
        ("c != '2024-03-01'", "partitions are chosen by `=`, `<`"),
        ("DATE_ADD(c, INTERVAL id DAY) = '2024-03-01'", "compared with another column"),
        ("DATE(TIMESTAMP(c), 'Asia/Tokyo') = '2024-03-01'", "`TIMESTAMP` is not on Google's list"),
    ];
    for (condition, expected) in cases {
        let why = why(condition);
        assert!(if expected.is_empty() { why.is_empty() } else { why.contains(expected) }, "{condition}: {why}");
    }
}
