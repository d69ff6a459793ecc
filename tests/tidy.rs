//! Holds the source to the house rules that no compiler knows: layers, lengths, words.
#![expect(clippy::disallowed_methods, reason = "a test of the source reads the source")]

use std::fs;
use std::path::{Path, PathBuf};

/// Low to high: a module may use those that stand before it, and itself.
const LAYERS: [&str; 13] = [
    "text",
    "diagnostic",
    "syntax",
    "keys",
    "config",
    "sql",
    "model",
    "record",
    "scaffold",
    "estimate",
    "rules",
    "suppress",
    "report",
];

/// These see everything but each other's insides; nothing below may use them.
const ABOVE: [&str; 4] = ["outside", "cli", "command", "main"];

const MAX_LINES: usize = 800;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder whose name ends so, sorted, with its text.
fn texts(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = vec![root().join(folder)];
    while let Some(path) = open.pop() {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() && name != "target" && name != ".git" {
            open.extend(fs::read_dir(&path).expect("a folder of ours").map(|entry| entry.expect("a file of ours").path()));
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            let shown = path.strip_prefix(root()).expect("it lies below the root").to_string_lossy().into_owned();
            found.push((shown, fs::read_to_string(&path).expect("our files are texts")));
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<(String, String)> {
    texts("src", &[".rs"])
}

/// `src/model/facts/feed.rs` is `model::facts::feed`.
fn module(path: &str) -> Vec<&str> {
    let path = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').collect()
}

/// The layer that each `crate::…` and `super::…` of a line leads to.
fn used_layers(module: &[&str], line: &str) -> Vec<String> {
    let mut used = Vec::new();
    let first = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    for (at, _) in line.match_indices("crate::") {
        let rest = &line[at + "crate::".len()..];
        let group = rest.strip_prefix('{').and_then(|inner| inner.split('}').next());
        used.extend(group.map_or_else(|| vec![first(rest)], |group| group.split(',').map(|name| first(name.trim())).collect()));
    }
    for (at, _) in line.match_indices("super::") {
        let ups = 1 + line[..at].len().saturating_sub(line[..at].trim_end_matches("super::").len()) / "super::".len();
        if ups == module.len() && !line[at + "super::".len()..].starts_with("super::") {
            used.push(first(&line[at + "super::".len()..]));
        }
    }
    used
}

#[test]
fn a_use_points_only_down() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let module = module(&path);
        let Some(level) = LAYERS.iter().position(|layer| *layer == module[0]) else { continue };
        // What tests at the end of a file use is theirs.
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or(&text);
        for (number, line) in code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for used in used_layers(&module, line) {
                let is_up = LAYERS.iter().position(|layer| *layer == used).is_some_and(|of| of > level);
                if is_up || ABOVE.contains(&used.as_str()) {
                    wrong.push(format!("{path}:{}: `{}` is below `{used}` and may not use it", number + 1, module[0]));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_has_a_layer() {
    let known = |name: &str| LAYERS.contains(&name) || ABOVE.contains(&name) || name == "lib";
    let strangers: Vec<_> = sources().into_iter().map(|(path, _)| path).filter(|path| !known(module(path)[0])).collect();
    assert!(strangers.is_empty(), "without a layer: {strangers:?}");
}

#[test]
fn no_file_is_too_long() {
    let mut sources = sources();
    sources.extend(texts("tests", &[".rs"]));
    let long: Vec<_> = sources.iter().filter(|(_, text)| text.lines().count() > MAX_LINES).map(|(path, _)| path).collect();
    assert!(long.is_empty(), "over {MAX_LINES} lines: {long:?}");
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent: Vec<_> = sources()
        .into_iter()
        .filter(|(path, text)| !path.ends_with("main.rs") && !path.ends_with("tests.rs") && !text.starts_with("//!"))
        .map(|(path, _)| path)
        .collect();
    assert!(silent.is_empty(), "without a first comment: {silent:?}");
}

#[test]
fn what_is_banned_is_not_there() {
    let banned = [".unwrap()", concat!("todo", "!("), concat!("unimplemented", "!("), concat!("dbg", "!(")];
    let mut found = Vec::new();
    for (path, text) in sources() {
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            found.extend(banned.iter().filter(|word| line.contains(**word)).map(|word| format!("{path}:{}: {word}", number + 1)));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_core_is_kept_from_the_world() {
    let bans = fs::read_to_string(root().join("clippy.toml")).expect("clippy.toml is there");
    for ban in
        ["std::fs::read_to_string", "std::env::var", "std::time::SystemTime::now", "std::process::Command", "std::net::TcpStream"]
    {
        assert!(bans.contains(ban), "clippy.toml no longer bans {ban}");
    }
    let expected = ["src/outside/", "src/main.rs"];
    for (path, text) in sources() {
        let lifts_a_ban = text.contains("clippy::disallowed_");
        assert!(!lifts_a_ban || expected.iter().any(|allowed| path.starts_with(allowed)), "{path} lifts a ban of clippy.toml");
    }
}

#[test]
fn no_text_names_a_workplace() {
    let endings = [".rs", ".md", ".toml", ".yml", ".yaml", ".json", ".tf", ".tfvars", ".sql", ".sh"];
    let machine = [concat!("/wo", "rk/"), concat!("/tmp", "/wt"), concat!("/ho", "me/"), concat!("/ro", "ot/")];
    for (path, text) in texts("", &endings) {
        for word in machine {
            assert!(!text.contains(word), "{path} names the path {word}");
        }
    }
}
