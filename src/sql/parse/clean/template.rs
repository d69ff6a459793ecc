//! What templates leave in a text: holes that become names, tags and headers that become blanks.

use super::{Cleaner, is_name_byte};
use std::ops::Range;

impl Cleaner<'_> {
    /// Dataform files begin with `config { … }`, and may hold `js { … }` and operations before the query.
    pub(super) fn blank_dataform_header(&mut self) {
        loop {
            let word_at = self.at + blank_length(&self.input[self.at..]);
            let word = self.input[word_at..].iter().take_while(|b| is_name_byte(**b)).count();
            let name = &self.input[word_at..word_at + word];
            let brace_at = word_at + word + self.input[word_at + word..].iter().take_while(|b| **b == b' ').count();
            let is_block = self.input.get(brace_at) == Some(&b'{');
            let is_sql = matches!(name, b"pre_operations" | b"post_operations");
            if !is_block || !is_sql && !matches!(name, b"config" | b"js") {
                return;
            }
            let Some(end) = balanced_end(self.input, brace_at) else { return };
            self.done.has_tags = true;
            if is_sql {
                // What stands within are statements of their own.
                self.blank(self.at..brace_at + 1);
                self.at = brace_at + 1;
                self.operations_end = Some(end - 1);
                return;
            }
            self.blank(self.at..end);
            self.at = end;
        }
    }

    /// The brace behind operations ends a statement.
    pub(super) fn end_operations(&mut self) {
        self.out[self.at] = b';';
        self.at += 1;
        self.operations_end = None;
        self.blank_dataform_header();
    }

    pub(super) fn hole_in_code(&mut self) {
        if self.starts_with("{%") || self.starts_with("{#") {
            let close = if self.starts_with("{%") { "%}" } else { "#}" };
            let Some(end) = self.find(close, self.at + 2) else { return self.at += 1 };
            let end = self.end_of_branches(end + 2).or_else(|| self.end_between(end + 2)).unwrap_or(end + 2);
            self.blank(self.at..end);
            self.done.has_tags = true;
            self.at = end;
            return;
        }
        match self.hole_end().or_else(|| self.loose_hole_end()) {
            Some(end) if self.is_between(self.at..end) => {
                self.blank(self.at..end);
                self.done.has_tags = true;
                self.at = end;
            }
            Some(end) => self.take_hole(end),
            None => self.at += 1,
        }
    }

    /// What a loop puts between its turns, of which one is read: `{{ "," if not loop.last }}`.
    fn is_between(&self, range: Range<usize>) -> bool {
        let text = self.input.get(range).unwrap_or_default();
        text.starts_with(b"{{")
            && ["loop.first", "loop.last"].iter().any(|word| memchr::memmem::find(text, word.as_bytes()).is_some())
    }

    /// The same by a tag: `{% if not loop.first %} UNION ALL {% endif %}`.
    fn end_between(&mut self, after: usize) -> Option<usize> {
        let tag = self.input.get(self.at..after)?;
        let is_between = ["loop.first", "loop.last"].iter().any(|word| memchr::memmem::find(tag, word.as_bytes()).is_some());
        if !is_between || !is_tag(self.input, self.at, &["if"]) {
            return None;
        }
        let next = self.find("{%", after)?;
        if !is_tag(self.input, next, &["endif"]) || !is_connector(self.input.get(after..next)?) {
            return None;
        }
        self.find("%}", next).map(|end| end + 2)
    }

    /// After the first branch of `{% if %}` the others are left out, and that is said.
    pub(super) fn end_of_branches(&mut self, after: usize) -> Option<usize> {
        if !is_tag(self.input, self.at, &["else", "elif"]) {
            return None;
        }
        let mut depth = 0usize;
        let mut at = after;
        while let Some(next) = self.find("{%", at) {
            let is_end = is_tag(self.input, next, &["endif", "endfor"]);
            if is_end && depth == 0 {
                self.done.branches.push(self.at..next);
                return Some(next);
            }
            if is_end {
                depth -= 1;
            } else if is_tag(self.input, next, &["if", "for"]) {
                depth += 1;
            }
            at = next + 2;
        }
        None
    }

    pub(super) fn take_hole(&mut self, end: usize) {
        self.fill(self.at..end);
        self.done.holes.push(self.at..end);
        self.at = end;
    }

    /// Where a hole ends that is one in code, in names and in strings alike.
    pub(super) fn hole_end(&self) -> Option<usize> {
        if self.starts_with("{{") {
            return self.find("}}", self.at + 2).map(|end| end + 2);
        }
        let brace = if self.starts_with("${") {
            self.at + 1
        } else if self.starts_with("$${") {
            self.at + 2
        } else {
            return None;
        };
        self.bounded(|input| balanced_end(input, brace))
    }

    /// Holes that only count in code, where none of these characters means anything: `{name}`, `$name`, `%s`, `%(name)s`.
    pub(super) fn loose_hole_end(&self) -> Option<usize> {
        let rest = &self.input[self.at + 1..];
        let word = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || b"_.[]'\"-".contains(b)).count();
        match self.peek(0) {
            b'{' if rest.get(word) == Some(&b'}') => Some(self.at + word + 2),
            b'$' if rest.first().is_some_and(u8::is_ascii_alphabetic) => {
                Some(self.at + 1 + rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count())
            }
            b'%' if rest.first() == Some(&b'(') => {
                let close = memchr::memchr(b')', rest)?;
                rest.get(close + 1).filter(|b| b.is_ascii_alphabetic()).map(|_| self.at + close + 3)
            }
            b'%' if matches!(rest.first(), Some(b's' | b'd' | b'f' | b't' | b'T' | b'i' | b'p')) => Some(self.at + 2),
            _ => None,
        }
    }

    pub(super) fn hole_in_quotes(&mut self) {
        match self.hole_end() {
            Some(end) => self.take_hole(end),
            None if matches!(self.peek(0), b'{' | b'%') && self.peek(1).is_ascii_alphabetic() => self.brace_in_quotes(),
            None => self.at += 1,
        }
    }

    /// `{name}` inside a quoted name is a hole; inside a string it may be JSON, and the filler would do no harm.
    pub(super) fn brace_in_quotes(&mut self) {
        match self.loose_hole_end() {
            Some(end) => self.take_hole(end),
            None => self.at += 1,
        }
    }
}

