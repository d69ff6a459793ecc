//! The pages for people: every link between them leads somewhere, and every page is led to.
#![expect(clippy::disallowed_methods, reason = "a test of committed files reads them")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pages, by their paths from the root.
fn pages() -> Vec<PathBuf> {
    let docs = fs::read_dir(root().join("docs")).expect("there are docs").map(|entry| entry.expect("it can be read").path());
    let docs = docs.map(|page| page.strip_prefix(root()).expect("it lies below").to_owned());
    let beside = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "examples/landing-zone/README.md"].map(PathBuf::from);
    docs.filter(|page| page.extension().is_some_and(|extension| extension == "md")).chain(beside).collect()
}

fn read(page: &Path) -> String {
    fs::read_to_string(root().join(page)).unwrap_or_else(|error| panic!("{}: {error}", page.display()))
}

/// The targets of the links of a page within the repository.
fn links(text: &str) -> Vec<String> {
    let events = pulldown_cmark::Parser::new_ext(text, pulldown_cmark::Options::ENABLE_TABLES);
    let target = |event| match event {
        pulldown_cmark::Event::Start(pulldown_cmark::Tag::Link { dest_url, .. }) => Some(dest_url.to_string()),
        _ => None,
    };
    events.filter_map(target).filter(|target| !target.contains("://")).collect()
}

/// The anchors of a page as GitHub makes them of its headings.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let anchor = |heading: &str| {
        let letters = heading.to_lowercase().replace(' ', "-");
        letters.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_')).collect()
    };
    headings.map(anchor).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let mut dead = Vec::new();
    for page in pages() {
        let text = read(&page);
        for link in links(&text) {
            let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = if path.is_empty() { page.clone() } else { page.parent().expect("it lies in a folder").join(path) };
            let is_there = root().join(&target).exists();
            let has_anchor = || anchor.is_empty() || anchors(&read(&target)).contains(anchor);
            if !is_there || !has_anchor() {
                dead.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}

#[test]
fn every_page_is_led_to() {
    let readme = links(&read(Path::new("README.md")));
    let is_led_to = |page: &PathBuf| readme.iter().any(|link| Path::new(link.split('#').next().unwrap_or(link)) == page);
    let lost: Vec<PathBuf> = pages().into_iter().filter(|page| page.starts_with("docs") && !is_led_to(page)).collect();
    assert!(lost.is_empty(), "the README leads to none of {lost:?}");
}
