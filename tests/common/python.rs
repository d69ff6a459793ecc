//! Python packages that tests compare with, in an environment of their own below `target`. Panics when they cannot be had.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder below `target`, beside the temporary one that Cargo gives to tests.
pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it lies in the target folder").join(name)
}

/// The Python of an environment in `folder` with these packages, one a line and pinned; made on first use.
pub(crate) fn environment(folder: &Path, requirements: &str) -> PathBuf {
    let environment = folder.join("venv");
    let python = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let stamp = environment.join("installed.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == requirements) {
        return python;
    }
    let system = if cfg!(windows) { "python" } else { "python3" };
    run(Command::new(system).args(["-m", "venv", "--clear"]).arg(&environment));
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"];
    run(Command::new(&python).args(pip).args(requirements.lines()));
    fs::write(&stamp, requirements).expect("the environment is ours");
    python
}

/// What a command prints.
pub(crate) fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let (said, wrong) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "the peer cannot be had: {command:?} ended with {}\n{said}\n{wrong}", output.status);
    said.into_owned()
}
