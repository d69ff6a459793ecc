//! A workflow followed on paper for one file: which steps it takes, what it calls, and where it ends. Calls succeed, and
//! what they answer is not known. Where the way depends on what is not known, it ends there.

use super::evaluate::Scope;
use super::value::Val;
use super::{Action, Call, Loop, LoopSource, Step, Subworkflow, Term, TermKind, Workflow, functions, library};
use crate::text::Span;
use std::collections::BTreeMap;

/// So many steps are taken on one way.
const MAX_STEPS: usize = 2_000;

/// What holds more than this is not kept: a value could double with each step.
const MAX_WEIGHT: usize = 20_000;

/// Workflows themselves call no deeper.
const MAX_CALLS: usize = 20;

/// The way through a workflow.
#[derive(Debug)]
pub struct Run<'w> {
    /// The steps that are taken, with how deep they stand.
    pub visits: Vec<Visit<'w>>,
    /// What is called outside of the workflow, in order.
    pub effects: Vec<Effect<'w>>,
    pub outcome: Outcome,
}

#[derive(Debug)]
pub struct Visit<'w> {
    pub step: &'w Step,
    pub depth: usize,
    /// The condition that led on, of a step that chooses.
    pub condition: Option<Span>,
}

/// A call of a connector, or of an address.
#[derive(Debug, Clone)]
pub struct Effect<'w> {
    pub step: &'w Step,
    pub call: &'w Call,
    pub arguments: Val,
    /// It stands below `try`, with `except` or `retry`.
    pub is_tried: bool,
}

/// Where a way ends.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// After its last step, or by `return` at this place, with this value.
    Done(Option<Span>, Val),
    /// An error that nothing catches.
    Raised(Span),
    /// What comes next depends on what is not known.
    Undecided(Span),
}

/// How a step leaves.
enum Flow {
    Next,
    Jump(String),
    Return(Option<Span>, Val),
    Raise(Span, Val),
    Stop(Span),
    Break,
    Continue,
}

/// Follows a workflow from `main`, which is given `event`.
pub(super) fn run(workflow: &Workflow, event: Val) -> Option<Run<'_>> {
    let main = workflow.main()?;
    let mut runner = Runner { workflow, visits: Vec::new(), effects: Vec::new(), depth: 0, n_calls: 0, n_tried: 0 };
    let variables = main.params.first().map(|param| (param.name.value.clone(), event));
    let outcome = match runner.subworkflow(main, variables.into_iter().collect()) {
        Flow::Return(span, value) => Outcome::Done(span, value),
        Flow::Raise(span, _) => Outcome::Raised(span),
        Flow::Stop(span) => Outcome::Undecided(span),
        Flow::Next | Flow::Jump(_) | Flow::Break | Flow::Continue => Outcome::Done(None, Val::Null),
    };
    Some(Run { visits: runner.visits, effects: runner.effects, outcome })
}

struct Runner<'w> {
    workflow: &'w Workflow,
    visits: Vec<Visit<'w>>,
    effects: Vec<Effect<'w>>,
    depth: usize,
    n_calls: usize,
    n_tried: usize,
}

type Variables = BTreeMap<String, Val>;

impl<'w> Runner<'w> {
    fn subworkflow(&mut self, own: &'w Subworkflow, mut variables: Variables) -> Flow {
        for param in &own.params {
            let default = param.default.as_ref().map_or(Val::Unknown, |term| self.term(&variables, term));
            variables.entry(param.name.value.clone()).or_insert(default);
        }
        match self.block(&own.steps, &mut variables) {
            // Into a block that is not around the jump: not followed.
            Flow::Jump(_) => Flow::Stop(own.name.span),
            flow => flow,
        }
    }

    fn term(&self, variables: &Variables, term: &Term) -> Val {
        let value = Scope { variables, environment: &self.workflow.environment }.term(term);
        if value.weight() > MAX_WEIGHT { Val::Unknown } else { value }
    }

    /// Takes steps one after the other; a jump to one of them goes on there.
    fn block(&mut self, steps: &'w [Step], variables: &mut Variables) -> Flow {
        let mut at = 0;
        self.depth += 1;
        let flow = loop {
            let Some(step) = steps.get(at) else { break Flow::Next };
            if self.visits.len() >= MAX_STEPS {
                break Flow::Stop(step.name.span);
            }
            match self.step(step, variables) {
                Flow::Next => at += 1,
                Flow::Jump(name) => match steps.iter().position(|step| step.name.value == name) {
                    Some(target) => at = target,
                    None => break Flow::Jump(name),
                },
                flow => break flow,
            }
        };
        self.depth -= 1;
        flow
    }

