//! The text of a YAML scalar and where each piece of it stands. Knows one scalar, which a parser has read already.

use super::decoded::Decoded;
use std::ops::Range;

/// Decodes the scalar in `range` of `source`; `value` is what the parser made of it.
pub(super) fn decode(source: &str, range: Range<usize>, value: &str) -> Decoded {
    match source.as_bytes().get(range.start) {
        Some(b'|') => block(source, range, value, false),
        Some(b'>') => block(source, range, value, true),
        Some(b'"') => flow(source, range.start + 1..range.end.saturating_sub(1), Quote::Double),
        Some(b'\'') => flow(source, range.start + 1..range.end.saturating_sub(1), Quote::Single),
        _ => flow(source, range, Quote::None),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quote {
    Double,
    Single,
    None,
}

/// A scalar whose lines are folded: plain or quoted.
fn flow(source: &str, range: Range<usize>, quote: Quote) -> Decoded {
    let mut decoded = Decoded::default();
    let mut at = range.start;
    while at < range.end {
        let rest = source.get(at..range.end).unwrap_or("");
        let plain = rest.find([' ', '\t', '\n', '\r', '\\', '\'']).unwrap_or(rest.len());
        decoded.copy(source, at..at + plain);
        at += plain;
        let rest = source.get(at..range.end).unwrap_or("");
        let (replacement, length) = match (rest.as_bytes(), quote) {
            ([], _) => break,
            ([b'\\', ..], Quote::Double) => escape(rest),
            ([b'\'', b'\'', ..], Quote::Single) => ("'".to_owned(), 2),
            ([b'\\' | b'\'', ..], _) => {
                decoded.copy(source, at..at + 1);
                at += 1;
                continue;
            }
            _ => match fold(rest) {
                Some(fold) => fold,
                None => {
                    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
                    decoded.copy(source, at..at + blanks.max(1));
                    at += blanks.max(1);
                    continue;
                }
            },
        };
        decoded.replace(&replacement, at..at + length);
        at += length;
    }
    decoded
}

/// Blanks around one or more line breaks: what they fold to and how long they are. `None` for blanks inside a line.
fn fold(rest: &str) -> Option<(String, usize)> {
    let folded = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    let written = rest.get(..folded)?;
    let n_breaks = line_breaks(written);
    match n_breaks {
        0 => None,
        1 => Some((" ".to_owned(), folded)),
        _ => Some(("\n".repeat(n_breaks - 1), folded)),
    }
}

fn line_breaks(text: &str) -> usize {
    let feeds = text.bytes().filter(|byte| *byte == b'\n').count();
    let returns = text.bytes().filter(|byte| *byte == b'\r').count();
    feeds + returns - text.matches("\r\n").count()
}

/// What an escape of a double-quoted scalar stands for, and its length.
fn escape(rest: &str) -> (String, usize) {
    let one = |text: &str| (text.to_owned(), 2);
    let Some(next) = rest.chars().nth(1) else { return ("\\".to_owned(), 1) };
    match next {
        '0' => one("\0"),
        'a' => one("\u{7}"),
        'b' => one("\u{8}"),
        't' | '\t' => one("\t"),
        'n' => one("\n"),
        'v' => one("\u{b}"),
        'f' => one("\u{c}"),
        'r' => one("\r"),
        'e' => one("\u{1b}"),
        'N' => one("\u{85}"),
        '_' => one("\u{a0}"),
        'L' => one("\u{2028}"),
        'P' => one("\u{2029}"),
        'x' => hexadecimal(rest, 2),
        'u' => hexadecimal(rest, 4),
        'U' => hexadecimal(rest, 8),
        '\n' | '\r' => continuation(rest),
        other => (other.to_string(), 1 + other.len_utf8()),
    }
}

fn hexadecimal(rest: &str, n_digits: usize) -> (String, usize) {
    let unit = |at: usize| u32::from_str_radix(rest.get(at..at + n_digits)?, 16).ok();
    let first = unit(2).unwrap_or(0xfffd);
    if let Some(character) = char::from_u32(first) {
        return (character.to_string(), 2 + n_digits);
    }
    let second = unit(4 + n_digits).filter(|_| rest.get(6..8) == Some("\\u")).unwrap_or(0);
    let pair = char::from_u32(0x1_0000 + ((first & 0x3ff) << 10) + (second & 0x3ff));
    (pair.unwrap_or('\u{fffd}').to_string(), 4 + 2 * n_digits)
}

/// An escaped line break joins two lines; empty lines after it still count.
fn continuation(rest: &str) -> (String, usize) {
    let after = rest.get(1..).unwrap_or("");
    let length = after.len() - after.trim_start_matches([' ', '\t', '\n', '\r']).len();
    let n_breaks = line_breaks(after.get(..length).unwrap_or(""));
    ("\n".repeat(n_breaks.saturating_sub(1)), 1 + length)
}

/// A line of a block scalar, without its indentation and its break.
struct Line {
    content: Range<usize>,
    /// Behind the line break.
    end: usize,
}

fn block(source: &str, range: Range<usize>, value: &str, is_folded: bool) -> Decoded {
    let header = source.get(range.start..).unwrap_or("").find('\n').map_or(range.end, |length| range.start + length + 1);
    let lines = lines(source, header, indentation(source, header, value));
    let mut decoded = if is_folded { folded(source, &lines) } else { literal(source, &lines) };
    if decoded.text.starts_with(value) {
        decoded.truncate(value.len());
    }
    if value.strip_suffix('\n') == Some(decoded.text.as_str()) {
        let end = range.end..range.end;
        decoded.replace("\n", end);
    }
    decoded
}

/// How far the text is indented: what its first line has before it in the source and not in the value.
fn indentation(source: &str, start: usize, value: &str) -> usize {
    let first = |text: &str| text.lines().find(|line| !line.trim().is_empty()).map(spaces);
    let written = first(source.get(start..).unwrap_or("")).unwrap_or(0);
    written.saturating_sub(first(value).unwrap_or(0))
}

fn spaces(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn lines(source: &str, start: usize, indentation: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut at = start;
    while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
        let length = rest.find('\n').map_or(rest.len(), |length| length + 1);
        let line = rest.get(..length).unwrap_or("").trim_end_matches(['\n', '\r']);
        let indented = spaces(line);
        if indented < indentation && indented < line.len() {
            break;
        }
        let from = at + indented.min(indentation);
        lines.push(Line { content: from..at + line.len(), end: at + length });
        at += length;
    }
    lines
}

fn literal(source: &str, lines: &[Line]) -> Decoded {
    let mut decoded = Decoded::default();
    for line in lines {
        decoded.copy(source, line.content.clone());
        push_break(&mut decoded, source, line);
    }
    decoded
}

fn push_break(decoded: &mut Decoded, source: &str, line: &Line) {
    let written = line.content.end..line.end;
    match source.get(written.clone()) {
        Some("\n") => decoded.copy(source, written),
        Some("") | None => {}
        Some(_) => decoded.replace("\n", written),
    }
}

fn folded(source: &str, lines: &[Line]) -> Decoded {
    let mut decoded = Decoded::default();
    let starts_blank = |line: &Line| source.get(line.content.clone()).is_some_and(|text| text.starts_with([' ', '\t']));
    let mut before: Option<&Line> = None;
    let mut empty: Vec<&Line> = Vec::new();
    for line in lines {
        if line.content.is_empty() {
            empty.push(line);
            continue;
        }
        if let Some(before) = before {
            let is_kept = starts_blank(before) || starts_blank(line);
            let gap = before.content.end..before.end;
            match (is_kept, empty.is_empty()) {
                (true, _) => push_break(&mut decoded, source, before),
                (false, true) => decoded.replace(" ", gap),
                (false, false) => {}
            }
        }
        for empty in empty.drain(..) {
            push_break(&mut decoded, source, empty);
        }
        decoded.copy(source, line.content.clone());
        before = Some(line);
    }
    for line in before.into_iter().chain(empty) {
        push_break(&mut decoded, source, line);
    }
    decoded
}
