//! What two languages have to do with each other: a name that both allow, or a name that one allows and the other does
//! not. Exact, and bounded: what grows too large is said to be unknown.

use super::automaton::{Automaton, Edge, Unbuilt};
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::hash::Hash;

/// More pairs of states than these are not walked; sets of states count as many as they hold.
const MAX_PAIRS: usize = 400_000;

/// No two automata are compared that have more pairs of states.
const MAX_PRODUCT: usize = 1 << 24;

/// A shortest name that both languages allow; `None` when there is none.
pub fn common_name(a: &Automaton, b: &Automaton) -> Result<Option<String>, Unbuilt> {
    let start = (Automaton::START, Automaton::START);
    let is_end = |(p, q): &(u32, u32)| a.accepts(*p) && b.accepts(*q);
    shortest(start, is_end, |(p, q)| common_moves(a.edges_of(*p), b.edges_of(*q)), |_| 1)
}

/// Whether both languages allow some name, without looking for a short one.
pub fn overlap(a: &Automaton, b: &Automaton) -> Result<bool, Unbuilt> {
    // One flag for each pair of states.
    let (n_a, n_b) = (a.n_states(), b.n_states());
    if n_a.saturating_mul(n_b) > MAX_PRODUCT {
        return Err(Unbuilt::TooLarge);
    }
    let mut seen = vec![false; n_a * n_b];
    let mut waiting = vec![(Automaton::START, Automaton::START)];
    while let Some((p, q)) = waiting.pop() {
        if a.accepts(p) && b.accepts(q) {
            return Ok(true);
        }
        for edge in a.edges_of(p) {
            let meeting = b.edges_of(q).iter().filter(|other| other.low <= edge.high && edge.low <= other.high);
            let next = meeting.map(|other| (edge.to, other.to));
            let is_new = |(p, q): &(u32, u32)| {
                let seen = seen.get_mut(*p as usize * n_b + *q as usize);
                seen.is_some_and(|seen| !std::mem::replace(seen, true))
            };
            waiting.extend(next.filter(is_new));
        }
    }
    Ok(false)
}

/// A shortest name that `a` allows and `b` does not; `None` when `b` allows every name of `a`.
pub fn name_outside(a: &Automaton, b: &Automaton) -> Result<Option<String>, Unbuilt> {
    let start = (Automaton::START, BTreeSet::from([Automaton::START]));
    let is_end = |(p, qs): &(u32, BTreeSet<u32>)| a.accepts(*p) && !b.accepts_any(qs);
    shortest(start, is_end, |(p, qs)| moves_beside(a.edges_of(*p), b, qs), |(_, qs)| 1 + qs.len())
}

/// Walks breadth first and reads the name off the way back.
fn shortest<S: Clone + Eq + Hash>(
    start: S,
    is_end: impl Fn(&S) -> bool,
    moves: impl Fn(&S) -> Vec<(char, S)>,
    weight: impl Fn(&S) -> usize,
) -> Result<Option<String>, Unbuilt> {
    let mut came: HashMap<S, Option<(S, char)>> = HashMap::from([(start.clone(), None)]);
    let mut waiting = VecDeque::from([start]);
    let mut size = 0;
    while let Some(state) = waiting.pop_front() {
        if is_end(&state) {
            return Ok(Some(name_to(&state, &came)));
        }
        for (letter, next) in moves(&state) {
            if !came.contains_key(&next) {
                size += weight(&next);
                came.insert(next.clone(), Some((state.clone(), letter)));
                waiting.push_back(next);
            }
        }
        if size > MAX_PAIRS {
            return Err(Unbuilt::TooLarge);
        }
    }
    Ok(None)
}

fn name_to<S: Eq + Hash>(end: &S, came: &HashMap<S, Option<(S, char)>>) -> String {
    let mut letters = Vec::new();
    let mut state = end;
    while let Some(Some((before, letter))) = came.get(state) {
        letters.push(*letter);
        state = before;
    }
    letters.iter().rev().collect()
}

/// Moves that both can make, those that read well first.
fn common_moves(a: &[Edge], b: &[Edge]) -> Vec<(char, (u32, u32))> {
    let meeting = |edge: &Edge, other: &Edge| {
        let (low, high) = (edge.low.max(other.low), edge.high.min(other.high));
        (low <= high).then(|| (readable(low, high), (edge.to, other.to)))
    };
    let moves = a.iter().flat_map(|edge| b.iter().filter_map(move |other| meeting(edge, other)));
    sorted_by_looks(moves.collect())
}

/// The moves of `a`, each with the states in which `b` is then: for every character that makes a difference.
fn moves_beside(a: &[Edge], b: &Automaton, states: &BTreeSet<u32>) -> Vec<(char, (u32, BTreeSet<u32>))> {
    let of_b: Vec<Edge> = states.iter().flat_map(|state| b.edges_of(*state)).copied().collect();
    let mut moves = Vec::new();
    for edge in a {
        for (low, high) in pieces(edge, &of_b) {
            let next = of_b.iter().filter(|other| other.low <= low && high <= other.high).map(|other| other.to).collect();
            moves.push((readable(low, high), (edge.to, next)));
        }
    }
    sorted_by_looks(moves)
}

/// The range of an edge, cut where ranges of the others begin and end.
fn pieces(edge: &Edge, others: &[Edge]) -> Vec<(char, char)> {
    let inner = edge.low..=edge.high;
    let mut starts = BTreeSet::from([edge.low]);
    starts.extend(others.iter().map(|other| other.low).filter(|low| inner.contains(low)));
    starts.extend(others.iter().filter_map(|other| after(other.high)).filter(|low| inner.contains(low)));
    let ends = starts.iter().skip(1).map(|start| before(*start)).chain([edge.high]);
    starts.iter().copied().zip(ends).collect()
}

/// The next character; there is none after the last.
pub(super) fn after(letter: char) -> Option<char> {
    (letter..=char::MAX).nth(1)
}

/// The character before one that is not the first.
fn before(letter: char) -> char {
    ('\0'..letter).next_back().unwrap_or(letter)
}

fn sorted_by_looks<S>(mut moves: Vec<(char, S)>) -> Vec<(char, S)> {
    moves.sort_by_key(|(letter, _)| looks(*letter));
    moves
}

/// The character of a range that reads best in a name.
fn readable(low: char, high: char) -> char {
    let favourites = "xa01AX_-.".chars().chain('b'..='z').chain('2'..='9').chain('B'..='Z').chain('!'..='~');
    favourites.into_iter().find(|letter| (low..=high).contains(letter)).unwrap_or(low)
}

/// Letters and digits first, then marks, then what is not ASCII.
fn looks(letter: char) -> u8 {
    match letter {
        'a'..='z' => 0,
        '0'..='9' => 1,
        'A'..='Z' => 2,
        '_' | '-' | '.' => 3,
        letter if letter.is_ascii_graphic() => 4,
        _ => 5,
    }
}

#[cfg(test)]
mod tests;
