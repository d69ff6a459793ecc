//! Rules on roles: whether an event may be sent, received, and start anything. They speak where the repository manifestly
//! grants the roles of an account itself; where others may do so, nothing can be said.

mod workflow;

pub(super) use workflow::{missing_log_role, missing_workflow_role, workflow_as_default_account};

use crate::diagnostic::{Subject, SubjectKind};
use crate::model::Trigger;
use crate::model::facts::Item;
use crate::model::role::{Grant, Held, Place, Principal, ThingKind};
use crate::model::trigger::{Hears, RunnerKind};
use crate::rules::{Context, Sink};
use crate::text::Span;
use std::collections::BTreeSet;

const PUBLISHER: [&str; 3] = ["roles/pubsub.publisher", "roles/pubsub.editor", "roles/pubsub.admin"];
const RECEIVER: [&str; 3] = ["roles/eventarc.eventReceiver", "roles/eventarc.admin", "roles/eventarc.serviceAgent"];
const STARTS_WORKFLOWS: [&str; 3] = ["roles/workflows.invoker", "roles/workflows.editor", "roles/workflows.admin"];
const CALLS_SERVICES: [&str; 6] = [
    "roles/run.invoker",
    "roles/run.servicesInvoker",
    "roles/run.developer",
    "roles/run.admin",
    "roles/cloudfunctions.invoker",
    "roles/cloudfunctions.admin",
];

const AUDIT_LOG: &str = "google.cloud.audit.log.v1.written";

/// The account of a trigger may receive its events and start its destination.
pub(super) fn missing_trigger_role(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut told: BTreeSet<(Span, &str)> = BTreeSet::new();
    for trigger in context.head.triggers.values() {
        let account = principal(context, trigger);
        if account == Principal::Unknown {
            continue;
        }
        for (roles, place) in needed(trigger) {
            let Some(role) = roles.first() else { continue };
            match held(context, trigger, &account, roles, &place) {
                Held::Yes => {}
                Held::Unclear => {
                    let why = format!("the roles of its service account are not all granted here, and `{role}` may be elsewhere");
                    sink.not_checked(&Item::Trigger(trigger).subject(), why, trigger.service_account.span());
                }
                Held::No => {
                    let span = trigger.service_account.span().unwrap_or(trigger.span);
                    if told.insert((span, role)) {
                        let elsewhere = context.head.roles.elsewhere(&account, roles, &place);
                        report_missing(context, trigger, &account, Missing { role, elsewhere, span }, sink);
                    }
                }
            }
        }
    }
}

/// What the account of a trigger needs, each as the roles that do, and where.
fn needed(trigger: &Trigger) -> Vec<(&'static [&'static str], Place)> {
    let mut needed: Vec<(&[&str], Place)> = Vec::new();
    let project = || Place::project(&trigger.project);
    let is_of_audit_log = trigger.event_type().value().is_some_and(|event| event == AUDIT_LOG);
    if trigger.is_of_storage() || is_of_audit_log {
        needed.push((&RECEIVER, project()));
    }
    if let Some(destination) = &trigger.destination {
        match destination.kind {
            RunnerKind::Workflow => needed.push((&STARTS_WORKFLOWS, project())),
            RunnerKind::Service | RunnerKind::Function => {
                needed.push((&CALLS_SERVICES, project().with(ThingKind::Service, destination.runner.clone())));
            }
            RunnerKind::Elsewhere => {}
        }
    }
    needed
}

fn held(context: &Context<'_>, trigger: &Trigger, account: &Principal, roles: &[&str], place: &Place) -> Held {
    let granted = &context.head.roles;
    let anybody = Principal::Named("allUsers".into());
    if granted.holds(&anybody, roles, place, &trigger.root, false) == Held::Yes {
        return Held::Yes;
    }
    granted.holds(account, roles, place, &trigger.root, granted.manages(account, place, &trigger.root))
}

/// A role that somebody lacks.
struct Missing<'a> {
    role: &'a str,
    /// Where it is granted, and does not count.
    elsewhere: Option<&'a Grant>,
    span: Span,
}

impl Missing<'_> {
    /// Goes on from the name of who lacks it.
    fn said(&self) -> String {
        match self.elsewhere {
            Some(grant) => format!("which is granted `{}` on {} only", self.role, grant.on),
            None => format!("which nothing grants `{}`", self.role),
        }
    }
}

fn report_missing(context: &Context<'_>, trigger: &Trigger, account: &Principal, missing: Missing<'_>, sink: &mut Sink<'_>) {
    let (name, role) = (shown(account), missing.role);
    let message = format!("trigger `{}` runs as `{name}`, {}", trigger.address, missing.said());
    let finding = sink.report(Item::Trigger(trigger).subject(), missing.span, message);
    finding.detail(role).help(format!("grant `{role}` to `{name}` where its other roles are granted"));
    if let Some(grant) = missing.elsewhere {
        finding.related(grant.span, format!("granted on {}", grant.on));
        return;
    }
    let others = context.head.roles.grants.iter();
    if let Some(other) =
        others.filter(|grant| grant.principal == *account && grant.root == trigger.root).min_by_key(|one| one.span)
    {
        finding.related(other.span, "another of its roles");
    }
}

