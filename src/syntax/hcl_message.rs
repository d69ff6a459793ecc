//! Our words for what is wrong with a piece of HCL. Ranges are those of the piece.

use super::hcl::PARSER_DEPTH;
use super::hcl_lex::Flaw;
use super::node::ProblemKind;
use std::ops::Range;

/// What is wrong, before it is tied to a file.
pub(super) struct Cause {
    pub(super) kind: ProblemKind,
    pub(super) range: Range<usize>,
    pub(super) message: String,
    pub(super) help: &'static str,
    pub(super) related: Option<(Range<usize>, &'static str)>,
}

fn syntax(range: Range<usize>, message: impl Into<String>, help: &'static str) -> Cause {
    Cause { kind: ProblemKind::Syntax, range, message: message.into(), help, related: None }
}

/// Strings and brackets that do not end: closer to the mistake than where the parser stumbles.
pub(super) fn of_flaw(flaw: &Flaw, piece: &str) -> Cause {
    let written = |range: &Range<usize>| piece.get(range.clone()).unwrap_or("").to_owned();
    match flaw {
        Flaw::OpenQuote(range) => syntax(
            range.clone(),
            "this text is not closed on its line",
            "close the quote, or use a heredoc for a text of several lines",
        ),
        Flaw::OpenHeredoc(range) => {
            syntax(range.clone(), "this heredoc is never closed", "put its delimiter alone on a line where the text ends")
        }
        Flaw::NeverClosed(range) => {
            syntax(range.clone(), format!("`{}` is never closed", written(range)), "add the closing bracket where the block ends")
        }
        Flaw::Mismatch(close, None) => syntax(close.clone(), format!("`{}` closes nothing", written(close)), "remove it"),
        Flaw::Mismatch(close, Some(open)) => Cause {
            related: Some((open.clone(), "opened here")),
            ..syntax(
                close.clone(),
                format!("`{}` does not close `{}`", written(close), written(open)),
                "close each bracket with its own kind",
            )
        },
    }
}

/// What the parser says, in our words. `said` is its message, `at` the place where it stopped.
pub(super) fn cause(said: &str, at: usize, piece: &str) -> Cause {
    let word = word(piece, at);
    let written = piece.get(word.clone()).unwrap_or("").to_owned();
    let here = if written.trim().is_empty() { "the end of the line".to_owned() } else { format!("`{written}`") };
    if written == "'" {
        return syntax(word, "a text stands in single quotes", "use double quotes");
    }
    if written == ":" && is_after_name(piece, at) {
        return syntax(word, "an attribute takes `=`, and no `:`", "write `name = value`");
    }
    if said.contains("redefined") {
        let cause = syntax(word, "this was not read: a key stands twice that is no plain name", "name each key once");
        return Cause { kind: ProblemKind::NotAnalysed, ..cause };
    }
    if said.contains("at most") {
        let message =
            format!("this was not read: it nests deeper than {PARSER_DEPTH} levels, or chains more operators than are read");
        return Cause { kind: ProblemKind::NotAnalysed, ..syntax(word, message, "write it flatter") };
    }
    if !piece.get(..at).is_some_and(|before| before.contains(['=', '{'])) {
        let line = piece.find(['\n', '\r']).unwrap_or(piece.len());
        return match said.strip_prefix("expected `{`") {
            Some(_) => syntax(
                0..line,
                "this is neither an attribute nor a block",
                "write `name = value`, or `name { … }` with the brace on the same line",
            ),
            None if said == "unexpected token" => syntax(
                0..line,
                "this attribute or block does not follow HCL's grammar",
                "look for a value or a name that is not finished",
            ),
            None => syntax(word, format!("expected `=` or `{{` before {here}"), "write `name = value` or `name { … }`"),
        };
    }
    if said.contains("newline") && said.contains("eof") {
        return syntax(
            word,
            format!("{here} follows a value that has ended"),
            "put each attribute and block on a line of its own",
        );
    }
    if said.contains("invalid expression") || said.contains("invalid attribute") {
        return syntax(word, format!("expected a value before {here}"), "write a value; a text stands in double quotes");
    }
    if said.contains("object item") || said.contains("object value assignment") {
        return syntax(
            word,
            format!("{here} cannot stand here in this map"),
            "write `key = value`, one per line or separated by commas",
        );
    }
    if said.contains("escape sequence") || said.contains("hex code") {
        let backslash = piece.get(..at).and_then(|before| before.rfind('\\')).unwrap_or(at);
        return syntax(backslash..at, "a text in quotes knows no such escape", "write `\\\\` for a backslash");
    }
    if said.contains("invalid block body") {
        return syntax(
            word,
            format!("{here} cannot stand here in this block"),
            "write attributes and blocks on lines of their own, and close the block with `}`",
        );
    }
    let message = match said.strip_prefix("expected ") {
        Some(expected) => format!("expected {expected} before {here}"),
        None => format!("{here} cannot stand here"),
    };
    syntax(word, message, "look for a bracket, a comma or a quote that is missing before it")
}

/// Whether nothing but a name stands before this place on its line.
fn is_after_name(piece: &str, at: usize) -> bool {
    let line = piece.get(..at).and_then(|before| before.lines().last()).map_or("", str::trim);
    !line.is_empty() && line.chars().all(|letter| letter.is_alphanumeric() || "_-".contains(letter))
}

fn word(piece: &str, at: usize) -> Range<usize> {
    let rest = piece.get(at..).unwrap_or("");
    let is_part = |next: char| next.is_alphanumeric() || "_-.".contains(next);
    let length = rest.find(|next: char| !is_part(next)).unwrap_or(rest.len());
    at..at + length.max(rest.chars().next().map_or(0, char::len_utf8))
}
