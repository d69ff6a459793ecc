//! Rules on what the organisation's policy demands. Each is silent until `feedgate.yaml` says so.

use super::{Context, Sink};
use crate::config::Demand;
use crate::diagnostic::{Subject, SubjectKind};
use crate::model::allowance::Holder;
use crate::model::facts::Item;
use crate::model::governance::{LabelledKind, holds_billing_export};
use crate::model::table::TableKind;
use crate::model::workflow::{NeedKind, needs_of, query_jobs_of};
use crate::model::{Bucket, Known, Table, TableId};
use crate::text::Span;
use std::collections::BTreeSet;

/// What the bill is told apart by is on everything that costs.
pub(super) fn missing_label(context: &Context<'_>, sink: &mut Sink<'_>) {
    let wanted = &context.config.policy.labels;
    let Some(policy) = wanted.first().map(|first| first.span) else { return };
    let mut told: BTreeSet<(Span, String)> = BTreeSet::new();
    for one in &context.head.labelled {
        let kind = match one.kind {
            LabelledKind::Bucket => SubjectKind::Bucket,
            LabelledKind::Dataset => SubjectKind::Dataset,
            LabelledKind::Table => SubjectKind::Table,
        };
        let subject = Subject::new(kind, one.id.clone());
        let has = match &one.labels {
            Known::Unknown(why) => {
                sink.not_checked(&subject, why.text.to_string(), why.span);
                continue;
            }
            Known::Known(labels) => Some(&labels.value),
            Known::Absent => None,
        };
        let lacks = |label: &&String| has.is_none_or(|has| !has.contains(*label));
        let missing: Vec<String> =
            wanted.iter().map(|label| &label.value).filter(lacks).map(|label| format!("`{label}`")).collect();
        let span = one.labels.span().filter(|span| span.file == one.span.file).unwrap_or(one.span);
        if missing.is_empty() || !told.insert((span, missing.join(", "))) {
            continue;
        }
        let labels = if missing.len() == 1 { "label" } else { "labels" };
        let message = format!("{} `{}` has no {labels} {}", one.kind.name(), one.shown, missing.join(", "));
        sink.report(subject, span, message).related(policy, "the policy").detail(missing.join(", "));
    }
}

/// Rights on a bucket are given in one way.
pub(super) fn bucket_without_uniform_access(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(policy) = context.config.policy.demands.get(&Demand::UniformAccess) else { return };
    for_each_bucket(context, |bucket| match &bucket.uniform_access {
        Known::Known(uniform) if uniform.value => {}
        Known::Unknown(why) => sink.not_checked(&Item::Bucket(bucket).subject(), why.text.to_string(), why.span),
        access => {
            let span = access.span().unwrap_or(bucket.span);
            let message = format!("objects of bucket `{}` may have rights of their own", bucket.shown());
            sink.report(Item::Bucket(bucket).subject(), span, message).related(*policy, "the policy");
        }
    });
}

/// Nobody can open a bucket to everybody.
pub(super) fn bucket_without_public_access_prevention(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(policy) = context.config.policy.demands.get(&Demand::PublicAccessPrevention) else { return };
    for_each_bucket(context, |bucket| match &bucket.public_access_prevention {
        Known::Known(prevention) if prevention.value.eq_ignore_ascii_case("enforced") => {}
        Known::Unknown(why) => sink.not_checked(&Item::Bucket(bucket).subject(), why.text.to_string(), why.span),
        prevention => {
            let span = prevention.span().unwrap_or(bucket.span);
            let message = format!("nothing keeps bucket `{}` from being opened to everybody", bucket.shown());
            sink.report(Item::Bucket(bucket).subject(), span, message).related(*policy, "the policy");
        }
    });
}

/// Each block once, however many buckets it makes.
fn for_each_bucket(context: &Context<'_>, each: impl FnMut(&Bucket)) {
    let mut told: BTreeSet<Span> = BTreeSet::new();
    context.head.buckets.values().filter(|bucket| told.insert(bucket.span)).for_each(each);
}

/// The bill can be looked into.
pub(super) fn missing_billing_export(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(policy) = context.config.policy.demands.get(&Demand::BillingExport) else { return };
    if !holds_billing_export(context.head) {
        sink.report(of_config(context, *policy), *policy, "nothing here holds or reads the export of the bill");
    }
}

