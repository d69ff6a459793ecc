//! The baseline, written and read by the binary. Every test makes a folder of its own.
#![cfg(unix)]
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "these tests make repositories and run the binary on them"
)]

#[path = "common/git.rs"]
mod git;

use git::{Ran, Repository};
use std::fs;

/// A feed that nobody owns, which is a warning.
fn feed(name: &str) -> String {
    format!("feed: {name}\nfile: {{ name: \"{name}_{{date:%Y%m%d}}.json\" }}\nschema: {{ type: object }}\n")
}

fn repository(name: &str, feeds: &[&str]) -> Repository {
    let repository = Repository::folder(name);
    repository.write("feedgate.yaml", "version: 1\n");
    for name in feeds {
        repository.write(&format!("feeds/{name}.yaml"), feed(name));
    }
    repository
}

fn last_line(ran: &Ran) -> &str {
    ran.stdout.lines().last().unwrap_or("").split("; read").next().unwrap_or("")
}

fn baseline(repository: &Repository) -> String {
    fs::read_to_string(repository.0.join(".feedgate/baseline.json")).expect("it was written")
}

#[test]
fn an_old_repository_begins_with_what_it_has_and_hears_of_what_is_new() {
    let repository = repository("baseline-begins", &["orders", "trades"]);
    let before = repository.lint(&["--fail-on", "warning"]);
    assert_eq!(before.code, Some(1), "{}", before.stdout);
    let written = repository.lint(&["--write-baseline", "--fail-on", "warning"]);
    assert_eq!((written.code, last_line(&written)), (Some(0), "no findings, 2 in the baseline"));
    assert_eq!(written.stderr, ".feedgate/baseline.json holds 2 findings: 2 added, 0 taken out\n");
    let after = repository.lint(&["--fail-on", "warning"]);
    assert_eq!((after.code, last_line(&after)), (Some(0), "no findings, 2 in the baseline"));
    repository.write("feeds/quotes.yaml", feed("quotes"));
    let more = repository.lint(&["--only", "missing-owner", "--fail-on", "warning"]);
    assert_eq!((more.code, last_line(&more)), (Some(1), "1 warning in 1 file, 2 in the baseline"));
}

#[test]
fn it_shrinks_by_itself_and_grows_only_when_asked() {
    let repository = repository("baseline-shrinks", &["orders", "trades"]);
    repository.lint(&["--write-baseline"]);
    let first = baseline(&repository);
    repository.remove("feeds/trades.yaml");
    repository.write("feeds/quotes.yaml", feed("quotes"));
    let stale = repository.lint(&[]);
    assert_eq!(stale.stdout.matches("[unused-baseline-entry]").count(), 1, "{}", stale.stdout);
    let written = repository.lint(&["--write-baseline"]);
    let words =
        ".feedgate/baseline.json holds 1 finding: 0 added, 1 taken out\n  1 more finding could be added with `--grow-baseline`\n";
    assert_eq!(written.stderr, words);
    let second = baseline(&repository);
    assert!(second.lines().all(|line| first.lines().any(|before| before == line)), "it only lost lines:\n{second}");
    assert_eq!(repository.lint(&["--write-baseline", "--grow-baseline"]).code, Some(0));
    assert_eq!(baseline(&repository).matches("feed quotes").count(), 1);
}

#[test]
fn two_branches_that_shrink_it_merge() {
    let repository = Repository::new("baseline-merges");
    let feeds = ["alpha", "beta", "gamma", "delta"];
    for name in feeds {
        repository.write(&format!("feeds/{name}.yaml"), feed(name));
    }
    repository.lint(&["--write-baseline"]);
    repository.commit();
    for (branch, gone) in [("one", "alpha"), ("two", "gamma")] {
        repository.git(&["checkout", "--quiet", "-b", branch, "main"]);
        repository.remove(&format!("feeds/{gone}.yaml"));
        repository.lint(&["--write-baseline"]);
        repository.commit();
    }
    repository.git(&["merge", "--quiet", "one"]);
    let merged = repository.lint(&["--fail-on", "warning"]);
    assert_eq!((merged.code, last_line(&merged)), (Some(0), "no findings, 2 in the baseline"));
}

#[test]
fn the_configuration_names_its_place() {
    let repository = repository("baseline-place", &["orders"]);
    repository.write("feedgate.yaml", "version: 1\nbaseline: ci/known.json\n");
    let missing = repository.lint(&[]);
    assert!(missing.stdout.contains("no file lies at `ci/known.json`"), "{}", missing.stdout);
    assert_eq!(repository.lint(&["--write-baseline"]).code, Some(0));
    let after = repository.lint(&[]);
    assert_eq!((after.code, last_line(&after)), (Some(0), "no findings, 1 in the baseline"));
}

#[test]
fn what_is_found_in_one_environment_is_not_held_against_another() {
    let repository = repository("baseline-environment", &["orders"]);
    repository.lint(&["--write-baseline", "--env", "prod"]);
    assert!(baseline(&repository).contains("\"environment\": \"prod\""));
    repository.write("feeds/orders.yaml", feed("orders").replace("feed: orders", "feed: orders\nowner: desk@example.com"));
    assert!(!repository.lint(&["--env", "dev"]).stdout.contains("unused-baseline-entry"));
    assert!(repository.lint(&["--env", "prod"]).stdout.contains("unused-baseline-entry"));
    let refused = repository.lint(&["--write-baseline"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("was written with `--env prod`"), "{}", refused.stderr);
}

#[test]
fn a_part_of_the_findings_is_never_taken_for_all() {
    let repository = repository("baseline-part", &["orders"]);
    for part in [&["feeds"][..], &["--only", "missing-owner"], &["--new-only"], &["--base", "HEAD"], &["--fix"]] {
        assert_eq!(repository.lint(&[&["--write-baseline"], part].concat()).code, Some(2), "{part:?}");
    }
}
