//! Which attributes of a thing have another value. What cannot be known is compared by the expression that hides it: the
//! same expression is no difference, and what it comes to is not asked.

use super::pairing::Pairs;
use super::statements::words;
use super::{Difference, Said};
use crate::model::feed::Feed;
use crate::model::query::Query;
use crate::model::schema::SchemaReference;
use crate::model::table::{Partitioning, Table, TableKind};
use crate::model::trigger::Destination;
use crate::model::{Bucket, JsonSchema, Known, LifecycleRule, Trigger, Workflow};
use crate::text::{Files, Span, Spanned};

/// Collects the differences of one thing.
pub(super) struct Differences<'a> {
    files: &'a Files,
    pairs: &'a Pairs,
    pub(super) found: Vec<Difference>,
}

impl<'a> Differences<'a> {
    pub(super) fn new(files: &'a Files, pairs: &'a Pairs) -> Differences<'a> {
        Differences { files, pairs, found: Vec::new() }
    }

    pub(super) fn feed(&mut self, base: &Feed, head: &Feed) {
        self.known("description", &base.description, &head.description, String::clone);
        self.known("owner", &base.owner, &head.owner, String::clone);
        self.known("source system", &base.source_system, &head.source_system, String::clone);
        self.known("source contact", &base.source_contact, &head.source_contact, String::clone);
        self.known("classification", &base.classification, &head.classification, String::clone);
        self.known("retention", &base.retention_days, &head.retention_days, |days| format!("{days} days"));
        self.delivery(base, head);
        self.feed_file(base, head);
        self.feed_table(base, head);
        let consumers = |feed: &Feed| {
            let names = feed.consumers.iter().flat_map(|consumer| [&consumer.team, &consumer.dashboard]).flatten();
            names.map(String::as_str).collect::<Vec<_>>().join(", ")
        };
        self.texts("consumers", consumers(base), consumers(head), (base.name_span, head.name_span));
    }

    fn delivery(&mut self, base: &Feed, head: &Feed) {
        let (base, head) = (&base.delivery, &head.delivery);
        self.known("cadence", &base.cadence, &head.cadence, |cadence| cadence.text.clone());
        self.known("time zone", &base.time_zone, &head.time_zone, String::clone);
        self.known("due time", &base.due, &head.due, String::clone);
        self.known("grace", &base.grace_seconds, &head.grace_seconds, |seconds| format!("{seconds} seconds"));
        self.known("latency", &base.latency_seconds, &head.latency_seconds, |seconds| format!("{seconds} seconds"));
        self.known("files a delivery", &base.files, &head.files, u64::to_string);
        self.known("rows a delivery", &base.rows, &head.rows, u64::to_string);
        self.known("bytes a delivery", &base.bytes, &head.bytes, u64::to_string);
        self.known("bytes of the largest file", &base.largest_file, &head.largest_file, u64::to_string);
    }

    fn feed_file(&mut self, base: &Feed, head: &Feed) {
        let (base, head) = (&base.file, &head.file);
        self.known("file name", &base.name, &head.name, |name| name.text.clone());
        self.known("format", &base.format, &head.format, String::clone);
        self.known("compression", &base.compression, &head.compression, String::clone);
        self.known("prefix", &base.prefix, &head.prefix, String::clone);
        self.known("bucket", &base.bucket, &head.bucket, String::clone);
    }

    fn feed_table(&mut self, base: &Feed, head: &Feed) {
        self.reference("schema", &base.schema, &head.schema);
        let (base, head) = (&base.table, &head.table);
        self.known("project of the table", &base.project, &head.project, String::clone);
        self.known("dataset", &base.dataset, &head.dataset, String::clone);
        self.known("table", &base.name, &head.name, String::clone);
        self.reference("table schema", &base.schema, &head.schema);
        self.partitioning(&base.partitioning, &head.partitioning);
        self.known("clustering", &base.clustering, &head.clustering, joined);
        self.known("partition filter", &base.require_partition_filter, &head.require_partition_filter, required);
        self.known("write disposition", &base.write_disposition, &head.write_disposition, String::clone);
        self.known("unknown values", &base.ignore_unknown_values, &head.ignore_unknown_values, |ignored| {
            if *ignored { "ignored" } else { "refused" }.to_owned()
        });
        self.known("load job", &base.load_job, &head.load_job, String::clone);
    }

    /// A file that moved is the same file.
    fn reference(&mut self, name: &'static str, base: &Known<SchemaReference>, head: &Known<SchemaReference>) {
        use crate::model::schema::Target::File;
        if let (Some(was), Some(is)) = (base.value(), head.value())
            && let (File(_, was), File(_, is)) = (&was.target, &is.target)
            && (was == is || self.pairs.files.head_of(was).or(self.pairs.schemas.head_of(was)) == Some(is))
        {
            return;
        }
        self.known(name, base, head, |reference| reference.text.clone());
    }

    pub(super) fn schema(&mut self, base: &JsonSchema, head: &JsonSchema) {
        let draft = |schema: &JsonSchema| schema.draft.name().to_owned();
        self.texts("draft", draft(base), draft(head), (base.span, head.span));
    }

    pub(super) fn table(&mut self, base: &Table, head: &Table) {
        let places = base.span().zip(head.span());
        if let Some(places) = places {
            self.texts("kind", kind(base).to_owned(), kind(head).to_owned(), places);
            let query = |table: &Table| table.view_query.as_deref().map_or_else(String::new, |query| words(query).join(" "));
            self.texts("query", query(base), query(head), places);
        }
        // What differs between two lists of columns is said of each column.
        if base.columns.value().is_none() || head.columns.value().is_none() {
            self.known("columns", &base.columns, &head.columns, |columns| format!("{} columns", columns.len()));
        }
        self.partitioning(&base.partitioning, &head.partitioning);
        self.known("clustering", &base.clustering, &head.clustering, joined);
        self.known("partition filter", &base.require_partition_filter, &head.require_partition_filter, required);
    }

    fn partitioning(&mut self, base: &Known<Partitioning>, head: &Known<Partitioning>) {
        self.known("partitioning", base, head, by);
        if let (Some(was), Some(is)) = (base.spanned(), head.spanned()) {
            let days = |partitioning: &Spanned<Partitioning>| match &partitioning.value.expiration_days {
                Known::Absent => Said { text: "never".to_owned(), span: Some(partitioning.span) },
                days => self.said(days, &|days| format!("{days} days")).expect("it is not absent"),
            };
            let (before, after) = (days(was), days(is));
            if before.text != after.text {
                self.found.push(Difference { name: "partition expiration", before: Some(before), after: Some(after) });
            }
        }
    }

    pub(super) fn bucket(&mut self, base: &Bucket, head: &Bucket) {
        self.known("location", &base.location, &head.location, |location| location.to_ascii_uppercase());
        self.known("retention", &base.retention_seconds, &head.retention_seconds, |seconds| format!("{seconds} seconds"));
        self.known("locked retention", &base.retention_locked, &head.retention_locked, bool::to_string);
        self.known("versioning", &base.versioning, &head.versioning, bool::to_string);
        self.known("soft delete", &base.soft_delete_seconds, &head.soft_delete_seconds, |seconds| format!("{seconds} seconds"));
        self.known("storage class", &base.storage_class, &head.storage_class, |class| class.to_ascii_uppercase());
        self.known("force destroy", &base.force_destroy, &head.force_destroy, bool::to_string);
        self.known("uniform access", &base.uniform_access, &head.uniform_access, bool::to_string);
        let (before, after) = (self.rules(base), self.rules(head));
        self.texts("lifecycle", before, after, (base.span, head.span));
    }

    fn rules(&self, bucket: &Bucket) -> String {
        let rules = bucket.lifecycle.iter().map(|rule| self.lifecycle(rule));
        let hidden = bucket.lifecycle_hidden.iter().filter_map(|why| Some(words(self.files.slice(why.span?)).join(" ")));
        rules.chain(hidden).collect::<Vec<_>>().join("; ")
    }

    fn lifecycle(&self, rule: &LifecycleRule) -> String {
        let said = |text: Option<Said>, before: &str, after: &str| {
            text.map_or_else(String::new, |said| format!("{before}{}{after}", said.text))
        };
        let action = said(self.said(&rule.action, &String::clone), "", "");
        let age = said(self.said(&rule.age_days, &u64::to_string), " after ", " days");
        let prefix = said(self.said(&rule.matches_prefix, &joined), " below ", "");
        format!("{action}{age}{prefix}{}", if rule.has_other_conditions() { " on conditions" } else { "" })
    }

    pub(super) fn trigger(&mut self, base: &Trigger, head: &Trigger) {
        self.known("location", &base.location, &head.location, |location| location.to_ascii_lowercase());
        self.known("service account", &base.service_account, &head.service_account, String::clone);
        let of = |trigger: &Trigger, name| trigger.criterion(name).map_or(Known::Absent, |criterion| criterion.value.clone());
        self.known("event type", &of(base, "type"), &of(head, "type"), String::clone);
        self.known("bucket", &of(base, "bucket"), &of(head, "bucket"), String::clone);
        let (before, after) = (self.criteria(base), self.criteria(head));
        self.texts("criteria", before, after, (base.span, head.span));
        self.known("topic", &base.topic.name, &head.topic.name, String::clone);
        let place = |trigger: &Trigger| trigger.destination.as_ref().map_or(trigger.span, |destination| destination.span);
        let (before, after) = (self.destination(base), self.destination(head));
        self.texts("destination", before, after, (place(base), place(head)));
    }

    /// What else must hold, in any order: `serviceName = bigquery.googleapis.com, resourceName match-path-pattern …`.
    fn criteria(&self, trigger: &Trigger) -> String {
        let shown = |value: &Known<String>| self.said(value, &String::clone).map_or_else(String::new, |said| said.text);
        let one = |attribute: &Known<String>, operator: &Known<String>, value: &Known<String>| {
            let operator = Some(shown(operator)).filter(|operator| !operator.is_empty()).unwrap_or_else(|| "=".to_owned());
            format!("{} {operator} {}", shown(attribute), shown(value))
        };
        let is_other = |attribute: &Known<String>| !attribute.value().is_some_and(|name| ["type", "bucket"].contains(&&**name));
        let others = trigger.criteria.iter().filter(|criterion| is_other(&criterion.attribute));
        let all = others.map(|criterion| one(&criterion.attribute, &criterion.operator, &criterion.value));
        let hidden = trigger.criteria_hidden.iter().filter_map(|why| Some(words(self.files.slice(why.span?)).join(" ")));
        let mut all: Vec<String> = all.chain(hidden).collect();
        all.sort_unstable();
        all.join(", ")
    }

    /// Which resource it is says more than how it is referred to.
    fn destination(&self, trigger: &Trigger) -> String {
        let shown = |destination: &Destination| {
            let named = self.said(&destination.runner.name, &|name| name.rsplit('/').next().unwrap_or(name).to_owned());
            let runner = destination.runner.address.as_deref().map(super::identity::without_folder);
            let runner = runner.map(str::to_owned).or(named.map(|said| said.text)).unwrap_or_default();
            format!("{} {runner}", destination.kind.name())
        };
        trigger.destination.as_ref().map_or_else(String::new, shown)
    }

    pub(super) fn workflow(&mut self, base: &Workflow, head: &Workflow) {
        self.known("name", &base.name, &head.name, String::clone);
        let places = (base.span, head.span);
        self.texts("steps", steps(base), steps(head), places);
        if base.text != head.text {
            let text = |workflow: &Workflow| words(&workflow.text).join(" ");
            self.texts("text", text(base), text(head), places);
        }
        let environment = |workflow: &Workflow| {
            let one = |(name, value): (&String, &Option<String>)| format!("{name}={}", value.as_deref().unwrap_or("(not known)"));
            let own = workflow.environment.iter().filter(|(name, _)| !name.starts_with("GOOGLE_"));
            own.map(one).collect::<Vec<_>>().join(", ")
        };
        self.texts("environment", environment(base), environment(head), places);
    }

    pub(super) fn query(&mut self, base: &Query, head: &Query) {
        let text = |query: &Query| words(self.files.slice(query.span)).join(" ");
        if self.files.slice(base.span) != self.files.slice(head.span) {
            let (before, after) = (text(base), text(head));
            self.texts("text", before, after, (base.span, head.span));
        }
        self.known("runs", &base.runs, &head.runs, |runs| runs.why.clone());
    }

    fn texts(&mut self, name: &'static str, before: String, after: String, places: (Span, Span)) {
        if before != after {
            let said = |text: String, span| (!text.is_empty()).then_some(Said { text, span: Some(span) });
            self.found.push(Difference { name, before: said(before, places.0), after: said(after, places.1) });
        }
    }

    fn known<T>(&mut self, name: &'static str, base: &Known<T>, head: &Known<T>, shown: impl Fn(&T) -> String) {
        let (before, after) = (self.said(base, &shown), self.said(head, &shown));
        if before.as_ref().map(|said| &said.text) != after.as_ref().map(|said| &said.text) {
            self.found.push(Difference { name, before, after });
        }
    }

    fn said<T>(&self, value: &Known<T>, shown: &impl Fn(&T) -> String) -> Option<Said> {
        match value {
            Known::Known(Spanned { value, span }) => Some(Said { text: shown(value), span: Some(*span) }),
            Known::Absent => None,
            Known::Unknown(why) => {
                let text = why.span.map_or_else(|| why.text.to_string(), |span| words(self.files.slice(span)).join(" "));
                Some(Said { text, span: why.span })
            }
        }
    }
}

