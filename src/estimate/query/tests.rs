use super::estimate;
use crate::config::Config;
use crate::estimate::samples::{Sample, Samples};
use crate::estimate::{Accuracy, Basis, Bounds, Estimate};
use crate::model::feed::{FeedSource, Reading, read_feeds};
use crate::model::parameters::TypeParameters;
use crate::model::schema::{JsonSchema, SchemaField};
use crate::model::table::{Column, Mode, PartitionKind, Partitioning, Statistics, Table, TableKind};
use crate::model::{FeedId, Known, Model, Query, QueryId, TableId};
use crate::sql::condition::{Comparison, Condition, Hindrance, Obstacle, Test};
use crate::sql::fold::Constant;
use crate::sql::{Predicate, Resolution, Scan, ScanKind, SqlError, Statement, StatementKind};
use crate::syntax::yaml;
use crate::text::{Date, FileId, RepoPath, Span, SpanMap, Spanned};
use std::collections::BTreeMap;
use std::sync::Arc;

const TODAY: Date = Date { year: 2026, month: 8, day: 22 };

fn span() -> Span {
    Span::start_of(FileId::from_index(0))
}

fn column(text: &str) -> Column {
    let words: Vec<&str> = text.split(' ').collect();
    let mode = match words.get(2) {
        Some(&"REQUIRED") => Mode::Required,
        Some(&"REPEATED") => Mode::Repeated,
        _ => Mode::Nullable,
    };
    let data_type = words.get(1).map(|word| (*word).to_owned()).unwrap_or_default();
    let name = words.first().map(|word| (*word).to_owned()).unwrap_or_default();
    Column {
        name,
        name_span: span(),
        data_type,
        parameters: TypeParameters::None,
        type_span: span(),
        mode,
        is_described: false,
        policy_tags: Known::Absent,
        fields: Vec::new(),
    }
}

/// A table `d.t` with columns such as `state STRING, year INT64 REQUIRED`.
fn table(columns: &str) -> Table {
    Table {
        address: None,
        id: TableId::new(None, "d", "t"),
        definitions: Vec::new(),
        kind: TableKind::Table,
        columns: Known::Known(Spanned::new(columns.split(", ").map(column).collect(), span())),
        partitioning: Known::Absent,
        clustering: Known::Absent,
        require_partition_filter: Known::Absent,
        view_query: None,
        statistics: None,
        feeds: Vec::new(),
    }
}

fn statistics(rows: u64, bytes: Option<u64>, columns: &[(&str, u64)]) -> Option<Statistics> {
    let column_bytes = columns.iter().map(|(name, bytes)| ((*name).to_owned(), *bytes)).collect();
    Some(Statistics {
        rows: Some(rows),
        bytes,
        column_bytes,
        partitions: None,
        is_buffered: false,
        format: None,
        location: None,
        span: span(),
    })
}

fn scan(table: &str, columns: &[&str]) -> Scan {
    let columns: BTreeMap<String, std::ops::Range<usize>> = columns.iter().map(|name| ((*name).to_owned(), 0..0)).collect();
    Scan {
        table: table.to_owned(),
        range: 0..0,
        columns,
        is_whole: false,
        predicates: Vec::new(),
        is_target: false,
        kind: ScanKind::Table,
        sample_percent: None,
        via: None,
        is_direct: true,
    }
}

fn filtered(mut scan: Scan, column: &str, is_constant: bool) -> Scan {
    let null =
        Condition::Test { through: Vec::new(), test: Test::Compare(Comparison::Equal, Constant::Parameter("@p".to_owned())) };
    let condition = if is_constant { Ok(null) } else { Err(Hindrance::of(Obstacle::Form, 0..0)) };
    let (column, is_carried, is_direct) = (column.to_owned(), false, true);
    scan.predicates.push(Predicate { column, range: 0..0, is_constant, condition, is_carried, is_direct });
    scan
}

fn query(kind: StatementKind, scans: Vec<Scan>) -> Query {
    Query {
        runs: crate::model::Known::Absent,
        is_step: false,
        id: QueryId { path: "q.sql".into(), number: 1, is_only: true },
        span: span(),
        map: Arc::new(SpanMap::verbatim(FileId::from_index(0), 0..100)),
        statement: Statement { range: 0..0, kind, body: None, creates: None, occurs: Default::default() },
        resolution: Resolution { scans, ..Resolution::default() },
        is_body: false,
        feeds: Vec::new(),
    }
}

