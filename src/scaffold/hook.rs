//! Our entry in `.pre-commit-config.yaml`: added at the end of `repos`, whatever else stands there stays as it is.

use super::scalar;
use crate::syntax::{Document, NodeId, Parsed, Value, yaml};
use crate::text::{FileId, RepoPath};
use std::sync::Arc;

/// What becomes of a configuration of pre-commit.
#[derive(Debug, PartialEq, Eq)]
pub enum Added {
    Text(String),
    /// It speaks of us already.
    Already,
    /// It is written in a way that we do not edit, and why.
    Refused(&'static str),
}

const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// Adds our entry to a configuration, or makes one: of one folder of the repository, when it is said, else of all of it.
pub fn add(before: Option<&str>, folder: Option<&RepoPath>) -> Added {
    let of_folder = folder.map(|folder| scalar(&format!("^{}/", regex::escape(folder.as_str()))));
    let of_folder = of_folder.as_deref();
    let Some(text) = before.filter(|text| !text.trim().is_empty()) else {
        return Added::Text(format!("repos:\n{}", entry("  ", of_folder)));
    };
    if of_folder.map_or(text.contains(REPOSITORY) || text.contains("id: feedgate"), |own| text.contains(own)) {
        return Added::Already;
    }
    let is_of_windows = text.matches("\r\n").count() == text.matches('\n').count();
    match checked(&text.replace("\r\n", "\n"), of_folder) {
        Added::Text(after) if is_of_windows => Added::Text(after.replace('\n', "\r\n")),
        other => other,
    }
}

/// What was edited as a text has to read as one repository more.
fn checked(text: &str, of_folder: Option<&str>) -> Added {
    match added(text, of_folder) {
        Added::Text(after) if n_repositories(&after) != n_repositories(text).map(|n| n + 1) => {
            Added::Refused("its list does not end where our entry would stand")
        }
        other => other,
    }
}

fn read(text: &str) -> Option<(Parsed, NodeId)> {
    let parsed = yaml::parse(FileId::from_index(0), &Arc::from(text));
    let root = parsed.document.roots.first().copied().filter(|_| parsed.problems.is_empty())?;
    Some((parsed, root))
}

fn n_repositories(text: &str) -> Option<usize> {
    let (parsed, root) = read(text)?;
    Some(parsed.document.get(root, "repos").map_or(0, |repos| parsed.document.sequence(repos).len()))
}

fn added(text: &str, of_folder: Option<&str>) -> Added {
    let Some((parsed, root)) = read(text) else { return Added::Refused("it cannot be read") };
    match parsed.document.get(root, "repos") {
        None if matches!(parsed.document.value(root), Value::Map(_)) && !text.starts_with('{') => {
            Added::Text(format!("{}\nrepos:\n{}", text.trim_end_matches('\n'), entry("  ", of_folder)))
        }
        None => Added::Refused("it is no map in lines"),
        Some(repos) => appended(text, &parsed.document, repos, of_folder),
    }
}

fn appended(text: &str, document: &Document, repos: NodeId, of_folder: Option<&str>) -> Added {
    let span = document.span(repos).range();
    let is_flow = text.get(span.clone()).is_some_and(|list| list.starts_with('['));
    let Some(last) = document.sequence(repos).last() else {
        let Some((before, after)) = is_flow.then(|| (text.get(..span.start), text.get(span.end..))) else {
            return Added::Refused("`repos` is no list");
        };
        let (before, after) = (before.unwrap_or("").trim_end_matches(' '), after.unwrap_or("").trim_start_matches('\n'));
        return Added::Text(format!("{before}\n{}{after}", entry("  ", of_folder)));
    };
    if is_flow {
        return Added::Refused("`repos` is written in brackets");
    }
    let start = document.sequence(repos).first().map_or(span.start, |first| document.span(*first).range().start);
    // Behind the dash of the first item may stand an anchor, and the item itself on the next line.
    let dash = text.get(..start).unwrap_or("").lines().rev().find(|line| line.trim_start().starts_with('-'));
    let indent: String = dash.unwrap_or("").chars().take_while(|c| *c == ' ').collect();
    // A block scalar reaches over the blank lines behind it.
    let end = text.get(..document.span(*last).range().end).map_or(text.len(), |item| item.trim_end().len());
    let end = text.get(end..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| end + at);
    let (before, after) = text.split_at_checked(end).unwrap_or((text, ""));
    Added::Text(format!("{before}\n{}{}", entry(&indent, of_folder), after.strip_prefix('\n').unwrap_or(after)))
}

/// `of_folder` is what the names of its files must match.
fn entry(indent: &str, of_folder: Option<&str>) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let own =
        [format!("- repo: {REPOSITORY}"), format!("  rev: v{version}"), "  hooks:".to_owned(), "    - id: feedgate".to_owned()];
    let files = of_folder.map(|pattern| format!("      files: {pattern}"));
    own.into_iter().chain(files).map(|line| format!("{indent}{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(before: &str) -> String {
        match add(Some(before), None) {
            Added::Text(text) => text.replace(REPOSITORY, "US").replace(env!("CARGO_PKG_VERSION"), "1"),
            other => format!("{other:?}"),
        }
    }

    const OURS: &str = "  - repo: US\n    rev: v1\n    hooks:\n      - id: feedgate\n";

    #[test]
    fn a_configuration_is_made_where_there_is_none() {
        assert_eq!(added(""), format!("repos:\n{OURS}"));
        assert_eq!(added("\n\n"), format!("repos:\n{OURS}"));
        assert!(matches!(add(None, None), Added::Text(_)));
    }

    #[test]
    fn comments_and_order_stay_as_they_are() {
        let before = "# ours\nrepos:\n  # the usual\n  - repo: https://example.com/a\n    rev: v1 # pinned\n    hooks: [{ id: a }] # last\n";
        assert_eq!(added(before), format!("{before}{OURS}"));
        assert_eq!(
            added(&format!("{before}\n# end\nci: {{ skip: [a] }}\n")),
            format!("{before}{OURS}\n# end\nci: {{ skip: [a] }}\n")
        );
        assert_eq!(added(before.trim_end()), format!("{before}{OURS}"));
    }

    #[test]
    fn lines_of_windows_stay_so() {
        let before = "# ours\r\nrepos:\r\n  - repo: local\r\n    hooks: []\r\n";
        assert_eq!(added(before), format!("{before}{}", OURS.replace('\n', "\r\n")));
    }

    #[test]
    fn anchors_stay_and_an_alias_at_the_end_is_left_alone() {
        let before = "x: &rev v1 # of all\nrepos:\n  - &local\n    repo: local\n    rev: *rev\n    hooks: []\n";
        assert_eq!(added(before), format!("{before}{OURS}"));
        let aliased = "x: &local\n  repo: local\n  hooks: []\nrepos:\n  - repo: meta\n    hooks: []\n  - *local\n";
        assert_eq!(added(aliased), "Refused(\"its list does not end where our entry would stand\")");
    }

    #[test]
    fn the_entry_of_a_folder_is_of_its_files() {
        let folder = RepoPath::new("data/zone.a").expect("plain");
        let Added::Text(first) = add(Some("repos: []\n"), Some(&folder)) else { panic!("it is added") };
        assert!(first.ends_with("      - id: feedgate\n        files: \"^data/zone\\\\.a/\"\n"), "{first}");
        assert_eq!(add(Some(&first), Some(&folder)), Added::Already);
        let other = RepoPath::new("data/other").expect("plain");
        assert!(matches!(add(Some(&first), Some(&other)), Added::Text(_)));
    }

    #[test]
    fn the_indent_is_that_of_the_list() {
        let before = "repos:\n- repo: local\n  hooks:\n  - id: x\n    entry: |\n      a\n      b\n\nfail_fast: true\n";
        let expected = "repos:\n- repo: local\n  hooks:\n  - id: x\n    entry: |\n      a\n      b\n- repo: US\n  rev: v1\n  hooks:\n    - id: feedgate\n\nfail_fast: true\n";
        assert_eq!(added(before), expected);
    }

    #[test]
    fn an_empty_list_is_filled_and_a_missing_one_begun() {
        assert_eq!(added("repos: []\nfail_fast: true\n"), format!("repos:\n{OURS}fail_fast: true\n"));
        assert_eq!(added("fail_fast: true\n"), format!("fail_fast: true\nrepos:\n{OURS}"));
    }

    #[test]
    fn what_is_there_already_or_not_ours_to_edit_is_left_alone() {
        assert_eq!(added(&format!("repos:\n  - repo: {REPOSITORY}\n")), "Already");
        assert_eq!(added("repos: [{ repo: x }]"), "Refused(\"`repos` is written in brackets\")");
        assert_eq!(added("repos: ["), "Refused(\"it cannot be read\")");
        assert_eq!(added("- a"), "Refused(\"it is no map in lines\")");
    }
}
