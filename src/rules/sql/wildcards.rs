//! Tables that are read by a `*` at the end of a name: which of them a query reads, and whether it can.

use super::figure::Figures;
use super::{gap, subject};
use crate::model::table::TableKind;
use crate::model::{Model, Query, Table, TableId};
use crate::rules::{Context, Sink};
use crate::sql::condition::{Obstacle, SUFFIX};
use crate::sql::{Predicate, Scan, ScanKind, StatementKind};

fn scans(query: &Query) -> impl Iterator<Item = &Scan> {
    query.resolution.scans.iter().filter(|scan| scan.kind == ScanKind::Wildcard)
}

fn on_suffix(scan: &Scan) -> impl Iterator<Item = &Predicate> {
    scan.predicates.iter().filter(|predicate| predicate.column.eq_ignore_ascii_case(SUFFIX))
}

/// The name up to its `*`: `raw.events_`.
fn prefix(scan: &Scan) -> &str {
    scan.table.trim_end_matches('*')
}

/// All tables of a name are read, back to the first.
pub(in crate::rules) fn unfiltered_wildcard(context: &Context<'_>, sink: &mut Sink<'_>) {
    let figures = Figures::of(context);
    for query in context.head.queries.values().filter(|query| !query.is_body) {
        let is_read = matches!(query.statement.kind, StatementKind::Select | StatementKind::ExportData);
        let is_unfiltered = |scan: &&Scan| !scan.columns.is_empty() && on_suffix(scan).next().is_none() && scan.is_direct;
        for scan in scans(query).filter(|scan| is_read && is_unfiltered(scan)) {
            // A suffix that is read is filtered further out, perhaps.
            if scan.columns.keys().any(|column| column.eq_ignore_ascii_case(SUFFIX)) {
                continue;
            }
            // `events_2026*` says which tables are meant.
            if prefix(scan).ends_with(|last: char| last.is_ascii_digit()) {
                continue;
            }
            if let Some(gap) = gap(query, scan).filter(|gap| gap.range != scan.range) {
                sink.not_checked(&subject(query), gap.message.clone(), Some(query.map.span(gap.range.clone())));
                continue;
            }
            let message = format!("every table that `{}` stands for is read{}", scan.table, figures.now(query));
            let diagnostic = sink.report(subject(query), query.map.span(scan.range.clone()), message);
            diagnostic.detail(scan.table.clone());
        }
    }
}

/// All tables that a name stands for begin alike further on.
pub(in crate::rules) fn short_wildcard_prefix(context: &Context<'_>, sink: &mut Sink<'_>) {
    let figures = Figures::of(context);
    for query in context.head.queries.values() {
        for scan in scans(query).filter(|scan| scan.is_direct) {
            let suffixes = figures.suffixes(&scan.table);
            let Some(longer) = common_words(&suffixes).filter(|_| suffixes.len() > 1) else { continue };
            let longer = format!("{}{longer}", prefix(scan));
            let message = format!("all {} tables that `{}` stands for begin with `{longer}`", suffixes.len(), scan.table);
            let diagnostic = sink.report(subject(query), query.map.span(scan.range.clone()), message);
            diagnostic.help(format!("write `{longer}*`, and what `_TABLE_SUFFIX` is compared with without these letters"));
            diagnostic.detail(scan.table.clone());
        }
    }
}

/// What all texts begin with, up to an underscore: digits behind it are dates, of which a name says as much as is meant.
fn common_words<'t>(texts: &[&'t str]) -> Option<&'t str> {
    let first = texts.first()?;
    let is_common = |end: &usize| first.get(..*end).is_some_and(|start| texts.iter().all(|text| text.starts_with(start)));
    let ends = first.match_indices('_').map(|(at, _)| at + 1).take_while(is_common);
    ends.last().and_then(|end| first.get(..end))
}

/// A filter on the suffix, of a form that leaves out no table.
pub(in crate::rules) fn unprunable_table_suffix(context: &Context<'_>, sink: &mut Sink<'_>) {
    let figures = Figures::of(context);
    for query in context.head.queries.values().filter(|query| !query.is_body) {
        for scan in scans(query).filter(|scan| !on_suffix(scan).any(|predicate| predicate.condition.is_ok())) {
            for predicate in on_suffix(scan).filter(|predicate| predicate.is_direct) {
                unprunable(query, scan, predicate, figures, sink);
            }
        }
    }
}

fn unprunable(query: &Query, scan: &Scan, predicate: &Predicate, figures: Figures<'_>, sink: &mut Sink<'_>) {
    let Err(hindrance) = &predicate.condition else { return };
    let span = query.map.span(hindrance.range.clone());
    if hindrance.is_hole {
        return sink.not_checked(&subject(query), "a template fills in a part of the filter", Some(span));
    }
    let is_certain = hindrance.is_certain;
    let what = match &hindrance.why {
        Obstacle::Subquery if is_certain => "what this subquery gives is known too late".to_owned(),
        Obstacle::Or if is_certain => "this side of `OR` does not name the suffix".to_owned(),
        Obstacle::OtherColumn => "the suffix is compared with a column".to_owned(),
        Obstacle::Function(name) => format!("tables are not chosen through `{name}`"),
        Obstacle::Subquery | Obstacle::Or | Obstacle::Form => return,
    };
    let message = format!("{what}: every table that `{}` stands for is read{}", scan.table, figures.now(query));
    sink.report(subject(query), span, message).detail(format!("{} {:?}", scan.table, hindrance.why));
}

/// BigQuery refuses a `*` that stands for a view as well.
pub(in crate::rules) fn wildcard_over_view(context: &Context<'_>, sink: &mut Sink<'_>) {
    for query in context.head.queries.values() {
        for scan in scans(query).filter(|scan| scan.is_direct) {
            let Some(view) = view_of(scan, context.head) else { continue };
            let message = format!("`{}` stands for the view `{}` as well, and BigQuery refuses the query", scan.table, view.id);
            let diagnostic = sink.report(subject(query), query.map.span(scan.range.clone()), message);
            diagnostic.detail(view.id.to_string());
            if let Some(span) = view.span() {
                diagnostic.related(span, "the view");
            }
        }
    }
}

fn view_of<'a>(scan: &Scan, model: &'a Model) -> Option<&'a Table> {
    let mut parts = prefix(scan).rsplitn(3, '.');
    let (start, dataset, project) = (parts.next()?, parts.next()?, parts.next());
    model.tables.values().find(|table| {
        let TableId::Named { project: own, dataset: its, name } = &table.id else { return false };
        // A dataset of the same name in another project is another one.
        let is_here = own.as_deref().zip(project).is_none_or(|(own, project)| own == project) && **its == *dataset;
        table.kind == TableKind::View && is_here && name.starts_with(start)
    })
}
