//! A text that differs from how it is written, and where each piece of it stands. Knows no notation.

use crate::text::{FileId, SpanMap};
use std::ops::Range;

/// A decoded text and where its pieces stand: from embedded offset `inner` on, these bytes of the source.
#[derive(Debug, Default)]
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) inner: usize,
    pub(super) host: Range<usize>,
    pub(super) is_verbatim: bool,
}

impl Decoded {
    pub(super) fn copy(&mut self, source: &str, host: Range<usize>) {
        let Some(written) = source.get(host.clone()).filter(|written| !written.is_empty()) else { return };
        let inner = self.text.len();
        self.text.push_str(written);
        match self.pieces.last_mut() {
            Some(last) if last.is_verbatim && last.host.end == host.start => last.host.end = host.end,
            _ => self.pieces.push(Piece { inner, host, is_verbatim: true }),
        }
    }

    pub(super) fn replace(&mut self, text: &str, host: Range<usize>) {
        if !text.is_empty() {
            self.pieces.push(Piece { inner: self.text.len(), host, is_verbatim: false });
            self.text.push_str(text);
        }
    }
}

impl Decoded {
    /// The text and its map to the file; `whole` is where an empty text stands.
    pub(super) fn into_map(self, file: FileId, whole: Range<usize>) -> (String, SpanMap) {
        let mut map = SpanMap::new(file);
        for piece in &self.pieces {
            match piece.is_verbatim {
                true => map.push_verbatim(piece.inner, piece.host.clone()),
                false => map.push_replaced(piece.inner, piece.host.clone()),
            }
        }
        if self.pieces.is_empty() {
            map.push_replaced(0, whole);
        }
        (self.text, map)
    }

    /// Keeps the first `length` bytes.
    pub(super) fn truncate(&mut self, length: usize) {
        self.text.truncate(length);
        self.pieces.retain(|piece| piece.inner < length);
        if let Some(last) = self.pieces.last_mut().filter(|last| last.is_verbatim) {
            last.host.end = last.host.end.min(last.host.start + length - last.inner);
        }
    }

    /// A text decoded twice: `self` came out of the text that `first` came to.
    pub(super) fn within(self, first: &Decoded) -> Decoded {
        let mut both = Decoded { text: String::new(), pieces: Vec::new() };
        for (index, piece) in self.pieces.iter().enumerate() {
            let end = self.pieces.get(index + 1).map_or(self.text.len(), |next| next.inner);
            if piece.is_verbatim {
                first.copy_into(&mut both, piece.host.clone());
            } else {
                let host = first.host(piece.host.clone());
                both.replace(self.text.get(piece.inner..end).unwrap_or(""), host);
            }
        }
        both
    }

    /// The pieces that stand for `range` of this text, appended to `target`.
    fn copy_into(&self, target: &mut Decoded, range: Range<usize>) {
        for (index, piece) in self.pieces.iter().enumerate() {
            let end = self.pieces.get(index + 1).map_or(self.text.len(), |next| next.inner);
            let inner = piece.inner.max(range.start)..end.min(range.end);
            let Some(text) = self.text.get(inner.clone()).filter(|text| !text.is_empty()) else { continue };
            let from = target.text.len();
            target.text.push_str(text);
            let host = match piece.is_verbatim {
                true => piece.host.start + inner.start - piece.inner..piece.host.start + inner.end - piece.inner,
                false => piece.host.clone(),
            };
            target.pieces.push(Piece { inner: from, host, is_verbatim: piece.is_verbatim });
        }
    }

    fn host(&self, range: Range<usize>) -> Range<usize> {
        let mut stretch = Decoded::default();
        self.copy_into(&mut stretch, range);
        let start = stretch.pieces.first().map_or(0, |piece| piece.host.start);
        start..stretch.pieces.last().map_or(start, |piece| piece.host.end)
    }
}
