//! What the language of one feed's names tells by itself: whether it is empty, or everything, or found inside other names.

use super::automaton::Automaton;
use super::expected::Expected;
use super::index::{DeliveredName, FeedNames};
use super::language::{Tokens, parts};
use super::product::{name_outside, overlap};
use super::sample::narrowed_parts;
use super::{NameKind, NamePart, NamePattern, strftime};
use regex_syntax::hir::Hir;
use std::ops::Range;
use std::sync::OnceLock;

/// A part of a date or a time in a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateDirective {
    pub letter: char,
    /// Written without leading zeros: `%-d`.
    pub is_unpadded: bool,
    /// Where, in the text of the pattern.
    pub range: Range<usize>,
}

impl FeedNames {
    /// Where a name stops to be one of the feed's, with or without the prefix, and what is expected there; `None` for a
    /// name that the feed takes.
    pub fn misfit(&self, name: &str) -> Option<(usize, Expected)> {
        let of_file = self.miss(&DeliveredName::file(name))?;
        let whole = self.miss(&DeliveredName::read(name))?;
        let further = if whole.at > of_file.at { whole } else { of_file };
        Some((further.at, further.expected))
    }

    /// Whether no file, or only one without a name, can be the feed's.
    pub fn is_unmatchable(&self) -> bool {
        overlap(&self.file().automaton, fixed(&NAMED, "(?s).+")) == Ok(false)
    }

    /// Whether every usual name is one of the feed's.
    pub fn is_catch_all(&self) -> bool {
        name_outside(fixed(&USUAL, "[A-Za-z0-9._-]+"), &self.file().automaton) == Ok(None)
    }

    /// A name that is not the feed's and in which a search for its regular expression finds one.
    pub fn name_around(&self) -> Option<String> {
        let pattern = self.pattern();
        if pattern.kind != NameKind::Regex {
            return None;
        }
        let around = |inner: Vec<Hir>| {
            let anything = regex_syntax::parse("[^/]*").ok()?;
            let parts: Vec<Hir> = [anything.clone()].into_iter().chain(inner).chain([anything]).collect();
            name_outside(&Automaton::of_parts(&parts).ok()?, &self.file().automaton).ok()?
        };
        let plain = || parts(pattern, Tokens::default()).into_iter().map(|(_, hir)| hir).collect();
        around(narrowed_parts(pattern)).or_else(|| around(plain()))
    }
}

static NAMED: OnceLock<Automaton> = OnceLock::new();
static USUAL: OnceLock<Automaton> = OnceLock::new();

fn fixed(cell: &'static OnceLock<Automaton>, expression: &str) -> &'static Automaton {
    let hir = || regex_syntax::parse(expression).expect("an expression of ours");
    cell.get_or_init(|| Automaton::of_parts(&[hir()]).expect("small, and without boundaries"))
}

impl NamePattern {
    /// The dates and times of a readable template: the name of the token, its place, and its directives.
    pub fn moments(&self) -> Vec<(&str, Range<usize>, Vec<DateDirective>)> {
        let parts = self.parts.iter().filter(|_| self.is_readable() && self.kind == NameKind::Template);
        let moments = parts.filter_map(|part| match part {
            NamePart::Token { name, format, range } if matches!(name.as_str(), "date" | "time") => {
                let start = range.start + 1 + name.len() + 1;
                let default = if name == "date" { "%Y%m%d" } else { "%H%M%S" };
                let directives = match format {
                    Some(format) => directives(format, |at| start + at.start..start + at.end),
                    None => directives(default, |_| range.clone()),
                };
                Some((name.as_str(), range.clone(), directives))
            }
            NamePart::Token { .. } | NamePart::Literal { .. } => None,
        });
        moments.collect()
    }
}

fn directives(format: &str, place: impl Fn(Range<usize>) -> Range<usize>) -> Vec<DateDirective> {
    let known = strftime::directives(format).into_iter().filter_map(|(range, directive)| match directive {
        strftime::Directive::Known(letter) => {
            let is_unpadded = format.get(range.clone()).is_some_and(|written| written.contains('-'));
            Some(DateDirective { letter, is_unpadded, range: place(range) })
        }
        strftime::Directive::Unknown(_) => None,
    });
    known.collect()
}
