//! Steps through SQLX, in which SQL and JavaScript stand within each other: each bracket, string and comment is told by
//! the language that it stands in. Every step moves on, and none looks back.

use std::ops::Range;

/// What a place stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Sql,
    /// Code of JavaScript, up to this bracket.
    Js(u8),
    /// Text of JavaScript between backticks.
    Template,
    /// A string or a quoted name of SQL, or a string of JavaScript where it has no holes.
    Quoted {
        quote: u8,
        is_triple: bool,
        has_holes: bool,
    },
}

pub(super) struct Scanner<'a> {
    text: &'a [u8],
    pub(super) at: usize,
    base: Mode,
    open: Vec<Mode>,
}

impl<'a> Scanner<'a> {
    /// Reads a range of a text that begins in this mode.
    pub(super) fn new(text: &'a str, range: Range<usize>, base: Mode) -> Scanner<'a> {
        let text = text.as_bytes();
        Scanner { text: text.get(..range.end).unwrap_or(text), at: range.start, base, open: Vec::new() }
    }

    pub(super) fn is_done(&self) -> bool {
        self.at >= self.text.len()
    }

    /// Outside of all brackets and strings.
    pub(super) fn is_outside(&self) -> bool {
        self.open.is_empty()
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn mode(&self) -> Mode {
        self.open.last().copied().unwrap_or(self.base)
    }

    /// Where SQL, or a string of it, lets JavaScript fill something in.
    pub(super) fn is_at_hole(&self) -> bool {
        let may_be = matches!(self.mode(), Mode::Sql | Mode::Quoted { has_holes: true, .. });
        may_be && self.rest().starts_with(b"${")
    }

    pub(super) fn is_in_quotes(&self) -> bool {
        matches!(self.mode(), Mode::Quoted { .. })
    }

    /// The end of what begins here with so many bytes of an opening; `None` where it has none.
    pub(super) fn end_of(&mut self, mode: Mode, opening: usize) -> Option<usize> {
        let depth = self.open.len();
        self.push(mode, opening);
        while !self.is_done() {
            self.step();
            if self.open.len() == depth {
                return Some(self.at);
            }
        }
        None
    }

    pub(super) fn step(&mut self) {
        match self.mode() {
            Mode::Sql => self.sql(),
            Mode::Js(closer) => self.js(closer),
            Mode::Template => self.template(),
            Mode::Quoted { quote, is_triple, has_holes } => self.quoted(quote, is_triple, has_holes),
        }
        self.at = self.at.min(self.text.len());
    }

    fn push(&mut self, mode: Mode, length: usize) {
        self.open.push(mode);
        self.at += length;
    }

    fn pop(&mut self, length: usize) {
        self.open.pop();
        self.at += length;
    }

    fn sql(&mut self) {
        match *self.rest() {
            [b'-', b'-', ..] | [b'#', ..] => self.skip_line(),
            [b'/', b'*', ..] => self.skip_comment(),
            [b'$', b'{', ..] => self.push(Mode::Js(b'}'), 2),
            [b'{', ..] => self.push(Mode::Sql, 1),
            [b'}', ..] => self.pop(1),
            [quote @ (b'\'' | b'"'), second, third, ..] if second == quote && third == quote => {
                self.push(Mode::Quoted { quote, is_triple: true, has_holes: true }, 3);
            }
            [quote @ (b'\'' | b'"' | b'`'), ..] => self.push(Mode::Quoted { quote, is_triple: false, has_holes: true }, 1),
            _ => self.at += 1,
        }
    }

    fn js(&mut self, closer: u8) {
        match *self.rest() {
            [b'/', b'/', ..] => self.skip_line(),
            [b'/', b'*', ..] => self.skip_comment(),
            [b'{', ..] => self.push(Mode::Js(b'}'), 1),
            [b'(', ..] => self.push(Mode::Js(b')'), 1),
            [b'[', ..] => self.push(Mode::Js(b']'), 1),
            [b'`', ..] => self.push(Mode::Template, 1),
            [quote @ (b'\'' | b'"'), ..] => self.push(Mode::Quoted { quote, is_triple: false, has_holes: false }, 1),
            [byte, ..] if byte == closer => self.pop(1),
            _ => self.at += 1,
        }
    }

    fn template(&mut self) {
        match self.rest() {
            [b'\\', ..] => self.at += 2,
            [b'$', b'{', ..] => self.push(Mode::Js(b'}'), 2),
            [b'`', ..] => self.pop(1),
            _ => self.at += 1,
        }
    }

    fn quoted(&mut self, quote: u8, is_triple: bool, has_holes: bool) {
        match *self.rest() {
            [b'\\', ..] => self.at += 2,
            [b'$', b'{', ..] if has_holes => self.push(Mode::Js(b'}'), 2),
            [first, second, third, ..] if is_triple && [first, second, third] == [quote; 3] => self.pop(3),
            [byte, ..] if !is_triple && byte == quote => self.pop(1),
            // Such a string ends with its line, closed or not.
            [b'\n', ..] if !is_triple => self.pop(1),
            _ => self.at += 1,
        }
    }

    fn skip_line(&mut self) {
        self.at += memchr::memchr(b'\n', self.rest()).unwrap_or(self.text.len());
    }

    fn skip_comment(&mut self) {
        let end = memchr::memmem::find(self.rest().get(2..).unwrap_or_default(), b"*/");
        self.at += end.map_or(self.text.len(), |end| end + 4);
    }
}
