//! Reads the examples of a rule page and holds the rule to them: every mark is met and nothing is found without one.
//! Behind `tests/rules.rs` and `feedgate test-rules`. Runs the pipeline through a function that it is given.

use super::catalogue::{PAGES, USER_RULES};
use super::page::{Origin, ReadPage, read_page};
use super::{Check, Rule};
use crate::diagnostic::{Applicability, Diagnostic, RuleId, fix};
use crate::model::Skipped;
use crate::syntax::Problem;
use crate::text::{FileId, Files, Side, SourceFile};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// A page with everything that its examples need.
pub struct Page {
    /// From the root of the repository.
    pub path: String,
    pub family: String,
    pub id: String,
    pub text: Arc<str>,
    pub origin: Origin,
}

/// The pages of the catalogue that comes with the binary.
pub fn our_pages() -> Vec<Page> {
    let page = |(family, id, text): &(&str, &str, &str)| Page {
        path: format!("rules/{family}/{id}.md"),
        family: (*family).to_owned(),
        id: (*id).to_owned(),
        text: Arc::from(*text),
        origin: Origin::Ours,
    };
    PAGES.iter().map(page).collect()
}

/// The pages that a repository brings along; one in a wrong folder has an empty family, and fails for it.
pub fn user_pages(files: &Files) -> Vec<Page> {
    let heads = files.of(Side::Head).map(|(_, file)| file);
    let page = |file: &SourceFile| {
        let path = file.path.as_str();
        let name = path.strip_prefix(USER_RULES)?.strip_suffix(".md")?;
        let (family, id) = name.split_once('/').unwrap_or(("", name));
        let (path, family, id) = (path.to_owned(), family.to_owned(), id.to_owned());
        Some(Page { path, family, id, text: file.text.clone(), origin: Origin::User })
    };
    heads.filter_map(page).collect()
}

/// What an example is run on.
#[derive(Debug, Default, Clone)]
pub struct Input {
    pub head: BTreeMap<String, String>,
    /// `None` when the example has one revision only.
    pub base: Option<BTreeMap<String, String>>,
    /// Run only these rules.
    pub only: Vec<RuleId>,
}

/// What the run of an example gives.
pub struct Outcome {
    pub files: Files,
    pub diagnostics: Vec<Diagnostic>,
    pub skipped: Vec<Skipped>,
}

/// Runs the whole pipeline, with the catalogue and the rule under test in it.
pub type Lint<'a> = dyn Fn(&Input) -> Outcome + 'a;

/// What does not hold on a page, with the line of the page and the way out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Complaint {
    pub path: String,
    pub line: u32,
    pub message: String,
    pub help: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}\n    {}", self.path, self.line, self.message, self.help)
    }
}

/// Holds a page to everything that a rule must be; nothing comes back when it is right.
pub fn check(page: &Page, lint: &Lint<'_>) -> Vec<Complaint> {
    let mut checker = Checker { page, complaints: check_front(page) };
    let examples = checker.examples();
    checker.has_both(&examples);
    if checker.complaints.is_empty() {
        examples.iter().for_each(|example| checker.example(example, lint));
    }
    checker.complaints
}

/// The files of each example of a page, with the line of the page where it begins.
pub fn inputs(page: &Page) -> Vec<(u32, Input)> {
    let mut checker = Checker { page, complaints: Vec::new() };
    checker.examples().into_iter().map(|example| (example.line, example.input)).collect()
}

/// Holds the front matter to what can be said without running anything: keys, names, types, and that the expression
/// says true or false whatever is missing.
pub fn check_front(page: &Page) -> Vec<Complaint> {
    let ReadPage { rule, mut problems } = read_page(FileId::from_index(0), &page.family, &page.id, &page.text, page.origin);
    if let Some(Rule { meta, check: Check::Expr(requirement) }) = &rule {
        problems.extend(requirement.problems(meta));
    }
    let complaint = |problem: Problem| {
        let line = (1..).zip(page.text.split_inclusive('\n')).scan(0, |end, (number, line)| {
            *end += line.len();
            Some((number, *end))
        });
        let line = line.skip_while(|(_, end)| *end <= problem.span.range().start).map(|(number, _)| number).next();
        let help = problem.help.unwrap_or_default();
        Complaint { path: page.path.clone(), line: line.unwrap_or(1), message: problem.message, help }
    };
    problems.into_iter().map(complaint).collect()
}

/// The last line of a report on pages: what to do next.
pub fn summary(pages: usize, complaints: &[Complaint]) -> String {
    let pages = format!("{pages} rule {}", if pages == 1 { "page" } else { "pages" });
    match complaints.len() {
        0 => format!("{pages} tested: every mark is met, and nothing is found without one"),
        n => format!(
            "{n} of the checks on {pages} failed. A mark `#~ text` (`//~` in JSON and HCL, `--~` in SQL) at the end of a \
             line says that the rule, run alone, reports exactly this text there; under `## Good` the rule is silent"
        ),
    }
}

