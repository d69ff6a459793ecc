//! Contents from git's object store, many at a time: one process, one writer, one reader.

use super::program::{Git, cannot_run};
use crate::outside::Failure;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::Stdio;
use std::thread;

/// The sizes in bytes of these objects, in their order; `None` for one that is not here.
pub(super) fn sizes(git: &Git, ids: &[&str]) -> Result<Vec<Option<u64>>, Failure> {
    let mut sizes = Vec::with_capacity(ids.len());
    ask(git, &["cat-file", "--batch-check", "--buffer"], ids, |answers| {
        sizes.push(header(answers)?);
        Ok(())
    })?;
    Ok(sizes)
}

/// Hands over the content of these objects, in their order; `None` for one that is not here.
pub(super) fn contents(git: &Git, ids: &[&str], mut take: impl FnMut(Option<Vec<u8>>)) -> Result<(), Failure> {
    ask(git, &["cat-file", "--batch", "--buffer"], ids, |answers| {
        let Some(n_bytes) = header(answers)? else {
            take(None);
            return Ok(());
        };
        let mut bytes = Vec::new();
        answers.take(n_bytes).read_to_end(&mut bytes)?;
        answers.read_exact(&mut [0])?;
        take(Some(bytes));
        Ok(())
    })
}

/// Gets objects that a partial clone left at its remote, all at once; git itself would fetch one after the other.
/// `false` where there is no such remote, or it does not give them.
pub(super) fn fetch(git: &Git, ids: &[&str]) -> Result<bool, Failure> {
    let Some(remote) = promisor(git)? else { return Ok(false) };
    let arguments = [
        "-c",
        "fetch.negotiationAlgorithm=noop",
        "fetch",
        "--quiet",
        "--no-tags",
        "--no-write-fetch-head",
        "--recurse-submodules=no",
        "--filter=blob:none",
        "--stdin",
        "--end-of-options",
        &remote,
    ];
    let mut child = git.command(&arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let child = child.as_mut().map_err(|error| cannot_run(error))?;
    let written = child.stdin.take().map(|mut stdin| stdin.write_all(ids.join("\n").as_bytes()));
    let status = child.wait().map_err(|error| cannot_run(&error))?;
    Ok(written.is_some_and(|written| written.is_ok()) && status.success())
}

/// The remote that a partial clone gets its objects from.
fn promisor(git: &Git) -> Result<Option<String>, Failure> {
    let answer = git.run(&["config", "--get-regexp", r"^remote\..*\.promisor$"])?;
    let text = String::from_utf8_lossy(&answer.stdout).into_owned();
    let name = |line: &str| Some(line.strip_prefix("remote.")?.rsplit_once(".promisor")?.0.to_owned());
    Ok(text.lines().find_map(name))
}

/// Writes the ids to git while its answers are read: it would wait for ever for one who first writes everything.
fn ask(
    git: &Git,
    arguments: &[&str],
    ids: &[&str],
    mut answer: impl FnMut(&mut dyn BufRead) -> io::Result<()>,
) -> Result<(), Failure> {
    let mut child = git.command(arguments);
    let child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child = child.map_err(|error| cannot_run(&error))?;
    let (stdin, stdout) = (child.stdin.take().expect("it is piped"), child.stdout.take().expect("it is piped"));
    let read = thread::scope(|scope| {
        // That git does not listen to the end shows in its answers.
        scope.spawn(move || io::BufWriter::new(stdin).write_all(ids.join("\n").as_bytes()));
        let mut answers = BufReader::with_capacity(1 << 16, stdout);
        ids.iter().try_for_each(|_| answer(&mut answers))
    });
    let ended = child.wait();
    let failure = |error| Failure::new(format!("`git {}` broke off", arguments.join(" "))).source(error);
    read.and(ended.map(|_| ())).map_err(failure)
}

/// `<id> blob <size>`, or `<id> missing`.
fn header(answers: &mut (impl BufRead + ?Sized)) -> io::Result<Option<u64>> {
    let mut line = String::new();
    if answers.read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let mut words = line.split_whitespace().skip(1);
    match words.next() {
        Some("missing") => Ok(None),
        _ => words.next().and_then(|size| size.parse().ok()).map(Some).ok_or_else(|| io::Error::other(line.clone())),
    }
}
