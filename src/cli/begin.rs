//! The words of `feedgate add-feed` and `feedgate init`, which begin something.

use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  feedgate add-feed trades --sample trades_20260803_0001.json
                                       asks for cadence, volume and owner
  feedgate add-feed trades --sample trades_*.json --cadence daily --volume '400000 rows' \\
    --owner fixed-income-data@example.com
  feedgate add-feed trades --sample trades_*.json --dry-run …
                                       shows what would be written

The pattern of the names, the JSON Schema, the schema of the table and the expected bytes follow from the
samples; the rest is as in the other feeds of the repository. Nothing that is there is overwritten.
Exit codes: 0 written, and nothing found in it; 1 written, and something is found; 2 the work could not be done.")]
pub struct AddFeed {
    /// The name of the feed
    #[arg(value_name = "NAME")]
    pub name: String,
    /// A file as it is delivered, packed or not; several tell more of the names and of the fields that may be missing
    #[arg(long = "sample", value_name = "FILE", num_args = 1.., required = true)]
    pub samples: Vec<PathBuf>,
    /// How often a delivery comes: `hourly`, `daily`, `weekly`, …, or a cron expression
    #[arg(long, value_name = "CADENCE")]
    pub cadence: Option<String>,
    /// How much comes with one delivery: `400000 rows`, or bytes such as `180 MiB`
    #[arg(long, value_name = "VOLUME")]
    pub volume: Option<String>,
    /// The team or the address that answers when the feed is late
    #[arg(long, value_name = "OWNER")]
    pub owner: Option<String>,
    /// The address at the source that answers when a delivery does not come [default: none is said]
    #[arg(long, value_name = "CONTACT")]
    pub contact: Option<String>,
    /// The name of the files as a template, where samples do not tell it: `trades_{date:%Y%m%d}_{seq:4}.json`
    #[arg(long, value_name = "TEMPLATE")]
    pub file_name: Option<String>,
    /// The time zone of cadence and names [default: that of the other feeds; UTC for names with a time in them]
    #[arg(long, value_name = "ZONE")]
    pub time_zone: Option<String>,
    /// The bucket of the files [default: that of the other feeds]
    #[arg(long, value_name = "BUCKET")]
    pub bucket: Option<String>,
    /// The dataset of the table [default: that of the other feeds, else `raw`]
    #[arg(long, value_name = "DATASET")]
    pub dataset: Option<String>,
    /// The repository [default: the one around the current directory]
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// Show what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  feedgate init --dry-run                what would be written
  feedgate init                          configuration, workflow and hook
  feedgate init --no-hook --retention '180 days'
  feedgate init --feed trades --sample trades_20260803_0001.json
                                         and a first feed

Nothing that is there is overwritten: a workflow and a configuration stay as they are, and to
`.pre-commit-config.yaml` our entry is added. Of a folder below the top of the git repository,
the configuration lies in the folder, and the workflow and the hook, which are of it alone, at the top.")]
pub struct Init {
    /// The repository, or a folder of it that is checked alone [default: the one around the current directory]
    #[arg(value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// The policy on delivered files: they are kept at least this long, such as `180 days`
    #[arg(long, value_name = "DURATION")]
    pub retention: Option<String>,
    /// The project of tables whose names do not say one
    #[arg(long, value_name = "PROJECT")]
    pub project: Option<String>,
    /// The BigQuery location of prices, such as EU
    #[arg(long, value_name = "LOCATION")]
    pub location: Option<String>,
    /// Write no workflow
    #[arg(long)]
    pub no_workflow: bool,
    /// Add no hook
    #[arg(long)]
    pub no_hook: bool,
    /// The name of a first feed, as for `feedgate add-feed`
    #[arg(long, value_name = "NAME", requires = "samples", conflicts_with = "dry_run")]
    pub feed: Option<String>,
    /// Files of the first feed
    #[arg(long = "sample", value_name = "FILE", num_args = 1.., requires = "feed")]
    pub samples: Vec<PathBuf>,
    /// How often it comes
    #[arg(long, value_name = "CADENCE", requires = "feed")]
    pub cadence: Option<String>,
    /// How much comes with one delivery
    #[arg(long, value_name = "VOLUME", requires = "feed")]
    pub volume: Option<String>,
    /// Who answers for it
    #[arg(long, value_name = "OWNER", requires = "feed")]
    pub owner: Option<String>,
    /// Show what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}
