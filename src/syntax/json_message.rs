//! Our words for what is wrong with a JSON text, whether our own pass or `jsonc-parser` found it.
//! Ranges are those of the text that was scanned; the reader adds where it begins.

use super::json_scan::{Flaw, scan};
use super::node::ProblemKind;
use jsonc_parser::ParseStringErrorKind;
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use std::ops::Range;

/// What is wrong, before it is tied to a file.
pub(super) struct Said {
    pub(super) kind: ProblemKind,
    pub(super) range: Range<usize>,
    pub(super) message: String,
    pub(super) help: Option<&'static str>,
    pub(super) related: Option<(Range<usize>, &'static str)>,
}

fn said(range: Range<usize>, message: impl Into<String>, help: &'static str) -> Said {
    Said { kind: ProblemKind::Syntax, range, message: message.into(), help: Some(help), related: None }
}

pub(super) fn of_flaw(flaw: Flaw, text: &str) -> Said {
    let written = |range: &Range<usize>| text.get(range.clone()).unwrap_or("").to_owned();
    let code = |range: &Range<usize>| written(range).chars().next().map_or(0, u32::from);
    match flaw {
        Flaw::TooDeep(range) => {
            let message = format!("nested deeper than {} levels", super::MAX_DEPTH);
            Said { kind: ProblemKind::NotAnalysed, ..said(range, message, "the file was not read; write it flatter") }
        }
        Flaw::OpenString(range) => {
            said(range, "this text is not closed on its line", "close the quote; a line break inside a text is written `\\n`")
        }
        Flaw::OddSpace(range) => {
            let message = format!("U+{:04X} is no white space in JSON", code(&range));
            said(range, message, "use spaces, tabs and line breaks only")
        }
        Flaw::ControlCharacter(range) => {
            let message = format!("the control character U+{:04X} stands inside a text", code(&range));
            said(range, message, "write it as an escape: `\\t`, `\\n`, `\\u0000`")
        }
        Flaw::Mismatch(close, open) => {
            let message = format!("`{}` does not close `{}`", written(&close), written(&open));
            Said { related: Some((open, "opened here")), ..said(close, message, "close a list with `]` and a map with `}`") }
        }
        Flaw::NothingOpen(range) => {
            let message = format!("`{}` closes nothing", written(&range));
            said(range, message, "remove it")
        }
        Flaw::NeverClosed(range) => {
            let message = format!("`{}` is never closed", written(&range));
            said(range, message, "add the closing bracket where its values end")
        }
    }
}

pub(super) fn of_error(error: &ParseError, text: &str) -> Said {
    use ParseErrorKind as Kind;
    let range = error.range().start..error.range().end;
    let word = word(text, range.start);
    match error.kind() {
        Kind::CommentsNotAllowed | Kind::UnterminatedCommentBlock => {
            said(range, "JSON has no comments", "remove it, or keep the remark in a key of its own")
        }
        Kind::ExpectedComma => missing_comma(range.start, text),
        Kind::MultipleRootJsonValues => {
            said(word, "text follows the end of the JSON value", "a file holds one value; put several into a list")
        }
        Kind::TrailingCommasNotAllowed => said(range, "a comma stands before a closing bracket", "remove the comma"),
        Kind::SingleQuotedStringsNotAllowed => said(range, "a text stands in single quotes", "use double quotes"),
        Kind::ExpectedStringObjectProperty => said(word, "a key stands without quotes", "put it in double quotes"),
        Kind::ExpectedColonAfterObjectKey => said(word, "expected `:` between a key and this", "write `\"key\": value`"),
        Kind::UnexpectedTokenInObject => said(word, "expected a key in double quotes, or `}`", "write `\"key\": value`"),
        Kind::UnexpectedCloseBrace | Kind::UnexpectedCloseBracket | Kind::UnexpectedComma | Kind::ExpectedObjectValue => {
            said(range, "a value is missing before this", "write the value, or `null`")
        }
        Kind::UnexpectedColon => {
            said(range, "a `:` stands where a value belongs", "only the keys of a map in `{` `}` take a `:`")
        }
        Kind::UnexpectedWord | Kind::NonFiniteNumbersNotAllowed => unknown_word(word, text),
        Kind::HexadecimalNumbersNotAllowed => {
            said(word, "JSON has no hexadecimal numbers", "write the number in decimal, or as a text")
        }
        Kind::UnaryPlusNumbersNotAllowed => said(word, "a number cannot begin with `+`", "remove the sign"),
        Kind::BareDecimalPointNumbersNotAllowed => {
            said(word, "a number needs digits on both sides of its point", "write `0.5` or `5.0`")
        }
        Kind::ExpectedDigit | Kind::ExpectedDigitFollowingNegativeSign | Kind::ExpectedPlusMinusOrDigitInNumberLiteral => {
            said(range, "this number is not finished", "add its digits, or put it in quotes if it is text")
        }
        Kind::String(kind) => in_string(kind, range.start, text),
        _ if text.get(word.clone()).is_some_and(|word| word.starts_with(char::is_alphabetic)) => unknown_word(word, text),
        _ => said(
            word,
            "this cannot stand in JSON here",
            "a value is a text in double quotes, a number, `true`, `false`, `null`, a list or a map",
        ),
    }
}

/// The innermost bracket that is open at `at` says what may follow the value.
fn missing_comma(at: usize, text: &str) -> Said {
    let before = text.get(..at).unwrap_or("");
    let last = before.char_indices().next_back().map_or(at, |(index, _)| index);
    let rest = text.get(at..).unwrap_or("");
    if before.ends_with('0') && rest.starts_with(|next: char| next.is_ascii_digit()) {
        return said(last..at, "a number cannot begin with `0`", "remove the zero, or put the digits in quotes");
    }
    let (_, open) = scan(before);
    let in_list = open.last().is_some_and(|open| text.as_bytes().get(*open) == Some(&b'['));
    let message = if in_list { "expected `,` or `]` after this value" } else { "expected `,` or `}` after this value" };
    said(last..at, message, "separate values by commas")
}

fn unknown_word(range: Range<usize>, text: &str) -> Said {
    let written = text.get(range.clone()).unwrap_or("");
    let help = match written.trim_start_matches('-') {
        "NaN" | "Infinity" | "inf" | "nan" => "JSON has no such number; write `null` or a text",
        "True" | "TRUE" | "False" | "FALSE" => "write `true` or `false`, in small letters",
        "None" | "Null" | "NULL" | "nil" | "undefined" => "write `null`",
        _ => "put a text in double quotes",
    };
    said(range.clone(), format!("`{written}` is no JSON value"), help)
}

fn in_string(kind: &ParseStringErrorKind, at: usize, text: &str) -> Said {
    let escape = |n_characters: usize| {
        let rest = text.get(at..).unwrap_or("");
        at..at
            + rest.chars().take(n_characters).take_while(|next| *next != '"' && *next != '\n').map(char::len_utf8).sum::<usize>()
    };
    match kind {
        ParseStringErrorKind::InvalidUnicodeEscapeSequence(_) => {
            said(escape(6), "this escape is half of a surrogate pair", "write both halves, or the character itself")
        }
        ParseStringErrorKind::ExpectedFourHexDigits | ParseStringErrorKind::ExpectedTwoHexDigits => {
            said(escape(2), "`\\u` wants four hexadecimal digits after it", "write `\\u00e9`, or `\\\\` for a backslash")
        }
        ParseStringErrorKind::UnterminatedStringLiteral => said(at..at + 1, "this text is never closed", "close the quote"),
        ParseStringErrorKind::InvalidEscape
        | ParseStringErrorKind::InvalidEscapeInDoubleQuoteString
        | ParseStringErrorKind::InvalidEscapeInSingleQuoteString => {
            said(escape(2), "JSON knows no such escape", "write `\\\\` for a backslash")
        }
    }
}

/// The word, or else the character, that begins at `at`.
fn word(text: &str, at: usize) -> Range<usize> {
    let rest = text.get(at..).unwrap_or("");
    let is_part = |next: char| next.is_alphanumeric() || "_-+.$".contains(next);
    let length = rest.find(|next: char| !is_part(next)).unwrap_or(rest.len());
    at..at + length.max(rest.chars().next().map_or(0, char::len_utf8))
}
