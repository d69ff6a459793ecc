//! What a query would cost if it read otherwise: the same estimate, asked again. Knows no rules.

use super::extent::MAX_PARTITIONS;
use super::pruning::{PartitionColumn, instants};
use super::{Estimate, Samples, query, table::Source, wildcard};
use crate::config::Config;
use crate::model::table::{PartitionKind, Table};
use crate::model::{Model, Query};
use crate::sql::condition::{Comparison, Condition, Test};
use crate::sql::fold::Constant;
use crate::sql::fold::calendar::{self, DAY};
use crate::sql::{Predicate, Resolution, Scan};
use crate::text::Date;

/// All that an estimate rests on besides the query.
#[derive(Clone, Copy)]
pub struct Instead<'a> {
    pub model: &'a Model,
    pub config: &'a Config,
    pub samples: &'a Samples,
    pub as_of: Date,
}

/// Some partitions of a table, as a filter names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SomePartitions {
    column: String,
    condition: Condition,
}

impl SomePartitions {
    /// From one value of the column to another, both inclusive.
    fn between(column: &PartitionColumn<'_>, (first, last): (i64, i64)) -> Option<SomePartitions> {
        let value = |value: i64| match column.kind {
            PartitionKind::IntegerRange => Some(Constant::Int(value)),
            _ => written(value).map(Constant::Text),
        };
        let test = |comparison, constant| Condition::Test { through: Vec::new(), test: Test::Compare(comparison, constant) };
        let condition =
            Condition::All(vec![test(Comparison::GreaterOrEqual, value(first)?), test(Comparison::LessOrEqual, value(last)?)]);
        Some(SomePartitions { column: column.name.unwrap_or("_PARTITIONTIME").to_owned(), condition })
    }

    /// The filter, in the place of those that the scan has on the partition column.
    pub fn filter(&self, scan: &mut Scan) {
        scan.predicates.retain(|predicate| !predicate.column.eq_ignore_ascii_case(&self.column));
        let (column, condition) = (self.column.clone(), Ok(self.condition.clone()));
        let range = scan.range.clone();
        let (is_carried, is_direct) = (false, true);
        scan.predicates.push(Predicate { column, range, is_constant: true, condition, is_carried, is_direct });
    }
}

impl<'a> Instead<'a> {
    /// What the `*` at the end of a name stands for, table by table.
    pub fn suffixes(&self, name: &str) -> Vec<&'a str> {
        wildcard::matched(name, self.model).into_iter().map(|(suffix, _)| suffix).collect()
    }

    /// The estimate of the query when it is resolved otherwise.
    pub fn estimate(&self, query: &Query, change: impl FnOnce(&mut Resolution)) -> Option<Estimate> {
        let mut other = query.clone();
        change(&mut other.resolution);
        query::estimate(&other, self.model, self.config, self.samples, self.as_of)
    }

    /// The newest partition with rows; of tables whose partitions are not listed, that of the day on which it is asked.
    pub fn newest_partition(&self, table: &Table) -> Option<SomePartitions> {
        let source = Source::new(table, self.model, self.samples, self.as_of);
        let column = source.partition_column()?;
        let listed = table.statistics.as_ref().and_then(|statistics| statistics.partitions.as_ref());
        let id = match listed {
            Some(list) => {
                let filled = list.iter().filter(|partition| partition.rows > 0 && column.values_of(&partition.id).is_some());
                filled.map(|partition| partition.id.clone()).max_by_key(|id| column.values_of(id))?
            }
            None => id_of(self.as_of, column.kind)?,
        };
        SomePartitions::between(&column, column.values_of(&id)?)
    }

    /// Those of the last days, today among them; `None` for tables that are not cut by time.
    pub fn last_days(&self, table: &Table, n_days: u32) -> Option<SomePartitions> {
        let source = Source::new(table, self.model, self.samples, self.as_of);
        let column = source.partition_column()?;
        let [today, now] = instants(self.as_of);
        let first = today.saturating_sub(i64::from(n_days.saturating_sub(1)).saturating_mul(DAY));
        column.unit().and_then(|_| SomePartitions::between(&column, (first, now)))
    }

    /// How far the filters of a read reach; `None` where no filter is of a form that partitions are chosen by, and for tables
    /// that are not cut by time.
    pub fn reach(&self, table: &Table, scan: &Scan) -> Option<Reach> {
        let source = Source::new(table, self.model, self.samples, self.as_of);
        let column = source.partition_column()?;
        let (unit, decision) = (column.unit()?, source.decide(scan));
        if !decision.is_filtered {
            return None;
        }
        let [_, now] = instants(self.as_of);
        let [_, kept] = &decision.kept;
        let past = kept.clipped(i64::MIN, now.saturating_add(1));
        let is_open = past.parts().first().is_some_and(|(from, _)| *from == i64::MIN);
        let begins = if is_open { None } else { column.begins(&past, MAX_PARTITIONS) };
        let length = |begin: &i64| calendar::next(*begin, unit).map_or(0, |next| next.saturating_sub(*begin));
        let days = begins.map(|begins| begins.iter().map(length).sum::<i64>().div_euclid(DAY));
        Some(match days {
            _ if !decision.is_sure => Reach::Unknown,
            Some(days) => Reach::Days(u64::try_from(days).unwrap_or(0)),
            None => Reach::All,
        })
    }
}

/// How much of the past a read lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    Days(u64),
    /// Back to the first partition.
    All,
    /// That is known when the query runs.
    Unknown,
}

fn id_of(day: Date, kind: PartitionKind) -> Option<String> {
    let Date { year, month, day } = day;
    match kind {
        PartitionKind::Hour => Some(format!("{year:04}{month:02}{day:02}00")),
        PartitionKind::Day => Some(format!("{year:04}{month:02}{day:02}")),
        PartitionKind::Month => Some(format!("{year:04}{month:02}")),
        PartitionKind::Year => Some(format!("{year:04}")),
        PartitionKind::IntegerRange | PartitionKind::Unknown => None,
    }
}

/// A point in time as a literal writes it.
fn written(micros: i64) -> Option<String> {
    let (year, month, day) = calendar::civil(micros.div_euclid(DAY));
    let (second, rest) = (micros.rem_euclid(DAY) / 1_000_000, micros.rem_euclid(1_000_000));
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let text = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{rest:06}");
    // Only what is read back as the same is a literal.
    (calendar::parse_time(&text).map(|(read, _)| read) == Some(micros)).then_some(text)
}
