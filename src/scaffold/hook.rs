//! Our entry in `.pre-commit-config.yaml`: added at the end of `repos`, whatever else stands there stays as it is.

use crate::syntax::{Document, NodeId, Value, yaml};
use crate::text::FileId;
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

/// Adds our entry to a configuration, or makes one.
pub fn add(before: Option<&str>) -> Added {
    let Some(text) = before.filter(|text| !text.trim().is_empty()) else {
        return Added::Text(format!("repos:\n{}", entry("  ")));
    };
    if text.contains(REPOSITORY) || text.contains("id: feedgate") {
        return Added::Already;
    }
    let source: Arc<str> = text.into();
    let parsed = yaml::parse(FileId::from_index(0), &source);
    let Some(root) = parsed.document.roots.first().copied().filter(|_| parsed.problems.is_empty()) else {
        return Added::Refused("it cannot be read");
    };
    match parsed.document.get(root, "repos") {
        None if matches!(parsed.document.value(root), Value::Map(_)) && !text.starts_with('{') => {
            Added::Text(format!("{}\nrepos:\n{}", text.trim_end_matches('\n'), entry("  ")))
        }
        None => Added::Refused("it is no map in lines"),
        Some(repos) => appended(text, &parsed.document, repos),
    }
}

fn appended(text: &str, document: &Document, repos: NodeId) -> Added {
    let span = document.span(repos).range();
    let is_flow = text.get(span.clone()).is_some_and(|list| list.starts_with('['));
    let Some(last) = document.sequence(repos).last() else {
        let Some((before, after)) = is_flow.then(|| (text.get(..span.start), text.get(span.end..))) else {
            return Added::Refused("`repos` is no list");
        };
        let (before, after) = (before.unwrap_or("").trim_end_matches(' '), after.unwrap_or("").trim_start_matches('\n'));
        return Added::Text(format!("{before}\n{}{after}", entry("  ")));
    };
    if is_flow {
        return Added::Refused("`repos` is written in brackets");
    }
    let start = document.sequence(repos).first().map_or(span.start, |first| document.span(*first).range().start);
    let line_start = text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let indent: String = text.get(line_start..).unwrap_or("").chars().take_while(|c| *c == ' ').collect();
    // A block scalar reaches over the blank lines behind it.
    let end = text.get(..document.span(*last).range().end).map_or(text.len(), |item| item.trim_end().len());
    let end = text.get(end..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| end + at);
    let (before, after) = text.split_at_checked(end).unwrap_or((text, ""));
    Added::Text(format!("{before}\n{}{}", entry(&indent), after.strip_prefix('\n').unwrap_or(after)))
}

fn entry(indent: &str) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let lines =
        [format!("- repo: {REPOSITORY}"), format!("  rev: v{version}"), "  hooks:".to_owned(), "    - id: feedgate".to_owned()];
    lines.iter().map(|line| format!("{indent}{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(before: &str) -> String {
        match add(Some(before)) {
            Added::Text(text) => text.replace(REPOSITORY, "US").replace(env!("CARGO_PKG_VERSION"), "1"),
            other => format!("{other:?}"),
        }
    }

    const OURS: &str = "  - repo: US\n    rev: v1\n    hooks:\n      - id: feedgate\n";

    #[test]
    fn a_configuration_is_made_where_there_is_none() {
        assert_eq!(added(""), format!("repos:\n{OURS}"));
        assert_eq!(added("\n\n"), format!("repos:\n{OURS}"));
        assert!(matches!(add(None), Added::Text(_)));
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
