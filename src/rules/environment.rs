//! Rules on environments: what is loaded for all of them at once, and what is shared and names one.

use super::retention::in_words;
use crate::config::Concern;
use crate::diagnostic::{Subject, SubjectKind};
use crate::model::Why;
use crate::model::environment::{Drift, Sided, Value, named_in};
use crate::model::facts::items;
use crate::rules::{Context, Sink};
use crate::text::{SourceFile, Span};
use std::collections::{BTreeMap, BTreeSet};

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
    let things = Things::new(context);
    let mut found: BTreeMap<(Span, &str), Drifted<'_>> = BTreeMap::new();
    for drift in context.head.drifts.iter().filter(is_meant) {
        if let Some(why) = &drift.hidden {
            not_compared(&things, sink, drift, why);
            continue;
        }
        let is_lesser = match drift.concern {
            Concern::Presence => drift.greater.thing.is_none(),
            _ => !drift.is_weaker,
        };
        let (own, other) = if is_lesser { (&drift.lesser, &drift.greater) } else { (&drift.greater, &drift.lesser) };
        let Some(place) = place(own) else { continue };
        let drifted = found.entry((place, drift.attribute)).or_insert(Drifted { drift, own: Vec::new(), others: Vec::new() });
        drifted.own.push(own);
        drifted.others.push(other);
    }
    for ((span, _), drifted) in &found {
        report(&things, sink, *span, drifted);
    }
}

fn not_compared(things: &Things<'_, '_>, sink: &mut Sink<'_>, drift: &Drift, why: &Why) {
    let (hidden, other) = match drift.lesser.value {
        None => (&drift.lesser, &drift.greater),
        Some(_) => (&drift.greater, &drift.lesser),
    };
    let text = format!(
        "`{}` of `{}` is not known in `{}`, and not compared with `{}`: {}",
        drift.attribute, hidden.address, hidden.environment, other.environment, why.text
    );
    if let Some(span) = place(hidden) {
        sink.not_checked(&things.subject(hidden, span), text, Some(span));
    }
}

/// What a finding is about: the thing itself, so that the feeds which it serves are told.
struct Things<'c, 'm> {
    context: &'c Context<'m>,
    /// Of a block that makes several things, one that serves a feed.
    by_block: BTreeMap<Span, Subject>,
}

impl<'c, 'm> Things<'c, 'm> {
    fn new(context: &'c Context<'m>) -> Things<'c, 'm> {
        let kinds = [SubjectKind::Bucket, SubjectKind::Table, SubjectKind::Trigger, SubjectKind::Workflow];
        let mut all: Vec<_> = kinds.into_iter().flat_map(|kind| items(context.head, kind)).collect();
        all.sort_by_key(|item| !item.feeds().is_empty());
        let by_block = all.iter().filter_map(|item| Some((item.span()?, item.subject()))).collect();
        Things { context, by_block }
    }

    fn subject(&self, sided: &Sided, place: Span) -> Subject {
        let file = || Subject::new(SubjectKind::File, self.context.files.get(place.file).path.as_str());
        sided.thing.and_then(|span| self.by_block.get(&span).cloned()).unwrap_or_else(file)
    }
}

/// What one environment has otherwise than others.
struct Drifted<'a> {
    drift: &'a Drift,
    /// Those that are pointed at.
    own: Vec<&'a Sided>,
    others: Vec<&'a Sided>,
}

fn place(sided: &Sided) -> Option<Span> {
    sided.span.or(sided.thing)
}

fn report(things: &Things<'_, '_>, sink: &mut Sink<'_>, span: Span, drifted: &Drifted<'_>) {
    let Drifted { drift, own: all, others } = drifted;
    let Some(own) = all.first() else { return };
    let more = match drift.n_more {
        0 => String::new(),
        n => format!(", as of {n} more,"),
    };
    let (address, attribute) = (&own.address, drift.attribute);
    let message = match drift.concern {
        Concern::Presence => format!("`{address}` is in {}, and not in {}", names(all), names(others)),
        _ => format!("`{attribute}` of `{address}`{more} is {}, and {}", values(all), values(others)),
    };
    let found = sink.report(things.subject(own, span), span, message);
    found.detail = format!("{address} {attribute}");
    for (other, place) in others.iter().filter_map(|other| Some((other, place(other).filter(|place| *place != span)?))) {
        found.related(place, format!("in `{}`", other.environment));
    }
}

/// ``180 days in `dev` and `uat` ``.
fn values(others: &[&Sided]) -> String {
    let mut by_value: Vec<(String, Vec<&Sided>)> = Vec::new();
    for other in others {
        let value = shown(other).unwrap_or_default();
        match by_value.iter_mut().find(|(known, _)| *known == value) {
            Some((_, same)) => same.push(other),
            None => by_value.push((value, vec![other])),
        }
    }
    by_value.iter().map(|(value, sides)| format!("{value} in {}", names(sides))).collect::<Vec<_>>().join(", ")
}

fn names(sides: &[&Sided]) -> String {
    let names: BTreeSet<&str> = sides.iter().map(|sided| sided.environment.as_str()).collect();
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ")
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
