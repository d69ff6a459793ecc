//! From the name of a revision to the commit that is compared with: the last one that it has in common with `HEAD`.

use super::fetch::Fetch;
use super::program::Git;
use crate::outside::Failure;
use crate::outside::event::{Event, Merge, PullRequest, Push};
use crate::text::nearest;

pub(super) enum Found {
    /// The id of the commit.
    Commit(String),
    /// It is not in this clone, and why.
    Missing(String),
}

const FETCH: &str = "set `fetch-depth: 0` where the repository is checked out, or let `feedgate lint --fetch-base` get it";

/// The commit that the revision called `name` and `HEAD` have in common.
pub(super) fn find(git: &Git, name: &str, fetch: Option<&Fetch>) -> Result<Found, Failure> {
    let found = match commit(git, name)? {
        Some(id) => common(git, name, &id)?,
        None if fetch.is_some() && is_shallow(git)? => Found::Missing(NOT_HERE.to_owned() + FETCH),
        None => return not_there(git, name),
    };
    match fetch {
        Some(fetch) => or_fetched(git, found, fetch, name.strip_prefix("origin/").unwrap_or(name)),
        None => Ok(found),
    }
}

/// What the base of an event is called; `None` where there is none.
pub(super) fn name_of_base(event: &Event) -> Option<String> {
    let short = |id: &String| id.chars().take(12).collect();
    match event {
        Event::PullRequest(PullRequest { target, .. }) => Some(format!("origin/{target}")),
        Event::MergeGroup { base } => Some(short(base)),
        Event::Push(Push { before: Some(before), .. }) => Some(short(before)),
        Event::Push(Push { before: None, default_branch }) => default_branch.as_ref().map(|name| format!("origin/{name}")),
    }
}

/// The base of an event.
pub(super) fn of_event(git: &Git, event: &Event, fetch: Option<&Fetch>) -> Result<Found, Failure> {
    match event {
        Event::PullRequest(pull_request) => of_pull_request(git, pull_request, fetch),
        Event::MergeGroup { base: id } | Event::Push(Push { before: Some(id), .. }) => itself(git, id, fetch),
        Event::Push(Push { before: None, default_branch }) => {
            of_branch(git, default_branch.as_deref().unwrap_or("HEAD"), None, fetch)
        }
    }
}

/// `HEAD` may be what merging the pull request would give: then its first parent is the branch, which is there even where
/// the branch has no name here.
fn of_pull_request(git: &Git, pull_request: &PullRequest, fetch: Option<&Fetch>) -> Result<Found, Failure> {
    let PullRequest { target, base, merge } = pull_request;
    let named = match commit(git, &format!("refs/remotes/origin/{target}"))? {
        Some(id) => common(git, &format!("origin/{target}"), &id)?,
        None => Found::Missing(format!("the target of the pull request is not in this clone: {FETCH}")),
    };
    let (Found::Missing(_), Some(merge)) = (&named, merge) else {
        return of_branch_or(git, named, target, base.as_deref(), fetch);
    };
    match merged_into(git, merge)? {
        Some(id) => Ok(match itself(git, &id, fetch)? {
            Found::Commit(id) => Found::Commit(id),
            Found::Missing(_) => named,
        }),
        None => of_branch_or(git, named, target, base.as_deref(), fetch),
    }
}

/// The first parent of `HEAD`, where that is the merge. Read from the commit, which names its parents even in a clone that
/// does not hold them.
fn merged_into(git: &Git, merge: &Merge) -> Result<Option<String>, Failure> {
    let head = git.line(&["rev-parse", "HEAD"])?;
    if merge.id.is_some() && merge.id != head {
        return Ok(None);
    }
    let answer = git.run(&["cat-file", "commit", "HEAD"])?;
    let text = String::from_utf8_lossy(&answer.stdout);
    let parents: Vec<&str> = text
        .lines()
        .map_while(|line| (!line.is_empty()).then_some(line))
        .filter_map(|line| line.strip_prefix("parent "))
        .collect();
    Ok(parents.first().filter(|_| parents.len() == 2).filter(|id| is_id(id)).map(|id| (*id).to_owned()))
}

/// A commit that is the base itself.
fn itself(git: &Git, id: &str, fetch: Option<&Fetch>) -> Result<Found, Failure> {
    if commit(git, id)?.is_none() && !fetch.map_or(Ok(false), |fetch| fetch.commit(git, id))? {
        return Ok(Found::Missing(format!("{NOT_HERE}{FETCH}")));
    }
    Ok(Found::Commit(id.to_owned()))
}

fn of_branch(git: &Git, branch: &str, newest: Option<&str>, fetch: Option<&Fetch>) -> Result<Found, Failure> {
    let name = format!("origin/{branch}");
    let named = match commit(git, &format!("refs/remotes/{name}"))? {
        Some(id) => common(git, &name, &id)?,
        None => Found::Missing(format!("{NOT_HERE}{FETCH}")),
    };
    of_branch_or(git, named, branch, newest, fetch)
}

fn of_branch_or(git: &Git, found: Found, branch: &str, newest: Option<&str>, fetch: Option<&Fetch>) -> Result<Found, Failure> {
    match fetch {
        Some(fetch) => or_fetched(git, found, fetch, newest.unwrap_or(branch)),
        None => Ok(found),
    }
}

/// What was found, or what there is once `what` and its history are here: a branch of the remote, or a commit.
fn or_fetched(git: &Git, found: Found, fetch: &Fetch, what: &str) -> Result<Found, Failure> {
    let Found::Missing(why) = found else { return Ok(found) };
    if what.starts_with('-') || !is_shallow(git)? {
        return Ok(Found::Missing(why));
    }
    let in_common = || git.line(&["merge-base", "FETCH_HEAD", "HEAD"]).map(|line| line.filter(|id| is_id(id)));
    Ok(fetch.history(git, what, in_common)?.map_or(Found::Missing(why), Found::Commit))
}

const NOT_HERE: &str = "it is not in this clone, which holds only the newest commits: ";

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
        return Ok(Found::Missing(format!("{NOT_HERE}{FETCH}")));
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
