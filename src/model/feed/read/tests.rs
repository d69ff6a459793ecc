use super::{Lookup, Reading, is_feed_document, read_feeds};
use crate::model::feed::{Feed, FeedSource, Step};
use crate::model::schema::Target;
use crate::model::table::PartitionKind;
use crate::syntax::{Parsed, yaml};
use crate::text::{FileId, RepoPath};
use std::sync::Arc;

const TRADES: &str = r#"feed: trades
description: Executed bond trades, one record each
owner: fixed-income-data@example.com
source:
  system: Matching engine
  contact: venue-support@example.com
consumers:
  - team: Market risk
    dashboard: Daily P&L
classification: confidential
delivery:
  cadence: daily
  time_zone: Europe/London
  due: "06:30"
  grace: 2 hours
  files: 1
  rows: 400000
  bytes: 180 MiB
file:
  name: "trades_{date:%Y%m%d}_{seq:4}.json"
  format: ndjson
  compression: none
  bucket: acme-landing
  prefix: trades/
  samples: [../samples/trades_20260801_0001.json]
schema: ../schemas/trades.schema.json
retention: 180 days
table:
  project: acme-prod
  dataset: raw
  name: trades
  schema: ../tables/trades.json
  partitioning: { type: DAY, field: trade_date, expiration: 730 days }
  clustering: [isin, trader]
  require_partition_filter: true
  write_disposition: WRITE_APPEND
environments:
  dev: { file: { bucket: acme-landing-dev, pattern: '^t\.json$' }, retention: 14 days }
"#;

fn parse(text: &str) -> Parsed {
    let source: Arc<str> = text.into();
    yaml::parse(FileId::from_index(0), &source)
}

/// A repository in which only `schemas/trades.schema.json` is there to be read.
fn lookup(path: &RepoPath) -> Lookup {
    match path.as_str() {
        "schemas/trades.schema.json" => Lookup::File(FileId::from_index(7)),
        "tables/trades.json" => Lookup::Unread { why: "too large".to_owned() },
        _ => Lookup::Missing,
    }
}

fn read(text: &str, environment: Option<&str>) -> (Vec<Feed>, Vec<String>) {
    let document = parse(text).document;
    let path = RepoPath::new("feeds/trades.yaml").expect("a plain path");
    let reading = Reading { source: FeedSource::FeedFile, path: &path, environment, lookup: &lookup };
    let (feeds, problems) = read_feeds(&document, &document.roots, &reading);
    let line = |problem: &crate::syntax::Problem| {
        let help = problem.help.as_deref().map(|help| format!(" | {help}")).unwrap_or_default();
        format!("{}: {}{help}", &text[problem.span.range()], problem.message)
    };
    (feeds, problems.iter().map(line).collect())
}

fn one(text: &str, environment: Option<&str>) -> Feed {
    let (feeds, problems) = read(text, environment);
    assert_eq!(problems, Vec::<String>::new());
    feeds.into_iter().next().expect("the text defines a feed")
}

#[test]
fn every_key_of_a_feed_is_read_with_its_place() {
    let feed = one(TRADES, None);
    assert_eq!(feed.id.to_string(), "trades");
    assert_eq!(&TRADES[feed.name_span.range()], "trades");
    let retention = feed.retention_days.spanned().expect("said");
    assert_eq!((retention.value, &TRADES[retention.span.range()]), (180, "180 days"));
    assert_eq!(feed.owner.value().map(String::as_str), Some("fixed-income-data@example.com"));
    assert_eq!(feed.source_contact.value().map(String::as_str), Some("venue-support@example.com"));
    assert_eq!(feed.classification.value().map(String::as_str), Some("confidential"));
    let consumer = feed.consumers.first().expect("there is one");
    assert_eq!((consumer.team.as_deref(), consumer.dashboard.as_deref()), (Some("Market risk"), Some("Daily P&L")));
    assert_eq!(feed.environments.keys().map(String::as_str).collect::<Vec<_>>(), ["dev"]);
}

#[test]
fn deliveries_are_counted_in_seconds_bytes_and_rows() {
    let delivery = one(TRADES, None).delivery;
    let cadence = delivery.cadence.value().expect("said");
    assert_eq!((cadence.text.as_str(), cadence.per_month, cadence.step), ("daily", Some(30.0), Some(Step::Day)));
    assert_eq!(delivery.due.value().map(String::as_str), Some("06:30"));
    assert_eq!(delivery.grace_seconds.value(), Some(&7_200));
    assert_eq!((delivery.files.value(), delivery.rows.value()), (Some(&1), Some(&400_000)));
    assert_eq!(delivery.bytes.value(), Some(&(180 << 20)));
}

