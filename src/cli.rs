//! What can be typed. Knows words and their help, and nothing of what they do.

mod begin;
mod check_file;
mod comment;
mod estimate;
mod graph;
mod inventory;
mod lint;

pub use begin::{AddFeed, Init};
pub use check_file::{CheckFile, CheckFileFormat};
pub use comment::{CommentArgs, GithubArgs, PostingArgs};
pub use estimate::{EstimateArgs, EstimateFormat};
pub use graph::{Graph, GraphFormat};
pub use inventory::{Inventory, InventoryFormat};
pub use lint::{ConfigFrom, Format, Lint};

use crate::text::Date;
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;

/// The gate that a data feed must pass before it is merged
///
/// Reads feed definitions, JSON Schemas, BigQuery table schemas, Terraform and SQL of a repository as one model, says
/// what is wrong on the exact line, and how many bytes each query scans.
#[derive(Debug, Parser)]
#[command(
    name = "feedgate",
    version,
    propagate_version = true,
    after_help = "Start with `feedgate lint` at the root of a repository, which needs no configuration, or with `feedgate init`.\n\
                  Exit codes: 0 nothing found, 1 findings, 2 the work could not be done."
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check a repository, and estimate what its queries cost
    Lint(Lint),
    /// Say how many bytes a query scans, and what that costs
    Estimate(EstimateArgs),
    /// Check delivered files: which feed takes each, which table it loads, and whether its records are right
    CheckFile(CheckFile),
    /// Write the configuration, the workflow and the hook of a repository, and a first feed
    Init(Init),
    /// Write the definition of a feed from sample files and three answers
    AddFeed(AddFeed),
    /// Take stock of all feeds: what is declared, who reads them, what is found, and what has to be asked
    Inventory(Inventory),
    /// Draw the way of the data: feed, bucket, trigger, loader, table, view, query, dashboard
    Graph(Graph),
    /// Create or update the comment of a pull request from a JSON report
    Comment(CommentArgs),
    /// Print the page of a rule; without a name, the catalogue
    Explain(Explain),
    /// Run the examples in your own rules
    TestRules(TestRules),
    /// Print the completions of a shell
    Completions(Completions),
}

#[derive(Debug, Args)]
pub struct Explain {
    /// The rule, as a finding names it: `missing-owner`
    #[arg(value_name = "RULE")]
    pub rule: Option<String>,
    #[command(flatten)]
    pub color: ColorArg,
}

#[derive(Debug, Args)]
#[command(after_help = "\
A rule is one Markdown file: front matter that judges, prose that explains, and examples that are
run as tests. `feedgate explain` shows the pages of our own rules, which are written the same way.")]
pub struct TestRules {
    /// The root of the repository whose `.feedgate/rules` are tested
    #[arg(value_name = "DIR", default_value = ".")]
    pub folder: PathBuf,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  feedgate completions bash > ~/.local/share/bash-completion/completions/feedgate
  feedgate completions zsh > ~/.zfunc/_feedgate
  feedgate completions fish > ~/.config/fish/completions/feedgate.fish")]
pub struct Completions {
    pub shell: Shell,
}

#[derive(Debug, Args)]
pub struct AsOfArg {
    /// The day taken for today, which `CURRENT_DATE()` gives and by which suppressions run out [default: today in UTC]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub as_of: Option<Date>,
}

#[derive(Debug, Args)]
pub struct PlanArg {
    /// A plan of Terraform, as `terraform show -json` prints it: its values stand over those that follow from the files.
    /// May be given once for each root module, or once for each environment that the names of the files tell
    #[arg(long = "plan", value_name = "FILE")]
    pub plans: Vec<PathBuf>,
}

fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "a day is written `2026-08-22`".to_owned())
}

#[derive(Debug, Args)]
pub struct ColorArg {
    /// When to use colours; `auto` heeds `NO_COLOR`
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    pub color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    Error,
    Warning,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
}

impl Cli {
    /// Reads the arguments, the program's name first. The error knows its text and exit code, also for `--help`.
    pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
        let mut command = Cli::command();
        let matches = command.try_get_matches_from_mut(arguments)?;
        let mut cli = Cli::from_arg_matches(&matches)?;
        if let (Command::Lint(lint), Some(("lint", matches))) = (&mut cli.command, matches.subcommand()) {
            let pairs =
                lint::pair(lint, matches).map_err(|message| command.error(clap::error::ErrorKind::ArgumentConflict, message))?;
            lint.reports = pairs;
        }
        Ok(cli)
    }
}

/// The page `docs/command-line.md`: the help of every command.
pub fn reference_page() -> String {
    let mut page = format!("# The command line\n\nWhat `--help` says of each command.\n\n{}", help(&[]));
    for command in Cli::command().get_subcommands() {
        let name = command.get_name();
        page.push_str(&format!("\n## feedgate {name}\n\n{}", help(&[name])));
    }
    page
}

/// What `--help` shows behind these words where the terminal says no width, as a block of Markdown.
fn help(words: &[&str]) -> String {
    const WIDTH: usize = 100;
    let asked = [&["feedgate"], words, &["--help"]].concat();
    let shown = Cli::command().term_width(WIDTH).try_get_matches_from(asked).err().map(|shown| shown.to_string());
    format!("```text\n{}\n```\n", shown.unwrap_or_default().trim_end())
}

/// The completions of a shell.
pub fn completions(shell: Shell) -> String {
    let shell = match shell {
        Shell::Bash => clap_complete::Shell::Bash,
        Shell::Zsh => clap_complete::Shell::Zsh,
        Shell::Fish => clap_complete::Shell::Fish,
        Shell::Powershell => clap_complete::Shell::PowerShell,
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "feedgate", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
