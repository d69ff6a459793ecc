//! A cron expression that runs at other times than it seems to say.

use crate::keys::cron::Cron;
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for feed in context.head.feeds.values() {
        let Some(cadence) = feed.delivery.cadence.spanned() else { continue };
        for (problem, help) in problems(&cadence.value.text) {
            let message = format!("the cadence `{}` of feed `{}` {problem}", cadence.value.text, feed.id);
            sink.report(subject(feed), cadence.span, message).help(help).detail(problem);
        }
    }
}

/// What an expression does that one does not see, and what to write instead.
fn problems(text: &str) -> Vec<(String, String)> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let ([minute, hour, day, month, weekday], Ok(cron)) = (words.as_slice(), Cron::parse(text)) else { return Vec::new() };
    let mut found = Vec::new();
    if *minute == "*" && *hour != "*" {
        let first = cron.times().next().map_or(0, |(hour, _)| hour);
        let problem = format!("runs every minute of its hours: {} times a day", cron.times().count());
        found.push((problem, format!("write `0 {hour} {day} {month} {weekday}` for once an hour, on the hour: {first:02}:00")));
    }
    if !day.starts_with('*') && !weekday.starts_with('*') {
        let problem = "runs on each of its days of the month and on each of its weekdays, not only where both meet".to_owned();
        found.push((problem, "give one of the two fields a `*`".to_owned()));
    }
    found.extend([(*minute, 60, "minute"), (*hour, 24, "hour")].into_iter().filter_map(uneven));
    found
}

/// A step that does not divide its hour or day starts anew with each.
fn uneven((field, whole, unit): (&str, u32, &str)) -> Option<(String, String)> {
    let step: u32 = field.strip_prefix("*/")?.parse().ok()?;
    let rest = whole.checked_rem(step).filter(|rest| *rest > 0)?;
    let last = whole - rest;
    let plural = if rest == 1 { "" } else { "s" };
    let problem =
        format!("starts anew at {unit} 0: after {unit} {last} the next run comes {rest} {unit}{plural} later, not {step}");
    Some((problem, format!("take a step that divides {whole}, or list the {unit}s")))
}
