//! Whatever comes in: no panic, no overflow of a small stack, places on character boundaries, bounded time.

use super::{Shop, reads};
use crate::sql::parse::parse;
use crate::sql::resolve::resolve;

/// Runs with the stack of an ordinary thread, and fails when it takes many seconds.
fn in_small_stack(text: String) -> (usize, usize) {
    let label: String = text.chars().take(30).collect();
    let (done, is_done) = std::sync::mpsc::channel();
    let run = move || {
        let script = parse(&text);
        for statement in &script.statements {
            resolve(statement, &text, &Shop);
        }
        let counts = (script.errors.len(), script.not_analysed.len());
        drop(script);
        done.send(counts).expect("somebody waits");
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(run).expect("a thread starts");
    let counts = is_done.recv_timeout(std::time::Duration::from_secs(20));
    let counts = counts.unwrap_or_else(|error| panic!("{label}: {error}"));
    thread.join().expect("nothing panics");
    counts
}

#[test]
fn deep_nesting_is_not_analysed_and_no_error() {
    for depth in [300, 10_000, 100_000] {
        let text = |open: &str, close: &str| format!("SELECT {}1{}", open.repeat(depth), close.repeat(depth));
        for text in [
            text("(", ")"),
            text("[", "]"),
            text("f(", ")"),
            text("(SELECT ", ")"),
            text("ARRAY<", ">"),
            text("STRUCT(", ")"),
            text("CASE WHEN 1 THEN ", " END"),
            text("NOT ", ""),
            text("- ", ""),
            text("IF(a,", ",b)"),
        ] {
            let start: String = text.chars().take(40).collect();
            assert_eq!(in_small_stack(text), (0, 1), "{start} at {depth}");
        }
    }
}

#[test]
fn nesting_that_people_write_is_analysed() {
    let deep = |open: &str, close: &str, n: usize| format!("SELECT {}id{} FROM shop.orders", open.repeat(n), close.repeat(n));
    for text in [deep("(", ")", 40), deep("IF(TRUE,", ",1)", 40), deep("COALESCE(", ")", 40)] {
        let (_, skipped) = in_small_stack(text);
        assert_eq!(skipped, 0);
    }
}

#[test]
fn long_statements_are_bounded() {
    let list: Vec<String> = (0..100_000).map(|n| n.to_string()).collect();
    assert_eq!(in_small_stack(format!("SELECT id FROM shop.orders WHERE id IN ({})", list.join(", "))), (0, 0));
    let columns: Vec<String> = (0..60_000).map(|n| format!("id AS column_{n}")).collect();
    assert_eq!(in_small_stack(format!("SELECT {} FROM shop.orders", columns.join(", "))), (0, 0));
    let branches = vec!["SELECT id FROM shop.orders"; 1_400].join(" UNION ALL ");
    assert_eq!(in_small_stack(branches), (0, 0));
    for (piece, between) in [("SELECT id FROM shop.orders", " UNION ALL "), ("id", " + "), ("id = 1", " OR "), ("'x'", " || ")] {
        let text = vec![piece; 50_000].join(between);
        let text = if piece.starts_with("SELECT") { text } else { format!("SELECT {text} FROM shop.orders") };
        assert_eq!(in_small_stack(text), (0, 1), "{between}");
    }
    let conditions = vec!["id = 1"; 1_400].join(" AND ");
    assert_eq!(in_small_stack(format!("SELECT id FROM shop.orders WHERE {conditions}")), (0, 0));
    let joins = " JOIN shop.customers USING (id)".repeat(1_000);
    assert_eq!(in_small_stack(format!("SELECT 1 FROM shop.orders{joins}")), (0, 0));
}

#[test]
fn unions_of_thousands_of_branches_are_analysed() {
    let branches = |n: usize| vec!["SELECT id FROM shop.orders"; n].join(" UNION ALL ");
    assert_eq!(in_small_stack(branches(5_000)), (0, 0));
    assert_eq!(in_small_stack(format!("WITH a AS ({}) SELECT * FROM a", branches(2_000))), (0, 0));
    assert_eq!(in_small_stack(branches(50_000)), (0, 1));
    let nested = format!("{}{}{}", "SELECT * FROM (".repeat(70), branches(5_000), ")".repeat(70));
    in_small_stack(nested);
    let script = parse(&branches(2_000));
    let statement = script.statements.first().expect("there is one statement");
    assert_eq!(resolve(statement, &branches(2_000), &Shop).scans.len(), 2_000);
}

#[test]
fn paths_and_words_without_end_are_bounded() {
    for (head, piece, tail) in [
        ("SELECT a", ".b", " FROM shop.orders"),
        ("SELECT 1 FROM t", ".b", ""),
        ("SELECT a", "[0]", " FROM shop.orders"),
        ("SELECT f(x)", ".y", " FROM shop.orders"),
        ("SELECT f(x)", ".g(y)", ""),
        ("SELECT f", "(x)", ""),
        ("SELECT x", "::INT64", ""),
        ("SELECT x", " || x", ""),
        ("SELECT x", " AT TIME ZONE y", ""),
        ("SELECT x", " COLLATE y", ""),
        ("SELECT x", " BETWEEN 1 AND 2", ""),
        ("SELECT x", " IS NULL", ""),
        ("SELECT x", " IN (1)", ""),
        ("SELECT x", " || CASE WHEN 1 THEN 2 ELSE 3 END", ""),
        ("SELECT x", " LIKE 'x'", ""),
        ("SELECT ", "EXISTS ", "(SELECT 1)"),
        ("SELECT ", "INTERVAL ", "1 DAY"),
        ("SELECT f(", "x -> ", "1)"),
    ] {
        for count in [1_400, 100_000] {
            in_small_stack(format!("{head}{}{tail}", piece.repeat(count)));
        }
        let refused = format!("{head}{}{tail}", piece.repeat(100_000));
        let script = parse(&refused);
        assert!(!script.not_analysed.is_empty() || !script.errors.is_empty(), "{head}{piece}");
    }
}

#[test]
fn definitions_without_end_are_bounded() {
    for text in [
        format!("CREATE TABLE a.b ({}x INT64{})", "x STRUCT<".repeat(100_000), ">".repeat(100_000)),
        format!("CREATE TABLE a.b {}", "(".repeat(100_000)),
        format!("CREATE TABLE a{}", ".b".repeat(100_000)),
        format!("CREATE TABLE a.b ({})", "c INT64, ".repeat(100_000)),
        format!("CREATE TABLE a.b {}", "OPTIONS (a = ".repeat(50_000)),
        format!("CREATE TABLE a.b {}", "PARTITION BY DATE(".repeat(20_000)),
        "CREATE TEMP TABLE t AS SELECT * FROM t;".repeat(5_000),
    ] {
        in_small_stack(text);
    }
}

#[test]
fn paths_that_people_write_are_analysed() {
    for text in ["SELECT a.b.c.d.e.f.g.h.i.j.k.l.m.n.o FROM t", "SELECT a[0][1][OFFSET(2)].b[SAFE_OFFSET(0)].c FROM t"] {
        assert_eq!(in_small_stack(text.to_owned()), (0, 0));
    }
    let columns: Vec<String> = (0..1_000).map(|n| format!("o.address.zip AS c{n}, f(x)")).collect();
    assert_eq!(in_small_stack(format!("SELECT {} FROM shop.orders o", columns.join(", "))), (0, 0));
}

#[test]
fn statements_that_name_too_much_are_said_to_be_unknown() {
    for (head, piece) in [
        ("SELECT 1 FROM t", " JOIN u ON a = b"),
        ("SELECT 1 FROM t", ", u"),
        ("FROM t", " |> JOIN u ON a = b"),
        ("FROM t", " |> EXTEND a AS b"),
        ("SELECT 1 FROM t WINDOW w AS (ORDER BY a)", ", w AS (w)"),
    ] {
        let text = format!("{head}{}", piece.repeat(20_000));
        in_small_stack(text.clone());
        let script = parse(&text);
        let unresolved = script.statements.iter().map(|statement| resolve(statement, &text, &Shop).unresolved.len());
        assert!(unresolved.sum::<usize>() > 0 || !script.not_analysed.is_empty(), "{head}{piece}");
    }
    in_small_stack(format!("SELECT * FROM shop.orders{}", " |> WHERE id = 1".repeat(20_000)));
}

#[test]
fn views_that_grow_are_bounded_and_said() {
    in_small_stack("SELECT id FROM shop.twin_view".to_owned());
    let found = reads("SELECT id FROM shop.twin_view");
    assert!(found.contains("too many queries"), "{}", found.len());
}

#[test]
fn garbage_is_bounded() {
    for piece in [
        "'",
        "\"",
        "`",
        "/*",
        "{{",
        "{%",
        "${",
        "(",
        ")",
        ";",
        "BEGIN ",
        "END ",
        "CASE ",
        "IF ",
        "a.",
        "FROM ",
        "JOIN ",
        "WITH OFFSET ",
        "FOR SYSTEM_TIME AS OF ",
        "ARRAY<",
        ",",
        "\u{1f600}",
        "\\",
        "END;",
    ] {
        in_small_stack(piece.repeat(100_000 / piece.len()));
        in_small_stack(format!("SELECT {}", piece.repeat(50_000 / piece.len())));
    }
}

#[test]
fn changed_texts_never_panic() {
    let corpus = super::corpus::cases();
    let scans = super::scans::CASES.iter().map(|(text, _)| *text);
    let seeds: Vec<&str> = scans.chain(corpus.iter().step_by(4).map(|case| case.text)).collect();
    let pieces = [
        "(",
        ")",
        "'",
        "`",
        "é",
        "日本",
        "\u{1f600}",
        ";",
        ",",
        ".",
        "FROM",
        "SELECT",
        "*",
        "\r\n",
        "\t",
        "{{",
        "}}",
        "\"\"\"",
        "--",
        "@",
        "\\",
        "<",
        ">>",
        "|>",
        "0x",
        "1e",
        "_",
    ];
    let mut random = Random(7);
    for _ in 0..6_000 {
        let mut text = random.pick(&seeds).to_string();
        for _ in 0..random.below(4) + 1 {
            mutate(&mut text, &pieces, &mut random);
        }
        // Slices the text at every place that it tells of.
        reads(&text);
    }
}

fn mutate(text: &mut String, pieces: &[&str], random: &mut Random) {
    let boundary = |text: &str, at: usize| (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let at = boundary(text, random.below(text.len() + 1));
    match random.below(3) {
        0 => text.insert_str(at, random.pick(pieces)),
        1 => text.truncate(at),
        _ => {
            let end = boundary(text, (at + random.below(8)).min(text.len())).max(at);
            text.replace_range(at..end, "");
        }
    }
}

/// A linear congruential generator: the same texts in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits fit") % limit.max(1)
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}
