//! Which lines of the working tree, or of what is staged, a commit does not have.

use super::program::Git;
use crate::outside::Failure;
use crate::text::{ChangedLines, RepoPath};
use std::ops::RangeInclusive;

/// Of the files below the root, by paths from there; `of_index` asks for what is staged in place of the working tree.
pub(super) fn changed(git: &Git, commit: &str, of_index: bool) -> Result<ChangedLines, Failure> {
    let relative = git.below.as_ref().map_or("--no-relative".to_owned(), |below| format!("--relative={below}/"));
    let mut arguments = vec![
        "-c",
        "core.quotePath=false",
        "diff",
        "--unified=0",
        "--find-renames",
        "--no-ext-diff",
        "--no-textconv",
        "--no-color",
        "--src-prefix=a/",
        "--dst-prefix=b/",
        "--ignore-submodules=all",
        &relative,
    ];
    arguments.extend(of_index.then_some("--cached"));
    arguments.extend([commit, "--"]);
    Ok(read(&String::from_utf8_lossy(&git.bytes(&arguments)?)))
}

/// Reads the headings of a patch without context. A name that git has to quote is left out: it holds what no name of
/// ours does.
fn read(patch: &str) -> ChangedLines {
    let mut changed = ChangedLines::default();
    let mut path: Option<RepoPath> = None;
    // Lines of content, of which one may look like a heading.
    let mut n_content = 0;
    for line in patch.lines() {
        if n_content > 0 && line.starts_with(['+', '-']) {
            n_content -= 1;
        } else if let Some(name) = line.strip_prefix("+++ ") {
            path = name.strip_prefix("b/").and_then(|name| RepoPath::new(name.trim_end_matches('\t')));
        } else if let Some((n_lines, range)) = line.strip_prefix("@@ -").and_then(hunk) {
            n_content = n_lines;
            if let Some(path) = path.as_ref().filter(|_| !range.is_empty()) {
                changed.add(path.clone(), range);
            }
        }
    }
    changed
}

/// How many lines of content follow `3,2 +4,0 @@`, and which are those of the new side.
fn hunk(heading: &str) -> Option<(u32, RangeInclusive<u32>)> {
    let (before, rest) = heading.split_once(" +")?;
    let (_, n_before) = count(before)?;
    let (start, n_after) = count(rest.split(' ').next()?)?;
    Some((n_before + n_after, start..=(start + n_after).checked_sub(1)?))
}

fn count(side: &str) -> Option<(u32, u32)> {
    let (start, n) = side.split_once(',').unwrap_or((side, "1"));
    Some((start.parse().ok()?, n.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_new_side_of_a_patch_is_read() {
        let patch = "diff --git a/a.yaml b/a.yaml\n--- a/a.yaml\n+++ b/a.yaml\n@@ -3 +3,2 @@ x\n-old\n+++ b/z.yaml\n+new\n\
                     @@ -9,2 +10,0 @@\n-a\n-b\n--- a/b c.sql\t\n+++ b/b c.sql\t\n@@ -0,0 +1 @@\n+x\n";
        let changed = read(patch);
        let path = |name| RepoPath::new(name).expect("a plain path");
        let held: Vec<u32> = (1..20).filter(|line| changed.hold(&path("a.yaml"), *line)).collect();
        assert_eq!(held, [3, 4]);
        assert!(changed.hold(&path("b c.sql"), 1) && !changed.hold(&path("z.yaml"), 3));
    }
}
