//! The JSON Schema of each feed against the columns of its table, for the rules on what does not fit.

use crate::diagnostic::Diagnostic;
use crate::model::facts::Item;
use crate::model::table::DefinitionSource;
use crate::model::{Column, Feed, JsonSchema, Table};
use crate::record::align::{Alignment, align};
use crate::rules::{Context, Sink};

/// A feed whose records and table are both known.
pub(super) struct Pair<'a> {
    pub(super) feed: &'a Feed,
    pub(super) schema: &'a JsonSchema,
    pub(super) table: &'a Table,
    pub(super) columns: &'a [Column],
}

/// The feeds with a schema and a table; those of which the columns are not known are passed to `unknown`.
pub(super) fn pairs<'a>(context: &'a Context<'_>, mut unknown: impl FnMut(&'a Table)) -> Vec<Pair<'a>> {
    let mut pairs = Vec::new();
    for feed in context.head.feeds.values() {
        let (Some(schema), Some(table)) = (context.head.schema_of(feed), context.head.table_of(feed)) else { continue };
        match table.columns.value() {
            Some(columns) => pairs.push(Pair { feed, schema, table, columns }),
            None => unknown(table),
        }
    }
    pairs
}

impl<'a> Pair<'a> {
    pub(super) fn ignores_unknown(&self) -> bool {
        self.feed.table.ignore_unknown_values.value() == Some(&true)
    }

    /// Something besides the feed's own definition gives the table columns that the first definition does not have.
    pub(super) fn may_have_more_columns(&self) -> bool {
        let others = self.table.definitions.iter().filter(|other| other.source == DefinitionSource::Otherwise);
        others.into_iter().any(|other| !self.feed.origins.iter().any(|origin| origin.span.file == other.span.file))
    }

    pub(super) fn align(&self) -> Alignment<'a> {
        align(&self.schema.shape, self.columns, self.ignores_unknown())
    }

    /// One table may take several feeds: the feed tells their findings apart.
    pub(super) fn relate_feed(&self, diagnostic: &mut Diagnostic) {
        diagnostic.related(self.feed.name_span, format!("feed `{}`", self.feed.id)).detail(self.feed.id.to_string());
    }

    pub(super) fn relate_table(&self, diagnostic: &mut Diagnostic) {
        if let Some(span) = self.table.columns.span() {
            diagnostic.related(span, format!("the schema of table `{}`", self.table.id));
        }
    }

    /// Says that a part of the schema is not known.
    pub(super) fn not_checked(&self, alignment: &Alignment<'_>, sink: &mut Sink<'_>) {
        for (path, why) in &alignment.unknown {
            let field = if path.is_empty() { String::new() } else { format!("field `{path}`: ") };
            sink.not_checked(&Item::Feed(self.feed).subject(), format!("{field}{}", why.text), why.span);
        }
    }
}