fn model(tables: Vec<Table>) -> Model {
    Model { tables: tables.into_iter().map(|table| (table.id.clone(), table)).collect(), ..Model::default() }
}

fn run(model: &Model, query: &Query) -> Estimate {
    estimate(query, model, &Config::default(), &Samples::default(), TODAY).expect("the statement reads or defines something")
}

/// The estimate of a SELECT of these columns from the one table.
fn select(table: Table, columns: &[&str]) -> Estimate {
    run(&model(vec![table]), &query(StatementKind::Select, vec![scan("d.t", columns)]))
}

/// `usa_names.usa_1910_2013`, whose sizes follow from published dry runs.
fn usa_names() -> Table {
    let sizes =
        [("state", 22_209_808), ("gender", 16_657_356), ("year", 44_419_616), ("name", 43_726_110), ("number", 44_419_616)];
    Table {
        statistics: statistics(5_552_452, Some(171_432_506), &sizes),
        ..table("state STRING, gender STRING, year INT64, name STRING, number INT64")
    }
}

#[test]
fn published_dry_runs_come_out_to_the_byte() {
    let cases: [(&[&str], u64); 7] = [
        (&["state"], 22_209_808),
        (&["name", "number", "state"], 110_355_534),
        (&["state", "gender", "year", "name", "number"], 171_432_506),
        (&["name", "state"], 65_935_918),
        (&["state", "number", "year"], 111_049_040),
        (&["year"], 44_419_616),
        (&[], 0),
    ];
    for (columns, bytes) in cases {
        let estimate = select(usa_names(), columns);
        assert_eq!((estimate.bytes, estimate.accuracy), (Bounds::exactly(bytes), Accuracy::Exact), "{columns:?}");
    }
    let whole = select(usa_names(), &["state", "gender", "year", "name", "number"]);
    assert_eq!(whole.billed, Bounds::exactly(171_966_464));
    assert_eq!(whole.basis, Some(Basis::Statistics));
}

#[test]
fn the_size_of_the_table_tells_what_its_columns_do_not() {
    // 344 rows of which two have no body mass, and nothing but the total is known.
    let fixed = Table { statistics: statistics(100, Some(1_600), &[]), ..table("a INT64, b FLOAT64") };
    assert_eq!(select(fixed, &["a"]).bytes, Bounds::exactly(800), "no value can be NULL: the total is full");
    let sparse = Table { statistics: statistics(100, Some(1_000), &[]), ..table("a INT64, b FLOAT64") };
    let estimate = select(sparse, &["a"]);
    assert_eq!((estimate.bytes, estimate.accuracy), (Bounds { low: 200, high: Some(800) }, Accuracy::UpperBound));
    let text = Table { statistics: statistics(100, Some(5_000), &[]), ..table("a INT64 REQUIRED, s STRING") };
    assert_eq!(select(text, &["s"]).bytes, Bounds::exactly(4_200), "what is left is the string");
}

#[test]
fn nulls_make_rows_and_types_an_upper_bound() {
    let nullable = Table { statistics: statistics(344, None, &[]), ..table("mass FLOAT64, id INT64 REQUIRED") };
    let estimate = select(nullable.clone(), &["mass"]);
    assert_eq!((estimate.bytes, estimate.accuracy), (Bounds { low: 0, high: Some(2_752) }, Accuracy::UpperBound));
    let estimate = select(nullable, &["id"]);
    assert_eq!((estimate.bytes, estimate.accuracy), (Bounds::exactly(2_752), Accuracy::Exact));
}

#[test]
fn a_string_of_unknown_length_has_no_upper_bound() {
    let estimate = select(Table { statistics: statistics(10, None, &[]), ..table("id INT64 REQUIRED, s STRING") }, &["id", "s"]);
    assert_eq!((estimate.bytes, estimate.accuracy), (Bounds { low: 80, high: None }, Accuracy::LowerBound));
    let why: Vec<&str> = estimate.unknown.iter().map(|(_, why)| why.as_str()).collect();
    assert_eq!(why, ["nothing limits the size of `s` (`STRING`) in `d.t`"]);
}

