//! Cloud Storage buckets as Terraform declares them.

use super::terraform::{Resource, Terraform, blocks};
use super::{FeedId, Known, Why};
use crate::syntax::{Document, Entry, NodeId};
use crate::text::Span;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The identity of a bucket.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BucketId {
    Named(Arc<str>),
    /// The address of a Terraform resource whose `name` is not known: `google_storage_bucket.landing`.
    Address(Arc<str>),
}

impl fmt::Display for BucketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BucketId::Named(name) | BucketId::Address(name) => f.write_str(name),
        }
    }
}

/// A bucket.
#[derive(Debug, Clone)]
pub struct Bucket {
    pub id: BucketId,
    /// The Terraform address.
    pub address: String,
    /// The resource's label, where findings on the bucket as a whole point.
    pub span: Span,
    pub location: Known<String>,
    /// `retention_policy.retention_period` as written, in seconds.
    pub retention_seconds: Known<u64>,
    /// The `retention_policy` block's key.
    pub retention_span: Option<Span>,
    pub retention_locked: Known<bool>,
    pub versioning: Known<bool>,
    pub force_destroy: Known<bool>,
    pub uniform_access: Known<bool>,
    pub lifecycle: Vec<LifecycleRule>,
    pub feeds: Vec<FeedId>,
}

/// One `lifecycle_rule` block.
#[derive(Debug, Clone)]
pub struct LifecycleRule {
    pub span: Span,
    /// `Delete`, `SetStorageClass`, `AbortIncompleteMultipartUpload`.
    pub action: Known<String>,
    pub age_days: Known<u64>,
    /// Whether any condition besides `age` and `matches_prefix` restricts the rule.
    pub has_other_conditions: bool,
    pub matches_prefix: Vec<String>,
}

/// Reads the buckets of all modules.
pub fn read_buckets(terraform: &Terraform<'_>) -> BTreeMap<BucketId, Bucket> {
    let mut buckets = BTreeMap::new();
    for resource in terraform.resources("google_storage_bucket") {
        let bucket = read_bucket(terraform, resource);
        buckets.entry(bucket.id.clone()).or_insert(bucket);
    }
    buckets
}

fn read_bucket<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>) -> Bucket {
    let (document, body) = (resource.document, resource.body);
    let id = match terraform.text(resource, body, "name") {
        Known::Known(name) => BucketId::Named(name.value.into()),
        Known::Absent | Known::Unknown(_) => BucketId::Address(resource.unique_address().into()),
    };
    let retention = blocks(document, body, "retention_policy").into_iter().next();
    let versioning = blocks(document, body, "versioning").into_iter().next();
    let in_block = |block: &Option<(Span, NodeId)>, name| match block {
        Some((_, block)) => terraform.bool(resource, *block, name),
        None => Known::Absent,
    };
    let period = match retention {
        Some((_, block)) => terraform.number(resource, block, "retention_period"),
        None => dynamic_block(document, body, "retention_policy"),
    };
    Bucket {
        id,
        address: resource.address(),
        span: resource.span,
        location: terraform.text(resource, body, "location"),
        retention_seconds: period.map(to_count),
        retention_span: retention.map(|(span, _)| span),
        retention_locked: in_block(&retention, "is_locked"),
        versioning: in_block(&versioning, "enabled"),
        force_destroy: terraform.bool(resource, body, "force_destroy"),
        uniform_access: terraform.bool(resource, body, "uniform_bucket_level_access"),
        lifecycle: blocks(document, body, "lifecycle_rule")
            .into_iter()
            .map(|(span, rule)| read_rule(terraform, resource, span, rule))
            .collect(),
        feeds: Vec::new(),
    }
}

/// A `dynamic` block may or may not be there: that is not known.
fn dynamic_block<T>(document: &Document, body: NodeId, kind: &str) -> Known<T> {
    let dynamic = document.all(body, "dynamic").find_map(|entry| document.entry(entry.value, kind));
    dynamic.map_or(Known::Absent, |entry| Known::Unknown(Why::new(format!("`{kind}` is a dynamic block"), Some(entry.key_span))))
}

fn read_rule<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>, span: Span, rule: NodeId) -> LifecycleRule {
    let document = resource.document;
    let action = blocks(document, rule, "action").into_iter().next();
    let condition = blocks(document, rule, "condition").into_iter().next();
    let conditions = condition.map_or(&[][..], |(_, condition)| document.map(condition));
    let prefixes = condition.and_then(|(_, condition)| document.get(condition, "matches_prefix"));
    LifecycleRule {
        span,
        action: action.map_or(Known::Absent, |(_, action)| terraform.text(resource, action, "type")),
        age_days: condition.map_or(Known::Absent, |(_, condition)| terraform.number(resource, condition, "age")).map(to_count),
        has_other_conditions: conditions.iter().any(|entry| restricts(document, entry)),
        matches_prefix: prefixes
            .map(|list| document.sequence(list).iter().filter_map(|item| document.str(*item)).map(str::to_owned).collect())
            .unwrap_or_default(),
    }
}

/// Whether a condition leaves out any live file by something else than its age and its folder.
fn restricts(document: &Document, condition: &Entry) -> bool {
    match document.key(condition) {
        "age" | "matches_prefix" | "send_age_if_zero" => false,
        "with_state" => document.str(condition.value) != Some("ANY") && document.str(condition.value) != Some("LIVE"),
        _ => true,
    }
}

/// Days and seconds as Terraform holds them, without their fraction; negative ones count as zero.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates, which is what is wanted here")]
fn to_count(number: f64) -> u64 {
    number as u64
}
