//! Reads templates of file names.

use super::strftime::{Directive, directives};
use super::{DefectKind, NameDefect, NameKind, NamePart, NamePattern};
use crate::text::nearest;
use std::ops::Range;

/// Reads a template: texts and `{tokens}`. It never fails: what is wrong is among the defects.
pub(super) fn read(text: &str, tokens: &[&str]) -> NamePattern {
    let mut reader = Reader { text, tokens, parts: Vec::new(), defects: Vec::new() };
    let mut at = 0;
    while at < text.len() {
        at = reader.part(at);
    }
    NamePattern { text: text.to_owned(), kind: NameKind::Template, parts: reader.parts, defects: reader.defects }
}

struct Reader<'a> {
    text: &'a str,
    /// The names that tokens may have.
    tokens: &'a [&'a str],
    parts: Vec<NamePart>,
    defects: Vec<NameDefect>,
}

impl Reader<'_> {
    /// Reads one part and returns where the next begins.
    fn part(&mut self, start: usize) -> usize {
        let rest = self.text.get(start..).unwrap_or("");
        match rest.chars().next() {
            Some('{') => self.token(start, rest),
            Some('}') => {
                let help = "a name cannot hold a brace: take it out, or put a `{` before the token";
                self.broken(start..start + 1, "`}` closes no token", help);
                start + 1
            }
            _ => {
                let end = start + rest.find(['{', '}']).unwrap_or(rest.len());
                let literal = self.text.get(start..end).unwrap_or("").to_owned();
                self.parts.push(NamePart::Literal { text: literal, range: start..end });
                end.max(start + 1)
            }
        }
    }

    fn token(&mut self, start: usize, rest: &str) -> usize {
        let end = rest.get(1..).and_then(|inner| inner.find(['{', '}'])).map(|at| at + 1);
        let closed = end.filter(|end| rest.get(*end..).is_some_and(|tail| tail.starts_with('}')));
        let Some(end) = closed else {
            self.broken(start..start + 1, "`{` is not closed", "close the token with `}`");
            return start + end.unwrap_or(rest.len());
        };
        let inner = rest.get(1..end).unwrap_or("");
        let (name, format) = inner.split_once(':').map_or((inner, None), |(name, format)| (name, Some(format)));
        let range = start..start + end + 1;
        if self.tokens.contains(&name) {
            self.format(name, format, start + 1 + name.len() + 1, &range);
        } else {
            self.unknown_token(name, range.clone());
        }
        self.parts.push(NamePart::Token { name: name.to_owned(), format: format.map(str::to_owned), range: range.clone() });
        range.end
    }

    fn unknown_token(&mut self, name: &str, range: Range<usize>) {
        let help = match nearest(name, self.tokens.iter().copied()) {
            Some(meant) => format!("did you mean `{{{meant}}}`?"),
            None => format!(
                "the tokens are {}",
                self.tokens.iter().map(|token| format!("`{{{token}}}`")).collect::<Vec<_>>().join(", ")
            ),
        };
        let message = if name.is_empty() { "a token has no name".to_owned() } else { format!("unknown token `{{{name}}}`") };
        self.broken(range, &message, &help);
    }

    /// Judges what stands after the colon, at `at`.
    fn format(&mut self, name: &str, format: Option<&str>, at: usize, token: &Range<usize>) {
        let Some(format) = format else { return };
        match name {
            "date" | "time" => self.time_format(name, format, at, token),
            "seq" => {
                let width = format.parse::<u8>().ok().filter(|width| (1..=18).contains(width) && !format.starts_with(['+', '0']));
                if width.is_none() {
                    self.broken(token.clone(), &format!("`{format}` is not a width"), "write the number of digits: `{seq:4}`");
                }
            }
            name => {
                let message = format!("`{{{name}}}` takes no format");
                self.broken(token.clone(), &message, &format!("write `{{{name}}}`"));
            }
        }
    }

    fn time_format(&mut self, name: &str, format: &str, at: usize, token: &Range<usize>) {
        let found = directives(format);
        if found.is_empty() {
            let example = if name == "date" { "{date:%Y%m%d}" } else { "{time:%H%M%S}" };
            let message = format!("`{format}` is a fixed text and no format of a {name}");
            self.broken(token.clone(), &message, &format!("write it with `%`: `{example}`"));
        }
        for (range, directive) in found {
            let Directive::Unknown(letter) = directive else { continue };
            let written = letter.map_or("`%` at the end".to_owned(), |letter| format!("`%{letter}`"));
            let message = format!("{written} is no part of a {name}");
            let help = "use `%Y`, `%m`, `%d`, `%H`, `%M`, `%S` or another letter of strftime, and `%%` for a `%`";
            self.broken(at + range.start..at + range.end, &message, help);
        }
    }

    fn broken(&mut self, range: Range<usize>, message: &str, help: &str) {
        let (message, help) = (message.to_owned(), Some(help.to_owned()));
        self.defects.push(NameDefect { range, message, help, kind: DefectKind::Broken });
    }
}