#[test]
fn a_table_is_partitioned_and_kept_as_declared() {
    let feed = one(TRADES, None);
    let partitioning = feed.table.partitioning.value().expect("said");
    assert_eq!((partitioning.kind, partitioning.expiration_days.value()), (PartitionKind::Day, Some(&730.0)));
    assert_eq!(partitioning.column.as_ref().map(|column| &TRADES[column.span.range()]), Some("trade_date"));
    let clustering: Vec<&str> = feed.table.clustering.value().into_iter().flatten().map(|c| c.value.as_str()).collect();
    assert_eq!(clustering, ["isin", "trader"]);
    assert_eq!(feed.rows_kept(), Some(292_000_000));
    assert_eq!(feed.table_id().map(|id| id.to_string()).as_deref(), Some("acme-prod.raw.trades"));
}

#[test]
fn references_lead_to_files_of_the_repository_or_say_why_not() {
    let feed = one(TRADES, None);
    let path = |text: &str| RepoPath::new(text).expect("a plain path");
    let schema = feed.schema.value().map(|reference| &reference.target);
    assert_eq!(schema, Some(&Target::File(FileId::from_index(7), path("schemas/trades.schema.json"))));
    let table = feed.table.schema.value().map(|reference| &reference.target);
    assert_eq!(table, Some(&Target::Unread { path: path("tables/trades.json"), why: "too large".to_owned() }));
    let sample = feed.file.samples.first().map(|sample| &sample.value.target);
    assert_eq!(sample, Some(&Target::Missing { path: path("samples/trades_20260801_0001.json") }));
    let outside = one("feed: a\nschema: ../../../etc/passwd\n", None).schema;
    assert_eq!(outside.value().map(|reference| &reference.target), Some(&Target::OutsideRoot));
    let inline = one("feed: a\nschema: { type: object, properties: { x: { type: string } } }\n", None).schema;
    assert!(matches!(inline.value().map(|reference| &reference.target), Some(Target::Inline(_))));
}

#[test]
fn an_environment_is_laid_over_the_base_value_by_value() {
    let feed = one(TRADES, Some("dev"));
    let bucket = feed.file.bucket.spanned().expect("said");
    assert_eq!((bucket.value.as_str(), &TRADES[bucket.span.range()]), ("acme-landing-dev", "acme-landing-dev"));
    assert_eq!(feed.file.prefix.value().map(String::as_str), Some("trades/"));
    assert_eq!(feed.retention_days.value(), Some(&14));
    assert_eq!(feed.file.name.value().map(|name| name.text.as_str()), Some(r"^t\.json$"), "`pattern` takes the place of `name`");
    assert_eq!(one(TRADES, Some("prod")).retention_days.value(), Some(&180));
}

#[test]
fn a_part_of_the_file_name_is_found_in_the_file() {
    let text = "feed: a\nfile:\n  name: a_{dat}.json\n";
    let file = one(text, None).file;
    let range = file.name.value().and_then(|name| name.defects.first()).map(|defect| defect.range.clone());
    let place = file.name_place(range.expect("`dat` is no token")).expect("the name is written");
    assert_eq!(&text[place.range()], "{dat}");
}

