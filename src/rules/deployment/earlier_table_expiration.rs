//! A table that is deleted on a day, or on an earlier one than before.

use super::{same_text, subject};
use crate::model::deployment::{Deployed, Successor};
use crate::model::{Known, Table};
use crate::rules::{Context, Sink};
use crate::text::Date;

const MS_PER_DAY: f64 = 86_400_000.0;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (table, was, successor) in super::tables(context) {
        let Successor::Is(is) = successor else { continue };
        if !is.ignored.covers("expiration_time") {
            judge(context, sink, table, was, is);
        }
    }
}

fn judge(context: &Context<'_>, sink: &mut Sink<'_>, table: &Table, was: &Deployed, is: &Deployed) {
    let (before, after) = (&was.expires_ms, &is.expires_ms);
    if let Some(why) = after.why().or(before.why()) {
        if !after.is_absent() && !same_text(context, before.span(), after.span()) {
            sink.not_checked(&subject(table), format!("when it expires is not known: {}", why.text), after.span());
        }
        return;
    }
    // The provider leaves the day as it is where nothing is said any more.
    let Known::Known(after) = after else { return };
    if before.value().is_some_and(|before| *before <= after.value) {
        return;
    }
    let day = day(after.value);
    let when = if day <= context.today { "at once".to_owned() } else { format!("on {day}") };
    let was_to =
        before.value().map_or("it was kept for good".to_owned(), |before| format!("it was kept until {}", self::day(*before)));
    let message = format!("table `{}` is deleted with its data {when}: {was_to}", table.id);
    let found = sink.report(subject(table), after.span, message);
    found.related(before.span().unwrap_or(was.span), "as it was");
}

#[expect(clippy::cast_possible_truncation, reason = "`as` saturates, which is what is wanted here")]
fn day(ms: f64) -> Date {
    Date::from_days_since_epoch((ms / MS_PER_DAY).clamp(-700_000.0, 20_000_000.0) as i64)
}
