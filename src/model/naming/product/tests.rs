use super::{common_name, name_outside, overlap};
use crate::model::naming::{Automaton, Language, NamePattern, Tokens, overlaps};
use regex::Regex;

fn automaton(pattern: &str) -> Automaton {
    let pattern = NamePattern::regex(pattern);
    assert!(pattern.is_readable(), "{}", pattern.text);
    Language::of(&pattern, Tokens::default()).expect("small enough").automaton
}

fn template(text: &str) -> Automaton {
    let tokens = Tokens { feed: Some("trades"), ..Tokens::default() };
    Language::of(&NamePattern::template(text), tokens).expect("small enough").automaton
}

/// The same numbers on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn letter(&mut self) -> String {
        char::from(b'a' + u8::try_from(self.below(3)).expect("below 3")).to_string()
    }

    /// An expression over a, b and c.
    fn pattern(&mut self, depth: u32) -> String {
        let choice = if depth == 0 { self.below(4) } else { self.below(14) };
        let mut inner = || self.pattern(depth.saturating_sub(1));
        match choice {
            4..=8 => inner() + &inner(),
            9 => format!("(?:{}|{})", inner(), inner()),
            10 => format!("(?:{})*", inner()),
            11 => format!("(?:{})?", inner()),
            12 => format!("(?:{}){{1,2}}", inner()),
            13 => format!("(?P<g{depth}>{})+$", inner()).replace(&format!("?P<g{depth}>"), "?:"),
            2 => "[ab]".to_owned(),
            3 if self.below(8) == 0 => "^".to_owned(),
            _ => self.letter(),
        }
    }
}

const LONGEST: usize = 6;

/// Every text over a, b and c up to that length, shortest first.
fn texts() -> Vec<String> {
    let mut texts = vec![String::new()];
    let mut from = 0;
    for _ in 0..LONGEST {
        let to = texts.len();
        for at in from..to {
            for letter in ["a", "b", "c"] {
                texts.push(format!("{}{letter}", texts[at]));
            }
        }
        from = to;
    }
    texts
}

struct Case {
    text: String,
    automaton: Automaton,
    regex: Regex,
}

fn cases(seed: u64, count: usize) -> Vec<Case> {
    let mut dice = Dice(seed);
    let case = |_| {
        let text = dice.pattern(4);
        let regex = Regex::new(&format!("^(?:{text})$")).expect("made to be right");
        Case { automaton: automaton(&text), text, regex }
    };
    (0..count).map(case).collect()
}

#[test]
fn a_common_name_is_found_if_and_only_if_trying_every_text_finds_one() {
    let texts = texts();
    let cases = cases(1, 160);
    let (mut met, mut apart) = (0, 0);
    for (a, b) in cases.iter().zip(cases.iter().skip(1)) {
        let tried = texts.iter().find(|text| a.regex.is_match(text) && b.regex.is_match(text));
        let found = common_name(&a.automaton, &b.automaton).expect("small enough");
        assert_eq!(overlap(&a.automaton, &b.automaton), Ok(found.is_some()), "{} {}", a.text, b.text);
        match (tried, &found) {
            (Some(tried), Some(found)) => assert_eq!(tried.len(), found.len(), "{} {}", a.text, b.text),
            (None, Some(found)) => assert!(found.len() > LONGEST, "{} {}: {found}", a.text, b.text),
            (Some(tried), None) => panic!("{} {}: missed {tried}", a.text, b.text),
            (None, None) => apart += 1,
        }
        if let Some(found) = found {
            assert!(a.regex.is_match(&found) && b.regex.is_match(&found), "{} {}: {found}", a.text, b.text);
            met += 1;
        }
    }
    assert!(met > 20 && apart > 20, "{met} {apart}");
}

