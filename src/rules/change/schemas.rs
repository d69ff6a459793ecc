//! The JSON Schemas that both revisions have, where they differ.

use crate::model::JsonSchema;
use crate::record::compatibility::{Loss, losses};
use crate::record::schema_text::SchemaText;
use crate::rules::Context;

/// One schema in both revisions.
pub(super) struct Both<'a> {
    pub(super) base: SchemaText<'a>,
    pub(super) head: SchemaText<'a>,
    pub(super) base_schema: &'a JsonSchema,
    pub(super) schema: &'a JsonSchema,
}

/// A schema that breaks its own draft says nothing that could be compared.
pub(super) fn changed<'a>(context: &'a Context<'_>) -> Vec<Both<'a>> {
    let Some(base) = context.base else { return Vec::new() };
    let sides = context.pairs.schemas.sides(&base.schemas, &context.head.schemas);
    let both = sides.into_iter().filter_map(|(base, head)| base.zip(head));
    let is_sound = |(base, head): &(&JsonSchema, &JsonSchema)| base.violations.is_empty() && head.violations.is_empty();
    let differ = both.filter(is_sound).filter_map(|(base_schema, schema)| {
        let base = SchemaText::read(base_schema, context.files)?;
        let head = SchemaText::read(schema, context.files)?;
        (base.value != head.value).then_some(Both { base, head, base_schema, schema })
    });
    differ.collect()
}

impl Both<'_> {
    /// What the provider may send and the head refuses.
    pub(super) fn lost_to_provider(&self) -> Vec<Loss> {
        losses(&self.base.value, &self.head.value)
    }

    /// What readers may find in records and the base did not allow.
    pub(super) fn lost_to_readers(&self) -> Vec<Loss> {
        losses(&self.head.value, &self.base.value)
    }

    /// ``field `amount` of feed `orders` ``.
    pub(super) fn named(&self, field: &str) -> String {
        let of = match self.schema.feeds.as_slice() {
            [] => format!("schema `{}`", self.schema.path),
            [feed] => format!("feed `{feed}`"),
            feeds => format!("feeds {}", feeds.iter().map(|feed| format!("`{feed}`")).collect::<Vec<_>>().join(", ")),
        };
        if field.is_empty() { format!("a record of {of}") } else { format!("field `{field}` of {of}") }
    }
}
