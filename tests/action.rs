//! The action and the workflows of `examples/workflows`, executed by act against a stand-in for the API of GitHub: what is
//! there in the end, in each event. Checkouts are one commit deep, so the base is always missing at first.
#![cfg(all(unix, feature = "github"))]
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "programs are run, and files made for them")]

#[path = "common/act.rs"]
mod act;
#[path = "common/git.rs"]
mod git;
#[path = "common/github.rs"]
mod github;
#[path = "common/peers.rs"]
mod peers;
#[path = "common/python.rs"]
mod python;

use act::{Event, Executed, Release, Zone, home, repository, root};
use git::Repository;
use github::TOKEN;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const READ_ONLY: &str = "ghs_readOnly";

/// One query reads more, another is wrong, a feed has no owner.
fn careless(origin: &Repository) {
    origin.write("sql/orders.sql", "SELECT * FROM raw.orders;\n");
    origin.write("sql/late.sql", "SELECT id FROM raw.orders WHERE id == 1;\n");
    origin.write("feeds/trades.yaml", "feed: trades\nretention: 30 days\n");
}

fn careful(origin: &Repository) {
    origin.write("sql/late.sql", "SELECT id FROM raw.orders WHERE id = 1;\n");
    origin.write("feeds/trades.yaml", "feed: trades\nowner: desk@example.com\nretention: 30 days\n");
}

/// Whatever was printed, no token was.
fn assert_silent(executed: &Executed) {
    assert!(!executed.text.contains("ghs_"), "{}", executed.text);
}

/// The only comment, which says all this.
fn assert_one_comment(zone: &Zone, parts: &[&str]) {
    let comments = zone.stand_in.comments();
    assert_eq!(comments.len(), 1, "{comments:#?}");
    assert!(comments[0].starts_with(&format!("<!-- feedgate:v1 key=default head={} ", zone.head())), "{}", comments[0]);
    for part in parts {
        assert!(comments[0].contains(part), "`{part}` is not in\n{}", comments[0]);
    }
    zone.stand_in.assert_described();
}

#[test]
fn a_pull_request_gets_one_comment_that_is_kept_up_to_date() {
    let zone = Zone::new("pull-request", careless);
    let first = zone.run("pull-request.yml", &zone.pull_request(false), TOKEN, 100);
    assert!(!first.is_good, "there is an error among the findings: {}", first.text);
    assert_one_comment(&zone, &["sql-syntax-error", "missing-owner", "trades"]);
    let outputs = ["exit-code", "errors", "bytes-before", "bytes-after", "bytes-delta"].map(|name| first.output(name));
    assert_eq!(outputs, ["1", "1", "8000000", "24000000", "16000000"], "{}", first.text);
    assert!(first.output("comment-url").starts_with("https://github.com/acme/zone/pull/7#issuecomment-"), "{}", first.text);
    assert!(first.output("report-path").ends_with("/report.json"));
    // The summary of the step is the comment without its marker.
    let summary = first.summary().trim_end();
    assert!(summary.starts_with("### ❌ feedgate: ") && zone.stand_in.comments()[0].ends_with(summary), "{summary}");
    let wrong: Vec<_> = first.annotations().into_iter().filter(|(level, _, _)| *level == "error").collect();
    assert!(wrong.iter().any(|(_, at, _)| at["file"] == "sql/late.sql" && at["line"] == "1"), "{}", first.text);
    // Again, for the same commit: nothing is written.
    zone.run("pull-request.yml", &zone.pull_request(false), TOKEN, 101);
    assert!(zone.stand_in.calls().iter().all(|call| !call.starts_with("PATCH")), "{:?}", zone.stand_in.calls());
    // And for the next one, which cures it.
    zone.push(careful);
    let second = zone.run("pull-request.yml", &zone.pull_request(false), TOKEN, 102);
    assert!(second.is_good, "{}", second.text);
    assert_one_comment(&zone, &["15.3 MiB"]);
    assert!(!zone.stand_in.comments()[0].contains("sql-syntax-error"), "{:?}", zone.stand_in.comments());
    [first, second].iter().for_each(assert_silent);
}

