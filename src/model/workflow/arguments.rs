//! Whether what is called is there, and is given what it takes.

use super::library::{self, connector, function};
use super::{Call, Fault, FaultKind, Step, Subworkflow, TermKind};
use crate::syntax::workflow::{Expr, ExprKind, HOLE};
use crate::text::{FileId, Span};

pub(super) struct Names<'s> {
    pub(super) subworkflows: &'s [Subworkflow],
}

impl Names<'_> {
    fn subworkflow(&self, name: &str) -> Option<&Subworkflow> {
        self.subworkflows.iter().find(|own| own.name.value == name)
    }

    /// What a `call` names, and the arguments by name.
    pub(super) fn call(&self, step: &Step, call: &Call, faults: &mut Vec<Fault>) {
        let name = call.function.value.trim();
        if name.contains(HOLE) || name.contains("${") {
            return;
        }
        let given = match call.arguments.as_ref().map(|arguments| &arguments.kind) {
            None => Some(Vec::new()),
            Some(TermKind::Map(entries)) => Some(entries.iter().map(|(key, _)| key).collect()),
            Some(_) => None,
        };
        let (required, known) = if let Some(own) = self.subworkflow(name) {
            let required: Vec<&str> =
                own.params.iter().filter(|param| param.default.is_none()).map(|param| param.name.value.as_str()).collect();
            (required, Some(own.params.iter().map(|param| param.name.value.as_str()).collect()))
        } else if let Some(function) = function(name) {
            let required = function.params.iter().take(function.n_required).copied().collect();
            // The order of parameters is that of expressions; by name, some have others.
            let required = if function.is_complete { required } else { Vec::new() };
            (required, function.is_complete.then(|| function.params.to_vec()))
        } else {
            match connector(name) {
                Some(Ok(required)) => (required.to_vec(), None),
                Some(Err(methods)) => {
                    let methods = methods.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                    let help = format!("it has {methods}");
                    faults.push(unknown(name, call.function.span).help(help));
                    return;
                }
                None => {
                    faults.extend(self.unknown(name, call.function.span));
                    return;
                }
            }
        };
        let Some(given) = given else { return };
        for missing in required.iter().filter(|required| !given.iter().any(|key| key.value == **required)) {
            let message = format!("`{name}` in step `{}` is not given `{missing}`", step.name.value);
            faults.push(Fault::new(FaultKind::Arguments, call.function.span, message));
        }
        let Some(known) = known else { return };
        for key in given.iter().filter(|key| !known.contains(&key.value.as_str())) {
            let known = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let help = if known.is_empty() { "it takes none".to_owned() } else { format!("it takes {known}") };
            let message = format!("`{name}` takes no argument `{}`", key.value);
            faults.push(Fault::new(FaultKind::Arguments, key.span, message).help(help));
        }
    }

    /// A fault where a name is surely that of nothing.
    fn unknown(&self, name: &str, span: Span) -> Option<Fault> {
        let is_ours = match name.split_once('.') {
            None => true,
            Some((module, _)) => library::is_module(module),
        };
        let fault = is_ours.then(|| unknown(name, span))?;
        let own = self.subworkflows.iter().map(|own| own.name.value.as_str()).find(|own| own.eq_ignore_ascii_case(name));
        Some(match own.or_else(|| library::nearest(name)) {
            Some(near) => fault.help(format!("`{near}` may be meant")),
            None => fault.help("a step may call a subworkflow of this file, the standard library, or a connector"),
        })
    }

    /// What an expression calls, with its arguments in order.
    pub(super) fn expression(&self, file: FileId, expr: &Expr, faults: &mut Vec<Fault>) {
        let ExprKind::Call { function: name, function_range, arguments } = &expr.kind else { return };
        let span = Span::new(file, function_range.clone());
        let (least, most) = if let Some(own) = self.subworkflow(name) {
            (own.params.iter().filter(|param| param.default.is_none()).count(), own.params.len())
        } else if let Some(function) = function(name) {
            if function.is_blocking {
                let message = format!("`{name}` is called in an expression, and waits");
                let help = "call it in a step of its own, with `result`";
                faults.push(Fault::new(FaultKind::BlockingCall, span, message).help(help));
                return;
            }
            (function.n_required, function.params.len())
        } else if name.starts_with("googleapis.") {
            // Google's own sample of Secret Manager calls a connector in an expression.
            return;
        } else {
            faults.extend(self.unknown(name, span));
            return;
        };
        let given = arguments.len();
        if given < least || given > most {
            let wanted = if least == most { least.to_string() } else { format!("{least} to {most}") };
            let noun = if wanted == "1" { "argument" } else { "arguments" };
            let message = format!("`{name}` takes {wanted} {noun}, and is given {given}");
            faults.push(Fault::new(FaultKind::Arguments, span, message));
        }
    }
}

fn unknown(name: &str, span: Span) -> Fault {
    Fault::new(FaultKind::UnknownFunction, span, format!("there is no `{name}`"))
}
