//! Terraform would destroy a dataset, or the deployment fails because there are tables in it.

use super::{declared, fixed, going, is_protected, local, more_reasons, report, surviving, to_keep};
use crate::diagnostic::{Subject, SubjectKind};
use crate::model::deployment::{Deployed, DeployedKind, Successor};
use crate::model::table::DefinitionSource;
use crate::model::{Known, Table, TableId};
use crate::rules::{Context, Sink};
use crate::text::Span;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let deployed = context.base.into_iter().flat_map(|base| base.deployed.values());
    let datasets = deployed.filter(|deployed| deployed.kind == DeployedKind::Dataset);
    let declared = declared(context, datasets.map(|dataset| (dataset, &*dataset.address)));
    for (_, was, is) in going(context, sink, declared, |_, was| subject(was)) {
        match is {
            Some(is) => replaced(context, sink, was, is),
            None => removed(context, sink, was),
        }
    }
}

/// The name, or the address where it is not known.
fn name(dataset: &Deployed) -> &str {
    dataset.fixed.get("dataset_id").and_then(Known::value).map_or(local(&dataset.address), String::as_str)
}

fn subject(dataset: &Deployed) -> Subject {
    Subject::new(SubjectKind::Dataset, name(dataset))
}

/// Whether it is said of the dataset of a protected table that the deployment fails, as the dataset goes as well.
pub(super) fn fails_with_dataset(context: &Context<'_>, table: &Deployed) -> bool {
    let Some(base) = context.base else { return false };
    let dataset_id = |deployed: &Deployed| deployed.fixed.get("dataset_id").and_then(Known::value).cloned();
    let holds = |dataset: &&Deployed| {
        dataset.kind == DeployedKind::Dataset && dataset.is_beside(table) && dataset_id(dataset) == dataset_id(table)
    };
    let dataset = base.deployed.values().find(holds).filter(|dataset| dataset_id(dataset).is_some());
    dataset.is_some_and(|dataset| {
        let is_let_go = context.head.moves.forgets(&dataset.address) || dataset.is_abandoned;
        let is_gone = matches!(context.head.successor(base, &dataset.address), Successor::Gone) && !is_let_go;
        is_gone && is_protected(dataset).value() == Some(&true)
    })
}

/// The tables that the base has in a dataset.
fn tables<'m>(context: &Context<'m>, dataset: &Deployed) -> Vec<&'m Table> {
    let is_in = |table: &&Table| match &table.id {
        TableId::Named { dataset: own, .. } => **own == *name(dataset),
        TableId::Address(_) => false,
    };
    context.base.map_or_else(Vec::new, |base| base.tables.values().filter(is_in).collect())
}

/// Whether a table that goes with its dataset is protected: the provider destroys it first, refuses, and leaves the dataset.
/// What is said then is said of the table.
fn is_held(context: &Context<'_>, dataset: &Deployed) -> Known<bool> {
    let Some(base) = context.base else { return Known::Absent };
    let deployed = tables(context, dataset).into_iter().filter_map(|table| base.deployed.get(table.address.as_ref()?));
    let going = deployed.filter(|table| table.is_beside(dataset) && goes(context, table)).map(is_protected);
    let (mut held, mut unknown) = (Known::Absent, Known::Absent);
    for protected in going {
        match protected.value() {
            Some(true) => held = protected,
            Some(false) => {}
            None => unknown = protected,
        }
    }
    if held.is_absent() { unknown } else { held }
}

/// Whether a protected table keeps the dataset, or may, of which it is told then that nobody knows.
fn is_kept(context: &Context<'_>, sink: &mut Sink<'_>, was: &Deployed, place: Option<Span>, event: &str) -> bool {
    match is_held(context, was) {
        Known::Known(_) => true,
        Known::Unknown(why) => {
            let why = format!("{event}, and whether a table in it is protected is not known: {}", why.text);
            sink.not_checked(&subject(was), why, place);
            true
        }
        Known::Absent => false,
    }
}