#[test]
fn a_table_read_twice_is_charged_for_the_union_of_its_columns() {
    let twice = query(StatementKind::Select, vec![scan("d.t", &["state", "year"]), scan("d.t", &["year", "number"])]);
    assert_eq!(run(&model(vec![usa_names()]), &twice).bytes, Bounds::exactly(111_049_040));
}

#[test]
fn a_filter_on_the_partition_column_opens_the_figure_downwards() {
    let partitioning = Partitioning {
        kind: PartitionKind::Day,
        column: Some(Spanned::new("year".to_owned(), span())),
        expiration_days: Known::Absent,
        range: None,
    };
    let table = || Table { partitioning: Known::Known(Spanned::new(partitioning.clone(), span())), ..usa_names() };
    let of = |scan: Scan| {
        let estimate = run(&model(vec![table()]), &query(StatementKind::Select, vec![scan]));
        (estimate.bytes, estimate.accuracy)
    };
    let range = (Bounds { low: 0, high: Some(44_419_616) }, Accuracy::Range);
    assert_eq!(of(filtered(scan("d.t", &["year"]), "YEAR", true)), range);
    let whole = (Bounds::exactly(44_419_616), Accuracy::Exact);
    assert_eq!(of(filtered(scan("d.t", &["year"]), "year", false)), whole);
    assert_eq!(of(filtered(scan("d.t", &["year"]), "state", true)), whole);
    assert_eq!(of(scan("d.t", &["year"])), whole);
}

#[test]
fn a_clustered_table_gives_an_upper_bound() {
    let clustering = Known::Known(Spanned::new(vec![Spanned::new("state".to_owned(), span())], span()));
    let estimate = select(Table { clustering, ..usa_names() }, &["year"]);
    assert_eq!((estimate.bytes, estimate.accuracy), (Bounds { low: 0, high: Some(44_419_616) }, Accuracy::UpperBound));
}

#[test]
fn a_table_nobody_knows_leaves_a_floor() {
    let both = query(StatementKind::Select, vec![scan("d.t", &["year"]), scan("d.other", &["x"])]);
    let estimate = run(&model(vec![usa_names()]), &both);
    assert_eq!((estimate.bytes, estimate.accuracy), (Bounds { low: 44_419_616, high: None }, Accuracy::LowerBound));
    assert_eq!(estimate.billed, Bounds { low: 45_088_768, high: None });
    let alone = run(&model(vec![]), &query(StatementKind::Select, vec![scan("d.other", &["x"])]));
    assert_eq!((alone.bytes, alone.accuracy), (Bounds::OPEN, Accuracy::Unknown));
    let why: Vec<&str> = alone.unknown.iter().map(|(_, why)| why.as_str()).collect();
    assert_eq!(why, ["nothing here says what `d.other` is: put it into `feedgate.tables.json`"]);
}

#[test]
fn what_could_not_be_resolved_leaves_a_floor() {
    let mut query = query(StatementKind::Select, vec![scan("d.t", &["year"])]);
    query.resolution.unresolved.push(SqlError { range: 5..9, message: "`x` is not known here".to_owned() });
    let estimate = run(&model(vec![usa_names()]), &query);
    assert_eq!((estimate.bytes.high, estimate.accuracy), (None, Accuracy::LowerBound));
}

#[test]
fn definitions_read_nothing_and_cost_nothing() {
    for kind in [StatementKind::CreateView, StatementKind::CreateTable, StatementKind::CreateFunction] {
        let estimate = run(&model(vec![usa_names()]), &query(kind, vec![scan("d.t", &["year"])]));
        assert_eq!((estimate.bytes, estimate.billed, estimate.accuracy), (Bounds::ZERO, Bounds::ZERO, Accuracy::Exact));
        assert_eq!(estimate.cost_usd, Some((0.0, Some(0.0))));
    }
}

#[test]
fn statements_of_scripts_have_no_estimate_unless_they_read() {
    let model = model(vec![usa_names()]);
    let of = |name: &str, scans: Vec<Scan>| {
        estimate(&query(StatementKind::Other(name.to_owned()), scans), &model, &Config::default(), &Samples::default(), TODAY)
    };
    assert_eq!(of("DECLARE", vec![]), None);
    assert_eq!(of("ALTER TABLE", vec![]), None);
    assert_eq!(of("SET", vec![scan("d.t", &["year"])]).map(|estimate| estimate.bytes), Some(Bounds::exactly(44_419_616)));
    assert_eq!(of("CALL", vec![]).map(|estimate| estimate.accuracy), Some(Accuracy::Unknown));
}