/// One example: its files and what the rule must say of them.
#[derive(Debug, Default)]
struct Example {
    is_bad: bool,
    line: u32,
    input: Input,
    marks: Vec<Mark>,
    /// Where each file of the head begins on the page.
    lines: BTreeMap<String, u32>,
}

/// An expected finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Mark {
    path: String,
    /// In the file, from 1.
    line: u32,
    text: String,
    page_line: u32,
}

struct Checker<'a> {
    page: &'a Page,
    complaints: Vec<Complaint>,
}

const MARKS: [&str; 3] = ["#~ ", "//~ ", "--~ "];

/// Names that stand for the places where the pipeline looks.
const CONFIG: &str = "feedgate.yaml";
const STATISTICS: &str = "feedgate.tables.json";

impl Checker<'_> {
    fn complain(&mut self, line: u32, message: impl Into<String>, help: impl Into<String>) {
        self.complaints.push(Complaint { path: self.page.path.clone(), line, message: message.into(), help: help.into() });
    }

    fn has_both(&mut self, examples: &[Example]) {
        for (is_bad, name) in [(true, "Bad"), (false, "Good")] {
            if !examples.iter().any(|example| example.is_bad == is_bad) {
                self.complain(
                    1,
                    format!("the page has no `## {name}` example"),
                    "a heading, a line with a path in backticks and a colon, and a code block",
                );
            }
        }
        for example in examples {
            match (example.is_bad, example.marks.is_empty()) {
                (true, true) => self.complain(
                    example.line,
                    "a bad example without a mark",
                    "end the line that the rule must point at with `#~` and the message",
                ),
                (false, false) => self.complain(example.line, "a good example with a mark", "move it under `## Bad`"),
                (true, false) | (false, true) => {}
            }
        }
    }

    /// The examples below `## Bad` and `## Good`; each heading begins one.
    fn examples(&mut self) -> Vec<Example> {
        let mut examples: Vec<Example> = Vec::new();
        let mut section: Option<bool> = None;
        let mut pending: Option<(String, bool)> = None;
        let text = self.page.text.clone();
        let mut lines = (1..).zip(text.lines());
        while let Some((number, line)) = lines.next() {
            if line.starts_with("## ") || line.starts_with("### ") {
                let title = line.trim_start_matches('#').trim();
                if line.starts_with("## ") {
                    section = if title.starts_with("Bad") { Some(true) } else { title.starts_with("Good").then_some(false) };
                }
                if let Some(is_bad) = section {
                    examples.push(Example { is_bad, line: number, ..Example::default() });
                }
            } else if let Some(path) = path_line(line) {
                pending = Some(path);
            } else if line.starts_with("```") {
                let fence = &line[..line.len() - line.trim_start_matches('`').len()];
                let block: Vec<(u32, &str)> = lines.by_ref().take_while(|(_, line)| line.trim_end() != fence).collect();
                let is_config = line.trim_start_matches('`').trim() == "config";
                let file = if is_config { Some((CONFIG.to_owned(), false)) } else { pending.take() };
                if let (Some((path, is_base)), Some(example)) = (file, examples.last_mut().filter(|_| section.is_some())) {
                    add_file(example, &path, is_base, &block);
                } else if section.is_some() {
                    self.complain(
                        number,
                        "a code block without a file",
                        "put a line with its path before it, as in `` `feeds/orders.yaml`: ``",
                    );
                }
            }
        }
        examples.retain(|example| !example.input.head.is_empty() || example.input.base.is_some());
        examples
    }

    fn example(&mut self, example: &Example, lint: &Lint<'_>) {
        let mut input = example.input.clone();
        input.only = vec![RuleId::new(self.page.id.as_str())];
        let outcome = lint(&input);
        self.compare(example, &outcome);
        self.equal_revisions(example, &input, lint);
        self.fixes(example, &input, &outcome, lint);
    }

    fn compare(&mut self, example: &Example, outcome: &Outcome) {
        let mut found: Vec<Mark> =
            outcome.diagnostics.iter().map(|diagnostic| place(example, &outcome.files, diagnostic)).collect();
        for mark in &example.marks {
            let met =
                found.iter().position(|found| (&found.path, found.line, &found.text) == (&mark.path, mark.line, &mark.text));
            if let Some(met) = met {
                found.remove(met);
                continue;
            }
            let near = found.iter().find(|found| found.path == mark.path && found.line == mark.line);
            let skipped = outcome.skipped.iter().find(|skipped| skipped.what == self.page.id);
            let help = match (near, skipped) {
                (Some(near), _) => format!("the rule says instead: {}", near.text),
                (None, Some(skipped)) => format!("the rule was not judged for {}: {}", skipped.subject, skipped.why),
                (None, None) => "the rule finds nothing on this line".to_owned(),
            };
            self.complain(mark.page_line, format!("not found: {}", mark.text), help);
        }
        for extra in found {
            let help = format!("in `{}` line {}: mark the line, or make the rule silent here", extra.path, extra.line);
            self.complain(extra.page_line, format!("found without a mark: {}", extra.text), help);
        }
    }

    /// A rule on what changed is silent where nothing changed; any other rule does not look at the base.
    fn equal_revisions(&mut self, example: &Example, input: &Input, lint: &Lint<'_>) {
        let alone = Input { base: None, ..input.clone() };
        let equal = Input { base: Some(input.head.clone()), ..input.clone() };
        let found = |input: &Input| {
            let outcome = lint(input);
            outcome.diagnostics.iter().map(|diagnostic| place(example, &outcome.files, diagnostic)).collect::<BTreeSet<_>>()
        };
        if let Some(extra) = found(&equal).difference(&found(&alone)).next() {
            self.complain(
                extra.page_line,
                format!("found although nothing changed: {}", extra.text),
                "base and head are equal here",
            );
        }
    }

    /// Fixes parse, silence the rule, and leave nothing to fix.
    fn fixes(&mut self, example: &Example, input: &Input, outcome: &Outcome, lint: &Lint<'_>) {
        let made = fix::make(&outcome.files, &outcome.diagnostics, Applicability::Unsafe);
        if made.texts.is_empty() {
            return;
        }
        let texts = made.texts.into_iter().map(|(path, text)| (path.to_string(), text));
        let fixed = Input { head: input.head.clone().into_iter().chain(texts).collect(), ..input.clone() };
        let after = lint(&fixed);
        if let Some(left) = after.diagnostics.iter().find(|found| found.fix.is_some()) {
            self.complain(
                example.line,
                format!("fixed, and found again: {}", left.message),
                "a fix silences its finding, and applying it twice changes nothing more",
            );
        }
        let everything = |input: &Input| Input { only: Vec::new(), ..input.clone() };
        let syntax = |input: &Input| {
            lint(&everything(input))
                .diagnostics
                .into_iter()
                .filter(|found| is_syntax(&found.rule))
                .map(|found| found.message)
                .collect::<BTreeSet<_>>()
        };
        if let Some(broken) = syntax(&fixed).difference(&syntax(input)).next() {
            self.complain(
                example.line,
                format!("the fixed file does not parse: {broken}"),
                "a fix leaves text that its reader takes",
            );
        }
    }
}

