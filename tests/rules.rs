//! The pages under `rules/` hold: each reads, its expression says true or false, and its examples are met.

use feedgate::estimate::repricing::Repricing;
use feedgate::rules::catalogue::Catalogue;
use feedgate::rules::examples::Input;
use feedgate::rules::{Check, examples, native};
use feedgate::{Run, run_example};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn every_page_reads() {
    let pages = examples::our_pages();
    let wrong: Vec<String> = pages.iter().flat_map(examples::check_front).map(|complaint| complaint.to_string()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(Catalogue::embedded().rules().count(), pages.len());
}

#[test]
fn pages_without_an_expression_are_the_rules_in_rust() {
    let catalogue = Catalogue::embedded();
    let without = catalogue.rules().filter(|rule| !matches!(rule.check, Check::Expr(_))).map(|rule| rule.meta.id.as_str());
    assert_eq!(without.collect::<BTreeSet<_>>(), native::names().collect::<BTreeSet<_>>());
}

#[test]
fn a_rule_is_named_after_the_defect() {
    let catalogue = Catalogue::embedded();
    let commands = ["no-", "check-", "require-", "disallow-", "must-"];
    for rule in catalogue.rules() {
        let id = rule.meta.id.as_str();
        assert!(!commands.iter().any(|command| id.starts_with(command)), "`{id}` is a command; name the defect");
        assert!(!rule.meta.title.ends_with('.'), "the title of `{id}` ends in a full stop");
    }
}

#[test]
fn every_page_is_met_by_its_examples() {
    let lint = |input: &Input| run_example(input, &[]).into();
    let pages = examples::our_pages();
    let wrong: Vec<String> = pages.iter().flat_map(|page| examples::check(page, &lint)).map(|wrong| wrong.to_string()).collect();
    assert!(wrong.is_empty(), "{}\n{} checks failed", wrong.join("\n"), wrong.len());
}

/// What a run says, without the numbers of files: base files shift them.
fn said(run: &Run) -> Vec<String> {
    let place = |span: feedgate::text::Span| {
        let file = run.files.get(span.file);
        format!("{}:{:?}", file.path, span.range())
    };
    let report = &run.report;
    let found = report.diagnostics.iter().map(|found| format!("{} {} {}", found.rule, place(found.primary), found.message));
    let estimates = report.estimates.iter().map(|estimate| {
        let figures = (&estimate.bytes, &estimate.billed, &estimate.accuracy, &estimate.cost_usd, &estimate.tables);
        format!("{} {figures:?}", estimate.query)
    });
    found.chain(estimates).collect()
}

#[test]
fn equal_revisions_change_nothing() {
    for page in examples::our_pages() {
        for (line, input) in examples::inputs(&page) {
            let alone = run_example(&Input { base: None, ..input.clone() }, &[]);
            let equal = run_example(&Input { base: Some(input.head.clone()), ..input.clone() }, &[]);
            assert_eq!(said(&alone), said(&equal), "{}:{line}", page.path);
            assert!(equal.report.changes.is_empty(), "{}:{line} changes", page.path);
            assert_eq!(equal.report.repricing, Some(Repricing::default()), "{}:{line} costs", page.path);
        }
    }
}

/// The same files a line further down, so that nothing is shared between the revisions and every place is another one.
fn moved_down(files: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let begins_at_once = |path: &str| [".md", ".ndjson", ".jsonl"].iter().any(|ending| path.ends_with(ending));
    let moved =
        |(path, text): (&String, &String)| (path.clone(), if begins_at_once(path) { text.clone() } else { format!("\n{text}") });
    files.iter().map(moved).collect()
}

#[test]
fn what_only_stands_elsewhere_is_neither_changed_nor_new() {
    for page in examples::our_pages() {
        for (line, input) in examples::inputs(&page) {
            let here = run_example(&Input { base: Some(input.head.clone()), ..input.clone() }, &[]);
            let input = Input { base: Some(input.head.clone()), head: moved_down(&input.head), ..input };
            let moved = run_example(&input, &[]);
            let new = moved.report.diagnostics.iter().filter(|found| found.is_new != Some(false));
            let new: Vec<&str> = new.map(|found| found.message.as_str()).collect();
            assert!(new.is_empty(), "{}:{line} is new: {new:?}", page.path);
            assert!(moved.report.changes.is_empty(), "{}:{line} changes: {:?}", page.path, moved.report.changes);
            let figures = |run: &Run| {
                let figures = |one: &feedgate::estimate::Estimate| (one.query.to_string(), one.bytes, one.billed);
                run.report.estimates.iter().map(figures).collect::<Vec<_>>()
            };
            assert_eq!(figures(&here), figures(&moved), "{}:{line}", page.path);
        }
    }
}

/// The files of another system: the same lines, ended by CR and LF.
fn with_crlf(input: &Input) -> Input {
    let ended = |text: &String| text.replace('\n', "\r\n");
    let head = input.head.iter().map(|(path, text)| (path.clone(), ended(text))).collect();
    Input { head, base: None, only: input.only.clone() }
}

#[test]
fn line_ends_change_no_finding() {
    let found = |input: &Input| -> Vec<String> {
        let run = run_example(input, &[]);
        let place = |found: &feedgate::diagnostic::Diagnostic| {
            let file = run.files.get(found.primary.file);
            format!("{}:{} {} {}", file.path, file.position(found.primary.start).line, found.rule, found.message)
        };
        run.report.diagnostics.iter().map(place).collect()
    };
    for page in examples::our_pages() {
        for (line, input) in examples::inputs(&page) {
            let input = Input { base: None, ..input };
            assert_eq!(found(&input), found(&with_crlf(&input)), "{}:{line}", page.path);
        }
    }
}
