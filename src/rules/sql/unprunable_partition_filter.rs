//! A filter on the partition column, of a form that leaves out no partition: every partition is read, and billed.

use super::figure::Figures;
use super::partitions::{self, PartitionedScan, gap};
use super::{OF_OPEN_FORM, rewrite, subject};
use crate::model::Query;
use crate::rules::{Context, Sink};
use crate::sql::condition::{Hindrance, Obstacle};
use crate::sql::{Predicate, Scan};
use std::collections::{BTreeMap, BTreeSet};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let figures = Figures::of(context);
    for query in context.head.queries.values().filter(|query| !query.is_body) {
        let scans = partitions::scans(query, context.head).filter(|scan| !scan.is_pruned() && scan.reads());
        // One filter may be that of several tables, as over a union of them.
        let mut by_place: BTreeMap<(usize, usize), Vec<PartitionedScan<'_>>> = BTreeMap::new();
        for scan in scans {
            if let Some(open) = scan.named().find(|predicate| predicate.is_open()) {
                sink.not_checked(&subject(query), OF_OPEN_FORM, Some(query.map.span(open.range.clone())));
                continue;
            }
            let place = hindered(&scan).map(|(_, hindrance)| (hindrance.range.start, hindrance.range.end)).next();
            by_place.extend(place.filter(|place| !by_place.contains_key(place)).map(|place| (place, Vec::new())));
            if let Some(scans) = place.and_then(|place| by_place.get_mut(&place)) {
                scans.push(scan);
            }
        }
        for scans in by_place.values() {
            check_filter(query, scans, context, figures, sink);
        }
    }
}

fn check_filter(query: &Query, scans: &[PartitionedScan<'_>], context: &Context<'_>, figures: Figures<'_>, sink: &mut Sink<'_>) {
    let Some(first) = scans.first() else { return };
    let Some((predicate, hindrance)) = hindered(first).next() else { return };
    let place = Some(query.map.span(predicate.range.clone()));
    if hindered(first).any(|(_, hindrance)| hindrance.is_hole) {
        return sink.not_checked(&subject(query), "a template fills in a part of the filter", place);
    }
    if let Some(gap) = gap(query, first.scan) {
        return sink.not_checked(&subject(query), gap.message.clone(), Some(query.map.span(gap.range.clone())));
    }
    let message = format!("{}: every partition is read{}", what(scans, first, hindrance), figures.now(query));
    let is_it = |scan: &Scan| scans.iter().any(|one| one.scan.range == scan.range && one.scan.table == scan.table);
    let after = figures.with_one_partition(query, first.table, is_it);
    let after = after.map_or_else(String::new, |after| format!("; {after}"));
    let diagnostic = sink.report(subject(query), query.map.span(hindrance.range.clone()), message);
    diagnostic.help(format!("{}{after}", remedy(first, hindrance)));
    diagnostic.detail(format!("{} {:?}", first.table.id, hindrance.why));
    // All tables that a view reads are read where it is named.
    let mut places = BTreeSet::new();
    for one in scans.iter().filter(|one| places.insert((one.scan.range.start, one.scan.range.end))) {
        diagnostic.related(query.map.span(one.scan.range.clone()), format!("reads `{}`", one.table.id));
    }
    if let Some(span) = first.table.partitioning.span() {
        diagnostic.related(span, "the partitioning");
    }
    if let Some(fix) = rewrite::fix(query, first, hindrance, context.files) {
        diagnostic.fix(fix);
    }
}

/// The conditions of this text on the partition column that certainly leave out nothing, and are meant to.
fn hindered<'a>(partitioned: &'a PartitionedScan<'_>) -> impl Iterator<Item = (&'a Predicate, &'a Hindrance)> {
    let own = partitioned.named().filter(|predicate| predicate.is_direct);
    own.filter_map(|predicate| {
        let hindrance = predicate.condition.as_ref().err()?;
        let is_meant = match hindrance.why {
            Obstacle::Subquery | Obstacle::Or | Obstacle::Function(_) => true,
            // A column of another table may leave out partitions while the query runs.
            Obstacle::OtherColumn => partitioned.is_mixed(predicate),
            Obstacle::Form => false,
        };
        (is_meant && (hindrance.is_certain || hindrance.is_hole)).then_some((predicate, hindrance))
    })
}

fn what(scans: &[PartitionedScan<'_>], first: &PartitionedScan<'_>, hindrance: &Hindrance) -> String {
    let (column, id) = (first.column(), &first.table.id);
    let id = match scans.iter().filter(|one| one.table.id != *id).map(|one| &one.table.id).collect::<BTreeSet<_>>().len() {
        0 => format!("`{id}`"),
        more => format!("`{id}` and {more} more"),
    };
    match &hindrance.why {
        Obstacle::Subquery => {
            format!("what this subquery gives is known too late for the filter on `{column}` to leave out partitions of {id}")
        }
        Obstacle::Or => format!("this side of `OR` lets rows of any `{column}` of {id} through"),
        Obstacle::OtherColumn => format!("`{column}`, which partitions {id}, is compared with another column of it"),
        Obstacle::Function(name) => {
            format!("partitions of {id} are not chosen through `{name}`, which hides the partition column `{column}`")
        }
        Obstacle::Form => format!("this filter on `{column}` leaves out no partition of {id}"),
    }
}

fn remedy(partitioned: &PartitionedScan<'_>, hindrance: &Hindrance) -> String {
    let column = partitioned.column();
    match &hindrance.why {
        Obstacle::Subquery => format!(
            "read the value into a variable first (`DECLARE`, or `SET` before the query) or pass it as a parameter, and compare `{column}` with that"
        ),
        Obstacle::Or => format!("give each side of the `OR` a condition on `{column}`, or read the sides apart with `UNION ALL`"),
        Obstacle::OtherColumn => format!("add a condition that compares `{column}` with a constant"),
        Obstacle::Function(name) if matches!(name.as_str(), "+" | "-") || partitioned.is_by_integer() => {
            format!("leave `{column}` alone on its side, and move the arithmetic to the constant")
        }
        Obstacle::Function(name) if name.starts_with("EXTRACT") => {
            format!("write the range of `{column}` that is meant, as in `{column} >= '2026-03-01' AND {column} < '2026-04-01'`")
        }
        Obstacle::Function(_) | Obstacle::Form => {
            format!("compare `{column}` itself with a constant of its own type")
        }
    }
}
