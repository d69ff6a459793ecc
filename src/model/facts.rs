//! What expressions may know of a subject: flat, total, documented. A fact that is not there is null, one that is
//! there but out of reach is unknown with the reason. The tables below are a public interface: users' rules name them.
//! Knows the model, and neither rules nor expressions.

mod feed;
mod query;
mod schema;
mod storage;
mod table;
mod trigger;
mod workflow;

use super::{Bucket, Column, Feed, FeedId, JsonSchema, Known, Model, Query, Table, Trigger, Why, Workflow};
use crate::diagnostic::{Subject, SubjectKind};
use crate::model::schema::SchemaField;
use crate::text::{FileId, Span, Spanned};
use std::borrow::Cow;
use std::fmt::Write;

/// A thing that rules speak about.
#[derive(Clone)]
pub enum Item<'a> {
    Feed(&'a Feed),
    Schema(&'a JsonSchema),
    Field(&'a JsonSchema, &'a SchemaField),
    Bucket(&'a Bucket),
    Trigger(&'a Trigger),
    Workflow(&'a Workflow),
    Table(&'a Table),
    Column(ColumnItem<'a>),
    Query(&'a Query),
}

/// A column with where it stands in its table.
#[derive(Clone)]
pub struct ColumnItem<'a> {
    pub table: &'a Table,
    pub column: &'a Column,
    /// The names from the top-level column down, with dots between them.
    pub path: String,
    /// 1 for a top-level column.
    pub depth: usize,
}

/// What a fact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactType {
    Text,
    /// A whole number.
    Count,
    /// A number that may have a fraction.
    Number,
    Bool,
    /// A list of texts.
    Texts,
}

impl FactType {
    /// As the expression language calls it.
    pub fn name(self) -> &'static str {
        match self {
            FactType::Text => "string",
            FactType::Count => "int",
            FactType::Number => "double",
            FactType::Bool => "bool",
            FactType::Texts => "list of strings",
        }
    }
}

/// The value of a fact for one subject.
#[derive(Debug, Clone, PartialEq)]
pub enum FactValue<'a> {
    Null,
    Bool(bool),
    Count(i64),
    Number(f64),
    Text(Cow<'a, str>),
    Texts(Vec<&'a str>),
    Unknown(&'a Why),
}

/// A fact's value and where it is written, when it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading<'a> {
    pub value: FactValue<'a>,
    pub span: Option<Span>,
}

impl<'a> Reading<'a> {
    /// A fact that is missing.
    pub fn null() -> Reading<'a> {
        Reading { value: FactValue::Null, span: None }
    }

    fn at(value: FactValue<'a>, span: Option<Span>) -> Reading<'a> {
        Reading { value, span }
    }
}

/// How a fact is read off its subject. The variant says which kind of subject has it.
enum Read {
    Feed(for<'a> fn(&'a Feed) -> Reading<'a>),
    Schema(for<'a> fn(&'a JsonSchema) -> Reading<'a>),
    Field(for<'a> fn(&'a JsonSchema, &'a SchemaField) -> Reading<'a>),
    Bucket(for<'a> fn(&'a Bucket) -> Reading<'a>),
    Trigger(for<'a> fn(&'a Trigger) -> Reading<'a>),
    Workflow(for<'a> fn(&'a Workflow) -> Reading<'a>),
    Table(for<'a> fn(&'a Table) -> Reading<'a>),
    Column(for<'a> fn(&'a ColumnItem<'a>) -> Reading<'a>),
    Query(for<'a> fn(&'a Query) -> Reading<'a>),
}

/// One entry of the tables of facts.
pub struct Fact {
    /// Without the kind: `owner` of `feed.owner`.
    pub name: &'static str,
    pub fact_type: FactType,
    pub about: &'static str,
    /// The version that brought it.
    pub since: &'static str,
    /// It may be missing, and is null then.
    pub nullable: bool,
    read: Read,
}

const fn fact(name: &'static str, fact_type: FactType, about: &'static str, read: Read) -> Fact {
    Fact { name, fact_type, about, since: "0.1.0", nullable: true, read }
}

/// A fact that every subject of its kind has.
const fn always(name: &'static str, fact_type: FactType, about: &'static str, read: Read) -> Fact {
    Fact { nullable: false, ..fact(name, fact_type, about, read) }
}

/// The table of a kind of subject; empty for kinds that have no facts.
pub fn of(kind: SubjectKind) -> &'static [Fact] {
    match kind {
        SubjectKind::File | SubjectKind::Dataset => &[],
        SubjectKind::Feed => feed::FACTS,
        SubjectKind::Schema => schema::FACTS,
        SubjectKind::Field => schema::FIELD_FACTS,
        SubjectKind::Bucket => storage::FACTS,
        SubjectKind::Trigger => trigger::FACTS,
        SubjectKind::Workflow => workflow::FACTS,
        SubjectKind::Table => table::FACTS,
        SubjectKind::Column => table::COLUMN_FACTS,
        SubjectKind::Query => query::FACTS,
    }
}

/// The fact of this name.
pub fn find(kind: SubjectKind, name: &str) -> Option<&'static Fact> {
    of(kind).iter().find(|fact| fact.name == name)
}

/// What an expression may read of the policy: name, type, what it is.
pub const POLICY: &[(&str, FactType, &str)] = &[(
    "retention_days",
    FactType::Number,
    "How long delivered files must be kept at least, `policy.retention` of `feedgate.yaml` in days",
)];

impl Fact {
    /// The value for a subject; null for a subject of another kind.
    pub fn read<'a>(&self, item: &'a Item<'a>) -> Reading<'a> {
        match (&self.read, item) {
            (Read::Feed(read), Item::Feed(feed)) => read(feed),
            (Read::Schema(read), Item::Schema(schema)) => read(schema),
            (Read::Field(read), Item::Field(schema, field)) => read(schema, field),
            (Read::Bucket(read), Item::Bucket(bucket)) => read(bucket),
            (Read::Trigger(read), Item::Trigger(trigger)) => read(trigger),
            (Read::Workflow(read), Item::Workflow(workflow)) => read(workflow),
            (Read::Table(read), Item::Table(table)) => read(table),
            (Read::Column(read), Item::Column(column)) => read(column),
            (Read::Query(read), Item::Query(query)) => read(query),
            _ => Reading::null(),
        }
    }
}

impl<'a> Item<'a> {
    /// The identity of the thing, equal in both revisions.
    pub fn subject(&self) -> Subject {
        match self {
            Item::Feed(feed) => Subject::new(SubjectKind::Feed, feed.id.0.clone()),
            Item::Schema(schema) => Subject::new(SubjectKind::Schema, schema.path.as_str()),
            Item::Field(schema, field) => Subject::new(SubjectKind::Field, format!("{}#{}", schema.path, field.path)),
            Item::Bucket(bucket) => Subject::new(SubjectKind::Bucket, bucket.id.to_string()),
            Item::Trigger(trigger) => Subject::new(SubjectKind::Trigger, trigger.id.to_string()),
            Item::Workflow(workflow) => Subject::new(SubjectKind::Workflow, workflow.id.to_string()),
            Item::Table(table) => Subject::new(SubjectKind::Table, table.id.to_string()),
            Item::Column(item) => Subject::new(SubjectKind::Column, format!("{}.{}", item.table.id, item.path)),
            Item::Query(query) => Subject::new(SubjectKind::Query, query.id.to_string()),
        }
    }

    /// Where findings on the thing as a whole point. A table that nothing in the repository defines has no place.
    pub fn span(&self) -> Option<Span> {
        match self {
            Item::Feed(feed) => Some(feed.name_span),
            Item::Schema(schema) => Some(Span::start_of(schema.file)),
            Item::Field(_, field) => Some(field.key_span),
            Item::Bucket(bucket) => Some(bucket.span),
            Item::Trigger(trigger) => Some(trigger.span),
            Item::Workflow(workflow) => Some(workflow.span),
            Item::Table(table) => table.span(),
            Item::Column(item) => Some(item.column.name_span),
            Item::Query(query) => Some(query.span),
        }
    }

    /// The feeds that the thing serves.
    pub fn feeds(&self) -> &'a [FeedId] {
        match self {
            Item::Feed(_) => &[],
            Item::Schema(schema) | Item::Field(schema, _) => &schema.feeds,
            Item::Bucket(bucket) => &bucket.feeds,
            Item::Trigger(trigger) => &trigger.feeds,
            Item::Workflow(workflow) => &workflow.feeds,
            Item::Table(table) => &table.feeds,
            Item::Column(item) => &item.table.feeds,
            Item::Query(query) => &query.feeds,
        }
    }
}

/// Everything of one kind, sorted by identity.
pub fn items(model: &Model, kind: SubjectKind) -> Vec<Item<'_>> {
    match kind {
        SubjectKind::File | SubjectKind::Dataset => Vec::new(),
        SubjectKind::Feed => model.feeds.values().map(Item::Feed).collect(),
        SubjectKind::Schema => model.schemas.values().map(Item::Schema).collect(),
        SubjectKind::Field => {
            let schemas = model.schemas.values();
            schemas.flat_map(|schema| schema.fields.iter().map(move |field| Item::Field(schema, field))).collect()
        }
        SubjectKind::Bucket => model.buckets.values().map(Item::Bucket).collect(),
        SubjectKind::Trigger => model.triggers.values().map(Item::Trigger).collect(),
        SubjectKind::Workflow => model.workflows.values().map(Item::Workflow).collect(),
        SubjectKind::Table => model.tables.values().map(Item::Table).collect(),
        SubjectKind::Column => model.tables.values().flat_map(table::columns).map(Item::Column).collect(),
        SubjectKind::Query => model.queries.values().map(Item::Query).collect(),
    }
}

// Readings of what the model holds.

fn known<'a, T>(fact: &'a Known<T>, value: impl FnOnce(&'a T) -> FactValue<'a>) -> Reading<'a> {
    match fact {
        Known::Known(Spanned { value: inner, span }) => Reading::at(value(inner), Some(*span)),
        Known::Absent => Reading::null(),
        Known::Unknown(why) => Reading::at(FactValue::Unknown(why), why.span),
    }
}

