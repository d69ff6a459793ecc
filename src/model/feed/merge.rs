//! Several definitions of one feed as one feed: the best source counts, others fill in what it leaves out, and where two
//! contradict each other is a conflict. Facts decide what is the same, so that whatever rules can read is compared.

use super::{Delivery, Feed, FeedFile, FeedId, FeedSource, FeedTable};
use crate::diagnostic::SubjectKind;
use crate::model::Known;
use crate::model::facts::{self, FactValue, Item, Reading};
use crate::model::schema::{SchemaReference, Target};
use crate::text::{Span, Spanned};

/// Two definitions that say different things of one feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    pub feed: FeedId,
    /// The name of the fact.
    pub fact: &'static str,
    pub of_first: Said,
    pub of_second: Said,
}

/// What one of two definitions says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub text: String,
    pub span: Span,
    pub source: FeedSource,
}

/// Facts that are words for people, lists of references, or are compared by another one.
const NOT_COMPARED: [&str; 10] = [
    "name",
    "defined_in",
    "description",
    "source_contact",
    "consumers",
    "samples",
    "schema",
    "table_schema",
    "deliveries_per_month",
    "project",
];

/// Makes one feed of two definitions; the conflicts are in the order of the facts.
pub fn merge(known: &mut Feed, other: Feed) -> Vec<Conflict> {
    let is_better = other.origins.first() < known.origins.first();
    let (mut first, second) = if is_better { (other, known.clone()) } else { (known.clone(), other) };
    let mut conflicts = conflicts(&first, &second);
    conflicts.extend(further_conflicts(&first, &second));
    absorb(&mut first, second);
    *known = first;
    conflicts
}

fn conflicts(first: &Feed, second: &Feed) -> Vec<Conflict> {
    let items = [Item::Feed(first), Item::Feed(second)];
    let compared = facts::of(SubjectKind::Feed).iter().filter(|fact| !NOT_COMPARED.contains(&fact.name));
    compared
        .filter_map(|fact| {
            let [a, b] = [fact.read(&items[0]), fact.read(&items[1])];
            let is_said = |reading: &Reading<'_>| !matches!(reading.value, FactValue::Null | FactValue::Unknown(_));
            if !is_said(&a) || !is_said(&b) || is_same(fact.name, &a.value, &b.value) {
                return None;
            }
            if fact.name == "file_name" && kind_of_name(first) != kind_of_name(second) {
                return None;
            }
            if fact.name == "cadence" && is_coarse([first, second]) {
                return None;
            }
            let of_first = said(first, &a)?;
            Some(Conflict { feed: first.id.clone(), fact: fact.name, of_first, of_second: said(second, &b)? })
        })
        .collect()
}

/// What facts do not tell apart: files by what they lead to, and projects, of which Terraform has one for each environment.
fn further_conflicts(first: &Feed, second: &Feed) -> Vec<Conflict> {
    let mut conflicts = Vec::new();
    let mut compare = |fact: &'static str, a: Option<Spanned<String>>, b: Option<Spanned<String>>| {
        let Some((a, b)) = a.zip(b).filter(|(a, b)| a.value != b.value) else { return };
        let said = |feed, value: Spanned<String>| said_at(feed, format!("`{}`", value.value), value.span);
        let both = said(first, a).zip(said(second, b));
        conflicts.extend(both.map(|(of_first, of_second)| Conflict { feed: first.id.clone(), fact, of_first, of_second }));
    };
    compare("schema", file_of(&first.schema), file_of(&second.schema));
    compare("table_schema", file_of(&first.table.schema), file_of(&second.table.schema));
    let project = |feed: &Feed| {
        let is_of_all = feed.origins.iter().all(|origin| origin.source != FeedSource::Terraform);
        feed.table.project.spanned().cloned().filter(|_| is_of_all)
    };
    compare("project", project(first), project(second));
    conflicts
}

/// The file that a reference leads to; `None` for a schema that stands in the definition.
fn file_of(reference: &Known<SchemaReference>) -> Option<Spanned<String>> {
    let reference = reference.spanned()?;
    let path = match &reference.value.target {
        Target::File(_, path) | Target::Missing { path } | Target::Unread { path, .. } => path.to_string(),
        Target::Inline(_) | Target::OutsideRoot => return None,
    };
    Some(Spanned::new(path, reference.span))
}

fn kind_of_name(feed: &Feed) -> Option<crate::model::naming::NameKind> {
    feed.file.name.value().map(|name| name.kind)
}

/// Whether a contract says `1 d` of what comes on weekdays: its standard has no finer word.
fn is_coarse(feeds: [&Feed; 2]) -> bool {
    let says = |feed: &Feed, wanted: &str| feed.delivery.cadence.value().is_some_and(|cadence| cadence.text == wanted);
    let is_contract = |feed: &Feed| feed.origins.first().is_some_and(|origin| origin.source == FeedSource::Contract);
    let of = |one: &Feed, other: &Feed| is_contract(one) && says(one, "daily") && says(other, "weekdays");
    of(feeds[0], feeds[1]) || of(feeds[1], feeds[0])
}

