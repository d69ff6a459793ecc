//! `lint` in a workflow of GitHub: what it tells the pull request, the step and later steps, and what it comes to.
#![cfg(all(unix, feature = "github"))]
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "these tests make repositories, run the binary and speak with a server"
)]

#[path = "common/git.rs"]
mod git;
#[path = "common/github.rs"]
mod github;

use git::{Ran, Repository};
use github::{StandIn, in_workflow, run};
use serde_json::{Value, json};
use std::fs;
use std::net::TcpListener;
use std::process::Command;

const QUERY: &str = "-- One row each.\nSELECT id\nFROM raw.orders\nWHERE id = 1;\n";

/// Its pattern has a fix: `$` at the end.
const FEED: &str = "feed: orders\nfile:\n  bucket: acme-landing\n  pattern: '^orders_\\d+\\.json'\nschema: { type: object }\n";

/// A pull request that adds a feed without an owner, and breaks a query in one line of it.
struct PullRequest {
    repository: Repository,
    stand_in: StandIn,
    head: String,
}

impl PullRequest {
    fn new(name: &str) -> PullRequest {
        let repository = Repository::new(&format!("publish-{name}"));
        repository.write("zone/feedgate.yaml", "version: 1\n");
        repository.write("zone/sql/orders.sql", QUERY);
        repository.write("zone/feeds/known.yaml", "feed: known\nschema: { type: object }\n");
        repository.commit();
        repository.git(&["checkout", "--quiet", "-b", "topic"]);
        repository.write("zone/sql/orders.sql", QUERY.replace("id = 1", "id == 1"));
        repository.write("zone/feeds/orders.yaml", FEED);
        let head = repository.commit();
        let payload = json!({"pull_request": {"number": 7, "head": {"sha": head}}});
        repository.write("event.json", payload.to_string());
        let stand_in = StandIn::start();
        stand_in.seed(json!({"pulls": {"7": {"head": head}}}));
        PullRequest { repository, stand_in, head }
    }

    fn lint(&self, arguments: &[&str]) -> Ran {
        self.ran(&mut self.command(arguments))
    }

    fn ran(&self, command: &mut Command) -> Ran {
        let ran = run(command);
        self.stand_in.assert_described();
        ran
    }

    fn command(&self, arguments: &[&str]) -> Command {
        self.in_workflow(&[&["lint", "--base", "main", "--github-deadline", "20"], arguments].concat())
    }

    fn in_workflow(&self, arguments: &[&str]) -> Command {
        let mut command = self.repository.feedgate(arguments);
        command.current_dir(self.repository.0.join("zone"));
        in_workflow(&mut command, &self.stand_in, &self.repository.0.join("event.json"), 100);
        for (name, file) in [("OUTPUT", "outputs"), ("STEP_SUMMARY", "summary.md")] {
            command.env(format!("GITHUB_{name}"), self.repository.0.join(file));
        }
        command
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.repository.0.join(file)).unwrap_or_default()
    }

    fn only(&self, kind: &str) -> Value {
        let state = self.stand_in.state();
        let all: Vec<&Value> = state[kind].as_object().into_iter().flatten().map(|(_, one)| one).collect();
        assert_eq!(all.len(), 1, "{kind}: {all:#?}");
        all[0].clone()
    }
}

