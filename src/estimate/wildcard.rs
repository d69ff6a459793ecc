//! Which tables a `*` at the end of a name stands for, and which of them a filter on `_TABLE_SUFFIX` leaves.

use super::pruning::instants;
use crate::model::table::TableKind;
use crate::model::{Model, Table, TableId};
use crate::sql::Scan;
use crate::sql::condition::{Comparison, Condition, SUFFIX, Test, Wrapper};
use crate::sql::fold::{Constant, Value};
use crate::text::Date;
use std::cmp::Ordering;
use std::ops::Range;

/// Tables that the name matches, each with what the `*` stands for, in order of their names.
pub(super) fn matched<'a>(name: &str, model: &'a Model) -> Vec<(&'a str, &'a Table)> {
    let mut parts = name.rsplitn(3, '.');
    let (last, dataset, project) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next());
    let Some(prefix) = last.strip_suffix('*') else { return Vec::new() };
    let suffix_of = |table: &'a Table| match &table.id {
        TableId::Named { project: own, dataset: its, name } if **its == *dataset => {
            let is_here = own.as_deref().zip(project).is_none_or(|(own, project)| own == project);
            name.strip_prefix(prefix).filter(|_| is_here && table.kind == TableKind::Table)
        }
        TableId::Named { .. } | TableId::Address(_) => None,
    };
    model.tables.values().filter_map(|table| Some((suffix_of(table)?, table))).collect()
}

/// What the filters of a read say of one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    Yes,
    Maybe,
    No,
}

/// Whether the read reaches the table with this suffix.
pub(super) fn keeps(scan: &Scan, suffix: &str, as_of: Date) -> Kept {
    let conditions = scan.predicates.iter().filter(|predicate| predicate.column.eq_ignore_ascii_case(SUFFIX));
    let mut kept = Kept::Yes;
    for (predicate, condition) in conditions.filter_map(|predicate| Some((predicate, predicate.condition.as_ref().ok()?))) {
        match instants(as_of).map(|now| holds(condition, suffix, now)) {
            [Ok(false), Ok(false)] if predicate.doubt().is_none() => return Kept::No,
            [Ok(true), Ok(true)] => {}
            _ => kept = Kept::Maybe,
        }
    }
    kept
}

/// Why filters on the suffix leave out nothing, at their places.
pub(super) fn reasons(scan: &Scan, as_of: Date) -> Vec<(Range<usize>, String)> {
    let of_suffix = scan.predicates.iter().filter(|predicate| predicate.column.eq_ignore_ascii_case(SUFFIX));
    let [now, _] = instants(as_of);
    let why = of_suffix.filter_map(|predicate| {
        let why = match &predicate.condition {
            Ok(condition) => match (holds(condition, "", now).err(), predicate.doubt()) {
                (Some(why), _) => format!("which tables this leaves is not known: {why}"),
                (None, doubt) => doubt?.to_owned(),
            },
            Err(obstacle) => format!("this leaves out no table: {obstacle}"),
        };
        Some((predicate.range.clone(), why))
    });
    why.collect()
}

fn holds(condition: &Condition, suffix: &str, now: i64) -> Result<bool, String> {
    match condition {
        Condition::All(parts) => {
            let parts: Vec<_> = parts.iter().map(|part| holds(part, suffix, now)).collect();
            if parts.contains(&Ok(false)) { Ok(false) } else { parts.into_iter().try_fold(true, |all, part| Ok(all && part?)) }
        }
        Condition::Any(parts) => {
            let parts: Vec<_> = parts.iter().map(|part| holds(part, suffix, now)).collect();
            if parts.contains(&Ok(true)) { Ok(true) } else { parts.into_iter().try_fold(false, |any, part| Ok(any || part?)) }
        }
        Condition::If(choice, yes, no) => {
            let is_chosen = choice.fold(now).map(|value| value == Value::Bool(true));
            match (is_chosen, holds(yes, suffix, now), holds(no, suffix, now)) {
                (Ok(true), yes, _) => yes,
                (Ok(false), _, no) => no,
                (Err(_), Ok(yes), Ok(no)) if yes == no => Ok(yes),
                (Err(why), _, _) => Err(why.to_string()),
            }
        }
        Condition::Suffix(condition) => {
            let suffix = Constant::Text(suffix.to_owned());
            let value = condition.with(SUFFIX, &suffix).fold(now).map_err(|why| why.to_string())?;
            Ok(value == Value::Bool(true))
        }
        Condition::Test { through, test } => is_met(through, test, suffix, now),
    }
}

fn is_met(through: &[Wrapper], test: &Test, suffix: &str, now: i64) -> Result<bool, String> {
    let fold = |constant: &Constant| constant.fold(now).map_err(|why| why.to_string());
    let equals = |value: &Value| compare(through, suffix, value).map(|order| order == Some(Ordering::Equal));
    let any = |list: &[Value]| list.iter().try_fold(false, |any, value| Ok(any || equals(value)?));
    match test {
        Test::IsNull => Ok(false),
        Test::Compare(comparison, constant) => {
            let Some(order) = compare(through, suffix, &fold(constant)?)? else { return Ok(false) };
            Ok(match comparison {
                Comparison::Equal => order.is_eq(),
                Comparison::Less => order.is_lt(),
                Comparison::LessOrEqual => order.is_le(),
                Comparison::Greater => order.is_gt(),
                Comparison::GreaterOrEqual => order.is_ge(),
            })
        }
        Test::In(list) => any(&list.iter().map(fold).collect::<Result<Vec<_>, _>>()?),
        Test::InArray(array) => match fold(array)? {
            Value::List(list) => any(&list),
            _ => Err("the array is not known".to_owned()),
        },
    }
}

/// How the suffix stands to a value; `None` for NULL, which it never equals.
fn compare(through: &[Wrapper], suffix: &str, value: &Value) -> Result<Option<Ordering>, String> {
    match (through, value) {
        (_, Value::Null) => Ok(None),
        ([], Value::Text(text)) => Ok(Some(suffix.cmp(text))),
        ([Wrapper::Integer], Value::Int(number)) => {
            let suffix: Option<i64> = suffix.parse().ok();
            suffix.map(|suffix| Some(suffix.cmp(number))).ok_or_else(|| "a suffix is no number".to_owned())
        }
        _ => Err("what the suffix is compared with is not worked out".to_owned()),
    }
}
