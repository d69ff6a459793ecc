//! Literals of JavaScript as a tree: objects, lists, strings, numbers and words. What has to be computed is an expression.

use super::scan::{Mode, Scanner};
use crate::syntax::{Document, Entry, MAX_DEPTH, NodeId, Operator, Value};
use crate::text::Span;
use std::ops::Range;

/// The key of what another object puts in: `...shared`.
pub const SPREAD: &str = "...";

/// Adds the values between commas, such as those of a call, to the document.
pub(super) fn read_list(document: &mut Document, range: Range<usize>) -> Vec<NodeId> {
    let mut reader = Reader::new(document, range);
    let mut items = Vec::new();
    while let Some(item) = reader.item(|reader| Some(reader.value())) {
        items.push(item);
    }
    items
}

/// Adds the object whose entries these are to the document.
pub(super) fn read_object(document: &mut Document, range: Range<usize>) -> NodeId {
    let mut reader = Reader::new(document, range.clone());
    let entries = reader.entries();
    let map = Value::Map(reader.document.push_entries(entries));
    reader.push(map, range)
}

struct Reader<'a> {
    text: std::sync::Arc<str>,
    document: &'a mut Document,
    at: usize,
    end: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn new(document: &'a mut Document, range: Range<usize>) -> Reader<'a> {
        Reader { text: document.source().clone(), document, at: range.start, end: range.end, depth: 0 }
    }

    fn rest(&self) -> &[u8] {
        self.text.as_bytes().get(self.at..self.end).unwrap_or_default()
    }

    /// What stands up to the next comma, and past it; `None` at the end.
    fn item<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.skip(b",");
        if self.rest().is_empty() {
            return None;
        }
        read(self)
    }

    fn entries(&mut self) -> Vec<Entry> {
        let mut entries = Vec::new();
        while let Some(entry) = self.item(|reader| Some(reader.entry())) {
            entries.push(entry);
        }
        entries
    }

    /// `key: value`; without a colon it is the value of a variable, or of all of another object.
    fn entry(&mut self) -> Entry {
        let start = self.at;
        let key = self.key();
        self.skip(b"");
        if key.is_some() && self.rest().first() == Some(&b':') {
            self.at += 1;
            self.skip(b"");
            let value = self.value();
            return self.keyed(key.unwrap_or_default(), value);
        }
        self.at = start;
        let is_spread = self.rest().starts_with(SPREAD.as_bytes());
        let value = self.expression(start);
        self.keyed(if is_spread { start..start + SPREAD.len() } else { start..self.at }, value)
    }

    fn keyed(&self, key: Range<usize>, value: NodeId) -> Entry {
        let key_span = Span::new(self.document.file(), key.clone());
        Entry { key: self.document.slice_text(key.start, key.end), key_span, value, merged: false }
    }

    fn key(&mut self) -> Option<Range<usize>> {
        if let Some(quote @ (b'"' | b'\'')) = self.rest().first() {
            return self.quoted(*quote);
        }
        let length = self.rest().iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"_$".contains(byte)).count();
        self.at += length;
        (length > 0).then(|| self.at - length..self.at)
    }

    /// What stands between quotes, and past it.
    fn quoted(&mut self, quote: u8) -> Option<Range<usize>> {
        let start = self.at;
        let mode = if quote == b'`' { Mode::Template } else { Mode::Quoted { quote, is_triple: false, has_holes: false } };
        let mut scanner = Scanner::new(&self.text, start..self.end, Mode::Js(b','));
        let end = scanner.end_of(mode, 1)?;
        self.at = end;
        (self.text.as_bytes().get(end - 1) == Some(&quote)).then(|| start + 1..end - 1)
    }

    fn value(&mut self) -> NodeId {
        let start = self.at;
        let read = self.literal();
        self.skip(b"");
        match read {
            Some(value) if matches!(self.rest().first(), None | Some(b',' | b'}' | b']')) => value,
            _ => self.expression(start),
        }
    }

    fn literal(&mut self) -> Option<NodeId> {
        let start = self.at;
        match *self.rest().first()? {
            open @ (b'{' | b'[') => self.nested(open),
            quote @ (b'"' | b'\'' | b'`') => {
                let inner = self.quoted(quote)?;
                let text = self.unescaped(inner)?;
                Some(self.push(Value::String(text), start..self.at))
            }
            _ => self.word(),
        }
    }

    /// An object or a list.
    fn nested(&mut self, open: u8) -> Option<NodeId> {
        let start = self.at;
        let closer = if open == b'{' { b'}' } else { b']' };
        let end = Scanner::new(&self.text, start..self.end, Mode::Js(b',')).end_of(Mode::Js(closer), 1)?;
        if self.depth >= MAX_DEPTH {
            return None;
        }
        let outer = std::mem::replace(&mut self.end, end - 1);
        (self.at, self.depth) = (start + 1, self.depth + 1);
        let value = if open == b'{' {
            let entries = self.entries();
            Value::Map(self.document.push_entries(entries))
        } else {
            let mut items = Vec::new();
            while let Some(item) = self.item(|reader| Some(reader.value())) {
                items.push(item);
            }
            Value::Sequence(self.document.push_items(items))
        };
        (self.at, self.end, self.depth) = (end, outer, self.depth - 1);
        Some(self.push(value, start..end))
    }

    /// A number, `true`, `false`, `null`.
    fn word(&mut self) -> Option<NodeId> {
        let start = self.at;
        let length = self.rest().iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'.').count();
        self.at += length;
        let value = match self.text.get(start..self.at)? {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" | "undefined" => Value::Null,
            digits => digits.parse().map(Value::Int).ok().or_else(|| Some(Value::Float(digits.parse().ok()?)))?,
        };
        Some(self.push(value, start..self.at))
    }

    /// All up to the comma.
    fn expression(&mut self, start: usize) -> NodeId {
        let mut scanner = Scanner::new(&self.text, start..self.end, Mode::Js(b','));
        while !(scanner.is_done() || scanner.is_outside() && scanner.rest().first() == Some(&b',')) {
            scanner.step();
        }
        self.at = scanner.at;
        let name = self.document.slice_text(start, self.at);
        let operands = self.document.push_items([]);
        self.push(Value::Expression { operator: Operator::Other, name, operands }, start..self.at)
    }

    /// `None` where JavaScript fills something in.
    fn unescaped(&mut self, inner: Range<usize>) -> Option<crate::syntax::Text> {
        let raw = self.text.get(inner.clone())?;
        if raw.contains("${") {
            return None;
        }
        if !raw.contains('\\') {
            return Some(self.document.slice_text(inner.start, inner.end));
        }
        let plain = raw.replace("\\n", "\n").replace("\\\"", "\"").replace("\\'", "'").replace("\\`", "`").replace("\\\\", "\\");
        Some(self.document.owned_text(plain))
    }

    /// Blanks, comments, and these bytes.
    fn skip(&mut self, more: &[u8]) {
        loop {
            let rest = self.rest();
            let length = match rest {
                [byte, ..] if byte.is_ascii_whitespace() || more.contains(byte) => 1,
                [b'/', b'/', ..] => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
                [b'/', b'*', ..] => memchr::memmem::find(rest, b"*/").map_or(rest.len(), |end| end + 2),
                _ => return,
            };
            self.at += length;
        }
    }

    fn push(&mut self, value: Value, range: Range<usize>) -> NodeId {
        let span = Span::new(self.document.file(), range);
        self.document.push(value, span)
    }
}
