//! What was found in records: the first of each kind, with a count.

use super::{Check, Finding};
use std::collections::BTreeMap;

/// Which findings are of one kind: the same complaint about the same field, whatever the item of a list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kind {
    pub(super) check: Check,
    pub(super) code: &'static str,
    /// The path without the numbers of items.
    pub(super) field: String,
    /// What else tells kinds apart, such as the name of a missing key.
    pub(super) detail: String,
}

/// More kinds are counted, and not shown.
const MAX_KINDS: usize = 200;

/// Sums over records.
#[derive(Debug, Default)]
pub struct Tally {
    pub n_records: u64,
    pub n_wrong_records: u64,
    pub n_lines: u64,
    pub n_bytes: u64,
    /// Findings of kinds beyond those that are kept.
    pub n_further: u64,
    pub(super) kinds: BTreeMap<Kind, Finding>,
}

impl Tally {
    pub(super) fn add(&mut self, kind: Kind, finding: Finding) {
        if let Some(known) = self.kinds.get_mut(&kind) {
            known.count += finding.count;
        } else if self.kinds.len() < MAX_KINDS {
            self.kinds.insert(kind, finding);
        } else {
            self.n_further += finding.count;
        }
    }

    /// Adds what was found behind this.
    pub fn append(&mut self, later: Tally) {
        let (n_records, n_lines, n_bytes) = (self.n_records, self.n_lines, self.n_bytes);
        for (kind, mut finding) in later.kinds {
            finding.place.record += n_records;
            finding.place.line += n_lines;
            finding.place.offset += n_bytes;
            self.add(kind, finding);
        }
        self.n_records += later.n_records;
        self.n_wrong_records += later.n_wrong_records;
        self.n_lines += later.n_lines;
        self.n_bytes += later.n_bytes;
        self.n_further += later.n_further;
    }

    /// The findings by place.
    pub fn findings(&self) -> Vec<&Finding> {
        let mut findings: Vec<&Finding> = self.kinds.values().collect();
        findings.sort_by(|a, b| a.place.offset.cmp(&b.place.offset).then_with(|| a.message.cmp(&b.message)));
        findings
    }

    /// For files that are not loaded as they are: a list of records is as good as lines.
    pub fn allow_any_layout(&mut self) {
        self.kinds.retain(|kind, _| !matches!(kind.code, "list" | "spread") || kind.check != Check::Layout);
    }

    pub fn is_clean(&self) -> bool {
        self.kinds.is_empty()
    }
}
