//! A regular expression that a loader may find in the middle of other names.

use super::with_names;
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::model::Feed;
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (feed, names) in with_names(context) {
        let (Some(name), Some(longer)) = (feed.file.name.spanned(), names.name_around()) else { continue };
        let message = format!("a search for the pattern of feed `{}` finds `{longer}` as well", feed.id);
        let fix = anchored(feed, &name.value.text);
        let found = sink.report(subject(feed), name.span, message);
        fix.into_iter().for_each(|fix| _ = found.fix(fix));
    }
}

/// The anchors that are missing, where they can be written beside the pattern.
fn anchored(feed: &Feed, text: &str) -> Option<Fix> {
    let (open, close) = if text.contains('|') { ("^(?:", ")$") } else { ("^", "$") };
    let (start, end) = (feed.file.name_place(0..0)?, feed.file.name_place(text.len()..text.len())?);
    let mut edits = Vec::new();
    if !text.starts_with('^') || open.len() > 1 {
        edits.push(Edit { span: start, text: open.to_owned() });
    }
    if !text.ends_with('$') || close.len() > 1 {
        edits.push(Edit { span: end, text: close.to_owned() });
    }
    Some(Fix { title: "anchor the pattern".to_owned(), applicability: Applicability::Safe, edits, new_files: Vec::new() })
}