fn is_syntax(rule: &RuleId) -> bool {
    matches!(rule.as_str(), "invalid-yaml" | "invalid-json" | "invalid-hcl" | "sql-syntax-error" | "duplicate-key")
}

/// `` `path`: `` or `` `path` (base): ``, alone on a line.
fn path_line(line: &str) -> Option<(String, bool)> {
    let (path, rest) = line.trim_end().strip_prefix('`')?.split_once('`')?;
    let is_base = match rest {
        ":" => false,
        " (base):" => true,
        _ => return None,
    };
    let path = if path == "tables.json" { STATISTICS } else { path };
    Some((path.to_owned(), is_base))
}

fn add_file(example: &mut Example, path: &str, is_base: bool, block: &[(u32, &str)]) {
    let mut text = String::new();
    for (number, (page_line, line)) in (1..).zip(block) {
        let mark = MARKS.iter().filter_map(|mark| line.find(mark).map(|at| (at, *mark))).min();
        let (kept, expected) = mark.map_or((*line, None), |(at, mark)| (line[..at].trim_end(), Some(line[at..].split(mark))));
        for expected in expected.into_iter().flatten().map(str::trim).filter(|expected| !expected.is_empty()) {
            example.marks.push(Mark { path: path.to_owned(), line: number, text: expected.to_owned(), page_line: *page_line });
        }
        text.push_str(kept);
        text.push('\n');
    }
    if is_base {
        example.input.base.get_or_insert_default().insert(path.to_owned(), text);
    } else {
        example.lines.insert(path.to_owned(), block.first().map_or(example.line, |(line, _)| *line));
        example.input.head.insert(path.to_owned(), text);
    }
}

fn place(example: &Example, files: &Files, diagnostic: &Diagnostic) -> Mark {
    let file = files.get(diagnostic.primary.file);
    let path = file.path.as_str().to_owned();
    let line = file.position(diagnostic.primary.start).line;
    let page_line = example.lines.get(&path).map_or(example.line, |first| first + line - 1);
    Mark { path, line, text: diagnostic.message.clone(), page_line }
}
