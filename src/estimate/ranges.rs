//! Sets of values as ranges: which values of a partition column a filter lets through. Times are microseconds since
//! 1970, and the ends of `i64` stand for no limit.

/// A set of values, and whether NULL is let through as well.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ranges {
    /// From, inclusive, to, exclusive; apart from each other and in order.
    parts: Vec<(i64, i64)>,
    pub has_null: bool,
}

impl Ranges {
    pub fn all() -> Ranges {
        Ranges { parts: vec![(i64::MIN, i64::MAX)], has_null: true }
    }

    pub fn none() -> Ranges {
        Ranges { parts: Vec::new(), has_null: false }
    }

    pub fn null() -> Ranges {
        Ranges { has_null: true, ..Ranges::none() }
    }

    /// From one value, inclusive, to another, exclusive; empty where they are the wrong way round.
    pub fn between(from: i64, to: i64) -> Ranges {
        Ranges { parts: if from < to { vec![(from, to)] } else { Vec::new() }, has_null: false }
    }

    pub fn is_empty(&self) -> bool {
        self.parts.is_empty() && !self.has_null
    }

    pub fn is_all(&self) -> bool {
        *self == Ranges::all()
    }

    pub fn and(&self, other: &Ranges) -> Ranges {
        let mut parts = Vec::new();
        let (mut ours, mut theirs) = (self.parts.iter().peekable(), other.parts.iter().peekable());
        while let (Some((a_from, a_to)), Some((b_from, b_to))) = (ours.peek(), theirs.peek()) {
            let (from, to) = (*a_from.max(b_from), *a_to.min(b_to));
            if from < to {
                parts.push((from, to));
            }
            if a_to < b_to {
                ours.next();
            } else {
                theirs.next();
            }
        }
        Ranges { parts, has_null: self.has_null && other.has_null }
    }

    pub fn or(self, other: Ranges) -> Ranges {
        Ranges::any([self, other])
    }

    /// What any of them lets through.
    pub fn any(sets: impl IntoIterator<Item = Ranges>) -> Ranges {
        let mut union = Ranges::none();
        let mut parts: Vec<(i64, i64)> = Vec::new();
        for set in sets {
            union.has_null |= set.has_null;
            parts.extend(set.parts);
        }
        parts.sort_unstable();
        for (from, to) in parts {
            match union.parts.last_mut() {
                Some((_, last)) if *last >= from => *last = to.max(*last),
                _ => union.parts.push((from, to)),
            }
        }
        union
    }

    /// Whether any value from `first` to `last`, both inclusive, is let through.
    pub fn touches(&self, first: i64, last: i64) -> bool {
        // The first part that ends after `first` is the only one that can lie before `last` and hold any of it.
        let at = self.parts.partition_point(|(_, to)| *to <= first);
        self.parts.get(at).is_some_and(|(from, _)| *from <= last)
    }

    /// The parts, limited to these bounds.
    pub fn clipped(&self, from: i64, to: i64) -> Ranges {
        self.and(&Ranges::between(from, to))
    }

    pub fn parts(&self) -> &[(i64, i64)] {
        &self.parts
    }
}

#[cfg(test)]
mod tests {
    use super::Ranges;

    #[test]
    fn sets_are_cut_and_joined() {
        let (a, b) = (Ranges::between(0, 10), Ranges::between(20, 30));
        let both = a.clone().or(b.clone());
        assert_eq!(both.parts(), [(0, 10), (20, 30)]);
        assert_eq!(both.clipped(5, 25).parts(), [(5, 10), (20, 25)]);
        assert!(a.and(&b).is_empty());
        assert_eq!(a.or(Ranges::between(10, 20)).or(b).parts(), [(0, 30)]);
        assert!(Ranges::between(3, 3).is_empty());
    }

    #[test]
    fn a_range_touches_what_it_meets_in_one_value() {
        let day = Ranges::between(10, 20);
        let cases = [((0, 9), false), ((0, 10), true), ((19, 30), true), ((20, 30), false)];
        for ((first, last), expected) in cases {
            assert_eq!(day.touches(first, last), expected, "{first} to {last}");
        }
    }
}
