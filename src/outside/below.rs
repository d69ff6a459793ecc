//! Writes files of the tree: only below the root, whatever links the tree holds, and only over what was read.

use super::{Failure, output};
use crate::text::RepoPath;
use std::fs;
use std::path::{Path, PathBuf};

/// Gives a file below the root another text. `before` is the text that was read, `None` for a file that is new.
pub fn write(root: &Path, path: &RepoPath, before: Option<&str>, text: &str) -> Result<(), Failure> {
    let failure = |why: &str| Failure::new(format!("cannot write `{path}`: {why}"));
    let outside = || failure("it lies outside of the repository").help("change it by hand where it lies");
    let target = match before {
        Some(before) => {
            let target = real(&root.join(path.as_str()))?;
            let now = fs::read_to_string(&target).map_err(|error| failure("it cannot be read").source(error))?;
            if now != before {
                return Err(failure("it was changed meanwhile").help("run feedgate once more"));
            }
            target
        }
        None => new_target(root, path)?.ok_or_else(outside)?,
    };
    if !target.starts_with(real(root)?) || path.as_str().split('/').any(|part| part == ".git") {
        return Err(outside());
    }
    output::to_file(&target, text)
}

/// Whether something of this name lies at the root.
pub fn is_there(root: &Path, name: &str) -> bool {
    fs::symlink_metadata(root.join(name)).is_ok()
}

/// A file below the root that the reader of trees leaves out; `None` where there is none.
pub fn read(root: &Path, path: &RepoPath) -> Result<Option<String>, Failure> {
    let target = root.join(path.as_str());
    if fs::symlink_metadata(&target).is_err() {
        return Ok(None);
    }
    let target = real(&target)?;
    if !target.starts_with(real(root)?) {
        return Err(Failure::new(format!("cannot read `{path}`: it lies outside of the repository")));
    }
    output::from_file(&target).map(Some)
}

/// Where a new file comes to lie, its folders made; `None` when a link on the way leads out of the root.
fn new_target(root: &Path, path: &RepoPath) -> Result<Option<PathBuf>, Failure> {
    let target = root.join(path.as_str());
    let Some(folder) = target.parent() else { return Ok(None) };
    let there = folder.ancestors().find(|folder| folder.exists()).unwrap_or(root);
    if !real(there)?.starts_with(real(root)?) {
        return Ok(None);
    }
    if fs::symlink_metadata(&target).is_ok() {
        let failure = Failure::new(format!("cannot make `{path}`: it is there already, and was not read"));
        return Err(failure.help("take it out of `.gitignore`, or leave the file to whatever makes it"));
    }
    fs::create_dir_all(folder).map_err(|error| Failure::new(format!("cannot make `{}`", folder.display())).source(error))?;
    Ok(Some(real(folder)?.join(target.file_name().unwrap_or_default())))
}

fn real(path: &Path) -> Result<PathBuf, Failure> {
    fs::canonicalize(path).map_err(|error| Failure::new(format!("cannot find `{}`", path.display())).source(error))
}

#[cfg(all(test, unix))]
mod tests {
    use super::write;
    use crate::text::RepoPath;
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::path::PathBuf;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("feedgate-below-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("root/tables")).expect("a folder for tests");
        folder
    }

    fn path(text: &str) -> RepoPath {
        RepoPath::new(text).expect("a plain path")
    }

    #[test]
    fn files_are_changed_and_made_below_the_root() {
        let folder = folder("plain");
        let root = folder.join("root");
        fs::write(root.join("tables/a.json"), "[1]").expect("ours");
        fs::set_permissions(root.join("tables/a.json"), fs::Permissions::from_mode(0o640)).expect("ours");
        write(&root, &path("tables/a.json"), Some("[1]"), "[2]").expect("written");
        write(&root, &path("tables/new/b.json"), None, "[3]").expect("written");
        let text = |name: &str| fs::read_to_string(root.join(name)).expect("it is there");
        assert_eq!((text("tables/a.json").as_str(), text("tables/new/b.json").as_str()), ("[2]", "[3]"));
        let mode = fs::metadata(root.join("tables/a.json")).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
        let refused = write(&root, &path("tables/a.json"), Some("[1]"), "[4]").expect_err("it has changed");
        assert!(refused.to_string().contains("changed meanwhile"), "{refused}");
        assert!(write(&root, &path("tables/a.json"), None, "[4]").is_err());
        assert!(write(&root, &path(".git/hooks/x"), None, "[4]").is_err());
        fs::remove_dir_all(folder).expect("ours");
    }

    #[test]
    fn no_link_leads_out() {
        let folder = folder("links");
        let root = folder.join("root");
        fs::create_dir_all(folder.join("outside")).expect("ours");
        fs::write(folder.join("outside/a.json"), "[1]").expect("ours");
        symlink(folder.join("outside"), root.join("out")).expect("ours");
        symlink(folder.join("outside/a.json"), root.join("a.json")).expect("ours");
        symlink(root.join("tables"), root.join("in")).expect("ours");
        assert!(write(&root, &path("out/new.json"), None, "[2]").is_err());
        assert!(write(&root, &path("out/deep/new.json"), None, "[2]").is_err());
        assert!(write(&root, &path("a.json"), Some("[1]"), "[2]").is_err());
        assert_eq!(fs::read_to_string(folder.join("outside/a.json")).expect("it is there"), "[1]");
        assert_eq!(fs::read_dir(folder.join("outside")).expect("it is there").count(), 1);
        write(&root, &path("in/c.json"), None, "[2]").expect("a link within the root leads nowhere else");
        fs::remove_dir_all(folder).expect("ours");
    }
}
