//! Environment variables that a workflow asks for, and that its deployment does not give. What asks for one in an
//! expression that takes care of its lack is left alone.

use super::{Fault, FaultKind, Workflow};
use crate::syntax::workflow::{Binary, Expr, ExprKind, HOLE};
use crate::text::{FileId, Span, nearest};

/// Names beginning so cannot be given, as Workflows sets them itself:
/// <https://cloud.google.com/workflows/docs/use-environment-variables> (read 2026-11-26).
const RESERVED: [&str; 2] = ["GOOGLE_", "WORKFLOWS_"];

/// What is asked for and not given, in a workflow that is deployed at `service` with all of its variables known.
pub(super) fn unset(workflow: &Workflow, service: Span) -> Vec<Fault> {
    let mut faults = Vec::new();
    for step in workflow.subworkflows.iter().flat_map(|own| &own.steps) {
        step.walk(&mut |step| {
            let file = step.name.span.file;
            for term in step.terms() {
                term.expressions(&mut |expr| of_expression(workflow, file, expr, &mut faults));
            }
        });
    }
    faults.into_iter().map(|fault| fault.related(service, "deployed here")).collect()
}

fn of_expression(workflow: &Workflow, file: FileId, expr: &Expr, faults: &mut Vec<Fault>) {
    let mut cared_for: Vec<&Expr> = Vec::new();
    expr.walk(&mut |expr| {
        cared_for.extend(cares_for(expr));
        let Some(name) = asked(expr).filter(|name| is_unset(workflow, name)) else { return };
        if !cared_for.iter().any(|other| std::ptr::eq(*other, expr)) {
            faults.push(fault(workflow, name, Span::new(file, expr.range.clone())));
        }
    });
}

/// The name of the variable, where no default is given.
fn asked(expr: &Expr) -> Option<&str> {
    let ExprKind::Call { function, arguments, .. } = &expr.kind else { return None };
    match arguments.as_slice() {
        [Expr { kind: ExprKind::Text(name), .. }] if function == "sys.get_env" => Some(name),
        _ => None,
    }
}

/// The parts of an expression that it asks whether they are there.
fn cares_for(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Call { function, arguments, .. } if function == "default" => arguments.first().into_iter().collect(),
        ExprKind::Binary(Binary::Equal | Binary::NotEqual, left, right) => vec![left, right],
        _ => Vec::new(),
    }
}

fn is_unset(workflow: &Workflow, name: &str) -> bool {
    let is_readable = !name.contains(HOLE) && !RESERVED.iter().any(|prefix| name.starts_with(prefix));
    is_readable && !workflow.environment.contains_key(name)
}

fn fault(workflow: &Workflow, name: &str, span: Span) -> Fault {
    let message = format!("`user_env_vars` gives no `{name}`, which the workflow asks for");
    let fault = Fault::new(FaultKind::UnsetVariable, span, message);
    match nearest(name, workflow.environment.keys().map(String::as_str)) {
        Some(near) => fault.help(format!("`{near}` is given; or add `{name}` to `user_env_vars`")),
        None => fault.help(format!("add `{name}` to `user_env_vars`, or give `sys.get_env` a default")),
    }
}
