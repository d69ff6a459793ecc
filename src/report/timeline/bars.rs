//! In which state a copy of the data is from which day to which.

use crate::model::timeline::{EventKind, Lane, When};

/// A stretch of days.
pub(super) struct Bar {
    pub(super) phase: Phase,
    pub(super) from: f64,
    /// `None` where no end is known.
    pub(super) to: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Nobody can delete or replace it.
    Held,
    There,
    /// Deleted, and can be had back.
    Recoverable,
    /// Only Google itself can bring it back.
    FailSafe,
}

impl Phase {
    pub(super) const ALL: [Phase; 4] = [Phase::Held, Phase::There, Phase::Recoverable, Phase::FailSafe];

    pub(super) fn name(self) -> &'static str {
        match self {
            Phase::Held => "cannot be deleted",
            Phase::There => "there",
            Phase::Recoverable => "gone, can be had back",
            Phase::FailSafe => "gone, Google can bring it back",
        }
    }

    /// The class of style sheets.
    pub(super) fn class(self) -> &'static str {
        match self {
            Phase::Held => "held",
            Phase::There => "there",
            Phase::Recoverable => "back",
            Phase::FailSafe => "safe",
        }
    }
}

pub(super) fn of(lane: &Lane) -> Vec<Bar> {
    let day = |is_wanted: fn(&EventKind) -> bool| lane.event(is_wanted).map(|event| &event.when).and_then(When::day);
    let held = day(|kind| *kind == EventKind::RetentionEnds);
    let is_loss =
        |kind: &EventKind| matches!(kind, EventKind::Deleted { .. } | EventKind::Replaced | EventKind::PartitionExpires);
    let days = lane.events.iter().filter(|event| is_loss(&event.kind)).filter_map(|event| event.when.day());
    let lost = days.min_by(f64::total_cmp);
    // Where nothing is known of the copy, nothing is drawn.
    let is_nowhere = lane.place.is_none();
    let has_version = lane.event(|kind| *kind == EventKind::VersionDeleted).is_some();
    let back = day(|kind| matches!(kind, EventKind::SoftDeleteEnds | EventKind::TimeTravelEnds));
    let safe = day(|kind| *kind == EventKind::FailSafeEnds);
    let held_until = held.map(|held| lost.map_or(held, |lost| held.min(lost)));
    let mut bars = Vec::new();
    let mut push = |phase, from: f64, to: Option<f64>| {
        if !is_nowhere && to.is_none_or(|to| to > from) {
            bars.push(Bar { phase, from, to });
        }
    };
    push(Phase::Held, 0.0, Some(held_until.unwrap_or(0.0)));
    push(Phase::There, held_until.unwrap_or(0.0), lost);
    if let Some(lost) = lost {
        if back.is_some() || has_version {
            push(Phase::Recoverable, lost, back);
        }
        if let Some((back, safe)) = back.zip(safe) {
            push(Phase::FailSafe, back, Some(safe));
        }
    }
    bars
}
