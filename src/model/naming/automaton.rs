//! Languages of names as automata over characters, built from the syntax trees of regular expressions. Knows
//! expressions and texts, and not what is named. Bounded: an expression that grows too large is refused.

use regex_syntax::hir::{Class, Hir, HirKind, Look};
use std::collections::{BTreeMap, BTreeSet};

/// An automaton with more states or edges than this is not built.
const MAX_SIZE: usize = 40_000;

/// A nondeterministic automaton without empty moves. State 0 is the start.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Automaton {
    states: Vec<State>,
    edges: Vec<Edge>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    /// Its edges in `edges`.
    from: u32,
    to: u32,
    accepts: bool,
    /// Which part of the name led here.
    part: u32,
}

/// A move on any character from `low` to `high`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    pub low: char,
    pub high: char,
    pub to: u32,
}

/// Why there is no automaton of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unbuilt {
    TooLarge,
    /// A word boundary or the edge of a line.
    Boundary,
}

impl std::fmt::Display for Unbuilt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Unbuilt::TooLarge => "the pattern is too large to be compared",
            Unbuilt::Boundary => "patterns with word boundaries or with edges of lines are not compared",
        })
    }
}

impl Automaton {
    pub const START: u32 = 0;

    /// The automaton of parts that follow each other. `^` and `$` hold at the edges of the whole.
    pub fn of_parts(parts: &[Hir]) -> Result<Automaton, Unbuilt> {
        let mut builder = Builder { nodes: vec![Node::Accept], part: 0 };
        let mut next = 0;
        for (part, hir) in parts.iter().enumerate().rev() {
            builder.part = u32::try_from(part).map_err(|_| Unbuilt::TooLarge)?;
            next = builder.add(hir, next)?;
        }
        builder.without_empty_moves(next)
    }

    /// The one name.
    pub fn of_text(text: &str) -> Result<Automaton, Unbuilt> {
        Automaton::of_parts(&[Hir::literal(text.as_bytes())])
    }

    /// The names of this one, each followed by a name of the other. The parts of the other count on from `parts`.
    pub fn then(&self, other: &Automaton, parts: u32) -> Automaton {
        let (offset, first) = (count(self.states.len()), other.edges_of(Automaton::START));
        let mut joined = Automaton { states: Vec::new(), edges: Vec::new() };
        let moved = |edge: &Edge| Edge { to: edge.to + offset, ..*edge };
        for (number, state) in self.states.iter().enumerate() {
            let own = self.edges_of(count(number)).iter().copied();
            let onwards = first.iter().filter(|_| state.accepts).map(moved);
            let accepts = state.accepts && other.accepts(Automaton::START);
            joined.push(own.chain(onwards).collect(), accepts, state.part);
        }
        for (number, state) in other.states.iter().enumerate() {
            joined.push(other.edges_of(count(number)).iter().map(moved).collect(), state.accepts, state.part + parts);
        }
        joined
    }

    pub fn n_states(&self) -> usize {
        self.states.len()
    }

    /// The names read from their ends. Nothing leads back to the start, so that it can serve as the end.
    pub fn reversed(&self) -> Automaton {
        let mut incoming: Vec<Vec<Edge>> = vec![Vec::new(); self.states.len() + 1];
        let last = count(self.states.len());
        for from in 0..last {
            for edge in self.edges_of(from) {
                let turned = Edge { to: from + 1, ..*edge };
                let starts = self.accepts(edge.to).then_some(0);
                for at in starts.into_iter().chain([edge.to as usize + 1]) {
                    incoming.get_mut(at).into_iter().for_each(|edges| edges.push(turned));
                }
            }
        }
        let mut reversed = Automaton { states: Vec::new(), edges: Vec::new() };
        for (at, edges) in incoming.into_iter().enumerate() {
            reversed.push(edges, at == 1 || (at == 0 && self.accepts(Automaton::START)), 0);
        }
        reversed
    }

    /// Whether a state comes back to itself on more than a few characters.
    pub fn is_wild(&self, state: u32) -> bool {
        let loops = self.edges_of(state).iter().filter(|edge| edge.to == state);
        loops.into_iter().any(|edge| u32::from(edge.high) - u32::from(edge.low) > 1_000)
    }

    /// Whether no name is in the language. Every state can be reached.
    pub fn is_void(&self) -> bool {
        !self.states.iter().any(|state| state.accepts)
    }

    pub fn edges_of(&self, state: u32) -> &[Edge] {
        let state = self.states.get(state as usize);
        state.and_then(|state| self.edges.get(state.from as usize..state.to as usize)).unwrap_or(&[])
    }

