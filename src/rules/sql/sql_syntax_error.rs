//! A statement that BigQuery cannot parse.

use crate::diagnostic::{Subject, SubjectKind};
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for problems in &context.head.sql_problems {
        let path = context.files.get(problems.map.file()).path.as_str();
        let subject = Subject::new(SubjectKind::File, path);
        for error in &problems.errors {
            let span = problems.map.span(error.range.clone());
            sink.report(subject.clone(), span, error.message.clone()).detail(error.message.clone());
        }
        for gap in &problems.not_analysed {
            sink.not_checked(&subject, gap.message.clone(), Some(problems.map.span(gap.range.clone())));
        }
    }
}
