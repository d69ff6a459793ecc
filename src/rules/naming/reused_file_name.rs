//! Two files of a feed have the same name, and the bucket refuses to overwrite the first.

use crate::model::naming::{NameKind, NamePart, NamePattern};
use crate::model::{Feed, Known, Model};
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};
use crate::text::{Span, Spanned};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for feed in context.head.feeds.values() {
        let Some(name) = feed.file.name.spanned() else { continue };
        let Some((retention, what)) = retention(feed, context.head) else { continue };
        match context.head.bucket_of(feed).map(|bucket| &bucket.versioning) {
            // The file that is overwritten stays as a version.
            Some(Known::Known(versioning)) if versioning.value => continue,
            Some(Known::Unknown(why)) => sink.not_checked(&subject(feed), why.text.to_string(), why.span),
            Some(Known::Known(_) | Known::Absent) | None => {
                if let Some(message) = reuse(feed, name, sink) {
                    sink.report(subject(feed), name.span, message).related(retention, what);
                }
            }
        }
    }
}

/// How a name comes a second time; `None` where none does, or where that cannot be told.
fn reuse(feed: &Feed, name: &Spanned<NamePattern>, sink: &mut Sink<'_>) -> Option<String> {
    let cadence = feed.delivery.cadence.spanned();
    match name.value.unique_per_delivery(cadence.map(|cadence| &cadence.value)) {
        Some(false) => {
            let often = cadence.map_or(String::new(), |cadence| format!(" ({})", cadence.value.text));
            Some(format!("deliveries of feed `{}`{often} come under the same name `{}`", feed.id, name.value.text))
        }
        Some(true) => {
            let files = *feed.delivery.files.value().filter(|files| **files > 1 && is_one_name(&name.value))?;
            Some(format!(
                "the {files} files of one delivery of feed `{}` come under the same name `{}`",
                feed.id, name.value.text
            ))
        }
        None => {
            if name.value.is_readable() {
                sink.not_checked(&subject(feed), "the cadence of the feed is not known", Some(name.span));
            }
            None
        }
    }
}

/// Whether the files of one delivery cannot have different names. A time of day may tell them apart.
fn is_one_name(name: &NamePattern) -> bool {
    let has_time = name.parts.iter().any(|part| match part {
        NamePart::Literal { .. } => false,
        NamePart::Token { name, format, .. } => name == "time" || format.as_deref().is_some_and(|format| format.contains("%M")),
    });
    name.kind == NameKind::Template && !has_time && name.unique_per_file() == Some(false)
}

/// What keeps the bucket from overwriting: its own retention, or the one that the feed demands.
fn retention(feed: &Feed, model: &Model) -> Option<(Span, &'static str)> {
    let bucket = model.bucket_of(feed).and_then(|bucket| bucket.retention_seconds.span());
    let of_bucket = bucket.map(|span| (span, "the bucket's retention refuses to overwrite"));
    of_bucket.or_else(|| feed.retention_days.span().map(|span| (span, "the files must be kept, so they cannot be overwritten")))
}
