//! Files that are written by the program and committed: stale ones fail, `UPDATE=1 cargo test` writes them.
#![expect(clippy::disallowed_methods, reason = "a test of committed files reads and writes them")]

use feedgate::rules::catalogue::Catalogue;
use feedgate::rules::index;
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
