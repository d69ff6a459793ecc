//! A table's resource is gone, so that Terraform destroys the table, or fails because it may not.

use super::destroyed_dataset::fails_with_dataset;
use super::replaced_table::{kind, shown};
use super::{MAX_OTHERS, going, is_protected, subject, surviving, tables, to_keep, to_move};
use crate::diagnostic::{Diagnostic, Subject, SubjectKind};
use crate::model::Table;
use crate::model::deployment::Deployed;
use crate::model::table::TableKind;
use crate::rules::{Context, Sink};
use crate::text::Span;
use std::collections::BTreeMap;

/// So many tables that go alike from one place are reported one by one.
const MAX_SINGLY: usize = 3;
/// So many are named where all are reported as one.
const MAX_NAMES: usize = 3;

/// A table without a resource.
#[derive(Clone, Copy)]
struct Gone<'m> {
    base: &'m Table,
    was: &'m Deployed,
    /// The resource of the head that declares it under another address.
    now: Option<&'m str>,
}

/// What comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Refused,
    Destroyed,
}

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let declared = tables(context);
    let mut alike: BTreeMap<(Span, Fate), Vec<Gone<'_>>> = BTreeMap::new();
    let going = going(context, sink, declared, |table, _| subject(table)).into_iter();
    for (base, was, _) in going.filter(|(_, _, is)| is.is_none()) {
        let place = surviving(context, was.span);
        let Some(fate) = fate(context, sink, base, was, place) else { continue };
        let now = context.pairs.tables.head_of(&base.id).and_then(|id| context.head.tables.get(id)?.address.as_deref());
        alike.entry((place, fate)).or_default().push(Gone { base, was, now });
    }
    for ((place, fate), gone) in alike {
        let (singly, together): (Vec<_>, Vec<_>) = gone.into_iter().partition(|gone| gone.now.is_some());
        singly.into_iter().for_each(|gone| report(sink, place, fate, gone));
        match together.len() > MAX_SINGLY {
            true => report_all(context, sink, (place, fate), &together),
            false => together.into_iter().for_each(|gone| report(sink, place, fate, gone)),
        }
    }
}

/// `None` where nothing is lost, or where it is not known.
fn fate(context: &Context<'_>, sink: &mut Sink<'_>, base: &Table, was: &Deployed, place: Span) -> Option<Fate> {
    let protected = is_protected(was);
    match protected.value() {
        Some(true) => (!fails_with_dataset(context, was)).then_some(Fate::Refused),
        Some(false) => (base.kind == TableKind::Table).then_some(Fate::Destroyed),
        None => {
            let why = protected.why().map_or("", |why| &why.text);
            let why = format!("its resource is gone, and whether it is protected is not known: {why}");
            sink.not_checked(&subject(base), why, Some(place));
            None
        }
    }
}

fn report(sink: &mut Sink<'_>, place: Span, fate: Fate, gone: Gone<'_>) {
    let Gone { base, was, now } = gone;
    let (what, name) = (kind(base), shown(base));
    let message = match fate {
        Fate::Refused => {
            format!("the apply fails: the resource of {what} `{name}` is gone, and `deletion_protection` forbids to destroy it")
        }
        Fate::Destroyed => format!("Terraform destroys {what} `{name}` with its data: its resource is gone"),
    };
    let help = match now {
        Some(now) => to_move(was, now),
        None => to_keep("table", was, "turn `deletion_protection` off in a change before this one"),
    };
    sink.report(subject(base), place, message).help(help).related(was.span, "the resource as it was");
}

/// One finding for what one change in one place does: who reads it does one thing about all of them.
fn report_all(context: &Context<'_>, sink: &mut Sink<'_>, (place, fate): (Span, Fate), gone: &[Gone<'_>]) {
    let names: Vec<String> = gone.iter().map(|gone| format!("`{}`", shown(gone.base))).collect();
    let (n, first) = (gone.len(), names.get(..MAX_NAMES).unwrap_or(&names).join(", "));
    let what = if gone.iter().all(|gone| gone.base.kind == TableKind::Table) { "tables" } else { "tables and views" };
    let named = format!("{first} and {} more", n.saturating_sub(MAX_NAMES));
    let message = match fate {
        Fate::Refused => {
            format!(
                "the apply fails: the resources of {n} {what} are gone, and `deletion_protection` forbids to destroy them: {named}"
            )
        }
        Fate::Destroyed => format!("Terraform destroys {n} {what} with their data, as their resources are gone: {named}"),
    };
    let help = "to keep the tables, write `removed { from = …, lifecycle { destroy = false } }` for each resource; to destroy \
                them, turn `deletion_protection` off in a change before this one";
    let path = context.files.get(place.file).path.as_str();
    let found = sink.report(Subject::new(SubjectKind::File, path), place, message).help(help).detail(names.join(" "));
    let mut places: Vec<(Span, String)> =
        gone.iter().map(|gone| (gone.was.span, format!("{} `{}` as it was", kind(gone.base), shown(gone.base)))).collect();
    places.dedup_by_key(|(span, _)| *span);
    places.into_iter().take(MAX_OTHERS).for_each(|(span, text)| _ = found.related(span, text));
    relate_feeds(context, found, gone);
}

fn relate_feeds(context: &Context<'_>, found: &mut Diagnostic, gone: &[Gone<'_>]) {
    let served = gone.iter().flat_map(|gone| &gone.base.feeds).filter_map(|id| context.pairs.feeds.head_of(id));
    for feed in served.filter_map(|id| context.head.feeds.get(id)).take(MAX_OTHERS) {
        found.related(feed.name_span, format!("feed `{}` is loaded into one of them", feed.id));
    }
}
