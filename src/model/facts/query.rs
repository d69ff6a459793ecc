//! Facts of a query.

use super::FactType::{Bool, Count, Text, Texts};
use super::Read::Query as Of;
use super::{Fact, FactValue, Reading, always, length, optional};
use crate::model::Query;

pub(super) const FACTS: &[Fact] = &[
    always(
        "path",
        Text,
        "The file that holds it; for SQL inside another file with its place there: `main.tf:google_bigquery_table.orders.view`",
        Of(|q| optional(Some(&q.id.path), Some(q.span))),
    ),
    always("statement", Text, "The kind of statement, as the job metadata names it: `SELECT`, `MERGE`", Of(statement)),
    always("tables", Texts, "The tables it reads, each once", Of(tables)),
    always("stars", Count, "How many `*` over base tables it holds", Of(stars)),
    always("resolved", Bool, "Whether everything it names was found", Of(resolved)),
    always("feeds", Count, "How many feeds it reads", Of(|q| length(q.feeds.len(), None))),
];

fn statement(query: &Query) -> Reading<'_> {
    optional(Some(query.statement.kind.name()), Some(query.span))
}

fn tables(query: &Query) -> Reading<'_> {
    let mut names: Vec<&str> = query.resolution.scans.iter().map(|scan| scan.table.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    Reading::at(FactValue::Texts(names), Some(query.span))
}

fn stars(query: &Query) -> Reading<'_> {
    let first = query.resolution.stars.first().map(|star| query.map.span(star.range.clone()));
    length(query.resolution.stars.len(), first)
}

fn resolved(query: &Query) -> Reading<'_> {
    Reading::at(FactValue::Bool(query.resolution.unresolved.is_empty()), Some(query.span))
}
