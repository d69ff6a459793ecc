//! Rules on what a deployment of the head does to what the base made: what Terraform replaces or destroys, what then
//! fails, and what is deleted at once.

pub(super) mod partitions_deleted_at_once;
pub(super) mod removed_table;
pub(super) mod replaced_table;
mod schema;

use super::Context;
use crate::diagnostic::Subject;
use crate::model::deployment::{Deployed, Successor};
use crate::model::facts::Item;
use crate::model::{Known, Table};
use crate::text::{Side, Span};

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

fn subject(table: &Table) -> Subject {
    Item::Table(table).subject()
}

/// The tables that Terraform declares in the base, with what the head makes of them.
fn tables<'m>(context: &Context<'m>) -> Vec<(&'m Table, &'m Deployed, Successor<'m>)> {
    let Some(base) = context.base else { return Vec::new() };
    let declared = base.tables.values().filter_map(|table| Some((table, base.deployed.get(table.address.as_ref()?)?)));
    declared.map(|(table, deployed)| (table, deployed, context.head.successor(&deployed.address))).collect()
}

/// Whether the provider refuses to destroy: as the state has it, which is what the base says. Nothing said is yes.
fn is_protected(deployed: &Deployed) -> Known<bool> {
    match &deployed.protected {
        Known::Absent => Known::Known(crate::text::Spanned::new(true, deployed.span)),
        said => said.clone(),
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
