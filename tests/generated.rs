//! Files that are written by the program and committed: stale ones fail, `UPDATE=1 cargo test` writes them.
#![expect(clippy::disallowed_methods, reason = "a test of committed files reads and writes them")]

use feedgate::outside::worktree::{Limits, read_tree};
use feedgate::report::text::{TextOptions, render};
use feedgate::report::{Pages, View};
use feedgate::rules::catalogue::Catalogue;
use feedgate::rules::index;
use feedgate::text::Date;
use feedgate::{Options, lint};
use std::fs;
use std::path::Path;

fn is_up_to_date(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var("UPDATE").is_ok() {
        fs::create_dir_all(file.parent().expect("a file lies in a folder")).expect("the folder can be made");
        fs::write(&file, text).expect("the file can be written");
    }
    let there = fs::read_to_string(&file).unwrap_or_default();
    assert!(there == text, "{path} is stale: run `UPDATE=1 cargo test --test generated`");
}

/// The file with `part` between its two markers.
fn with_part(path: &str, name: &str, part: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = fs::read_to_string(file).expect("the file is committed");
    let (opening, closing) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->\n"));
    let (before, rest) = text.split_once(&opening).expect("the opening marker is there");
    let (_, after) = rest.split_once(&closing).expect("the closing marker is there");
    format!("{before}{opening}{part}{closing}{after}")
}

#[test]
fn the_index_of_rules() {
    let catalogue = Catalogue::embedded();
    let table = index::markdown(catalogue.rules().map(|rule| &rule.meta));
    is_up_to_date("README.md", &with_part("README.md", "rules", &table));
}

#[test]
fn the_page_of_facts() {
    is_up_to_date("docs/facts.md", &feedgate::model::facts::reference_page());
}

/// What the README shows of the report of `examples/broken`.
const SHOWN: [&str; 3] = ["misaligned-table-schema", "retention-below-feed", "missing-partition-filter"];

#[test]
fn the_excerpt_of_a_report() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/broken");
    let tree = read_tree(&root, Limits::default()).expect("the demo is committed");
    let today = Date { year: 2026, month: 8, day: 22 };
    let options = Options::new(today);
    let run = lint(&tree, None, Catalogue::embedded(), &options);
    let pages = Pages::new(Catalogue::embedded().rules().map(|rule| &rule.meta));
    let view = View { files: &run.files, report: &run.report, pages: &pages, prefix: "examples/broken/" };
    // The excerpt chooses among all, and not among those of the first screen.
    let text = render(&view, &TextOptions { limit: usize::MAX, ..TextOptions::default() });
    let blocks: Vec<&str> = text.trim_end().split("\n\n").collect();
    let finding = |rule: &str| {
        let block = blocks.iter().find(|block| block.split_once('[').is_some_and(|(_, rest)| rest.starts_with(rule)));
        *block.expect("the broken demo shows every rule")
    };
    let table = blocks.iter().find(|block| block.trim_start().starts_with("query ")).expect("there are estimates");
    let summary = blocks.last().expect("there is a last line");
    let shown: Vec<&str> = SHOWN.into_iter().map(finding).chain(["…", table, summary]).collect();
    let part = format!("```text\n$ feedgate lint examples/broken --as-of 2026-08-22\n{}\n```\n", shown.join("\n\n"));
    is_up_to_date("README.md", &with_part("README.md", "excerpt", &part));
}
