//! What a run is compared with in each event of GitHub, in whole and in shallow clones.
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests of the outside make clones and payloads")]

#[path = "common/git.rs"]
mod git;

use git::{Ran, Repository};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::thread;

fn feed(name: &str) -> String {
    format!("feed: {name}\nowner: desk@example.com\n")
}

fn repository(name: &str) -> Repository {
    Repository::with_pull_request(name, feed)
}

/// A run in a workflow for this event.
fn on(clone: &Repository, event: &str, payload: &Value, variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
    clone.write(".git/event.json", payload.to_string());
    let mut command = clone.feedgate(&[&["lint", "--format", "json"], arguments].concat());
    command.env("GITHUB_EVENT_NAME", event).env("GITHUB_EVENT_PATH", clone.0.join(".git/event.json"));
    Ran::of(command.envs(variables.iter().copied()))
}

/// What was compared with, and what changed; or why that cannot be told.
fn told(ran: &Ran) -> String {
    let report: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}", ran.stderr));
    let changes = report["changes"].as_array().into_iter().flatten().map(|change| {
        format!("{} {}", change["kind"].as_str().unwrap_or_default(), change["subject"].as_str().unwrap_or_default())
    });
    let missing = report["skipped"].as_array().into_iter().flatten().filter(|skipped| skipped["what"] == "base");
    let missing = missing.map(|skipped| format!("no base {}", skipped["subject"].as_str().unwrap_or_default()));
    let base = report["base"]["revision"].as_str().map(|revision| format!("base {revision}"));
    base.into_iter().chain(missing).chain(changes).collect::<Vec<_>>().join(", ")
}

const PULL_REQUEST: [(&str, &str); 2] = [("GITHUB_BASE_REF", "main"), ("GITHUB_REF", "refs/pull/7/merge")];

#[test]
fn a_shallow_clone_of_a_pull_request_gets_its_base_where_that_is_allowed() {
    let origin = repository("events-pull");
    let payload = json!({"pull_request": {"base": {"sha": origin.git(&["rev-parse", "main"])}}});
    let clone = origin.clone_with("events-pull-one", &["--depth=1", "--branch=merge", "--single-branch"]);
    assert_eq!(told(&on(&clone, "pull_request", &payload, &PULL_REQUEST, &[])), "no base origin/main");
    let fetched = on(&clone, "pull_request", &payload, &PULL_REQUEST, &["--fetch-base"]);
    assert_eq!(told(&fetched), "base origin/main, added feed trades");
    // The clone has it now.
    assert_eq!(told(&on(&clone, "pull_request", &payload, &PULL_REQUEST, &[])), "base origin/main, added feed trades");
}

#[test]
fn the_head_of_a_pull_request_is_compared_with_what_it_has_in_common_with_the_target() {
    let origin = repository("events-head");
    let payload = json!({"pull_request": {"base": {"sha": origin.git(&["rev-parse", "main"])}}});
    let clone = origin.clone_with("events-head-one", &["--depth=1", "--branch=topic", "--single-branch"]);
    let merge = [&PULL_REQUEST[..], &[("GITHUB_SHA", "0123456789012345678901234567890123456789")]].concat();
    let ran = on(&clone, "pull_request", &payload, &merge, &["--fetch-base"]);
    assert_eq!(told(&ran), "base origin/main, added feed trades", "the feed that came to `main` later is no change");
}

#[test]
fn a_merge_queue_is_compared_with_the_commit_that_it_is_put_on() {
    let origin = repository("events-queue");
    let base = origin.git(&["rev-parse", "main"]);
    let payload = json!({"merge_group": {"base_sha": base, "base_ref": "refs/heads/main"}});
    let clone = origin.clone_with("events-queue-one", &["--depth=1", "--branch=merge", "--single-branch"]);
    assert_eq!(told(&on(&clone, "merge_group", &payload, &[], &[])), format!("no base {}", &base[..12]));
    let expected = format!("base {}, added feed trades", &base[..12]);
    assert_eq!(told(&on(&clone, "merge_group", &payload, &[], &["--fetch-base"])), expected);
}

