//! Reads files of records, packed or not, and hands their chunks to every core. Knows how bytes are packed, and not what
//! is checked.

use super::{Failure, output};
use crate::record::{Chunk, Chunks};
use flate2::read::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::num::NonZero;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// How a file is packed, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    None,
    Gzip,
    Zstd,
}

impl Packing {
    /// The word of a feed definition.
    pub fn name(self) -> &'static str {
        match self {
            Packing::None => "none",
            Packing::Gzip => "gzip",
            Packing::Zstd => "zstd",
        }
    }

    fn of(head: &[u8]) -> Packing {
        match head {
            [0x1f, 0x8b, ..] => Packing::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Packing::Zstd,
            _ => Packing::None,
        }
    }
}

/// A file as it is when it is unpacked, whichever way its first bytes say.
pub(super) fn unpacked(file: impl Read + Send + 'static) -> io::Result<Box<dyn Read + Send>> {
    Source::of(file, None).map(|source| source.reader)
}

/// A file that is open.
pub struct Source {
    reader: Box<dyn Read + Send>,
    pub packing: Packing,
    /// Bytes as the file lies there; `None` where that is not known before its end.
    pub n_bytes: Option<u64>,
    /// Bytes of it that were read so far.
    pub n_read: Arc<AtomicU64>,
}

impl Source {
    pub fn file(path: &Path) -> Result<Source, Failure> {
        let cannot = |error: io::Error| Failure::new(format!("cannot read `{}`", path.display())).source(error);
        let file = output::open(path).map_err(cannot)?;
        let metadata = file.metadata().map_err(cannot)?;
        if metadata.is_dir() {
            return Err(Failure::new(format!("`{}` is a folder", path.display())).help("name the files in it"));
        }
        let n_bytes = metadata.is_file().then_some(metadata.len());
        Source::of(file, n_bytes).map_err(cannot)
    }

    pub fn standard_input() -> Result<Source, Failure> {
        Source::of(io::stdin(), None).map_err(|error| Failure::new("cannot read standard input").source(error))
    }

    fn of(reader: impl Read + Send + 'static, n_bytes: Option<u64>) -> io::Result<Source> {
        let n_read = Arc::new(AtomicU64::new(0));
        let mut reader = Counted { reader, n_read: Arc::clone(&n_read) };
        let mut head = Vec::new();
        (&mut reader).take(4).read_to_end(&mut head)?;
        let packing = Packing::of(&head);
        let whole = Cursor::new(head).chain(reader);
        let reader: Box<dyn Read + Send> = match packing {
            Packing::None => Box::new(whole),
            Packing::Gzip => Box::new(MultiGzDecoder::new(BufReader::with_capacity(1 << 16, whole))),
            Packing::Zstd => Box::new(Frames { decoder: FrameDecoder::new(), source: BufReader::with_capacity(1 << 16, whole) }),
        };
        Ok(Source { reader, packing, n_bytes, n_read })
    }
}

/// The beginning of a sample, unpacked.
pub struct SampleText {
    pub text: String,
    pub packing: Packing,
    /// Bytes of it as the file lies there.
    pub n_bytes: u64,
    /// There is more of it.
    pub is_cut: bool,
}

/// More of a sample tells nothing new.
const MAX_SAMPLE: u64 = 32 << 20;

/// A sample as text, as far as it is worth reading: whole lines.
pub fn sample_text(path: &Path) -> Result<SampleText, Failure> {
    let source = Source::file(path)?;
    let cannot = |error: io::Error| Failure::new(format!("cannot read `{}`", path.display())).source(error);
    let mut bytes = Vec::new();
    source.reader.take(MAX_SAMPLE).read_to_end(&mut bytes).map_err(cannot)?;
    let is_cut = bytes.len() as u64 == MAX_SAMPLE;
    if let Some(end) = memchr::memrchr(b'\n', &bytes).filter(|_| is_cut) {
        bytes.truncate(end + 1);
    }
    let text = String::from_utf8(bytes).map_err(|_| Failure::new(format!("`{}` is no text in UTF-8", path.display())))?;
    Ok(SampleText { text, packing: source.packing, n_bytes: source.n_read.load(Ordering::Relaxed), is_cut })
}

struct Counted<R> {
    reader: R,
    n_read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(buffer)?;
        self.n_read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// The frames of a zstd file, one behind the other: the decoder itself ends with the first.
struct Frames<R> {
    decoder: FrameDecoder,
    source: R,
}

impl<R: BufRead> Frames<R> {
    /// Begins the next frame; `false` at the end of the file.
    fn begin(&mut self) -> io::Result<bool> {
        while !self.source.fill_buf()?.is_empty() {
            match self.decoder.init(&mut self.source) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    io::copy(&mut (&mut self.source).take(u64::from(length)), &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        Ok(false)
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.decoder.is_finished() && self.decoder.can_collect() == 0 && !self.begin()? {
                return Ok(0);
            }
            let n_missing = buffer.len().saturating_sub(self.decoder.can_collect());
            if n_missing > 0 && !self.decoder.is_finished() {
                let strategy = BlockDecodingStrategy::UptoBytes(n_missing);
                self.decoder.decode_blocks(&mut self.source, strategy).map_err(io::Error::other)?;
            }
            let n_read = self.decoder.read(buffer)?;
            if n_read > 0 || buffer.is_empty() {
                return Ok(n_read);
            }
        }
    }
}

/// Works on all chunks of a source, as many at a time as there are cores, and puts the results together in the order of
/// the chunks. Each worker takes the next chunk itself, so there are never more in memory than workers.
pub fn each_chunk<T, W>(source: Source, worker: impl Fn() -> W + Sync, mut merge: impl FnMut(T) + Send) -> io::Result<()>
where
    T: Send,
    W: FnMut(&[u8], Chunk) -> T,
{
    let queue = Mutex::new((Chunks::new(source.reader), 0_u64));
    let results = Mutex::new(InOrder { next: 0, waiting: BTreeMap::new(), merge: &mut merge });
    let work = || -> io::Result<()> {
        let (mut worker, mut buffer) = (worker(), Vec::new());
        loop {
            let (chunk, number) = {
                let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
                let (chunks, number) = &mut *queue;
                let Some(chunk) = chunks.next(&mut buffer)? else { return Ok(()) };
                *number += 1;
                (chunk, *number - 1)
            };
            let result = worker(&buffer, chunk);
            results.lock().unwrap_or_else(PoisonError::into_inner).add(number, result);
        }
    };
    let n_workers = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..n_workers).map(|_| scope.spawn(work)).collect();
        let ends = threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        ends.collect::<Vec<_>>().into_iter().collect()
    })
}

struct InOrder<'a, T> {
    next: u64,
    waiting: BTreeMap<u64, T>,
    merge: &'a mut (dyn FnMut(T) + Send),
}

impl<T> InOrder<'_, T> {
    fn add(&mut self, number: u64, result: T) {
        self.waiting.insert(number, result);
        while let Some(result) = self.waiting.remove(&self.next) {
            (self.merge)(result);
            self.next += 1;
        }
    }
}
