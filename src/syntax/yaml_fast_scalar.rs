//! Lines, scalars and flow collections of one line for the fast reader of YAML. Gives up (`None`) rather than guess.

use super::yaml_build::{Builder, Kind, Reading};
use std::collections::HashMap;
use std::ops::Range;

/// A key longer than this is the parser's business, which has a limit of its own.
const MAX_KEY: usize = 512;

/// Where the reader stands, and what it builds.
pub(super) struct Cursor<'a, 's> {
    source: &'s str,
    at: usize,
    pub(super) builder: &'a mut Builder,
    anchors: HashMap<&'s str, usize>,
    n_anchors: usize,
}

impl<'a, 's> Cursor<'a, 's> {
    pub(super) fn new(source: &'s str, at: usize, builder: &'a mut Builder) -> Cursor<'a, 's> {
        Cursor { source, at, builder, anchors: HashMap::new(), n_anchors: 0 }
    }

    pub(super) fn slice(&self, range: Range<usize>) -> &'s str {
        self.source.get(range).unwrap_or("")
    }

    fn byte(&self, at: usize) -> u8 {
        self.source.as_bytes().get(at).copied().unwrap_or(b'\n')
    }

    /// The next line that is neither blank nor a comment, without its indentation and its break, and its column.
    pub(super) fn next_line(&mut self) -> Option<(Range<usize>, usize)> {
        while self.at < self.source.len() {
            let (line, next) = self.line_at(self.at);
            let text = self.slice(line.clone());
            let column = text.len() - text.trim_start_matches(' ').len();
            self.at = next;
            if column < text.len() && self.byte(line.start + column) != b'#' {
                return Some((line.start + column..line.end, column));
            }
        }
        None
    }

    /// A line without its break, and where the next one begins.
    fn line_at(&self, at: usize) -> (Range<usize>, usize) {
        let rest = self.source.as_bytes().get(at..).unwrap_or(&[]);
        let Some(length) = memchr::memchr(b'\n', rest) else { return (at..self.source.len(), self.source.len()) };
        let end = if length > 0 && rest.get(length - 1) == Some(&b'\r') { length - 1 } else { length };
        (at..at + end, at + length + 1)
    }

    /// Skips blanks, and a comment behind at least one of them; an empty range is the end of the line.
    pub(super) fn after_blanks(&self, range: Range<usize>) -> (Range<usize>, usize) {
        let text = self.slice(range.clone());
        let blanks = text.len() - text.trim_start_matches(' ').len();
        let start = range.start + blanks;
        if blanks > 0 && self.byte(start) == b'#' && start < range.end {
            return (start..start, blanks);
        }
        (start..range.end, blanks)
    }

    /// Nothing but blanks and a comment may follow.
    fn ends(&self, range: Range<usize>) -> Option<()> {
        let (rest, _) = self.after_blanks(range);
        rest.is_empty().then_some(())
    }

    /// The end of the key that the line begins with: where its `:` stands. `Some(None)` when it begins with no key.
    pub(super) fn key_end(&self, line: Range<usize>) -> Option<Option<usize>> {
        let end = match self.byte(line.start) {
            b'"' | b'\'' => self.quoted_end(line.clone())?,
            b'[' | b'{' | b'|' | b'>' | b'*' | b'&' => return Some(None),
            _ => match self.plain_end(line.clone())? {
                (end, true) => end,
                (_, false) => return Some(None),
            },
        };
        if self.byte(end) != b':' || end >= line.end {
            let (rest, _) = self.after_blanks(end..line.end);
            return if self.byte(rest.start) == b':' && !rest.is_empty() { None } else { Some(None) };
        }
        let is_key = end + 1 == line.end || self.byte(end + 1) == b' ';
        (is_key && end - line.start <= MAX_KEY).then_some(Some(end))
    }

    /// The end of a plain scalar in block context, and whether a `:` that makes it a key ends it.
    fn plain_end(&self, line: Range<usize>) -> Option<(usize, bool)> {
        let text = self.slice(line.clone());
        match text.as_bytes() {
            [b'-', next, ..] if *next != b' ' => {}
            [b'-' | b'?' | b':' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>', ..] => return None,
            [b'\'' | b'"' | b'%' | b'@' | b'`', ..] | [] => return None,
            _ => {}
        }
        let bytes = text.as_bytes();
        let mut from = 0;
        while let Some(found) = memchr::memchr2(b':', b'#', bytes.get(from..)?) {
            let at = from + found;
            let is_colon = bytes.get(at) == Some(&b':');
            if is_colon && matches!(bytes.get(at + 1), None | Some(b' ')) {
                // Blanks before the colon are legal and rare.
                return (bytes.get(at.checked_sub(1)?) != Some(&b' ')).then_some((line.start + at, true));
            }
            if !is_colon && at > 0 && bytes.get(at - 1) == Some(&b' ') {
                let content = text.get(..at)?.trim_end_matches(' ').len();
                return Some((line.start + content, false));
            }
            from = at + 1;
        }
        Some((line.start + text.trim_end_matches(' ').len(), false))
    }

    /// Behind the closing quote of a quoted scalar that ends on its line and has simple escapes only.
    fn quoted_end(&self, line: Range<usize>) -> Option<usize> {
        let quote = self.byte(line.start);
        let mut at = line.start + 1;
        while at < line.end {
            match self.byte(at) {
                b'\\' if quote == b'"' => {
                    if !matches!(self.byte(at + 1), b'"' | b'\\' | b'/' | b'n' | b't') {
                        return None;
                    }
                    at += 2;
                }
                b'\'' if quote == b'\'' && self.byte(at + 1) == b'\'' => at += 2,
                byte if byte == quote => return Some(at + 1),
                _ => at += 1,
            }
        }
        None
    }

    /// A plain or quoted scalar that covers the range.
    pub(super) fn scalar(&mut self, range: Range<usize>, anchor: usize) -> Option<()> {
        let (text, reading) = match self.byte(range.start) {
            quote @ (b'"' | b'\'') => {
                let inner = range.start + 1..range.end - 1;
                let written = self.slice(inner.clone());
                let text = if memchr::memchr(if quote == b'"' { b'\\' } else { b'\'' }, written.as_bytes()).is_some() {
                    self.builder.document.owned_text(unescaped(written, quote))
                } else {
                    self.builder.document.slice_text(inner.start, inner.end)
                };
                (text, Reading::Text)
            }
            _ => (self.builder.document.slice_text(range.start, range.end), Reading::Plain),
        };
        self.builder.scalar(text, reading, range, anchor);
        Some(())
    }

    /// An anchor at the start of the range: its number, and what follows it.
    pub(super) fn anchor(&mut self, range: Range<usize>) -> Option<(usize, Range<usize>)> {
        let end = self.name_end(range.start + 1, range.end)?;
        let (rest, blanks) = self.after_blanks(end..range.end);
        if blanks == 0 && !rest.is_empty() {
            return None;
        }
        self.n_anchors += 1;
        self.anchors.insert(self.source.get(range.start + 1..end)?, self.n_anchors);
        // A second property would belong to the same node, and an alias takes none.
        let next = self.byte(rest.start);
        (rest.is_empty() || !matches!(next, b'&' | b'*' | b'!')).then_some((self.n_anchors, rest))
    }

    fn alias(&mut self, range: Range<usize>) -> Option<usize> {
        let end = self.name_end(range.start + 1, range.end)?;
        let anchor = *self.anchors.get(self.source.get(range.start + 1..end)?)?;
        self.builder.alias(anchor, range.start..end);
        (!self.builder.is_refused()).then_some(end)
    }

    fn name_end(&self, start: usize, end: usize) -> Option<usize> {
        let name = self.slice(start..end);
        let length = name.find(|next: char| !(next.is_ascii_alphanumeric() || next == '_' || next == '-')).unwrap_or(name.len());
        (length > 0).then_some(start + length)
    }
}

