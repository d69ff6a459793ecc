//! Rules on environments: what is loaded for all of them at once, and what is shared and names one.

use super::retention::in_words;
use crate::config::Concern;
use crate::diagnostic::{Subject, SubjectKind};
use crate::model::environment::{Drift, Sided, Value, named_in};
use crate::rules::{Context, Sink};
use crate::text::{SourceFile, Span};
use std::collections::BTreeMap;

/// Terraform loads every `*.auto.tfvars` of a folder, whichever environment its name says.
pub(super) fn environments_loaded_together(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut by_folder: BTreeMap<&str, Vec<(Span, &SourceFile, &str)>> = BTreeMap::new();
    for (id, file) in context.files.of(context.side) {
        let name = file.path.name();
        let is_loaded = name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json");
        if let Some(environment) = named_in(name).filter(|_| is_loaded) {
            by_folder.entry(file.path.folder()).or_default().push((Span::start_of(id), file, environment));
        }
    }
    for mut loaded in by_folder.into_values() {
        // In the order in which Terraform loads them.
        loaded.sort_by(|a, b| a.1.path.name().cmp(b.1.path.name()));
        let Some((last, others)) = loaded.split_last() else { continue };
        for (span, file, _) in others.iter().filter(|(_, _, environment)| *environment != last.2) {
            let (own, over) = (file.path.name(), last.1.path.name());
            let message = format!("`{own}` is loaded together with `{over}`, which stands over it");
            let subject = Subject::new(SubjectKind::File, file.path.as_str());
            sink.report(subject, *span, message).related(last.0, "loaded last");
        }
    }
}

/// A name that holds `dev` is wrong wherever the same block is deployed for another environment.
pub(super) fn hard_coded_environment(context: &Context<'_>, sink: &mut Sink<'_>) {
    for found in &context.head.hard_coded {
        let others = found.others.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
        let message = format!(
            "`{}` of `{}` says `{}`, and the block is deployed for {others} too",
            found.attribute, found.address, found.value
        );
        let path = context.files.get(found.span.file).path.as_str();
        sink.report(Subject::new(SubjectKind::File, path), found.span, message)
            .detail(format!("{} {}", found.address, found.attribute));
    }
}

/// What no two environments should have otherwise, and what production should not have less of.
pub(super) fn drifted_environment(context: &Context<'_>, sink: &mut Sink<'_>) {
    let policy = &context.config.policy.environments;
    let is_meant = |drift: &&Drift| {
        let is_wrong = match drift.concern {
            Concern::Location => true,
            Concern::Retention | Concern::Expiration | Concern::Protection => drift.is_weaker,
            Concern::Presence => false,
        };
        !policy.may_differ.contains(&drift.concern) && (is_wrong || policy.must_agree.contains(&drift.concern))
    };
    for drift in context.head.drifts.iter().filter(is_meant) {
        let is_lesser = match drift.concern {
            Concern::Presence => drift.greater.thing.is_none(),
            _ => !drift.is_weaker,
        };
        let (own, other) = if is_lesser { (&drift.lesser, &drift.greater) } else { (&drift.greater, &drift.lesser) };
        report(context, sink, drift, (own, other));
    }
}

fn report(context: &Context<'_>, sink: &mut Sink<'_>, drift: &Drift, (own, other): (&Sided, &Sided)) {
    let place = |sided: &Sided| sided.span.or(sided.thing);
    let Some(span) = place(own) else { return };
    let more = match drift.n_more {
        0 => String::new(),
        n => format!(", as {n} more"),
    };
    let (address, attribute) = (&drift.address, drift.attribute);
    let message = match (shown(own), shown(other)) {
        (Some(value), Some(others)) => format!(
            "`{attribute}` of `{address}`{more} is {value} in `{}`, and {others} in `{}`",
            own.environment, other.environment
        ),
        _ => format!("`{address}`{more} is in `{}`, and not in `{}`", own.environment, other.environment),
    };
    let path = context.files.get(span.file).path.as_str();
    let found = sink.report(Subject::new(SubjectKind::File, path), span, message);
    found.detail = format!("{address} {attribute} {}", other.environment);
    if let Some(other_place) = place(other).filter(|place| *place != span) {
        found.related(other_place, format!("in `{}`", other.environment));
    }
}

/// A value for people; that which holds without a word is told from one that is said.
fn shown(sided: &Sided) -> Option<String> {
    let text = match sided.value.as_ref()? {
        Value::Text(text) => format!("`{text}`"),
        Value::Bool(value) => value.to_string(),
        Value::Forever => return Some("without an end".to_owned()),
        Value::Seconds(0) => return Some("nothing".to_owned()),
        Value::Seconds(seconds) => in_words(*seconds),
    };
    Some(if sided.span.is_none() { format!("{text} by default") } else { text })
}
