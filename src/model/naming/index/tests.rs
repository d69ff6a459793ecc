use super::{DeliveredName, NameIndex};
use crate::model::feed::{Feed, FeedSource, Lookup, Reading, read_feeds};
use crate::syntax::yaml;
use crate::text::{FileId, RepoPath};
use std::sync::Arc;

/// Feeds from `name: {file…}` lines of YAML.
fn feeds(lines: &str) -> Vec<Feed> {
    let one = |line: &str| {
        let (name, file) = line.split_once(' ').expect("a name and the map of its file");
        format!("---\nfeed: {name}\nfile: {file}\n")
    };
    let text: Arc<str> = lines.lines().map(one).collect::<String>().into();
    let parsed = yaml::parse(FileId::from_index(0), &text);
    let path = RepoPath::new("feeds/all.yaml").expect("a plain path");
    let reading = Reading { source: FeedSource::FeedFile, path: &path, environment: None, lookup: &|_| Lookup::Missing };
    read_feeds(&parsed.document, &parsed.document.roots, &reading).0
}

const DESK: &str = r#"trades { name: "{feed}_{date:%Y%m%d}_{seq:4}.json", prefix: trades/, bucket: acme-landing }
orders { name: "{env}-orders-{date:%d%b%Y}T{time:%I%M%p}.{any}", bucket: acme-landing }
hive { name: "part-{seq}.parquet", prefix: "events/dt={date:%Y-%m-%d}/" }
books { pattern: '^(?P<book>[a-z]+)_(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})_(?P<seq>\d+)\.csv$', prefix: books/ }
broken { name: "{dat}.json" }
hidden { pattern: 'a(?=b)' }"#;

/// Each taker as a line: feed, date, time, sequence, and what cannot be right.
fn takers(feeds: &[Feed], name: &DeliveredName<'_>) -> Vec<String> {
    let index = NameIndex::new(feeds, &["dev".to_owned(), "prod".to_owned()]);
    let line = |taker: super::Taker<'_>| {
        let captured = taker.captured;
        let mut words = vec![taker.feed.to_string()];
        words.extend(captured.date.map(|date| date.to_string()));
        words.extend(captured.time);
        words.extend(captured.sequence.map(|number| format!("#{number}")));
        words.extend(captured.contradictions);
        words.join(" ")
    };
    index.takers(name).into_iter().map(line).collect()
}

#[test]
fn a_name_finds_its_feed_and_says_what_it_knows() {
    let feeds = feeds(DESK);
    let cases = [
        ("gs://acme-landing/trades/trades_20260801_0001.json", "trades 2026-08-01 #1"),
        ("prod-orders-01Aug2026T0630PM.json", "orders 2026-08-01 18:30:00"),
        ("events/dt=2026-08-01/part-12.parquet", "hive 2026-08-01 #12"),
        ("books/rates_20260801_7.csv", "books 2026-08-01 #7"),
        ("trades/trades_20260230_0001.json", "trades #1 no calendar has the day 2026-02-30"),
    ];
    for (name, expected) in cases {
        assert_eq!(takers(&feeds, &DeliveredName::read(name)), [expected], "{name}");
    }
    assert_eq!(takers(&feeds, &DeliveredName::file("trades_20260801_0001.json")), ["trades 2026-08-01 #1"]);
}

