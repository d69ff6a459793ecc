//! What a workflow of GitHub runs for, and with what that is compared, as its environment and the payload of its event say.

use serde_json::Value;
use std::env;
use std::fs::File;
use std::io::Read as _;

/// An event that has something to be compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    PullRequest(PullRequest),
    /// The id of the commit that the group is put on.
    MergeGroup {
        base: String,
    },
    Push(Push),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequest {
    /// The branch that it is to be merged into.
    pub target: String,
    /// The id of that branch's newest commit, when the event happened.
    pub base: Option<String>,
    /// The commit that the workflow is run on, if it is what merging would give.
    pub merge: Option<Merge>,
}

/// What merging a pull request would give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// Its id, where the environment says it.
    pub id: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// The commit that the branch was at; `None` for a new one.
    pub before: Option<String>,
    /// The branch that a new one is compared with: the default one, unless it is that itself.
    pub default_branch: Option<String>,
}

/// Payloads are at most 25 MB.
const MAX_PAYLOAD: u64 = 32 << 20;

impl Event {
    /// The event of this run; `None` where there is none, or nothing to compare with.
    pub fn read() -> Option<Event> {
        let payload = payload().unwrap_or(Value::Null);
        let text = |pointer: &str| payload.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let id = |pointer: &str| text(pointer).filter(|id| is_id(id));
        if let Some(target) = variable("GITHUB_BASE_REF") {
            let base = id("/pull_request/base/sha");
            return Some(Event::PullRequest(PullRequest { target, base, merge: merge() }));
        }
        match variable("GITHUB_EVENT_NAME")?.as_str() {
            "merge_group" => Some(Event::MergeGroup { base: id("/merge_group/base_sha")? }),
            "push" => push(&payload, id("/before")?),
            _ => None,
        }
    }
}

fn merge() -> Option<Merge> {
    let is_merge = |name: &String| name.starts_with("refs/pull/") && name.ends_with("/merge");
    variable("GITHUB_REF").filter(is_merge).map(|_| Merge { id: variable("GITHUB_SHA") })
}

/// A branch that is new has nothing but zeros before it, and a tag as well: it says what a commit is called, not what changed.
fn push(payload: &Value, before: String) -> Option<Event> {
    let branch = payload.pointer("/ref")?.as_str()?.strip_prefix("refs/heads/")?;
    let default_branch = payload.pointer("/repository/default_branch").and_then(Value::as_str);
    let default_branch = default_branch.filter(|name| *name != branch).map(str::to_owned);
    let before = Some(before).filter(|id| id.bytes().any(|byte| byte != b'0'));
    Some(Event::Push(Push { before, default_branch }))
}

/// What the event is about; `None` outside of a workflow.
pub(super) fn payload() -> Option<Value> {
    let file = File::open(variable("GITHUB_EVENT_PATH")?).ok()?;
    let mut text = String::new();
    file.take(MAX_PAYLOAD).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

pub(super) fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

pub(super) fn is_id(id: &str) -> bool {
    matches!(id.len(), 40 | 64) && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}
