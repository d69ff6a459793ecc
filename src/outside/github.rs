//! Speaks with GitHub: what a workflow runs for, the comment and the check run of a pull request, and the files that a
//! workflow gives for outputs and summaries. Knows rendered texts, and nothing of feeds or rules.
//!
//! The token comes from the environment, goes to the address of the API, and nowhere else.

#[cfg(feature = "github")]
mod check_run;
#[cfg(feature = "github")]
mod client;
mod context;
mod files;
#[cfg(feature = "github")]
mod live;
#[cfg(feature = "github")]
mod marker;
#[cfg(feature = "github")]
mod retry;
#[cfg(feature = "github")]
mod review;
#[cfg(feature = "github")]
mod sticky;

pub use context::{After, Context, Given, RunId};
pub use files::{Outputs, append_summary};

pub use live::{check, comment, suggest};

use crate::report::annotation::Annotation;

/// What the comment of a pull request is to be.
#[derive(Debug, Clone)]
pub struct Comment {
    /// Tells our comments of one pull request apart.
    pub key: String,
    /// `None` where there is nothing to say.
    pub body: Option<String>,
    /// What stands in place of an earlier comment then.
    pub all_clear: String,
}

/// What became of a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Posted {
    Created(String),
    Updated(String),
    /// It says what it is to say already.
    Unchanged(String),
    /// There was nothing to say, and nothing that was said before.
    Nothing,
    /// It is not ours to write, and why.
    Left(String),
    /// GitHub takes no text of this length.
    TooLong,
}

impl Posted {
    /// The address of the comment.
    pub fn url(&self) -> Option<&str> {
        match self {
            Posted::Created(url) | Posted::Updated(url) | Posted::Unchanged(url) => Some(url),
            Posted::Nothing | Posted::Left(_) | Posted::TooLong => None,
        }
    }
}

/// What a check run is to show.
#[derive(Debug, Clone)]
pub struct Check {
    pub name: String,
    pub conclusion: Conclusion,
    pub title: String,
    /// In Markdown.
    pub summary: String,
    /// In the order in which they are sent.
    pub annotations: Vec<Annotation>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conclusion {
    Success,
    Neutral,
    Failure,
}

#[cfg(not(feature = "github"))]
mod live {
    use super::super::Failure;
    use super::{Check, Comment, Context, Posted};
    use crate::report::suggestion::Suggestion;
    use std::time::Duration;

    const HELP: &str = "build it with the feature `github`, which is on unless it is turned off";

    fn not_built() -> Failure {
        Failure::new("this feedgate was built without what speaks with GitHub").help(HELP)
    }

    pub fn comment(_: &Context, _: &Comment, _: Duration) -> Result<Posted, Failure> {
        Err(not_built())
    }

    pub fn check(_: &Context, _: &Check, _: Duration) -> Result<String, Failure> {
        Err(not_built())
    }

    pub fn suggest(_: &Context, _: &[Suggestion], _: Duration) -> Result<usize, Failure> {
        Err(not_built())
    }
}
