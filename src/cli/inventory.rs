//! The words of `feedgate inventory`.

use super::{AsOfArg, ColorArg, PlanArg};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  feedgate inventory                                         every feed of this repository, in the terminal
  feedgate inventory --format markdown --output feeds.md     a page to talk through with the people who know
  feedgate inventory --format csv --output feeds.csv         one line for each feed, for a spreadsheet
  feedgate inventory --format json | jq '.feeds[].open_questions'

What a definition does not say becomes a question, and each question names who can answer it: the owner,
the source or the consumers of the feed. Nothing is a failure here; `feedgate lint` is the gate.")]
pub struct Inventory {
    /// Take stock for this environment: its overrides in feed definitions
    #[arg(long = "env", value_name = "NAME")]
    pub environment: Option<String>,
    /// How to write the sheet
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = InventoryFormat::Text)]
    pub format: InventoryFormat,
    /// Where the sheet goes, instead of standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub plan: PlanArg,
    #[command(flatten)]
    pub as_of: AsOfArg,
    #[command(flatten)]
    pub color: ColorArg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum InventoryFormat {
    /// A block for each feed
    Text,
    /// A page, with questions to tick off
    Markdown,
    /// A line for each feed
    Csv,
    /// Everything, for programs
    Json,
}
