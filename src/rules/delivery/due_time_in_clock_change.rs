//! A delivery is due at a time that some day does not have, or has twice.

use crate::model::Feed;
use crate::model::delivery::{Moment, Oddity, Schedule};
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};
use crate::text::{Date, Span};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for feed in context.head.feeds.values() {
        let Ok(schedule) = Schedule::of(&feed.delivery) else { continue };
        let oddities = schedule.oddities(context.today);
        let (Some(text), Some(span)) = (in_words(&oddities), place(feed, &schedule)) else { continue };
        let zone = &schedule.zone.name;
        let found = sink.report(subject(feed), span, format!("feed `{}` is due at {text} in {zone}", feed.id));
        if let Some(span) = feed.delivery.time_zone.span() {
            found.related(span, "the zone whose clocks change");
        }
    }
}

/// ``02:30, which the clocks skip on 2027-03-28 and show twice on 2026-10-25``: the first day of each kind.
fn in_words(oddities: &[(Date, Moment)]) -> Option<String> {
    let first = |kind| oddities.iter().find(|(_, moment)| moment.oddity == Some(kind)).map(|(day, _)| day);
    let verbs = match (first(Oddity::Skipped), first(Oddity::Twice)) {
        (Some(skipped), Some(twice)) => format!("skip on {skipped} and show twice on {twice}"),
        (Some(skipped), None) => format!("skip on {skipped}"),
        (None, Some(twice)) => format!("show twice on {twice}"),
        (None, None) => return None,
    };
    oddities.first().map(|(_, moment)| format!("{}, which the clocks {verbs}", moment.time))
}

/// Where the time stands: `due`, or the cron expression.
fn place(feed: &Feed, schedule: &Schedule) -> Option<Span> {
    let due = feed.delivery.due.span().filter(|_| schedule.times.len() == 1);
    due.or(feed.delivery.cadence.span())
}
