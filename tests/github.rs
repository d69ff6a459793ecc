//! The comment, the check run and the suggestions of a pull request, against a stand-in for the API of GitHub: what is
//! there in the end, whatever goes wrong on the way.
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
#[path = "common/peers.rs"]
mod peers;
#[path = "common/python.rs"]
mod python;

use git::{Ran, Repository};
use github::{StandIn, in_workflow, run, serve};
use serde_json::{Value, json};
use std::process::Command;
use std::time::{Duration, Instant};

const HEAD: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// A folder with a report, and a payload of an event.
struct Setting {
    repository: Repository,
    stand_in: StandIn,
}

impl Setting {
    fn new(name: &str) -> Setting {
        Setting::against(name, StandIn::start())
    }

    fn against(name: &str, stand_in: StandIn) -> Setting {
        let repository = Repository::folder(&format!("github-{name}"));
        let payload = json!({"pull_request": {"number": 7, "head": {"sha": HEAD}}});
        repository.write("event.json", payload.to_string());
        repository.write("report.json", report("feed `orders` has no owner").to_string());
        repository.write("nothing.json", json!({"version": 1, "summary": {"read": {"files": 3, "feeds": 1}}}).to_string());
        Setting { repository, stand_in }
    }

    fn command(&self, arguments: &[&str], run: u64) -> Command {
        let mut command = self.repository.feedgate(arguments);
        in_workflow(&mut command, &self.stand_in, &self.repository.0.join("event.json"), run);
        command
    }

    fn comment(&self, arguments: &[&str]) -> Ran {
        let all = [&["comment", "--from", "report.json", "--github-deadline", "8"], arguments].concat();
        run(&mut self.command(&all, 100))
    }

    /// There is one comment in the end, it is the right one, and all that was sent is what GitHub describes.
    fn assert_one_comment(&self, part: &str) {
        let comments = self.stand_in.comments();
        assert_eq!(comments.len(), 1, "{comments:#?}\n{:#?}", self.stand_in.calls());
        assert!(comments[0].starts_with("<!-- feedgate:v1 key=default head=aaaa") && comments[0].contains(part), "{comments:#?}");
        self.stand_in.assert_described();
    }
}

fn report(message: &str) -> Value {
    let finding = json!({
        "rule": "missing-owner", "family": "feed", "severity": "error", "message": message, "path": "feeds/orders.yaml",
        "line": 1, "column": 7, "end_line": 1, "end_column": 13, "feeds": ["orders"], "new": true,
    });
    let summary = json!({"errors": 1, "new": 1, "files_with_findings": 1, "read": {"files": 3, "feeds": 1}});
    json!({"version": 1, "base": {"revision": "main", "commit": "bbbb"}, "findings": [finding], "summary": summary})
}

/// A comment as somebody could have written it.
fn earlier(id: u64, body: &str, login: &str) -> (String, Value) {
    let kind = if login.ends_with("[bot]") { "Bot" } else { "User" };
    let comment = json!({
        "_pull": "7", "id": id, "html_url": format!("https://ghe.example.com/c/{id}"), "body": body,
        "user": {"login": login, "type": kind},
    });
    (id.to_string(), comment)
}

fn marked(head: &str, run: u64, body: &str) -> String {
    format!("<!-- feedgate:v1 key=default head={head} run={run}.1 -->\n{body}")
}

const BOT: &str = "github-actions[bot]";

#[test]
fn a_comment_is_created_then_left_alone_then_updated_then_cleared() {
    let setting = Setting::new("life");
    let ran = setting.comment(&[]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""));
    assert!(ran.stderr.starts_with("comment created: https://github.com/acme/zone/pull/7#issuecomment-"), "{}", ran.stderr);
    setting.assert_one_comment(
        "https://ghe.example.com/acme/zone/blob/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/feeds/orders.yaml#L1",
    );
    let ran = setting.comment(&[]);
    assert!(ran.stderr.starts_with("comment unchanged: "), "{}", ran.stderr);
    assert!(setting.stand_in.calls().iter().all(|call| !call.starts_with("PATCH")), "no noise of edits");
    setting.repository.write("report.json", report("feed `orders` has no schema").to_string());
    let ran = setting.comment(&[]);
    assert!(ran.stderr.starts_with("comment updated: "), "{}", ran.stderr);
    setting.assert_one_comment("has no schema");
    setting.repository.write("report.json", std::fs::read(setting.repository.0.join("nothing.json")).expect("it was written"));
    setting.comment(&[]);
    setting.assert_one_comment("all clear");
}

