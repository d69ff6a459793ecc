//! A file, a row or a delivery that is larger than what BigQuery loads.

use crate::model::feed::Delivery;
use crate::model::{Feed, Known};
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};
use crate::text::{Span, grouped};

const GIB: u64 = 1 << 30;
const TIB: u64 = 1 << 40;

/// Google writes its limits in GB and TB; in binary units a declared size is beyond them by either reading.
const MAX_GZIP_FILE: u64 = 4 * GIB;
const MAX_TEXT_FILE: u64 = 5 * TIB;
const MAX_JOB: u64 = 15 * TIB;
const MAX_ROW: u64 = 100 << 20;
const MAX_URIS: u64 = 10_000;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for feed in context.head.feeds.values() {
        for finding in [file(feed), row(feed), job(feed), uris(feed)].into_iter().flatten() {
            sink.report(subject(feed), finding.span, finding.message).help(finding.help).detail(finding.detail);
        }
    }
}

struct Finding {
    span: Span,
    message: String,
    help: &'static str,
    detail: &'static str,
}

/// Avro and Parquet files are split by their readers, and have no limit of their own.
fn file(feed: &Feed) -> Option<Finding> {
    let format = feed.file.format.value().map(String::as_str);
    if matches!(format, Some("avro" | "parquet")) {
        return None;
    }
    let (bytes, span) = file_bytes(&feed.delivery)?;
    let is_gzip = feed.file.compression.value().is_some_and(|compression| compression == "gzip");
    let (limit, limit_words, what) =
        if is_gzip { (MAX_GZIP_FILE, "4 GB", "compressed with gzip") } else { (MAX_TEXT_FILE, "5 TB", "of text") };
    (bytes > limit).then(|| Finding {
        span,
        message: format!("a file of feed `{}` has {}; BigQuery takes {limit_words} of a file {what}", feed.id, in_gb(bytes)),
        help: "deliver more and smaller files, or files that are not compressed",
        detail: "file",
    })
}

/// Of the largest file, or of each where they are taken to be of one size.
fn file_bytes(delivery: &Delivery) -> Option<(u64, Span)> {
    if let Known::Known(largest) = &delivery.largest_file {
        return Some((largest.value, largest.span));
    }
    let bytes = delivery.bytes.spanned()?;
    let files = delivery.files.value().copied().unwrap_or(1);
    Some((bytes.value / files.max(1), bytes.span))
}

fn row(feed: &Feed) -> Option<Finding> {
    let (bytes, rows) = (feed.delivery.bytes.spanned()?, *feed.delivery.rows.value()?);
    let of_row = bytes.value.checked_div(rows).filter(|bytes| *bytes > MAX_ROW)?;
    Some(Finding {
        span: bytes.span,
        message: format!("a row of feed `{}` has {} on average; BigQuery takes 100 MB of a row", feed.id, in_gb(of_row)),
        help: "correct `rows` or `bytes`, or cut records into smaller ones",
        detail: "row",
    })
}

fn job(feed: &Feed) -> Option<Finding> {
    let is_over = |bytes: u64| feed.table.loads_deliveries() && bytes > MAX_JOB;
    let bytes = feed.delivery.bytes.spanned().filter(|bytes| is_over(bytes.value))?;
    Some(Finding {
        span: bytes.span,
        message: format!("a delivery of feed `{}` has {}; BigQuery takes 15 TB in one load job", feed.id, in_gb(bytes.value)),
        help: "load the delivery with several jobs, or deliver more often",
        detail: "job",
    })
}

fn uris(feed: &Feed) -> Option<Finding> {
    let is_over = |files: u64| feed.table.loads_deliveries() && files > MAX_URIS;
    let files = feed.delivery.files.spanned().filter(|files| is_over(files.value))?;
    let count = grouped(files.value);
    Some(Finding {
        span: files.span,
        message: format!("a delivery of feed `{}` has {count} files; BigQuery takes 10,000 URIs in one load job", feed.id),
        help: "name the files so that one URI with a `*` stands for all of them, or deliver fewer and larger files",
        detail: "uris",
    })
}

/// `6.5 GB`, in units of 10⁹ bytes, as the limits are written.
fn in_gb(bytes: u64) -> String {
    let gb = bytes as f64 / 1e9;
    if gb < 1_000.0 { format!("{gb:.1} GB") } else { format!("{:.1} TB", gb / 1_000.0) }
}
