//! All pairs of many languages that have a name in common. The automata walk together and part where their characters
//! do, so that languages that differ early are never compared; what stays together in a small group is compared in pairs.
//! Languages that begin with anything walk from the end of the names.

use super::automaton::{Automaton, Edge};
use super::product;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashSet};

/// A group of so few is compared in pairs.
const SMALL_GROUP: usize = 8;
/// After so many steps of one language, a walk is given up for the next, and the last compares all that is left in pairs.
const MAX_STEPS: usize = 2_000_000;
/// More pairs are not compared.
const MAX_CANDIDATES: usize = 2_000_000;
/// Two languages that each overlap so many others are not compared any more, and count as unfinished.
const ENOUGH: usize = 64;

/// The pairs that were found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Overlaps {
    /// Numbers of the two languages, the smaller first; sorted.
    pub pairs: Vec<(usize, usize)>,
    /// Languages for which some pair was not compared, because it or their number is too large.
    pub unfinished: Vec<usize>,
}

/// Finds the pairs.
pub fn overlaps(automata: &[&Automaton]) -> Overlaps {
    let mut equal: BTreeMap<&Automaton, Vec<usize>> = BTreeMap::new();
    for (number, automaton) in automata.iter().enumerate() {
        equal.entry(automaton).or_default().push(number);
    }
    let classes: Vec<(&Automaton, Vec<usize>)> = equal.into_iter().collect();
    let representatives: Vec<&Automaton> = classes.iter().map(|(automaton, _)| *automaton).collect();
    let found = compare(&representatives, candidates(&representatives));
    spread(&classes, &found)
}

/// Pairs that may have a name in common: from the beginning of the names, else from their end, else without those that
/// take anything from some place on, which are put together with everything that comes so far.
fn candidates(automata: &[&Automaton]) -> Candidates {
    let from_start = Walk::new(automata, false).run();
    if from_start.is_complete() {
        return from_start.candidates;
    }
    let reversed: Vec<Automaton> = automata.par_iter().map(|automaton| automaton.reversed()).collect();
    let reversed: Vec<&Automaton> = reversed.iter().collect();
    let further = [(reversed.as_slice(), false), (reversed.as_slice(), true)];
    let walks = further.into_iter().map(|(automata, sheds_wild)| Walk::new(automata, sheds_wild).run());
    let complete = walks.filter(|walk| walk.is_complete()).map(|walk| walk.candidates).next();
    complete.unwrap_or_else(|| Walk::new(automata, true).run().candidates)
}

/// What holds for a language holds for all that are equal to it, and those have all their names in common.
fn spread(classes: &[(&Automaton, Vec<usize>)], found: &Overlaps) -> Overlaps {
    let members = |class: usize| classes.get(class).map_or(&[][..], |(_, members)| members.as_slice());
    let mut all = Overlaps::default();
    let ordered = |a: usize, b: usize| (a.min(b), a.max(b));
    for (automaton, members) in classes {
        if let [first, others @ ..] = members.as_slice()
            && !automaton.is_void()
        {
            all.pairs.extend(others.iter().map(|other| ordered(*first, *other)));
        }
    }
    for (a, b) in &found.pairs {
        for a in members(*a).iter().take(ENOUGH) {
            all.pairs.extend(members(*b).iter().map(|b| ordered(*a, *b)));
        }
    }
    all.unfinished = found.unfinished.iter().flat_map(|class| members(*class)).copied().collect();
    all.pairs.sort_unstable();
    all.pairs.dedup();
    all.unfinished.sort_unstable();
    all
}

/// A language and the state that it is in.
type Item = (u32, u32);

/// Pairs to be compared, and languages that are in too many.
#[derive(Default)]
struct Candidates {
    pairs: Vec<Item>,
    left_out: Vec<u32>,
}

struct Walk<'a> {
    automata: &'a [&'a Automaton],
    /// Those that take anything from here on leave the group, after having been put together with everything in it.
    sheds_wild: bool,
    is_given_up: bool,
    seen: HashSet<Vec<Item>>,
    candidates: Candidates,
    steps: usize,
}

