//! How much of a table a read touches: rows and bytes of the partitions that are left, by the statistics of partitions
//! or by what feeds declare.

use super::pruning::{Decision, PartitionColumn, instants};
use super::ranges::Ranges;
use super::table::Rows;
use super::{Basis, Bounds, thousands};
use crate::model::Feed;
use crate::model::table::{PartitionStatistics, Table};
use crate::sql::fold::calendar::DAY;
use crate::text::Date;

/// More partitions than any table has.
pub(super) const MAX_PARTITIONS: usize = 200_000;

/// The part of a table that is read.
#[derive(Debug, Clone)]
pub(super) struct Extent {
    /// Rows read; open where nothing says how many there are.
    pub(super) rows: Bounds,
    /// Those of them in which the partition column is not NULL; `None` where that is not known.
    pub(super) dated_rows: Option<Bounds>,
    /// Bytes of all columns of these rows.
    pub(super) total: Option<Bounds>,
    /// `None` for the whole table. Otherwise how columns of which only the whole is known are divided.
    pub(super) part: Option<Part>,
    pub(super) basis: Option<Basis>,
    /// Anything between nothing and this may be read.
    pub(super) is_at_most: bool,
    /// What was taken for granted, if anything.
    pub(super) assumptions: Vec<String>,
    /// Read, and in all.
    pub(super) partitions: Option<(u64, u64)>,
}

/// A part of all rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    /// Rows of the whole; `None` when not known.
    pub(super) of_rows: Option<u64>,
    /// Bytes of a row of the part for one byte of a row of the whole.
    pub(super) density: f64,
}

impl Extent {
    pub(super) fn whole(rows: &Result<Rows, String>, total: Option<u64>) -> Extent {
        Extent {
            rows: rows.as_ref().map_or(Bounds::OPEN, |rows| Bounds::exactly(rows.count)),
            dated_rows: None,
            total: total.map(Bounds::exactly),
            part: None,
            basis: rows.as_ref().ok().map(|rows| rows.basis),
            is_at_most: false,
            assumptions: Vec::new(),
            partitions: None,
        }
    }

    fn nothing() -> Extent {
        Extent {
            rows: Bounds::ZERO,
            dated_rows: None,
            total: Some(Bounds::ZERO),
            part: Some(Part { of_rows: None, density: 1.0 }),
            basis: None,
            is_at_most: false,
            assumptions: Vec::new(),
            partitions: None,
        }
    }

    pub(super) fn is_nothing(&self) -> bool {
        let is_empty = |total: Bounds| total == Bounds::ZERO;
        self.total.map_or(self.rows == Bounds::ZERO, |total| is_empty(total) && (is_empty(self.rows) || self.rows.high.is_none()))
    }

    /// It may be less, for a reason that is said.
    fn down_to_nothing(mut self, why: String) -> Extent {
        self.part = self.part.or(Some(Part { of_rows: self.rows.high, density: 1.0 }));
        self.is_at_most = true;
        self.assumptions.push(why);
        self
    }
}

/// What is known of the table that is read.
pub(super) struct Known<'a> {
    pub(super) table: &'a Table,
    pub(super) feeds: &'a [&'a Feed],
    pub(super) rows: &'a Result<Rows, String>,
    pub(super) column: PartitionColumn<'a>,
    pub(super) as_of: Date,
}

