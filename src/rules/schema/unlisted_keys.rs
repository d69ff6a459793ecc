//! A JSON Schema allows keys beyond its properties in so many words, and the load refuses what the table does not have.

use super::alignment::pairs;
use crate::model::facts::Item;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for pair in pairs(context, |_| {}) {
        for (path, span) in pair.align().open {
            let (feed, table) = (&pair.feed.id, &pair.table.id);
            let whose = if path.is_empty() { "records".to_owned() } else { format!("`{path}`") };
            let message = format!(
                "{whose} of feed `{feed}` may hold keys that are not listed, and a load into table `{table}` refuses them"
            );
            let diagnostic = sink.report(Item::Feed(pair.feed).subject(), span, message);
            pair.relate_table(diagnostic);
            pair.relate_feed(diagnostic);
            diagnostic.detail(format!("{feed} {path}"));
        }
    }
}
