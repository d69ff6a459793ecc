//! What is wrong with a workflow by itself: names of steps, where they lead, what they call, and the limits at
//! <https://cloud.google.com/workflows/quotas> (read 2026-11-26).

use super::arguments::Names;
use super::{Action, Fault, FaultKind, Step, Subworkflow, TermKind, variables};
use crate::model::terraform::{Loading, Source};
use crate::syntax::Document;
use crate::text::{Span, Spanned};
use std::collections::{BTreeMap, BTreeSet};

const MAX_BYTES: usize = 128 * 1024;
const MAX_ASSIGNMENTS: usize = 50;
const MAX_CONDITIONS: usize = 50;
const MAX_BRANCHES: usize = 10;
const MAX_PARAMS: usize = 10;
const MAX_PARALLEL_DEPTH: usize = 2;

/// Where `next` may lead besides to steps.
const ENDS: [&str; 3] = ["end", "break", "continue"];

/// Marks of expressions that mean something else to whoever reads the text first.
pub(super) fn escaping(source: &Source, document: &Document, faults: &mut Vec<Fault>) {
    for (span, name) in &source.refused {
        let message = match name {
            Some(name) => format!("Terraform takes `${{…}}` for its own, and knows no `{name}`"),
            None => "Terraform takes `${…}` for its own, and cannot read it".to_owned(),
        };
        let help = match (source.loading, name) {
            (Loading::Template, Some(name)) => {
                format!("write `$${{…}}` for an expression of the workflow, or give `{name}` to `templatefile`")
            }
            _ => "write `$${…}` for an expression of the workflow".to_owned(),
        };
        faults.push(Fault::new(FaultKind::Escaping, *span, message).help(help));
    }
    if source.loading != Loading::Verbatim {
        return;
    }
    for node in document.node_ids() {
        let Some(text) = document.str(node).map(str::trim) else { continue };
        if text.starts_with("$${") && text.ends_with('}') {
            let span = source.map.span(document.span(node).range());
            let message = "`$${…}` is plain text to Workflows: the file is read as it is";
            let help = "write `${…}`, or read the file with `templatefile`";
            faults.push(Fault::new(FaultKind::Escaping, span, message).help(help));
        }
    }
}

pub(super) fn size(source: &Source, faults: &mut Vec<Fault>) {
    if source.text.len() > MAX_BYTES {
        let message = format!("the workflow has {} bytes, and {MAX_BYTES} are the most", source.text.len());
        let span = source.map.span(0..1);
        faults.push(Fault::new(FaultKind::Limit, span, message).help("move a part of it to a workflow of its own"));
    }
}

/// All that follows from the steps.
pub(super) fn steps(subworkflows: &[Subworkflow], faults: &mut Vec<Fault>) {
    let names = Names { subworkflows };
    for own in subworkflows {
        most(own.params.len(), MAX_PARAMS, "parameters", &own.name, faults);
        flow(own, faults);
        variables::check(own, subworkflows, faults);
        for step in &own.steps {
            step.walk(&mut |step| {
                step_limits(step, faults);
                if let Action::Call(call) = &step.action {
                    names.call(step, call, faults);
                }
                let file = step.name.span.file;
                for term in step.terms() {
                    term.expressions(&mut |expr| expr.walk(&mut |expr| names.expression(file, expr, faults)));
                }
            });
            parallel_depth(step, 0, faults);
        }
    }
}

fn most(count: usize, most: usize, what: &str, name: &Spanned<String>, faults: &mut Vec<Fault>) {
    if count > most {
        let message = format!("`{}` has {count} {what}, and {most} are the most", name.value);
        faults.push(Fault::new(FaultKind::Limit, name.span, message));
    }
}