#[test]
fn a_draft_is_judged_like_any_other() {
    let zone = Zone::new("draft", careless);
    let executed = zone.run("pull-request.yml", &zone.pull_request(true), TOKEN, 100);
    assert_eq!((executed.is_good, executed.output("exit-code")), (false, "1"), "{}", executed.text);
    assert_one_comment(&zone, &["sql-syntax-error"]);
    assert_silent(&executed);
}

#[test]
fn a_token_that_may_only_read_leaves_annotations_and_the_exit_code_of_the_findings() {
    let zone = Zone::new("read-only", careless);
    let executed = zone.run("pull-request.yml", &zone.pull_request(false), READ_ONLY, 100);
    assert_eq!((executed.is_good, executed.output("exit-code"), executed.output("comment-url")), (false, "1", ""));
    assert!(executed.text.contains("pull_requests=write") || executed.text.contains("pull-requests: write"), "{}", executed.text);
    assert!(executed.annotations().iter().any(|(level, _, _)| *level == "error"), "{}", executed.text);
    assert!(zone.stand_in.comments().is_empty() && executed.summary().contains("sql-syntax-error"), "{}", executed.text);
    assert!(Path::new(executed.output("report-path")).file_name().is_some_and(|name| name == "report.json"));
    zone.push(careful);
    let executed = zone.run("pull-request.yml", &zone.pull_request(false), READ_ONLY, 101);
    assert!(executed.is_good, "a comment that cannot be written fails nothing: {}", executed.text);
    assert_silent(&executed);
}

#[test]
fn the_second_workflow_comments_on_the_pull_request_of_a_fork() {
    let zone = Zone::new("fork", |origin| {
        careless(origin);
        // What the pull request would rather not have checked is checked: the base says what is.
        origin.write("feedgate.yaml", "rules: { sql-syntax-error: off, missing-owner: off }\n");
    });
    let first = zone.run("fork-report.yml", &zone.pull_request(false), READ_ONLY, 100);
    assert!(!first.is_good && zone.stand_in.comments().is_empty(), "{}", first.text);
    let run = json!({"id": 100, "event": "pull_request", "head_sha": zone.head(), "pull_requests": []});
    let payload = json!({"action": "completed", "workflow_run": run, "repository": repository()});
    let event = Event { name: "workflow_run", reference: "refs/heads/main", payload };
    let second = zone.run("fork-comment.yml", &event, TOKEN, 101);
    assert!(second.is_good, "{}", second.text);
    assert_one_comment(&zone, &["sql-syntax-error", "missing-owner"]);
    [first, second].iter().for_each(assert_silent);
}

#[test]
fn a_merge_queue_gets_a_check_run_and_no_comment() {
    let zone = Zone::new("queue", careless);
    let reference = "refs/heads/gh-readonly-queue/main/pr-7";
    zone.origin.git(&["update-ref", reference, "refs/pull/7/merge"]);
    let head = zone.origin.git(&["rev-parse", reference]);
    let group = json!({"base_sha": zone.base(), "base_ref": "refs/heads/main", "head_sha": head, "head_ref": reference});
    let payload = json!({"action": "checks_requested", "merge_group": group, "repository": repository()});
    let executed = zone.run("merge-queue.yml", &Event { name: "merge_group", reference, payload }, TOKEN, 100);
    assert_eq!((executed.is_good, executed.output("exit-code")), (false, "1"), "{}", executed.text);
    assert_eq!(executed.output("new-findings"), executed.output("findings"), "the base was found");
    let state = zone.stand_in.state();
    let checks: Vec<&Value> = state["checks"].as_object().into_iter().flatten().map(|(_, check)| check).collect();
    assert_eq!(checks.len(), 1, "{checks:?}");
    assert_eq!((&checks[0]["status"], &checks[0]["conclusion"]), (&json!("completed"), &json!("failure")));
    assert_eq!(checks[0]["head_sha"], json!(head));
    assert!(checks[0]["output"]["annotations_count"].as_u64() > Some(1), "{checks:?}");
    assert!(zone.stand_in.comments().is_empty());
    zone.stand_in.assert_described();
    assert_silent(&executed);
}

