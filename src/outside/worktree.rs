//! Reads the tree of a repository: every file that we could understand, or why it was not read. Follows no link that
//! leads out of the root, opens nothing but plain files, and holds no more than its limits allow.
//!
//! A link to a file inside the root is read under the link's own path; a link to a folder is not followed, because the
//! folder is read where it stands. Hidden files and folders are left out, but for `.feedgate` and `.github`, and so is what
//! a `.gitignore` names and git does not track.

pub use super::readable::Limits;

use super::readable::{has_safe_ignore_file, is_excluded, is_looked_at, is_understood, is_wanted, text_of};
use super::root::repo_path;
use super::{Failure, git};
use crate::text::RepoPath;
use crate::{Tree, TreeFile, Unread};
use ignore::{DirEntry, WalkBuilder};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::fs::{self, File, FileType};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Reads all files below `root` that we could understand, sorted by path.
pub fn read_tree(root: &Path, limits: Limits) -> Result<Tree, Failure> {
    let cannot = |error| Failure::new(format!("cannot read `{}`", root.display())).source(error);
    let root = fs::canonicalize(root).map_err(cannot)?;
    fs::read_dir(&root).map_err(cannot)?;
    let (walked, tracked) = rayon::join(|| walk(&root, limits.files), || git::tracked(&root));
    let mut found = walked?;
    found.extend(ignored_but_tracked(&root, &found, tracked));
    enough(&root, found.len(), limits.files)?;
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
        .filter_entry(move |entry| is_entered(entry, &noted))
        .build();
    let mut found: Vec<Found> = walk.filter_map(|entry| find(root, entry)).take(max_files + 1).collect();
    enough(root, found.len(), max_files)?;
    let left_out = left_out.lock().unwrap_or_else(PoisonError::into_inner);
    found.extend(left_out.iter().filter_map(|folder| {
        let path = shown_path(root, folder)?;
        let reason = "its `.gitignore` is not a plain file, or too large".to_owned();
        Some(Found { path, kind: FoundKind::Unread(Unread::Denied(reason)) })
    }));
    Ok(found)
}

fn enough(root: &Path, n_files: usize, max_files: usize) -> Result<(), Failure> {
    if n_files <= max_files {
        return Ok(());
    }
    let message = format!("`{}` holds more than {max_files} files that I would read", root.display());
    Err(Failure::new(message).help("name the folder of the repository: `feedgate lint FOLDER`"))
}

/// To git, what it tracks is not ignored, whatever a `.gitignore` says. A change could hide its files from us otherwise.
fn ignored_but_tracked(root: &Path, walked: &[Found], tracked: BTreeSet<RepoPath>) -> Vec<Found> {
    let walked: BTreeSet<&RepoPath> = walked.iter().map(|found| &found.path).collect();
    let missing = tracked.into_iter().filter(|path| is_wanted(path) && !walked.contains(path));
    missing.filter_map(|path| find_tracked(root, path)).collect()
}

/// What lies behind a link to a folder is not what git tracks under this path.
fn find_tracked(root: &Path, path: RepoPath) -> Option<Found> {
    let at = root.join(path.as_str());
    let kind = fs::symlink_metadata(&at).ok()?.file_type();
    let mut folders = at.ancestors().skip(1).take_while(|folder| *folder != root);
    let is_linked = folders.any(|folder| fs::symlink_metadata(folder).is_ok_and(|folder| folder.is_symlink()));
    if kind.is_dir() || is_linked { None } else { of_kind(root, kind, at, path) }
}

/// Counts sizes in the order of paths, so that it is always the same files that are left out. Links count too: ten
/// thousand of them to one large file are ten thousand large files.
fn keep_within(found: &mut [Found], limits: Limits) {
    let mut left = limits.total;
    for found in found {
        let (FoundKind::File(path) | FoundKind::Link(path)) = &found.kind else { continue };
        let bytes = fs::metadata(path).map_or(0, |metadata| metadata.len());
        let read = limits.taken(&found.path, bytes);
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

fn is_entered(entry: &DirEntry, left_out: &LeftOut) -> bool {
    let name = entry.file_name().to_str().unwrap_or("");
    if entry.depth() == 0 {
        return true;
    }
    if !is_looked_at(name) {
        return false;
    }
    if entry.file_type().is_some_and(|kind| kind.is_dir()) && !has_safe_ignore_file(entry.path()) {
        left_out.lock().unwrap_or_else(PoisonError::into_inner).push(entry.path().to_owned());
        return false;
    }
    true
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
    if kind.is_dir() || !(is_understood(&path) || kind.is_symlink()) {
        return None;
    }
    if !is_exact {
        return Some(Found { path, kind: FoundKind::Unread(Unread::Denied("its name is not plain text".to_owned())) });
    }
    of_kind(root, kind, entry.into_path(), path)
}

/// Anything but a folder, by what it is.
fn of_kind(root: &Path, kind: FileType, at: PathBuf, path: RepoPath) -> Option<Found> {
    if kind.is_symlink() {
        return link(root, at, path);
    }
    let kind = if kind.is_file() { FoundKind::File(at) } else { FoundKind::Unread(Unread::NotAFile) };
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

fn is_inside(root: &Path, target: &Path) -> bool {
    let relative = target.strip_prefix(root);
    relative.is_ok_and(|path| !path.components().any(|part| part.as_os_str().to_str().is_some_and(is_excluded)))
}

/// A place that the walker could not enter.
fn refused(root: &Path, error: &ignore::Error) -> Option<Found> {
    let path = shown_path(root, error_path(error)?)?;
    // The walker's own words hold the path on this machine.
    let reason = error.io_error().map_or_else(|| error.to_string(), |error| error.kind().to_string());
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
        match &self.kind {
            FoundKind::File(path) => read(&self.path, path, limits),
            FoundKind::Link(path) => read(&self.path, &target(root, path)?, limits),
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

fn read(path: &RepoPath, at: &Path, limits: Limits) -> Result<Arc<str>, Unread> {
    // Asked before it is opened, because opening a FIFO waits for somebody to write into it.
    let metadata = fs::symlink_metadata(at).map_err(|error| Unread::Denied(error.to_string()))?;
    if !metadata.is_file() {
        return Err(Unread::NotAFile);
    }
    text_of(path, metadata.len(), limits, || File::open(at))
}
