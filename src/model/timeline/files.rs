//! The files of a delivery: when they come and are loaded, how long the bucket holds them, and when it lets them go.

use super::{Event, EventKind, Lane, When, days, said};
use crate::model::bucket::{Bucket, LifecycleRule, Versions};
use crate::model::{Feed, Known, Model, Why};
use crate::text::Span;

/// For how long Cloud Storage keeps what was deleted where nothing is said.
const SOFT_DELETE_DAYS: f64 = 7.0;

pub(super) fn lane(model: &Model, feed: &Feed) -> Lane {
    let came = feed.delivery.due.span().or(feed.delivery.cadence.span()).unwrap_or(feed.name_span);
    let mut events = vec![Event { kind: EventKind::Delivered, when: When::Day(0.0), span: Some(came) }];
    events.extend(said(EventKind::Late, &feed.delivery.grace_seconds));
    let promise = feed.retention_days.clone().map(|days| u64::from(days) * 86_400);
    events.extend(said(EventKind::PromiseEnds, &promise));
    match model.bucket_of(feed) {
        Some(bucket) => {
            events.push(loaded(model, feed, bucket));
            of_bucket(bucket, feed, &mut events);
        }
        None => events.push(Event {
            kind: EventKind::Deleted { waits_since: None },
            when: When::Unknown(no_bucket(feed)),
            span: feed.file.bucket.span(),
        }),
    }
    let folder = feed.file.prefix.value().map_or("", String::as_str);
    Lane { place: feed.file.bucket.value().map(|bucket| format!("gs://{bucket}/{folder}")), events }
}

fn no_bucket(feed: &Feed) -> Why {
    match &feed.file.bucket {
        Known::Known(name) => Why::new(format!("no Terraform here declares the bucket `{}`", name.value), Some(name.span)),
        Known::Absent => Why::new("the feed names no bucket", None),
        Known::Unknown(why) => why.clone(),
    }
}

/// What hears of a file starts its load at once.
fn loaded(model: &Model, feed: &Feed, bucket: &Bucket) -> Event {
    let of_trigger = model.triggers.values().find(|trigger| trigger.bucket.as_ref() == Some(&bucket.id));
    let of_listener = || model.listeners.iter().find(|listener| listener.bucket.as_ref() == Some(&bucket.id));
    let span = of_trigger.map(|trigger| trigger.span).or_else(|| of_listener().map(|listener| listener.span));
    let why = || Why::new("nothing here is started by its files", feed.file.bucket.span());
    Event { kind: EventKind::Loaded, when: span.map_or_else(|| When::Unknown(why()), |_| When::Day(0.0)), span }
}

fn of_bucket(bucket: &Bucket, feed: &Feed, events: &mut Vec<Event>) {
    let folder = feed.file.prefix.value().map_or("", String::as_str);
    events.extend(said(EventKind::RetentionEnds, &bucket.retention_seconds));
    let deleted = deletion(bucket, folder);
    let is_before = |day: f64| deleted.when.day().is_none_or(|end| day < end);
    let moves = bucket.lifecycle.iter().filter(|rule| rule.is_action("SetStorageClass") && is_sure(rule, folder));
    for (age, class) in moves.filter_map(|rule| Some((rule.age_days.spanned()?, rule.storage_class.value()?))) {
        let when = age.value as f64;
        if is_before(when) {
            events.push(Event { kind: EventKind::Class(class.clone()), when: When::Day(when), span: Some(age.span) });
        }
    }
    let purged = match bucket.versioning.value() {
        Some(true) => Some(purge(bucket, folder, &deleted)),
        Some(false) | None => None,
    };
    let gone = purged.as_ref().unwrap_or(&deleted).when.clone();
    let soft = match &bucket.soft_delete_seconds {
        Known::Known(seconds) => (gone.plus(days(seconds.value)), Some(seconds.span)),
        Known::Absent => (gone.plus(SOFT_DELETE_DAYS), None),
        Known::Unknown(why) => (When::Unknown(why.clone()), why.span),
    };
    let can_end = gone.day().is_some();
    events.push(deleted);
    events.extend(purged);
    events.extend(can_end.then_some(Event { kind: EventKind::SoftDeleteEnds, when: soft.0, span: soft.1 }));
}

