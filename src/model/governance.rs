//! What an organisation may demand of what Terraform deploys and what has no model of its own: labels, and who may read a
//! bucket. Knows nothing of what is demanded.

use super::bucket::{Bucket, BucketId};
use super::terraform::{Resource, Terraform};
use super::{Known, Model};
use crate::text::{Span, Spanned};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Something whose cost the bill tells by its labels.
#[derive(Debug, Clone)]
pub struct Labelled {
    pub kind: LabelledKind,
    /// Unique in the repository.
    pub id: Arc<str>,
    /// The address within its module.
    pub shown: String,
    /// The resource's label.
    pub span: Span,
    /// The keys, with those that the provider puts on everything.
    pub labels: Known<BTreeSet<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LabelledKind {
    Bucket,
    Dataset,
    Table,
}

impl LabelledKind {
    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            LabelledKind::Bucket => "bucket",
            LabelledKind::Dataset => "dataset",
            LabelledKind::Table => "table",
        }
    }
}

const LABELLED: [(&str, LabelledKind); 3] = [
    ("google_storage_bucket", LabelledKind::Bucket),
    ("google_bigquery_dataset", LabelledKind::Dataset),
    ("google_bigquery_table", LabelledKind::Table),
];

/// Everybody lets himself in by these.
const EVERYBODY: [&str; 2] = ["allUsers", "allAuthenticatedUsers"];

/// What lets everybody in.
#[derive(Debug, Clone)]
pub struct PublicGrant {
    pub bucket: BucketId,
    pub address: String,
    pub span: Span,
    /// `allUsers` or `allAuthenticatedUsers`.
    pub who: &'static str,
    /// What they may do, where that is known.
    pub role: Option<String>,
}

/// Reads the labels of all resources that the bill tells apart by them.
pub fn read_labelled(terraform: &Terraform<'_>) -> Vec<Labelled> {
    let of_kind = |(name, kind): (&'static str, LabelledKind)| {
        let resources = terraform.resources(name).filter(|resource| !is_view(terraform, resource));
        resources.map(move |resource| read_one(terraform, resource, kind))
    };
    LABELLED.into_iter().flat_map(of_kind).collect()
}

/// A view stores nothing that would cost anything.
fn is_view<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>) -> bool {
    !terraform.nested(resource, resource.body, "view").blocks.is_empty()
}

fn read_one<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>, kind: LabelledKind) -> Labelled {
    let own = terraform.keys(resource, "labels");
    let labels = match (own, terraform.default_labels(resource)) {
        (Known::Unknown(why), _) | (_, Err(why)) => Known::Unknown(why),
        (Known::Known(mut own), Ok(default)) => {
            own.value.extend(default);
            Known::Known(own)
        }
        (Known::Absent, Ok(default)) if default.is_empty() => Known::Absent,
        (Known::Absent, Ok(default)) => Known::Known(Spanned::new(default, resource.span)),
    };
    Labelled { kind, id: resource.unique_address().into(), shown: resource.address(), span: resource.span, labels }
}

/// Reads what opens a bucket to everybody.
pub fn read_public(terraform: &Terraform<'_>, buckets: &BTreeMap<BucketId, Bucket>) -> Vec<PublicGrant> {
    let by_address: BTreeMap<&str, &BucketId> = buckets.values().map(|bucket| (&*bucket.unique_address, &bucket.id)).collect();
    let mut found = Vec::new();
    for (kind, members, role) in [
        ("google_storage_bucket_iam_member", "member", "role"),
        ("google_storage_bucket_iam_binding", "members", "role"),
        ("google_storage_bucket_access_control", "entity", "role"),
        ("google_storage_default_object_access_control", "entity", "role"),
        ("google_storage_bucket_acl", "role_entity", "predefined_acl"),
    ] {
        for resource in terraform.resources(kind) {
            let text = |attribute| terraform.text(resource, resource.body, attribute);
            let named = text("bucket").value().map(|name| BucketId::Named(name.as_str().into()));
            let referred =
                || terraform.target(resource, resource.body, "bucket").and_then(|to| by_address.get(to.as_str()).copied());
            let Some(bucket) = named.filter(|id| buckets.contains_key(id)).or_else(|| referred().cloned()) else { continue };
            let listed = terraform.each_text(resource, members).unwrap_or_default();
            let said = std::iter::once(text(members)).chain(listed);
            let said: Vec<String> = said.filter_map(|text| text.value().cloned()).chain(acl(&text(role))).collect();
            let open = EVERYBODY.into_iter().find(|who| said.iter().any(|one| one.ends_with(who)));
            if let Some(who) = open {
                let role = text(role).value().cloned();
                found.push(PublicGrant { bucket, address: resource.address(), span: resource.span, who, role });
            }
        }
    }
    found
}

/// Who is let in by a list that has a name.
fn acl(name: &Known<String>) -> Option<String> {
    let everybody = match name.value()?.as_str() {
        "publicRead" | "publicReadWrite" => "allUsers",
        "authenticatedRead" => "allAuthenticatedUsers",
        _ => return None,
    };
    Some(everybody.to_owned())
}

/// Where the bill goes, if anything here holds or reads it.
pub fn holds_billing_export(model: &Model) -> bool {
    let is_of_bill = |name: &str| name.to_ascii_lowercase().contains("billing");
    let named = |name: &str| name.contains("gcp_billing_export");
    let read = model.queries.values().flat_map(|query| &query.resolution.scans);
    model.datasets.values().any(|dataset| is_of_bill(&dataset.name))
        || model.tables.keys().any(|table| named(&table.to_string()))
        || read.into_iter().any(|scan| named(&scan.table))
}
