//! Workflows of Google Workflows: their steps with places, what is wrong with them by themselves, and what they do with a
//! file that arrives. Knows the language and its library, and neither rules nor reports.

mod arguments;
mod calls;
mod check;
mod env;
mod environments;
mod evaluate;
mod functions;
mod library;
mod needs;
mod places;
mod read;
mod route;
mod run;
mod simulation;
mod steps;
mod value;
mod variables;

use super::terraform::{Loading, Resource, Source, Terraform};
use super::trigger::RunnerKind;
use super::{FeedId, Known, Model, Skipped, Trigger, TriggerId};
use crate::text::{FileId, SourceFile, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

pub use calls::{QUERY_CALLS, QueryJob, query_jobs_of};
pub use environments::read_hard_coded;
pub use needs::{Need, NeedKind, needs_of};
pub use read::is_workflow;
pub use route::{Change, ChangeKind, Load, Route, follow, is_retained, loads_of, routes};
pub use run::{Outcome, Run};
pub use simulation::{Simulation, Started};
pub use steps::{
    Action, Assignment, Branch, Call, Except, Loop, LoopSource, Parallel, Param, Step, Subworkflow, Term, TermKind, Try,
};
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
    /// As it is deployed, with a mark for each hole whose value is not known.
    pub text: Arc<str>,
    pub loading: Loading,
    /// `main` first, where it is there.
    pub subworkflows: Vec<Subworkflow>,
    pub faults: Vec<Fault>,
    /// What `sys.get_env` gives; `None` for a value that is not known.
    pub environment: BTreeMap<String, Option<String>>,
    /// How it is deployed; `None` for a file that nothing deploys.
    pub service: Option<Service>,
    /// The triggers that start it.
    pub triggers: Vec<TriggerId>,
    /// The feeds whose files start it.
    pub feeds: Vec<FeedId>,
}

/// What Terraform says of a workflow beside its text.
#[derive(Debug, Clone)]
pub struct Service {
    /// The folder of the root module.
    pub root: Arc<str>,
    /// Where it runs, where that is said.
    pub project: Known<String>,
    /// In whose name its calls are made.
    pub service_account: Known<String>,
    /// Whether anything is said of the account, be it nothing that is known.
    pub has_service_account: bool,
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
    UnsetVariable,
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

/// The workflows of a revision, and what could not be read.
#[derive(Debug, Default)]
pub struct Found {
    pub workflows: BTreeMap<WorkflowId, Workflow>,
    pub skipped: Vec<Skipped>,
}

/// So many workflows are made of one block.
const MAX_INSTANCES: usize = 64;

/// Reads the workflows that Terraform deploys, and the files that nothing deploys.
pub fn read_workflows(terraform: &Terraform<'_>, files: Vec<Workflow>) -> Found {
    let (mut found, mut deployed, mut told) = (Found::default(), BTreeSet::new(), BTreeSet::new());
    for resource in terraform.instances_of("google_workflows_workflow", MAX_INSTANCES) {
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
        let given = terraform.members(resource, "user_env_vars");
        let is_given = given.is_some();
        workflow.environment = environment(terraform, resource).chain(given.unwrap_or_default()).collect();
        if is_given {
            workflow.faults.extend(env::unset(&workflow, resource.span));
        }
        workflow.service = Some(Service {
            root: resource.root().into(),
            project: terraform.text(resource, resource.body, "project"),
            service_account: terraform.text(resource, resource.body, "service_account"),
            has_service_account: resource.document.get(resource.body, "service_account").is_some(),
        });
        deployed.insert(source.map.file());
        // What is wrong with a text is said once, however many workflows are made of it.
        workflow.faults.retain(|fault| told.insert((fault.span, fault.kind, fault.message.clone())));
        found.workflows.insert(id, workflow);
    }
    let alone = files.into_iter().filter(|workflow| !deployed.contains(&workflow.file));
    found.workflows.extend(alone.map(|workflow| (workflow.id.clone(), workflow)));
    found
}

/// Variables that Workflows sets itself: <https://cloud.google.com/workflows/docs/use-environment-variables>.
fn environment<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>) -> impl Iterator<Item = (String, Option<String>)> {
    let text = |name| terraform.text(resource, resource.body, name).value().cloned();
    let own = [
        ("GOOGLE_CLOUD_PROJECT_ID", text("project")),
        ("GOOGLE_CLOUD_LOCATION", text("region")),
        ("GOOGLE_CLOUD_WORKFLOW_ID", text("name")),
    ];
    own.into_iter().map(|(name, value)| (name.to_owned(), value))
}

/// Tells each workflow what starts it. Call it when triggers know their feeds.
pub fn link_workflows(model: &mut Model) {
    let ids: BTreeSet<WorkflowId> = model.workflows.keys().cloned().collect();
    for workflow in model.workflows.values_mut() {
        let name = workflow.name.value().map(String::as_str);
        let is_meant = |trigger: &&Trigger| {
            let Some(destination) = trigger.destination.as_ref().filter(|it| it.kind == RunnerKind::Workflow) else {
                return false;
            };
            match &destination.runner.address {
                Some(address) if ids.contains(&WorkflowId(address.clone())) => *address == workflow.id.0,
                // Which instance is meant is not known.
                Some(address) => block(address) == block(&workflow.id.0),
                None => name.is_some() && destination.runner.last_name() == name,
            }
        };
        let triggers: Vec<&Trigger> = model.triggers.values().filter(is_meant).collect();
        workflow.triggers = triggers.iter().map(|trigger| trigger.id.clone()).collect();
        let feeds: BTreeSet<FeedId> = triggers.iter().flat_map(|trigger| trigger.feeds.iter().cloned()).collect();
        workflow.feeds = feeds.into_iter().collect();
    }
}

/// The address without the key of its instance.
fn block(address: &str) -> &str {
    address.strip_suffix(']').and_then(|rest| rest.rsplit_once('[')).map_or(address, |(block, _)| block)
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
