//! What a change does to the estimates: queries of two revisions side by side, the differences of their bytes and costs,
//! and what made them differ. Knows nothing of rules and formats.

mod cause;

pub use cause::{Cause, CauseKind};

use super::monthly::Usd;
use super::{Accuracy, Bounds, Estimate};
use crate::config::Config;
use crate::model::change::{Pairing, Pairs};
use crate::model::{Model, QueryId};
use crate::text::{Files, Span};
use std::collections::BTreeMap;

/// One revision with the estimates of its queries, and what they were reckoned with.
#[derive(Clone, Copy)]
pub struct Priced<'a> {
    pub model: &'a Model,
    pub config: &'a Config,
    pub estimates: &'a [Estimate],
}

/// The queries whose figures differ between two revisions, by query.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Repricing {
    pub queries: Vec<Repriced>,
    /// Statements whose text differs and whose figures do not.
    pub n_rewritten_alike: usize,
}

/// A query whose figures differ; at least one of the two is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Repriced {
    pub base: Option<Estimate>,
    pub head: Option<Estimate>,
    /// What made the difference, the most telling first; empty for queries that only one revision has.
    pub causes: Vec<Cause>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Added,
    Removed,
    /// Its own text differs.
    Rewritten,
    /// Something that it reads, or what it is reckoned with, differs.
    Repriced,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Added => "added",
            Kind::Removed => "removed",
            Kind::Rewritten => "rewritten",
            Kind::Repriced => "repriced",
        }
    }
}

/// Head less base: all that it may be, given the bounds of both. `None` where that has no end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference<T> {
    pub low: Option<T>,
    pub high: Option<T>,
}

/// Compares the estimates of two revisions, of which `pairs` says what is what.
pub fn between(files: &Files, pairs: &Pairs, base: Priced<'_>, head: Priced<'_>) -> Repricing {
    let causes = cause::Causes { files, pairs, base, head };
    let mut repricing = Repricing::default();
    for (before, after) in sides(&pairs.queries, base, head) {
        let is_rewritten = before.zip(after).is_some_and(|(before, after)| causes.is_rewritten(before, after));
        if !differs(before, after) {
            repricing.n_rewritten_alike += usize::from(is_rewritten);
            continue;
        }
        let of_both = before.zip(after).map(|(before, after)| causes.of(before, after));
        repricing.queries.push(Repriced { base: before.cloned(), head: after.cloned(), causes: of_both.unwrap_or_default() });
    }
    repricing.queries.sort_by(|a, b| (a.query(), a.kind()).cmp(&(b.query(), b.kind())));
    repricing
}

/// Every estimate of both revisions, each once.
fn sides<'a>(
    pairs: &Pairing<QueryId>,
    base: Priced<'a>,
    head: Priced<'a>,
) -> impl Iterator<Item = (Option<&'a Estimate>, Option<&'a Estimate>)> {
    let mut left: BTreeMap<&QueryId, &Estimate> = head.estimates.iter().map(|estimate| (&estimate.query, estimate)).collect();
    let mut partner = |before: &Estimate| left.remove(pairs.head_of(&before.query)?);
    let both: Vec<_> = base.estimates.iter().map(|before| (Some(before), partner(before))).collect();
    both.into_iter().chain(left.into_values().map(|after| (None, Some(after))))
}

/// Whether a figure differs. Of queries that one side lacks, those that cost nothing are not worth a word.
fn differs(base: Option<&Estimate>, head: Option<&Estimate>) -> bool {
    match (base, head) {
        (Some(base), Some(head)) => figures(base) != figures(head),
        (Some(only), None) | (None, Some(only)) => only.bytes != Bounds::ZERO || only.billed != Bounds::ZERO,
        (None, None) => false,
    }
}

fn figures(estimate: &Estimate) -> ([Bounds; 2], [Option<Usd>; 2]) {
    let once = estimate.cost_usd.map(|(low, high)| Usd { low, high });
    ([estimate.bytes, estimate.billed], [once, estimate.cost_usd_per_month()])
}

impl Repricing {
    pub fn is_empty(&self) -> bool {
        self.queries.is_empty()
    }

    /// What all of it comes to in a month, over the queries of which both sides are known and bounded.
    pub fn per_month(&self) -> Sum {
        self.sum(Repriced::usd_per_month)
    }

