//! A file that a feed names is not there, or lies where it may not be read.

use super::subject;
use crate::model::schema::{SchemaReference, Target};
use crate::model::{Feed, JsonSchema};
use crate::rules::schema::table_fix::new_table_schema;
use crate::rules::{Context, Sink};
use crate::text::{RepoPath, Span, Spanned, nearest};

/// For so many findings a file is looked for that may be meant: after a large move the first ones tell enough.
const MAX_SEARCHES: usize = 20;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for feed in context.head.feeds.values() {
        let schemas = [feed.schema.spanned(), feed.table.schema.spanned()];
        for reference in schemas.into_iter().flatten().chain(&feed.file.samples) {
            check_reference(context, feed, reference, sink);
        }
        check_terraform(context, feed, sink);
    }
}

fn check_reference(context: &Context<'_>, feed: &Feed, reference: &Spanned<SchemaReference>, sink: &mut Sink<'_>) {
    let text = &reference.value.text;
    let (message, help) = match &reference.value.target {
        Target::File(..) | Target::Inline(_) => return,
        Target::Missing { path } => {
            let message = format!("feed `{}` names `{path}`, which does not exist", feed.id);
            let of_table = feed.table.schema.spanned() == Some(reference);
            let schema = context.head.schema_of(feed).filter(|_| of_table);
            let missing = Missing { path, span: reference.span, message, detail: text, schema };
            return report_missing(context, feed, missing, sink);
        }
        Target::OutsideRoot => (
            format!("feed `{}` names `{text}`, which is not inside the repository", feed.id),
            "keep the file in the repository and name it relative to the feed file".to_owned(),
        ),
        Target::Unread { path, why } => (
            format!("feed `{}` names `{path}`, which could not be read: {why}", feed.id),
            "make it a readable text file".to_owned(),
        ),
    };
    sink.report(subject(feed), reference.span, message).help(help).detail(text.clone());
}

/// The schema of the feed's table, which Terraform reads from a file.
fn check_terraform(context: &Context<'_>, feed: &Feed, sink: &mut Sink<'_>) {
    let Some(table) = context.head.table_of(feed) else { return };
    let Some((why, schema)) = table.columns.why().zip(context.head.schema_of(feed)) else { return };
    if let (Some(path), Some(span)) = (&why.missing, why.span) {
        let message = format!("table `{}` of feed `{}` names `{path}`, which does not exist", table.id, feed.id);
        let missing = Missing { path, span, message, detail: path.as_str(), schema: Some(schema) };
        report_missing(context, feed, missing, sink);
    }
}

/// A file that is named and not there.
struct Missing<'a> {
    path: &'a RepoPath,
    span: Span,
    message: String,
    detail: &'a str,
    /// The JSON Schema, where the file is to be the schema of the table of its records.
    schema: Option<&'a JsonSchema>,
}

fn report_missing(context: &Context<'_>, feed: &Feed, missing: Missing<'_>, sink: &mut Sink<'_>) {
    let Missing { path, span, message, detail, schema } = missing;
    let is_searched = sink.diagnostics.len() < MAX_SEARCHES;
    let near = if is_searched { near(context, path) } else { None };
    let help = match near {
        Some(near) => format!("did you mean `{near}`? Paths are relative to the file that names them"),
        None => "add the file, or correct the path; it is relative to the file that names it".to_owned(),
    };
    // What is probably a slip of the pen is not made true. A file that something names already is hardly meant.
    let is_meant = near.is_some_and(|near| !is_named(context, near));
    let fix = schema.filter(|_| is_searched && !is_meant).and_then(|schema| new_table_schema(schema, path));
    let diagnostic = sink.report(subject(feed), span, message);
    diagnostic.help(help).detail(detail).fix = fix;
}

/// Whether a feed names the file already.
fn is_named(context: &Context<'_>, path: &str) -> bool {
    let is_own = |reference: &Spanned<SchemaReference>| match &reference.value.target {
        Target::File(_, own) => own.as_str() == path,
        Target::Inline(_) | Target::Missing { .. } | Target::OutsideRoot | Target::Unread { .. } => false,
    };
    context.head.feeds.values().any(|feed| {
        let schemas = [feed.schema.spanned(), feed.table.schema.spanned()];
        schemas.into_iter().flatten().chain(&feed.file.samples).any(is_own)
    })
}

/// The file of the same revision whose path is nearest.
fn near<'a>(context: &'a Context<'_>, path: &RepoPath) -> Option<&'a str> {
    let own = context.files.of(context.side);
    nearest(path.as_str(), own.map(|(_, file)| file.path.as_str()))
}
