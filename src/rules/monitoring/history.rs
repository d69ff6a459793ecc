//! More of the history of jobs is asked for than is kept.

use super::{reckonings, subject};
use crate::diagnostic::{Applicability, Fix};
use crate::estimate::pruning::{Decision, PartitionColumn, decide, instants};
use crate::model::Query;
use crate::model::table::PartitionKind;
use crate::rules::sql::edit;
use crate::rules::{Context, Sink};
use crate::sql::fold::calendar::{DAY, civil};
use crate::sql::reckoning::{Clause, Reckoning};
use crate::sql::{Scan, ScanKind, metadata};

/// Days for which jobs are kept.
const KEPT: i64 = 180;
/// Who asks for six months means all that there is.
const MEANT: i64 = 190;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (query, reckoning) in reckonings(context) {
        for scan in query.resolution.scans.iter().filter(|scan| scan.kind == ScanKind::InformationSchema) {
            let column = metadata::view(&scan.table).and_then(|view| view.partition_column.as_deref());
            let is_of_jobs = scan.table.starts_with("INFORMATION_SCHEMA.JOBS");
            if let Some(name) = column.filter(|_| is_of_jobs) {
                check_scan(context, query, reckoning, scan, name, sink);
            }
        }
    }
}

fn check_scan(context: &Context<'_>, query: &Query, reckoning: &Reckoning, scan: &Scan, name: &str, sink: &mut Sink<'_>) {
    let column = PartitionColumn { name: Some(name), kind: PartitionKind::Day, is_date: false, interval: None };
    let decision = decide(scan, &column, context.today);
    let [today, _] = instants(context.today);
    let Some((from, to)) = bounds(&decision).filter(|_| decision.is_sure && decision.is_filtered) else { return };
    let message = if to <= today - MEANT * DAY {
        format!("jobs are kept for {KEPT} days, and those up to {} are asked for: there are none", day(to))
    } else if from < today - MEANT * DAY {
        format!(
            "jobs are kept for {KEPT} days, and those since {} are asked for: the whole history is read, and what is missing is not said",
            day(from)
        )
    } else {
        return;
    };
    let predicates = || scan.predicates.iter().filter(|predicate| column.is(&predicate.column));
    let Some(first) = predicates().next() else { return };
    let diagnostic = sink.report(subject(query), query.map.span(first.range.clone()), message);
    diagnostic.help(format!(
        "ask for the days that are meant, as in `{name} >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 30 DAY)`; a scheduled query can copy the jobs of each day to a table that keeps them"
    ));
    diagnostic.detail(scan.table.clone());
    if to == i64::MAX && predicates().count() == 1 {
        let fix = recent(query, reckoning, scan, name, first.range.clone());
        fix.into_iter().for_each(|fix| _ = diagnostic.fix(fix));
    }
}

fn bounds(decision: &Decision) -> Option<(i64, i64)> {
    let [kept, _] = &decision.kept;
    let (first, last) = (kept.parts().first()?, kept.parts().last()?);
    (first.0 != i64::MIN).then_some((first.0, last.1))
}

fn recent(query: &Query, reckoning: &Reckoning, scan: &Scan, name: &str, range: std::ops::Range<usize>) -> Option<Fix> {
    let source = reckoning.sources.iter().find(|source| source.range == scan.range)?;
    let Some(Clause::Where { condition, .. }) = &source.clause else { return None };
    let is_here = condition.start <= range.start && range.end <= condition.end;
    let text = format!("{name} >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 30 DAY)");
    edit::replace(query, range, &text, "ask for 30 days", Applicability::Unsafe).filter(|_| is_here)
}

fn day(micros: i64) -> String {
    let (year, month, day) = civil(micros.div_euclid(DAY));
    format!("{year:04}-{month:02}-{day:02}")
}
