//! Names in SQL for which BigQuery refuses the statement. Found where everything is known that a name could stand for.

use super::subject;
use crate::rules::{Context, Sink};
use crate::sql::NameMistakeKind;

pub(in crate::rules) fn unknown_column(context: &Context<'_>, sink: &mut Sink<'_>) {
    report(NameMistakeKind::UnknownColumn, context, sink);
}

pub(in crate::rules) fn ambiguous_column(context: &Context<'_>, sink: &mut Sink<'_>) {
    report(NameMistakeKind::AmbiguousColumn, context, sink);
}

pub(in crate::rules) fn unknown_information_schema_view(context: &Context<'_>, sink: &mut Sink<'_>) {
    report(NameMistakeKind::UnknownView, context, sink);
}

fn report(kind: NameMistakeKind, context: &Context<'_>, sink: &mut Sink<'_>) {
    for query in context.head.queries.values() {
        for mistake in query.resolution.mistakes.iter().filter(|mistake| mistake.kind == kind) {
            let span = query.map.span(mistake.range.clone());
            let diagnostic = sink.report(subject(query), span, mistake.message.clone());
            diagnostic.detail(mistake.name.clone());
            if let Some(help) = &mistake.help {
                diagnostic.help(help.clone());
            }
        }
    }
}
