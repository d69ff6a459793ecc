//! `lint --fix`: makes fixes and judges again until none is left, in memory; then writes the files, each whole.

use crate::diagnostic::{Applicability, fix};
use crate::outside::{Failure, below};
use crate::report::clean;
use crate::text::RepoPath;
use crate::{Run, Tree, TreeFile};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

/// What was fixed.
#[derive(Default)]
pub(super) struct Fixed {
    /// The text that a file had, `None` for a new one, and the text that it is to have.
    files: BTreeMap<RepoPath, (Option<Arc<str>>, String)>,
    /// What was done, by file.
    done: BTreeMap<RepoPath, Vec<String>>,
}

/// Fixes of one round may uncover others; a fix that uncovers itself must not run for ever.
const MAX_ROUNDS: usize = 8;

/// Judges the tree with its fixes made. The run is that of the files as they are written.
pub(super) fn make(tree: &Tree, allowed: Applicability, judge: impl Fn(&Tree) -> Run) -> (Run, Fixed) {
    let mut tree = tree.clone();
    let mut fixed = Fixed::default();
    let mut run = judge(&tree);
    for _ in 0..MAX_ROUNDS {
        let made = fix::make(&run.files, &run.report.diagnostics, allowed);
        if made.texts.is_empty() {
            break;
        }
        for (path, title) in made.done {
            fixed.done.entry(path).or_default().push(title);
        }
        for (path, text) in made.texts {
            fixed.change(&mut tree, path, text);
        }
        run = judge(&tree);
    }
    (run, fixed)
}

impl Fixed {
    fn change(&mut self, tree: &mut Tree, path: RepoPath, text: String) {
        let content = Ok(text.as_str().into());
        let before = match tree.files.iter_mut().find(|file| file.path == path) {
            Some(file) => std::mem::replace(&mut file.content, content).ok(),
            None => {
                tree.files.push(TreeFile { path: path.clone(), content });
                None
            }
        };
        self.files.entry(path).or_insert((before, String::new())).1 = text;
    }

    /// Writes what has changed.
    pub(super) fn write(&self, root: &Path) -> Result<(), Failure> {
        let changed = self.files.iter().filter(|(_, (before, after))| before.as_deref() != Some(after));
        changed.into_iter().try_for_each(|(path, (before, after))| below::write(root, path, before.as_deref(), after))
    }

    /// What was done, a file in each line; nothing when nothing was.
    pub(super) fn words(&self, prefix: &str) -> String {
        let n_fixes: usize = self.done.values().map(Vec::len).sum();
        if n_fixes == 0 {
            return String::new();
        }
        let mut words = format!("fixed {n_fixes} finding{}\n", if n_fixes == 1 { "" } else { "s" });
        for (path, titles) in &self.done {
            let _ = writeln!(words, "  {}", clean::line(&format!("{prefix}{path}: {}", titles.join("; "))));
        }
        words
    }
}
