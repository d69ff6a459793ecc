//! What a defect costs: the bytes and the money of a run and of a month, as the query is, and as it could be.

use crate::estimate::amount::{bytes, usd};
use crate::estimate::instead::Instead;
use crate::estimate::{Bounds, Estimate};
use crate::model::{Query, Table};
use crate::rules::Context;
use crate::sql::{Resolution, Scan};

/// The estimates of a run, and the means to ask for others.
#[derive(Clone, Copy)]
pub(super) struct Figures<'a> {
    estimates: &'a [Estimate],
    instead: Instead<'a>,
}

impl<'a> Figures<'a> {
    pub(super) fn of(context: &Context<'a>) -> Figures<'a> {
        let Context { head, config, measures, today, .. } = *context;
        let instead = Instead { model: head, config, samples: measures, as_of: today };
        Figures { estimates: context.estimates, instead }
    }

    pub(super) fn estimate(&self, query: &Query) -> Option<&'a Estimate> {
        let at = self.estimates.binary_search_by(|estimate| estimate.query.cmp(&query.id)).ok()?;
        self.estimates.get(at)
    }

    /// `, 730 GiB a run ($4.46), $134 a month`, for the end of a message; nothing where nothing is known.
    pub(super) fn now(&self, query: &Query) -> String {
        self.estimate(query).and_then(of_run).map_or_else(String::new, |text| format!(", {text}"))
    }

    /// ` ($4.46)`, for one run.
    pub(super) fn price(&self, query: &Query) -> String {
        let cost = self.estimate(query).and_then(|estimate| estimate.cost_usd);
        cost.map_or_else(String::new, |(low, high)| format!(" ({})", usd(high.unwrap_or(low))))
    }

    /// The same figures where the query is resolved otherwise, when they are less.
    pub(super) fn then(&self, query: &Query, change: impl FnOnce(&mut Resolution)) -> Option<String> {
        let now = self.estimate(query)?;
        let then = self.instead.estimate(query, change)?;
        of_run(&then).filter(|_| is_less(then.bytes, now.bytes))
    }

    /// The bytes where the query is resolved otherwise.
    pub(super) fn bytes(&self, query: &Query, change: impl FnOnce(&mut Resolution)) -> Option<Bounds> {
        Some(self.instead.estimate(query, change)?.bytes)
    }

    /// The figures with a filter that leaves one partition of the table, wherever the scans are like this one.
    pub(super) fn with_one_partition(&self, query: &Query, table: &Table, is_it: impl Fn(&Scan) -> bool) -> Option<String> {
        let one = self.instead.newest_partition(table)?;
        let filter = |resolution: &mut Resolution| {
            resolution.scans.iter_mut().filter(|scan| is_it(scan)).for_each(|scan| one.filter(scan));
        };
        Some(format!("a filter on one partition reads {}", self.then(query, filter)?))
    }
}

fn is_less(then: Bounds, now: Bounds) -> bool {
    match (then.high, now.high) {
        (Some(then), Some(now)) => then < now,
        (Some(_), None) => true,
        (None, _) => false,
    }
}

/// What a run reads and costs, and a month of runs where that is known.
fn of_run(estimate: &Estimate) -> Option<String> {
    let read = amount(estimate.bytes)?;
    let of = |amount: (f64, Option<f64>)| Some(amount.1.unwrap_or(amount.0)).filter(|usd| *usd > 0.0);
    let run = estimate.cost_usd.and_then(of).map_or_else(String::new, |cost| format!(" ({})", usd(cost)));
    let month = estimate.cost_usd_per_month().and_then(|month| of((month.low, month.high)));
    let month = month.map_or_else(String::new, |cost| format!(", {} a month", usd(cost)));
    Some(format!("{read} a run{run}{month}"))
}

/// `730 GiB`, `up to 730 GiB`, `at least 730 GiB`; `None` where nothing is known, and where nothing is read.
pub(super) fn amount(figure: Bounds) -> Option<String> {
    match figure.high {
        Some(0) => None,
        Some(high) if bytes(high) == bytes(figure.low) => Some(bytes(high)),
        Some(high) => Some(format!("up to {}", bytes(high))),
        None if figure.low == 0 => None,
        None => Some(format!("at least {}", bytes(figure.low))),
    }
}
