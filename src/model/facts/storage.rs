//! Facts of a bucket, as Terraform declares it.

use super::FactType::{Bool, Count, Number, Text};
use super::Read::Bucket as Of;
use super::{Fact, FactValue, Reading, always, boolean, count, fact, known, length, text};
use crate::model::{Bucket, BucketId};

const SECONDS_PER_DAY: f64 = 86_400.0;

pub(super) const FACTS: &[Fact] = &[
    fact("name", Text, "The bucket's name; null where it is not known", Of(name)),
    always(
        "address",
        Text,
        "The Terraform address",
        Of(|b| Reading::at(FactValue::Text(b.address.as_str().into()), Some(b.span))),
    ),
    fact("location", Text, "The location, as written", Of(|b| text(&b.location))),
    fact("retention_seconds", Count, "`retention_policy.retention_period`, in seconds", Of(|b| count(&b.retention_seconds))),
    fact("retention_days", Number, "The same in days", Of(retention_days)),
    fact("locked", Bool, "Whether the retention policy is locked for good", Of(|b| boolean(&b.retention_locked))),
    fact("versioning", Bool, "Whether overwritten objects are kept as versions", Of(|b| boolean(&b.versioning))),
    fact(
        "soft_delete_seconds",
        Count,
        "`soft_delete_policy.retention_duration_seconds`: for how long a deleted file can be brought back",
        Of(|b| count(&b.soft_delete_seconds)),
    ),
    fact("storage_class", Text, "The class of new files, where one is said", Of(|b| text(&b.storage_class))),
    always(
        "holds_state",
        Bool,
        "Whether Terraform keeps its state there: a backend names it, or it or its resource is called so",
        Of(|b| Reading::at(FactValue::Bool(b.is_of_state()), Some(b.span))),
    ),
    fact("force_destroy", Bool, "Whether destroying the bucket deletes its objects", Of(|b| boolean(&b.force_destroy))),
    fact("uniform_access", Bool, "`uniform_bucket_level_access`", Of(|b| boolean(&b.uniform_access))),
    fact(
        "public_access_prevention",
        Text,
        "`public_access_prevention`: `enforced` or `inherited`",
        Of(|b| text(&b.public_access_prevention)),
    ),
    always(
        "lifecycle_rules",
        Count,
        "How many lifecycle rules it has",
        Of(|b| length(b.lifecycle.len(), b.lifecycle.first().map(|r| r.span))),
    ),
    always("feeds", Count, "How many feeds are delivered to it", Of(|b| length(b.feeds.len(), None))),
];

fn name(bucket: &Bucket) -> Reading<'_> {
    match &bucket.id {
        BucketId::Named(name) => Reading::at(FactValue::Text((&**name).into()), Some(bucket.span)),
        BucketId::Address(_) => Reading::null(),
    }
}

/// Below 2^52 seconds (a hundred million years) the division is exact enough for a policy.
fn retention_days(bucket: &Bucket) -> Reading<'_> {
    known(&bucket.retention_seconds, |seconds| FactValue::Number(*seconds as f64 / SECONDS_PER_DAY))
}
