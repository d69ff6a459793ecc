//! Two deliveries of a feed have the same name, and the bucket refuses to overwrite the first.

use crate::model::{Feed, Model};
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};
use crate::text::Span;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for feed in context.head.feeds.values() {
        let Some(name) = feed.file.name.spanned() else { continue };
        let Some((retention, what)) = retention(feed, context.head) else { continue };
        let cadence = feed.delivery.cadence.spanned();
        match name.value.unique_per_delivery(cadence.map(|cadence| &cadence.value)) {
            Some(true) => {}
            Some(false) => {
                let often = cadence.map_or(String::new(), |cadence| format!(" ({})", cadence.value.text));
                let message = format!("deliveries of feed `{}`{often} come under the same name `{}`", feed.id, name.value.text);
                sink.report(subject(feed), name.span, message).related(retention, what);
            }
            None if name.value.is_readable() => {
                sink.not_checked(&subject(feed), "the cadence of the feed is not known", Some(name.span));
            }
            None => {}
        }
    }
}

/// What keeps the bucket from overwriting: its own retention, or the one that the feed demands.
fn retention(feed: &Feed, model: &Model) -> Option<(Span, &'static str)> {
    let bucket = model.bucket_of(feed).and_then(|bucket| bucket.retention_seconds.span());
    let of_bucket = bucket.map(|span| (span, "the bucket's retention refuses to overwrite"));
    of_bucket.or_else(|| feed.retention_days.span().map(|span| (span, "the files must be kept, so they cannot be overwritten")))
}