#[test]
fn metadata_costs_ten_mebibytes_once() {
    let view = |name: &str| Scan { kind: ScanKind::InformationSchema, ..scan(name, &["x"]) };
    let two = vec![view("INFORMATION_SCHEMA.TABLES"), view("INFORMATION_SCHEMA.COLUMNS")];
    let estimate = run(&model(vec![]), &query(StatementKind::Select, two));
    assert_eq!((estimate.bytes, estimate.billed), (Bounds::exactly(10_485_760), Bounds::exactly(10_485_760)));
    let jobs = run(&model(vec![]), &query(StatementKind::Select, vec![view("INFORMATION_SCHEMA.JOBS_BY_PROJECT")]));
    assert_eq!((jobs.bytes, jobs.accuracy), (Bounds { low: 10_485_760, high: None }, Accuracy::LowerBound));
}

#[test]
fn changes_are_charged_for_the_table_that_they_change() {
    let target = |columns: &[&str]| Scan { is_target: true, ..scan("d.t", columns) };
    let of = |kind: StatementKind, scans: Vec<Scan>| run(&model(vec![usa_names()]), &query(kind, scans)).bytes;
    let (year, all) = (44_419_616, 171_432_506);
    assert_eq!(of(StatementKind::Update, vec![target(&["year"])]), Bounds { low: all, high: Some(year + all) });
    assert_eq!(of(StatementKind::Delete, vec![target(&[])]), Bounds::exactly(all));
    assert_eq!(of(StatementKind::Merge, vec![target(&[])]), Bounds { low: 0, high: Some(all) });
    assert_eq!(of(StatementKind::Insert, vec![target(&[]), scan("d.t", &["year"])]), Bounds::exactly(year));
    let unknown = Scan { is_target: true, ..scan("d.new", &[]) };
    assert_eq!(of(StatementKind::Insert, vec![unknown, scan("d.t", &["year"])]), Bounds::exactly(year));
}

const TRADES: &str = "\
feed: trades
delivery: { cadence: daily, rows: 400000 }
table: { dataset: d, name: t, partitioning: { type: DAY, field: day, expiration: 730 days } }
schema: trades.schema.json
";

/// The table `d.t` as the feed above fills it.
fn declared(feed: &str, columns: &str, fields: Vec<SchemaField>) -> Model {
    let path = RepoPath::new("feed.yaml").expect("a plain path");
    let file = FileId::from_index(0);
    let document = yaml::parse(file, &feed.into()).document;
    let lookup = |_: &RepoPath| crate::model::feed::Lookup::File(file);
    let reading = Reading { source: FeedSource::FeedFile, path: &path, environment: None, lookup: &lookup };
    let (feeds, _) = read_feeds(&document, &document.roots, &reading);
    let mut model = model(vec![Table { feeds: vec![FeedId("trades".into())], ..table(columns) }]);
    model.feeds = feeds.into_iter().map(|feed| (feed.id.clone(), feed)).collect();
    let path = RepoPath::new("trades.schema.json").expect("a plain path");
    let schema = JsonSchema { fields, ..JsonSchema::read(path.clone(), &document, document.roots[0]) };
    model.feed_schemas.insert(FeedId("trades".into()), path.clone());
    model.schemas.insert(path, schema);
    model
}

fn field(name: &str, literal_lengths: Option<(u64, u64)>, max_length: Option<u64>) -> SchemaField {
    SchemaField {
        path: name.to_owned(),
        name: name.to_owned(),
        key_span: span(),
        types: vec!["string"],
        nullable: false,
        required: true,
        format: None,
        max_length,
        literal_lengths,
        is_list_of_lists: false,
        depth: 0,
    }
}

#[test]
fn declared_volumes_give_a_range() {
    let model = declared(TRADES, "price NUMERIC REQUIRED", Vec::new());
    let estimate = run(&model, &query(StatementKind::Select, vec![scan("d.t", &["price"])]));
    // 400,000 rows × 730 days × 16 bytes.
    assert_eq!(estimate.bytes, Bounds::exactly(4_672_000_000));
    assert_eq!((estimate.accuracy, estimate.basis), (Accuracy::Range, Some(Basis::Declared)));
}

