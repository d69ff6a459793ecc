//! How records lie in a text, and where the text can be cut into chunks of whole records. Reads in constant memory.

use memchr::{memchr, memchr_iter, memrchr};
use std::io::{self, Read};

/// How the records of a text are set apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One on each line.
    Lines,
    /// The items of one list.
    List,
    /// One behind the other, over several lines each.
    Spread,
}

/// Whole records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chunk {
    pub layout: Layout,
    pub is_first: bool,
    pub is_last: bool,
    /// The bytes of one record that is too long to be looked at; the chunk holds nothing else.
    pub n_skipped: Option<u64>,
}

/// A chunk has about this many bytes.
const CHUNK: usize = 512 << 10;

/// A record that is longer is not looked at.
pub const MAX_RECORD: usize = 16 << 20;

/// What a file is whose first bytes say that it holds no JSON in UTF-8.
pub(super) fn foreign(head: &[u8]) -> Option<&'static str> {
    let known: [(&[u8], &str); 8] = [
        (b"\xff\xfe", "text in UTF-16"),
        (b"\xfe\xff", "text in UTF-16"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"PAR1", "a Parquet file"),
        (b"Obj\x01", "an Avro file"),
        (b"BZh", "packed with bzip2"),
        (b"\xfd7zXZ", "packed with xz"),
        (b"%PDF", "a PDF document"),
    ];
    known.into_iter().find(|(sign, _)| head.starts_with(sign)).map(|(_, what)| what)
}

/// The byte order mark in UTF-8.
pub(super) const BOM: &[u8] = b"\xef\xbb\xbf";

impl Layout {
    /// The layout that the beginning of a text shows.
    pub(super) fn of(head: &[u8]) -> Layout {
        let head = head.strip_prefix(BOM).unwrap_or(head).trim_ascii_start();
        if head.first() == Some(&b'[') {
            return Layout::List;
        }
        let end = memchr(b'\n', head).unwrap_or(head.len());
        let (first, rest) = head.split_at_checked(end).unwrap_or((head, &[]));
        let is_open = first.first() == Some(&b'{') && !Bounds::new(Layout::Spread).has_end(first);
        // A first line that breaks off before the next record begins is a broken record, not a layout.
        let goes_on = rest.trim_ascii_start().first().is_some_and(|byte| *byte != b'{');
        if is_open && goes_on { Layout::Spread } else { Layout::Lines }
    }
}

/// Finds the ends of records that brackets tell.
#[derive(Debug, Clone)]
pub(super) struct Bounds {
    layout: Layout,
    depth: u32,
    in_text: bool,
    is_escaped: bool,
}

impl Bounds {
    pub(super) fn new(layout: Layout) -> Bounds {
        Bounds { layout, depth: 0, in_text: false, is_escaped: false }
    }

    /// Within a list that is open already.
    pub(super) fn inside_list() -> Bounds {
        Bounds { depth: 1, ..Bounds::new(Layout::List) }
    }

    fn has_end(mut self, bytes: &[u8]) -> bool {
        bytes.iter().any(|byte| self.is_end(*byte))
    }

    /// Whether a record ends here: in a list before this byte, else with it.
    pub(super) fn is_end(&mut self, byte: u8) -> bool {
        if self.in_text {
            self.in_text = byte != b'"' || self.is_escaped;
            self.is_escaped = byte == b'\\' && !self.is_escaped;
            return false;
        }
        match byte {
            b'"' => self.in_text = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                return self.depth == 0;
            }
            b',' => return self.layout == Layout::List && self.depth == 1,
            _ => {}
        }
        false
    }
}

/// Cuts what a reader gives into chunks.
pub struct Chunks<R> {
    reader: R,
    layout: Option<Layout>,
    bounds: Bounds,
    /// What was read behind the last chunk.
    carried: Vec<u8>,
    is_done: bool,
}

impl<R: Read> Chunks<R> {
    pub fn new(reader: R) -> Chunks<R> {
        Chunks { reader, layout: None, bounds: Bounds::new(Layout::Lines), carried: Vec::new(), is_done: false }
    }

    /// Fills the buffer with the next chunk; `None` at the end.
    pub fn next(&mut self, buffer: &mut Vec<u8>) -> io::Result<Option<Chunk>> {
        buffer.clear();
        if self.is_done {
            return Ok(None);
        }
        std::mem::swap(buffer, &mut self.carried);
        let is_first = self.layout.is_none();
        let mut n_looked_at = 0;
        loop {
            let n_read = (&mut self.reader).take(CHUNK as u64).read_to_end(buffer)?;
            let layout = *self.layout.get_or_insert_with(|| Layout::of(buffer));
            if is_first && n_looked_at == 0 {
                self.bounds = Bounds::new(layout);
            }
            if n_read == 0 || (is_first && foreign(buffer).is_some()) {
                self.is_done = true;
                return Ok(Some(Chunk { layout, is_first, is_last: true, n_skipped: None }));
            }
            let new = buffer.get(n_looked_at..).unwrap_or(&[]);
            // What is carried over may begin with the end that it was cut at.
            if let Some(end) = self.last_end(layout, new).filter(|end| n_looked_at + end > 0) {
                let rest = buffer.get(n_looked_at + end..).unwrap_or(&[]);
                self.carried.extend_from_slice(rest);
                self.look_again(layout);
                buffer.truncate(n_looked_at + end);
                return Ok(Some(Chunk { layout, is_first, is_last: false, n_skipped: None }));
            }
            n_looked_at = buffer.len();
            if n_looked_at > MAX_RECORD {
                return self.skip(layout, is_first, buffer).map(Some);
            }
        }
    }