fn unescaped(written: &str, quote: u8) -> String {
    if quote == b'\'' {
        return written.replace("''", "'");
    }
    let mut text = String::with_capacity(written.len());
    let mut characters = written.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => text.extend(characters.next().map(|escape| match escape {
                'n' => '\n',
                't' => '\t',
                other => other,
            })),
            other => text.push(other),
        }
    }
    text
}

/// A value that begins on this line, in a collection at `column`: a scalar, an alias, a flow collection, a block scalar.
/// The next line must not continue it.
pub(super) fn inline(cursor: &mut Cursor<'_, '_>, rest: Range<usize>, anchor: usize, column: usize) -> Option<()> {
    let end = match cursor.byte(rest.start) {
        b'|' | b'>' => return block(cursor, rest, anchor, column),
        b'[' | b'{' => flow(cursor, rest.clone(), anchor)?.start,
        b'*' if anchor == 0 => cursor.alias(rest.clone())?,
        b'"' | b'\'' => {
            let end = cursor.quoted_end(rest.clone())?;
            cursor.scalar(rest.start..end, anchor)?;
            end
        }
        _ => {
            let (end, false) = cursor.plain_end(rest.clone())? else { return None };
            cursor.scalar(rest.start..end, anchor)?;
            end
        }
    };
    cursor.ends(end..rest.end)?;
    // A deeper line would continue a plain scalar, or be wrong.
    let here = cursor.at;
    let next = cursor.next_line();
    cursor.at = here;
    next.is_none_or(|(_, next)| next <= column).then_some(())
}

