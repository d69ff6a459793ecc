//! Rules on SQL.

pub(super) mod clustering;
pub(super) mod costlier_query;
pub(super) mod edit;
mod figure;
pub(super) mod legacy_sql;
pub(super) mod missing_partition_filter;
pub(super) mod names;
pub(super) mod notables;
pub(super) mod partition_range;
mod partitions;
mod rewrite;
pub(super) mod select_star;
pub(super) mod sql_syntax_error;
pub(super) mod unbounded_job_history;
pub(super) mod unprunable_partition_filter;
pub(super) mod wildcards;
pub(super) mod writes;

use crate::diagnostic::Subject;
use crate::model::facts::Item;
use crate::model::table::DefinitionSource;
use crate::model::{Query, table_folder};
use crate::rules::Context;

use partitions::gap;

/// Why a read is not judged on which a condition stands that is [open](crate::sql::Predicate::is_open).
const OF_OPEN_FORM: &str = "what BigQuery makes of a condition of this form is not documented";

/// What lies in the folder of a table fills it, and may want all of what it reads, as an insert may.
fn fills_table(query: &Query, context: &Context<'_>) -> bool {
    let folder = table_folder::table_of(&context.files.get(query.span.file).path);
    let table = folder.and_then(|id| context.head.tables.get(&id));
    table.is_some_and(|table| table.definitions.iter().any(|definition| definition.source == DefinitionSource::Folder))
}

fn subject(query: &Query) -> Subject {
    Item::Query(query).subject()
}