#[test]
fn a_name_outside_is_found_if_and_only_if_trying_every_text_finds_one() {
    let texts = texts();
    let cases = cases(2, 160);
    let (mut inside, mut outside) = (0, 0);
    for (a, b) in cases.iter().zip(cases.iter().skip(1)) {
        let tried = texts.iter().find(|text| a.regex.is_match(text) && !b.regex.is_match(text));
        match (tried, name_outside(&a.automaton, &b.automaton).expect("small enough")) {
            (Some(tried), Some(found)) => {
                assert_eq!(tried.len(), found.len(), "{} {}", a.text, b.text);
                assert!(a.regex.is_match(&found) && !b.regex.is_match(&found), "{} {}: {found}", a.text, b.text);
                outside += 1;
            }
            (None, Some(found)) => assert!(found.len() > LONGEST, "{} {}: {found}", a.text, b.text),
            (Some(tried), None) => panic!("{} {}: missed {tried}", a.text, b.text),
            (None, None) => inside += 1,
        }
    }
    assert!(inside > 5 && outside > 50, "{inside} {outside}");
}

#[test]
fn many_languages_overlap_where_two_of_them_do() {
    for seed in 10..40 {
        let cases = cases(seed, 9);
        let automata: Vec<&Automaton> = cases.iter().map(|case| &case.automaton).collect();
        let found = overlaps(&automata);
        for (i, a) in automata.iter().enumerate() {
            for (j, b) in automata.iter().enumerate().skip(i + 1) {
                // Of equal languages, each is only told to be like the first.
                let is_copy = automata.iter().take(j).any(|other| *other == *b) && *a == *b;
                let is_expected = overlap(a, b) == Ok(true);
                let is_found = found.pairs.contains(&(i, j));
                assert!(is_found == is_expected || (is_copy && is_expected), "{seed}: {} {}", cases[i].text, cases[j].text);
            }
        }
        assert_eq!(found.unfinished, Vec::<usize>::new());
    }
}

#[test]
fn feeds_that_differ_are_told_apart_however_many_they_are() {
    let names = (0..400).map(|number| template(&format!("{{date:%Y%m%d}}_feed{number:03}_{{seq}}.json")));
    let mut automata: Vec<Automaton> = names.collect();
    automata.push(template("{date:%Y%m%d}_feed1{any}.json"));
    automata.push(template("{any}_feed250_{seq:2}.json"));
    automata.push(automata[7].clone());
    let references: Vec<&Automaton> = automata.iter().collect();
    let found = overlaps(&references);
    let mut expected: Vec<(usize, usize)> = (100..200).map(|number| (number, 400)).collect();
    expected.extend([(7, 402), (250, 401), (400, 401)]);
    expected.sort_unstable();
    assert_eq!(found.pairs, expected);
}

#[test]
fn a_common_name_reads_like_a_name() {
    let name = |a: &Automaton, b: &Automaton| common_name(a, b).expect("small enough");
    assert_eq!(name(&template("{feed}_{any}.json"), &automaton(r"[^/]+_eu\.json")).as_deref(), Some("trades_eu.json"));
    assert_eq!(name(&template("a_{date}.json"), &automaton(".*")).as_deref(), Some("a_20000101.json"));
    assert_eq!(name(&template("a_{seq:4}.json"), &automaton(r"a_\d{5}\.json")), None);
    assert_eq!(name(&template("a_{date:%m%d}"), &automaton("a_(13|00).*")), None);
}

#[test]
fn a_language_that_lies_in_another_has_no_name_outside() {
    let outside = |a: &Automaton, b: &Automaton| name_outside(a, b).expect("small enough");
    assert_eq!(outside(&template("{feed}_{date}.json"), &template("{feed}_{any}.json")), None);
    assert_eq!(outside(&template("{feed}_{any}.json"), &template("{feed}_{seq}.json")).as_deref(), Some("trades_x.json"));
    assert_eq!(outside(&automaton("[^/]+"), &template("{any}")), None);
    assert_eq!(outside(&automaton(".*"), &template("{any}")).as_deref(), Some(""));
}

#[test]
fn what_grows_too_large_is_not_told() {
    // To know whether a name has an `a` as its twentieth letter from the end takes a million states.
    let outside = |last: u32| {
        name_outside(&automaton("(?:a|b){30}c"), &automaton(&format!("(?:a|b)*a(?:a|b){{{last}}}c|(?:a|b)*b(?:a|b){{{last}}}c")))
    };
    assert_eq!(outside(3), Ok(None));
    assert!(outside(20).is_err());
}
