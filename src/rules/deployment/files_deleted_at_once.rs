//! Files that a lifecycle rule deletes as soon as it is deployed: it is new, or its age is lower than it was.

use super::same_text;
use crate::diagnostic::Subject;
use crate::model::bucket::Versions;
use crate::model::facts::Item;
use crate::model::{Bucket, Feed, LifecycleRule, Why};
use crate::rules::retention::in_days;
use crate::rules::{Context, Sink};
use crate::text::{Span, grouped};
use std::collections::BTreeMap;

/// Feeds that are shown.
const MAX_FEEDS: usize = 8;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(base) = context.base else { return };
    let pairs = context.pairs.buckets.iter();
    for (was, is) in pairs.filter_map(|(was, is)| Some((base.buckets.get(was)?, context.head.buckets.get(is)?))) {
        let subject = Item::Bucket(is).subject();
        match (unknown(was), unknown(is)) {
            (None, None) => judge(context, sink, &subject, was, is),
            (Some(before), Some(after)) if same_text(context, before.span, after.span) => {}
            (before, after) => {
                let Some(why) = after.or(before) else { continue };
                sink.not_checked(&subject, format!("when it deletes files is not known: {}", why.text), why.span);
            }
        }
    }
}

/// What hides when a bucket deletes its files.
fn unknown(bucket: &Bucket) -> Option<&Why> {
    let mut deleting = bucket.lifecycle.iter().filter(|rule| rule.action.value().is_none_or(|action| action == "Delete"));
    let of_rules = deleting.clone().find_map(|rule| rule.action.why().or(rule.age_days.why()).or(rule.matches_prefix.why()));
    let of_retention = deleting.next().and_then(|_| bucket.retention_seconds.why());
    bucket.lifecycle_hidden.as_ref().or(of_rules).or(of_retention)
}

/// After how many days the live files of a folder are deleted, and where that is said.
fn deleted_after(bucket: &Bucket, folder: &str) -> Option<(u64, Span)> {
    // What else is asked of a file may leave it in place. A live file of a bucket with versions becomes an old version.
    let is_kept = |rule: &LifecycleRule| {
        let only_live = rule.versions().value() == Some(&Versions::Live);
        rule.has_other_conditions() || only_live && bucket.versioning.value() == Some(&true)
    };
    let rules = bucket.lifecycle.iter().filter(|rule| rule.is_action("Delete") && rule.reaches(folder) && !is_kept(rule));
    let ages = rules.filter_map(|rule| Some((bucket.days_before(rule)?, rule.age_days.span().unwrap_or(rule.span))));
    ages.min_by_key(|(days, _)| *days)
}

/// The files that one rule deletes, and how long they were kept.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Cut {
    days: u64,
    place: Span,
    before: Option<u64>,
    place_before: Option<Span>,
}

fn judge(context: &Context<'_>, sink: &mut Sink<'_>, subject: &Subject, was: &Bucket, is: &Bucket) {
    let cut = |folder: &str, folder_before: &str| {
        let (days, place) = deleted_after(is, folder)?;
        let before = deleted_after(was, folder_before);
        let is_lower = before.is_none_or(|(before, _)| days < before);
        is_lower.then_some(Cut {
            days,
            place,
            before: before.map(|(days, _)| days),
            place_before: before.map(|(_, place)| place),
        })
    };
    let mut cuts: BTreeMap<Cut, Vec<&Feed>> = BTreeMap::new();
    let feeds: Vec<&Feed> = is.feeds.iter().filter_map(|id| context.head.feeds.get(id)).collect();
    for feed in &feeds {
        // A feed that is new has no files there.
        let before = context.pairs.feeds.base_of(&feed.id).and_then(|id| context.base?.feeds.get(id));
        let Some(before) = before.filter(|before| was.feeds.contains(&before.id)) else { continue };
        if let Some(cut) = cut(folder(feed), folder(before)) {
            cuts.entry(cut).or_default().push(feed);
        }
    }
    if feeds.is_empty()
        && let Some(cut) = cut("", "")
    {
        cuts.insert(cut, Vec::new());
    }
    for (cut, feeds) in cuts {
        report(sink, subject, is, &cut, &feeds);
    }
}

fn folder(feed: &Feed) -> &str {
    feed.file.prefix.value().map_or("", String::as_str)
}

fn report(sink: &mut Sink<'_>, subject: &Subject, bucket: &Bucket, cut: &Cut, feeds: &[&Feed]) {
    let files = match feeds {
        [] => format!("files in bucket `{}`", bucket.shown()),
        [feed] => format!("files of feed `{}`", feed.id),
        feeds => format!("files of {} feeds in bucket `{}`", feeds.len(), bucket.shown()),
    };
    let was = cut.before.map_or_else(|| "no rule deleted them".to_owned(), |days| format!("they were kept {}", in_days(days)));
    let lost = cut.before.and_then(|before| lost(feeds, before - cut.days)).unwrap_or_default();
    let message = format!("{files} that are older than {} are deleted at once{lost}: {was}", in_days(cut.days));
    let found = sink.report(subject.clone(), cut.place, message);
    if let Some(place) = cut.place_before {
        found.related(place, "as it was");
    }
    if feeds.len() > 1 {
        for feed in feeds.iter().take(MAX_FEEDS) {
            found.related(feed.name_span, format!("`{}`, whose files go", feed.id));
        }
    }
}

/// ` (60 deliveries, about 360 MB)`: what arrived in so many days, as far as the feeds declare it.
fn lost(feeds: &[&Feed], n_days: u64) -> Option<String> {
    let of_feed = |feed: &&Feed| Some(feed.delivery.cadence.value()?.per_month? / 30.0 * n_days as f64);
    let deliveries: Vec<f64> = feeds.iter().map(of_feed).collect::<Option<_>>()?;
    let total = whole(deliveries.iter().sum());
    if total == 0 {
        return None;
    }
    let bytes = |(feed, deliveries): (&&Feed, &f64)| Some(*feed.delivery.bytes.value()? as f64 * deliveries);
    let bytes: Option<Vec<f64>> = feeds.iter().zip(&deliveries).map(bytes).collect();
    let of_bytes =
        bytes.map_or_else(String::new, |bytes| format!(", about {} MB", grouped(whole(bytes.iter().sum::<f64>() / 1e6))));
    Some(format!(" (about {} deliver{}{of_bytes})", grouped(total), if total == 1 { "y" } else { "ies" }))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates, which is what is wanted here")]
fn whole(number: f64) -> u64 {
    number.round() as u64
}
