//! What the resources of an entry say of its feed. Teams name bucket and dataset once, in the block that loops over the
//! feeds, and not again in each entry.

use crate::model::bucket::BucketId;
use crate::model::terraform::{Resource, Terraform, blocks};
use crate::model::{Feed, FeedId, Known, Model};
use crate::text::{Span, Spanned};
use std::collections::{BTreeMap, BTreeSet};

/// An entry of a map of feeds, by the places of its key and its value.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) key: Span,
    pub(super) value: Span,
}

/// Instances by the places of the entry that makes them.
type ByEntry<'t, 'a> = BTreeMap<Span, Vec<&'t Resource<'a>>>;

/// What entries make.
struct Made<'t, 'a> {
    terraform: &'t Terraform<'a>,
    buckets: ByEntry<'t, 'a>,
    tables: ByEntry<'t, 'a>,
    /// The names of buckets whose files start something, by the folder of the root module.
    heard: BTreeMap<&'t str, Vec<Known<String>>>,
}

/// Gives feeds the bucket and the table that their entry makes, where their definitions name none.
pub(super) fn complete(terraform: &Terraform<'_>, places: &[(FeedId, Place)], model: &mut Model) {
    if places.is_empty() {
        return;
    }
    let made = Made::new(terraform, model);
    for (id, place) in places {
        if let Some(feed) = model.feeds.get_mut(id) {
            made.complete(feed, *place);
        }
    }
}

impl<'t, 'a> Made<'t, 'a> {
    fn new(terraform: &'t Terraform<'a>, model: &Model) -> Made<'t, 'a> {
        let of_triggers = model.triggers.values().filter_map(|trigger| trigger.criterion("bucket")?.value.value().cloned());
        let of_listeners = model.listeners.iter().filter_map(|listener| match &listener.bucket {
            Some(BucketId::Named(name)) => Some(name.to_string()),
            Some(BucketId::Address(_)) | None => None,
        });
        let names: BTreeSet<String> = of_triggers.chain(of_listeners).collect();
        let mut heard: BTreeMap<&str, Vec<Known<String>>> = BTreeMap::new();
        for bucket in terraform.resources("google_storage_bucket") {
            let name = name_of(terraform, bucket);
            if name.value().is_some_and(|name| names.contains(name)) {
                heard.entry(bucket.root()).or_default().push(name);
            }
        }
        let (buckets, tables) = (by_entry(terraform, "google_storage_bucket"), by_entry(terraform, "google_bigquery_table"));
        Made { terraform, buckets, tables, heard }
    }

    fn complete(&self, feed: &mut Feed, place: Place) {
        // What is named by the key is said where the author of the entry edits: in a file of its own, where it has one.
        let at = feed.name_span;
        let placed = |said: Known<String>| match said {
            Known::Known(said) if said.span == place.key => Known::Known(Spanned::new(said.value, at)),
            said => said,
        };
        if feed.file.bucket.is_absent() {
            feed.file.bucket.or(placed(self.bucket(place)));
        }
        let is_named = !feed.table.dataset.is_absent() && !feed.table.name.is_absent();
        if is_named || feed.table.template.is_some() {
            return;
        }
        if let Some(table) = self.table(place, feed.table.name.value().map(String::as_str)) {
            let text = |attribute| placed(self.terraform.text(table, table.body, attribute));
            feed.table.project.or(text("project"));
            feed.table.dataset.or(text("dataset_id"));
            feed.table.name.or(text("table_id"));
        }
    }

    /// The bucket of the entry; of several the one whose files start something, as another may hold what was refused.
    /// Where the entry makes none, its feed shares the only bucket of the module whose files start something.
    fn bucket(&self, place: Place) -> Known<String> {
        let own = instances(&self.buckets, place);
        match own.as_slice() {
            [] => self.shared_bucket(place),
            [only] => name_of(self.terraform, only),
            all => {
                let heard = all.iter().map(|bucket| name_of(self.terraform, bucket)).filter(|name| self.is_heard(name));
                only(heard).unwrap_or(Known::Absent)
            }
        }
    }

    fn shared_bucket(&self, place: Place) -> Known<String> {
        let root = instances(&self.tables, place).first().map(|table| table.root());
        match root.and_then(|root| self.heard.get(root)).map(Vec::as_slice) {
            Some([only]) => only.clone(),
            Some(_) | None => Known::Absent,
        }
    }

    fn is_heard(&self, name: &Known<String>) -> bool {
        let mut heard = self.heard.values().flatten();
        name.value().is_some() && heard.any(|heard| heard.value() == name.value())
    }

    /// The table of the entry: the one of this name, else the only one.
    fn table(&self, place: Place, name: Option<&str>) -> Option<&'t Resource<'a>> {
        let is_view = |table: &Resource<'a>| {
            ["view", "materialized_view"].iter().any(|kind| !blocks(table.document, table.body, kind).is_empty())
        };
        let own = |table: &Resource<'a>| self.terraform.text(table, table.body, "table_id").value().cloned();
        let tables = instances(&self.tables, place).into_iter().filter(|table| !is_view(table));
        only(tables.filter(|table| name.is_none() || own(table).as_deref() == name))
    }
}

fn by_entry<'t, 'a>(terraform: &'t Terraform<'a>, kind: &str) -> ByEntry<'t, 'a> {
    let mut found = ByEntry::new();
    for resource in terraform.resources(kind) {
        let Some((key, value)) = resource.entry().and_then(|key| key.entry) else { continue };
        found.entry(value).or_default().push(resource);
        if key != value {
            found.entry(key).or_default().push(resource);
        }
    }
    found
}

/// Those that the entry makes in the first root module in which it makes one; the key alone is left of an entry that a map
/// is made of.
fn instances<'t, 'a>(made: &ByEntry<'t, 'a>, place: Place) -> Vec<&'t Resource<'a>> {
    let found = made.get(&place.value).or_else(|| made.get(&place.key));
    let all = found.map_or(&[][..], Vec::as_slice);
    let root = all.first().map(|first| first.root());
    all.iter().filter(|one| Some(one.root()) == root).copied().collect()
}

fn name_of<'a>(terraform: &Terraform<'a>, bucket: &Resource<'a>) -> Known<String> {
    terraform.text(bucket, bucket.body, "name")
}

fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.next().is_none().then_some(first)
}
