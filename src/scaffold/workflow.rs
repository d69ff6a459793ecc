//! The workflow of pull requests: the one that we show as the example, for the whole repository or for one folder of it.

use super::scalar;
use crate::text::RepoPath;

const EXAMPLE: &str = include_str!("../../examples/workflows/pull-request.yml");

/// Where it comes to lie, from the top of the repository: several folders have each its own.
pub fn path(folder: Option<&RepoPath>) -> RepoPath {
    let of = folder.map_or_else(String::new, |folder| format!("-{}", folder.as_str().replace(['/', ' '], "-")));
    RepoPath::new(&format!(".github/workflows/feedgate{of}.yml")).expect("the name of a folder makes the name of a file")
}

/// The workflow. That of a folder checks it alone, and keeps a comment of its own.
pub fn yaml(folder: Option<&RepoPath>) -> String {
    let Some(folder) = folder.map(|folder| scalar(folder.as_str())) else { return EXAMPLE.to_owned() };
    let name = scalar(&format!("feedgate {}", folder.trim_matches('"')));
    let named = EXAMPLE.replacen("\nname: feedgate\n", &format!("\nname: {name}\n"), 1);
    format!("{}\n          paths: {folder}\n          key: {folder}\n", named.trim_end())
}

#[cfg(test)]
mod tests {
    use super::{path, yaml};
    use crate::syntax::ProblemKind;
    use crate::syntax::yaml::parse;
    use crate::text::{FileId, RepoPath};

    #[test]
    fn that_of_a_folder_checks_it_alone_and_has_a_name_and_a_comment_of_its_own() {
        let folder = RepoPath::new("data/on call").expect("plain");
        assert_eq!(path(Some(&folder)).as_str(), ".github/workflows/feedgate-data-on-call.yml");
        let text = yaml(Some(&folder));
        let problems = parse(FileId::from_index(0), &text.as_str().into()).problems;
        assert!(problems.iter().all(|problem| problem.kind == ProblemKind::AmbiguousScalar), "only the key `on`: {problems:?}");
        let with = "        with:\n          fail-on: error\n          paths: data/on call\n          key: data/on call\n";
        assert!(text.ends_with(with) && text.contains("\nname: feedgate data/on call\n"), "{text}");
    }
}
