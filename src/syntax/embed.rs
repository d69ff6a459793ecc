//! The text of a string node together with the map back to its host: SQL in a block scalar, a heredoc, a JSON string.

use super::node::{Document, NodeId};
use crate::text::SpanMap;

/// The decoded text of a string (or of a template, whose holes become `${…}` as they are written) and where each byte of it stands.
pub struct Embedded {
    pub text: String,
    pub map: SpanMap,
}

/// `None` when the node is neither a string nor a template.
pub fn embedded(document: &Document, node: NodeId) -> Option<Embedded> {
    let text = document.str(node)?.to_owned();
    let map = SpanMap::verbatim(document.file(), document.span(node).range());
    Some(Embedded { text, map })
}
