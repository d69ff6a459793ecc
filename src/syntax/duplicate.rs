//! Keys that stand twice in one map. Knows the tree only.

use super::node::{Document, Entry, Problem, ProblemKind};
use crate::text::Span;
use std::collections::HashMap;

/// A problem for each entry whose key stands before it already.
pub(super) fn duplicates(document: &Document, entries: &[Entry]) -> Vec<Problem> {
    // Hashing costs more than comparing for the few keys that most maps have.
    let mut first: HashMap<&str, &Entry> = HashMap::new();
    let mut problems = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let key = document.key(entry);
        let earlier = if entries.len() <= 16 {
            entries.iter().take(index).find(|other| document.key(other) == key)
        } else {
            let found = *first.entry(key).or_insert(entry);
            (found.key_span != entry.key_span).then_some(found)
        };
        if let Some(earlier) = earlier {
            problems.push(duplicate(key, entry.key_span, earlier.key_span));
        }
    }
    problems
}

/// The problem of a key that stands twice.
pub(super) fn duplicate(key: &str, second: Span, first: Span) -> Problem {
    Problem {
        kind: ProblemKind::DuplicateKey,
        span: second,
        message: format!("the key `{key}` stands twice in this map"),
        help: Some("remove one of the two; some readers keep the last in silence, others refuse the file".to_owned()),
        related: Some((first, "first written here".to_owned())),
    }
}
