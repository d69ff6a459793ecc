//! Which partitions the filters of a read leave: the values of the partition column that they let through, whether that
//! is certain, and why a filter leaves out nothing. What is not worked out lets everything through.

use super::ranges::Ranges;
use crate::model::table::{PartitionKind, Partitioning};
use crate::sql::Scan;
use crate::sql::condition::{Comparison, Condition, Counted, Test, Wrapper};
use crate::sql::fold::calendar::{self, DAY};
use crate::sql::fold::{Constant, Value, instant_of, parse_time_as, point_of};
use crate::text::Date;
use std::collections::BTreeSet;
use std::ops::Range;

/// The pseudo-columns of tables that are partitioned by ingestion time.
const INGESTION: [&str; 2] = ["_PARTITIONTIME", "_PARTITIONDATE"];

/// What the filters of one read let through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// At the begin and at the end of the day on which it is asked.
    pub kept: [Ranges; 2],
    /// Something else may be let through less, though never more.
    pub is_sure: bool,
    /// A condition of the form that partitions are chosen by is there.
    pub is_filtered: bool,
    /// Only conditions on the partition column are there, and all of them count.
    pub is_alone: bool,
    /// Variables of scripts by whose values partitions are left out.
    pub variables: BTreeSet<String>,
    /// What is to be said of conditions, and where.
    pub reasons: Vec<(Range<usize>, String)>,
}

impl Decision {
    /// Everything is read.
    pub fn all() -> Decision {
        let kept = [Ranges::all(), Ranges::all()];
        let (variables, reasons) = (BTreeSet::new(), Vec::new());
        Decision { kept, is_sure: true, is_filtered: false, is_alone: true, variables, reasons }
    }

    /// All that either lets through.
    pub fn or(self, other: Decision) -> Decision {
        let [early, late] = self.kept;
        let [other_early, other_late] = other.kept;
        Decision {
            kept: [early.or(other_early), late.or(other_late)],
            is_sure: self.is_sure && other.is_sure,
            is_filtered: self.is_filtered && other.is_filtered,
            is_alone: self.is_alone && other.is_alone,
            variables: self.variables.into_iter().chain(other.variables).collect(),
            reasons: [self.reasons, other.reasons].concat(),
        }
    }

    /// Whether both leave the same, however they say it.
    pub fn leaves_same(&self, other: &Decision) -> bool {
        (&self.kept, self.is_sure, self.is_filtered) == (&other.kept, other.is_sure, other.is_filtered)
    }

    pub fn is_empty(&self) -> bool {
        self.kept.iter().all(Ranges::is_empty)
    }
}

/// The column that cuts a table into partitions, as far as choosing among them goes.
#[derive(Debug, Clone, Copy)]
pub struct PartitionColumn<'a> {
    /// `None` for ingestion time.
    pub name: Option<&'a str>,
    pub kind: PartitionKind,
    pub is_date: bool,
    /// The width of a range of integers; `None` where it is not known, or the table is cut by time.
    pub interval: Option<i64>,
}

impl<'a> PartitionColumn<'a> {
    /// `data_type` is that of the column.
    pub fn new(partitioning: &'a Partitioning, data_type: Option<&str>) -> PartitionColumn<'a> {
        PartitionColumn {
            name: partitioning.column.as_ref().map(|column| column.value.as_str()),
            kind: partitioning.kind,
            is_date: data_type.is_some_and(|name| name.eq_ignore_ascii_case("DATE")),
            interval: partitioning.range.map(|range| range.interval.max(1)),
        }
    }

    pub fn is(&self, column: &str) -> bool {
        match self.name {
            Some(name) => name.eq_ignore_ascii_case(column),
            None => INGESTION.iter().any(|pseudo| pseudo.eq_ignore_ascii_case(column)),
        }
    }

    /// The first and the last value that a row of the partition that begins here may have.
    fn values(&self, from: i64, unit: &str) -> Option<(i64, i64)> {
        let next = calendar::next(from, unit)?;
        let last = match (self.name, self.is_date) {
            // All rows have the begin of the partition for their time.
            (None, _) => from,
            (Some(_), true) => next - DAY,
            (Some(_), false) => next - 1,
        };
        Some((from, last))
    }

    /// The values of a partition by its id: `2024`, `202403`, `20240301`, `2024030112`, or where a range of integers begins.
    pub fn values_of(&self, id: &str) -> Option<(i64, i64)> {
        if self.kind == PartitionKind::IntegerRange {
            let from: i64 = id.parse().ok()?;
            return Some((from, from.saturating_add(self.interval? - 1)));
        }
        let part = |range: Range<usize>| id.get(range).map_or(Some(1), |digits| digits.parse::<i64>().ok());
        let (year, month, day) = (part(0..4)?, part(4..6)?, part(6..8)?);
        let hour = if id.len() == 10 { part(8..10)? } else { 0 };
        let begin = calendar::checked_days(year, month, day)?.checked_mul(DAY)?.checked_add(hour * calendar::HOUR)?;
        let unit = match id.len() {
            4 => "YEAR",
            6 => "MONTH",
            8 => "DAY",
            10 => "HOUR",
            _ => return None,
        };
        self.values(begin, unit)
    }

    /// The unit of time that partitions are cut by.
    pub fn unit(&self) -> Option<&'static str> {
        match self.kind {
            PartitionKind::Hour => Some("HOUR"),
            PartitionKind::Day => Some("DAY"),
            PartitionKind::Month => Some("MONTH"),
            PartitionKind::Year => Some("YEAR"),
            PartitionKind::IntegerRange | PartitionKind::Unknown => None,
        }
    }

