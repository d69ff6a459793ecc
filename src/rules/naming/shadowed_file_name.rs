//! A feed of which every file is another feed's as well.

use super::conflicts::{Claims, parties, report};
use crate::model::naming::Relation;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut claims = Claims::new();
    for conflict in context.head.names.conflicts() {
        let Some((feed, other)) = parties(context, conflict) else { continue };
        let names = context.head.names.feeds();
        let is_first = names.get(conflict.first).is_some_and(|first| first.feed == feed.id);
        let (inner, outer) = match conflict.relation {
            Relation::Crossing => continue,
            Relation::Equal => (feed, other),
            Relation::FirstInSecond if is_first => (feed, other),
            Relation::SecondInFirst if !is_first => (feed, other),
            Relation::FirstInSecond | Relation::SecondInFirst => (other, feed),
        };
        claims.entry(&inner.id).or_default().push((outer, conflict));
    }
    report(claims, context, sink, |feed, other, _| {
        format!("every file of feed `{}` is taken by feed `{}` as well", feed.id, other.id)
    });
}
