//! Text with places: repository paths, files, byte spans, and the map from embedded text to its host.
//! Knows nothing of formats, rules or reports. Lines and columns exist only for renderers.

mod changed;
mod nearest;
mod revision;
mod tree;

pub use changed::ChangedLines;
pub use nearest::nearest;
pub use revision::{Revision, Side, Sides};
pub use tree::{Tree, TreeFile, Unread, UnreadFiles};

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// `1,234,567`.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A path relative to the root of the repository, with `/` between its parts and no `..` in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RepoPath(Arc<str>);

impl RepoPath {
    /// Normalises `path`; `None` when it is absolute, empty, or leaves the root.
    pub fn new(path: &str) -> Option<RepoPath> {
        RepoPath::join_parts(Vec::new(), path)
    }

    /// The path that `reference` names when it is written in this file, or `None` when it leaves the root.
    pub fn sibling(&self, reference: &str) -> Option<RepoPath> {
        let mut parts: Vec<&str> = self.0.split('/').collect();
        parts.pop();
        RepoPath::join_parts(parts, reference)
    }

    fn join_parts<'a>(mut parts: Vec<&'a str>, relative: &'a str) -> Option<RepoPath> {
        if relative.starts_with('/') || relative.contains(['\0', '\\']) || relative.contains(":/") {
            return None;
        }
        for part in relative.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                part => parts.push(part),
            }
        }
        (!parts.is_empty()).then(|| RepoPath(parts.join("/").into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last part of the path.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// The name without what follows its first dot: `orders` of `feeds/orders.feed.yaml`.
    pub fn stem(&self) -> &str {
        let name = self.name();
        name.split_once('.').map_or(name, |(stem, _)| stem)
    }

    /// The folder, without a slash at its end; empty at the root.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Whether this is the file or folder itself, or lies in it.
    pub fn lies_in(&self, folder: &RepoPath) -> bool {
        self.0.strip_prefix(folder.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Whether the name ends in `.extension`, in any case.
    pub fn has_extension(&self, extension: &str) -> bool {
        let name = self.name().as_bytes();
        let wanted = extension.as_bytes();
        name.len() > wanted.len()
            && name[name.len() - wanted.len()..].eq_ignore_ascii_case(wanted)
            && name[name.len() - wanted.len() - 1] == b'.'
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The number of a file in [`Files`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(u32);

impl FileId {
    /// The id of the file that is pushed as number `index`.
    pub fn from_index(index: usize) -> FileId {
        FileId(offset(index))
    }

    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A range of bytes in a file, on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    pub file: FileId,
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(file: FileId, range: Range<usize>) -> Span {
        Span { file, start: offset(range.start), end: offset(range.end.max(range.start)) }
    }

    /// The first place of a file.
    pub fn start_of(file: FileId) -> Span {
        Span { file, start: 0, end: 0 }
    }

    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The smallest span that holds both; `self` when the files differ.
    pub fn to(self, other: Span) -> Span {
        if self.file != other.file {
            return self;
        }
        Span { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A byte offset as it is stored. Files over 4 GiB are refused where they are read, so the cast never saturates.
pub fn offset(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// A value and the place where it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spanned<T> {
    pub value: T,
    pub span: Span,
}

impl<T> Spanned<T> {
    pub fn new(value: T, span: Span) -> Spanned<T> {
        Spanned { value, span }
    }

    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: f(self.value), span: self.span }
    }
}

/// A place as people count it: both from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

/// A day of the Gregorian calendar, as `2027-01-31`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    pub year: u16,
    pub month: u8,
    pub day: u8,
}

impl Date {
    /// Reads `YYYY-MM-DD`; `None` for a day that no calendar has.
    pub fn parse(text: &str) -> Option<Date> {
        let mut parts = text.split('-');
        let mut number = |width: usize| parts.next().filter(|part| part.len() == width)?.parse::<u16>().ok();
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 => 28 + u16::from(leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        let in_month = (1..=days).contains(&day) && parts.next().is_none();
        in_month.then_some(Date { year, month: u8::try_from(month).ok()?, day: u8::try_from(day).ok()? })
    }

    /// The day that lies `days` after 1970-01-01.
    pub fn from_days_since_epoch(days: i64) -> Date {
        // Counted in eras of 400 years that begin on 1 March, so that the leap day is the last of its year.
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        let small = |value: i64| u8::try_from(value).unwrap_or(1);
        Date { year: u16::try_from(year).unwrap_or(0), month: small(month), day: small(day) }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

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

/// Maps ranges of an embedded text (SQL in a YAML block scalar or an HCL heredoc, a string with escapes)
/// to the file that hosts it. Pieces are in order and cover the embedded text without gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpanMap {
    file: FileId,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    inner: u32,
    host_start: u32,
    host_end: u32,
    /// The embedded bytes equal the host's bytes; otherwise the whole host range stands for each of them.
    verbatim: bool,
}

impl SpanMap {
    pub fn new(file: FileId) -> SpanMap {
        SpanMap { file, pieces: Vec::new() }
    }

    /// The map of a text that is the file itself, from `start` on.
    pub fn verbatim(file: FileId, host: Range<usize>) -> SpanMap {
        let mut map = SpanMap::new(file);
        map.push_verbatim(0, host);
        map
    }

    /// From embedded offset `inner` on, the text equals the host's bytes.
    pub fn push_verbatim(&mut self, inner: usize, host: Range<usize>) {
        self.push(inner, host, true);
    }

    /// From embedded offset `inner` on, the text stands for the host's bytes as a whole: an escape, a template hole.
    pub fn push_replaced(&mut self, inner: usize, host: Range<usize>) {
        self.push(inner, host, false);
    }

    fn push(&mut self, inner: usize, host: Range<usize>, verbatim: bool) {
        let piece = Piece { inner: offset(inner), host_start: offset(host.start), host_end: offset(host.end), verbatim };
        self.pieces.push(piece);
    }

    pub fn file(&self) -> FileId {
        self.file
    }

    /// From embedded offset `inner` on, the text is that of another map into the same file.
    pub fn append(&mut self, inner: usize, other: &SpanMap) {
        let shifted = other.pieces.iter().map(|piece| Piece { inner: piece.inner.saturating_add(offset(inner)), ..*piece });
        self.pieces.extend(shifted);
    }

    /// The map of the same text behind `n_bytes` that stand nowhere in the host.
    pub fn behind(mut self, n_bytes: usize) -> SpanMap {
        let start = self.pieces.first().map_or(0, |piece| piece.host_start);
        for piece in &mut self.pieces {
            piece.inner = piece.inner.saturating_add(offset(n_bytes));
        }
        self.pieces.insert(0, Piece { inner: 0, host_start: start, host_end: start, verbatim: false });
        self
    }

    /// The place in the host of a range of the embedded text.
    pub fn span(&self, inner: Range<usize>) -> Span {
        let start = self.place(offset(inner.start), false);
        let end = if inner.is_empty() { start } else { self.place(offset(inner.end), true) };
        Span { file: self.file, start, end: end.max(start) }
    }

    /// The place of a range where the host may be written to as if it were the text: the text is the file.
    pub fn editable(&self, inner: Range<usize>) -> Option<Span> {
        let is_file = matches!(self.pieces.as_slice(), [piece] if piece.verbatim && piece.inner == 0 && piece.host_start == 0);
        is_file.then(|| self.span(inner))
    }

    /// The map of a text within a text: this one leads into the text that `outer` leads out of.
    pub fn within(&self, outer: &SpanMap) -> SpanMap {
        let mut map = SpanMap::new(outer.file);
        for piece in &self.pieces {
            let (start, end) = (piece.host_start, piece.host_end);
            if !piece.verbatim {
                let host = outer.span(start as usize..end as usize).range();
                map.push_replaced(piece.inner as usize, host);
                continue;
            }
            let first = outer.pieces.partition_point(|around| around.inner <= start).saturating_sub(1);
            for (at, around) in outer.pieces.iter().enumerate().skip(first) {
                let next = outer.pieces.get(at + 1).map_or(u32::MAX, |next| next.inner);
                let (from, until) = (around.inner.max(start), next.min(end));
                if from >= until {
                    break;
                }
                let host = outer.place(from, false) as usize..outer.place(until, true) as usize;
                map.push((piece.inner + (from - start)) as usize, host, around.verbatim);
            }
        }
        map
    }

    fn place(&self, inner: u32, is_end: bool) -> u32 {
        let after = self.pieces.partition_point(|piece| if is_end { piece.inner < inner } else { piece.inner <= inner });
        let Some(piece) = self.pieces.get(after.saturating_sub(1)) else { return 0 };
        let within = inner.saturating_sub(piece.inner);
        match (piece.verbatim, is_end) {
            (true, _) => (piece.host_start + within).min(piece.host_end),
            (false, true) => piece.host_end,
            (false, false) => piece.host_start,
        }
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

    #[test]
    fn a_path_never_leaves_the_root() {
        assert_eq!(RepoPath::new("../../etc/passwd"), None);
        assert_eq!(RepoPath::new("/etc/passwd"), None);
        assert_eq!(RepoPath::new("C:/x"), None);
        assert_eq!(RepoPath::new("a/./b/../c").map(|p| p.as_str().to_owned()).as_deref(), Some("a/c"));
        let feed = RepoPath::new("feeds/orders.yaml").expect("a plain path");
        assert_eq!(feed.sibling("../schemas/o.json").map(|p| p.as_str().to_owned()).as_deref(), Some("schemas/o.json"));
        assert_eq!(feed.sibling("../../o.json"), None);
    }

    #[test]
    fn dates_are_days_of_the_calendar() {
        assert_eq!(Date::parse("2027-02-29"), None);
        assert_eq!(Date::parse("2028-02-29").map(|date| date.to_string()).as_deref(), Some("2028-02-29"));
        assert_eq!(Date::parse("27-1-1"), None);
        let days = [(0, "1970-01-01"), (19_782, "2024-02-29"), (20_780, "2026-11-23"), (11_016, "2000-02-29")];
        for (days, date) in days {
            assert_eq!(Date::from_days_since_epoch(days).to_string(), date);
        }
    }

    #[test]
    fn what_is_put_before_a_text_stands_where_the_text_begins() {
        let map = SpanMap::verbatim(FileId::from_index(0), 10..14).behind(7);
        assert_eq!((map.span(0..9).range(), map.span(8..9).range(), map.span(0..3).range()), (10..12, 11..12, 10..10));
    }

    #[test]
    fn embedded_text_maps_back_to_its_host() {
        let mut map = SpanMap::new(FileId::from_index(0));
        map.push_verbatim(0, 10..14); // "abc\n"
        map.push_replaced(4, 20..26); // "x" stands for "${var}"
        map.push_verbatim(5, 26..30);
        let range = |inner| map.span(inner).range();
        assert_eq!(range(1..3), 11..13);
        assert_eq!(range(4..5), 20..26);
        assert_eq!(range(2..7), 12..28);
        assert_eq!(range(0..4), 10..14);
    }
}
