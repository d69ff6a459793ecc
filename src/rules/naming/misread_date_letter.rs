//! `%M` where months are meant, and `%m` where minutes are.

use super::dates::{Moment, moments};
use crate::model::Feed;
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for feed in context.head.feeds.values() {
        let Some(name) = feed.file.name.spanned() else { continue };
        for moment in moments(feed, name) {
            check_moment(feed, &moment, sink);
        }
    }
}

fn check_moment(feed: &Feed, moment: &Moment<'_>, sink: &mut Sink<'_>) {
    let has = |letters: &str| moment.directives.iter().any(|directive| letters.contains(directive.letter));
    let (wrong, is_said, meant) = match moment.token {
        "date" if !has("HkIlTXRrcs") => ('M', "a minute without an hour", "`%m`, the month"),
        "time" if !has("YyGdejFDxvcs") => ('m', "a month without a day", "`%M`, the minute"),
        _ => return,
    };
    for directive in moment.directives.iter().filter(|directive| directive.letter == wrong) {
        let span = feed.file.name_place(directive.range.clone()).unwrap_or(moment.span);
        let message = format!("`%{wrong}` in the {} of feed `{}` is {is_said}", moment.token, feed.id);
        sink.report(subject(feed), span, message).help(format!("write {meant}"));
    }
}
