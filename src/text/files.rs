//! The files of both revisions, and their lines.

use super::{FileId, Position, RepoPath, Side, Sides, Span, offset};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// One file of one revision, or of both where it is the same in both.
#[derive(Debug)]
pub struct SourceFile {
    pub sides: Sides,
    pub path: RepoPath,
    pub text: Arc<str>,
    line_starts: OnceLock<Vec<u32>>,
}

/// The byte order mark that some editors put before the text.
pub const BOM: char = '\u{feff}';

impl SourceFile {
    pub fn new(sides: impl Into<Sides>, path: RepoPath, text: Arc<str>) -> SourceFile {
        SourceFile { sides: sides.into(), path, text, line_starts: OnceLock::new() }
    }

    /// The offsets at which lines begin: after `\n`, after `\r\n`, and after a lone `\r`. Computed once, on demand.
    pub fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| line_starts(&self.text))
    }

    /// The line and column of a byte offset; an offset inside a character counts as that character.
    pub fn position(&self, at: u32) -> Position {
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start <= at).max(1);
        let start = starts.get(line - 1).copied().unwrap_or(0) as usize;
        let end = self.text.floor_char_boundary(at as usize).max(start);
        let before = &self.text[start..end];
        let before = if start == 0 { before.strip_prefix(BOM).unwrap_or(before) } else { before };
        Position { line: offset(line), column: offset(before.chars().count()) + 1 }
    }

    /// The bytes of a line, counted from 1, without its line break.
    pub fn line_range(&self, line: u32) -> Range<usize> {
        let starts = self.line_starts();
        let index = line.saturating_sub(1) as usize;
        let start = starts.get(index).map_or(self.text.len(), |start| *start as usize);
        let end = starts.get(index + 1).map_or(self.text.len(), |end| *end as usize);
        start..start + self.text[start..end].trim_end_matches(['\n', '\r']).len()
    }
}

fn line_starts(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        if bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n') {
            continue;
        }
        starts.push(offset(at + 1));
    }
    starts
}

/// All files of both revisions. A [`Span`] alone names a place in it.
#[derive(Debug, Default)]
pub struct Files {
    files: Vec<SourceFile>,
    by_path: BTreeMap<(Side, RepoPath), FileId>,
}

impl Files {
    pub fn push(&mut self, file: SourceFile) -> FileId {
        let id = FileId::from_index(self.files.len());
        for side in [Side::Base, Side::Head].into_iter().filter(|side| file.sides.hold(*side)) {
            self.by_path.insert((side, file.path.clone()), id);
        }
        self.files.push(file);
        id
    }

    pub fn get(&self, id: FileId) -> &SourceFile {
        self.files.get(id.index()).expect("a FileId is only made by the Files that holds it")
    }

    pub fn find(&self, side: Side, path: &RepoPath) -> Option<FileId> {
        self.by_path.get(&(side, path.clone())).copied()
    }

    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(index, file)| (FileId::from_index(index), file))
    }

    /// The files of one revision.
    pub fn of(&self, side: Side) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.iter().filter(move |(_, file)| file.sides.hold(side))
    }

    pub fn len(&self) -> usize {
        self.files.len()
    }

    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The text that a span covers.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.file).text.get(span.range()).unwrap_or("")
    }

    /// Where a span starts and ends, for people. The end is the place after its last character.
    pub fn positions(&self, span: Span) -> (Position, Position) {
        let file = self.get(span.file);
        (file.position(span.start), file.position(span.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> SourceFile {
        SourceFile::new(Side::Head, RepoPath::new("a.yaml").expect("a plain name"), text.into())
    }

    fn place(text: &str, at: &str) -> (u32, u32) {
        let position = file(text).position(offset(text.find(at).expect("the text holds the mark")));
        (position.line, position.column)
    }

    #[test]
    fn columns_count_characters_from_one() {
        assert_eq!(place("ab\ncd: x", "x"), (2, 5));
        assert_eq!(place("名前: x", "x"), (1, 5));
        assert_eq!(place("\tx", "x"), (1, 2));
    }

    #[test]
    fn a_byte_order_mark_is_not_a_column() {
        assert_eq!(place("\u{feff}x: 1", "x"), (1, 1));
    }

    #[test]
    fn every_kind_of_line_break_ends_a_line() {
        assert_eq!(place("a\r\nb\rc\nx", "x"), (4, 1));
        assert_eq!(file("a\r\nbc\r\n").line_range(2), 3..5);
    }
}