#[test]
fn a_push_is_compared_with_what_was_there_and_leaves_sarif() {
    let zone = Zone::new("push", careless);
    let before = zone.base();
    zone.origin.git(&["update-ref", "refs/heads/main", "refs/pull/7/merge"]);
    let payload = json!({"ref": "refs/heads/main", "before": before, "after": zone.base(), "repository": repository()});
    let executed = zone.run("schedule.yml", &Event { name: "push", reference: "refs/heads/main", payload }, TOKEN, 100);
    assert_eq!((executed.is_good, executed.output("bytes-delta")), (false, "16000000"), "{}", executed.text);
    assert!(zone.stand_in.comments().is_empty() && zone.stand_in.calls().is_empty(), "{:?}", zone.stand_in.calls());
    let sarif = zone.artifacts().join("sarif/feedgate.sarif");
    assert_eq!(peers::check_schema(&[Path::new("--schemafile"), &peers::sarif_schema(), &sarif]), Ok(()));
    assert_silent(&executed);
}

#[test]
fn a_schedule_has_nothing_to_compare_with() {
    let zone = Zone::new("schedule", careless);
    let payload = json!({"schedule": "17 4 * * *", "repository": repository()});
    let executed = zone.run("schedule.yml", &Event { name: "schedule", reference: "refs/heads/main", payload }, TOKEN, 100);
    assert!(executed.is_good, "`main` is clean: {}", executed.text);
    assert_eq!((executed.output("exit-code"), executed.output("bytes-delta")), ("0", "0"));
}

/// A binary that only says its version, which is all that an installation asks of it.
fn small_release(name: &str) -> Release {
    let binary = home().join(name).join("feedgate");
    fs::create_dir_all(binary.parent().expect("it lies in a folder")).expect("the folder is ours");
    fs::write(&binary, format!("#!/bin/sh\necho {name}\n")).expect("the folder is ours");
    let made = Command::new("chmod").arg("+x").arg(&binary).status();
    assert!(made.is_ok_and(|status| status.success()));
    Release::make(name, &binary)
}

#[test]
fn an_archive_that_is_not_what_its_checksum_says_is_never_used() {
    let zone = Zone::new("checksum", careful);
    let release = small_release("checksum");
    let wrong = release.checksum.replace(|digit| digit != 'a', "a");
    release.know(&wrong);
    let executed = zone.run_with(&release, "pull-request.yml", &zone.pull_request(false), TOKEN, 100);
    assert!(!executed.is_good, "{}", executed.text);
    let said = executed.annotations();
    assert!(
        said.iter().any(|(level, _, text)| *level == "error" && text.ends_with("is not what its checksum says: it was not used"))
    );
    assert!(zone.stand_in.calls().is_empty(), "nothing was run: {:?}", zone.stand_in.calls());
}

/// Runs the script that installs; what it wrote to the outputs, or what it said.
fn install(release: &Release, cache: &Path, archives: &str, inputs: &[(&str, &str)]) -> Result<PathBuf, String> {
    let files = ["outputs", "path"].map(|name| release.action.0.join(".git").join(name));
    files.iter().for_each(|file| fs::write(file, "").expect("the folder is ours"));
    let temporary = release.action.0.join(".git/temporary");
    fs::create_dir_all(&temporary).expect("the folder is ours");
    let mut command = Command::new(release.action.0.join("action/install.sh"));
    command.env("GITHUB_OUTPUT", &files[0]).env("GITHUB_PATH", &files[1]).env("FEEDGATE_RELEASES", archives);
    command.env("RUNNER_TEMP", &temporary).env("RUNNER_TOOL_CACHE", cache);
    command.env("INPUT_VERSION", "").env("INPUT_INSTALL_FROM", "auto").envs(inputs.iter().copied());
    peers::content(command.output().expect("bash is installed"))?;
    let written = fs::read_to_string(&files[0]).expect("it is there");
    Ok(PathBuf::from(written.trim().strip_prefix("binary=").expect("the output is written")))
}

