//! `lint --write-baseline`: takes note of what is found, judges again, and says what was done.

use super::given::put;
use crate::cli::Lint;
use crate::outside::{Failure, below};
use crate::report::{amount, clean};
use crate::rules::catalogue::Catalogue;
use crate::suppress::baseline::{self, Written};
use crate::text::RepoPath;
use crate::{Run, Tree};
use std::path::Path;
use std::sync::Arc;

/// A baseline to be written.
pub(super) struct Noted {
    path: RepoPath,
    before: Option<Arc<str>>,
    written: Written,
}

/// Takes what the run finds for the baseline of the tree. The run is that by the baseline as it is written.
pub(super) fn make(tree: &Tree, arguments: &Lint, judge: impl Fn(&Tree) -> Run) -> Result<(Run, Noted), Failure> {
    let path = crate::read_repository(tree, None).config.baseline_path();
    let there = tree.files.iter().find(|file| file.path == path).map(|file| file.content.clone());
    let before = there.transpose().map_err(|why| Failure::new(format!("cannot read `{path}`: {why}")))?;
    let mut tree = tree.clone();
    if before.is_none() {
        put(&mut tree, path.as_str(), baseline::empty());
    }
    let run = judge(&tree);
    if run.failed {
        return Err(Failure::new("a rule failed, so that not all is found that there is").help("`feedgate lint` says which"));
    }
    let environment = arguments.environment.as_deref();
    if before.is_some() && run.baseline.environment.as_deref() != environment {
        return Err(of_another_environment(&path, run.baseline.environment.as_deref()));
    }
    let may_grow = arguments.grow_baseline || before.is_none();
    let written = run.baseline.rewritten(&run.report.diagnostics, &Catalogue::embedded(), environment, may_grow);
    put(&mut tree, path.as_str(), written.text.clone());
    Ok((judge(&tree), Noted { path, before, written }))
}

fn of_another_environment(path: &RepoPath, environment: Option<&str>) -> Failure {
    let with = environment.map_or_else(|| "without `--env`".to_owned(), |name| format!("with `--env {name}`"));
    Failure::new(format!("`{path}` was written {with}, and what is found differs by environment"))
        .help(format!("run it {with}, or take the file away to begin anew"))
}

impl Noted {
    pub(super) fn write(&self, root: &Path) -> Result<(), Failure> {
        if self.before.as_deref() == Some(&self.written.text) {
            return Ok(());
        }
        below::write(root, &self.path, self.before.as_deref(), &self.written.text)
    }

    /// What was done, in a line or two.
    pub(super) fn words(&self, prefix: &str) -> String {
        let Written { n_kept, n_taken_out, n_added, n_left_open, .. } = self.written;
        let (path, holds) = (format!("{prefix}{}", self.path), amount::count(n_kept + n_added, "finding"));
        let mut words = format!("{} holds {holds}: {n_added} added, {n_taken_out} taken out\n", clean::line(&path));
        if n_left_open > 0 {
            let open = amount::count(n_left_open, "more finding");
            words.push_str(&format!("  {open} could be added with `--grow-baseline`\n"));
        }
        words
    }
}
