//! Reads regular expressions of file names. The engine decides whether an expression is right; a walk of our own
//! tells what stands in every name from what varies.

use super::{DefectKind, NameDefect, NameKind, NamePart, NamePattern};
use std::ops::Range;

/// A compiled expression larger than this is not checked.
const SIZE_LIMIT_BYTES: usize = 1 << 20;

/// Constructs of other engines, right there: nothing more can be said of the expression here.
const FOREIGN: [(&str, &str); 9] = [
    ("(?=", "look-ahead"),
    ("(?!", "look-ahead"),
    ("(?<=", "look-behind"),
    ("(?<!", "look-behind"),
    ("(?P=", "a back-reference"),
    ("(?>", "an atomic group"),
    ("(?(", "a condition"),
    ("\\k<", "a back-reference"),
    ("\\Z", "`\\Z`"),
];

pub(super) fn read(text: &str) -> NamePattern {
    let defects: Vec<NameDefect> = defect(text).into_iter().collect();
    let parts = if defects.is_empty() { Walk::new(text).parts() } else { Vec::new() };
    NamePattern { text: text.to_owned(), kind: NameKind::Regex, parts, defects }
}

fn defect(text: &str) -> Option<NameDefect> {
    let foreign = FOREIGN.iter().filter_map(|(mark, what)| Some((text.find(mark)?, mark.len(), *what))).min();
    if let Some((at, length, what)) = foreign {
        return Some(not_checkable(at..at + length, what));
    }
    let error = ::regex::RegexBuilder::new(text).size_limit(SIZE_LIMIT_BYTES).build().err()?;
    let ::regex::Error::Syntax(error) = error else {
        return Some(not_checkable(0..text.len(), "an expression of this size"));
    };
    let (range, message) = engine_error(text, &error);
    if message.contains("not supported") {
        return Some(not_checkable(range, "a back-reference"));
    }
    let message = format!("the regular expression does not compile: {message}");
    Some(NameDefect { range, message, help: None, kind: DefectKind::Broken })
}

fn not_checkable(range: Range<usize>, what: &str) -> NameDefect {
    let message = format!("{what} is not checked: linear-time engines such as RE2 do not have it");
    NameDefect { range, message, help: None, kind: DefectKind::NotCheckable }
}

/// The place and the words of the engine's report, which draws the pattern with carets below the mistake. The place of
/// an error in an expression over several lines is the whole.
fn engine_error(text: &str, report: &str) -> (Range<usize>, String) {
    let message = report.lines().rev().find_map(|line| line.strip_prefix("error: ")).unwrap_or("it is not valid");
    let carets = report
        .lines()
        .map(|line| line.strip_prefix("    ").unwrap_or(""))
        .find(|line| line.contains('^') && line.chars().all(|letter| matches!(letter, ' ' | '^')));
    let place = carets.filter(|_| !text.contains('\n')).and_then(|carets| {
        let start = byte_at(text, carets.find('^')?);
        Some(start..byte_at(text, carets.rfind('^')? + 1))
    });
    (place.unwrap_or(0..text.len()), message.to_owned())
}

/// The offset of a character, counted from 0; the end behind the last.
fn byte_at(text: &str, character: usize) -> usize {
    text.char_indices().nth(character).map_or(text.len(), |(at, _)| at)
}

/// One walk over an expression that compiles.
struct Walk<'a> {
    text: &'a str,
    at: usize,
    parts: Vec<NamePart>,
}

