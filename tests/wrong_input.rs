//! Input that cannot be right: each is told what is wrong and what to do, and none of it is waited for.
#![cfg(unix)]
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "these tests make repositories and run the binary on them"
)]

#[path = "common/git.rs"]
mod git;

use git::{Ran, Repository};

/// Runs it with nothing to read from; it has to end with 2 and to say all this.
fn refused(repository: &Repository, arguments: &[&str], parts: &[&str]) {
    let ran = Ran::of(repository.feedgate(arguments).stdin(std::process::Stdio::null()));
    assert_eq!(ran.code, Some(2), "{arguments:?}: {}{}", ran.stdout, ran.stderr);
    for part in parts {
        assert!(ran.stderr.contains(part), "{arguments:?}: `{part}` is not in\n{}", ran.stderr);
    }
}

#[test]
fn a_configuration_that_cannot_be_read_is_not_left_out() {
    let repository = Repository::new("wrong-configuration");
    repository.write("feeds/orders.yaml", "feed: orders\n");
    let commands: [&[&str]; 5] = [&["lint"], &["estimate"], &["inventory"], &["graph"], &["check-file", "--calendar", "orders"]];
    let cases: [(&[u8], &str); 3] = [
        (b"version: 1\n# caf\xe9\n", "not UTF-8: no character begins at byte 6 of line 2"),
        (b"\xff\xfev\0e\0r\0s\0i\0o\0n\0", "it is UTF-16: save it as UTF-8"),
        (b"version: 1\0\n", "not text: byte 11 of line 1 is NUL"),
    ];
    for (content, why) in cases {
        repository.write("feedgate.yaml", content);
        for command in commands {
            refused(&repository, command, &["cannot read the configuration `feedgate.yaml`", why, "help: "]);
        }
    }
}

#[test]
fn a_pipe_that_nobody_may_ever_write_to_is_not_waited_for() {
    let repository = Repository::new("wrong-pipe");
    let made = repository.shell("mkfifo pipe.json .pre-commit-config.yaml", &[]);
    assert_eq!(made.code, Some(0), "{}", made.stderr);
    let add = ["add-feed", "orders", "--sample", "pipe.json", "--cadence", "daily", "--volume", "1", "--owner", "desk"];
    let commands: [&[&str]; 5] =
        [&["check-file", "pipe.json"], &["comment", "--from", "pipe.json"], &["lint", "--plan", "pipe.json"], &add, &["init"]];
    for command in commands {
        refused(&repository, command, &["it is neither a file nor a folder"]);
    }
}

#[test]
fn what_is_not_there_is_told_from_where_it_was_looked_for() {
    let repository = Repository::new("wrong-place");
    let here = format!("help: a path is relative to the current directory, `{}`", repository.0.display());
    refused(&repository, &["lint", "feeds/gone.yaml"], &["cannot find `feeds/gone.yaml`", &here]);
}

#[test]
fn a_name_that_is_no_text_is_a_name_of_a_delivered_file() {
    use std::os::unix::ffi::OsStrExt as _;
    let repository = Repository::new("wrong-name");
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.json");
    std::fs::write(repository.0.join(name), "{}\n").expect("the folder is ours");
    let ran = Ran::of(repository.feedgate(&["check-file"]).arg(name));
    assert_eq!(ran.code, Some(1), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("error no feed takes a file named"), "{}", ran.stdout);
}

#[test]
fn an_estimate_of_no_query_says_what_was_read() {
    let repository = Repository::new("wrong-estimate");
    repository.write("feeds/orders.yaml", "feed: orders\nowner: desk@example.com\n");
    let ran = Ran::of(&mut repository.feedgate(&["estimate"]));
    assert_eq!(ran.stdout, "no query to estimate (read 1 file: 1 feed)\n", "{}", ran.stderr);
}
