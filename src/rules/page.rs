//! Reads the page of a rule: front matter with its places, and prose. A page that is wrong gives problems, and no rule.

use super::requirement::Requirement;
use super::{Check, Meta, Rule, native};
use crate::config::OptionValue;
use crate::diagnostic::{RuleId, Severity, SubjectKind};
use crate::model::facts;
use crate::syntax::embed::{Embedded, embedded};
use crate::syntax::{Document, NodeId, Problem, ProblemKind, Value, yaml};
use crate::text::{Date, FileId, Span, nearest};
use std::sync::{Arc, OnceLock};

/// Whose page it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Ours,
    User,
}

/// A page as far as it could be read, and what is wrong with it.
pub struct ReadPage {
    pub rule: Option<Rule>,
    pub problems: Vec<Problem>,
}

pub(super) fn problem(span: Span, message: impl Into<String>, help: Option<String>) -> Problem {
    Problem { kind: ProblemKind::Syntax, span, message: message.into(), help, related: None }
}

/// Reads a page. Its id and family are its path.
pub fn read_page(file: FileId, family: &str, id: &str, text: &Arc<str>, origin: Origin) -> ReadPage {
    let Some((front, body)) = split(text) else {
        let help = "it begins with `---`, a few keys, and `---` again".to_owned();
        return ReadPage {
            rule: None,
            problems: vec![problem(Span::start_of(file), "the page has no front matter", Some(help))],
        };
    };
    // `---` begins a YAML document too, so offsets into the front matter are offsets into the page.
    let parsed = yaml::parse(file, &Arc::from(&text[..front]));
    // `off` is a word of ours, which YAML 1.1 takes for a boolean.
    let problems = parsed.problems.iter().filter(|problem| problem.kind != ProblemKind::AmbiguousScalar).cloned().collect();
    let mut reader = Reader { document: &parsed.document, problems, origin };
    let start = Span::start_of(file);
    for (name, what) in [(family, "family"), (id, "rule")] {
        if !is_kebab_case(name) {
            reader.complain(
                start,
                format!("`{name}` is not a name for a {what}"),
                Some("small letters, digits and single hyphens".to_owned()),
            );
        }
    }
    let root = parsed.document.roots.first().copied().filter(|root| matches!(parsed.document.value(*root), Value::Map(_)));
    let Some(root) = root else {
        reader.complain(start, "the front matter is not a map", None);
        return ReadPage { rule: None, problems: reader.problems };
    };
    reader.refuse_unknown_keys(root);
    let rule = reader.rule(root, family, id, &text[body..]);
    ReadPage { rule, problems: reader.problems }
}

/// Where the front matter ends and where the prose begins.
fn split(text: &str) -> Option<(usize, usize)> {
    let opening = text.lines().next().filter(|line| line.trim_end() == "---")?;
    let mut at = opening.len() + 1;
    for line in text.get(at..)?.split_inclusive('\n') {
        if line.trim_end() == "---" {
            return Some((at, at + line.len()));
        }
        at += line.len();
    }
    None
}

fn is_kebab_case(name: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    name.starts_with(|first: char| first.is_ascii_lowercase()) && name.split('-').all(part)
}

const KEYS: [&str; 11] =
    ["severity", "default", "each", "require", "at", "message", "help", "since", "sources", "read", "options"];

/// Reads front matter, and collects what is wrong with it.
struct Reader<'a> {
    document: &'a Document,
    problems: Vec<Problem>,
    origin: Origin,
}

