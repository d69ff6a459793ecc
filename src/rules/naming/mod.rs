//! Rules on the names of delivered files.

pub(super) mod broken_name_pattern;
pub(super) mod catch_all_file_name;
pub(super) mod colliding_table_names;
mod conflicts;
pub(super) mod contradicted_example;
pub(super) mod date_sharded_table;
mod dates;
mod faults;
mod from_file;
pub(super) mod illegal_bucket_name;
pub(super) mod illegal_object_name;
pub(super) mod illegal_table_name;
pub(super) mod misnamed_sample;
pub(super) mod misread_date_letter;
pub(super) mod missing_time_zone;
pub(super) mod mixed_date_order;
pub(super) mod off_policy_name;
pub(super) mod overlapping_file_names;
pub(super) mod prefix_of_another_feed;
pub(super) mod reused_file_name;
pub(super) mod shadowed_file_name;
pub(super) mod table_named_as_column;
pub(super) mod unanchored_name_pattern;
pub(super) mod unmatchable_file_name;
pub(super) mod unpadded_date;
pub(super) mod wildcard_in_object_name;

use super::Context;
use crate::model::naming::FeedNames;
use crate::model::table::DefinitionSource;
use crate::model::{Feed, Model, Table, TableId};
use crate::text::Span;

/// The feeds whose names could be read, each with its names.
fn with_names<'a>(context: &'a Context<'_>) -> impl Iterator<Item = (&'a Feed, &'a FeedNames)> {
    let feeds = context.head.names.feeds().iter();
    feeds.filter_map(|names| Some((context.head.feeds.get(&names.feed)?, names)))
}

/// A table that the repository itself defines under a name.
struct OwnTable<'a> {
    table: &'a Table,
    project: Option<&'a str>,
    dataset: &'a str,
    name: &'a str,
    /// The feed's entry where a feed says it, else the best definition.
    span: Span,
}

fn own_tables(model: &Model) -> impl Iterator<Item = OwnTable<'_>> {
    model.tables.values().filter_map(|table| {
        let TableId::Named { project, dataset, name } = &table.id else { return None };
        let own = || table.definitions.iter().filter(|definition| definition.source != DefinitionSource::Statistics);
        let of_feed = own().find(|definition| definition.source == DefinitionSource::Feed);
        let span = of_feed.or_else(|| own().next())?.span;
        Some(OwnTable { table, project: project.as_deref(), dataset, name, span })
    })
}
