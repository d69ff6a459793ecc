//! feedgate: the gate that a data feed must pass before it is merged.
//!
//! ```text
//! discover → load → model → ask → estimate → rules → suppress → report
//! ```
//!
//! Layers, low to high; a `use` points only down: `text < diagnostic < syntax < keys < config < sql < model < estimate <
//! rules < suppress < report`. `outside` does all I/O.

pub mod config;
pub mod diagnostic;
pub mod estimate;
pub mod keys;
pub mod model;
pub mod outside;
pub mod report;
pub mod rules;
pub mod sql;
pub mod suppress;
pub mod syntax;
pub mod text;

use diagnostic::RuleId;
use report::Report;
use std::sync::Arc;
use text::{Date, Files, RepoPath};

/// The files of one revision, as they were found: in any order, each read or not.
#[derive(Debug, Default, Clone)]
pub struct Tree {
    pub files: Vec<TreeFile>,
}

#[derive(Debug, Clone)]
pub struct TreeFile {
    pub path: RepoPath,
    pub content: Result<Arc<str>, Unread>,
}

/// Why a file was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    TooLarge {
        bytes: u64,
        limit: u64,
    },
    /// The first byte that is not UTF-8.
    NotUtf8 {
        at: usize,
    },
    /// A NUL byte: not text.
    Binary {
        at: usize,
    },
    /// A link that leads out of the root, or in a circle.
    Link,
    /// A FIFO, a socket, a device.
    NotAFile,
    /// The system's own words.
    Denied(String),
}

/// What a run is asked for.
pub struct Options {
    /// Severities of this environment hold.
    pub environment: Option<String>,
    /// Run only these rules; empty means all.
    pub only: Vec<RuleId>,
    /// Report findings only below these files or folders; empty means everywhere. Inputs are never filtered.
    pub paths: Vec<RepoPath>,
    /// The day on which suppressions are judged.
    pub today: Date,
}

/// What a run gives: the report, and the files that its spans speak of.
pub struct Run {
    pub files: Files,
    pub report: Report,
}
