//! A statement that BigQuery cannot parse.

use crate::diagnostic::{Subject, SubjectKind};
use crate::model::query::SqlProblems;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for problems in &context.head.sql_problems {
        let subject = file_of(problems, context);
        for error in &problems.errors {
            let span = problems.map.span(error.range.clone());
            sink.report(subject.clone(), span, error.message.clone()).detail(error.message.clone());
        }
        for gap in &problems.not_analysed {
            sink.not_checked(&subject, gap.message.clone(), Some(problems.map.span(gap.range.clone())));
        }
    }
}

/// The file that holds the text.
pub(super) fn file_of(problems: &SqlProblems, context: &Context<'_>) -> Subject {
    Subject::new(SubjectKind::File, context.files.get(problems.map.file()).path.as_str())
}
