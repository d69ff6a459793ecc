//! Which queries of the repository read a column: as the head's model resolves them, and where the column is gone, as the
//! base's did, as long as they still ask for it.

use crate::diagnostic::Diagnostic;
use crate::model::{Query, QueryId, TableId};
use crate::rules::Context;
use crate::sql::{NameMistakeKind, Scan};
use crate::text::Span;
use std::collections::BTreeMap;

/// So many are named.
const MAX_NAMED: usize = 8;

/// The queries that read something, each with the first place that does.
#[derive(Default)]
pub(super) struct Readers<'a>(BTreeMap<&'a QueryId, Span>);

impl Readers<'_> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// `, and 3 queries read it`; nothing where none does.
    pub(super) fn words(&self) -> String {
        self.words_of("reads it", "read it")
    }

    pub(super) fn words_of(&self, one: &str, several: &str) -> String {
        match self.0.len() {
            0 => String::new(),
            1 => format!(", and a query {one}"),
            n => format!(", and {n} queries {several}"),
        }
    }

    pub(super) fn relate(&self, diagnostic: &mut Diagnostic) {
        self.relate_as("read here", diagnostic);
    }

    pub(super) fn relate_as(&self, what: &str, diagnostic: &mut Diagnostic) {
        let n_more = self.0.len().saturating_sub(MAX_NAMED);
        for (at, span) in self.0.values().take(MAX_NAMED).enumerate() {
            let more = if n_more > 0 && at + 1 == MAX_NAMED { format!(", and in {n_more} more queries") } else { String::new() };
            diagnostic.related(*span, format!("{what}{more}"));
        }
    }
}

/// The readers of a column or of what lies within it; `table` as the head calls it.
pub(super) fn readers<'a>(context: &'a Context<'_>, table: &TableId, column: &str) -> Readers<'a> {
    let name = table.to_string();
    let mut found = BTreeMap::new();
    for query in context.head.queries.values() {
        let place =
            query.resolution.scans.iter().filter(|scan| scan.table == name).find_map(|scan| asks_for(query, scan, column));
        found.extend(place.map(|place| (&query.id, place)));
    }
    let Some(base) = context.base else { return Readers(found) };
    let name = context.pairs.tables.base_of(table).unwrap_or(table).to_string();
    for query in base.queries.values() {
        let scans = query.resolution.scans.iter().filter(|scan| scan.table == name);
        let Some(place) = scans.into_iter().find_map(|scan| asks_for(query, scan, column)) else { continue };
        let Some(head) = context.pairs.queries.head_of(&query.id).and_then(|id| context.head.queries.get(id)) else { continue };
        if let Some(place) = still(query, place, head, column) {
            found.entry(&head.id).or_insert(place);
        }
    }
    Readers(found)
}

/// The place in a query that asks for the column.
fn asks_for(query: &Query, scan: &Scan, column: &str) -> Option<Span> {
    let is_within = |path: &str| {
        let (start, rest) = (path.get(..column.len()), path.get(column.len()..).unwrap_or(""));
        start.is_some_and(|start| start.eq_ignore_ascii_case(column)) && (rest.is_empty() || rest.starts_with('.'))
    };
    let range = scan.columns.iter().find(|(path, _)| is_within(path)).map(|(_, range)| range)?;
    let own = &query.statement.range;
    let is_own = own.start <= range.start && range.end <= own.end && range.start < range.end;
    Some(if is_own { query.map.span(range.clone()) } else { query.span })
}

/// Where a query that read the column in the base asks for it in the head, in which the column may be gone.
fn still(base: &Query, place: Span, head: &Query, column: &str) -> Option<Span> {
    if base.span.file == head.span.file {
        return Some(place);
    }
    let name = column.rsplit('.').next().unwrap_or(column);
    let is_it = |mistake: &&crate::sql::NameMistake| {
        let last = mistake.name.rsplit('.').next().unwrap_or("");
        mistake.kind == NameMistakeKind::UnknownColumn && last.trim_matches('`').eq_ignore_ascii_case(name)
    };
    let mistake = head.resolution.mistakes.iter().find(is_it)?;
    Some(head.map.span(mistake.range.clone()))
}

/// The queries that leave out partitions by a condition on a column.
pub(super) fn filters<'a>(context: &'a Context<'_>, table: &TableId, column: &str) -> Readers<'a> {
    let name = table.to_string();
    let mut found = BTreeMap::new();
    for query in context.head.queries.values() {
        let scans = query.resolution.scans.iter().filter(|scan| scan.table == name);
        let predicates = scans.flat_map(|scan| &scan.predicates);
        let by = predicates.into_iter().find(|predicate| predicate.column.eq_ignore_ascii_case(column));
        found.extend(by.map(|predicate| (&query.id, query.map.span(predicate.range.clone()))));
    }
    Readers(found)
}
