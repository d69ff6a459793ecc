//! A file that a feed names is not there, or lies where it may not be read.

use super::subject;
use crate::model::Feed;
use crate::model::schema::{SchemaReference, Target};
use crate::rules::{Context, Sink};
use crate::text::{RepoPath, Spanned, nearest};

/// For so many findings a file is looked for that may be meant: after a large move the first ones tell enough.
const MAX_SEARCHES: usize = 20;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for feed in context.head.feeds.values() {
        let schemas = [feed.schema.spanned(), feed.table.schema.spanned()];
        for reference in schemas.into_iter().flatten().chain(&feed.file.samples) {
            check_reference(context, feed, reference, sink);
        }
    }
}

fn check_reference(context: &Context<'_>, feed: &Feed, reference: &Spanned<SchemaReference>, sink: &mut Sink<'_>) {
    let text = &reference.value.text;
    let (message, help) = match &reference.value.target {
        Target::File(..) | Target::Inline(_) => return,
        Target::Missing { path } => {
            let near = if sink.diagnostics.len() < MAX_SEARCHES { near(context, path) } else { None };
            let help = match near {
                Some(near) => format!("did you mean `{near}`? Paths are relative to the feed file"),
                None => "add the file, or correct the path; it is relative to the feed file".to_owned(),
            };
            (format!("feed `{}` names `{path}`, which does not exist", feed.id), help)
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

/// The file of the same revision whose path is nearest.
fn near<'a>(context: &'a Context<'_>, path: &RepoPath) -> Option<&'a str> {
    let own = context.files.of(context.side);
    nearest(path.as_str(), own.map(|(_, file)| file.path.as_str()))
}
