//! The word that somebody may have meant. Knows nothing of SQL.

/// The word that takes the fewest changes, if these are few.
pub(super) fn nearest<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Option<String> {
    let wanted = wanted.to_ascii_lowercase();
    let limit = 1 + wanted.chars().count() / 4;
    names
        .map(|name| (changes(&wanted, &name.to_ascii_lowercase()), name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name.to_owned())
}

/// Insertions, deletions and replacements that make one word the other.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().take(128).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().take(128).enumerate() {
        let mut diagonal = i;
        let mut before = i + 1;
        if let Some(first) = row.first_mut() {
            *first = before;
        }
        for (cell, b) in row.iter_mut().skip(1).zip(&right) {
            let cost = (diagonal + usize::from(a != *b)).min(before + 1).min(*cell + 1);
            diagonal = *cell;
            *cell = cost;
            before = cost;
        }
    }
    row.last().copied().unwrap_or(0)
}

/// As [`distance`], where letters in another order are one change.
fn changes(left: &str, right: &str) -> usize {
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    let found = distance(left, right);
    if found == 2 && sorted(left) == sorted(right) { 1 } else { found }
}