/// Cloud Storage sends its events through Pub/Sub, for which its service agent needs a role that no project has by itself.
pub(super) fn missing_publisher_role(context: &Context<'_>, sink: &mut Sink<'_>) {
    let roles = &context.head.roles;
    let mut told: BTreeSet<(&str, Span)> = BTreeSet::new();
    for trigger in context.head.triggers.values().filter(|trigger| trigger.is_of_storage()) {
        let account = principal(context, trigger);
        let place = Place::project(&trigger.project);
        let receiver = roles.grant(&account, &RECEIVER, &place, &trigger.root).filter(|_| account != Principal::Unknown);
        if roles.holds(&Principal::StorageAgent, &PUBLISHER, &place, &trigger.root, receiver.is_some()) == Held::No
            && told.insert((&trigger.root, trigger.span))
        {
            let message = format!("events of trigger `{}` cannot be sent: Cloud Storage may not publish", trigger.address);
            let finding = sink.report(Item::Trigger(trigger).subject(), trigger.span, message);
            if let Some(receiver) = receiver {
                finding.related(receiver.span, "who receives them is granted here");
            }
        }
    }
    for listener in &context.head.listeners {
        let Hears::Topic(told_topic) = &listener.hears else { continue };
        let is_of_pubsub = |role: &String| role.starts_with("roles/pubsub.");
        let is_managed =
            roles.grants.iter().any(|grant| grant.root == listener.root && grant.role.value().is_some_and(is_of_pubsub));
        let is_here = told_topic.topic.address.as_ref().is_some_and(|topic| context.head.topics.contains_key(topic));
        let place = Place::default().with(ThingKind::Topic, told_topic.topic.clone());
        if roles.holds(&Principal::StorageAgent, &PUBLISHER, &place, &listener.root, is_managed && is_here) == Held::No
            && told.insert((&listener.root, listener.span))
        {
            let message =
                format!("notification `{}` cannot be made: Cloud Storage may not publish to its topic", listener.address);
            let subject = Subject::new(
                SubjectKind::Bucket,
                listener.bucket.as_ref().map_or_else(|| listener.address.clone(), ToString::to_string),
            );
            sink.report(subject, listener.span, message);
        }
    }
}

/// The files of a feed are not for everybody.
pub(super) fn public_feed_bucket(context: &Context<'_>, sink: &mut Sink<'_>) {
    for grant in &context.head.public_grants {
        let Some(bucket) = context.head.buckets.get(&grant.bucket).filter(|bucket| !bucket.feeds.is_empty()) else { continue };
        // Cloud Storage refuses what it is told to prevent.
        if bucket.public_access_prevention.value().is_some_and(|prevention| prevention.eq_ignore_ascii_case("enforced")) {
            continue;
        }
        let role = grant.role.as_ref().map_or_else(String::new, |role| format!(" `{role}`"));
        let message =
            format!("`{}` gives `{}`{role} on bucket `{}`, which takes feeds", grant.address, grant.who, bucket.shown());
        let found = sink.report(Item::Bucket(bucket).subject(), grant.span, message);
        found.related(bucket.span, "the bucket").detail(grant.address.clone());
    }
}

/// A trigger says in whose name it acts.
pub(super) fn missing_service_account(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut told: BTreeSet<Span> = BTreeSet::new();
    for trigger in context.head.triggers.values().filter(|trigger| !trigger.has_service_account) {
        if told.insert(trigger.span) {
            let message = format!("trigger `{}` does not say in whose name it starts anything", trigger.address);
            sink.report(Item::Trigger(trigger).subject(), trigger.span, message);
        }
    }
}

/// A trigger that is made before Cloud Storage may publish is refused.
pub(super) fn role_granted_after_trigger(context: &Context<'_>, sink: &mut Sink<'_>) {
    let roles = &context.head.roles;
    let mut told: BTreeSet<Span> = BTreeSet::new();
    for trigger in context.head.triggers.values().filter(|trigger| trigger.is_of_storage()) {
        let place = Place::project(&trigger.project);
        let granted = roles.grant(&Principal::StorageAgent, &PUBLISHER, &place, &trigger.root);
        let Some(grant) = granted.filter(|grant| module_of(&grant.id) == module_of(&trigger.id.0)) else { continue };
        if trigger.after.holds(&grant.address) != Some(false) || !told.insert(trigger.span) {
            continue;
        }
        let role = grant.role.value().map_or("", String::as_str);
        let message = format!("trigger `{}` may be made before `{role}` is granted", trigger.address);
        let block = grant.address.split('[').next().unwrap_or(&grant.address);
        let finding = sink.report(Item::Trigger(trigger).subject(), trigger.span, message);
        finding.help(format!("add `depends_on = [{block}]` to the trigger")).related(grant.span, "the role");
    }
}

/// The part of a unique address before type and name: root module and calls.
fn module_of(id: &str) -> &str {
    let address = id.split('[').next().unwrap_or(id);
    address.rfind("google_").map_or("", |at| id.get(..at).unwrap_or_default())
}

fn principal(context: &Context<'_>, trigger: &Trigger) -> Principal {
    context.head.roles.principal(&trigger.service_account, "", &trigger.root)
}

/// `google_service_account.trigger`, or the address of a service account.
fn shown(principal: &Principal) -> &str {
    match principal {
        Principal::Account(address) | Principal::Named(address) => address.rsplit_once(':').map_or(address, |(_, name)| name),
        Principal::StorageAgent | Principal::Unknown => "the service agent of Cloud Storage",
    }
}
