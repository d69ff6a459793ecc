//! The files of a feed lie elsewhere than the table that they are loaded into.

use crate::rules::feed::subject;
use crate::rules::{Context, Sink};

/// Places of buckets that lie within, or beside, a place of datasets, as Google's page on locations pairs them.
const TOGETHER: [(&str, &[&str]); 2] = [("us", &["us", "us-central1", "nam4"]), ("eu", &["eu", "europe-west4", "eur4"])];
/// Two regions each that hold the region of a dataset.
const DUAL: [(&str, [&str; 2]); 3] = [
    ("nam4", ["us-central1", "us-east1"]),
    ("eur4", ["europe-north1", "europe-west4"]),
    ("asia1", ["asia-northeast1", "asia-northeast2"]),
];

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for feed in context.head.feeds.values() {
        let bucket = feed.bucket_id().and_then(|id| context.head.buckets.get(&id));
        let Some((bucket, table)) = bucket.zip(context.head.table_of(feed)) else { continue };
        let of_table = context.head.location_of(table);
        if let Some(why) = bucket.location.why().or(of_table.why()) {
            sink.not_checked(&subject(feed), why.text.to_string(), why.span);
            continue;
        }
        let (Some(of_bucket), Some(of_table)) = (bucket.location.spanned(), of_table.spanned()) else { continue };
        if is_together(&of_bucket.value, &of_table.value) {
            continue;
        }
        let message = format!(
            "files of feed `{}` lie in `{}`, and its table `{}` in `{}`",
            feed.id, of_bucket.value, table.id, of_table.value
        );
        let place = feed.file.bucket.span().unwrap_or(feed.name_span);
        sink.report(subject(feed), place, message)
            .related(of_bucket.span, format!("bucket `{}`", bucket.shown()))
            .related(of_table.span, "the dataset");
    }
}

fn is_together(of_bucket: &str, of_table: &str) -> bool {
    let (of_bucket, of_table) = (of_bucket.to_ascii_lowercase(), of_table.to_ascii_lowercase());
    let in_multi = TOGETHER.iter().any(|(multi, places)| of_table == *multi && places.contains(&&*of_bucket));
    let in_dual = DUAL.iter().any(|(dual, regions)| of_bucket == *dual && regions.contains(&&*of_table));
    of_bucket == of_table || in_multi || in_dual
}

#[cfg(test)]
mod tests {
    use super::is_together;

    #[test]
    fn a_region_within_is_no_other_place() {
        for (of_bucket, of_table) in [("EU", "eu"), ("us-central1", "US"), ("NAM4", "us-central1"), ("EUR4", "EU")] {
            assert!(is_together(of_bucket, of_table), "{of_bucket} {of_table}");
        }
        for (of_bucket, of_table) in
            [("US", "EU"), ("europe-west2", "EU"), ("us", "us-central1"), ("europe-west1", "europe-west4")]
        {
            assert!(!is_together(of_bucket, of_table), "{of_bucket} {of_table}");
        }
    }
}
