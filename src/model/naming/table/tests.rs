//! Templates of tables and patterns of files in; tables, and files that are loaded into them, out.

use super::{TableTemplate, Untold};
use crate::model::FeedId;
use crate::model::feed::{FeedSource, Reading, read_feeds};
use crate::model::naming::{FeedNames, easily_one};
use crate::syntax::yaml;
use crate::text::{FileId, RepoPath};

fn names(file: &str) -> FeedNames {
    let text = format!("feed: trades\nfile: {{ {file} }}\ntable: {{ dataset: raw }}\n");
    let document = yaml::parse(FileId::from_index(0), &text.as_str().into()).document;
    let path = RepoPath::new("feeds/a.yaml").expect("a plain path");
    let lookup = |_: &RepoPath| crate::model::feed::Lookup::Missing;
    let reading = Reading { source: FeedSource::FeedFile, path: &path, environment: None, lookup: &lookup };
    let (feeds, problems) = read_feeds(&document, &document.roots, &reading);
    assert_eq!(problems, []);
    let feed = feeds.first().expect("one feed");
    assert_eq!(feed.id, FeedId("trades".into()));
    FeedNames::of(feed, &[]).expect("it has names").expect("they can be read")
}

fn template(text: &str) -> TableTemplate {
    TableTemplate::read(text).expect("it has a part")
}

#[test]
fn a_table_is_filled_in_from_the_name_of_a_file() {
    let values = [("date".to_owned(), "20260801".to_owned()), ("book".to_owned(), "rates".to_owned())];
    assert_eq!(template("t_{book}_eod").fill(&values), Ok("t_rates_eod".to_owned()));
    assert_eq!(template("{book}{date}").fill(&values), Ok("rates20260801".to_owned()));
    assert_eq!(template("t_{desk}").fill(&values), Err("desk"));
    assert_eq!(TableTemplate::read("trades"), None);
}

#[test]
fn few_tables_are_listed() {
    let feed = names(r"pattern: '^(?P<book>orders|refunds)_\d{8}\.json$'");
    assert_eq!(template("raw_{book}").listed(&feed, &[]), Some(vec!["raw_orders".to_owned(), "raw_refunds".to_owned()]));
    assert_eq!(template("{book}").file_of("refunds", &feed, &[]).as_deref(), Some("refunds_20260801.json"));
    let feed = names(r"pattern: '^(?P<book>[a-z]+)_\d{8}\.json$'");
    assert_eq!(template("{book}").listed(&feed, &[]), None);
    assert_eq!(template("x{book}").file_of("xab", &feed, &[]).as_deref(), Some("ab_20260801.json"));
}

#[test]
fn parts_are_tokens_and_groups_and_may_stand_in_the_prefix() {
    let feed = names("name: '{any}_{date:%Y%m%d}.json', prefix: 'in/{seq:1}/'");
    assert_eq!(template("{any}").file_of("ab", &feed, &[]).as_deref(), Some("ab_20260801.json"));
    assert_eq!(template("t{seq}").listed(&feed, &[]).map(|tables| tables.len()), Some(10));
    assert_eq!(template("{book}").tables(&feed, &[]), Err(Untold::NoPart("book".to_owned())));
    let feed = names(r"pattern: '^(?:(?P<book>a)|b)\.json$'");
    assert_eq!(template("{book}").tables(&feed, &[]), Err(Untold::Within("book".to_owned())));
}

#[test]
fn names_that_are_easily_one_are_found() {
    let tables = |file: &str, table: &str| template(table).tables(&names(file), &[]).expect("they can be told");
    let own = |file: &str, table: &str| easily_one(&tables(file, table), &tables(file, table));
    assert_eq!(own(r"pattern: '^(?P<b>[a-z0-9_]+)\.json$'", "t_{b}"), None);
    let found = own(r"pattern: '^(?P<b>[A-Za-z]+)\.json$'", "t_{b}");
    assert_eq!(found, Some(("t_A".to_owned(), "t_a".to_owned())));
    let found = own(r"pattern: '^(?P<b>[a-z]+[-_][a-z]+)\.json$'", "{b}");
    assert_eq!(found, Some(("a-a".to_owned(), "a_a".to_owned())));
}