    /// What a run of each query comes to.
    pub fn per_run(&self) -> Sum {
        self.sum(Repriced::usd_per_run)
    }

    fn sum(&self, of: fn(&Repriced) -> [Option<Usd>; 2]) -> Sum {
        let zero = Usd { low: 0.0, high: Some(0.0) };
        let mut sum = Sum { base: zero, head: zero, n_counted: 0, n_unknown: 0 };
        for sides in self.queries.iter().map(of) {
            match sides {
                [Some(base), Some(head)] if base.high.is_some() && head.high.is_some() => {
                    sum.base = sum.base.plus(base);
                    sum.head = sum.head.plus(head);
                    sum.n_counted += 1;
                }
                _ => sum.n_unknown += 1,
            }
        }
        sum
    }
}

/// Amounts of several queries, before and after.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sum {
    pub base: Usd,
    pub head: Usd,
    pub n_counted: usize,
    /// Queries that are not in it, as one of their sides is not known or not bounded.
    pub n_unknown: usize,
}

impl Repriced {
    pub fn kind(&self) -> Kind {
        match (&self.base, &self.head) {
            (None, _) => Kind::Added,
            (_, None) => Kind::Removed,
            _ if self.causes.iter().any(|cause| cause.kind == CauseKind::Text) => Kind::Rewritten,
            _ => Kind::Repriced,
        }
    }

    /// The query as the head names it, or else the base.
    pub fn query(&self) -> Option<&QueryId> {
        self.latest().map(|estimate| &estimate.query)
    }

    /// Where it stands in the head, or else stood in the base.
    pub fn span(&self) -> Option<Span> {
        self.latest().map(|estimate| estimate.span)
    }

    fn latest(&self) -> Option<&Estimate> {
        self.head.as_ref().or(self.base.as_ref())
    }

    /// Of bytes that are processed; `None` where one side is not known.
    pub fn bytes(&self) -> Option<Difference<i64>> {
        let [base, head] = [&self.base, &self.head].map(|side| match side {
            Some(estimate) => is_known(estimate).then_some(estimate.bytes),
            None => Some(Bounds::ZERO),
        });
        let (base, head) = (base?, head?);
        // Of the same bytes it may not be known how many they are.
        let is_of_money = |cause: &Cause| matches!(cause.kind, CauseKind::Runs | CauseKind::Price);
        if base == head && self.causes.iter().all(is_of_money) {
            return Some(Difference { low: Some(0), high: Some(0) });
        }
        Some(difference_of_bytes(base, head))
    }

    /// The cost of a run in base and head, where it is known.
    pub fn usd_per_run(&self) -> [Option<Usd>; 2] {
        self.sides(|estimate| estimate.cost_usd.map(|(low, high)| Usd { low, high }))
    }

    /// The cost of a month in base and head, before the free tier, where it is known.
    pub fn usd_per_month(&self) -> [Option<Usd>; 2] {
        self.sides(|estimate| match estimate.billed {
            Bounds::ZERO => Some(Usd { low: 0.0, high: Some(0.0) }),
            _ => estimate.cost_usd_per_month(),
        })
    }

    /// A query that is not there costs nothing, which is known.
    fn sides(&self, of: impl Fn(&Estimate) -> Option<Usd>) -> [Option<Usd>; 2] {
        let nothing = Usd { low: 0.0, high: Some(0.0) };
        [&self.base, &self.head].map(|side| match side {
            Some(estimate) => of(estimate).filter(|_| is_known(estimate)),
            None => Some(nothing),
        })
    }
}

fn is_known(estimate: &Estimate) -> bool {
    !(estimate.accuracy == Accuracy::Unknown && estimate.bytes.low == 0)
}

/// Of two amounts of money.
pub fn difference_of_usd(base: Usd, head: Usd) -> Difference<f64> {
    Difference { low: base.high.map(|high| head.low - high), high: head.high.map(|high| high - base.low) }
}

fn difference_of_bytes(base: Bounds, head: Bounds) -> Difference<i64> {
    // No table is larger than 8 EiB, where these figures end.
    let signed = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
    let less = |a: u64, b: u64| signed(a).saturating_sub(signed(b));
    Difference { low: base.high.map(|high| less(head.low, high)), high: head.high.map(|high| less(high, base.low)) }
}
