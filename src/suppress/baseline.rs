//! The baseline: findings that a repository had when it began to be checked. They are silenced as long as they are there;
//! an entry that silences nothing any more is found. A finding is known by its fingerprint, never by its line.

use super::IGNORE_FAMILY;
use crate::diagnostic::{Diagnostic, RuleId, Subject, SubjectKind};
use crate::rules::Context;
use crate::rules::catalogue::Catalogue;
use crate::rules::run::{INTERNAL_ERROR, Plan};
use crate::syntax::{Document, Entry as Member, Problem, ProblemKind, Value, json};
use crate::text::{FileId, Files, RepoPath, Side, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const HELP: &str = "`feedgate lint --write-baseline` writes the file";
const MAX_COUNT: i64 = 1_000_000;

/// The baseline of one revision, and what of it has silenced a finding.
#[derive(Debug, Default, Clone)]
pub struct Baseline {
    /// `None` where the revision has none.
    pub file: Option<FileId>,
    /// The environment that it was written for; its findings are those of that environment.
    pub environment: Option<String>,
    entries: Vec<Entry>,
    /// Entries by fingerprint.
    by_fingerprint: BTreeMap<String, usize>,
    problems: Vec<Problem>,
}

/// A finding that is known, or several of one fingerprint.
#[derive(Debug, Clone)]
struct Entry {
    rule: RuleId,
    subject: String,
    fingerprint: String,
    /// How many findings of the fingerprint there were.
    n: usize,
    n_used: usize,
    /// Whether what it says was held against this run: its rule ran, could judge, and for the same environment.
    is_judged: bool,
    span: Span,
}

impl Baseline {
    /// The baseline at `path`, if the revision holds one.
    pub fn read(files: &Files, side: Side, path: &RepoPath) -> Baseline {
        let Some(file) = files.find(side, path) else { return Baseline::default() };
        let parsed = json::parse(file, &files.get(file).text);
        let mut baseline = Baseline { file: Some(file), ..Baseline::default() };
        // Two branches that each took entries out may merge into a file that holds one twice: it counts once.
        baseline.problems = parsed.problems.into_iter().filter(|problem| problem.kind != ProblemKind::DuplicateKey).collect();
        if let Some(root) = parsed.document.roots.first() {
            match parsed.document.value(*root) {
                Value::Map(_) => parsed.document.map(*root).iter().for_each(|member| baseline.add(&parsed.document, member)),
                _ => baseline.complain(parsed.document.span(*root), "a baseline is a map".to_owned()),
            }
        }
        baseline
    }

    fn add(&mut self, document: &Document, member: &Member) {
        match document.key(member) {
            "version" if document.value(member.value) == Value::Int(1) => {}
            "version" => self.complain(document.span(member.value), "only version 1 of a baseline can be read".to_owned()),
            "environment" => self.environment = document.str(member.value).map(str::to_owned),
            key => match entry(document, key, member) {
                Some(entry) if !self.by_fingerprint.contains_key(key) => {
                    self.by_fingerprint.insert(key.to_owned(), self.entries.len());
                    self.entries.push(entry);
                }
                Some(_) => {}
                None => self.complain(member.key_span, format!("`{key}` is no entry of a baseline")),
            },
        }
    }

    fn complain(&mut self, span: Span, message: String) {
        let help = Some(HELP.to_owned());
        self.problems.push(Problem { kind: ProblemKind::Shape, span, message, help, related: None });
    }

    /// Whether the finding was there before; the entry then counts as used.
    pub(super) fn silence(&mut self, found: &Diagnostic, is_eligible: bool) -> bool {
        if !is_eligible || self.entries.is_empty() {
            return false;
        }
        let index = self.by_fingerprint.get(&found.fingerprint());
        let entry = index.and_then(|index| self.entries.get_mut(*index)).filter(|entry| entry.n_used < entry.n);
        entry.map(|entry| entry.n_used += 1).is_some()
    }

    /// What is wrong with it, after all findings were held against it.
    pub(super) fn findings(&mut self, plan: &Plan<'_>, context: &Context<'_>, unsure: &BTreeSet<&str>) -> Vec<Diagnostic> {
        let Some(file) = self.file else { return Vec::new() };
        let is_same_environment = self.environment.as_deref() == plan.environment;
        for entry in &mut self.entries {
            let rule = entry.rule.as_str();
            let is_gone = plan.catalogue.get(rule).is_none();
            entry.is_judged = is_gone || (plan.get(rule).is_some() && !unsure.contains(rule) && is_same_environment);
        }
        let subject = Subject::new(SubjectKind::File, context.files.get(file).path.as_str());
        let mut found = self.malformed(plan, &subject);
        found.extend(self.unused(plan, &subject));
        found
    }

    fn malformed(&self, plan: &Plan<'_>, subject: &Subject) -> Vec<Diagnostic> {
        let Some(active) = plan.get("malformed-baseline") else { return Vec::new() };
        let mut sink = active.sink();
        for problem in &self.problems {
            let finding = sink.report(subject.clone(), problem.span, problem.message.clone()).detail(problem.message.clone());
            finding.help = problem.help.clone().or(finding.help.take());
        }
        sink.diagnostics
    }

    fn unused(&self, plan: &Plan<'_>, subject: &Subject) -> Vec<Diagnostic> {
        let Some(active) = plan.get("unused-baseline-entry") else { return Vec::new() };
        let mut sink = active.sink();
        for entry in self.entries.iter().filter(|entry| entry.is_judged && entry.n_used < entry.n) {
            let Entry { rule, subject: about, n, n_used, .. } = entry;
            let message = match (plan.catalogue.get(rule.as_str()), n_used) {
                (None, _) => format!("there is no rule `{rule}`"),
                (Some(_), 0) => format!("`{rule}` does not find this of {about} any more"),
                (Some(_), _) => format!("`{rule}` finds {n_used} of the {n} that there were of {about}"),
            };
            sink.report(subject.clone(), entry.span, message).detail(entry.fingerprint.clone());
        }
        sink.diagnostics
    }

    /// The file as it is to be after a run that left `open` standing: without what is not found any more, and with what
    /// is open if it may grow.
    pub fn rewritten(&self, open: &[Diagnostic], catalogue: &Catalogue, environment: Option<&str>, may_grow: bool) -> Written {
        let mut entries: BTreeMap<Key, usize> = BTreeMap::new();
        let mut written = Written::default();
        for entry in &self.entries {
            let n = if entry.is_judged { entry.n_used } else { entry.n };
            written.n_kept += n;
            written.n_taken_out += entry.n - n;
            let key =
                Key { rule: entry.rule.to_string(), subject: entry.subject.clone(), fingerprint: entry.fingerprint.clone() };
            entries.extend((n > 0).then_some((key, n)));
        }
        for found in open.iter().filter(|found| is_eligible(found, catalogue)) {
            if may_grow {
                *entries.entry(Key::of(found)).or_default() += 1;
                written.n_added += 1;
            } else {
                written.n_left_open += 1;
            }
        }
        written.text = text(&entries, environment);
        written
    }
}

/// A baseline that was written anew, and what was done. The numbers are of findings.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub text: String,
    pub n_kept: usize,
    pub n_taken_out: usize,
    pub n_added: usize,
    /// Findings that could have been added.
    pub n_left_open: usize,
}

