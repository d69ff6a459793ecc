//! Rules on workflows: what is wrong with one by itself, and with what it does to the files of feeds.

mod calls;
mod objects;
mod routes;

pub(super) use calls::{unknown_load_option, unknown_load_value, unusable_schema_update};
pub(super) use objects::{change_of_retained_object, self_starting_workflow};
pub(super) use routes::{
    autodetected_schema, contradicting_load_option, generation_in_load_uri, load_in_another_location, lossy_load, misrouted_feed,
    repeatable_load, unguarded_load, unrouted_feed,
};

use crate::model::facts::Item;
use crate::model::workflow::FaultKind;
use crate::rules::{Context, Sink};

pub(super) fn malformed_workflow(context: &Context<'_>, sink: &mut Sink<'_>) {
    report_each(context, sink, FaultKind::Shape);
}

pub(super) fn invalid_workflow_expression(context: &Context<'_>, sink: &mut Sink<'_>) {
    report_each(context, sink, FaultKind::Expression);
}

pub(super) fn wrongly_escaped_expression(context: &Context<'_>, sink: &mut Sink<'_>) {
    report_each(context, sink, FaultKind::Escaping);
}

pub(super) fn duplicate_step_name(context: &Context<'_>, sink: &mut Sink<'_>) {
    report_each(context, sink, FaultKind::DuplicateStep);
}

pub(super) fn unknown_step(context: &Context<'_>, sink: &mut Sink<'_>) {
    report_each(context, sink, FaultKind::UnknownStep);
}

pub(super) fn unreachable_step(context: &Context<'_>, sink: &mut Sink<'_>) {
    report_each(context, sink, FaultKind::UnreachableStep);
}

pub(super) fn unknown_workflow_function(context: &Context<'_>, sink: &mut Sink<'_>) {
    report_each(context, sink, FaultKind::UnknownFunction);
}

pub(super) fn wrong_call_arguments(context: &Context<'_>, sink: &mut Sink<'_>) {
    report_each(context, sink, FaultKind::Arguments);
}

pub(super) fn unassigned_variable(context: &Context<'_>, sink: &mut Sink<'_>) {
    report_each(context, sink, FaultKind::Unassigned);
}

pub(super) fn workflow_limit_exceeded(context: &Context<'_>, sink: &mut Sink<'_>) {
    report_each(context, sink, FaultKind::Limit);
}

pub(super) fn blocking_call_in_expression(context: &Context<'_>, sink: &mut Sink<'_>) {
    report_each(context, sink, FaultKind::BlockingCall);
}

pub(super) fn unset_environment_variable(context: &Context<'_>, sink: &mut Sink<'_>) {
    report_each(context, sink, FaultKind::UnsetVariable);
}

fn report_each(context: &Context<'_>, sink: &mut Sink<'_>, kind: FaultKind) {
    for workflow in context.head.workflows.values() {
        for fault in workflow.faults.iter().filter(|fault| fault.kind == kind) {
            let subject = Item::Workflow(workflow).subject();
            let diagnostic = sink.report(subject, fault.span, fault.message.clone());
            diagnostic.detail(fault.message.clone());
            diagnostic.explain(fault.help.as_ref(), fault.related.as_ref());
        }
    }
}
