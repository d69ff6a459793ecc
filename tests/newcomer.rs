//! The way of a newcomer, as the README tells it: from a repository with a pipeline in Terraform to the comment on its first
//! pull request. What the README says is what is run.
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

use act::{Zone, root};
use git::Repository;
use github::TOKEN;
use std::fs;
use std::path::{Path, PathBuf};

/// A repository with a bucket, a trigger, a workflow and tables, and a file as it is delivered; no feed is defined.
const PIPELINE: &str = "tests/newcomer/pipeline";

/// The first block in this language below a heading of a page.
fn block(page: &str, heading: &str, language: &str) -> String {
    let text = fs::read_to_string(root().join(page)).expect("the page is committed");
    let (_, section) = text.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("{page} has no `{heading}`"));
    let (_, block) = section.split_once(&format!("\n```{language}\n")).expect("the section has a block");
    block.split_once("\n```\n").expect("the block ends").0.to_owned()
}

/// What stands in for the programs that get something from elsewhere: cargo, which has built the binary already, and
/// pre-commit, in whose place the hook of plain git is installed. How both install is tested in `tests/hooks.rs`.
fn tools(repository: &Repository) -> PathBuf {
    let refuse = "echo \"no command of ours: $*\" >&2; exit 1";
    let install = format!("install --locked --git {}", env!("CARGO_PKG_REPOSITORY"));
    let hook = block("docs/hooks.md", "## Plain git", "sh");
    let cargo = format!("#!/bin/sh\n[ \"$*\" = '{install}' ] || {{ {refuse}; }}\n");
    let write = format!("cat > .git/hooks/pre-commit <<'END'\n{hook}\nEND\nchmod +x .git/hooks/pre-commit");
    let pre_commit = format!("#!/bin/sh\n[ \"$*\" = install ] || {{ {refuse}; }}\n{write}\n");
    for (name, script) in [("cargo", cargo), ("pre-commit", pre_commit)] {
        repository.write(&format!(".git/tools/{name}"), script);
    }
    let ran = repository.shell("chmod +x .git/tools/*", &[]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    repository.0.join(".git/tools")
}

/// The repository of the pipeline, and a clone in which the commands of the README were run.
fn led_by_the_readme() -> (Repository, Repository) {
    let origin = Repository::new("newcomer-origin");
    origin.copy(PIPELINE);
    origin.commit();
    let clone = origin.clone_with("newcomer", &[]);
    let binary = Path::new(env!("CARGO_BIN_EXE_feedgate")).parent().expect("it lies in a folder");
    let ran = clone.shell(&block("README.md", "## In your own repository", "sh"), &[&tools(&clone), binary]);
    assert_eq!(ran.code, Some(0), "{}\n{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("\nno findings; "), "{}", ran.stdout);
    (origin, clone)
}

#[test]
fn the_readme_leads_from_a_pipeline_to_the_comment() {
    let (origin, clone) = led_by_the_readme();
    let variables = fs::read_to_string(clone.0.join("infra/main.tf")).expect("it is there");
    let entry = "    orders = {
      bucket            = \"acme-landing\"
      dataset           = \"raw\"
      partition_field   = \"order_date\"
      write_disposition = \"WRITE_APPEND\"
    }
  }
}
";
    assert!(variables.contains(entry), "the map has no entry for the new table: {variables}");
    origin.git(&["branch", "topic", "feedgate"]);
    let zone = Zone::of(origin, "newcomer");
    zone.merge();
    let workflow = clone.0.join(".github/workflows/feedgate.yml");
    let workflow = workflow.to_str().expect("our folders are UTF-8");
    let executed = zone.run(workflow, &zone.pull_request(false), TOKEN, 100);
    assert!(executed.is_good, "{}", executed.text);
    let comments = zone.stand_in.comments();
    let [comment] = comments.as_slice() else { panic!("{comments:#?}") };
    for part in [format!("head={} ", zone.head()), "new `orders`".to_owned(), "raw.orders".to_owned()] {
        assert!(comment.contains(&part), "`{part}` is not in\n{comment}");
    }
    assert!(!executed.text.contains("ghs_"), "a token was printed");
    zone.stand_in.assert_described();
}
