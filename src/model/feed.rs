//! A feed: what a provider delivers, under which name, by which schema, into which table, and for how long it is kept.

pub mod draft;
pub mod merge;
mod read;

pub use crate::keys::cron::Step;
pub use read::{Lookup, Reading, is_feed_document, read_feeds};

use super::naming::{NamePattern, TableTemplate};
use super::schema::SchemaReference;
use super::table::Partitioning;
use super::{BucketId, Known, TableId};
use crate::keys::{self, Shape};
use crate::text::{Date, Span, SpanMap, Spanned};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// The name of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FeedId(pub Arc<str>);

impl std::fmt::Display for FeedId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What kind of text defines a feed. Best first: where two define one feed, the first of them counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FeedSource {
    /// A feed file of ours.
    FeedFile,
    /// A data contract of the Open Data Contract Standard.
    Contract,
    /// An entry of a map in Terraform, one instance of `for_each`.
    Terraform,
}

impl FeedSource {
    /// What a tree that is made of it must look like.
    fn shape(self) -> &'static Shape {
        match self {
            FeedSource::FeedFile | FeedSource::Contract => &keys::feed::SHAPE,
            // An entry says what its resources need, and no more.
            FeedSource::Terraform => &keys::feed::PARTIAL,
        }
    }

    /// For people and for expressions.
    pub fn name(self) -> &'static str {
        match self {
            FeedSource::FeedFile => "feed file",
            FeedSource::Contract => "data contract",
            FeedSource::Terraform => "Terraform",
        }
    }
}

/// A text that defines a feed, or a part of what is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    pub source: FeedSource,
    /// The whole definition.
    pub span: Span,
    /// What names the feed there.
    pub name_span: Span,
}

/// One feed, as its definitions say it. Every value has its place in the text that says it, whichever that is.
#[derive(Debug, Clone)]
pub struct Feed {
    pub id: FeedId,
    /// The whole definition; where there are several, the best of them.
    pub span: Span,
    /// What names the feed in it (the value of `feed:`, the key of an entry): findings on the feed as a whole point there.
    pub name_span: Span,
    /// Everything that defines it, best first.
    pub origins: Vec<Origin>,
    pub description: Known<String>,
    pub owner: Known<String>,
    pub source_system: Known<String>,
    pub source_contact: Known<String>,
    pub consumers: Vec<Consumer>,
    pub classification: Known<String>,
    pub delivery: Delivery,
    pub file: FeedFile,
    /// The JSON Schema of one record.
    pub schema: Known<SchemaReference>,
    /// How long delivered files must be kept, in days.
    pub retention_days: Known<u32>,
    pub table: FeedTable,
    /// The keys of each environment's overrides, and where they stand.
    pub environments: BTreeMap<String, Span>,
}

/// Who reads the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consumer {
    pub team: Option<String>,
    pub dashboard: Option<String>,
    pub span: Span,
}

/// When and how much is delivered.
#[derive(Debug, Clone, Default)]
pub struct Delivery {
    pub cadence: Known<Cadence>,
    pub time_zone: Known<String>,
    /// The time of day by which a delivery is due, `HH:MM`.
    pub due: Known<String>,
    /// The day of a cadence in weeks or months: `monday`, or a day of the month.
    pub on: Known<String>,
    /// How long after the date in its name a file is delivered; on that day, where nothing is said.
    pub lag: Known<Lag>,
    /// The name of a list of days without deliveries.
    pub holidays: Known<String>,
    /// The days of that list.
    pub free_days: Known<Arc<BTreeSet<Date>>>,
    pub grace_seconds: Known<u64>,
    /// How old the data may be when it comes.
    pub latency_seconds: Known<u64>,
    /// Files of one delivery.
    pub files: Known<u64>,
    /// Rows of one delivery, over all its files.
    pub rows: Known<u64>,
    /// Bytes of one delivery as it lies in the bucket.
    pub bytes: Known<u64>,
    /// Bytes of its largest file.
    pub largest_file: Known<u64>,
}

/// How long after the day that it is of a file comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lag {
    Days(u32),
    /// From Monday to Friday, without the feed's holidays.
    BusinessDays(u32),
}

impl Lag {
    /// Reads `1 day` or `2 business days`.
    pub fn parse(text: &str) -> Option<Lag> {
        let (number, unit) = text.split_once(' ')?;
        let number = number.parse().ok()?;
        Some(match unit {
            "day" | "days" => Lag::Days(number),
            "business day" | "business days" => Lag::BusinessDays(number),
            _ => return None,
        })
    }
}

