//! A pattern that no name fits.

use super::with_names;
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (feed, _) in with_names(context).filter(|(_, names)| names.is_unmatchable()) {
        let Some(name) = feed.file.name.spanned() else { continue };
        let message = format!("no file can be named as feed `{}` says: nothing matches `{}`", feed.id, name.value.text);
        sink.report(subject(feed), name.span, message);
    }
}
