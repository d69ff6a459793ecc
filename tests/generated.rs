//! Files that are written by the program and committed: stale ones fail, `UPDATE=1 cargo test` writes them.
#![expect(clippy::disallowed_methods, reason = "a test of committed files reads and writes them")]

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

#[test]
fn the_page_of_facts() {
    is_up_to_date("docs/facts.md", &feedgate::model::facts::reference_page());
}
