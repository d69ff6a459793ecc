//! A check run with annotations, in as many requests as they need.

use super::client::{Client, encoded};
use super::retry::Trouble;
use super::{Check, Conclusion, Context};
use crate::diagnostic::Severity;
use crate::report::annotation;
use serde::{Deserialize, Serialize};

/// What GitHub takes in one request.
const BATCH: usize = 50;
const MAX_TITLE: usize = 250;

const WHAT: &str = "write check runs";

#[derive(Serialize)]
struct NewRun<'a> {
    name: &'a str,
    head_sha: &'a str,
    external_id: &'a str,
    #[serde(flatten)]
    state: State<'a>,
}

#[derive(Serialize)]
struct State<'a> {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    conclusion: Option<&'static str>,
    output: Output<'a>,
}

#[derive(Serialize)]
struct Output<'a> {
    title: &'a str,
    summary: &'a str,
    annotations: Vec<Annotation<'a>>,
}

#[derive(Serialize)]
struct Annotation<'a> {
    path: &'a str,
    start_line: u32,
    end_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u32>,
    annotation_level: &'static str,
    title: &'a str,
    message: &'a str,
}

#[derive(Deserialize)]
struct Run {
    id: u64,
    #[serde(default)]
    html_url: Option<String>,
    #[serde(default)]
    external_id: Option<String>,
    #[serde(default)]
    status: String,
    output: Shown,
}

#[derive(Deserialize)]
struct Shown {
    #[serde(default)]
    annotations_count: usize,
}

#[derive(Deserialize)]
struct Runs {
    check_runs: Vec<Run>,
}

/// Brings the check run to what it is to be: what an earlier attempt did is looked for, and gone on from.
pub(super) async fn bring(
    client: &Client,
    context: &Context,
    head: &str,
    check: &Check,
    is_again: bool,
) -> Result<String, Trouble> {
    let own = external_id(context, check);
    let mut run = if is_again { find(client, context, head, check, &own).await? } else { None };
    // Each round sends at least one annotation, or ends.
    for _ in 0..=check.annotations.len() / BATCH + 1 {
        if let Some(run) = run.as_ref().filter(|run| run.status == "completed") {
            return Ok(run.html_url.clone().unwrap_or_default());
        }
        let state = state(check, run.as_ref().map_or(0, |run| run.output.annotations_count));
        run = Some(match &run {
            None => {
                let new = NewRun { name: &check.name, head_sha: head, external_id: &own, state };
                client.post(&context.path("check-runs"), &new, WHAT).await?
            }
            Some(run) => client.patch(&context.path(&format!("check-runs/{}", run.id)), &state, WHAT).await?,
        });
    }
    Err(Trouble::Refused("GitHub does not take the annotations".to_owned()))
}

/// The next annotations, and the end where they are the last.
fn state(check: &Check, n_sent: usize) -> State<'_> {
    let rest = check.annotations.get(n_sent..).unwrap_or_default();
    let is_last = rest.len() <= BATCH;
    State {
        status: if is_last { "completed" } else { "in_progress" },
        conclusion: is_last.then(|| conclusion(check.conclusion)),
        output: Output {
            title: clipped(&check.title, MAX_TITLE),
            summary: &check.summary,
            annotations: rest.iter().take(BATCH).map(annotation).collect(),
        },
    }
}

fn annotation(one: &annotation::Annotation) -> Annotation<'_> {
    Annotation {
        path: &one.path,
        start_line: one.start_line,
        end_line: one.end_line,
        start_column: one.columns.map(|(start, _)| start),
        end_column: one.columns.map(|(_, end)| end),
        annotation_level: match one.severity {
            Severity::Note => "notice",
            Severity::Warning => "warning",
            Severity::Error => "failure",
        },
        title: clipped(&one.title, MAX_TITLE),
        message: &one.message,
    }
}

fn conclusion(conclusion: Conclusion) -> &'static str {
    match conclusion {
        Conclusion::Success => "success",
        Conclusion::Neutral => "neutral",
        Conclusion::Failure => "failure",
    }
}

fn clipped(text: &str, n_characters: usize) -> &str {
    text.char_indices().nth(n_characters).and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// Tells the check runs of one commit apart: by the run that makes them.
fn external_id(context: &Context, check: &Check) -> String {
    format!("feedgate:{}:{}", context.run, check.name)
}

async fn find(client: &Client, context: &Context, head: &str, check: &Check, own: &str) -> Result<Option<Run>, Trouble> {
    let path = context.path(&format!("commits/{head}/check-runs?check_name={}&per_page=100", encoded(&check.name)));
    let runs: Runs = client.get(&path, "read check runs").await?;
    Ok(runs.check_runs.into_iter().find(|run| run.external_id.as_deref() == Some(own)))
}
