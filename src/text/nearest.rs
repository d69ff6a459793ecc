//! What somebody probably meant: the known name that lies nearest to an unknown one.

/// The candidate that is fewest slips away from `name`, when it is near enough to be meant: a slip is a letter put in,
/// left out, replaced, or swapped with its neighbour, and one in three letters may be wrong. Case is no slip.
/// Of equally near candidates the first in the alphabet wins.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name: Vec<char> = letters(name);
    if name.len() > MAX_LETTERS {
        return None;
    }
    let near = candidates.into_iter().filter_map(|candidate| {
        let letters = letters(candidate);
        let bound = (name.len().max(letters.len()) / 3).max(1);
        let too_far = letters.len() > MAX_LETTERS || name.len().abs_diff(letters.len()) > bound;
        let slips = if too_far { usize::MAX } else { distance(&name, &letters) };
        (slips <= bound).then_some((slips, candidate))
    });
    near.min().map(|(_, candidate)| candidate)
}

/// Longer names are not compared: the work grows with the square of the length.
const MAX_LETTERS: usize = 200;

fn letters(name: &str) -> Vec<char> {
    name.chars().take(MAX_LETTERS + 1).flat_map(char::to_lowercase).collect()
}

/// The Damerau-Levenshtein distance in which no part of the text is edited twice.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (row, letter) in a.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, other) in b.iter().enumerate() {
            let replaced = last[column] + usize::from(letter != other);
            let mut slips = replaced.min(last[column + 1] + 1).min(current[column] + 1);
            let swapped = row > 0 && column > 0 && *letter == b[column - 1] && a[row - 1] == *other;
            if swapped {
                slips = slips.min(before_last[column - 1] + 1);
            }
            current.push(slips);
        }
        before_last = std::mem::replace(&mut last, current);
    }
    last.last().copied().unwrap_or(a.len())
}

#[cfg(test)]
mod tests {
    use super::nearest;

    const KEYS: [&str; 6] = ["owner", "delivery", "description", "table", "file", "retention"];

    #[test]
    fn a_slip_of_the_pen_finds_the_name_that_was_meant() {
        let cases =
            [("ownre", "owner"), ("Owner", "owner"), ("delivry", "delivery"), ("retenton", "retention"), ("flie", "file")];
        for (wrong, meant) in cases {
            assert_eq!(nearest(wrong, KEYS), Some(meant), "{wrong}");
        }
    }

    #[test]
    fn a_different_word_finds_nothing() {
        for wrong in ["", "x", "colour", "bucket", &"owner".repeat(100)] {
            assert_eq!(nearest(wrong, KEYS), None, "{wrong}");
        }
    }

    #[test]
    fn the_order_of_candidates_does_not_matter() {
        assert_eq!(nearest("bat", ["cat", "bar"]), Some("bar"));
        assert_eq!(nearest("bat", ["bar", "cat"]), Some("bar"));
    }
}
