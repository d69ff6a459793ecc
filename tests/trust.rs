//! A pull request that silences what is found of it, and a gate that goes by the base. Every test makes a repository.
#![cfg(unix)]
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "these tests make repositories and run the binary on them"
)]

#[path = "common/git.rs"]
mod git;

use git::{Ran, Repository};

const ORDERS: &str =
    "feed: orders\nfile: { name: \"orders_{date:%Y%m%d}.json\" }\nschema: { type: object }\nowner: desk@example.com\n";

/// A repository that demands owners, with a branch on which `orders` has none.
fn repository(name: &str) -> Repository {
    let repository = Repository::new(name);
    repository.write("feedgate.yaml", "version: 1\nrules: { missing-owner: error }\n");
    repository.write("feeds/orders.yaml", ORDERS);
    repository.commit();
    repository.git(&["checkout", "--quiet", "-b", "change"]);
    repository.write("feeds/orders.yaml", ORDERS.replace("owner: desk@example.com\n", ""));
    repository
}

fn by_base(repository: &Repository) -> Ran {
    repository.lint(&["--base", "main", "--config-from", "base"])
}

fn says(ran: &Ran, words: &str) -> bool {
    assert!(ran.stdout.contains(words), "{}{}", ran.stdout, ran.stderr);
    true
}

#[test]
fn a_change_of_severities_takes_hold_once_it_is_merged() {
    let repository = repository("trust-severity");
    repository.write("feedgate.yaml", "version: 1\nrules: { missing-owner: off }\n");
    repository.commit();
    assert_eq!(repository.lint(&["--base", "main"]).code, Some(0));
    let ran = by_base(&repository);
    assert_eq!(ran.code, Some(1));
    assert!(
        says(&ran, "error[missing-owner]") && says(&ran, "judged by its configuration, which differs here in feedgate.yaml;")
    );
    repository.write("feedgate.yaml", "version: 1\nrules: { missing-owner: error }\n");
    assert!(says(&by_base(&repository), "judged by its configuration;"));
}

#[test]
fn what_the_change_configures_wrongly_is_found_all_the_same() {
    let repository = repository("trust-broken");
    repository.write("feedgate.yaml", "version: 1\nrulez: { missing-owner: off }\n");
    repository.commit();
    let ran = by_base(&repository);
    assert!(says(&ran, "unknown key `rulez`") && says(&ran, "error[missing-owner]"));
}

#[test]
fn an_ignore_counts_once_the_base_has_it() {
    let repository = repository("trust-ignore");
    let ignored = ORDERS
        .replace("owner: desk@example.com\n", "")
        .replace("feed: orders", "feed: orders # feedgate: ignore[missing-owner] reason=\"x\"");
    repository.write("feeds/orders.yaml", &ignored);
    repository.commit();
    assert_eq!(repository.lint(&["--base", "main"]).code, Some(0));
    let ran = by_base(&repository);
    assert_eq!(ran.code, Some(1));
    assert!(says(&ran, "the ignore is new here, and the run goes by those of the base"));
    repository.git(&["branch", "--force", "main"]);
    repository.write("feeds/orders.yaml", format!("# moved by a line\n{ignored}"));
    repository.commit();
    let ran = by_base(&repository);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
}

#[test]
fn a_baseline_and_own_rules_of_the_change_do_not_hold() {
    let repository = repository("trust-baseline");
    repository.lint(&["--write-baseline"]);
    repository.write(".feedgate/rules/feed/late.md", "---\nseverity: error\n---\n# No rule\n");
    repository.commit();
    let ran = by_base(&repository);
    assert_eq!(ran.code, Some(1));
    assert!(says(&ran, "error[missing-owner]"));
    assert!(says(&ran, "which differs here in .feedgate/baseline.json, .feedgate/rules/feed/late.md;"));
    assert!(!ran.stdout.contains("invalid-rule"), "{}", ran.stdout);
}

/// To git, what is tracked is not ignored; to us neither.
#[test]
fn an_ignore_file_of_the_change_hides_nothing_that_git_tracks() {
    let repository = repository("trust-gitignore");
    repository.write("feeds/trades.yaml", ORDERS.replace("orders", "trades").replace("owner: desk@example.com\n", ""));
    repository.commit();
    repository.write(".gitignore", "feeds/\n");
    repository.commit();
    repository.write("feeds/untracked.yaml", "feed: untracked\n");
    for ran in [by_base(&repository), repository.lint(&["--staged"])] {
        assert_eq!(ran.code, Some(1));
        assert!(says(&ran, "feed `orders` has no owner") && says(&ran, "feed `trades` has no owner"));
        assert!(!ran.stdout.contains("feed `untracked`"), "{}", ran.stdout);
    }
}

#[test]
fn without_a_base_there_is_nothing_to_go_by() {
    let repository = repository("trust-no-base");
    repository.commit();
    let ran = repository.lint(&["--config-from", "base"]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.stderr.contains("needs a base, and there is none") && ran.stderr.contains("--base origin/main"),
        "{}",
        ran.stderr
    );
    let shallow = repository.clone_with("trust-shallow", &["--depth=1", "--branch=change"]);
    let ran = Ran::of(shallow.feedgate(&["lint", "--config-from", "base"]).env("GITHUB_BASE_REF", "main"));
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("`origin/main`") && ran.stderr.contains("--fetch-base"), "{}", ran.stderr);
}

