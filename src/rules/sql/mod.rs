//! Rules on SQL.

pub(super) mod missing_partition_filter;
pub(super) mod select_star;
pub(super) mod sql_syntax_error;

use crate::diagnostic::{Diagnostic, Subject, SubjectKind};
use crate::model::{Model, Query};

fn subject(query: &Query) -> Subject {
    Subject::new(SubjectKind::Query, query.id.to_string())
}

/// The feeds whose tables the query reads, as related places.
fn relate_feeds(diagnostic: &mut Diagnostic, query: &Query, model: &Model) {
    for feed in query.feeds.iter().filter_map(|id| model.feeds.get(id)) {
        diagnostic.related(feed.name_span, format!("reads feed `{}`", feed.id));
    }
}