/// What queries may read in a day is limited.
pub(super) fn missing_query_quota(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(policy) = context.config.policy.demands.get(&Demand::QueryQuota) else { return };
    let of_project = context.head.allowances.iter().any(|quota| quota.holder == Holder::Project);
    if of_project || context.head.has_reservations {
        return;
    }
    match context.head.hidden_quota {
        Some(span) => {
            sink.not_checked(&of_config(context, *policy), "which quota another resource sets is not known", Some(span))
        }
        None => {
            sink.report(of_config(context, *policy), *policy, "no quota limits what the queries of a project may read in a day");
        }
    }
}

fn of_config(context: &Context<'_>, span: Span) -> Subject {
    Subject::new(SubjectKind::File, context.files.get(span.file).path.as_str())
}

/// A query that a workflow runs says what it may cost.
pub(super) fn uncapped_query_job(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(policy) = context.config.policy.demands.get(&Demand::BytesBilledCap) else { return };
    let mut told: BTreeSet<Span> = BTreeSet::new();
    for workflow in context.head.workflows.values() {
        for job in query_jobs_of(workflow).into_iter().filter(|job| !job.is_capped && told.insert(job.span)) {
            let message = format!("step `{}` runs a query without `maximumBytesBilled`", job.step.value);
            let found = sink.report(Item::Workflow(workflow).subject(), job.span, message);
            found.related(*policy, "the policy").detail(job.step.value.clone());
        }
    }
}

/// What is deployed serves a feed.
pub(super) fn resource_without_feed(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(policy) = context.config.policy.demands.get(&Demand::FeedsOnly).copied() else { return };
    let model = context.head;
    // Where no feed is, nothing could serve one.
    if model.feeds.is_empty() {
        return;
    }
    let mut served: BTreeSet<Span> = BTreeSet::new();
    let mut alone: Vec<(Span, Subject, String)> = Vec::new();
    let mut take = |span: Span, subject: Subject, serves: bool, what: String| match serves {
        true => {
            served.insert(span);
        }
        false => alone.push((span, subject, what)),
    };
    for bucket in model.buckets.values().filter(|bucket| !bucket.is_of_state()) {
        let what = format!("bucket `{}`", bucket.shown());
        take(bucket.span, Item::Bucket(bucket).subject(), !bucket.feeds.is_empty(), what);
    }
    for trigger in model.triggers.values() {
        let what = format!("trigger `{}`", trigger.address);
        take(trigger.span, Item::Trigger(trigger).subject(), !trigger.feeds.is_empty(), what);
    }
    for workflow in model.workflows.values().filter(|workflow| workflow.service.is_some()) {
        let what = format!("workflow `{}`", workflow.address);
        take(workflow.span, Item::Workflow(workflow).subject(), !workflow.feeds.is_empty(), what);
    }
    let written = written_by_workflows(context);
    for table in model.tables.values().filter(|table| table.kind == TableKind::Table && table.address.is_some()) {
        let Some(span) = table.span() else { continue };
        take(span, Item::Table(table).subject(), serves(table, &written, context), format!("table `{}`", table.id));
    }
    let mut told: BTreeSet<Span> = BTreeSet::new();
    for (span, subject, what) in alone.into_iter().filter(|(span, ..)| !served.contains(span)) {
        if told.insert(span) {
            sink.report(subject, span, format!("{what} serves no feed")).related(policy, "the policy");
        }
    }
}

fn written_by_workflows(context: &Context<'_>) -> BTreeSet<TableId> {
    let needs = context.head.workflows.values().flat_map(|workflow| needs_of(context.head, workflow));
    let tables = needs.filter_map(|need| if let NeedKind::Write(table) = need.kind { Some(table) } else { None });
    tables.map(|id| context.head.table_called(&id).map_or(id, |table| table.id.clone())).collect()
}

/// Whether a feed fills a table, or something here writes or reads it.
fn serves(table: &Table, written: &BTreeSet<TableId>, context: &Context<'_>) -> bool {
    let name = table.id.to_string();
    let mut scans = context.head.queries.values().flat_map(|query| &query.resolution.scans);
    !table.feeds.is_empty() || written.contains(&table.id) || scans.any(|scan| scan.table == name)
}
