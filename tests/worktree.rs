//! Reading a tree: what is read, what is not and why, and where the root is. Every test makes a tree of its own.
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "these tests make the trees that are read")]

use feedgate::outside::root::{CONFIG_NAMES, find};
use feedgate::outside::worktree::{Limits, read_tree};
use feedgate::{Tree, Unread};
use std::fs;
use std::path::{Path, PathBuf};

/// A folder that is gone when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("worktree-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("the target folder is ours");
        Folder(fs::canonicalize(path).expect("it was just made"))
    }

    fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().expect("a path below the folder")).expect("the folder is ours");
        fs::write(path, content).expect("the folder is ours");
    }

    fn tree(&self) -> Tree {
        read_tree(&self.0, Limits { file: 1000, sample: 20, ..Limits::default() }).expect("the folder can be read")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn read(tree: &Tree) -> Vec<&str> {
    tree.files.iter().filter(|file| file.content.is_ok()).map(|file| file.path.as_str()).collect()
}

fn unread(tree: &Tree) -> Vec<(&str, &Unread)> {
    tree.files.iter().filter_map(|file| Some((file.path.as_str(), file.content.as_ref().err()?))).collect()
}

#[test]
fn only_what_we_understand_is_read_in_order_of_paths() {
    let folder = Folder::new("kinds");
    for path in ["b.yaml", "a/z.SQL", "a/b.tf", "c.tf.json", "d.txt", "README.md", ".hidden.yaml", ".feedgate/rules/own.md"] {
        folder.write(path, "x");
    }
    for path in
        [".git/config.yaml", "node_modules/x/package.json", ".terraform/m.tf", ".github/workflows/ci.yml", ".cache/x.json"]
    {
        folder.write(path, "x");
    }
    let wanted = [".feedgate/rules/own.md", ".github/workflows/ci.yml", "a/b.tf", "a/z.SQL", "b.yaml", "c.tf.json"];
    let tree = folder.tree();
    assert_eq!(read(&tree), wanted);
    assert_eq!(unread(&tree), []);
}

#[test]
fn ignored_files_are_not_read() {
    let folder = Folder::new("ignored");
    folder.write(".gitignore", "build/\n*.tfvars\n!keep.tfvars\n");
    for path in ["build/a.yaml", "x.tfvars", "keep.tfvars", "feeds/a.yaml"] {
        folder.write(path, "x");
    }
    // Only a git work tree gives a say to what lies above the root.
    folder.write("inner/b.tfvars", "x");
    let inner = |folder: &Folder| read_tree(&folder.0.join("inner"), Limits::default()).expect("the folder can be read");
    assert_eq!(read(&folder.tree()), ["feeds/a.yaml", "keep.tfvars"]);
    folder.write(".git/HEAD", "");
    assert_eq!(read(&inner(&folder)), [""; 0]);
}

#[test]
fn what_is_not_text_is_said_and_not_read() {
    let folder = Folder::new("text");
    folder.write("latin.yaml", b"a: \xe9\n");
    folder.write("nul.yaml", b"a: \0\n");
    folder.write("large.yaml", "x".repeat(1001));
    folder.write("just.yaml", "x".repeat(1000));
    folder.write("empty.yaml", "");
    let tree = folder.tree();
    let large = Unread::TooLarge { bytes: 1001, limit: 1000 };
    let wanted = [
        ("large.yaml", &large),
        ("latin.yaml", &Unread::NotUtf8 { line: 1, column: 4 }),
        ("nul.yaml", &Unread::Binary { line: 1, column: 4 }),
    ];
    assert_eq!(unread(&tree), wanted);
    assert_eq!(read(&tree), ["empty.yaml", "just.yaml"]);
}

#[test]
fn a_sample_is_read_to_the_last_whole_line_within_the_limit() {
    let folder = Folder::new("sample");
    folder.write("long.ndjson", "{\"a\":1}\n{\"a\":22}\n{\"a\":333}\n");
    folder.write("short.ndjson", "{\"a\":1}");
    folder.write("one-line.jsonl", "x".repeat(2000));
    let tree = folder.tree();
    let texts: Vec<&str> = tree.files.iter().filter_map(|file| file.content.as_deref().ok()).collect();
    assert_eq!(texts, ["{\"a\":1}\n{\"a\":22}\n", "{\"a\":1}"]);
    assert_eq!(unread(&tree), [("one-line.jsonl", &Unread::TooLarge { bytes: 2000, limit: 20 })]);
}

#[test]
fn a_packed_sample_is_unpacked_as_far_as_samples_are_read() {
    use std::io::Write as _;
    let folder = Folder::new("packed");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(b"{\"a\":1}\n{\"a\":22}\n{\"a\":333}\n").expect("memory takes it");
    folder.write("long.json.gz", packed.finish().expect("memory takes it"));
    folder.write("other.tar.gz", "not read");
    let tree = folder.tree();
    let texts: Vec<(&str, &str)> =
        tree.files.iter().filter_map(|file| Some((file.path.as_str(), file.content.as_deref().ok()?))).collect();
    assert_eq!(texts, [("long.json.gz", "{\"a\":1}\n{\"a\":22}\n")]);
}

#[test]
fn a_tree_that_is_too_large_is_read_in_order_until_the_limit() {
    let folder = Folder::new("total");
    for name in ["a.yaml", "b.yaml", "c.yaml", "d.ndjson"] {
        folder.write(name, "123456\n");
    }
    folder.write("b.yaml", "x".repeat(20));
    let limits = Limits { total: 25, ..Limits::default() };
    let tree = read_tree(&folder.0, limits).expect("the folder can be read");
    assert_eq!(read(&tree), ["a.yaml", "c.yaml", "d.ndjson"]);
    assert_eq!(unread(&tree), [("b.yaml", &Unread::TooLarge { bytes: 20, limit: 18 })]);
    let failure = read_tree(&folder.0, Limits { files: 3, ..Limits::default() }).expect_err("there are four");
    assert!(failure.message.contains("more than 3 files"), "{failure}");
}

#[cfg(unix)]
mod on_unix {
    use super::*;
    use std::os::unix::fs::symlink;
    use std::process::Command;

    fn link(folder: &Folder, target: &str, path: &str) {
        symlink(target, folder.0.join(path)).expect("the folder is ours");
    }

    #[test]
    fn no_link_leads_out_of_the_root() {
        let folder = Folder::new("links");
        folder.write("feeds/a.yaml", "a");
        folder.write(".git/secret.yaml", "x");
        link(&folder, "/etc/passwd", "feeds/b.yaml");
        link(&folder, "../../../../../../../../etc", "out");
        link(&folder, "feeds/a.yaml", "inside.yaml");
        link(&folder, "feeds", "folder");
        link(&folder, "loop.yaml", "loop.yaml");
        link(&folder, "..", "feeds/up");
        link(&folder, "nowhere.yaml", "broken.yaml");
        link(&folder, ".git/secret.yaml", "secret.yaml");
        link(&folder, "/dev/zero", "zero.json");
        let tree = folder.tree();
        assert_eq!(read(&tree), ["feeds/a.yaml", "inside.yaml"]);
        let nowhere = Unread::Denied("the link leads nowhere".to_owned());
        let out = |path| (path, &Unread::Link);
        let wanted =
            [("broken.yaml", &nowhere), out("feeds/b.yaml"), out("loop.yaml"), out("out"), out("secret.yaml"), out("zero.json")];
        assert_eq!(unread(&tree), wanted);
    }

    #[test]
    fn a_pipe_is_never_opened() {
        let folder = Folder::new("pipe");
        let made = Command::new("mkfifo").arg(folder.0.join("pipe.yaml")).status();
        assert!(made.expect("mkfifo is on every unix").success());
        link(&folder, "pipe.yaml", "link.yaml");
        let tree = folder.tree();
        assert_eq!(unread(&tree), [("link.yaml", &Unread::NotAFile), ("pipe.yaml", &Unread::NotAFile)]);
    }

    #[test]
    fn an_ignore_file_that_never_ends_is_not_read() {
        let folder = Folder::new("endless");
        folder.write("feeds/a.yaml", "a");
        folder.write("b.yaml", "b");
        link(&folder, "/dev/zero", "feeds/.gitignore");
        let tree = folder.tree();
        assert_eq!(read(&tree), ["b.yaml"]);
        assert_eq!(unread(&tree).iter().map(|(path, _)| *path).collect::<Vec<_>>(), ["feeds"]);
        link(&folder, "/dev/zero", ".gitignore");
        assert_eq!(read(&folder.tree()), ["b.yaml"]);
        folder.write(".git/HEAD", "");
        folder.write("inner/c.yaml", "c");
        let inner = read_tree(&folder.0.join("inner"), Limits::default()).expect("the folder can be read");
        assert_eq!(read(&inner), ["c.yaml"]);
    }

    #[test]
    fn a_name_that_is_not_text_is_said() {
        use std::os::unix::ffi::OsStrExt as _;
        let folder = Folder::new("names");
        fs::write(folder.0.join(std::ffi::OsStr::from_bytes(b"a\xff.yaml")), "x").expect("the folder is ours");
        folder.write("b\n.yaml", "x");
        folder.write("c\\d.yaml", "x");
        let tree = folder.tree();
        assert_eq!(read(&tree), ["b\n.yaml"]);
        assert_eq!(unread(&tree).iter().map(|(path, _)| *path).collect::<Vec<_>>(), ["a\u{fffd}.yaml", "c\u{fffd}d.yaml"]);
    }

    #[test]
    fn a_folder_that_cannot_be_entered_is_said() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = Folder::new("denied");
        folder.write("a.yaml", "x");
        folder.write("closed/b.yaml", "x");
        let closed = folder.0.join("closed");
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o0)).expect("the folder is ours");
        // Whoever runs the tests as root may enter everything.
        let is_closed = fs::read_dir(&closed).is_err();
        let tree = folder.tree();
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).expect("the folder is ours");
        let paths: Vec<&str> = unread(&tree).iter().map(|(path, _)| *path).collect();
        assert_eq!(paths, if is_closed { vec!["closed"] } else { vec![] });
    }
}