impl Known<'_> {
    /// The part that a decision leaves.
    pub(super) fn extent(&self, decision: &Decision) -> Extent {
        let statistics = self.table.statistics.as_ref();
        let partitions = statistics.and_then(|statistics| statistics.partitions.as_deref());
        let whole = Extent::whole(self.rows, statistics.and_then(|statistics| statistics.bytes));
        match partitions {
            Some(list) if !list.is_empty() => return self.by_statistics(decision, list, whole),
            // No partition is there, and nothing contradicts it.
            Some(_) if self.rows.as_ref().map_or(0, |rows| rows.count) == 0 => return Extent::nothing(),
            Some(_) | None => {}
        }
        if !decision.is_filtered {
            return whole;
        }
        if decision.is_empty() {
            return Extent::nothing();
        }
        let declared =
            if statistics.is_some_and(|statistics| statistics.rows.is_some()) { None } else { self.declared(decision) };
        let by = self.column.name.unwrap_or("_PARTITIONTIME");
        match declared {
            Some(extent) if decision.is_sure => extent,
            Some(extent) => extent.down_to_nothing(format!("the filter on `{by}` may leave less")),
            None => {
                let id = &self.table.id;
                whole.down_to_nothing(format!(
                    "which partitions of `{id}` there are, and so what the filter on `{by}` leaves, is not known"
                ))
            }
        }
    }

    fn by_statistics(&self, decision: &Decision, list: &[PartitionStatistics], whole: Extent) -> Extent {
        if !decision.is_filtered {
            let n = u64::try_from(list.len()).unwrap_or(u64::MAX);
            return Extent { partitions: Some((n, n)), ..whole };
        }
        let [early, late] = decision.kept.each_ref().map(|kept| self.sum(kept, list));
        let mut assumptions = Vec::new();
        let buffered = early.maybe_rows.max(late.maybe_rows);
        if buffered > 0 {
            assumptions.push(format!(
                "{} rows of `{}` lie in no partition yet, and may be read",
                thousands(buffered),
                self.table.id
            ));
        }
        let all = self.sum(&Ranges::all(), list);
        let of_rows = all.rows.saturating_add(all.maybe_rows);
        let known = self.rows.as_ref().map_or(of_rows, |rows| rows.count);
        if known != of_rows {
            assumptions.push(format!(
                "the partitions of `{}` hold {} rows, and the table {}",
                self.table.id,
                thousands(of_rows),
                thousands(known)
            ));
        }
        let bounds = |of: fn(&Sum) -> (u64, u64)| {
            let ((a, more_a), (b, more_b)) = (of(&early), of(&late));
            Bounds { low: a.min(b), high: Some(a.saturating_add(more_a).max(b.saturating_add(more_b))) }
        };
        let rows = bounds(|sum| (sum.rows, sum.maybe_rows));
        let dated_rows = Some(bounds(|sum| (sum.rows.saturating_sub(sum.null_rows), sum.maybe_rows)));
        let has_bytes = [&early, &late].iter().all(|sum| sum.bytes.is_some() && sum.maybe_bytes.is_some());
        let total = has_bytes.then(|| bounds(|sum| (sum.bytes.unwrap_or(0), sum.maybe_bytes.unwrap_or(0))));
        // A list that leaves out partitions says nothing of the others.
        let all_bytes = match whole.total {
            Some(total) if known > of_rows => total.high,
            _ => all.bytes.zip(all.maybe_bytes).map(|(bytes, more)| bytes.saturating_add(more)),
        };
        let of_rows = known.max(of_rows);
        let of_part = total.and_then(|total| total.high);
        let density = ratio(ratio_of(of_part, rows.high), ratio_of(all_bytes, Some(of_rows)));
        let n_read = early.count.max(late.count);
        let extent = Extent {
            rows,
            dated_rows,
            total,
            part: Some(Part { of_rows: Some(of_rows), density }),
            basis: Some(Basis::Statistics),
            is_at_most: false,
            assumptions,
            partitions: Some((n_read, u64::try_from(list.len()).unwrap_or(u64::MAX))),
        };
        if decision.is_sure {
            extent
        } else {
            extent.down_to_nothing("a filter whose value is not known may leave less".to_owned())
        }
    }

    fn sum(&self, kept: &Ranges, list: &[PartitionStatistics]) -> Sum {
        let mut sum = Sum { bytes: Some(0), maybe_bytes: Some(0), ..Sum::default() };
        for partition in list {
            let is_kept = match partition.id.as_str() {
                "__NULL__" => Some(kept.has_null),
                "__UNPARTITIONED__" => None,
                id => self.column.values_of(id).map(|(first, last)| kept.touches(first, last)),
            };
            match is_kept {
                Some(false) => {}
                Some(true) => {
                    sum.count += 1;
                    sum.rows = sum.rows.saturating_add(partition.rows);
                    if partition.id == "__NULL__" {
                        sum.null_rows = sum.null_rows.saturating_add(partition.rows);
                    }
                    sum.bytes = sum.bytes.zip(partition.bytes).map(|(sum, bytes)| sum.saturating_add(bytes));
                }
                // Rows that wait for their partition, and ids that we cannot read.
                None => {
                    sum.maybe_rows = sum.maybe_rows.saturating_add(partition.rows);
                    sum.maybe_bytes = sum.maybe_bytes.zip(partition.bytes).map(|(sum, bytes)| sum.saturating_add(bytes));
                }
            }
        }
        sum
    }

    /// Rows by what the feeds declare: as many in each stretch of time, up to the day on which it is asked and back to
    /// where partitions expire.
    fn declared(&self, decision: &Decision) -> Option<Extent> {
        let daily: Vec<f64> = self.feeds.iter().map(|feed| rows_a_day(feed)).collect::<Option<_>>()?;
        // Nobody says what arrives: that is not nothing.
        if daily.is_empty() {
            return None;
        }
        let expiration = self.table.partitioning.value().and_then(|partitioning| partitioning.expiration_days.value());
        let [_, now] = instants(self.as_of);
        // No partition lies farther back than a lifetime of partitions.
        let oldest = expiration.map(|n_days| (now + 1).saturating_sub((n_days * DAY as f64) as i64));
        let kept = decision.kept.each_ref().map(|kept| kept.clipped(oldest.unwrap_or(i64::MIN), now + 1));
        let limit = |kept: &Ranges| self.column.begins(kept, MAX_PARTITIONS).map(|begins| self.covered(&begins, oldest, now + 1));
        if kept.iter().any(|kept| kept.parts().first().is_some_and(|(from, _)| *from == i64::MIN)) {
            return None;
        }
        let [(early_count, early), (late_count, late)] = [limit(&kept[0])?, limit(&kept[1])?];
        // Daily volumes × days stay far below 2^52.
        let rows = |micros: i64| (daily.iter().sum::<f64>() * micros as f64 / DAY as f64).round() as u64;
        let of = oldest.and_then(|oldest| self.column.begins(&Ranges::between(oldest, now + 1), MAX_PARTITIONS));
        let n_all = of.and_then(|begins| u64::try_from(begins.len()).ok());
        let id = &self.table.id;
        let rows = Bounds { low: rows(early.min(late)), high: Some(rows(early.max(late))) };
        Some(Extent {
            rows,
            dated_rows: Some(rows),
            total: None,
            part: Some(Part { of_rows: self.rows.as_ref().ok().map(|rows| rows.count), density: 1.0 }),
            basis: Some(Basis::Declared),
            is_at_most: false,
            assumptions: vec![format!(
                "each delivery is taken to fill the partition of `{id}` of its own time, and none lies ahead"
            )],
            partitions: n_all.map(|all| (early_count.max(late_count).min(all), all)),
        })
    }

    /// How many partitions, and how much time of them lies between these bounds.
    fn covered(&self, begins: &[i64], from: Option<i64>, to: i64) -> (u64, i64) {
        let unit = self.column.unit().unwrap_or("DAY");
        let lengths = begins.iter().filter_map(|begin| {
            let end = crate::sql::fold::calendar::next(*begin, unit)?;
            Some(end.min(to) - (*begin).max(from.unwrap_or(i64::MIN)))
        });
        (u64::try_from(begins.len()).unwrap_or(u64::MAX), lengths.sum())
    }
}

#[derive(Default)]
struct Sum {
    count: u64,
    rows: u64,
    null_rows: u64,
    /// `None` where not all of them say.
    bytes: Option<u64>,
    maybe_rows: u64,
    maybe_bytes: Option<u64>,
}

/// What a feed adds to its table in a day; `None` where that is not said, or the table is written anew.
fn rows_a_day(feed: &Feed) -> Option<f64> {
    let per_month = feed.delivery.cadence.value()?.per_month?;
    let rows = *feed.delivery.rows.value()?;
    let is_replaced = feed.table.write_disposition.value().is_some_and(|write| write == "WRITE_TRUNCATE");
    (!is_replaced).then_some(per_month / 30.0 * rows as f64)
}

fn ratio_of(bytes: Option<u64>, rows: Option<u64>) -> f64 {
    bytes.unwrap_or(0) as f64 / rows.unwrap_or(0).max(1) as f64
}

fn ratio(part: f64, whole: f64) -> f64 {
    if part > 0.0 && whole > 0.0 { part / whole } else { 1.0 }
}
