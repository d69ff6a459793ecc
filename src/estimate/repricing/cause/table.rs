//! What of a table goes into an estimate, compared between two revisions.

use super::feed::Feeds;
use super::{Cause, CauseKind, Causes, shown};
use crate::diagnostic::{Subject, SubjectKind};
use crate::estimate::bytes::{Leaf, leaves};
use crate::model::table::{PartitionKind, Partitioning, Statistics, TableKind};
use crate::model::{Feed, FeedId, Model, Table};
use crate::text::{Span, Spanned};
use std::collections::{BTreeMap, BTreeSet};

/// One table in both revisions.
pub(super) struct Tables<'a> {
    pub(super) causes: &'a Causes<'a>,
    pub(super) name: &'a str,
    pub(super) base: &'a Table,
    pub(super) head: &'a Table,
}

impl Tables<'_> {
    /// `columns` are those that are read, in small letters; `None` for all of them.
    pub(super) fn compare(&self, columns: Option<&BTreeSet<String>>, found: &mut Vec<Cause>) {
        let cut_at = self.declared(|table| table.partitioning.span(), |feed| feed.table.partitioning.span());
        found.extend(self.differ(CauseKind::Partitioning, "partitioning", cut, cut_at));
        // A table that is not cut any more keeps no partitions either.
        if [self.base, self.head].iter().all(|table| table.partitioning.value().is_some()) {
            found.extend(self.differ(CauseKind::Expiration, "expiration of partitions", expires, cut_at));
        }
        let clustered_at = self.declared(|table| table.clustering.span(), |feed| feed.table.clustering.span());
        found.extend(self.differ(CauseKind::Clustering, "clustering", clustered, clustered_at));
        found.extend(self.differ(CauseKind::Table, "kind", |table| kind(table.kind).to_owned(), [None, None]));
        found.extend(self.of_columns(columns));
        found.extend(self.of_statistics());
        found.extend(self.of_location());
        self.of_feeds(columns, found);
    }

    /// A fact of the table that reads differently.
    fn differ(&self, kind: CauseKind, what: &str, show: impl Fn(&Table) -> String, places: [Option<Span>; 2]) -> Option<Cause> {
        let (before, after) = (show(self.base), show(self.head));
        let text = format!("the {what} of `{}`: {before} → {after}", self.name);
        (before != after).then(|| self.cause(kind, text, places))
    }

    /// Where Terraform takes what it says from a feed, or an entry that defines one, its own text is the same in both
    /// revisions, and tells nothing: then at the feed.
    fn declared(&self, own: impl Fn(&Table) -> Option<Span>, of_feed: impl Fn(&Feed) -> Option<Span>) -> [Option<Span>; 2] {
        let places = [self.base, self.head].map(&own);
        if places[0] != places[1] {
            return places;
        }
        let of_feeds = |table: &Table, model: &Model| {
            table.feeds.iter().filter_map(|name| model.feeds.get(name)).map(&of_feed).collect::<Vec<_>>()
        };
        let base = of_feeds(self.base, self.causes.base.model);
        let head = of_feeds(self.head, self.causes.head.model);
        let differing = base.into_iter().zip(head).find(|(base, head)| base.is_some() && head.is_some() && base != head);
        differing.map_or(places, |(base, head)| [base, head])
    }

    /// Points at the table where a revision does not say it.
    fn cause(&self, kind: CauseKind, text: String, [base, head]: [Option<Span>; 2]) -> Cause {
        let subject = Subject::new(SubjectKind::Table, self.name);
        Cause { kind, subject, text, base: base.or(self.base.span()), head: head.or(self.head.span()) }
    }

    fn of_columns(&self, read: Option<&BTreeSet<String>>) -> Option<Cause> {
        let [base, head] = [self.base, self.head].map(|table| columns(table, read));
        let of = |side: &BTreeMap<String, (String, Span)>, name: &str| side.get(name).map(|(data_type, _)| data_type.clone());
        let names: BTreeSet<&String> = base.keys().chain(head.keys()).collect();
        let differing: Vec<&String> = names.into_iter().filter(|name| of(&base, name) != of(&head, name)).collect();
        let first = *differing.first()?;
        let [before, after] = [&base, &head].map(|side| of(side, first).unwrap_or_else(|| "none".to_owned()));
        let more = if differing.len() > 1 { format!(", and {} more", differing.len() - 1) } else { String::new() };
        let text = format!("column `{first}` of `{}`: {before} → {after}{more}", self.name);
        Some(self.cause(CauseKind::Columns, text, [&base, &head].map(|side| side.get(first).map(|(_, span)| *span))))
    }

    /// What was measured: too much to be shown.
    fn of_statistics(&self) -> Option<Cause> {
        // Where it stands, and in which location, is no size.
        let sizes = |table: &Table| {
            let statistics = table.statistics.clone()?;
            Some(Statistics { location: None, span: self.base.span().unwrap_or(statistics.span), ..statistics })
        };
        let rows = |table: &Table| match table.statistics.as_ref().map(|statistics| statistics.rows) {
            Some(Some(rows)) => format!("{} rows", crate::estimate::thousands(rows)),
            Some(None) => "rows not known".to_owned(),
            None => "none".to_owned(),
        };
        let (before, after) = (rows(self.base), rows(self.head));
        let change = if before == after { String::new() } else { format!(": {before} → {after}") };
        let places = [self.base, self.head].map(|table| table.statistics.as_ref().map(|statistics| statistics.span));
        let text = format!("the statistics of `{}`{change}", self.name);
        (sizes(self.base) != sizes(self.head)).then(|| self.cause(CauseKind::Statistics, text, places))
    }

    fn of_location(&self) -> Option<Cause> {
        let [base, head] =
            [(self.base, self.causes.base), (self.head, self.causes.head)].map(|(table, side)| side.model.location_of(table));
        let [before, after] = [&base, &head].map(|location| shown(location, |location| location.to_ascii_lowercase()));
        let text = format!("where `{}` lies: {before} → {after}", self.name);
        (before != after).then(|| self.cause(CauseKind::Price, text, [base.span(), head.span()]))
    }

    fn of_feeds(&self, read: Option<&BTreeSet<String>>, found: &mut Vec<Cause>) {
        let pairs = &self.causes.pairs.feeds;
        let of_base = self.base.feeds.iter().map(|name| pairs.head_of(name).unwrap_or(name));
        let names: BTreeSet<&FeedId> = of_base.chain(&self.head.feeds).collect();
        for name in names {
            let was = pairs.base_of(name).unwrap_or(name);
            let base = self.base.feeds.contains(was).then(|| self.causes.base.model.feeds.get(was)).flatten();
            let head = self.head.feeds.contains(name).then(|| self.causes.head.model.feeds.get(name)).flatten();
            let subject = Subject::new(SubjectKind::Feed, name.0.clone());
            if let (Some(base), Some(head)) = (base, head) {
                Feeds { causes: self.causes, subject, base, head }.compare(read, found);
                continue;
            }
            let what = if base.is_none() { "is filled by" } else { "is no longer filled by" };
            let text = format!("`{}` {what} `{name}`", self.name);
            let [base, head] = [base, head].map(|feed| feed.map(|feed| feed.name_span));
            found.push(Cause { kind: CauseKind::Volume, subject, text, base, head });
        }
    }
}

