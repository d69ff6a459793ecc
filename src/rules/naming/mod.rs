//! Rules on the names of delivered files.

pub(super) mod broken_name_pattern;
pub(super) mod catch_all_file_name;
mod conflicts;
pub(super) mod contradicted_example;
mod dates;
mod faults;
pub(super) mod illegal_object_name;
pub(super) mod misnamed_sample;
pub(super) mod misread_date_letter;
pub(super) mod missing_time_zone;
pub(super) mod mixed_date_order;
pub(super) mod overlapping_file_names;
pub(super) mod prefix_of_another_feed;
pub(super) mod reused_file_name;
pub(super) mod shadowed_file_name;
pub(super) mod unanchored_name_pattern;
pub(super) mod unmatchable_file_name;
pub(super) mod unpadded_date;
pub(super) mod wildcard_in_object_name;

use super::Context;
use crate::model::Feed;
use crate::model::naming::FeedNames;

/// The feeds whose names could be read, each with its names.
fn with_names<'a>(context: &'a Context<'_>) -> impl Iterator<Item = (&'a Feed, &'a FeedNames)> {
    let feeds = context.head.names.feeds().iter();
    feeds.filter_map(|names| Some((context.head.feeds.get(&names.feed)?, names)))
}
