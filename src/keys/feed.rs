//! The keys of a feed file.

use super::format::{ANY_TEXT, BUCKET, CADENCE, DATASET, DELIVERY_DAY, FEED_NAME, LAG, PROJECT, TABLE, TIME_OF_DAY, TIME_ZONE};
use super::{Key, MapShape, Shape};

/// A feed file: one document of a YAML file.
pub const SHAPE: Shape = Shape::Map(&FEED);

/// A part of a feed file, where the rest is said elsewhere: nothing is required.
pub const PARTIAL: Shape = Shape::Overlay { map: &FEED, except: &[] };

/// Keys of which a YAML document with `feed:` has one when it is a feed file of ours.
pub const SIGNS: [&str; 8] = ["file", "schema", "table", "delivery", "retention", "owner", "source", "consumers"];

/// Whether a feed file has this key at its top.
pub fn knows(name: &str) -> bool {
    FEED.keys.iter().any(|key| key.name == name)
}

const TEXT: Shape = Shape::Text(&ANY_TEXT);
const COUNT: Shape = Shape::Integer { min: 0, max: i64::MAX };
const PATHS: Shape = Shape::List(&TEXT);

static FEED: MapShape = MapShape {
    keys: &[
        Key::new("feed", Shape::Text(&FEED_NAME), "The name of the feed, unique in the repository.", "trades").required(),
        Key::new("description", TEXT, "What one record is, in a sentence.", "Executed bond trades, one record each"),
        Key::new("owner", TEXT, "The team or the address that answers when the feed is late.", "fixed-income-data@example.com"),
        Key::new("source", Shape::Map(&SOURCE), "Where the data comes from.", ""),
        Key::new("consumers", Shape::List(&Shape::Map(&CONSUMER)), "Who reads the feed.", ""),
        Key::new("classification", Shape::Word(&CLASSIFICATIONS), "How confidential the data is.", "confidential"),
        Key::new("delivery", Shape::Map(&DELIVERY), "When and how much is delivered.", ""),
        Key::new("file", Shape::Map(&FILE), "The files in the bucket.", ""),
        Key::new(
            "schema",
            SCHEMA,
            "The JSON Schema of one record: a path relative to this file, or the schema itself.",
            "../schemas/trades.schema.json",
        ),
        Key::new("retention", Shape::Days, "How long delivered files are kept, in whole days.", "180 days"),
        Key::new("table", Shape::Map(&TABLE_KEYS), "The BigQuery table that the files are loaded into.", ""),
        Key::new(
            "environments",
            Shape::MapOf(&OVERLAY),
            "What differs in an environment: any key but `feed`, by the environment's name.",
            "",
        ),
    ],
    one_of: None,
};

const CLASSIFICATIONS: [&str; 4] = ["public", "internal", "confidential", "restricted"];

const SCHEMA: Shape = Shape::Either(&[TEXT, Shape::AnyMap]);

static OVERLAY: Shape = Shape::Overlay { map: &FEED, except: &["feed", "environments"] };

static SOURCE: MapShape = MapShape {
    keys: &[
        Key::new("system", TEXT, "The system that produces the data.", "Matching engine"),
        Key::new("contact", TEXT, "Whom to ask at the source.", "venue-support@example.com"),
    ],
    one_of: None,
};

static CONSUMER: MapShape = MapShape {
    keys: &[
        Key::new("team", TEXT, "The team that reads the feed.", "Market risk"),
        Key::new("dashboard", TEXT, "The dashboard that shows it.", "Daily P&L"),
    ],
    one_of: None,
};

static DELIVERY: MapShape = MapShape {
    keys: &[
        Key::new(
            "cadence",
            Shape::Text(&CADENCE),
            "How often a delivery comes: a word, or a cron expression of five fields.",
            "daily",
        ),
        Key::new(
            "time_zone",
            Shape::Text(&TIME_ZONE),
            "The time zone of `cadence`, `due` and the dates in file names.",
            "Europe/London",
        ),
        Key::new("due", Shape::Text(&TIME_OF_DAY), "The time of day by which a delivery must be there.", "06:30"),
        Key::new(
            "on",
            Shape::Either(&[Shape::Text(&DELIVERY_DAY), Shape::Integer { min: 1, max: 28 }]),
            "The day of a `weekly` cadence (`monday`), or the day of the month of a `monthly` or `quarterly` one (`1`).",
            "monday",
        ),
        Key::new(
            "lag",
            Shape::Text(&LAG),
            "How long after the date in its name a file is delivered: `1 day` where the file of a day comes on the next one, `1 business day` where that of Friday comes on Monday. `cadence` says of which days there are files.",
            "1 business day",
        ),
        Key::new(
            "holidays",
            TEXT,
            "The list of days under `holidays` in feedgate.yaml of which there are no files, and which are no business days.",
            "london",
        ),
        Key::new("grace", Shape::Duration, "How much later than `due` is still no incident.", "2 hours"),
        Key::new("latency", Shape::Duration, "How old the data of a delivery may be when it comes.", "4 hours"),
        Key::new("files", Shape::Integer { min: 1, max: i64::MAX }, "Files of one delivery.", "1"),
        Key::new("rows", COUNT, "Rows of one delivery, over all its files. Estimates of bytes follow from it.", "400000"),
        Key::new("bytes", Shape::Bytes, "Bytes of one delivery as its files lie in the bucket.", "180 MiB"),
        Key::new(
            "largest_file",
            Shape::Bytes,
            "Bytes of the largest file of a delivery; without it, its files are taken to be of one size.",
            "60 MiB",
        ),
    ],
    one_of: None,
};

