//! What of a feed goes into the estimates of queries on its table, compared between two revisions.

use super::table::is_read;
use super::{Cause, CauseKind, Causes, shown};
use crate::diagnostic::Subject;
use crate::estimate::thousands;
use crate::model::schema::{SchemaField, Target};
use crate::model::{Feed, Known, Model};
use crate::text::{Span, Spanned};
use std::collections::BTreeSet;

/// One feed in both revisions.
pub(super) struct Feeds<'a> {
    pub(super) causes: &'a Causes<'a>,
    pub(super) subject: Subject,
    pub(super) base: &'a Feed,
    pub(super) head: &'a Feed,
}

impl Feeds<'_> {
    /// `read` are the columns of its table that are read, in small letters; `None` for all of them.
    pub(super) fn compare(&self, read: Option<&BTreeSet<String>>, found: &mut Vec<Cause>) {
        let rows = |feed: &Feed| shown(&feed.delivery.rows, |rows| thousands(*rows));
        found.extend(self.differ("rows of a delivery", rows, |feed| feed.delivery.rows.span()));
        let cadence = |feed: &Feed| shown(&feed.delivery.cadence, |cadence| cadence.text.clone());
        found.extend(self.differ("cadence", cadence, |feed| feed.delivery.cadence.span()));
        let files = |feed: &Feed| shown(&feed.delivery.files, |files| thousands(*files));
        found.extend(self.differ("files of a delivery", files, |feed| feed.delivery.files.span()));
        let write = |feed: &Feed| shown(&feed.table.write_disposition, String::clone);
        found.extend(self.differ("write disposition", write, |feed| feed.table.write_disposition.span()));
        found.extend(self.of_schema(read));
        found.extend(self.of_samples());
    }

    fn differ(&self, what: &str, show: impl Fn(&Feed) -> String, place: impl Fn(&Feed) -> Option<Span>) -> Option<Cause> {
        let (before, after) = (show(self.base), show(self.head));
        let text = format!("the {what} of feed `{}`: {before} → {after}", self.subject.key);
        (before != after).then(|| self.cause(CauseKind::Volume, text, [self.base, self.head].map(place)))
    }

    /// Points at the feed where a revision does not say it.
    fn cause(&self, kind: CauseKind, text: String, [base, head]: [Option<Span>; 2]) -> Cause {
        let [base, head] = [base.unwrap_or(self.base.name_span), head.unwrap_or(self.head.name_span)];
        Cause { kind, subject: self.subject.clone(), text, base: Some(base), head: Some(head) }
    }

    /// The limits that its JSON Schema sets to values.
    fn of_schema(&self, read: Option<&BTreeSet<String>>) -> Option<Cause> {
        let [base, head] =
            [(self.base, self.causes.base), (self.head, self.causes.head)].map(|(feed, side)| fields(feed, side.model));
        let limits = |field: &SchemaField| {
            let SchemaField { path, types, nullable, required, format, max_length, literal_lengths, .. } = field.clone();
            (path, types, nullable, required, format, max_length, literal_lengths)
        };
        let is_in = |field: &&SchemaField, others: &[SchemaField]| {
            !is_read(&field.path.replace("[]", ""), read) || others.iter().any(|other| limits(other) == limits(field))
        };
        let before = base.iter().find(|field| !is_in(field, head));
        let after = head.iter().find(|field| !is_in(field, base));
        let name = &after.or(before)?.path;
        let text = format!("what the schema of feed `{}` says of `{name}`", self.subject.key);
        let place = |fields: &[SchemaField]| fields.iter().find(|field| field.path == *name).map(|field| field.key_span);
        Some(self.cause(CauseKind::Schema, text, [place(base), place(head)]))
    }

    fn of_samples(&self) -> Option<Cause> {
        let [base, head] = [self.base, self.head].map(|feed| self.samples(feed));
        let text = format!("the samples of feed `{}`", self.subject.key);
        let place = |feed: &Feed| feed.file.samples.first().map(|sample| sample.span);
        (base != head).then(|| self.cause(CauseKind::Samples, text, [self.base, self.head].map(place)))
    }

    fn samples(&self, feed: &Feed) -> Vec<&str> {
        let texts = feed.file.samples.iter().filter_map(|sample| match &sample.value.target {
            Target::File(file, _) => Some(self.causes.files.get(*file).text.as_ref()),
            Target::Inline(_) | Target::Missing { .. } | Target::OutsideRoot | Target::Unread { .. } => None,
        });
        texts.collect()
    }
}

fn fields<'m>(feed: &Feed, model: &'m Model) -> &'m [SchemaField] {
    match &feed.schema {
        Known::Known(Spanned { value, .. }) => match &value.target {
            Target::File(_, path) => model.schemas.get(path).map_or(&[], |schema| &schema.fields),
            Target::Inline(_) | Target::Missing { .. } | Target::OutsideRoot | Target::Unread { .. } => &[],
        },
        Known::Absent | Known::Unknown(_) => &[],
    }
}
