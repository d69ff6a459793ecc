//! Words of an expression of Google Workflows.

use super::{Fault, HOLE};
use std::ops::Range;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Name(String),
    Int(i64),
    Double(f64),
    Text(String),
    /// An operator or a bracket.
    Mark(&'static str),
    Hole,
}

/// Longer marks come first.
const MARKS: [&str; 22] =
    ["==", "!=", "<=", ">=", "//", "<", ">", "+", "-", "*", "/", "%", "(", ")", "[", "]", "{", "}", ",", ".", ":", "="];

pub(super) type Placed = (Token, Range<usize>);

/// All tokens, and what is no token.
pub(super) fn tokens(text: &str, faults: &mut Vec<Fault>) -> Vec<Placed> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text.get(at..).and_then(|rest| rest.chars().next()) {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (token, end) = token(text, at, first, faults);
        found.extend(token.map(|token| (token, at..end)));
        at = end.max(at + first.len_utf8());
    }
    found
}

fn token(text: &str, at: usize, first: char, faults: &mut Vec<Fault>) -> (Option<Token>, usize) {
    let rest = text.get(at..).unwrap_or_default();
    if first == HOLE {
        return (Some(Token::Hole), at + first.len_utf8());
    }
    if first == '"' || first == '\'' {
        return quoted(text, at, first, faults);
    }
    let is_fraction = first == '.' && rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
    if first.is_ascii_digit() || is_fraction {
        return number(rest, at, faults);
    }
    if is_name(first) {
        let length = rest.find(|c: char| !is_name(c) && !c.is_ascii_digit()).unwrap_or(rest.len());
        return (Some(Token::Name(rest.get(..length).unwrap_or_default().to_owned())), at + length);
    }
    match MARKS.iter().find(|mark| rest.starts_with(**mark)) {
        Some(mark) => (Some(Token::Mark(mark)), at + mark.len()),
        None => {
            let end = at + first.len_utf8();
            faults.push(Fault { message: format!("`{first}` has no meaning in an expression"), range: at..end });
            (None, end)
        }
    }
}

fn is_name(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

/// A text between quotes; the mark of the end is taken off when it is there.
fn quoted(text: &str, at: usize, quote: char, faults: &mut Vec<Fault>) -> (Option<Token>, usize) {
    let mut value = String::new();
    let mut chars = text.get(at + 1..).unwrap_or_default().char_indices();
    while let Some((offset, c)) = chars.next() {
        if c == quote {
            return (Some(Token::Text(value)), at + 1 + offset + 1);
        }
        if c != '\\' {
            value.push(c);
            continue;
        }
        match chars.next().map(|(_, escaped)| escaped) {
            Some('n') => value.push('\n'),
            Some('t') => value.push('\t'),
            Some('r') => value.push('\r'),
            Some(escaped @ ('\\' | '"' | '\'' | '/')) => value.push(escaped),
            Some(other) => value.extend(['\\', other]),
            None => {}
        }
    }
    faults.push(Fault { message: "a text is not closed".to_owned(), range: at..text.len() });
    (Some(Token::Text(value)), text.len())
}

fn number(rest: &str, at: usize, faults: &mut Vec<Fault>) -> (Option<Token>, usize) {
    let mut length = 0;
    let bytes = rest.as_bytes();
    while let Some(byte) = bytes.get(length) {
        let is_sign = matches!(byte, b'+' | b'-') && length > 0 && matches!(bytes.get(length - 1), Some(b'e' | b'E'));
        let is_dot = *byte == b'.' && bytes.get(length + 1).is_some_and(u8::is_ascii_digit);
        if !byte.is_ascii_digit() && !is_dot && !is_sign && !matches!(byte, b'e' | b'E') {
            break;
        }
        length += 1;
    }
    let (written, end) = (rest.get(..length).unwrap_or_default(), at + length);
    if let Ok(number) = written.parse() {
        return (Some(Token::Int(number)), end);
    }
    if let Ok(number) = written.parse() {
        return (Some(Token::Double(number)), end);
    }
    faults.push(Fault { message: format!("`{written}` is no number"), range: at..end });
    (Some(Token::Hole), end)
}
