//! The keys of `feedgate.yaml`.

use super::format::{ANY_TEXT, BREAKING, DATE, GLOB, JSON_FILE, LOCATION, PROJECT, RULE_LEVEL, RUNS};
use super::{Key, MapShape, Shape};

/// `feedgate.yaml`.
pub const SHAPE: Shape = Shape::Map(&CONFIG);

const GLOBS: Shape = Shape::List(&Shape::Text(&GLOB));
const LEVEL: Shape = Shape::Text(&RULE_LEVEL);

static CONFIG: MapShape = MapShape {
    keys: &[
        Key::new("version", Shape::Integer { min: 1, max: 1 }, "The version of this format.", "1"),
        Key::new("project", Shape::Text(&PROJECT), "The project of tables whose names do not say one.", "acme-prod"),
        Key::new(
            "location",
            Shape::Text(&LOCATION),
            "The BigQuery location that prices are taken from where nothing says in which one the tables lie.",
            "EU",
        ),
        Key::new(
            "paths",
            Shape::Map(&PATHS),
            "Where things lie. Files that nothing here names are recognised by what they are.",
            "",
        ),
        Key::new("policy", Shape::Map(&POLICY), "What every feed must keep to.", ""),
        Key::new(
            "breaking",
            Shape::Text(&BREAKING),
            "What a change may not break: `read` keeps the queries on the tables, `load` the loading of files as well, `file`, \
             which holds without a word, also that the JSON Schemas accept what they accepted. What breaks more is a note.",
            "load",
        ),
        Key::new("rules", Shape::MapOf(&RULE), "The level, or more, of single rules.", r#"{"missing-owner": "error"}"#),
        Key::new(
            "environments",
            Shape::MapOf(&Shape::Map(&ENVIRONMENT)),
            "The environments that `--env` may name.",
            r#"{"dev": {}, "prod": {}}"#,
        ),
        Key::new(
            "baseline",
            Shape::Text(&JSON_FILE),
            "The file of findings that were there before; `.feedgate/baseline.json` without a word.",
            ".feedgate/baseline.json",
        ),
        Key::new(
            "runs",
            Shape::MapOf(&Shape::Text(&RUNS)),
            "How often queries run, by the glob of their files, where neither they nor Terraform say it; the first glob holds.",
            r#"{"sql/dashboards/**": "300/month", "sql/nightly/**": "every day 07:00"}"#,
        ),
        Key::new(
            "holidays",
            Shape::MapOf(&Shape::List(&Shape::Text(&DATE))),
            "Days without deliveries, in lists that feeds name with `delivery.holidays`.",
            r#"{"london": ["2026-12-25", "2026-12-28"]}"#,
        ),
        Key::new("terraform", Shape::Map(&TERRAFORM), "How Terraform is read.", ""),
        Key::new(
            "prices",
            Shape::MapOf(&Shape::Number),
            "Your own USD per TiB by location, for contracts other than the list price.",
            r#"{"EU": 6.25}"#,
        ),
    ],
    one_of: None,
};

static PATHS: MapShape = MapShape {
    keys: &[
        Key::new("feeds", GLOBS, "Feed files.", r#"["feeds/**"]"#),
        Key::new("schemas", GLOBS, "JSON Schemas of records.", r#"["schemas/**"]"#),
        Key::new("table_schemas", GLOBS, "BigQuery table schemas.", r#"["tables/**"]"#),
        Key::new("sql", GLOBS, "Files of SQL.", r#"["sql/**"]"#),
        Key::new("terraform", GLOBS, "Terraform.", r#"["infra/**"]"#),
        Key::new("statistics", GLOBS, "Sizes of tables, as `bq show --format=json` prints them.", r#"["feedgate.tables.json"]"#),
        Key::new("exclude", GLOBS, "What is not read at all.", r#"["vendor/**"]"#),
    ],
    one_of: None,
};

static POLICY: MapShape = MapShape {
    keys: &[
        Key::new("retention", Shape::Days, "Delivered files are kept at least this long.", "180 days"),
        Key::new(
            "replay",
            Shape::Days,
            "Deliveries of so many days can be loaded again: their files are there, and the table keeps the rows.",
            "30 days",
        ),
        Key::new("query_range", Shape::Days, "A query reads at most so many days of a partitioned table.", "90 days"),
        Key::new(
            "policy_tags",
            Shape::List(&TEXT),
            "The classifications of fields whose columns must carry a policy tag.",
            r#"["restricted"]"#,
        ),
        Key::new(
            "descriptions",
            Shape::List(&TEXT),
            "The datasets in whose tables every column must have a description; `*` is every dataset.",
            r#"["marts"]"#,
        ),
        Key::new(
            "environments",
            Shape::Map(&OF_ENVIRONMENTS),
            "What may differ between environments, and what must be the same, over what the rule `drifted-environment` says.",
            "",
        ),
        Key::new(
            "labels",
            Shape::List(&TEXT),
            "The labels that buckets, datasets and tables must have, so that the bill can be told apart by them.",
            r#"["owner", "cost_center"]"#,
        ),
        Key::new("uniform_access", Shape::Boolean, "Buckets have `uniform_bucket_level_access`.", "true"),
        Key::new("public_access_prevention", Shape::Boolean, "Buckets have `public_access_prevention = \"enforced\"`.", "true"),
        Key::new("billing_export", Shape::Boolean, "Something here holds or reads the export of the bill.", "true"),
        Key::new("query_quota", Shape::Boolean, "A custom quota limits what queries read in a day.", "true"),
        Key::new("bytes_billed_cap", Shape::Boolean, "Queries in steps of workflows say `maximumBytesBilled`.", "true"),
        Key::new("feeds_only", Shape::Boolean, "What is deployed serves a feed.", "true"),
        Key::new(
            "naming",
            Shape::Map(&NAMING),
            "How things are named, as templates: `{feed}`, `{env}`, `{layer}`, `{any}`, and in the names of files what they know.",
            "",
        ),
    ],
    one_of: None,
};

const TEXT: Shape = Shape::Text(&ANY_TEXT);

/// What is compared between environments.
pub const CONCERNS: [&str; 5] = ["location", "retention", "expiration", "protection", "presence"];

const CONCERN: Shape = Shape::Word(&CONCERNS);

static OF_ENVIRONMENTS: MapShape = MapShape {
    keys: &[
        Key::new("may_differ", Shape::List(&CONCERN), "Of this nothing is said.", r#"["location"]"#),
        Key::new("must_agree", Shape::List(&CONCERN), "Of this every difference is said.", r#"["presence"]"#),
    ],
    one_of: None,
};

static NAMING: MapShape = MapShape {
    keys: &[
        Key::new("feed", TEXT, "The names of feeds.", "{layer}_{any}"),
        Key::new("file", TEXT, "The names of files, without their prefix.", "{feed}_{date:%Y%m%d}{any}"),
        Key::new("bucket", TEXT, "The names of buckets.", "acme-{any}-{env}"),
        Key::new("dataset", TEXT, "The names of the datasets that feeds are loaded into.", "{layer}_{any}"),
        Key::new("table", TEXT, "The names of the tables that feeds are loaded into.", "{feed}"),
        Key::new("layers", Shape::List(&TEXT), "What `{layer}` may be; any word without them.", r#"["raw", "stg"]"#),
    ],
    one_of: None,
};

const RULE: Shape = Shape::Either(&[LEVEL, Shape::Map(&RULE_KEYS)]);

static RULE_KEYS: MapShape = MapShape {
    keys: &[
        Key::new("level", LEVEL, "How much a finding weighs; `on` for as much as the page of the rule says, or `off`.", "error"),
        Key::new("environments", Shape::MapOf(&LEVEL), "The level in single environments.", r#"{"dev": "note"}"#),
        Key::new("options", Shape::MapOf(&Shape::Plain), "Options of the rule; its page says which there are.", ""),
    ],
    one_of: None,
};

static ENVIRONMENT: MapShape = MapShape { keys: &[], one_of: None };

static TERRAFORM: MapShape =
    MapShape { keys: &[Key::new("feeds", Shape::Map(&TERRAFORM_FEEDS), "The map whose entries are feeds.", "")], one_of: None };

static TERRAFORM_FEEDS: MapShape = MapShape {
    keys: &[
        Key::new("variable", TEXT, "The variable or local that holds the map: no other is taken for feeds then.", "feeds"),
        Key::new(
            "guess",
            Shape::Boolean,
            "Whether a map that looks like feeds is taken for them; `true` without a word.",
            "false",
        ),
        Key::new(
            "attributes",
            Shape::Map(&TERRAFORM_ATTRIBUTES),
            "What the attributes of an entry are called, with dots into nested objects.",
            r#"{"file_name": "object_pattern"}"#,
        ),
    ],
    one_of: None,
};

const fn attribute(name: &'static str) -> Key {
    Key::new(name, TEXT, "The attribute that says it.", "")
}

/// What an entry may say of a feed.
pub static TERRAFORM_ATTRIBUTES: MapShape = MapShape {
    keys: &[
        attribute("file_name"),
        attribute("bucket"),
        attribute("prefix"),
        attribute("format"),
        attribute("compression"),
        attribute("description"),
        attribute("owner"),
        attribute("source_system"),
        attribute("source_contact"),
        attribute("classification"),
        attribute("cadence"),
        attribute("time_zone"),
        attribute("due"),
        attribute("grace"),
        attribute("files"),
        attribute("rows"),
        attribute("bytes"),
        attribute("retention_days"),
        attribute("project"),
        attribute("dataset"),
        attribute("table"),
        attribute("schema"),
        attribute("table_schema"),
        attribute("partition_column"),
        attribute("partition_type"),
        attribute("partition_expiration"),
        attribute("clustering"),
        attribute("require_partition_filter"),
        attribute("write_disposition"),
    ],
    one_of: None,
};
