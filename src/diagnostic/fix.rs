//! Makes the fixes that findings carry, on the texts of files: whole fixes only, and of those that would touch the same
//! place the first. What is left waits for the next run.

use super::{Applicability, Diagnostic, Edit, Fix};
use crate::text::{Files, RepoPath, Side, Span};
use std::collections::BTreeMap;

/// What the fixes come to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// Files that change or are new, with their text as a whole.
    pub texts: BTreeMap<RepoPath, String>,
    /// What was done, by the first file that it touches, in the order of the findings.
    pub done: Vec<(RepoPath, String)>,
}

/// Makes the fixes of the findings in the files of the head revision, none that asks for more than `allowed`.
pub fn make(files: &Files, diagnostics: &[Diagnostic], allowed: Applicability) -> Made {
    let mut plan = Plan::default();
    let mut made = Made::default();
    let fixes = diagnostics.iter().filter_map(|diagnostic| diagnostic.fix.as_ref());
    for fix in fixes.filter(|fix| fix.applicability <= allowed) {
        if let Some(path) = plan.take(files, fix) {
            made.done.push((path, fix.title.clone()));
        }
    }
    // Of insertions at one place, the first finding's comes first.
    plan.edits.sort_by_key(|edit| edit.span);
    for edit in &plan.edits {
        let file = files.get(edit.span.file);
        made.texts.entry(file.path.clone()).or_insert_with(|| edited(&file.text, edit.span, &plan.edits));
    }
    made.texts.extend(plan.new_files);
    made
}

#[derive(Default)]
struct Plan<'a> {
    edits: Vec<&'a Edit>,
    new_files: BTreeMap<RepoPath, String>,
}

impl<'a> Plan<'a> {
    /// Takes a fix whole, and gives the first file that it touches; `None` when it would touch what another one does.
    fn take(&mut self, files: &Files, fix: &'a Fix) -> Option<RepoPath> {
        let is_head = |edit: &Edit| files.get(edit.span.file).sides.hold(Side::Head);
        let edits: Vec<&Edit> = fix.edits.iter().filter(|edit| !self.edits.contains(edit)).collect();
        let is_free = |edit: &&Edit| is_head(edit) && !self.edits.iter().any(|other| overlap(edit.span, other.span));
        let is_new = |path: &RepoPath, text: &String| {
            files.find(Side::Head, path).is_none() && self.new_files.get(path).is_none_or(|known| known == text)
        };
        let new_files = || fix.new_files.iter().filter(|file| !self.new_files.contains_key(&file.path));
        let is_done = edits.is_empty() && new_files().next().is_none();
        if is_done || !edits.iter().all(is_free) || !fix.new_files.iter().all(|file| is_new(&file.path, &file.text)) {
            return None;
        }
        let first = edits.first().map(|edit| files.get(edit.span.file).path.clone());
        let first = first.or_else(|| fix.new_files.first().map(|file| file.path.clone()));
        self.edits.extend(edits);
        self.new_files.extend(fix.new_files.iter().map(|file| (file.path.clone(), file.text.clone())));
        first
    }
}

/// Two insertions at one place do not get into each other's way.
fn overlap(one: Span, other: Span) -> bool {
    one.file == other.file && one.start < other.end && other.start < one.end
}

fn edited(text: &str, of: Span, edits: &[&Edit]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits.iter().filter(|edit| edit.span.file == of.file) {
        let range = edit.span.range();
        result.push_str(text.get(done..range.start).unwrap_or_default());
        result.push_str(&edit.text);
        done = range.end;
    }
    result.push_str(text.get(done..).unwrap_or_default());
    result
}