impl Reader<'_> {
    fn complain(&mut self, span: Span, message: impl Into<String>, help: Option<String>) {
        self.problems.push(problem(span, message, help));
    }

    fn refuse_unknown_keys(&mut self, root: NodeId) {
        for entry in self.document.map(root) {
            let key = self.document.key(entry);
            if !KEYS.contains(&key) {
                let near = nearest(key, KEYS).map(|near| format!("did you mean `{near}`?"));
                let help = near.unwrap_or_else(|| format!("there are {}", KEYS.join(", ")));
                self.complain(entry.key_span, format!("unknown key `{key}`"), Some(help));
            }
        }
    }

    fn rule(&mut self, root: NodeId, family: &str, id: &str, body: &str) -> Option<Rule> {
        let start = Span::start_of(self.document.file());
        let severity = self.name(root, "severity", Severity::from_name, &Severity::ALL.map(Severity::name));
        let each = self.name(root, "each", SubjectKind::from_name, &SubjectKind::ALL.map(SubjectKind::name));
        let is_off = self.document.get(root, "default").is_some();
        if is_off {
            self.name(root, "default", |name| (name == "off").then_some(()), &["off"]);
        }
        let title = body.lines().find_map(|line| line.strip_prefix("# "));
        if title.is_none() {
            self.complain(
                start,
                "the page has no title",
                Some("a line `# Feed without an owner` after the front matter".to_owned()),
            );
        }
        let since = self.text(root, "since").map(|text| text.text);
        if since.is_none() && self.origin == Origin::Ours {
            self.complain(start, "`since` is missing", Some("the version that brings the rule".to_owned()));
        }
        let (sources, read) = self.sources(root);
        let options = self.options(root);
        let check = self.check(root, id, each)?;
        // The help of an expression is a template of its own, and is rendered for each finding.
        let help = if matches!(check, Check::Expr(_)) { None } else { self.text(root, "help").map(|help| help.text) };
        let meta = Meta {
            id: RuleId::new(id),
            family: family.to_owned(),
            title: title?.trim().to_owned(),
            severity: severity?,
            is_off,
            each: each?,
            help,
            since: since.unwrap_or_default(),
            sources,
            read,
            options,
            page: body.trim_start().to_owned(),
        };
        Some(Rule { meta, check })
    }

    fn check(&mut self, root: NodeId, id: &str, each: Option<SubjectKind>) -> Option<Check> {
        let start = Span::start_of(self.document.file());
        let Some(require) = self.text(root, "require") else {
            for key in ["message", "at"] {
                if let Some(entry) = self.document.entry(root, key) {
                    self.complain(entry.key_span, format!("`{key}` goes with `require`"), None);
                }
            }
            let native = native::find(id).filter(|_| self.origin == Origin::Ours);
            if native.is_none() {
                self.complain(
                    start,
                    "`require` is missing",
                    Some("an expression that must hold, as in `feed.owner != null`".to_owned()),
                );
            }
            return native.map(Check::from);
        };
        if let Some(kind) = each.filter(|kind| facts::of(*kind).is_empty()) {
            self.complain(require.map.span(0..0), format!("a {} has no facts", kind.name()), None);
        }
        let Some(message) = self.text(root, "message") else {
            self.complain(
                start,
                "`message` is missing",
                Some("what is wrong, as in ``feed `{feed.name}` has no owner``".to_owned()),
            );
            return None;
        };
        let help = self.text(root, "help");
        let at = self.text(root, "at").map(|at| (at.text.clone(), at.map.span(0..at.text.len())));
        Some(Check::Expr(Box::new(Requirement { require, message, help, at, compiled: OnceLock::new() })))
    }

    fn text(&mut self, root: NodeId, key: &str) -> Option<Embedded> {
        let node = self.document.get(root, key)?;
        let text = embedded(self.document, node).filter(|text| !text.text.is_empty());
        if text.is_none() {
            let found = self.document.describe(node);
            self.complain(
                self.document.span(node),
                format!("`{key}` is a text, not {found}"),
                Some("put it between quotes".to_owned()),
            );
        }
        text
    }

    fn name<T>(&mut self, root: NodeId, key: &str, read: fn(&str) -> Option<T>, names: &[&str]) -> Option<T> {
        let help = || Some(format!("one of {}", names.join(", ")));
        if self.document.get(root, key).is_none() {
            self.complain(Span::start_of(self.document.file()), format!("`{key}` is missing"), help());
            return None;
        }
        let text = self.text(root, key)?;
        let value = read(&text.text);
        if value.is_none() {
            self.complain(text.map.span(0..text.text.len()), format!("there is no {key} `{}`", text.text), help());
        }
        value
    }

    fn sources(&mut self, root: NodeId) -> (Vec<String>, Option<String>) {
        let read = self.text(root, "read");
        if let Some(read) = read.as_ref().filter(|read| Date::parse(&read.text).is_none()) {
            self.complain(read.map.span(0..read.text.len()), "`read` is a day", Some("as in `2026-08-22`".to_owned()));
        }
        let mut sources = Vec::new();
        if let Some(entry) = self.document.entry(root, "sources") {
            for item in self.document.sequence(entry.value) {
                match self.document.str(*item).filter(|source| source.starts_with("https://")) {
                    Some(source) => sources.push(source.to_owned()),
                    None => self.complain(self.document.span(*item), "a source is the address of a page", None),
                }
            }
            if sources.is_empty() {
                self.complain(entry.key_span, "`sources` is a list of addresses", None);
            } else if read.is_none() {
                self.complain(
                    entry.key_span,
                    "`sources` goes with `read`",
                    Some("the day on which the pages were read".to_owned()),
                );
            }
        }
        (sources, read.map(|read| read.text))
    }

    fn options(&mut self, root: NodeId) -> Vec<(String, OptionValue)> {
        let Some(options) = self.document.get(root, "options") else { return Vec::new() };
        let mut found = Vec::new();
        for entry in self.document.map(options) {
            match option_value(self.document, entry.value) {
                Some(value) => found.push((self.document.key(entry).to_owned(), value)),
                None => self.complain(
                    entry.key_span,
                    "the default of an option is a boolean, an integer, a text or a list of texts",
                    None,
                ),
            }
        }
        found
    }
}

fn option_value(document: &Document, node: NodeId) -> Option<OptionValue> {
    match document.value(node) {
        Value::Bool(value) => Some(OptionValue::Bool(value)),
        Value::Int(value) => Some(OptionValue::Int(value)),
        Value::String(text) => Some(OptionValue::Text(document.text(text).to_owned())),
        Value::Sequence(items) => {
            let texts = document.items(items).iter().map(|item| document.str(*item).map(str::to_owned));
            texts.collect::<Option<Vec<_>>>().map(OptionValue::List)
        }
        _ => None,
    }
}
