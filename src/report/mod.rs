//! What a run says, and the renderers of it. Renderers return strings and never fail; they own their formats.

pub mod github;
pub mod json;
pub mod markdown;
pub mod text;

use crate::diagnostic::{Diagnostic, Severity};
use crate::estimate::Estimate;
use crate::model::change::Change;
use crate::model::{Counts, Skipped};

/// The result of a run, sorted: diagnostics by path and place, the rest by subject.
#[derive(Debug, Default)]
pub struct Report {
    pub diagnostics: Vec<Diagnostic>,
    /// Findings that an ignore comment silenced.
    pub suppressed: Vec<Diagnostic>,
    pub estimates: Vec<Estimate>,
    pub changes: Vec<Change>,
    pub skipped: Vec<Skipped>,
    pub stats: Stats,
}

/// What was read, for the summary.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Stats {
    pub read: Counts,
    pub feeds: usize,
    pub schemas: usize,
    pub tables: usize,
    pub buckets: usize,
    pub queries: usize,
    pub rules: usize,
}

impl Report {
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }
}