    /// Whole partitions: the ranges begin and end where partitions do.
    pub fn is_cut_at_partitions(&self, kept: &Ranges) -> bool {
        let Some(unit) = self.unit() else { return false };
        let step = if self.is_date { "DAY" } else { "MICROSECOND" };
        let is_begin = |bound: i64| {
            let bound = if bound == i64::MIN || bound == i64::MAX { None } else { up(bound, step) };
            bound.is_none_or(|bound| calendar::truncate(bound, unit) == Some(bound))
        };
        kept.parts().iter().all(|(from, to)| is_begin(*from) && is_begin(*to))
    }

    /// The begins of the partitions that the ranges touch, no more than `limit`; ranges must have ends.
    pub fn begins(&self, kept: &Ranges, limit: usize) -> Option<Vec<i64>> {
        let unit = self.unit()?;
        let mut begins: Vec<i64> = Vec::new();
        for (from, to) in kept.parts() {
            let mut at = calendar::truncate(*from, unit)?;
            while at < *to {
                let (first, last) = self.values(at, unit)?;
                if kept.touches(first, last) && begins.last() != Some(&at) {
                    begins.push(at);
                }
                if begins.len() > limit {
                    return None;
                }
                at = calendar::next(at, unit)?;
            }
        }
        Some(begins)
    }
}

/// The instants between which a query that is asked on this day runs.
pub fn instants(as_of: Date) -> [i64; 2] {
    let day = calendar::days(i64::from(as_of.year), i64::from(as_of.month), i64::from(as_of.day));
    let begin = day.saturating_mul(DAY);
    [begin, begin + DAY - 1]
}

/// What the filters of a read let through of the partition column.
pub fn decide(scan: &Scan, column: &PartitionColumn<'_>, as_of: Date) -> Decision {
    if column.kind == PartitionKind::IntegerRange && column.interval.is_none() {
        // Which values share a partition is not known: a filter may leave out any of them.
        let is_filtered = scan.predicates.iter().any(|predicate| column.is(&predicate.column));
        return Decision { is_sure: false, is_filtered, ..Decision::all() };
    }
    let mut decision = Decision::all();
    for predicate in &scan.predicates {
        if !column.is(&predicate.column) {
            decision.is_alone = false;
            continue;
        }
        match &predicate.condition {
            Ok(condition) => {
                decision.is_filtered = true;
                decision.variables.extend(condition.variables().into_iter().map(str::to_owned));
                let doubt = predicate.doubt();
                decision.reasons.extend(doubt.map(|why| (predicate.range.clone(), why.to_owned())));
                decision.is_alone &= doubt.is_none();
                for ((kept, now), is_most) in decision.kept.iter_mut().zip(instants(as_of)).zip([false, true]) {
                    let mut ask = Ask { column, now, is_most, why: Vec::new() };
                    let ranges = ask.ranges(condition);
                    *kept = if is_most && doubt.is_some() { kept.clone() } else { kept.and(&ranges) };
                    decision.is_sure &= ask.why.is_empty();
                    decision.reasons.extend(ask.why.into_iter().map(|why| (predicate.range.clone(), why)));
                }
            }
            Err(obstacle) => {
                decision.is_alone = false;
                let why = format!("this leaves out no partition: {obstacle}");
                decision.reasons.push((predicate.range.clone(), why));
            }
        }
    }
    decision.reasons.dedup();
    decision.is_alone &= decision.is_sure;
    decision
}

