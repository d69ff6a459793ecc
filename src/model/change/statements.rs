//! Statements of SQL have no name but their place. Which is which follows from their texts: the same text first, then
//! the likest, within what a file held and holds.

use super::moved::likeness;
use super::pairing::Pairing;
use crate::model::{Model, Query, QueryId};
use crate::text::{Files, RepoPath};
use std::collections::{BTreeMap, BTreeSet};

/// Words that two statements must have in common, of all words of either.
const LIKENESS: f64 = 0.5;

/// So many pairs of statements of one text are compared; more go by their number.
const MAX_COMPARED: usize = 10_000;

type Group<'m> = [Vec<&'m Query>; 2];

/// The pairs of all statements.
pub(super) fn pairs(base: &Model, head: &Model, files: &Files, moved: &Pairing<RepoPath>) -> Pairing<QueryId> {
    let mut groups: BTreeMap<(RepoPath, &str), Group<'_>> = BTreeMap::new();
    for (at, model) in [base, head].into_iter().enumerate() {
        for query in model.queries.values() {
            let path = &files.get(query.map.file()).path;
            let within = query.id.path.strip_prefix(path.as_str()).unwrap_or(&query.id.path);
            let path = if at == 0 { moved.head_of(path).unwrap_or(path) } else { path };
            groups.entry((path.clone(), within)).or_default()[at].push(query);
        }
    }
    let mut pairs = Pairing::default();
    let mut left: Group<'_> = Group::default();
    for group in groups.into_values() {
        let group = group.map(|mut queries| {
            queries.sort_by_key(|query| query.id.number);
            queries
        });
        let rest = align(group, files, &mut pairs);
        for (all, rest) in left.iter_mut().zip(rest) {
            all.extend(rest);
        }
    }
    same(left, files, &mut pairs, |texts| matches!(texts, ([_], [_])));
    pairs
}

/// Pairs the statements of one text; what is left may have come from another one, or gone there.
fn align<'m>(group: Group<'m>, files: &Files, pairs: &mut Pairing<QueryId>) -> Group<'m> {
    let [base, head] = &group;
    let is_whole = base.len() == head.len();
    let is_equal = |(base, head): (&&Query, &&Query)| files.slice(base.span) == files.slice(head.span);
    if is_whole && base.iter().zip(head).all(is_equal) {
        base.iter().zip(head).for_each(|(base, head)| pairs.add(&base.id, &head.id));
        return Group::default();
    }
    let left = same(group, files, pairs, |_| true);
    let left = alike(left, files, pairs);
    let [base, head] = &left;
    // As many as before, in the same order: each was written anew.
    if is_whole {
        base.iter().zip(head).for_each(|(base, head)| pairs.add(&base.id, &head.id));
        return Group::default();
    }
    left
}

/// Pairs statements with the same text, in their order, where `takes` says so of all that have it.
fn same<'m>(
    group: Group<'m>,
    files: &Files,
    pairs: &mut Pairing<QueryId>,
    takes: impl Fn((&[&Query], &[&Query])) -> bool,
) -> Group<'m> {
    let mut by_text: BTreeMap<String, Group<'_>> = BTreeMap::new();
    for (at, queries) in group.iter().enumerate() {
        for query in queries {
            by_text.entry(words(files.slice(query.span)).join(" ")).or_default()[at].push(query);
        }
    }
    for [base, head] in by_text.values() {
        if takes((base, head)) {
            base.iter().zip(head).for_each(|(base, head)| pairs.add(&base.id, &head.id));
        }
    }
    without_partner(group, pairs)
}

/// Pairs each statement with the likest that is left.
fn alike<'m>(group: Group<'m>, files: &Files, pairs: &mut Pairing<QueryId>) -> Group<'m> {
    let [base, head] = &group;
    if base.len().saturating_mul(head.len()) > MAX_COMPARED {
        return group;
    }
    let words = |queries: &Vec<&Query>| -> Vec<BTreeSet<&str>> {
        queries.iter().map(|query| words(files.slice(query.span)).into_iter().collect()).collect()
    };
    let (of_base, of_head) = (words(base), words(head));
    let mut found = Vec::new();
    for (query, of_base) in base.iter().zip(&of_base) {
        for (other, of_head) in head.iter().zip(&of_head) {
            let likeness = likeness(of_base, of_head);
            if likeness >= LIKENESS {
                found.push((likeness, query.id.number.abs_diff(other.id.number), &query.id, &other.id));
            }
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2, a.3).cmp(&(b.1, b.2, b.3))));
    for (_, _, base, head) in found {
        if pairs.head_of(base).is_none() && pairs.base_of(head).is_none() {
            pairs.add(base, head);
        }
    }
    without_partner(group, pairs)
}

fn without_partner<'m>([mut base, mut head]: Group<'m>, pairs: &Pairing<QueryId>) -> Group<'m> {
    base.retain(|query| pairs.head_of(&query.id).is_none());
    head.retain(|query| pairs.base_of(&query.id).is_none());
    [base, head]
}

/// How a text is laid out does not count.
pub(super) fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}
