//! `due` and the cadence speak of different times.

use crate::keys::cron::{Cron, Rhythm, rhythm};
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for feed in context.head.feeds.values() {
        let (Some(due), Some(cadence)) = (feed.delivery.due.spanned(), feed.delivery.cadence.spanned()) else { continue };
        let Some(Rhythm::Timed(cron)) = rhythm(&cadence.value.text) else { continue };
        let Some(problem) = problem(&cron, &due.value) else { continue };
        let message = format!("feed `{}` is due at {}, but its cadence `{}` {problem}", feed.id, due.value, cadence.value.text);
        sink.report(subject(feed), due.span, message).help(help(&cron)).related(cadence.span, "the cadence");
    }
}

fn problem(cron: &Cron, due: &str) -> Option<String> {
    let times: Vec<String> = cron.times().map(|(hour, minute)| format!("{hour:02}:{minute:02}")).collect();
    match times.as_slice() {
        [] => None,
        // Both are written `HH:MM`, so that they compare as they stand.
        [time] => (due < time.as_str()).then(|| format!("begins only at {time}")),
        times => Some(format!("comes {} times a day", times.len())),
    }
}

fn help(cron: &Cron) -> &'static str {
    match cron.times().count() {
        1 => "let `due` be at or after the time of the cadence: it is when the delivery must be there",
        _ => "take `due` out, and say with `grace` how late each delivery may be",
    }
}