#[test]
fn a_missing_folder_is_a_failure() {
    let failure = read_tree(Path::new("/nowhere/at/all"), Limits::default()).expect_err("there is no such folder");
    assert!(failure.to_string().starts_with("failed: cannot read `/nowhere/at/all`\n  because: "));
}

fn root(current: &Path, paths: &[&str]) -> Result<(PathBuf, String, Vec<String>), String> {
    let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
    let root = find(current, &paths).map_err(|failure| failure.message)?;
    Ok((root.folder, root.prefix, root.paths.iter().map(|path| path.as_str().to_owned()).collect()))
}

#[test]
fn the_root_is_the_nearest_folder_with_a_configuration() {
    let folder = Folder::new("root");
    folder.write(".git/HEAD", "");
    folder.write("examples/zone/feedgate.yaml", "version: 1");
    folder.write("examples/zone/feeds/a.yaml", "x");
    folder.write("sql/a.sql", "x");
    let zone = folder.0.join("examples/zone");
    let found = |paths: &[&str]| root(&folder.0, paths).expect("the paths are there");
    assert_eq!(found(&["examples/zone"]), (zone.clone(), "examples/zone/".into(), vec![]));
    assert_eq!(found(&["examples/zone/feeds/a.yaml"]), (zone.clone(), "examples/zone/".into(), vec!["feeds/a.yaml".into()]));
    assert_eq!(found(&[]), (folder.0.clone(), String::new(), vec![]));
    assert_eq!(found(&["sql/../sql/a.sql"]), (folder.0.clone(), String::new(), vec!["sql/a.sql".into()]));
    assert_eq!(root(&zone.join("feeds"), &[]), Ok((zone.clone(), String::new(), vec![])));
    assert_eq!(root(&folder.0.join("sql"), &["a.sql"]), Ok((folder.0.clone(), String::new(), vec!["sql/a.sql".into()])));
    folder.write("sql/feedgate.yml", "version: 1");
    assert_eq!(root(&folder.0.join("sql"), &["a.sql"]), Ok((folder.0.join("sql"), String::new(), vec!["a.sql".into()])));
    assert_eq!(CONFIG_NAMES, feedgate::model::discover::CONFIG_NAMES, "what makes a root is what is read there");
    let outside = root(&folder.0, &["examples/zone", "sql"]).expect_err("sql lies elsewhere");
    assert!(outside.contains("lies outside of"), "{outside}");
    assert_eq!(root(&folder.0, &["nothing.yaml"]), Err("cannot find `nothing.yaml`".to_owned()));
}
