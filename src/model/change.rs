//! What differs between two revisions, by subject: what came, what went, what has another name, and what is said otherwise.
//! Places do not count: a thing that only moved has not changed. Parts of a thing that came or went are not listed.

mod columns;
mod differences;
mod identity;
mod moved;
mod pairing;
mod statements;

use super::table::DefinitionSource;
use super::{Bucket, Feed, JsonSchema, Model, Query, Table, Trigger, Workflow};
use crate::diagnostic::{Subject, SubjectKind};
use crate::text::{Files, Side, Span};
use differences::Differences;
use std::collections::BTreeSet;
use std::sync::Arc;

pub use pairing::{Pairing, Pairs};

/// Two revisions, compared.
#[derive(Debug, Default)]
pub struct Comparison {
    /// Sorted by subject.
    pub changes: Vec<Change>,
    pub pairs: Pairs,
}

/// One thing that is not as it was. `before` and `after` are the places of its definition in the two revisions.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// As the head calls it; of what went, as the base did.
    pub subject: Subject,
    /// The table of a column and the schema of a field, as the head calls it.
    pub holder: Option<Subject>,
    pub kind: ChangeKind,
    /// What is said otherwise; none of what came or went.
    pub differences: Vec<Difference>,
    pub before: Option<Span>,
    pub after: Option<Span>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    Added,
    Removed,
    /// From the name that the base gave it; there may be differences besides.
    Renamed(Arc<str>),
    Modified,
}

/// An attribute that has another value.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// As people call it: `partition expiration`.
    pub name: &'static str,
    /// `None` where nothing was said.
    pub before: Option<Said>,
    pub after: Option<Said>,
}

/// A value in words: of what cannot be known, the expression that hides it.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    pub text: String,
    pub span: Option<Span>,
}

impl Change {
    /// What names a part of a thing within it: `address.zip`; of a thing, its name.
    pub fn part(&self) -> &str {
        self.part_of(&self.subject.key)
    }

    fn part_of<'k>(&self, key: &'k str) -> &'k str {
        let holder = self.holder.as_ref().map_or("", |holder| &*holder.key);
        key.strip_prefix(holder).unwrap_or(key).trim_start_matches(['.', '#'])
    }

    /// What the base called it, where that is another name.
    pub fn was(&self) -> Option<&str> {
        match &self.kind {
            ChangeKind::Renamed(was) => Some(self.part_of(was)),
            ChangeKind::Added | ChangeKind::Removed | ChangeKind::Modified => None,
        }
    }
}

impl ChangeKind {
    pub fn name(&self) -> &'static str {
        match self {
            ChangeKind::Added => "added",
            ChangeKind::Removed => "removed",
            ChangeKind::Renamed(_) => "renamed",
            ChangeKind::Modified => "modified",
        }
    }
}

/// Compares the two revisions.
pub fn between(base: &Model, head: &Model, files: &Files) -> Comparison {
    let pairs = identity::pairs(base, head, files);
    let mut differ = Differ { files, pairs: &pairs, changes: Vec::new() };
    differ.feeds(base, head);
    differ.schemas(base, head);
    differ.tables(base, head);
    differ.buckets(base, head);
    differ.triggers(base, head);
    differ.workflows(base, head);
    differ.queries(base, head);
    differ.files(head);
    let mut changes = differ.changes;
    changes.sort_by(|a, b| (&a.subject, &a.kind).cmp(&(&b.subject, &b.kind)));
    Comparison { changes, pairs }
}

/// Finds the changes of paired things.
struct Differ<'a> {
    files: &'a Files,
    pairs: &'a Pairs,
    changes: Vec<Change>,
}

/// A subject with the place of its definition.
type Placed = (Subject, Option<Span>);

