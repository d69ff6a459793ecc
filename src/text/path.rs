//! Paths of the repository.

use std::fmt;
use std::sync::Arc;

/// A path relative to the root of the repository, with `/` between its parts and no `..` in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RepoPath(Arc<str>);

impl RepoPath {
    /// Normalises `path`; `None` when it is absolute, empty, or leaves the root.
    pub fn new(path: &str) -> Option<RepoPath> {
        RepoPath::join_parts(Vec::new(), path)
    }

    /// The path that `reference` names when it is written in this file, or `None` when it leaves the root.
    pub fn sibling(&self, reference: &str) -> Option<RepoPath> {
        let mut parts: Vec<&str> = self.0.split('/').collect();
        parts.pop();
        RepoPath::join_parts(parts, reference)
    }

    fn join_parts<'a>(mut parts: Vec<&'a str>, relative: &'a str) -> Option<RepoPath> {
        if relative.starts_with('/') || relative.contains(['\0', '\\']) || relative.contains(":/") {
            return None;
        }
        for part in relative.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                part => parts.push(part),
            }
        }
        (!parts.is_empty()).then(|| RepoPath(parts.join("/").into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last part of the path.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// The name without what follows its first dot: `orders` of `feeds/orders.feed.yaml`.
    pub fn stem(&self) -> &str {
        let name = self.name();
        name.split_once('.').map_or(name, |(stem, _)| stem)
    }

    /// The folder, without a slash at its end; empty at the root.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Whether this is the file or folder itself, or lies in it.
    pub fn lies_in(&self, folder: &RepoPath) -> bool {
        self.0.strip_prefix(folder.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Whether the name ends in `.extension`, in any case.
    pub fn has_extension(&self, extension: &str) -> bool {
        let name = self.name().as_bytes();
        let wanted = extension.as_bytes();
        name.len() > wanted.len()
            && name[name.len() - wanted.len()..].eq_ignore_ascii_case(wanted)
            && name[name.len() - wanted.len() - 1] == b'.'
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_never_leaves_the_root() {
        assert_eq!(RepoPath::new("../../etc/passwd"), None);
        assert_eq!(RepoPath::new("/etc/passwd"), None);
        assert_eq!(RepoPath::new("C:/x"), None);
        assert_eq!(RepoPath::new("a/./b/../c").map(|p| p.as_str().to_owned()).as_deref(), Some("a/c"));
        let feed = RepoPath::new("feeds/orders.yaml").expect("a plain path");
        assert_eq!(feed.sibling("../schemas/o.json").map(|p| p.as_str().to_owned()).as_deref(), Some("schemas/o.json"));
        assert_eq!(feed.sibling("../../o.json"), None);
    }
}