#[test]
fn another_bucket_another_environment_or_a_month_that_there_is_not_is_no_match() {
    let feeds = feeds(DESK);
    for name in [
        "gs://other/trades/trades_20260801_0001.json",
        "trades_20260801_0001.json",
        "uat-orders-01Aug2026T0630PM.json",
        "trades/trades_20261301_0001.json",
        "trades/trades_20260801_0001.json.tmp",
        "trades/trades_٢٠٢٦٠٨٠١_0001.json",
        "",
    ] {
        assert_eq!(takers(&feeds, &DeliveredName::read(name)), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn two_days_in_one_name_are_said() {
    let feeds = feeds(r#"x { name: "x_{date:%Y%m%d}.json", prefix: "dt={date:%F}/" }"#);
    assert_eq!(takers(&feeds, &DeliveredName::read("dt=2026-08-01/x_20260801.json")), ["x 2026-08-01"]);
    let two = "x 2026-08-01 the name says both 2026-08-01 and 2026-08-02";
    assert_eq!(takers(&feeds, &DeliveredName::read("dt=2026-08-01/x_20260802.json")), [two]);
}

#[test]
fn a_near_miss_says_where_and_what_was_expected() {
    let feeds = feeds(DESK);
    let index = NameIndex::new(&feeds, &[]);
    let misses = |name: &str| -> Vec<String> {
        let misses = index.near_misses(&DeliveredName::read(name), 2);
        misses.iter().map(|miss| format!("{} {}: {}", miss.feed, miss.at, miss.expected)).collect()
    };
    let orders = "orders 6: `0` to `9`, `A` to `Z` or `a` to `z` of `{env}` or `-` of `-orders-`";
    assert_eq!(misses("trades/trades_20261301_0001.json"), ["trades 19: `0` to `2` of `{date:%Y%m%d}`", orders]);
    assert_eq!(
        misses("trades/trades_20260801_0001.json.tmp").first().map(String::as_str),
        Some("trades 32: the end of the name")
    );
    assert_eq!(misses("trades/trades_20260801-0001.json").first().map(String::as_str), Some("trades 22: `_`"));
    let orders = orders.replace('6', "5");
    assert_eq!(misses("books/RATES_20260801_7.csv"), ["books 6: `a` to `z` of `book`", orders.as_str()]);
    assert_eq!(misses("events/dt=2026-08-01/part-").first().map(String::as_str), Some("hive 26: a digit of `{seq}`"));
}

#[test]
fn what_cannot_be_compared_is_left_out_with_its_reason() {
    let index_of = feeds(DESK);
    let index = NameIndex::new(&index_of, &[]);
    let left_out: Vec<String> = index.left_out().iter().map(|(feed, why)| format!("{feed}: {why}")).collect();
    assert_eq!(
        left_out,
        ["broken: unknown token `{dat}`", "hidden: look-ahead is not checked: linear-time engines such as RE2 do not have it"]
    );
}

#[test]
fn no_name_and_no_pattern_is_too_odd() {
    for pattern in ["", ".*", "(a*)*", "a|b|", "[^/]+", "(?i)é", "^$", "a$b", "x{0,200}y{3}", r"\bword\b", "(?s).{1,900}"] {
        let feeds = feeds(&format!("odd {{ pattern: '{pattern}' }}"));
        let index = NameIndex::new(&feeds, &[]);
        for name in ["", "a", "É", "\u{0}", "y".repeat(2_000).as_str()] {
            index.takers(&DeliveredName::read(name));
            index.near_misses(&DeliveredName::read(name), 3);
        }
    }
}

#[test]
fn an_overlap_that_hangs_on_a_bucket_which_nobody_names_is_a_doubt() {
    let doubts = |lines: &str| {
        let feeds = feeds(lines);
        let index = NameIndex::new(&feeds, &[]);
        let of = |number: usize| index.feeds().get(number).map_or(String::new(), |names| names.feed.to_string());
        assert!(index.conflicts().is_empty());
        index.doubts().iter().map(|doubt| format!("{} {} {}", of(doubt.first), of(doubt.second), doubt.name)).collect::<Vec<_>>()
    };
    let open = r#"open { name: "in_{date:%Y%m%d}.json" }"#;
    let named = r#"named { name: "in_{any}.json", bucket: acme-landing }"#;
    let other = r#"other { name: "in_{date:%Y%m%d}.json", bucket: acme-drop }"#;
    assert_eq!(doubts(&format!("{named}\n{open}\n{other}")), ["open named in_20260801.json"]);
    assert_eq!(doubts(&format!("{named}\n{other}")), [""; 0]);
    assert_eq!(doubts(&format!("{open}\n{}", r#"apart { name: "out_{any}", bucket: acme-landing }"#)), [""; 0]);
}
