//! Rules on what a change breaks: files that the schema accepted, records that loaded, queries that ran.

mod fields;
mod readers;
mod removed_feed;
mod schemas;
mod tables;
mod width;

pub(super) use fields::{narrowed_field, newly_required_field, removed_field, widened_field};
pub(super) use removed_feed::removed_feed;
pub(super) use tables::{changed_column_mode, changed_column_type, changed_partitioning, new_required_column, removed_column};

use super::{Context, Sink};
use crate::config::Promise;
use crate::diagnostic::Severity;

/// The severity of what breaks a promise: a note where it was not given.
fn severity(broken: Promise, context: &Context<'_>, sink: &Sink<'_>) -> Severity {
    if broken <= context.config.breaking { sink.severity } else { Severity::Note }
}