#[cfg(test)]
mod tests {
    use super::make;
    use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix, NewFile, RuleId, Severity, Subject, SubjectKind};
    use crate::text::{FileId, Files, RepoPath, Side, SourceFile, Span};

    fn path(text: &str) -> RepoPath {
        RepoPath::new(text).expect("a plain path")
    }

    fn fix(title: &str, edits: &[(usize, usize, &str)], new_files: &[(&str, &str)]) -> Diagnostic {
        let file = FileId::from_index(0);
        let edit =
            |(start, end, text): &(usize, usize, &str)| Edit { span: Span::new(file, *start..*end), text: (*text).to_owned() };
        let new_file = |(name, text): &(&str, &str)| NewFile { path: path(name), text: (*text).to_owned() };
        let fix = Fix {
            title: title.to_owned(),
            applicability: Applicability::Safe,
            edits: edits.iter().map(edit).collect(),
            new_files: new_files.iter().map(new_file).collect(),
        };
        Diagnostic {
            rule: RuleId::new("a-rule"),
            severity: Severity::Error,
            message: String::new(),
            primary: Span::start_of(file),
            label: None,
            related: Vec::new(),
            help: None,
            fix: Some(fix),
            subject: Subject::new(SubjectKind::File, "a.json"),
            detail: String::new(),
            is_new: None,
        }
    }

    /// The files after the fixes and what was done.
    fn made(text: &str, fixes: &[Diagnostic]) -> String {
        made_if(text, fixes, Applicability::Unsafe)
    }

    fn made_if(text: &str, fixes: &[Diagnostic], allowed: Applicability) -> String {
        let mut files = Files::default();
        files.push(SourceFile::new(Side::Head, path("a.json"), text.into()));
        let made = make(&files, fixes, allowed);
        let texts = made.texts.iter().map(|(path, text)| format!("{path}={text}"));
        texts.chain(made.done.iter().map(|(path, title)| format!("{path}:{title}"))).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn edits_are_made_from_front_to_back_whatever_the_order_of_findings() {
        assert_eq!(
            made("abc", &[fix("two", &[(2, 3, "C")], &[]), fix("one", &[(0, 1, "A")], &[])]),
            "a.json=AbC a.json:two a.json:one"
        );
    }

    #[test]
    fn of_fixes_that_overlap_the_first_is_made_whole() {
        let fixes = [fix("first", &[(0, 2, "x")], &[]), fix("second", &[(1, 3, "y"), (3, 3, "!")], &[])];
        assert_eq!(made("abc", &fixes), "a.json=xc a.json:first");
    }

    #[test]
    fn what_a_person_has_to_look_at_is_made_when_it_is_asked_for() {
        let mut finding = fix("guess", &[(0, 1, "A")], &[]);
        finding.fix.as_mut().expect("it has one").applicability = Applicability::Unsafe;
        let findings = [finding, fix("sure", &[(1, 2, "B")], &[])];
        assert_eq!(made_if("ab", &findings, Applicability::Safe), "a.json=aB a.json:sure");
        assert_eq!(made_if("ab", &findings, Applicability::Unsafe), "a.json=AB a.json:guess a.json:sure");
    }

    #[test]
    fn insertions_at_one_place_follow_each_other() {
        assert_eq!(made("ac", &[fix("1", &[(1, 1, "x")], &[]), fix("2", &[(1, 1, "y")], &[])]), "a.json=axyc a.json:1 a.json:2");
    }

    #[test]
    fn what_two_findings_ask_for_is_done_once() {
        assert_eq!(made("ac", &[fix("1", &[(1, 1, "x")], &[]), fix("2", &[(1, 1, "x")], &[])]), "a.json=axc a.json:1");
        assert_eq!(made("a", &[fix("1", &[], &[("b.json", "[]")]), fix("2", &[], &[("b.json", "[]")])]), "b.json=[] b.json:1");
    }

    #[test]
    fn a_new_file_never_replaces_one_that_is_there() {
        assert_eq!(made("a", &[fix("1", &[], &[("a.json", "[]")])]), "");
        assert_eq!(made("a", &[fix("1", &[], &[("b.json", "1")]), fix("2", &[], &[("b.json", "2")])]), "b.json=1 b.json:1");
    }
}
