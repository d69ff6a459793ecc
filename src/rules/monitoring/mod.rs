//! Rules on SQL that watches what BigQuery costs: over the history of jobs and over exports of billing.

pub(super) mod billing;
pub(super) mod contradicting_price;
pub(super) mod day;
mod histories;
pub(super) mod history;
pub(super) mod location;
pub(super) mod money;
pub(super) mod multiplied;
pub(super) mod price;
pub(super) mod reconciled;
pub(super) mod region;
pub(super) mod scripts;
pub(super) mod unit;

use crate::diagnostic::Subject;
use crate::model::Query;
use crate::model::facts::Item;
use crate::rules::Context;
use crate::sql::SqlError;
use crate::sql::reckoning::{Reckoning, Source};

fn subject(query: &Query) -> Subject {
    Item::Query(query).subject()
}

/// Queries of the head that read the history of jobs or an export of billing.
fn reckonings<'a>(context: &Context<'a>) -> impl Iterator<Item = (&'a Query, &'a Reckoning)> {
    let all = context.head.queries.values().map(|query| (query, &query.resolution.reckoning));
    all.filter(|(_, reckoning)| !reckoning.sources.is_empty())
}

/// What hides a part of the query, so that a condition may be there which we do not see.
fn gap<'q>(context: &Context<'_>, query: &'q Query) -> Option<&'q SqlError> {
    query.resolution.unresolved.iter().find(|gap| !is_operand(context, query, gap))
}

/// A template fills in a price, or a number of days, where no condition can stand.
fn is_operand(context: &Context<'_>, query: &Query, gap: &SqlError) -> bool {
    let span = query.map.span(gap.range.clone());
    let text = &context.files.get(span.file).text;
    let Some((before, behind)) = text.split_at_checked(span.start as usize) else { return false };
    let before = before.trim_end();
    let is_behind_word = before.len().checked_sub("INTERVAL".len()).and_then(|at| before.get(at..));
    let is_behind =
        before.ends_with(['*', '/', '<', '>', '=']) || is_behind_word.is_some_and(|word| word.eq_ignore_ascii_case("INTERVAL"));
    is_behind && (behind.starts_with("{{") || behind.starts_with("${"))
}

/// The location whose jobs are read, where it is written: that of `region-eu`.
fn location(source: &Source) -> Option<&str> {
    const PREFIX: &str = "region-";
    let regions = source.path.iter().filter_map(|part| {
        let (start, rest) = part.split_at_checked(PREFIX.len())?;
        start.eq_ignore_ascii_case(PREFIX).then_some(rest)
    });
    regions.into_iter().find(|region| region.chars().all(|ch| ch.is_ascii_alphanumeric() || ch == '-'))
}
