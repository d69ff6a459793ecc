//! What the queries of which it is known how often they run cost in a month, all together.

use super::billing::TIB;
use super::price::Price;
use super::{Bounds, Estimate};
use crate::sql::Occurs;
use std::collections::BTreeMap;

/// Billed in a month without charge, for each billing account.
pub const FREE_BYTES: u64 = TIB;

/// An amount of money between two bounds; no upper bound where nothing limits what is not known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usd {
    pub low: f64,
    pub high: Option<f64>,
}

impl Usd {
    const ZERO: Usd = Usd { low: 0.0, high: Some(0.0) };

    pub fn plus(self, other: Usd) -> Usd {
        Usd { low: self.low + other.low, high: self.high.zip(other.high).map(|(a, b)| a + b) }
    }
}

/// The sum of a month.
#[derive(Debug, Clone, PartialEq)]
pub struct Monthly {
    /// By location and price, sorted.
    pub places: Vec<AtPrice>,
    /// Before the free tier.
    pub list_usd: Usd,
    /// After it.
    pub usd: Usd,
    /// The same as `list_usd`, of the statements whose bytes have an upper bound.
    pub bounded_usd: Usd,
    /// Statements that are counted.
    pub n_counted: usize,
    /// How many of them have no upper bound.
    pub n_open: usize,
    /// Statements that read something, and of which nothing says how often they run.
    pub n_without_runs: usize,
    /// Statements that run, and of which the price is not known.
    pub n_without_price: usize,
}

/// What is billed at one price.
#[derive(Debug, Clone, PartialEq)]
pub struct AtPrice {
    pub location: String,
    pub usd_per_tib: f64,
    /// Training of models is charged at its own rate, and the free tier is not for it.
    pub is_free_at_first: bool,
    pub billed: Bounds,
    pub usd: Usd,
}

/// The sum over these estimates; `None` where it is known of none how often it runs.
pub fn sum(estimates: &[Estimate]) -> Option<Monthly> {
    let reads = |estimate: &&Estimate| estimate.billed != Bounds::ZERO;
    let (runs, others): (Vec<&Estimate>, Vec<&Estimate>) =
        estimates.iter().filter(reads).partition(|estimate| estimate.runs_per_month.is_some());
    if runs.is_empty() {
        return None;
    }
    let costs: Vec<Usd> = runs.iter().filter_map(|estimate| estimate.cost_usd_per_month()).collect();
    let bounded = costs.iter().filter(|usd| usd.high.is_some());
    let mut places: BTreeMap<(String, u64, bool), AtPrice> = BTreeMap::new();
    for estimate in &runs {
        let (Some(price), Some(billed)) = (&estimate.price, billed_per_month(estimate)) else { continue };
        let key = (price.location.clone(), price.usd_per_tib.to_bits(), price.is_free_at_first);
        let place = places.entry(key).or_insert_with(|| AtPrice::empty(price));
        place.billed = place.billed.plus(billed);
    }
    let places: Vec<AtPrice> = places.into_values().map(AtPrice::priced).collect();
    Some(Monthly {
        usd: after_free_tier(&places),
        list_usd: places.iter().map(|place| place.usd).fold(Usd::ZERO, Usd::plus),
        places,
        bounded_usd: bounded.clone().copied().fold(Usd::ZERO, Usd::plus),
        n_counted: costs.len(),
        n_open: costs.len() - bounded.count(),
        n_without_runs: others.len(),
        n_without_price: runs.len() - costs.len(),
    })
}

/// Bytes billed in a month of one statement.
pub fn billed_per_month(estimate: &Estimate) -> Option<Bounds> {
    let per_month = estimate.runs_per_month?;
    // A figure of bytes in f64 is exact to 2^53, far below a byte in a thousand TiB.
    let times = |bytes: u64| (bytes as f64 * per_month).round() as u64;
    let high = if per_month == 0.0 { Some(0) } else { estimate.billed.high.map(times) };
    let once = Bounds { low: times(estimate.billed.low), high };
    Some(match estimate.occurs {
        Occurs::Always => once,
        Occurs::Perhaps => Bounds { low: 0, ..once },
        Occurs::AnyNumber if once.high == Some(0) => Bounds::ZERO,
        Occurs::AnyNumber => Bounds::OPEN,
    })
}

impl AtPrice {
    fn empty(price: &Price) -> AtPrice {
        let Price { location, usd_per_tib, is_free_at_first, .. } = price.clone();
        AtPrice { location, usd_per_tib, is_free_at_first, billed: Bounds::ZERO, usd: Usd::ZERO }
    }

    fn priced(self) -> AtPrice {
        AtPrice { usd: Usd { low: self.cost(self.billed.low), high: self.billed.high.map(|high| self.cost(high)) }, ..self }
    }

    fn cost(&self, bytes: u64) -> f64 {
        bytes as f64 / TIB as f64 * self.usd_per_tib
    }
}

