//! Filters on the partition column that let through more days than the policy allows.

use super::figure::Figures;
use super::partitions::{self, PartitionedScan};
use super::subject;
use crate::estimate::instead::Reach;
use crate::model::Query;
use crate::rules::{Context, Sink};
use crate::sql::Scan;
use crate::text::Spanned;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(policy) = context.config.policy.query_days else { return };
    let figures = Figures::of(context);
    for query in context.head.queries.values().filter(|query| !query.is_body) {
        let is_read = |partitioned: &PartitionedScan<'_>| partitioned.reads() && !partitioned.scan.is_target;
        for partitioned in partitions::scans(query, context.head).filter(is_read) {
            check_scan(query, &partitioned, policy, figures, sink);
        }
    }
}

fn check_scan(query: &Query, partitioned: &PartitionedScan<'_>, policy: Spanned<u32>, figures: Figures<'_>, sink: &mut Sink<'_>) {
    let PartitionedScan { scan, table, .. } = partitioned;
    let own = partitioned.named().find(|predicate| predicate.is_direct && predicate.condition.is_ok());
    let span = query.map.span(own.map_or(&scan.range, |predicate| &predicate.range).clone());
    let id = &table.id;
    let what = match figures.reach(table, scan) {
        Some(Reach::Days(days)) if days > u64::from(policy.value) => format!("{days} days of `{id}` are read"),
        Some(Reach::All) => format!("`{id}` is read from its first partition on"),
        Some(Reach::Unknown) => {
            let why = "how many days are read is known when the query runs";
            return sink.not_checked(&subject(query), why, Some(span));
        }
        Some(Reach::Days(_)) | None => return,
    };
    let message = format!("{what}, and the policy allows {} days{}", policy.value, figures.now(query));
    let is_it = |other: &Scan| other.range == scan.range && other.table == scan.table;
    let after = figures.with_last_days(query, table, policy.value, is_it).map_or_else(String::new, |after| format!("; {after}"));
    let diagnostic = sink.report(subject(query), span, message);
    diagnostic.help(format!("narrow the range of `{}` to {} days, or fewer{after}", partitioned.column(), policy.value));
    diagnostic.detail(id.to_string());
    diagnostic.related(policy.span, "the policy");
}
