//! What Terraform and its provider ask of a resource when they decide whether it stays, is made anew or is destroyed:
//! the attributes that cannot change, and what protects it. Knows nothing of what is asked in the end.

use super::terraform::{Resource, Terraform, blocks};
use super::{Known, Model};
use crate::syntax::{Document, NodeId, Operator, Value};
use crate::text::Span;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A resource as Terraform deploys it.
#[derive(Debug, Clone)]
pub struct Deployed {
    /// Unique in the repository: `infra:module.feed["orders"].google_bigquery_table.raw`.
    pub address: Arc<str>,
    /// The label, where findings on the resource as a whole point.
    pub span: Span,
    /// Attributes of which another value makes another resource, by their names in Terraform.
    pub fixed: BTreeMap<&'static str, Known<String>>,
    /// The provider refuses to destroy it, or what is in it.
    pub protected: Known<bool>,
    /// `lifecycle { prevent_destroy }`.
    pub prevents_destroy: Known<bool>,
    pub ignored: Ignored,
    /// `deletion_policy = "ABANDON"`: it stays when its resource goes.
    pub is_abandoned: bool,
    /// After how many milliseconds a partition of a table expires.
    pub partition_expiration_ms: Known<f64>,
    /// The schema is Terraform's, and not left to others.
    pub has_schema: bool,
}

/// `lifecycle { ignore_changes }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ignored {
    All,
    Named(Vec<String>),
}

impl Ignored {
    /// Whether a change of this attribute is nothing to Terraform.
    pub fn covers(&self, attribute: &str) -> bool {
        match self {
            Ignored::All => true,
            Ignored::Named(names) => {
                let covers = |name: &String| {
                    attribute.strip_prefix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                };
                names.iter().any(covers)
            }
        }
    }
}

/// Where an attribute stands: in no block, in one, or in a block of it.
type Path = (&'static str, &'static [&'static str]);

const OF_TABLES: [Path; 8] = [
    ("dataset_id", &["dataset_id"]),
    ("table_id", &["table_id"]),
    ("project", &["project"]),
    ("time_partitioning.field", &["time_partitioning", "field"]),
    ("range_partitioning.field", &["range_partitioning", "field"]),
    ("range_partitioning.range.start", &["range_partitioning", "range", "start"]),
    ("range_partitioning.range.end", &["range_partitioning", "range", "end"]),
    ("range_partitioning.range.interval", &["range_partitioning", "range", "interval"]),
];
const OF_BUCKETS: [Path; 3] = [("name", &["name"]), ("location", &["location"]), ("project", &["project"])];

/// Reads tables and buckets, by their unique address.
pub fn read_deployed(terraform: &Terraform<'_>) -> BTreeMap<Arc<str>, Deployed> {
    let tables = terraform.resources("google_bigquery_table").map(|resource| {
        let protected = terraform.bool(resource, resource.body, "deletion_protection");
        read(terraform, resource, &OF_TABLES, protected)
    });
    let buckets = terraform.resources("google_storage_bucket").map(|resource| {
        let forced = terraform.bool(resource, resource.body, "force_destroy");
        read(terraform, resource, &OF_BUCKETS, forced.map(|forced| !forced))
    });
    tables.chain(buckets).map(|deployed| (deployed.address.clone(), deployed)).collect()
}

fn read<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>, fixed: &[Path], protected: Known<bool>) -> Deployed {
    let (document, body) = (resource.document, resource.body);
    let lifecycle = blocks(document, body, "lifecycle").into_iter().next().map(|(_, block)| block);
    let fixed = fixed.iter().map(|(name, path)| (*name, value(terraform, resource, path)));
    Deployed {
        address: resource.unique_address().into(),
        span: resource.span,
        fixed: fixed.collect(),
        protected,
        prevents_destroy: lifecycle.map_or(Known::Absent, |block| terraform.bool(resource, block, "prevent_destroy")),
        ignored: lifecycle.map_or(Ignored::Named(Vec::new()), |block| ignored(document, block)),
        is_abandoned: terraform.text(resource, body, "deletion_policy").value().is_some_and(|policy| policy == "ABANDON"),
        partition_expiration_ms: partition_expiration(terraform, resource),
        has_schema: document.get(body, "schema").is_some(),
    }
}

/// The text of an attribute, a number's among them, in the block that the path leads to.
fn value<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>, path: &[&'static str]) -> Known<String> {
    match path {
        [] => Known::Absent,
        [name] => terraform.text(resource, resource.body, name),
        [kind, rest @ ..] => match terraform.nested(resource, resource.body, kind).single() {
            Known::Known(block) => value(terraform, &block.value, rest),
            Known::Absent => Known::Absent,
            Known::Unknown(why) => Known::Unknown(why),
        },
    }
}

fn partition_expiration<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>) -> Known<f64> {
    match terraform.nested(resource, resource.body, "time_partitioning").single() {
        Known::Known(block) => terraform.number(&block.value, block.value.body, "expiration_ms"),
        Known::Absent => Known::Absent,
        Known::Unknown(why) => Known::Unknown(why),
    }
}

