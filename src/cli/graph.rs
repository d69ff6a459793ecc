//! The words of `feedgate graph`.

use super::{AsOfArg, ColorArg, PlanArg};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  feedgate graph                                   Mermaid, which GitHub draws in comments and in Markdown
  feedgate graph --feed trades                     what lies on the way of one feed
  feedgate graph --simulate gs://acme-landing/trades/trades_20260803_0001.json
                                                   what happens when this file arrives
  feedgate graph --format html --output feeds.html a page to search, with the findings on it
  feedgate graph --format dot | dot -Tsvg > feeds.svg
  feedgate graph --timeline trades                 for how long files and rows of a feed are there
  feedgate graph --timeline trades --format html --output trades.html

A page is one file without anything from elsewhere: attach it, mail it, open it from a disk.")]
pub struct Graph {
    /// Say what happens when this object arrives: which feed, which steps, which table
    #[arg(long, value_name = "URI", conflicts_with = "feed")]
    pub simulate: Option<String>,
    /// Draw what lies on the way of this feed
    #[arg(long, value_name = "FEED")]
    pub feed: Option<String>,
    /// Draw for how long the files and the rows of this feed are there, in each environment
    #[arg(long, value_name = "FEED", conflicts_with = "feed")]
    pub timeline: Option<String>,
    /// Draw for this environment: its overrides in feed definitions
    #[arg(long = "env", value_name = "NAME")]
    pub environment: Option<String>,
    /// How to draw [default: mermaid; of a timeline: text]
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub format: Option<GraphFormat>,
    /// Where the drawing goes, instead of standard output
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
pub enum GraphFormat {
    /// For a pull request or a page in Markdown; what is too much for one is left out, and said
    Mermaid,
    /// For Graphviz
    Dot,
    /// A timeline in the terminal
    Text,
    /// A timeline as one picture
    Svg,
    /// A page that holds all it needs, with the findings on it
    Html,
    /// Everything, for programs
    Json,
}
