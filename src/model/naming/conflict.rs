//! Pairs of feeds that want the same files: how their names stand to each other, with a name to show. Knows the names of
//! feeds and their buckets, and not what is said of them.

use super::automaton::{Automaton, Unbuilt};
use super::index::{FeedNames, NameIndex};
use super::overlap::overlaps;
use super::product::{common_name, name_outside};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Two feeds, by their numbers in the index, that can both take one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    pub first: usize,
    pub second: usize,
    pub relation: Relation,
    /// The name of an object that both take.
    pub name: String,
}

/// How the names of two feeds that have some in common stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    Equal,
    /// Every name of the first is one of the second.
    FirstInSecond,
    SecondInFirst,
    /// Each has names of its own, or that cannot be told.
    Crossing,
}

/// More pairs are not explained.
const MAX_CONFLICTS: usize = 20_000;

/// The conflicts, sorted by the two feeds, and the feeds for which some pair was not compared.
pub(super) fn conflicts(feeds: &[FeedNames], environments: &[String]) -> (Vec<Conflict>, Vec<usize>) {
    let mut buckets: BTreeMap<Option<&str>, Vec<usize>> = BTreeMap::new();
    for (number, feed) in feeds.iter().enumerate() {
        buckets.entry(feed.bucket.as_deref()).or_default().push(number);
    }
    let (mut pairs, mut unfinished) = (Vec::new(), Vec::new());
    for members in buckets.into_values() {
        let automata: Vec<&Automaton> = members.iter().filter_map(|at| Some(&feeds.get(*at)?.whole.automaton)).collect();
        let found = overlaps(&automata);
        let of = |at: &usize| members.get(*at).copied();
        pairs.extend(found.pairs.iter().filter_map(|(a, b)| Some((of(a)?, of(b)?))));
        unfinished.extend(found.unfinished.iter().filter_map(of));
    }
    pairs.sort_unstable();
    let further = pairs.split_off(pairs.len().min(MAX_CONFLICTS));
    unfinished.extend(further.into_iter().flat_map(|(a, b)| [a, b]));
    unfinished.sort_unstable();
    unfinished.dedup();
    let explained = pairs.par_iter().filter_map(|(a, b)| conflict(feeds, *a, *b, environments));
    (explained.collect(), unfinished)
}

/// Feeds whose bucket is not known, each with the first feed of a known bucket that would want the same files if it were
/// that bucket, and such a file.
pub(super) fn doubts(feeds: &[FeedNames], environments: &[String]) -> Vec<Conflict> {
    let is_open = |at: usize| feeds.get(at).is_some_and(|feed| feed.bucket.is_none());
    let n_open = (0..feeds.len()).filter(|at| is_open(*at)).count();
    if n_open == 0 || n_open == feeds.len() {
        return Vec::new();
    }
    let automata: Vec<&Automaton> = feeds.iter().map(|feed| &feed.whole.automaton).collect();
    let mut first: BTreeMap<usize, usize> = BTreeMap::new();
    for (a, b) in overlaps(&automata).pairs {
        match (is_open(a), is_open(b)) {
            (true, false) => _ = first.entry(a).or_insert(b),
            (false, true) => _ = first.entry(b).or_insert(a),
            (true, true) | (false, false) => {}
        }
    }
    first.into_iter().filter_map(|(open, named)| conflict(feeds, open, named, environments)).collect()
}

fn conflict(feeds: &[FeedNames], first: usize, second: usize, environments: &[String]) -> Option<Conflict> {
    let (a, b) = (feeds.get(first)?, feeds.get(second)?);
    let name = witness(a, b, environments)?;
    Some(Conflict { first, second, relation: relation(&a.whole.automaton, &b.whole.automaton), name })
}

fn relation(a: &Automaton, b: &Automaton) -> Relation {
    let lies_in = |inner: &Automaton, outer: &Automaton| name_outside(inner, outer) == Ok(None);
    match (a == b || lies_in(a, b), a == b || lies_in(b, a)) {
        (true, true) => Relation::Equal,
        (true, false) => Relation::FirstInSecond,
        (false, true) => Relation::SecondInFirst,
        (false, false) => Relation::Crossing,
    }
}

/// A name that both take, and one that looks like a name of both, or of one of them, where there is such a one.
fn witness(a: &FeedNames, b: &FeedNames, environments: &[String]) -> Option<String> {
    let (like_a, like_b) = (a.sample(environments), b.sample(environments));
    let (whole_a, whole_b) = (&a.whole.automaton, &b.whole.automaton);
    let common = |a: Option<&Automaton>, b: Option<&Automaton>| -> Result<Option<String>, Unbuilt> {
        common_name(a.ok_or(Unbuilt::TooLarge)?, b.ok_or(Unbuilt::TooLarge)?)
    };
    let tries = [
        (like_a.as_ref(), like_b.as_ref()),
        (like_a.as_ref(), Some(whole_b)),
        (Some(whole_a), like_b.as_ref()),
        (Some(whole_a), Some(whole_b)),
    ];
    tries.into_iter().find_map(|(a, b)| common(a, b).ok().flatten())
}

impl NameIndex {
    /// The pairs of feeds that can both take one file.
    pub fn conflicts(&self) -> &[Conflict] {
        &self.conflicts
    }

    /// Feeds of which nothing says the bucket, and which would take files of the second if it were the same.
    pub fn doubts(&self) -> &[Conflict] {
        &self.doubts
    }

    /// Whether some pair of this feed was not compared.
    pub fn is_unfinished(&self, number: usize) -> bool {
        self.unfinished.binary_search(&number).is_ok()
    }
}