    pub fn accepts(&self, state: u32) -> bool {
        self.states.get(state as usize).is_some_and(|state| state.accepts)
    }

    /// The part of the name that the character belongs to which led to a state.
    pub fn part(&self, state: u32) -> usize {
        self.states.get(state as usize).map_or(0, |state| state.part as usize)
    }

    /// The states after one more character.
    pub fn step(&self, states: &BTreeSet<u32>, letter: char) -> BTreeSet<u32> {
        let edges = states.iter().flat_map(|state| self.edges_of(*state));
        edges.filter(|edge| (edge.low..=edge.high).contains(&letter)).map(|edge| edge.to).collect()
    }

    pub fn accepts_any(&self, states: &BTreeSet<u32>) -> bool {
        states.iter().any(|state| self.accepts(*state))
    }

    /// All names, in order, when there are no more than this.
    pub fn words(&self, at_most: usize) -> Option<Vec<String>> {
        let mut words = BTreeSet::new();
        let mut waiting = BTreeSet::from([(String::new(), Automaton::START)]);
        // A name that is longer than there are states goes round in a circle.
        for _ in 0..=self.states.len() {
            let ended = waiting.iter().filter(|(_, state)| self.accepts(*state));
            words.extend(ended.map(|(word, _)| word.clone()));
            waiting = self.longer(&waiting, at_most)?;
            if waiting.is_empty() || words.len() > at_most {
                break;
            }
        }
        (waiting.is_empty() && words.len() <= at_most).then(|| words.into_iter().collect())
    }

    /// The beginnings with one character more; `None` when they are too many.
    fn longer(&self, beginnings: &BTreeSet<(String, u32)>, at_most: usize) -> Option<BTreeSet<(String, u32)>> {
        let mut longer = BTreeSet::new();
        for (beginning, state) in beginnings {
            for edge in self.edges_of(*state) {
                if longer.len() > 4 * at_most || (edge.low..=edge.high).nth(at_most).is_some() {
                    return None;
                }
                longer.extend((edge.low..=edge.high).map(|letter| (format!("{beginning}{letter}"), edge.to)));
            }
        }
        Some(longer)
    }

    /// Whether a name is in the language.
    pub fn matches(&self, name: &str) -> bool {
        let mut states = BTreeSet::from([Automaton::START]);
        for letter in name.chars() {
            states = self.step(&states, letter);
            if states.is_empty() {
                return false;
            }
        }
        self.accepts_any(&states)
    }

    /// The lengths in bytes of the beginnings of a text that are in the language, shortest first.
    pub fn beginnings(&self, text: &str) -> Vec<usize> {
        let mut states = BTreeSet::from([Automaton::START]);
        let mut found: Vec<usize> = self.accepts_any(&states).then_some(0).into_iter().collect();
        for (at, letter) in text.char_indices() {
            states = self.step(&states, letter);
            found.extend(self.accepts_any(&states).then_some(at + letter.len_utf8()));
        }
        found
    }

    fn push(&mut self, mut edges: Vec<Edge>, accepts: bool, part: u32) {
        edges.sort_unstable();
        edges.dedup();
        let from = count(self.edges.len());
        self.edges.extend(edges);
        self.states.push(State { from, to: count(self.edges.len()), accepts, part });
    }
}

