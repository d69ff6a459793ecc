//! The ordinary subset of YAML in one pass: block maps and lists, scalars of one line, block scalars, flow collections
//! of one line, anchors, aliases, comments. It drives the same builder as the events of the parser do, and gives up on
//! everything else, and on everything that may be wrong: then the parser decides, also what to say.

use super::yaml_build::{Builder, Kind, Reading};
use super::yaml_fast_scalar::{Cursor, inline};
use std::ops::Range;

/// An open block collection and its column.
#[derive(Debug, Clone, Copy)]
struct Level {
    column: usize,
    kind: Kind,
}

/// A key or a dash whose value has not come yet.
#[derive(Debug, Clone, Copy)]
struct Pending {
    column: usize,
    kind: Kind,
    anchor: usize,
    /// Where a missing value stands: behind the key.
    at: usize,
}

struct Fast<'a, 's> {
    cursor: Cursor<'a, 's>,
    levels: Vec<Level>,
    pending: Option<Pending>,
}

/// Reads the text that begins at `start`; `None` when it is not of the subset, and the builder is then worthless.
pub(super) fn read(source: &str, start: usize, builder: &mut Builder) -> Option<()> {
    if !is_plain_text(source.as_bytes().get(start..)?) {
        return None;
    }
    let mut fast = Fast { cursor: Cursor::new(source, start, builder), levels: Vec::new(), pending: None };
    fast.document()?;
    builder.end_document();
    Some(())
}

/// No tabs, control characters or odd line breaks: nothing that means something else in some places.
fn is_plain_text(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().all(|(index, byte)| match byte {
        b'\n' | 0x20..=0x7e => true,
        b'\r' => bytes.get(index + 1) == Some(&b'\n'),
        0xc2 => bytes.get(index + 1).is_some_and(|next| *next >= 0xa0),
        0xe2 => !matches!(bytes.get(index + 1..index + 3), Some([0x80, 0xa8 | 0xa9])),
        0..=0x1f | 0x7f | 0xef => false,
        0x80.. => true,
    })
}

impl Fast<'_, '_> {
    fn document(&mut self) -> Option<()> {
        let mut is_first = true;
        while let Some((line, column)) = self.cursor.next_line() {
            let text = self.cursor.slice(line.clone());
            if column == 0 && (text.starts_with("---") || text.starts_with("...") || text.starts_with('%')) {
                if !(is_first && text.trim_end() == "---") {
                    return None;
                }
                is_first = false;
                continue;
            }
            is_first = false;
            self.line(line, column)?;
        }
        self.missing_value()?;
        if self.levels.is_empty() {
            return None;
        }
        while self.levels.pop().is_some() {
            self.cursor.builder.end(0);
        }
        Some(())
    }

    /// A line that holds something; `line` begins behind its indentation.
    fn line(&mut self, line: Range<usize>, column: usize) -> Option<()> {
        let is_dash = is_dash(self.cursor.slice(line.clone()));
        let opens = match self.pending {
            None => self.levels.is_empty(),
            Some(pending) => column > pending.column || (column == pending.column && pending.kind == Kind::Map && is_dash),
        };
        if opens {
            let anchor = self.pending.take().map_or(0, |pending| pending.anchor);
            if self.levels.is_empty() && column > 0 {
                return None;
            }
            return self.node(line, column, anchor);
        }
        self.missing_value()?;
        self.leave(column, is_dash)?;
        self.entry(line, column)
    }

    /// A key without a value has the value null; what a dash alone means is left to the parser.
    fn missing_value(&mut self) -> Option<()> {
        match self.pending.take() {
            None => Some(()),
            Some(Pending { kind: Kind::Map, anchor: 0, at, .. }) => {
                let text = self.cursor.builder.document.slice_text(at, at);
                self.cursor.builder.scalar(text, Reading::Plain, at..at, 0);
                Some(())
            }
            Some(_) => None,
        }
    }

    /// Closes what is indented deeper than `column`, and a list at the column of its key when a key follows.
    fn leave(&mut self, column: usize, is_dash: bool) -> Option<()> {
        while let Some(level) = self.levels.last() {
            let ends = level.column > column || (level.column == column && level.kind == Kind::Sequence && !is_dash);
            if !ends {
                break;
            }
            self.levels.pop();
            self.cursor.builder.end(0);
        }
        let level = self.levels.last()?;
        (level.column == column && (level.kind == Kind::Sequence) == is_dash).then_some(())
    }

    /// A node that begins on this line: a list, a map, or a scalar that is all of it.
    fn node(&mut self, line: Range<usize>, column: usize, anchor: usize) -> Option<()> {
        let text = self.cursor.slice(line.clone());
        if is_dash(text) {
            self.open(Kind::Sequence, line.start, column, anchor)?;
            return self.entry(line, column);
        }
        if self.cursor.key_end(line.clone())?.is_some() {
            self.open(Kind::Map, line.start, column, anchor)?;
            return self.entry(line, column);
        }
        let parent = self.levels.last()?.column;
        inline(&mut self.cursor, line, anchor, parent)
    }

    fn open(&mut self, kind: Kind, at: usize, column: usize, anchor: usize) -> Option<()> {
        self.cursor.builder.begin(kind, at, false, anchor);
        self.levels.push(Level { column, kind });
        (!self.cursor.builder.is_refused()).then_some(())
    }

    /// A dash or a key, and what follows it on the line. Dashes may stand in a row; each turn is one of them.
    fn entry(&mut self, mut line: Range<usize>, mut column: usize) -> Option<()> {
        while is_dash(self.cursor.slice(line.clone())) {
            let (rest, blanks) = self.cursor.after_blanks(line.start + 1..line.end);
            if rest.is_empty() {
                self.pending = Some(Pending { column, kind: Kind::Sequence, anchor: 0, at: line.start });
                return Some(());
            }
            let inner = column + 1 + blanks;
            let text = self.cursor.slice(rest.clone());
            if is_dash(text) {
                self.open(Kind::Sequence, rest.start, inner, 0)?;
            } else if self.cursor.key_end(rest.clone())?.is_some() {
                self.open(Kind::Map, rest.start, inner, 0)?;
            } else {
                return self.value(rest, column, Kind::Sequence);
            }
            (line, column) = (rest, inner);
        }
        let key_end = self.cursor.key_end(line.clone())??;
        self.cursor.scalar(line.start..key_end, 0)?;
        let (rest, _) = self.cursor.after_blanks(key_end + 1..line.end);
        if rest.is_empty() {
            self.pending = Some(Pending { column, kind: Kind::Map, anchor: 0, at: key_end });
            return Some(());
        }
        self.value(rest, column, Kind::Map)
    }

    /// The value behind a key or a dash, with its anchor; it may be all that is on this line.
    fn value(&mut self, rest: Range<usize>, column: usize, kind: Kind) -> Option<()> {
        if !self.cursor.slice(rest.clone()).starts_with('&') {
            return inline(&mut self.cursor, rest, 0, column);
        }
        let (anchor, rest) = self.cursor.anchor(rest)?;
        if rest.is_empty() {
            self.pending = Some(Pending { column, kind, anchor, at: rest.start });
            return Some(());
        }
        if kind == Kind::Sequence && self.cursor.key_end(rest.clone())?.is_some() {
            return None;
        }
        inline(&mut self.cursor, rest, anchor, column)
    }
}

fn is_dash(text: &str) -> bool {
    text == "-" || text.starts_with("- ")
}
