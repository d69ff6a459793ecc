//! Two names that differ, and not to tools which write everything small and `_` for `-`.

use super::automaton::{Automaton, Edge};
use std::collections::{HashSet, VecDeque};

/// More pairs of states are not walked: nothing is found then.
const MAX_PAIRS: usize = 100_000;

/// A name as tools write it that know only lower case, digits and `_`.
pub fn fold(name: &str) -> String {
    name.to_lowercase().chars().map(|letter| if letter == '-' || letter.is_whitespace() { '_' } else { letter }).collect()
}

/// The shortest two names, one of each language, that are not equal and fold to one. Looks at letters of ASCII.
pub fn easily_one(a: &Automaton, b: &Automaton) -> Option<(String, String)> {
    let start = (Automaton::START, Automaton::START, false);
    let mut seen = HashSet::from([start]);
    let mut waiting = VecDeque::from([(start, String::new(), String::new())]);
    while let Some(((p, q, differs), of_a, of_b)) = waiting.pop_front() {
        if differs && a.accepts(p) && b.accepts(q) {
            return Some((of_a, of_b));
        }
        if seen.len() > MAX_PAIRS {
            return None;
        }
        for (edge, other) in a.edges_of(p).iter().flat_map(|edge| b.edges_of(q).iter().map(move |other| (edge, other))) {
            for (letter, twin) in pairs(*edge, *other) {
                let next = (edge.to, other.to, differs || letter != twin);
                if seen.insert(next) {
                    waiting.push_back((next, format!("{of_a}{letter}"), format!("{of_b}{twin}")));
                }
            }
        }
    }
    None
}

/// A letter that both moves have, and letters that are twins.
fn pairs(edge: Edge, other: Edge) -> impl Iterator<Item = (char, char)> {
    let has = |edge: Edge, letter: char| (edge.low..=edge.high).contains(&letter);
    // A letter or a digit can be read; any other serves where there is none.
    let readable = ('a'..='z').chain('0'..='9').chain('A'..='Z').find(|letter| has(edge, *letter) && has(other, *letter));
    let any = edge.low.max(other.low);
    let same = readable.or_else(|| (any <= edge.high.min(other.high)).then_some(any)).map(|letter| (letter, letter));
    let cases = ('A'..='Z').flat_map(|upper| [(upper, upper.to_ascii_lowercase()), (upper.to_ascii_lowercase(), upper)]);
    let marks = ['-', '_', ' '].into_iter().flat_map(|one| ['-', '_', ' '].map(|other| (one, other)));
    let twins = cases.chain(marks).find(move |(letter, twin)| letter != twin && has(edge, *letter) && has(other, *twin));
    same.into_iter().chain(twins)
}
