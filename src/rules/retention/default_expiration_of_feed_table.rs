//! A dataset gives the table of a feed an end that nobody has written for it.

use super::in_days;
use crate::diagnostic::Subject;
use crate::model::facts::Item;
use crate::model::table::TableKind;
use crate::model::timeline::expiration_by_dataset;
use crate::model::{Known, Table};
use crate::rules::{Context, Sink};

const MS_PER_DAY: f64 = 86_400_000.0;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for table in context.head.tables.values().filter(|table| !table.feeds.is_empty() && table.kind == TableKind::Table) {
        check_table(context, table, sink);
    }
}

fn check_table(context: &Context<'_>, table: &Table, sink: &mut Sink<'_>) {
    let Some(dataset) = context.head.dataset_of(table) else { return };
    let deployed = table.address.as_ref().and_then(|address| context.head.deployed.get(address));
    let own = deployed.map(|deployed| deployed.expires_ms.clone()).unwrap_or_default();
    if own.value().is_some_and(|at| *at > 0.0) {
        return;
    }
    let subject: Subject = Item::Table(table).subject();
    let expiration = expiration_by_dataset(table, dataset);
    if let Some(why) = own.why().or(expiration.why()).or(table.partitioning.why()).filter(|_| !expiration.is_absent()) {
        return sink.not_checked(&subject, why.text.to_string(), why.span);
    }
    let Known::Known(n_ms) = expiration else { return };
    let after = in_days(super::count(n_ms.value / MS_PER_DAY));
    let message = format!("table `{}` is deleted {after} after it is made: dataset `{}` says so", table.id, dataset.name);
    let found = sink.report(subject, n_ms.span, message);
    if let Some(span) = table.span() {
        found.related(span, "the table");
    }
}
