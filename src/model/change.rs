//! What came and what went between two revisions, by subject. Places do not count: a thing that only moved has not changed.

use super::Model;
use crate::diagnostic::{Subject, SubjectKind};
use crate::text::Span;
use std::collections::BTreeMap;

/// One difference. `before` and `after` are the places of the definition in the two revisions.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub subject: Subject,
    pub kind: ChangeKind,
    pub before: Option<Span>,
    pub after: Option<Span>,
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
    let added = after.iter().filter(|(subject, _)| !before.contains_key(subject)).map(|(subject, place)| Change {
        subject: subject.clone(),
        kind: ChangeKind::Added,
        before: None,
        after: *place,
    });
    let removed = before.iter().filter(|(subject, _)| !after.contains_key(subject)).map(|(subject, place)| Change {
        subject: subject.clone(),
        kind: ChangeKind::Removed,
        before: *place,
        after: None,
    });
    let mut changes: Vec<Change> = added.chain(removed).collect();
    changes.sort_by(|a, b| a.subject.cmp(&b.subject));
    changes
}

fn subjects(model: &Model) -> BTreeMap<Subject, Option<Span>> {
    let feeds = model.feeds.values().map(|feed| (Subject::new(SubjectKind::Feed, feed.id.0.clone()), Some(feed.span)));
    let schemas =
        model.schemas.values().map(|schema| (Subject::new(SubjectKind::Schema, schema.path.as_str()), Some(schema.span)));
    let tables = model.tables.values().map(|table| (Subject::new(SubjectKind::Table, table.id.to_string()), table.span()));
    let buckets =
        model.buckets.values().map(|bucket| (Subject::new(SubjectKind::Bucket, bucket.id.to_string()), Some(bucket.span)));
    feeds.chain(schemas).chain(tables).chain(buckets).collect()
}