/// With the first TiB free, wherever it is billed: at least if it is the dearest, at most if it is the cheapest.
fn after_free_tier(places: &[AtPrice]) -> Usd {
    let mut sorted: Vec<&AtPrice> = places.iter().collect();
    sorted.sort_by(|a, b| b.usd_per_tib.total_cmp(&a.usd_per_tib));
    let low = charged(sorted.iter().map(|place| (*place, place.billed.low)));
    let highs: Option<Vec<(&AtPrice, u64)>> = sorted.iter().rev().map(|place| Some((*place, place.billed.high?))).collect();
    Usd { low, high: highs.map(|highs| charged(highs.into_iter())) }
}

fn charged<'p>(billed: impl Iterator<Item = (&'p AtPrice, u64)>) -> f64 {
    let mut free = FREE_BYTES;
    let mut usd = 0.0;
    for (place, bytes) in billed {
        let spared = if place.is_free_at_first { bytes.min(free) } else { 0 };
        free -= spared;
        usd += place.cost(bytes - spared);
    }
    usd
}

#[cfg(test)]
mod tests {
    use super::{Bounds, Monthly, TIB, sum};
    use crate::estimate::price::Price;
    use crate::estimate::{Accuracy, Estimate};
    use crate::model::QueryId;
    use crate::sql::Occurs;
    use crate::text::{FileId, Span};

    fn estimate(billed: Bounds, runs_per_month: Option<f64>, location: &str, usd_per_tib: f64) -> Estimate {
        let price = Price { location: location.to_owned(), usd_per_tib, is_free_at_first: true, source: String::new() };
        Estimate {
            query: QueryId { path: "q.sql".into(), number: 1, is_only: true },
            span: Span::start_of(FileId::from_index(0)),
            statement: "SELECT".to_owned(),
            bytes: billed,
            billed,
            cost_usd: Some(price.usd(billed)),
            price: Some(price),
            occurs: Occurs::Always,
            runs_per_month,
            accuracy: Accuracy::Exact,
            basis: None,
            tables: Vec::new(),
            unknown: Vec::new(),
            notes: Vec::new(),
            steps: Vec::new(),
        }
    }

    fn shown(monthly: Option<Monthly>) -> String {
        let Some(monthly) = monthly else { return "nothing".to_owned() };
        let usd =
            |usd: super::Usd| format!("{:.2}..{}", usd.low, usd.high.map_or("open".to_owned(), |high| format!("{high:.2}")));
        let places = monthly.places.iter().map(|place| format!("{} {}", place.location, usd(place.usd)));
        let counts = format!("{} counted, {} without", monthly.n_counted, monthly.n_without_runs);
        format!("{}; {} of {}; {counts}", places.collect::<Vec<_>>().join(", "), usd(monthly.usd), usd(monthly.list_usd))
    }

    #[test]
    fn runs_are_multiplied_and_the_first_tib_is_free_once() {
        let tib = Bounds::exactly(TIB);
        let one = estimate(tib, Some(2.0), "EU", 6.25);
        assert_eq!(shown(sum(std::slice::from_ref(&one))), "EU 12.50..12.50; 6.25..6.25 of 12.50..12.50; 1 counted, 0 without");
        let other = estimate(tib, Some(1.0), "EU", 6.25);
        assert_eq!(shown(sum(&[one.clone(), other])), "EU 18.75..18.75; 12.50..12.50 of 18.75..18.75; 2 counted, 0 without");
        let never = estimate(Bounds::OPEN, Some(0.0), "EU", 6.25);
        assert_eq!(shown(sum(&[one, never])), "EU 12.50..12.50; 6.25..6.25 of 12.50..12.50; 2 counted, 0 without");
        let small = estimate(Bounds::exactly(TIB / 4), Some(2.0), "EU", 6.25);
        assert_eq!(shown(sum(&[small])), "EU 3.12..3.12; 0.00..0.00 of 3.12..3.12; 1 counted, 0 without");
    }

    #[test]
    fn of_two_prices_it_is_open_which_is_spared() {
        let tib = Bounds::exactly(TIB);
        let both = [estimate(tib, Some(1.0), "EU", 6.25), estimate(tib, Some(1.0), "europe-west6", 8.75)];
        assert_eq!(shown(sum(&both)), "EU 6.25..6.25, europe-west6 8.75..8.75; 6.25..8.75 of 15.00..15.00; 2 counted, 0 without");
    }

    #[test]
    fn what_is_not_known_is_no_zero() {
        let silent = estimate(Bounds::exactly(TIB), None, "EU", 6.25);
        assert_eq!(shown(sum(std::slice::from_ref(&silent))), "nothing");
        let open = estimate(Bounds { low: 2 * TIB, high: None }, Some(1.0), "EU", 6.25);
        assert_eq!(shown(sum(&[open, silent])), "EU 12.50..open; 6.25..open of 12.50..open; 1 counted, 1 without");
        let mut looped = estimate(Bounds::exactly(TIB), Some(1.0), "EU", 6.25);
        looped.occurs = Occurs::AnyNumber;
        assert_eq!(shown(sum(&[looped])), "EU 0.00..open; 0.00..open of 0.00..open; 1 counted, 0 without");
        let view = estimate(Bounds::ZERO, None, "EU", 6.25);
        assert_eq!(shown(sum(&[view])), "nothing");
    }
}
