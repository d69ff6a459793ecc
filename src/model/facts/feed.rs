//! Facts of a feed, from its definition alone.

use super::FactType::{Bool, Count, Number, Text, Texts};
use super::Read::Feed as Of;
use super::{Fact, FactValue, Reading, always, boolean, count, fact, known, length, text, texts};
use crate::model::schema::{SchemaReference, Target};
use crate::model::table::PartitionKind;
use crate::model::{Feed, Known};

pub(super) const FACTS: &[Fact] = &[
    always(
        "name",
        Text,
        "The name of the feed: what `feed:` gives, the object of a contract, the key of an entry",
        Of(|f| Reading::at(FactValue::Text((&*f.id.0).into()), Some(f.name_span))),
    ),
    always(
        "defined_in",
        Texts,
        "What defines the feed, best first: `feed file`, `data contract`, `Terraform`",
        Of(|f| Reading::at(FactValue::Texts(f.origins.iter().map(|o| o.source.name()).collect()), Some(f.name_span))),
    ),
    fact("description", Text, "What the feed holds, in words", Of(|f| text(&f.description))),
    fact("owner", Text, "The team or address that answers for the feed", Of(|f| text(&f.owner))),
    fact("source_system", Text, "`source.system`: where the data comes from", Of(|f| text(&f.source_system))),
    fact("source_contact", Text, "`source.contact`: who answers there", Of(|f| text(&f.source_contact))),
    always("consumers", Count, "How many consumers are named", Of(consumers)),
    fact("classification", Text, "`public`, `internal`, `confidential` or `restricted`", Of(|f| text(&f.classification))),
    fact(
        "cadence",
        Text,
        "How often a delivery comes, as written",
        Of(|f| known(&f.delivery.cadence, |c| FactValue::Text(c.text.as_str().into()))),
    ),
    fact("deliveries_per_month", Number, "Deliveries in 30 days, as far as the cadence tells", Of(per_month)),
    fact("on", Text, "The day of a cadence in weeks, months or quarters", Of(|f| text(&f.delivery.on))),
    fact(
        "lag",
        Text,
        "How long after the date in its name a file is delivered: `1 day`, `2 business days`",
        Of(|f| known(&f.delivery.lag, |lag| FactValue::Text(lag.to_string().into()))),
    ),
    fact("holidays", Text, "The list of days without deliveries, by its name", Of(|f| text(&f.delivery.holidays))),
    fact("time_zone", Text, "The time zone of the delivery's times", Of(|f| text(&f.delivery.time_zone))),
    fact("due", Text, "The time of day by which a delivery is due, `HH:MM`", Of(|f| text(&f.delivery.due))),
    fact("grace_seconds", Count, "How long after `due` a delivery is still in time", Of(|f| count(&f.delivery.grace_seconds))),
    fact("latency_seconds", Count, "How old the data of a delivery may be", Of(|f| count(&f.delivery.latency_seconds))),
    fact("files", Count, "Files of one delivery", Of(|f| count(&f.delivery.files))),
    fact("rows", Count, "Rows of one delivery, all files together", Of(|f| count(&f.delivery.rows))),
    fact("bytes", Count, "Bytes of one delivery, all files together", Of(|f| count(&f.delivery.bytes))),
    fact("largest_file_bytes", Count, "Bytes of the largest file of a delivery", Of(|f| count(&f.delivery.largest_file))),
    fact(
        "file_name",
        Text,
        "The pattern of the file names, as written",
        Of(|f| known(&f.file.name, |n| FactValue::Text(n.text.as_str().into()))),
    ),
    fact("format", Text, "`ndjson`, `json`, `csv`, `avro` or `parquet`", Of(|f| text(&f.file.format))),
    fact("compression", Text, "`none`, `gzip` or `zstd`", Of(|f| text(&f.file.compression))),
    fact("bucket", Text, "The bucket that files are delivered to", Of(|f| text(&f.file.bucket))),
    fact("prefix", Text, "The folder in the bucket", Of(|f| text(&f.file.prefix))),
    always(
        "samples",
        Count,
        "How many sample files are named",
        Of(|f| length(f.file.samples.len(), f.file.samples.first().map(|s| s.span))),
    ),
    fact("schema", Text, "The path of the JSON Schema as written, or `inline`", Of(|f| reference(&f.schema))),
    fact(
        "retention_days",
        Count,
        "How long delivered files are kept, in days",
        Of(|f| known(&f.retention_days, |days| FactValue::Count(i64::from(*days)))),
    ),
    fact("project", Text, "The project of the table", Of(|f| text(&f.table.project))),
    fact("dataset", Text, "The dataset of the table", Of(|f| text(&f.table.dataset))),
    fact("table", Text, "The table's own name", Of(|f| text(&f.table.name))),
    fact("table_schema", Text, "The path of the table's schema as written", Of(|f| reference(&f.table.schema))),
    fact(
        "partition_type",
        Text,
        "`HOUR`, `DAY`, `MONTH`, `YEAR` or `RANGE`",
        Of(|f| known(&f.table.partitioning, |p| partition_type(p.kind))),
    ),
    fact("partition_column", Text, "The column that partitions the table; null for ingestion time", Of(partition_column)),
    fact("partition_expiration_days", Number, "After how many days a partition is dropped", Of(expiration)),
    fact("clustering", Texts, "The columns that cluster the table", Of(|f| texts(&f.table.clustering))),
    fact(
        "require_partition_filter",
        Bool,
        "Whether queries must filter on the partition column",
        Of(|f| boolean(&f.table.require_partition_filter)),
    ),
    fact(
        "ignore_unknown_values",
        Bool,
        "Whether loads leave out keys that have no column",
        Of(|f| boolean(&f.table.ignore_unknown_values)),
    ),
    fact(
        "write_disposition",
        Text,
        "`WRITE_APPEND`, `WRITE_TRUNCATE` or `WRITE_EMPTY`",
        Of(|f| text(&f.table.write_disposition)),
    ),
    fact("load_job", Text, "`file` or `delivery`: what one load job loads", Of(|f| text(&f.table.load_job))),
];

fn consumers(feed: &Feed) -> Reading<'_> {
    length(feed.consumers.len(), feed.consumers.first().map(|consumer| consumer.span))
}

fn per_month(feed: &Feed) -> Reading<'_> {
    known(&feed.delivery.cadence, |cadence| cadence.per_month.map_or(FactValue::Null, FactValue::Number))
}

fn reference(reference: &Known<SchemaReference>) -> Reading<'_> {
    known(reference, |reference| match reference.target {
        Target::Inline(_) => FactValue::Text("inline".into()),
        Target::File(..) | Target::Missing { .. } | Target::OutsideRoot | Target::Unread { .. } => {
            FactValue::Text(reference.text.as_str().into())
        }
    })
}

/// As the definition writes it; null where it says that there are partitions but not which.
pub(super) fn partition_type<'a>(kind: PartitionKind) -> FactValue<'a> {
    let name = match kind {
        PartitionKind::Hour => "HOUR",
        PartitionKind::Day => "DAY",
        PartitionKind::Month => "MONTH",
        PartitionKind::Year => "YEAR",
        PartitionKind::IntegerRange => "RANGE",
        PartitionKind::Unknown => return FactValue::Null,
    };
    FactValue::Text(name.into())
}

fn partition_column(feed: &Feed) -> Reading<'_> {
    super::table::partition_column(&feed.table.partitioning)
}

fn expiration(feed: &Feed) -> Reading<'_> {
    super::table::expiration(&feed.table.partitioning)
}
