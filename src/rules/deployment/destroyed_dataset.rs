//! Terraform would destroy a dataset, or the deployment fails because there are tables in it.

use super::{Way, declared, fixed, is_protected, local, more_reasons, relate, surviving};
use crate::diagnostic::{Subject, SubjectKind};
use crate::model::deployment::{Deployed, DeployedKind, Ignored, Successor};
use crate::model::table::DefinitionSource;
use crate::model::{Known, Table, TableId};
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let deployed = context.base.into_iter().flat_map(|base| base.deployed.values());
    let datasets = deployed.filter(|deployed| deployed.kind == DeployedKind::Dataset);
    for (_, was, successor) in declared(context, datasets.map(|dataset| (dataset, &*dataset.address))) {
        match successor {
            Successor::Is(is) if is.ignored != Ignored::All => replaced(context, sink, was, is),
            Successor::Is(_) => {}
            Successor::Unclear(why) => sink.not_checked(&subject(was), why, Some(surviving(context, was.span))),
            Successor::Gone if context.head.moves.forgets(&was.address) || was.is_abandoned => {}
            Successor::Gone => removed(context, sink, was),
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

/// The tables that the base has in a dataset.
fn tables<'m>(context: &Context<'m>, dataset: &Deployed) -> Vec<&'m Table> {
    let is_in = |table: &&Table| match &table.id {
        TableId::Named { dataset: own, .. } => **own == *name(dataset),
        TableId::Address(_) => false,
    };
    context.base.map_or_else(Vec::new, |base| base.tables.values().filter(is_in).collect())
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
    let found = sink.report(subject(was), cause.place.unwrap_or(is.span), message).detail(cause.text.clone());
    if let Way::Other(way) = &cause.way {
        found.help(way.clone());
    }
    relate(found, cause, others);
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
        Some(false) => format!("Terraform destroys dataset `{name}` with all tables in it: its resource is gone"),
        None => {
            let unknown = unknown(was).unwrap_or_default();
            return sink.not_checked(&subject(was), format!("its resource is gone, and {unknown}"), Some(place));
        }
    };
    let help = format!(
        "to keep the dataset, write `removed {{ from = {}, lifecycle {{ destroy = false }} }}`; to destroy it, remove its tables first",
        local(&was.address)
    );
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
