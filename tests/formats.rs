//! The formats that other programs read, held against what those programs know: the schema of SARIF, a parser of XML, and
//! the bytes and characters of the files that places point into.
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "peers read files and are programs")]

#[path = "common/git.rs"]
mod git;
#[path = "common/peers.rs"]
mod peers;
#[path = "common/python.rs"]
mod python;

use feedgate::diagnostic::{Diagnostic, RuleId, Severity, Subject, SubjectKind};
use feedgate::report::{Pages, Report, View, sarif};
use feedgate::text::{Files, RepoPath, Side, SourceFile, Span};
use git::{Ran, Repository};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const FEED: &str = "feed: orders\nfile:\n  bucket: acme-landing\n  pattern: '^orders_\\d+\\.json'\nschema: { type: object }\n";
const BROKEN: &str = "/* 𐐀 é */ SELECT id FROM raw.orders WHERE id == 1;\n";

/// Names that mean something to somebody: to URIs, XML, workflow commands, Markdown, terminals, people.
#[cfg(unix)]
const HOSTILE: [&str; 7] = [
    "feeds/a b%20#?&'\"<é>.yaml",
    "feeds/x\n::error file=y::z.yaml",
    "feeds/\u{202e}lmay.yaml",
    "feeds/]](https:e.example)[.yaml",
    "feeds/@everyone</details><!-- feedgate:v1 -->`.yaml",
    "feeds/]]>&amp;%0A.yaml",
    "feeds/##[error]a,b;c=d.yaml",
];
#[cfg(not(unix))]
const HOSTILE: [&str; 4] =
    ["feeds/a b%20#&'é.yaml", "feeds/\u{202e}lmay.yaml", "feeds/@everyone`%0A.yaml", "feeds/##[error]a,b;c=d.yaml"];

fn small(name: &str) -> Repository {
    let tree = Repository::new(name);
    tree.write("feeds/orders.yaml", FEED);
    tree.write("sql/é.sql", BROKEN);
    tree
}

fn hostile(name: &str) -> Repository {
    let tree = Repository::new(name);
    for (path, number) in HOSTILE.iter().zip(0..) {
        tree.write(
            path,
            format!("feed: \"f{number} [x](https://e.example) ]]> </testcase> ::error::\\e[31m\"\nfile:\n  pattern: 'a('\n"),
        );
    }
    tree
}

fn rendered(tree: &Repository, format: &str) -> String {
    let ran = tree.lint(&["--as-of", "2026-08-22", "--format", format]);
    assert!(matches!(ran.code, Some(0 | 1)), "{}", ran.stderr);
    ran.stdout
}

/// The report of `examples/broken`, which has a mistake of every kind.
fn of_the_demo(format: &str) -> String {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/broken");
    let arguments = ["lint", "--as-of", "2026-08-22", "--format", format];
    Ran::of(Command::new(env!("CARGO_BIN_EXE_feedgate")).args(arguments).current_dir(demo)).stdout
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("it is JSON")
}

fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no text at {pointer}: {value}"))
}

fn number(value: &Value, pointer: &str) -> usize {
    let number = value.pointer(pointer).and_then(Value::as_u64).unwrap_or_else(|| panic!("no number at {pointer}: {value}"));
    usize::try_from(number).expect("small")
}

/// Puts a text beside the tree, for a program that reads files.
fn beside(tree: &Repository, name: &str, text: &str) -> PathBuf {
    let path = tree.0.join(name);
    fs::write(&path, text).expect("the folder is ours");
    path
}

#[test]
fn a_small_repository_in_each_format() {
    let tree = small("formats");
    let mut sarif = json(&rendered(&tree, "sarif"));
    for rule in sarif.pointer_mut("/runs/0/tool/driver/rules").and_then(Value::as_array_mut).expect("there are rules") {
        rule["help"]["markdown"] = "…".into();
    }
    insta::assert_snapshot!("sarif", format!("{sarif:#}"));
    insta::assert_snapshot!("junit", rendered(&tree, "junit"));
    insta::assert_snapshot!("gitlab", rendered(&tree, "gitlab"));
    insta::assert_snapshot!("rdjson", rendered(&tree, "rdjson"));
}

#[test]
fn sarif_is_what_the_standard_says() {
    let schema = peers::sarif_schema();
    let broken = Repository::new("formats-broken");
    let sarif = of_the_demo("sarif");
    let clean = rendered(&Repository::new("formats-empty"), "sarif");
    for (name, text) in
        [("broken.sarif", &sarif), ("hostile.sarif", &rendered(&hostile("formats-sarif"), "sarif")), ("clean.sarif", &clean)]
    {
        let file = beside(&broken, name, text);
        assert_eq!(peers::check_schema(&[Path::new("--schemafile"), &schema, &file]), Ok(()), "{name}");
    }
    let wrong = beside(&broken, "wrong.sarif", &sarif.replacen("\"level\": \"error\"", "\"level\": \"fatal\"", 1));
    assert!(peers::check_schema(&[Path::new("--schemafile"), &schema, &wrong]).is_err(), "the check cannot fail");
}

