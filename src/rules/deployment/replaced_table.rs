//! Terraform would destroy a table and make it anew, or the deployment fails because it may not.

use super::{Cause, Way, is_protected, same_text, schema, subject, tables};
use crate::model::deployment::{Deployed, Ignored, Successor};
use crate::model::table::{Table, TableKind};
use crate::model::{Known, TableId};
use crate::rules::{Context, Sink};
use crate::text::Spanned;
use std::collections::BTreeMap;

/// Further reasons that are shown.
const MAX_OTHERS: usize = 5;

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

fn judge(context: &Context<'_>, sink: &mut Sink<'_>, (base, was): (&Table, &Deployed), (head, is): (&Table, &Deployed)) {
    let mut causes = Vec::new();
    for name in was.fixed.keys().filter(|name| !is.ignored.covers(name)) {
        match fixed(context, was, is, name) {
            Ok(cause) => causes.extend(cause),
            Err(why) => sink.not_checked(&subject(head), why, was.fixed.get(name).and_then(Known::span).or(Some(is.span))),
        }
    }
    if was.has_schema && is.has_schema && !is.ignored.covers("schema") {
        if let Some(why) = unknown_schema(context, base, head) {
            sink.not_checked(&subject(head), why, head.columns.span());
        }
        causes.extend(schema::causes(base, head));
    }
    if let Some((cause, more)) = causes.split_first() {
        report(sink, (head, was, is), cause, more);
    }
}

/// An attribute that cannot change.
fn fixed(context: &Context<'_>, was: &Deployed, is: &Deployed, name: &'static str) -> Result<Option<Cause>, String> {
    let (base, head) = (was.fixed.get(name).unwrap_or(&Known::Absent), is.fixed.get(name).unwrap_or(&Known::Absent));
    let cause = |before: Option<&Spanned<String>>, after: Option<&Spanned<String>>| {
        let said = |value: Option<&Spanned<String>>| value.map_or("nothing".to_owned(), |value| format!("`{}`", value.value));
        let text = format!("`{name}` changes from {} to {}", said(before), said(after));
        let way =
            Way::Other("make the new table beside this one, copy the rows, and remove this one in a later change".to_owned());
        Cause { text, place: after.map(|value| value.span), before: before.map(|value| value.span), way }
    };
    match (base, head) {
        (Known::Known(was), Known::Known(is)) if was.value == is.value => Ok(None),
        (Known::Absent, Known::Absent) => Ok(None),
        (Known::Unknown(was), Known::Unknown(is)) if same_text(context, was.span, is.span) => Ok(None),
        (Known::Unknown(why), _) | (_, Known::Unknown(why)) => {
            Err(format!("whether `{name}` changes is not known: {}", why.text))
        }
        // What the provider is set to may be the same project.
        (Known::Absent, Known::Known(_)) | (Known::Known(_), Known::Absent) if name == "project" => {
            Err("`project` is said in one revision only, and that of the provider is not known".to_owned())
        }
        _ => Ok(Some(cause(base.spanned(), head.spanned()))),
    }
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
    let n_more = others.len();
    let protected = is_protected(was);
    let prevents = is.prevents_destroy.value() == Some(&true);
    let more =
        if n_more > 0 { format!(", and for {n_more} more reason{}", if n_more == 1 { "" } else { "s" }) } else { String::new() };
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
    let help = match &cause.way {
        Way::Statement(statement) => format!("run `{statement}` first: then there is nothing left to do for Terraform"),
        Way::Other(text) => text.clone(),
    };
    let turned_off = is.protected.spanned().filter(|now| !now.value && protected.value() == Some(&true));
    let found = sink.report(subject(head), cause.place.unwrap_or(is.span), message).help(help).detail(cause.text.clone());
    if let Some(before) = cause.before {
        found.related(before, "as it was");
    }
    for other in others.iter().take(MAX_OTHERS) {
        if let Some(place) = other.place.or(other.before) {
            found.related(place, other.text.clone());
        }
    }
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
        TableId::Address(address) => address.rsplit_once(':').map_or(&**address, |(_, address)| address).to_owned(),
    }
}