/// As a feed file says it: `1 day`, `2 business days`.
impl std::fmt::Display for Lag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (count, unit) = match self {
            Lag::Days(count) => (count, "day"),
            Lag::BusinessDays(count) => (count, "business day"),
        };
        write!(f, "{count} {unit}{}", if *count == 1 { "" } else { "s" })
    }
}

/// How often a feed is delivered.
#[derive(Debug, Clone, PartialEq)]
pub struct Cadence {
    /// As it is written: `daily`, `0 6 * * 1-5`.
    pub text: String,
    /// Deliveries in 30 days, as far as the text tells.
    pub per_month: Option<f64>,
    /// The finest step of time that tells two deliveries apart.
    pub step: Option<Step>,
}

/// The file in the bucket.
#[derive(Debug, Clone, Default)]
pub struct FeedFile {
    pub name: Known<NamePattern>,
    /// From offsets of the pattern's text to places.
    pub name_map: Option<Arc<SpanMap>>,
    pub format: Known<String>,
    pub compression: Known<String>,
    pub prefix: Known<String>,
    pub bucket: Known<String>,
    /// Sample files in the repository.
    pub samples: Vec<Spanned<SchemaReference>>,
    /// Names that the feed is said to take, with or without the prefix, and names that it is said not to.
    pub examples: Vec<Spanned<String>>,
    pub counter_examples: Vec<Spanned<String>>,
}

/// The table that the feed is loaded into.
#[derive(Debug, Clone, Default)]
pub struct FeedTable {
    pub project: Known<String>,
    pub dataset: Known<String>,
    /// Unknown where it follows from the name of the file.
    pub name: Known<String>,
    /// The name with parts of the file's name in it.
    pub template: Option<Spanned<TableTemplate>>,
    pub schema: Known<SchemaReference>,
    pub partitioning: Known<Partitioning>,
    pub clustering: Known<Vec<Spanned<String>>>,
    pub require_partition_filter: Known<bool>,
    pub write_disposition: Known<String>,
    /// Loads leave out keys that the table does not have.
    pub ignore_unknown_values: Known<bool>,
    /// `file` or `delivery`: what one load job loads. A file, where nothing is said.
    pub load_job: Known<String>,
}

impl FeedTable {
    /// Whether one job loads all files of a delivery.
    pub fn loads_deliveries(&self) -> bool {
        self.load_job.value().is_some_and(|unit| unit == "delivery")
    }
}

impl FeedFile {
    /// The place of a part of the name pattern.
    pub fn name_place(&self, range: Range<usize>) -> Option<Span> {
        self.name_map.as_ref().map(|map| map.span(range)).or(self.name.span())
    }
}

impl Feed {
    /// A feed of which only the name is known.
    pub fn named(id: FeedId, origin: Origin) -> Feed {
        Feed {
            id,
            span: origin.span,
            name_span: origin.name_span,
            origins: vec![origin],
            description: Known::Absent,
            owner: Known::Absent,
            source_system: Known::Absent,
            source_contact: Known::Absent,
            consumers: Vec::new(),
            classification: Known::Absent,
            delivery: Delivery::default(),
            file: FeedFile::default(),
            schema: Known::Absent,
            retention_days: Known::Absent,
            table: FeedTable::default(),
            environments: BTreeMap::new(),
        }
    }

    /// The table's identity, when dataset and name are known.
    pub fn table_id(&self) -> Option<TableId> {
        self.table_id_named(self.table.name.value()?)
    }

    /// The identity of the table of this name, when its dataset is known.
    pub fn table_id_named(&self, name: &str) -> Option<TableId> {
        Some(TableId::new(self.table.project.value().map(String::as_str), self.table.dataset.value()?, name))
    }

    pub fn bucket_id(&self) -> Option<BucketId> {
        self.file.bucket.value().map(|name| BucketId::Named(name.as_str().into()))
    }

    /// Rows that the table holds at any time: deliveries kept × rows of each. `None` where one of them is not declared.
    pub fn rows_kept(&self) -> Option<u64> {
        self.rows_kept_over(
            self.table.partitioning.value().and_then(|partitioning| partitioning.expiration_days.value().copied()),
        )
    }

    /// The same for a table that keeps its partitions this long, wherever that is said.
    pub fn rows_kept_over(&self, expiration_days: Option<f64>) -> Option<u64> {
        let per_month = self.delivery.cadence.value()?.per_month?;
        let rows = *self.delivery.rows.value()?;
        if self.table.write_disposition.value().is_some_and(|write| write == "WRITE_TRUNCATE") {
            return Some(rows);
        }
        // Volumes are far below 2^52, where f64 is exact enough for a declared figure.
        Some((per_month / 30.0 * expiration_days? * rows as f64).round() as u64)
    }
}