#[test]
fn the_schema_of_the_feed_limits_its_strings() {
    let fields = vec![field("side", Some((3, 4)), None), field("isin", None, Some(12))];
    let model = declared(TRADES, "side STRING, isin STRING", fields);
    let of = |column: &str| run(&model, &query(StatementKind::Select, vec![scan("d.t", &[column])])).bytes;
    let rows = 292_000_000;
    assert_eq!(of("side"), Bounds { low: 5 * rows, high: Some(6 * rows) });
    assert_eq!(of("isin"), Bounds { low: 2 * rows, high: Some(50 * rows) });
}

#[test]
fn samples_narrow_what_the_schema_leaves_open() {
    let model = declared(TRADES, "isin STRING", vec![field("isin", None, Some(12))]);
    let sample = Sample::measure(["{\"isin\":\"XS0123456789\"}\n"].into_iter(), span()).expect("there is a record");
    let samples = Samples(BTreeMap::from([(FeedId("trades".into()), sample)]));
    let query = query(StatementKind::Select, vec![scan("d.t", &["isin"])]);
    let estimate = estimate(&query, &model, &Config::default(), &samples, TODAY).expect("a SELECT");
    let rows = 292_000_000;
    // 14 bytes a row, give or take a tenth.
    assert_eq!(estimate.bytes, Bounds { low: rows * 126 / 10, high: Some(rows * 154 / 10) });
    assert_eq!((estimate.accuracy, estimate.basis), (Accuracy::Range, Some(Basis::Samples)));
}

#[test]
fn a_feed_that_does_not_say_its_rows_leaves_the_figure_unknown() {
    let cases = [
        ("rows: 400000", "bytes: 5", "`delivery.rows`"),
        ("cadence: daily,", "", "`delivery.cadence`"),
        (", expiration: 730 days", "", "`table.partitioning.expiration`"),
    ];
    for (said, instead, missing) in cases {
        let model = declared(&TRADES.replace(said, instead), "price NUMERIC REQUIRED", Vec::new());
        let estimate = run(&model, &query(StatementKind::Select, vec![scan("d.t", &["price"])]));
        assert_eq!(estimate.accuracy, Accuracy::Unknown);
        let why =
            format!("nothing says how many rows `d.t` holds: the feed `trades` has no {missing}, and no statistics are there");
        assert_eq!(estimate.unknown.first().map(|(_, why)| why.as_str()), Some(why.as_str()));
    }
}

#[test]
fn more_rows_are_never_fewer_bytes_and_bounds_are_in_order() {
    let kinds = ["INT64", "INT64 REQUIRED", "STRING", "STRING REQUIRED", "BOOL", "JSON", "INT64 REPEATED", "GEOGRAPHY REQUIRED"];
    let columns: Vec<String> = kinds.iter().enumerate().map(|(index, kind)| format!("c{index} {kind}")).collect();
    for first in 0..kinds.len() {
        for second in 0..kinds.len() {
            let names = [format!("c{first}"), format!("c{second}")];
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let mut before = Bounds::ZERO;
            for rows in [0, 1, 10, 1_000_000, u64::MAX / 2, u64::MAX] {
                let table = Table { statistics: statistics(rows, None, &[]), ..table(&columns.join(", ")) };
                let bytes = select(table, &names).bytes;
                assert!(bytes.high.is_none_or(|high| bytes.low <= high), "{names:?} {rows}: {bytes:?}");
                assert!(before.low <= bytes.low, "{names:?} {rows}: {bytes:?}");
                let high = |bytes: Bounds| bytes.high.unwrap_or(u64::MAX);
                assert!(high(before) <= high(bytes), "{names:?} {rows}: {bytes:?}");
                before = bytes;
            }
        }
    }
}

#[test]
fn the_definition_of_a_view_is_free_and_names_what_its_queries_read() {
    let view = run(&model(vec![usa_names()]), &query(StatementKind::CreateView, vec![scan("d.t", &["state", "name"])]));
    assert_eq!((view.bytes, view.billed, view.accuracy), (Bounds::ZERO, Bounds::ZERO, Accuracy::Exact));
    let [table] = view.tables.as_slice() else { panic!("one table: {:?}", view.tables) };
    assert_eq!((table.columns.join(" "), table.bytes), ("name state".to_owned(), Bounds::ZERO));
    let note = "a query of all columns of the view reads at most 65,935,918 bytes";
    assert!(view.notes.iter().any(|known| known == note), "{:?}", view.notes);
}