fn step_limits(step: &Step, faults: &mut Vec<Fault>) {
    match &step.action {
        Action::Assign(assignments) => most(assignments.len(), MAX_ASSIGNMENTS, "assignments", &step.name, faults),
        Action::Switch(branches) => most(branches.len(), MAX_CONDITIONS, "conditions", &step.name, faults),
        Action::Parallel(parallel) => most(parallel.branches.len(), MAX_BRANCHES, "branches", &step.name, faults),
        Action::Nothing
        | Action::Call(_)
        | Action::For(_)
        | Action::Try(_)
        | Action::Return(_)
        | Action::Raise(_)
        | Action::Steps(_) => {}
    }
}

fn parallel_depth(step: &Step, depth: usize, faults: &mut Vec<Fault>) {
    let depth = depth + usize::from(matches!(step.action, Action::Parallel(_)));
    if depth > MAX_PARALLEL_DEPTH {
        let message = format!("`{}` runs in parallel within {MAX_PARALLEL_DEPTH} others, which is too deep", step.name.value);
        faults.push(Fault::new(FaultKind::Limit, step.name.span, message));
        return;
    }
    for inner in step.blocks().into_iter().flatten() {
        parallel_depth(inner, depth, faults);
    }
}

/// Names of steps, where they lead, and steps that nothing leads to.
fn flow(own: &Subworkflow, faults: &mut Vec<Fault>) {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    let mut targets: Vec<&Spanned<String>> = Vec::new();
    for step in &own.steps {
        step.walk(&mut |step| {
            targets.extend(&step.next);
            let name = step.name.value.as_str();
            match seen.get(name) {
                // What stands in a branch or below `try` has the name of the step around it.
                Some(first) if *first == step.name.span => {}
                Some(first) => {
                    let message = format!("step `{name}` is there twice in `{}`", own.name.value);
                    faults.push(Fault::new(FaultKind::DuplicateStep, step.name.span, message).related(*first, "the first"));
                }
                None => {
                    seen.insert(name, step.name.span);
                }
            }
        });
    }
    for target in targets.iter().filter(|target| !seen.contains_key(target.value.as_str())) {
        if !ENDS.contains(&target.value.as_str()) {
            let message = format!("`next` leads to `{}`, and `{}` has no such step", target.value, own.name.value);
            faults.push(Fault::new(FaultKind::UnknownStep, target.span, message));
        }
    }
    let targets = targets.iter().map(|target| target.value.as_str()).collect();
    unreachable(&own.steps, &targets, faults);
}

/// A step behind one that never goes on is reached by name only.
fn unreachable(steps: &[Step], targets: &BTreeSet<&str>, faults: &mut Vec<Fault>) {
    for pair in steps.windows(2) {
        let [before, step] = pair else { continue };
        if !goes_on(before) && !is_targeted(step, targets) {
            let message = format!("step `{}` is never reached", step.name.value);
            let related = format!("`{}` never goes on", before.name.value);
            faults.push(Fault::new(FaultKind::UnreachableStep, step.name.span, message).related(before.name.span, related));
            break;
        }
    }
    for block in steps.iter().flat_map(Step::blocks) {
        unreachable(block, targets, faults);
    }
}

fn is_targeted(step: &Step, targets: &BTreeSet<&str>) -> bool {
    let mut found = false;
    step.walk(&mut |inner| found |= targets.contains(inner.name.value.as_str()));
    found
}

/// Whether the step after this one may come next.
fn goes_on(step: &Step) -> bool {
    if matches!(step.action, Action::Return(_) | Action::Raise(_)) {
        return false;
    }
    let ends = |steps: &[Step]| steps.last().is_some_and(|last| !goes_on(last));
    match &step.action {
        // The branches that are taken by `next` lead elsewhere; where none is taken, `next` of the step holds.
        Action::Switch(branches) if step.next.is_none() => {
            let is_last = |branch: &super::Branch| matches!(branch.condition.kind, TermKind::Bool(true));
            let all_end = branches.iter().all(|branch| !goes_on(&branch.step));
            !(branches.last().is_some_and(is_last) && all_end)
        }
        Action::Steps(steps) if step.next.is_none() => !ends(steps),
        // A jump within may come back, and an error may be caught.
        _ => step.next.is_none(),
    }
}