impl<'a> Walk<'a> {
    fn new(automata: &'a [&'a Automaton], sheds_wild: bool) -> Walk<'a> {
        let (seen, candidates) = (HashSet::new(), Candidates::default());
        Walk { automata, sheds_wild, is_given_up: false, seen, candidates, steps: 0 }
    }

    fn run(mut self) -> Self {
        let numbers = 0..u32::try_from(self.automata.len()).unwrap_or(u32::MAX);
        let mut waiting: Vec<Vec<Item>> = vec![numbers.map(|number| (number, Automaton::START)).collect()];
        while let Some(mut group) = waiting.pop() {
            self.is_given_up = self.steps > MAX_STEPS || !self.candidates.left_out.is_empty();
            if self.is_given_up && !self.sheds_wild {
                return self;
            }
            if self.sheds_wild {
                self.shed_wild(&mut group);
            }
            let languages = languages(&group);
            if languages.len() <= SMALL_GROUP || self.is_given_up {
                self.propose(&languages);
                continue;
            }
            let accepting: Vec<Item> = group.iter().copied().filter(|item| self.automaton(item.0).accepts(item.1)).collect();
            self.propose(&self::languages(&accepting));
            for next in self.next_groups(&group) {
                self.steps += next.len();
                if !self.seen.contains(&next) {
                    self.seen.insert(next.clone());
                    waiting.push(next);
                }
            }
        }
        self.candidates.pairs.sort_unstable();
        self.candidates.pairs.dedup();
        self
    }

    fn is_complete(&self) -> bool {
        self.candidates.left_out.is_empty() && (self.sheds_wild || !self.is_given_up)
    }

    fn shed_wild(&mut self, group: &mut Vec<Item>) {
        let wild = group.iter().filter(|(number, state)| self.automaton(*number).is_wild(*state));
        let wild = languages(&wild.copied().collect::<Vec<_>>());
        let all = languages(group);
        let is_wild = |number: &u32| wild.binary_search(number).is_ok();
        for first in &wild {
            let seconds = all.iter().filter(|second| if is_wild(second) { *second > first } else { true });
            let pairs = seconds.map(|second| (*first.min(second), *first.max(second)));
            self.add(pairs.collect(), &all);
            if !self.candidates.left_out.is_empty() {
                break;
            }
        }
        group.retain(|(number, _)| !is_wild(number));
    }

    /// Adds pairs of these languages, as long as there is room.
    fn add(&mut self, pairs: Vec<Item>, languages: &[u32]) {
        if self.candidates.pairs.len() + pairs.len() > MAX_CANDIDATES {
            self.candidates.left_out.extend(languages);
        } else {
            self.candidates.pairs.extend(pairs);
        }
    }

    fn automaton(&self, number: u32) -> &'a Automaton {
        self.automata.get(number as usize).expect("numbers are those of the list")
    }

    fn propose(&mut self, languages: &[u32]) {
        if languages.len() * languages.len().saturating_sub(1) / 2 > MAX_CANDIDATES {
            self.candidates.left_out.extend(languages);
            return;
        }
        let seconds = |at: usize| languages.iter().skip(at + 1);
        let pairs = languages.iter().enumerate().flat_map(|(at, first)| seconds(at).map(|second| (*first, *second)));
        self.add(pairs.collect(), languages);
    }

    /// The groups of two or more that can go on with one character.
    fn next_groups(&self, group: &[Item]) -> Vec<Vec<Item>> {
        let edges = group.iter().flat_map(|(number, state)| {
            let edges = self.automaton(*number).edges_of(*state);
            edges.iter().map(move |edge| (*number, *edge))
        });
        let edges: Vec<(u32, Edge)> = edges.collect();
        let mut starts: Vec<char> = edges.iter().map(|(_, edge)| edge.low).collect();
        starts.extend(edges.iter().filter_map(|(_, edge)| product::after(edge.high)));
        starts.sort_unstable();
        starts.dedup();
        let mut groups: Vec<Vec<Item>> = vec![Vec::new(); starts.len()];
        for (number, edge) in edges {
            let from = starts.partition_point(|start| *start < edge.low);
            let to = starts.partition_point(|start| *start <= edge.high);
            for group in groups.iter_mut().take(to).skip(from) {
                group.push((number, edge.to));
            }
        }
        for group in &mut groups {
            group.sort_unstable();
            group.dedup();
        }
        groups.retain(|group| group.first().map(|item| item.0) != group.last().map(|item| item.0));
        groups.sort_unstable();
        groups.dedup();
        groups
    }
}

fn languages(group: &[Item]) -> Vec<u32> {
    let mut languages: Vec<u32> = group.iter().map(|item| item.0).collect();
    languages.dedup();
    languages
}

/// Compares the candidates, in bundles of a fixed size, so that what is left out does not depend on the machine.
fn compare(automata: &[&Automaton], candidates: Candidates) -> Overlaps {
    let mut counts = vec![0_usize; automata.len()];
    let mut found = Overlaps { pairs: Vec::new(), unfinished: candidates.left_out.iter().map(|at| *at as usize).collect() };
    let is_enough = |counts: &[usize], at: u32| counts.get(at as usize).is_some_and(|count| *count >= ENOUGH);
    for bundle in candidates.pairs.chunks(1 << 12) {
        let (passed, wanted): (Vec<&Item>, Vec<&Item>) =
            bundle.iter().partition(|(a, b)| is_enough(&counts, *a) && is_enough(&counts, *b));
        found.unfinished.extend(passed.into_iter().flat_map(|(a, b)| [*a as usize, *b as usize]));
        let compared =
            wanted.par_iter().map(|(a, b)| Some(product::overlap(automata.get(*a as usize)?, automata.get(*b as usize)?)));
        let compared: Vec<_> = compared.collect();
        for ((a, b), result) in wanted.into_iter().zip(compared) {
            let pair = (*a as usize, *b as usize);
            match result {
                Some(Ok(true)) => {
                    found.pairs.push(pair);
                    [pair.0, pair.1].into_iter().filter_map(|at| counts.get_mut(at).map(|count| *count += 1)).for_each(drop);
                }
                Some(Err(_)) => found.unfinished.extend([pair.0, pair.1]),
                Some(Ok(false)) | None => {}
            }
        }
    }
    found.unfinished.sort_unstable();
    found.unfinished.dedup();
    found
}

#[cfg(test)]
mod tests;
