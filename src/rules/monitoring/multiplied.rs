//! Bytes of jobs that a join repeats before they are added up.

use super::money::{BILLED, PROCESSED};
use super::{reckonings, subject};
use crate::rules::{Context, Sink};
use crate::sql::reckoning::{Array, Named, Reckoning, SourceKind, Sum, Test};

const ADDED: [&str; 3] = [BILLED, PROCESSED, "total_slot_ms"];

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (query, reckoning) in reckonings(context) {
        for sum in &reckoning.sums {
            let is_added = |named: &&Named| named.kind == SourceKind::Jobs && ADDED.contains(&named.column.as_str());
            let Some(named) = sum.columns.iter().find(is_added) else { continue };
            let Some(why) = reason(reckoning, sum, named.source) else { continue };
            let span = query.map.span(sum.range.clone());
            let column = &named.column;
            let diagnostic = match why {
                Reason::Array(array) => {
                    let message = format!("`{column}` of a job is added once for each of its `{}`", array.column.column);
                    let diagnostic = sink.report(subject(query), span, message);
                    diagnostic.related(query.map.span(array.column.range.clone()), "the rows are multiplied here");
                    diagnostic.help("add up the jobs before the array is taken apart, or ask of the array with `EXISTS (SELECT 1 FROM UNNEST(…))`")
                }
                Reason::Pairs => {
                    let message = format!("`{column}` of a job is added once for each other job that it is joined with");
                    let diagnostic = sink.report(subject(query), span, message);
                    diagnostic.help("group by what the two have in common, as in `GROUP BY query`, without the join")
                }
            };
            diagnostic.detail(column.clone());
        }
    }
}

enum Reason<'a> {
    Array(&'a Array),
    Pairs,
}

fn reason<'a>(reckoning: &'a Reckoning, sum: &Sum, source: usize) -> Option<Reason<'a>> {
    let of_select = reckoning.arrays.iter().filter(|array| array.select == sum.select && !is_shared_out(sum, array));
    let array = of_select.into_iter().find(|array| multiplies(reckoning, array));
    if let Some(array) = array {
        return Some(Reason::Array(array));
    }
    (sum.is_of_pairs && !is_by_job(reckoning, source)).then_some(Reason::Pairs)
}

/// What is added up knows of the array: it is divided by its length.
fn is_shared_out(sum: &Sum, array: &Array) -> bool {
    sum.columns.iter().any(|named| named.source == array.column.source && named.column == array.column.column)
}

/// A sum for each element of the array is what it says; a label has one value in a job.
fn multiplies(reckoning: &Reckoning, array: &Array) -> bool {
    let name = &array.column.column;
    let is_of = |named: &Named| named.kind == SourceKind::Jobs && named.column.split('.').next() == Some(name.as_str());
    // A job reads several tables of one dataset.
    let is_element = |named: &Named| is_of(named) && (name != "referenced_tables" || is_table(&named.column));
    let is_key = reckoning.keys.iter().any(|key| key.select == array.select && key.columns.iter().any(is_element));
    let is_same = |named: &Named| named.source == array.column.source && is_of(named);
    let is_label = name == "labels" && reckoning.tests.iter().any(|test| test.columns.iter().any(is_same));
    is_of(&array.column) && !is_key && !is_label
}

fn is_table(column: &str) -> bool {
    column == "referenced_tables" || column.ends_with(".table_id")
}

/// A job is joined with its parent, or with itself.
fn is_by_job(reckoning: &Reckoning, source: usize) -> bool {
    let is_id = |named: &Named| matches!(named.column.as_str(), "job_id" | "parent_job_id");
    let ties = |test: &&Test| test.is_equality && test.columns.len() > 1 && test.columns.iter().all(is_id);
    reckoning.tests.iter().filter(ties).any(|test| test.columns.iter().any(|named| named.source == source))
}
