//! Runs the program `git`: in the work tree that holds the root, whoever owns it, and so that nothing but its own
//! configuration has a say in what it runs.

use crate::outside::Failure;
use crate::outside::root::repo_path;
use crate::text::RepoPath;
use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A work tree.
pub(super) struct Git {
    /// The folder that holds `.git`.
    pub(super) top: PathBuf,
    /// What leads from there to the folder that is linted: `examples/zone`; `None` when they are one.
    pub(super) below: Option<String>,
    /// The index, where another than that of the work tree is about to be committed.
    index: Option<PathBuf>,
}

/// What a run of git gave.
pub(super) struct Answer {
    pub(super) is_good: bool,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: String,
}

/// Settings that hold whatever a configuration says.
const SETTINGS: [(&str, &str); 3] = [
    // Containers of workflows run as another user than the one who cloned.
    ("safe.directory", "*"),
    // Folders of the tree may look like a repository, with a configuration that names programs.
    ("safe.bareRepository", "explicit"),
    ("core.fsmonitor", "false"),
];

/// Variables that point git elsewhere; those who run us from a hook set them for the folder that the hook is run in.
const ELSEWHERE: [&str; 5] = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"];

impl Git {
    /// The work tree around `root`.
    pub(super) fn around(root: &Path) -> Result<Git, Failure> {
        let help = "run feedgate in a clone, or leave out `--base` and `--staged`";
        let nowhere = || Failure::new(format!("`{}` lies in no git repository", root.display())).help(help);
        let top = top(root).ok_or_else(nowhere)?;
        let below = below(top, root).map(|path| path.to_string());
        let git = Git { top: top.to_owned(), below, index: None };
        let answer = git.run(&["rev-parse", "--git-dir"])?;
        match answer.is_good {
            true => Ok(git),
            false => Err(nowhere().source(Words(answer.stderr))),
        }
    }

    /// The same with the index of the commit that is being made, where we run in a hook: `git commit --all` and
    /// `git commit FILE` put it beside that of the work tree. One of another repository is left alone.
    pub(super) fn with_index_of_hook(self) -> Result<Git, Failure> {
        let Some(index) = env::var_os("GIT_INDEX_FILE").map(|name| self.top.join(name)) else { return Ok(self) };
        let of_git = self.line(&["rev-parse", "--absolute-git-dir"])?.and_then(|folder| fs::canonicalize(folder).ok());
        let is_ours = fs::canonicalize(&index).is_ok_and(|index| of_git.is_some_and(|folder| index.starts_with(folder)));
        Ok(Git { index: Some(index).filter(|_| is_ours), ..self })
    }

    /// Runs git to its end. That it is not content is an answer; that it cannot be run is a failure.
    pub(super) fn run(&self, arguments: &[&str]) -> Result<Answer, Failure> {
        self.run_with(arguments, &[])
    }

    /// The same with settings that must not be seen among the arguments of a process.
    pub(super) fn run_with(&self, arguments: &[&str], settings: &[(&str, &str)]) -> Result<Answer, Failure> {
        let mut command = self.command_with(arguments, settings);
        let output = command.stdin(Stdio::null()).output().map_err(|error| cannot_run(&error))?;
        let stderr = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Ok(Answer { is_good: output.status.success(), stdout: output.stdout, stderr })
    }

    /// The same where git has to be content.
    pub(super) fn bytes(&self, arguments: &[&str]) -> Result<Vec<u8>, Failure> {
        let answer = self.run(arguments)?;
        match answer.is_good {
            true => Ok(answer.stdout),
            false => Err(Failure::new(format!("`git {}` failed", arguments.join(" "))).source(Words(answer.stderr))),
        }
    }

    /// The first line of what git says; `None` where it is not content.
    pub(super) fn line(&self, arguments: &[&str]) -> Result<Option<String>, Failure> {
        let answer = self.run(arguments)?;
        let text = String::from_utf8_lossy(&answer.stdout);
        Ok(text.lines().next().filter(|line| answer.is_good && !line.is_empty()).map(str::to_owned))
    }

    /// git with these arguments, ready to be started.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        self.command_with(arguments, &[])
    }

    fn command_with(&self, arguments: &[&str], settings: &[(&str, &str)]) -> Command {
        let mut command = Command::new("git");
        command.args(arguments).current_dir(&self.top);
        for name in ELSEWHERE {
            command.env_remove(name);
        }
        command.envs(self.index.iter().map(|index| ("GIT_INDEX_FILE", index)));
        let n_set = env::var("GIT_CONFIG_COUNT").ok().and_then(|count| count.parse::<usize>().ok()).unwrap_or(0);
        for ((name, value), number) in SETTINGS.iter().chain(settings).zip(n_set..) {
            command.env(format!("GIT_CONFIG_KEY_{number}"), name).env(format!("GIT_CONFIG_VALUE_{number}"), value);
        }
        command
            .env("GIT_CONFIG_COUNT", (n_set + SETTINGS.len() + settings.len()).to_string())
            .env("GIT_LITERAL_PATHSPECS", "1")
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C");
        command
    }
}

pub(super) fn cannot_run(error: &std::io::Error) -> Failure {
    let failure = Failure::new("cannot run `git`").source(Words(error.to_string()));
    match error.kind() {
        ErrorKind::NotFound => failure.help("install git, or leave out `--base` and `--staged`"),
        _ => failure,
    }
}

/// The folder around `root` that holds `.git`. Found here and not by git, which would take a folder of the tree for a
/// repository if it looks like one.
pub(super) fn top(root: &Path) -> Option<&Path> {
    root.ancestors().find(|folder| fs::symlink_metadata(folder.join(".git")).is_ok())
}

/// What leads from there to `root`; `None` where they are one.
pub(super) fn below(top: &Path, root: &Path) -> Option<RepoPath> {
    repo_path(root.strip_prefix(top).expect("an ancestor leads here")).ok()
}

/// What a program said.
#[derive(Debug)]
pub(super) struct Words(pub(super) String);

impl std::fmt::Display for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Words {}
