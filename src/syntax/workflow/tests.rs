use super::{Expr, ExprKind, parse};
use crate::syntax::testing::for_each_mutation;

/// The tree with its brackets, and the first fault.
fn read(text: &str) -> String {
    let (expr, faults) = parse(text);
    match faults.first() {
        Some(fault) => format!("! {} @{:?}", fault.message, text.get(fault.range.clone()).unwrap_or("?")),
        None => shown(&expr),
    }
}

fn shown(expr: &Expr) -> String {
    let list = |items: &[Expr]| items.iter().map(shown).collect::<Vec<_>>().join(", ");
    match &expr.kind {
        ExprKind::Null => "null".to_owned(),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Int(value) => value.to_string(),
        ExprKind::Double(value) => format!("{value:?}"),
        ExprKind::Text(text) => format!("{text:?}"),
        ExprKind::List(items) => format!("[{}]", list(items)),
        ExprKind::Map(entries) => {
            let entry = |(key, value): &(Expr, Expr)| format!("{}: {}", shown(key), shown(value));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        ExprKind::Name(name) => name.clone(),
        ExprKind::Member(base, member) => format!("{}.{member}", shown(base)),
        ExprKind::Index(base, index) => format!("{}[{}]", shown(base), shown(index)),
        ExprKind::Call { function, arguments, .. } => format!("{function}({})", list(arguments)),
        ExprKind::Unary(operator, operand) => format!("({operator:?} {})", shown(operand)),
        ExprKind::Binary(operator, left, right) => format!("({} {operator:?} {})", shown(left), shown(right)),
        ExprKind::Unknown => "?".to_owned(),
    }
}

#[test]
fn operators_bind_in_their_order() {
    let cases = [
        ("a + b * c", "(a Add (b Multiply c))"),
        ("a - b - c", "((a Subtract b) Subtract c)"),
        ("not a and b or c", "(((Not a) And b) Or c)"),
        ("\"x\" in m and n == 1", "((\"x\" In m) And (n Equal 1))"),
        ("a not in b", "(a NotIn b)"),
        ("not(a in b)", "(Not (a In b))"),
        ("-a // 2 % 3", "(((Minus a) FloorDivide 2) Remainder 3)"),
        ("A AND B", "(A And B)"),
        ("(a + b) * -1.5", "((a Add b) Multiply (Minus 1.5))"),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn values_are_read_with_what_follows_them() {
    let cases = [
        ("event.data.name", "event.data.name"),
        ("parts[len(parts) - 1]", "parts[(len(parts) Subtract 1)]"),
        ("text.match_regex(n, \"^a\\\\d+\\\\.gz$\")", "text.match_regex(n, \"^a\\\\d+\\\\.gz$\")"),
        ("if(a == null, [1, 2], {\"k\": [], \"l\": {}})", "if((a Equal null), [1, 2], {\"k\": [], \"l\": {}})"),
        ("json.decode(x).items[0][\"é\"].b", "json.decode(x).items[0][\"é\"].b"),
        ("'it''s'", "! \"s\" is not expected here @\"'s'\""),
        ("1e3 + .5", "(1000.0 Add 0.5)"),
        ("TRUE", "true"),
        ("a\n  + \"b: c\"", "(a Add \"b: c\")"),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn what_is_wrong_is_said_at_its_place() {
    let cases = [
        ("", "! the expression is empty @\"\""),
        ("a +", "! the expression ends where a value is missing @\"\""),
        ("a b", "! `b` is not expected here @\"b\""),
        ("a = b", "! `=` (`==` compares) is not expected here @\"=\""),
        ("f(a, b", "! `)` is missing @\"\""),
        ("a && b", "! `&` has no meaning in an expression @\"&\""),
        ("\"a", "! a text is not closed @\"\\\"a\""),
        ("a.", "! a name is missing after `.` @\"\""),
        ("a[1", "! `]` is missing @\"\""),
        ("a[0](b)", "! what is called is no function @\"a[0]\""),
        ("{\"a\"}", "! `:` is missing after a key @\"}\""),
        ("* 2", "! a value is missing before `*` @\"*\""),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn no_mutation_leads_out_of_the_text() {
    let seeds = [
        "text.match_regex(object, \"^a/\\\\d{4}é\\\\.gz$\") and not(x in feeds) or -y[0].b <= 1.5e3",
        "if(default(map.get(m, [\"a\", \"b\"]), {\"k\": [1, 'z']}) != null, a // b % c, ((d)))",
    ];
    for_each_mutation(&seeds, 4_000, |text| {
        let (expr, faults) = parse(text);
        let is_in = |range: &std::ops::Range<usize>| text.get(range.clone()).is_some();
        expr.walk(&mut |expr| assert!(is_in(&expr.range), "{text:?} {expr:?}"));
        assert!(faults.iter().all(|fault| is_in(&fault.range)), "{text:?} {faults:?}");
    });
}

#[test]
fn deep_nesting_ends() {
    for open in ["(", "[", "not ", "-", "f(", "a[", "{1:", "a.", "a+"] {
        let (expr, _) = parse(&open.repeat(600));
        expr.walk(&mut |_| {});
        let (expr, _) = parse(&open.repeat(20_000));
        expr.walk(&mut |_| {});
    }
    let chain = format!("a{}", ".b".repeat(100));
    assert_eq!(parse(&chain).1, []);
}