    fn step(&mut self, step: &'w Step, variables: &mut Variables) -> Flow {
        self.visits.push(Visit { step, depth: self.depth - 1, condition: None });
        self.action(step, variables)
    }

    /// What a step does, and where it leads.
    fn action(&mut self, step: &'w Step, variables: &mut Variables) -> Flow {
        let flow = match &step.action {
            Action::Nothing => Flow::Next,
            Action::Assign(assignments) => {
                for assignment in assignments {
                    let value = self.term(variables, &assignment.value);
                    // A part of a variable makes the whole one uncertain.
                    let value = if assignment.is_whole() { value } else { Val::Unknown };
                    variables.insert(assignment.variable().to_owned(), value);
                }
                Flow::Next
            }
            Action::Call(call) => self.call(step, call, variables),
            Action::Switch(branches) => self.switch(branches, variables),
            Action::For(looped) => self.looped(looped, variables),
            Action::Parallel(parallel) => {
                let branches = parallel.branches.iter().map(|branch| self.step(branch, variables));
                let stopped = branches.into_iter().find(|flow| !matches!(flow, Flow::Next));
                match (stopped, &parallel.looped) {
                    (Some(flow), _) => flow,
                    (None, Some(looped)) => self.looped(looped, variables),
                    (None, None) => Flow::Next,
                }
            }
            Action::Try(tried) => self.tried(step, tried, variables),
            Action::Return(value) => Flow::Return(Some(value.span), self.term(variables, value)),
            Action::Raise(value) => Flow::Raise(value.span, self.term(variables, value)),
            Action::Steps(steps) => self.block(steps, variables),
        };
        match (flow, &step.next) {
            (Flow::Next, Some(next)) => match next.value.as_str() {
                "end" => Flow::Return(Some(next.span), Val::Null),
                "break" => Flow::Break,
                "continue" => Flow::Continue,
                name => Flow::Jump(name.to_owned()),
            },
            (flow, _) => flow,
        }
    }

    fn switch(&mut self, branches: &'w [super::Branch], variables: &mut Variables) -> Flow {
        for branch in branches {
            match self.term(variables, &branch.condition) {
                Val::Bool(false) => {}
                Val::Bool(true) => {
                    if let Some(visit) = self.visits.last_mut() {
                        visit.condition = Some(branch.condition.span);
                    }
                    return self.action(&branch.step, variables);
                }
                _ if branches.iter().all(|branch| is_harmless(&branch.step)) => {
                    branches.iter().for_each(|branch| forget(&branch.step, variables));
                    return Flow::Next;
                }
                _ => return Flow::Stop(branch.condition.span),
            }
        }
        Flow::Next
    }

    fn looped(&mut self, looped: &'w Loop, variables: &mut Variables) -> Flow {
        let Some(items) = self.items(looped, variables) else {
            if looped.steps.iter().all(is_harmless) {
                looped.steps.iter().for_each(|step| forget(step, variables));
                return Flow::Next;
            }
            return Flow::Stop(looped.value.span);
        };
        for (at, item) in items.into_iter().enumerate() {
            variables.insert(looped.value.value.clone(), item);
            if let Some(index) = &looped.index {
                variables.insert(index.value.clone(), i64::try_from(at).map_or(Val::Unknown, Val::Int));
            }
            match self.block(&looped.steps, variables) {
                Flow::Next | Flow::Continue => {}
                Flow::Break => break,
                flow => return flow,
            }
        }
        Flow::Next
    }

    fn items(&self, looped: &Loop, variables: &Variables) -> Option<Vec<Val>> {
        match &looped.source {
            LoopSource::In(list) => match self.term(variables, list) {
                Val::List(items) => Some(items),
                _ => None,
            },
            LoopSource::Range(range) => match self.term(variables, range) {
                Val::List(ends) => match ends.as_slice() {
                    [Val::Int(first), Val::Int(last)] if last.saturating_sub(*first) < 10_000 => {
                        Some((*first..=*last).map(Val::Int).collect())
                    }
                    _ => None,
                },
                _ => None,
            },
            LoopSource::Missing => None,
        }
    }

