//! The revision that the working tree is compared with, in every state a clone can be in. Every test makes a real
//! repository of its own.
#![cfg(unix)]
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "these tests make repositories and run the binary on them"
)]

#[path = "common/git.rs"]
mod git;

use feedgate::outside::git::{Base, base};
use feedgate::outside::worktree::{Limits, read_tree};
use feedgate::{Tree, Unread};
use git::{Ran, Repository};
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::Arc;

const LIMITS: fn() -> Limits = || Limits { file: 1000, sample: 20, ..Limits::default() };

/// Path and content, or why it was not read.
fn shown(tree: &Tree) -> Vec<(String, Result<Arc<str>, Unread>)> {
    tree.files.iter().map(|file| (file.path.to_string(), file.content.clone())).collect()
}

fn texts(tree: &Tree) -> Vec<(String, String)> {
    shown(tree)
        .into_iter()
        .map(|(path, content)| (path, content.map_or_else(|why| why.to_string(), |text| text.to_string())))
        .collect()
}

/// The base of the working tree below a folder, as it is read from git's objects.
fn base_of(root: &Path, name: &str) -> Tree {
    let head = read_tree(root, LIMITS()).expect("the folder can be read");
    match base(root, name, &head, LIMITS(), None) {
        Ok(Base::There(_, tree)) => tree,
        Ok(Base::Missing { why, .. }) => panic!("{why}"),
        Err(failure) => panic!("{failure}"),
    }
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

/// A repository of feeds: nobody owns `orders`, which is a warning.
fn feeds(name: &str) -> Repository {
    let repository = Repository::new(name);
    repository.write("feedgate.yaml", "version: 1\n");
    repository.write("feeds/orders.yaml", feed("orders"));
    repository.commit();
    repository
}

/// A feed that nobody owns.
fn feed(name: &str) -> String {
    format!("feed: {name}\nretention: 180 days\n")
}

const OWNED: &str = "feed: orders\nretention: 180 days\nowner: sales@example.com\n";

/// `added feed trades`, one for each change.
fn changes(report: &serde_json::Value) -> Vec<String> {
    let word = |value: &serde_json::Value| value.as_str().unwrap_or("?").to_owned();
    let change = |change: &serde_json::Value| format!("{} {}", word(&change["kind"]), word(&change["subject"]));
    report["changes"].as_array().into_iter().flatten().map(change).collect()
}

fn json(ran: &Ran) -> serde_json::Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}", ran.stderr))
}

/// Everything that can happen to a file, in two commits.
fn eventful(name: &str) -> Repository {
    let repository = Repository::new(name);
    for path in ["same.yaml", "changed.yaml", "gone.yaml", "a/moved.yaml", "a b/é\n.yaml", "not-ours.txt", ".hidden.yaml"] {
        repository.write(path, format!("base of {path}\n"));
    }
    repository.write(".feedgate/rules/f/x.md", "base\n");
    repository.write("becomes-text.yaml", b"a: \0\n");
    repository.write("large-before.yaml", "x".repeat(1001));
    repository.write("sample.ndjson", "{\"a\":1}\n{\"a\":22}\n{\"a\":333}\n");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(b"{\"a\":1}\n{\"a\":22}\n{\"a\":333}\n").expect("memory takes it");
    repository.write("packed.json.gz", packed.finish().expect("memory takes it"));
    for (target, path) in [
        ("changed.yaml", "link.yaml"),
        ("same.yaml", "relinked.yaml"),
        ("link.yaml", "chain.yaml"),
        ("not-ours.txt", "to-text.yaml"),
        ("/etc/passwd", "out.yaml"),
        ("nowhere.yaml", "broken.yaml"),
        ("a", "folder"),
    ] {
        symlink(target, repository.0.join(path)).expect("the folder is ours");
    }
    repository.commit();
    repository.write("changed.yaml", "head\n");
    repository.write("becomes-text.yaml", "a: b\n");
    repository.write("large-before.yaml", "x");
    repository.write("sample.ndjson", "{\"b\":1}\n");
    repository.write("packed.json.gz", "no longer packed");
    repository.write("not-ours.txt", "head\n");
    repository.write("new.yaml", "head\n");
    repository.write(".feedgate/rules/f/x.md", "head\n");
    repository.remove("gone.yaml");
    repository.remove("relinked.yaml");
    symlink("new.yaml", repository.0.join("relinked.yaml")).expect("the folder is ours");
    repository.git(&["mv", "a/moved.yaml", "a/b.yaml"]);
    repository
}