#[test]
fn everything_is_told_in_one_run() {
    let pull = PullRequest::new("all");
    let ran =
        pull.lint(&["--comment", "--check", "--summary", "--github-outputs", "--format", "json", "--output", "report.json"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{}", ran.stderr);
    let comment = pull.only("comments")["body"].as_str().expect("it is a text").to_owned();
    let line = format!("https://ghe.example.com/acme/zone/blob/{}/zone/sql/orders.sql#L4", pull.head);
    assert!(comment.contains(&line) && comment.contains("new `orders`"), "{comment}");
    assert!(!comment.contains("feeds/known.yaml:"), "what was there before is only counted: {comment}");
    let check = pull.only("checks");
    assert_eq!(
        (&check["status"], &check["conclusion"], &check["head_sha"]),
        (&"completed".into(), &"failure".into(), &pull.head.clone().into())
    );
    let annotations = check["_annotations"].as_array().expect("a list");
    assert!(annotations.iter().any(|one| one["path"] == "zone/sql/orders.sql" && one["start_line"] == 4), "{annotations:#?}");
    assert!(annotations.iter().all(|one| one["path"] != "zone/feeds/known.yaml"), "{annotations:#?}");
    assert!(comment.ends_with(pull.read("summary.md").trim_end()), "{}", pull.read("summary.md"));
    let outputs = pull.read("outputs");
    let url = pull.only("comments")["html_url"].as_str().expect("it is a text").to_owned();
    for line in ["exit-code=1", "report-path=report.json", "bytes-delta=0", &format!("comment-url={url}")] {
        assert!(outputs.lines().any(|one| one == line), "{line}: {outputs}");
    }
}

/// The report alone gives the same comment as the run that wrote it.
#[test]
fn a_report_gives_the_comment_of_its_run() {
    let pull = PullRequest::new("same");
    pull.lint(&["--comment", "--format", "json", "--output", "report.json"]);
    let ran = pull.ran(&mut pull.in_workflow(&["comment", "--from", "report.json", "--require-comment"]));
    assert!(ran.stderr.starts_with("comment unchanged: "), "{}", ran.stderr);
}

#[test]
fn a_token_that_may_only_read_annotates_the_log_and_writes_the_summary() {
    let pull = PullRequest::new("fork");
    let mut command = pull.command(&["--comment", "--check", "--github-outputs", "--format", "json", "--output", "report.json"]);
    let ran = pull.ran(command.env("GITHUB_TOKEN", "ghs_readOnly"));
    assert_eq!(ran.code, Some(1), "the findings decide: {}", ran.stderr);
    assert!(ran.stdout.contains("::error file=zone/sql/orders.sql,line=4,"), "{}", ran.stdout);
    assert!(ran.stderr.contains("it needs `checks: write` under `permissions`"), "{}", ran.stderr);
    assert!(ran.stderr.contains("`issues: write` or `pull-requests: write`"), "{}", ran.stderr);
    assert!(pull.read("summary.md").starts_with("### ❌ feedgate: "));
    assert!(pull.read("outputs").lines().any(|line| line == "comment-url="));
    let mut command = pull.command(&["--comment", "--require-comment", "--fail-on", "never", "--format", "json"]);
    assert_eq!(pull.ran(command.env("GITHUB_TOKEN", "ghs_readOnly")).code, Some(2));
}

/// In a workflow, a report links to the commit whether it is commented or not.
#[test]
fn a_report_of_a_workflow_has_links() {
    let pull = PullRequest::new("links");
    let line = format!("https://ghe.example.com/acme/zone/blob/{}/zone/sql/orders.sql#L4", pull.head);
    let markdown = pull.lint(&["--summary", "--format", "markdown"]).stdout;
    assert!(markdown.contains(&line) && pull.read("summary.md").contains(&line), "{markdown}");
    assert!(pull.stand_in.calls().is_empty());
    let elsewhere = ["lint", "--base", "main", "--format", "markdown"];
    let markdown = Ran::of(pull.repository.feedgate(&elsewhere).current_dir(pull.repository.0.join("zone"))).stdout;
    assert!(markdown.contains("`sql/orders.sql:4`") && !markdown.contains("/blob/0") && !markdown.contains("ghe."), "{markdown}");
}

/// Nothing but `--comment`, `--check`, `--suggest` and `--fetch-base` speaks with anybody: not even with a proxy.
#[test]
fn without_being_asked_nobody_is_spoken_with() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = format!("http://{}", listener.local_addr().expect("it listens"));
    let pull = PullRequest::new("offline");
    pull.repository.write("zone/plan.sql", "SELECT 1;\n");
    pull.repository.write("zone/orders_1.json", "{}\n");
    let offline: [&[&str]; 8] = [
        &["lint", "--base", "main", "--new-only", "--summary", "--github-outputs", "--format", "json"],
        &["lint", "--base", "main", "--format", "sarif"],
        &["lint", "--staged", "--format", "github"],
        &["estimate", "plan.sql"],
        &["check-file", "orders_1.json"],
        &["inventory"],
        &["graph"],
        &["explain", "missing-owner"],
    ];
    let told = |arguments: &[&str]| {
        let mut command = pull.in_workflow(arguments);
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "GITHUB_API_URL", "GITHUB_SERVER_URL"] {
            command.env(name, &address).env(name.to_lowercase(), &address);
        }
        run(&mut command)
    };
    listener.set_nonblocking(true).expect("it is ours");
    for arguments in offline {
        let ran = told(arguments);
        assert!(matches!(ran.code, Some(0 | 1)), "{arguments:?}: {}", ran.stderr);
        assert!(listener.accept().is_err(), "{arguments:?} spoke with somebody");
    }
    told(&["lint", "--base", "main", "--comment", "--github-deadline", "1", "--format", "json"]);
    assert!(listener.accept().is_ok(), "the check cannot fail");
}

