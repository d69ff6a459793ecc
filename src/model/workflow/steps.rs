//! The text of a workflow as a tree: subworkflows, steps, and the values that steps hold, each with its place.

use crate::syntax::workflow::Expr;
use crate::text::{Span, Spanned};

/// `main`, or what it calls.
#[derive(Debug, Clone)]
pub struct Subworkflow {
    pub name: Spanned<String>,
    pub params: Vec<Param>,
    pub steps: Vec<Step>,
}

#[derive(Debug, Clone)]
pub struct Param {
    pub name: Spanned<String>,
    pub default: Option<Term>,
}

/// A step, or what stands like one in a branch or in `try`: then its name is that of the step around it.
#[derive(Debug, Clone)]
pub struct Step {
    pub name: Spanned<String>,
    pub action: Action,
    pub next: Option<Spanned<String>>,
}

#[derive(Debug, Clone)]
pub enum Action {
    /// It only goes on.
    Nothing,
    Assign(Vec<Assignment>),
    Call(Box<Call>),
    Switch(Vec<Branch>),
    For(Box<Loop>),
    Parallel(Parallel),
    Try(Box<Try>),
    Return(Term),
    Raise(Term),
    Steps(Vec<Step>),
}

#[derive(Debug, Clone)]
pub struct Assignment {
    /// `rows[0].name`: as it is written.
    pub target: Spanned<String>,
    pub value: Term,
}

impl Assignment {
    /// The variable that is assigned, or a part of it.
    pub fn variable(&self) -> &str {
        self.target.value.split(['.', '[']).next().unwrap_or_default().trim()
    }

    /// Whether the variable as a whole is assigned.
    pub fn is_whole(&self) -> bool {
        self.variable() == self.target.value.trim()
    }
}

#[derive(Debug, Clone)]
pub struct Call {
    pub function: Spanned<String>,
    /// A map, as a rule.
    pub arguments: Option<Term>,
    pub result: Option<Spanned<String>>,
}

#[derive(Debug, Clone)]
pub struct Branch {
    pub condition: Term,
    pub step: Step,
}

#[derive(Debug, Clone)]
pub struct Loop {
    pub value: Spanned<String>,
    pub index: Option<Spanned<String>>,
    pub source: LoopSource,
    pub steps: Vec<Step>,
}

#[derive(Debug, Clone)]
pub enum LoopSource {
    In(Term),
    Range(Term),
    /// Neither is there.
    Missing,
}

#[derive(Debug, Clone)]
pub struct Parallel {
    pub shared: Vec<Spanned<String>>,
    pub branches: Vec<Step>,
    pub looped: Option<Box<Loop>>,
}

#[derive(Debug, Clone)]
pub struct Try {
    pub steps: Vec<Step>,
    pub retry: Option<Term>,
    pub except: Option<Except>,
}

#[derive(Debug, Clone)]
pub struct Except {
    pub name: Option<Spanned<String>>,
    pub steps: Vec<Step>,
}

/// A value as it is written.
#[derive(Debug, Clone)]
pub struct Term {
    pub kind: TermKind,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub enum TermKind {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(String),
    /// `${…}`; its places are bytes of the file.
    Expr(Expr),
    List(Vec<Term>),
    Map(Vec<(Spanned<String>, Term)>),
    /// A text with expressions in it, or what could not be read.
    Unknown,
}

impl Term {
    /// What stands behind these keys.
    pub fn get(&self, keys: &[&str]) -> Option<&Term> {
        keys.iter().try_fold(self, |term, key| {
            let TermKind::Map(entries) = &term.kind else { return None };
            entries.iter().find(|(name, _)| name.value == *key).map(|(_, value)| value)
        })
    }

    /// Calls back with each expression in it.
    pub fn expressions<'t>(&'t self, each: &mut impl FnMut(&'t Expr)) {
        match &self.kind {
            TermKind::Expr(expr) => each(expr),
            TermKind::List(items) => items.iter().for_each(|item| item.expressions(each)),
            TermKind::Map(entries) => entries.iter().for_each(|(_, value)| value.expressions(each)),
            TermKind::Null
            | TermKind::Bool(_)
            | TermKind::Int(_)
            | TermKind::Double(_)
            | TermKind::Text(_)
            | TermKind::Unknown => {}
        }
    }
}

impl Step {
    /// Calls back with this step and all within it.
    pub fn walk<'s>(&'s self, each: &mut impl FnMut(&'s Step)) {
        each(self);
        for inner in self.blocks().into_iter().flatten() {
            inner.walk(each);
        }
    }

    /// The lists of steps within this one.
    pub fn blocks(&self) -> Vec<&[Step]> {
        match &self.action {
            Action::Nothing | Action::Assign(_) | Action::Call(_) | Action::Return(_) | Action::Raise(_) => Vec::new(),
            Action::Switch(branches) => branches.iter().map(|branch| std::slice::from_ref(&branch.step)).collect(),
            Action::For(looped) => vec![&looped.steps],
            Action::Parallel(parallel) => {
                let looped = parallel.looped.iter().map(|looped| looped.steps.as_slice());
                std::iter::once(parallel.branches.as_slice()).chain(looped).collect()
            }
            Action::Try(tried) => {
                let except = tried.except.iter().map(|except| except.steps.as_slice());
                std::iter::once(tried.steps.as_slice()).chain(except).collect()
            }
            Action::Steps(steps) => vec![steps],
        }
    }

    /// The values that this step itself holds.
    pub fn terms(&self) -> Vec<&Term> {
        match &self.action {
            Action::Nothing | Action::Steps(_) => Vec::new(),
            Action::Assign(assignments) => assignments.iter().map(|assignment| &assignment.value).collect(),
            Action::Call(call) => call.arguments.iter().collect(),
            Action::Switch(branches) => branches.iter().map(|branch| &branch.condition).collect(),
            Action::For(looped) => looped.source.term().into_iter().collect(),
            Action::Parallel(parallel) => parallel.looped.iter().filter_map(|looped| looped.source.term()).collect(),
            Action::Try(tried) => tried.retry.iter().collect(),
            Action::Return(value) | Action::Raise(value) => vec![value],
        }
    }
}

impl LoopSource {
    fn term(&self) -> Option<&Term> {
        match self {
            LoopSource::In(term) | LoopSource::Range(term) => Some(term),
            LoopSource::Missing => None,
        }
    }
}
