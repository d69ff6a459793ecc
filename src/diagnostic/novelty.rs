//! Which findings of the head the base does not have: told by what they are about, never by where they stand.

use super::Diagnostic;
use std::collections::BTreeMap;

/// Says of each finding of the head whether it is new. A finding of the base stands for one of the head: where several
/// have one fingerprint, first for one of the same words.
pub fn mark_new(head: &mut [Diagnostic], base: &[Diagnostic]) {
    let mut by_words: BTreeMap<(String, &str), usize> = BTreeMap::new();
    let mut by_fingerprint: BTreeMap<String, usize> = BTreeMap::new();
    for found in base {
        *by_words.entry((found.fingerprint(), &found.message)).or_default() += 1;
        *by_fingerprint.entry(found.fingerprint()).or_default() += 1;
    }
    for found in &mut *head {
        let fingerprint = found.fingerprint();
        let is_known = take(&mut by_words, &(fingerprint.clone(), found.message.as_str()));
        found.is_new = Some(!(is_known && take(&mut by_fingerprint, &fingerprint)));
    }
    for found in head.iter_mut().filter(|found| found.is_new == Some(true)) {
        found.is_new = Some(!take(&mut by_fingerprint, &found.fingerprint()));
    }
}

/// Takes one of those that are left.
fn take<K: Ord>(left: &mut BTreeMap<K, usize>, key: &K) -> bool {
    left.get_mut(key).filter(|count| **count > 0).map(|count| *count -= 1).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{RuleId, Severity, Subject, SubjectKind};
    use crate::text::{FileId, Span};

    fn found(rule: &str, subject: &str, message: &str) -> Diagnostic {
        Diagnostic {
            rule: RuleId::new(rule),
            severity: Severity::Error,
            message: message.to_owned(),
            primary: Span::start_of(FileId::from_index(0)),
            label: None,
            related: Vec::new(),
            help: None,
            fix: None,
            subject: Subject::new(SubjectKind::Feed, subject),
            detail: String::new(),
            is_new: None,
        }
    }

    /// The messages of what is new.
    fn new(base: &[Diagnostic], mut head: Vec<Diagnostic>) -> Vec<String> {
        mark_new(&mut head, base);
        head.into_iter().filter(|found| found.is_new == Some(true)).map(|found| found.message).collect()
    }

    #[test]
    fn a_finding_is_known_by_its_rule_and_subject_whatever_it_says() {
        let base = [found("late", "orders", "two hours late")];
        assert_eq!(new(&base, vec![found("late", "orders", "three hours late")]), [""; 0]);
        assert_eq!(new(&base, vec![found("late", "trades", "two hours late")]), ["two hours late"]);
        assert_eq!(new(&base, vec![found("lost", "orders", "two hours late")]), ["two hours late"]);
        assert_eq!(new(&[], vec![found("late", "orders", "a")]), ["a"]);
        assert_eq!(new(&base, Vec::new()), [""; 0]);
    }

    #[test]
    fn of_several_of_one_kind_as_many_are_new_as_there_are_more() {
        let base = [found("late", "orders", "b")];
        let head = || vec![found("late", "orders", "a"), found("late", "orders", "b"), found("late", "orders", "c")];
        assert_eq!(new(&base, head()), ["a", "c"], "the words tell which one there was");
        let other = [found("late", "orders", "x"), found("late", "orders", "y")];
        assert_eq!(new(&other, head()), ["c"]);
        let twice = [found("late", "orders", "c"), found("late", "orders", "c")];
        assert_eq!(new(&twice, head()), ["b"]);
    }
}