impl Differ<'_> {
    fn feeds(&mut self, base: &Model, head: &Model) {
        let placed = |feed: &Feed| (Subject::new(SubjectKind::Feed, feed.id.0.clone()), Some(feed.name_span));
        for side in self.pairs.feeds.sides(&base.feeds, &head.feeds) {
            self.one(side, placed, |differences, base, head| differences.feed(base, head));
        }
    }

    fn schemas(&mut self, base: &Model, head: &Model) {
        let placed = |schema: &JsonSchema| (Subject::new(SubjectKind::Schema, schema.path.as_str()), Some(schema.span));
        for side in self.pairs.schemas.sides(&base.schemas, &head.schemas) {
            self.one(side, placed, |differences, base, head| differences.schema(base, head));
            if let (Some(base), Some(head)) = side {
                self.changes.extend(columns::of_schemas(base, head));
            }
        }
    }

    fn tables(&mut self, base: &Model, head: &Model) {
        let placed = |table: &Table| (Subject::new(SubjectKind::Table, table.id.to_string()), table.span());
        for side in self.pairs.tables.sides(&base.tables, &head.tables) {
            // What only statistics know is nothing that the repository says.
            let (base, head) = (side.0.filter(|table| is_defined(table)), side.1.filter(|table| is_defined(table)));
            self.one((base, head), placed, |differences, base, head| differences.table(base, head));
            if let (Some(base), Some(head)) = (base, head) {
                self.changes.extend(columns::of_tables(base, head));
            }
        }
    }

    fn buckets(&mut self, base: &Model, head: &Model) {
        let placed = |bucket: &Bucket| (Subject::new(SubjectKind::Bucket, bucket.id.to_string()), Some(bucket.span));
        for side in self.pairs.buckets.sides(&base.buckets, &head.buckets) {
            self.one(side, placed, |differences, base, head| differences.bucket(base, head));
        }
    }

    fn triggers(&mut self, base: &Model, head: &Model) {
        let placed = |trigger: &Trigger| (Subject::new(SubjectKind::Trigger, trigger.id.0.clone()), Some(trigger.span));
        for side in self.pairs.triggers.sides(&base.triggers, &head.triggers) {
            self.one(side, placed, |differences, base, head| differences.trigger(base, head));
        }
    }

    fn workflows(&mut self, base: &Model, head: &Model) {
        let placed = |workflow: &Workflow| (Subject::new(SubjectKind::Workflow, workflow.id.0.clone()), Some(workflow.span));
        for side in self.pairs.workflows.sides(&base.workflows, &head.workflows) {
            self.one(side, placed, |differences, base, head| differences.workflow(base, head));
        }
    }

    fn queries(&mut self, base: &Model, head: &Model) {
        let placed = |query: &Query| (Subject::new(SubjectKind::Query, query.id.to_string()), Some(query.span));
        for side in self.pairs.queries.sides(&base.queries, &head.queries) {
            self.one(side, placed, |differences, base, head| differences.query(base, head));
        }
        // Statements have no name but a place, which does not count.
        let is_one = |change: &Change| change.subject.kind == SubjectKind::Query && matches!(change.kind, ChangeKind::Renamed(_));
        self.changes.retain_mut(|change| {
            if is_one(change) {
                change.kind = ChangeKind::Modified;
                return !change.differences.is_empty();
            }
            true
        });
    }

    /// A file of SQL that has another name is one change, however many statements it holds.
    fn files(&mut self, head: &Model) {
        let of_queries: BTreeSet<&str> = head.queries.keys().map(|id| &*id.path).collect();
        for (base, head) in self.pairs.files.iter().filter(|(_, head)| of_queries.contains(head.as_str())) {
            let place = |side, path| self.files.find(side, path).map(Span::start_of);
            self.changes.push(Change {
                subject: Subject::new(SubjectKind::File, head.as_str()),
                kind: ChangeKind::Renamed(base.as_str().into()),
                holder: None,
                differences: Vec::new(),
                before: place(Side::Base, base),
                after: place(Side::Head, head),
            });
        }
    }

    fn one<T>(
        &mut self,
        side: (Option<&T>, Option<&T>),
        placed: impl Fn(&T) -> Placed,
        compare: impl FnOnce(&mut Differences<'_>, &T, &T),
    ) {
        let change = match side {
            (Some(base), Some(head)) => {
                let mut differences = Differences::new(self.files, self.pairs);
                compare(&mut differences, base, head);
                paired(placed(base), placed(head), differences.found)
            }
            (Some(base), None) => Some(alone(ChangeKind::Removed, placed(base))),
            (None, Some(head)) => Some(alone(ChangeKind::Added, placed(head))),
            (None, None) => None,
        };
        self.changes.extend(change);
    }
}

fn is_defined(table: &Table) -> bool {
    table.definitions.iter().any(|definition| definition.source != DefinitionSource::Statistics)
}

fn alone(kind: ChangeKind, (subject, place): Placed) -> Change {
    let (before, after) = if kind == ChangeKind::Removed { (place, None) } else { (None, place) };
    Change { subject, holder: None, kind, differences: Vec::new(), before, after }
}

/// What became of a thing that both revisions have; `None` where nothing did.
fn paired((was, before): Placed, (subject, after): Placed, differences: Vec<Difference>) -> Option<Change> {
    let is_same_name = identity::without_folder(&was.key) == identity::without_folder(&subject.key);
    let kind = match (is_same_name, differences.is_empty()) {
        (false, _) => ChangeKind::Renamed(was.key),
        (true, false) => ChangeKind::Modified,
        (true, true) => return None,
    };
    Some(Change { subject, holder: None, kind, differences, before, after })
}
