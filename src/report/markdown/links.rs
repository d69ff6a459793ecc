//! Where a place of the repository can be looked at. Knows addresses, and nothing of reports.

use crate::report::clean;
use crate::report::told::Place;
use crate::text::RepoPath;

/// A commit of a repository on a server of GitHub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links {
    /// `https://github.com`.
    pub server: String,
    /// `owner/name`.
    pub repository: String,
    /// The id of the head.
    pub commit: String,
}

impl Links {
    /// The lines of a place. `commit`: of the base, where the place is there; `root` leads to where paths begin.
    pub(super) fn url(&self, root: &str, place: &Place<'_>, commit: Option<&str>) -> Option<String> {
        let commit = commit.unwrap_or(&self.commit);
        if commit.is_empty() || !commit.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let server = self.server.trim_end_matches('/');
        // Whose report it is does not say that a path stays within the repository.
        let within = |path: &str| RepoPath::new(path).map(|path| clean::percent_encoded(path.as_str()));
        let root = if root.is_empty() { String::new() } else { format!("{}/", within(root)?) };
        let path = within(&place.path)?;
        let end = if place.end_line > place.line { format!("-L{}", place.end_line) } else { String::new() };
        Some(format!("{server}/{}/blob/{commit}/{root}{path}#L{}{end}", clean::percent_encoded(&self.repository), place.line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(root: &str, path: &str, end_line: u32, commit: Option<&str>) -> Option<String> {
        let links = Links { server: "https://ghe.example.com/".into(), repository: "acme/zone".into(), commit: "0a1b".into() };
        let place = Place { path: path.into(), line: 3, column: 1, end_line, end_column: 1 };
        links.url(root, &place, commit)
    }

    #[test]
    fn a_place_is_a_line_of_a_commit() {
        let head = url("", "feeds/a.yaml", 3, None);
        assert_eq!(head.as_deref(), Some("https://ghe.example.com/acme/zone/blob/0a1b/feeds/a.yaml#L3"));
        let base = url("zone", "a b).yaml", 5, Some("ff00"));
        assert_eq!(base.as_deref(), Some("https://ghe.example.com/acme/zone/blob/ff00/zone/a%20b%29.yaml#L3-L5"));
        assert_eq!(url("", "a", 3, Some("../evil")), None);
        assert_eq!(url("zone", "../../../../mallory/page", 3, None), None);
        assert_eq!(url("../..", "a", 3, None), None);
    }
}
