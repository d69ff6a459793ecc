//! The harness itself: a page that is wrong fails, at its line, with the way out.

use feedgate::diagnostic::{Applicability, Diagnostic, Edit, Fix, RuleId, Severity, Subject, SubjectKind};
use feedgate::rules::examples::{Input, Lint, Outcome, Page, check};
use feedgate::rules::page::Origin;
use feedgate::text::{Files, RepoPath, Side, SourceFile, Span};

/// Finds the word `BAD`, and with `fixable` puts `good` in its place.
fn finds_bad(input: &Input, fixable: bool, replacement: &str) -> Outcome {
    let mut outcome = Outcome { files: Files::default(), diagnostics: Vec::new(), skipped: Vec::new() };
    for (path, text) in &input.head {
        let path = RepoPath::new(path).expect("a plain path");
        let file = outcome.files.push(SourceFile::new(Side::Head, path, text.as_str().into()));
        for (at, word) in text.match_indices("BAD") {
            let primary = Span::new(file, at..at + word.len());
            let edits = vec![Edit { span: primary, text: replacement.to_owned() }];
            outcome.diagnostics.push(Diagnostic {
                rule: RuleId::new("x"),
                severity: Severity::Note,
                message: "it is bad".to_owned(),
                primary,
                label: None,
                related: Vec::new(),
                help: None,
                fix: fixable.then(|| Fix {
                    title: "make it good".to_owned(),
                    applicability: Applicability::Safe,
                    edits,
                    new_files: Vec::new(),
                }),
                subject: Subject::new(SubjectKind::File, "x"),
                detail: String::new(),
                is_new: None,
            });
        }
    }
    outcome
}

fn checked(body: &str, lint: &Lint<'_>) -> String {
    let front = "---\nseverity: note\neach: feed\nrequire: feed.name != 'x'\nmessage: it is bad\n---\n# X\n";
    let text = format!("{front}{body}").into();
    let page = Page { path: "rules/f/x.md".to_owned(), family: "f".to_owned(), id: "x".to_owned(), text, origin: Origin::User };
    check(&page, lint).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

const GOOD: &str = "## Good\n`a.yaml`:\n```yaml\nfine\n```\n";

fn bad(lines: &str) -> String {
    format!("## Bad\n`a.yaml`:\n```yaml\n{lines}\n```\n{GOOD}")
}

fn plain(body: &str) -> String {
    checked(body, &|input| finds_bad(input, false, ""))
}

#[test]
fn a_page_whose_marks_are_met_holds() {
    assert_eq!(plain(&bad("one\nBAD #~ it is bad\nBAD BAD #~ it is bad #~ it is bad")), "");
    assert_eq!(plain(&bad("one\nBAD //~ it is bad").replace("a.yaml", "a.tf")), "");
}

#[test]
fn a_mark_that_is_not_met_fails_at_its_line() {
    assert_eq!(plain(&bad("one #~ it is bad")), "rules/f/x.md:11: not found: it is bad\n    the rule finds nothing on this line");
    let found = plain(&bad("BAD #~ it is worse"));
    assert!(found.starts_with("rules/f/x.md:11: not found: it is worse\n    the rule says instead: it is bad\n"), "{found}");
}

#[test]
fn a_finding_without_a_mark_fails_at_its_line() {
    let found = plain(&bad("BAD #~ it is bad\nand BAD"));
    assert_eq!(
        found,
        "rules/f/x.md:12: found without a mark: it is bad\n    in `a.yaml` line 2: mark the line, or make the rule silent here"
    );
}

#[test]
fn a_page_needs_both_kinds_of_examples() {
    assert!(plain(GOOD).starts_with("rules/f/x.md:1: the page has no `## Bad` example"));
    assert!(plain(&bad("BAD")).starts_with("rules/f/x.md:8: a bad example without a mark"));
    let no_path = bad("BAD #~ it is bad").replace("`a.yaml`:\n", "");
    assert!(plain(&no_path).contains("a code block without a file"));
}

#[test]
fn a_fix_silences_for_good() {
    let page = bad("BAD #~ it is bad");
    assert_eq!(checked(&page, &|input| finds_bad(input, true, "good")), "");
    let again = checked(&page, &|input| finds_bad(input, true, "BAD again"));
    assert!(again.starts_with("rules/f/x.md:8: fixed, and found again: it is bad"), "{again}");
}

#[test]
fn equal_revisions_give_no_finding_of_change() {
    let on_change = |input: &Input| finds_bad(input, false, "");
    let lint = |input: &Input| if input.base.is_some() { on_change(input) } else { on_change(&Input::default()) };
    let page = "## Bad\n`a.yaml` (base):\n```yaml\nx\n```\n`a.yaml`:\n```yaml\nBAD #~ it is bad\n```\n".to_owned() + GOOD;
    let found = checked(&page, &lint);
    assert!(found.starts_with("rules/f/x.md:15: found although nothing changed: it is bad"), "{found}");
}