/// Whether a table is destroyed in the same deployment, or would be: it is gone, or moves to a dataset of another name.
fn goes(context: &Context<'_>, table: &Deployed) -> bool {
    let Some(base) = context.base else { return false };
    let dataset_id = |deployed: &Deployed| deployed.fixed.get("dataset_id").and_then(Known::value).cloned();
    match context.head.successor(base, &table.address) {
        Successor::Gone => !context.head.moves.forgets(&table.address) && !table.is_abandoned,
        Successor::Is(is) => dataset_id(is).is_some() && dataset_id(is) != dataset_id(table),
        Successor::Unclear(_) => false,
    }
}

/// Why it is not known whether the tables go with it.
fn unknown(was: &Deployed) -> Option<String> {
    let why = was.protected.why()?;
    Some(format!("whether `delete_contents_on_destroy` is set is not known: {}", why.text))
}

fn replaced(context: &Context<'_>, sink: &mut Sink<'_>, was: &Deployed, is: &Deployed) {
    let causes = fixed::causes(context, sink, &subject(was), was, is);
    let Some((cause, others)) = causes.split_first() else { return };
    let (name, why) = (name(was), format!("{}{}", cause.text, more_reasons(others)));
    let message = match (is.prevents_destroy.value(), is_protected(was).value()) {
        (Some(true), _) => {
            format!("the plan fails: dataset `{name}` would be made anew, which `prevent_destroy` forbids: {why}")
        }
        (_, Some(true)) => format!("the apply fails while tables are in it: dataset `{name}` would be made anew: {why}"),
        (_, Some(false)) if is_kept(context, sink, was, cause.place, &format!("it would be made anew ({})", cause.text)) => {
            return;
        }
        (_, Some(false)) => format!("Terraform destroys dataset `{name}` with all tables in it and makes it anew: {why}"),
        (_, None) => {
            let unknown = unknown(was).unwrap_or_default();
            return sink.not_checked(
                &subject(was),
                format!("it would be made anew ({}), and {unknown}", cause.text),
                cause.place,
            );
        }
    };
    let found = report(sink, subject(was), is, message, (cause, others));
    if let Some(forced) = was.protected.spanned().filter(|protected| !protected.value) {
        found.related(forced.span, "this deletes what is in it, protected tables too");
    }
}

fn removed(context: &Context<'_>, sink: &mut Sink<'_>, was: &Deployed) {
    let place = surviving(context, was.span);
    let name = name(was);
    let message = match is_protected(was).value() {
        Some(true) if goes_empty(context, was) => return,
        Some(true) => format!("the apply fails while tables are in dataset `{name}`: its resource is gone"),
        Some(false) if is_kept(context, sink, was, Some(place), "its resource is gone") => return,
        Some(false) => format!("Terraform destroys dataset `{name}` with all tables in it: its resource is gone"),
        None => {
            let unknown = unknown(was).unwrap_or_default();
            return sink.not_checked(&subject(was), format!("its resource is gone, and {unknown}"), Some(place));
        }
    };
    let help = to_keep("dataset", was, "remove its tables first");
    sink.report(subject(was), place, message).help(help).related(was.span, "the resource as it was");
}

/// Whether every table that is known goes in the same deployment, before its dataset does.
fn goes_empty(context: &Context<'_>, dataset: &Deployed) -> bool {
    let Some(base) = context.base else { return false };
    let goes = |table: &&Table| {
        let deployed = table.address.as_ref().and_then(|address| base.deployed.get(address));
        deployed.is_some_and(|deployed| {
            matches!(context.head.successor(base, &deployed.address), Successor::Gone)
                && is_protected(deployed).value() == Some(&false)
                && !context.head.moves.forgets(&deployed.address)
        })
    };
    let tables = tables(context, dataset);
    let is_made =
        |table: &&Table| table.definitions.first().is_some_and(|definition| definition.source != DefinitionSource::Statistics);
    !tables.is_empty() && tables.iter().copied().filter(|table| is_made(table)).all(|table| goes(&table))
}
