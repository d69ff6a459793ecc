//! The time zone of a feed is not one of the IANA database.

use crate::model::delivery::{Zone, nearest_zone};
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for feed in context.head.feeds.values() {
        let Some(name) = feed.delivery.time_zone.spanned().filter(|name| Zone::find(&name.value).is_none()) else { continue };
        let message = format!("feed `{}` names the time zone `{}`, which does not exist", feed.id, name.value);
        let found = sink.report(subject(feed), name.span, message);
        match nearest_zone(&name.value) {
            Some(near) => found.help(format!("did you mean `{near}`?")),
            None => found.help("name it by its place, such as `Europe/London`, or write `UTC`"),
        };
    }
}
