//! The statements of the language's reference, worked out: what goes in and what comes out, as JSON.

use crate::model::terraform::{Known, Templates, Terraform};
use crate::syntax::hcl;
use crate::text::{FileId, Files, RepoPath, Side, SourceFile};

/// The value of an expression as Terraform's console would show it in JSON, or why there is none.
fn value(expression: &str) -> String {
    let text = format!("resource \"a\" \"b\" {{\n  x = jsonencode({expression})\n}}\nvariable \"unset\" {{}}\n");
    let mut files = Files::default();
    files.push(SourceFile::new(Side::Head, RepoPath::new("main.tf").expect("a plain path"), text.as_str().into()));
    let parsed = hcl::parse(FileId::from_index(0), &text.as_str().into());
    assert!(parsed.problems.is_empty(), "{expression}: {:?}", parsed.problems);
    let documents = [parsed.document];
    let templates = Templates::of(&files, Side::Head);
    let terraform = Terraform::read(&templates, &documents, [], [], None, None);
    let resource = terraform.resources("a").next().expect("the block that holds it");
    match terraform.text(resource, resource.body, "x") {
        Known::Known(text) => text.value,
        Known::Absent => "absent".to_owned(),
        Known::Unknown(why) => format!("unknown: {}", why.text),
    }
}

fn all_are(cases: &[(&str, &str)]) {
    for (expression, expected) in cases {
        assert_eq!(value(expression), *expected, "{expression}");
    }
}

#[test]
fn texts() {
    all_are(&[
        ("lower(\"HELLO\")", "\"hello\""),
        ("title(\"hello world\")", "\"Hello World\""),
        ("trimspace(\"  hello\\n\\n\")", "\"hello\""),
        ("trim(\"?!hello?!\", \"!?\")", "\"hello\""),
        ("trimprefix(\"helloworld\", \"hello\")", "\"world\""),
        ("trimsuffix(\"helloworld\", \"world\")", "\"hello\""),
        ("startswith(\"hello world\", \"hello\")", "true"),
        ("endswith(\"hello world\", \"hello\")", "false"),
        ("strcontains(\"hello world\", \"wor\")", "true"),
        ("strrev(\"hello\")", "\"olleh\""),
        ("replace(\"1 + 2 + 3\", \"+\", \"-\")", "\"1 - 2 - 3\""),
        ("replace(\"hello world\", \"/w.*d/\", \"everybody\")", "\"hello everybody\""),
        ("substr(\"hello world\", 1, 4)", "\"ello\""),
        ("substr(\"hello world\", -5, -1)", "\"world\""),
        ("split(\",\", \"foo,bar,baz\")", "[\"foo\",\"bar\",\"baz\"]"),
        ("split(\",\", \"\")", "[\"\"]"),
        ("join(\", \", [\"foo\", \"bar\"])", "\"foo, bar\""),
        ("urlencode(\"Hello World!\")", "\"Hello+World%21\""),
        ("regex(\"[a-z]+\", \"53453453.345345aaabbbccc23454\")", "\"aaabbbccc\""),
        ("regex(\"(\\\\d\\\\d\\\\d\\\\d)-(\\\\d\\\\d)\", \"2019-02-01\")", "[\"2019\",\"02\"]"),
        (
            "regex(\"^(?P<scheme>[^:/?#]+)://(?P<authority>[^/?#]*)\", \"https://terraform.io/docs/\")",
            "{\"authority\":\"terraform.io\",\"scheme\":\"https\"}",
        ),
        ("regexall(\"[a-z]+\", \"1234abcd5678efgh9\")", "[\"abcd\",\"efgh\"]"),
        ("try(regex(\"a\", \"b\"), \"none\")", "\"none\""),
        ("basename(\"foo/bar/baz.txt\")", "\"baz.txt\""),
        ("dirname(\"foo/bar/baz.txt\")", "\"foo/bar\""),
        ("indent(2, \"a\\nb\")", "\"a\\n  b\""),
        ("jsonencode({ \"hello\" = \"<world>\" })", "\"{\\\"hello\\\":\\\"\\\\u003cworld\\\\u003e\\\"}\""),
    ]);
}

