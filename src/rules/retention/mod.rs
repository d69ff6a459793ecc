//! Rules on how long delivered files are kept.

pub(super) mod deletion_before_retention;
pub(super) mod retention_below_feed;
pub(super) mod retention_unit_slip;

use crate::diagnostic::{Diagnostic, Subject, SubjectKind};
use crate::model::{Bucket, Model};

const SECONDS_PER_DAY: u64 = 86_400;

fn subject(bucket: &Bucket) -> Subject {
    Subject::new(SubjectKind::Bucket, bucket.id.to_string())
}

/// The entries of the feeds that a bucket serves, as related places.
fn relate_feeds(diagnostic: &mut Diagnostic, bucket: &Bucket, model: &Model) {
    for feed in bucket.feeds.iter().filter_map(|id| model.feeds.get(id)) {
        let span = feed.retention_days.span().unwrap_or(feed.name_span);
        diagnostic.related(span, format!("feed `{}` lies in this bucket", feed.id));
    }
}

/// Seconds as people say them: `180 days`, `3 minutes`.
fn in_words(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..3_600 => (seconds / 60, "minute"),
        3_600..SECONDS_PER_DAY => (seconds / 3_600, "hour"),
        _ => (seconds / SECONDS_PER_DAY, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}
