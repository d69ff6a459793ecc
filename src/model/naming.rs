//! Names of delivered files: templates (`trades_{date:%Y%m%d}_{seq:4}.json`) and regular expressions.

use std::ops::Range;

/// The name of a feed's files as its definition gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamePattern {
    pub text: String,
    pub kind: NameKind,
    /// The parts in order, when the pattern could be read.
    pub parts: Vec<NamePart>,
    /// Why it could not be read, with the place in `text`.
    pub defects: Vec<NameDefect>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameKind {
    Template,
    Regex,
}

/// A part of a file name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NamePart {
    Literal(String),
    /// `{name}` or `{name:format}`, or a named group of a regular expression.
    Token {
        name: String,
        format: Option<String>,
        range: Range<usize>,
    },
}

/// What is wrong with a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameDefect {
    pub range: Range<usize>,
    pub message: String,
    pub kind: DefectKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefectKind {
    /// The pattern is wrong.
    Broken,
    /// Right elsewhere, but not checkable here: look-around and back-references.
    NotCheckable,
}