/// One evaluation.
struct Ask<'a> {
    column: &'a PartitionColumn<'a>,
    now: i64,
    /// What may be let through is asked for, and not what is let through in any case.
    is_most: bool,
    why: Vec<String>,
}

impl Ask<'_> {
    fn ranges(&mut self, condition: &Condition) -> Ranges {
        match condition {
            Condition::All(parts) => parts.iter().fold(Ranges::all(), |kept, part| kept.and(&self.ranges(part))),
            Condition::Any(parts) => {
                let parts: Vec<Ranges> = parts.iter().map(|part| self.ranges(part)).collect();
                Ranges::any(parts)
            }
            Condition::If(choice, yes, no) => self.chosen(choice, yes, no),
            // No partition is chosen by the name of a table.
            Condition::Suffix(_) => Ranges::all(),
            Condition::Test { through, test } => self.test(through, test).unwrap_or_else(|why| {
                self.why.push(why);
                Ranges::all()
            }),
        }
    }

    fn chosen(&mut self, choice: &Constant, yes: &Condition, no: &Condition) -> Ranges {
        match self.fold(choice) {
            Ok(value) => self.ranges(if value == Value::Bool(true) { yes } else { no }),
            Err(why) => {
                self.why.push(why);
                let (yes, no) = (self.ranges(yes), self.ranges(no));
                if self.is_most { yes.or(no) } else { yes.and(&no) }
            }
        }
    }

    fn test(&self, through: &[Wrapper], test: &Test) -> Result<Ranges, String> {
        match test {
            Test::IsNull => Ok(Ranges::null()),
            Test::Compare(comparison, constant) => self.compare(through, *comparison, &self.fold(constant)?),
            Test::In(list) => {
                let list: Vec<Value> = list.iter().map(|constant| self.fold(constant)).collect::<Result<_, _>>()?;
                self.any_of(through, &list)
            }
            Test::InArray(array) => match self.fold(array)? {
                Value::List(list) => self.any_of(through, &list),
                _ => Err("an array that is not known may hold anything".to_owned()),
            },
        }
    }

    fn fold(&self, constant: &Constant) -> Result<Value, String> {
        constant.fold(self.now).map_err(|why| format!("which partitions this leaves is not known: {why}"))
    }

    fn any_of(&self, through: &[Wrapper], list: &[Value]) -> Result<Ranges, String> {
        let sets: Result<Vec<Ranges>, String> =
            list.iter().map(|value| self.compare(through, Comparison::Equal, value)).collect();
        Ok(Ranges::any(sets?))
    }

    fn compare(&self, through: &[Wrapper], comparison: Comparison, value: &Value) -> Result<Ranges, String> {
        // A comparison with NULL holds for no row.
        if *value == Value::Null {
            return Ok(Ranges::none());
        }
        if let Some((Wrapper::Negated, inner)) = through.split_last() {
            let Value::Int(number) = value else { return Err("a difference is compared with a number".to_owned()) };
            return self.compare(inner, comparison.turned(), &Value::Int(number.saturating_neg()));
        }
        let key = self.key(through, value).ok_or_else(|| "what this is compared with is not worked out".to_owned())?;
        let from = |key: i64| self.lower(through, key);
        let after = key.saturating_add(1);
        Ok(match comparison {
            Comparison::Equal => Ranges::between(from(key)?, from(after)?),
            Comparison::Less => Ranges::between(i64::MIN, from(key)?),
            Comparison::LessOrEqual => Ranges::between(i64::MIN, from(after)?),
            Comparison::Greater => Ranges::between(from(after)?, i64::MAX),
            Comparison::GreaterOrEqual => Ranges::between(from(key)?, i64::MAX),
        })
    }

    /// The number that stands for a value: its place in time, or the integer that it is.
    fn key(&self, through: &[Wrapper], value: &Value) -> Option<i64> {
        let is_integer = self.column.kind == PartitionKind::IntegerRange;
        match (through.last(), value) {
            (Some(Wrapper::Year | Wrapper::Diff(..)), Value::Int(number)) => Some(*number),
            (Some(Wrapper::Year | Wrapper::Diff(..)), _) => None,
            (Some(Wrapper::Format(format)), Value::Text(text)) => parse_time_as(format, text),
            (Some(Wrapper::Format(_)), _) => None,
            (None, Value::Int(number)) if is_integer => Some(*number),
            (None, Value::Text(text)) if is_integer => text.trim().parse().ok(),
            _ if is_integer => None,
            (_, value) => point_of(value),
        }
    }

    /// The least value of the column for which all the functions around it give `key` or more.
    fn lower(&self, through: &[Wrapper], key: i64) -> Result<i64, String> {
        let mut bound = key;
        for wrapper in through.iter().rev() {
            bound = self.inverse(wrapper, bound)?;
        }
        Ok(bound)
    }

    fn inverse(&self, wrapper: &Wrapper, bound: i64) -> Result<i64, String> {
        let far = || "this lies beyond all dates".to_owned();
        match wrapper {
            Wrapper::Year => calendar::days(bound.clamp(-1, 10_001), 1, 1).checked_mul(DAY).ok_or_else(far),
            Wrapper::Trunc(unit) => up(bound, unit).ok_or_else(|| format!("what lies in one `{unit}` is not worked out")),
            Wrapper::Format(_) | Wrapper::Date => up(bound, "DAY").ok_or_else(far),
            Wrapper::Local(zone) => {
                let zone = self.fold(zone)?;
                let Value::Text(name) = &zone else { return Err("the time zone is not known".to_owned()) };
                instant_of(bound, name).ok_or_else(|| format!("there is no time zone `{name}`"))
            }
            Wrapper::Shift(by, is_subtracted) => match self.fold(by)? {
                Value::Interval { months, micros } => {
                    let sign = if *is_subtracted { -1 } else { 1 };
                    before_shift(bound, months * sign, micros * sign).ok_or_else(far)
                }
                _ => Err("how far this is moved is not known".to_owned()),
            },
            Wrapper::Diff(other, unit, counted) => {
                let from = point_of(&self.fold(other)?).ok_or_else(far)?;
                let found = match counted {
                    Counted::Begins => nth_begin(from, unit, bound),
                    Counted::Whole => nth_whole(from, unit, bound),
                };
                found.ok_or_else(|| format!("what a difference in `{unit}` leaves is not worked out"))
            }
            // Turned round before it comes here.
            Wrapper::Negated | Wrapper::Integer => Ok(bound),
            Wrapper::Other(name) => Err(format!("what `{name}` leaves is not worked out")),
        }
    }
}

