//! Tokens whose places are byte offsets. The library counts lines and characters; we give it one endless line in
//! which the column is the byte, so that every span in its trees, and in its messages, is an offset of the text.

use super::dialect::Wrapped;
use crate::sql::SqlError;
use sqlparser::tokenizer::{Location, Span, Token, TokenWithSpan, Tokenizer};
use std::ops::Range;

/// All tokens but blanks. `written` is the text before it was cleaned, and begins at byte `base` of a larger one.
pub(super) fn tokenize(text: &str, written: &str, base: usize) -> Result<Vec<TokenWithSpan>, SqlError> {
    let tokens = Tokenizer::new(&Wrapped, text).tokenize_with_location().map_err(|error| SqlError {
        range: shift(offset_of(text, error.location), base),
        message: "this text cannot be cut into words".to_owned(),
    })?;
    let mut cursor = Cursor { text, line: 1, column: 1, byte: 0 };
    let mut out = Vec::with_capacity(tokens.len());
    for token in tokens {
        let start = cursor.advance(token.span.start);
        let end = cursor.advance(token.span.end);
        if !matches!(token.token, Token::Whitespace(_)) {
            let place = shift(start..end, base);
            let token = TokenWithSpan { token: as_written(token.token, written, start), span: span(place.clone()) };
            push(&mut out, token, place);
        }
    }
    Ok(out)
}

pub(super) fn shift(range: Range<usize>, by: usize) -> Range<usize> {
    range.start + by..range.end + by
}

/// Adds a token. What follows a name and a dot is a name, though it may begin like a number: `t.2026_orders`.
fn push(out: &mut Vec<TokenWithSpan>, mut token: TokenWithSpan, place: Range<usize>) {
    let touches = out.last().is_some_and(|before| token.span.start == before.span.end);
    let follows_dot = out.len() >= 2 && out.get(out.len() - 2).is_some_and(|before| before.token == Token::Period);
    match (&token.token, out.last_mut().map(|before| (&mut before.token, &mut before.span))) {
        (Token::Number(digits, _), Some((before, _))) if touches && digits.starts_with('.') && ends_path(before) => {
            let name = Token::make_word(digits.trim_start_matches('.'), None);
            let dot = place.start..place.start + 1;
            out.push(TokenWithSpan { token: Token::Period, span: span(dot.clone()) });
            token = TokenWithSpan { token: name, span: span(dot.end..place.end) };
        }
        (Token::Word(more), Some((Token::Word(name), at)))
            if touches && follows_dot && more.quote_style.is_none() && name.value.starts_with(|c: char| c.is_ascii_digit()) =>
        {
            name.value.push_str(&more.value);
            at.end = token.span.end;
            return;
        }
        _ => {}
    }
    out.push(token);
}

fn ends_path(token: &Token) -> bool {
    matches!(token, Token::Word(_) | Token::RParen | Token::RBracket)
}

/// A name whose first `_` had to be hidden from the tokenizer.
fn as_written(mut token: Token, written: &str, start: usize) -> Token {
    if let Token::Word(word) = &mut token
        && word.quote_style.is_none()
        && word.value.starts_with('h')
        && written.as_bytes().get(start) == Some(&b'_')
    {
        word.value.replace_range(..1, "_");
    }
    token
}

/// The span that stands for these bytes.
pub(super) fn span(range: Range<usize>) -> Span {
    Span { start: location(range.start), end: location(range.end) }
}

fn location(byte: usize) -> Location {
    Location { line: 1, column: byte as u64 + 1 }
}

/// The bytes for which a span stands; `None` for the spans of things that were never written.
pub(crate) fn bytes(span: Span) -> Option<Range<usize>> {
    (span.start.line != 0).then(|| byte(span.start)..byte(span.end).max(byte(span.start)))
}

fn byte(location: Location) -> usize {
    usize::try_from(location.column).unwrap_or(usize::MAX).saturating_sub(1)
}

/// Walks the text once, since tokens come in order.
struct Cursor<'a> {
    text: &'a str,
    line: u64,
    column: u64,
    byte: usize,
}

impl Cursor<'_> {
    fn advance(&mut self, to: Location) -> usize {
        let rest = self.text.get(self.byte..).unwrap_or_default();
        for ch in rest.chars() {
            if (self.line, self.column) >= (to.line, to.column) {
                break;
            }
            self.byte += ch.len_utf8();
            if ch == '\n' {
                self.line += 1;
                self.column = 1;
            } else {
                self.column += 1;
            }
        }
        self.byte
    }
}

fn offset_of(text: &str, location: Location) -> Range<usize> {
    let mut cursor = Cursor { text, line: 1, column: 1, byte: 0 };
    let start = cursor.advance(location);
    let length = text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    start..start + length
}

/// The unquoted word at this place, if it is one.
pub(super) fn word(tokens: &[TokenWithSpan], at: usize) -> Option<&str> {
    match &tokens.get(at)?.token {
        Token::Word(word) if word.quote_style.is_none() => Some(&word.value),
        _ => None,
    }
}

/// The unquoted word at this place is `wanted`, in any case.
pub(super) fn is_word(tokens: &[TokenWithSpan], at: usize, wanted: &str) -> bool {
    word(tokens, at).is_some_and(|found| found.eq_ignore_ascii_case(wanted))
}

/// The unquoted word at this place is one of these.
pub(super) fn is_any(tokens: &[TokenWithSpan], at: usize, wanted: &[&str]) -> bool {
    word(tokens, at).is_some_and(|found| wanted.iter().any(|word| found.eq_ignore_ascii_case(word)))
}

/// The token at this place.
pub(super) fn is(tokens: &[TokenWithSpan], at: usize, wanted: &Token) -> bool {
    tokens.get(at).is_some_and(|found| found.token == *wanted)
}

/// The place after the group that opens here.
pub(super) fn after_group(tokens: &[TokenWithSpan], open: usize) -> usize {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.token {
            Token::LParen => depth += 1,
            Token::RParen if depth <= 1 => return at + 1,
            Token::RParen => depth -= 1,
            _ => {}
        }
    }
    tokens.len()
}

/// From the first of these tokens to the last.
pub(super) fn range_of(tokens: &[TokenWithSpan]) -> Range<usize> {
    let start = tokens.first().and_then(|token| bytes(token.span)).map_or(0, |range| range.start);
    let end = tokens.last().and_then(|token| bytes(token.span)).map_or(start, |range| range.end);
    start..end.max(start)
}
