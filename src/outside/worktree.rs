//! Reads the tree of a repository: every file that we could understand, or why it was not read. Follows no link that
//! leads out of the root, opens nothing but plain files, and holds no more than its limits allow.
//!
//! A link to a file inside the root is read under the link's own path; a link to a folder is not followed, because the
//! folder is read where it stands. Hidden files and folders are left out, but for `.feedgate` and `.github`.

use super::Failure;
use super::records::unpacked;
use super::root::repo_path;
use crate::text::RepoPath;
use crate::{Tree, TreeFile, Unread};
use ignore::{DirEntry, WalkBuilder};
use rayon::prelude::*;
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

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

const EXTENSIONS: [&str; 8] = ["yaml", "yml", "json", "jsonc", "tf", "tfvars", "sql", "bqsql"];
const SAMPLE_EXTENSIONS: [&str; 2] = ["ndjson", "jsonl"];
const PACKED_EXTENSIONS: [&str; 2] = ["gz", "zst"];
const RECORD_EXTENSIONS: [&str; 3] = [".json", ".ndjson", ".jsonl"];
const OWN_RULES: &str = ".feedgate/rules/";
const EXCLUDED: [&str; 3] = [".git", ".terraform", "node_modules"];
const HIDDEN_BUT_READ: [&str; 2] = [".feedgate", ".github"];
/// An ignore file over this size is not one.
const MAX_IGNORE_FILE: u64 = 1 << 20;

/// Reads all files below `root` that we could understand, sorted by path.
pub fn read_tree(root: &Path, limits: Limits) -> Result<Tree, Failure> {
    let cannot = |error| Failure::new(format!("cannot read `{}`", root.display())).source(error);
    let root = fs::canonicalize(root).map_err(cannot)?;
    fs::read_dir(&root).map_err(cannot)?;
    let mut found = walk(&root, limits.files)?;
    found.sort_by(|a, b| a.path.cmp(&b.path));
    keep_within(&mut found, limits);
    let read = |found: Found| TreeFile { content: found.content(&root, limits), path: found.path };
    Ok(Tree { files: found.into_par_iter().map(read).collect() })
}

/// A path of the tree, not read yet.
struct Found {
    path: RepoPath,
    kind: FoundKind,
}

enum FoundKind {
    File(PathBuf),
    Link(PathBuf),
    Unread(Unread),
}

/// Folders that are left out with a reason, put down while walking.
type LeftOut = Arc<Mutex<Vec<PathBuf>>>;

fn walk(root: &Path, max_files: usize) -> Result<Vec<Found>, Failure> {
    let left_out = LeftOut::default();
    let noted = Arc::clone(&left_out);
    let walk = WalkBuilder::new(root)
        .hidden(false)
        .parents(is_in_git(root))
        .require_git(false)
        // The walker reads those of all folders above, whether they have a say or not.
        .git_ignore(root.ancestors().all(has_safe_ignore_file))
        .git_global(false)
        .git_exclude(false)
        .ignore(false)
        .filter_entry(move |entry| is_wanted(entry, &noted))
        .build();
    let mut found: Vec<Found> = walk.filter_map(|entry| find(root, entry)).take(max_files + 1).collect();
    if found.len() > max_files {
        let message = format!("`{}` holds more than {max_files} files that I would read", root.display());
        return Err(Failure::new(message).help("name the folder of the repository: `feedgate lint FOLDER`"));
    }
    let left_out = left_out.lock().unwrap_or_else(PoisonError::into_inner);
    found.extend(left_out.iter().filter_map(|folder| {
        let path = shown_path(root, folder)?;
        let reason = "its `.gitignore` is not a plain file, or too large".to_owned();
        Some(Found { path, kind: FoundKind::Unread(Unread::Denied(reason)) })
    }));
    Ok(found)
}

/// Counts sizes in the order of paths, so that it is always the same files that are left out. Links count too: ten
/// thousand of them to one large file are ten thousand large files.
fn keep_within(found: &mut [Found], limits: Limits) {
    let mut left = limits.total;
    for found in found {
        let (FoundKind::File(path) | FoundKind::Link(path)) = &found.kind else { continue };
        let bytes = fs::metadata(path).map_or(0, |metadata| metadata.len());
        let read = match is_packed(&found.path) {
            true => limits.sample,
            false => bytes.min(if is_sample(&found.path) { limits.sample } else { limits.file }),
        };
        if read > left {
            found.kind = FoundKind::Unread(Unread::TooLarge { bytes, limit: left });
        } else {
            left -= read;
        }
    }
}

