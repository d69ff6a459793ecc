//! The one comment that we keep up to date: found by its first line and its author, made where there is none, never made
//! twice, and never set back by an older run.

use super::client::{Client, ask, encoded};
use super::marker::Marker;
use super::retry::Trouble;
use super::{After, Comment, Context, Posted};
use serde::Deserialize;
use serde_json::{Value, json};
use std::cmp::Reverse;

#[derive(Deserialize)]
struct PullRequest {
    state: String,
    head: Head,
}

#[derive(Deserialize)]
struct Head {
    sha: String,
}

#[derive(Deserialize)]
struct Found {
    id: u64,
    #[serde(default)]
    html_url: String,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    user: Option<Value>,
}

/// A comment of ours.
struct Own {
    id: u64,
    url: String,
    marker: Marker,
    /// Below the marker.
    body: String,
}

/// Brings the comment to what it is to be, once. Whatever was done before without our hearing of it is seen first.
pub(super) async fn bring(client: &Client, context: &Context, number: u64, comment: &Comment) -> Result<Posted, Trouble> {
    let pull: PullRequest = client.get(&context.path(&format!("pulls/{number}")), "read pull requests").await?;
    if pull.state != "open" {
        return Ok(Posted::Left("the pull request is closed".to_owned()));
    }
    if context.head.as_ref().is_some_and(|head| *head != pull.head.sha) {
        return Ok(Posted::Left("the pull request has a newer commit, whose run will say more".to_owned()));
    }
    let marker = Marker { key: comment.key.clone(), head: pull.head.sha, run: context.run };
    let own = own(client, context, number, &comment.key).await?;
    let is_ours_older = |other: &Own| other.marker.head == marker.head && other.marker.run > marker.run;
    if own.iter().any(is_ours_older) {
        return Ok(Posted::Left("a later run has said it already".to_owned()));
    }
    let Some((kept, others)) = own.split_first() else {
        return match &comment.body {
            None => Ok(Posted::Nothing),
            Some(body) => create(client, context, number, &marker.before(body)).await,
        };
    };
    let body = comment.body.as_ref().unwrap_or(&comment.all_clear);
    let posted = update(client, context, kept, &marker, body).await?;
    for other in others {
        client.delete(&context.path(&format!("issues/comments/{}", other.id)), "delete comments").await?;
    }
    Ok(posted)
}

async fn create(client: &Client, context: &Context, number: u64, text: &str) -> Result<Posted, Trouble> {
    let path = context.path(&format!("issues/{number}/comments"));
    let made: Found = client.post(&path, &json!({ "body": text }), "write comments").await?;
    Ok(Posted::Created(made.html_url))
}

async fn update(client: &Client, context: &Context, kept: &Own, marker: &Marker, body: &str) -> Result<Posted, Trouble> {
    if kept.body == body.trim_end() {
        return Ok(Posted::Unchanged(kept.url.clone()));
    }
    let path = context.path(&format!("issues/comments/{}", kept.id));
    let made: Found = client.patch(&path, &json!({ "body": marker.before(body) }), "write comments").await?;
    Ok(Posted::Updated(made.html_url))
}

/// Those with our marker and this key that we wrote, the newest first.
async fn own(client: &Client, context: &Context, number: u64, key: &str) -> Result<Vec<Own>, Trouble> {
    let all: Vec<Found> = client.all(&context.path(&format!("issues/{number}/comments")), "read comments").await?;
    let marked = |found: Found| {
        let (marker, body) = Marker::read(found.body.as_deref()?).filter(|(marker, _)| marker.key == key)?;
        Some((Own { id: found.id, url: found.html_url, marker, body }, found.user))
    };
    let marked: Vec<(Own, Option<Value>)> = all.into_iter().filter_map(marked).collect();
    if marked.is_empty() {
        return Ok(Vec::new());
    }
    let me = me(client, context).await;
    let is_own = |user: &Option<Value>| is_author(user.as_ref(), me.as_deref());
    let mut own: Vec<Own> = marked.into_iter().filter(|(_, user)| is_own(user)).map(|(own, _)| own).collect();
    own.sort_by_key(|own| Reverse(own.id));
    Ok(own)
}

/// The name of whose token it is. That of a workflow may not ask for its user, but GraphQL says it.
async fn me(client: &Client, context: &Context) -> Option<String> {
    let answer = ask(client, &context.graphql, "query { viewer { login } }").await;
    let viewer = answer.and_then(|answer| answer["data"]["viewer"]["login"].as_str().map(str::to_owned));
    match viewer {
        Some(viewer) => Some(viewer),
        None => client.get::<Value>("/user", "ask who it is").await.ok()?["login"].as_str().map(str::to_owned),
    }
}

/// Anybody can write our marker. Where nobody says who we are, a comment of a bot is taken for ours, and none of a person.
fn is_author(user: Option<&Value>, me: Option<&str>) -> bool {
    let Some(user) = user else { return false };
    let plain = |login: &str| login.strip_suffix("[bot]").unwrap_or(login).to_lowercase();
    match me {
        Some(me) => user["login"].as_str().is_some_and(|login| plain(login) == plain(me)),
        None => user["type"] == "Bot",
    }
}

/// The open pull request that this commit is the tip of: of a second workflow, which must not trust what the first one says.
/// Commits of forks are not known as commits of the repository, so that pull requests are looked through.
pub(super) async fn pull_request_of(
    client: &Client,
    context: &Context,
    commit: &str,
    after: &After,
) -> Result<Option<u64>, Trouble> {
    #[derive(Deserialize)]
    struct Listed {
        number: u64,
        state: String,
        head: Head,
    }
    let branch = after.branch.as_deref().map_or_else(String::new, |branch| format!("&head={}", encoded(branch)));
    let path = context.path(&format!("pulls?state=open{branch}"));
    let all: Vec<Listed> = client.all(&path, "read pull requests").await?;
    let is_it = |pull: &Listed| pull.state == "open" && pull.head.sha == commit;
    Ok(all.into_iter().find(is_it).map(|pull| pull.number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_copies_our_marker_is_not_us() {
        let person = json!({"login": "mallory", "type": "User"});
        let bot = json!({"login": "github-actions[bot]", "type": "Bot"});
        assert!(is_author(Some(&bot), Some("github-actions")));
        assert!(is_author(Some(&bot), Some("github-actions[bot]")));
        assert!(!is_author(Some(&person), Some("github-actions[bot]")));
        assert!(is_author(Some(&bot), None) && !is_author(Some(&person), None) && !is_author(None, None));
    }
}
