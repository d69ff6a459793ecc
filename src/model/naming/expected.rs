//! What could have stood where a name stops to fit, in words. Knows automata, and not whose names they are.

use super::automaton::Edge;
use super::language::Language;
use std::collections::BTreeSet;
use std::fmt;

/// What a pattern expects at a place of a name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// Each with the part of the pattern that it belongs to, where that has a text.
    pub characters: Vec<(String, String)>,
    /// The name may end here.
    pub end: bool,
}

/// More ways than these are not listed.
const MAX_WAYS: usize = 3;

pub(super) fn expected(language: &Language, states: &BTreeSet<u32>) -> Expected {
    let automaton = &language.automaton;
    let edges: Vec<Edge> = states.iter().flat_map(|state| automaton.edges_of(*state)).copied().collect();
    let parts: BTreeSet<usize> = edges.iter().map(|edge| automaton.part(edge.to)).collect();
    let way = |part: usize| {
        let edges = edges.iter().filter(|edge| automaton.part(edge.to) == part);
        let ranges: BTreeSet<(char, char)> = edges.map(|edge| (edge.low, edge.high)).collect();
        (characters(&ranges), language.parts.get(part).cloned().unwrap_or_default())
    };
    Expected { characters: parts.into_iter().map(way).collect(), end: automaton.accepts_any(states) }
}

/// `0` or `1`, a digit, any character but `/`.
fn characters(ranges: &BTreeSet<(char, char)>) -> String {
    let ranges = merged(ranges);
    let count: u64 = ranges.iter().map(|(low, high)| u64::from(u32::from(*high)) - u64::from(u32::from(*low)) + 1).sum();
    if ranges == [('0', '9')] {
        return "a digit".to_owned();
    }
    if count > 10_000 {
        let missing = ('!'..='~').filter(|letter| !ranges.iter().any(|(low, high)| (low..=high).contains(&letter)));
        let missing: Vec<String> = missing.map(|letter| format!("`{letter}`")).collect();
        return if missing.is_empty() || missing.len() > 4 {
            "any character".to_owned()
        } else {
            format!("any character but {}", missing.join(", "))
        };
    }
    let range = |(low, high): &(char, char)| match u32::from(*high) - u32::from(*low) {
        0 => vec![format!("`{low}`")],
        1 => vec![format!("`{low}`"), format!("`{high}`")],
        _ => vec![format!("`{low}` to `{high}`")],
    };
    let mut words: Vec<String> = ranges.iter().flat_map(range).collect();
    if words.len() > 6 {
        words.truncate(6);
        words.push("another of its characters".to_owned());
    }
    or(&words)
}

fn merged(ranges: &BTreeSet<(char, char)>) -> Vec<(char, char)> {
    let mut merged: Vec<(char, char)> = Vec::new();
    for (low, high) in ranges {
        match merged.last_mut() {
            Some(last) if u32::from(*low) <= u32::from(last.1) + 1 => last.1 = last.1.max(*high),
            _ => merged.push((*low, *high)),
        }
    }
    merged
}

/// a, b or c
fn or(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |(characters, part): &(String, String)| {
            let is_said = part.is_empty() || *characters == format!("`{part}`");
            if is_said { characters.clone() } else { format!("{characters} of `{part}`") }
        };
        let mut ways: Vec<String> = self.characters.iter().take(MAX_WAYS).map(shown).collect();
        if self.characters.len() > MAX_WAYS {
            ways.push("more".to_owned());
        }
        if self.end {
            ways.push("the end of the name".to_owned());
        }
        f.write_str(if ways.is_empty() { "no name at all" } else { "" })?;
        f.write_str(&or(&ways))
    }
}