fn text(fact: &Known<String>) -> Reading<'_> {
    known(fact, |text| FactValue::Text(text.as_str().into()))
}

fn boolean(fact: &Known<bool>) -> Reading<'_> {
    known(fact, |value| FactValue::Bool(*value))
}

fn count(fact: &Known<u64>) -> Reading<'_> {
    known(fact, |value| FactValue::Count(saturating(*value)))
}

fn texts(fact: &Known<Vec<Spanned<String>>>) -> Reading<'_> {
    known(fact, |list| FactValue::Texts(list.iter().map(|text| text.value.as_str()).collect()))
}

/// How many there are; always known.
fn length<'a>(length: usize, first: Option<Span>) -> Reading<'a> {
    Reading::at(FactValue::Count(i64::try_from(length).unwrap_or(i64::MAX)), first)
}

/// Figures beyond `i64` do not occur; a hostile one counts as the largest.
fn saturating(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn optional(text: Option<&str>, span: Option<Span>) -> Reading<'_> {
    text.map_or(Reading::null(), |text| Reading::at(FactValue::Text(text.into()), span))
}

fn start(file: FileId) -> Option<Span> {
    Some(Span::start_of(file))
}

impl std::fmt::Display for FactValue<'_> {
    /// As messages show it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            FactValue::Null => f.write_str("nothing"),
            FactValue::Bool(value) => write!(f, "{value}"),
            FactValue::Count(value) => write!(f, "{value}"),
            // More than two decimals tell a reader nothing.
            FactValue::Number(value) => write!(f, "{}", (value * 100.0).round() / 100.0),
            FactValue::Text(text) => f.write_str(text),
            FactValue::Texts(texts) => f.write_str(&texts.join(", ")),
            FactValue::Unknown(why) => f.write_str(&why.text),
        }
    }
}

