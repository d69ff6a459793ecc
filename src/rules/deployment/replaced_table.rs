//! Terraform would destroy a table and make it anew, or the deployment fails because it may not.

use super::{Cause, fixed, is_protected, local, more_reasons, same_text, schema, subject, tables};
use crate::model::deployment::{Deployed, Ignored, Successor};
use crate::model::table::{Table, TableKind};
use crate::model::{Known, TableId};
use crate::rules::{Context, Sink};
use std::collections::BTreeMap;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let declared = context.head.tables.values().filter_map(|table| Some((table.address.as_deref()?, table)));
    let by_address: BTreeMap<&str, &Table> = declared.collect();
    for (base, was, successor) in tables(context) {
        let Successor::Is(is) = successor else { continue };
        if let Some(head) = by_address.get(&*is.address).filter(|_| is.ignored != Ignored::All) {
            judge(context, sink, (base, was), (head, is));
        }
    }
}

/// Whether the deployment stops where the provider would make the table anew for its columns: then they stay as they are.
pub(in crate::rules) fn is_refused(context: &Context<'_>, head: &Table) -> bool {
    let deployed = || {
        let base = context.base?;
        let table = base.tables.get(context.pairs.tables.base_of(&head.id)?)?;
        let was = base.deployed.get(table.address.as_deref()?)?;
        let Successor::Is(is) = context.head.successor(base, &was.address) else { return None };
        let is_judged = was.has_schema && is.has_schema && !is.ignored.covers("schema");
        Some(is_judged && (is.prevents_destroy.value() == Some(&true) || is_protected(was).value() == Some(&true)))
    };
    deployed().unwrap_or(false)
}

fn judge(context: &Context<'_>, sink: &mut Sink<'_>, (base, was): (&Table, &Deployed), (head, is): (&Table, &Deployed)) {
    let mut causes = fixed::causes(context, sink, &subject(head), was, is);
    if was.has_schema && is.has_schema && !is.ignored.covers("schema") {
        if let Some(why) = unknown_schema(context, base, head) {
            sink.not_checked(&subject(head), why, head.columns.span());
        }
        causes.extend(schema::causes(base, head, was.row_policy.or(is.row_policy).is_some()));
    }
    match causes.split_first() {
        Some((cause, more)) => report(sink, (head, was, is), cause, more),
        None => {
            let refusals = fixed::refusals(context, sink, &subject(head), was, is);
            refuse(sink, (head, is), &refusals);
        }
    }
}

/// What the provider tries in place, and BigQuery does not do.
fn refuse(sink: &mut Sink<'_>, (head, is): (&Table, &Deployed), refusals: &[Cause]) {
    let Some((cause, more)) = refusals.split_first() else { return };
    let message = format!("the apply fails: BigQuery changes no partitions of {} `{}`: {}", kind(head), shown(head), cause.text);
    super::report(sink, subject(head), is, message, (cause, more));
}

fn unknown_schema(context: &Context<'_>, base: &Table, head: &Table) -> Option<String> {
    match (&base.columns, &head.columns) {
        (Known::Unknown(was), Known::Unknown(is)) if same_text(context, was.span, is.span) => None,
        (Known::Unknown(why), _) | (_, Known::Unknown(why)) => {
            Some(format!("whether its schema changes is not known: {}", why.text))
        }
        _ => None,
    }
}

fn report(sink: &mut Sink<'_>, (head, was, is): (&Table, &Deployed, &Deployed), cause: &Cause, others: &[Cause]) {
    let protected = is_protected(was);
    let prevents = is.prevents_destroy.value() == Some(&true);
    let more = more_reasons(others);
    let (what, name) = (kind(head), shown(head));
    let message = match (prevents, protected.value()) {
        (true, _) => {
            format!("the plan fails: {what} `{name}` would be made anew, which `prevent_destroy` forbids: {}{more}", cause.text)
        }
        (false, Some(true)) => {
            format!(
                "the apply fails: {what} `{name}` would be made anew, which `deletion_protection` forbids: {}{more}",
                cause.text
            )
        }
        (false, Some(false)) if holds_data(head) => {
            format!("Terraform destroys {what} `{name}` with its data and makes it anew: {}{more}", cause.text)
        }
        // Nothing is lost where there are no rows.
        (false, Some(false)) => return,
        (false, None) => {
            let why = protected.why().map_or("", |why| &why.text);
            return sink.not_checked(
                &subject(head),
                format!(
                    "it would be made anew ({}), and whether `deletion_protection` forbids it is not known: {why}",
                    cause.text
                ),
                cause.place,
            );
        }
    };
    let turned_off = is.protected.spanned().filter(|now| !now.value && protected.value() == Some(&true));
    let found = super::report(sink, subject(head), is, message, (cause, others));
    if let Some(off) = turned_off {
        found.related(off.span, "turned off here: this apply still fails, and the next one destroys the table");
    } else if let Some(off) = protected.spanned().filter(|protected| !protected.value) {
        found.related(off.span, "nothing protects the table");
    }
}

fn holds_data(table: &Table) -> bool {
    table.kind == TableKind::Table
}

pub(super) fn kind(table: &Table) -> &'static str {
    match table.kind {
        TableKind::Table => "table",
        TableKind::View => "view",
        TableKind::MaterializedView => "materialized view",
        TableKind::External => "external table",
    }
}

pub(super) fn shown(table: &Table) -> String {
    match &table.id {
        TableId::Named { .. } => table.id.to_string(),
        TableId::Address(address) => local(address).to_owned(),
    }
}
