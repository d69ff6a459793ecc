//! What keeps a sum of money from being that of the bill. Off until somebody holds the two against each other.

use super::money::Money;
use super::{edit, gap, jobs, reckonings, subject};
use crate::diagnostic::Applicability;
use crate::rules::{Context, Sink};
use crate::sql::reckoning::{Reckoning, SourceKind};

/// A condition that the bill knows and a query may lack.
struct Missing {
    /// Some condition on one of these is taken for it.
    columns: &'static [&'static str],
    message: &'static str,
    condition: &'static str,
    title: &'static str,
}

const FAILED: Missing = Missing {
    columns: &["error_result"],
    message: "jobs that failed are given a cost, and Google charges for none of them that nobody stopped",
    condition: "(error_result IS NULL OR error_result.reason = 'stopped')",
    title: "leave out jobs that failed",
};

const RESERVED: Missing = Missing {
    columns: &["reservation_id", "edition"],
    message: "jobs of a reservation are given a cost by their bytes, and are paid by the slot",
    condition: "reservation_id IS NULL",
    title: "leave out jobs of reservations",
};

pub(in crate::rules) fn failed_jobs(context: &Context<'_>, sink: &mut Sink<'_>) {
    check(context, &FAILED, sink);
}

pub(in crate::rules) fn reserved_jobs(context: &Context<'_>, sink: &mut Sink<'_>) {
    check(context, &RESERVED, sink);
}

fn check(context: &Context<'_>, missing: &Missing, sink: &mut Sink<'_>) {
    let lacks = |reckoning: &Reckoning| !asks(reckoning, missing.columns) && has_money(reckoning);
    for (query, reckoning) in reckonings(context).filter(|(_, reckoning)| lacks(reckoning)) {
        for source in jobs(reckoning) {
            let span = query.map.span(source.range.clone());
            if let Some(gap) = gap(query) {
                sink.not_checked(&subject(query), gap.message.clone(), Some(span));
                continue;
            }
            let diagnostic = sink.report(subject(query), span, missing.message);
            diagnostic.help(format!("add `{}`", missing.condition));
            diagnostic.detail(source.path.join("."));
            let fix = source
                .clause
                .as_ref()
                .and_then(|clause| edit::restrict(query, clause, missing.condition, missing.title, Applicability::Unsafe));
            fix.into_iter().for_each(|fix| _ = diagnostic.fix(fix));
        }
    }
}

fn asks(reckoning: &Reckoning, columns: &[&str]) -> bool {
    let is_asked = |column: &str| columns.contains(&column.split('.').next().unwrap_or_default());
    reckoning.tests.iter().flat_map(|test| &test.columns).any(|named| is_asked(&named.column))
}

fn has_money(reckoning: &Reckoning) -> bool {
    reckoning.products.iter().any(|product| Money::of(product).is_some())
}

/// Times of a job that the bill does not go by.
const OTHER_TIMES: [&str; 2] = ["creation_time", "start_time"];

pub(in crate::rules) fn day_of_creation(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (query, reckoning) in reckonings(context).filter(|(_, reckoning)| has_money(reckoning)) {
        let columns = reckoning.keys.iter().flat_map(|key| &key.columns);
        let is_other = |column: &str| OTHER_TIMES.contains(&column);
        let named = columns.into_iter().find(|named| named.kind == SourceKind::Jobs && is_other(&named.column));
        let Some(named) = named else { continue };
        let message = format!(
            "costs are grouped by `{}`, and a job is on the bill of the day on which it ends, in Pacific time",
            named.column
        );
        let diagnostic = sink.report(subject(query), query.map.span(named.range.clone()), message);
        diagnostic
            .help("group by `DATE(end_time, 'America/Los_Angeles')`, and leave the filter on `creation_time` a margin of a day");
        diagnostic.detail(named.column.clone());
    }
}