#[test]
fn the_base_is_what_a_checkout_of_it_would_give() {
    let repository = eventful("checkout");
    let checkout = Repository::folder("checkout-of-base");
    repository.git(&["worktree", "add", "--quiet", "--force", &checkout.0.display().to_string(), "HEAD"]);
    let expected = shown(&read_tree(&checkout.0, LIMITS()).expect("the folder can be read"));
    // What changed is still to be committed, and then it is.
    assert_eq!(shown(&base_of(&repository.0, "HEAD")), expected);
    repository.commit();
    assert_eq!(shown(&base_of(&repository.0, "HEAD~1")), expected);
    // The links lead where they led.
    let of_base = base_of(&repository.0, "HEAD~1");
    let content = |path: &str| texts(&of_base).into_iter().find(|(of, _)| of == path).map(|(_, text)| text);
    for path in ["changed.yaml", "link.yaml", "chain.yaml"] {
        assert_eq!(content(path).as_deref(), Some("base of changed.yaml\n"), "{path}");
    }
}

#[test]
fn the_base_is_the_last_common_commit() {
    let repository = feeds("common");
    repository.git(&["checkout", "--quiet", "-b", "topic"]);
    repository.write("feeds/orders.yaml", OWNED);
    repository.commit();
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write("feeds/orders.yaml", feed("renamed"));
    repository.commit();
    repository.git(&["checkout", "--quiet", "topic"]);
    let expected = [("feedgate.yaml", "version: 1\n"), ("feeds/orders.yaml", &*feed("orders"))];
    assert_eq!(texts(&base_of(&repository.0, "main")), pairs(&expected));
}

#[test]
fn what_is_not_committed_is_the_head() {
    let repository = feeds("uncommitted");
    repository.write("feeds/orders.yaml", OWNED);
    repository.write("feeds/untracked.yaml", feed("untracked"));
    repository.write("staged.yaml", "a: 1\n");
    repository.git(&["add", "staged.yaml"]);
    let report = json(&repository.lint(&["--base", "HEAD", "--format", "json"]));
    assert_eq!(changes(&report), ["modified feed orders", "added feed untracked"]);
    let expected = [("feedgate.yaml", "version: 1\n"), ("feeds/orders.yaml", &*feed("orders"))];
    assert_eq!(texts(&base_of(&repository.0, "HEAD")), pairs(&expected));
}

#[test]
fn a_clean_working_tree_is_its_own_base() {
    let repository = feeds("clean");
    let report = json(&repository.lint(&["--base", "HEAD", "--format", "json"]));
    assert_eq!(changes(&report), [""; 0]);
    assert_eq!(report["findings"][0]["new"], false);
    assert_eq!(report["base"], serde_json::json!({"revision": "HEAD", "commit": repository.git(&["rev-parse", "HEAD"])}));
}

#[test]
fn what_git_tracks_is_read_whatever_an_ignore_file_says() {
    let repository = Repository::new("ignored");
    for path in ["build/a.yaml", "gone.tfvars", "let-go.tfvars", "deep/er/y.tfvars", "node_modules/x/package.json"] {
        repository.write(path, "base\n");
    }
    repository.commit();
    repository.write(".gitignore", "build/\n*.tfvars\n");
    repository.write("build/a.yaml", "head\n");
    repository.write("build/untracked.yaml", "head\n");
    repository.remove("gone.tfvars");
    repository.git(&["rm", "--quiet", "--cached", "let-go.tfvars"]);
    let head = read_tree(&repository.0, LIMITS()).expect("the folder can be read");
    assert_eq!(texts(&head), pairs(&[("build/a.yaml", "head\n"), ("deep/er/y.tfvars", "base\n")]));
    let of_base = ["build/a.yaml", "deep/er/y.tfvars", "gone.tfvars", "let-go.tfvars"].map(|path| (path, "base\n"));
    assert_eq!(texts(&base_of(&repository.0, "HEAD")), pairs(&of_base));
}

