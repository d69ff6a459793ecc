//! Rules whose judgement was made where the file was read: each takes the problems of its kind.

use super::{Context, Sink};
use crate::diagnostic::{Subject, SubjectKind};
use crate::model::columns::problems_of_size;
use crate::model::table::{Definition, DefinitionSource};
use crate::model::{FileProblem, FileProblemKind};
use crate::syntax::{Problem, ProblemKind};

pub(super) fn invalid_yaml(context: &Context<'_>, sink: &mut Sink<'_>) {
    syntax_of(context, sink, FileProblemKind::Yaml);
}

pub(super) fn invalid_json(context: &Context<'_>, sink: &mut Sink<'_>) {
    syntax_of(context, sink, FileProblemKind::Json);
}

pub(super) fn invalid_hcl(context: &Context<'_>, sink: &mut Sink<'_>) {
    syntax_of(context, sink, FileProblemKind::Hcl);
}

pub(super) fn invalid_feed_definition(context: &Context<'_>, sink: &mut Sink<'_>) {
    report_each(context, sink, |problem| problem.kind == FileProblemKind::FeedDefinition);
}

pub(super) fn invalid_data_contract(context: &Context<'_>, sink: &mut Sink<'_>) {
    report_each(context, sink, |problem| problem.kind == FileProblemKind::DataContract);
}

pub(super) fn conflicting_feed_definition(context: &Context<'_>, sink: &mut Sink<'_>) {
    report_each(context, sink, |problem| problem.kind == FileProblemKind::Conflict);
}

pub(super) fn malformed_table_schema(context: &Context<'_>, sink: &mut Sink<'_>) {
    report_each(context, sink, |problem| problem.kind == FileProblemKind::TableSchema);
    // Lists of fields are judged where they are read; what statements and contracts define, here.
    for table in context.head.tables.values() {
        let Some(columns) = table.columns.spanned() else { continue };
        let is_here = |definition: &Definition| {
            matches!(definition.source, DefinitionSource::Ddl | DefinitionSource::Contract)
                && definition.span.file == columns.span.file
        };
        if table.definitions.iter().any(is_here) {
            let path = context.files.get(columns.span.file).path.as_str();
            problems_of_size(&columns.value, columns.span).for_each(|problem| report(path, &problem, sink));
        }
    }
}

pub(super) fn duplicate_feed(context: &Context<'_>, sink: &mut Sink<'_>) {
    report_each(context, sink, |problem| problem.kind == FileProblemKind::DuplicateFeed);
}

pub(super) fn unreadable_schedule(context: &Context<'_>, sink: &mut Sink<'_>) {
    report_each(context, sink, |problem| problem.kind == FileProblemKind::Schedule);
}

pub(super) fn duplicate_key(context: &Context<'_>, sink: &mut Sink<'_>) {
    report_each(context, sink, |problem| of_a_reader(problem) && problem.problem.kind == ProblemKind::DuplicateKey);
}

pub(super) fn ambiguous_scalar(context: &Context<'_>, sink: &mut Sink<'_>) {
    report_each(context, sink, |problem| of_a_reader(problem) && problem.problem.kind == ProblemKind::AmbiguousScalar);
}

fn syntax_of(context: &Context<'_>, sink: &mut Sink<'_>, kind: FileProblemKind) {
    report_each(context, sink, |problem| problem.kind == kind && problem.problem.kind == ProblemKind::Syntax);
}

fn of_a_reader(problem: &FileProblem) -> bool {
    matches!(problem.kind, FileProblemKind::Yaml | FileProblemKind::Json | FileProblemKind::Hcl)
}

fn report_each(context: &Context<'_>, sink: &mut Sink<'_>, is_own: impl Fn(&FileProblem) -> bool) {
    for found in context.head.problems.iter().filter(|problem| is_own(problem)) {
        report(context.files.get(found.file).path.as_str(), &found.problem, sink);
    }
}

fn report(path: &str, problem: &Problem, sink: &mut Sink<'_>) {
    let subject = Subject::new(SubjectKind::File, path);
    let diagnostic = sink.report(subject, problem.span, problem.message.clone());
    diagnostic.detail(problem.message.clone());
    diagnostic.explain(problem.help.as_ref(), problem.related.as_ref());
}
