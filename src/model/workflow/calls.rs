//! The calls that stand in a workflow, whichever way leads to them, with what of their arguments is written out.

use super::evaluate::Scope;
use super::run::Effect;
use super::value::Val;
use super::{Action, Step, Workflow};
use crate::model::TableId;
use crate::text::{Span, Spanned};
use std::collections::BTreeMap;

/// Calls of BigQuery that run a query, and where their arguments hold its configuration.
pub const QUERY_CALLS: [(&str, &[&str]); 2] = [
    ("googleapis.bigquery.v2.jobs.query", &["body"]),
    ("googleapis.bigquery.v2.jobs.insert", &["body", "configuration", "query"]),
];

/// A job that runs a query.
#[derive(Debug, Clone)]
pub struct QueryJob {
    pub step: Spanned<String>,
    /// The call.
    pub span: Span,
    /// The text of the query, or what computes it.
    pub text: Span,
    /// The table that takes the result, where one is named and known.
    pub destination: Option<TableId>,
    /// Whether `maximumBytesBilled` is given.
    pub is_capped: bool,
}

/// All calls, in the order of the text.
pub(super) fn calls_of(workflow: &Workflow) -> Vec<Effect<'_>> {
    let mut found = Vec::new();
    workflow.subworkflows.iter().for_each(|own| collect(&own.steps, false, workflow, &mut found));
    found
}

fn collect<'w>(steps: &'w [Step], is_tried: bool, workflow: &'w Workflow, found: &mut Vec<Effect<'w>>) {
    for step in steps {
        match &step.action {
            Action::Call(call) => {
                let scope = Scope { variables: &BTreeMap::new(), environment: &workflow.environment };
                let arguments = call.arguments.as_ref().map_or(Val::Unknown, |term| scope.term(term));
                found.push(Effect { step, call, arguments, is_tried });
            }
            Action::Try(tried) => {
                collect(&tried.steps, true, workflow, found);
                let except = tried.except.as_ref().map(|except| except.steps.as_slice());
                collect(except.unwrap_or_default(), is_tried, workflow, found);
            }
            _ => step.blocks().into_iter().for_each(|block| collect(block, is_tried, workflow, found)),
        }
    }
}

/// The jobs of a workflow that run queries.
pub fn query_jobs_of(workflow: &Workflow) -> Vec<QueryJob> {
    calls_of(workflow).iter().filter_map(QueryJob::of).collect()
}

impl QueryJob {
    fn of(effect: &Effect<'_>) -> Option<QueryJob> {
        let name = effect.call.function.value.trim();
        let (_, keys) = QUERY_CALLS.iter().find(|(own, _)| *own == name)?;
        let below = |key| keys.iter().copied().chain([key]).collect::<Vec<&str>>();
        let written = effect.call.arguments.as_ref()?;
        let configuration = effect.arguments.at(keys)?;
        let part = |key| configuration.at(&["destinationTable", key]).and_then(Val::text);
        Some(QueryJob {
            step: effect.step.name.clone(),
            span: effect.call.function.span,
            text: written.get(&below("query"))?.span,
            destination: destination(part("projectId"), part("datasetId"), part("tableId")),
            is_capped: written.get(&below("maximumBytesBilled")).is_some(),
        })
    }
}

fn destination(project: Option<&str>, dataset: Option<&str>, name: Option<&str>) -> Option<TableId> {
    Some(TableId::new(project, dataset?, name?))
}
