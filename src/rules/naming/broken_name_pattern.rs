//! A file-name pattern that cannot be read: neither we nor the loader can tell which files are the feed's.

use crate::model::Feed;
use crate::model::naming::{DefectKind, NamePattern};
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for feed in context.head.feeds.values() {
        of_prefix(feed, sink);
        let Some(name) = feed.file.name.spanned() else { continue };
        for defect in &name.value.defects {
            let span = feed.file.name_place(defect.range.clone()).unwrap_or(name.span);
            match defect.kind {
                DefectKind::NotCheckable => sink.not_checked(&subject(feed), defect.message.clone(), Some(span)),
                DefectKind::Broken => {
                    let message = format!("the file name of feed `{}` cannot be read: {}", feed.id, defect.message);
                    let diagnostic = sink.report(subject(feed), span, message);
                    diagnostic.detail(defect.message.clone());
                    if let Some(help) = &defect.help {
                        diagnostic.help(help.clone());
                    }
                }
            }
        }
    }
}

/// The prefix is a template as well: `trades/dt={date}/`.
fn of_prefix(feed: &Feed, sink: &mut Sink<'_>) {
    let Some(prefix) = feed.file.prefix.spanned() else { return };
    for defect in NamePattern::template(&prefix.value).defects {
        let message = format!("the prefix of feed `{}` cannot be read: {}", feed.id, defect.message);
        let found = sink.report(subject(feed), prefix.span, message);
        found.detail(format!("prefix {}", defect.message));
        defect.help.into_iter().for_each(|help| _ = found.help(help));
    }
}
