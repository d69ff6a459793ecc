//! A pattern that every name fits.

use super::with_names;
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (feed, _) in with_names(context).filter(|(_, names)| names.is_catch_all()) {
        let Some(name) = feed.file.name.spanned() else { continue };
        let place = match (feed.file.prefix.value(), feed.file.bucket.value()) {
            (Some(prefix), _) => format!("below `{prefix}`"),
            (None, Some(bucket)) => format!("in `{bucket}`"),
            (None, None) => "in its bucket".to_owned(),
        };
        sink.report(subject(feed), name.span, format!("feed `{}` takes every file {place}, whatever its name", feed.id));
    }
}
