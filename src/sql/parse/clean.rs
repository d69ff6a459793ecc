//! Makes a text fit for the tokenizer without moving a byte: comments become blanks, template holes become names,
//! raw strings lose the escapes that the tokenizer misreads. Knows characters, not grammar.

mod template;

use crate::sql::SqlError;
use std::cell::Cell;
use std::ops::Range;

/// A hole of a template becomes a name of these; no name that people give begins so.
pub(super) const FILLER: &str = "hhhh";

/// The text after cleaning, of the same length in bytes.
#[derive(Debug, Default)]
pub(super) struct Clean {
    pub(super) text: String,
    /// What a template will fill in, in order.
    pub(super) holes: Vec<Range<usize>>,
    /// A string, name or comment that never ends.
    pub(super) failure: Option<SqlError>,
    /// Template tags were found, of which nothing is left (`{% if %}`).
    pub(super) has_tags: bool,
    /// Branches of a template that are not read.
    pub(super) branches: Vec<Range<usize>>,
}

/// Reads the text once, left to right.
pub(super) fn clean(text: &str) -> Clean {
    let mut cleaner = Cleaner {
        input: text.as_bytes(),
        out: text.as_bytes().to_vec(),
        at: 0,
        done: Clean::default(),
        unclosed: Cell::new(0),
        operations_end: None,
    };
    cleaner.blank_byte_order_mark();
    cleaner.blank_dataform_header();
    while cleaner.at < cleaner.input.len() && cleaner.done.failure.is_none() {
        cleaner.step();
    }
    let mut done = cleaner.done;
    done.text = String::from_utf8(cleaner.out).unwrap_or_else(|_| text.to_owned());
    done
}

struct Cleaner<'a> {
    input: &'a [u8],
    out: Vec<u8>,
    at: usize,
    done: Clean,
    /// Openings without an end, each of which cost a look at all of the rest.
    unclosed: Cell<usize>,
    /// Where the brace is that ends operations of Dataform.
    operations_end: Option<usize>,
}

/// After so many openings without an end the text is no template.
const UNCLOSED_LIMIT: usize = 20;

impl Cleaner<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.input.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn starts_with(&self, what: &str) -> bool {
        self.input.get(self.at..).is_some_and(|rest| rest.starts_with(what.as_bytes()))
    }

    fn find(&self, what: &str, from: usize) -> Option<usize> {
        self.bounded(|input| memchr::memmem::find(input.get(from..)?, what.as_bytes()).map(|found| from + found))
    }

    fn bounded(&self, look: impl Fn(&[u8]) -> Option<usize>) -> Option<usize> {
        if self.unclosed.get() > UNCLOSED_LIMIT {
            return None;
        }
        let found = look(self.input);
        if found.is_none() {
            self.unclosed.set(self.unclosed.get() + 1);
        }
        found
    }

    fn blank(&mut self, range: Range<usize>) {
        for byte in self.out.get_mut(range).into_iter().flatten() {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }

    fn fill(&mut self, range: Range<usize>) {
        for byte in self.out.get_mut(range).into_iter().flatten() {
            *byte = b'h';
        }
    }

    fn fail(&mut self, range: Range<usize>, message: &str) {
        self.done.failure = Some(SqlError { range, message: message.to_owned() });
    }

    fn blank_byte_order_mark(&mut self) {
        if self.input.starts_with("\u{feff}".as_bytes()) {
            self.blank(0..3);
            self.at = 3;
        }
    }

    fn step(&mut self) {
        if self.operations_end == Some(self.at) {
            return self.end_operations();
        }
        match self.peek(0) {
            b'#' => self.line_comment(),
            b'-' if self.peek(1) == b'-' => self.line_comment(),
            b'/' if self.peek(1) == b'*' => self.block_comment(),
            b'`' => self.quoted_name(),
            b'\'' | b'"' => self.string(),
            b'{' | b'$' | b'%' => self.hole_in_code(),
            b'.' => self.underscore_after_dot(),
            _ => self.at += 1,
        }
    }

    /// `f(x)._name` is taken for a broken number by the tokenizer; [`super::token::tokenize`] puts the name right again.
    fn underscore_after_dot(&mut self) {
        let before = self.at.checked_sub(1).and_then(|at| self.input.get(at));
        if matches!(before, Some(b']' | b')' | b'`')) && self.peek(1) == b'_' {
            self.out[self.at + 1] = b'h';
        }
        self.at += 1;
    }

    fn line_comment(&mut self) {
        let end = memchr::memchr(b'\n', &self.input[self.at..]).map_or(self.input.len(), |n| self.at + n);
        self.blank(self.at..end);
        self.at = end;
    }

    fn block_comment(&mut self) {
        let end = memchr::memmem::find(&self.input[self.at + 2..], b"*/").map(|found| self.at + 2 + found);
        match end {
            Some(end) => {
                self.blank(self.at..end + 2);
                self.at = end + 2;
            }
            None => self.fail(self.at..self.at + 2, "this comment is never closed: `*/` is missing"),
        }
    }

    fn quoted_name(&mut self) {
        let start = self.at;
        self.at += 1;
        while let Some(&byte) = self.input.get(self.at) {
            match byte {
                b'`' => return self.at += 1,
                b'\n' => break,
                b'\\' => self.at += 2,
                b'{' | b'$' | b'%' => self.hole_in_quotes(),
                _ => self.at += 1,
            }
        }
        let end = self.at.min(self.input.len());
        self.fail(start..end, "this quoted name is never closed: a backtick is missing");
    }

    fn string(&mut self) {
        let start = self.at;
        let quote = self.peek(0);
        let is_special = self.take_prefix(start);
        let is_triple = self.peek(1) == quote && self.peek(2) == quote;
        self.at += if is_triple { 3 } else { 1 };
        while let Some(&byte) = self.input.get(self.at) {
            match byte {
                b'\\' => self.escape(quote, is_special),
                b'{' | b'$' => match self.hole_end() {
                    Some(end) => self.take_hole(end),
                    None => self.at += 1,
                },
                b'\n' if !is_triple => break,
                _ if byte != quote => self.at += 1,
                _ if !is_triple => return self.at += 1,
                _ if self.peek(1) == quote && self.peek(2) == quote => return self.at += 3,
                _ => self.at += 1,
            }
        }
        let end = self.at.min(self.input.len());
        self.fail(start..if is_triple { start + 3 } else { end }, "this string is never closed: its closing quote is missing");
    }

    /// Reads `r`, `b`, `rb`, `br` before a quote; the tokenizer knows one letter only, and no escapes behind it.
    fn take_prefix(&mut self, quote_at: usize) -> bool {
        let length = self.input[..quote_at].iter().rev().take(3).take_while(|b| is_name_byte(**b)).count();
        let prefix = &self.input[quote_at - length..quote_at];
        if length == 0 || length > 2 || !prefix.iter().all(|b| matches!(b.to_ascii_lowercase(), b'r' | b'b')) {
            return false;
        }
        if length == 2 {
            self.out[quote_at - 2] = b' ';
            self.out[quote_at - 1] = b'b';
        }
        true
    }

    fn escape(&mut self, quote: u8, is_special: bool) {
        let next = self.peek(1);
        if is_special && (next == quote || next == b'\\') {
            self.out[self.at] = b'_';
            self.out[self.at + 1] = b'_';
        }
        self.at += 2;
    }
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
