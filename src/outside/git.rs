//! The revision that the working tree is compared with, read from git's objects without a checkout, by the program `git`.
//! What did not change since is not read again, and what the reader of the working tree leaves out is left out here too.

mod fetch;
mod lines;
mod objects;
mod program;
mod revision;
mod tree;

pub use fetch::Fetch;

use super::Failure;
use super::event::Event;
use super::readable::Limits;
use crate::Tree;
use crate::text::{ChangedLines, RepoPath, Revision};
use program::Git;
use revision::Found;
use std::collections::BTreeSet;
use std::path::Path;

/// What the working tree is compared with.
pub enum Base {
    There(Revision, Tree),
    /// The revision cannot be had here; the rest of the work can be done without it.
    Missing {
        name: String,
        why: String,
    },
}

/// What is judged: the working tree, or what of it would be committed.
#[derive(Clone, Copy)]
pub struct Head<'a> {
    pub tree: &'a Tree,
    pub is_staged: bool,
}

impl<'a> From<&'a Tree> for Head<'a> {
    /// A working tree.
    fn from(tree: &'a Tree) -> Head<'a> {
        Head { tree, is_staged: false }
    }
}

/// The tree that would be committed: what is in the index and nothing else. `worktree` is what lies below `root`.
pub fn staged(root: &Path, worktree: &Tree, limits: Limits) -> Result<Tree, Failure> {
    let git = Git::around(root)?.with_index_of_hook()?;
    tree::read_index(&git, worktree, limits)
}

/// The last state that the working tree below `root` has in common with the revision that is called `name`: what a pull
/// request is compared with. `head` is the working tree. Fails where there is no such revision, no repository or no git.
pub fn base<'a>(
    root: &Path,
    name: &str,
    head: impl Into<Head<'a>>,
    limits: Limits,
    fetch: Option<&Fetch>,
) -> Result<Base, Failure> {
    let head = head.into();
    let git = around(root, head)?;
    let found = revision::find(&git, name, fetch)?;
    read(&git, name, found, head, limits)
}

/// The same for what a workflow of GitHub runs for; `None` where that is nothing that changes anything. The work does not
/// depend on it, so nothing that is amiss is a failure.
pub fn base_of_event<'a>(
    root: &Path,
    event: &Event,
    head: impl Into<Head<'a>>,
    limits: Limits,
    fetch: Option<&Fetch>,
) -> Option<Base> {
    let head = head.into();
    let name = revision::name_of_base(event)?;
    let git = around(root, head);
    let read = git.and_then(|git| {
        let found = revision::of_event(&git, event, fetch)?;
        read(&git, &name, found, head, limits)
    });
    Some(read.unwrap_or_else(|failure| Base::Missing { name, why: failure.in_one_line() }))
}

fn around(root: &Path, head: Head<'_>) -> Result<Git, Failure> {
    let git = Git::around(root)?;
    if head.is_staged { git.with_index_of_hook() } else { Ok(git) }
}

/// What leads from the top of the work tree to `root`; `None` where it is the top, or lies in none.
pub fn below_top(root: &Path) -> Option<RepoPath> {
    program::below(program::top(root)?, root)
}

/// The lines of the head below `root` that `commit` does not have. The work does not depend on it: where git cannot say,
/// nothing is known.
pub fn changed_lines<'a>(root: &Path, commit: &str, head: impl Into<Head<'a>>) -> Option<ChangedLines> {
    let head = head.into();
    let git = around(root, head).ok()?;
    lines::changed(&git, commit, head.is_staged).ok()
}

/// What git tracks below `root`; nothing where git cannot say, or there is none.
pub fn tracked(root: &Path) -> BTreeSet<RepoPath> {
    Git::around(root).and_then(|git| tree::tracked(&git)).unwrap_or_default()
}

fn read(git: &Git, name: &str, found: Found, head: Head<'_>, limits: Limits) -> Result<Base, Failure> {
    let name = name.to_owned();
    Ok(match found {
        Found::Commit(commit) => {
            let tree = tree::read(git, &commit, head, limits)?;
            Base::There(Revision { name, commit }, tree)
        }
        Found::Missing(why) => Base::Missing { name, why },
    })
}
