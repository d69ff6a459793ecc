//! What keeps files of a bucket from being deleted or overwritten, and no longer does: its retention, its versions, its soft
//! delete. A retention that is locked cannot be taken back, so that the deployment fails.

use super::same_text;
use crate::diagnostic::{Diagnostic, Severity, Subject};
use crate::model::deployment::Ignored;
use crate::model::facts::Item;
use crate::model::{Bucket, Known};
use crate::rules::retention::in_words;
use crate::rules::{Context, Sink};
use crate::text::{Span, Spanned};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(base) = context.base else { return };
    let pairs = context.pairs.buckets.iter();
    for (was, is) in pairs.filter_map(|(was, is)| Some((base.buckets.get(was)?, context.head.buckets.get(is)?))) {
        let ignored = context.head.deployed.get(&is.unique_address).map(|deployed| &deployed.ignored);
        let mut weaker = Weaker { context, sink, was, is, subject: Item::Bucket(is).subject(), ignored };
        weaker.retention();
        weaker.versions();
        weaker.soft_delete();
    }
}

struct Weaker<'a, 'c, 's> {
    context: &'a Context<'c>,
    sink: &'a mut Sink<'s>,
    was: &'a Bucket,
    is: &'a Bucket,
    subject: Subject,
    ignored: Option<&'a Ignored>,
}

/// What the base says, and what the head says.
type Both<T> = (Option<Spanned<T>>, Option<Spanned<T>>);

impl Weaker<'_, '_, '_> {
    fn is_ignored(&self, attribute: &str) -> bool {
        self.ignored.is_some_and(|ignored| ignored.covers(attribute))
    }

    /// Both values, where both are known. What is written alike has not changed.
    fn known<T: Copy>(&mut self, what: &str, base: &Known<T>, head: &Known<T>) -> Option<Both<T>> {
        let Some(why) = head.why().or(base.why()) else { return Some((base.spanned().copied(), head.spanned().copied())) };
        if !same_text(self.context, base.span(), head.span()) {
            self.sink.not_checked(&self.subject, format!("its {what} is not known: {}", why.text), why.span);
        }
        None
    }

    fn retention(&mut self) {
        if self.is_ignored("retention_policy") {
            return;
        }
        let (was, is) = (self.was, self.is);
        let Some((Some(before), after)) = self.known("retention", &was.retention_seconds, &is.retention_seconds) else { return };
        let is_lower = after.is_none_or(|after| after.value < before.value);
        if was.retention_locked.value() == Some(&true) {
            return self.locked(before, after, is_lower);
        }
        if !is_lower {
            return;
        }
        let now = after.map_or("at any time".to_owned(), |after| format!("after {}", in_words(after.value)));
        let message = format!(
            "files of bucket `{}` can be deleted and overwritten {now}, and no longer only after {}",
            is.shown(),
            in_words(before.value)
        );
        self.report(after.map(|after| after.span), Some(before.span), message, "retention");
    }

    fn locked(&mut self, before: Spanned<u64>, after: Option<Spanned<u64>>, is_lower: bool) {
        let name = self.is.shown();
        let kept = in_words(before.value);
        let message = match (after, self.is.retention_locked.value().copied().unwrap_or_default()) {
            (None, _) => format!("the apply fails: the retention of bucket `{name}` is locked, and cannot be removed"),
            (Some(after), _) if is_lower => format!(
                "the apply fails: the retention of bucket `{name}` is locked, and cannot be lowered from {kept} to {}",
                in_words(after.value)
            ),
            (Some(_), false) if self.is.retention_locked.why().is_none() => format!(
                "the apply fails while a file must be kept: bucket `{name}` would be made anew, for its retention is locked for good"
            ),
            (Some(_), _) => return,
        };
        let severity = self.sink.severity;
        let locked = self.was.retention_locked.span();
        let found = self.report(after.map(|after| after.span), Some(before.span), message, "lock");
        found.severity = severity;
        if let Some(locked) = locked {
            found.related(locked, "locked here");
        }
    }

    /// Only a block that says so switches them off: the provider leaves what is not said as it is.
    fn versions(&mut self) {
        let (was, is) = (self.was, self.is);
        if self.is_ignored("versioning") {
            return;
        }
        let Some((Some(before), Some(after))) = self.known("versioning", &was.versioning, &is.versioning) else { return };
        if before.value && !after.value {
            let message = format!("what is overwritten or deleted in bucket `{}` is no longer kept as a version", is.shown());
            self.report(Some(after.span), Some(before.span), message, "versions");
        }
    }

    /// The same holds for the time in which deleted files can be brought back.
    fn soft_delete(&mut self) {
        let (was, is) = (self.was, self.is);
        if self.is_ignored("soft_delete_policy") {
            return;
        }
        let both = self.known("soft delete", &was.soft_delete_seconds, &is.soft_delete_seconds);
        let Some((Some(before), Some(after))) =
            both.filter(|(before, after)| before.zip(*after).is_some_and(|(before, after)| after.value < before.value))
        else {
            return;
        };
        let before_words = in_words(before.value);
        let now = match after.value {
            0 => "cannot be brought back any more".to_owned(),
            seconds => format!("can be brought back for {}", in_words(seconds)),
        };
        let message = format!("deleted files of bucket `{}` {now}, and no longer for {before_words}", is.shown());
        self.report(Some(after.span), Some(before.span), message, "soft delete");
    }

    /// A warning at most, unless said otherwise.
    fn report(&mut self, place: Option<Span>, before: Option<Span>, message: String, detail: &str) -> &mut Diagnostic {
        let severity = self.sink.severity.min(Severity::Warning);
        let found = self.sink.report(self.subject.clone(), place.unwrap_or(self.is.span), message).detail(detail);
        found.severity = severity;
        if let Some(before) = before {
            found.related(before, "as it was");
        }
        found
    }
}
