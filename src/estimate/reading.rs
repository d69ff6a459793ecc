//! What is found out of one table that a query reads, and how such findings are put together.

use super::{Basis, Bounds};
use crate::diagnostic::Label;
use crate::sql::Scan;
use crate::text::Span;
use std::ops::Range;

/// What is found out of one table.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub(super) bytes: Bounds,
    /// Something was taken for granted that no statistics say.
    pub(super) is_assumed: bool,
    /// A dry run gives the low figure, and what is charged is known only when the query has run.
    pub(super) is_floor: bool,
    pub(super) basis: Option<Basis>,
    pub(super) unknown: Vec<(Option<Span>, String)>,
    pub(super) notes: Vec<String>,
    pub(super) steps: Vec<Label>,
    /// What filters leave out or not, at offsets of the query.
    pub(super) reasons: Vec<(Range<usize>, String)>,
    /// Partitions read, and in all.
    pub(super) partitions: Option<(u64, u64)>,
    /// How many tables this is for the minimum bill, where it is not one.
    pub(super) counts: Option<Bounds>,
    /// In a line, how the figure came about.
    pub(super) why: String,
}

impl Reading {
    pub(super) fn new(bytes: Bounds, why: impl Into<String>) -> Reading {
        let (unknown, notes, steps, reasons) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Reading {
            bytes,
            is_assumed: false,
            is_floor: false,
            basis: None,
            unknown,
            notes,
            steps,
            reasons,
            partitions: None,
            counts: None,
            why: why.into(),
        }
    }

    /// Nothing is known, and why.
    pub(super) fn unknown(span: Option<Span>, why: impl Into<String>) -> Reading {
        let why = why.into();
        Reading { unknown: vec![(span, why.clone())], ..Reading::new(Bounds::OPEN, why) }
    }

    /// With one more of several tables, which is read for certain or perhaps.
    pub(super) fn with_table(self, mut other: Reading, is_sure: bool) -> Reading {
        if !is_sure {
            other.bytes.low = 0;
            other.is_assumed = true;
            other.notes.push("a filter whose value is not known may leave fewer tables".to_owned());
        }
        let counts = self.counts.unwrap_or(Bounds::ZERO).plus(counts(other.bytes));
        let reasons = [self.reasons.as_slice(), &other.reasons].concat();
        Reading { counts: Some(counts), partitions: None, reasons, ..both(self, other) }
    }

    pub(super) fn assume(&mut self, basis: Basis) {
        self.is_assumed |= basis > Basis::Statistics;
        self.basis = self.basis.max(Some(basis));
    }
}

/// How often a table counts for the minimum bill: when anything of it is read.
pub(super) fn counts(bytes: Bounds) -> Bounds {
    Bounds { low: u64::from(bytes.low > 0), high: Some(u64::from(bytes.high != Some(0))) }
}

/// The reading of further columns of the same table.
pub(super) fn both(first: Reading, second: Reading) -> Reading {
    let most = |a: (u64, u64), b: (u64, u64)| (a.0.max(b.0), a.1.max(b.1));
    let partitions = match (first.partitions, second.partitions) {
        (Some(a), Some(b)) => Some(most(a, b)),
        (one, other) => one.or(other),
    };
    Reading {
        bytes: first.bytes.plus(second.bytes),
        is_assumed: first.is_assumed || second.is_assumed,
        is_floor: first.is_floor || second.is_floor,
        basis: first.basis.max(second.basis),
        unknown: [first.unknown, second.unknown].concat(),
        notes: [first.notes, second.notes].concat(),
        steps: [first.steps, second.steps].concat(),
        reasons: Vec::new(),
        partitions,
        counts: None,
        why: format!("{}, and {}", first.why, second.why),
    }
}

/// `TABLESAMPLE` reads about so many blocks; a table or a partition of less than about one GB is one block.
pub(super) fn sampled(scans: &[&Scan], is_partitioned: bool, reading: &mut Reading) {
    const BLOCK_BYTES: u64 = 1_000_000_000;
    let Some(percent) = scans.iter().map(|scan| scan.sample_percent).collect::<Option<Vec<f64>>>() else { return };
    let percent = percent.into_iter().fold(0.0, f64::max).clamp(0.0, 100.0);
    let of = |bytes: u64| (bytes as f64 * percent / 100.0).round() as u64;
    let is_block = reading.bytes.high.is_some_and(|high| high < BLOCK_BYTES);
    if is_block || percent >= 100.0 {
        reading.notes.push("a table of less than about 1 GB is read whole, sampled or not".to_owned());
        return;
    }
    // Of small partitions each is a block, and read whole when it is drawn.
    let high = if is_partitioned { reading.bytes.high } else { reading.bytes.high.map(of) };
    reading.bytes = Bounds { low: of(reading.bytes.low), high };
    reading.is_assumed = true;
    reading.why.push_str(&format!("; about {percent} % of it is sampled"));
    reading.notes.push(format!("a sample of {percent} % draws blocks by chance: the figure is what it reads on average"));
}
