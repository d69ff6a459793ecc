//! The entry of a new feed in Terraform's own map, where one makes the tables or buckets of feeds.

use super::writing::Writing;
use crate::Repository;
use crate::model::Model;
use crate::model::deployment::DeployedKind;
use crate::model::feed::FeedSource;
use crate::scaffold::entry::{self, Grown};
use crate::scaffold::feed::NewFeed;
use crate::text::{FileId, Span};
use std::collections::{BTreeMap, BTreeSet};

/// Adds the entry of a feed to the map; what is to be looked at, or what is to be pasted where no map is found.
pub(super) fn add(repository: &Repository, feed: &NewFeed, writing: &mut Writing) -> Option<String> {
    if repository.model.deployed.is_empty() {
        return None;
    }
    let (file, grown) = match grown(repository, feed) {
        Some(found) => found,
        None => {
            let entry = entry::to_paste(feed);
            let why = "no map of Terraform was found that makes tables or buckets of feeds; if there is one, its entry is";
            return Some(format!("{why}\n{entry}"));
        }
    };
    let source = repository.files.get(file);
    writing.add(source.path.clone(), Some(source.text.to_string()), grown.text);
    let names: Vec<String> = grown.left_out.iter().map(|name| format!("`{name}`")).collect();
    let why = format!("{} is not said in the entry: the others differ in it", names.join(", "));
    (!names.is_empty()).then_some(why)
}

fn grown(repository: &Repository, feed: &NewFeed) -> Option<(FileId, Grown)> {
    let found = kinds_of_entries(&repository.model).into_iter().find_map(most_in_one_file)?;
    let (file, entries) = found;
    let source = repository.files.get(file);
    entry::add(&source.path, &source.text, &entries, feed).map(|grown| (file, grown))
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
