//! Variables that are used before anything gives them a value. Only what holds on every path is said: jumps back, loops and
//! branches count as if they had been taken.

use super::{Action, Fault, FaultKind, Step, Subworkflow, library};
use crate::syntax::workflow::{Expr, ExprKind};
use crate::text::{FileId, Span};
use std::collections::{BTreeMap, BTreeSet};

/// Where things happen, in the order of the text, and in which loops and branches that keep their variables.
#[derive(Default)]
struct Events<'s> {
    at: usize,
    scope: Vec<usize>,
    assigned: BTreeMap<&'s str, Vec<(usize, Vec<usize>)>>,
    used: Vec<Use<'s>>,
    /// Where each step begins.
    steps: BTreeMap<&'s str, usize>,
    /// Jumps: from where, to which step.
    jumps: Vec<(usize, &'s str)>,
    /// Loops and what is tried again: from where to where.
    loops: Vec<(usize, usize)>,
}

struct Use<'s> {
    name: &'s str,
    span: Span,
    at: usize,
    scope: Vec<usize>,
}

pub(super) fn check(own: &Subworkflow, subworkflows: &[Subworkflow], faults: &mut Vec<Fault>) {
    let mut events = Events::default();
    for param in &own.params {
        events.assign(&param.name.value);
    }
    events.block(&own.steps);
    let is_callable = |name: &str| {
        subworkflows.iter().any(|other| other.name.value == name) || library::is_module(name) || library::function(name).is_some()
    };
    // A module that is not in the tables may be one all the same.
    let is_foreign = |name: &str| matches!(name, "googleapis" | "experimental");
    let mut said = BTreeSet::new();
    for used in &events.used {
        if used.name.is_empty() || is_callable(used.name) || is_foreign(used.name) || events.may_have_value(used) {
            continue;
        }
        if said.insert(used.name) {
            let message = format!("`{}` is used, and nothing has given it a value", used.name);
            let fault = Fault::new(FaultKind::Unassigned, used.span, message);
            faults.push(match events.assigned.contains_key(used.name) {
                true => fault.help("assign it before this step, and outside of the loop or branch that keeps it to itself"),
                false => fault.help("assign it first, or correct the name"),
            });
        }
    }
}

impl<'s> Events<'s> {
    fn assign(&mut self, name: &'s str) {
        self.at += 1;
        self.assigned.entry(name).or_default().push((self.at, self.scope.clone()));
    }

    fn block(&mut self, steps: &'s [Step]) {
        for step in steps {
            self.step(step);
        }
    }

    fn step(&mut self, step: &'s Step) {
        self.at += 1;
        self.steps.entry(&step.name.value).or_insert(self.at);
        let file = step.name.span.file;
        if let Action::Assign(assignments) = &step.action {
            for assignment in assignments {
                self.term(file, &assignment.value);
                self.assign(assignment.variable());
            }
        } else {
            for term in step.terms() {
                self.term(file, term);
            }
            self.within(step);
        }
        self.at += 1;
        self.jumps.extend(step.next.iter().map(|next| (self.at, next.value.as_str())));
    }

    fn within(&mut self, step: &'s Step) {
        match &step.action {
            Action::Call(call) => {
                if let Some(result) = &call.result {
                    self.assign(&result.value);
                }
            }
            Action::For(looped) => self.looped(looped),
            Action::Parallel(parallel) => {
                for branch in &parallel.branches {
                    self.kept(|events| events.step(branch));
                }
                if let Some(looped) = &parallel.looped {
                    self.looped(looped);
                }
            }
            Action::Try(tried) => {
                let start = self.at;
                self.block(&tried.steps);
                self.loops.push((start, self.at));
                if let Some(except) = &tried.except {
                    if let Some(name) = &except.name {
                        self.assign(&name.value);
                    }
                    self.block(&except.steps);
                }
            }
            Action::Switch(_) | Action::Steps(_) => step.blocks().into_iter().for_each(|block| self.block(block)),
            Action::Nothing | Action::Assign(_) | Action::Return(_) | Action::Raise(_) => {}
        }
    }

    fn looped(&mut self, looped: &'s super::Loop) {
        self.kept(|events| {
            let start = events.at;
            events.assign(&looped.value.value);
            if let Some(index) = &looped.index {
                events.assign(&index.value);
            }
            events.block(&looped.steps);
            events.loops.push((start, events.at));
        });
    }

    /// What is assigned first in a loop or a parallel branch is gone after it.
    fn kept(&mut self, work: impl FnOnce(&mut Self)) {
        self.at += 1;
        self.scope.push(self.at);
        work(self);
        self.scope.pop();
    }

    fn term(&mut self, file: FileId, term: &'s super::Term) {
        term.expressions(&mut |expr| expr.walk(&mut |expr| self.name(file, expr)));
    }

    fn name(&mut self, file: FileId, expr: &'s Expr) {
        if let ExprKind::Name(name) = &expr.kind {
            let (at, scope) = (self.at, self.scope.clone());
            self.used.push(Use { name, span: Span::new(file, expr.range.clone()), at, scope });
        }
    }

    /// Whether some path comes by an assignment that is still seen here.
    fn may_have_value(&self, used: &Use<'_>) -> bool {
        let until = self.reach(used.at);
        let assigned = self.assigned.get(used.name).into_iter().flatten();
        let mut seen = assigned.filter(|(_, scope)| used.scope.starts_with(scope));
        seen.any(|(at, _)| *at <= until)
    }

    /// The last place that may have come before: jumps back and loops bring later ones.
    fn reach(&self, at: usize) -> usize {
        let mut until = at;
        loop {
            let back = self.jumps.iter().filter_map(|(from, to)| Some((*self.steps.get(to)?, *from)));
            let around = back.chain(self.loops.iter().copied()).filter(|(start, _)| *start <= until);
            let next = around.map(|(_, end)| end).max().unwrap_or(until).max(until);
            if next == until {
                return until;
            }
            until = next;
        }
    }
}
