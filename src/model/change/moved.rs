//! Files that have another path, as far as their text tells.

use super::pairing::Pairing;
use crate::text::{Files, RepoPath, Side, SourceFile};
use std::collections::{BTreeMap, BTreeSet};

/// So much of two texts must be the same, of all that either of them says.
const LIKENESS: f64 = 0.6;

/// So many pairs of files are compared; more are left as they are.
const MAX_COMPARED: usize = 2_500;

/// The files that moved: those whose text is the same, and those of one kind whose text is mostly so.
pub(super) fn files(files: &Files) -> Pairing<RepoPath> {
    let only = |side: Side, other: Side| {
        let own = files.of(side).map(|(_, file)| file);
        own.filter(move |file| files.find(other, &file.path).is_none()).collect::<Vec<_>>()
    };
    let mut left = [only(Side::Base, Side::Head), only(Side::Head, Side::Base)];
    let mut pairs = Pairing::default();
    if left.iter().any(Vec::is_empty) {
        return pairs;
    }
    same(&left, &mut pairs);
    left[0].retain(|file| pairs.head_of(&file.path).is_none());
    left[1].retain(|file| pairs.base_of(&file.path).is_none());
    alike(&left, &mut pairs);
    pairs
}

/// One file on each side with this text.
fn same(left: &[Vec<&SourceFile>; 2], pairs: &mut Pairing<RepoPath>) {
    let mut by_text: BTreeMap<&str, [Vec<&RepoPath>; 2]> = BTreeMap::new();
    for (at, files) in left.iter().enumerate() {
        for file in files.iter().filter(|file| !file.text.trim().is_empty()) {
            by_text.entry(&file.text).or_default()[at].push(&file.path);
        }
    }
    for [base, head] in by_text.values() {
        if let ([base], [head]) = (base.as_slice(), head.as_slice()) {
            pairs.add(base, head);
        }
    }
}

/// Each the likest of the other.
fn alike(left: &[Vec<&SourceFile>; 2], pairs: &mut Pairing<RepoPath>) {
    let [base, head] = left;
    if base.len().saturating_mul(head.len()) > MAX_COMPARED {
        return;
    }
    let lines = |file: &&SourceFile| file.text.lines().map(str::trim).filter(|line| line.len() > 1).map(str::to_owned).collect();
    let [of_base, of_head]: [Vec<BTreeSet<String>>; 2] = [base, head].map(|files| files.iter().map(lines).collect());
    let mut found = Vec::new();
    for (at, file) in base.iter().enumerate() {
        for (to, other) in head.iter().enumerate().filter(|(_, other)| extension(&file.path) == extension(&other.path)) {
            let likeness = likeness(&of_base[at], &of_head[to]);
            if likeness >= LIKENESS {
                found.push((likeness, &file.path, &other.path));
            }
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
    for (_, base, head) in found {
        if pairs.head_of(base).is_none() && pairs.base_of(head).is_none() {
            pairs.add(base, head);
        }
    }
}

fn extension(path: &RepoPath) -> &str {
    path.name().rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// How much of what two texts say both of them say, from 0 to 1.
pub(super) fn likeness<T: Ord>(a: &BTreeSet<T>, b: &BTreeSet<T>) -> f64 {
    let n_both = a.intersection(b).count();
    let n_any = a.len() + b.len() - n_both;
    // Far fewer lines than 2^52.
    if n_any == 0 { 0.0 } else { n_both as f64 / n_any as f64 }
}