#[test]
fn a_release_is_unpacked_once_and_then_found_in_the_tool_cache() {
    let release = small_release("install");
    let cache = release.action.0.join(".git/cache");
    let installed = install(&release, &cache, &release.archives, &[]);
    assert_eq!(installed, Ok(release.tool(&cache).join("feedgate")));
    // Nothing is asked for again.
    assert_eq!(install(&release, &cache, "file:///nowhere", &[]), installed);
    let other = release.action.0.join(".git/other");
    assert!(install(&release, &other, "file:///nowhere", &[]).is_err_and(|said| said.contains("could not be got")));
    let newer = [("INPUT_VERSION", "9.9.9")];
    assert!(
        install(&release, &cache, &release.archives, &newer).is_err_and(|said| said.contains("no checksum is known of 9.9.9"))
    );
    let newer = [("INPUT_VERSION", "9.9.9"), ("INPUT_INSTALL_FROM", "release")];
    assert!(install(&release, &cache, &release.archives, &newer).is_err_and(|said| said.contains("no checksum is known")));
    for strange in [("INPUT_VERSION", "../x"), ("INPUT_VERSION", "$(touch x)"), ("INPUT_INSTALL_FROM", "somewhere")] {
        assert!(
            install(&release, &cache, &release.archives, &[strange]).is_err_and(|said| said.contains("::error")),
            "{strange:?}"
        );
    }
}

#[test]
fn without_a_release_the_source_of_the_action_is_built() {
    let release = small_release("source");
    release.action.write("action/checksums.txt", "# none\n");
    release.action.write("Cargo.toml", "[package]\nname = \"feedgate\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    release.action.write("Cargo.lock", "version = 4\n\n[[package]]\nname = \"feedgate\"\nversion = \"0.1.0\"\n");
    release.action.write("src/main.rs", "fn main() {\n    println!(\"built\");\n}\n");
    for (path, text) in [
        ("build.rs", "fn main() {}\n"),
        ("rules/a/b.md", "x\n"),
        ("examples/workflows/a.yml", "x\n"),
        ("feed.schema.json", "{}\n"),
    ] {
        release.action.write(path, text);
    }
    let cache = release.action.0.join(".git/cache");
    let built = install(&release, &cache, "file:///nowhere", &[]).expect("cargo is installed");
    assert!(built.to_string_lossy().contains("/feedgate/0.1.0-source-"), "{}", built.display());
    assert_eq!(python::run(&mut Command::new(&built)), "built\n");
    // Another source has another key.
    release.action.write("src/main.rs", "fn main() {\n    println!(\"built again\");\n}\n");
    let again = install(&release, &cache, "file:///nowhere", &[]).expect("cargo is installed");
    assert_eq!(python::run(&mut Command::new(&again)), "built again\n");
}

/// Names and messages that would be commands, other properties, other findings, or other text if anything let them.
/// Every file of the sources of a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("it can be read").path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// What a release publishes can be built from what it holds.
#[test]
fn the_crate_holds_all_that_is_compiled_into_it() {
    let list = ["package", "--list", "--offline", "--allow-dirty"];
    let root = fs::canonicalize(root()).expect("it is there");
    let packed = python::run(Command::new(env!("CARGO")).args(list).current_dir(&root));
    let packed: BTreeSet<PathBuf> = packed.lines().map(|path| root.join(path)).collect();
    let mut compiled_in = sources(&root.join("rules"));
    for source in sources(&root.join("src")) {
        let text = fs::read_to_string(&source).unwrap_or_default();
        let named = text.split("include_str!(\"").skip(1).filter_map(|rest| rest.split('"').next());
        let folder = source.parent().expect("it lies in a folder");
        compiled_in.extend(named.map(|path| fs::canonicalize(folder.join(path)).expect("it is compiled in")));
        compiled_in.push(source);
    }
    let missing: Vec<&PathBuf> = compiled_in.iter().filter(|path| !packed.contains(*path)).collect();
    assert!(missing.is_empty() && compiled_in.len() > 500, "{missing:#?}");
}

