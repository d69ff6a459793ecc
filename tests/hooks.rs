//! The hooks as a user has them: pre-commit and prek install them from a repository with our files, by a wheel that is built
//! from source and by `cargo install`, and run them on commits of a scratch repository.
//!
//! The peers come from PyPI and are installed below `target/hooks` on the first run, with what they build.
#![cfg(unix)]
#![expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "these tests install and run hooks")]

#[path = "common/git.rs"]
mod git;
#[path = "common/python.rs"]
mod python;

use git::Repository;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const PEERS: &str = "pre-commit==4.7.0\nprek==0.5.11";

/// What of this repository a hook is installed from.
const PARTS: [&str; 12] = [
    ".pre-commit-hooks.yaml",
    "Cargo.lock",
    "Cargo.toml",
    "README.md",
    "benches",
    "build.rs",
    "examples",
    "feed.schema.json",
    "feedgate.schema.json",
    "pyproject.toml",
    "rules",
    "src",
];

struct Place {
    /// Where the peers are.
    bin: PathBuf,
    /// The repository that hooks are installed from, and its commit.
    hooks: Repository,
    commit: String,
}

/// Made once, and left as it is while our files stay as they are, so that what is installed from it lasts.
fn place() -> &'static Place {
    static PLACE: OnceLock<Place> = OnceLock::new();
    PLACE.get_or_init(|| {
        let folder = python::folder("hooks");
        let python = python::environment(&folder, PEERS);
        let hooks = Repository(folder.join("repository"));
        fs::create_dir_all(&hooks.0).expect("the target folder is ours");
        hooks.git(&["init", "--quiet", "."]);
        for part in PARTS {
            copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(part), &hooks.0.join(part));
        }
        hooks.git(&["add", "--all"]);
        if !hooks.git(&["status", "--porcelain"]).is_empty() {
            hooks.commit();
        }
        let commit = hooks.git(&["rev-parse", "HEAD"]);
        share_crates(&folder);
        Place { bin: python.parent().expect("it lies in a folder").to_owned(), hooks, commit }
    })
}

/// prek gives cargo a home of its own, which would be filled anew, and from which everything would be built anew. It leads to
/// the one that there is, and all ways of installation go by it, so that each dependency is built once.
fn share_crates(folder: &Path) {
    let own = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let own = own.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo"))).expect("cargo runs this test");
    let shared = cargo_home(folder);
    fs::create_dir_all(shared.parent().expect("it lies in a folder")).expect("the target folder is ours");
    if fs::read_link(&shared).is_ok_and(|target| target == own) {
        return;
    }
    let _ = fs::remove_dir_all(&shared);
    let _ = fs::remove_file(&shared);
    std::os::unix::fs::symlink(own, shared).expect("the target folder is ours");
}

/// Where prek looks for the home of cargo.
fn cargo_home(folder: &Path) -> PathBuf {
    folder.join("prek/cache/cargo")
}

fn copy(from: &Path, to: &Path) {
    if !from.is_dir() {
        fs::copy(from, to).expect("ours");
        return;
    }
    let _ = fs::remove_dir_all(to);
    fs::create_dir_all(to).expect("ours");
    for entry in fs::read_dir(from).expect("ours") {
        let entry = entry.expect("ours");
        copy(&entry.path(), &to.join(entry.file_name()));
    }
}

/// A command with the peers on its path. What they build goes to one folder and is not optimised: it is built for the test.
fn with_peers(command: &mut Command) -> &mut Command {
    let folder = python::folder("hooks");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let paths = [place().bin.clone(), Path::new(env!("CARGO_BIN_EXE_feedgate")).parent().expect("a folder").to_owned()];
    let path = std::env::join_paths(paths.into_iter().chain(std::env::split_paths(&path))).expect("these are paths");
    let profile = [("LTO", "off"), ("CODEGEN_UNITS", "16"), ("OPT_LEVEL", "0"), ("STRIP", "none"), ("DEBUG", "0")];
    command.envs(profile.map(|(name, value)| (format!("CARGO_PROFILE_RELEASE_{name}"), value)));
    for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "VIRTUAL_ENV"] {
        command.env_remove(name);
    }
    command
        .env("PATH", path)
        .env("CARGO_HOME", cargo_home(&folder))
        .env("CARGO_TARGET_DIR", folder.join("cargo"))
        .env("PRE_COMMIT_HOME", folder.join("pre-commit"))
        .env("PREK_HOME", folder.join("prek"))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .envs(["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_NAME"), "demo")))
        .envs(["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_EMAIL"), "demo@example.com")))
}

