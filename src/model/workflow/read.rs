//! From the text of a workflow to its steps, after the schema that Google publishes with its samples and
//! <https://cloud.google.com/workflows/docs/reference/syntax> (read 2026-11-26). What has the wrong shape is said, and the
//! rest is read.

mod actions;

use super::places::Text;
use super::{Action, Fault, FaultKind, Param, Step, Subworkflow, Workflow, WorkflowId, check};
use crate::model::Known;
use crate::model::terraform::{Loading, Source};
use crate::syntax::{Document, NodeId, Parsed, ProblemKind, Value, json, yaml};
use crate::text::{Span, Spanned};
use memchr::memmem;
use std::collections::BTreeMap;

const STEP_KEYS: [&str; 14] = [
    "assign", "args", "call", "except", "for", "next", "parallel", "raise", "result", "retry", "return", "steps", "switch", "try",
];

/// What stands only beside something else.
const COMPANIONS: [(&str, &str); 4] = [("args", "call"), ("result", "call"), ("except", "try"), ("retry", "try")];

/// Whether a text may be a workflow, before it is parsed.
pub fn is_workflow(text: &str) -> bool {
    let has = |word: &str| memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    let begins = |word: &str| text.starts_with(word) || has(&format!("\n{word}"));
    let is_map = (begins("main:") || has("\"main\"")) && has("steps");
    let is_list = (begins("- ") || text.trim_start().starts_with('[')) && (has("assign") || has("call") || has("return"));
    is_map || is_list
}

/// Whether a text that nothing deploys has the shape of a workflow, so that faults in it are worth a word.
pub(super) fn looks_like_one(source: &Source, is_json: bool) -> bool {
    let Parsed { document, .. } = parse(source, is_json);
    let &[root] = document.roots.as_slice() else { return false };
    match document.value(root) {
        Value::Map(_) => {
            let Some(main) = document.get(root, "main") else { return false };
            let is_own = document.map(main).iter().all(|entry| ["params", "steps"].contains(&document.key(entry)));
            let steps = document.get(main, "steps").map(|steps| document.sequence(steps)).unwrap_or_default();
            is_own && !steps.is_empty() && steps.iter().all(|step| !document.map(*step).is_empty())
        }
        Value::Sequence(_) => is_list_of_steps(&document, root),
        _ => false,
    }
}

fn is_list_of_steps(document: &Document, list: NodeId) -> bool {
    let is_step = |item: &NodeId| {
        let [entry] = document.map(*item) else { return false };
        let body = document.map(entry.value);
        !body.is_empty() && body.iter().all(|entry| STEP_KEYS.contains(&document.key(entry)))
    };
    let items = document.sequence(list);
    !items.is_empty() && items.iter().filter(|item| is_step(item)).count() * 2 > items.len()
}

/// Where a map or a list begins.
fn begin(span: Span) -> Span {
    Span { end: span.start, ..span }
}

fn parse(source: &Source, is_json: bool) -> Parsed {
    let text = source.text.as_str().into();
    match is_json {
        true => json::parse(source.map.file(), &text),
        false => yaml::parse(source.map.file(), &text),
    }
}

/// Reads a workflow and says what is wrong with it.
pub(super) fn read(id: WorkflowId, address: String, span: Span, source: &Source) -> Workflow {
    let is_json = source.text.trim_start().starts_with(['{', '[']);
    let Parsed { document, problems } = parse(source, is_json);
    let text = Text { document: &document, source };
    let mut reader = Reader { text, faults: Vec::new() };
    let is_whole = !source.text.contains(crate::syntax::workflow::HOLE);
    for problem in problems.iter().filter(|problem| problem.kind == ProblemKind::Syntax && is_whole) {
        reader.fault(source.map.span(problem.span.range()), problem.message.clone());
    }
    let is_broken = problems.iter().any(|problem| problem.kind == ProblemKind::Syntax);
    let subworkflows = document.roots.first().map(|root| reader.root(*root, is_broken)).unwrap_or_default();
    let mut faults = reader.faults;
    if is_broken && source.loading != Loading::Verbatim {
        faults.retain(|fault| fault.kind != FaultKind::Shape || is_whole);
    }
    check::escaping(source, &document, &mut faults);
    check::size(source, &mut faults);
    if !is_broken {
        check::steps(&subworkflows, &mut faults);
    }
    faults.sort_by_key(|fault| (fault.span, fault.kind));
    faults.dedup();
    Workflow {
        id,
        address,
        name: Known::Absent,
        span,
        file: source.map.file(),
        text: source.text.as_str().into(),
        loading: source.loading,
        subworkflows,
        faults,
        environment: BTreeMap::new(),
        service: None,
        triggers: Vec::new(),
        feeds: Vec::new(),
    }
}

