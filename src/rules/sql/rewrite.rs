//! A comparison of a function of the partition column, written as one of the column itself, where both say the same of
//! every row.

use super::edit;
use super::partitions::PartitionedScan;
use crate::diagnostic::{Applicability, Fix};
use crate::model::Query;
use crate::sql::condition::{Hindrance, Step, Unwrapped, Wrapper};
use crate::sql::fold::Constant;
use crate::sql::fold::calendar::{checked_days, civil, parse_date};
use crate::text::Files;
use std::ops::Range;

/// The edits that take the function away.
pub(super) fn fix(query: &Query, partitioned: &PartitionedScan<'_>, hindrance: &Hindrance, files: &Files) -> Option<Fix> {
    let unwrapped = hindrance.unwrapped.as_ref()?;
    let written = |range: &Range<usize>| files.slice(query.map.span(range.clone()));
    let mut edits = vec![edit::edit(query, hindrance.range.clone(), written(&unwrapped.column))?];
    for (range, constant) in &unwrapped.constants {
        if let Some(text) = moved(partitioned, unwrapped, constant, written(range))? {
            edits.push(edit::edit(query, range.clone(), text)?);
        }
    }
    edits.sort_by_key(|edit| edit.span);
    Some(edit::fix(format!("compare `{}` itself", partitioned.column()), Applicability::Safe, edits))
}

/// The constant as it stands against the column itself; `Some(None)` where it stays.
fn moved(partitioned: &PartitionedScan<'_>, unwrapped: &Unwrapped, constant: &Constant, written: &str) -> Option<Option<String>> {
    let is_date = match unwrapped.through.last() {
        Some(wrapper) => *wrapper == Wrapper::Date,
        None => partitioned.is_by_date(),
    };
    match (&unwrapped.step, constant) {
        (Step::Written(format), Constant::Text(day)) if is_date => match format.as_str() {
            "%F" | "%Y-%m-%d" => (day.len() == 10 && parse_date(day).is_some()).then_some(None),
            "%Y%m%d" => Some(Some(with_hyphens(day)?)),
            _ => None,
        },
        (Step::Moved { amount: Constant::Int(amount), is_added, .. }, constant) => {
            let back = if *is_added { amount.checked_neg()? } else { *amount };
            match constant {
                Constant::Int(number) if partitioned.is_by_integer() => Some(Some(number.checked_add(back)?.to_string())),
                Constant::Text(day) if is_date && day.len() == 10 => Some(Some(literal(parse_date(day)?.checked_add(back)?))),
                Constant::Call(name, arguments) if is_date && name == "CURRENT_DATE" && arguments.is_empty() => {
                    let sign = if back < 0 { '-' } else { '+' };
                    Some(Some(format!("{written} {sign} {}", back.unsigned_abs())))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// `20260801` as `'2026-08-01'`.
fn with_hyphens(day: &str) -> Option<String> {
    let is_number = day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit());
    let part = |range: Range<usize>| day.get(range).filter(|_| is_number)?.parse::<i64>().ok();
    checked_days(part(0..4)?, part(4..6)?, part(6..8)?).map(literal)
}

fn literal(days: i64) -> String {
    let (year, month, day) = civil(days);
    format!("'{year:04}-{month:02}-{day:02}'")
}
