//! Cloud Storage buckets as Terraform declares them.

mod lifecycle;

pub use lifecycle::{Condition, LifecycleRule, Versions};

use super::terraform::{Resource, Terraform};
use super::{FeedId, Known, Why};
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
    /// The class of new files; `STANDARD` where nothing is said.
    pub storage_class: Known<String>,
    /// For how long deleted files can be brought back; a week where nothing is said.
    pub soft_delete_seconds: Known<u64>,
    pub force_destroy: Known<bool>,
    pub uniform_access: Known<bool>,
    /// `enforced`, or `inherited`.
    pub public_access_prevention: Known<String>,
    pub lifecycle: Vec<LifecycleRule>,
    /// Why there may be more rules.
    pub lifecycle_hidden: Option<Why>,
    /// Whether a backend of the repository names it.
    pub is_backend: bool,
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

    /// The folder of the root module.
    pub fn root(&self) -> &str {
        self.unique_address.split_once(':').map_or("", |(folder, _)| folder)
    }

    /// Whether Terraform keeps its state there, by what the repository says and by what the bucket and its resource are
    /// called: where a backend is completed on the command line, there is nothing else to go by.
    pub fn is_of_state(&self) -> bool {
        let plain = |name: &str| name.to_ascii_lowercase().replace(['-', '_', '.'], "");
        let is_called_so = |name: &&str| OF_STATE.iter().any(|word| plain(name).contains(word));
        self.is_backend || [self.shown(), &self.address].iter().any(is_called_so)
    }

    /// Until when a lifecycle rule leaves its files alone: an age that is not over waits for the retention. `None` where one
    /// of the two is not known.
    pub fn days_before(&self, rule: &LifecycleRule) -> Option<u64> {
        let retention = match &self.retention_seconds {
            Known::Known(seconds) => seconds.value.div_ceil(SECONDS_PER_DAY),
            Known::Absent => 0,
            Known::Unknown(_) => return None,
        };
        Some(rule.age_days.value()?.max(&retention)).copied()
    }
}

/// Seconds of a day.
const SECONDS_PER_DAY: u64 = 86_400;

/// What the names of buckets hold that Terraform keeps its state in.
const OF_STATE: [&str; 3] = ["tfstate", "terraformstate", "tfremotestate"];

/// Reads the buckets of all modules.
pub fn read_buckets(terraform: &Terraform<'_>) -> BTreeMap<BucketId, Bucket> {
    let mut buckets = BTreeMap::new();
    let of_state = terraform.state_buckets();
    for resource in terraform.resources("google_storage_bucket") {
        let mut bucket = read_bucket(terraform, resource);
        bucket.is_backend = matches!(&bucket.id, BucketId::Named(name) if of_state.contains(&**name));
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
    let soft_delete = terraform.nested(resource, body, "soft_delete_policy").single();
    let seconds = |block: &Resource<'a>, name| terraform.number(block, block.body, name).map(to_count);
    Bucket {
        id,
        address: resource.address(),
        unique_address: resource.unique_address().into(),
        span: resource.span,
        location: terraform.text(resource, body, "location"),
        retention_span: retention.value().map(|block| block.span),
        retention_locked: retention.and_then(|block| flag(block, "is_locked")),
        retention_seconds: retention.and_then(|block| seconds(block, "retention_period")),
        versioning: versioning.and_then(|block| flag(block, "enabled")),
        storage_class: terraform.text(resource, body, "storage_class"),
        soft_delete_seconds: soft_delete.and_then(|block| seconds(block, "retention_duration_seconds")),
        force_destroy: terraform.bool(resource, body, "force_destroy"),
        uniform_access: terraform.bool(resource, body, "uniform_bucket_level_access"),
        public_access_prevention: terraform.text(resource, body, "public_access_prevention"),
        lifecycle: lifecycle.blocks.iter().map(|rule| LifecycleRule::read(terraform, rule)).collect(),
        lifecycle_hidden: lifecycle.hidden,
        is_backend: false,
        feeds: Vec::new(),
    }
}

/// Days and seconds as Terraform holds them, without their fraction; negative ones count as zero.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates, which is what is wanted here")]
pub(super) fn to_count(number: f64) -> u64 {
    number as u64
}
