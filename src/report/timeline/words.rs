//! What happens, and when, in words: the same in every format.

use crate::model::timeline::{Event, EventKind, When};
use crate::report::amount;

/// What happens.
pub(super) fn what(event: &Event) -> String {
    let is_never = event.when == When::Never;
    match &event.kind {
        EventKind::Delivered => "delivered".to_owned(),
        EventKind::Late => "from here on it is late".to_owned(),
        EventKind::Loaded => "loaded".to_owned(),
        EventKind::Class(class) => format!("moved to {class}"),
        EventKind::PromiseEnds => "the feed asks for the files until here".to_owned(),
        EventKind::ReplayEnds => "must be loadable again until here".to_owned(),
        EventKind::RetentionEnds => "retention ends".to_owned(),
        EventKind::Deleted { .. } if is_never => "no rule deletes them".to_owned(),
        EventKind::Deleted { waits_since: Some(age) } => {
            format!("deleted: the rule says {}, and waits", amount::count(usize::try_from(*age).unwrap_or(usize::MAX), "day"))
        }
        EventKind::Deleted { waits_since: None } => "deleted".to_owned(),
        EventKind::VersionDeleted if is_never => "no rule deletes the version that is left".to_owned(),
        EventKind::VersionDeleted => "the version that is left is deleted".to_owned(),
        EventKind::SoftDeleteEnds => "soft delete ends".to_owned(),
        EventKind::Replaced => "replaced by the next delivery".to_owned(),
        EventKind::PartitionExpires => "the partition expires".to_owned(),
        EventKind::TableExpires if is_never => "nothing takes them out".to_owned(),
        EventKind::TableExpires => "the table is deleted".to_owned(),
        EventKind::TimeTravelEnds => "time travel ends".to_owned(),
        EventKind::FailSafeEnds => "fail-safe ends".to_owned(),
    }
}

/// What happens, and why it is not known when.
pub(super) fn with_why(event: &Event) -> String {
    match &event.when {
        When::Unknown(why) => format!("{}: {}", what(event), why.text),
        When::Day(_) | When::On(_) | When::OfTable(_) | When::Never => what(event),
    }
}

/// In one line, for what has no day.
pub(super) fn in_full(event: &Event) -> String {
    match &event.when {
        When::Never => what(event),
        When::Unknown(why) => format!("{}, not known when: {}", what(event), why.text),
        other => format!("{}, {}", what(event), when(other)),
    }
}

/// The name of an event for programs.
pub(super) fn name(kind: &EventKind) -> &'static str {
    match kind {
        EventKind::Delivered => "delivered",
        EventKind::Late => "late",
        EventKind::Loaded => "loaded",
        EventKind::Class(_) => "storage class",
        EventKind::PromiseEnds => "promise ends",
        EventKind::ReplayEnds => "replay ends",
        EventKind::RetentionEnds => "retention ends",
        EventKind::Deleted { .. } => "deleted",
        EventKind::VersionDeleted => "version deleted",
        EventKind::SoftDeleteEnds => "soft delete ends",
        EventKind::Replaced => "replaced",
        EventKind::PartitionExpires => "partition expires",
        EventKind::TableExpires => "table expires",
        EventKind::TimeTravelEnds => "time travel ends",
        EventKind::FailSafeEnds => "fail-safe ends",
    }
}

/// When it happens.
pub(in crate::report) fn when(when: &When) -> String {
    match when {
        When::Day(day) => in_days(*day),
        When::On(date) => date.to_string(),
        When::OfTable(days) => format!("{} after it is made", number(*days, "day")),
        When::Never => "never".to_owned(),
        When::Unknown(_) => "not known".to_owned(),
    }
}

/// `day 180`; less than a day in smaller units.
fn in_days(day: f64) -> String {
    match day {
        _ if day <= 0.0 => "day 0".to_owned(),
        _ if day < 1.0 / 24.0 => number(day * 1_440.0, "minute"),
        _ if day < 1.0 => number(day * 24.0, "hour"),
        _ => format!("day {}", figure(day)),
    }
}

fn number(n: f64, one: &str) -> String {
    let figure = figure(n);
    format!("{figure} {one}{}", if figure == "1" { "" } else { "s" })
}

/// Whole where it is, else to a tenth.
pub(super) fn figure(n: f64) -> String {
    let rounded = (n * 10.0).round() / 10.0;
    if rounded.fract() == 0.0 { amount::grouped(whole(rounded)) } else { format!("{rounded:.1}") }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates, which is what is wanted here")]
fn whole(n: f64) -> u64 {
    n as u64
}