#[test]
fn a_tracked_path_is_not_read_over_a_link_to_a_folder() {
    let repository = Repository::new("ignored-link");
    repository.write("a/x.yaml", "base\n");
    repository.write("other/x.yaml", "other\n");
    repository.commit();
    repository.remove("a/x.yaml");
    fs::remove_dir(repository.0.join("a")).expect("it is empty");
    symlink("other", repository.0.join("a")).expect("the folder is ours");
    let head = read_tree(&repository.0, LIMITS()).expect("the folder can be read");
    assert_eq!(texts(&head), pairs(&[("other/x.yaml", "other\n")]));
}

#[test]
fn a_root_below_the_top_sees_only_what_is_its_own() {
    let repository = Repository::new("below");
    repository.write("zone/feeds/a.yaml", "base\n");
    repository.write("zone/same.yaml", "same\n");
    repository.write("other/b.yaml", "base\n");
    symlink("../../other/b.yaml", repository.0.join("zone/feeds/out.yaml")).expect("the folder is ours");
    repository.commit();
    repository.write("zone/feeds/a.yaml", "head\n");
    repository.write("other/b.yaml", "head\n");
    let out = Unread::Link.to_string();
    let expected = [("feeds/a.yaml", "base\n"), ("feeds/out.yaml", out.as_str()), ("same.yaml", "same\n")];
    assert_eq!(texts(&base_of(&repository.0.join("zone"), "HEAD")), pairs(&expected));
    repository.write("new/a.yaml", "head\n");
    assert_eq!(texts(&base_of(&repository.0.join("new"), "HEAD")), [], "the folder is new");
}

#[test]
fn a_linked_work_tree_is_a_repository_like_any_other() {
    let repository = feeds("linked");
    let linked = Repository::folder("linked-tree");
    repository.git(&["worktree", "add", "--quiet", "--force", "-b", "topic", &linked.0.display().to_string()]);
    linked.write("feeds/orders.yaml", OWNED);
    linked.write("feeds/trades.yaml", feed("trades"));
    let report = json(&linked.lint(&["--base", "main", "--format", "json"]));
    assert_eq!(changes(&report), ["modified feed orders", "added feed trades"]);
    assert_eq!(report["summary"]["new"], 2, "nobody owns it, and nothing says what is in it");
}

#[test]
fn the_contents_of_a_submodule_are_taken_as_they_are() {
    let inner = Repository::new("submodule-inner");
    inner.write("i.yaml", "first\n");
    inner.commit();
    let repository = Repository::new("submodule");
    repository.write("a.yaml", "base\n");
    repository.git(&["submodule", "--quiet", "add", &format!("file://{}", inner.0.display()), "sub"]);
    repository.commit();
    repository.write("a.yaml", "head\n");
    let unchanged = [("a.yaml", "base\n"), ("sub/i.yaml", "first\n")];
    assert_eq!(texts(&base_of(&repository.0, "HEAD")), pairs(&unchanged));
    repository.write("sub/i.yaml", "second\n");
    let sub = repository.0.join("sub").display().to_string();
    repository.git(&["-C", &sub, "commit", "--quiet", "--all", "--message", "second"]);
    let why = Unread::Submodule.to_string();
    let changed = [("a.yaml", "base\n"), ("sub", why.as_str()), ("sub/i.yaml", "second\n")];
    assert_eq!(texts(&base_of(&repository.0, "HEAD")), pairs(&changed));
    let ran = repository.lint(&["--base", "HEAD"]);
    assert!(ran.stdout.contains(&format!("file: as it was in the base: {why}: sub\n")), "{}", ran.stdout);
}