/// The order of entries.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    rule: String,
    subject: String,
    fingerprint: String,
}

impl Key {
    fn of(found: &Diagnostic) -> Key {
        Key { rule: found.rule.to_string(), subject: found.subject.to_string(), fingerprint: found.fingerprint() }
    }
}

/// What is wrong with ignores and baselines is put right there, and a failure of ours is nobody's debt.
pub(super) fn is_eligible(found: &Diagnostic, catalogue: &Catalogue) -> bool {
    let is_about_ignores = || catalogue.get(found.rule.as_str()).is_some_and(|rule| rule.meta.family == IGNORE_FAMILY);
    found.rule.as_str() != INTERNAL_ERROR && !is_about_ignores()
}

fn entry(document: &Document, key: &str, member: &Member) -> Option<Entry> {
    let is_fingerprint = key.len() == 16 && key.bytes().all(|byte| byte.is_ascii_hexdigit());
    let text = |name| document.str(document.get(member.value, name)?);
    let n = match document.get(member.value, "count").map(|node| document.value(node)) {
        None => 1,
        Some(Value::Int(count @ 1..=MAX_COUNT)) => usize::try_from(count).ok()?,
        Some(_) => return None,
    };
    let span = Span { end: document.span(member.value).end, ..member.key_span };
    let (rule, subject) = (RuleId::new(text("rule")?), text("subject")?.to_owned());
    let fingerprint = key.to_owned();
    is_fingerprint.then_some(Entry { rule, subject, fingerprint, n, n_used: 0, is_judged: false, span })
}

/// A baseline without entries.
pub fn empty() -> String {
    text(&BTreeMap::new(), None)
}