#[test]
fn a_push_is_compared_with_what_was_there_before() {
    let origin = repository("events-push");
    let before = origin.git(&["rev-parse", "main~1"]);
    let push = |before: &str, name: &str| json!({"ref": name, "before": before, "repository": {"default_branch": "main"}});
    let clone = origin.clone_with("events-push-main", &["--depth=1", "--branch=main", "--single-branch"]);
    let ran = on(&clone, "push", &push(&before, "refs/heads/main"), &[], &["--fetch-base"]);
    assert_eq!(told(&ran), format!("base {}, added feed quotes", &before[..12]));
    let zeros = "0".repeat(40);
    let new = origin.clone_with("events-push-new", &["--depth=1", "--branch=topic", "--single-branch"]);
    let ran = on(&new, "push", &push(&zeros, "refs/heads/topic"), &[], &["--fetch-base"]);
    assert_eq!(told(&ran), "base origin/main, added feed trades");
    // A first push of the default branch and a tag have nothing to be compared with.
    for name in ["refs/heads/main", "refs/tags/v1"] {
        assert_eq!(told(&on(&clone, "push", &push(&zeros, name), &[], &["--fetch-base"])), "");
    }
    let gone = "1234567890123456789012345678901234567890";
    let ran = on(&clone, "push", &push(gone, "refs/heads/main"), &[], &["--fetch-base"]);
    assert_eq!((told(&ran), ran.code), (format!("no base {}", &gone[..12]), Some(0)), "a forced push may lose what it replaces");
}

#[test]
fn other_events_and_strange_payloads_are_compared_with_nothing() {
    let origin = repository("events-other");
    for (event, payload) in [
        ("schedule", json!({"schedule": "0 6 * * *"})),
        ("workflow_dispatch", json!({"ref": "refs/heads/main"})),
        ("push", json!({"before": "--upload-pack=touch x", "ref": "refs/heads/main"})),
        ("push", json!(null)),
        ("merge_group", json!({"merge_group": {"base_sha": "main"}})),
    ] {
        assert_eq!(told(&on(&origin, event, &payload, &[], &["--fetch-base"])), "", "{event}");
    }
}

#[test]
fn a_revision_that_is_asked_for_is_got_too() {
    let origin = repository("events-asked");
    let clone = origin.clone_with("events-asked-one", &["--depth=1", "--branch=topic", "--single-branch"]);
    let ran = Ran::of(&mut clone.feedgate(&["lint", "--format", "json", "--base", "origin/main", "--fetch-base"]));
    assert_eq!(told(&ran), "base origin/main, added feed trades");
}

#[test]
fn the_token_goes_to_the_server_of_the_workflow_and_stands_in_no_argument() {
    let origin = repository("events-token");
    let clone = origin.clone_with("events-token-one", &["--depth=1", "--branch=merge", "--single-branch"]);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let server = format!("http://{}", listener.local_addr().expect("it is bound"));
    clone.git(&["remote", "set-url", "origin", &format!("{server}/acme/feeds")]);
    let seen = thread::spawn(move || {
        let mut seen = Vec::new();
        for stream in listener.incoming().take(2) {
            let mut stream = stream.expect("git connects");
            let lines = BufReader::new(stream.try_clone().expect("a second handle")).lines();
            let head: Vec<String> = lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
            seen.push(head.into_iter().find(|line| line.to_lowercase().starts_with("authorization:")));
            let _ = stream.write_all(b"HTTP/1.1 401 no\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
        seen
    });
    let variables = [&PULL_REQUEST[..], &[("GITHUB_SERVER_URL", server.as_str()), ("GITHUB_TOKEN", "s3cret")]].concat();
    let ran = on(&clone, "pull_request", &json!({}), &variables, &["--fetch-base"]);
    assert_eq!(told(&ran), "no base origin/main");
    let seen = seen.join().expect("it ends");
    assert_eq!(seen, [None, Some("AUTHORIZATION: basic eC1hY2Nlc3MtdG9rZW46czNjcmV0".to_owned())]);
    for output in [&ran.stdout, &ran.stderr] {
        assert!(!output.contains("s3cret") && !output.contains("czNjcmV0"), "{output}");
    }
}
