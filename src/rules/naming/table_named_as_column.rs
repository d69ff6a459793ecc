//! Tables that have a column of their own name.

use super::own_tables;
use crate::model::facts::Item;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for own in own_tables(context.head) {
        let columns = own.table.columns.value().map(Vec::as_slice).unwrap_or_default();
        let Some(column) = columns.iter().find(|column| column.name.eq_ignore_ascii_case(own.name)) else { continue };
        let message = format!("table `{}` has a column `{}`, which is its own name", own.table.id, column.name);
        sink.report(Item::Table(own.table).subject(), own.span, message).related(column.name_span, "the column");
    }
}
