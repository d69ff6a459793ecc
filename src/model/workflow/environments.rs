//! Names of one environment in the text of a workflow that is deployed for several.

use super::{Action, Step, Term, TermKind, Workflow, WorkflowId};
use crate::model::environment::{HardCoded, named_in, of_variables};
use crate::text::{Files, Side, Span};
use std::collections::BTreeMap;

/// Arguments and variables that name something of one environment.
const NAMES: [&str; 12] = [
    "bucket",
    "dataset",
    "datasetId",
    "destinationBucket",
    "parent",
    "project",
    "projectId",
    "project_id",
    "sourceBucket",
    "topic",
    "uri",
    "url",
];

/// Reads the values that hold the name of an environment, of workflows whose root module has variables for others too.
pub fn read_hard_coded(workflows: &BTreeMap<WorkflowId, Workflow>, files: &Files, side: Side) -> Vec<HardCoded> {
    let by_variables = of_variables(files, side);
    let mut found: BTreeMap<Span, HardCoded> = BTreeMap::new();
    for workflow in workflows.values() {
        let environments = workflow.service.as_ref().and_then(|service| by_variables.get(&*service.root));
        let Some(environments) = environments.filter(|_| named_in(files.get(workflow.file).path.as_str()).is_none()) else {
            continue;
        };
        for (attribute, text, span) in named(workflow) {
            let Some(environment) = named_in(text).filter(|name| environments.contains(name)) else { continue };
            let others: Vec<String> =
                environments.iter().filter(|name| **name != environment).map(|name| (*name).to_owned()).collect();
            // What a template fills in is said where its variable is.
            let is_written = files.slice(span).contains(text);
            if others.is_empty() || !is_written {
                continue;
            }
            let (address, value) = (workflow.address.clone(), text.to_owned());
            let environment = environment.to_owned();
            found.entry(span).or_insert(HardCoded { address, attribute, value, span, environment, others });
        }
    }
    found.into_values().collect()
}

fn named(workflow: &Workflow) -> Vec<(&'static str, &str, Span)> {
    let mut found = Vec::new();
    for step in workflow.subworkflows.iter().flat_map(|own| &own.steps) {
        step.walk(&mut |step| of_step(step, &mut found));
    }
    found
}

fn of_step<'w>(step: &'w Step, found: &mut Vec<(&'static str, &'w str, Span)>) {
    match &step.action {
        Action::Assign(assignments) => {
            assignments.iter().for_each(|assignment| add(&assignment.target.value, &assignment.value, found));
        }
        Action::Call(call) => call.arguments.iter().for_each(|arguments| below(arguments, found)),
        _ => {}
    }
}

fn below<'w>(term: &'w Term, found: &mut Vec<(&'static str, &'w str, Span)>) {
    match &term.kind {
        TermKind::Map(entries) => {
            for (key, value) in entries {
                add(&key.value, value, found);
                below(value, found);
            }
        }
        TermKind::List(items) => items.iter().for_each(|item| below(item, found)),
        _ => {}
    }
}

fn add<'w>(name: &str, value: &'w Term, found: &mut Vec<(&'static str, &'w str, Span)>) {
    if let (Some(name), TermKind::Text(text)) = (NAMES.iter().find(|own| **own == name), &value.kind) {
        found.push((name, text, value.span));
    }
}
