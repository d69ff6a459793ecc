//! What a workflow's account has to be allowed, by what the steps of the workflow do.

use super::Workflow;
use super::calls::{QUERY_CALLS, calls_of};
use super::route::{Load, loads_of};
use super::value::Val;
use crate::model::{Model, TableId};
use crate::text::Spanned;
use std::sync::Arc;

/// Something that a step does and that not everybody may do.
#[derive(Debug, Clone)]
pub struct Need {
    pub kind: NeedKind,
    /// The first step that does it, at the place of its call.
    pub step: Spanned<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum NeedKind {
    /// A job of BigQuery is started, in this project where it is known.
    Job(Option<String>),
    /// Rows are written into a table.
    Write(TableId),
    /// Objects of a bucket are read.
    Read(Arc<str>),
    /// A line is written into the log.
    Log,
}

/// Writes rows without a job.
const INSERT_ALL: &str = "googleapis.bigquery.v2.tabledata.insertAll";

/// What a workflow needs, each need once. Of a load whose table or file is known only when it runs, nothing is said.
pub fn needs_of(model: &Model, workflow: &Workflow) -> Vec<Need> {
    let mut needs: Vec<Need> = Vec::new();
    let mut add = |kind: NeedKind, step: Spanned<String>| {
        if !needs.iter().any(|need| need.kind == kind) {
            needs.push(Need { kind, step });
        }
    };
    for effect in calls_of(workflow) {
        let function = &effect.call.function;
        let step = Spanned::new(effect.step.name.value.clone(), function.span);
        let name = function.value.trim();
        if QUERY_CALLS.iter().any(|(own, _)| *own == name) {
            add(NeedKind::Job(effect.arguments.at(&["projectId"]).and_then(Val::text).map(str::to_owned)), step);
        } else if name == INSERT_ALL {
            let part = |key| effect.arguments.at(&[key]).and_then(Val::text);
            if let Some((dataset, table)) = part("datasetId").zip(part("tableId")) {
                add(NeedKind::Write(TableId::new(part("projectId"), dataset, table)), step);
            }
        } else if name == "sys.log" {
            add(NeedKind::Log, step);
        }
    }
    let routed = model.routes.iter().filter(|route| route.workflow == workflow.id).flat_map(|route| route.loads.clone());
    for load in routed.chain(loads_of(workflow)) {
        let step = Spanned::new(load.step.value.clone(), load.span);
        if let Some(table) = load.table_id() {
            add(NeedKind::Write(table), step.clone());
        }
        for bucket in buckets_of(&load) {
            add(NeedKind::Read(bucket), step.clone());
        }
    }
    needs
}

fn buckets_of(load: &Load) -> impl Iterator<Item = Arc<str>> {
    let named = load.uris.iter().flatten().filter_map(|uri| Some(uri.strip_prefix("gs://")?.split_once('/')?.0));
    named.map(Arc::from)
}