/// The page that documents every fact, `docs/facts.md`.
pub fn reference_page() -> String {
    let mut page = String::from(PREFACE);
    for kind in SubjectKind::ALL {
        let facts = of(kind);
        if !facts.is_empty() {
            let or_null = |fact: &Fact| if fact.nullable { " or null" } else { "" };
            let rows = facts
                .iter()
                .map(|fact| (fact.name, format!("{}{}", fact.fact_type.name(), or_null(fact)), fact.since, fact.about));
            section(&mut page, kind.name(), rows);
        }
    }
    let policy = POLICY.iter().map(|(name, fact_type, about)| (*name, format!("{} or null", fact_type.name()), "0.1.0", *about));
    section(&mut page, "policy", policy);
    page
}

fn section(page: &mut String, title: &str, rows: impl Iterator<Item = (&'static str, String, &'static str, &'static str)>) {
    let _ = write!(page, "\n## {title}\n\n| fact | type | since | what it is |\n|---|---|---|---|\n");
    for (name, fact_type, since, about) in rows {
        let _ = writeln!(page, "| `{title}.{name}` | {fact_type} | {since} | {about} |");
    }
}

const PREFACE: &str = "# Facts

<!-- Generated from the tables in src/model/facts. `UPDATE=1 cargo test --test generated` writes this page. -->

What `require:` of a rule may read, by the kind of subject that `each:` names. Facts are flat: a name, a dot, a name.

- A fact that the definition does not give is `null`; a count of things that are not there is `0`.
- A fact that is given but cannot be known without running something (a Terraform expression over a variable without
  a value) is *unknown*. A rule that reads it is not judged for that subject, and the report says so.
- `option.NAME` is an option of the rule itself, as its page declares it.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_snake_case() {
        for kind in SubjectKind::ALL {
            let mut names: Vec<_> = of(kind).iter().map(|fact| fact.name).collect();
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count, "a fact of {} is there twice", kind.name());
            for name in names {
                assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{name}");
            }
        }
    }

    #[test]
    fn every_fact_is_read_off_its_own_kind() {
        for kind in SubjectKind::ALL {
            for fact in of(kind) {
                let of_reader = match fact.read {
                    Read::Feed(_) => SubjectKind::Feed,
                    Read::Schema(_) => SubjectKind::Schema,
                    Read::Field(_) => SubjectKind::Field,
                    Read::Bucket(_) => SubjectKind::Bucket,
                    Read::Trigger(_) => SubjectKind::Trigger,
                    Read::Workflow(_) => SubjectKind::Workflow,
                    Read::Table(_) => SubjectKind::Table,
                    Read::Column(_) => SubjectKind::Column,
                    Read::Query(_) => SubjectKind::Query,
                };
                assert_eq!(of_reader, kind, "{} stands in the wrong table", fact.name);
            }
        }
    }
}
