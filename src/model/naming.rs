//! Names of delivered files: templates (`trades_{date:%Y%m%d}_{seq:4}.json`) and regular expressions.
//! Knows what a pattern can name, and not what a feed does with it.

mod automaton;
mod captured;
mod conflict;
mod expected;
mod index;
mod judge;
mod language;
mod overlap;
mod product;
mod regex;
mod sample;
mod strftime;
mod table;
mod template;
mod twins;

pub use automaton::{Automaton, Unbuilt};
pub use captured::Captured;
pub use conflict::{Conflict, Relation};
pub use expected::Expected;
pub use index::{DeliveredName, FeedNames, NameIndex, NearMiss, Taker};
pub use judge::DateDirective;
pub use language::{Language, Tokens};
pub use overlap::{Overlaps, overlaps};
pub use product::{common_name, name_outside, overlap};
pub use table::{TableTemplate, Untold};
pub use twins::{easily_one, fold};

use super::feed::{Cadence, Step};
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
    /// What stands in every name, and where the pattern says so.
    Literal { text: String, range: Range<usize> },
    /// `{name}` or `{name:format}`, or a named group of a regular expression with what it matches as its format.
    /// Whatever else varies in a regular expression has no name.
    Token { name: String, format: Option<String>, range: Range<usize> },
}

/// What is wrong with a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameDefect {
    pub range: Range<usize>,
    pub message: String,
    pub help: Option<String>,
    pub kind: DefectKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefectKind {
    /// The pattern is wrong.
    Broken,
    /// Right elsewhere, but not checkable here: look-around and back-references.
    NotCheckable,
}

/// What Cloud Storage says against the names that a pattern gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameFault {
    /// Where, in the text of the pattern.
    pub range: Range<usize>,
    pub kind: FaultKind,
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// Cloud Storage refuses the name.
    Illegal,
    /// Cloud Storage takes it, and its tools read it as a pattern or a version.
    Wildcard,
}

/// The longest name of an object in bytes.
pub const MAX_OBJECT_NAME_BYTES: usize = 1_024;

/// The names of tokens that a template knows.
pub const TOKENS: [&str; 7] = ["feed", "date", "time", "seq", "uuid", "any", "env"];

impl NamePattern {
    /// Reads a template.
    pub fn template(text: &str) -> NamePattern {
        template::read(text, &TOKENS)
    }

    /// Reads the template of a policy, in which `{layer}` may stand as well.
    pub fn policy(text: &str) -> NamePattern {
        let tokens: Vec<&str> = TOKENS.into_iter().chain(["layer"]).collect();
        template::read(text, &tokens)
    }

    /// Reads a regular expression.
    pub fn regex(text: &str) -> NamePattern {
        regex::read(text)
    }

    /// Whether the pattern could be read.
    pub fn is_readable(&self) -> bool {
        self.defects.is_empty()
    }

    /// Whether two deliveries of this cadence always have different names. `None` where that cannot be told: the
    /// pattern could not be read, or it names a date and the cadence is not known.
    pub fn unique_per_delivery(&self, cadence: Option<&Cadence>) -> Option<bool> {
        if !self.is_readable() {
            return None;
        }
        let varies = self.tokens().any(|(name, _)| match self.kind {
            NameKind::Template => matches!(name, "seq" | "uuid" | "any"),
            NameKind::Regex => true,
        });
        if varies {
            return Some(true);
        }
        let Some(step) = self.step() else { return Some(false) };
        Some(step >= cadence?.step?)
    }

    /// Whether several files of one delivery have different names. `None` where the pattern could not be read.
    pub fn unique_per_file(&self) -> Option<bool> {
        self.is_readable().then(|| match self.kind {
            NameKind::Template => self.tokens().any(|(name, _)| matches!(name, "seq" | "uuid" | "any")),
            NameKind::Regex => self.tokens().next().is_some(),
        })
    }

    /// The finest step of time that the dates and times of a template tell apart; `None` when names come again,
    /// as without a year they do.
    pub fn step(&self) -> Option<Step> {
        let formats = self.tokens().filter_map(|(name, format)| match name {
            "date" => Some(format.unwrap_or("%Y%m%d")),
            "time" => Some(format.unwrap_or("%H%M%S")),
            _ => None,
        });
        strftime::step(formats)
    }

    fn tokens(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.parts.iter().filter_map(|part| match part {
            NamePart::Token { name, format, .. } => Some((name.as_str(), format.as_deref())),
            NamePart::Literal { .. } => None,
        })
    }

