//! A table with an end: the instant is long past, or takes the rows of a feed with it.

use crate::model::deployment::Deployed;
use crate::model::facts::Item;
use crate::model::timeline::day_of;
use crate::model::{Known, Table};
use crate::rules::{Context, Sink};
use crate::text::Spanned;

/// Who writes an instant further ahead means that the table stays.
const FAR_YEARS: u16 = 10;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for table in context.head.tables.values() {
        let deployed = table.address.as_ref().and_then(|address| context.head.deployed.get(address));
        match deployed.map(|deployed: &Deployed| &deployed.expires_ms) {
            Some(Known::Known(at)) if at.value > 0.0 => check_table(context, table, *at, sink),
            Some(Known::Unknown(why)) if !table.feeds.is_empty() => {
                sink.not_checked(&Item::Table(table).subject(), why.text.to_string(), why.span);
            }
            Some(_) | None => {}
        }
    }
}

fn check_table(context: &Context<'_>, table: &Table, at: Spanned<f64>, sink: &mut Sink<'_>) {
    let day = day_of(at.value);
    let (message, help) = if day < context.today {
        let message = format!("table `{}` expires in the past, on {day}", table.id);
        (message, "`expiration_time` is an instant, in milliseconds since 1970, and no period")
    } else if !table.feeds.is_empty() && day.year < context.today.year.saturating_add(FAR_YEARS) {
        let message = format!("table `{}` is deleted on {day}, with all its partitions", table.id);
        (message, "leave `expiration_time` out, and let partitions expire: `time_partitioning.expiration_ms`")
    } else {
        return;
    };
    sink.report(Item::Table(table).subject(), at.span, message).help(help);
}