/// A flow collection that ends on its line; gives what follows it. One loop over all levels, because nesting that the
/// text decides must not recurse.
pub(super) fn flow(cursor: &mut Cursor<'_, '_>, line: Range<usize>, anchor: usize) -> Option<Range<usize>> {
    let mut open: Vec<Kind> = Vec::new();
    let mut at = line.start;
    let mut anchor = anchor;
    loop {
        // A value is due at `at`.
        let (rest, blanks) = cursor.after_blanks(at..line.end);
        if rest.is_empty() || (blanks > 0 && open.is_empty()) {
            return None;
        }
        at = rest.start;
        match cursor.byte(at) {
            bracket @ (b'[' | b'{') => {
                let kind = if bracket == b'[' { Kind::Sequence } else { Kind::Map };
                cursor.builder.begin(kind, at, true, std::mem::take(&mut anchor));
                if cursor.builder.is_refused() {
                    return None;
                }
                open.push(kind);
                let (rest, _) = cursor.after_blanks(at + 1..line.end);
                at = rest.start;
                if cursor.byte(at) != closing(kind) || rest.is_empty() {
                    at = flow_key(cursor, kind, at..line.end)?;
                    continue;
                }
            }
            b'*' => at = cursor.alias(at..line.end)?,
            _ => at = flow_scalar(cursor, at..line.end)?,
        }
        // A value has ended, or an empty collection is about to.
        loop {
            let (rest, _) = cursor.after_blanks(at..line.end);
            at = rest.start;
            let kind = *open.last()?;
            match cursor.byte(at) {
                _ if rest.is_empty() => return None,
                b',' => {
                    at = flow_key(cursor, kind, at + 1..line.end)?;
                    break;
                }
                byte if byte == closing(kind) => {
                    at += 1;
                    cursor.builder.end(at);
                    open.pop();
                    if open.is_empty() {
                        return Some(at..line.end);
                    }
                }
                _ => return None,
            }
        }
    }
}

fn closing(kind: Kind) -> u8 {
    match kind {
        Kind::Sequence => b']',
        Kind::Map => b'}',
    }
}

/// In a map the key and its colon; gives where the value is due.
fn flow_key(cursor: &mut Cursor<'_, '_>, kind: Kind, range: Range<usize>) -> Option<usize> {
    if kind == Kind::Sequence {
        return Some(range.start);
    }
    let (rest, _) = cursor.after_blanks(range);
    let start = rest.start;
    let end = flow_scalar_end(cursor, rest.clone())?;
    if cursor.byte(end) != b':' || cursor.byte(end + 1) != b' ' || end + 1 >= rest.end || end - start > MAX_KEY {
        return None;
    }
    cursor.scalar(start..end, 0)?;
    Some(end + 1)
}

