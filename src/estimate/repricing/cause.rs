//! What made the figures of a query differ: everything that goes into an estimate, compared between the revisions. What
//! is compared is what is shown: two values differ when they read differently.

mod feed;
mod table;

use super::Priced;
use crate::diagnostic::{Subject, SubjectKind};
use crate::estimate::{Basis, Estimate, wildcard};
use crate::model::change::Pairs;
use crate::model::table::table_named;
use crate::model::{Known, Model, Query, Table};
use crate::sql::ScanKind;
use crate::text::{Files, Span};
use std::collections::{BTreeMap, BTreeSet};

/// A difference that goes into an estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct Cause {
    pub kind: CauseKind,
    pub subject: Subject,
    /// What differs, and from what to what: ``the partitioning of `raw.orders`: DAY of `placed` → none``.
    pub text: String,
    /// Where it stood in the base, and where it stands in the head.
    pub base: Option<Span>,
    pub head: Option<Span>,
}

/// The most telling first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CauseKind {
    Text,
    View,
    Table,
    Partitioning,
    Clustering,
    Columns,
    Expiration,
    Volume,
    Schema,
    Samples,
    Statistics,
    Runs,
    Price,
    /// Nothing that is compared differs.
    Unknown,
}

impl CauseKind {
    pub fn name(self) -> &'static str {
        match self {
            CauseKind::Text => "text",
            CauseKind::View => "view",
            CauseKind::Table => "table",
            CauseKind::Partitioning => "partitioning",
            CauseKind::Clustering => "clustering",
            CauseKind::Columns => "columns",
            CauseKind::Expiration => "expiration",
            CauseKind::Volume => "volume",
            CauseKind::Schema => "schema",
            CauseKind::Samples => "samples",
            CauseKind::Statistics => "statistics",
            CauseKind::Runs => "runs",
            CauseKind::Price => "price",
            CauseKind::Unknown => "unknown",
        }
    }
}

/// Finds causes.
pub(super) struct Causes<'a> {
    pub(super) files: &'a Files,
    pub(super) pairs: &'a Pairs,
    pub(super) base: Priced<'a>,
    pub(super) head: Priced<'a>,
}

impl Causes<'_> {
    pub(super) fn is_rewritten(&self, base: &Estimate, head: &Estimate) -> bool {
        self.files.slice(base.span) != self.files.slice(head.span)
    }

    /// Everything that differs of what the two were reckoned with.
    pub(super) fn of(&self, base: &Estimate, head: &Estimate) -> Vec<Cause> {
        let queries = self.base.model.queries.get(&base.query).zip(self.head.model.queries.get(&head.query));
        let mut found = Vec::new();
        if self.is_rewritten(base, head) {
            found.push(of_query(CauseKind::Text, head, "its text", Some(base.span), Some(head.span)));
        }
        if let Some((before, after)) = queries {
            self.of_views(before, after, &mut found);
            self.of_tables(before, after, &mut found);
            found.extend(of_runs(before, after, base, head));
        }
        // Samples are of use only where nothing better says how large values are.
        if [base, head].iter().all(|estimate| estimate.basis != Some(Basis::Samples)) {
            found.retain(|cause| cause.kind != CauseKind::Samples);
        }
        found.extend(self.of_price(base, head, !found.is_empty()));
        if found.is_empty() {
            found.push(of_query(CauseKind::Unknown, head, "nothing that is compared", Some(base.span), Some(head.span)));
        }
        found.sort_by(|a, b| (a.kind, &a.subject, &a.text).cmp(&(b.kind, &b.subject, &b.text)));
        found.dedup();
        found
    }

    /// Views and functions that either reads through.
    fn of_views(&self, before: &Query, after: &Query, found: &mut Vec<Cause>) {
        let of_base = before.resolution.through.iter().map(|name| self.head_name(name));
        let names: BTreeSet<String> = of_base.chain(after.resolution.through.iter().cloned()).collect();
        for name in &names {
            let [base, head] = self.both(name);
            let base = definition(self.base.model, name, base).unwrap_or_default();
            let head = definition(self.head.model, name, head).unwrap_or_default();
            if base.0 == head.0 {
                continue;
            }
            let what = match (base.0, head.0) {
                (Some(_), Some(_)) => "reads something else",
                (None, _) => "is new",
                (_, None) => "is gone",
            };
            let subject = Subject::new(SubjectKind::Table, name.as_str());
            found.push(Cause { kind: CauseKind::View, subject, text: format!("`{name}` {what}"), base: base.1, head: head.1 });
        }
    }

    fn of_tables(&self, before: &Query, after: &Query, found: &mut Vec<Cause>) {
        let mut all = reads(self.head.model, after);
        for (name, columns) in reads(self.base.model, before) {
            let known = all.entry(self.head_name(&name)).or_insert_with(|| Some(BTreeSet::new()));
            *known = known.take().zip(columns).map(|(known, columns)| known.into_iter().chain(columns).collect());
        }
        for (name, columns) in all {
            match self.both(&name) {
                [Some(base), Some(head)] => {
                    table::Tables { causes: self, name: &name, base, head }.compare(columns.as_ref(), found);
                }
                [None, Some(head)] => found.push(appeared(&name, "not defined → defined", None, head.span())),
                [Some(base), None] => found.push(appeared(&name, "defined → not defined", base.span(), None)),
                [None, None] => {}
            }
        }
    }

    /// What the head calls a table of the base.
    fn head_name(&self, name: &str) -> String {
        let base = table_named(&self.base.model.tables, name);
        base.and_then(|table| self.pairs.tables.head_of(&table.id)).map_or_else(|| name.to_owned(), |head| head.to_string())
    }

    /// A table in both revisions, by what the head calls it.
    fn both(&self, name: &str) -> [Option<&Table>; 2] {
        let [base, head] = [self.base.model, self.head.model].map(|model| &model.tables);
        let is = table_named(head, name);
        let was = is.and_then(|table| base.get(self.pairs.tables.base_of(&table.id)?));
        [was.or_else(|| table_named(base, name).filter(|was| self.pairs.tables.head_of(&was.id).is_none())), is]
    }

    /// The price of bytes, where no table has moved.
    fn of_price(&self, base: &Estimate, head: &Estimate, has_other: bool) -> Option<Cause> {
        let shown = |estimate: &Estimate| match &estimate.price {
            Some(price) => format!("{} USD per TiB in {}", price.usd_per_tib, price.location),
            None => "not known".to_owned(),
        };
        let (before, after) = (shown(base), shown(head));
        let is_explained = has_other && base.price.is_some() != head.price.is_some();
        if before == after || is_explained {
            return None;
        }
        let place = |priced: Priced<'_>, estimate: &Estimate| {
            let location = estimate.price.as_ref().map(|price| price.location.to_ascii_lowercase())?;
            let own = priced.config.prices.iter().find(|(name, _)| name.to_ascii_lowercase() == location);
            let configured =
                priced.config.location.as_ref().filter(|configured| configured.value.to_ascii_lowercase() == location);
            own.map(|(_, usd)| usd.span).or(configured.map(|configured| configured.span)).filter(|_| priced.config.file.is_some())
        };
        let text = format!("the price: {before} → {after}");
        Some(of_query(CauseKind::Price, head, &text, place(self.base, base), place(self.head, head)))
    }
}

