//! Repositories that tests make with the program `git`, each in a folder of its own that is gone afterwards.
#![allow(dead_code, reason = "each test uses a part of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

pub(crate) struct Repository(pub(crate) PathBuf);

impl Repository {
    /// An empty folder, and no repository yet.
    pub(crate) fn folder(name: &str) -> Repository {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("git-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("the target folder is ours");
        Repository(fs::canonicalize(path).expect("it was just made"))
    }

    /// A repository on the branch `main`, with one empty commit.
    pub(crate) fn new(name: &str) -> Repository {
        let repository = Repository::folder(name);
        repository.git(&["init", "--quiet", "."]);
        repository.git(&["symbolic-ref", "HEAD", "refs/heads/main"]);
        repository.git(&["commit", "--quiet", "--allow-empty", "--message", "start"]);
        repository
    }

    /// `main` with `feeds/orders.yaml` and `feeds/quotes.yaml`, `topic` with `feeds/trades.yaml` from before the second, and what
    /// merging would give on `merge`, which is checked out. `feed` is the text of each.
    pub(crate) fn with_pull_request(name: &str, feed: impl Fn(&str) -> String) -> Repository {
        let repository = Repository::new(name);
        let add = |name: &str| {
            repository.write(&format!("feeds/{name}.yaml"), feed(name));
            repository.commit();
        };
        add("orders");
        repository.git(&["checkout", "--quiet", "-b", "topic"]);
        add("trades");
        repository.git(&["checkout", "--quiet", "main"]);
        add("quotes");
        repository.git(&["checkout", "--quiet", "-b", "merge"]);
        repository.git(&["merge", "--quiet", "--no-ff", "--message", "merge", "topic"]);
        repository
    }

    /// A clone beside it, made with these options; the remote is reached as if it lay elsewhere.
    pub(crate) fn clone_with(&self, name: &str, options: &[&str]) -> Repository {
        let clone = Repository::folder(name);
        let address = format!("file://{}", self.0.display());
        clone.git(&[&["clone", "--quiet"], options, &[&address, "."]].concat());
        clone
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().expect("a path below the folder")).expect("the folder is ours");
        fs::write(path, content).expect("the folder is ours");
    }

    /// Puts what lies in a folder of ours into this one.
    pub(crate) fn copy(&self, folder: &str) {
        self.copy_into(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), "");
    }

    fn copy_into(&self, from: &Path, to: &str) {
        for entry in fs::read_dir(from).expect("it is committed") {
            let entry = entry.expect("it is committed");
            let target = format!("{to}{}", entry.file_name().to_string_lossy());
            match entry.path().is_dir() {
                true => self.copy_into(&entry.path(), &format!("{target}/")),
                false => self.write(&target, fs::read(entry.path()).expect("it is committed")),
            }
        }
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.0.join(path)).expect("it is there");
    }

    /// Commits everything; the id of the commit.
    pub(crate) fn commit(&self) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", "more"]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Runs git, which has to be content; what it says.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let output = git(arguments).current_dir(&self.0).output().expect("git is installed");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {arguments:?}: {stderr}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Runs a script in this folder, as somebody who finds these folders first on the path and answers no questions.
    pub(crate) fn shell(&self, script: &str, tools: &[&Path]) -> Ran {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = tools.iter().map(|tool| tool.to_path_buf()).chain(std::env::split_paths(&path));
        let mut command = Command::new("sh");
        forget_the_place(&mut command);
        as_nobody(&mut command);
        command.args(["-e", "-u", "-c", script]).current_dir(&self.0).stdin(Stdio::null());
        Ran::of(command.env("PATH", std::env::join_paths(folders).expect("these are paths")))
    }

    /// The binary in this folder, in an environment that says nothing of where the tests run.
    pub(crate) fn feedgate(&self, arguments: &[&str]) -> Command {
        let mut command = self.program(env!("CARGO_BIN_EXE_feedgate"));
        command.args(arguments);
        command
    }

    /// A program in this folder, in the same environment.
    pub(crate) fn program(&self, name: &str) -> Command {
        let mut command = Command::new(name);
        command.current_dir(&self.0);
        forget_the_place(&mut command);
        command
    }

    pub(crate) fn lint(&self, arguments: &[&str]) -> Ran {
        Ran::of(&mut self.feedgate(&[&["lint"], arguments].concat()))
    }
}

impl Drop for Repository {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What a run of the binary said.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    pub(crate) fn of(command: &mut Command) -> Ran {
        let Output { status, stdout, stderr } = command.output().expect("the binary runs");
        let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
        Ran { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
    }
}

/// git as nobody in particular.
fn git(arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    forget_the_place(&mut command);
    as_nobody(&mut command);
    command.args(["-c", "protocol.file.allow=always"]).args(arguments);
    command
}

fn as_nobody(command: &mut Command) {
    for (name, value) in [("NAME", "demo"), ("EMAIL", "demo@example.com"), ("DATE", "2026-08-21T09:00:00Z")] {
        command.env(format!("GIT_AUTHOR_{name}"), value).env(format!("GIT_COMMITTER_{name}"), value);
    }
}

/// Takes out what the surroundings of the tests say, and keeps git from looking above the folders of tests.
fn forget_the_place(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        let is_of_place = ["GITHUB_", "GIT_"].iter().any(|prefix| name.starts_with(prefix));
        if is_of_place || ["CI", "NO_COLOR", "COLUMNS", "TERM", "CLICOLOR_FORCE"].contains(&name.as_str()) {
            command.env_remove(name);
        }
    }
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
}
