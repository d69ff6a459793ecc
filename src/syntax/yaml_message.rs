//! Our words for what `granit-parser` refuses: the place, what is wrong, what to do, and the bracket or quote that it
//! goes back to. Knows the error and the text around it.

use super::node::{Problem, ProblemKind};
use super::yaml_build::Builder;
use granit_parser::ErrorKind;
use std::ops::Range;

/// What is wrong, before it is tied to a file.
struct Said {
    range: Range<usize>,
    message: String,
    help: Option<&'static str>,
    related: Option<(Range<usize>, &'static str)>,
}

/// The problem that a parser error stands for. `last_end` is where the last good event ended.
pub(super) fn syntax_problem(kind: &ErrorKind, at: usize, last_end: usize, source: &str, builder: &Builder) -> Problem {
    let said = tab(source, at)
        .or_else(|| quote(kind, at, last_end, source))
        .or_else(|| bracket(kind, at, source, builder))
        .unwrap_or_else(|| block(kind, at, last_end, source, builder));
    Problem {
        kind: if *kind == ErrorKind::RecursionLimitExceeded { ProblemKind::NotAnalysed } else { ProblemKind::Syntax },
        span: builder.span(on_characters(source, said.range)),
        message: said.message,
        help: said.help.map(str::to_owned),
        related: said.related.map(|(range, text)| (builder.span(on_characters(source, range)), text.to_owned())),
    }
}

/// A tab in the indentation is the cause, whatever the parser stumbled over.
fn tab(source: &str, at: usize) -> Option<Said> {
    let line = line_of(source, at);
    let text = source.get(line.clone())?;
    let indentation = text.len() - text.trim_start_matches([' ', '\t']).len();
    let first = text.get(..indentation)?.find('\t')?;
    Some(Said {
        range: line.start + first..line.start + indentation,
        message: "a tab indents this line, and YAML indents with spaces only".to_owned(),
        help: Some("replace the tab by spaces"),
        related: None,
    })
}

fn quote(kind: &ErrorKind, at: usize, last_end: usize, source: &str) -> Option<Said> {
    let opening = || {
        let found = source.get(last_end..).and_then(|rest| rest.find(['"', '\'']));
        found.map_or(at..at, |index| last_end + index..last_end + index + 1)
    };
    let said = |range, message: &str, help, related| Some(Said { range, message: message.to_owned(), help: Some(help), related });
    match kind {
        ErrorKind::UnclosedQuotedScalar => said(opening(), "this quote is never closed", "close it where the text ends", None),
        ErrorKind::InvalidQuotedScalarIndent | ErrorKind::DocumentIndicatorInQuotedScalar => said(
            opening(),
            "this quote is not closed before a line that cannot belong to it",
            "close the quote, or indent the lines that continue its text",
            Some((line_of(source, at), "this line")),
        ),
        // The quote that seems to close a text of several lines is the opening one of the next.
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar
            if opening().start < line_of(source, at).start =>
        {
            said(
                opening(),
                "this quote is not closed on its line, and its text runs on to the next quote",
                "close it where the text ends",
                Some((at.saturating_sub(1)..at, "this quote closes it")),
            )
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => said(
            at..rest_of_line(source, at),
            "text follows a closing quote",
            "quote the whole value; write `''` for a quote inside single quotes and `\\\"` inside double quotes",
            None,
        ),
        ErrorKind::UnknownQuotedScalarEscape => said(
            bad_escape(source, at),
            "a double-quoted text knows no such escape",
            "write `\\\\` for a backslash, or use single quotes",
            None,
        ),
        _ => None,
    }
}

fn bracket(kind: &ErrorKind, at: usize, source: &str, builder: &Builder) -> Option<Said> {
    let at_one = |at: usize| at..at + 1;
    match kind {
        ErrorKind::UnclosedFlowCollection { open } => Some(Said {
            range: at_one(at),
            message: format!("`{open}` is never closed"),
            help: Some(if *open == '[' { "add `]` where the list ends" } else { "add `}` where the map ends" }),
            related: None,
        }),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => Some(Said {
            range: at_one(at),
            message: format!("`{open}` is closed by `{close}`"),
            help: Some("close a list with `]` and a map with `}`"),
            related: None,
        }),
        ErrorKind::MisplacedFlowCollectionEnd => Some(Said {
            range: at_one(at),
            message: format!("`{}` closes nothing", character(source, at)),
            help: Some("remove it, or quote the value that it belongs to"),
            related: None,
        }),
        _ => {
            let open = builder.open_bracket()?;
            if is_line_after(source, open, at) {
                return Some(Said {
                    range: at_one(open),
                    message: format!("`{}` is not closed before the next key", character(source, open)),
                    help: Some("close the bracket where its values end"),
                    related: Some((line_of(source, at), "this line cannot stand inside it")),
                });
            }
            Some(Said {
                range: at..end_of_word(source, at),
                message: format!("this cannot stand inside the `{}` that is open here", character(source, open)),
                help: Some("close the bracket before it, or put a `,` between two values"),
                related: Some((at_one(open), "opened here")),
            })
        }
    }
}

fn block(kind: &ErrorKind, at: usize, last_end: usize, source: &str, builder: &Builder) -> Said {
    let word = at..end_of_word(source, at);
    let line = at..rest_of_line(source, at);
    let said = |range, message: String, help| Said { range, message, help: Some(help), related: None };
    match kind {
        ErrorKind::MappingValueNotAllowed if source.get(..at).is_some_and(|before| before.ends_with(['"', '\''])) => said(
            word,
            "a `:` follows a value that is no key here".to_owned(),
            "quote the whole value, or put the key on a line of its own",
        ),
        ErrorKind::MappingValueNotAllowed if line_of(source, at).start >= line_of(source, last_end).end => {
            said(word, "a `:` stands where no key can be".to_owned(), "give the key the same indentation as the keys around it")
        }
        ErrorKind::MappingValueNotAllowed => {
            let message = "a second `: ` stands in this value".to_owned();
            said(word, message, "quote the value, or if it is a key of its own, indent it like the keys around it")
        }
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::ExpectedBlockSequenceEntry | ErrorKind::InvalidIndentation => Said {
            related: builder.last_key().map(|key| (key.range(), "the last key of the map that it would belong to")),
            ..said(
                line,
                "this line is not indented like the lines that it belongs to".to_owned(),
                "align it with the keys or dashes above",
            )
        },
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => said(
            line,
            "a key was expected here, and no `:` follows this text".to_owned(),
            "add `:` after the key, or indent the line if it continues the value above",
        ),
        ErrorKind::BlockSequenceEntryNotAllowed => said(
            word,
            "a list cannot begin on the line of its key".to_owned(),
            "put the `-` on a line of its own, or quote the value",
        ),
        ErrorKind::MissingAnchorOrAliasName => {
            let message = format!("`{}` wants a name after it", character(source, at));
            said(word, message, "quote the value if it is text")
        }
        ErrorKind::UnexpectedCharacter { character } if character.is_control() => said(
            word,
            format!("the control character U+{:04X} is not allowed in YAML", u32::from(*character)),
            "remove it, or write it as an escape in double quotes",
        ),
        ErrorKind::UnexpectedCharacter { character } => {
            said(word, format!("a value cannot begin with `{character}`"), "quote the value")
        }
        ErrorKind::RecursionLimitExceeded => said(
            word,
            format!("nested deeper than {} levels", super::MAX_DEPTH),
            "this YAML document was not read; write it out flatter",
        ),
        other => said(word, format!("this does not follow YAML's grammar: {other}"), "quote the value if it is text"),
    }
}

// Places.

/// Whether `at` is on a later line than `open`, and that line is not indented deeper: a bracket was forgotten.
fn is_line_after(source: &str, open: usize, at: usize) -> bool {
    let indentation = |at: usize| {
        let line = line_of(source, at);
        let text = source.get(line.clone()).unwrap_or("");
        (line.start, text.len() - text.trim_start_matches(' ').len())
    };
    let ((first, outer), (second, inner)) = (indentation(open), indentation(at));
    second > first && inner <= outer
}

fn line_of(source: &str, at: usize) -> Range<usize> {
    let before = source.get(..at).unwrap_or("");
    let start = before.rfind(['\n', '\r']).map_or(0, |index| index + 1);
    start..rest_of_line(source, at)
}

fn rest_of_line(source: &str, at: usize) -> usize {
    let rest = source.get(at..).unwrap_or("");
    at + rest.find(['\n', '\r']).unwrap_or(rest.len())
}

fn end_of_word(source: &str, at: usize) -> usize {
    let rest = source.get(at..).unwrap_or("");
    let length = rest.find(|character: char| character.is_whitespace()).unwrap_or(rest.len());
    at + length.max(rest.chars().next().filter(|first| !matches!(first, '\n' | '\r')).map_or(0, char::len_utf8))
}

fn character(source: &str, at: usize) -> String {
    source.get(at..).and_then(|rest| rest.chars().next()).map_or_else(String::new, String::from)
}

/// The first backslash of a double-quoted text that begins no escape of YAML.
fn bad_escape(source: &str, opening: usize) -> Range<usize> {
    let rest = source.get(opening..).unwrap_or("");
    let mut characters = rest.char_indices();
    while let Some((index, character)) = characters.next() {
        if character != '\\' {
            continue;
        }
        match characters.next() {
            Some((_, escape)) if "0abtnvfre \"/\\N_LPxuU\t\n\r".contains(escape) => {}
            Some((end, escape)) => return opening + index..opening + end + escape.len_utf8(),
            None => break,
        }
    }
    opening..opening + 1
}

/// The range inside the text and on character boundaries.
fn on_characters(source: &str, range: Range<usize>) -> Range<usize> {
    let start = source.floor_char_boundary(range.start);
    start..source.ceil_char_boundary(range.end).max(start)
}