#[test]
fn a_mistake_is_said_at_its_place_with_a_cure() {
    let cases = [
        ("feed: a\nownr: x", "ownr: unknown key `ownr` | did you mean `owner`?"),
        ("feed: a\nowner: 12", "12: `owner` must be a string, not an integer | write it in quotes: `\"12\"`"),
        (
            "feed: a\nfile: { format: jsonl, name: x }",
            "jsonl: `file.format` must be one of `ndjson`, `json`, `csv`, `avro`, `parquet`, not `jsonl` | did you mean `ndjson`?",
        ),
        ("feed: a\nowner:\nschema: x", "owner: `owner` has no value"),
        ("feed: a\nowner: ''", "'': `owner` is empty"),
        (
            "feed: Trades\nowner: x",
            "Trades: `feed` must be a name of lower-case letters, digits, `_` and `-` that begins with a letter, not `Trades`",
        ),
        ("owner: x", "owner: `feed` is missing | add `feed:`, for example `feed: trades`"),
        (
            "feed: a\nretention: 6 months",
            "6 months: `retention` has no known unit of time: `6 months` | months and years differ in length: write it in days, such as `180 days`",
        ),
        (
            "feed: a\ndelivery: { cadence: 0 25 * * * }",
            "25: `delivery.cadence` has a cron field that cannot be: hour `25`, it must be from 0 to 23",
        ),
        ("feed: a\ndelivery: { files: 0 }", "0: `delivery.files` must be at least 1, not `0`"),
        ("feed: a\ndelivery: { rows: many }", "many: `delivery.rows` must be an integer, not a string"),
        (
            "feed: a\nfile: { name: x, pattern: y }",
            "pattern: `file.name` and `file.pattern` exclude each other | keep one of `name` and `pattern`",
        ),
        ("feed: a\nfile: { format: csv }", "file: `file` has neither `name` nor `pattern` | add one of `name` and `pattern`"),
        (
            "feed: a\nclassification: secret",
            "secret: `classification` must be one of `public`, `internal`, `confidential`, `restricted`, not `secret`",
        ),
        ("feed: a\nenvironments: { dev: { feed: b } }", "feed: `environments.dev.feed` cannot differ between environments"),
        (
            "feed: a\nenvironments: { dev: { file: { bukcet: b } } }",
            "bukcet: unknown key `environments.dev.file.bukcet` | did you mean `bucket`?",
        ),
        (
            "feed: a\ntable: { partitioning: { field: d } }",
            "partitioning: `table.partitioning.type` is missing | add `type:`, for example `type: DAY`",
        ),
        ("feed: a\nconsumers: Risk", "Risk: `consumers` must be a list, not a string | put a `- ` before each item"),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text, None).1, [expected], "{text}");
    }
}

#[test]
fn a_value_that_is_wrong_is_unknown_and_its_neighbours_are_not() {
    let (feeds, _) = read("feed: a\nretention: 6 months\nowner: ''\ndelivery: { due: '25:00', time_zone: UTC }\n", None);
    let feed = feeds.first().expect("it has a name");
    assert!(feed.retention_days.why().is_some());
    assert!(feed.owner.why().is_some());
    assert!(feed.delivery.due.why().is_some());
    assert_eq!(feed.delivery.time_zone.value().map(String::as_str), Some("UTC"));
    assert!(feed.description.is_absent());
}

#[test]
fn what_a_broken_definition_does_not_reach_is_unknown_and_not_missing() {
    let (feeds, problems) = read("feed: a\nownr: x\ndelivery:\n  cadence: daily\n  due: \"21:00\nowner: \"x\"\n", None);
    let feed = feeds.first().expect("it has a name");
    assert_eq!(problems, ["ownr: unknown key `ownr` | did you mean `owner`?"]);
    assert!(feed.delivery.cadence.value().is_some());
    assert!(feed.owner.why().is_some());
    assert!(feed.file.name.why().is_some());
    assert!(feed.schema.why().is_some());
}

#[test]
fn several_documents_are_several_feeds() {
    let (feeds, problems) = read("feed: a\nowner: x\n---\nfeed: b\nowner: y\n", None);
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(feeds.iter().map(|feed| feed.id.to_string()).collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn a_yaml_file_is_a_feed_file_by_its_keys() {
    let is_feed = |text: &str| {
        let document = parse(text).document;
        document.roots.first().is_some_and(|root| is_feed_document(&document, *root))
    };
    assert!(is_feed("feed: a\nfile: {}\n"));
    assert!(is_feed("feed: a\ndescription: b: c\nowner: d\n"), "what breaks off may have been a feed");
    for text in
        ["feed: a\n\towner: x\n", "feed: 'a' # ours\n    owner: x\n    file: {}\n", "# ours\nfeed: a\n\tfile: {}\ntable: {}\n"]
    {
        assert!(is_feed(text), "{text:?} breaks off at its name, and its lines are ours");
    }
    for text in
        ["feed: a\n\turl: x\n", "feed: a\n    owner: x\ntitle: b\n", "feed: A b\n\towner: x\n", "feed: a\n\tb\n---\nowner: x\n"]
    {
        assert!(!is_feed(text), "{text:?} breaks off at its name, and its lines are another's");
    }
    for text in ["feed: https://example.com/rss\ndescription: b: c\n", "feed: atom\ntitle: b: c\n"] {
        assert!(!is_feed(text), "{text:?} breaks off, and nothing in it is ours");
    }
    for text in ["feed: a\n", "feed: { url: x }\nowner: y\n", "feeds: a\nowner: y\n", "- feed: a\n", "feed: a\ntitle: b\n", ""] {
        assert!(!is_feed(text), "{text:?}");
    }
}