#[test]
fn act_decodes_every_annotation_to_what_was_meant() {
    const NAMES: [&str; 6] = [
        "feeds/a\n::error::pwned.yaml",
        // Neither `%0A` nor `=`: act decodes `%25` before the others, where GitHub's own runner does it last, and leaves out
        // what has two `=` in it, where the runner parts it at the first.
        "feeds/b%2B%25%.yaml",
        "feeds/c,line,title::y.yaml",
        "feeds/d@everyone</details><!-- feedgate:v1 -->`.yaml",
        "feeds/e\u{202e}lmay.yaml",
        "feeds/##[error]f.yaml",
    ];
    let zone = Zone::new("hostile", |origin| {
        for name in NAMES {
            let hostile = "%25 ::error::x @everyone `</details>` <!-- feedgate:v1 --> \\u202E\\e[31m\\n::warning::y";
            origin.write(name, format!("feed: \"{hostile} {}\"\nfile:\n  pattern: 'a('\n", name.len()));
        }
    });
    let executed = zone.run("fork-report.yml", &zone.pull_request(false), READ_ONLY, 100);
    let report = fs::read_to_string(zone.artifacts().join("feedgate-report/report.json")).expect("it was kept");
    let report: Value = serde_json::from_str(&report).expect("it is JSON");
    let findings = report["findings"].as_array().expect("there are findings");
    let annotations = executed.annotations();
    assert!(annotations.len() >= NAMES.len(), "{}", executed.text);
    for (level, at, message) in annotations {
        let is_meant = |finding: &&Value| {
            let text = |name: &str| finding[name].as_str().unwrap_or_default();
            let level_of = if text("severity") == "note" { "notice" } else { text("severity") };
            let title = at["title"].as_str().unwrap_or_default();
            level == level_of
                && at["file"] == visible(text("path")).replace(": :", "::")
                && at["line"] == json!(finding["line"].to_string())
                && title.trim_end_matches(" (new)") == text("rule")
                && message.starts_with(&visible(text("message")))
        };
        assert!(findings.iter().any(|finding| is_meant(&finding)), "{level} {at} {message}");
    }
}

/// As an annotation shows it: a direction mark has a stand-in, and what a runner could take for a command is parted.
fn visible(text: &str) -> String {
    text.replace('\u{202e}', "\u{fffd}")
        .replace('\u{1b}', "\u{241b}")
        .replace("##[", "## [")
        .replace("::", ": :")
        .replace("::", ": :")
}

#[test]
fn nothing_is_said_against_the_workflows_and_the_action() {
    let files = |folder: &str| {
        let entries = fs::read_dir(root().join(folder)).expect("the folder is there");
        entries.map(|entry| entry.expect("it can be read").path()).filter(|path| path.extension().is_some_and(|end| end == "yml"))
    };
    let workflows: Vec<PathBuf> = files(".github/workflows").chain(files("examples/workflows")).collect();
    assert!(workflows.len() > 5);
    let action = root().join("action.yml");
    let output =
        Command::new(peers::program("zizmor")).args(["--offline", "--no-progress"]).args(&workflows).arg(&action).output();
    assert_eq!(peers::content(output.expect("it was installed")), Ok(()));
    let check = |schema: &str, files: &[PathBuf]| {
        let files: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
        peers::check_schema(&[&[Path::new("--builtin-schema"), Path::new(schema)], &files[..]].concat())
    };
    assert_eq!(check("vendor.github-workflows", &workflows), Ok(()));
    assert_eq!(check("vendor.github-actions", std::slice::from_ref(&action)), Ok(()));
    let text = fs::read_to_string(&action).expect("it is there");
    assert!(text.lines().count() < 80, "what the action decides is decided in the binary");
}
