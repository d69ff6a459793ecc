//! Fixes of SQL, where the text is a file of its own.

use crate::diagnostic::{Applicability, Edit, Fix};
use crate::model::Query;
use crate::sql::reckoning::Clause;
use std::ops::Range;

/// Puts a text in the place of another.
pub(super) fn replace(query: &Query, range: Range<usize>, text: &str, title: &str, applicability: Applicability) -> Option<Fix> {
    let edit = Edit { span: query.map.editable(range)?, text: text.to_owned() };
    Some(Fix { title: title.to_owned(), applicability, edits: vec![edit], new_files: Vec::new() })
}

/// Adds a condition to the query that names a table.
pub(super) fn restrict(
    query: &Query,
    clause: &Clause,
    condition: &str,
    title: &str,
    applicability: Applicability,
) -> Option<Fix> {
    let edit = |at: usize, text: String| Some(Edit { span: query.map.editable(at..at)?, text });
    let edits = match clause {
        Clause::Absent(at) => vec![edit(*at, format!(" WHERE {condition}"))?],
        Clause::Where { condition: whole, has_or: false } => vec![edit(whole.end, format!(" AND {condition}"))?],
        Clause::Where { condition: whole, has_or: true } => {
            vec![edit(whole.start, "(".to_owned())?, edit(whole.end, format!(") AND {condition}"))?]
        }
    };
    Some(Fix { title: title.to_owned(), applicability, edits, new_files: Vec::new() })
}
