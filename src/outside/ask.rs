//! Asks the user, where there is one.

use super::Failure;
use super::output::to_stderr;
use std::io::{self, IsTerminal as _};

/// Whether somebody can answer: questions go to standard error, answers come from standard input.
pub fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks until the answer is one that `read` takes; `Err` of `read` is what is wrong with it. Fails where input ends.
pub fn ask<T>(question: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<T, Failure> {
    loop {
        to_stderr(&format!("{question}: "));
        let mut answer = String::new();
        let n_bytes = io::stdin().read_line(&mut answer);
        let n_bytes = n_bytes.map_err(|error| Failure::new("cannot read standard input").source(error))?;
        if n_bytes == 0 {
            return Err(Failure::new("there is no answer").help("give the answers as options; `--help` lists them"));
        }
        match read(answer.trim()) {
            Ok(value) => return Ok(value),
            Err(why) => to_stderr(&format!("  {why}\n")),
        }
    }
}
