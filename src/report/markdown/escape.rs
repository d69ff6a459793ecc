//! Escapes what comes from the tree for Markdown as GitHub reads it. Knows characters, and nothing of reports.

use crate::report::clean;
use std::fmt::Write as _;

/// Between two characters that GitHub would take together for a mention, an issue or an address.
const BREAK: char = '\u{200b}';

/// Plain text: no markup, no HTML, no mention, no link.
fn text(raw: &str) -> String {
    let clean = clean::line(raw);
    let mut out = String::with_capacity(clean.len() + clean.len() / 8);
    let mut characters = clean.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' | '#' => {
                let _ = write!(out, "\\{character}{BREAK}");
            }
            ':' if characters.peek() == Some(&'/') => {
                let _ = write!(out, ":{BREAK}");
            }
            '.' if ends_in_www(&out) => {
                let _ = write!(out, "{BREAK}.");
            }
            '-' if out.len() >= 2 && out.get(out.len() - 2..).is_some_and(|end| end.eq_ignore_ascii_case("gh")) => {
                let _ = write!(out, "{BREAK}\\-");
            }
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '+' | '!' | '|' | '~' | '^' | '$' | '=' => {
                let _ = write!(out, "\\{character}");
            }
            // `:name:` would become an emoji.
            ':' => {
                let _ = write!(out, ":{BREAK}");
                if characters.peek().is_none_or(|next| next.is_whitespace()) {
                    out.pop();
                }
            }
            character => out.push(character),
        }
    }
    out
}

fn ends_in_www(out: &str) -> bool {
    out.get(out.len().saturating_sub(3)..).is_some_and(|end| end.eq_ignore_ascii_case("www"))
}

/// Our messages: code stands between backticks, everything else is plain text. Text from the tree may hold backticks of
/// its own; whatever they pair up to, each piece is either code or escaped.
pub(in crate::report) fn prose(raw: &str) -> String {
    let pieces: Vec<&str> = raw.split('`').collect();
    if pieces.len().is_multiple_of(2) {
        return text(raw);
    }
    let mut out = String::new();
    for (index, piece) in pieces.iter().enumerate() {
        match (index % 2, piece.is_empty()) {
            (0, _) => out.push_str(&text(piece)),
            (_, true) => out.push_str("\\`\\`"),
            (_, false) => out.push_str(&code(piece)),
        }
        // Two pieces of code without anything between them would run together.
        if index % 2 == 0 && piece.is_empty() && index > 0 && index + 1 < pieces.len() {
            out.push(' ');
        }
    }
    out
}

/// A code span that holds exactly `raw`.
pub(super) fn code(raw: &str) -> String {
    let clean = clean::line(raw);
    let fence = "`".repeat(longest_run(&clean) + 1);
    let pad = if clean.is_empty() || clean.starts_with(['`', ' ']) || clean.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{clean}{pad}{fence}")
}

/// The same in a cell, where a bar would end the cell even within code.
pub(super) fn code_in_table(raw: &str) -> String {
    code(raw).replace('|', "\\|")
}

/// Text between tags, where no Markdown is read, but mentions and issues are still looked for.
pub(super) fn in_html(raw: &str) -> String {
    let mut out = String::new();
    for character in clean::html(raw).chars() {
        out.push(character);
        if matches!(character, '@' | '#') && !out.ends_with("&#") {
            out.push(BREAK);
        }
    }
    out
}

/// Our messages in a cell of a table, where a bar would end the cell even within code.
pub(in crate::report) fn prose_in_table(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for character in prose(raw).chars() {
        // In plain text a bar is escaped already.
        if character == '|' && !out.ends_with('\\') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_the_tree_is_markup() {
        let shown = text("</details><img src=x> @octocat #12 GH-3 [a](http://x.y) **b** a|b <!-- feedgate:v1 -->");
        assert!(!shown.contains(['<', '>']), "{shown}");
        assert!(shown.contains("\\@\u{200b}octocat \\#\u{200b}12 GH\u{200b}\\-3"), "{shown}");
        assert!(shown.contains(":\u{200b}//x.y") && shown.contains("\\*\\*b\\*\\* a\\|b"), "{shown}");
        assert!(text("www.example.com").starts_with("www\u{200b}."));
        assert!(!text("a\n# b").contains('\n'));
    }

    #[test]
    fn code_holds_any_backticks() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("a\nb"), "`a␊b`");
        assert_eq!(code_in_table("a|b"), "`a\\|b`");
    }

    #[test]
    fn our_code_stays_code_and_their_backticks_do_no_harm() {
        assert_eq!(prose("feed `orders` has no owner"), "feed `orders` has no owner");
        assert_eq!(prose("feed `<b>` @x"), "feed `<b>` \\@\u{200b}x");
        assert_eq!(prose("a ` b <i>"), "a \\` b &lt;i&gt;");
        assert_eq!(prose("`a``b`"), "`a` `b`");
    }
}