const FEED: &str =
    "feed: orders\nowner: desk@example.com\nfile: { name: \"orders_{date:%Y%m%d}.json\" }\nschema: { type: object }\n";

/// A repository of one feed that has this hook, and whatever `git commit` runs installed by this peer.
fn scratch(name: &str, peer: &str, hook: &str) -> Repository {
    let Place { hooks, commit, .. } = place();
    let repository = Repository::new(name);
    let source = hooks.0.display();
    let config = format!("repos:\n  - repo: {source}\n    rev: {commit}\n    hooks: [{{ id: {hook} }}]\n");
    repository.write(".pre-commit-config.yaml", config);
    repository.write("feeds/orders.yaml", FEED);
    repository.commit();
    python::run(
        with_peers(&mut Command::new(place().bin.join(peer))).args(["install", "--install-hooks"]).current_dir(&repository.0),
    );
    repository
}

/// Whether git makes a commit, and what is said.
fn commit(repository: &Repository) -> (bool, String) {
    let mut command = Command::new("git");
    let output =
        with_peers(command.args(["commit", "--message", "change"])).current_dir(&repository.0).output().expect("git runs");
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    (output.status.success(), said)
}

/// What every way has to do.
fn judges_what_is_staged(repository: &Repository) {
    repository.write("feeds/orders.yaml", FEED.replace("type: object", "type: objekt"));
    repository.write("feeds/second.yaml", FEED);
    repository.git(&["add", "feeds/orders.yaml"]);
    repository.write("feeds/orders.yaml", FEED.replace("desk@", "team@"));
    let (is_made, said) = commit(repository);
    assert!(!is_made && said.contains("feeds/orders.yaml:4"), "what is staged is wrong: {said}");
    assert!(!said.contains("duplicate-feed"), "what git does not know is not judged: {said}");

    repository.git(&["add", "feeds/orders.yaml"]);
    repository.write("feeds/orders.yaml", "feed: [");
    let (is_made, said) = commit(repository);
    assert!(is_made, "what is staged is right: {said}");
    assert_eq!(fs::read_to_string(repository.0.join("feeds/orders.yaml")).expect("it is there"), "feed: [");

    repository.git(&["checkout", "--quiet", "feeds/orders.yaml"]);
    repository.git(&["add", "feeds/second.yaml"]);
    let (is_made, said) = commit(repository);
    assert!(!is_made && said.contains("duplicate-feed"), "the whole repository is read: {said}");

    repository.git(&["reset", "--quiet"]);
    repository.write("notes.txt", "nothing of ours");
    repository.git(&["add", "notes.txt"]);
    let (is_made, said) = commit(repository);
    assert!(is_made && said.contains("Skipped"), "other files are nobody's business: {said}");
}

#[test]
fn the_manifest_is_valid() {
    for peer in ["pre-commit", "prek"] {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml");
        python::run(with_peers(&mut Command::new(place().bin.join(peer))).arg("validate-manifest").arg(manifest));
    }
}

#[test]
fn pre_commit_and_prek_run_the_binary_that_is_installed() {
    for peer in ["pre-commit", "prek"] {
        judges_what_is_staged(&scratch(&format!("hooks-{peer}-system"), peer, "feedgate-system"));
    }
}

/// One test for all ways that build, because each finds built what those before have built.
#[test]
fn pre_commit_and_prek_install_the_hooks() {
    judges_what_is_staged(&scratch("hooks-pre-commit-python", "pre-commit", "feedgate"));
    judges_what_is_staged(&scratch("hooks-prek-python", "prek", "feedgate"));
    judges_what_is_staged(&scratch("hooks-pre-commit-rust", "pre-commit", "feedgate-src"));
    judges_what_is_staged(&scratch("hooks-prek-rust", "prek", "feedgate-src"));
}
