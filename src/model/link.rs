//! Joins what belongs together: the definitions of one table, and feeds with their tables, buckets, schemas and queries.

use super::build::feeds::inline_schema_path;
use super::feed::{Feed, FeedId};
use super::naming::FeedNames;
use super::schema::Target;
use super::table::{Column, Definition, DefinitionSource, Table, TableId, TableKind, TableSchemas, table_named};
use super::{Known, Model};
use crate::text::{FileId, Files, RepoPath, Span};
use std::collections::BTreeMap;

/// The tables that feeds declare. Call it last: columns that no other feed wants are taken out of `schemas`.
pub fn tables_of_feeds(model: &Model, schemas: &mut TableSchemas<'_>) -> Vec<Table> {
    let mut wanted: BTreeMap<FileId, usize> = BTreeMap::new();
    for file in model.feeds.values().filter_map(schema_file) {
        *wanted.entry(file).or_default() += 1;
    }
    let is_last = |feed: &Feed| schema_file(feed).is_some_and(|file| wanted.get(&file) == Some(&1));
    model.feeds.values().flat_map(|feed| tables_of_feed(feed, is_last(feed), schemas)).collect()
}

fn schema_file(feed: &Feed) -> Option<FileId> {
    (feed.table_id().is_some() || feed.table.template.is_some()).then_some(())?;
    match feed.table.schema.value()?.target {
        Target::File(file, _) => Some(file),
        Target::Inline(_) | Target::Missing { .. } | Target::OutsideRoot | Target::Unread { .. } => None,
    }
}

/// The table that a feed declares, when it names dataset and table; the tables that its files name, where they are few.
fn tables_of_feed(feed: &Feed, is_last: bool, schemas: &mut TableSchemas<'_>) -> Vec<Table> {
    let listed = || {
        let template = &feed.table.template.as_ref()?.value;
        template.listed(&FeedNames::of(feed, &[])?.ok()?, &[])
    };
    match feed.table_id() {
        Some(id) => vec![table_of_feed(feed, id, is_last, schemas)],
        None => {
            let ids = listed().unwrap_or_default().into_iter().filter_map(|name| feed.table_id_named(&name));
            ids.map(|id| table_of_feed(feed, id, false, schemas)).collect()
        }
    }
}

fn table_of_feed(feed: &Feed, id: TableId, is_last: bool, schemas: &mut TableSchemas<'_>) -> Table {
    let columns = match &feed.table.schema {
        Known::Known(reference) => match reference.value.target {
            Target::File(file, _) if is_last => schemas.take_file(file, reference.span),
            Target::File(file, _) => schemas.of_file(file, reference.span),
            Target::Inline(_) | Target::Missing { .. } | Target::OutsideRoot | Target::Unread { .. } => Known::Absent,
        },
        Known::Absent => Known::Absent,
        Known::Unknown(why) => Known::Unknown(why.clone()),
    };
    let span = feed.table.name.span().unwrap_or(feed.name_span);
    Table {
        id,
        address: None,
        definitions: vec![Definition { source: DefinitionSource::Feed, span }],
        kind: TableKind::Table,
        columns,
        partitioning: feed.table.partitioning.clone(),
        clustering: feed.table.clustering.clone(),
        require_partition_filter: feed.table.require_partition_filter.clone(),
        view_query: None,
        statistics: None,
        feeds: vec![feed.id.clone()],
    }
}

/// Merges the definitions of each table. Two definitions are of one table when dataset and name are equal and the
/// projects do not contradict; what the better source does not say is taken from the next.
pub fn merge_tables(mut tables: Vec<Table>, model: &mut Model) {
    tables.sort_by_key(rank);
    let mut projects: BTreeMap<(String, String), TableId> = BTreeMap::new();
    for table in &tables {
        if let TableId::Named { project: Some(_), dataset, name } = &table.id {
            projects.entry((dataset.to_string(), name.to_string())).or_insert_with(|| table.id.clone());
        }
    }
    for table in tables {
        let id = match &table.id {
            TableId::Named { project: None, dataset, name } => {
                projects.get(&(dataset.to_string(), name.to_string())).unwrap_or(&table.id).clone()
            }
            TableId::Named { .. } | TableId::Address(_) => table.id.clone(),
        };
        match (model.tables.get_mut(&id), &table.address) {
            // Two modules that declare a table of one name declare two tables, as for two environments.
            (Some(known), Some(address)) if known.address.is_some() => {
                let id = TableId::Address(address.clone());
                model.tables.insert(id.clone(), Table { id, ..table });
            }
            (Some(known), _) => absorb(known, table),
            (None, _) if table.may_have_more_columns() => {}
            (None, _) => {
                model.tables.insert(id.clone(), Table { id, ..table });
            }
        }
    }
}

/// The better source first; resources of Terraform stay in the order of their root modules.
fn rank(table: &Table) -> Option<(DefinitionSource, Option<Span>)> {
    let first = table.definitions.first()?;
    Some((first.source, (first.source != DefinitionSource::Terraform).then_some(first.span)))
}