/// A rule that acts on every live file of the folder by age alone.
fn is_sure(rule: &LifecycleRule, folder: &str) -> bool {
    !rule.has_other_conditions() && rule.matches_prefix.why().is_none() && rule.reaches(folder)
}

/// The first rule that takes the files away.
fn deletion(bucket: &Bucket, folder: &str) -> Event {
    let kind = EventKind::Deleted { waits_since: None };
    let unknown = |why: Why| Event { kind: kind.clone(), span: why.span, when: When::Unknown(why) };
    if let Some(why) = &bucket.lifecycle_hidden {
        return unknown(why.clone());
    }
    let may_delete = |rule: &&LifecycleRule| rule.action.value().is_none_or(|action| action == "Delete");
    let is_for_live_ones = |rule: &&LifecycleRule| rule.versions().value() != Some(&Versions::Noncurrent);
    let rules = bucket.lifecycle.iter().filter(may_delete).filter(is_for_live_ones).filter(|rule| rule.reaches(folder));
    let mut first: Option<(u64, u64, Span)> = None;
    for rule in rules {
        if let Some(why) = hidden(rule, bucket) {
            return unknown(why);
        }
        let Some((age, days)) = rule.age_days.spanned().zip(bucket.days_before(rule)) else { continue };
        if first.is_none_or(|(least, ..)| days < least) {
            first = Some((days, age.value, age.span));
        }
    }
    match first {
        Some((days, age, span)) => Event {
            kind: EventKind::Deleted { waits_since: (age < days).then_some(age) },
            when: When::Day(days as f64),
            span: Some(span),
        },
        None => Event { kind, when: When::Never, span: None },
    }
}

/// Why it is not known whether and when a rule acts on the files.
fn hidden(rule: &LifecycleRule, bucket: &Bucket) -> Option<Why> {
    let parts = [rule.action.why(), rule.age_days.why(), rule.matches_prefix.why(), bucket.retention_seconds.why()];
    let of_parts = parts.into_iter().flatten().next().cloned();
    let others = || rule.has_other_conditions().then(|| Why::new("a rule deletes by more than their age", Some(rule.span)));
    of_parts.or_else(others)
}

/// The version that the deletion leaves goes by a rule of its own.
fn purge(bucket: &Bucket, folder: &str, deleted: &Event) -> Event {
    let kind = EventKind::VersionDeleted;
    let Some(day) = deleted.when.day() else { return Event { kind, when: deleted.when.clone(), span: None } };
    let mut first: Option<(f64, Span)> = None;
    for rule in bucket.lifecycle.iter().filter(|rule| rule.is_action("Delete") && rule.reaches(folder)) {
        let since = rule.conditions.iter().find(|condition| condition.name == "days_since_noncurrent_time");
        let since = since.and_then(|condition| condition.value.value()?.parse::<f64>().ok());
        let at = match rule.versions().value() {
            Some(Versions::Live) | None => continue,
            Some(Versions::All) if rule.has_other_conditions() => continue,
            Some(Versions::All) => Some(day + 1.0),
            Some(Versions::Noncurrent) => match (since, rule.age_days.value()) {
                (Some(since), _) => Some(day + since),
                (None, Some(age)) => Some((*age as f64).max(day)),
                (None, None) => None,
            },
        };
        let Some(at) = at else {
            let why = Why::new("a rule deletes versions by more than their age", Some(rule.span));
            return Event { kind, when: When::Unknown(why), span: Some(rule.span) };
        };
        if first.is_none_or(|(least, _)| at < least) {
            first = Some((at, rule.span));
        }
    }
    match first {
        Some((day, span)) => Event { kind, when: When::Day(day), span: Some(span) },
        None => Event { kind, when: When::Never, span: bucket.versioning.span() },
    }
}
