use super::{Automaton, Walk, compare};
use crate::model::naming::{Language, NamePattern, Tokens, overlap};

fn automata() -> Vec<Automaton> {
    let words = ["orders", "order", "trades", "trades_eu", "x", "é"];
    let shapes = ["{date}_WORD.json", "WORD_{seq:2}", "{any}_WORD", "WORD{any}", "{seq}{any}WORD.json", "WORD_{date:%m%d}x"];
    let texts = shapes.iter().flat_map(|shape| words.iter().map(|word| shape.replace("WORD", word)));
    let mut patterns: Vec<NamePattern> = texts.map(|text| NamePattern::template(&text)).collect();
    patterns.extend([r"^(?i)ORDERS_\d+$", ".*_x", "$^", "", "(?s).+", r"o(rd)*er\w*"].map(NamePattern::regex));
    let language = |pattern: &NamePattern| Language::of(pattern, Tokens::default()).expect("small enough").automaton;
    patterns.iter().map(language).collect()
}

/// However the languages walk, comparing what is left finds the same.
#[test]
fn no_way_of_walking_misses_a_pair() {
    let automata = automata();
    let reversed: Vec<Automaton> = automata.iter().map(Automaton::reversed).collect();
    let (forward, backward): (Vec<_>, Vec<_>) = (automata.iter().collect(), reversed.iter().collect());
    let numbers = 0..automata.len();
    let pairs = numbers.clone().flat_map(|a| numbers.clone().map(move |b| (a, b))).filter(|(a, b)| a < b);
    let expected: Vec<_> = pairs.filter(|(a, b)| overlap(&automata[*a], &automata[*b]) == Ok(true)).collect();
    assert!(expected.len() > 60, "{}", expected.len());
    for (walk, of) in
        [(Walk::new(&forward, false), "start"), (Walk::new(&backward, false), "end"), (Walk::new(&forward, true), "wild")]
    {
        let candidates = walk.run().candidates;
        let missed = expected.iter().find(|(a, b)| !candidates.pairs.contains(&(*a as u32, *b as u32)));
        assert_eq!(missed, None, "from the {of}");
        assert_eq!(candidates.left_out, [0; 0]);
        let n_found = compare(&forward, candidates).pairs.len();
        assert!(n_found > 40 && n_found <= expected.len(), "{n_found} from the {of}");
    }
}

#[test]
fn a_reversed_language_has_the_names_from_their_ends() {
    let names = ["20260801_orders.json", "orders_12", "x_orders", "orders", "", "_x", "order_0228x", "é_00"];
    for automaton in automata() {
        for name in names {
            let backwards: String = name.chars().rev().collect();
            assert_eq!(automaton.matches(name), automaton.reversed().matches(&backwards), "{name}");
        }
    }
}
