//! The text of a feed's definition.

use super::scalar;
use crate::keys::units;
use crate::text::grouped;
use std::fmt::Write as _;

/// How the table of a new feed is partitioned and written to, which no sample tells.
pub(super) const PARTITION_TYPE: &str = "DAY";
pub(super) const WRITE_DISPOSITION: &str = "WRITE_APPEND";

/// What is known of a new feed. Paths are as the definition writes them, relative to it.
#[derive(Debug, Default, Clone)]
pub struct NewFeed {
    pub name: String,
    pub owner: String,
    /// Who answers at the source.
    pub contact: Option<String>,
    pub cadence: String,
    pub time_zone: Option<String>,
    pub rows: Option<u64>,
    pub n_bytes: Option<u64>,
    /// The template of its files' names.
    pub file_name: String,
    pub format: &'static str,
    pub compression: &'static str,
    pub bucket: Option<String>,
    pub prefix: Option<String>,
    pub samples: Vec<String>,
    pub schema: String,
    pub retention_days: Option<u32>,
    pub dataset: String,
    pub table_schema: String,
    /// The column that partitions go by; the time of the load without one.
    pub partition_field: Option<String>,
}

/// How much comes with a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Volume {
    Rows(u64),
    Bytes(u64),
}

impl Volume {
    /// `400000 rows`, `400,000` or `180 MiB`; `Err` says what it must look like.
    pub fn parse(text: &str) -> Result<Volume, String> {
        let number = text.trim().trim_end_matches("rows").trim_end_matches("row").trim().replace([',', '_'], "");
        if let Ok(rows) = number.parse() {
            return Ok(Volume::Rows(rows));
        }
        let help = "say rows or bytes of one delivery: `400000 rows`, `180 MiB`";
        units::bytes(text.trim()).map(Volume::Bytes).map_err(|_| help.to_owned())
    }

    /// Rows and bytes of a delivery, by the records of samples: how many, and how many bytes they take as files lie there.
    pub fn rows_and_bytes(self, n_records: u64, n_bytes: u64) -> (Option<u64>, Option<u64>) {
        let scaled = |amount: u64, by: u64, of: u64| {
            let scaled = u128::from(amount) * u128::from(by) / u128::from(of.max(1));
            u64::try_from(scaled).ok().map(two_digits).filter(|_| of > 0 && by > 0)
        };
        match self {
            Volume::Rows(rows) => (Some(rows), scaled(rows, n_bytes, n_records)),
            Volume::Bytes(bytes) => (scaled(bytes, n_records, n_bytes), Some(bytes)),
        }
    }
}

/// What was counted on a few records is no better than to two digits.
fn two_digits(number: u64) -> u64 {
    let mut unit = 1_u64;
    while number / unit >= 100 {
        unit = unit.saturating_mul(10);
    }
    (number / unit) * unit
}

impl NewFeed {
    /// The definition as a file.
    pub fn yaml(&self) -> String {
        let mut out = format!("feed: {}\nowner: {}\n", self.name, scalar(&self.owner));
        if let Some(contact) = &self.contact {
            let _ = writeln!(out, "source:\n  contact: {}", scalar(contact));
        }
        self.delivery(&mut out);
        self.file(&mut out);
        let _ = writeln!(out, "\nschema: {}", scalar(&self.schema));
        if let Some(days) = self.retention_days {
            let _ = writeln!(out, "retention: {days} days");
        }
        let field = self.partition_field.as_ref().map_or_else(String::new, |name| format!(", field: {}", scalar(name)));
        let _ = write!(out, "\ntable:\n  dataset: {}\n  name: {}\n", scalar(&self.dataset), self.name);
        let _ = writeln!(out, "  schema: {}\n  partitioning: {{ type: {PARTITION_TYPE}{field} }}", scalar(&self.table_schema));
        let _ = writeln!(out, "  require_partition_filter: true\n  write_disposition: {WRITE_DISPOSITION}");
        out
    }

    fn delivery(&self, out: &mut String) {
        let _ = writeln!(out, "\ndelivery:\n  cadence: {}", scalar(&self.cadence));
        if let Some(zone) = &self.time_zone {
            let _ = writeln!(out, "  time_zone: {}", scalar(zone));
        }
        out.push_str("  files: 1\n");
        if let Some(rows) = self.rows {
            let _ = writeln!(out, "  rows: {rows}");
        }
        if let Some(bytes) = self.n_bytes {
            let _ = writeln!(out, "  bytes: {bytes} # {}", said(bytes));
        }
    }

    fn file(&self, out: &mut String) {
        let quoted = serde_json::Value::from(self.file_name.as_str());
        let _ = writeln!(out, "\nfile:\n  name: {quoted}\n  format: {}\n  compression: {}", self.format, self.compression);
        for (key, value) in [("bucket", &self.bucket), ("prefix", &self.prefix)] {
            if let Some(value) = value {
                let _ = writeln!(out, "  {key}: {}", scalar(value));
            }
        }
        if !self.samples.is_empty() {
            let samples: Vec<String> =
                self.samples.iter().map(|path| serde_json::Value::from(path.as_str()).to_string()).collect();
            let _ = writeln!(out, "  samples: [{}]", samples.join(", "));
        }
    }
}

/// `170 MiB`, in the largest unit of which it has one.
fn said(n_bytes: u64) -> String {
    let units = [("GiB", 1_u64 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    let unit = units.into_iter().find(|(_, size)| n_bytes >= *size);
    unit.map_or_else(|| format!("{n_bytes} B"), |(name, size)| format!("{} {name}", grouped(n_bytes / size)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_volume_is_rows_or_bytes() {
        assert_eq!(Volume::parse("400,000 rows"), Ok(Volume::Rows(400_000)));
        assert_eq!(Volume::parse("12"), Ok(Volume::Rows(12)));
        assert_eq!(Volume::parse("180 MiB"), Ok(Volume::Bytes(180 << 20)));
        assert!(Volume::parse("much").is_err());
        assert_eq!(Volume::Rows(1_000).rows_and_bytes(3, 400), (Some(1_000), Some(130_000)));
        assert_eq!(Volume::Bytes(1_000).rows_and_bytes(3, 400), (Some(7), Some(1_000)));
        assert_eq!(Volume::Rows(5).rows_and_bytes(0, 0), (Some(5), None));
    }

    #[test]
    fn a_definition_says_what_is_known() {
        let feed = NewFeed {
            name: "trades".to_owned(),
            owner: "desk@example.com".to_owned(),
            cadence: "*/5 * * * *".to_owned(),
            rows: Some(10),
            n_bytes: Some(2_000),
            file_name: "trades_{date:%Y%m%d}.json".to_owned(),
            format: "ndjson",
            compression: "none",
            schema: "../schemas/trades.schema.json".to_owned(),
            dataset: "raw".to_owned(),
            table_schema: "../tables/trades.json".to_owned(),
            partition_field: Some("trade_date".to_owned()),
            ..NewFeed::default()
        };
        let expected = r#"feed: trades
owner: desk@example.com

delivery:
  cadence: "*/5 * * * *"
  files: 1
  rows: 10
  bytes: 2000 # 1 KiB

file:
  name: "trades_{date:%Y%m%d}.json"
  format: ndjson
  compression: none

schema: ../schemas/trades.schema.json

table:
  dataset: raw
  name: trades
  schema: ../tables/trades.json
  partitioning: { type: DAY, field: trade_date }
  require_partition_filter: true
  write_disposition: WRITE_APPEND
"#;
        assert_eq!(feed.yaml(), expected);
    }
}