/// The steps of a workflow by their names: `init, load, load_rows.insert`.
fn steps(workflow: &Workflow) -> String {
    let mut names = Vec::new();
    for subworkflow in &workflow.subworkflows {
        let within = match subworkflow.name.value.as_str() {
            "main" => String::new(),
            name => format!("{name}."),
        };
        names.extend(subworkflow.steps.iter().map(|step| format!("{within}{}", step.name.value)));
    }
    names.join(", ")
}

fn kind(table: &Table) -> &'static str {
    match table.kind {
        TableKind::Table => "table",
        TableKind::View => "view",
        TableKind::MaterializedView => "materialized view",
        TableKind::External => "external table",
    }
}

fn by(partitioning: &Partitioning) -> String {
    let column = partitioning.column.as_ref().map_or("time of loading", |column| &column.value);
    let range =
        partitioning.range.map_or_else(String::new, |range| format!(" {} to {} by {}", range.start, range.end, range.interval));
    format!("{} by {column}{range}", partitioning.kind.word())
}

#[expect(clippy::ptr_arg, reason = "it is what the model holds")]
fn joined(columns: &Vec<Spanned<String>>) -> String {
    columns.iter().map(|column| column.value.as_str()).collect::<Vec<_>>().join(", ")
}

fn required(required: &bool) -> String {
    if *required { "required" } else { "not required" }.to_owned()
}
