//! What guards the values of a column: policy tags, or data policies that are attached to it without one.

use crate::model::{Known, Why};
use crate::syntax::{Document, NodeId, Value};
use crate::text::Spanned;

/// `{"policyTags": {"names": ["projects/…"]}}` or `{"dataPolicies": [{"name": "…"}]}`.
pub(super) fn read(document: &Document, item: NodeId) -> Known<Vec<String>> {
    let tags = document.get(item, "policyTags").map(|tags| match document.value(tags) {
        Value::Map(_) => document.get(tags, "names").unwrap_or(tags),
        _ => tags,
    });
    let lists = [tags, document.get(item, "dataPolicies")];
    lists.into_iter().flatten().map(|list| names(document, list)).find(|names| !names.is_absent()).unwrap_or_default()
}

fn names(document: &Document, list: NodeId) -> Known<Vec<String>> {
    let span = document.span(list);
    match document.value(list) {
        Value::Expression { .. } => Known::Unknown(Why::new("its policy tags are computed", Some(span))),
        Value::Sequence(children) if !document.items(children).is_empty() => {
            let items = document.items(children).iter();
            Known::Known(Spanned::new(items.map(|item| name(document, *item)).collect(), span))
        }
        _ => Known::Absent,
    }
}

/// One that is computed is one all the same, and goes by nothing.
fn name(document: &Document, item: NodeId) -> String {
    let node = document.get(item, "name").unwrap_or(item);
    document.str(node).unwrap_or_default().to_owned()
}