static FILE: MapShape = MapShape {
    keys: &[
        Key::new(
            "name",
            TEXT,
            "The name of a file as a template: `{feed}`, `{date:%Y%m%d}`, `{time:%H%M}`, `{seq}` or `{seq:4}`, `{uuid}`, `{env}`, and `{any}` for one or more characters that are not `/`.",
            "trades_{date:%Y%m%d}_{seq:4}.json",
        ),
        Key::new(
            "pattern",
            TEXT,
            "The name of a file as a regular expression, instead of `name`.",
            r"^trades_(?P<date>\d{8})_(?P<seq>\d{4})\.json$",
        ),
        Key::new("format", Shape::Word(&["ndjson", "json", "csv", "avro", "parquet"]), "The format of a file.", "ndjson"),
        Key::new("compression", Shape::Word(&["none", "gzip", "zstd"]), "How a file is compressed.", "none"),
        Key::new("bucket", Shape::Text(&BUCKET), "The Cloud Storage bucket.", "acme-landing"),
        Key::new(
            "prefix",
            TEXT,
            "What stands before the name of a file in the bucket; the tokens of `name` may stand in it.",
            "trades/dt={date:%Y-%m-%d}/",
        ),
        Key::new(
            "samples",
            PATHS,
            "Sample files in the repository, relative to this file.",
            r#"["../samples/trades_20260801_0001.json"]"#,
        ),
        Key::new("examples", PATHS, "Names that the feed takes, with or without the prefix.", r#"["trades_20260801_0001.json"]"#),
        Key::new(
            "counter_examples",
            PATHS,
            "Names that look like it and that the feed must not take.",
            r#"["trades_20260801_0001.json.tmp"]"#,
        ),
    ],
    one_of: Some(("name", "pattern")),
};

static TABLE_KEYS: MapShape = MapShape {
    keys: &[
        Key::new(
            "project",
            Shape::Text(&PROJECT),
            "The project of the table; without it, the one that `feedgate.yaml` says.",
            "acme-prod",
        ),
        Key::new("dataset", Shape::Text(&DATASET), "The dataset of the table.", "raw"),
        Key::new(
            "name",
            Shape::Text(&TABLE),
            "The name of the table; `{feed}` in it is the name of the feed, `{env}` that of the environment, and any other token a part of the file's name: a token of `file.name`, or a group of `file.pattern` such as `{book}`.",
            "{feed}",
        ),
        Key::new(
            "schema",
            TEXT,
            "The BigQuery schema of the table, a JSON array of fields: a path relative to this file.",
            "../tables/trades.json",
        ),
        Key::new("partitioning", Shape::Map(&PARTITIONING), "How the table is cut into partitions.", ""),
        Key::new("clustering", PATHS, "The columns that sort the blocks of the table, first to last.", r#"["isin", "trader"]"#),
        Key::new(
            "require_partition_filter",
            Shape::Boolean,
            "Whether BigQuery refuses queries that read every partition.",
            "true",
        ),
        Key::new(
            "write_disposition",
            Shape::Word(&["WRITE_APPEND", "WRITE_TRUNCATE", "WRITE_EMPTY"]),
            "What a load does with the rows that are there.",
            "WRITE_APPEND",
        ),
        Key::new(
            "ignore_unknown_values",
            Shape::Boolean,
            "Whether a load leaves out keys that have no column; otherwise it refuses the record.",
            "false",
        ),
        Key::new(
            "load_job",
            Shape::Word(&["file", "delivery"]),
            "Whether each file is loaded by a job of its own, as when an event starts the load, or a whole delivery by one job.",
            "file",
        ),
    ],
    one_of: None,
};

static PARTITIONING: MapShape = MapShape {
    keys: &[
        Key::new(
            "type",
            Shape::Word(&["HOUR", "DAY", "MONTH", "YEAR", "RANGE"]),
            "The span of one partition; `RANGE` for integers.",
            "DAY",
        )
        .required(),
        Key::new("field", TEXT, "The column; without it, the time at which rows came in.", "trade_date"),
        Key::new("expiration", Shape::Duration, "How long a partition is kept.", "730 days"),
    ],
    one_of: None,
};
