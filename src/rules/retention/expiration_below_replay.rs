//! Deliveries of some days must be loadable again, and their files or the rows are gone before.

use crate::model::timeline::{EventKind, Lane, Timeline, When};
use crate::model::{Feed, Why};
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};
use crate::text::Spanned;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(replay) = context.config.policy.replay_days else { return };
    for feed in context.head.feeds.values() {
        let timeline = Timeline::of(context.head, feed, Some(replay));
        check_lane(feed, &timeline.files, replay, sink);
        check_lane(feed, &timeline.rows, replay, sink);
    }
}

fn check_lane(feed: &Feed, lane: &Lane, replay: Spanned<u32>, sink: &mut Sink<'_>) {
    let hidden = lane.events.iter().find_map(|event| match (&event.when, &event.kind) {
        (When::Unknown(why), EventKind::Deleted { .. } | EventKind::PartitionExpires) => Some(why),
        _ => None,
    });
    if let Some(Why { text, span, .. }) = hidden {
        return sink.not_checked(&subject(feed), text.to_string(), *span);
    }
    let Some(event) = lane.loss() else { return };
    let Some(day) = event.when.day().filter(|day| *day < f64::from(replay.value)) else { return };
    let what = if matches!(event.kind, EventKind::Deleted { .. }) { "files" } else { "rows" };
    let after = super::in_days(super::count(day));
    let asked = super::in_days(u64::from(replay.value));
    let message = format!("{what} of feed `{}` are gone after {after}, and must be loadable again for {asked}", feed.id);
    sink.report(subject(feed), event.span.unwrap_or(feed.name_span), message).detail(what).related(replay.span, "the policy");
}
