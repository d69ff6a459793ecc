//! The map from embedded text to the file that hosts it.

use super::{FileId, Span, offset};
use std::ops::Range;

/// Maps ranges of an embedded text (SQL in a YAML block scalar or an HCL heredoc, a string with escapes)
/// to the file that hosts it. Pieces are in order and cover the embedded text without gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpanMap {
    file: FileId,
    pieces: Vec<Piece>,
    /// The host writes a line of text as it is: a heredoc, a block scalar, a file.
    is_literal: bool,
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
        SpanMap { file, pieces: Vec::new(), is_literal: false }
    }

    /// The same, where the host writes a line of text as it is, without escapes.
    pub fn literal(self) -> SpanMap {
        SpanMap { is_literal: true, ..self }
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

    /// From embedded offset `inner` on, the text is that of another map into the same file, which is written alike.
    pub fn append(&mut self, inner: usize, other: &SpanMap) {
        let shifted = other.pieces.iter().map(|piece| Piece { inner: piece.inner.saturating_add(offset(inner)), ..*piece });
        self.pieces.extend(shifted);
        self.is_literal = other.is_literal;
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

    /// The place of a range where the host may be written to as if it were the text, a line at a time: the text is the
    /// file, or the range stands in it as it is.
    pub fn editable(&self, inner: Range<usize>) -> Option<Span> {
        let is_file = matches!(self.pieces.as_slice(), [piece] if piece.verbatim && piece.inner == 0 && piece.host_start == 0);
        (is_file || self.is_literal && self.is_copied(&inner)).then(|| self.span(inner))
    }

    /// Nothing in the range is written otherwise in the host.
    fn is_copied(&self, inner: &Range<usize>) -> bool {
        let first = self.pieces.partition_point(|piece| piece.inner <= offset(inner.start)).saturating_sub(1);
        let last = self.pieces.partition_point(|piece| piece.inner < offset(inner.end)).max(first + 1);
        self.pieces.get(first..last).is_some_and(|pieces| pieces.iter().all(|piece| piece.verbatim))
    }

    /// The map of a text within a text: this one leads into the text that `outer` leads out of.
    pub fn within(&self, outer: &SpanMap) -> SpanMap {
        let mut map = SpanMap { is_literal: self.is_literal && outer.is_literal, ..SpanMap::new(outer.file) };
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

    #[test]
    fn what_is_put_before_a_text_stands_where_the_text_begins() {
        let map = SpanMap::verbatim(FileId::from_index(0), 10..14).behind(7);
        assert_eq!((map.span(0..9).range(), map.span(8..9).range(), map.span(0..3).range()), (10..12, 11..12, 10..10));
    }

    #[test]
    fn a_host_is_written_to_where_it_holds_the_text_as_it_is() {
        let mut map = SpanMap::new(FileId::from_index(0));
        map.push_verbatim(0, 10..14);
        map.push_replaced(4, 20..26);
        map.push_verbatim(5, 26..30);
        map.push_verbatim(9, 34..38);
        assert_eq!(map.editable(0..1), None);
        let map = map.literal();
        let editable = |inner| map.editable(inner).map(Span::range);
        assert_eq!([editable(1..3), editable(0..0), editable(5..5), editable(6..12)], [11..13, 10..10, 26..26, 27..37].map(Some));
        assert_eq!([editable(3..5), editable(4..4), editable(4..6)], [None, None, None]);
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
