//! Which feeds take a file of a given name, what the name says, and where the names of the others go apart.
//!
//! ```text
//! let names = NameIndex::new(model.feeds.values(), &environments);
//! names.takers(&DeliveredName::read("gs://acme-landing/trades/trades_20260801_0001.json"))  → feed, date, sequence
//! names.takers(&DeliveredName::file("trades_20260801_0001.json"))                           → the same, whatever the prefix
//! names.near_misses(&name, 3)   → feed, the byte at which the name stops to fit, and what was expected there
//! names.left_out()              → feeds that no file can be compared with, and why
//! ```

use super::NamePattern;
use super::automaton::Automaton;
use super::captured::Captured;
use super::conflict::{self, Conflict};
use super::expected::{Expected, expected};
use super::language::{Language, Tokens};
use super::sample::sample;
use crate::model::{Feed, FeedId, Known};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// The names of the files of all feeds.
#[derive(Debug, Default)]
pub struct NameIndex {
    feeds: Vec<FeedNames>,
    left_out: Vec<(FeedId, String)>,
    environments: Vec<String>,
    pub(super) conflicts: Vec<Conflict>,
    pub(super) doubts: Vec<Conflict>,
    /// Feeds, by number and sorted, for which some pair was not compared.
    pub(super) unfinished: Vec<usize>,
}

/// The names of one feed's files.
#[derive(Debug)]
pub struct FeedNames {
    pub feed: FeedId,
    /// The bucket, where it is known.
    pub bucket: Option<String>,
    prefix: Part,
    file: Part,
    /// The names of the objects: prefix and file.
    pub whole: Language,
}

#[derive(Debug)]
struct Part {
    pattern: NamePattern,
    language: Language,
}

/// The name of a file that has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliveredName<'a> {
    pub text: &'a str,
    /// The bucket that it lies in, where that is known.
    pub bucket: Option<&'a str>,
    /// Whether the prefix is part of the text.
    pub has_prefix: bool,
}

/// A feed that takes a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taker<'a> {
    pub feed: &'a FeedId,
    pub captured: Captured,
}

/// A feed that does not take a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMiss<'a> {
    pub feed: &'a FeedId,
    /// The byte of the name from which no name of the feed goes on.
    pub at: usize,
    pub expected: Expected,
}

impl<'a> DeliveredName<'a> {
    /// `gs://bucket/prefix/name`, or the name of an object with its prefix.
    pub fn read(text: &'a str) -> DeliveredName<'a> {
        let in_bucket = text.strip_prefix("gs://").and_then(|rest| rest.split_once('/'));
        match in_bucket {
            Some((bucket, text)) => DeliveredName { text, bucket: Some(bucket), has_prefix: true },
            None => DeliveredName { text, bucket: None, has_prefix: true },
        }
    }

    /// The name of a file alone, wherever it will lie.
    pub fn file(text: &'a str) -> DeliveredName<'a> {
        DeliveredName { text, bucket: None, has_prefix: false }
    }
}

impl NameIndex {
    /// Reads the names of feeds, in the order of the feeds, and compares them all. Without environments, `{env}` stands
    /// for any word.
    pub fn new<'a>(feeds: impl IntoIterator<Item = &'a Feed>, environments: &[String]) -> NameIndex {
        let feeds: Vec<&Feed> = feeds.into_iter().collect();
        let read: Vec<_> = feeds.par_iter().map(|feed| (&feed.id, FeedNames::of(feed, environments))).collect();
        let mut index = NameIndex { environments: environments.to_vec(), ..NameIndex::default() };
        for (feed, names) in read {
            match names {
                Some(Ok(names)) => index.feeds.push(names),
                Some(Err(why)) => index.left_out.push((feed.clone(), why)),
                None => {}
            }
        }
        (index.conflicts, index.unfinished) = conflict::conflicts(&index.feeds, environments);
        index.doubts = conflict::doubts(&index.feeds, environments);
        index
    }

    pub fn feeds(&self) -> &[FeedNames] {
        &self.feeds
    }

    /// What `{env}` may be; anything where there are none.
    pub fn environments(&self) -> &[String] {
        &self.environments
    }

    /// Feeds whose names are there and cannot be compared, and why.
    pub fn left_out(&self) -> &[(FeedId, String)] {
        &self.left_out
    }

    pub fn of(&self, feed: &FeedId) -> Option<&FeedNames> {
        self.feeds.iter().find(|names| names.feed == *feed)
    }

    /// The feeds that take a file of this name.
    pub fn takers(&self, name: &DeliveredName<'_>) -> Vec<Taker<'_>> {
        let candidates = self.feeds.iter().filter(|feed| feed.may_lie_in(name.bucket));
        candidates.filter_map(|feed| Some(Taker { feed: &feed.feed, captured: feed.take(name, &self.environments)? })).collect()
    }

    /// The feeds that come nearest to taking the file and do not, nearest first. A feed whose names go apart at the
    /// first character is not near.
    pub fn near_misses(&self, name: &DeliveredName<'_>, at_most: usize) -> Vec<NearMiss<'_>> {
        let candidates = self.feeds.iter().filter(|feed| feed.may_lie_in(name.bucket));
        let mut misses: Vec<NearMiss<'_>> = candidates.filter_map(|feed| feed.miss(name)).filter(|miss| miss.at > 0).collect();
        misses.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| a.feed.cmp(b.feed)));
        misses.truncate(at_most);
        misses
    }
}

impl FeedNames {
    /// `None` for a feed that says nothing of its names.
    pub fn of(feed: &Feed, environments: &[String]) -> Option<Result<FeedNames, String>> {
        let pattern = match &feed.file.name {
            Known::Known(name) => &name.value,
            Known::Unknown(why) => return Some(Err(why.text.to_string())),
            Known::Absent => return None,
        };
        let prefix = match &feed.file.prefix {
            Known::Known(prefix) => NamePattern::template(&prefix.value),
            Known::Absent => NamePattern::template(""),
            Known::Unknown(why) => return Some(Err(why.text.to_string())),
        };
        let tokens = Tokens { feed: Some(&feed.id.0), environments, layers: &[] };
        Some(FeedNames::build(feed, prefix, pattern.clone(), tokens))
    }

