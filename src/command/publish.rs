//! `lint` in a workflow of GitHub: the summary, the check run, suggestions, the comment and the outputs. None of them
//! changes what the findings come to, but a comment that is required.

use super::complaint;
use crate::cli::{Format, GithubArgs, Lint, PostingArgs};
use crate::outside::github::{self as remote, Check, Comment, Conclusion, Context, Given, Outputs, Posted, append_summary};
use crate::outside::{Failure, output};
use crate::report::annotation;
use crate::report::markdown::{self, Budget, Links, MarkdownOptions};
use crate::report::told::{Priced, Told};
use crate::report::{View, github, json, suggestion};
use clap::ValueEnum as _;
use std::time::Duration;

/// What the summary of a check run may hold: 65,535 bytes, and a UTF-16 unit is three of them at most.
const CHECK_BUDGET: Budget = Budget(20_000);
/// Tried one after the other while GitHub says that a comment is too long.
const COMMENT_BUDGETS: [usize; 3] = [Budget::COMMENT.0, 30_000, 10_000];

/// Publishes what is asked for; the exit code.
pub(super) fn publish(arguments: &Lint, view: &View<'_>, code: u8) -> u8 {
    let asked = &arguments.github;
    if !(asked.comment || asked.check || asked.suggest || asked.summary || asked.github_outputs) {
        return code;
    }
    let told = json::told(view);
    let links = options_of_workflow().links;
    let is_spoken_for = asked.comment || asked.check || asked.suggest;
    let context = is_spoken_for.then(|| Context::read(&Given::default()));
    let context = context.and_then(|context| context.map_err(|failure| complain(&failure)).ok());
    let publication = Publication { told: &told, view, asked, context: context.as_ref(), links };
    if asked.check {
        publication.check(code, arguments.reports.iter().any(|(format, _)| *format == Format::Github));
    }
    if asked.suggest {
        publication.suggest();
    }
    let posted = asked.comment.then(|| publication.comment());
    let is_missing = matches!(posted, Some(None));
    // Where the comment could not be written, the report is read in the summary.
    if asked.summary || is_missing {
        publication.summarize();
    }
    let code = if is_missing && asked.posting.require_comment { 2 } else { code };
    if asked.github_outputs {
        let url = posted.flatten().and_then(|posted| posted.url().map(str::to_owned));
        outputs(arguments, &told, code, url.as_deref());
    }
    code
}

/// A report with links where a workflow of GitHub says what it runs for. Elsewhere nothing says where a commit could be
/// looked at, or that it is there at all.
pub(super) fn options_of_workflow() -> MarkdownOptions {
    let links = Context::read(&Given::default()).ok().as_ref().and_then(links);
    MarkdownOptions { links, ..MarkdownOptions::default() }
}

/// Where the files of the head can be looked at.
pub(super) fn links(context: &Context) -> Option<Links> {
    let commit = context.head.clone()?;
    Some(Links { server: context.server.clone(), repository: context.repository.clone(), commit })
}

/// Creates or updates the comment, shorter where GitHub finds it too long.
pub(super) fn post(told: &Told<'_>, context: &Context, posting: &PostingArgs) -> Result<Posted, Failure> {
    let limit = Duration::from_secs(posting.github_deadline);
    for budget in COMMENT_BUDGETS {
        let options = MarkdownOptions { budget: Budget(budget), links: links(context) };
        let comment = Comment {
            key: posting.key.clone(),
            body: markdown::has_news(told).then(|| markdown::render(told, &options)),
            all_clear: markdown::all_clear(told),
        };
        match remote::comment(context, &comment, limit)? {
            Posted::TooLong => {}
            posted => return Ok(posted),
        }
    }
    Err(Failure::new("the comment could not be written: GitHub finds every form of it too long"))
}

/// What became of the comment, in a line for the log.
pub(super) fn say(posted: &Posted) {
    let line = match posted {
        Posted::Created(url) => format!("comment created: {url}"),
        Posted::Updated(url) => format!("comment updated: {url}"),
        Posted::Unchanged(url) => format!("comment unchanged: {url}"),
        Posted::Nothing => "no comment: there is nothing to say".to_owned(),
        Posted::Left(why) => format!("no comment: {why}"),
        Posted::TooLong => "no comment: it is too long".to_owned(),
    };
    output::to_stderr(&format!("{}\n", crate::report::clean::line(&line)));
}

pub(super) fn complain(failure: &Failure) {
    output::to_stderr(&complaint(failure));
}

struct Publication<'a> {
    told: &'a Told<'a>,
    view: &'a View<'a>,
    asked: &'a GithubArgs,
    /// `None` where there is no workflow to speak for; that has been said.
    context: Option<&'a Context>,
    links: Option<Links>,
}

