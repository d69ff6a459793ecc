//! The only place that reads or writes the world: the tree, the clock, the terminal. Knows paths and texts, and nothing
//! of feeds or rules.
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "this is where the bans send everybody")]

pub mod ask;
pub mod below;
pub mod clock;
pub mod event;
pub mod git;
pub mod github;
pub mod output;
pub mod progress;
mod readable;
pub mod records;
pub mod root;
pub mod terminal;
pub mod worktree;

use std::error::Error;
use std::fmt;

/// We could not do the work. Not about what the tree says: that is a diagnostic.
#[derive(Debug)]
pub struct Failure {
    pub message: String,
    pub help: Option<String>,
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

impl Failure {
    pub fn new(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), help: None, source: None }
    }

    /// What to do about it.
    pub fn help(mut self, help: impl Into<String>) -> Failure {
        self.help = Some(help.into());
        self
    }

    /// What happened and why, where nothing ends by it.
    pub fn in_one_line(&self) -> String {
        let because = self.source.as_ref().map_or_else(String::new, |source| format!(": {source}"));
        format!("{}{because}", self.message)
    }

    /// What the system said.
    pub fn source(mut self, source: impl Error + Send + Sync + 'static) -> Failure {
        self.source = Some(Box::new(source));
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "failed: {}", self.message)?;
        let mut source = self.source.as_ref().map(|source| &**source as &dyn Error);
        while let Some(cause) = source {
            write!(f, "\n  because: {cause}")?;
            source = cause.source();
        }
        self.help.as_ref().map_or(Ok(()), |help| write!(f, "\n  help: {help}"))
    }
}

impl Error for Failure {}
