//! Finds the root of the repository that the arguments speak of.

use super::Failure;
use crate::text::RepoPath;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// The files that make a folder a root of ours.
pub const CONFIG_NAMES: [&str; 2] = ["feedgate.yaml", "feedgate.yml"];

/// Where the tree is, and which part of it was asked for.
#[derive(Debug)]
pub struct Root {
    /// Absolute, without links.
    pub folder: PathBuf,
    /// What leads there from the current directory: `examples/landing-zone/`. Empty when it is not below that.
    pub prefix: String,
    /// The arguments, from the root. Empty when one of them is the root itself.
    pub paths: Vec<RepoPath>,
}

/// The top of a git repository.
#[derive(Debug)]
pub struct Top {
    /// Absolute, without links.
    pub folder: PathBuf,
    /// Where the root lies below it, when it is not the same.
    pub below: Option<RepoPath>,
}

/// The root is the nearest folder at or above the first path that holds a `feedgate.yaml`; else the nearest that holds
/// a `.git`; else the folder itself, and of a file the current directory, if it lies below. Without a path, the current
/// directory stands for it.
pub fn find(current: &Path, paths: &[PathBuf]) -> Result<Root, Failure> {
    let current = canonical(current)?;
    let absolute: Vec<PathBuf> = paths.iter().map(|path| absolute(&current, path)).collect::<Result<_, _>>()?;
    let first = absolute.first().unwrap_or(&current);
    let start = if first.is_dir() { first.as_path() } else { first.parent().unwrap_or(first) };
    // Where nothing marks a root, a file lies in the folder that the user works in, and a folder is its own.
    let unmarked = if !first.is_dir() && start.starts_with(&current) { current.as_path() } else { start };
    let folder = nearest(start, &CONFIG_NAMES).or_else(|| nearest(start, &[".git"])).unwrap_or(unmarked).to_owned();
    let prefix = prefix(&current, &folder);
    let wanted: Vec<Option<RepoPath>> = absolute.iter().map(|path| within(&folder, path)).collect::<Result<_, _>>()?;
    // The root itself among the paths means everywhere.
    let paths = wanted.into_iter().collect::<Option<Vec<_>>>().unwrap_or_default();
    Ok(Root { folder, prefix, paths })
}

/// The root of something new: the folder that is said, unless a configuration stands there or above; else as [`find`] has it.
pub fn begin(current: &Path, folder: Option<&Path>) -> Result<Root, Failure> {
    let start: Vec<PathBuf> = folder.into_iter().map(Path::to_owned).collect();
    let found = find(current, &start)?;
    let is_configured = nearest(&found.folder, &CONFIG_NAMES) == Some(found.folder.as_path());
    let Some(folder) = folder.filter(|_| !is_configured) else { return Ok(found) };
    let current = canonical(current)?;
    let folder = absolute(&current, folder)?;
    Ok(if folder.is_dir() { Root { prefix: prefix(&current, &folder), folder, paths: Vec::new() } } else { found })
}

/// The top of the git repository around a root, where there is one.
pub fn top(root: &Path) -> Result<Option<Top>, Failure> {
    let top = nearest(root, &[".git"]);
    top.map(|top| Ok(Top { folder: top.to_owned(), below: within(top, root)? })).transpose()
}

/// What leads from the current directory to a folder, for messages; empty when that is not below it.
pub fn lead(current: &Path, folder: &Path) -> String {
    fs::canonicalize(current).map_or_else(|_| String::new(), |current| prefix(&current, folder))
}

/// The path of a file below the root, if it lies there; the root is as [`find`] gives it.
pub fn place_below(root: &Path, file: &Path) -> Option<RepoPath> {
    within(root, &fs::canonicalize(file).ok()?).ok()?
}

fn canonical(current: &Path) -> Result<PathBuf, Failure> {
    fs::canonicalize(current).map_err(|error| Failure::new("cannot find the current directory").source(error))
}

fn absolute(current: &Path, path: &Path) -> Result<PathBuf, Failure> {
    let failure = || Failure::new(format!("cannot find `{}`", path.display()));
    let help = || format!("a path is relative to the current directory, `{}`", current.display());
    fs::canonicalize(current.join(path)).map_err(|error| failure().source(error).help(help()))
}

fn nearest<'a>(start: &'a Path, names: &[&str]) -> Option<&'a Path> {
    start.ancestors().find(|folder| names.iter().any(|name| fs::symlink_metadata(folder.join(name)).is_ok()))
}

fn within(root: &Path, path: &Path) -> Result<Option<RepoPath>, Failure> {
    let outside = || {
        let message = format!("`{}` lies outside of `{}`", path.display(), root.display());
        Failure::new(message).help("all paths of one run belong to one repository: run feedgate once for each")
    };
    let relative = path.strip_prefix(root).map_err(|_| outside())?;
    if relative.as_os_str().is_empty() {
        return Ok(None);
    }
    let failure = || Failure::new(format!("`{}` has a name that I cannot use", path.display()));
    repo_path(relative).map(Some).map_err(|_| failure().help("rename it: names are UTF-8, without `\\` and `:`"))
}

/// A path below the root as we write it; `Err` with a legible stand-in when it cannot be written so.
pub(super) fn repo_path(relative: &Path) -> Result<RepoPath, Option<RepoPath>> {
    let parts: Option<Vec<&str>> = relative.components().map(normal).collect();
    let exact = parts.and_then(|parts| RepoPath::new(&parts.join("/")));
    let stand_in = || RepoPath::new(&relative.to_string_lossy().replace(['\\', ':', '\0'], "\u{fffd}"));
    exact.ok_or_else(stand_in)
}

fn normal(part: Component<'_>) -> Option<&str> {
    match part {
        Component::Normal(name) => name.to_str(),
        Component::Prefix(_) | Component::RootDir | Component::CurDir | Component::ParentDir => None,
    }
}

fn prefix(current: &Path, folder: &Path) -> String {
    let relative = folder.strip_prefix(current).ok().and_then(|relative| repo_path(relative).ok());
    relative.map_or_else(String::new, |relative| format!("{relative}/"))
}