#[test]
fn what_lfs_keeps_elsewhere_is_said_and_not_read() {
    let repository = Repository::new("lfs");
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";
    repository.write("before.tf", pointer);
    repository.write("both.tf", pointer);
    repository.commit();
    repository.write("before.tf", "locals {}\n");
    let why = Unread::LfsPointer.to_string();
    let expected = [("before.tf", why.as_str()), ("both.tf", why.as_str())];
    assert_eq!(texts(&base_of(&repository.0, "HEAD")), pairs(&expected));
    let ran = repository.lint(&["--base", "HEAD"]);
    assert!(ran.stdout.contains(&format!("file: {why}: both.tf\n")), "{}", ran.stdout);
    assert!(ran.stdout.contains(&format!("file: as it was in the base: {why}: before.tf\n")), "{}", ran.stdout);
}

#[test]
fn a_shallow_clone_is_linted_and_told_what_to_set() {
    let repository = feeds("shallow");
    repository.git(&["checkout", "--quiet", "-b", "topic"]);
    repository.write("feeds/trades.yaml", feed("trades"));
    repository.commit();
    let clone = repository.clone_with("shallow-clone", &["--depth=1", "--branch=topic"]);
    let ran = clone.lint(&["--base", "main", "--fail-on", "warning"]);
    assert!(ran.stdout.contains("feed `trades` has no owner"), "{}", ran.stdout);
    let words = "base: it is not in this clone, which holds only the newest commits: set `fetch-depth: 0` where the repository is checked out, or let `feedgate lint --fetch-base` get it: main\n";
    assert!(ran.stdout.contains(words), "{}", ran.stdout);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""));
    let oldest = repository.git(&["rev-parse", "main"]);
    assert!(clone.lint(&["--base", &oldest]).stdout.contains("base: it is not in this clone"));
    assert_eq!(clone.lint(&["--base", "main", "--strict"]).code, Some(1), "what was not compared was not checked");
    // The branch is there, and not the commit in common.
    clone.git(&["fetch", "--quiet", "--depth=1", "origin", "main:refs/remotes/origin/main"]);
    let ran = clone.lint(&["--base", "origin/main"]);
    let words =
        "base: this clone does not go back to the commit that `origin/main` and `HEAD` have in common: set `fetch-depth: 0`";
    assert!(ran.stdout.contains(words), "{}", ran.stdout);
    assert_eq!(ran.code, Some(0));
    // Everything is shown where nothing can be told apart: a gate must not pass for that.
    assert!(clone.lint(&["--base", "origin/main", "--new-only"]).stdout.contains("feed `trades` has no owner"));
    clone.git(&["fetch", "--quiet", "--unshallow", "origin"]);
    assert!(clone.lint(&["--base", "origin/main"]).stdout.contains("; compared with origin/main at "));
}

#[test]
fn histories_that_never_met_are_not_compared() {
    let repository = feeds("unrelated");
    repository.git(&["checkout", "--quiet", "--orphan", "other"]);
    repository.commit();
    let ran = repository.lint(&["--base", "main"]);
    assert!(ran.stdout.contains("base: `main` and `HEAD` have no commit in common: main\n"), "{}", ran.stdout);
    assert_eq!(ran.code, Some(0));
}

