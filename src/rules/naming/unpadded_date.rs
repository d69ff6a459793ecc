//! Numbers of a date without leading zeros and without anything between them.

use super::dates::moments;
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};

/// Directives that begin or end with a digit.
const NUMBERS: &str = "YGyCmdejHkIlMSfNsUWVuwFT";

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for feed in context.head.feeds.values() {
        let Some(name) = feed.file.name.spanned() else { continue };
        for moment in moments(feed, name) {
            let number = |letter: char| NUMBERS.contains(letter);
            let mut pairs = moment.directives.iter().zip(moment.directives.iter().skip(1));
            let Some((first, _)) = pairs.find(|(first, second)| {
                let touch = first.range.end == second.range.start && number(first.letter) && number(second.letter);
                touch && (first.is_unpadded || second.is_unpadded)
            }) else {
                continue;
            };
            let span = feed.file.name_place(first.range.clone()).unwrap_or(moment.span);
            let message = format!(
                "the {} of feed `{}` can be read in two ways: its numbers have no zeros and touch",
                moment.token, feed.id
            );
            sink.report(subject(feed), span, message);
        }
    }
}
