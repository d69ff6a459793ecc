//! Files that are written by the program and committed: stale ones fail, `UPDATE=1 cargo test` writes them.
#![expect(clippy::disallowed_methods, reason = "a test of committed files reads and writes them")]

#[path = "common/committed.rs"]
mod committed;

use committed::{is_up_to_date, part_is_up_to_date};
use feedgate::outside::worktree::{Limits, read_tree};
use feedgate::report::text::{TextOptions, render};
use feedgate::report::{Pages, View};
use feedgate::rules::catalogue::Catalogue;
use feedgate::rules::index;
use feedgate::text::Date;
use feedgate::{Options, lint};
use std::path::Path;

#[test]
fn the_index_of_rules() {
    let catalogue = Catalogue::embedded();
    let table = index::markdown(catalogue.rules().map(|rule| &rule.meta));
    part_is_up_to_date("README.md", "rules", &table);
}

#[test]
fn the_page_of_facts() {
    is_up_to_date("docs/facts.md", &feedgate::model::facts::reference_page());
}

#[test]
fn the_page_of_commands() {
    is_up_to_date("docs/command-line.md", &feedgate::cli::reference_page());
}

/// What the README shows of the report of `examples/broken`.
const SHOWN: [&str; 3] = ["misaligned-table-schema", "retention-below-feed", "missing-partition-filter"];

/// The queries of which the README shows what they cost; their number and the sum at the end change with every example.
const QUERIES: [&str; 3] = ["daily_volume", "quote_spreads", "book_updates"];

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
    let rows = table.lines().enumerate().filter(|(number, row)| *number == 0 || QUERIES.iter().any(|query| row.contains(query)));
    let table = rows.map(|(_, row)| row).collect::<Vec<_>>().join("\n") + "\n  …";
    let shown: Vec<&str> = SHOWN.into_iter().map(finding).chain(["…", &table]).collect();
    let part = format!("```text\n$ feedgate lint examples/broken --as-of 2026-08-22\n{}\n```\n", shown.join("\n\n"));
    part_is_up_to_date("README.md", "excerpt", &part);
}