/// A scalar that is a value; a `:` behind it would make it a key.
fn flow_scalar(cursor: &mut Cursor<'_, '_>, range: Range<usize>) -> Option<usize> {
    let end = flow_scalar_end(cursor, range.clone())?;
    let (rest, _) = cursor.after_blanks(end..range.end);
    if !matches!(cursor.byte(rest.start), b',' | b']' | b'}') || rest.is_empty() {
        return None;
    }
    cursor.scalar(range.start..end, 0)?;
    Some(end)
}

fn flow_scalar_end(cursor: &Cursor<'_, '_>, range: Range<usize>) -> Option<usize> {
    match cursor.byte(range.start) {
        b'"' | b'\'' => cursor.quoted_end(range),
        b'-' | b'?' | b':' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'%' | b'@' | b'`' | b',' | b'[' | b']' | b'{' | b'}' => {
            None
        }
        _ => {
            let text = cursor.slice(range.clone());
            let length = text.find([',', '[', ']', '{', '}', ':', '#'])?;
            let stop = cursor.byte(range.start + length);
            let content = text.get(..length)?.trim_end_matches(' ').len();
            let is_clean = match stop {
                b':' => content == length && content > 0,
                b',' | b']' | b'}' => content > 0,
                _ => false,
            };
            is_clean.then_some(range.start + content)
        }
    }
}

/// `|` and `>` without an indentation indicator.
fn block(cursor: &mut Cursor<'_, '_>, rest: Range<usize>, anchor: usize, column: usize) -> Option<()> {
    let is_folded = cursor.byte(rest.start) == b'>';
    let (header, chomping) = match cursor.byte(rest.start + 1) {
        sign @ (b'-' | b'+') if rest.start + 1 < rest.end => (rest.start + 2, sign),
        _ => (rest.start + 1, b' '),
    };
    cursor.ends(header..rest.end)?;
    let mut text = String::new();
    let mut indentation = None;
    let mut last_end = rest.start;
    let mut n_breaks = 0;
    while cursor.at < cursor.source.len() {
        let (line, next) = cursor.line_at(cursor.at);
        let written = cursor.slice(line.clone());
        let spaces = written.len() - written.trim_start_matches(' ').len();
        if spaces == written.len() {
            // Blanks beyond the indentation are text; only a parser knows before which line they stand.
            if spaces > 0 && spaces > indentation.unwrap_or(0) || next == cursor.source.len() && line.end == next {
                return None;
            }
            n_breaks += 1;
            cursor.at = next;
            continue;
        }
        let wanted = *indentation.get_or_insert(spaces);
        if spaces < wanted || wanted <= column {
            if spaces > column || wanted <= column {
                return None;
            }
            break;
        }
        if next == line.end || (is_folded && spaces > wanted) {
            return None;
        }
        push_line(&mut text, n_breaks, is_folded);
        text.push_str(cursor.slice(line.start + wanted..line.end));
        n_breaks = 1;
        last_end = line.start + written.trim_end_matches(' ').len();
        cursor.at = next;
    }
    indentation?;
    match chomping {
        b'-' => {}
        b'+' => text.push_str(&"\n".repeat(n_breaks)),
        _ => text.push('\n'),
    }
    let text = cursor.builder.document.owned_text(text);
    cursor.builder.scalar(text, Reading::Text, rest.start..last_end, anchor);
    Some(())
}

/// The line breaks between two lines of a block scalar: all of them, or folded.
fn push_line(text: &mut String, n_breaks: usize, is_folded: bool) {
    match (is_folded && !text.is_empty() && !text.ends_with('\n'), n_breaks) {
        (true, 1) => text.push(' '),
        (true, _) => text.push_str(&"\n".repeat(n_breaks - 1)),
        (false, _) => text.push_str(&"\n".repeat(n_breaks)),
    }
}
