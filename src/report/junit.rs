//! Renders JUnit, which CI systems show as test results: a suite for each file with findings, a failed case for each
//! finding, and a skipped one for each thing that was not checked.

use super::arrange::{Shown, thinned};
use super::place::Places;
use super::{View, amount, clean};
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::Skipped;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::collections::BTreeMap;

/// The findings, thinned out where many are at one place.
pub fn render(view: &View<'_>) -> String {
    let mut report = Report::new(env!("CARGO_PKG_NAME"));
    report.add_test_suites(findings(view));
    if report.test_suites.is_empty() {
        report.add_test_suite(clean_run(view));
    }
    report.add_test_suites(not_checked(view));
    let text = report.to_string().expect("a report of strings is written into memory");
    clean::without_commands(text)
}

/// A report without any case is taken for a run that did not happen.
fn clean_run(view: &View<'_>) -> TestSuite {
    let read = amount::count(view.report.stats.read.files, "file");
    let mut suite = TestSuite::new(env!("CARGO_PKG_NAME"));
    let mut case = TestCase::new(format!("no findings in {read}"), TestCaseStatus::success());
    case.set_classname(env!("CARGO_PKG_NAME"));
    suite.add_test_case(case);
    suite
}

fn findings(view: &View<'_>) -> impl Iterator<Item = TestSuite> {
    let places = Places::new(view.files);
    let mut suites: BTreeMap<String, TestSuite> = BTreeMap::new();
    for shown in thinned(&view.report.diagnostics) {
        let path = path(view, shown.finding);
        let suite = suites.entry(path.clone()).or_insert_with(|| TestSuite::new(path.clone()));
        suite.add_test_case(case(view, &places, &shown, &path));
    }
    suites.into_values()
}

fn path(view: &View<'_>, diagnostic: &Diagnostic) -> String {
    let path = format!("{}{}", view.prefix, view.files.get(diagnostic.primary.file).path);
    clean::line(&path).into_owned()
}

fn case(view: &View<'_>, places: &Places<'_>, shown: &Shown<'_>, path: &str) -> TestCase {
    let diagnostic = shown.finding;
    let name = format!("{}: {}", diagnostic.rule, clean::line(&diagnostic.subject.to_string()));
    let line = places.of(diagnostic.primary).0.line;
    let text = text(view, places, shown, path);
    let mut case = TestCase::new(name, TestCaseStatus::success());
    // A note fails no run, so it fails no test either.
    if diagnostic.severity == Severity::Note {
        case.set_system_out(text);
    } else {
        case.status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        case.status.set_type(diagnostic.severity.name()).set_message(clean::line(&diagnostic.message).into_owned());
        case.status.set_description(text);
    }
    case.set_classname(path);
    case.extra.insert("file".into(), path.into());
    case.extra.insert("line".into(), line.to_string().into());
    case
}

fn text(view: &View<'_>, places: &Places<'_>, shown: &Shown<'_>, path: &str) -> String {
    let diagnostic = shown.finding;
    let (start, _) = places.of(diagnostic.primary);
    let (line, column) = (start.line, start.column);
    let mut lines = vec![format!("{path}:{line}:{column}: {}", clean::line(&diagnostic.message))];
    lines.extend(shown.more().map(|more| format!("and {more}")));
    lines.extend(diagnostic.help.as_ref().map(|help| format!("help: {}", clean::line(help))));
    lines.extend(view.pages.url(&diagnostic.rule).map(|url| format!("page: {url}")));
    lines.join("\n")
}

/// What was not checked is not clean: each is a skipped case.
fn not_checked(view: &View<'_>) -> Option<TestSuite> {
    let mut suite = TestSuite::new("not checked");
    suite.add_test_cases(view.report.skipped.iter().map(skipped));
    (suite.tests > 0).then_some(suite)
}

fn skipped(skipped: &Skipped) -> TestCase {
    let mut status = TestCaseStatus::skipped();
    status.set_message(clean::line(&skipped.why).into_owned());
    let mut case = TestCase::new(clean::line(&skipped.subject).into_owned(), status);
    case.set_classname(clean::line(&skipped.what).into_owned());
    case
}