#[test]
fn only_what_is_staged_is_judged() {
    let repository = repository("staged");
    assert_eq!(repository.lint(&[]).code, Some(1));
    assert_eq!(repository.lint(&["--staged"]).code, Some(0), "the owner is gone from the work tree, not from the index");
    repository.git(&["add", "--all"]);
    repository.write("feeds/orders.yaml", ORDERS);
    repository.write("feeds/unknown_to_git.yaml", "feed: orders\n");
    let ran = repository.lint(&["--staged"]);
    assert_eq!(ran.code, Some(1));
    assert!(says(&ran, "feeds/orders.yaml") && says(&ran, "1 error in 1 file"));
    assert_eq!(repository.lint(&["--staged", "feeds"]).code, Some(1));
    // Of two feeds of one name, the finding is on the one that comes later; whoever commits the first has to know.
    repository.write("feeds/again.yaml", ORDERS);
    repository.git(&["add", "feeds/again.yaml"]);
    assert!(says(&repository.lint(&["--staged", "feeds/again.yaml"]), "feed `orders` is defined twice"));
    assert_eq!(repository.lint(&["--staged", "feedgate.yaml"]).code, Some(0));
}

#[test]
fn what_is_staged_is_compared_with_a_base() {
    let repository = repository("staged-base");
    repository.write("feeds/orders.yaml", ORDERS.replace("feed: orders", "feed: orders\ndescription: x"));
    repository.git(&["add", "--all"]);
    repository.write("feeds/orders.yaml", ORDERS);
    let ran = repository.lint(&["--staged", "--base", "HEAD", "--format", "json"]);
    assert!(says(&ran, "\"subject\": \"feed orders\",\n      \"holder\": null,\n      \"kind\": \"modified\""));
    repository.git(&["reset", "--quiet", "--hard"]);
    let ran = repository.lint(&["--staged", "--base", "HEAD", "--format", "json"]);
    assert!(says(&ran, "\"changes\": []"));
}

#[test]
fn the_lines_that_changed_are_those_of_the_index() {
    let repository = repository("staged-lines");
    repository.git(&["add", "--all"]);
    let is_on_changed_line = || {
        let report = repository.lint(&["--staged", "--base", "HEAD", "--only", "missing-owner", "--format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&report.stdout).expect("a report");
        report["findings"][0]["on_changed_line"].clone()
    };
    let unowned = ORDERS.replace("owner: desk@example.com\n", "");
    repository.write("feeds/orders.yaml", unowned.replace("feed: orders", "feed: orders # not staged yet"));
    assert_eq!(is_on_changed_line(), false, "only the last line was taken out, and the finding is at the first");
    repository.git(&["add", "--all"]);
    assert_eq!(is_on_changed_line(), true);
}

#[test]
fn a_part_of_a_repository_is_staged_with_its_own_paths() {
    let repository = Repository::new("staged-below");
    repository.write("zone/feedgate.yaml", "version: 1\n");
    repository.write("zone/feeds/orders.yaml", "feed: orders\nfile: 1\n");
    repository.git(&["add", "--all"]);
    repository.remove("zone/feeds/orders.yaml");
    let ran = repository.lint(&["--staged", "zone"]);
    assert!(says(&ran, "zone/feeds/orders.yaml:2:7"));
}

#[test]
fn a_conflict_is_no_tree() {
    let repository = repository("staged-conflict");
    repository.commit();
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write("feeds/orders.yaml", ORDERS.replace("desk@", "team@"));
    repository.commit();
    let merge = std::process::Command::new("git").args(["merge", "--quiet", "change"]).current_dir(&repository.0).output();
    assert!(!merge.expect("git runs").status.success());
    let ran = repository.lint(&["--staged"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("`feeds/orders.yaml` is in conflict"), "{}", ran.stderr);
}

/// `git commit --all` and `git commit FILE` make an index of their own, of which only their hooks know.
#[test]
fn a_plain_hook_of_git_sees_the_commit_that_is_made() {
    use std::os::unix::fs::PermissionsExt as _;
    let repository = repository("staged-hook");
    let hook = format!("#!/bin/sh\nexec '{}' lint --staged\n", env!("CARGO_BIN_EXE_feedgate"));
    repository.write(".git/hooks/pre-commit", hook);
    let file = repository.0.join(".git/hooks/pre-commit");
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).expect("ours");
    let commit = |arguments: &[&str]| {
        let mut command = std::process::Command::new("git");
        command.args(["-c", "user.name=demo", "-c", "user.email=demo@example.com", "commit", "--message", "x"]);
        command.args(arguments).current_dir(&repository.0).output().expect("git runs").status.success()
    };
    assert!(!commit(&["--all"]), "the owner is gone");
    assert!(!commit(&["feeds/orders.yaml"]), "the owner is gone");
    repository.write("other.txt", "x");
    repository.git(&["add", "other.txt"]);
    assert!(commit(&[]), "nothing of feeds is in this commit");
}
