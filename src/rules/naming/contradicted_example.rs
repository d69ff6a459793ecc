//! Examples in the definition that the pattern does not take, and counter-examples that it does.

use super::with_names;
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (feed, names) in with_names(context) {
        let pattern = feed.file.name.span();
        for example in &feed.file.examples {
            let Some((at, expected)) = names.misfit(&example.value) else { continue };
            let rest = example.value.get(at..).unwrap_or("");
            let place = if rest.is_empty() { "at its end".to_owned() } else { format!("at `{rest}`") };
            let message =
                format!("feed `{}` does not take its example `{}`: {place}, {expected} is expected", feed.id, example.value);
            let found = sink.report(subject(feed), example.span, message);
            found.detail(example.value.clone()).help("correct the example, or the pattern");
            pattern.into_iter().for_each(|span| _ = found.related(span, "the pattern"));
        }
        for example in feed.file.counter_examples.iter().filter(|example| names.misfit(&example.value).is_none()) {
            let message = format!("feed `{}` takes `{}`, which it is said not to", feed.id, example.value);
            let found = sink.report(subject(feed), example.span, message);
            found.detail(example.value.clone()).help("make the pattern narrower, or take the counter-example out");
            pattern.into_iter().for_each(|span| _ = found.related(span, "the pattern"));
        }
    }
}