fn said(feed: &Feed, reading: &Reading<'_>) -> Option<Said> {
    said_at(feed, format!("`{}`", reading.value), reading.span?)
}

fn said_at(feed: &Feed, text: String, span: Span) -> Option<Said> {
    // The value may have come from any of the definitions of a feed that was merged before.
    let origin = feed.origins.iter().find(|origin| origin.span.file == span.file).or(feed.origins.first())?;
    Some(Said { text, span, source: origin.source })
}

/// Whether two definitions mean the same. An owner is a team in one place and its address in another.
fn is_same(fact: &str, a: &FactValue<'_>, b: &FactValue<'_>) -> bool {
    match (a, b) {
        (FactValue::Text(a), FactValue::Text(b)) if fact == "owner" => team(a) == team(b),
        (FactValue::Text(a), FactValue::Text(b)) if fact == "prefix" => a.trim_matches('/') == b.trim_matches('/'),
        // Durations that were turned from one unit into another.
        (FactValue::Number(a), FactValue::Number(b)) => (a - b).abs() < 1e-6,
        (a, b) => a == b,
    }
}

fn team(owner: &str) -> String {
    let name = owner.split('@').next().unwrap_or(owner);
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Fills in what a feed leaves out, without asking whether the two agree.
pub fn complete(known: &mut Feed, other: Feed) {
    absorb(known, other);
}

/// Every field is named, so that a new one cannot be forgotten.
fn absorb(known: &mut Feed, other: Feed) {
    let Feed {
        id: _,
        span: _,
        name_span: _,
        origins,
        description,
        owner,
        source_system,
        source_contact,
        consumers,
        classification,
        delivery,
        file,
        schema,
        retention_days,
        table,
        environments,
    } = other;
    known.origins.extend(origins);
    known.origins.sort();
    known.description.or(description);
    known.owner.or(owner);
    known.source_system.or(source_system);
    known.source_contact.or(source_contact);
    if known.consumers.is_empty() {
        known.consumers = consumers;
    }
    known.classification.or(classification);
    absorb_delivery(&mut known.delivery, delivery);
    absorb_file(&mut known.file, file);
    known.schema.or(schema);
    known.retention_days.or(retention_days);
    absorb_table(&mut known.table, table);
    for (name, span) in environments {
        known.environments.entry(name).or_insert(span);
    }
}

fn absorb_delivery(known: &mut Delivery, other: Delivery) {
    let Delivery {
        cadence,
        time_zone,
        due,
        on,
        lag,
        holidays,
        free_days,
        grace_seconds,
        latency_seconds,
        files,
        rows,
        bytes,
        largest_file,
    } = other;
    known.cadence.or(cadence);
    known.time_zone.or(time_zone);
    known.due.or(due);
    known.on.or(on);
    known.lag.or(lag);
    known.holidays.or(holidays);
    known.free_days.or(free_days);
    known.grace_seconds.or(grace_seconds);
    known.latency_seconds.or(latency_seconds);
    known.files.or(files);
    known.rows.or(rows);
    known.bytes.or(bytes);
    known.largest_file.or(largest_file);
}

fn absorb_file(known: &mut FeedFile, other: FeedFile) {
    let FeedFile { name, name_map, format, compression, prefix, bucket, samples, examples, counter_examples } = other;
    if known.name.value().is_none() && name.value().is_some() {
        known.name_map = name_map;
    }
    known.name.or(name);
    known.format.or(format);
    known.compression.or(compression);
    known.prefix.or(prefix);
    known.bucket.or(bucket);
    if known.samples.is_empty() {
        known.samples = samples;
    }
    known.examples.extend(examples);
    known.counter_examples.extend(counter_examples);
}

fn absorb_table(known: &mut FeedTable, other: FeedTable) {
    let FeedTable {
        project,
        dataset,
        name,
        template,
        schema,
        partitioning,
        clustering,
        require_partition_filter,
        write_disposition,
        ignore_unknown_values,
        load_job,
    } = other;
    known.project.or(project);
    known.dataset.or(dataset);
    if known.name.value().is_none() && (known.name.is_absent() || name.value().is_some()) {
        known.template = template;
    }
    known.name.or(name);
    known.schema.or(schema);
    known.partitioning.or(partitioning);
    known.clustering.or(clustering);
    known.require_partition_filter.or(require_partition_filter);
    known.write_disposition.or(write_disposition);
    known.ignore_unknown_values.or(ignore_unknown_values);
    known.load_job.or(load_job);
}
