//! Partitions that are older than a new expiration are deleted as soon as it is set.

use super::{same_text, subject};
use crate::model::table::{DefinitionSource, PartitionKind, Partitioning};
use crate::model::{Feed, Known, Table};
use crate::rules::{Context, Sink};
use crate::text::{Spanned, grouped};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(base) = context.base else { return };
    for (was, is) in
        context.pairs.tables.iter().filter_map(|(was, is)| Some((base.tables.get(was)?, context.head.tables.get(is)?)))
    {
        let is_only_known =
            |table: &Table| table.definitions.first().is_none_or(|first| first.source == DefinitionSource::Statistics);
        if is_only_known(was) || is_only_known(is) {
            continue;
        }
        if let (Known::Known(before), Known::Known(after)) = (&was.partitioning, &is.partitioning) {
            judge(context, sink, is, before, after);
        }
    }
}

fn judge(context: &Context<'_>, sink: &mut Sink<'_>, table: &Table, base: &Spanned<Partitioning>, head: &Spanned<Partitioning>) {
    let (before, after) = (&base.value.expiration_days, &head.value.expiration_days);
    if let Some(why) = before.why().or(after.why()) {
        if !after.is_absent() && !same_text(context, before.span(), after.span()) {
            let why = format!("the expiration of its partitions is not known: {}", why.text);
            sink.not_checked(&subject(table), why, after.span());
        }
        return;
    }
    let Some(Spanned { value: days, span }) = after.spanned().copied() else { return };
    let before = before.value().copied();
    if before.is_some_and(|before| before <= days) || base.value.kind == PartitionKind::IntegerRange {
        return;
    }
    let feed = table.feeds.iter().find_map(|id| context.head.feeds.get(id));
    let lost = lost(table, feed, &head.value, before, days);
    let was = before.map_or_else(|| "never expired".to_owned(), |before| format!("were kept {}", in_days(before)));
    let message =
        format!("partitions of table `{}` that are older than {} are deleted at once{lost}: they {was}", table.id, in_days(days));
    let place = base.value.expiration_days.span().unwrap_or(base.span);
    sink.report(subject(table), span, message).related(place, "as it was");
}

/// How much that is, as far as anything says: the partitions between the two ages, and the rows that a feed declares.
fn lost(table: &Table, feed: Option<&Feed>, head: &Partitioning, before: Option<f64>, days: f64) -> String {
    let Some(before) = before else { return String::new() };
    let a_day = match head.kind {
        PartitionKind::Hour => 24.0,
        PartitionKind::Day => 1.0,
        PartitionKind::Month => 12.0 / 365.25,
        PartitionKind::Year => 1.0 / 365.25,
        PartitionKind::IntegerRange | PartitionKind::Unknown => return String::new(),
    };
    let n_partitions = count((before - days) * a_day);
    let rows = feed.and_then(|feed| Some((feed.rows_kept_over(Some(before))?, feed.rows_kept_over(Some(days))?)));
    let rows = rows.map(|(before, after)| before.saturating_sub(after)).filter(|rows| *rows > 0);
    let of_rows = rows.map_or_else(String::new, |rows| format!(", {} rows", grouped(rows)));
    let share =
        table.statistics.as_ref().and_then(|statistics| statistics.bytes).map(|bytes| bytes as f64 * (before - days) / before);
    let of_bytes = share.map_or_else(String::new, |bytes| format!(", about {} MB of what is there", grouped(count(bytes / 1e6))));
    format!(" (up to {} partitions{of_rows}{of_bytes})", grouped(n_partitions))
}

/// Whole things, at least one.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates, which is what is wanted here")]
fn count(number: f64) -> u64 {
    number.ceil().max(1.0) as u64
}

fn in_days(days: f64) -> String {
    let days = (days * 100.0).round() / 100.0;
    format!("{days} day{}", if days == 1.0 { "" } else { "s" })
}
