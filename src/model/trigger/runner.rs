//! What an event starts: workflows, functions and services of Cloud Run as Terraform declares them. Knows nothing of what they
//! do.

use super::{Destination, Reference};
use crate::model::Known;
use crate::model::terraform::{Resource, Terraform};
use crate::text::Span;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A workflow, a function or a service.
#[derive(Debug, Clone)]
pub struct Runner {
    pub address: String,
    pub kind: RunnerKind,
    pub span: Span,
    pub name: Known<String>,
    /// The topic whose messages start a function.
    pub topic: Reference,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RunnerKind {
    Workflow,
    Function,
    Service,
    /// An address on the web, or something on a cluster.
    Elsewhere,
}

impl RunnerKind {
    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            RunnerKind::Workflow => "workflow",
            RunnerKind::Function => "function",
            RunnerKind::Service => "service",
            RunnerKind::Elsewhere => "endpoint",
        }
    }
}

const TYPES: [(&str, RunnerKind); 5] = [
    ("google_workflows_workflow", RunnerKind::Workflow),
    ("google_cloudfunctions2_function", RunnerKind::Function),
    ("google_cloudfunctions_function", RunnerKind::Function),
    ("google_cloud_run_v2_service", RunnerKind::Service),
    ("google_cloud_run_service", RunnerKind::Service),
];

/// Reads them, by their unique address.
pub fn read_runners(terraform: &Terraform<'_>) -> BTreeMap<Arc<str>, Runner> {
    let of_type = |(type_name, kind): &(&str, RunnerKind)| {
        let kind = *kind;
        let read =
            terraform.resources(type_name).map(move |one| (Arc::from(one.unique_address()), read_runner(terraform, one, kind)));
        read.collect::<Vec<_>>()
    };
    TYPES.iter().flat_map(of_type).collect()
}

fn read_runner<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>, kind: RunnerKind) -> Runner {
    let events = terraform.nested(resource, resource.body, "event_trigger").blocks;
    let of_event = |event: &Resource<'a>| match resource.kind {
        "google_cloudfunctions2_function" => Reference::read(terraform, event, "pubsub_topic"),
        _ => Reference::read(terraform, event, "resource"),
    };
    Runner {
        address: resource.address(),
        kind,
        span: resource.span,
        name: terraform.text(resource, resource.body, "name"),
        topic: events.first().map(of_event).unwrap_or_default(),
    }
}

/// `destination { workflow = … }` and its like.
pub(super) fn read_destination<'a>(terraform: &Terraform<'a>, trigger: &Resource<'a>) -> Option<Destination> {
    let block = terraform.nested(trigger, trigger.body, "destination").blocks.into_iter().next()?;
    let of = |kind, holder: &Resource<'a>, attribute| Destination {
        span: block.span,
        kind,
        runner: Reference::read(terraform, holder, attribute),
    };
    if block.document.get(block.body, "workflow").is_some() {
        return Some(of(RunnerKind::Workflow, &block, "workflow"));
    }
    if block.document.get(block.body, "cloud_function").is_some() {
        return Some(of(RunnerKind::Function, &block, "cloud_function"));
    }
    let within = |kind: &'a str| terraform.nested(&block, block.body, kind).blocks.into_iter().next();
    if let Some(service) = within("cloud_run_service") {
        return Some(of(RunnerKind::Service, &service, "service"));
    }
    let elsewhere = within("http_endpoint").map(|endpoint| of(RunnerKind::Elsewhere, &endpoint, "uri"));
    elsewhere.or_else(|| within("gke").map(|gke| of(RunnerKind::Elsewhere, &gke, "service")))
}
