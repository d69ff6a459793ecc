//! Which things of two revisions are one and the same: by name, else by what makes them so, from the surest sign to the
//! least. A sign counts where one thing on each side has it; where that is not clear, one thing went and another came.

use super::pairing::{Pairing, Pairs};
use super::statements;
use crate::model::table::{Column, PartitionKind};
use crate::model::terraform::Loading;
use crate::model::{BucketId, Feed, FeedId, JsonSchema, Model, Table, TableId, TriggerId, Workflow, WorkflowId};
use crate::text::{Files, RepoPath};
use std::collections::BTreeMap;

/// Finds the pairs of everything.
pub(super) fn pairs(base: &Model, head: &Model, files: &Files) -> Pairs {
    let mut pairs = Pairs::default();
    pairs.files = super::moved::files(files);
    pairs.buckets = buckets(base, head);
    let mut tables = tables(base, head);
    pairs.tables = std::mem::take(&mut tables.pairs);
    pairs.triggers = triggers(base, head);
    pairs.workflows = workflows(base, head, files, &pairs.files);
    let mut schemas = schemas(base, head, &pairs);
    pairs.schemas = std::mem::take(&mut schemas.pairs);
    pairs.feeds = feeds(base, head, &pairs);
    schemas.pairs = std::mem::take(&mut pairs.schemas);
    // The schema of a feed is that of the same feed, wherever it stands.
    let of_base = |path: &RepoPath, _: &JsonSchema| owner(base, path).and_then(|feed| pairs.feeds.head_of(feed));
    schemas.by(of_base, |path, _| owner(head, path));
    pairs.schemas = schemas.pairs;
    // So is its table.
    tables.pairs = std::mem::take(&mut pairs.tables);
    let filled_by = |table: &'_ Table| match table.feeds.as_slice() {
        [feed] => Some(feed.clone()),
        _ => None,
    };
    tables.by(|_, table| pairs.feeds.head_of(&filled_by(table)?).cloned(), |_, table| filled_by(table));
    pairs.tables = tables.pairs;
    pairs.queries = statements::pairs(base, head, files, &pairs.files);
    pairs.note_names();
    pairs
}

/// A name without the folder of its root module: where a module lies is nothing that Terraform knows.
pub(super) fn without_folder(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, address)| address)
}

fn tables<'m>(base: &'m Model, head: &'m Model) -> Matching<'m, TableId, Table> {
    let mut matching = Matching::new(&base.tables, &head.tables);
    let address = |_: &TableId, table: &Table| table.address.clone();
    matching.by(address, address);
    matching.by(|_, table| base_moves(head, table.address.as_deref()?), |_, table| Some(table.address.as_deref()?.to_owned()));
    // The same address in a root module that lies elsewhere.
    let of_module = |table: &Table| Some(without_folder(table.address.as_deref()?).to_owned());
    matching.by(|_, table| of_module(table), |_, table| of_module(table));
    // The same name in the same root module, for another may have a table of that name as well.
    let declared = |model: &'m Model, table: &Table| model.deployed.get(table.address.as_deref()?)?.table_name();
    matching.by(|_, table| declared(base, table), |_, table| declared(head, table));
    let named = |table: &Table, part: fn(&TableId) -> Option<&str>| Some((part(&table.id)?.to_owned(), shape(table)?));
    matching.by(|_, table| named(table, dataset), |_, table| named(table, dataset));
    matching.by(|_, table| named(table, name), |_, table| named(table, name));
    matching
}

fn buckets(base: &Model, head: &Model) -> Pairing<BucketId> {
    let mut matching = Matching::new(&base.buckets, &head.buckets);
    matching.by(|_, bucket| Some(&bucket.unique_address), |_, bucket| Some(&bucket.unique_address));
    matching
        .by(|_, bucket| base_moves(head, &bucket.unique_address), |_, bucket| Some(bucket.unique_address.as_ref().to_owned()));
    matching
        .by(|_, bucket| Some(without_folder(&bucket.unique_address)), |_, bucket| Some(without_folder(&bucket.unique_address)));
    matching.pairs
}

fn triggers(base: &Model, head: &Model) -> Pairing<TriggerId> {
    let mut matching = Matching::new(&base.triggers, &head.triggers);
    matching.by(|id, _| base_moves(head, &id.0), |id, _| Some(id.0.as_ref().to_owned()));
    matching.by(|id, _| Some(without_folder(&id.0)), |id, _| Some(without_folder(&id.0)));
    matching.pairs
}

fn workflows(base: &Model, head: &Model, files: &Files, moved: &Pairing<RepoPath>) -> Pairing<WorkflowId> {
    let mut matching = Matching::new(&base.workflows, &head.workflows);
    matching.by(|id, _| base_moves(head, &id.0), |id, _| Some(id.0.as_ref().to_owned()));
    matching.by(|id, _| Some(without_folder(&id.0)), |id, _| Some(without_folder(&id.0)));
    // A file of its own, whoever deploys it. Several workflows may stand in a file of Terraform.
    let path = |workflow: &Workflow| Some(&files.get(workflow.file).path).filter(|_| workflow.loading != Loading::Inline);
    matching.by(|_, workflow| path(workflow).map(|path| moved.head_of(path).unwrap_or(path)), |_, workflow| path(workflow));
    matching.pairs
}

/// Where a `moved` block of the head takes an address of the base.
fn base_moves(head: &Model, address: &str) -> Option<String> {
    head.moves.target(address)
}

fn dataset(id: &TableId) -> Option<&str> {
    match id {
        TableId::Named { dataset, .. } => Some(dataset),
        TableId::Address(_) => None,
    }
}