    fn tried(&mut self, step: &Step, tried: &'w super::Try, variables: &mut Variables) -> Flow {
        self.n_tried += 1;
        let flow = match tried.steps.as_slice() {
            // What stands directly below `try` is no step of its own.
            [inner] if inner.name.span == step.name.span => self.action(inner, variables),
            steps => self.block(steps, variables),
        };
        self.n_tried -= 1;
        match (flow, &tried.except) {
            (Flow::Raise(_, error), Some(except)) => {
                if let Some(name) = &except.name {
                    variables.insert(name.value.clone(), error);
                }
                match except.steps.as_slice() {
                    [caught] => self.action(caught, variables),
                    steps => self.block(steps, variables),
                }
            }
            (flow, _) => flow,
        }
    }

    fn call(&mut self, step: &'w Step, call: &'w Call, variables: &mut Variables) -> Flow {
        let name = call.function.value.trim();
        let arguments = call.arguments.as_ref().map_or(Val::Map(BTreeMap::new()), |term| self.term(variables, term));
        let workflow = self.workflow;
        let result = if let Some(own) = workflow.subworkflow(name) {
            if self.n_calls >= MAX_CALLS {
                return Flow::Stop(call.function.span);
            }
            let given = match arguments {
                Val::Map(given) => given,
                _ => BTreeMap::new(),
            };
            self.n_calls += 1;
            let flow = self.subworkflow(own, given);
            self.n_calls -= 1;
            match flow {
                Flow::Return(_, value) => value,
                Flow::Raise(..) | Flow::Stop(_) => return flow,
                Flow::Next | Flow::Jump(_) | Flow::Break | Flow::Continue => Val::Null,
            }
        } else if let Some(function) = library::function(name) {
            match (&arguments, function.is_blocking) {
                (Val::Map(given), false) => functions::call(name, &in_order(function, given), &workflow.environment),
                _ => Val::Unknown,
            }
        } else {
            self.effects.push(Effect { step, call, arguments, is_tried: self.n_tried > 0 });
            Val::Unknown
        };
        if let Some(target) = &call.result {
            variables.insert(target.value.clone(), result);
        }
        Flow::Next
    }
}

/// Arguments by name, as an expression would give them.
fn in_order(function: &library::Function, given: &BTreeMap<String, Val>) -> Vec<Val> {
    let params = function.params.iter().map(|name| given.get(*name).cloned());
    let found: Vec<Option<Val>> = params.collect();
    let last = found.iter().rposition(Option::is_some).map_or(0, |at| at + 1);
    found.into_iter().take(last).map(|value| value.unwrap_or(Val::Unknown)).collect()
}

/// Whether a step leads nowhere else and changes nothing but variables.
fn is_harmless(step: &Step) -> bool {
    let mut is_harmless = true;
    step.walk(&mut |step| {
        is_harmless &= step.next.is_none();
        is_harmless &= match &step.action {
            Action::Nothing | Action::Assign(_) | Action::Switch(_) | Action::For(_) | Action::Steps(_) => true,
            Action::Call(call) => library::function(call.function.value.trim()).is_some(),
            Action::Parallel(_) | Action::Try(_) | Action::Return(_) | Action::Raise(_) => false,
        };
    });
    is_harmless
}

/// What a step may have assigned is not known.
fn forget(step: &Step, variables: &mut Variables) {
    step.walk(&mut |step| match &step.action {
        Action::Assign(assignments) => {
            for assignment in assignments {
                variables.insert(assignment.variable().to_owned(), Val::Unknown);
            }
        }
        Action::Call(call) => {
            if let Some(result) = &call.result {
                variables.insert(result.value.clone(), Val::Unknown);
            }
        }
        _ => {}
    });
}

impl Effect<'_> {
    /// Where an argument is written, as near as it is written by itself.
    pub fn place(&self, keys: &[&str]) -> Span {
        let Some(mut term) = self.call.arguments.as_ref() else { return self.call.function.span };
        let mut span = self.call.function.span;
        for key in keys {
            let TermKind::Map(entries) = &term.kind else { break };
            let Some((name, value)) = entries.iter().find(|(name, _)| name.value == *key) else { break };
            (span, term) = (name.span, value);
        }
        match &term.kind {
            TermKind::List(items) if items.len() == 1 => items.first().map_or(span, |item| item.span),
            TermKind::Map(_) | TermKind::List(_) => span,
            _ => term.span,
        }
    }
}
