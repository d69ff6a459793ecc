//! Rules on SQL.

pub(super) mod clustering;
pub(super) mod costlier_query;
mod figure;
pub(super) mod missing_partition_filter;
pub(super) mod names;
pub(super) mod notables;
mod partitions;
mod rewrite;
pub(super) mod select_star;
pub(super) mod sql_syntax_error;
pub(super) mod unbounded_job_history;
pub(super) mod unprunable_partition_filter;
pub(super) mod wildcards;
pub(super) mod writes;

use crate::diagnostic::Subject;
use crate::model::Query;
use crate::model::facts::Item;

use partitions::gap;

fn subject(query: &Query) -> Subject {
    Item::Query(query).subject()
}