fn name(id: &TableId) -> Option<&str> {
    match id {
        TableId::Named { name, .. } => Some(name),
        TableId::Address(_) => None,
    }
}

/// What a table looks like, names aside; `None` for one that looks like any other.
fn shape(table: &Table) -> Option<String> {
    let mut shape = String::new();
    match (table.columns.value(), &table.view_query) {
        (_, Some(query)) => shape.push_str(query),
        (Some(columns), None) if columns.len() > 1 => write_columns(columns, &mut shape),
        _ => return None,
    }
    if let Some(partitioning) = table.partitioning.value() {
        shape.push_str(partitioning.kind.word());
        shape.push_str(partitioning.column.as_ref().map_or("", |column| &column.value));
    }
    Some(shape)
}

fn write_columns(columns: &[Column], shape: &mut String) {
    for column in columns {
        shape.push_str(&column.name);
        shape.push(' ');
        shape.push_str(&column.data_type);
        shape.push_str(column.mode.name());
        shape.push('(');
        write_columns(&column.fields, shape);
        shape.push(')');
    }
}

fn schemas<'m>(base: &'m Model, head: &'m Model, pairs: &Pairs) -> Matching<'m, RepoPath, JsonSchema> {
    let mut matching = Matching::new(&base.schemas, &head.schemas);
    matching.by(|path, _| pairs.files.head_of(path).cloned(), |path, _| Some(path.clone()));
    let id = |_: &RepoPath, schema: &JsonSchema| schema.id.clone();
    matching.by(id, id);
    matching
}

/// The only feed whose records a schema is for.
fn owner<'m>(model: &'m Model, path: &RepoPath) -> Option<&'m FeedId> {
    match model.schemas.get(path)?.feeds.as_slice() {
        [feed] => Some(feed),
        _ => None,
    }
}

fn feeds(base: &Model, head: &Model, pairs: &Pairs) -> Pairing<FeedId> {
    let mut matching = Matching::new(&base.feeds, &head.feeds);
    matching.by(|_, feed| file_names(feed), |_, feed| file_names(feed));
    // What it is loaded into, by which schema.
    let of_base = |id: &FeedId, _: &Feed| {
        let schema = base.feed_schemas.get(id).and_then(|path| pairs.schemas.head_of(path))?;
        Some((schema, base.feed_tables.get(id).and_then(|table| pairs.tables.head_of(table))?))
    };
    matching.by(of_base, |id, _| Some((head.feed_schemas.get(id)?, head.feed_tables.get(id)?)));
    // By its schema alone, which is of no other feed.
    matching.by(
        |id, _| base.feed_schemas.get(id).filter(|path| owner(base, path).is_some()).and_then(|path| pairs.schemas.head_of(path)),
        |id, _| head.feed_schemas.get(id).filter(|path| owner(head, path).is_some()),
    );
    matching.pairs
}

/// The files that a feed takes.
fn file_names(feed: &Feed) -> Option<(&str, &str, &str)> {
    if feed.file.bucket.why().or(feed.file.prefix.why()).is_some() {
        return None;
    }
    let bucket = feed.file.bucket.value().map_or("", String::as_str);
    let prefix = feed.file.prefix.value().map_or("", String::as_str);
    Some((bucket, prefix, &feed.file.name.value()?.text))
}

/// The things of one kind that have no partner yet.
pub(super) struct Matching<'m, K, T> {
    base: Vec<(&'m K, &'m T)>,
    head: Vec<(&'m K, &'m T)>,
    pairs: Pairing<K>,
}

impl<'m, K: Ord + Clone, T> Matching<'m, K, T> {
    /// What has one name is one thing.
    fn new(base: &'m BTreeMap<K, T>, head: &'m BTreeMap<K, T>) -> Matching<'m, K, T> {
        let mut pairs = Pairing::default();
        for key in base.keys().filter(|key| head.contains_key(key)) {
            pairs.add(key, key);
        }
        let base = base.iter().filter(|(key, _)| !head.contains_key(key)).collect();
        let head = head.iter().filter(|(key, _)| pairs.base_of(key).is_none()).collect();
        Matching { base, head, pairs }
    }

    /// Pairs those of which exactly one on each side has the same sign.
    fn by<I: Ord>(&mut self, of_base: impl Fn(&'m K, &'m T) -> Option<I>, of_head: impl Fn(&'m K, &'m T) -> Option<I>) {
        if self.base.is_empty() || self.head.is_empty() {
            return;
        }
        let mut signs: BTreeMap<I, (Vec<&K>, Vec<&K>)> = BTreeMap::new();
        for (key, thing) in &self.base {
            if let Some(sign) = of_base(key, thing) {
                signs.entry(sign).or_default().0.push(key);
            }
        }
        for (key, thing) in &self.head {
            if let Some(sign) = of_head(key, thing) {
                signs.entry(sign).or_default().1.push(key);
            }
        }
        for (base, head) in signs.values() {
            if let ([base], [head]) = (base.as_slice(), head.as_slice()) {
                self.pairs.add(base, head);
            }
        }
        let pairs = &self.pairs;
        self.base.retain(|(key, _)| pairs.head_of(key).is_none());
        self.head.retain(|(key, _)| pairs.base_of(key).is_none());
    }
}

impl PartitionKind {
    pub(super) fn word(self) -> &'static str {
        match self {
            PartitionKind::Hour => "HOUR",
            PartitionKind::Day => "DAY",
            PartitionKind::Month => "MONTH",
            PartitionKind::Year => "YEAR",
            PartitionKind::IntegerRange => "RANGE",
            PartitionKind::Unknown => "",
        }
    }
}