fn absorb(known: &mut Table, other: Table) {
    known.address = known.address.take().or(other.address);
    known.definitions.extend(other.definitions);
    if let Some(span) = more_columns(&known.columns, &other.columns) {
        known.definitions.push(Definition { source: DefinitionSource::Otherwise, span });
    }
    known.columns.or(other.columns);
    known.partitioning.or(other.partitioning);
    known.clustering.or(other.clustering);
    known.require_partition_filter.or(other.require_partition_filter);
    known.view_query = known.view_query.take().or(other.view_query);
    known.statistics = known.statistics.take().or(other.statistics);
    known.feeds.extend(other.feeds);
}

/// Where another definition lists a column that the first has not.
fn more_columns(known: &Known<Vec<Column>>, other: &Known<Vec<Column>>) -> Option<Span> {
    let (known, other) = (known.value()?, other.spanned()?);
    let has = |name: &str| known.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    other.value.iter().any(|column| !has(&column.name)).then_some(other.span)
}

/// Tells buckets, schemas and queries which feeds they serve.
pub fn link_feeds(files: &Files, model: &mut Model) {
    let mut by_schema: BTreeMap<RepoPath, Vec<FeedId>> = BTreeMap::new();
    for feed in model.feeds.values() {
        if let Some(bucket) = feed.bucket_id().and_then(|id| model.buckets.get_mut(&id)) {
            bucket.feeds.push(feed.id.clone());
        }
        let path = match feed.schema.value().map(|reference| &reference.target) {
            Some(Target::File(_, path)) => path.clone(),
            Some(Target::Inline(_)) => inline_schema_path(&feed.id, &files.get(feed.span.file).path),
            Some(Target::Missing { .. } | Target::OutsideRoot | Target::Unread { .. }) | None => continue,
        };
        model.feed_schemas.insert(feed.id.clone(), path.clone());
        by_schema.entry(path).or_default().push(feed.id.clone());
    }
    for (path, feeds) in by_schema {
        if let Some(schema) = model.schemas.get_mut(&path) {
            schema.feeds = feeds;
        }
    }
    // A feed whose files say the table has none for itself.
    let has_one = |feed: &&FeedId| model.feeds.get(*feed).is_none_or(|feed| feed.table.template.is_none());
    let served = |table: &Table| {
        let feeds = table.feeds.iter().filter(has_one);
        feeds.map(|feed| (feed.clone(), table.id.clone())).collect::<Vec<_>>()
    };
    model.feed_tables = model.tables.values().flat_map(served).collect();
    for query in model.queries.values_mut() {
        let tables = query.resolution.scans.iter().filter_map(|scan| table_named(&model.tables, &scan.table));
        let mut feeds: Vec<FeedId> = tables.flat_map(|table| table.feeds.iter().cloned()).collect();
        feeds.sort();
        feeds.dedup();
        query.feeds = feeds;
    }
}

impl Model {
    /// The bucket that a feed's files lie in, when Terraform declares it by that name.
    pub fn bucket_of(&self, feed: &Feed) -> Option<&super::Bucket> {
        self.buckets.get(&feed.bucket_id()?)
    }

    /// The table of this name; where one of the two names says no project, that of the other holds.
    pub fn table_called(&self, id: &TableId) -> Option<&Table> {
        let TableId::Named { project, dataset, name } = id else { return self.tables.get(id) };
        let is_meant = |other: &TableId| match other {
            TableId::Named { project: of_other, dataset: in_other, name: other } => {
                (in_other, other) == (dataset, name) && (project.is_none() || of_other.is_none())
            }
            TableId::Address(_) => false,
        };
        let of_other_project = || self.tables.values().find(|table| is_meant(&table.id));
        self.tables.get(id).or_else(of_other_project)
    }

    /// The table that a feed is loaded into.
    pub fn table_of(&self, feed: &Feed) -> Option<&Table> {
        self.tables.get(self.feed_tables.get(&feed.id)?)
    }

    /// The table that a file of a feed is loaded into, whose name has these parts; `Err` says which part is missing.
    pub fn table_of_file(&self, feed: &Feed, parts: &[(String, String)]) -> Result<Option<TableId>, String> {
        let Some(template) = &feed.table.template else {
            return Ok(self.table_of(feed).map(|table| table.id.clone()));
        };
        let name = template.value.fill(parts).map_err(|part| {
            format!("the table is `{}`, and the name as it is given has no part `{part}`", template.value.text)
        })?;
        let named = feed.table_id_named(&name);
        Ok(named.map(|id| self.table_called(&id).map_or(id, |table| table.id.clone())))
    }

    /// The JSON Schema of a feed's records.
    pub fn schema_of(&self, feed: &Feed) -> Option<&super::JsonSchema> {
        self.schemas.get(self.feed_schemas.get(&feed.id)?)
    }
}
