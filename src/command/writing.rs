//! Files that a command makes or changes: shown, or written each whole.

use super::given::put;
use crate::Tree;
use crate::outside::{Failure, below};
use crate::report::clean;
use crate::text::RepoPath;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// What is to be written, by path: what was there, and what is to be there.
#[derive(Default)]
pub(super) struct Writing(BTreeMap<RepoPath, (Option<String>, String)>);

impl Writing {
    pub(super) fn add(&mut self, path: RepoPath, before: Option<String>, after: String) {
        self.0.insert(path, (before, after));
    }

    pub(super) fn paths(&self) -> Vec<RepoPath> {
        self.0.keys().cloned().collect()
    }

    /// The tree as it will be.
    pub(super) fn put_into(&self, tree: &mut Tree) {
        for (path, (_, after)) in &self.0 {
            put(tree, path.as_str(), after.clone());
        }
    }

    pub(super) fn write(&self, root: &Path) -> Result<(), Failure> {
        self.0.iter().try_for_each(|(path, (before, after))| below::write(root, path, before.as_deref(), after))
    }

    /// A line for each file.
    pub(super) fn words(&self, prefix: &str) -> String {
        let line = |(path, (before, _)): (&RepoPath, &(Option<String>, String))| {
            let what = if before.is_some() { "changed" } else { "new" };
            format!("  {what}: {}\n", clean::line(&format!("{prefix}{path}")))
        };
        self.0.iter().map(line).collect()
    }

    /// The whole of it: new files as they will be, of changed ones the lines that are new.
    pub(super) fn shown(&self, prefix: &str) -> String {
        let mut out = String::new();
        for (path, (before, after)) in &self.0 {
            let there: Vec<&str> = before.as_deref().map_or_else(Vec::new, |text| text.lines().collect());
            let what = if before.is_some() { "would be changed" } else { "would be new" };
            let _ = writeln!(out, "--- {} {what}", clean::line(&format!("{prefix}{path}")));
            for line in after.lines().filter(|line| !there.contains(line)) {
                let _ = writeln!(out, "{}", clean::line(line));
            }
            out.push('\n');
        }
        out
    }
}
