//! Makes text from the tree safe to show: control, bidirectional and invisible characters get a visible stand-in,
//! and nothing can be read as a workflow command. Knows characters, and no format.

use std::borrow::Cow;
use std::fmt::Write as _;

/// What stands for a character that a reader must not meet as it is; `None` for one that may stay.
pub(crate) fn stand_in(character: char) -> Option<char> {
    match character {
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)),
        '\u{7f}' => Some('\u{2421}'),
        '\u{80}'..='\u{9f}' => Some(char::REPLACEMENT_CHARACTER),
        // Direction marks reorder what stands around them; the rest shows nothing, or breaks the line.
        '\u{61c}'
        | '\u{200b}'
        | '\u{200e}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => Some(char::REPLACEMENT_CHARACTER),
        _ => None,
    }
}

/// One line of text: no control characters, no line break, and no `##[` that a runner would take for a command.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    let is_clean = !text.chars().any(|character| stand_in(character).is_some()) && !text.contains("##[");
    if is_clean {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        push(&mut clean, character);
    }
    Cow::Owned(clean)
}

/// Appends one character of a line, or its stand-in.
pub(crate) fn push(line: &mut String, character: char) {
    if character == '[' && line.ends_with("##") {
        line.push(' ');
    }
    line.push(stand_in(character).unwrap_or(character));
}

/// Text of the tree, or the value of an attribute, within HTML and SVG.
pub(crate) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in line(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// A whole output whose lines a runner reads: a line that begins with `::` would be a command.
pub(crate) fn without_commands(output: String) -> String {
    if !output.contains("::") {
        return output;
    }
    let mut safe = String::with_capacity(output.len());
    for line in output.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        let (indent, rest) = line.split_at(indent);
        safe.push_str(indent);
        match rest.strip_prefix("::") {
            Some(command) => {
                safe.push_str(": :");
                safe.push_str(command);
            }
            None => safe.push_str(rest),
        }
    }
    safe
}

/// JSON, ended by a line feed. A runner would take `##[` for a command wherever it stands in its log; escaped, it is the
/// same JSON.
pub(crate) fn json(text: &str) -> String {
    format!("{}\n", text.replace("##[", "##\\u005b"))
}

/// A name of at most so many characters that keeps both its ends: the file at its start, and at its end what tells it from
/// others of that file.
pub(crate) fn shortened(name: &str, limit: usize) -> Cow<'_, str> {
    let n_characters = name.chars().count();
    if n_characters <= limit {
        return Cow::Borrowed(name);
    }
    let n_start = limit / 3;
    let start: String = name.chars().take(n_start).collect();
    let end: String = name.chars().skip(n_characters - limit.saturating_sub(n_start + 1)).collect();
    Cow::Owned(format!("{start}…{end}"))
}

/// At most `limit` characters, with `…` where something was cut.
pub(crate) fn clipped(text: &str, limit: usize) -> Cow<'_, str> {
    match text.char_indices().nth(limit) {
        None => Cow::Borrowed(text),
        Some(_) => {
            let end = text.char_indices().nth(limit.saturating_sub(1)).map_or(0, |(at, _)| at);
            Cow::Owned(format!("{}…", &text[..end]))
        }
    }
}

/// A path in a relative reference as RFC 3986 writes it: everything but unreserved characters and `/` is percent-encoded.
pub(crate) fn percent_encoded(path: &str) -> String {
    let mut reference = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => reference.push(char::from(byte)),
            other => {
                let _ = write!(reference, "%{other:02X}");
            }
        }
    }
    reference
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_direction_characters_are_shown_not_obeyed() {
        assert_eq!(line("a\u{1b}[31mred\u{7}"), "a␛[31mred␇");
        assert_eq!(line("x\r\n::error::y"), "x␍␊::error::y");
        assert_eq!(line("a\u{202e}b\u{2066}c\u{9b}"), "a�b�c�");
        assert_eq!(line("名前 é 👩‍👩‍👧"), "名前 é 👩‍👩‍👧");
    }

    #[test]
    fn no_line_is_a_workflow_command() {
        assert_eq!(line("x ##[error]y"), "x ## [error]y");
        assert_eq!(
            without_commands("a ::b\n  ::error::c\n::stop-commands::x".to_owned()),
            "a ::b\n  : :error::c\n: :stop-commands::x"
        );
    }

    #[test]
    fn a_long_text_is_cut_on_a_character() {
        assert_eq!(clipped("ééééé", 5), "ééééé");
        assert_eq!(clipped("ééééé", 4), "ééé…");
        assert_eq!(clipped("ab", 0), "…");
        assert_eq!(shortened("ééééé", 5), "ééééé");
        assert_eq!(shortened("reports.tf:transfer.trades", 12), "repo….trades");
        assert_eq!(shortened("ab", 0), "…");
    }

    #[test]
    fn nothing_of_the_tree_is_html() {
        assert_eq!(html("<a href='x'>\"&\u{202e}"), "&lt;a href=&#39;x&#39;&gt;&quot;&amp;\u{fffd}");
    }
}
