//! The entry of a new feed in Terraform's own map, where one makes the tables or buckets of feeds.

use super::writing::Writing;
use crate::model::Model;
use crate::model::deployment::DeployedKind;
use crate::model::feed::FeedSource;
use crate::scaffold::configuration::environment_of;
use crate::scaffold::entry::{self, Grown};
use crate::scaffold::feed::NewFeed;
use crate::text::{FileId, RepoPath, Side, Span};
use crate::{Repository, Tree};
use std::collections::{BTreeMap, BTreeSet};

/// Adds the entry of a feed to the map, of each environment where each has its own; what is to be looked at, or what is to be
/// pasted where no map is found.
pub(super) fn add(tree: &Tree, repository: &Repository, feed: &NewFeed, writing: &mut Writing) -> Option<String> {
    if repository.model.deployed.is_empty() {
        return None;
    }
    let of_each = environments(repository).into_iter().map(|name| crate::read_repository(tree, Some(&name)));
    let grown: Vec<GrownFile> = of_each.filter_map(|own| grown(&own, feed)).chain(grown(repository, feed)).collect();
    if grown.is_empty() {
        let entry = entry::to_paste(feed);
        let why = "no map of Terraform was found that makes tables or buckets of feeds; if there is one, its entry is";
        return Some(format!("{why}\n{entry}"));
    }
    let left_out: BTreeSet<String> = grown.iter().flat_map(|file| &file.grown.left_out).map(|name| format!("`{name}`")).collect();
    for GrownFile { path, before, grown } in grown {
        writing.add(path, Some(before), grown.text);
    }
    let names: Vec<String> = left_out.into_iter().collect();
    let why = format!("{} is not said in the entry: the others differ in it", names.join(", "));
    (!names.is_empty()).then_some(why)
}

/// The environments of a repository: those that it lists, those of its feeds, and those that files of variables are named after.
pub(super) fn environments(repository: &Repository) -> BTreeSet<String> {
    let listed = repository.config.environments.keys();
    let of_feeds = repository.model.feeds.values().flat_map(|feed| feed.environments.keys());
    let variables = repository.files.of(Side::Head).map(|(_, file)| &file.path).filter(|path| path.has_extension("tfvars"));
    let of_variables = variables.filter_map(|path| environment_of(path.stem()).map(str::to_owned));
    listed.chain(of_feeds).cloned().chain(of_variables).collect()
}

/// A file of which the map has one entry more.
struct GrownFile {
    path: RepoPath,
    before: String,
    grown: Grown,
}

fn grown(repository: &Repository, feed: &NewFeed) -> Option<GrownFile> {
    let (file, entries) = kinds_of_entries(&repository.model).into_iter().find_map(most_in_one_file)?;
    let source = repository.files.get(file);
    let grown = entry::add(&source.path, &source.text, &entries, feed)?;
    Some(GrownFile { path: source.path.clone(), before: source.text.to_string(), grown })
}

/// The places of entries, key and value: of feeds, of tables with columns, of buckets.
fn kinds_of_entries(model: &Model) -> [BTreeSet<(Span, Span)>; 3] {
    let origins = model.feeds.values().flat_map(|feed| &feed.origins);
    let of_feeds = origins.filter(|origin| origin.source == FeedSource::Terraform);
    let of = |kind: DeployedKind| {
        let deployed = model.deployed.values().filter(move |deployed| deployed.kind == kind);
        // A view has none, and is loaded from nothing.
        deployed.filter(move |deployed| kind != DeployedKind::Table || deployed.has_schema).filter_map(|deployed| deployed.entry)
    };
    [
        of_feeds.map(|origin| (origin.name_span, origin.span)).collect(),
        of(DeployedKind::Table).collect(),
        of(DeployedKind::Bucket).collect(),
    ]
}

fn most_in_one_file(entries: BTreeSet<(Span, Span)>) -> Option<(FileId, Vec<(Span, Span)>)> {
    let mut by_file: BTreeMap<FileId, Vec<(Span, Span)>> = BTreeMap::new();
    for (key, value) in entries.into_iter().filter(|(key, value)| key.file == value.file) {
        by_file.entry(key.file).or_default().push((key, value));
    }
    by_file.into_iter().max_by_key(|(_, entries)| entries.len())
}
