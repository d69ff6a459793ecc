//! The files of one delivery come together, and each load of one is an update of the same table.

use crate::model::Feed;
use crate::model::quota::{Quota, of_table};
use crate::model::table::TableKind;
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};
use crate::text::grouped;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for feed in context.head.feeds.values() {
        let Some(files) = feed.delivery.files.spanned().filter(|_| !feed.table.loads_deliveries()) else { continue };
        let Some(table) = context.head.table_of(feed).filter(|table| table.kind == TableKind::Table) else { continue };
        let Some(quota) = of_table(table) else {
            let why = table.partitioning.why().map(|why| why.text.to_string()).unwrap_or_default();
            sink.not_checked(&subject(feed), why, table.partitioning.span());
            continue;
        };
        if let Some(message) = burst(feed, files.value, quota) {
            let message = format!("{message} `{}`; BigQuery allows {} in ten seconds", table.id, in_ten_seconds(quota));
            sink.report(subject(feed), files.span, message);
        }
    }
}

/// Updates of one table, or of its partitions, in ten seconds.
fn in_ten_seconds(quota: Quota) -> u64 {
    match quota {
        Quota::Table => 5,
        Quota::IngestionPartitions | Quota::ColumnPartitions | Quota::Project => 50,
    }
}

fn burst(feed: &Feed, files: u64, quota: Quota) -> Option<String> {
    let files = Some(files).filter(|files| *files > in_ten_seconds(quota)).map(grouped)?;
    Some(format!("the {files} files of a delivery of feed `{}` come together, each an update of table", feed.id))
}
