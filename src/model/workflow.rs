//! Workflows of Google Workflows: their steps with places, what is wrong with them by themselves, and what they do with a
//! file that arrives. Knows the language and its library, and neither rules nor reports.

mod arguments;
mod check;
mod evaluate;
mod functions;
mod library;
mod places;
mod read;
mod route;
mod run;
mod simulation;
mod value;
mod variables;

use super::terraform::{Loading, Source, Terraform};
use super::trigger::RunnerKind;
use super::{FeedId, Known, Model, Skipped, Trigger, TriggerId};
use crate::syntax::workflow::Expr;
use crate::text::{FileId, SourceFile, Span, Spanned};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

pub use read::is_workflow;
pub use route::{Change, ChangeKind, Load, Route, follow, is_retained, loads_of, routes};
pub use run::{Outcome, Run};
pub use simulation::{Simulation, Started};
pub use value::Val;

/// The identity of a workflow: the address of its resource with the folder of its root module, or the path of a file that
/// no resource deploys.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WorkflowId(pub Arc<str>);

impl fmt::Display for WorkflowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A workflow.
#[derive(Debug, Clone)]
pub struct Workflow {
    pub id: WorkflowId,
    /// The Terraform address, or the path of the file.
    pub address: String,
    /// The name under which it is deployed.
    pub name: Known<String>,
    /// The resource's label, or the begin of the file.
    pub span: Span,
    /// Where the text stands.
    pub file: FileId,
    pub loading: Loading,
    /// `main` first, where it is there.
    pub subworkflows: Vec<Subworkflow>,
    pub faults: Vec<Fault>,
    /// What `sys.get_env` gives; `None` for a value that is not known.
    pub environment: BTreeMap<String, Option<String>>,
    /// The triggers that start it.
    pub triggers: Vec<TriggerId>,
    /// The feeds whose files start it.
    pub feeds: Vec<FeedId>,
}

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

/// What is wrong with a workflow by itself. Each kind belongs to one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    Shape,
    Expression,
    Escaping,
    DuplicateStep,
    UnknownStep,
    UnreachableStep,
    UnknownFunction,
    Arguments,
    Unassigned,
    Limit,
    BlockingCall,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub kind: FaultKind,
    pub span: Span,
    pub message: String,
    pub help: Option<String>,
    pub related: Option<(Span, String)>,
}

impl Fault {
    fn new(kind: FaultKind, span: Span, message: impl Into<String>) -> Fault {
        Fault { kind, span, message: message.into(), help: None, related: None }
    }

    fn help(self, help: impl Into<String>) -> Fault {
        Fault { help: Some(help.into()), ..self }
    }

    fn related(self, span: Span, text: impl Into<String>) -> Fault {
        Fault { related: Some((span, text.into())), ..self }
    }
}

impl Workflow {
    /// Where it begins, unless it is not there.
    pub fn main(&self) -> Option<&Subworkflow> {
        self.subworkflow("main")
    }

    pub fn subworkflow(&self, name: &str) -> Option<&Subworkflow> {
        self.subworkflows.iter().find(|own| own.name.value == name)
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

/// The workflows of a revision, and what could not be read.
#[derive(Debug, Default)]
pub struct Found {
    pub workflows: BTreeMap<WorkflowId, Workflow>,
    pub skipped: Vec<Skipped>,
}

/// Reads the workflows that Terraform deploys, each block once, and the files that nothing deploys.
pub fn read_workflows(terraform: &Terraform<'_>, files: Vec<Workflow>) -> Found {
    let (mut found, mut deployed) = (Found::default(), BTreeSet::new());
    for resource in terraform.blocks_of("google_workflows_workflow") {
        let Some(node) = resource.document.get(resource.body, "source_contents") else { continue };
        let (id, address) = (WorkflowId(resource.unique_address().into()), resource.address());
        let Some(source) = terraform.source(resource, node) else {
            let why = "its source is not known".to_owned();
            let span = Some(resource.document.span(node));
            found.skipped.push(Skipped { what: "workflow".to_owned(), subject: id.to_string(), why, span });
            continue;
        };
        if let Some(why) = &source.hidden {
            let (what, subject, why) = ("workflow".to_owned(), id.to_string(), why.clone());
            found.skipped.push(Skipped { what, subject, why: why.text.to_string(), span: why.span });
            deployed.insert(source.map.file());
            continue;
        }
        let mut workflow = read::read(id.clone(), address, resource.span, &source);
        workflow.name = terraform.text(resource, resource.body, "name");
        workflow.environment = environment(terraform, resource);
        if !deployed.insert(source.map.file()) && source.loading != Loading::Inline {
            // What is wrong with a file is said once.
            workflow.faults.clear();
        }
        found.workflows.insert(id, workflow);
    }
    let alone = files.into_iter().filter(|workflow| !deployed.contains(&workflow.file));
    found.workflows.extend(alone.map(|workflow| (workflow.id.clone(), workflow)));
    found
}

/// Names of variables that Workflows sets itself: <https://cloud.google.com/workflows/docs/use-environment-variables>.
fn environment<'a>(terraform: &Terraform<'a>, resource: &super::terraform::Resource<'a>) -> BTreeMap<String, Option<String>> {
    let text = |name| terraform.text(resource, resource.body, name).value().cloned();
    let own = [
        ("GOOGLE_CLOUD_PROJECT_ID", text("project")),
        ("GOOGLE_CLOUD_LOCATION", text("region")),
        ("GOOGLE_CLOUD_WORKFLOW_ID", text("name")),
    ];
    let own = own.into_iter().map(|(name, value)| (name.to_owned(), value));
    own.chain(terraform.members(resource, "user_env_vars")).collect()
}

/// Tells each workflow what starts it. Call it when triggers know their feeds.
pub fn link_workflows(model: &mut Model) {
    for workflow in model.workflows.values_mut() {
        let own = workflow.id.0.split('[').next();
        let name = workflow.name.value().map(String::as_str);
        let is_meant = |trigger: &&Trigger| {
            let Some(destination) = trigger.destination.as_ref().filter(|it| it.kind == RunnerKind::Workflow) else {
                return false;
            };
            match &destination.runner.address {
                Some(address) => address.split('[').next() == own,
                None => name.is_some() && destination.runner.last_name() == name,
            }
        };
        let triggers: Vec<&Trigger> = model.triggers.values().filter(is_meant).collect();
        workflow.triggers = triggers.iter().map(|trigger| trigger.id.clone()).collect();
        let feeds: BTreeSet<FeedId> = triggers.iter().flat_map(|trigger| trigger.feeds.iter().cloned()).collect();
        workflow.feeds = feeds.into_iter().collect();
    }
}

/// Reads a file that looks like a workflow; `None` when it is none.
pub fn of_file(id: FileId, file: &SourceFile) -> Option<Workflow> {
    let source = Source::of_file(id, &file.text);
    let path = file.path.as_str();
    let is_json = file.path.has_extension("json");
    (is_workflow(&file.text) && read::looks_like_one(&source, is_json)).then_some(())?;
    Some(read::read(WorkflowId(path.into()), path.to_owned(), Span::start_of(id), &source))
}

#[cfg(test)]
mod tests;