/// What lies above the root has a say only where git would give it one.
fn is_in_git(root: &Path) -> bool {
    root.ancestors().any(|folder| fs::symlink_metadata(folder.join(".git")).is_ok())
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

fn is_wanted(entry: &DirEntry, left_out: &LeftOut) -> bool {
    let name = entry.file_name().to_str().unwrap_or("");
    if entry.depth() == 0 {
        return true;
    }
    if EXCLUDED.contains(&name) || (name.starts_with('.') && !HIDDEN_BUT_READ.contains(&name)) {
        return false;
    }
    if entry.file_type().is_some_and(|kind| kind.is_dir()) && !has_safe_ignore_file(entry.path()) {
        left_out.lock().unwrap_or_else(PoisonError::into_inner).push(entry.path().to_owned());
        return false;
    }
    true
}

/// The walker reads ignore files whole and without asking what they are: a link to `/dev/zero` would never end.
fn has_safe_ignore_file(folder: &Path) -> bool {
    match fs::symlink_metadata(folder.join(".gitignore")) {
        Ok(metadata) => metadata.is_file() && metadata.len() <= MAX_IGNORE_FILE,
        Err(error) => error.kind() == ErrorKind::NotFound || error.kind() == ErrorKind::PermissionDenied,
    }
}

fn find(root: &Path, entry: Result<DirEntry, ignore::Error>) -> Option<Found> {
    let entry = match entry {
        Ok(entry) => entry,
        Err(error) => return refused(root, &error),
    };
    let kind = entry.file_type()?;
    let relative = entry.path().strip_prefix(root).ok()?;
    let (path, is_exact) = match repo_path(relative) {
        Ok(path) => (path, true),
        Err(stand_in) => (stand_in?, false),
    };
    let is_link = kind.is_symlink();
    if kind.is_dir() || !(is_understood(&path) || is_link) {
        return None;
    }
    let kind = match (is_exact, is_link, kind.is_file()) {
        (false, _, _) => FoundKind::Unread(Unread::Denied("its name is not plain text".to_owned())),
        (true, true, _) => return link(root, entry.into_path(), path),
        (true, false, true) => FoundKind::File(entry.into_path()),
        (true, false, false) => FoundKind::Unread(Unread::NotAFile),
    };
    Some(Found { path, kind })
}

/// A link is worth a word when we would have read it, or when it leads a folder out of the root.
fn link(root: &Path, at: PathBuf, path: RepoPath) -> Option<Found> {
    let is_folder_inside = || fs::canonicalize(&at).is_ok_and(|target| target.is_dir() && is_inside(root, &target));
    let leads_to_folder = || fs::metadata(&at).is_ok_and(|target| target.is_dir());
    if !is_understood(&path) {
        let leads_out = leads_to_folder() && !is_folder_inside();
        return leads_out.then_some(Found { path, kind: FoundKind::Unread(Unread::Link) });
    }
    (!is_folder_inside()).then_some(Found { path, kind: FoundKind::Link(at) })
}

fn is_understood(path: &RepoPath) -> bool {
    EXTENSIONS.iter().any(|extension| path.has_extension(extension))
        || is_sample(path)
        || (path.has_extension("md") && path.as_str().starts_with(OWN_RULES))
}

fn is_inside(root: &Path, target: &Path) -> bool {
    let relative = target.strip_prefix(root);
    relative.is_ok_and(|path| !path.components().any(|part| EXCLUDED.iter().any(|name| part.as_os_str() == *name)))
}

/// A place that the walker could not enter.
fn refused(root: &Path, error: &ignore::Error) -> Option<Found> {
    let path = shown_path(root, error_path(error)?)?;
    let reason = error.io_error().map_or_else(|| error.to_string(), io::Error::to_string);
    Some(Found { path, kind: FoundKind::Unread(Unread::Denied(reason)) })
}

fn error_path(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => error_path(err),
        ignore::Error::Loop { child, .. } => Some(child),
        _ => None,
    }
}

fn shown_path(root: &Path, path: &Path) -> Option<RepoPath> {
    repo_path(path.strip_prefix(root).ok()?).map_or_else(|stand_in| stand_in, Some)
}

impl Found {
    fn content(&self, root: &Path, limits: Limits) -> Result<Arc<str>, Unread> {
        let is_sample = is_sample(&self.path);
        match &self.kind {
            FoundKind::File(path) => read(path, is_sample, limits),
            FoundKind::Link(path) => read(&target(root, path)?, is_sample, limits),
            FoundKind::Unread(reason) => Err(reason.clone()),
        }
    }
}

fn target(root: &Path, link: &Path) -> Result<PathBuf, Unread> {
    match fs::canonicalize(link) {
        Ok(target) if is_inside(root, &target) => Ok(target),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(Unread::Denied("the link leads nowhere".to_owned())),
        Ok(_) | Err(_) => Err(Unread::Link),
    }
}

fn read(path: &Path, is_sample: bool, limits: Limits) -> Result<Arc<str>, Unread> {
    let denied = |error: io::Error| Unread::Denied(error.to_string());
    // Asked before it is opened, because opening a FIFO waits for somebody to write into it.
    let metadata = fs::symlink_metadata(path).map_err(denied)?;
    if !metadata.is_file() {
        return Err(Unread::NotAFile);
    }
    let limit = if is_sample { limits.sample } else { limits.file };
    if metadata.len() > limit && !is_sample {
        return Err(Unread::TooLarge { bytes: metadata.len(), limit });
    }
    let mut bytes = Vec::with_capacity(capacity(&metadata, limit));
    // A file that grows meanwhile is read no further than the limit either.
    let file = File::open(path).map_err(denied)?;
    let mut reader: Box<dyn io::Read + Send> = if is_sample { unpacked(file).map_err(denied)? } else { Box::new(file) };
    (&mut reader).take(limit + 1).read_to_end(&mut bytes).map_err(denied)?;
    if bytes.len() as u64 > limit {
        cut(&mut bytes, &metadata, is_sample, limit)?;
    }
    into_text(bytes)
}

fn capacity(metadata: &Metadata, limit: u64) -> usize {
    usize::try_from(metadata.len().min(limit) + 1).unwrap_or(0)
}

/// Keeps the whole lines of a sample.
fn cut(bytes: &mut Vec<u8>, metadata: &Metadata, is_sample: bool, limit: u64) -> Result<(), Unread> {
    let too_large = Unread::TooLarge { bytes: metadata.len(), limit };
    let end = memchr::memrchr(b'\n', bytes).filter(|_| is_sample).ok_or(too_large)?;
    bytes.truncate(end + 1);
    Ok(())
}

fn into_text(bytes: Vec<u8>) -> Result<Arc<str>, Unread> {
    if let Some(at) = memchr::memchr(0, &bytes) {
        return Err(Unread::Binary { at });
    }
    let text = String::from_utf8(bytes).map_err(|error| Unread::NotUtf8 { at: error.utf8_error().valid_up_to() })?;
    Ok(text.into())
}
