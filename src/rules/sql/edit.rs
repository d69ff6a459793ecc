//! Fixes of SQL, where the host of the text takes them as they are: a file of its own, a heredoc, a block scalar.

use crate::diagnostic::{Applicability, Edit, Fix};
use crate::model::Query;
use crate::sql::reckoning::Clause;
use std::ops::Range;

/// Puts a text of one line in the place of another.
pub(in crate::rules) fn edit(query: &Query, range: Range<usize>, text: impl Into<String>) -> Option<Edit> {
    Some(Edit { span: query.map.editable(range)?, text: text.into() })
}

/// A fix of one edit.
pub(in crate::rules) fn replace(
    query: &Query,
    range: Range<usize>,
    text: &str,
    title: &str,
    applicability: Applicability,
) -> Option<Fix> {
    Some(fix(title, applicability, vec![edit(query, range, text)?]))
}

pub(in crate::rules) fn fix(title: impl Into<String>, applicability: Applicability, edits: Vec<Edit>) -> Fix {
    Fix { title: title.into(), applicability, edits, new_files: Vec::new() }
}

/// Adds a condition to the query that names a table.
pub(in crate::rules) fn restrict(
    query: &Query,
    clause: &Clause,
    condition: &str,
    title: &str,
    applicability: Applicability,
) -> Option<Fix> {
    let insert = |at: usize, text: String| edit(query, at..at, text);
    let edits = match clause {
        Clause::Absent(at) => vec![insert(*at, format!(" WHERE {condition}"))?],
        Clause::Where { condition: whole, has_or: false } => vec![insert(whole.end, format!(" AND {condition}"))?],
        Clause::Where { condition: whole, has_or: true } => {
            vec![insert(whole.start, "(".to_owned())?, insert(whole.end, format!(") AND {condition}"))?]
        }
    };
    Some(fix(title, applicability, edits))
}