#[test]
fn where_there_is_nothing_to_say_nothing_is_said() {
    let setting = Setting::new("nothing");
    let ran = run(&mut setting.command(&["comment", "--from", "nothing.json"], 100));
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), "no comment: there is nothing to say\n"));
    assert!(setting.stand_in.comments().is_empty());
}

/// What was done before an answer got lost is not done twice.
#[test]
fn after_a_lost_answer_there_is_still_one_comment() {
    let lost = [
        json!({"method": "POST", "path": "/issues/7/comments$", "status": 502, "after_commit": true}),
        json!({"method": "POST", "path": "/issues/7/comments$", "close": true, "after_commit": true}),
        json!({"method": "POST", "path": "/issues/7/comments$", "close": true}),
        json!({"method": "POST", "path": "/issues/7/comments$", "status": 500, "times": 2}),
        json!({"method": "GET", "path": "/comments$", "status": 503, "times": 2}),
        json!({"method": "GET", "path": "/pulls/7$", "close": true}),
        json!({"method": "POST", "path": "/issues/7/comments$", "status": 429, "headers": {"retry-after": "1"}}),
        json!({"method": "POST", "path": "/issues/7/comments$", "status": 403, "headers": {"retry-after": "1"},
               "body": {"message": "You have exceeded a secondary rate limit"}}),
    ];
    for (n, fault) in lost.into_iter().enumerate() {
        let setting = Setting::new(&format!("lost-{n}"));
        setting.stand_in.fault(fault.clone());
        let ran = setting.comment(&["--require-comment"]);
        assert_eq!(ran.code, Some(0), "{fault}: {}", ran.stderr);
        setting.assert_one_comment("has no owner");
    }
}

#[test]
fn what_is_asked_to_wait_for_is_waited_for() {
    let setting = Setting::new("wait");
    setting.stand_in.fault(json!({"method": "POST", "path": "/comments$", "status": 429, "headers": {"retry-after": "2"}}));
    let start = Instant::now();
    setting.comment(&["--require-comment"]);
    assert!(start.elapsed() >= Duration::from_secs(2));
    setting.assert_one_comment("has no owner");
}

/// Each ends in bounded time, says why, and changes the exit code only where the comment is required.
#[test]
fn what_cannot_be_done_is_said_and_ends() {
    let cases = [
        (
            json!({"path": "/issues/7/comments$", "method": "POST", "status": 403, "body": {"message": "Resource not accessible"},
                "headers": {"x-accepted-github-permissions": "issues=write; pull_requests=write"}, "times": 9}),
            "it needs `issues: write` or `pull-requests: write` under `permissions`",
        ),
        (json!({"path": "/pulls/7$", "status": 404, "body": {"message": "Not Found"}, "times": 9}), "404: Not Found"),
        (json!({"path": "/pulls/7$", "status": 301, "body": {"message": "Moved"}, "times": 9}), "301: Moved"),
        (json!({"path": ".", "status": 503, "times": 999}), "GitHub has a failure (503); given up after 3 s"),
        (json!({"path": ".", "delay": 30, "status": 503, "times": 999}), "GitHub does not answer; given up after 3 s"),
        (json!({"path": ".", "status": 429, "headers": {"retry-after": "3600"}, "times": 9}), "GitHub asks to wait (429: fault)"),
    ];
    for (n, (fault, why)) in cases.into_iter().enumerate() {
        let setting = Setting::new(&format!("cannot-{n}"));
        setting.stand_in.fault(fault.clone());
        for (arguments, code) in [(&["--github-deadline", "3"][..], 0), (&["--github-deadline", "3", "--require-comment"], 2)] {
            let all = [&["comment", "--from", "report.json"], arguments].concat();
            let start = Instant::now();
            let ran = run(&mut setting.command(&all, 100));
            assert!(ran.stderr.contains(why) && ran.code == Some(code), "{fault}: {:?} {}", ran.code, ran.stderr);
            assert!(start.elapsed() < Duration::from_secs(20), "{fault}");
        }
        assert!(setting.stand_in.comments().is_empty());
    }
}

