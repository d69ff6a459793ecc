//! Texts that are legacy SQL: they run for few, and nothing is said of what they read.

use super::sql_syntax_error::file_of;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for problems in &context.head.sql_problems {
        let Some(first) = problems.legacy.first() else { continue };
        let message = "this is legacy SQL, which BigQuery runs only for those who used it until June 2026";
        sink.report(file_of(problems, context), problems.map.span(first.clone()), message);
    }
}
