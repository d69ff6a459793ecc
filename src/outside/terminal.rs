//! What the terminal can do, and what the environment asks of it.

use std::env;
use std::io::{IsTerminal as _, stderr, stdout};

/// Where output goes.
#[derive(Debug, Clone, Copy)]
pub struct Terminal {
    pub stdout_is_terminal: bool,
    pub stderr_is_terminal: bool,
    /// `NO_COLOR` is set, or the terminal knows no colours.
    pub no_color: bool,
    /// In columns, when the environment says so.
    pub width: Option<usize>,
}

impl Terminal {
    pub fn read() -> Terminal {
        let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        Terminal {
            stdout_is_terminal: stdout().is_terminal(),
            stderr_is_terminal: stderr().is_terminal(),
            no_color: is_set("NO_COLOR") || is_dumb,
            width: env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()),
        }
    }
}
