//! A sample file in the repository whose name is none of the feed's.

use super::with_names;
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (feed, names) in with_names(context) {
        for sample in &feed.file.samples {
            let name = sample.value.text.rsplit('/').next().unwrap_or("");
            let Some((at, expected)) = names.misfit(name) else { continue };
            let rest = name.get(at..).unwrap_or("");
            let place = if rest.is_empty() { "at its end".to_owned() } else { format!("at `{rest}`") };
            let message = format!("the sample `{name}` is no file of feed `{}`: {place}, {expected} is expected", feed.id);
            let found = sink.report(subject(feed), sample.span, message);
            found.detail(name.to_owned());
            feed.file.name.span().into_iter().for_each(|span| _ = found.related(span, "the pattern"));
        }
    }
}