    /// The end of the last whole record in what is new.
    fn last_end(&mut self, layout: Layout, new: &[u8]) -> Option<usize> {
        if layout == Layout::Lines {
            return memrchr(b'\n', new).map(|at| at + 1);
        }
        let mut last = None;
        for (at, byte) in new.iter().enumerate() {
            if self.bounds.is_end(*byte) {
                last = Some(if layout == Layout::List { at } else { at + 1 });
            }
        }
        last
    }

    /// What is carried over is looked at again, from the end of a record on.
    fn look_again(&mut self, layout: Layout) {
        self.bounds = if layout == Layout::List { Bounds::inside_list() } else { Bounds::new(layout) };
    }

    /// Goes over the rest of a line; a list or record that never ends is the end.
    fn skip(&mut self, layout: Layout, is_first: bool, buffer: &mut Vec<u8>) -> io::Result<Chunk> {
        let mut n_skipped = buffer.len() as u64;
        buffer.clear();
        loop {
            let n_read = (&mut self.reader).take(CHUNK as u64).read_to_end(buffer)?;
            let end = memchr(b'\n', buffer).filter(|_| layout == Layout::Lines);
            n_skipped += end.unwrap_or(n_read) as u64;
            if let Some(rest) = end.and_then(|end| buffer.get(end + 1..)) {
                self.carried.extend_from_slice(rest);
            }
            buffer.clear();
            if end.is_some() || n_read == 0 {
                self.is_done = n_read == 0;
                return Ok(Chunk { layout, is_first, is_last: self.is_done, n_skipped: Some(n_skipped) });
            }
        }
    }
}

pub(super) fn n_lines(bytes: &[u8]) -> u64 {
    memchr_iter(b'\n', bytes).count() as u64
}

#[cfg(test)]
mod tests {
    use super::{CHUNK, Chunks, Layout};

    fn chunks(text: &str) -> (Option<Layout>, Vec<String>) {
        let mut chunks = Chunks::new(text.as_bytes());
        let (mut layout, mut texts, mut buffer) = (None, Vec::new(), Vec::new());
        while let Some(chunk) = chunks.next(&mut buffer).expect("a text can be read") {
            layout = Some(chunk.layout);
            texts.push(String::from_utf8_lossy(&buffer).into_owned());
        }
        (layout, texts)
    }

    #[test]
    fn the_beginning_shows_the_layout() {
        for (text, layout) in [
            ("{\"a\":1}\n{\"a\":2}\n", Layout::Lines),
            ("\u{feff}{\"a\":\"}\"}\n", Layout::Lines),
            ("{\"a\":\n{\"a\":2}\n", Layout::Lines),
            ("{\n  \"a\": 1\n}\n", Layout::Spread),
            ("  [\n{}]", Layout::List),
            ("a,b\n1,2\n", Layout::Lines),
            ("", Layout::Lines),
        ] {
            assert_eq!(Layout::of(text.as_bytes()), layout, "{text:?}");
        }
    }

    #[test]
    fn chunks_hold_whole_records_and_lose_nothing() {
        let record = format!("{{\"a\": \"{}\", \"b\": [\"]\\\"}}\", {{}}]}}", "x".repeat(300));
        let n = 3 * CHUNK / record.len();
        let list = format!("[{}]", vec![record.clone(); n].join(",\n"));
        let lines = vec![record.clone(); n].join("\n");
        let spread = vec![record.replace(", \"b", ",\n\"b"); n].join("\n");
        for (text, layout) in [(&list, Layout::List), (&lines, Layout::Lines), (&spread, Layout::Spread)] {
            let (found, texts) = chunks(text);
            assert_eq!(found, Some(layout));
            assert_eq!(texts.concat(), *text);
            assert!(texts.len() > 2);
            let ends = if layout == Layout::Lines { "\n" } else { "}" };
            assert!(texts.iter().rev().skip(1).all(|text| text.ends_with(ends)), "{layout:?}");
        }
    }

    #[test]
    fn a_line_without_end_is_skipped_and_counted() {
        let text = format!("{{}}\n{}\n{{}}\n", "x".repeat(super::MAX_RECORD + CHUNK + 7));
        let mut chunks = Chunks::new(text.as_bytes());
        let (mut buffer, mut found) = (Vec::new(), Vec::new());
        while let Some(chunk) = chunks.next(&mut buffer).expect("a text can be read") {
            found.push((chunk.n_skipped, buffer.len()));
        }
        assert_eq!(found, [(None, 3), (Some(text.len() as u64 - 7), 0), (None, 3)]);
    }
}
