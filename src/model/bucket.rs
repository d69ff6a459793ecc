//! Cloud Storage buckets as Terraform declares them.

use super::{FeedId, Known};
use crate::text::Span;
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
    /// Whether any condition besides `age` restricts the rule.
    pub has_other_conditions: bool,
    pub matches_prefix: Vec<String>,
}
