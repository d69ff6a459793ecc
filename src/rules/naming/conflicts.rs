//! Feeds that want the same files, for the rules that tell it: which of two is to be mended, and how it is said.

use crate::model::naming::Conflict;
use crate::model::{Feed, FeedId, Model};
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};
use std::collections::BTreeMap;

/// More feeds than these are counted and not named.
const MAX_NAMED: usize = 3;

/// What is wrong with a feed: it can take files of others.
pub(super) type Claims<'a> = BTreeMap<&'a FeedId, Vec<(&'a Feed, &'a Conflict)>>;

/// The two feeds of a conflict: the one to be mended first.
pub(super) fn parties<'a>(context: &Context<'a>, conflict: &Conflict) -> Option<(&'a Feed, &'a Feed)> {
    let names = context.head.names.feeds();
    let feed = |number: usize| context.head.feeds.get(&names.get(number)?.feed);
    let (a, b) = (feed(conflict.first)?, feed(conflict.second)?);
    let changed = context.base.map(|base| (is_changed(a, base), is_changed(b, base)));
    Some(match changed {
        Some((true, false)) => (a, b),
        Some((false, true)) => (b, a),
        _ if a.name_span > b.name_span => (a, b),
        _ => (b, a),
    })
}

/// Whether the base revision has the feed's names otherwise, or not at all.
fn is_changed(feed: &Feed, base: &Model) -> bool {
    let names = |feed: &Feed| {
        let name = feed.file.name.value().map(|name| name.text.clone());
        (name, feed.file.prefix.value().cloned(), feed.file.bucket.value().cloned())
    };
    base.feeds.get(&feed.id).is_none_or(|before| names(before) != names(feed))
}

/// Reports each feed once, with those whose files it can take. `words` says it for one of them.
pub(super) fn report(
    claims: Claims<'_>,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
    words: impl Fn(&Feed, &Feed, &Conflict) -> String,
) {
    for (feed, others) in claims {
        let (Some(feed), Some((first, conflict))) = (context.head.feeds.get(feed), others.first()) else { continue };
        let more = match others.len() - 1 {
            0 => String::new(),
            1 => ", and one more feed is concerned".to_owned(),
            count => format!(", and {count} more feeds are concerned"),
        };
        let span = feed.file.name.span().unwrap_or(feed.name_span);
        let found = sink.report(subject(feed), span, words(feed, first, conflict) + &more);
        found.detail(others.iter().map(|(other, _)| &*other.id.0).collect::<Vec<_>>().join(" "));
        for (other, conflict) in others.iter().take(MAX_NAMED) {
            let span = other.file.name.span().unwrap_or(other.name_span);
            found.related(span, format!("feed `{}` takes `{}` as well", other.id, conflict.name));
        }
    }
}
