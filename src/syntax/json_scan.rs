//! One pass over a JSON text before it is parsed: nesting within the limit, strings that end, brackets that match.
//! The parser behind it recurses and is lenient about characters; this pass is neither.

use super::MAX_DEPTH;
use std::ops::Range;

/// What the pass found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    TooDeep(Range<usize>),
    /// A string whose line ends before its quote; the range is the opening quote.
    OpenString(Range<usize>),
    /// White space that JSON does not know.
    OddSpace(Range<usize>),
    /// A control character inside a string.
    ControlCharacter(Range<usize>),
    /// The bracket that closes and the one it meets.
    Mismatch(Range<usize>, Range<usize>),
    /// A bracket that closes nothing.
    NothingOpen(Range<usize>),
    NeverClosed(Range<usize>),
}

impl Flaw {
    /// Whether the parser may still be asked: it reads around the flaw, or stops before it.
    pub(super) fn is_harmless(&self) -> bool {
        !matches!(self, Flaw::TooDeep(_) | Flaw::OpenString(_))
    }
}

/// The first flaw of the text, and the brackets that are open at its end or at the flaw.
pub(super) fn scan(text: &str) -> (Option<Flaw>, Vec<usize>) {
    let mut scan = Scan { bytes: text.as_bytes(), text, at: 0, open: Vec::new() };
    let flaw = scan.run();
    (flaw, scan.open)
}

struct Scan<'s> {
    bytes: &'s [u8],
    text: &'s str,
    at: usize,
    open: Vec<usize>,
}

impl Scan<'_> {
    fn run(&mut self) -> Option<Flaw> {
        let mut control = None;
        while let Some(byte) = self.bytes.get(self.at).copied() {
            let flaw = match byte {
                b'"' => self.string(&mut control),
                b'[' | b'{' => self.open(),
                b']' | b'}' => self.close(byte),
                b'/' => self.comment(),
                0x0b | 0x0c => Some(Flaw::OddSpace(self.at..self.at + 1)),
                0x80.. => self.wide(),
                _ => self.skip(1),
            };
            if flaw.is_some() {
                return flaw;
            }
        }
        control.or_else(|| self.open.last().map(|open| Flaw::NeverClosed(*open..open + 1)))
    }

    fn skip(&mut self, n_bytes: usize) -> Option<Flaw> {
        self.at += n_bytes;
        None
    }

    fn open(&mut self) -> Option<Flaw> {
        if self.open.len() >= MAX_DEPTH {
            return Some(Flaw::TooDeep(self.at..self.at + 1));
        }
        self.open.push(self.at);
        self.skip(1)
    }

    fn close(&mut self, byte: u8) -> Option<Flaw> {
        let here = self.at..self.at + 1;
        let Some(open) = self.open.pop() else { return Some(Flaw::NothingOpen(here)) };
        let wanted = if self.bytes.get(open) == Some(&b'[') { b']' } else { b'}' };
        if byte != wanted {
            self.open.push(open);
            return Some(Flaw::Mismatch(here, open..open + 1));
        }
        self.skip(1)
    }

    /// From an opening quote to behind its closing one.
    fn string(&mut self, control: &mut Option<Flaw>) -> Option<Flaw> {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'"' => return self.skip(1),
                b'\\' if !matches!(self.bytes.get(self.at + 1), Some(b'\n' | b'\r')) => self.at += 2,
                b'\n' | b'\r' => break,
                0..=0x1f => {
                    control.get_or_insert(Flaw::ControlCharacter(self.at..self.at + 1));
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
        Some(Flaw::OpenString(start..start + 1))
    }

    fn comment(&mut self) -> Option<Flaw> {
        let rest = self.bytes.get(self.at..).unwrap_or(&[]);
        let length = match rest.get(1) {
            Some(b'/') => memchr::memchr2(b'\n', b'\r', rest),
            Some(b'*') => rest.get(2..).and_then(|body| memchr::memmem::find(body, b"*/")).map(|length| length + 4),
            _ => Some(1),
        };
        self.skip(length.unwrap_or(rest.len()))
    }

    fn wide(&mut self) -> Option<Flaw> {
        let character = self.text.get(self.at..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
        let range = self.at..self.at + character.len_utf8();
        if character.is_whitespace() || character == crate::text::BOM {
            return Some(Flaw::OddSpace(range));
        }
        self.skip(range.len())
    }
}
