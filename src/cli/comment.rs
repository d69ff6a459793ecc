//! The words of `feedgate comment`, and of what `feedgate lint` does in a workflow of GitHub.

use clap::Args;
use std::path::PathBuf;

/// What a workflow of GitHub asks for beside a report.
#[derive(Debug, Args)]
#[command(next_help_heading = "GitHub")]
pub struct GithubArgs {
    /// Create or update the comment of the pull request that the workflow runs for, with the token in `GITHUB_TOKEN`
    #[arg(long)]
    pub comment: bool,
    /// Publish a check run with annotations; where the token may not, annotate by workflow commands
    #[arg(long)]
    pub check: bool,
    /// Offer fixes on changed lines as suggestions of a review
    #[arg(long)]
    pub suggest: bool,
    /// Append the report to the summary of the step
    #[arg(long)]
    pub summary: bool,
    /// Write outputs of the step: the exit code, counts, bytes and costs, the paths of reports, the address of the comment
    #[arg(long)]
    pub github_outputs: bool,
    #[command(flatten)]
    pub posting: PostingArgs,
}

#[derive(Debug, Args)]
pub struct PostingArgs {
    /// Tells several comments of one pull request apart: one for each key
    #[arg(long, value_name = "NAME", value_parser = key, default_value = "default")]
    pub key: String,
    /// End with exit code 2 when the comment cannot be written
    #[arg(long)]
    pub require_comment: bool,
    /// Seconds after which GitHub is given up
    #[arg(long, value_name = "SECONDS", hide = true, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub github_deadline: u64,
}

/// It stands in a comment of HTML.
fn key(text: &str) -> Result<String, String> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
    let is_fine = is_plain && (1..=64).contains(&text.len()) && !text.contains("--");
    if is_fine { Ok(text.to_owned()) } else { Err("a key has letters, digits, `.`, `_` and `-`, at most 64 of them".to_owned()) }
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  feedgate comment --from report.json              in a workflow, for the pull request that it runs for
  feedgate comment --from report.json --dry-run    print the comment, and send nothing
  feedgate comment --from report.json --repo acme/landing-zone --pull-request 7

The report is that of `feedgate lint --format json`. Nothing in it is trusted: it may come from the pull request of
a fork. In a workflow that runs after another one, the pull request is the one that its commit is the tip of.
The token is read from `GITHUB_TOKEN`, the addresses from `GITHUB_API_URL` and `GITHUB_SERVER_URL`.")]
pub struct CommentArgs {
    /// The JSON report; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub from: PathBuf,
    /// The repository [default: that of the workflow]
    #[arg(long, value_name = "OWNER/NAME")]
    pub repo: Option<String>,
    /// The pull request [default: that of the workflow]
    #[arg(long, value_name = "NUMBER")]
    pub pull_request: Option<u64>,
    /// Print the comment, and send nothing
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub posting: PostingArgs,
}
