//! Rules on SQL.

pub(super) mod costlier_query;
mod figure;
pub(super) mod missing_partition_filter;
pub(super) mod names;
mod partitions;
pub(super) mod select_star;
pub(super) mod sql_syntax_error;
pub(super) mod unbounded_job_history;
pub(super) mod unprunable_partition_filter;

use crate::diagnostic::Subject;
use crate::model::Query;
use crate::model::facts::Item;

fn subject(query: &Query) -> Subject {
    Item::Query(query).subject()
}