#[test]
fn a_text_that_is_too_long_is_said_shorter() {
    let setting = Setting::new("long");
    let too_long =
        json!({"message": "Validation Failed", "errors": [{"message": "Body is too long (maximum is 65536 characters)"}]});
    setting.stand_in.fault(json!({"method": "POST", "path": "/comments$", "status": 422, "body": too_long}));
    assert_eq!(setting.comment(&["--require-comment"]).code, Some(0));
    setting.assert_one_comment("has no owner");
}

#[test]
fn among_many_comments_our_own_is_found() {
    let setting = Setting::new("many");
    let mut all: Vec<(String, Value)> = (0..250).map(|n| earlier(100 + n, "hello", "octocat")).collect();
    all.push(earlier(90, &marked(HEAD, 1, "old"), BOT));
    all.push(earlier(400, &marked(HEAD, 2, "old"), BOT));
    // Of others, however they look, and of another key.
    all.push(earlier(401, &marked(HEAD, 999, "forged"), "mallory"));
    all.push(earlier(402, &format!("quoted\n{}", marked(HEAD, 999, "x")), BOT));
    all.push(earlier(403, &marked(HEAD, 999, "x").replace("key=default", "key=other"), BOT));
    setting.stand_in.seed(json!({"comments": all.into_iter().collect::<serde_json::Map<_, _>>()}));
    let ran = setting.comment(&["--require-comment"]);
    assert!(ran.stderr.starts_with("comment updated: "), "{}", ran.stderr);
    let comments = setting.stand_in.comments();
    assert_eq!(comments.len(), 254, "the older one of ours is folded into the newer");
    assert_eq!(comments.iter().filter(|body| body.contains("has no owner")).count(), 1);
    assert!(comments.iter().any(|body| body.ends_with("forged")), "nobody else's is touched");
    assert!(setting.stand_in.calls().iter().any(|call| call.ends_with("page=3")));
    setting.stand_in.assert_described();
}

#[test]
fn an_older_run_that_ends_last_leaves_the_comment_of_the_newer() {
    let newer_commit = "b".repeat(40);
    let setting = Setting::new("stale");
    setting.stand_in.seed(json!({"pulls": {"7": {"head": newer_commit}}}));
    let ran = setting.comment(&[]);
    assert!(ran.stderr.contains("a newer commit") && ran.code == Some(0), "{}", ran.stderr);
    assert!(setting.stand_in.comments().is_empty());

    let setting = Setting::new("stale-run");
    let (id, later) = earlier(90, &marked(HEAD, 101, "later"), BOT);
    setting.stand_in.seed(json!({"comments": {id: later}}));
    let ran = setting.comment(&[]);
    assert!(ran.stderr.contains("a later run has said it already"), "{}", ran.stderr);
    setting.assert_one_comment("later");
}

#[test]
fn a_closed_pull_request_and_none_at_all_get_no_comment() {
    let setting = Setting::new("closed");
    setting.stand_in.seed(json!({"pulls": {"7": {"state": "closed"}}}));
    assert!(setting.comment(&[]).stderr.contains("the pull request is closed"));
    setting.repository.write("event.json", json!({"ref": "refs/pull/9/merge", "after": HEAD}).to_string());
    let ran = setting.comment(&["--require-comment"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), "no comment: there is no open pull request for it\n"));
    assert!(setting.stand_in.comments().is_empty());
}

/// The second workflow of a fork's pull request: the number follows from the commit that the first one ran for.
#[test]
fn a_workflow_that_runs_after_another_finds_the_pull_request_by_its_commit() {
    let run = json!({"head_sha": HEAD, "pull_requests": [{"number": 9}]});
    let mut of_fork = run.clone();
    of_fork["head_branch"] = json!("fix/a&b");
    of_fork["head_repository"] = json!({"owner": {"login": "mallory"}});
    for (n, run) in [run, of_fork].into_iter().enumerate() {
        let setting = Setting::new(&format!("after-{n}"));
        setting.stand_in.seed(json!({"pulls": {
            "7": {"head": HEAD, "label": "mallory:fix/a&b"},
            "8": {"head": HEAD, "state": "closed", "label": "mallory:fix/a&b"},
            "9": {"head": "b".repeat(40), "label": "mallory:fix/a&b"},
        }}));
        setting.repository.write("event.json", json!({"workflow_run": run}).to_string());
        let arguments = ["comment", "--from", "report.json", "--require-comment"];
        let ran = github::run(setting.command(&arguments, 100).env("GITHUB_EVENT_NAME", "workflow_run"));
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        setting.assert_one_comment("has no owner");
    }
}

