//! A table's resource is gone, so that Terraform destroys the table, or fails because it may not.

use super::destroyed_dataset::fails_with_dataset;
use super::replaced_table::{kind, shown};
use super::{going, is_protected, subject, surviving, tables, to_keep, to_move};
use crate::model::Table;
use crate::model::deployment::Deployed;
use crate::model::table::TableKind;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let declared = tables(context);
    for (base, was, is) in going(context, sink, declared, |table, _| subject(table)) {
        if is.is_none() {
            report(context, sink, base, was);
        }
    }
}

fn report(context: &Context<'_>, sink: &mut Sink<'_>, base: &Table, was: &Deployed) {
    let protected = is_protected(was);
    let (what, name) = (kind(base), shown(base));
    let place = surviving(context, was.span);
    let message = match protected.value() {
        Some(true) if fails_with_dataset(context, was) => return,
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
    let now = context.pairs.tables.head_of(&base.id).and_then(|id| context.head.tables.get(id)?.address.as_deref());
    let help = match now {
        Some(now) => to_move(was, now),
        None => to_keep("table", was, "turn `deletion_protection` off in a change before this one"),
    };
    sink.report(subject(base), place, message).help(help).related(was.span, "the resource as it was");
}
