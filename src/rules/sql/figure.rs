//! What a defect costs: the bytes and the money of a run and of a month, as the query is, and as it could be.

use crate::estimate::amount::{bytes, usd};
use crate::estimate::instead::{Instead, Reach, SomePartitions};
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

    /// What a run reads less where the query is resolved otherwise, and its price, when that is so many bytes at least.
    pub(super) fn saved(&self, query: &Query, at_least: u64, change: impl FnOnce(&mut Resolution)) -> Option<String> {
        let (now, then) = (self.estimate(query)?, self.instead.estimate(query, change)?);
        let n_bytes = now.bytes.high?.checked_sub(then.bytes.high?).filter(|n_bytes| *n_bytes >= at_least)?;
        let cost = |estimate: &Estimate| estimate.cost_usd.map(|(low, high)| high.unwrap_or(low));
        let saved = cost(now).zip(cost(&then)).map(|(now, then)| now - then).filter(|saved| *saved > 0.0);
        Some(format!("{} a run{}", bytes(n_bytes), saved.map_or_else(String::new, |saved| format!(" ({})", usd(saved)))))
    }

    /// The bytes where the query is resolved otherwise.
    pub(super) fn bytes(&self, query: &Query, change: impl FnOnce(&mut Resolution)) -> Option<Bounds> {
        Some(self.instead.estimate(query, change)?.bytes)
    }

    /// The figures with a filter that leaves one partition of the table, wherever the scans are like this one.
    pub(super) fn with_one_partition(&self, query: &Query, table: &Table, is_it: impl Fn(&Scan) -> bool) -> Option<String> {
        Some(format!("a filter on one partition reads {}", self.filtered(query, &self.instead.newest_partition(table)?, is_it)?))
    }

    /// The same for a filter that leaves the last days.
    pub(super) fn with_last_days(
        &self,
        query: &Query,
        table: &Table,
        n_days: u32,
        is_it: impl Fn(&Scan) -> bool,
    ) -> Option<String> {
        Some(format!("{n_days} days read {}", self.filtered(query, &self.instead.last_days(table, n_days)?, is_it)?))
    }

    fn filtered(&self, query: &Query, kept: &SomePartitions, is_it: impl Fn(&Scan) -> bool) -> Option<String> {
        self.then(query, |resolution| {
            resolution.scans.iter_mut().filter(|scan| is_it(scan)).for_each(|scan| kept.filter(scan));
        })
    }

    /// What the `*` at the end of a name stands for, table by table.
    pub(super) fn suffixes(&self, name: &str) -> Vec<&'a str> {
        self.instead.suffixes(name)
    }

    /// How far the filters of a read reach.
    pub(super) fn reach(&self, table: &Table, scan: &Scan) -> Option<Reach> {
        self.instead.reach(table, scan)
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