#[test]
fn a_revision_that_there_is_not_ends_the_run() {
    let repository = feeds("unknown");
    repository.git(&["branch", "release/2026-11"]);
    repository.git(&["update-ref", "refs/remotes/origin/stable", "HEAD"]);
    let near = [("mian", "main"), ("release/2026-12", "release/2026-11"), ("stable", "origin/stable")];
    for (name, meant) in near {
        let ran = repository.lint(&["--base", name]);
        let expected = format!("failed: there is no revision `{name}` in this repository\n  help: did you mean `{meant}`?\n");
        assert_eq!((ran.code, ran.stderr, ran.stdout), (Some(2), expected, String::new()));
    }
    for name in ["nothing-like-it", "main:feedgate.yaml", "main..HEAD", "^main", "", "0123456789012345678901234567890123456789"] {
        let ran = repository.lint(&["--base", name]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{name}: {}", ran.stderr);
    }
}

#[test]
fn a_revision_is_never_an_option_of_git() {
    let repository = feeds("option");
    let marker = repository.0.join("marker");
    let program = format!("--upload-pack=touch {}", marker.display());
    let output = format!("--output={}", marker.display());
    for name in [program.as_str(), output.as_str(), "--all", "-h", "--git-dir"] {
        let ran = repository.lint(&[&format!("--base={name}")]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{name}");
        assert!(ran.stderr.starts_with(&format!("failed: there is no revision `{name}`")), "{}", ran.stderr);
    }
    assert!(!marker.exists());
}

#[test]
fn without_a_repository_or_without_git_there_is_no_base() {
    let folder = Repository::folder("no-repository");
    folder.write("feedgate.yaml", "version: 1\n");
    folder.write("feeds/orders.yaml", feed("orders"));
    // The folder of the tests may lie in a repository: a `.git` that is none keeps git from looking further.
    folder.write(".git", "nothing\n");
    let ran = folder.lint(&["--base", "main"]);
    let help = "help: run feedgate in a clone, or leave out `--base` and `--staged`\n";
    assert!(ran.stderr.contains("lies in no git repository") && ran.stderr.ends_with(help), "{}", ran.stderr);
    assert_eq!(ran.code, Some(2));
    let repository = feeds("no-git");
    let ran = Ran::of(repository.feedgate(&["lint", "--base", "main"]).env("PATH", ""));
    assert!(ran.stderr.starts_with("failed: cannot run `git`\n"), "{}", ran.stderr);
    assert!(ran.stderr.ends_with("help: install git, or leave out `--base` and `--staged`\n"), "{}", ran.stderr);
    assert_eq!(ran.code, Some(2));
    assert_eq!(Ran::of(repository.feedgate(&["lint"]).env("PATH", "")).code, Some(0));
}

#[test]
fn a_partial_clone_gets_what_is_missing_or_says_so() {
    let repository = feeds("partial");
    for number in 0..20 {
        repository.write(&format!("feeds/f{number}.yaml"), feed(&format!("f{number}")));
    }
    repository.commit();
    repository.write("feeds/f1.yaml", &(feed("f1") + "owner: a@example.com\n"));
    repository.remove("feeds/f2.yaml");
    repository.remove("feeds/f3.yaml");
    repository.commit();
    repository.git(&["config", "uploadpack.allowFilter", "true"]);
    repository.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
    let clone = repository.clone_with("partial-clone", &["--filter=blob:none"]);
    let report = json(&clone.lint(&["--base", "HEAD~1", "--format", "json"]));
    assert_eq!(changes(&report), ["modified feed f1", "removed feed f2", "removed feed f3"]);
    assert_eq!(report["skipped"], serde_json::json!([]));
    let cut_off = repository.clone_with("partial-cut-off", &["--filter=blob:none"]);
    cut_off.git(&["remote", "set-url", "origin", "file:///nowhere/at/all"]);
    let ran = cut_off.lint(&["--base", "HEAD~1"]);
    let words = format!("file: as it was in the base: {}: feeds/f1.yaml, feeds/f2.yaml, feeds/f3.yaml\n", Unread::NotInClone);
    assert!(ran.stdout.contains(&words), "{}", ran.stdout);
    assert_eq!(ran.code, Some(0));
}

#[test]
fn a_repository_of_another_user_is_read() {
    let repository = feeds("owner");
    let ran = Ran::of(repository.feedgate(&["lint", "--base", "HEAD"]).env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1"));
    assert!(ran.stdout.contains("compared with HEAD"), "{}", ran.stderr);
}

/// A folder with all that makes git take it for a repository, and a configuration that names a program.
#[test]
fn a_folder_that_looks_like_a_repository_is_not_asked() {
    let repository = feeds("disguised");
    let marker = repository.0.join("marker");
    let inner = repository.0.join("zone");
    fs::create_dir_all(inner.join("refs")).expect("the folder is ours");
    repository.write("zone/feedgate.yaml", "version: 1\n");
    repository.write("zone/orders.yaml", feed("orders"));
    repository.write("zone/HEAD", "ref: refs/heads/main\n");
    repository.write("zone/objects/info/x", "");
    let config = format!("[core]\n\tbare = true\n\tfsmonitor = \"touch {} #\"\n", marker.display());
    repository.write("zone/config", config);
    let ran = Ran::of(repository.feedgate(&["lint", "--base", "main"]).current_dir(&inner));
    assert!(ran.stdout.contains("compared with main"), "{}{}", ran.stdout, ran.stderr);
    assert!(!marker.exists());
}

#[test]
fn a_hook_of_another_repository_does_not_lead_astray() {
    let repository = feeds("hooked");
    let other = Repository::new("hooked-from");
    let git_dir = other.0.join(".git");
    let mut command = repository.feedgate(&["lint", "--base", "HEAD"]);
    command.env("GIT_DIR", &git_dir).env("GIT_INDEX_FILE", git_dir.join("index")).env("GIT_WORK_TREE", &other.0);
    let commit = repository.git(&["rev-parse", "--short=10", "HEAD"]);
    let ran = Ran::of(&mut command);
    assert!(ran.stdout.contains(&format!("compared with HEAD at {commit}")), "{}{}", ran.stdout, ran.stderr);
}

/// What a workflow of GitHub checks out for a pull request into `main`.
fn of_pull_request(clone: &Repository, arguments: &[&str]) -> Ran {
    let mut command = clone.feedgate(&[&["lint"], arguments].concat());
    Ran::of(command.env("GITHUB_BASE_REF", "main").env("GITHUB_REF", "refs/pull/7/merge"))
}

#[test]
fn a_pull_request_finds_its_base_by_itself() {
    let repository = Repository::with_pull_request("pull", feed);
    let clone = repository.clone_with("pull-whole", &["--branch=merge"]);
    let report = json(&of_pull_request(&clone, &["--format", "json"]));
    assert_eq!(changes(&report), ["added feed trades"]);
    let commit = repository.git(&["rev-parse", "main"]);
    assert_eq!(report["base"], serde_json::json!({"revision": "origin/main", "commit": commit}));
    // What is asked for goes first.
    let ran = of_pull_request(&clone, &["--base", "HEAD"]);
    assert!(ran.stdout.contains("compared with HEAD at "), "{}", ran.stdout);
    // With two commits the merge and its parents are there, and no branch.
    let two = repository.clone_with("pull-two", &["--depth=2", "--branch=merge", "--single-branch"]);
    let report = json(&of_pull_request(&two, &["--format", "json"]));
    assert_eq!(report["base"], serde_json::json!({"revision": "origin/main", "commit": commit}));
    assert_eq!(changes(&report), ["added feed trades"]);
}

#[test]
fn a_pull_request_without_its_base_is_linted_and_told_what_to_set() {
    let repository = Repository::with_pull_request("pull-shallow", feed);
    let one = repository.clone_with("pull-one", &["--depth=1", "--branch=merge", "--single-branch"]);
    let ran = of_pull_request(&one, &[]);
    let words = "base: the target of the pull request is not in this clone: set `fetch-depth: 0`";
    assert!(ran.stdout.contains(words) && ran.stdout.contains("feed `trades` has no owner"), "{}", ran.stdout);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let folder = Repository::folder("pull-no-repository");
    folder.write("feeds/orders.yaml", feed("orders"));
    folder.write(".git", "nothing\n");
    let ran = of_pull_request(&folder, &[]);
    assert!(ran.stdout.contains("lies in no git repository") && ran.stdout.contains("feed `orders`"), "{}", ran.stdout);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let ran = Ran::of(one.feedgate(&["lint"]).env("GITHUB_BASE_REF", "main").env("PATH", ""));
    assert!(ran.stdout.contains("base: cannot run `git`"), "{}", ran.stdout);
    assert_eq!(ran.code, Some(0));
    let push = Ran::of(one.feedgate(&["lint"]).env("GITHUB_BASE_REF", "").env("GITHUB_REF", "refs/heads/main"));
    assert!(!push.stdout.contains("base"), "{}", push.stdout);
}
