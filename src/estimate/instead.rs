//! What a query would cost if it read otherwise: the same estimate, asked again. Knows no rules.

use super::{Estimate, Samples, query, table::Source};
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

/// One partition of a table, as a filter names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnePartition {
    column: String,
    condition: Condition,
}

impl OnePartition {
    /// The filter, in the place of those that the scan has on the partition column.
    pub fn filter(&self, scan: &mut Scan) {
        scan.predicates.retain(|predicate| !predicate.column.eq_ignore_ascii_case(&self.column));
        let (column, condition) = (self.column.clone(), Ok(self.condition.clone()));
        scan.predicates.push(Predicate { column, range: scan.range.clone(), is_constant: true, condition, is_carried: false });
    }
}

impl Instead<'_> {
    /// The estimate of the query when it is resolved otherwise.
    pub fn estimate(&self, query: &Query, change: impl FnOnce(&mut Resolution)) -> Option<Estimate> {
        let mut other = query.clone();
        change(&mut other.resolution);
        query::estimate(&other, self.model, self.config, self.samples, self.as_of)
    }

    /// The newest partition with rows; of tables whose partitions are not listed, that of the day on which it is asked.
    pub fn newest_partition(&self, table: &Table) -> Option<OnePartition> {
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
        let (first, last) = column.values_of(&id)?;
        let value = |value: i64| match column.kind {
            PartitionKind::IntegerRange => Some(Constant::Int(value)),
            _ => written(value).map(Constant::Text),
        };
        let test = |comparison, constant| Condition::Test { through: Vec::new(), test: Test::Compare(comparison, constant) };
        let condition =
            Condition::All(vec![test(Comparison::GreaterOrEqual, value(first)?), test(Comparison::LessOrEqual, value(last)?)]);
        Some(OnePartition { column: column.name.unwrap_or("_PARTITIONTIME").to_owned(), condition })
    }
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