fn ignored(document: &Document, lifecycle: NodeId) -> Ignored {
    let Some(list) = document.get(lifecycle, "ignore_changes") else { return Ignored::Named(Vec::new()) };
    if let Value::Expression { operator: Operator::Reference, name, .. } = document.value(list)
        && document.text(name) == "all"
    {
        return Ignored::All;
    }
    if document.str(list) == Some("all") {
        return Ignored::All;
    }
    let written = |item: &NodeId| document.str(*item).or_else(|| document.source().get(document.span(*item).range()));
    Ignored::Named(document.sequence(list).iter().filter_map(written).map(|name| name.replace("[0]", "")).collect())
}

/// What became of a resource of the base.
#[derive(Debug, Clone, Copy)]
pub enum Successor<'m> {
    Is(&'m Deployed),
    Gone,
    /// It cannot be told, and why.
    Unclear(&'static str),
}

impl Model {
    /// The resource of this model that a resource of the base is: by its address, and by what `moved` blocks say.
    pub fn successor(&self, address: &str) -> Successor<'_> {
        let moved = self.moves.target(address);
        let address = moved.as_deref().unwrap_or(address);
        if let Some(found) = self.deployed.get(address).or_else(|| self.deployed.get(&*counted(address))) {
            return Successor::Is(found);
        }
        let (folder, rest) = address.split_once(':').unwrap_or(("", address));
        let root = |other: &str| other.split_once(':').map_or_else(String::new, |(folder, _)| folder.to_owned());
        if !self.deployed.keys().any(|other| root(other) == folder) {
            let same: Vec<&Deployed> = self
                .deployed
                .values()
                .filter(|other| other.address.rsplit_once(':').map_or(&*other.address, |(_, rest)| rest) == rest)
                .collect();
            return match same.as_slice() {
                [one] => Successor::Is(one),
                _ => Successor::Unclear("its root module is gone: whether it is destroyed is not said here"),
            };
        }
        let block = without_keys(address);
        let n_keys = |address: &str| address.matches('[').count();
        let is_one_of = |other: &&Deployed| without_keys(&other.address) == block && n_keys(&other.address) != n_keys(address);
        match self.deployed.values().find(is_one_of) {
            Some(_) => Successor::Unclear("the keys of its instances are not known"),
            None => Successor::Gone,
        }
    }
}

/// What Terraform moves by itself when `count` comes or goes.
fn counted(address: &str) -> String {
    address.strip_suffix("[0]").map_or_else(|| format!("{address}[0]"), str::to_owned)
}

fn without_keys(address: &str) -> String {
    let mut parts = address.split('[');
    let first = parts.next().unwrap_or("").to_owned();
    parts.fold(first, |block, part| block + part.split_once(']').map_or("", |(_, rest)| rest))
}
