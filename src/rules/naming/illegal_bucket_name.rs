//! Names of buckets that Cloud Storage refuses.

use crate::model::BucketId;
use crate::model::facts::Item;
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};
use crate::text::{Files, Span};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for bucket in context.head.buckets.values() {
        let BucketId::Named(name) = &bucket.id else { continue };
        if let Some(why) = unfilled(name, context.files, bucket.span) {
            sink.not_checked(&Item::Bucket(bucket).subject(), why, Some(bucket.span));
        } else if let Some(defect) = defect(name) {
            let message = format!("Cloud Storage has no bucket `{}`: its name {defect}", name.escape_debug());
            sink.report(Item::Bucket(bucket).subject(), bucket.span, message);
        }
    }
    for feed in context.head.feeds.values().filter(|feed| context.head.bucket_of(feed).is_none()) {
        let Some(bucket) = feed.file.bucket.spanned() else { continue };
        if let Some(defect) = defect(&bucket.value) {
            let message = format!("Cloud Storage has no bucket `{}`: its name {defect}", bucket.value);
            sink.report(subject(feed), bucket.span, message);
        }
    }
}

/// Why the name is not what the bucket will be called: it holds the mark of another tool, or a part of it that is computed
/// is empty here, as a variable without a value of its own is.
fn unfilled(name: &str, files: &Files, block: Span) -> Option<&'static str> {
    if ["%%", "{{", "<"].iter().any(|mark| name.contains(mark)) {
        return Some("its name has a hole that another tool fills in");
    }
    let has_open_end = name.starts_with(['-', '_', '.']) || name.ends_with(['-', '_', '.']) || name.is_empty();
    let is_written = || files.get(block.file).text.contains(&format!("\"{name}\""));
    (has_open_end && !is_written()).then_some("a part of its name is empty in the repository")
}

fn defect(name: &str) -> Option<String> {
    let letter = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    if let Some(refused) = name.chars().find(|each| !letter(*each) && !matches!(each, '-' | '_' | '.')) {
        return Some(format!("holds `{}`", refused.escape_debug()));
    }
    let longest = name.split('.').map(str::len).max().unwrap_or(0);
    let most = if name.contains('.') { 222 } else { 63 };
    if name.len() < 3 || name.len() > most {
        return Some(format!("has {} characters, and 3 to {most} are allowed", name.len()));
    }
    if longest > 63 {
        return Some("has more than 63 characters between its dots".to_owned());
    }
    if !name.starts_with(letter) || !name.ends_with(letter) {
        return Some("neither begins nor ends with anything but a letter or a digit".to_owned());
    }
    if name.starts_with("goog") || name.contains("google") {
        return Some("speaks of Google".to_owned());
    }
    let is_address = name.split('.').count() == 4 && name.split('.').all(|part| part.parse::<u8>().is_ok());
    is_address.then(|| "is an address of the network".to_owned())
}
