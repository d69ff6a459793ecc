//! Which thing of the base is which of the head, both ways.

use crate::diagnostic::{Subject, SubjectKind};
use crate::model::{BucketId, FeedId, QueryId, TableId, TriggerId, WorkflowId};
use crate::text::RepoPath;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::Arc;

/// The things that both revisions have, by kind.
#[derive(Debug, Default)]
pub struct Pairs {
    pub feeds: Pairing<FeedId>,
    pub schemas: Pairing<RepoPath>,
    pub tables: Pairing<TableId>,
    pub buckets: Pairing<BucketId>,
    pub triggers: Pairing<TriggerId>,
    pub workflows: Pairing<WorkflowId>,
    pub queries: Pairing<QueryId>,
    /// Files that moved, as far as that can be told.
    pub files: Pairing<RepoPath>,
    renamed: Renamed,
}

/// Pairs of keys: what the base calls a thing, and what the head calls it.
#[derive(Debug)]
pub struct Pairing<K> {
    to_base: BTreeMap<K, K>,
    to_head: BTreeMap<K, K>,
}

/// The keys of subjects that the two revisions call otherwise.
#[derive(Debug, Default)]
struct Renamed {
    to_base: BTreeMap<(SubjectKind, Arc<str>), Arc<str>>,
    to_head: BTreeMap<(SubjectKind, Arc<str>), Arc<str>>,
}

impl<K> Default for Pairing<K> {
    fn default() -> Pairing<K> {
        Pairing { to_base: BTreeMap::new(), to_head: BTreeMap::new() }
    }
}

impl<K: Ord + Clone> Pairing<K> {
    pub(super) fn add(&mut self, base: &K, head: &K) {
        self.to_base.insert(head.clone(), base.clone());
        self.to_head.insert(base.clone(), head.clone());
    }

    /// What the base calls a thing of the head.
    pub fn base_of(&self, head: &K) -> Option<&K> {
        self.to_base.get(head)
    }

    /// What the head calls a thing of the base.
    pub fn head_of(&self, base: &K) -> Option<&K> {
        self.to_head.get(base)
    }

    /// All pairs, base first, sorted by it.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &K)> {
        self.to_head.iter()
    }

    /// Everything that either revision has: pairs and what went, then what came.
    pub fn sides<'m, T>(&self, base: &'m BTreeMap<K, T>, head: &'m BTreeMap<K, T>) -> Vec<(Option<&'m T>, Option<&'m T>)> {
        let of_base = base.iter().map(|(key, thing)| (Some(thing), self.head_of(key).and_then(|key| head.get(key))));
        let added = head.iter().filter(|(key, _)| self.base_of(key).is_none()).map(|(_, thing)| (None, Some(thing)));
        of_base.chain(added).collect()
    }
}

impl Pairs {
    /// What the base calls a subject of the head, or would call it, where it has no such thing. Columns go with their
    /// table, and fields with their schema.
    pub fn base_subject(&self, head: &Subject) -> Subject {
        translated(head, &self.renamed.to_base)
    }

    /// What the head calls a subject of the base, or would call it.
    pub fn head_subject(&self, base: &Subject) -> Subject {
        translated(base, &self.renamed.to_head)
    }

    /// Notes which subjects have another name. Call it when all pairs are found.
    pub(super) fn note_names(&mut self) {
        let renamed = &mut self.renamed;
        renamed.note(SubjectKind::File, &self.files, |path| path);
        renamed.note(SubjectKind::Feed, &self.feeds, |id| id);
        renamed.note(SubjectKind::Schema, &self.schemas, |path| path);
        renamed.note(SubjectKind::Table, &self.tables, |id| id);
        renamed.note(SubjectKind::Bucket, &self.buckets, |id| id);
        renamed.note(SubjectKind::Trigger, &self.triggers, |id| id);
        renamed.note(SubjectKind::Workflow, &self.workflows, |id| id);
        renamed.note(SubjectKind::Query, &self.queries, |id| id);
    }
}

impl Renamed {
    fn note<K: Ord + Clone, N: Display>(&mut self, kind: SubjectKind, pairs: &Pairing<K>, name: impl Fn(&K) -> &N) {
        for (base, head) in pairs.iter().filter(|(base, head)| base != head) {
            let [base, head]: [Arc<str>; 2] = [base, head].map(|key| name(key).to_string().into());
            self.to_base.insert((kind, head.clone()), base.clone());
            self.to_head.insert((kind, base), head);
        }
    }
}

/// The subject under its other name: the part of a key that names a part of a thing stays.
fn translated(subject: &Subject, names: &BTreeMap<(SubjectKind, Arc<str>), Arc<str>>) -> Subject {
    let (holder, ends): (SubjectKind, Vec<usize>) = match subject.kind {
        SubjectKind::Column => (SubjectKind::Table, subject.key.match_indices('.').map(|(at, _)| at).collect()),
        SubjectKind::Field => (SubjectKind::Schema, subject.key.match_indices('#').map(|(at, _)| at).collect()),
        kind => (kind, vec![subject.key.len()]),
    };
    let renamed = ends.into_iter().rev().find_map(|end| {
        let (thing, part) = subject.key.split_at_checked(end)?;
        Some(format!("{}{part}", names.get(&(holder, thing.into()))?))
    });
    renamed.map_or_else(|| subject.clone(), |key| Subject::new(subject.kind, key))
}