    /// What Cloud Storage says against the names, with `prefix` before them.
    pub fn faults(&self, prefix: Option<&str>) -> Vec<NameFault> {
        if !self.is_readable() {
            return Vec::new();
        }
        let mut faults = Vec::new();
        for part in &self.parts {
            if let NamePart::Literal { text, range } = part {
                faults.extend(character_faults(text).map(|(at, fault)| placed(fault, at, text, range)));
            }
        }
        faults.extend(self.whole_faults(prefix.unwrap_or("")));
        faults
    }

    /// What is wrong with the name as a whole.
    fn whole_faults(&self, prefix: &str) -> Option<NameFault> {
        let mut start = prefix.to_owned();
        let literals = self.parts.iter().map_while(|part| match part {
            NamePart::Literal { text, .. } => Some(text.as_str()),
            NamePart::Token { .. } => None,
        });
        start.extend(literals);
        let is_whole = self.tokens().next().is_none();
        let shortest = prefix.len() + self.parts.iter().map(shortest).sum::<usize>();
        let message = if is_whole && (start == "." || start == "..") {
            format!("an object cannot be named `{start}`")
        } else if start.starts_with(".well-known/acme-challenge/") {
            "the name of an object cannot begin with `.well-known/acme-challenge/`".to_owned()
        } else if shortest > MAX_OBJECT_NAME_BYTES {
            format!("the name of an object has at most {MAX_OBJECT_NAME_BYTES} bytes, and this one has {shortest} or more")
        } else {
            return None;
        };
        Some(NameFault { range: 0..self.text.len(), kind: FaultKind::Illegal, message })
    }

    /// A name that the pattern allows: of the delivery of 1 August 2026 at 06:30, as far as its parts are dates and times.
    /// `None` for what could not be read.
    pub fn example(&self, feed: &str) -> Option<String> {
        let part = |part: &NamePart| match part {
            NamePart::Literal { text, .. } => text.clone(),
            NamePart::Token { name, format, .. } => example(name, format.as_deref(), feed),
        };
        match self.kind {
            _ if !self.is_readable() => None,
            NameKind::Template => Some(self.parts.iter().map(part).collect()),
            NameKind::Regex => sample::name(self),
        }
    }
}

/// Characters of a literal text that Cloud Storage or its tools trip over, such as a prefix of object names.
pub fn character_faults(text: &str) -> impl Iterator<Item = (usize, NameFault)> {
    text.char_indices().filter_map(|(at, letter)| {
        let (kind, message) = match letter {
            '\r' | '\n' => (FaultKind::Illegal, "the name of an object cannot hold a line break".to_owned()),
            letter if letter.is_control() => (
                FaultKind::Illegal,
                format!("the name of an object should hold no control character (U+{:04X})", u32::from(letter)),
            ),
            '*' | '?' | '[' | ']' => (FaultKind::Wildcard, format!("`{letter}` in the name of an object is read as a wildcard")),
            '#' => (FaultKind::Wildcard, "`#` in the name of an object is read as the beginning of a version number".to_owned()),
            _ => return None,
        };
        Some((at, NameFault { range: at..at + letter.len_utf8(), kind, message }))
    })
}

/// A fault of a literal, placed in the pattern: exact where the literal stands there as it is.
fn placed(fault: NameFault, at: usize, text: &str, range: &Range<usize>) -> NameFault {
    let range = if range.len() == text.len() { range.start + at..range.start + fault.range.end } else { range.clone() };
    NameFault { range, ..fault }
}

/// The fewest bytes that a part can have.
fn shortest(part: &NamePart) -> usize {
    match part {
        NamePart::Literal { text, .. } => text.len(),
        NamePart::Token { name, format, .. } if TOKENS.contains(&name.as_str()) => {
            example(name, format.as_deref(), "a").len().min(if name == "env" { 1 } else { usize::MAX })
        }
        NamePart::Token { .. } => 0,
    }
}

fn example(name: &str, format: Option<&str>, feed: &str) -> String {
    match name {
        "date" => strftime::example(format.unwrap_or("%Y%m%d")),
        "time" => strftime::example(format.unwrap_or("%H%M%S")),
        "seq" => {
            let width = format.and_then(|width| width.parse().ok()).unwrap_or(1);
            format!("{:0width$}", 1)
        }
        "uuid" => "123e4567-e89b-12d3-a456-426614174000".to_owned(),
        "env" => "prod".to_owned(),
        "feed" => feed.to_owned(),
        _ => "x".to_owned(),
    }
}

#[cfg(test)]
mod tests;