struct Reader<'d> {
    text: Text<'d>,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn fault(&mut self, span: Span, message: impl Into<String>) {
        self.faults.push(Fault::new(FaultKind::Shape, span, message));
    }

    /// Says that a value is not what it has to be, unless the template fills it in.
    fn wrong(&mut self, node: NodeId, what: &str, wanted: &str) {
        if !self.text.is_hole(node) {
            let message = format!("{what} has to be {wanted}, and is {}", self.text.document.describe(node));
            self.fault(self.text.span(node), message);
        }
    }

    fn root(&mut self, root: NodeId, is_broken: bool) -> Vec<Subworkflow> {
        let document = self.text.document;
        match document.value(root) {
            Value::Sequence(_) => {
                let name = Spanned::new("main".to_owned(), begin(self.text.span(root)));
                vec![Subworkflow { name, params: Vec::new(), steps: self.steps(root) }]
            }
            Value::Map(_) => {
                let mut found: Vec<Subworkflow> = document
                    .map(root)
                    .iter()
                    .map(|entry| {
                        let name = self.text.key(entry);
                        self.subworkflow(name, entry.value)
                    })
                    .collect();
                if !found.iter().any(|own| own.name.value == "main") && !is_broken {
                    self.fault(begin(self.text.span(root)), "the workflow has no `main`");
                }
                found.sort_by_key(|own| own.name.value != "main");
                found
            }
            _ => {
                self.wrong(root, "a workflow", "a list of steps, or a map with `main`");
                Vec::new()
            }
        }
    }

    fn subworkflow(&mut self, name: Spanned<String>, body: NodeId) -> Subworkflow {
        let document = self.text.document;
        if !matches!(document.value(body), Value::Map(_)) {
            self.wrong(body, &format!("`{}`", name.value), "a map with `steps`");
            return Subworkflow { name, params: Vec::new(), steps: Vec::new() };
        }
        self.known_keys(body, &["params", "steps"], &format!("`{}`", name.value));
        let params = document.get(body, "params").map(|node| self.params(node)).unwrap_or_default();
        if name.value == "main" && params.len() > 1 {
            let span = params.get(1).map_or(name.span, |param| param.name.span);
            self.fault(span, "`main` takes one parameter, which holds all arguments");
        }
        let steps = match document.get(body, "steps") {
            Some(steps) => self.steps(steps),
            None => {
                self.fault(name.span, format!("`{}` has no `steps`", name.value));
                Vec::new()
            }
        };
        Subworkflow { name, params, steps }
    }

    fn params(&mut self, list: NodeId) -> Vec<Param> {
        let document = self.text.document;
        let mut params = Vec::new();
        for item in document.sequence(list) {
            match (self.text.text(*item), document.map(*item)) {
                (Some(name), _) => params.push(Param { name, default: None }),
                (None, [entry]) => {
                    let default = self.text.term(entry.value, &mut self.faults);
                    params.push(Param { name: self.text.key(entry), default: Some(default) });
                }
                _ => self.wrong(*item, "a parameter", "a name, or a name with its default"),
            }
        }
        params
    }

    fn known_keys(&mut self, map: NodeId, known: &[&str], what: &str) {
        for entry in self.text.document.map(map) {
            let key = self.text.key(entry);
            if !known.contains(&key.value.as_str()) {
                self.fault(key.span, format!("{what} has no key `{}`", key.value));
            }
        }
    }

    fn steps(&mut self, list: NodeId) -> Vec<Step> {
        let document = self.text.document;
        match document.value(list) {
            Value::Sequence(items) => {
                if items.is_empty() {
                    self.fault(self.text.span(list), "there is no step in the list");
                }
                document.items(items).iter().filter_map(|item| self.named_step(*item)).collect()
            }
            // In JSON, steps may stand in a map.
            Value::Map(entries) => {
                document.entries(entries).iter().map(|entry| self.step(self.text.key(entry), entry.value)).collect()
            }
            _ => {
                self.wrong(list, "`steps`", "a list of steps");
                Vec::new()
            }
        }
    }

    fn named_step(&mut self, item: NodeId) -> Option<Step> {
        match self.text.document.map(item) {
            [entry] => Some(self.step(self.text.key(entry), entry.value)),
            [] => {
                self.wrong(item, "a step", "a name with what is done");
                None
            }
            [first, second, ..] => {
                let (name, key) = (self.text.key(first), self.text.key(second));
                let message = format!("step `{}` has `{}` beside it, where only a name may stand", name.value, key.value);
                let help = "indent what the step does below its name";
                self.faults.push(Fault::new(FaultKind::Shape, key.span, message).help(help).related(name.span, "the step"));
                None
            }
        }
    }

    fn step(&mut self, name: Spanned<String>, body: NodeId) -> Step {
        let document = self.text.document;
        if !matches!(document.value(body), Value::Map(_)) {
            self.wrong(body, &format!("step `{}`", name.value), "a map that says what is done");
            return Step { name, action: Action::Nothing, next: None };
        }
        self.known_keys(body, &STEP_KEYS, &format!("step `{}`", name.value));
        self.action(name, body)
    }

    /// What a step does, or a branch, or what stands directly below `try`.
    fn action(&mut self, name: Spanned<String>, body: NodeId) -> Step {
        let document = self.text.document;
        for (key, partner) in COMPANIONS {
            if let Some(entry) = document.entry(body, key).filter(|_| document.get(body, partner).is_none()) {
                self.fault(self.text.key(entry).span, format!("`{key}` in step `{}` has no `{partner}`", name.value));
            }
        }
        let next = document.get(body, "next").and_then(|node| {
            let next = self.text.text(node);
            if next.is_none() {
                self.wrong(node, "`next`", "the name of a step");
            }
            next.filter(|_| !self.text.is_hole(node))
        });
        let found = STEP_KEYS.iter().filter(|key| !matches!(**key, "args" | "result" | "next" | "retry" | "except"));
        let found = found.filter_map(|key| Some((*key, document.get(body, key)?))).next();
        let action = found.map_or(Action::Nothing, |(key, value)| self.of_key(&name, body, key, value));
        Step { name, action, next }
    }
}