/// An entry in each line, and something that stays after the last, so that branches that take out entries merge.
fn text(entries: &BTreeMap<Key, usize>, environment: Option<&str>) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut out = "{\n".to_owned();
    for (Key { rule, subject, fingerprint }, n) in entries {
        let count = if *n > 1 { format!(", \"count\": {n}") } else { String::new() };
        let (rule, subject) = (quoted(rule), quoted(subject));
        let _ = writeln!(out, "  \"{fingerprint}\": {{\"rule\": {rule}, \"subject\": {subject}{count}}},");
    }
    if let Some(environment) = environment {
        let _ = writeln!(out, "  \"environment\": {},", quoted(environment));
    }
    out.push_str("  \"version\": 1\n}\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::model::testing::files;
    use crate::rules::testing::{TODAY, feed, model};
    use crate::suppress::{Judged, apply};

    /// A repository of feeds that nobody owns, judged with this baseline.
    fn judged(feeds: &[&str], baseline: &str, environment: Option<&str>) -> (Judged, Vec<String>) {
        let files = files(&[("feeds.yaml", "feeds"), (".feedgate/baseline.json", baseline)]);
        let (head, config) = (model(feeds.iter().map(|name| feed(name))), Config::default());
        let catalogue = Catalogue::embedded();
        let context = Context::alone(&files, Side::Head, &head, &config, TODAY);
        let only = ["missing-owner", "unused-baseline-entry", "malformed-baseline"].map(RuleId::new);
        let plan = Plan::new(&catalogue, &config, &only, environment);
        let judged = apply(&plan, &context, plan.run(&context, &config), Side::Head, TODAY);
        let said = judged.diagnostics.iter().map(|found| format!("{}: {}", found.rule, found.message)).collect();
        (judged, said)
    }

    fn rewritten(judged: &Judged, may_grow: bool) -> Written {
        judged.baseline.rewritten(&judged.diagnostics, &Catalogue::embedded(), None, may_grow)
    }

    /// The baseline of these feeds.
    fn baseline(feeds: &[&str]) -> String {
        rewritten(&judged(feeds, "", None).0, true).text
    }

    #[test]
    fn what_is_written_silences_what_was_found() {
        let text = baseline(&["trades", "orders"]);
        let entry = |line: &str| line.split_once(": {").map_or(line.to_owned(), |(_, entry)| entry.to_owned());
        let lines: Vec<String> = text.lines().map(entry).collect();
        let of = |feed: &str| format!("\"rule\": \"missing-owner\", \"subject\": \"feed {feed}\"}},");
        assert_eq!(lines, ["{", &of("orders"), &of("trades"), "  \"version\": 1", "}"]);
        let (judged, said) = judged(&["orders", "trades"], &text, None);
        assert_eq!(said, [""; 0]);
        assert_eq!(judged.in_baseline.len(), 2);
        assert_eq!(rewritten(&judged, false), Written { n_kept: 2, text, ..Written::default() });
    }

    #[test]
    fn what_is_new_is_found_and_only_added_when_asked() {
        let text = baseline(&["orders"]);
        let (judged, said) = judged(&["orders", "trades"], &text, None);
        assert_eq!(said, ["missing-owner: feed `trades` has no owner"]);
        assert_eq!(rewritten(&judged, false), Written { n_kept: 1, n_left_open: 1, text, ..Written::default() });
        let grown = Written { n_kept: 1, n_added: 1, text: baseline(&["orders", "trades"]), ..Written::default() };
        assert_eq!(rewritten(&judged, true), grown);
    }

    #[test]
    fn what_is_gone_is_said_and_taken_out() {
        let text = baseline(&["orders", "trades"]);
        let (judged, said) = judged(&["orders"], &text, None);
        assert_eq!(said, ["unused-baseline-entry: `missing-owner` does not find this of feed trades any more"]);
        let left = Written { n_kept: 1, n_taken_out: 1, text: baseline(&["orders"]), ..Written::default() };
        assert_eq!(rewritten(&judged, false), left);
    }

    #[test]
    fn nothing_is_claimed_of_rules_that_did_not_run_and_of_other_environments() {
        let text = baseline(&["orders"]).replace("missing-owner", "missing-schema");
        assert_eq!(judged(&[], &text, None).1, [""; 0]);
        let text = baseline(&["orders"]);
        let (judged, said) = judged(&[], &text, Some("prod"));
        assert_eq!(said, [""; 0]);
        assert_eq!(rewritten(&judged, false).n_kept, 1);
    }

    #[test]
    fn each_entry_silences_as_many_as_it_counts() {
        let text = baseline(&["orders"]).replace("orders\"}", "orders\", \"count\": 3}");
        let (judged, said) = judged(&["orders"], &text, None);
        assert_eq!(said, ["unused-baseline-entry: `missing-owner` finds 1 of the 3 that there were of feed orders"]);
        assert_eq!(rewritten(&judged, false).n_taken_out, 2);
    }

    #[test]
    fn what_cannot_be_read_silences_nothing_and_is_said() {
        let said = |text: &str| judged(&[], text, None).1;
        assert_eq!(said("[]"), ["malformed-baseline: a baseline is a map"]);
        assert_eq!(said("{\"version\": 2}"), ["malformed-baseline: only version 1 of a baseline can be read"]);
        assert_eq!(said("{\"x\": 1}"), ["malformed-baseline: `x` is no entry of a baseline"]);
        assert_eq!(said("{\"version\": 1}"), [""; 0]);
        assert!(said("{\"").iter().all(|line| line.starts_with("malformed-baseline: ")));
        let line = "\"0123456789abcdef\": {\"rule\": \"gone\", \"subject\": \"feed x\"}";
        assert_eq!(said(&format!("{{{line}, {line}}}")), ["unused-baseline-entry: there is no rule `gone`"]);
    }
}
