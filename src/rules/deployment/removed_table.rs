//! A table's resource is gone, so that Terraform destroys the table, or fails because it may not.

use super::replaced_table::{kind, shown};
use super::{is_protected, local, subject, surviving, tables};
use crate::model::Table;
use crate::model::deployment::{Deployed, Successor};
use crate::model::table::TableKind;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (base, was, successor) in tables(context) {
        match successor {
            Successor::Is(_) => {}
            Successor::Unclear(why) => sink.not_checked(&subject(base), why, Some(surviving(context, was.span))),
            Successor::Gone if context.head.moves.forgets(&was.address) || was.is_abandoned => {}
            Successor::Gone => report(context, sink, base, was),
        }
    }
}

fn report(context: &Context<'_>, sink: &mut Sink<'_>, base: &Table, was: &Deployed) {
    let protected = is_protected(was);
    let (what, name) = (kind(base), shown(base));
    let place = surviving(context, was.span);
    let message = match protected.value() {
        Some(true) => {
            format!("the apply fails: the resource of {what} `{name}` is gone, and `deletion_protection` forbids to destroy it")
        }
        Some(false) if base.kind == TableKind::Table => {
            format!("Terraform destroys {what} `{name}` with its data: its resource is gone")
        }
        Some(false) => return,
        None => {
            let why = protected.why().map_or("", |why| &why.text);
            return sink.not_checked(
                &subject(base),
                format!("its resource is gone, and whether it is protected is not known: {why}"),
                Some(place),
            );
        }
    };
    // The same table under another address is no other table, but Terraform does not know that.
    let now = context.pairs.tables.head_of(&base.id).and_then(|id| context.head.tables.get(id)?.address.as_deref());
    let help = match now {
        Some(now) => format!("if it is `{0}` now, say so: `moved {{ from = {1}, to = {0} }}`", local(now), local(&was.address)),
        None => format!(
            "to keep the table, write `removed {{ from = {}, lifecycle {{ destroy = false }} }}`; to destroy it, turn `deletion_protection` off in a change before this one",
            local(&was.address)
        ),
    };
    sink.report(subject(base), place, message).help(help).related(was.span, "the resource as it was");
}
