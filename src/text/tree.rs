//! The files of a revision as they were found, and how two revisions become one collection of files.

use super::{Files, RepoPath, Side, Sides, SourceFile};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The files of one revision, as they were found: in any order, each read or not.
#[derive(Debug, Default, Clone)]
pub struct Tree {
    pub files: Vec<TreeFile>,
}

#[derive(Debug, Clone)]
pub struct TreeFile {
    pub path: RepoPath,
    pub content: Result<Arc<str>, Unread>,
}

/// Why a file was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    TooLarge {
        bytes: u64,
        limit: u64,
    },
    /// Not UTF-8, from this line and byte of the line on, both counted from one.
    NotUtf8 {
        line: usize,
        column: usize,
    },
    /// UTF-16, which says so at its beginning.
    Utf16,
    /// A NUL byte: not text.
    Binary {
        line: usize,
        column: usize,
    },
    /// Git LFS keeps the content elsewhere, and it was not fetched.
    LfsPointer,
    /// A submodule that is at another commit.
    Submodule,
    /// A partial clone left the content at its remote.
    NotInClone,
    /// A link that leads out of the root, or in a circle.
    Link,
    /// A FIFO, a socket, a device.
    NotAFile,
    /// The system's own words.
    Denied(String),
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unread::TooLarge { bytes, limit } => write!(f, "{bytes} bytes are more than the {limit} that are read of a file"),
            Unread::NotUtf8 { line, column } => write!(f, "not UTF-8: no character begins at byte {column} of line {line}"),
            Unread::Utf16 => f.write_str("it is UTF-16: save it as UTF-8"),
            Unread::Binary { line, column } => write!(f, "not text: byte {column} of line {line} is NUL"),
            Unread::LfsPointer => f.write_str("its content is kept by Git LFS and is not here: `git lfs pull` gets it"),
            Unread::Submodule => f.write_str("a submodule at another commit: what changed in it is not compared"),
            Unread::NotInClone => f.write_str("its content is not in this partial clone, and its remote did not give it"),
            Unread::Link => f.write_str("a link that leads out of the repository or nowhere"),
            Unread::NotAFile => f.write_str("neither a file nor a folder"),
            Unread::Denied(words) => f.write_str(words),
        }
    }
}

/// Files of a revision that were not read, and why.
pub type UnreadFiles = BTreeMap<RepoPath, String>;

impl Files {
    /// The files of one or two revisions in the order of their paths, and what was not read of the base and of the head.
    pub fn of_trees(base: Option<&Tree>, head: &Tree) -> (Files, [UnreadFiles; 2]) {
        let mut by_path: BTreeMap<&RepoPath, [Option<&TreeFile>; 2]> = BTreeMap::new();
        for file in base.iter().flat_map(|base| &base.files) {
            by_path.entry(&file.path).or_default()[0] = Some(file);
        }
        for file in &head.files {
            by_path.entry(&file.path).or_default()[1] = Some(file);
        }
        let (mut files, mut unread) = (Files::default(), [UnreadFiles::new(), UnreadFiles::new()]);
        for (path, both) in by_path {
            let [base, head] = both.map(|file| file.map(|file| &file.content));
            if let (Some(Ok(before)), Some(Ok(text))) = (base, head)
                && before == text
            {
                files.push(SourceFile::new(Sides::Both, path.clone(), text.clone()));
                continue;
            }
            for ((side, content), unread) in [(Side::Base, base), (Side::Head, head)].into_iter().zip(&mut unread) {
                match content {
                    Some(Ok(text)) => {
                        files.push(SourceFile::new(side, path.clone(), text.clone()));
                    }
                    Some(Err(why)) => {
                        unread.insert(path.clone(), why.to_string());
                    }
                    None => {}
                }
            }
        }
        (files, unread)
    }
}