impl<'a> Walk<'a> {
    fn new(text: &'a str) -> Walk<'a> {
        Walk { text, at: 0, parts: Vec::new() }
    }

    fn parts(mut self) -> Vec<NamePart> {
        let mut is_alternation = false;
        while let Some(letter) = self.peek() {
            let start = self.at;
            match letter {
                '\\' => self.escape(start),
                '[' => self.class(start),
                '(' => self.group(start),
                '*' | '+' | '?' | '{' => self.repetition(start),
                '.' => self.variable(start, start + 1),
                '^' | '$' => self.at += 1,
                '|' => {
                    is_alternation = true;
                    self.at += 1;
                }
                letter => self.literal(letter, start, start + letter.len_utf8()),
            }
        }
        if is_alternation {
            // Either side may be the name: nothing stands in every one.
            return vec![variable(self.text, 0..self.text.len())];
        }
        self.parts
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn escape(&mut self, start: usize) {
        let escaped = self.rest().chars().nth(1).unwrap_or('\\');
        let end = (start + 1 + escaped.len_utf8()).min(self.text.len());
        match escaped {
            'b' | 'B' | 'A' | 'z' | '<' | '>' => self.at = end,
            'p' | 'P' | 'x' | 'u' | 'U' => {
                // `\p{L}`, `\x2e`: rare in names, and taken for what varies.
                let braced = self.text.get(end..).filter(|rest| rest.starts_with('{')).and_then(|rest| rest.find('}'));
                self.variable(start, braced.map_or(end, |close| end + close + 1));
            }
            escaped if escaped.is_ascii_alphanumeric() => self.variable(start, end),
            escaped => self.literal(escaped, start, end),
        }
    }

    /// A class of characters; `[.]` is one character.
    fn class(&mut self, start: usize) {
        let end = start + class_length(self.rest());
        let mut inner = self.text.get(start + 1..end.saturating_sub(1)).unwrap_or("").chars();
        match (inner.next(), inner.next()) {
            (Some(only), None) => self.literal(only, start, end),
            _ => self.variable(start, end),
        }
    }

    fn group(&mut self, start: usize) {
        let end = start + group_length(self.rest());
        let source = self.text.get(start..end).unwrap_or("");
        self.at = end;
        if source
            .strip_prefix("(?")
            .is_some_and(|flags| flags.trim_end_matches(')').bytes().all(|flag| flag.is_ascii_alphabetic()))
        {
            return;
        }
        let inner = source.strip_prefix("(?P<").or_else(|| source.strip_prefix("(?<"));
        let named = inner.and_then(|inner| inner.strip_suffix(')')?.split_once('>'));
        let (name, format) = named.map_or(("", source), |(name, format)| (name, format));
        self.parts.push(NamePart::Token { name: name.to_owned(), format: Some(format.to_owned()), range: start..end });
    }

    /// A repetition takes the last character or part, which varies from now on.
    fn repetition(&mut self, start: usize) {
        let end = match self.peek() {
            Some('{') => self.rest().find('}').map_or(self.text.len(), |close| start + close + 1),
            _ => start + 1,
        };
        self.at = end;
        match self.parts.pop() {
            Some(NamePart::Literal { mut text, range }) => {
                let last = text.pop().map_or(0, char::len_utf8);
                let split = if text.is_empty() { range.start } else { start.saturating_sub(last) };
                if !text.is_empty() {
                    self.parts.push(NamePart::Literal { text, range: range.start..split });
                }
                self.parts.push(variable(self.text, split..end));
            }
            Some(NamePart::Token { name, format, range }) => {
                self.parts.push(NamePart::Token { name, format, range: range.start..end });
            }
            None => {}
        }
    }

    fn variable(&mut self, start: usize, end: usize) {
        self.parts.push(variable(self.text, start..end));
        self.at = end.max(start + 1);
    }

    fn literal(&mut self, letter: char, start: usize, end: usize) {
        self.at = end.max(start + 1);
        let is_verbatim = end - start == letter.len_utf8();
        // An escaped character is a part of its own, so that offsets in a literal are offsets in the pattern.
        match self.parts.last_mut() {
            Some(NamePart::Literal { text, range }) if is_verbatim && text.len() == range.len() => {
                text.push(letter);
                range.end = end;
                return;
            }
            _ => {}
        }
        self.parts.push(NamePart::Literal { text: letter.to_string(), range: start..end });
    }
}

fn variable(text: &str, range: Range<usize>) -> NamePart {
    let source = text.get(range.clone()).unwrap_or("").to_owned();
    NamePart::Token { name: String::new(), format: Some(source), range }
}

/// The bytes of the class at the beginning of `text`: a `]` that comes first is one of its characters.
fn class_length(text: &str) -> usize {
    let mut letters = text.char_indices().skip(1).peekable();
    letters.next_if(|(_, letter)| *letter == '^');
    letters.next_if(|(_, letter)| *letter == ']');
    let mut depth = 1;
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => {
                letters.next();
            }
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    text.len()
}

/// The bytes of the group at the beginning of `text`.
fn group_length(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) {
        at += match letter {
            '\\' => 1 + text.get(at + 1..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8),
            '[' => class_length(text.get(at..).unwrap_or("")),
            letter => letter.len_utf8(),
        };
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}
