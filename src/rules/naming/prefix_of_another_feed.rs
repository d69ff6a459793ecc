//! A prefix without a slash at its end, with which the prefix of another feed begins.

use crate::model::Feed;
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};
use crate::text::Spanned;

/// More feeds than these are not named.
const MAX_NAMED: usize = 3;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let of_feeds = context.head.feeds.values().filter_map(|feed| Some((feed, feed.file.prefix.spanned()?)));
    let mut prefixes: Vec<(Option<&String>, &Spanned<String>, &Feed)> =
        of_feeds.map(|(feed, prefix)| (feed.file.bucket.value(), prefix, feed)).collect();
    prefixes.sort_by(|a, b| (a.0, &a.1.value, &a.2.id).cmp(&(b.0, &b.1.value, &b.2.id)));
    for (at, (bucket, prefix, feed)) in prefixes.iter().enumerate() {
        if prefix.value.is_empty() || prefix.value.ends_with('/') {
            continue;
        }
        // Sorted, those that begin with it follow it.
        let following =
            prefixes.iter().skip(at + 1).take_while(|(other, text, _)| other == bucket && text.value.starts_with(&prefix.value));
        let longer: Vec<_> = following.filter(|(_, other, _)| other.value != prefix.value).take(MAX_NAMED).collect();
        let Some((_, first, other)) = longer.first() else { continue };
        let message = format!(
            "the prefix `{}` of feed `{}` also begins the prefix `{}` of feed `{}`",
            prefix.value, feed.id, first.value, other.id
        );
        let found = sink.report(subject(feed), prefix.span, message);
        for (_, prefix, other) in longer {
            found.related(prefix.span, format!("the prefix of feed `{}`", other.id));
        }
    }
}
