//! Rules on the sample files of feeds. Each sample is checked once, for all of them.

pub(super) mod invalid_sample_record;
pub(super) mod sample_not_newline_delimited;
pub(super) mod unloadable_sample_record;

use super::{Context, Sink};
use crate::model::facts::Item;
use crate::model::naming::DeliveredName;
use crate::model::schema::Target;
use crate::model::{Feed, FeedId, TableId};
use crate::record::{Check, Finding, Tally, content_of};
use crate::text::{FileId, Files, Span};
use rayon::prelude::*;
use std::sync::OnceLock;

/// What was found in the samples, filled before the rules run beside each other.
#[derive(Default)]
pub struct Samples(OnceLock<Vec<Sample>>);

/// One sample of one feed.
struct Sample {
    feed: FeedId,
    file: FileId,
    /// Where the feed names it.
    reference: Span,
    tally: Tally,
    /// What was not checked, and why.
    left_out: Vec<String>,
}

/// Of a sample with one record a line, this much is looked at: less than is read of any.
const MAX_SAMPLE_BYTES: usize = 960 << 10;

/// So many findings of one sample are reported by each rule.
const MAX_FINDINGS: usize = 20;

/// Checks the samples. It works on all cores, so no rule may be the first to ask: a core that waits for a part of it may take
/// up another rule meanwhile, which would wait for the whole.
pub(super) fn fill(context: &Context<'_>) {
    context.samples.0.get_or_init(|| check_all(context));
}

/// Reports what the samples break of one part of the agreement.
fn report(context: &Context<'_>, sink: &mut Sink<'_>, checks: &[Check]) {
    for sample in context.samples.0.get().into_iter().flatten() {
        let Some(feed) = context.head.feeds.get(&sample.feed) else { continue };
        let findings = sample.tally.findings().into_iter().filter(|finding| checks.contains(&finding.check));
        for finding in findings.take(MAX_FINDINGS) {
            report_one(context.files, feed, sample, finding, sink);
        }
        for what in &sample.left_out {
            sink.not_checked(&Item::Feed(feed).subject(), what.clone(), Some(sample.reference));
        }
    }
}

fn report_one(files: &Files, feed: &Feed, sample: &Sample, finding: &Finding, sink: &mut Sink<'_>) {
    let more = if finding.count > 1 { format!(" (and {} more like it)", finding.count - 1) } else { String::new() };
    let span = span(files, sample.file, finding);
    let path = &files.get(sample.file).path;
    let diagnostic = sink.report(Item::Feed(feed).subject(), span, format!("{}{more}", finding.message));
    if let Some(help) = &finding.help {
        diagnostic.help(help.clone());
    }
    diagnostic.related(sample.reference, format!("feed `{}` names this sample", feed.id));
    diagnostic.detail(format!("{path} {} {} {}", finding.check.name(), finding.code, finding.place.path));
}

fn span(files: &Files, file: FileId, finding: &Finding) -> Span {
    let length = files.get(file).text.len();
    let at = |offset: u64| usize::try_from(offset).unwrap_or(length).min(length);
    Span::new(file, at(finding.place.offset)..at(finding.place.offset + finding.place.n_bytes))
}

fn check_all(context: &Context<'_>) -> Vec<Sample> {
    let feeds: Vec<&Feed> = context.head.feeds.values().filter(|feed| !feed.file.samples.is_empty()).collect();
    feeds.par_iter().flat_map_iter(|feed| check_feed(context, feed)).collect()
}

fn check_feed(context: &Context<'_>, feed: &Feed) -> Vec<Sample> {
    let is_any_layout = feed.file.format.value().is_some_and(|format| format == "json");
    let of_all = content_of(feed, None, context.head, context.files);
    let check = |(file, reference): (FileId, Span)| {
        let of_file = feed.table.template.as_ref().map(|_| {
            let table = table_of_sample(context, feed, file);
            content_of(feed, table.as_ref(), context.head, context.files)
        });
        let content = of_file.as_ref().unwrap_or(&of_all).as_ref().ok()?;
        let (text, n_left) = head(&context.files.get(file).text);
        let mut tally = content.checker.check(text.as_bytes());
        if is_any_layout {
            tally.allow_any_layout();
        }
        let mut left_out: Vec<String> = content.left_out.iter().map(|what| format!("not held against {what}")).collect();
        if n_left {
            left_out.push(format!("only the first {} KiB of a sample are checked", MAX_SAMPLE_BYTES >> 10));
        }
        Some(Sample { feed: feed.id.clone(), file, reference, tally, left_out })
    };
    let files = feed.file.samples.iter().filter_map(|sample| match &sample.value.target {
        Target::File(file, _) => Some((*file, sample.span)),
        Target::Inline(_) | Target::Missing { .. } | Target::OutsideRoot | Target::Unread { .. } => None,
    });
    files.filter_map(check).collect()
}

/// The table that a sample would be loaded into by its name, where the names of the files say it.
fn table_of_sample(context: &Context<'_>, feed: &Feed, file: FileId) -> Option<TableId> {
    let path = context.files.get(file).path.to_string();
    let takers = context.head.names.takers(&DeliveredName::file(path.rsplit('/').next()?));
    let taker = takers.iter().find(|taker| *taker.feed == feed.id)?;
    context.head.table_of_file(feed, &taker.captured.values).ok()?
}

/// The whole lines of a text that are looked at, and whether there are more. A list has no lines to cut at.
fn head(text: &str) -> (&str, bool) {
    let is_list = text.trim_start_matches(crate::text::BOM).trim_start().starts_with('[');
    if text.len() <= MAX_SAMPLE_BYTES || is_list {
        return (text, false);
    }
    let cut = text.get(..text.floor_char_boundary(MAX_SAMPLE_BYTES)).unwrap_or("");
    let lines = cut.rfind('\n').and_then(|end| cut.get(..=end)).unwrap_or("");
    (lines, true)
}
