//! From the name of a revision to the commit that is compared with: the last one that it has in common with `HEAD`.

use super::program::Git;
use crate::outside::Failure;
use crate::text::nearest;

pub(super) enum Found {
    /// The id of the commit.
    Commit(String),
    /// It is not in this clone, and why.
    Missing(String),
}

const FETCH: &str = "set `fetch-depth: 0` where the repository is checked out, or run `git fetch --unshallow`";

/// The commit that the revision called `name` and `HEAD` have in common.
pub(super) fn find(git: &Git, name: &str) -> Result<Found, Failure> {
    match commit(git, name)? {
        Some(id) => common(git, name, &id),
        None => not_there(git, name),
    }
}

/// The same for a pull request into the branch `target`. `is_merge`: `HEAD` is what merging it would give, and its first
/// parent the branch, which is there even where the branch has no name here.
pub(super) fn of_pull_request(git: &Git, target: &str, is_merge: bool) -> Result<Found, Failure> {
    let name = format!("origin/{target}");
    if let Some(id) = commit(git, &format!("refs/remotes/{name}"))? {
        return common(git, &name, &id);
    }
    let merged = if is_merge && commit(git, "HEAD^2")?.is_some() { commit(git, "HEAD^1")? } else { None };
    Ok(merged
        .map_or_else(|| Found::Missing(format!("the target of the pull request is not in this clone: {FETCH}")), Found::Commit))
}

/// The id of a commit, if there is one of this name. No name of a revision begins with a dash; what does would be an
/// option to git.
fn commit(git: &Git, name: &str) -> Result<Option<String>, Failure> {
    if name.starts_with('-') || name.contains(['\0', '\n']) {
        return Ok(None);
    }
    let line = git.line(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{name}^{{commit}}")])?;
    Ok(line.filter(|id| is_id(id)))
}

fn is_id(id: &str) -> bool {
    matches!(id.len(), 40 | 64) && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn common(git: &Git, name: &str, id: &str) -> Result<Found, Failure> {
    if let Some(common) = git.line(&["merge-base", id, "HEAD"])?.filter(|id| is_id(id)) {
        return Ok(Found::Commit(common));
    }
    Ok(Found::Missing(match is_shallow(git)? {
        true => format!("this clone does not go back to the commit that `{name}` and `HEAD` have in common: {FETCH}"),
        false => format!("`{name}` and `HEAD` have no commit in common"),
    }))
}

/// A slip of the pen is a failure. What a shallow clone does not hold may well be there elsewhere.
fn not_there(git: &Git, name: &str) -> Result<Found, Failure> {
    let names = String::from_utf8_lossy(&git.bytes(&["for-each-ref", "--format=%(refname:short)"])?).into_owned();
    let of_remote = format!("origin/{name}");
    let near = names.lines().find(|known| *known == of_remote).or_else(|| nearest(name, names.lines()));
    if near.is_none() && !name.starts_with('-') && is_shallow(git)? {
        return Ok(Found::Missing(format!("it is not in this clone, which holds only the newest commits: {FETCH}")));
    }
    let failure = Failure::new(format!("there is no revision `{name}` in this repository"));
    Err(match near {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None => failure.help("`--base` takes what git takes: a branch as `origin/main`, a tag, a commit, `HEAD~1`"),
    })
}

fn is_shallow(git: &Git) -> Result<bool, Failure> {
    Ok(git.line(&["rev-parse", "--is-shallow-repository"])?.is_some_and(|answer| answer == "true"))
}
