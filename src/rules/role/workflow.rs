//! Rules on the account of a workflow: whether its steps may do what they do. The care is that of the rules on triggers.

use super::shown;
use crate::model::facts::Item;
use crate::model::role::{Held, Principal};
use crate::model::workflow::{Need, NeedKind, Service, needs_of};
use crate::model::{BucketId, Known, Model, TableId, Workflow};
use crate::rules::{Context, Sink};
use crate::text::Span;
use std::collections::BTreeSet;

/// The roles that do, the least of them first.
const RUNS_JOBS: [&str; 4] =
    ["roles/bigquery.jobUser", "roles/bigquery.user", "roles/bigquery.studioUser", "roles/bigquery.admin"];
const WRITES: [&str; 3] = ["roles/bigquery.dataEditor", "roles/bigquery.dataOwner", "roles/bigquery.admin"];
const READS: [&str; 8] = [
    "roles/storage.objectViewer",
    "roles/storage.objectUser",
    "roles/storage.objectAdmin",
    "roles/storage.admin",
    "roles/storage.legacyObjectReader",
    "roles/storage.legacyObjectOwner",
    "roles/dataflow.worker",
    "roles/dataproc.worker",
];
const LOGS: [&str; 5] =
    ["roles/logging.logWriter", "roles/logging.admin", "roles/dataflow.worker", "roles/dataproc.worker", "roles/composer.worker"];

/// The account of a workflow may run its jobs, read its files, and write its tables.
pub(in crate::rules) fn missing_workflow_role(context: &Context<'_>, sink: &mut Sink<'_>) {
    let is_asked = |need: &Need| need.kind != NeedKind::Log;
    for_each_missing(context, sink, is_asked, |workflow, need, name, role| {
        let what = match &need.kind {
            NeedKind::Job(_) | NeedKind::Log => String::new(),
            NeedKind::Write(table) => format!(" for `{table}`"),
            NeedKind::Read(bucket) => format!(" for bucket `{bucket}`"),
        };
        format!("workflow `{}` runs as `{name}`, which nothing grants `{role}`{what}", workflow.address)
    });
}

/// The account of a workflow that logs may write into the log.
pub(in crate::rules) fn missing_log_role(context: &Context<'_>, sink: &mut Sink<'_>) {
    let is_asked = |need: &Need| need.kind == NeedKind::Log;
    for_each_missing(context, sink, is_asked, |workflow, _, name, role| {
        format!("workflow `{}` logs as `{name}`, which nothing grants `{role}`", workflow.address)
    });
}

fn for_each_missing(
    context: &Context<'_>,
    sink: &mut Sink<'_>,
    is_asked: impl Fn(&Need) -> bool,
    message: impl Fn(&Workflow, &Need, &str, &str) -> String,
) {
    let mut told: BTreeSet<(Span, String)> = BTreeSet::new();
    for workflow in context.head.workflows.values() {
        let Some(service) = &workflow.service else { continue };
        let account = context.head.roles.principal(&service.service_account, "", &service.root);
        if account == Principal::Unknown {
            continue;
        }
        let span = service.service_account.span().unwrap_or(workflow.span);
        for need in needs_of(context.head, workflow).into_iter().filter(&is_asked) {
            let roles = roles(&need.kind);
            let role = roles.first().expect("each need has a role");
            match held(context.head, service, &account, &need.kind, roles) {
                Held::Yes => {}
                Held::Unclear => {
                    let why = format!("the roles of its account are not all granted here, and `{role}` may be elsewhere");
                    sink.not_checked(&Item::Workflow(workflow).subject(), why, Some(need.step.span));
                }
                Held::No => {
                    let message = message(workflow, &need, shown(&account), role);
                    if told.insert((span, message.clone())) {
                        let finding = sink.report(Item::Workflow(workflow).subject(), span, message.clone());
                        finding
                            .detail(message)
                            .help(format!("grant `{role}` to `{}` where its other roles are granted", shown(&account)));
                        finding.related(need.step.span, format!("step `{}` needs it", need.step.value));
                    }
                }
            }
        }
    }
}

fn roles(need: &NeedKind) -> &'static [&'static str] {
    match need {
        NeedKind::Job(_) => &RUNS_JOBS,
        NeedKind::Write(_) => &WRITES,
        NeedKind::Read(_) => &READS,
        NeedKind::Log => &LOGS,
    }
}

/// Whether somebody holds one of the roles. What lies in other hands than the workflow may be granted there.
fn held(model: &Model, service: &Service, account: &Principal, need: &NeedKind, roles: &[&str]) -> Held {
    let is_here = match need {
        NeedKind::Job(project) => is_own(project.as_deref(), service),
        NeedKind::Write(TableId::Named { dataset, .. }) => {
            model.datasets.values().any(|own| own.name == *dataset && own.root() == &*service.root)
        }
        NeedKind::Write(TableId::Address(_)) => false,
        NeedKind::Read(name) => {
            let bucket = model.buckets.get(&BucketId::Named(name.clone()));
            bucket.is_some_and(|bucket| bucket.root() == &*service.root)
        }
        NeedKind::Log => true,
    };
    let anybody = [Principal::Named("allUsers".into()), Principal::Named("allAuthenticatedUsers".into())];
    let is_open = anybody.iter().any(|anybody| model.roles.holds(anybody, roles, &service.root, false) == Held::Yes);
    match is_open {
        true => Held::Yes,
        false => model.roles.holds(account, roles, &service.root, is_here && model.roles.manages(account, &service.root)),
    }
}

/// Whether a project is the one of the workflow, as far as names tell it.
fn is_own(project: Option<&str>, service: &Service) -> bool {
    project.is_none_or(|project| service.project.value().is_some_and(|own| own == project))
}

/// A workflow says in whose name its calls are made.
pub(in crate::rules) fn workflow_as_default_account(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut told: BTreeSet<Span> = BTreeSet::new();
    for workflow in context.head.workflows.values() {
        let Some(Service { service_account: Known::Absent, has_service_account: false, .. }) = &workflow.service else {
            continue;
        };
        if told.insert(workflow.span) {
            let message = format!("workflow `{}` does not say in whose name it runs", workflow.address);
            sink.report(Item::Workflow(workflow).subject(), workflow.span, message);
        }
    }
}