impl Publication<'_> {
    fn limit(&self) -> Duration {
        Duration::from_secs(self.asked.posting.github_deadline)
    }

    fn markdown(&self, budget: Budget) -> String {
        markdown::render(self.told, &MarkdownOptions { budget, links: self.links.clone() })
    }

    /// `None` where it could not be written, which is said.
    fn comment(&self) -> Option<Posted> {
        let posted = post(self.told, self.context?, &self.asked.posting).map_err(|failure| complain(&failure)).ok()?;
        say(&posted);
        Some(posted)
    }

    fn summarize(&self) {
        let render = |n_bytes: usize| format!("{}\n", self.markdown(Budget(n_bytes / 3)));
        match append_summary(render) {
            Ok(true) => {}
            Ok(false) if self.asked.summary => output::to_stderr("no summary: `GITHUB_STEP_SUMMARY` names no file\n"),
            Ok(false) => {}
            Err(failure) => complain(&failure),
        }
    }

    /// Workflow commands stand in where there may be no check run, and nothing else prints them.
    fn check(&self, code: u8, is_annotated: bool) {
        let made = self.context.map(|context| remote::check(context, &self.wanted_check(code), self.limit()));
        let is_made = made.is_some_and(|made| made.map_err(|failure| complain(&failure)).is_ok());
        if !is_made && !is_annotated {
            let commands = github::render(self.told, &self.view.from_top());
            output::to_stdout(&commands).unwrap_or_else(|failure| complain(&failure));
        }
    }

    fn wanted_check(&self, code: u8) -> Check {
        let key = &self.asked.posting.key;
        Check {
            name: if key == "default" { "feedgate".to_owned() } else { format!("feedgate ({key})") },
            conclusion: match code {
                0 if self.told.findings.is_empty() => Conclusion::Success,
                0 => Conclusion::Neutral,
                _ => Conclusion::Failure,
            },
            title: markdown::headline(self.told),
            summary: self.markdown(CHECK_BUDGET),
            annotations: annotation::of_change(self.told, &self.view.from_top()),
        }
    }

    fn suggest(&self) {
        let Some(context) = self.context else { return };
        let all = suggestion::suggestions(self.view);
        if !all.is_empty() {
            let offered = remote::suggest(context, &all, self.limit());
            offered.map(|_| ()).unwrap_or_else(|failure| complain(&failure));
        }
    }
}

fn outputs(arguments: &Lint, told: &Told<'_>, code: u8, comment_url: Option<&str>) {
    let mut outputs = Outputs::default();
    outputs.set("exit-code", code.to_string());
    outputs.set("findings", told.findings.len().to_string());
    outputs.set("new-findings", told.summary.new.unwrap_or(told.findings.len()).to_string());
    outputs.set("errors", told.summary.errors.to_string());
    outputs.set("warnings", told.summary.warnings.to_string());
    let (before, after) = bytes(told);
    outputs.set("bytes-before", before.to_string());
    outputs.set("bytes-after", after.to_string());
    outputs.set("bytes-delta", (i128::from(after) - i128::from(before)).to_string());
    outputs.set("cost-delta", cost(told).map_or_else(String::new, |usd| format!("{usd:.6}")));
    for (format, path) in &arguments.reports {
        if let (Some(value), Some(path)) = (format.to_possible_value(), path) {
            let name = if *format == Format::Json { "report".to_owned() } else { value.get_name().to_owned() };
            outputs.set(&format!("{name}-path"), path.display().to_string());
        }
    }
    outputs.set("comment-url", comment_url.unwrap_or_default());
    match outputs.write() {
        Ok(true) => {}
        Ok(false) => output::to_stderr("no outputs: `GITHUB_OUTPUT` names no file\n"),
        Err(failure) => complain(&failure),
    }
}

/// One run of each query whose figures differ, before and after: at most, where that is known, else at least.
fn bytes(told: &Told<'_>) -> (u64, u64) {
    let of =
        |side: &Option<Priced<'_>>| side.as_ref().map_or(0, |side| side.bytes_processed.high.unwrap_or(side.bytes_processed.low));
    let queries = told.repricing.iter().flat_map(|repricing| &repricing.queries);
    queries.fold((0, 0), |(before, after), query| {
        (u64::saturating_add(before, of(&query.base)), u64::saturating_add(after, of(&query.head)))
    })
}

/// What the change adds to a month at most, in dollars before the free tier.
fn cost(told: &Told<'_>) -> Option<f64> {
    told.repricing.as_ref()?.cost_usd_per_month.difference.high
}
