//! What Terraform and its provider ask of a resource when they decide whether it stays, is made anew or is destroyed:
//! the attributes that cannot change, and what protects it. Knows nothing of what is asked in the end.

use super::terraform::{Resource, Terraform, blocks};
use super::{Known, Model};
use crate::syntax::{Document, NodeId, Operator, Value};
use crate::text::{Span, Spanned};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A resource as Terraform deploys it.
#[derive(Debug, Clone)]
pub struct Deployed {
    pub kind: DeployedKind,
    /// Unique in the repository: `infra:module.feed["orders"].google_bigquery_table.raw`.
    pub address: Arc<str>,
    /// The label, where findings on the resource as a whole point.
    pub span: Span,
    /// Of a map that makes several, the places of the key and of the value that make this one.
    pub entry: Option<(Span, Span)>,
    /// Attributes of which another value makes another resource, by their names in Terraform.
    pub fixed: BTreeMap<&'static str, Known<String>>,
    /// Attributes that the provider hands on, and BigQuery does not take.
    pub refused: BTreeMap<&'static str, Known<String>>,
    /// The provider refuses to destroy it, or what is in it. Of a table, nothing said is yes; of what holds things, too.
    pub protected: Known<bool>,
    /// `lifecycle { prevent_destroy }`.
    pub prevents_destroy: Known<bool>,
    pub ignored: Ignored,
    /// `deletion_policy = "ABANDON"`: it stays when its resource goes.
    pub is_abandoned: bool,
    /// The schema is Terraform's, and not left to others.
    pub has_schema: bool,
    /// When a table is deleted, in milliseconds since 1970.
    pub expires_ms: Known<f64>,
    /// A policy on the rows of a table, with which it cannot lose a column.
    pub row_policy: Option<Span>,
}

impl Deployed {
    /// Whether both are of one root module.
    pub fn is_beside(&self, other: &Deployed) -> bool {
        split(&self.address).0 == split(&other.address).0
    }

    /// The folder of the root module of a table, with the dataset and the name that Terraform gives it.
    pub fn table_name(&self) -> Option<(&str, &str, &str)> {
        let said = |name| self.fixed.get(name).and_then(Known::value).map(String::as_str);
        Some((split(&self.address).0, said("dataset_id")?, said("table_id")?))
    }
}

/// What is judged of what Terraform deploys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeployedKind {
    Table,
    Bucket,
    Dataset,
    Trigger,
    Workflow,
}

impl DeployedKind {
    /// What protects it, as Terraform calls it.
    pub fn protection(self) -> Option<&'static str> {
        match self {
            DeployedKind::Table | DeployedKind::Workflow => Some("deletion_protection"),
            DeployedKind::Bucket => Some("force_destroy"),
            DeployedKind::Dataset => Some("delete_contents_on_destroy"),
            DeployedKind::Trigger => None,
        }
    }
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

/// The value of a block of which only counts that it is there.
pub const BLOCK: &str = "a block";

/// An attribute that is compared.
struct Attribute {
    name: &'static str,
    /// Where it stands: in no block, in one, or in a block of it.
    path: &'static [&'static str],
    form: Form,
}

