//! Texts that a format or a regular expression takes, short and plain.

use regex_syntax::hir::{Class, Hir, HirKind};
use regex_syntax::parse;

/// What a value of a format looks like.
pub(super) fn of_format(name: &str) -> Option<&'static str> {
    Some(match name {
        "date" => "2026-08-01",
        "date-time" => "2026-08-01T06:30:00Z",
        "time" => "06:30:00Z",
        "duration" => "P1D",
        "email" | "idn-email" => "a@example.com",
        "hostname" | "idn-hostname" => "example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "uri" | "iri" | "uri-reference" | "iri-reference" | "uri-template" => "https://example.com/a",
        "uuid" => "123e4567-e89b-12d3-a456-426614174000",
        "json-pointer" => "/a",
        "relative-json-pointer" => "0",
        "regex" => "a",
        _ => return None,
    })
}

/// A text in which the regular expression is found, with `more` repetitions than there must be.
pub(super) fn of_pattern(pattern: &str, more: u32) -> Option<String> {
    let mut text = String::new();
    write(&parse(pattern).ok()?, more, &mut text);
    Some(text)
}

/// Longer texts are no examples.
const MAX_TEXT: usize = 5_000;

fn write(hir: &Hir, more: u32, text: &mut String) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(Class::Unicode(class)) => {
            let ranges = || class.ranges().iter().map(|range| range.start()..=range.end());
            let plain = ['A', 'a', '0'].into_iter().find(|plain| ranges().any(|range| range.contains(plain)));
            text.extend(plain.or_else(|| Some(*ranges().next()?.start())));
        }
        HirKind::Class(Class::Bytes(_)) => {}
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(u32::MAX);
            for _ in 0..repetition.min.saturating_add(more).min(most) {
                if text.len() > MAX_TEXT {
                    return;
                }
                write(&repetition.sub, more, text);
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, more, text),
        HirKind::Concat(items) => items.iter().for_each(|item| write(item, more, text)),
        HirKind::Alternation(items) => items.iter().take(1).for_each(|item| write(item, more, text)),
    }
}
