//! Rules on how tables are laid out, and on how they are protected.

pub(super) mod dataset_in_another_location;
pub(super) mod too_many_partitions;

use crate::config::OptionValue;
use crate::diagnostic::{Subject, SubjectKind};
use crate::estimate::amount::bytes;
use crate::estimate::growth::bytes_after_a_year;
use crate::model::facts::Item;
use crate::model::table::TableKind;
use crate::model::{Known, Table};
use crate::rules::{Context, Sink};

const GIB: u64 = 1 << 30;

fn subject(table: &Table) -> Subject {
    Item::Table(table).subject()
}

/// The tables that feeds are loaded into.
fn of_feeds<'a>(context: &'a Context<'_>) -> impl Iterator<Item = &'a Table> {
    context.head.tables.values().filter(|table| table.kind == TableKind::Table && !table.feeds.is_empty())
}

/// Its size after a year, where that is more than the option `gib` of the rule.
fn large(table: &Table, context: &Context<'_>, sink: &Sink<'_>) -> Option<u64> {
    let limit = match sink.option("gib") {
        Some(OptionValue::Int(gib)) => u64::try_from(*gib).unwrap_or(0).saturating_mul(GIB),
        _ => 0,
    };
    bytes_after_a_year(table, context.head).filter(|bytes| *bytes > limit)
}

/// A table that grows large is partitioned.
pub(super) fn unpartitioned_feed_table(context: &Context<'_>, sink: &mut Sink<'_>) {
    for table in of_feeds(context) {
        if let Some(why) = table.partitioning.why() {
            sink.not_checked(&subject(table), why.text.to_string(), why.span);
        }
        let Some(size) = large(table, context, sink).filter(|_| table.partitioning.is_absent()) else { continue };
        let Some(span) = table.span() else { continue };
        let message = format!("table `{}` is not partitioned, and holds about {} after a year", table.id, bytes(size));
        sink.report(subject(table), span, message);
    }
}

/// A large table that is partitioned refuses queries that read all of it.
pub(super) fn optional_partition_filter(context: &Context<'_>, sink: &mut Sink<'_>) {
    for table in of_feeds(context).filter(|table| table.partitioning.value().is_some()) {
        if let Some(why) = table.require_partition_filter.why() {
            sink.not_checked(&subject(table), why.text.to_string(), why.span);
            continue;
        }
        let is_asked = table.require_partition_filter.value() == Some(&true);
        let Some(size) = large(table, context, sink).filter(|_| !is_asked) else { continue };
        let place = table.require_partition_filter.span().or(table.partitioning.span()).or(table.span());
        let Some(span) = place else { continue };
        let message = format!(
            "table `{}` answers queries without a filter on its partitions, which read about {} after a year",
            table.id,
            bytes(size)
        );
        sink.report(subject(table), span, message);
    }
}

/// The provider refuses to destroy a table, unless it is told not to.
pub(super) fn unprotected_feed_table(context: &Context<'_>, sink: &mut Sink<'_>) {
    for table in of_feeds(context) {
        let Some(deployed) = table.address.as_ref().and_then(|address| context.head.deployed.get(address)) else { continue };
        match &deployed.protected {
            Known::Unknown(why) => sink.not_checked(&subject(table), why.text.to_string(), why.span),
            Known::Known(protected) if !protected.value && deployed.prevents_destroy.value() != Some(&true) => {
                let message = format!("table `{}` holds what feeds delivered, and Terraform may destroy it", table.id);
                sink.report(subject(table), protected.span, message);
            }
            Known::Known(_) | Known::Absent => {}
        }
    }
}

/// A view says which SQL it is written in.
pub(super) fn legacy_sql_by_default(context: &Context<'_>, sink: &mut Sink<'_>) {
    for view in &context.head.legacy {
        let message = format!("view `{}` does not say `use_legacy_sql = false`: BigQuery takes it for legacy SQL", view.shown);
        let subject = Subject::new(SubjectKind::Table, view.shown.clone());
        sink.report(subject, view.span, message).detail(view.address.clone());
    }
}

/// A table itself says whether it demands a filter on its partitions.
pub(super) fn deprecated_partition_filter(context: &Context<'_>, sink: &mut Sink<'_>) {
    for filter in &context.head.old_filters {
        let and = if filter.is_doubled { ", and in the table as well, which the provider refuses" } else { "" };
        let attribute = "`require_partition_filter`";
        let message = format!("{attribute} of `{}` stands in the deprecated place{and}", filter.shown);
        let subject = Subject::new(SubjectKind::Table, filter.shown.clone());
        sink.report(subject, filter.span, message).detail(filter.address.clone());
    }
}