/// Leaves of the table that are read, by name: the type, and where it is said.
fn columns(table: &Table, read: Option<&BTreeSet<String>>) -> BTreeMap<String, (String, Span)> {
    let all = table.columns.value().map(|columns| leaves(columns)).unwrap_or_default();
    let is_read = |leaf: &Leaf| is_read(&leaf.path, read);
    let shown = |leaf: Leaf| {
        let repeated = if leaf.is_repeated { "repeated " } else { "" };
        let required = if leaf.is_required { " (required)" } else { "" };
        (leaf.path.to_ascii_lowercase(), (format!("{repeated}{}{required}", leaf.data_type), leaf.span))
    };
    all.into_iter().filter(is_read).map(shown).collect()
}

/// `DAY of `placed``.
fn cut(table: &Table) -> String {
    shown(&table.partitioning, |partitioning: &Partitioning| {
        let unit = match partitioning.kind {
            PartitionKind::Hour => "HOUR",
            PartitionKind::Day => "DAY",
            PartitionKind::Month => "MONTH",
            PartitionKind::Year => "YEAR",
            PartitionKind::IntegerRange => "ranges",
            PartitionKind::Unknown => "a unit not known",
        };
        let range = partitioning.range.map(|range| format!(" from {} to {} by {}", range.start, range.end, range.interval));
        let by = partitioning.column.as_ref().map_or("ingestion time".to_owned(), |column| format!("`{}`", column.value));
        format!("{unit} of {by}{}", range.unwrap_or_default())
    })
}

fn expires(table: &Table) -> String {
    let days = table.partitioning.and_then(|partitioning| partitioning.expiration_days.clone());
    shown(&days, |days| format!("{days} days"))
}

fn clustered(table: &Table) -> String {
    let names = |columns: &Vec<Spanned<String>>| columns.iter().map(|column| format!("`{}`", column.value)).collect::<Vec<_>>();
    shown(&table.clustering, |columns| names(columns).join(", "))
}

fn kind(kind: TableKind) -> &'static str {
    match kind {
        TableKind::Table => "table",
        TableKind::View => "view",
        TableKind::MaterializedView => "materialized view",
        TableKind::External => "external table",
    }
}

/// Whether a column, or what it lies in, is among those that are read.
pub(super) fn is_read(path: &str, read: Option<&BTreeSet<String>>) -> bool {
    let path = path.to_ascii_lowercase();
    let is_of = |column: &str| path.strip_prefix(column).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    read.is_none_or(|read| read.iter().any(|column| is_of(column)))
}