#[test]
fn every_finding_is_a_result_with_its_rule_and_its_fingerprint() {
    let (sarif, plain) = (json(&of_the_demo("sarif")), json(&of_the_demo("json")));
    let results = list(&sarif, "/runs/0/results");
    let findings = list(&plain, "/findings");
    assert_eq!(results.len(), findings.len());
    for (result, finding) in results.iter().zip(findings) {
        let rule = format!("/runs/0/tool/driver/rules/{}", number(result, "/ruleIndex"));
        assert_eq!(text(&sarif, &format!("{rule}/id")), text(finding, "/rule"));
        assert!(text(&sarif, &format!("{rule}/help/markdown")).contains("## Bad"));
        assert_eq!(result.pointer("/partialFingerprints/feedgate~1v1"), finding.get("fingerprint"));
        assert_eq!(number(result, "/locations/0/physicalLocation/region/startColumn"), number(finding, "/column"));
    }
    let n_fixes = |all: &[Value], name| all.iter().filter(|one| !one[name].is_null()).count();
    assert!(n_fixes(results, "fixes") > 0 && n_fixes(results, "fixes") <= n_fixes(findings, "fix"));
}

/// A rule of the repository has its page in the alert too, and no address: nobody knows where it could be read.
#[test]
fn a_rule_of_the_repository_brings_its_page_along() {
    let tree = small("formats-own-rule");
    let page = "---\nseverity: warning\neach: feed\nrequire: feed.cadence != null\nat: cadence\nmessage: feed `{feed.name}` has no cadence\n\
                help: say how often it comes\nsince: 0.1.0\n---\n# Feed without a cadence\n\nNobody knows when it is late.\n\n## Bad\n\n\
                `feeds/a.yaml`:\n```yaml\nfeed: a #~ feed `a` has no cadence\n```\n\n## Good\n\n`feeds/a.yaml`:\n```yaml\nfeed: a\ncadence: daily\n```\n";
    tree.write(".feedgate/rules/team/no-cadence.md", page);
    let sarif = json(&rendered(&tree, "sarif"));
    let own = |rule: &&Value| text(rule, "/id") == "no-cadence";
    let rule = list(&sarif, "/runs/0/tool/driver/rules").iter().find(own).expect("the rule was met");
    assert_eq!(text(rule, "/shortDescription/text"), "Feed without a cadence");
    assert!(text(rule, "/help/markdown").contains("Nobody knows when it is late."), "{rule}");
    assert_eq!((text(rule, "/properties/tags/0"), rule.get("helpUri")), ("team", None));
    let report = json(&rendered(&tree, "json"));
    let found = list(&report, "/findings").iter().find(|one| text(one, "/rule") == "no-cadence").expect("it was found");
    assert_eq!((&found["url"], text(found, "/family")), (&Value::Null, "team"));
}

/// Forges read paths from the top of the repository, wherever the command was typed.
#[test]
fn forges_are_told_paths_from_the_top() {
    let tree = Repository::new("formats-below");
    tree.write("zone/feedgate.yaml", "version: 1\n");
    tree.write("zone/feeds/orders.yaml", FEED);
    tree.commit();
    let path = |format: &str, pointer: &str| {
        let ran = Ran::of(tree.feedgate(&["lint", "--format", format]).current_dir(tree.0.join("zone")));
        text(&json(&ran.stdout), pointer).to_owned()
    };
    assert_eq!(path("sarif", "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri"), "zone/feeds/orders.yaml");
    assert_eq!(path("gitlab", "/0/location/path"), "zone/feeds/orders.yaml");
    assert_eq!(path("rdjson", "/diagnostics/0/location/path"), "feeds/orders.yaml", "reviewdog runs where we run");
}

/// What their readers document, written down as schemas.
#[test]
fn reviewdog_and_gitlab_understand_every_member() {
    let schemas =
        [("rdjson", include_str!("formats/rdjson.schema.json")), ("gitlab", include_str!("formats/gitlab.schema.json"))];
    for (format, schema) in schemas {
        let validator = jsonschema::validator_for(&json(schema)).expect("it is a schema");
        for (name, report) in
            [("demo", of_the_demo(format)), ("hostile", rendered(&hostile(&format!("formats-{format}")), format))]
        {
            let report = json(&report);
            let wrong: Vec<String> =
                validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
            assert!(wrong.is_empty(), "{format} of {name}: {}", wrong.join("; "));
            assert!(report.to_string().len() > 1_000, "{format} of {name} says something");
        }
        assert!(!validator.is_valid(&serde_json::json!([{"description": 1}])), "the check of {format} cannot fail");
    }
}

#[test]
fn uris_lead_back_to_the_paths_whatever_they_hold() {
    let sarif = rendered(&hostile("formats-uris"), "sarif");
    let mut paths = BTreeSet::new();
    for result in list(&json(&sarif), "/runs/0/results") {
        let uri = text(result, "/locations/0/physicalLocation/artifactLocation/uri");
        assert!(uri.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/%".contains(&byte)), "{uri}");
        paths.insert(decoded(uri));
        assert!(!text(result, "/message/text").contains("[x](https"), "a name became a link");
    }
    assert_eq!(paths, HOSTILE.iter().map(|path| (*path).to_owned()).collect());
    assert!(!sarif.contains("##["));
}

/// Undoes percent-encoding.
fn decoded(uri: &str) -> String {
    let mut parts = uri.split('%');
    let mut bytes = parts.next().unwrap_or("").as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).expect("two digits"));
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).expect("paths are UTF-8")
}

