//! The words of `feedgate lint`.

use super::{AsOfArg, ColorArg, FailOn, GithubArgs, PlanArg};
use clap::{ArgMatches, Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  feedgate lint                                everything below the root of this repository
  feedgate lint feeds/orders.yaml              only what concerns this file
  feedgate lint --env prod --fail-on warning   for `prod`; warnings fail too
  feedgate lint --base origin/main             and what this branch changes
  feedgate lint --base origin/main --new-only  nothing else than what this branch brings
  feedgate lint --base origin/main --config-from base
                                               by the rules of `main`, whatever this branch makes of them
  feedgate lint --staged                       what would be committed, for a hook
  feedgate lint --only missing-owner           one rule alone
  feedgate lint --fix                          make the fixes that findings carry
  feedgate lint --write-baseline               take note of what is wrong today, and report what is new from now on
  feedgate lint --format github --format json --output report.json
                                               annotations to the log, everything to a file
  feedgate lint --comment --check --summary    in a workflow of GitHub: tell the pull request

The root is the nearest folder at or above the first path with a `feedgate.yaml`, else a `.git`.
A base is read from git's objects; what is checked is the working tree, committed or not, or with
--staged the index. In a workflow
of GitHub for a pull request, a merge queue or a push, the base is found by itself.
A finding is silenced where it stands: `# feedgate: ignore[rule] until=2027-01-31 reason=\"…\"`.
Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 the work could not be done.")]
pub struct Lint {
    /// Report only findings with a place in these files and folders, be it a further place. The whole repository is read in any case
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Check for this environment: its severities, and its overrides in feed definitions
    #[arg(long = "env", value_name = "NAME")]
    pub environment: Option<String>,
    /// Compare with the state that this revision and HEAD have in common: a branch, a tag, a commit
    #[arg(long, value_name = "REV")]
    pub base: Option<String>,
    /// Get the base from the remote `origin` where this clone does not hold it, with the token in GITHUB_TOKEN if there is one
    #[arg(long)]
    pub fetch_base: bool,
    /// Whose configuration, rules, baseline and ignores hold. By those of the base, a change cannot silence what is found of it
    #[arg(long, value_name = "SIDE", value_enum, default_value_t = ConfigFrom::Head)]
    pub config_from: ConfigFrom,
    /// Check what would be committed: what is in git's index, and nothing that is not staged. For hooks
    #[arg(long, conflicts_with_all = ["fix", "write_baseline"])]
    pub staged: bool,
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
    /// With --fix, make also the fixes after which somebody has to look whether the file still does what is meant
    #[arg(long, requires = "fix")]
    pub unsafe_fixes: bool,
    /// Write what is found into the baseline, so that from now on only what is new is reported: into `.feedgate/baseline.json`,
    /// or where `feedgate.yaml` says. Where there is a baseline already, only take out of it what is not found any more
    #[arg(long, conflicts_with_all = ["paths", "base", "fetch_base", "config_from", "new_only", "only", "fix"])]
    pub write_baseline: bool,
    /// Add what is found to a baseline that is there already
    #[arg(long, requires = "write_baseline")]
    pub grow_baseline: bool,
    #[command(flatten)]
    pub plan: PlanArg,
    #[command(flatten)]
    pub as_of: AsOfArg,
    #[command(flatten)]
    pub color: ColorArg,
    /// Last, as its heading holds for all that follows.
    #[command(flatten)]
    pub github: GithubArgs,
    /// Which output belongs to which format, filled after parsing.
    #[arg(skip)]
    pub reports: Vec<(Format, Option<PathBuf>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ConfigFrom {
    /// Of what is checked
    Head,
    /// Of what it is compared with
    Base,
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
    /// SARIF 2.1.0, for code scanning and for editors
    Sarif,
    /// JUnit, for the test reports of CI systems
    Junit,
    /// Code Quality, for merge requests of GitLab
    Gitlab,
    /// The diagnostics of reviewdog
    Rdjson,
}

/// Gives each format its output.
pub(super) fn pair(lint: &Lint, matches: &ArgMatches) -> Result<Vec<(Format, Option<PathBuf>)>, String> {
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

#[cfg(test)]
mod tests {
    use super::Format;
    use crate::cli::{Cli, Command};
    use std::ffi::OsString;
    use std::path::PathBuf;

    fn reports(arguments: &str) -> Result<Vec<(Format, Option<String>)>, String> {
        let words = ["feedgate", "lint"].into_iter().chain(arguments.split_whitespace()).map(OsString::from);
        let cli = Cli::read(words).map_err(|error| error.to_string())?;
        let Command::Lint(lint) = cli.command else { return Err("not lint".to_owned()) };
        let shown = |output: Option<PathBuf>| output.map(|path| path.display().to_string());
        Ok(lint.reports.into_iter().map(|(format, output)| (format, shown(output))).collect())
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
