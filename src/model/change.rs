//! What came and what went between two revisions, by subject. Places do not count: a thing that only moved has not changed.

use super::Model;
use crate::diagnostic::{Subject, SubjectKind};
use crate::syntax::Node;
use std::collections::BTreeMap;

/// One difference. `before` and `after` are the definition's own nodes, where it has one.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub subject: Subject,
    pub kind: ChangeKind,
    pub before: Option<Node>,
    pub after: Option<Node>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    Added,
    Removed,
}

impl ChangeKind {
    pub fn name(self) -> &'static str {
        match self {
            ChangeKind::Added => "added",
            ChangeKind::Removed => "removed",
        }
    }
}

/// The subjects that only one of the two revisions has, sorted.
pub fn between(base: &Model, head: &Model) -> Vec<Change> {
    let (before, after) = (subjects(base), subjects(head));
    let added = after.iter().filter(|(subject, _)| !before.contains_key(subject)).map(|(subject, node)| Change {
        subject: subject.clone(),
        kind: ChangeKind::Added,
        before: None,
        after: *node,
    });
    let removed = before.iter().filter(|(subject, _)| !after.contains_key(subject)).map(|(subject, node)| Change {
        subject: subject.clone(),
        kind: ChangeKind::Removed,
        before: *node,
        after: None,
    });
    let mut changes: Vec<Change> = added.chain(removed).collect();
    changes.sort_by(|a, b| a.subject.cmp(&b.subject));
    changes
}

fn subjects(model: &Model) -> BTreeMap<Subject, Option<Node>> {
    let feeds = model.feeds.values().map(|feed| {
        let document = model.documents.get(&feed.span.file);
        let root = document
            .and_then(|document| document.roots.iter().map(|root| document.node(*root)).find(|node| node.span == feed.span));
        (Subject::new(SubjectKind::Feed, feed.id.0.clone()), root)
    });
    let schemas = model.schemas.values().map(|schema| {
        let root = model.documents.get(&schema.file).map(|document| document.node(schema.root));
        (Subject::new(SubjectKind::Schema, schema.path.as_str()), root)
    });
    let tables = model.tables.keys().map(|id| (Subject::new(SubjectKind::Table, id.to_string()), None));
    let buckets = model.buckets.keys().map(|id| (Subject::new(SubjectKind::Bucket, id.to_string()), None));
    feeds.chain(schemas).chain(tables).chain(buckets).collect()
}