/// Sizes are bounded far below 2^32.
fn count(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

enum Node {
    /// One character of these ranges.
    Letter {
        ranges: Vec<(char, char)>,
        next: usize,
        part: u32,
    },
    Split(Vec<usize>),
    Start(usize),
    End(usize),
    Accept,
}

struct Builder {
    nodes: Vec<Node>,
    part: u32,
}

impl Builder {
    fn push(&mut self, node: Node) -> Result<usize, Unbuilt> {
        self.nodes.push(node);
        if self.nodes.len() > MAX_SIZE { Err(Unbuilt::TooLarge) } else { Ok(self.nodes.len() - 1) }
    }

    fn letter(&mut self, ranges: Vec<(char, char)>, next: usize) -> Result<usize, Unbuilt> {
        let part = self.part;
        self.push(Node::Letter { ranges, next, part })
    }

    /// Adds an expression that goes on with `next`, and gives back where it begins. The depth of expressions is
    /// bounded by their parser.
    fn add(&mut self, hir: &Hir, next: usize) -> Result<usize, Unbuilt> {
        match hir.kind() {
            HirKind::Empty => Ok(next),
            HirKind::Literal(literal) => {
                let text = String::from_utf8_lossy(&literal.0);
                text.chars().rev().try_fold(next, |next, letter| self.letter(vec![(letter, letter)], next))
            }
            HirKind::Class(class) => self.letter(ranges(class), next),
            HirKind::Look(Look::Start) => self.push(Node::Start(next)),
            HirKind::Look(Look::End) => self.push(Node::End(next)),
            HirKind::Look(_) => Err(Unbuilt::Boundary),
            HirKind::Repetition(repetition) => self.repetition(&repetition.sub, repetition.min, repetition.max, next),
            HirKind::Capture(capture) => self.add(&capture.sub, next),
            HirKind::Concat(items) => items.iter().rev().try_fold(next, |next, item| self.add(item, next)),
            HirKind::Alternation(items) => {
                let starts = items.iter().map(|item| self.add(item, next)).collect::<Result<Vec<_>, _>>()?;
                self.push(Node::Split(starts))
            }
        }
    }

    /// `x{2,4}` is `xx(x(x)?)?`, so that the edges grow with the count and not with its square.
    fn repetition(&mut self, sub: &Hir, min: u32, max: Option<u32>, next: usize) -> Result<usize, Unbuilt> {
        let mut start = next;
        match max {
            None => {
                start = self.push(Node::Split(Vec::new()))?;
                let body = self.add(sub, start)?;
                if let Some(Node::Split(ways)) = self.nodes.get_mut(start) {
                    ways.extend([body, next]);
                }
            }
            Some(max) => {
                for _ in min..max {
                    let body = self.add(sub, start)?;
                    start = self.push(Node::Split(vec![body, next]))?;
                }
            }
        }
        (0..min).try_fold(start, |next, _| self.add(sub, next))
    }

    /// States are the start and what comes after each letter that can be reached.
    fn without_empty_moves(&self, start: usize) -> Result<Automaton, Unbuilt> {
        let mut automaton = Automaton { states: Vec::new(), edges: Vec::new() };
        let mut numbers: BTreeMap<usize, u32> = BTreeMap::new();
        let mut waiting = vec![(start, true, 0)];
        let mut done = 0;
        while let Some((node, is_start, part)) = waiting.get(done).copied() {
            done += 1;
            let mut edges = Vec::new();
            for (letter, ranges, next, part) in self.letters(node, is_start) {
                let number = *numbers.entry(letter).or_insert_with(|| {
                    waiting.push((next, false, part));
                    count(waiting.len() - 1)
                });
                edges.extend(ranges.iter().map(|(low, high)| Edge { low: *low, high: *high, to: number }));
            }
            let accepts = self.closure(node, is_start, true).contains(&0);
            automaton.push(edges, accepts, part);
            if automaton.edges.len() > MAX_SIZE {
                return Err(Unbuilt::TooLarge);
            }
        }
        Ok(automaton)
    }

    fn letters(&self, node: usize, is_start: bool) -> impl Iterator<Item = (usize, &[(char, char)], usize, u32)> {
        self.closure(node, is_start, false).into_iter().filter_map(|node| match self.nodes.get(node) {
            Some(Node::Letter { ranges, next, part }) => Some((node, ranges.as_slice(), *next, *part)),
            Some(Node::Split(_) | Node::Start(_) | Node::End(_) | Node::Accept) | None => None,
        })
    }

    /// The nodes that are reached without a character: past `^` at the start only, and past `$` when nothing follows.
    fn closure(&self, node: usize, is_start: bool, is_end: bool) -> BTreeSet<usize> {
        let (mut seen, mut waiting) = (BTreeSet::new(), vec![node]);
        while let Some(node) = waiting.pop() {
            if !seen.insert(node) {
                continue;
            }
            match self.nodes.get(node) {
                Some(Node::Split(ways)) => waiting.extend(ways),
                Some(Node::Start(next)) if is_start => waiting.push(*next),
                Some(Node::End(next)) if is_end => waiting.push(*next),
                Some(Node::Letter { .. } | Node::Start(_) | Node::End(_) | Node::Accept) | None => {}
            }
        }
        seen
    }
}

fn ranges(class: &Class) -> Vec<(char, char)> {
    match class {
        Class::Unicode(class) => class.ranges().iter().map(|range| (range.start(), range.end())).collect(),
        // Outside ASCII, bytes are no characters.
        Class::Bytes(class) => class.ranges().iter().map(|range| (char::from(range.start()), char::from(range.end()))).collect(),
    }
}
