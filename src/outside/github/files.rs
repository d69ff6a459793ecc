//! The files that a step of a workflow writes to: its summary and its outputs.

use super::super::Failure;
use std::env;
use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What the summary of a step may hold, with some room.
const MAX_SUMMARY: u64 = 1_048_576 - 1_024;

/// Appends to the summary of the step what `render` makes within so many bytes; says whether there is a summary at all.
pub fn append_summary(render: impl FnOnce(usize) -> String) -> Result<bool, Failure> {
    let Some(path) = named("GITHUB_STEP_SUMMARY") else { return Ok(false) };
    let used = fs::metadata(&path).map_or(0, |metadata| metadata.len());
    let room = usize::try_from(MAX_SUMMARY.saturating_sub(used)).unwrap_or(0);
    append(&path, &render(room)).map(|()| true)
}

/// What later steps can use.
#[derive(Debug, Default)]
pub struct Outputs(Vec<(String, String)>);

impl Outputs {
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_owned(), value.into()));
    }

    /// Appends them to the outputs of the step; says whether it has any.
    pub fn write(&self) -> Result<bool, Failure> {
        let Some(path) = named("GITHUB_OUTPUT") else { return Ok(false) };
        append(&path, &self.text()).map(|()| true)
    }

    /// A value of several lines would be able to set further outputs: its breaks become spaces.
    fn text(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.0 {
            let _ = writeln!(text, "{name}={}", value.replace(['\r', '\n'], " "));
        }
        text
    }
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from)
}

fn append(path: &Path, text: &str) -> Result<(), Failure> {
    let written = OpenOptions::new().append(true).create(true).open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| Failure::new(format!("cannot write to `{}`", path.display())).source(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_is_one_line() {
        let mut outputs = Outputs::default();
        outputs.set("report-path", "a\nevil=1.json");
        outputs.set("findings", "3");
        assert_eq!(outputs.text(), "report-path=a evil=1.json\nfindings=3\n");
    }
}
