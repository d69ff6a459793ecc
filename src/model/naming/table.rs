//! Names of tables that follow from those of files: `trades_{book}`, where `{book}` is a part of the file's name. Knows
//! patterns and languages, and no tables.

use super::automaton::{Automaton, Unbuilt};
use super::index::FeedNames;
use super::language::{Tokens, parts, token_expression};
use super::product::common_name;
use super::sample::sample;
use super::{NameKind, NamePart, NamePattern};
use regex_syntax::hir::{Hir, HirKind};
use std::fmt;

/// The name of a table with parts of the file's name in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableTemplate {
    pub text: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Part(String),
}

/// Why the tables of a feed cannot be told from the names of its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Untold {
    /// The file's name has no part of this name.
    NoPart(String),
    /// The part stands within another one, so that what it may be depends on the rest.
    Within(String),
    Unbuilt(Unbuilt),
}

/// Tables are listed one by one when there are no more.
const MAX_TABLES: usize = 64;

impl TableTemplate {
    /// `None` for a name that has no part of the file's in it.
    pub fn read(text: &str) -> Option<TableTemplate> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            let (name, after) = behind.split_once('}')?;
            pieces.extend([Piece::Literal(before.to_owned()), Piece::Part(name.to_owned())]);
            rest = after;
        }
        pieces.push(Piece::Literal(rest.to_owned()));
        (pieces.len() > 1).then(|| TableTemplate { text: text.to_owned(), pieces })
    }

    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Part(name) => Some(name.as_str()),
            Piece::Literal(_) => None,
        })
    }

    /// The table of one file; of a part that stands twice in its name, the last counts. `Err` names the part that is missing.
    pub fn fill(&self, values: &[(String, String)]) -> Result<String, &str> {
        let value = |piece: &'_ Piece| match piece {
            Piece::Literal(text) => Ok(text.clone()),
            Piece::Part(name) => values.iter().rfind(|(part, _)| part == name).map(|(_, text)| text.clone()).ok_or(()),
        };
        self.pieces.iter().map(|piece| value(piece).map_err(|()| part_of(piece))).collect()
    }

    /// Every name that a table may get from the names of the feed's files.
    pub fn tables(&self, feed: &FeedNames, environments: &[String]) -> Result<Automaton, Untold> {
        let hir = |piece: &Piece| match piece {
            Piece::Literal(text) => Ok(Hir::literal(text.as_bytes())),
            Piece::Part(name) => part_language(feed, feed.tokens(environments), name),
        };
        let hirs: Vec<Hir> = self.pieces.iter().map(hir).collect::<Result<_, _>>()?;
        Automaton::of_parts(&hirs).map_err(Untold::Unbuilt)
    }

    /// The tables one by one, where they are few.
    pub fn listed(&self, feed: &FeedNames, environments: &[String]) -> Option<Vec<String>> {
        self.tables(feed, environments).ok()?.words(MAX_TABLES)
    }

    /// A name of a file that is loaded into this table.
    pub fn file_of(&self, table: &str, feed: &FeedNames, environments: &[String]) -> Option<String> {
        let tokens = feed.tokens(environments);
        let values = self.values_of(table, feed, tokens)?;
        let narrowed = Automaton::of_parts(&with_values(feed.pattern(), tokens, &values)).ok()?;
        let like = sample(feed.pattern(), tokens).and_then(|sample| common_name(&narrowed, &sample).ok().flatten());
        like.or_else(|| common_name(&narrowed, &narrowed).ok().flatten())
    }

    /// What the parts are when the table has this name.
    fn values_of(&self, table: &str, feed: &FeedNames, tokens: Tokens<'_>) -> Option<Vec<(&str, String)>> {
        let mut expression = "(?s)^".to_owned();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => expression.push_str(&regex_syntax::escape(text)),
                Piece::Part(name) => expression.push_str(&format!("({})", part_language(feed, tokens, name).ok()?)),
            }
        }
        let captures = ::regex::Regex::new(&(expression + "$")).ok()?.captures(table)?;
        // An expression may have groups of its own: those that count are found by what they are behind.
        let groups = captures.iter().skip(1).flatten().map(|group| group.as_str().to_owned());
        Some(self.parts().zip(groups).collect())
    }
}

fn part_of(piece: &Piece) -> &str {
    match piece {
        Piece::Literal(text) | Piece::Part(text) => text,
    }
}

/// What a part of the file's name, or else of its prefix, may be.
fn part_language(feed: &FeedNames, tokens: Tokens<'_>, name: &str) -> Result<Hir, Untold> {
    let patterns = [feed.pattern(), feed.prefix_pattern()];
    let has_part = |pattern: &&NamePattern| match pattern.kind {
        NameKind::Template => pattern.tokens().any(|(token, _)| token == name),
        NameKind::Regex => pattern.text.contains(&format!("<{name}>")),
    };
    let pattern = patterns.into_iter().find(has_part).ok_or_else(|| Untold::NoPart(name.to_owned()))?;
    let found = match pattern.kind {
        NameKind::Template => {
            let token = pattern.tokens().filter(|(token, _)| *token == name).last();
            token.and_then(|(_, format)| regex_syntax::parse(&token_expression(name, format, tokens)).ok())
        }
        NameKind::Regex => parts(pattern, tokens).into_iter().find_map(|(_, hir)| group_named(&hir, name).cloned()),
    };
    found.map(|hir| without_groups(&hir)).ok_or_else(|| Untold::Within(name.to_owned()))
}

fn group_named<'h>(hir: &'h Hir, name: &str) -> Option<&'h Hir> {
    match hir.kind() {
        HirKind::Capture(capture) if capture.name.as_deref() == Some(name) => Some(&capture.sub),
        _ => None,
    }
}

/// So that groups can be counted.
fn without_groups(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Capture(capture) => without_groups(&capture.sub),
        HirKind::Concat(items) => Hir::concat(items.iter().map(without_groups).collect()),
        HirKind::Alternation(items) => Hir::alternation(items.iter().map(without_groups).collect()),
        HirKind::Repetition(repetition) => {
            let sub = Box::new(without_groups(&repetition.sub));
            Hir::repetition(regex_syntax::hir::Repetition { sub, ..repetition.clone() })
        }
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => hir.clone(),
    }
}

/// The parts of a pattern, of which some are fixed.
fn with_values(pattern: &NamePattern, tokens: Tokens<'_>, values: &[(&str, String)]) -> Vec<Hir> {
    let fixed = |name: &str| values.iter().rfind(|(part, _)| *part == name).map(|(_, text)| Hir::literal(text.as_bytes()));
    let hirs = parts(pattern, tokens).into_iter().map(|(_, hir)| hir);
    match pattern.kind {
        NameKind::Template => {
            let of = |(hir, part): (Hir, &NamePart)| match part {
                NamePart::Token { name, .. } => fixed(name).unwrap_or(hir),
                NamePart::Literal { .. } => hir,
            };
            hirs.zip(&pattern.parts).map(of).collect()
        }
        NameKind::Regex => hirs
            .map(|hir| match hir.kind() {
                HirKind::Capture(capture) => capture.name.as_deref().and_then(fixed).unwrap_or(hir),
                _ => hir,
            })
            .collect(),
    }
}

impl fmt::Display for Untold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Untold::NoPart(name) => write!(f, "the name of the file has no part `{name}`"),
            Untold::Within(name) => write!(f, "`{name}` stands within another part of the file's name"),
            Untold::Unbuilt(why) => why.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests;
