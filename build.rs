//! Writes the table of the rule pages, so that a page is in the catalogue because it lies under `rules/`.
#![expect(clippy::disallowed_methods, reason = "a build script is outside by nature")]

use std::fmt::Write;
use std::fs;
use std::path::Path;

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=rules");
    let root = std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it for build scripts");
    let target = std::env::var("OUT_DIR").expect("cargo sets it for build scripts");
    let mut table = String::from("&[\n");
    for (family, id) in pages(&Path::new(&root).join("rules"))? {
        let text = format!("include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/rules/{family}/{id}.md\"))");
        writeln!(table, "    ({family:?}, {id:?}, {text}),").expect("writing into a string does not fail");
    }
    table.push(']');
    fs::write(Path::new(&target).join("pages.rs"), table)
}

/// Family and id of every page, sorted. Files of another name are left alone.
fn pages(rules: &Path) -> std::io::Result<Vec<(String, String)>> {
    let mut pages = Vec::new();
    for family in fs::read_dir(rules)? {
        let family = family?;
        if !family.file_type()?.is_dir() {
            continue;
        }
        for page in fs::read_dir(family.path())? {
            let name = page?.file_name().to_string_lossy().into_owned();
            if let Some(id) = name.strip_suffix(".md") {
                pages.push((family.file_name().to_string_lossy().into_owned(), id.to_owned()));
            }
        }
    }
    pages.sort();
    Ok(pages)
}
