//! Times in file names that no time zone belongs to.

use super::dates::moments;
use crate::keys::cron::Step;
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};

/// Directives that say an hour, and those that say which clock it is of.
const HOURS: &str = "HkIlTXRrc";
const ZONES: &str = "zZs";

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for feed in context.head.feeds.values() {
        let is_fine = feed.delivery.cadence.value().and_then(|cadence| cadence.step).is_some_and(|step| step > Step::Day);
        let Some(name) = feed.file.name.spanned().filter(|_| is_fine && feed.delivery.time_zone.is_absent()) else { continue };
        let moments = moments(feed, name);
        let has = |letters: &str| {
            moments.iter().flat_map(|moment| &moment.directives).any(|directive| letters.contains(directive.letter))
        };
        let hour = moments.iter().find(|moment| moment.directives.iter().any(|directive| HOURS.contains(directive.letter)));
        // A `Z` behind the time says UTC.
        let says_zone = has(ZONES) || name.value.text.contains('Z');
        if let Some(moment) = hour.filter(|_| !says_zone) {
            let message = format!("the time in the file name of feed `{}` is of no time zone", feed.id);
            sink.report(subject(feed), moment.span, message);
        }
    }
}
