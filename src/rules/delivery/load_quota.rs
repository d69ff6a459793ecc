//! Feeds that together load more often than BigQuery allows, for the two rules that say it: of a table, of a project.

use crate::diagnostic::Subject;
use crate::model::facts::Item;
use crate::model::quota::{Quota, Scope, Usage, loads, of_table, usages};
use crate::model::{Feed, FeedId};
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};
use crate::text::{Span, grouped};

/// Feeds that a finding shows, the busiest first.
const MAX_SHOWN: usize = 5;

pub(in crate::rules) fn table(context: &Context<'_>, sink: &mut Sink<'_>) {
    for feed in context.head.feeds.values() {
        let Some(table) = context.head.table_of(feed).filter(|table| of_table(table).is_none()) else { continue };
        if let Some(why) = table.partitioning.why() {
            sink.not_checked(&Item::Table(table).subject(), why.text.to_string(), why.span);
        }
    }
    report(context, sink, |scope| matches!(scope, Scope::Table(_)));
}

pub(in crate::rules) fn project(context: &Context<'_>, sink: &mut Sink<'_>) {
    report(context, sink, |scope| matches!(scope, Scope::Project(_)));
}

fn report(context: &Context<'_>, sink: &mut Sink<'_>, is_own: impl Fn(&Scope) -> bool) {
    let project = context.config.project.as_ref().map(|project| project.value.as_str());
    let over = |usage: &Usage| is_own(&usage.scope) && usage.used > usage.quota.limit();
    for usage in usages(context.head, project).iter().filter(|usage| over(usage)) {
        let shown: Vec<&Feed> = usage.feeds.iter().filter_map(|(id, _)| context.head.feeds.get(id)).take(MAX_SHOWN).collect();
        let Some(busiest) = shown.first() else { continue };
        let (used, limit) = (grouped(usage.used), grouped(usage.quota.limit()));
        let message = format!("{} takes {used} loads a day from {}; BigQuery allows {limit}", usage.scope, of(&usage.feeds));
        let found = sink.report(about(context, usage, busiest), place(busiest), message);
        found.help(help(usage.quota)).detail(usage.scope.to_string());
        for feed in shown {
            found.related(feed.name_span, in_words(feed));
        }
    }
}

/// ``feed `ticks` ``, `3 feeds`.
fn of(feeds: &[(FeedId, u64)]) -> String {
    match feeds {
        [(only, _)] => format!("feed `{only}`"),
        feeds => format!("{} feeds", grouped(feeds.len() as u64)),
    }
}

/// The table, or for a project the feed that takes most of it.
fn about(context: &Context<'_>, usage: &Usage, busiest: &Feed) -> Subject {
    match &usage.scope {
        Scope::Table(id) => context.head.tables.get(id).map(|table| Item::Table(table).subject()),
        Scope::Project(_) => None,
    }
    .unwrap_or_else(|| subject(busiest))
}

fn place(feed: &Feed) -> Span {
    feed.delivery.cadence.span().unwrap_or(feed.name_span)
}

/// ``feed `ticks`: 1,440 deliveries a day, 2 loads each``.
fn in_words(feed: &Feed) -> String {
    let (per_day, jobs) = loads(feed).unwrap_or((0, 0));
    let deliveries = if per_day == 1 { "delivery" } else { "deliveries" };
    let loads = if jobs == 1 { "load" } else { "loads" };
    format!("feed `{}`: {} {deliveries} a day, {} {loads} each", feed.id, grouped(per_day), grouped(jobs))
}

fn help(quota: Quota) -> &'static str {
    match quota {
        Quota::Table | Quota::IngestionPartitions => {
            "load a delivery with one job (`table.load_job: delivery`), collect deliveries, or partition the table by a column, which allows 30,000 a day"
        }
        Quota::ColumnPartitions => {
            "load a delivery with one job (`table.load_job: delivery`), or collect deliveries and load them together"
        }
        Quota::Project => {
            "load a delivery with one job (`table.load_job: delivery`), collect deliveries, or ask Google to raise the quota of the project"
        }
    }
}
