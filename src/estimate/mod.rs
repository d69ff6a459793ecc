//! Bytes and money of a query: pure arithmetic over the model, with every step said. What is not known is a bound that
//! is open, never a guess and never zero.

pub mod amount;
pub mod billing;
pub mod bytes;
mod explain;
mod extent;
pub mod growth;
pub mod headroom;
mod incomplete;
pub mod instead;
mod kinds;
pub mod monthly;
mod part;
pub mod price;
pub mod pruning;
mod query;
pub mod ranges;
mod reading;
pub mod repricing;
mod rows;
pub mod samples;
mod table;
mod wildcard;

pub use query::estimate;
pub use samples::Samples;

use crate::config::Config;
use crate::diagnostic::Label;
use crate::model::{Model, Query, QueryId};
use crate::sql::Occurs;
use crate::text::{Date, Span};
use rayon::prelude::*;

/// A figure between two bounds; no upper bound where nothing limits what is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    pub low: u64,
    pub high: Option<u64>,
}

impl Default for Bounds {
    /// Nothing is read.
    fn default() -> Bounds {
        Bounds::ZERO
    }
}

impl Bounds {
    pub const ZERO: Bounds = Bounds::exactly(0);
    /// Nothing is known.
    pub const OPEN: Bounds = Bounds { low: 0, high: None };

    pub const fn exactly(figure: u64) -> Bounds {
        Bounds { low: figure, high: Some(figure) }
    }

    pub fn is_exact(self) -> bool {
        self.high == Some(self.low)
    }

    /// The sum, which is open where either is.
    pub fn plus(self, other: Bounds) -> Bounds {
        let high = self.high.zip(other.high).map(|(a, b)| a.saturating_add(b));
        Bounds { low: self.low.saturating_add(other.low), high }
    }

    pub fn times(self, factor: u64) -> Bounds {
        // Nothing times the unknown is nothing.
        let high = if factor == 0 { Some(0) } else { self.high.map(|high| high.saturating_mul(factor)) };
        Bounds { low: self.low.saturating_mul(factor), high }
    }

    /// The product of two bounds.
    pub fn times_rows(self, rows: Bounds) -> Bounds {
        let high = match (self.high, rows.high) {
            (Some(0), _) | (_, Some(0)) => Some(0),
            (size, count) => size.zip(count).map(|(size, count)| size.saturating_mul(count)),
        };
        Bounds { low: self.low.saturating_mul(rows.low), high }
    }

    /// As much of these bounds as the others allow, or the end of the others that is nearest.
    pub fn moved_into(self, other: Bounds) -> Bounds {
        let into = |figure: u64| figure.max(other.low).min(other.high.unwrap_or(u64::MAX).max(other.low));
        Bounds { low: into(self.low), high: self.high.map(into).or(other.high) }
    }

    /// What both bounds allow; `self` where they exclude each other.
    pub fn within(self, other: Bounds) -> Bounds {
        let low = self.low.max(other.low);
        let high = match (self.high, other.high) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (high, None) | (None, high) => high,
        };
        if high.is_some_and(|high| high < low) { self } else { Bounds { low, high } }
    }
}

/// How far a figure can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Accuracy {
    Exact,
    UpperBound,
    LowerBound,
    Range,
    Unknown,
}

/// Where rows and sizes come from; the weakest source that took part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    DryRun,
    Statistics,
    Declared,
    Samples,
}

/// The estimate of one statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    pub query: QueryId,
    pub span: Span,
    /// As BigQuery's job metadata names it: `SELECT`.
    pub statement: String,
    /// Bytes processed.
    pub bytes: Bounds,
    /// Bytes billed: rounded up and with the minimums.
    pub billed: Bounds,
    pub cost_usd: Option<(f64, Option<f64>)>,
    /// What `cost_usd` is reckoned with; `None` where the price is not known.
    pub price: Option<price::Price>,
    /// How often the statement occurs in a run.
    pub occurs: Occurs,
    /// `None` where nothing says how often it runs.
    pub runs_per_month: Option<f64>,
    pub accuracy: Accuracy,
    pub basis: Option<Basis>,
    pub tables: Vec<TableRead>,
    /// What is not known, and where.
    pub unknown: Vec<(Option<Span>, String)>,
    pub notes: Vec<String>,
    /// How the figure came about, in order.
    pub steps: Vec<Label>,
}

impl Estimate {
    /// The cost of a month, before the free tier.
    pub fn cost_usd_per_month(&self) -> Option<monthly::Usd> {
        let billed = monthly::billed_per_month(self)?;
        let (low, high) = self.price.as_ref()?.usd(billed);
        Some(monthly::Usd { low, high })
    }
}

/// What an estimate says of one table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableRead {
    pub table: String,
    pub columns: Vec<String>,
    pub bytes: Bounds,
    /// Partitions read, of how many; `None` where the table has none or they are not known.
    pub partitions: Option<(u64, u64)>,
    pub why: String,
}

/// A number with its thousands apart: `5,552,452`.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The estimates of all queries that have one, by query.
///
/// `as_of` is the day that `CURRENT_DATE()` gives.
pub fn all(model: &Model, samples: &Samples, config: &Config, as_of: Date) -> Vec<Estimate> {
    let queries: Vec<&Query> = model.queries.values().collect();
    queries.par_iter().filter_map(|query| query::estimate(query, model, config, samples, as_of)).collect()
}
