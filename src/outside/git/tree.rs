//! The tree of a commit as the reader of the working tree would have read it. A file that has not changed since is read
//! on both sides or on neither, so that nothing looks added or removed that is only out of our reach.

use super::Head;
use super::objects;
use super::program::Git;
use crate::outside::Failure;
use crate::outside::readable::{Limits, is_excluded, is_wanted, text_of};
use crate::text::RepoPath;
use crate::{Tree, TreeFile, Unread};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::sync::Arc;

/// Links that lead to links are followed so far.
const MAX_LINKS: usize = 8;

/// The files of `commit` below the root.
pub(super) fn read(git: &Git, commit: &str, head: Head<'_>, limits: Limits) -> Result<Tree, Failure> {
    let changed = match head.is_staged {
        true => changed(git, &["--cached", commit])?,
        false => changed(git, &[commit])?,
    };
    read_entries(git, entries(git, commit)?, changed, head.tree, limits)
}

/// The files of the index below the root.
pub(super) fn read_index(git: &Git, worktree: &Tree, limits: Limits) -> Result<Tree, Failure> {
    read_entries(git, entries_of_index(git)?, changed(git, &[])?, worktree, limits)
}

/// The files of these entries; `head` is what they are compared with, and `changed` where they differ from that.
fn read_entries(
    git: &Git,
    entries: Vec<Entry>,
    changed: BTreeSet<RepoPath>,
    head: &Tree,
    limits: Limits,
) -> Result<Tree, Failure> {
    if entries.len() > limits.files {
        return Err(Failure::new(format!("git holds more than {} files that I would read", limits.files)));
    }
    let links = links(git, &entries)?;
    let by_path: BTreeMap<&RepoPath, &Entry> = entries.iter().map(|entry| (&entry.path, entry)).collect();
    let of_head: BTreeMap<&RepoPath, &TreeFile> = head.files.iter().map(|file| (&file.path, file)).collect();
    let sides = Sides { by_path, changed, links, of_head };
    let mut planned: Vec<Planned> = entries.iter().filter_map(|entry| sides.plan(entry)).collect();
    planned.extend(sides.submodules());
    planned.sort_by(|a, b| a.path.cmp(&b.path));
    carry_out(git, planned, limits)
}

/// A file, a link or a submodule of a commit.
struct Entry {
    path: RepoPath,
    kind: Kind,
    id: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Link,
    Submodule,
}

impl Kind {
    fn of_mode(mode: &str) -> Kind {
        match mode {
            "120000" => Kind::Link,
            "160000" => Kind::Submodule,
            _ => Kind::File,
        }
    }
}

/// Everything of a commit below the root. Names that are not plain text are left out: the reader of the working tree says
/// of those what there is to say.
fn entries(git: &Git, commit: &str) -> Result<Vec<Entry>, Failure> {
    let tree = match &git.below {
        None => commit.to_owned(),
        Some(below) => match git.line(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{commit}:{below}")])? {
            Some(tree) => tree,
            // The folder is new.
            None => return Ok(Vec::new()),
        },
    };
    let listing = git.bytes(&["ls-tree", "-r", "-z", "--full-tree", &tree])?;
    Ok(listing.split(|byte| *byte == 0).filter_map(entry).collect())
}

/// The paths that git tracks below the root. A submodule is one path, and what lies in it is none.
pub(super) fn tracked(git: &Git) -> Result<BTreeSet<RepoPath>, Failure> {
    let (folder, listing) = list_index(git, "--cached")?;
    let path = |line| RepoPath::new(std::str::from_utf8(line).ok()?.strip_prefix(&folder)?);
    Ok(listing.split(|byte| *byte == 0).filter_map(path).collect())
}

/// What leads to the root, and what git lists of its index below that.
fn list_index(git: &Git, how: &str) -> Result<(String, Vec<u8>), Failure> {
    let folder = git.below.as_ref().map_or_else(String::new, |below| format!("{below}/"));
    let mut arguments = vec!["ls-files", how, "-z", "--"];
    arguments.extend((!folder.is_empty()).then_some(folder.as_str()));
    let listing = git.bytes(&arguments)?;
    Ok((folder, listing))
}

