//! A JSON Schema as it is written: its value, and where in the text each part of it stands.

use crate::model::JsonSchema;
use crate::model::schema::elsewhere::document_of;
use crate::model::schema_check::to_json;
use crate::syntax::{Document, NodeId, Value};
use crate::text::{Files, Span};

pub struct SchemaText<'a> {
    schema: &'a JsonSchema,
    pub value: serde_json::Value,
    /// `None` where the schema stands in the definition of a feed.
    document: Option<(Document, NodeId)>,
}

impl<'a> SchemaText<'a> {
    /// `None` when its file holds nothing.
    pub fn read(schema: &'a JsonSchema, files: &Files) -> Option<SchemaText<'a>> {
        if let Some(value) = &schema.inline {
            return Some(SchemaText { schema, value: (**value).clone(), document: None });
        }
        let document = document_of(files, schema.file);
        let root = document.roots.first().copied()?;
        Some(SchemaText { schema, value: to_json(&document, root), document: Some((document, root)) })
    }

    /// The place of a JSON pointer: a plain value itself, of anything larger its key.
    pub fn place(&self, pointer: &str) -> Option<Span> {
        let (document, root) = self.document.as_ref()?;
        let node = document.pointer(*root, pointer)?;
        if !matches!(document.value(node), Value::Map(_) | Value::Sequence(_)) {
            return Some(document.span(node));
        }
        let (above, key) = pointer.rsplit_once('/')?;
        let key = key.replace("~1", "/").replace("~0", "~");
        Some(document.entry(document.pointer(*root, above)?, &key)?.key_span)
    }

    /// The place of a field, or of the nearest one that holds it.
    pub fn place_of_field(&self, path: &str) -> Span {
        let mut path = path;
        loop {
            if let Some(field) = self.schema.fields.iter().find(|field| field.path == path) {
                return field.key_span;
            }
            match path.rsplit_once('.') {
                Some((above, _)) => path = above,
                None => return self.place("/properties").unwrap_or(self.start()),
            }
        }
    }

    fn start(&self) -> Span {
        let span = self.schema.span;
        Span { end: (span.start + 1).min(span.end), ..span }
    }
}
