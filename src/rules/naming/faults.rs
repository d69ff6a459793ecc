//! What Cloud Storage says against the names of a feed's files, for the two rules that tell it.

use crate::model::Feed;
use crate::model::naming::{FaultKind, character_faults};
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};

pub(super) fn report(context: &Context<'_>, sink: &mut Sink<'_>, kind: FaultKind) {
    for feed in context.head.feeds.values() {
        of_prefix(feed, sink, kind);
        let Some(name) = feed.file.name.spanned() else { continue };
        let prefix = feed.file.prefix.value().map(String::as_str);
        for fault in name.value.faults(prefix).into_iter().filter(|fault| fault.kind == kind) {
            let span = feed.file.name_place(fault.range.clone()).unwrap_or(name.span);
            let message = format!("the file name of feed `{}`: {}", feed.id, fault.message);
            sink.report(subject(feed), span, message).detail(fault.message);
        }
    }
}

/// Every name begins with the folder.
fn of_prefix(feed: &Feed, sink: &mut Sink<'_>, kind: FaultKind) {
    let Some(prefix) = feed.file.prefix.spanned() else { return };
    if let Some((_, fault)) = character_faults(&prefix.value).find(|(_, fault)| fault.kind == kind) {
        let message = format!("the prefix of feed `{}`: {}", feed.id, fault.message);
        sink.report(subject(feed), prefix.span, message).detail(format!("prefix {}", fault.message));
    }
}