/// The least time that is at or after `bound` once it is moved.
fn before_shift(bound: i64, months: i64, micros: i64) -> Option<i64> {
    let bound = bound.checked_sub(micros)?;
    if months == 0 {
        return Some(bound);
    }
    let (day, time) = (bound.div_euclid(DAY), bound.rem_euclid(DAY));
    // Several days become the last of a shorter month, so that the way back is not the same.
    let about = calendar::add_months(day, months.checked_neg()?);
    let first = (about.checked_sub(4)?..=about.checked_add(4)?).find(|from| calendar::add_months(*from, months) >= day)?;
    let time = if calendar::add_months(first, months) == day { time } else { 0 };
    first.checked_mul(DAY)?.checked_add(time)
}

/// The begin of the unit that lies so many units after the one of `from`.
fn nth_begin(from: i64, unit: &str, n: i64) -> Option<i64> {
    let begin = calendar::truncate(from, unit)?;
    let months = match unit {
        "MONTH" => 1,
        "QUARTER" => 3,
        "YEAR" => 12,
        "ISOYEAR" => return None,
        _ => {
            let length = calendar::next(begin, unit)?.checked_sub(begin)?;
            return begin.checked_add(length.checked_mul(n)?);
        }
    };
    calendar::add_months(begin.div_euclid(DAY), n.checked_mul(months)?).checked_mul(DAY)
}

/// The least time that lies `n` whole units after `from`; parts of a unit are cut off towards zero.
fn nth_whole(from: i64, unit: &str, n: i64) -> Option<i64> {
    let length = calendar::next(0, unit).filter(|length| *length <= DAY)?;
    if n > 0 {
        from.checked_add(length.checked_mul(n)?)
    } else {
        from.checked_add(length.checked_mul(n.checked_sub(1)?)?)?.checked_add(1)
    }
}

/// The first begin of a unit at or after this.
fn up(bound: i64, unit: &str) -> Option<i64> {
    let begin = calendar::truncate(bound, unit)?;
    if begin == bound { Some(bound) } else { calendar::next(bound, unit) }
}

#[cfg(test)]
mod tests;
