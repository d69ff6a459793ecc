//! Rules on the account of a workflow: whether its steps may do what they do. The care is that of the rules on triggers.

use super::{Missing, shown};
use crate::model::facts::Item;
use crate::model::role::{Held, Place, Principal, ThingKind};
use crate::model::trigger::Reference;
use crate::model::workflow::{Need, NeedKind, Service, needs_of};
use crate::model::{BucketId, Known, Model, TableId, Workflow};
use crate::rules::{Context, Sink};
use crate::text::{Span, Spanned};
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
    for_each_missing(context, sink, is_asked, |workflow, need, name, missing| {
        let only = if missing.elsewhere.is_some() { ", and not" } else { "" };
        let what = match &need.kind {
            NeedKind::Job(_) | NeedKind::Log => String::new(),
            NeedKind::Write(table) => format!("{only} for `{table}`"),
            NeedKind::Read(bucket) => format!("{only} for bucket `{bucket}`"),
        };
        format!("workflow `{}` runs as `{name}`, {}{what}", workflow.address, missing.said())
    });
}

/// The account of a workflow that logs may write into the log.
pub(in crate::rules) fn missing_log_role(context: &Context<'_>, sink: &mut Sink<'_>) {
    let is_asked = |need: &Need| need.kind == NeedKind::Log;
    for_each_missing(context, sink, is_asked, |workflow, _, name, missing| {
        format!("workflow `{}` logs as `{name}`, {}", workflow.address, missing.said())
    });
}

fn for_each_missing(
    context: &Context<'_>,
    sink: &mut Sink<'_>,
    is_asked: impl Fn(&Need) -> bool,
    message: impl Fn(&Workflow, &Need, &str, &Missing<'_>) -> String,
) {
    let mut told: BTreeSet<(Span, &str, NeedKind)> = BTreeSet::new();
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
            let place = place(context.head, service, &need);
            match held(context.head, service, &account, &need.kind, (roles, &place)) {
                Held::Yes => {}
                Held::Unclear => {
                    let why = format!("the roles of its account are not all granted here, and `{role}` may be elsewhere");
                    sink.not_checked(&Item::Workflow(workflow).subject(), why, Some(need.step.span));
                }
                Held::No => {
                    let elsewhere = context.head.roles.elsewhere(&account, roles, &place);
                    let missing = Missing { role, elsewhere, span };
                    let message = message(workflow, &need, shown(&account), &missing);
                    if told.insert((span, &workflow.address, granted_on(&need.kind))) {
                        let finding = sink.report(Item::Workflow(workflow).subject(), span, message.clone());
                        finding
                            .detail(message)
                            .help(format!("grant `{role}` to `{}` where its other roles are granted", shown(&account)));
                        finding.related(need.step.span, format!("step `{}` needs it", need.step.value));
                        if let Some(grant) = elsewhere {
                            finding.related(grant.span, format!("granted on {}", grant.on));
                        }
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

/// What a role is granted on: one grant serves all tables of a dataset.
fn granted_on(need: &NeedKind) -> NeedKind {
    match need {
        NeedKind::Write(TableId::Named { project, dataset, .. }) => {
            NeedKind::Write(TableId::Named { project: project.clone(), dataset: dataset.clone(), name: "".into() })
        }
        NeedKind::Write(TableId::Address(_)) | NeedKind::Job(_) | NeedKind::Read(_) | NeedKind::Log => need.clone(),
    }
}

/// Where a role counts for what a step does.
fn place(model: &Model, service: &Service, need: &Need) -> Place {
    let known = |name: &str| Known::Known(Spanned::new(name.to_owned(), need.step.span));
    let named = |name: &str, address| Reference { name: known(name), address };
    match &need.kind {
        NeedKind::Log => Place::project(&service.project),
        NeedKind::Job(project) => Place::project(&project.as_deref().map_or(Known::Absent, known)),
        NeedKind::Write(TableId::Address(_)) => Place::default(),
        NeedKind::Write(TableId::Named { project, dataset, name }) => {
            let own = model.dataset_in(&service.root, dataset);
            Place::project(&project.as_deref().map_or(Known::Absent, known))
                .with(ThingKind::Dataset, named(dataset, own.map(|own| own.address.clone())))
                .with(ThingKind::Table, named(name, None))
        }
        NeedKind::Read(name) => {
            let own = model.buckets.get(&BucketId::Named(name.clone()));
            Place::default().with(ThingKind::Bucket, named(name, own.map(|own| own.unique_address.clone())))
        }
    }
}

/// Whether somebody holds one of the roles there. What lies in other hands than the workflow may be granted there.
fn held(model: &Model, service: &Service, account: &Principal, need: &NeedKind, (roles, place): (&[&str], &Place)) -> Held {
    let is_here = match need {
        NeedKind::Job(project) => is_own(project.as_deref(), service),
        NeedKind::Write(TableId::Named { dataset, .. }) => model.dataset_in(&service.root, dataset).is_some(),
        NeedKind::Write(TableId::Address(_)) => false,
        NeedKind::Read(name) => {
            let bucket = model.buckets.get(&BucketId::Named(name.clone()));
            bucket.is_some_and(|bucket| bucket.root() == &*service.root)
        }
        NeedKind::Log => true,
    };
    let anybody = [Principal::Named("allUsers".into()), Principal::Named("allAuthenticatedUsers".into())];
    let is_open = anybody.iter().any(|anybody| model.roles.holds(anybody, roles, place, &service.root, false) == Held::Yes);
    let is_managed = is_here && model.roles.manages(account, place, &service.root);
    match is_open {
        true => Held::Yes,
        false => model.roles.holds(account, roles, place, &service.root, is_managed),
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