/// Everything that would be committed below the root.
fn entries_of_index(git: &Git) -> Result<Vec<Entry>, Failure> {
    let (folder, listing) = list_index(git, "--stage")?;
    let lines = listing.split(|byte| *byte == 0).filter_map(|line| std::str::from_utf8(line).ok()?.split_once('\t'));
    let mut entries = Vec::new();
    for (meta, path) in lines {
        let words: Vec<&str> = meta.split(' ').collect();
        let [mode, id, stage] = words[..] else { continue };
        if stage != "0" {
            let failure = Failure::new(format!("`{path}` is in conflict, so there is nothing to commit yet"));
            return Err(failure.help("resolve the conflict, and `git add` the file"));
        }
        let path = path.strip_prefix(&folder).and_then(RepoPath::new);
        entries.extend(path.map(|path| Entry { path, kind: Kind::of_mode(mode), id: id.to_owned() }));
    }
    Ok(entries)
}

/// `100644 blob <id>\t<path>`.
fn entry(line: &[u8]) -> Option<Entry> {
    let (meta, path) = std::str::from_utf8(line).ok()?.split_once('\t')?;
    let mut words = meta.split(' ');
    let kind = Kind::of_mode(words.next()?);
    Some(Entry { path: RepoPath::new(path)?, kind, id: words.nth(1)?.to_owned() })
}

/// The paths that differ between what git is asked for and the working tree: a commit, or without a word the index; with
/// `--cached`, between a commit and the index. A submodule differs when it is at another commit.
fn changed(git: &Git, what: &[&str]) -> Result<BTreeSet<RepoPath>, Failure> {
    let relative = git.below.as_ref().map_or("--no-relative".to_owned(), |below| format!("--relative={below}/"));
    let mut arguments = vec![
        "diff",
        "--raw",
        "-z",
        "--no-renames",
        "--no-ext-diff",
        "--no-textconv",
        "--no-color",
        "--ignore-submodules=dirty",
        &relative,
    ];
    arguments.extend(what.iter().chain(&["--"]));
    let listing = git.bytes(&arguments)?;
    let parts = listing.split(|byte| *byte == 0).filter(|part| !part.starts_with(b":"));
    Ok(parts.filter_map(|path| RepoPath::new(std::str::from_utf8(path).ok()?)).collect())
}

/// Where the links of a commit lead, as they say it.
fn links(git: &Git, entries: &[Entry]) -> Result<BTreeMap<RepoPath, String>, Failure> {
    let links: Vec<&Entry> = entries.iter().filter(|entry| entry.kind == Kind::Link).collect();
    if !links.iter().any(|link| is_wanted(&link.path)) {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<&str> = links.iter().map(|link| link.id.as_str()).collect();
    let mut targets = Vec::new();
    objects::contents(git, &ids, |content| targets.push(content))?;
    let target = |(link, content): (&Entry, Option<Vec<u8>>)| Some((link.path.clone(), String::from_utf8(content?).ok()?));
    Ok(links.into_iter().zip(targets).filter_map(target).collect())
}

/// A file of the commit, and where its content comes from.
struct Planned {
    path: RepoPath,
    from: From,
}

enum From {
    /// It is what the working tree holds, read or not.
    Head(Result<Arc<str>, Unread>),
    /// The object of this id.
    Object(String),
    Nowhere(Unread),
}

/// A commit and the working tree, by path.
struct Sides<'a> {
    by_path: BTreeMap<&'a RepoPath, &'a Entry>,
    changed: BTreeSet<RepoPath>,
    links: BTreeMap<RepoPath, String>,
    of_head: BTreeMap<&'a RepoPath, &'a TreeFile>,
}

