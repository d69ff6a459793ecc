//! Rules on what a deployment of the head does to what the base made: what Terraform replaces or destroys, what then
//! fails, and what is deleted at once.

pub(super) mod destroyed_bucket;
pub(super) mod destroyed_dataset;
pub(super) mod destroyed_trigger;
pub(super) mod destroyed_workflow;
pub(super) mod earlier_table_expiration;
pub(super) mod files_deleted_at_once;
mod fixed;
pub(super) mod partitions_deleted_at_once;
pub(super) mod removed_table;
pub(super) mod replaced_table;
mod schema;
pub(super) mod weakened_bucket_protection;

use super::{Context, Sink};
use crate::diagnostic::{Diagnostic, Subject};
use crate::model::deployment::{Deployed, Ignored, Successor};
use crate::model::facts::Item;
use crate::model::{Known, Table};
use crate::text::{Side, Span};

/// Further reasons that are shown.
const MAX_OTHERS: usize = 5;

/// Why a resource cannot stay as it is.
struct Cause {
    text: String,
    /// Where the head says so, and where the base said otherwise.
    place: Option<Span>,
    before: Option<Span>,
    way: Way,
}

/// What can be done instead.
enum Way {
    /// BigQuery does it in place: this statement, before the deployment.
    Statement(String),
    Other(String),
}

impl Cause {
    fn help(&self) -> String {
        match &self.way {
            Way::Statement(statement) => format!("run `{statement}` first: then there is nothing left to do for Terraform"),
            Way::Other(text) => text.clone(),
        }
    }
}

fn subject(table: &Table) -> Subject {
    Item::Table(table).subject()
}

/// What Terraform declares in the base, with what the head makes of it.
fn declared<'m, T: 'm>(
    context: &Context<'m>,
    things: impl IntoIterator<Item = (&'m T, &'m str)>,
) -> Vec<(&'m T, &'m Deployed, Successor<'m>)> {
    let Some(base) = context.base else { return Vec::new() };
    let declared = things.into_iter().filter_map(|(thing, address)| Some((thing, base.deployed.get(address)?)));
    declared.map(|(thing, deployed)| (thing, deployed, context.head.successor(base, &deployed.address))).collect()
}

/// What Terraform may not leave as it is, with the resource that it becomes; `None` where that is gone. What is let go or
/// ignored is left out, and what cannot be told is said.
fn going<'m, T>(
    context: &Context<'m>,
    sink: &mut Sink<'_>,
    declared: Vec<(&'m T, &'m Deployed, Successor<'m>)>,
    subject: impl Fn(&T, &Deployed) -> Subject,
) -> Vec<(&'m T, &'m Deployed, Option<&'m Deployed>)> {
    let mut going = Vec::new();
    for (thing, was, successor) in declared {
        match successor {
            Successor::Is(is) if is.ignored == Ignored::All => {}
            Successor::Is(is) => going.push((thing, was, Some(is))),
            Successor::Unclear(why) => sink.not_checked(&subject(thing, was), why, Some(surviving(context, was.span))),
            Successor::Gone if context.head.moves.forgets(&was.address) || was.is_abandoned => {}
            Successor::Gone => going.push((thing, was, None)),
        }
    }
    going
}

/// The tables of the base that Terraform declares.
fn tables<'m>(context: &Context<'m>) -> Vec<(&'m Table, &'m Deployed, Successor<'m>)> {
    let tables = context.base.into_iter().flat_map(|base| base.tables.values());
    declared(context, tables.filter_map(|table| Some((table, table.address.as_deref()?))))
}

/// Whether the provider refuses to destroy it, or what is in it: as the state has it, which is what the base says. Nothing
/// said is yes.
fn is_protected(deployed: &Deployed) -> Known<bool> {
    match &deployed.protected {
        Known::Absent => Known::Known(crate::text::Spanned::new(true, deployed.span)),
        said => said.clone(),
    }
}

/// The address as its own module writes it.
fn local(address: &str) -> &str {
    address.rsplit_once(':').map_or(address, |(_, address)| address)
}

/// How a resource stays that Terraform would take away, or what comes before it goes.
fn to_keep(what: &str, was: &Deployed, first: &str) -> String {
    let address = local(&was.address);
    format!("to keep the {what}, write `removed {{ from = {address}, lifecycle {{ destroy = false }} }}`; to destroy it, {first}")
}

/// The same thing under another address is no other one, but Terraform does not know that.
fn to_move(was: &Deployed, now: &str) -> String {
    format!("if it is `{0}` now, say so: `moved {{ from = {1}, to = {0} }}`", local(now), local(&was.address))
}

/// Says what comes of causes, the first of them at its place.
fn report<'s>(
    sink: &'s mut Sink<'_>,
    subject: Subject,
    is: &Deployed,
    message: String,
    (cause, others): (&Cause, &[Cause]),
) -> &'s mut Diagnostic {
    let found = sink.report(subject, cause.place.unwrap_or(is.span), message).help(cause.help()).detail(cause.text.clone());
    relate(found, cause, others);
    found
}

/// `, and for 2 more reasons`.
fn more_reasons(others: &[Cause]) -> String {
    match others.len() {
        0 => String::new(),
        1 => ", and for 1 more reason".to_owned(),
        n => format!(", and for {n} more reasons"),
    }
}

/// Shows where the causes stand.
fn relate(found: &mut Diagnostic, cause: &Cause, others: &[Cause]) {
    if let Some(before) = cause.before {
        found.related(before, "as it was");
    }
    for other in others.iter().take(MAX_OTHERS) {
        if let Some(place) = other.place.or(other.before) {
            found.related(place, other.text.clone());
        }
    }
}

/// Whether two places say the same: what is not known, but written alike, has not changed.
fn same_text(context: &Context<'_>, base: Option<Span>, head: Option<Span>) -> bool {
    base.zip(head).is_some_and(|(base, head)| context.files.slice(base) == context.files.slice(head))
}

/// What a thing that is gone is pointed at by: its file, or a file beside it; else where it was.
fn surviving(context: &Context<'_>, gone: Span) -> Span {
    let path = &context.files.get(gone.file).path;
    let path = context.pairs.files.head_of(path).unwrap_or(path);
    let same = context.files.find(Side::Head, path);
    let beside = || {
        let mut files = context.files.of(Side::Head);
        files.find(|(_, file)| file.path.folder() == path.folder() && file.path.has_extension("tf")).map(|(id, _)| id)
    };
    same.or_else(beside).map_or(gone, Span::start_of)
}
