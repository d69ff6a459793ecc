//! What of a tree is read, and how much of it: the same for the working tree and for the revision that it is compared
//! with. Knows names and bytes, and not where they come from.

use super::records::unpacked;
use crate::Unread;
use crate::text::RepoPath;
use std::fs;
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;

/// How much is read.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of one file.
    pub file: u64,
    /// Bytes of one file of line-delimited JSON, of which the beginning is enough: it is a sample.
    pub sample: u64,
    /// Bytes of all files together. What comes later by path is not read.
    pub total: u64,
    /// Files. A tree that holds more is no repository of feeds, but somebody's home.
    pub files: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { file: 16 << 20, sample: 1 << 20, total: 1 << 30, files: 200_000 }
    }
}

impl Limits {
    /// Bytes of this file.
    pub(super) fn of(self, path: &RepoPath) -> u64 {
        if is_sample(path) { self.sample } else { self.file }
    }

    /// How much of `total` this file takes.
    pub(super) fn taken(self, path: &RepoPath, n_bytes: u64) -> u64 {
        if is_packed(path) { self.sample } else { n_bytes.min(self.of(path)) }
    }
}

const EXTENSIONS: [&str; 15] = [
    "yaml",
    "yml",
    "json",
    "jsonc",
    "tf",
    "tfvars",
    "tfbackend",
    "tftpl",
    "tpl",
    "tmpl",
    "sql",
    "bqsql",
    "sqlx",
    "lkml",
    "lookml",
];
const SAMPLE_EXTENSIONS: [&str; 2] = ["ndjson", "jsonl"];
const PACKED_EXTENSIONS: [&str; 2] = ["gz", "zst"];
const RECORD_EXTENSIONS: [&str; 3] = [".json", ".ndjson", ".jsonl"];
const OWN_RULES: &str = ".feedgate/rules/";
const EXCLUDED: [&str; 3] = [".git", ".terraform", "node_modules"];
const HIDDEN_BUT_READ: [&str; 2] = [".feedgate", ".github"];
/// An ignore file over this size is not one.
const MAX_IGNORE_FILE: u64 = 1 << 20;

/// Whether the name of a file says that we could understand it.
pub(super) fn is_understood(path: &RepoPath) -> bool {
    EXTENSIONS.iter().any(|extension| path.has_extension(extension))
        || is_sample(path)
        || (path.has_extension("md") && path.as_str().starts_with(OWN_RULES))
}

/// The same of a path, where none of its folders is passed by.
pub(super) fn is_wanted(path: &RepoPath) -> bool {
    is_understood(path) && path.as_str().split('/').all(is_looked_at)
}

/// Whether a folder or file of this name is looked at; hidden ones are not.
pub(super) fn is_looked_at(name: &str) -> bool {
    !is_excluded(name) && (!name.starts_with('.') || HIDDEN_BUT_READ.contains(&name))
}

/// Whether nothing below a folder of this name is ever read, not even where a link leads there.
pub(super) fn is_excluded(name: &str) -> bool {
    EXCLUDED.contains(&name)
}

fn is_sample(path: &RepoPath) -> bool {
    SAMPLE_EXTENSIONS.iter().any(|extension| path.has_extension(extension)) || is_packed(path)
}

/// A packed file of records, which is unpacked as far as samples are read.
fn is_packed(path: &RepoPath) -> bool {
    let is_packed = PACKED_EXTENSIONS.iter().any(|extension| path.has_extension(extension));
    let unpacked = path.name().rsplit_once('.').map_or("", |(name, _)| name);
    is_packed && RECORD_EXTENSIONS.iter().any(|extension| unpacked.ends_with(extension))
}

/// The text of a file, of which `open` gives the bytes and `n_bytes` says how many they are.
pub(super) fn text_of<R: Read + Send + 'static>(
    path: &RepoPath,
    n_bytes: u64,
    limits: Limits,
    open: impl FnOnce() -> io::Result<R>,
) -> Result<Arc<str>, Unread> {
    let denied = |error: io::Error| Unread::Denied(error.to_string());
    let (is_sample, limit) = (is_sample(path), limits.of(path));
    if n_bytes > limit && !is_sample {
        return Err(Unread::TooLarge { bytes: n_bytes, limit });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(n_bytes.min(limit) + 1).unwrap_or(0));
    let source = open().map_err(denied)?;
    let reader: Box<dyn Read + Send> = if is_sample { unpacked(source).map_err(denied)? } else { Box::new(source) };
    // A file that grows meanwhile is read no further than the limit either.
    reader.take(limit + 1).read_to_end(&mut bytes).map_err(denied)?;
    if bytes.len() as u64 > limit {
        let too_large = Unread::TooLarge { bytes: n_bytes, limit };
        keep_whole_lines(&mut bytes, is_sample).ok_or(too_large)?;
    }
    into_text(bytes)
}

fn keep_whole_lines(bytes: &mut Vec<u8>, is_sample: bool) -> Option<()> {
    let end = memchr::memrchr(b'\n', bytes).filter(|_| is_sample)?;
    bytes.truncate(end + 1);
    Some(())
}

/// What stands in place of a file that Git LFS keeps elsewhere: <https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md>.
const LFS_POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";
/// A pointer is shorter than this, the same page says.
const MAX_LFS_POINTER: usize = 1024;

fn into_text(bytes: Vec<u8>) -> Result<Arc<str>, Unread> {
    if bytes.len() < MAX_LFS_POINTER && bytes.starts_with(LFS_POINTER) {
        return Err(Unread::LfsPointer);
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Unread::Utf16);
    }
    if let Some(at) = memchr::memchr(0, &bytes) {
        let (line, column) = line_and_column(&bytes, at);
        return Err(Unread::Binary { line, column });
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let (line, column) = line_and_column(error.as_bytes(), error.utf8_error().valid_up_to());
        Unread::NotUtf8 { line, column }
    })?;
    Ok(text.into())
}

/// The line and the byte in it, from one.
fn line_and_column(bytes: &[u8], at: usize) -> (usize, usize) {
    let before = bytes.get(..at).unwrap_or(bytes);
    let start = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
    (memchr::memchr_iter(b'\n', before).count() + 1, before.len() - start + 1)
}

/// Readers of ignore files read them whole and without asking what they are: a link to `/dev/zero` would never end.
pub(super) fn has_safe_ignore_file(folder: &Path) -> bool {
    match fs::symlink_metadata(folder.join(".gitignore")) {
        Ok(metadata) => metadata.is_file() && metadata.len() <= MAX_IGNORE_FILE,
        Err(error) => error.kind() == ErrorKind::NotFound || error.kind() == ErrorKind::PermissionDenied,
    }
}
