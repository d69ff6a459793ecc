//! Rules on feed definitions.

pub(super) mod unreachable_reference;

use crate::diagnostic::{Subject, SubjectKind};
use crate::model::Feed;

/// What a finding on a feed is about.
pub(in crate::rules) fn subject(feed: &Feed) -> Subject {
    Subject::new(SubjectKind::Feed, feed.id.0.clone())
}