fn of_query(kind: CauseKind, head: &Estimate, text: &str, before: Option<Span>, after: Option<Span>) -> Cause {
    let subject = Subject::new(SubjectKind::Query, head.query.to_string());
    Cause { kind, subject, text: text.to_owned(), base: before, head: after }
}

fn appeared(name: &str, what: &str, base: Option<Span>, head: Option<Span>) -> Cause {
    let subject = Subject::new(SubjectKind::Table, name);
    Cause { kind: CauseKind::Table, subject, text: format!("`{name}`: {what}"), base, head }
}

/// The query of a view or the statement of a function, and where it stands.
fn definition<'m>(model: &'m Model, name: &str, table: Option<&'m Table>) -> Option<(Option<&'m str>, Option<Span>)> {
    let view = table.and_then(|table| Some((table.view_query.as_deref()?, table.span())));
    let routine = || model.routines.iter().find(|routine| routine.path.to_string() == name);
    let (text, span) = view.or_else(|| routine().map(|routine| (routine.definition.as_str(), None)))?;
    Some((Some(text), span))
}

fn of_runs(before: &Query, after: &Query, base: &Estimate, head: &Estimate) -> Option<Cause> {
    let shown = |estimate: &Estimate| match estimate.runs_per_month {
        Some(per_month) => format!("{per_month:.1}"),
        None => "not known".to_owned(),
    };
    let (a, b) = (shown(base), shown(head));
    let text = format!("how often it runs in a month: {a} → {b}");
    (a != b).then(|| of_query(CauseKind::Runs, head, &text, before.runs.span(), after.runs.span()))
}

/// A fact as it is compared and shown.
fn shown<T>(fact: &Known<T>, show: impl Fn(&T) -> String) -> String {
    match fact {
        Known::Known(value) => show(&value.value),
        Known::Absent => "none".to_owned(),
        Known::Unknown(_) => "not known".to_owned(),
    }
}

/// The tables that a query reads, each with the columns; `None` for all of them.
fn reads(model: &Model, query: &Query) -> BTreeMap<String, Option<BTreeSet<String>>> {
    let mut found: BTreeMap<String, Option<BTreeSet<String>>> = BTreeMap::new();
    for scan in &query.resolution.scans {
        let names = match scan.kind {
            ScanKind::Table => vec![scan.table.clone()],
            ScanKind::Wildcard => wildcard::matched(&scan.table, model).iter().map(|(_, table)| table.id.to_string()).collect(),
            ScanKind::InformationSchema => Vec::new(),
        };
        let is_whole = scan.is_whole || scan.is_target;
        for name in names {
            let columns = found.entry(name).or_insert_with(|| Some(BTreeSet::new()));
            match columns {
                Some(_) if is_whole => *columns = None,
                Some(columns) => columns.extend(scan.columns.keys().map(|column| column.to_ascii_lowercase())),
                None => {}
            }
        }
    }
    found
}