impl Sides<'_> {
    fn plan(&self, entry: &Entry) -> Option<Planned> {
        if entry.kind == Kind::Submodule || !is_wanted(&entry.path) {
            return None;
        }
        let of_head = self.of_head.get(&entry.path).map(|file| &file.content);
        let target = self.target(entry);
        let has_changed = target.as_ref().map_or_else(|_| self.changed.contains(&entry.path), |(_, has_changed)| *has_changed);
        let from = match (of_head, target) {
            (of_head, _) if !has_changed => From::Head(of_head?.clone()),
            // What cannot be read now is compared with nothing.
            (Some(Err(why)), _) => From::Nowhere(why.clone()),
            (_, Ok((target, _))) => From::Object(target.id.clone()),
            (_, Err(why)) => From::Nowhere(why),
        };
        Some(Planned { path: entry.path.clone(), from })
    }

    /// The file that an entry is or leads to, and whether it, or anything that leads there, has changed.
    fn target<'s>(&'s self, entry: &'s Entry) -> Result<(&'s Entry, bool), Unread> {
        let (mut at, mut has_changed) = (entry, false);
        for _ in 0..MAX_LINKS {
            has_changed |= self.changed.contains(&at.path);
            if at.kind == Kind::File {
                return Ok((at, has_changed));
            }
            let target = self.links.get(&at.path).and_then(|target| at.path.sibling(target)).ok_or(Unread::Link)?;
            let is_inside = !target.as_str().split('/').any(is_excluded);
            at = self.by_path.get(&target).copied().filter(|_| is_inside).ok_or(Unread::Link)?;
        }
        Err(Unread::Link)
    }

    /// What lies in submodules is no part of the commit. It is taken to be as it is now, and where that is not so, it is said.
    fn submodules(&self) -> Vec<Planned> {
        let submodules: Vec<&Entry> = self.by_path.values().copied().filter(|entry| entry.kind == Kind::Submodule).collect();
        let mut planned = Vec::new();
        for submodule in submodules {
            let inside = || self.of_head.values().filter(|file| file.path.lies_in(&submodule.path));
            if inside().next().is_some() && self.changed.contains(&submodule.path) {
                planned.push(Planned { path: submodule.path.clone(), from: From::Nowhere(Unread::Submodule) });
            }
            planned.extend(inside().map(|file| Planned { path: file.path.clone(), from: From::Head(file.content.clone()) }));
        }
        planned
    }
}

/// Reads what has to be read, within the limits.
fn carry_out(git: &Git, mut planned: Vec<Planned>, limits: Limits) -> Result<Tree, Failure> {
    let ids: BTreeSet<String> = planned.iter().filter_map(Planned::object).map(str::to_owned).collect();
    let sizes = sizes(git, &Vec::from_iter(&ids))?;
    let mut left = limits.total;
    for one in &mut planned {
        one.keep_within(&sizes, limits, &mut left);
    }
    let wanted: Vec<&str> = planned.iter().filter_map(Planned::object).collect();
    let mut contents = Vec::with_capacity(wanted.len());
    objects::contents(git, &wanted, |content| contents.push(content))?;
    let mut contents = contents.into_iter();
    let file = |Planned { path, from }: Planned| {
        let content = match from {
            From::Head(content) => content,
            From::Nowhere(why) => Err(why),
            From::Object(_) => contents
                .next()
                .flatten()
                .ok_or(Unread::NotInClone)
                .and_then(|bytes| text_of(&path, bytes.len() as u64, limits, || Ok(Cursor::new(bytes)))),
        };
        TreeFile { path, content }
    };
    Ok(Tree { files: planned.into_iter().map(file).collect() })
}

impl Planned {
    fn object(&self) -> Option<&str> {
        match &self.from {
            From::Object(id) => Some(id),
            From::Head(_) | From::Nowhere(_) => None,
        }
    }

    /// Leaves out what is not there or too large, and counts the rest.
    fn keep_within(&mut self, sizes: &BTreeMap<String, u64>, limits: Limits, left: &mut u64) {
        let n_bytes = match &self.from {
            From::Head(content) => content.as_ref().map_or(0, |text| text.len() as u64),
            From::Nowhere(_) => 0,
            From::Object(id) => match sizes.get(id).copied() {
                None => return self.from = From::Nowhere(Unread::NotInClone),
                // A sample is read from its beginning, but comes as a whole.
                Some(bytes) if bytes > limits.file => {
                    return self.from = From::Nowhere(Unread::TooLarge { bytes, limit: limits.file });
                }
                Some(bytes) => bytes,
            },
        };
        let taken = limits.taken(&self.path, n_bytes);
        if taken > *left && self.object().is_some() {
            self.from = From::Nowhere(Unread::TooLarge { bytes: n_bytes, limit: *left });
        } else {
            *left = left.saturating_sub(taken);
        }
    }
}

/// The sizes of objects; those that are not to be had are left out.
fn sizes(git: &Git, ids: &[&String]) -> Result<BTreeMap<String, u64>, Failure> {
    let ids: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
    let mut sizes = objects::sizes(git, &ids)?;
    let missing: Vec<&str> = ids.iter().zip(&sizes).filter(|(_, size)| size.is_none()).map(|(id, _)| *id).collect();
    if !missing.is_empty() && objects::fetch(git, &missing)? {
        sizes = objects::sizes(git, &ids)?;
    }
    Ok(ids.iter().zip(sizes).filter_map(|(id, size)| Some(((*id).to_owned(), size?))).collect())
}
