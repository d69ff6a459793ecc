//! Languages narrowed to names that look like those of 1 August 2026, so that a name which is shown to people reads like
//! one that they know. A narrowed language lies in the one that it is made from.

use super::automaton::Automaton;
use super::language::{Tokens, parts};
use super::product::common_name;
use super::{NameKind, NamePart, NamePattern};
use regex_syntax::hir::{Class, Hir, HirKind, Repetition};

/// The names of a pattern that look like examples; `None` where that cannot be told.
pub(super) fn sample(pattern: &NamePattern, tokens: Tokens<'_>) -> Option<Automaton> {
    let hirs: Vec<Hir> = match pattern.kind {
        NameKind::Template => {
            let parts = parts(pattern, tokens).into_iter().zip(&pattern.parts);
            parts.map(|((_, hir), part)| example(part, tokens).map_or(hir, |text| Hir::literal(text.into_bytes()))).collect()
        }
        NameKind::Regex => narrowed_parts(pattern),
    };
    Automaton::of_parts(&hirs).ok()
}

/// A short name that looks like an example.
pub(super) fn name(pattern: &NamePattern) -> Option<String> {
    let own = sample(pattern, Tokens::default())?;
    common_name(&own, &own).ok()?
}

/// The parts of a regular expression, narrowed.
pub(super) fn narrowed_parts(pattern: &NamePattern) -> Vec<Hir> {
    parts(pattern, Tokens::default()).iter().map(|(_, hir)| narrowed(hir)).collect()
}

/// What a token of a template gives, where it gives one thing at a time.
fn example(part: &NamePart, tokens: Tokens<'_>) -> Option<String> {
    match part {
        NamePart::Token { name, format, .. } if matches!(name.as_str(), "date" | "time" | "seq" | "uuid") => {
            Some(super::example(name, format.as_deref(), tokens.feed.unwrap_or("")))
        }
        NamePart::Token { .. } | NamePart::Literal { .. } => None,
    }
}

/// Runs of digits as those of a date, a time or a number.
fn narrowed(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Repetition(repetition) => digits(repetition).unwrap_or_else(|| hir.clone()),
        HirKind::Capture(capture) => narrowed(&capture.sub),
        HirKind::Concat(items) => Hir::concat(items.iter().map(narrowed).collect()),
        HirKind::Alternation(items) => Hir::alternation(items.iter().map(narrowed).collect()),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => hir.clone(),
    }
}

fn digits(repetition: &Repetition) -> Option<Hir> {
    let HirKind::Class(Class::Unicode(class)) = repetition.sub.kind() else { return None };
    let [range] = class.ranges() else { return None };
    if (range.start(), range.end()) != ('0', '9') {
        return None;
    }
    let text = match (repetition.min, repetition.max) {
        (8, Some(8)) => "20260801",
        (14, Some(14)) => "20260801063000",
        (6, Some(6)) => "063000",
        (4, Some(4)) => "2026",
        (2, Some(2)) => "01",
        (0 | 1, None) => "1",
        _ => return None,
    };
    Some(Hir::literal(text.as_bytes()))
}
