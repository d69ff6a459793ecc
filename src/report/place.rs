//! Lines and columns of many spans, quickly: spans come in the order of their places, so each column is counted on
//! from the one before it, also on a line of five megabytes.

use crate::text::{BOM, FileId, Files, Position, Sides, Span, offset};
use std::cell::Cell;

/// Turns spans into positions.
pub(crate) struct Places<'a> {
    files: &'a Files,
    last: Cell<Option<Counted>>,
}

/// A column that is already known.
#[derive(Clone, Copy)]
struct Counted {
    file: FileId,
    line: usize,
    at: usize,
    column: u32,
}

impl<'a> Places<'a> {
    pub(crate) fn new(files: &'a Files) -> Places<'a> {
        Places { files, last: Cell::new(None) }
    }

    pub(crate) fn files(&self) -> &'a Files {
        self.files
    }

    /// Where a span begins and where its last character ends, both from 1, columns in characters.
    pub(crate) fn of(&self, span: Span) -> (Position, Position) {
        let start = self.position(span.file, span.start);
        (start, if span.end <= span.start { start } else { self.position(span.file, span.end) })
    }

    /// What is said behind a place that only the base has.
    pub(crate) fn side(&self, span: Span) -> &'static str {
        match self.files.get(span.file).sides {
            Sides::Base => " (base)",
            Sides::Head | Sides::Both => "",
        }
    }

    pub(crate) fn position(&self, id: FileId, at: u32) -> Position {
        let file = self.files.get(id);
        let starts = file.line_starts();
        let line = starts.partition_point(|start| *start <= at).max(1);
        let line_start = starts.get(line - 1).copied().unwrap_or(0) as usize;
        let at = file.text.floor_char_boundary(at as usize).max(line_start);
        let known = self.last.get().filter(|last| last.file == id && last.line == line && last.at <= at);
        let (from, column) = known.map_or((line_start, 1), |last| (last.at, last.column));
        let between = file.text.get(from..at).unwrap_or("");
        let between = if from == 0 { between.strip_prefix(BOM).unwrap_or(between) } else { between };
        let column = column + offset(between.chars().count());
        self.last.set(Some(Counted { file: id, line, at, column }));
        Position { line: offset(line), column }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{RepoPath, Side, SourceFile};

    #[test]
    fn places_agree_with_the_slow_way_in_any_order() {
        let text = "\u{feff}a: 名前\r\n\tb: é\rc\n\nlast";
        let mut files = Files::default();
        let path = RepoPath::new("a.yaml").expect("a plain name");
        let file = files.push(SourceFile::new(Side::Head, path, text.into()));
        let places = Places::new(&files);
        let forward: Vec<u32> = (0..=offset(text.len())).collect();
        for at in forward.iter().chain(forward.iter().rev()) {
            assert_eq!(places.position(file, *at), files.get(file).position(*at), "at {at}");
        }
    }
}
