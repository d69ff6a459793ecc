//! The text of a JSON string and where each piece of it stands. Knows one string.

use super::decoded::Decoded;
use std::ops::Range;

/// Decodes the string literal in `range` of `source`, which includes its quotes.
pub(super) fn decode(source: &str, range: Range<usize>) -> Decoded {
    let mut decoded = Decoded::default();
    let end = range.end.saturating_sub(1);
    let mut at = range.start + 1;
    while at < end {
        let rest = source.get(at..end).unwrap_or("");
        let plain = rest.find('\\').unwrap_or(rest.len());
        decoded.copy(source, at..at + plain);
        at += plain;
        if at < end {
            let (text, length) = escape(source.get(at..end).unwrap_or(""));
            decoded.replace(text.encode_utf8(&mut [0; 4]), at..at + length);
            at += length;
        }
    }
    decoded
}

/// The character that an escape stands for, and the length of the escape.
fn escape(rest: &str) -> (char, usize) {
    match rest.as_bytes().get(1) {
        Some(b'b') => ('\u{8}', 2),
        Some(b'f') => ('\u{c}', 2),
        Some(b'n') => ('\n', 2),
        Some(b'r') => ('\r', 2),
        Some(b't') => ('\t', 2),
        Some(b'u') => unicode(rest),
        Some(other) if other.is_ascii() => (char::from(*other), 2),
        _ => ('\\', 1),
    }
}

fn unicode(rest: &str) -> (char, usize) {
    let unit = |at: usize| u32::from_str_radix(rest.get(at..at + 4)?, 16).ok();
    let first = unit(2).unwrap_or(0xfffd);
    if let Some(character) = char::from_u32(first) {
        return (character, 6);
    }
    let second = unit(8).filter(|second| rest.get(6..8) == Some("\\u") && (0xdc00..0xe000).contains(second));
    let pair = second.and_then(|second| char::from_u32(0x1_0000 + ((first & 0x3ff) << 10) + (second & 0x3ff)));
    pair.map_or(('\u{fffd}', 6), |character| (character, 12))
}
