//! Cloud Storage buckets as Terraform declares them.

use super::terraform::{Resource, Terraform};
use super::{FeedId, Known, Why};
use crate::syntax::{Document, Entry};
use crate::text::{Span, Spanned};
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
    /// The same with the folder of its root module and the modules that lead to it.
    pub unique_address: Arc<str>,
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
    /// Why there may be more rules.
    pub lifecycle_hidden: Option<Why>,
    pub feeds: Vec<FeedId>,
}

impl Bucket {
    /// The name, or the address of a bucket whose name is not known.
    pub fn shown(&self) -> &str {
        match &self.id {
            BucketId::Named(name) => name,
            BucketId::Address(_) => &self.address,
        }
    }
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
    /// Unknown where the list is computed: the rule acts on some folder.
    pub matches_prefix: Known<Vec<Spanned<String>>>,
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
    let body = resource.body;
    let id = match terraform.text(resource, body, "name") {
        Known::Known(name) => BucketId::Named(name.value.into()),
        Known::Absent | Known::Unknown(_) => BucketId::Address(resource.unique_address().into()),
    };
    let retention = terraform.nested(resource, body, "retention_policy").single();
    let versioning = terraform.nested(resource, body, "versioning").single();
    let flag = |block: &Resource<'a>, name| terraform.bool(block, block.body, name);
    let lifecycle = terraform.nested(resource, body, "lifecycle_rule");
    Bucket {
        id,
        address: resource.address(),
        unique_address: resource.unique_address().into(),
        span: resource.span,
        location: terraform.text(resource, body, "location"),
        retention_span: retention.value().map(|block| block.span),
        retention_locked: retention.and_then(|block| flag(block, "is_locked")),
        retention_seconds: retention.and_then(|block| terraform.number(block, block.body, "retention_period")).map(to_count),
        versioning: versioning.and_then(|block| flag(block, "enabled")),
        force_destroy: terraform.bool(resource, body, "force_destroy"),
        uniform_access: terraform.bool(resource, body, "uniform_bucket_level_access"),
        lifecycle: lifecycle.blocks.iter().map(|rule| read_rule(terraform, rule)).collect(),
        lifecycle_hidden: lifecycle.hidden,
        feeds: Vec::new(),
    }
}

fn read_rule<'a>(terraform: &Terraform<'a>, rule: &Resource<'a>) -> LifecycleRule {
    let action = terraform.nested(rule, rule.body, "action").single();
    let condition = terraform.nested(rule, rule.body, "condition").single();
    let conditions = condition.value().map_or(&[][..], |condition| condition.document.map(condition.body));
    LifecycleRule {
        span: rule.span,
        action: action.and_then(|action| terraform.text(action, action.body, "type")),
        age_days: condition.and_then(|condition| terraform.number(condition, condition.body, "age")).map(to_count),
        has_other_conditions: conditions.iter().any(|entry| restricts(rule.document, entry)),
        matches_prefix: condition.and_then(|condition| terraform.texts(condition, condition.body, "matches_prefix")),
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
