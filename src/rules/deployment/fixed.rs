//! Attributes of which another value makes another resource, and those that the provider hands on in vain.

use super::{Cause, Way, same_text};
use crate::diagnostic::Subject;
use crate::model::Known;
use crate::model::deployment::{BLOCK, Deployed, DeployedKind};
use crate::rules::{Context, Sink};
use crate::text::Spanned;
use std::collections::BTreeMap;

type Values = BTreeMap<&'static str, Known<String>>;

/// Why the provider would make the resource anew; what is not known is said.
pub(super) fn causes(context: &Context<'_>, sink: &mut Sink<'_>, subject: &Subject, was: &Deployed, is: &Deployed) -> Vec<Cause> {
    compared(context, sink, subject, (&was.fixed, &is.fixed), is)
}

/// What is refused when the provider tries to change it in place.
pub(super) fn refusals(
    context: &Context<'_>,
    sink: &mut Sink<'_>,
    subject: &Subject,
    was: &Deployed,
    is: &Deployed,
) -> Vec<Cause> {
    compared(context, sink, subject, (&was.refused, &is.refused), is)
}

fn compared(
    context: &Context<'_>,
    sink: &mut Sink<'_>,
    subject: &Subject,
    (base, head): (&Values, &Values),
    is: &Deployed,
) -> Vec<Cause> {
    let mut causes = Vec::new();
    for (name, before) in base.iter().filter(|(name, _)| !is.ignored.covers(name)) {
        match difference(context, name, before, head.get(name).unwrap_or(&Known::Absent), is.kind) {
            Ok(cause) => causes.extend(cause),
            Err(why) => sink.not_checked(subject, why, before.span().or(Some(is.span))),
        }
    }
    causes
}

fn difference(
    context: &Context<'_>,
    name: &'static str,
    base: &Known<String>,
    head: &Known<String>,
    kind: DeployedKind,
) -> Result<Option<Cause>, String> {
    match (base, head) {
        (Known::Known(was), Known::Known(is)) if is_same(name, &was.value, &is.value) => Ok(None),
        (Known::Absent, Known::Absent) => Ok(None),
        (Known::Unknown(was), Known::Unknown(is)) if same_text(context, was.span, is.span) => Ok(None),
        (Known::Unknown(why), _) | (_, Known::Unknown(why)) => {
            Err(format!("whether `{name}` changes is not known: {}", why.text))
        }
        // What the provider is set to may be the same project.
        (Known::Absent, Known::Known(_)) | (Known::Known(_), Known::Absent) if name == "project" => {
            Err("`project` is said in one revision only, and that of the provider is not known".to_owned())
        }
        _ => Ok(Some(cause(name, base.spanned(), head.spanned(), kind))),
    }
}

/// Locations are told apart by their letters, and not by the case of them.
fn is_same(name: &str, base: &str, head: &str) -> bool {
    base == head || name == "location" && base.eq_ignore_ascii_case(head)
}

fn cause(name: &str, before: Option<&Spanned<String>>, after: Option<&Spanned<String>>, kind: DeployedKind) -> Cause {
    let said = |value: Option<&Spanned<String>>| value.map_or("nothing".to_owned(), |value| format!("`{}`", value.value));
    let is_block = |value: Option<&Spanned<String>>| value.is_some_and(|value| value.value == BLOCK);
    let text = match () {
        () if is_block(before) => format!("`{name}` is removed"),
        () if is_block(after) => format!("`{name}` is added"),
        // A query is longer than a line.
        () if name.ends_with("query") => format!("`{name}` changes"),
        () => format!("`{name}` changes from {} to {}", said(before), said(after)),
    };
    let way = match kind {
        DeployedKind::Table => "make the new table beside this one, copy the rows, and remove this one in a later change",
        DeployedKind::Bucket => "make the new bucket beside this one, copy the files, and remove this one in a later change",
        DeployedKind::Dataset => "make the new dataset beside this one, copy the tables, and remove this one in a later change",
        DeployedKind::Workflow => {
            "make the new workflow beside this one, let triggers start it, and remove this one in a later change"
        }
        DeployedKind::Trigger => "make the new trigger beside this one, and remove this one in a later change",
    };
    let (place, before) = (after.map(|value| value.span), before.map(|value| value.span));
    Cause { text, place, before, way: Way::Other(way.to_owned()) }
}
