//! A synthetic repository of any size, byte for byte the same on every machine: feeds with their JSON Schemas and table
//! schemas, some Terraform and some SQL. Knows nothing of feedgate: it writes what people write.
//!
//! One feed in fifty has no owner and one query in twenty reads every column, so that the reports have something to say.

use std::fmt::Write;

/// A file of the repository.
pub(crate) struct SourceText {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// The whole repository, in the order of a walk.
pub(crate) fn repository(n_feeds: usize) -> Vec<SourceText> {
    let feeds: Vec<Feed> = (0..n_feeds).map(Feed::new).collect();
    let mut files = vec![file("feedgate.yaml", CONFIG.to_owned())];
    for feed in &feeds {
        let Feed { domain, name, .. } = feed;
        files.push(file(format!("feeds/{domain}/{name}.yaml"), feed.definition()));
        files.push(file(format!("schemas/{domain}/{name}.schema.json"), feed.json_schema()));
        files.push(file(format!("tables/{domain}/{name}.json"), feed.table_schema()));
    }
    for (number, group) in feeds.chunks(100).enumerate() {
        files.push(file(format!("terraform/feeds_{number:03}.tf"), terraform(number, group)));
    }
    for (number, group) in feeds.chunks(10).enumerate() {
        files.push(file(format!("sql/report_{number:04}.sql"), query(number, group)));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// Folders of Terraform that call one module for each entry of their maps; each call makes a bucket and a table.
pub(crate) fn terraform_repository(n_files: usize, n_entries: usize) -> Vec<SourceText> {
    let module = "variable \"name\" {}\n\nvariable \"days\" {\n  default = 180\n}\n\nlocals {\n  bucket = lower(replace(\"synthetic-${var.name}\", \
                  \"_\", \"-\"))\n}\n\nresource \"google_storage_bucket\" \"landing\" {\n  name     = local.bucket\n  location = \"EU\"\n\n  \
                  retention_policy {\n    retention_period = var.days * 86400\n  }\n}\n\nresource \"google_bigquery_table\" \"feed\" {\n  dataset_id \
                  = \"raw\"\n  table_id   = var.name\n}\n";
    let mut files = vec![file("modules/feed/main.tf", module.to_owned())];
    for number in 0..n_files {
        let mut text = format!("locals {{\n  feeds_{number} = {{\n");
        for entry in 0..n_entries {
            put(&mut text, format_args!("    feed_{number}_{entry} = {{ days = {}, owner = \"team-{number}\" }}\n", 180 + entry));
        }
        put(
            &mut text,
            format_args!(
                "  }}\n}}\n\nmodule \"feed_{number}\" {{\n  source   = \"../modules/feed\"\n  for_each = local.feeds_{number}\n  name     = \
                 each.key\n  days     = each.value.days\n}}\n"
            ),
        );
        files.push(file(format!("team_{:02}/feeds_{number}.tf", number % 50), text));
    }
    files
}

const CONFIG: &str = "\
version: 1
project: synthetic-prod
location: EU
paths:
  feeds: [feeds/**]
  schemas: [schemas/**]
  table_schemas: [tables/**]
  sql: [sql/**]
  terraform: [terraform/**]
policy:
  retention: 180 days
environments: { dev: {}, uat: {}, prod: {} }
";

const DOMAINS: [&str; 8] = ["billing", "claims", "credit", "logistics", "market", "payments", "retail", "telemetry"];
const SUBJECTS: [&str; 8] = ["accounts", "balances", "events", "limits", "orders", "prices", "sessions", "transfers"];
const CADENCES: [&str; 6] = ["daily", "weekdays", "hourly", "weekly", "monthly", "\"15 6 * * 1-5\""];
const SENTENCES: [&str; 8] = [
    "The provider sends a full picture and no differences.",
    "Records that were cancelled later are delivered again with their state.",
    "Amounts are in the currency of the account, never converted.",
    "Times are UTC, and the business day is that of London.",
    "Late corrections arrive in the file of the day on which they were made.",
    "Test accounts are left out by the source, and nobody checks that.",
    "The file is cut at midnight and shows what was booked until then.",
    "An empty file is sent on holidays, with no record in it.",
];

/// The columns a feed may have after its first two, with the JSON type, the JSON format, and the BigQuery type.
const COLUMNS: [(&str, Kind); 18] = [
    ("account_id", Kind::Text(24)),
    ("amount", Kind::Number),
    ("booked_at", Kind::Timestamp),
    ("branch", Kind::Text(8)),
    ("channel", Kind::Enum),
    ("comment", Kind::Text(400)),
    ("country", Kind::Text(2)),
    ("currency", Kind::Text(3)),
    ("due_on", Kind::Date),
    ("is_test", Kind::Flag),
    ("party", Kind::Record),
    ("price", Kind::Number),
    ("quantity", Kind::Integer),
    ("reference", Kind::Text(35)),
    ("sequence", Kind::Integer),
    ("source_file", Kind::Text(120)),
    ("tags", Kind::Tags),
    ("updated_at", Kind::Timestamp),
];

#[derive(Clone, Copy)]
enum Kind {
    Text(u32),
    Enum,
    Integer,
    Number,
    Flag,
    Date,
    Timestamp,
    Record,
    Tags,
}

struct Feed {
    number: usize,
    domain: &'static str,
    name: String,
    columns: Vec<(&'static str, Kind)>,
    dice: Dice,
}

impl Feed {
    fn new(number: usize) -> Feed {
        let mut dice = Dice::new(number);
        let (domain, subject) = (dice.choose(&DOMAINS), dice.choose(&SUBJECTS));
        let n_columns = 6 + dice.below(COLUMNS.len() - 5);
        let skipped = dice.below(COLUMNS.len());
        let columns = COLUMNS.iter().cycle().skip(skipped).take(n_columns).copied().collect();
        Feed { number, domain, name: format!("{domain}_{subject}_{number:05}"), columns, dice }
    }

    fn definition(&self) -> String {
        let Feed { number, domain, name, .. } = self;
        let mut dice = self.dice;
        let mut text = format!("# {name}: maintained by the {domain} team, asked for in request {number}.\nfeed: {name}\n");
        text += "description: >\n";
        for _ in 0..3 + dice.below(4) {
            put(&mut text, format_args!("  {}\n", dice.choose(&SENTENCES)));
        }
        if number % 50 != 49 {
            put(&mut text, format_args!("owner: {domain}-data@example.com\n"));
        }
        put(&mut text, format_args!("source:\n  system: {domain} core\n  contact: {domain}-support@example.com\n"));
        text += &consumers(&mut dice);
        text += &self.delivery(&mut dice);
        text += &self.file_and_table();
        text += &self.environments(&mut dice);
        text
    }

    fn delivery(&self, dice: &mut Dice) -> String {
        let (cadence, hour, rows) = (dice.choose(&CADENCES), dice.below(24), 1_000 * (1 + dice.below(900)));
        format!(
            "classification: internal\n\ndelivery:\n  # Agreed with the provider; the alert uses the same figures.\n  cadence: {cadence}\n  \
             time_zone: Europe/London\n  due: \"{hour:02}:30\"\n  grace: 2 hours\n  files: 1\n  rows: {rows}\n  bytes: {} MiB\n\n",
            1 + rows / 4_000
        )
    }

    fn file_and_table(&self) -> String {
        let Feed { domain, name, .. } = self;
        format!(
            "file:\n  name: \"{name}_{{date:%Y%m%d}}_{{seq:4}}.json\"\n  format: ndjson\n  compression: none\n  bucket: synthetic-{domain}\n  \
             prefix: {name}/\n\nschema: ../../schemas/{domain}/{name}.schema.json\nretention: 180 days\n\ntable:\n  dataset: {domain}\n  \
             name: {name}\n  schema: ../../tables/{domain}/{name}.json\n  partitioning:\n    type: DAY\n    field: business_date\n    \
             expiration: 730 days\n  clustering: [record_id]\n  require_partition_filter: true\n  write_disposition: WRITE_APPEND\n\n"
        )
    }

    fn environments(&self, dice: &mut Dice) -> String {
        let mut text = "environments:\n".to_owned();
        for environment in ["dev", "uat", "prod"] {
            let (domain, rows, hour) = (self.domain, 100 + dice.below(900), dice.below(24));
            put(&mut text, format_args!("  {environment}:\n    # {}\n", dice.choose(&SENTENCES)));
            put(&mut text, format_args!("    file: {{ bucket: synthetic-{domain}-{environment} }}\n"));
            put(&mut text, format_args!("    delivery:\n      rows: {rows}\n      bytes: 1 MiB\n      due: \"{hour:02}:45\"\n"));
        }
        text
    }

    fn json_schema(&self) -> String {
        let mut properties =
            "    \"record_id\": { \"type\": \"string\", \"maxLength\": 36 },\n    \"business_date\": { \"type\": \"string\", \
                              \"format\": \"date\" }"
                .to_owned();
        for (name, kind) in &self.columns {
            put(&mut properties, format_args!(",\n    \"{name}\": {}", kind.json_schema()));
        }
        format!(
            "{{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"title\": \"{}\",\n  \"type\": \"object\",\n  \"properties\": \
             {{\n{properties}\n  }},\n  \"required\": [\"record_id\", \"business_date\"],\n  \"additionalProperties\": false\n}}\n",
            self.name
        )
    }

    fn table_schema(&self) -> String {
        let mut text =
            "[\n  { \"name\": \"record_id\", \"type\": \"STRING\", \"mode\": \"REQUIRED\" },\n  { \"name\": \"business_date\", \
                        \"type\": \"DATE\", \"mode\": \"REQUIRED\" }"
                .to_owned();
        for (name, kind) in &self.columns {
            put(&mut text, format_args!(",\n  {{ \"name\": \"{name}\", {} }}", kind.table_schema()));
        }
        text + "\n]\n"
    }
}

impl Kind {
    fn json_schema(self) -> String {
        let plain = |name: &str| format!("{{ \"type\": \"{name}\" }}");
        match self {
            Kind::Text(length) => {
                format!("{{ \"description\": \"As the source writes it\", \"type\": \"string\", \"maxLength\": {length} }}")
            }
            Kind::Enum => "{ \"type\": \"string\", \"enum\": [\"BRANCH\", \"MOBILE\", \"PHONE\", \"WEB\"] }".to_owned(),
            Kind::Integer => plain("integer"),
            Kind::Number => plain("number"),
            Kind::Flag => plain("boolean"),
            Kind::Date => "{ \"type\": \"string\", \"format\": \"date\" }".to_owned(),
            Kind::Timestamp => "{ \"description\": \"UTC\", \"type\": \"string\", \"format\": \"date-time\" }".to_owned(),
            Kind::Record => "{\n      \"type\": \"object\",\n      \"properties\": {\n        \"id\": { \"type\": \"string\", \"maxLength\": 20 },\n        \
                             \"name\": { \"type\": \"string\", \"maxLength\": 120 }\n      },\n      \"additionalProperties\": false\n    }"
                .to_owned(),
            Kind::Tags => "{ \"type\": \"array\", \"items\": { \"type\": \"string\", \"maxLength\": 16 } }".to_owned(),
        }
    }

    fn table_schema(self) -> String {
        let plain = |name: &str| format!("\"type\": \"{name}\", \"mode\": \"NULLABLE\"");
        match self {
            Kind::Text(_) => plain("STRING") + ", \"description\": \"As the source writes it\"",
            Kind::Enum => plain("STRING"),
            Kind::Integer => plain("INT64"),
            Kind::Number => plain("NUMERIC"),
            Kind::Flag => plain("BOOL"),
            Kind::Date => plain("DATE"),
            Kind::Timestamp => plain("TIMESTAMP"),
            Kind::Record => {
                plain("RECORD")
                    + ", \"fields\": [\n    { \"name\": \"id\", \"type\": \"STRING\", \"mode\": \"NULLABLE\" },\n    { \"name\": \"name\", \
                       \"type\": \"STRING\", \"mode\": \"NULLABLE\" }\n  ]"
            }
            Kind::Tags => "\"type\": \"STRING\", \"mode\": \"REPEATED\"".to_owned(),
        }
    }
}

fn consumers(dice: &mut Dice) -> String {
    let mut text = "consumers:\n".to_owned();
    for _ in 0..2 + dice.below(3) {
        let (team, dashboard) = (dice.choose(&DOMAINS), dice.choose(&SUBJECTS));
        put(&mut text, format_args!("  - team: {team} analytics\n    dashboard: Daily {dashboard} of {team}\n"));
    }
    text
}

fn terraform(number: usize, feeds: &[Feed]) -> String {
    let mut text = format!(
        "resource \"google_storage_bucket\" \"group_{number:03}\" {{\n  name     = \"synthetic-group-{number:03}\"\n  location = \"EU\"\n\n  \
         retention_policy {{\n    retention_period = 15552000\n  }}\n\n  lifecycle_rule {{\n    action {{\n      type = \"Delete\"\n    }}\n    \
         condition {{\n      age = 400\n    }}\n  }}\n}}\n"
    );
    for Feed { domain, name, .. } in feeds.iter().step_by(10) {
        put(
            &mut text,
            format_args!(
                "\nresource \"google_bigquery_table\" \"{name}\" {{\n  dataset_id = \"{domain}\"\n  table_id   = \"{name}\"\n  schema     = \
                 file(\"${{path.module}}/../tables/{domain}/{name}.json\")\n  clustering = [\"record_id\"]\n\n  time_partitioning {{\n    type  = \
                 \"DAY\"\n    field = \"business_date\"\n  }}\n}}\n"
            ),
        );
    }
    text
}

fn query(number: usize, feeds: &[Feed]) -> String {
    // A star stands alone: branches of a union need equal columns.
    let (columns, n_parts) = if number % 20 == 19 { ("*", 1) } else { ("business_date, record_id", 3) };
    let parts: Vec<String> = feeds.iter().take(n_parts).map(|feed| part(feed, columns)).collect();
    format!(
        "-- Report {number}: how many records came in each of the last thirty days.\nSELECT business_date, COUNT(DISTINCT record_id) AS records\n\
         FROM (\n{}\n)\nGROUP BY business_date\n",
        parts.join("\n  UNION ALL\n")
    )
}

fn part(Feed { domain, name, .. }: &Feed, columns: &str) -> String {
    format!("  SELECT {columns}\n  FROM {domain}.{name}\n  WHERE business_date >= DATE_SUB(CURRENT_DATE(), INTERVAL 30 DAY)")
}

fn file(path: impl Into<String>, text: String) -> SourceText {
    SourceText { path: path.into(), text }
}

fn put(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    text.write_fmt(arguments).expect("writing to a String does not fail");
}

/// Pseudo-random numbers (SplitMix64): the same for the same feed, whatever the size of the repository.
#[derive(Clone, Copy)]
struct Dice(u64);

impl Dice {
    fn new(number: usize) -> Dice {
        Dice(0x5EED ^ (number as u64).wrapping_mul(0x2545_F491_4F6C_DD1D))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`, which is not zero.
    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn choose<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}
