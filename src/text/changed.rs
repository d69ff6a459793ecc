//! The lines of a revision that another does not have.

use super::RepoPath;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// By file, counted from 1 and in order.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct ChangedLines(BTreeMap<RepoPath, Vec<RangeInclusive<u32>>>);

impl ChangedLines {
    pub fn add(&mut self, path: RepoPath, lines: RangeInclusive<u32>) {
        self.0.entry(path).or_default().push(lines);
    }

    pub fn hold(&self, path: &RepoPath, line: u32) -> bool {
        self.0.get(path).is_some_and(|all| all.iter().any(|lines| lines.contains(&line)))
    }
}