#[test]
fn an_enterprise_server_has_its_api_below_a_path() {
    for end in ["", "/"] {
        let setting = Setting::against(&format!("enterprise{}", end.len()), StandIn::with_prefix("/api/v3"));
        let arguments = ["comment", "--from", "report.json", "--require-comment"];
        for _ in 0..2 {
            let address = format!("{}{end}", setting.stand_in.api());
            let ran = run(setting.command(&arguments, 100).env("GITHUB_API_URL", address));
            assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        }
        setting.assert_one_comment("has no owner");
    }
}

#[test]
fn a_proxy_is_gone_over_where_the_environment_names_one() {
    let setting = Setting::new("proxy");
    let proxy = StandIn::start();
    let arguments = ["comment", "--from", "report.json", "--require-comment"];
    let address = format!("http://user:pass@127.0.0.1:{}", proxy.port);
    for name in ["HTTP_PROXY", "http_proxy"] {
        // Where a CGI script runs, the first of the two is a header that anybody sends.
        let ran = run(setting.command(&arguments, 100).env(name, &address));
        assert_eq!(ran.code, Some(0), "{name}: {}", ran.stderr);
    }
    setting.assert_one_comment("has no owner");
    let calls = proxy.calls();
    assert!(!calls.is_empty() && calls.iter().all(|call| call.starts_with("CONNECT 127.0.0.1:")), "{calls:?}");
    assert_eq!(proxy.state()["log"][0]["auth"], "Basic dXNlcjpwYXNz");
    let direct = |command: &mut Command| run(command.env("HTTP_PROXY", "http://127.0.0.1:1"));
    let ran = direct(setting.command(&arguments, 100).env("NO_PROXY", "127.0.0.1"));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let ran = run(setting.command(&arguments, 100).env("HTTP_PROXY", "socks5://127.0.0.1:1"));
    assert!(ran.code == Some(2) && ran.stderr.contains("not reached over `http`"), "{}", ran.stderr);
}

/// An Enterprise server may have its certificate from an authority of the company.
#[test]
fn an_authority_is_trusted_where_a_file_names_it() {
    let setting = Setting::new("tls");
    let folder = setting.repository.0.to_str().expect("our folders are UTF-8");
    let (mut server, port) = serve(peers::interpreter(), "tls_server.py", &[folder]);
    let arguments = ["comment", "--from", "report.json", "--github-deadline", "3"];
    let said = |command: &mut Command| run(command.env("GITHUB_API_URL", format!("https://localhost:{port}"))).stderr;
    let trusting = said(setting.command(&arguments, 100).env("SSL_CERT_FILE", setting.repository.0.join("ca.pem")));
    let wary = said(setting.command(&arguments, 100).env_remove("SSL_CERT_FILE"));
    server.kill().and_then(|()| server.wait()).expect("it is ours");
    assert!(trusting.contains("404: Not Found"), "{trusting}");
    assert!(wary.contains("invalid peer certificate: UnknownIssuer"), "{wary}");
}

#[test]
fn a_report_is_data_and_a_wrong_one_is_a_failure() {
    let setting = Setting::new("wrong");
    for (text, why) in
        [("[]", "is no report of mine"), ("{}", "does not say `\"version\"`"), ("{\"version\": 2}", "of version 2")]
    {
        setting.repository.write("report.json", text);
        let ran = setting.comment(&[]);
        assert!(ran.code == Some(2) && ran.stderr.contains(why), "{text}: {}", ran.stderr);
    }
    assert_eq!(setting.stand_in.calls(), [""; 0]);
}

#[test]
fn what_would_be_sent_can_be_read_first() {
    let setting = Setting::new("dry");
    let ran = setting.comment(&["--dry-run"]);
    assert!(ran.stdout.contains("has no owner") && ran.code == Some(0), "{}", ran.stderr);
    assert_eq!(setting.stand_in.calls(), [""; 0]);
}
