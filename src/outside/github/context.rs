//! What a workflow runs for, as its environment and the payload of its event say it.

use super::super::Failure;
use super::super::event::{is_id, payload, variable};
use serde_json::Value;
use std::fmt;

/// What the command line says in place of the workflow.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// `owner/name`.
    pub repository: Option<String>,
    pub pull_request: Option<u64>,
}

/// A run of a workflow and its attempt; a later one is greater. All zero outside of a workflow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunId {
    pub run: u64,
    pub attempt: u64,
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.run, self.attempt)
    }
}

/// A run of a workflow, or what the command line says instead of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// `https://api.github.com`, or that of an Enterprise server with its prefix; without a slash at its end.
    pub api: String,
    pub graphql: String,
    /// `https://github.com`.
    pub server: String,
    /// `owner/name`.
    pub repository: String,
    /// What the run is about: of a pull request the commit at its tip, and not the one that merging it would give.
    pub head: Option<String>,
    pub pull_request: Option<u64>,
    /// Of a workflow that runs after another one: its pull request is to be asked for.
    pub after: Option<After>,
    pub run: RunId,
}

/// What a workflow that runs after another one knows of that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After {
    /// `owner:branch`, where the payload says it: of a fork's pull request it names none.
    pub branch: Option<String>,
}

impl Context {
    /// Reads the environment.
    pub fn read(given: &Given) -> Result<Context, Failure> {
        let event = payload().unwrap_or_default();
        let server = variable("GITHUB_SERVER_URL").unwrap_or_else(|| "https://github.com".to_owned());
        let api = variable("GITHUB_API_URL").unwrap_or_else(|| "https://api.github.com".to_owned());
        let api = api.trim_end_matches('/').to_owned();
        let help = "give `--repo OWNER/NAME`";
        let repository = given.repository.clone().or_else(|| variable("GITHUB_REPOSITORY"));
        let repository = repository.ok_or_else(|| Failure::new("nothing says which repository this is about").help(help))?;
        if !is_repository(&repository) {
            return Err(Failure::new(format!("`{repository}` is no repository")).help(help));
        }
        let name = variable("GITHUB_EVENT_NAME").unwrap_or_default();
        let is_after = name == "workflow_run" && given.pull_request.is_none();
        Ok(Context {
            graphql: variable("GITHUB_GRAPHQL_URL").unwrap_or_else(|| graphql(&api)),
            server,
            head: head(&event, given),
            pull_request: given.pull_request.or_else(|| pull_request(&event)),
            after: is_after.then(|| After { branch: branch(&event) }),
            run: RunId { run: number("GITHUB_RUN_ID"), attempt: number("GITHUB_RUN_ATTEMPT") },
            repository,
            api,
        })
    }

    /// The token; nothing prints it, and it comes from nowhere else.
    #[cfg(feature = "github")]
    pub(super) fn token() -> Result<String, Failure> {
        let help = "in a workflow: `env: { GITHUB_TOKEN: ${{ github.token }} }`";
        variable("GITHUB_TOKEN").ok_or_else(|| Failure::new("there is no `GITHUB_TOKEN` to speak with GitHub").help(help))
    }

    /// `/repos/owner/name/…`.
    #[cfg(feature = "github")]
    pub(super) fn path(&self, rest: &str) -> String {
        format!("/repos/{}/{rest}", self.repository)
    }
}

fn number(name: &str) -> u64 {
    variable(name).and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// From the payload alone: the name of a ref says nothing of who made it.
fn pull_request(event: &Value) -> Option<u64> {
    let issue = &event["issue"];
    let of_issue = issue.get("pull_request").and_then(|_| issue["number"].as_u64());
    event["pull_request"]["number"].as_u64().or(of_issue)
}

fn head(event: &Value, given: &Given) -> Option<String> {
    let of_event = [&event["pull_request"]["head"]["sha"], &event["workflow_run"]["head_sha"], &event["merge_group"]["head_sha"]];
    let found = of_event.into_iter().find_map(Value::as_str).map(str::to_owned);
    // Of another pull request than the one of the event nothing is known yet.
    let is_of_event = given.pull_request.is_none() || given.pull_request == pull_request(event);
    found.or_else(|| variable("GITHUB_SHA").filter(|_| given.pull_request.is_none())).filter(|id| is_of_event && is_id(id))
}

fn branch(event: &Value) -> Option<String> {
    let run = &event["workflow_run"];
    let (owner, branch) = (run["head_repository"]["owner"]["login"].as_str()?, run["head_branch"].as_str()?);
    Some(format!("{owner}:{branch}"))
}

/// Two names of what GitHub allows, so that they are one in a path as well.
fn is_repository(name: &str) -> bool {
    let is_name = |part: &str| {
        let is_plain = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
        !part.is_empty() && is_plain && part.bytes().any(|byte| byte != b'.')
    };
    name.split_once('/').is_some_and(|(owner, name)| is_name(owner) && is_name(name))
}

fn graphql(api: &str) -> String {
    match api.strip_suffix("/v3") {
        Some(before) => format!("{before}/graphql"),
        None => format!("{api}/graphql"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_pull_request_is_that_of_the_payload() {
        assert_eq!(pull_request(&json!({"pull_request": {"number": 7}})), Some(7));
        assert_eq!(pull_request(&json!({"issue": {"number": 8, "pull_request": {}}})), Some(8));
        assert_eq!(pull_request(&json!({"issue": {"number": 8}, "ref": "refs/pull/9/merge"})), None);
    }

    #[test]
    fn the_head_is_the_tip_of_the_branch() {
        let id = "a".repeat(40);
        let payload = json!({"pull_request": {"number": 7, "head": {"sha": id}}});
        assert_eq!(head(&payload, &Given::default()), Some(id));
        let other = Given { pull_request: Some(8), ..Given::default() };
        assert_eq!(head(&payload, &other), None);
        assert_eq!(head(&json!({"workflow_run": {"head_sha": "../x"}}), &Given::default()), None);
    }

    #[test]
    fn a_repository_is_two_plain_names() {
        assert!(is_repository("acme/landing.zone_2"));
        for wrong in ["acme", "acme/", "acme/..", "acme/a/b", "acme/a?b", "a c/d", "../x"] {
            assert!(!is_repository(wrong), "{wrong}");
        }
    }

    #[test]
    fn an_enterprise_server_answers_graphql_beside_its_version() {
        assert_eq!(graphql("https://api.github.com"), "https://api.github.com/graphql");
        assert_eq!(graphql("https://ghe.example.com/api/v3"), "https://ghe.example.com/api/graphql");
    }
}
