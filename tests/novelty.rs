//! Findings that a change brings, told from those that were there before.
#![cfg(unix)]
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "these tests make repositories and run the binary on them"
)]

#[path = "common/git.rs"]
mod git;

use git::{Ran, Repository};

/// `orders` had no owner before; `trades` comes without one.
fn repository(name: &str) -> Repository {
    let repository = Repository::new(name);
    repository.write("feedgate.yaml", "version: 1\nrules: { missing-schema: off, missing-owner: error }\n");
    repository.write("feeds/a/orders.yaml", "feed: orders\nretention: 180 days\n");
    repository.commit();
    // That it stands elsewhere does not make it new.
    repository.write("feeds/a/orders.yaml", "# Lines above\n\nretention: 180 days\nfeed: orders\n");
    repository.write("feeds/b/trades.yaml", "feed: trades\nretention: 180 days\n");
    repository
}

fn new(ran: &Ran) -> Vec<(String, bool)> {
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).expect("the report is JSON");
    let findings = report["findings"].as_array().expect("findings are a list");
    let one = |finding: &serde_json::Value| (finding["subject"].as_str()?.to_owned(), finding["new"].as_bool()?).into();
    findings.iter().filter_map(one).collect()
}

#[test]
fn what_the_change_brings_comes_first_and_is_marked() {
    let repository = repository("marked");
    let lint = |format: &str| repository.lint(&["--base", "HEAD", "--format", format]);
    assert_eq!(new(&lint("json")), [("feed trades".to_owned(), true), ("feed orders".to_owned(), false)]);
    let commit = repository.git(&["rev-parse", "--short=10", "HEAD"]);
    for format in ["text", "markdown", "github"] {
        insta::assert_snapshot!(format, lint(format).stdout.replace(&commit, "<commit>"));
    }
}

#[test]
fn only_what_is_new_is_reported_and_decides_where_that_is_asked_for() {
    let repository = repository("only");
    let ran = repository.lint(&["--base", "HEAD", "--new-only", "--format", "json"]);
    assert_eq!((new(&ran), ran.code), (vec![("feed trades".to_owned(), true)], Some(1)));
    repository.remove("feeds/b/trades.yaml");
    let ran = repository.lint(&["--base", "HEAD", "--new-only"]);
    let commit = repository.git(&["rev-parse", "--short=10", "HEAD"]);
    let last =
        format!("no findings; compared with HEAD at {commit}, which has 1 more finding that is not shown; read 1 file: 1 feed\n");
    assert_eq!((ran.stdout, ran.code), (last, Some(0)));
    assert_eq!(repository.lint(&["--base", "HEAD"]).code, Some(1), "what was there before still counts");
    let ran = repository.lint(&["--new-only"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("`--new-only` needs a base"), "{}", ran.stderr);
}

#[test]
fn an_ignore_that_goes_brings_its_finding_back() {
    let repository = repository("ignore");
    let ignored = "# feedgate: ignore[missing-owner] reason=\"not ours\"\nfeed: quotes\nretention: 180 days\n";
    repository.write("feeds/quotes.yaml", ignored);
    repository.commit();
    repository.write("feeds/quotes.yaml", "feed: quotes\nretention: 180 days\n");
    let ran = repository.lint(&["--base", "HEAD", "--new-only", "--format", "json"]);
    assert_eq!(new(&ran), [("feed quotes".to_owned(), true)]);
}

#[test]
fn a_finding_goes_along_with_what_is_moved_or_renamed() {
    let repository = repository("renamed");
    let feed = |name: &str| {
        let file = "file: { name: \"{date:%Y%m%d}_orders.json\", bucket: acme-landing, prefix: orders/ }\n";
        format!("feed: {name}\nretention: 180 days\n{file}consumers: [{{ team: Sales }}]\n")
    };
    repository.write("feeds/a/orders.yaml", feed("orders"));
    repository.write("sql/q.sql", "SELECT * FROM raw.orders WHERE\n");
    repository.commit();
    repository.remove("feeds/a/orders.yaml");
    repository.remove("sql/q.sql");
    repository.write("feeds/sales/orders.yaml", feed("sales_orders"));
    repository.write("sql/sales/q.sql", "SELECT * FROM raw.orders WHERE\n");
    let ran = repository.lint(&["--base", "HEAD", "--format", "json"]);
    let found = new(&ran);
    assert!(found.contains(&("feed sales_orders".to_owned(), false)), "{found:?}");
    assert!(found.iter().any(|(subject, _)| subject.contains("sql/sales/q.sql")), "{found:?}");
    assert!(found.iter().all(|(_, is_new)| !is_new), "{found:?}");
}

#[test]
fn what_the_configuration_says_wrongly_is_new_once() {
    let repository = repository("configuration");
    repository.commit();
    repository.write("feedgate.yaml", "version: 1\nrules: { mising-owner: error, missing-schema: off }\n");
    let lint = || repository.lint(&["--base", "HEAD", "--new-only", "--only", "invalid-config", "--format", "json"]);
    assert_eq!(new(&lint()), [("file feedgate.yaml".to_owned(), true)]);
    repository.commit();
    repository.write("feeds/b/trades.yaml", "feed: trades\nretention: 90 days\n");
    assert_eq!(new(&lint()), []);
}

/// A rule that is made stricter speaks of what was there before: that is no news of the feeds.
#[test]
fn the_base_is_judged_by_the_rules_of_the_head() {
    let repository = repository("stricter");
    repository.commit();
    repository.write("feedgate.yaml", "version: 1\nrules: { missing-schema: error, missing-owner: off }\n");
    let ran = repository.lint(&["--base", "HEAD", "--format", "json"]);
    assert_eq!(new(&ran), [("feed orders".to_owned(), false), ("feed trades".to_owned(), false)]);
}
