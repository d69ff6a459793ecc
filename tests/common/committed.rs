//! Files that are written by the program and committed.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Fails when the file is another one; writes it when it is asked to.
pub(crate) fn is_up_to_date(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var("UPDATE").is_ok() {
        fs::create_dir_all(file.parent().expect("a file lies in a folder")).expect("the folder can be made");
        fs::write(&file, text).expect("the file can be written");
    }
    let there = fs::read_to_string(&file).unwrap_or_default();
    assert!(there == text, "{path} is stale: run `UPDATE=1 cargo test --test generated --test change`");
}

/// One at a time: who reads a file to write a part of it must not lose the part that another test has just written.
static PARTS: Mutex<()> = Mutex::new(());

/// The same of what stands between two markers of a file.
pub(crate) fn part_is_up_to_date(path: &str, name: &str, part: &str) {
    let _one = PARTS.lock().unwrap_or_else(PoisonError::into_inner);
    is_up_to_date(path, &with_part(path, name, part));
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