/// What of its value counts.
enum Form {
    Text,
    /// Nothing said is this.
    Default(&'static str),
    /// The last part of a path.
    LastName,
    /// Whether the block is there.
    Presence,
    /// Texts in any order, in any case.
    Set,
}

const fn plain(name: &'static str, path: &'static [&'static str]) -> Attribute {
    Attribute { name, path, form: Form::Text }
}

const fn formed(name: &'static str, path: &'static [&'static str], form: Form) -> Attribute {
    Attribute { name, path, form }
}

/// Every attribute that the provider marks as one that forces a new resource, as far as a repository of feeds has it.
const OF_TABLES: &[Attribute] = &[
    plain("dataset_id", &["dataset_id"]),
    plain("table_id", &["table_id"]),
    plain("project", &["project"]),
    plain("time_partitioning.field", &["time_partitioning", "field"]),
    plain("range_partitioning.field", &["range_partitioning", "field"]),
    plain("materialized_view.query", &["materialized_view", "query"]),
    formed("encryption_configuration", &["encryption_configuration"], Form::Presence),
];
const REFUSED_OF_TABLES: &[Attribute] = &[
    plain("time_partitioning.type", &["time_partitioning", "type"]),
    plain("range_partitioning.range.start", &["range_partitioning", "range", "start"]),
    plain("range_partitioning.range.end", &["range_partitioning", "range", "end"]),
    plain("range_partitioning.range.interval", &["range_partitioning", "range", "interval"]),
];
const OF_BUCKETS: &[Attribute] = &[
    plain("name", &["name"]),
    plain("location", &["location"]),
    plain("project", &["project"]),
    formed("enable_object_retention", &["enable_object_retention"], Form::Default("false")),
    formed("custom_placement_config.data_locations", &["custom_placement_config", "data_locations"], Form::Set),
    formed("hierarchical_namespace.enabled", &["hierarchical_namespace", "enabled"], Form::Default("false")),
];
const OF_DATASETS: &[Attribute] = &[
    plain("dataset_id", &["dataset_id"]),
    formed("location", &["location"], Form::Default("US")),
    plain("project", &["project"]),
];
/// What a trigger listens for and what it starts can change.
const OF_TRIGGERS: &[Attribute] = &[
    plain("name", &["name"]),
    plain("location", &["location"]),
    formed("project", &["project"], Form::LastName),
    formed("channel", &["channel"], Form::LastName),
    formed("transport.pubsub.topic", &["transport", "pubsub", "topic"], Form::LastName),
];
const OF_WORKFLOWS: &[Attribute] = &[
    plain("name", &["name"]),
    plain("name_prefix", &["name_prefix"]),
    plain("region", &["region"]),
    plain("project", &["project"]),
];

/// Reads what Terraform deploys, by unique address.
pub fn read_deployed(terraform: &Terraform<'_>) -> BTreeMap<Arc<str>, Deployed> {
    use DeployedKind::{Bucket, Dataset, Table, Trigger, Workflow};
    let kinds = [
        (Table, "google_bigquery_table"),
        (Bucket, "google_storage_bucket"),
        (Dataset, "google_bigquery_dataset"),
        (Trigger, "google_eventarc_trigger"),
        (Workflow, "google_workflows_workflow"),
    ];
    let all = kinds.into_iter().flat_map(|(kind, name)| terraform.resources(name).map(move |resource| (kind, resource)));
    let mut found: BTreeMap<Arc<str>, Deployed> =
        all.map(|(kind, resource)| read(terraform, resource, kind)).map(|one| (one.address.clone(), one)).collect();
    for policy in terraform.resources("google_bigquery_row_access_policy") {
        let address = terraform.target(policy, policy.body, "table_id").or_else(|| named_table(terraform, policy, &found));
        if let Some(table) = address.and_then(|address| found.get_mut(&*address)) {
            table.row_policy = Some(policy.span);
        }
    }
    found
}

/// The table of the same root module that has the names which a policy says.
fn named_table<'a>(terraform: &Terraform<'a>, policy: &Resource<'a>, deployed: &BTreeMap<Arc<str>, Deployed>) -> Option<String> {
    let [dataset, table] = ["dataset_id", "table_id"].map(|name| terraform.text(policy, policy.body, name));
    let is_said = |deployed: &Deployed, name: &str, said: &Known<String>| {
        deployed.fixed.get(name).is_some_and(|own| own.value().is_some() && own.value() == said.value())
    };
    let is_it = |deployed: &&Deployed| {
        deployed.kind == DeployedKind::Table
            && split(&deployed.address).0 == policy.root()
            && is_said(deployed, "dataset_id", &dataset)
            && is_said(deployed, "table_id", &table)
    };
    deployed.values().find(is_it).map(|table| table.address.to_string())
}

fn read<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>, kind: DeployedKind) -> Deployed {
    let (document, body) = (resource.document, resource.body);
    let (fixed, refused): (&[Attribute], &[Attribute]) = match kind {
        DeployedKind::Table => (OF_TABLES, REFUSED_OF_TABLES),
        DeployedKind::Bucket => (OF_BUCKETS, &[]),
        DeployedKind::Dataset => (OF_DATASETS, &[]),
        DeployedKind::Trigger => (OF_TRIGGERS, &[]),
        DeployedKind::Workflow => (OF_WORKFLOWS, &[]),
    };
    let lifecycle = blocks(document, body, "lifecycle").into_iter().next().map(|(_, block)| block);
    let values = |all: &[Attribute]| all.iter().map(|one| (one.name, formed_value(terraform, resource, one))).collect();
    let said = kind.protection().map_or(Known::Absent, |name| terraform.bool(resource, body, name));
    // Before this version, nothing kept a workflow from being destroyed.
    let is_free = kind == DeployedKind::Workflow && said.is_absent() && terraform.is_before(resource, [6, 11, 0]);
    let said = if is_free { Known::Known(Spanned::new(false, resource.span)) } else { said };
    Deployed {
        kind,
        address: resource.unique_address().into(),
        span: resource.span,
        entry: resource.entry().and_then(|key| key.entry),
        fixed: values(fixed),
        refused: values(refused),
        // Two of them permit what the third forbids.
        protected: if kind.protection() == Some("deletion_protection") { said } else { said.map(|permitted| !permitted) },
        prevents_destroy: lifecycle.map_or(Known::Absent, |block| terraform.bool(resource, block, "prevent_destroy")),
        ignored: lifecycle.map_or(Ignored::Named(Vec::new()), |block| ignored(document, block)),
        is_abandoned: terraform.text(resource, body, "deletion_policy").value().is_some_and(|policy| policy == "ABANDON"),
        has_schema: document.get(body, "schema").is_some(),
        expires_ms: terraform.number(resource, body, "expiration_time"),
        row_policy: None,
    }
}

fn formed_value<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>, attribute: &Attribute) -> Known<String> {
    let said = || value(terraform, resource, attribute.path, text);
    match attribute.form {
        Form::Text => said(),
        Form::Default(value) => match said() {
            Known::Absent => Known::Known(Spanned::new(value.to_owned(), resource.span)),
            said => said,
        },
        Form::LastName => said().map(|path| path.rsplit('/').next().unwrap_or_default().to_owned()),
        Form::Presence => {
            let block = attribute.path.first().map(|kind| terraform.nested(resource, resource.body, kind).single());
            block.unwrap_or_default().map(|_| BLOCK.to_owned())
        }
        Form::Set => value(terraform, resource, attribute.path, set),
    }
}

