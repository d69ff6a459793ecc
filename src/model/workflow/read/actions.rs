//! What a step does, by the key that says it.

use super::{Reader, STEP_KEYS, begin};
use crate::model::workflow::{Action, Assignment, Branch, Call, Except, Loop, LoopSource, Parallel, Term, TermKind, Try};
use crate::syntax::{NodeId, Value};
use crate::text::Spanned;

impl Reader<'_> {
    pub(super) fn of_key(&mut self, name: &Spanned<String>, body: NodeId, key: &str, value: NodeId) -> Action {
        match key {
            "assign" => Action::Assign(self.assignments(value)),
            "call" => self.call(body, value),
            "switch" => Action::Switch(self.branches(name, value)),
            "for" => Action::For(Box::new(self.looped(name, value))),
            "parallel" => Action::Parallel(self.parallel(name, value)),
            "try" => Action::Try(Box::new(self.tried(name, body, value))),
            "return" => Action::Return(self.text.term(value, &mut self.faults)),
            "raise" => Action::Raise(self.text.term(value, &mut self.faults)),
            _ => Action::Steps(self.steps(value)),
        }
    }

    fn assignments(&mut self, list: NodeId) -> Vec<Assignment> {
        let document = self.text.document;
        if !matches!(document.value(list), Value::Sequence(_)) {
            self.wrong(list, "`assign`", "a list");
        }
        let mut found = Vec::new();
        for item in document.sequence(list) {
            match document.map(*item) {
                [entry] => {
                    let value = self.text.term(entry.value, &mut self.faults);
                    found.push(Assignment { target: self.text.key(entry), value });
                }
                [_, second, ..] => {
                    let key = self.text.key(second);
                    self.fault(key.span, format!("`{}` needs an item of its own below `assign`", key.value));
                }
                [] => self.wrong(*item, "an item of `assign`", "a variable with its value"),
            }
        }
        found
    }

    fn call(&mut self, body: NodeId, function: NodeId) -> Action {
        let document = self.text.document;
        let Some(function) = self.text.text(function) else {
            self.wrong(function, "`call`", "the name of what is called");
            return Action::Nothing;
        };
        let arguments = document.get(body, "args").map(|node| self.text.term(node, &mut self.faults));
        let result = document.get(body, "result").and_then(|node| self.text.text(node));
        Action::Call(Box::new(Call { function, arguments, result }))
    }

    fn branches(&mut self, name: &Spanned<String>, list: NodeId) -> Vec<Branch> {
        let document = self.text.document;
        if !matches!(document.value(list), Value::Sequence(_)) {
            self.wrong(list, "`switch`", "a list of conditions");
        }
        let mut branches = Vec::new();
        for item in document.sequence(list) {
            let Some(condition) = document.get(*item, "condition") else {
                self.fault(begin(self.text.span(*item)), format!("a branch of step `{}` has no `condition`", name.value));
                continue;
            };
            let mut known = STEP_KEYS.to_vec();
            known.push("condition");
            self.known_keys(*item, &known, "a branch");
            let condition = self.text.term(condition, &mut self.faults);
            branches.push(Branch { condition, step: self.action(name.clone(), *item) });
        }
        branches
    }

    fn looped(&mut self, name: &Spanned<String>, body: NodeId) -> Loop {
        let document = self.text.document;
        self.known_keys(body, &["value", "index", "in", "range", "steps"], "`for`");
        let text = |key| document.get(body, key).and_then(|node| self.text.text(node));
        let (value, index) = (text("value"), text("index"));
        if value.is_none() {
            self.fault(name.span, format!("`for` of step `{}` has no `value`", name.value));
        }
        let source = match (document.get(body, "in"), document.get(body, "range")) {
            (Some(list), None) => LoopSource::In(self.text.term(list, &mut self.faults)),
            (None, Some(range)) => LoopSource::Range(self.range(range)),
            (found, _) => {
                let what = if found.is_some() { "both `in` and `range`" } else { "neither `in` nor `range`" };
                self.fault(name.span, format!("`for` of step `{}` has {what}", name.value));
                LoopSource::Missing
            }
        };
        let steps = document.get(body, "steps").map(|steps| self.steps(steps)).unwrap_or_default();
        let value = value.unwrap_or_else(|| Spanned::new(String::new(), name.span));
        Loop { value, index, source, steps }
    }

    fn range(&mut self, range: NodeId) -> Term {
        let term = self.text.term(range, &mut self.faults);
        if let TermKind::List(items) = &term.kind
            && items.len() != 2
        {
            self.fault(term.span, "`range` has to hold the first and the last number");
        }
        term
    }

    fn parallel(&mut self, name: &Spanned<String>, body: NodeId) -> Parallel {
        let document = self.text.document;
        self.known_keys(body, &["shared", "branches", "for", "concurrency_limit", "exception_policy"], "`parallel`");
        let shared = document.get(body, "shared").map(|list| document.sequence(list)).unwrap_or_default();
        let shared = shared.iter().filter_map(|item| self.text.text(*item)).collect();
        let (branches, looped) = (document.get(body, "branches"), document.get(body, "for"));
        if branches.is_some() == looped.is_some() {
            let what = if looped.is_some() { "both `branches` and `for`" } else { "neither `branches` nor `for`" };
            self.fault(name.span, format!("`parallel` of step `{}` has {what}", name.value));
        }
        let branches = branches.map(|list| self.steps(list)).unwrap_or_default();
        Parallel { shared, branches, looped: looped.map(|body| Box::new(self.looped(name, body))) }
    }

    fn tried(&mut self, name: &Spanned<String>, body: NodeId, tried: NodeId) -> Try {
        let document = self.text.document;
        let steps = match document.value(tried) {
            Value::Sequence(_) => self.steps(tried),
            Value::Map(_) => vec![self.step(name.clone(), tried)],
            _ => {
                self.wrong(tried, "`try`", "a step, or a list of steps");
                Vec::new()
            }
        };
        let retry = document.get(body, "retry").map(|retry| self.text.term(retry, &mut self.faults));
        let except = document.get(body, "except").map(|except| {
            let error = document.get(except, "as").and_then(|node| self.text.text(node));
            Except { name: error, steps: vec![self.action(name.clone(), except)] }
        });
        Try { steps, retry, except }
    }
}