#[test]
fn formats() {
    all_are(&[
        ("format(\"Hello, %s!\", \"Ander\")", "\"Hello, Ander!\""),
        ("format(\"There are %d lights\", 4)", "\"There are 4 lights\""),
        ("format(\"%04d-%5.1f|%-4s|%+d|%%\", 7, 2.25, \"ab\", 3)", "\"0007-  2.2|ab  |+3|%\""),
        ("format(\"%x %q %t\", 255, \"a\\\"b\", true)", "\"ff \\\"a\\\\\\\"b\\\" true\""),
        ("format(\"%03d\", -5)", "\"-05\""),
        ("formatlist(\"Hello, %s!\", [\"Valentina\", \"Ander\"])", "[\"Hello, Valentina!\",\"Hello, Ander!\"]"),
        (
            "formatlist(\"%s, %s!\", \"Salutations\", [\"Valentina\", \"Ander\"])",
            "[\"Salutations, Valentina!\",\"Salutations, Ander!\"]",
        ),
    ]);
}

#[test]
fn numbers() {
    all_are(&[
        ("abs(-12.4)", "12.4"),
        ("ceil(5.1)", "6"),
        ("floor(4.9)", "4"),
        ("max(12, 54, 3)", "54"),
        ("min(12, 54, 3)", "3"),
        ("pow(3, 2)", "9"),
        ("signum(-13)", "-1"),
        ("parseint(\"FF\", 16)", "255"),
        ("sum([10, 13, 6, 4.5])", "33.5"),
        ("range(3)", "[0,1,2]"),
        ("range(1, 8, 2)", "[1,3,5,7]"),
        ("range(4, 1)", "[4,3,2]"),
        ("\"5\" * 2", "10"),
        ("tonumber(\"1\") + 1", "2"),
        ("7 % 4", "3"),
    ]);
}

#[test]
fn collections() {
    all_are(&[
        ("concat([\"a\", \"\"], [\"b\"])", "[\"a\",\"\",\"b\"]"),
        ("compact([\"a\", \"\", \"b\", null, \"c\"])", "[\"a\",\"b\",\"c\"]"),
        ("contains([\"a\", \"b\", \"c\"], \"a\")", "true"),
        ("distinct([\"a\", \"b\", \"a\", \"c\", \"d\", \"b\"])", "[\"a\",\"b\",\"c\",\"d\"]"),
        ("element([\"a\", \"b\", \"c\"], 4)", "\"b\""),
        ("flatten([[\"a\", \"b\"], [], [[\"c\"]]])", "[\"a\",\"b\",\"c\"]"),
        ("index([\"a\", \"b\", \"c\"], \"b\")", "1"),
        ("keys({ b = 2, a = 1 })", "[\"a\",\"b\"]"),
        ("values({ b = 2, a = 1 })", "[1,2]"),
        ("length({ a = 1 })", "1"),
        ("length(\"hello\")", "5"),
        ("lookup({ a = \"ay\" }, \"c\", \"what?\")", "\"what?\""),
        ("merge({ a = \"b\", c = \"d\" }, { e = \"f\", c = \"z\" })", "{\"a\":\"b\",\"c\":\"z\",\"e\":\"f\"}"),
        ("one([\"a\"])", "\"a\""),
        ("one([])", "null"),
        ("reverse([1, 2, 3])", "[3,2,1]"),
        ("setintersection([\"a\", \"b\"], [\"b\", \"c\"], [\"b\", \"d\"])", "[\"b\"]"),
        ("setsubtract([\"a\", \"b\", \"c\"], [\"a\", \"c\"])", "[\"b\"]"),
        ("setunion([\"a\", \"b\"], [\"b\", \"c\"], [\"d\"])", "[\"a\",\"b\",\"c\",\"d\"]"),
        ("setproduct([\"a\", \"b\"], [1])", "[[\"a\",1],[\"b\",1]]"),
        ("slice([\"a\", \"b\", \"c\", \"d\"], 1, 3)", "[\"b\",\"c\"]"),
        ("sort([\"e\", \"d\", \"a\", \"x\"])", "[\"a\",\"d\",\"e\",\"x\"]"),
        ("toset([\"c\", \"b\", \"b\"])", "[\"b\",\"c\"]"),
        ("zipmap([\"a\", \"b\"], [1, 2])", "{\"a\":1,\"b\":2}"),
        ("chunklist([\"a\", \"b\", \"c\"], 2)", "[[\"a\",\"b\"],[\"c\"]]"),
        ("alltrue([\"true\", true])", "true"),
        ("anytrue([])", "false"),
        ("coalescelist([], [\"c\"])", "[\"c\"]"),
        ("{ for x in [\"ab\", \"cd\", \"ae\"] : substr(x, 0, 1) => x... }", "{\"a\":[\"ab\",\"ae\"],\"c\":[\"cd\"]}"),
        ("[for k, v in { b = 2, a = 1 } : \"${k}${v}\"]", "[\"a1\",\"b2\"]"),
    ]);
}