/// Reads an attribute of a block as a text.
type Reader = for<'a> fn(&Terraform<'a>, &Resource<'a>, &str) -> Known<String>;

/// A text, a number's among them.
fn text<'a>(terraform: &Terraform<'a>, block: &Resource<'a>, name: &str) -> Known<String> {
    terraform.text(block, block.body, name)
}

fn set<'a>(terraform: &Terraform<'a>, block: &Resource<'a>, name: &str) -> Known<String> {
    let sorted = |items: Vec<Spanned<String>>| {
        let mut items: Vec<String> = items.into_iter().map(|item| item.value.to_ascii_uppercase()).collect();
        items.sort_unstable();
        items.dedup();
        items.join(", ")
    };
    terraform.texts(block, block.body, name).map(sorted)
}

/// What stands in the block that the path leads to.
fn value<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>, path: &[&'static str], read: Reader) -> Known<String> {
    match path {
        [] => Known::Absent,
        [name] => read(terraform, resource, name),
        [kind, rest @ ..] => match terraform.nested(resource, resource.body, kind).single() {
            Known::Known(block) => value(terraform, &block.value, rest, read),
            Known::Absent => Known::Absent,
            Known::Unknown(why) => Known::Unknown(why),
        },
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
    pub fn successor(&self, base: &Model, address: &str) -> Successor<'_> {
        let moved = self.moves.target(address);
        let address = moved.as_deref().unwrap_or(address);
        if let Some(found) = self.deployed.get(address).or_else(|| self.deployed.get(&*counted(address))) {
            return Successor::Is(found);
        }
        let (folder, rest) = split(address);
        if !self.moves.has_root(folder) {
            // A folder of another name is one that the base had not: else two environments have become one.
            let is_moved = |other: &&Deployed| split(&other.address).1 == rest && !base.moves.has_root(split(&other.address).0);
            let same: Vec<&Deployed> = self.deployed.values().filter(is_moved).collect();
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

/// The folder of the root module, and the address in it.
fn split(address: &str) -> (&str, &str) {
    address.split_once(':').unwrap_or(("", address))
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
