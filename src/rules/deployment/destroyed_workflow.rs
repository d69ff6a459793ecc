//! A workflow that is gone or would be made anew, which the provider refuses unless somebody allowed it before.

use super::{declared, fixed, going, local, more_reasons, report, surviving, to_keep, to_move};
use crate::diagnostic::{Diagnostic, Severity, Subject, SubjectKind};
use crate::model::Known;
use crate::model::deployment::{Deployed, DeployedKind};
use crate::rules::{Context, Sink};

const FIRST: &str = "apply `deletion_protection = false` in a change before this one";

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let deployed = context.base.into_iter().flat_map(|base| base.deployed.values());
    let workflows = deployed.filter(|deployed| deployed.kind == DeployedKind::Workflow);
    let declared = declared(context, workflows.map(|workflow| (workflow, &*workflow.address)));
    for (_, was, is) in going(context, sink, declared, |_, was| subject(was)) {
        match is {
            Some(is) => replaced(context, sink, was, is),
            None => removed(context, sink, was),
        }
    }
}

fn subject(workflow: &Deployed) -> Subject {
    Subject::new(SubjectKind::Workflow, workflow.address.clone())
}

/// The name, or the address where it is not known.
fn name(workflow: &Deployed) -> &str {
    workflow.fixed.get("name").and_then(Known::value).map_or(local(&workflow.address), String::as_str)
}

/// What does not let it go; `None` where it does, or where that is not known, which is said.
fn forbids(sink: &mut Sink<'_>, was: &Deployed, what: &str) -> Option<&'static str> {
    match &was.protected {
        Known::Known(said) if said.value => Some("`deletion_protection`"),
        Known::Known(_) => None,
        Known::Absent => Some("the default of `deletion_protection`"),
        Known::Unknown(why) => {
            let why = format!("{what}, and whether it is protected is not known: {}", why.text);
            sink.not_checked(&subject(was), why, Some(was.span));
            None
        }
    }
}

fn replaced(context: &Context<'_>, sink: &mut Sink<'_>, was: &Deployed, is: &Deployed) {
    let causes = fixed::causes(context, sink, &subject(was), was, is);
    let Some((cause, others)) = causes.split_first() else { return };
    let (name, why) = (name(was), format!("{}{}", cause.text, more_reasons(others)));
    let message = if is.prevents_destroy.value() == Some(&true) {
        format!("the plan fails: workflow `{name}` would be made anew, which `prevent_destroy` forbids: {why}")
    } else {
        let Some(forbids) = forbids(sink, was, "it would be made anew") else { return };
        format!("the apply fails: workflow `{name}` would be made anew, which {forbids} forbids: {why}")
    };
    let found = report(sink, subject(was), is, message, (cause, others));
    found.help = Some(format!("{}, or {FIRST}", cause.help()));
    soften(found, was);
}

fn removed(context: &Context<'_>, sink: &mut Sink<'_>, was: &Deployed) {
    let Some(forbids) = forbids(sink, was, "its resource is gone") else { return };
    let message =
        format!("the apply fails: the resource of workflow `{}` is gone, and {forbids} forbids to destroy it", name(was));
    let mut other = context.head.deployed.values().filter(|other| other.kind == DeployedKind::Workflow && is_same(was, other));
    let help = match other.next() {
        Some(now) => to_move(was, &now.address),
        None => to_keep("workflow", was, FIRST),
    };
    let found = sink.report(subject(was), surviving(context, was.span), message).help(help);
    found.related(was.span, "the resource as it was");
    soften(found, was);
}

/// Of one name, in one region.
fn is_same(was: &Deployed, other: &Deployed) -> bool {
    ["name", "region"].iter().all(|name| {
        let [was, other] = [was, other].map(|workflow| workflow.fixed.get(name).and_then(Known::value));
        was.is_some() && was == other
    })
}

/// What is not written holds since version 6.11 of the provider only.
fn soften(found: &mut Diagnostic, was: &Deployed) {
    if was.protected.is_absent() {
        found.severity = found.severity.min(Severity::Warning);
    }
}