#[test]
fn what_cannot_be_known_is_not_guessed() {
    all_are(&[
        ("timestamp()", "unknown: `timestamp(…)` is not evaluated"),
        ("sort([var.unset])", "unknown: `sort(…)` is not evaluated"),
        ("upper(var.unset)", "unknown: `var.unset` has no value in the repository"),
        ("sum([1, \"x\"])", "unknown: `sum(…)` is not evaluated"),
        ("format(\"%d\")", "unknown: `format(…)` is not evaluated"),
        ("try(var.unset, \"x\")", "unknown: `var.unset` has no value in the repository"),
    ]);
}

#[test]
fn texts_that_hold_data() {
    all_are(&[
        ("jsondecode(\"{\\\"hello\\\": \\\"world\\\"}\")", "{\"hello\":\"world\"}"),
        ("jsondecode(\"true\")", "true"),
        ("yamldecode(\"hello: world\")", "{\"hello\":\"world\"}"),
        ("yamldecode(\"{a: 1, b: [x, y]}\").b[1]", "\"y\""),
    ]);
}

#[test]
fn keys_that_are_expressions() {
    all_are(&[
        ("{ (\"a\") = 1, \"b-${1 + 1}\" = 2 }", "{\"a\":1,\"b-2\":2}"),
        ("[for x in [\"a\"] : { (x) = 1 }]", "[{\"a\":1}]"),
        ("{ (var.unset) = 1 }", "unknown: a key of the map is not known"),
    ]);
}

#[test]
fn splats() {
    all_are(&[
        ("[{ id = 1 }, { id = 2 }][*].id", "[1,2]"),
        ("[{ id = 1 }, { id = 2 }].*.id", "[1,2]"),
        ("[{ id = [1] }, { id = [2] }][*].id[0]", "[1,2]"),
        ("[{ id = [1] }, { id = [2] }].*.id[0]", "[1]"),
        ("[{ a = [{ b = 1 }, { b = 2 }] }, { a = [] }][*].a[*].b", "[[1,2],[]]"),
        ("\"a\"[*]", "[\"a\"]"),
        ("null[*]", "[]"),
        ("[for x in [1, 2] : [{ y = x }][*].y]", "[[1],[2]]"),
    ]);
}

#[test]
fn lists_as_arguments() {
    all_are(&[
        ("max([5, 12, 9]...)", "12"),
        ("merge([{ a = 1 }, { b = 2 }]...)", "{\"a\":1,\"b\":2}"),
        ("concat([1], [[2], [3]]...)", "[1,2,3]"),
    ]);
}

#[test]
fn directives() {
    all_are(&[
        ("\"Hello, %{ if \"x\" != \"\" }x%{ else }unnamed%{ endif }!\"", "\"Hello, x!\""),
        ("\"Hello, %{ if false }x%{ endif }!\"", "\"Hello, !\""),
        ("\"%{ for a in [1, 2] }(${a})%{ endfor }\"", "\"(1)(2)\""),
        ("\"%{ for k, v in { a = 1, b = 2 } }${k}=${v};%{ endfor }\"", "\"a=1;b=2;\""),
        ("\"a  ${~ 1 ~}  b\"", "\"a1b\""),
        ("<<EOT\n%{ for ip in [\"a\", \"b\"] ~}\nserver ${ip}\n%{ endfor ~}\nEOT\n", "\"server a\\nserver b\\n\""),
    ]);
}
