//! The words of `feedgate check-file`.

use super::{AsOfArg, ColorArg, FailOn, date};
use crate::text::Date;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  feedgate check-file trades_20260803_0001.json      a file that you are about to deliver
  feedgate check-file --name-only gs://acme-landing/trades/trades_20260803_0001.json
                                                     only what the name says
  gcloud storage cat URI | feedgate check-file - --name URI --format json
                                                     an object that has landed, for a program
  gcloud storage ls 'gs://acme-landing/**' > there.txt
  feedgate check-file --delivered there.txt *.json   none of these names may have come before

  feedgate check-file --calendar trades              the files of the next 14 days
  feedgate check-file --calendar trades --from 2026-10-19 --days 14
                                                     over the change of the clocks
  feedgate check-file --calendar trades --format csv > expected.csv

Files may be packed with gzip or zstd. Each record is held against the feed's JSON Schema and against what
BigQuery loads into its table; of each mistake the first is shown, with a count.
Days and times of a calendar are those of the feed's time zone; what the definition does not say is left open.
Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 the work could not be done.")]
pub struct CheckFile {
    /// Delivered files, or gs:// addresses, of which only the name is looked at; `-` is standard input, with --name
    #[arg(value_name = "FILE", required_unless_present = "calendar", conflicts_with = "calendar")]
    pub files: Vec<PathBuf>,
    /// Look at names only, and at no content
    #[arg(long)]
    pub name_only: bool,
    /// The name under which the file is delivered, where it is another than that of FILE
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Take the files for files of this feed, whatever their names say
    #[arg(long, value_name = "FEED")]
    pub feed: Option<String>,
    /// A list of names or gs:// addresses that were delivered before, one a line: none of them may come again
    #[arg(long, value_name = "LIST")]
    pub delivered: Option<PathBuf>,
    /// The repository of the feeds [default: the one around the current directory]
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// List the files that this feed is expected to deliver, with the instants at which they are due
    #[arg(long, value_name = "FEED")]
    pub calendar: Option<String>,
    /// The first day of the calendar [default: today in UTC]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date, requires = "calendar")]
    pub from: Option<Date>,
    /// How many days the calendar has
    #[arg(long, value_name = "N", default_value_t = 14, value_parser = clap::value_parser!(u16).range(1..=1_100))]
    pub days: u16,
    /// Check for this environment: its overrides in feed definitions
    #[arg(long = "env", value_name = "NAME")]
    pub environment: Option<String>,
    /// How to report
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = CheckFileFormat::Text)]
    pub format: CheckFileFormat,
    /// Fail the run on findings of this severity or above
    #[arg(long, value_name = "SEVERITY", value_enum, default_value_t = FailOn::Error)]
    pub fail_on: FailOn,
    #[command(flatten)]
    pub as_of: AsOfArg,
    #[command(flatten)]
    pub color: ColorArg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckFileFormat {
    Text,
    Json,
    /// Of a calendar only
    Csv,
}
