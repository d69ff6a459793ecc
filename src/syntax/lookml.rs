//! Reads LookML: blocks with a key and perhaps a name, lists, strings, words, and expressions that end at `;;`. Lowers
//! them into the tree as HCL's blocks are: `view: trades { … }` is the entry `view` of a map with the entry `trades`.

use super::MAX_DEPTH;
use super::node::{Document, Entry, NodeId, Parsed, Problem, ProblemKind, Value};
use crate::text::{FileId, Span};
use std::ops::Range;
use std::sync::Arc;

/// Keys of expressions that do not begin with `sql`.
const EXPRESSIONS: [&str; 3] = ["html", "expression", "expression_custom_filter"];

/// Reads a file. What cannot be read is left out and said.
pub fn parse(file: FileId, source: &Arc<str>) -> Parsed {
    let document = Document::new(file, source.clone());
    let mut reader = Reader { text: source, at: 0, depth: 0, document, problems: Vec::new() };
    let entries = reader.entries(None);
    let root = Value::Map(reader.document.push_entries(entries));
    let root = reader.push(root, 0..source.len());
    reader.document.roots.push(root);
    Parsed { document: reader.document, problems: reader.problems }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    document: Document,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    /// The entries up to the brace that closes the block which begins at `open`, or to the end of the file.
    fn entries(&mut self, open: Option<usize>) -> Vec<Entry> {
        let mut entries = Vec::new();
        loop {
            self.skip();
            match (self.peek(), open) {
                (None, None) => return entries,
                (None, Some(open)) => {
                    self.problem(open..open + 1, "this block is not closed");
                    return entries;
                }
                (Some('}'), Some(_)) => {
                    self.at += 1;
                    return entries;
                }
                (Some(_), _) => entries.extend(self.entry_or_problem()),
            }
        }
    }

    /// Always moves on.
    fn entry_or_problem(&mut self) -> Option<Entry> {
        let start = self.at;
        let entry = self.entry();
        if entry.is_none() {
            if self.at == start {
                self.at += self.peek().map_or(1, char::len_utf8);
            }
            self.problem(start..self.at, "here a key with a colon should stand");
        }
        entry
    }

    fn entry(&mut self) -> Option<Entry> {
        let key = self.word()?;
        self.skip();
        if self.peek() != Some(':') {
            return None;
        }
        self.at += 1;
        let name = self.text.get(key.clone()).unwrap_or_default();
        let is_expression = name.starts_with("sql") || EXPRESSIONS.contains(&name);
        let value = if is_expression { self.expression() } else { self.value()? };
        Some(self.keyed(key, value))
    }

    fn keyed(&self, key: Range<usize>, value: NodeId) -> Entry {
        Entry { key: self.document.slice_text(key.start, key.end), key_span: self.span(key), value, merged: false }
    }

    /// All up to `;;`, without blanks around it.
    fn expression(&mut self) -> NodeId {
        let start = self.at;
        let rest = self.text.get(start..).unwrap_or_default();
        let end = start + rest.find(";;").unwrap_or(rest.len());
        self.at = (end + 2).min(self.text.len());
        if end == self.text.len() {
            self.problem(start..start, "this expression does not end: `;;` is missing");
        }
        let text = self.text.get(start..end).unwrap_or_default();
        let from = start + (text.len() - text.trim_start().len());
        self.string(from..(from + text.trim().len()))
    }

    fn value(&mut self) -> Option<NodeId> {
        self.skip();
        let start = self.at;
        match self.peek()? {
            '{' => Some(self.block()),
            '[' => Some(self.list()),
            '"' => {
                let inner = self.quoted();
                let text = self.unescaped(inner.clone());
                Some(self.named(start..self.at, inner, text))
            }
            _ => {
                let word = self.word()?;
                let text = self.document.slice_text(word.start, word.end);
                Some(self.named(word.clone(), word, text))
            }
        }
    }

    /// A scalar, or the name of the block behind it.
    fn named(&mut self, whole: Range<usize>, inner: Range<usize>, text: super::Text) -> NodeId {
        let end = self.at;
        self.skip();
        if self.peek() != Some('{') {
            self.at = end;
            return self.push(Value::String(text), whole);
        }
        let block = self.block();
        let entry = Entry { key: text, key_span: self.span(inner), value: block, merged: false };
        let map = Value::Map(self.document.push_entries([entry]));
        self.push(map, whole.start..self.at)
    }

    fn block(&mut self) -> NodeId {
        let open = self.at;
        self.at += 1;
        let entries = self.nested(|reader| reader.entries(Some(open)));
        let map = Value::Map(self.document.push_entries(entries));
        self.push(map, open..self.at)
    }

    fn list(&mut self) -> NodeId {
        let open = self.at;
        self.at += 1;
        let items = self.nested(|reader| reader.items(open));
        let sequence = Value::Sequence(self.document.push_items(items));
        self.push(sequence, open..self.at)
    }

    /// Items, which may have keys: `[orders.day: "7 days", orders.id]`.
    fn items(&mut self, open: usize) -> Vec<NodeId> {
        let mut items = Vec::new();
        loop {
            self.skip();
            match self.peek() {
                None | Some('}') => {
                    self.problem(open..open + 1, "this list is not closed");
                    return items;
                }
                Some(']') => {
                    self.at += 1;
                    return items;
                }
                Some(',') => self.at += 1,
                Some(_) => items.extend(self.item()),
            }
        }
    }

    fn item(&mut self) -> Option<NodeId> {
        let start = self.at;
        let Some(value) = self.value() else {
            self.at = start + self.peek().map_or(1, char::len_utf8);
            self.problem(start..self.at, "this is no item of a list");
            return None;
        };
        let (key, end) = (start..self.at, self.at);
        self.skip();
        if self.peek() != Some(':') {
            self.at = end;
            return Some(value);
        }
        self.at += 1;
        let value = self.value()?;
        let entry = self.keyed(key, value);
        let map = Value::Map(self.document.push_entries([entry]));
        Some(self.push(map, start..self.at))
    }

    /// One level down; what lies too deep is left out.
    fn nested<T: Default>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        if self.depth >= MAX_DEPTH {
            let problem = "this is nested too deep to be read";
            self.problem(self.at..self.at, problem);
            self.at = self.text.len();
            return T::default();
        }
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        found
    }

    /// What lies between quotes.
    fn quoted(&mut self) -> Range<usize> {
        let start = self.at + 1;
        let bytes = self.text.as_bytes();
        let mut at = start;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'\\' => at += 2,
                b'"' => {
                    self.at = at + 1;
                    return start..at;
                }
                _ => at += 1,
            }
        }
        self.problem(start - 1..start, "this string is not closed");
        self.at = self.text.len();
        start..self.text.len()
    }

    fn unescaped(&mut self, inner: Range<usize>) -> super::Text {
        let raw = self.text.get(inner.clone()).unwrap_or_default();
        match raw.contains('\\') {
            true => self.document.owned_text(raw.replace("\\\"", "\"").replace("\\\\", "\\")),
            false => self.document.slice_text(inner.start, inner.end),
        }
    }

    /// `trades.day`, `+trades`, `ALL_FIELDS*`, `@{NAME}_view`.
    fn word(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        let mut in_hole = false;
        for (offset, c) in self.text.get(start..)?.char_indices() {
            let before = self.text.as_bytes().get((start + offset).saturating_sub(1)).copied();
            match c {
                '{' if offset > 0 && matches!(before, Some(b'@' | b'$')) => in_hole = true,
                '}' if in_hole => in_hole = false,
                c if c.is_whitespace() || matches!(c, '{' | '}' | '[' | ']' | ',' | ':' | '"' | '#') => {
                    self.at = start + offset;
                    return (offset > 0).then_some(start..self.at);
                }
                _ => {}
            }
        }
        self.at = self.text.len();
        (start < self.at).then_some(start..self.at)
    }

    /// Blanks and comments.
    fn skip(&mut self) {
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let blank = rest.len() - rest.trim_start().len();
            self.at += blank;
            match rest.get(blank..).filter(|rest| rest.starts_with('#')) {
                Some(comment) => self.at += comment.find('\n').unwrap_or(comment.len()),
                None => return,
            }
        }
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn string(&mut self, range: Range<usize>) -> NodeId {
        let text = self.document.slice_text(range.start, range.end);
        self.push(Value::String(text), range)
    }

    fn push(&mut self, value: Value, range: Range<usize>) -> NodeId {
        let span = self.span(range);
        self.document.push(value, span)
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.document.file(), range)
    }

    fn problem(&mut self, range: Range<usize>, message: &str) {
        let span = self.span(range.start..range.end.min(self.text.len()).max(range.start));
        let message = message.to_owned();
        self.problems.push(Problem { kind: ProblemKind::Syntax, span, message, help: None, related: None });
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::syntax::testing::{dump, file};

    fn tree(text: &str) -> String {
        let parsed = parse(file(), &text.into());
        let problems: Vec<&str> = parsed.problems.iter().map(|problem| problem.message.as_str()).collect();
        [vec![dump(&parsed)], problems.into_iter().map(str::to_owned).collect()].concat().join("\n")
    }

    #[test]
    fn blocks_have_names_and_expressions_end_at_two_semicolons() {
        let text =
            "view: +trades { # refined\n sql_table_name: `p.raw.trades` ;;\n dimension: day { type: date sql: ${TABLE}.day;; } }";
        assert_eq!(
            tree(text),
            r#"{view: {+trades: {sql_table_name: "`p.raw.trades`", dimension: {day: {type: "date", sql: "${TABLE}.day"}}}}}"#
        );
    }

    #[test]
    fn lists_hold_words_strings_and_keyed_items() {
        let text = r#"explore: t { filters: [t.day: "7 days", -t.id, "a \"b\"",] extends: [x] } include: "/views/*.view""#;
        assert_eq!(
            tree(text),
            r#"{explore: {t: {filters: [{t.day: "7 days"}, "-t.id", "a \"b\""], extends: ["x"]}}, include: "/views/*.view"}"#
        );
    }

    #[test]
    fn constants_stand_in_words() {
        assert_eq!(tree("explore: @{NAME}_x { label: no }"), r#"{explore: {@{NAME}_x: {label: "no"}}}"#);
    }

    #[test]
    fn what_is_left_open_is_said_and_the_rest_is_read() {
        assert_eq!(tree("view: a { label: \"x\""), "{view: {a: {label: \"x\"}}}\nthis block is not closed");
        assert_eq!(tree("sql: SELECT 1"), "{sql: \"SELECT 1\"}\nthis expression does not end: `;;` is missing");
        assert_eq!(tree("] a: b"), "{a: \"b\"}\nhere a key with a colon should stand");
    }

    #[test]
    fn no_text_makes_it_panic_and_places_stay_places() {
        let text = "view: é { sql: ${x} ;; a: [b: \"c\\\"\", d] # e\n}";
        for (start, _) in text.char_indices() {
            for (end, _) in text.char_indices().filter(|(end, _)| *end >= start) {
                let parsed = parse(file(), &text[start..end].into());
                let source = parsed.document.source().clone();
                let places = parsed.document.node_ids().map(|id| parsed.document.span(id));
                assert!(
                    places
                        .chain(parsed.problems.iter().map(|problem| problem.span))
                        .all(|span| source.get(span.range()).is_some())
                );
            }
        }
        parse(file(), &"a: {".repeat(1000).as_str().into());
    }
}
