use super::{Drawing, dot, html, json, mermaid};
use crate::model::graph::Graph;
use crate::rules::catalogue::Catalogue;
use crate::text::{Date, RepoPath};
use crate::{Options, Run, Tree, TreeFile};

/// A name that would be markup, a command or an end of a fence wherever it is not escaped.
const HOSTILE: &str = "x\"]<img src=x onerror=alert(1)>```\\n%%{init}%% & ' ##[error]";

fn run(files: &[(&str, String)]) -> Run {
    let file = |(path, text): &(&str, String)| TreeFile {
        path: RepoPath::new(path).expect("a plain path"),
        content: Ok(text.as_str().into()),
    };
    let tree = Tree { files: files.iter().map(file).collect() };
    let today = Date { year: 2026, month: 8, day: 22 };
    let options = Options::new(today);
    crate::lint(&tree, None, Catalogue::embedded(), &options)
}

fn drawn(files: &[(&str, String)], draw: fn(&Drawing<'_>) -> String) -> String {
    let run = run(files);
    let graph = Graph::of(&run.model, None);
    draw(&Drawing::new(&run.files, &run.model, &run.report, &graph))
}

fn feed(name: &str) -> String {
    let quoted = serde_json::to_string(name).expect("a text is JSON");
    let names =
        format!("file: {{ bucket: landing }}\ntable: {{ dataset: raw, name: t }}\nconsumers: [{{ dashboard: {quoted} }}]");
    format!("feed: {quoted}\n{names}\n")
}

#[test]
fn nothing_from_the_tree_is_markup_in_mermaid() {
    let text = drawn(&[("feeds/a.yaml", feed(HOSTILE))], mermaid);
    let labels: Vec<&str> = text.lines().filter(|line| line.trim_start().starts_with('n') && line.contains('"')).collect();
    assert_eq!(labels.len(), 4, "{text}");
    for label in labels {
        let inner = label.split('"').nth(1).expect("a label stands between quotes").replace("<br>", "");
        assert!(!inner.contains(['<', '>', '`', '%', '[', ']', '(', '{', '\\', '\'', '=']), "{inner}");
        assert_eq!(label.matches('"').count(), 2, "{label}");
    }
    assert_eq!(text.matches("```").count(), 2);
}

#[test]
fn nothing_from_the_tree_ends_a_label_in_dot() {
    let text = drawn(&[("feeds/a.yaml", feed(HOSTILE))], dot);
    assert!(text.contains(r#"x\"]<img src=x onerror=alert(1)>```\\n%%"#), "{text}");
    assert!(!text.contains("##[") && !text.contains(" \"]<"), "{text}");
}

#[test]
fn nothing_from_the_tree_is_markup_in_the_page() {
    let text = drawn(&[("feeds/a.yaml", feed(HOSTILE))], html);
    assert!(!text.contains("<img") && text.contains("&lt;img src=x onerror=alert(1)&gt;"));
    let names = text.matches("data-to=").count();
    assert_eq!(names, 4);
    assert_eq!(text.matches("<script>").count(), 1);
    // The name of SVG is no address that anything is fetched from.
    assert!(!text.replace("http://www.w3.org/2000/svg", "").contains("://"), "nothing is fetched");
}

#[test]
fn mermaid_stays_within_a_comment_and_says_what_it_leaves_out() {
    let names: Vec<(String, String)> = (0..400).map(|n| (format!("feeds/f{n}.yaml"), feed(&format!("feed_{n}")))).collect();
    let files: Vec<(&str, String)> = names.iter().map(|(path, text)| (path.as_str(), text.clone())).collect();
    let text = drawn(&files, mermaid);
    assert!(text.len() < 20_000, "{} bytes", text.len());
    assert!(text.contains("Left out for want of room: 32"), "{}", text.lines().last().unwrap_or_default());
}

#[test]
fn json_names_every_node_and_way() {
    let text = drawn(&[("feeds/a.yaml", feed("trades"))], json);
    let graph: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(graph["nodes"].as_array().map(Vec::len), Some(4));
    assert_eq!(graph["edges"].as_array().map(Vec::len), Some(3));
    assert_eq!(graph["nodes"][0]["path"], "feeds/a.yaml");
}
