//! Two feeds that can both take one file: who gets it depends on the loader.

use super::conflicts::{Claims, parties, report};
use crate::model::Feed;
use crate::model::naming::{DefectKind, Relation};
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let names = &context.head.names;
    let mut claims = Claims::new();
    for conflict in names.conflicts().iter().filter(|conflict| conflict.relation == Relation::Crossing) {
        if let Some((feed, other)) = parties(context, conflict) {
            claims.entry(&feed.id).or_default().push((other, conflict));
        }
    }
    report(claims, context, sink, |feed, other, conflict| {
        format!("feeds `{}` and `{}` both take a file `{}`", other.id, feed.id, conflict.name)
    });
    for doubt in names.doubts() {
        let feed = |number: usize| context.head.feeds.get(&names.feeds().get(number)?.feed);
        let (Some(open), Some(named)) = (feed(doubt.first), feed(doubt.second)) else { continue };
        let why = format!("its bucket is not known: if it is that of feed `{}`, both take a file `{}`", named.id, doubt.name);
        sink.not_checked(&subject(open), why, open.file.name.span());
    }
    let unfinished = names.feeds().iter().enumerate().filter(|(number, _)| names.is_unfinished(*number));
    let too_large = unfinished.map(|(_, feed)| (&feed.feed, "its names are too many to be compared with all others"));
    let left_out = names.left_out().iter().map(|(feed, why)| (feed, why.as_str()));
    let feeds = too_large.chain(left_out).filter_map(|(feed, why)| Some((context.head.feeds.get(feed)?, why)));
    for (feed, why) in feeds.filter(|(feed, _)| !is_broken(feed)) {
        sink.not_checked(&subject(feed), why, feed.file.name.span());
    }
}

/// Whether another rule says already what is wrong with the pattern.
fn is_broken(feed: &Feed) -> bool {
    let defects = feed.file.name.value().map(|name| name.defects.as_slice()).unwrap_or_default();
    defects.iter().any(|defect| defect.kind == DefectKind::Broken)
}
