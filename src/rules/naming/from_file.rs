//! Feeds whose files name their tables, for the rules on names of tables.

use super::with_names;
use crate::model::Feed;
use crate::model::naming::{Automaton, FeedNames, TableTemplate, Untold};
use crate::rules::Context;
use crate::text::Span;

pub(super) struct FromFile<'a> {
    pub(super) feed: &'a Feed,
    names: &'a FeedNames,
    pub(super) template: &'a TableTemplate,
    pub(super) span: Span,
    /// Every name that a table may get.
    pub(super) tables: Result<Automaton, Untold>,
    /// The tables are few, and each of them is in the model.
    pub(super) is_listed: bool,
}

pub(super) fn from_file<'a>(context: &'a Context<'_>) -> impl Iterator<Item = FromFile<'a>> {
    let environments = context.head.names.environments();
    with_names(context).filter_map(move |(feed, names)| {
        let template = feed.table.template.as_ref()?;
        let tables = template.value.tables(names, environments);
        let is_listed = feed.table.dataset.value().is_some() && template.value.listed(names, environments).is_some();
        Some(FromFile { feed, names, template: &template.value, span: template.span, tables, is_listed })
    })
}

impl FromFile<'_> {
    /// A file that is loaded into a table, for people.
    pub(super) fn file_of(&self, table: &str, context: &Context<'_>) -> String {
        let file = self.template.file_of(table, self.names, context.head.names.environments());
        file.map_or_else(|| "a file".to_owned(), |file| format!("`{}`", file.escape_debug()))
    }
}
