//! The words of `feedgate estimate`.

use super::{AsOfArg, ColorArg};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  feedgate estimate                                  every query of this repository
  feedgate estimate sql/cost.sql                     the queries of one file
  feedgate estimate --sql 'SELECT id FROM raw.orders'
  feedgate estimate - --tables tables.json < query.sql
  feedgate estimate --base origin/main               what this branch makes dearer, and why

What tables hold is known from the repository's feeds and Terraform, and from statistics: BigQuery
table resources, as `bq show --format=json` prints them. What is not known is said, never guessed.")]
pub struct EstimateArgs {
    /// Files that hold queries; `-` is standard input. Without any, all queries of the repository
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// A query
    #[arg(long, value_name = "TEXT")]
    pub sql: Option<String>,
    /// Table statistics, in place of the repository's own
    #[arg(long, value_name = "FILE")]
    pub tables: Vec<PathBuf>,
    /// The BigQuery location of prices, where nothing says in which one tables lie [default: that of `feedgate.yaml`, else US]
    #[arg(long, value_name = "LOCATION")]
    pub location: Option<String>,
    /// Say what the queries cost in the state that this revision and HEAD have in common, and why that differs
    #[arg(long, value_name = "REV")]
    pub base: Option<String>,
    #[command(flatten)]
    pub as_of: AsOfArg,
    /// How to report
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = EstimateFormat::Text)]
    pub format: EstimateFormat,
    #[command(flatten)]
    pub color: ColorArg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EstimateFormat {
    Text,
    Json,
}
