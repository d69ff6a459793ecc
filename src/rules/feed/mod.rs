//! Rules on feed definitions.

pub(super) mod feed_without_table;
pub(super) mod unreachable_reference;

use crate::diagnostic::Subject;
use crate::model::Feed;
use crate::model::facts::Item;

/// What a finding on a feed is about.
pub(in crate::rules) fn subject(feed: &Feed) -> Subject {
    Item::Feed(feed).subject()
}
