//! What becomes of a delivery over time: of its files in the bucket, and of its rows in the table. Every event knows on which
//! day it comes, counted from the delivery, and the text that says so; what is not known has its reason.

mod files;
mod rows;

pub use rows::{day_of, expiration_by_dataset};

use super::{Feed, Known, Model, Why};
use crate::text::{Date, Span};

/// The days of one feed in one environment.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    pub feed: String,
    pub files: Lane,
    pub rows: Lane,
}

/// What happens to one copy of the data.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// Where the copy lies: `gs://acme-landing/trades/`, `raw.trades`.
    pub place: Option<String>,
    /// By day; what has none comes last.
    pub events: Vec<Event>,
}

/// One thing that happens.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub kind: EventKind,
    pub when: When,
    /// The text that says so; `None` for what holds without a word.
    pub span: Option<Span>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventKind {
    Delivered,
    /// The grace of a late delivery is over.
    Late,
    Loaded,
    /// Files come to be of this storage class.
    Class(String),
    /// The feed no longer asks that files are kept.
    PromiseEnds,
    /// The policy no longer asks that files can be loaded again.
    ReplayEnds,
    /// The bucket lets files be deleted and replaced.
    RetentionEnds,
    /// A lifecycle rule deletes the file; one that is due before the retention ends waits for it.
    Deleted {
        waits_since: Option<u64>,
    },
    /// The version goes that the deletion has left.
    VersionDeleted,
    /// What was deleted cannot be had back from the bucket.
    SoftDeleteEnds,
    /// The next delivery takes the place of the rows.
    Replaced,
    PartitionExpires,
    TableExpires,
    TimeTravelEnds,
    /// Google itself has no copy any more.
    FailSafeEnds,
}

/// When it happens.
#[derive(Debug, Clone, PartialEq)]
pub enum When {
    /// So many days after the delivery.
    Day(f64),
    /// On a day of the calendar, whenever the delivery was.
    On(Date),
    /// So many days after the table was made.
    OfTable(f64),
    Never,
    Unknown(Why),
}

impl When {
    pub fn day(&self) -> Option<f64> {
        match self {
            When::Day(day) => Some(*day),
            When::On(_) | When::OfTable(_) | When::Never | When::Unknown(_) => None,
        }
    }

    fn plus(&self, days: f64) -> When {
        match self {
            When::Day(day) => When::Day(day + days),
            other => other.clone(),
        }
    }
}

impl Timeline {
    /// The days of a feed; `replay_days` is what the policy asks for.
    pub fn of(model: &Model, feed: &Feed, replay_days: Option<crate::text::Spanned<u32>>) -> Timeline {
        let replay = replay_days.map(|days| Event {
            kind: EventKind::ReplayEnds,
            when: When::Day(f64::from(days.value)),
            span: Some(days.span),
        });
        let mut files = files::lane(model, feed);
        let mut rows = rows::lane(model, feed);
        files.events.extend(replay.clone());
        rows.events.extend(replay);
        for lane in [&mut files, &mut rows] {
            let order = |event: &Event| event.when.day().unwrap_or(f64::INFINITY);
            lane.events.sort_by(|a, b| order(a).total_cmp(&order(b)));
        }
        Timeline { feed: feed.id.to_string(), files, rows }
    }

    /// Whether the same happens on the same days by the same texts, wherever the copies lie.
    pub fn is_alike(&self, other: &Timeline) -> bool {
        self.files.events == other.files.events && self.rows.events == other.rows.events
    }
}

impl Lane {
    pub fn event(&self, is_wanted: impl Fn(&EventKind) -> bool) -> Option<&Event> {
        self.events.iter().find(|event| is_wanted(&event.kind))
    }

    /// What first takes the data away, as far as its day is known.
    pub fn loss(&self) -> Option<&Event> {
        let is_loss =
            |kind: &EventKind| matches!(kind, EventKind::Deleted { .. } | EventKind::PartitionExpires | EventKind::TableExpires);
        self.events.iter().find(|event| is_loss(&event.kind) && event.when.day().is_some())
    }
}

/// An event on a day that is said somewhere, in seconds; none where nothing is said.
fn said(kind: EventKind, seconds: &Known<u64>) -> Option<Event> {
    let (when, span) = match seconds {
        Known::Known(seconds) => (When::Day(days(seconds.value)), Some(seconds.span)),
        Known::Unknown(why) => (When::Unknown(why.clone()), why.span),
        Known::Absent => return None,
    };
    Some(Event { kind, when, span })
}

/// Periods are far below 2^52 seconds.
fn days(seconds: u64) -> f64 {
    seconds as f64 / 86_400.0
}

#[cfg(test)]
mod tests;
