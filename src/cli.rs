//! What can be typed. Knows words and their help, and nothing of what they do.

use crate::text::Date;
use clap::{ArgMatches, Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};
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
    disable_help_subcommand = true,
    after_help = "Start with `feedgate lint` at the root of a repository; no configuration is needed.\n\
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
    /// Take stock of all feeds: what is declared, who reads them, what is found, and what has to be asked
    Inventory(Inventory),
    /// Draw the way of the data: feed, bucket, trigger, loader, table, view, query, dashboard
    Graph(Graph),
    /// Print the page of a rule; without a name, the catalogue
    Explain(Explain),
    /// Run the examples in your own rules
    TestRules(TestRules),
    /// Print the completions of a shell
    Completions(Completions),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  feedgate lint                                everything below the root of this repository
  feedgate lint feeds/orders.yaml              only what concerns this file
  feedgate lint --env prod --fail-on warning   for `prod`; warnings fail too
  feedgate lint --base origin/main             and what this branch changes
  feedgate lint --base origin/main --new-only  nothing else than what this branch brings
  feedgate lint --only missing-owner           one rule alone
  feedgate lint --fix                          make the fixes that findings carry
  feedgate lint --format github --format json --output report.json
                                               annotations to the log, everything to a file

The root is the nearest folder at or above the first path with a `feedgate.yaml`, else a `.git`.
A base is read from git's objects; what is checked is the working tree, committed or not. In a pull
request on GitHub the base is found by itself.
A finding is silenced where it stands: `# feedgate: ignore[rule] until=2027-01-31 reason=\"…\"`.
Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 the work could not be done.")]
pub struct Lint {
    /// Report only what lies in these files and folders. The whole repository is read in any case
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Check for this environment: its severities, and its overrides in feed definitions
    #[arg(long = "env", value_name = "NAME")]
    pub environment: Option<String>,
    /// Compare with the state that this revision and HEAD have in common: a branch, a tag, a commit
    #[arg(long, value_name = "REV")]
    pub base: Option<String>,
    /// Report only findings that the base does not have; the exit code follows from these alone
    #[arg(long)]
    pub new_only: bool,
    /// How to report; may be given several times, each with an --output [default: text]
    #[arg(long = "format", value_name = "FORMAT", value_enum)]
    pub formats: Vec<Format>,
    /// Where the report goes, instead of standard output: the nth --output for the nth --format; `-` is standard
    /// output. With one output fewer than formats, each belongs to the format before it
    #[arg(long = "output", value_name = "FILE")]
    pub outputs: Vec<PathBuf>,
    /// Run only this rule; may be given several times
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Fail the run on findings of this severity or above
    #[arg(long, value_name = "SEVERITY", value_enum, default_value_t = FailOn::Error)]
    pub fail_on: FailOn,
    /// Fail when anything could not be checked
    #[arg(long)]
    pub strict: bool,
    /// Change the files so that what has a fix is cured, then report what is left
    #[arg(long)]
    pub fix: bool,
    #[command(flatten)]
    pub plan: PlanArg,
    #[command(flatten)]
    pub as_of: AsOfArg,
    #[command(flatten)]
    pub color: ColorArg,
    /// Which output belongs to which format, filled after parsing.
    #[arg(skip)]
    pub reports: Vec<(Format, Option<PathBuf>)>,
}

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
    /// May be given once for each root module
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
pub enum Format {
    /// Findings with their source, for people
    Text,
    /// Everything, for programs
    Json,
    /// Workflow commands, which GitHub shows as annotations
    Github,
    /// For a pull request or a job summary
    Markdown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EstimateFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckFileFormat {
    Text,
    Json,
    /// Of a calendar only
    Csv,
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
                pair(lint, matches).map_err(|message| command.error(clap::error::ErrorKind::ArgumentConflict, message))?;
            lint.reports = pairs;
        }
        Ok(cli)
    }
}

/// Gives each format its output.
fn pair(lint: &Lint, matches: &ArgMatches) -> Result<Vec<(Format, Option<PathBuf>)>, String> {
    let formats = if lint.formats.is_empty() { vec![Format::Text] } else { lint.formats.clone() };
    let indices = |name| matches.indices_of(name).map(Iterator::collect::<Vec<usize>>).unwrap_or_default();
    let (at_format, at_output) = (indices("formats"), indices("outputs"));
    let mut pairs: Vec<(Format, Option<PathBuf>)> = formats.iter().map(|format| (*format, None)).collect();
    if lint.outputs.len() > pairs.len() {
        return Err("there are more --output than --format: say the format of each".to_owned());
    }
    let is_complete = lint.outputs.len() == pairs.len();
    for (nth, output) in lint.outputs.iter().enumerate() {
        let before = |index: &usize| at_format.get(*index) < at_output.get(nth);
        let is_free = |index: &usize| pairs.get(*index).is_some_and(|(_, output)| output.is_none());
        let preceding = (0..pairs.len()).rev().filter(before).find(is_free);
        let chosen = if is_complete { Some(nth) } else { preceding.or_else(|| (0..pairs.len()).find(is_free)) };
        if let Some((_, slot)) = chosen.and_then(|index| pairs.get_mut(index)) {
            *slot = Some(output.clone());
        }
    }
    let to_stdout = |output: &Option<PathBuf>| output.as_ref().is_none_or(|path| path.as_os_str() == "-");
    if pairs.iter().filter(|(_, output)| to_stdout(output)).count() > 1 {
        return Err("only one format can go to standard output: give the others an --output".to_owned());
    }
    for (_, output) in &mut pairs {
        if to_stdout(output) {
            *output = None;
        }
    }
    Ok(pairs)
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

    fn reports(arguments: &str) -> Result<Vec<(Format, Option<String>)>, String> {
        let words = ["feedgate", "lint"].into_iter().chain(arguments.split_whitespace()).map(OsString::from);
        let cli = Cli::read(words).map_err(|error| error.to_string())?;
        let Command::Lint(lint) = cli.command else { return Err("not lint".to_owned()) };
        let shown = |output: Option<PathBuf>| output.map(|path| path.display().to_string());
        Ok(lint.reports.into_iter().map(|(format, output)| (format, shown(output))).collect())
    }

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn each_output_belongs_to_a_format() {
        let file = |name: &str| Some(name.to_owned());
        assert_eq!(reports(""), Ok(vec![(Format::Text, None)]));
        assert_eq!(reports("--output a"), Ok(vec![(Format::Text, file("a"))]));
        let both = Ok(vec![(Format::Json, file("a")), (Format::Markdown, file("b"))]);
        assert_eq!(reports("--format json --output a --format markdown --output b"), both);
        assert_eq!(reports("--format json --format markdown --output a --output b"), both);
        let one = Ok(vec![(Format::Text, None), (Format::Json, file("a"))]);
        assert_eq!(reports("--format text --format json --output a"), one);
        assert_eq!(reports("--format text --output - --format json --output a"), one);
        let other = Ok(vec![(Format::Json, file("a")), (Format::Text, None)]);
        assert_eq!(reports("--format json --output a --format text"), other);
    }

    #[test]
    fn two_reports_never_share_standard_output() {
        assert!(reports("--format json --format text").is_err());
        assert!(reports("--format json --output a --output b").is_err());
        assert!(reports("--format json --output - --format text --output -").is_err());
    }
}
