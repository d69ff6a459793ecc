//! Fixes that are offered at their lines, each as a comment of one review that people can accept with a button.

use super::Context;
use super::client::Client;
use super::retry::Trouble;
use crate::report::suggestion::Suggestion;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Comments of one review: more of them are not read.
const MAX: usize = 30;

#[derive(Serialize)]
struct Review<'a> {
    commit_id: &'a str,
    event: &'static str,
    comments: Vec<NewComment<'a>>,
}

#[derive(Serialize)]
struct NewComment<'a> {
    path: &'a str,
    line: u32,
    side: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_side: Option<&'static str>,
    body: &'a str,
}

#[derive(Deserialize)]
struct Known {
    #[serde(default)]
    path: String,
    #[serde(default)]
    body: String,
}

/// Offers what is not offered yet; how many that were.
pub(super) async fn offer(
    client: &Client,
    context: &Context,
    number: u64,
    head: &str,
    suggestions: &[Suggestion],
) -> Result<usize, Trouble> {
    let known: Vec<Known> = client.all(&context.path(&format!("pulls/{number}/comments")), "read reviews").await?;
    let is_known = |one: &Suggestion| known.iter().any(|known| known.path == one.path && known.body.trim() == one.body.trim());
    let new: Vec<&Suggestion> = suggestions.iter().filter(|one| !is_known(one)).take(MAX).collect();
    if new.is_empty() {
        return Ok(0);
    }
    let comments = new.iter().map(|one| {
        let is_long = one.start_line < one.end_line;
        NewComment {
            path: &one.path,
            line: one.end_line,
            side: "RIGHT",
            start_line: is_long.then_some(one.start_line),
            start_side: is_long.then_some("RIGHT"),
            body: &one.body,
        }
    });
    let review = Review { commit_id: head, event: "COMMENT", comments: comments.collect() };
    client.post::<Value>(&context.path(&format!("pulls/{number}/reviews")), &review, "write reviews").await?;
    Ok(new.len())
}