    fn build(feed: &Feed, prefix: NamePattern, pattern: NamePattern, tokens: Tokens<'_>) -> Result<FeedNames, String> {
        let part = |pattern: NamePattern| {
            if let Some(defect) = pattern.defects.first() {
                return Err(defect.message.clone());
            }
            let language = Language::of(&pattern, tokens).map_err(|why| why.to_string())?;
            Ok(Part { pattern, language })
        };
        let (prefix, file) = (part(prefix)?, part(pattern)?);
        let whole = prefix.language.then(&file.language);
        let bucket = feed.file.bucket.value().cloned();
        Ok(FeedNames { feed: feed.id.clone(), bucket, prefix, file, whole })
    }

    /// Whether a file of the feed may lie in this bucket; where one of the two is not known, it may.
    fn may_lie_in(&self, bucket: Option<&str>) -> bool {
        match (&self.bucket, bucket) {
            (Some(own), Some(other)) => own == other,
            (None, _) | (_, None) => true,
        }
    }

    pub(super) fn tokens<'a>(&'a self, environments: &'a [String]) -> Tokens<'a> {
        Tokens { feed: Some(&self.feed.0), environments, layers: &[] }
    }

    /// The names that look like examples.
    pub(super) fn sample(&self, environments: &[String]) -> Option<Automaton> {
        let tokens = self.tokens(environments);
        Some(sample(&self.prefix.pattern, tokens)?.then(&sample(&self.file.pattern, tokens)?, 0))
    }

    pub(super) fn pattern(&self) -> &NamePattern {
        &self.file.pattern
    }

    pub(super) fn prefix_pattern(&self) -> &NamePattern {
        &self.prefix.pattern
    }

    /// The names of the files, without the prefix.
    pub fn file(&self) -> &Language {
        &self.file.language
    }

    fn language(&self, name: &DeliveredName<'_>) -> &Language {
        if name.has_prefix { &self.whole } else { &self.file.language }
    }

    fn take(&self, name: &DeliveredName<'_>, environments: &[String]) -> Option<Captured> {
        if !self.language(name).automaton.matches(name.text) {
            return None;
        }
        let tokens = self.tokens(environments);
        if !name.has_prefix {
            return Captured::read(&self.file.pattern, tokens, name.text);
        }
        let splits = self.prefix.language.automaton.beginnings(name.text).into_iter();
        let mut splits = splits.filter_map(|at| name.text.split_at_checked(at));
        splits.find_map(|(prefix, file)| {
            let of_file = Captured::read(&self.file.pattern, tokens, file)?;
            Some(of_file.after(Captured::read(&self.prefix.pattern, tokens, prefix)?))
        })
    }

    /// Where a name that the feed does not take stops to fit.
    pub(super) fn miss(&self, name: &DeliveredName<'_>) -> Option<NearMiss<'_>> {
        let language = self.language(name);
        let mut states = BTreeSet::from([Automaton::START]);
        for (at, letter) in name.text.char_indices() {
            let next = language.automaton.step(&states, letter);
            if next.is_empty() {
                return Some(NearMiss { feed: &self.feed, at, expected: expected(language, &states) });
            }
            states = next;
        }
        let is_taken = language.automaton.accepts_any(&states);
        (!is_taken).then(|| NearMiss { feed: &self.feed, at: name.text.len(), expected: expected(language, &states) })
    }
}

#[cfg(test)]
mod tests;