#[test]
fn without_a_workflow_there_is_nobody_to_tell() {
    let pull = PullRequest::new("nobody");
    let ran = Ran::of(
        pull.repository
            .feedgate(&["lint", "--comment", "--summary", "--github-outputs"])
            .current_dir(pull.repository.0.join("zone")),
    );
    assert_eq!(ran.code, Some(1));
    for part in ["nothing says which repository", "`GITHUB_STEP_SUMMARY` names no file", "`GITHUB_OUTPUT` names no file"] {
        assert!(ran.stderr.contains(part), "{part}: {}", ran.stderr);
    }
}

#[test]
fn a_fix_on_a_changed_line_is_offered_once() {
    let pull = PullRequest::new("suggest");
    for _ in 0..2 {
        assert_eq!(pull.lint(&["--suggest", "--format", "json"]).code, Some(1));
    }
    let review = pull.only("reviews");
    assert_eq!(
        (&review["path"], &review["line"], &review["side"]),
        (&"zone/feeds/orders.yaml".into(), &4.into(), &"RIGHT".into())
    );
    assert!(
        review["body"].as_str().is_some_and(|body| body.contains("```suggestion\n  pattern: '^orders_\\d+\\.json$'\n```")),
        "{review:#}"
    );
}

/// Annotations go in batches, and what an answer that got lost had done is not done again.
#[test]
fn many_annotations_are_each_sent_once() {
    let faults = [
        json!({"method": "PATCH", "path": "/none$", "status": 500}),
        json!({"method": "POST", "path": "/check-runs$", "status": 502, "after_commit": true}),
        json!({"method": "PATCH", "path": "/check-runs/", "close": true, "after_commit": true}),
        json!({"method": "PATCH", "path": "/check-runs/", "status": 503}),
    ];
    for (n, fault) in faults.into_iter().enumerate() {
        let pull = PullRequest::new(&format!("batches-{n}"));
        for n in 0..120 {
            pull.repository.write(&format!("zone/feeds/f{n:03}.yaml"), format!("feed: f{n:03}\nschema: {{ type: object }}\n"));
        }
        pull.stand_in.fault(fault.clone());
        let ran = pull.lint(&["--check", "--only", "missing-owner", "--format", "json"]);
        let check = pull.only("checks");
        let mut paths: Vec<&str> =
            check["_annotations"].as_array().into_iter().flatten().filter_map(|one| one["path"].as_str()).collect();
        paths.sort_unstable();
        assert_eq!((paths.len(), &check["status"]), (121, &"completed".into()), "{fault}: {}", ran.stderr);
        paths.dedup();
        assert_eq!(paths.len(), 121, "{fault}");
    }
}

#[test]
fn a_summary_is_added_to_what_a_step_says_and_keeps_its_room() {
    let pull = PullRequest::new("summary");
    pull.repository.write("summary.md", "before\n");
    pull.lint(&["--summary", "--format", "json"]);
    assert!(pull.read("summary.md").starts_with("before\n### "));
    pull.repository.write("summary.md", "x".repeat(1_046_000));
    pull.lint(&["--summary", "--format", "json"]);
    assert!(pull.read("summary.md").len() <= 1_048_576);
}
