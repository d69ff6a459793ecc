//! The name of the file of one delivery, as far as the template tells it beforehand.

use crate::model::naming::{NameKind, NamePart, NamePattern};
use jiff::civil::DateTime;
use jiff::fmt::strtime;

/// What a name is made from.
pub(super) struct Slot<'a> {
    pub(super) feed: &'a str,
    pub(super) environment: Option<&'a str>,
    /// By the clocks of the feed's zone.
    pub(super) local: DateTime,
    /// The time is one of several in a day, so that it tells the delivery and stands in its name. Otherwise a time in
    /// the name is when the provider wrote the file, which nobody knows beforehand.
    pub(super) is_timed: bool,
}

/// Letters of a format that speak of a time of day, or that systems write differently.
const OF_TIME: [char; 22] =
    ['H', 'I', 'k', 'l', 'M', 'S', 'p', 'P', 'f', 'N', 's', 'T', 'X', 'R', 'r', 'c', 'x', 'z', 'Z', 'n', 't', 'v'];

/// The name with its dates put in. Tokens that are not known beforehand stay as they are: `{seq:4}`, `{uuid}`. `None`
/// for a regular expression, and for a template that cannot be read.
pub(super) fn name(pattern: &NamePattern, slot: &Slot<'_>) -> Option<String> {
    if !pattern.is_readable() || pattern.kind == NameKind::Regex {
        return None;
    }
    Some(pattern.parts.iter().map(|part| part_text(part, slot)).collect())
}

fn part_text(part: &NamePart, slot: &Slot<'_>) -> String {
    match part {
        NamePart::Literal { text, .. } => text.clone(),
        NamePart::Token { name, format, .. } => {
            known(name, format.as_deref(), slot).unwrap_or_else(|| as_written(name, format.as_deref()))
        }
    }
}

fn known(name: &str, format: Option<&str>, slot: &Slot<'_>) -> Option<String> {
    let moment = |format: &str| {
        let is_open = !slot.is_timed && format.contains(OF_TIME);
        if is_open { None } else { strtime::format(format, slot.local).ok() }
    };
    match name {
        "feed" => Some(slot.feed.to_owned()),
        "env" => slot.environment.map(str::to_owned),
        "date" => moment(format.unwrap_or("%Y%m%d")),
        "time" => moment(format.unwrap_or("%H%M%S")),
        _ => None,
    }
}

fn as_written(name: &str, format: Option<&str>) -> String {
    match format {
        Some(format) => format!("{{{name}:{format}}}"),
        None => format!("{{{name}}}"),
    }
}
