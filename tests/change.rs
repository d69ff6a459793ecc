//! The pull request against the landing zone: what `lint --base` says of it, from a real repository.
#![cfg(unix)]
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "these tests make repositories and run the binary on them"
)]

#[path = "common/committed.rs"]
mod committed;
#[path = "common/git.rs"]
mod git;

use committed::part_is_up_to_date;
use feedgate::rules::catalogue::Catalogue;
use git::Repository;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// The landing zone on `main`, with the pull request checked out.
fn pull_request(name: &str) -> Repository {
    let repository = Repository::folder(name);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/landing-zone-change/build.sh");
    let output = Command::new("sh").arg(script).arg(&repository.0).output().expect("there is a shell");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    repository
}

fn found(repository: &Repository, arguments: &[&str]) -> serde_json::Value {
    let ran = repository.lint(&[&["--format", "json", "--as-of", "2026-08-22"], arguments].concat());
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}", ran.stderr))
}

#[test]
fn the_pull_request_is_judged_against_its_base() {
    let repository = pull_request("change");
    let ran = repository.lint(&["--base", "main", "--as-of", "2026-08-22"]);
    let commit = repository.git(&["rev-parse", "main"]);
    insta::assert_snapshot!("text", ran.stdout.replace(&commit[..10], "<commit>"));
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""));
}

/// What reviewers are shown.
#[test]
fn the_comment_of_the_pull_request() {
    let repository = pull_request("change-comment");
    let ran = repository.lint(&["--base", "main", "--as-of", "2026-08-22", "--format", "markdown"]);
    let commit = repository.git(&["rev-parse", "main"]);
    insta::assert_snapshot!("comment", ran.stdout.replace(&commit[..10], "<commit>"));
    // The README shows the title and the table below it.
    let blocks = ran.stdout.split("\n\n").take(2);
    let quoted: Vec<String> = blocks.map(|block| format!("> {}", block.replace('\n', "\n> "))).collect();
    part_is_up_to_date("README.md", "verdict", &format!("{}\n", quoted.join("\n>\n")));
}

#[test]
fn each_side_of_the_pull_request_is_as_clean_as_it_looks() {
    let repository = pull_request("change-sides");
    repository.git(&["checkout", "--quiet", "main"]);
    let ran = repository.lint(&["--base", "main", "--as-of", "2026-08-22"]);
    assert!(ran.stdout.contains("\nno findings; compared with main at "), "{}", ran.stdout);
    assert_eq!(ran.code, Some(0));
}

/// Both revisions of the demo, each against itself: as it is, and with every line further down.
#[test]
fn a_revision_against_itself_brings_nothing() {
    let repository = pull_request("change-itself");
    for branch in ["main", "leaner-feeds"] {
        repository.git(&["checkout", "--quiet", branch]);
        let alone = found(&repository, &[]);
        let same = found(&repository, &["--base", "HEAD"]);
        for path in repository.git(&["ls-files", "*.yaml", "*.tf", "*.tfvars", "*.sql", "tables", "schemas"]).lines() {
            let text = std::fs::read_to_string(repository.0.join(path)).expect("it is tracked");
            repository.write(path, format!("\n{text}"));
        }
        let moved = found(&repository, &["--base", "HEAD"]);
        repository.git(&["checkout", "--quiet", "."]);
        for report in [&same, &moved] {
            assert_eq!((&report["summary"]["new"], &report["changes"]), (&0.into(), &serde_json::json!([])), "{branch}");
            assert_eq!(figures(report), figures(&alone), "{branch}");
            assert_eq!(report["findings"].as_array().map(Vec::len), alone["findings"].as_array().map(Vec::len), "{branch}");
        }
    }
}

/// What each query reads and costs.
fn figures(report: &serde_json::Value) -> Vec<[&serde_json::Value; 4]> {
    let estimates = report["estimates"].as_array().into_iter().flatten();
    estimates.map(|one| ["name", "bytes_processed", "cost_usd_per_month", "tables"].map(|key| &one[key])).collect()
}

/// They speak of a repository as a whole, of what it lacks or has too much of, and the broken one has it for the sake of other
/// mistakes.
const OF_THE_WHOLE: [&str; 3] = ["missing-billing-export", "missing-query-quota", "resource-without-feed"];

#[test]
fn a_mistake_of_every_rule_is_planted_in_one_of_the_examples() {
    let report = found(&pull_request("change-rules"), &["--base", "main"]);
    let rule = |finding: &serde_json::Value| finding["rule"].as_str().map(str::to_owned);
    let mut planted: BTreeSet<String> = report["findings"].as_array().into_iter().flatten().filter_map(rule).collect();
    let broken = include_str!("../examples/broken/PLANTED.md").lines();
    planted.extend(OF_THE_WHOLE.map(str::to_owned));
    planted.extend(broken.filter_map(|row| Some(row.strip_prefix("| ")?.split_once(" | ")?.0.to_owned())));
    let catalogue = Catalogue::embedded();
    let runs = catalogue.rules().filter(|rule| !rule.meta.is_off).map(|rule| rule.meta.id.as_str());
    let missing: Vec<&str> = runs.filter(|id| !planted.contains(*id)).collect();
    assert!(missing.is_empty(), "in neither `examples/broken` nor `examples/landing-zone-change`: {missing:?}");
}
