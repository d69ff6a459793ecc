//! The text of HCL strings and heredocs: escapes, doubled markers, the indentation that `<<-` takes away, and holes as
//! they are written. Knows the source only, so that the tree and the map back to the file cannot disagree.

use super::decoded::Decoded;
use super::hcl_lex::hole_end;
use std::ops::Range;

/// How a stretch of template text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Between quotes: backslash escapes.
    Quoted,
    /// In a heredoc, whose lines lose up to this many bytes of indentation. `<<-` also ends lines with `\n` only.
    Heredoc { indentation: usize, is_flush: bool },
    /// Neither: a template in a JSON string, once that is decoded.
    Bare,
}

/// Decodes the template text in `range` of `source`. Holes stay as they are written.
pub(super) fn decode(source: &str, range: Range<usize>, style: Style) -> Decoded {
    let mut decoded = Decoded::default();
    let mut at = skip_indentation(source, range.start, range.end, style);
    let mut from = at;
    while at < range.end {
        let rest = source.get(at..range.end).unwrap_or("");
        let step = special(source, at, rest, style);
        let Some((length, replacement)) = step else {
            at += rest.chars().next().map_or(1, char::len_utf8);
            if rest.starts_with('\n') {
                let next = skip_indentation(source, at, range.end, style);
                if next > at {
                    decoded.copy(source, from..at);
                    from = next;
                    at = next;
                }
            }
            continue;
        };
        let end = (at + length).min(range.end);
        if let Some(replacement) = replacement {
            decoded.copy(source, from..at);
            decoded.replace(&replacement, at..end);
            from = end;
        }
        at = end;
    }
    decoded.copy(source, from..range.end);
    decoded
}

/// What stands at `at` and is not plain text: its length, and what it becomes unless it stays.
fn special(source: &str, at: usize, rest: &str, style: Style) -> Option<(usize, Option<String>)> {
    let bytes = rest.as_bytes();
    match bytes {
        [b'$', b'$', b'{', ..] => Some((3, Some("${".to_owned()))),
        [b'%', b'%', b'{', ..] => Some((3, Some("%{".to_owned()))),
        [b'$' | b'%', b'{', ..] => Some((hole_end(source, at) - at, None)),
        [b'\\', ..] if style == Style::Quoted => Some(escape(rest)),
        [b'\r', b'\n', ..] if matches!(style, Style::Heredoc { is_flush: true, .. }) => Some((1, Some(String::new()))),
        _ => None,
    }
}

fn escape(rest: &str) -> (usize, Option<String>) {
    let hexadecimal = |digits: usize| {
        let code = rest.get(2..2 + digits).and_then(|code| u32::from_str_radix(code, 16).ok());
        code.and_then(char::from_u32).map_or((2, None), |character| (2 + digits, Some(character.to_string())))
    };
    let one = |text: &str| (2, Some(text.to_owned()));
    match rest.as_bytes().get(1) {
        Some(b'n') => one("\n"),
        Some(b'r') => one("\r"),
        Some(b't') => one("\t"),
        Some(b'\\') => one("\\"),
        Some(b'"') => one("\""),
        Some(b'u') => hexadecimal(4),
        Some(b'U') => hexadecimal(8),
        _ => (1, None),
    }
}

/// Behind the indentation that a heredoc line loses, when `at` begins a line.
fn skip_indentation(source: &str, at: usize, end: usize, style: Style) -> usize {
    let Style::Heredoc { indentation, .. } = style else { return at };
    if !source.get(..at).is_some_and(|before| before.ends_with('\n')) {
        return at;
    }
    let line = source.get(at..end).unwrap_or("");
    at + line.bytes().take(indentation).take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

/// The template text of a heredoc and how it is written; `whole` runs from `<<` to the end of the closing delimiter.
pub(super) fn heredoc(source: &str, whole: Range<usize>) -> Option<(Range<usize>, Style)> {
    let text = source.get(whole.clone())?;
    let is_flush = text.starts_with("<<-");
    let start = text.find('\n')? + 1;
    let end = text.rfind('\n')? + 1;
    let content = whole.start + start..whole.start + end.max(start);
    let indentation = if is_flush { common_indentation(source, content.clone()) } else { 0 };
    Some((content, Style::Heredoc { indentation, is_flush }))
}

/// The least indentation of the lines that are not blank. Lines inside a hole do not count.
fn common_indentation(source: &str, content: Range<usize>) -> usize {
    let mut least = usize::MAX;
    let mut at = content.start;
    while at < content.end {
        let line = source.get(at..content.end).unwrap_or("");
        let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
        if !line.get(indentation..).unwrap_or("").starts_with(['\n', '\r']) {
            least = least.min(indentation);
        }
        at = end_of_line(source, at, content.end);
    }
    if least == usize::MAX { 0 } else { least }
}

fn end_of_line(source: &str, mut at: usize, end: usize) -> usize {
    while at < end {
        let rest = source.as_bytes().get(at..end).unwrap_or(&[]);
        match rest {
            [b'\n', ..] => return at + 1,
            [b'$', b'$', b'{', ..] | [b'%', b'%', b'{', ..] => at += 3,
            [b'$' | b'%', b'{', ..] => at = hole_end(source, at).max(at + 2),
            _ => at += memchr::memchr3(b'\n', b'$', b'%', rest.get(1..).unwrap_or(&[])).map_or(rest.len(), |length| length + 1),
        }
    }
    end
}
