//! A load leaves out fields that the table has no column for, because it was told to ignore what it does not know.

use super::alignment::{Pair, pairs};
use crate::model::facts::Item;
use crate::rules::{Context, Sink};

/// So many fields are named in a message.
const MAX_NAMED: usize = 5;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for pair in pairs(context, |_| {}).iter().filter(|pair| pair.ignores_unknown()) {
        if !pair.may_have_more_columns() {
            check_pair(pair, sink);
        }
    }
}

fn check_pair(pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let dropped = pair.align().dropped;
    let (Some((_, first)), Some(place)) = (dropped.first(), pair.feed.table.ignore_unknown_values.span()) else { return };
    let (feed, table) = (&pair.feed.id, &pair.table.id);
    let message = format!("{} of feed `{feed}` never reach table `{table}`: it has no such column", named(&dropped));
    let message = if dropped.len() == 1 { message.replace(" never reach ", " never reaches ") } else { message };
    let diagnostic = sink.report(Item::Feed(pair.feed).subject(), place, message);
    diagnostic.related(first.key_span, "the first of them in the JSON Schema");
    pair.relate_table(diagnostic);
}

fn named(dropped: &[(String, &crate::model::schema::shape::Field)]) -> String {
    let names: Vec<String> = dropped.iter().take(MAX_NAMED).map(|(path, _)| format!("`{path}`")).collect();
    let more = dropped.len() - names.len();
    let rest = if more == 0 { String::new() } else { format!(" and {more} more") };
    let word = if dropped.len() == 1 { "field" } else { "fields" };
    format!("{word} {}{rest}", names.join(", "))
}
