//! Files are deleted before the shortest time that their storage class is paid for.

use super::{in_days, subject};
use crate::model::{Bucket, Known, LifecycleRule, Versions};
use crate::rules::{Context, Sink};
use crate::text::Spanned;

/// The days that a file of these classes is paid for at least, from the day on which it was made.
const MINIMUMS: [(&str, u64); 3] = [("NEARLINE", 30), ("COLDLINE", 90), ("ARCHIVE", 365)];

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for bucket in context.head.buckets.values() {
        for rule in bucket.lifecycle.iter().filter(|rule| rule.is_action("Delete") && !rule.has_other_conditions()) {
            check_rule(bucket, rule, sink);
        }
    }
}

fn check_rule(bucket: &Bucket, rule: &LifecycleRule, sink: &mut Sink<'_>) {
    // What becomes a version is not deleted yet.
    let leaves_a_version =
        rule.versions().value() == Some(&Versions::Live) && !matches!(bucket.versioning.value(), None | Some(false));
    if leaves_a_version {
        return;
    }
    let (Some(age), Some(days)) = (rule.age_days.spanned(), bucket.days_before(rule)) else { return };
    let Some(class) = class_before(bucket, rule, days) else { return };
    let name = class.value.to_ascii_uppercase();
    let Some((_, minimum)) = MINIMUMS.iter().find(|(known, minimum)| *known == name && *minimum > days) else { return };
    let message = format!(
        "bucket `{}` deletes files after {}, and pays for {minimum}: they are in `{name}`",
        bucket.shown(),
        in_days(days)
    );
    sink.report(subject(bucket), age.span, message)
        .help(format!("write an age of at least {minimum}, or leave the files in a class that is paid by the day"))
        .related(class.span, "the class");
}

/// The class of a file on that day: that of the bucket, or the last that a rule for all its files gives it.
fn class_before(bucket: &Bucket, deletion: &LifecycleRule, days: u64) -> Option<Spanned<String>> {
    let prefixes = |rule: &LifecycleRule| match &rule.matches_prefix {
        Known::Known(list) => Some(list.value.iter().map(|prefix| prefix.value.clone()).collect::<Vec<_>>()),
        Known::Absent | Known::Unknown(_) => None,
    };
    let is_for_them = |rule: &&LifecycleRule| {
        !rule.has_other_conditions() && (rule.matches_prefix.is_absent() || prefixes(rule) == prefixes(deletion))
    };
    let moves = bucket.lifecycle.iter().filter(|rule| rule.is_action("SetStorageClass")).filter(is_for_them);
    let given = moves.filter_map(|rule| Some((*rule.age_days.value()?, rule.storage_class.spanned()?)));
    let last = given.filter(|(age, _)| *age < days).max_by_key(|(age, _)| *age);
    last.map(|(_, class)| class).or(bucket.storage_class.spanned()).cloned()
}