#[test]
fn columns_count_characters_in_sarif_and_bytes_in_rdjson() {
    let tree = small("formats-columns");
    let (sarif, rdjson) = (json(&rendered(&tree, "sarif")), json(&rendered(&tree, "rdjson")));
    let region = |result: &&Value| text(result, "/ruleId") == "sql-syntax-error";
    let result = list(&sarif, "/runs/0/results").iter().find(region).expect("`==` is wrong");
    let at = |end| number(result, &format!("/locations/0/physicalLocation/region/{end}")) - 1;
    let marked: String = BROKEN.chars().skip(at("startColumn")).take(at("endColumn") - at("startColumn")).collect();
    assert_eq!(marked, "==");
    let is_syntax = |one: &&Value| text(one, "/code/value") == "sql-syntax-error";
    let found = list(&rdjson, "/diagnostics").iter().find(is_syntax).expect("`==` is wrong");
    let at = |end| number(found, &format!("/location/range/{end}/column")) - 1;
    assert_eq!(&BROKEN[at("start")..at("end")], "==");
}

#[test]
fn junit_is_xml_with_a_case_for_each_finding_and_for_what_was_not_checked() {
    let count = "import sys, xml.etree.ElementTree as E\nr = E.parse(sys.argv[1]).getroot()\n\
                 assert all(c.get('name') and c.get('classname') for c in r.iter('testcase')), 'a case has no name'\n\
                 assert all(f.get('type') and f.get('message') for f in r.iter('failure')), 'a failure says nothing'\n\
                 print(r.tag, r.get('tests'), r.get('failures'), r.get('skipped'), *[len(r.findall(f'.//{t}')) for t in ('testcase', 'failure', 'skipped')])";
    let counted = |tree: &Repository, name: &str| {
        let file = beside(tree, name, &rendered(tree, "junit"));
        python::run(Command::new(peers::interpreter()).args(["-c", count]).arg(file)).trim().to_owned()
    };
    let tree = hostile("formats-junit");
    let report = json(&rendered(&tree, "json"));
    let [n_errors, n_warnings, n_notes] =
        ["errors", "warnings", "notes"].map(|name| number(&report["summary"], &format!("/{name}")));
    let (n_failed, n_skipped) = (n_errors + n_warnings, list(&report, "/skipped").len());
    let n_cases = n_failed + n_notes + n_skipped;
    assert!(n_failed > HOSTILE.len());
    let expected = format!("testsuites {n_cases} {n_failed} {n_skipped} {n_cases} {n_failed} {n_skipped}");
    assert_eq!(counted(&tree, "junit.xml"), expected);
    assert_eq!(counted(&Repository::new("formats-junit-empty"), "junit.xml"), "testsuites 1 0 0 1 0 0");
}

#[test]
fn no_format_holds_a_command_or_an_escape_code_of_the_tree() {
    let tree = hostile("formats-commands");
    for format in ["sarif", "junit", "gitlab", "rdjson"] {
        let rendered = rendered(&tree, format);
        assert!(!rendered.contains('\u{1b}'), "{format}");
        assert!(rendered.lines().all(|line| !line.trim_start().starts_with("::")) && !rendered.contains("##["), "{format}");
    }
}

#[test]
fn gitlab_never_sees_one_fingerprint_twice() {
    let issues = json(&of_the_demo("gitlab"));
    let prints: BTreeSet<&str> = list(&issues, "").iter().map(|issue| text(issue, "/fingerprint")).collect();
    assert_eq!(prints.len(), list(&issues, "").len());
}

#[test]
fn of_too_many_findings_the_most_severe_stay_and_the_rest_is_counted() {
    let mut files = Files::default();
    let path = RepoPath::new("a.yaml").expect("a plain path");
    let file = files.push(SourceFile::new(Side::Head, path, "feed: x\n".into()));
    let finding = |severity| Diagnostic {
        rule: RuleId::new("a"),
        severity,
        message: "`x` is wrong".to_owned(),
        primary: Span::start_of(file),
        label: None,
        related: Vec::new(),
        help: None,
        fix: None,
        subject: Subject::new(SubjectKind::File, "x"),
        detail: String::new(),
        is_new: None,
    };
    let mut diagnostics = vec![finding(Severity::Note); 25_000];
    diagnostics.push(finding(Severity::Error));
    let report = Report { diagnostics, ..Report::default() };
    let sarif = json(&sarif::render(&View { files: &files, report: &report, pages: &Pages::default(), prefix: "" }));
    let results = list(&sarif, "/runs/0/results");
    assert_eq!((results.len(), text(&results[24_999], "/level")), (25_000, "error"));
    let said = text(&sarif, "/runs/0/invocations/0/toolExecutionNotifications/0/message/text");
    assert_eq!(said, "1 more findings do not fit into one run of SARIF");
}
