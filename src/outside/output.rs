//! Writes what was rendered: to standard output, or to a file that is whole or not there at all.

use super::Failure;
use std::fs;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// Writes to standard output. A reader that has gone away (`| head`) is no failure.
pub fn to_stdout(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::new("cannot write to standard output").source(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes to standard error; there is nobody to tell when that fails.
pub fn to_stderr(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Writes a file through a neighbour that is then renamed, so that no reader ever sees half of it. What is there already
/// and is not a plain file (a device, a pipe, a link) is written to as it is.
pub fn to_file(path: &Path, text: &str) -> Result<(), Failure> {
    let is_plain = fs::symlink_metadata(path).map_or(true, |metadata| metadata.is_file());
    let written = if is_plain { replace(path, text) } else { fs::write(path, text) };
    written.map_err(|error| Failure::new(format!("cannot write `{}`", path.display())).source(error))
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut neighbour = path.as_os_str().to_owned();
    neighbour.push(format!(".{}.tmp", std::process::id()));
    let neighbour = PathBuf::from(neighbour);
    let written = fs::write(&neighbour, text).and_then(|()| match fs::metadata(path) {
        // Who may read the file is not ours to change.
        Ok(before) => fs::set_permissions(&neighbour, before.permissions()),
        Err(_) => Ok(()),
    });
    written.and_then(|()| fs::rename(&neighbour, path)).inspect_err(|_| {
        let _ = fs::remove_file(&neighbour);
    })
}

/// All of standard input, as text.
pub fn from_stdin() -> Result<String, Failure> {
    let mut text = String::new();
    let read = io::stdin().lock().take(super::worktree::Limits::default().file).read_to_string(&mut text);
    read.map_err(|error| Failure::new("cannot read standard input").source(error))?;
    Ok(text)
}

/// The plan of a large deployment is smaller.
const MAX_NAMED: u64 = 256 << 20;

/// A file that the user named on the command line.
pub fn from_file(path: &Path) -> Result<String, Failure> {
    from_file_within(path, MAX_NAMED)
}

/// Opens what was named. Nobody may ever write into a pipe of the tree; what a shell hands over (`/dev/fd/63`) has its writer.
pub(super) fn open(path: &Path) -> io::Result<fs::File> {
    let kind = fs::metadata(path)?.file_type();
    let is_of_system = path.starts_with("/dev") || path.starts_with("/proc");
    if kind.is_file() || kind.is_dir() || is_of_system {
        return fs::File::open(path);
    }
    Err(io::Error::other("it is neither a file nor a folder, but a pipe, a socket or a device"))
}

/// The same, of at most so many bytes.
pub fn from_file_within(path: &Path, limit: u64) -> Result<String, Failure> {
    let cannot = |error| Failure::new(format!("cannot read `{}`", path.display())).source(error);
    let mut text = String::new();
    let n_read = open(path).and_then(|file| file.take(limit + 1).read_to_string(&mut text)).map_err(cannot)?;
    match u64::try_from(n_read).is_ok_and(|n_read| n_read <= limit) {
        true => Ok(text),
        false => Err(Failure::new(format!("`{}` has more than {limit} bytes", path.display()))),
    }
}
