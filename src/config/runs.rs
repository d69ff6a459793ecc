//! How often queries run, by glob: `runs:` of the configuration.

use super::paths::glob_set;
use crate::text::Spanned;
use globset::GlobSet;

/// One entry.
#[derive(Debug, Clone)]
pub struct RunsOf {
    pub glob: Spanned<String>,
    /// The rate or the schedule as it is written.
    pub text: Spanned<String>,
    pub per_month: f64,
    compiled: GlobSet,
}

impl RunsOf {
    pub(super) fn new(glob: Spanned<String>, text: Spanned<String>, per_month: f64) -> RunsOf {
        let compiled = glob_set([glob.value.as_str()]);
        RunsOf { glob, text, per_month, compiled }
    }

    /// Whether it speaks of the query at this path.
    pub fn takes(&self, path: &str) -> bool {
        self.compiled.is_match(path)
    }
}