/// Blanks and comments.
fn blank_length(input: &[u8]) -> usize {
    let mut at = 0;
    while let Some(rest) = input.get(at..) {
        let length = match rest {
            [byte, ..] if byte.is_ascii_whitespace() => 1,
            [b'#', ..] | [b'-', b'-', ..] | [b'/', b'/', ..] => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
            [b'/', b'*', ..] => memchr::memmem::find(rest, b"*/").map_or(rest.len(), |end| end + 2),
            _ => break,
        };
        at += length;
    }
    at
}

/// Words that stand between two things, and nothing else.
fn is_connector(text: &[u8]) -> bool {
    const CONNECTORS: &[&str] = &["UNION", "ALL", "DISTINCT", "BY", "NAME", "AND", "OR", ","];
    let text = String::from_utf8_lossy(text);
    text.split_whitespace().all(|word| CONNECTORS.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// `{% word`, `{%- word`.
fn is_tag(input: &[u8], at: usize, words: &[&str]) -> bool {
    let rest = input.get(at + 2..).unwrap_or_default();
    let start = rest.iter().take_while(|byte| matches!(byte, b' ' | b'-' | b'+' | b'\n' | b'\t')).count();
    let word = rest.get(start..).unwrap_or_default();
    let length = word.iter().take_while(|byte| is_name_byte(**byte)).count();
    words.iter().any(|known| word.get(..length) == Some(known.as_bytes()))
}

/// The end of a `{ … }` group of JavaScript or Terraform, past strings that hold braces.
fn balanced_end(input: &[u8], open: usize) -> Option<usize> {
    let mut depth = 0usize;
    let mut quote: Option<u8> = None;
    let mut at = open;
    while let Some(&byte) = input.get(at) {
        match (quote, byte) {
            (Some(_), b'\\') => at += 1,
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'' | b'`') => quote = Some(byte),
            (None, b'{') => depth += 1,
            (None, b'}') if depth == 1 => return Some(at + 1),
            (None, b'}') => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    None
}
