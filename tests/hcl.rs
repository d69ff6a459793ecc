//! Our reader of HCL against another one: of random Terraform both see the same blocks, attributes, values and expressions.
//!
//! The peer is a Python package. It is installed below `target/hcl` on the first run; without it these tests fail.
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "a test that runs a peer installs and starts it")]

#[path = "common/python.rs"]
mod python;

use feedgate::syntax::{Document, NodeId, Operator, Value as Node, hcl};
use feedgate::text::FileId;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

const REQUIREMENTS: &str = include_str!("hcl/requirements.txt");

/// The trees that the peer sees.
fn peer(texts: &[String]) -> Vec<Value> {
    let folder = python::folder("hcl");
    fs::create_dir_all(&folder).expect("the target folder is ours");
    let python = python::environment(&folder, REQUIREMENTS);
    let request = folder.join("request.json");
    fs::write(&request, json!(texts).to_string()).expect("the target folder is ours");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hcl/read.py");
    let said = python::run(Command::new(python).arg("-B").arg(script).arg(&request));
    serde_json::from_str(&said).expect("the peer answers in JSON")
}

/// Our tree as the peer would show it.
fn ours(document: &Document, node: NodeId) -> Value {
    match document.value(node) {
        Node::Null => Value::Null,
        Node::Bool(value) => json!(value),
        Node::Int(value) => json!(value),
        Node::Float(value) => json!(value),
        Node::Sequence(items) => document.items(items).iter().map(|item| ours(document, *item)).collect(),
        Node::Map(entries) => {
            let mut members = Map::new();
            for entry in document.entries(entries) {
                let key = document.source().get(entry.key_span.range()).unwrap_or("").to_owned();
                let value = ours(document, entry.value);
                // Blocks may repeat, and are lists there.
                match members.get_mut(&key) {
                    Some(Value::Array(blocks)) => blocks.push(value),
                    _ if is_block(document, entry.value) => _ = members.insert(key, json!([value])),
                    _ => _ = members.insert(key, value),
                }
            }
            Value::Object(members)
        }
        Node::Number(_) | Node::String(_) | Node::Expression { operator: Operator::Template, .. } => {
            json!(written(document, node))
        }
        Node::Expression { .. } => json!(format!("${{{}}}", written(document, node))),
    }
}

fn written(document: &Document, node: NodeId) -> &str {
    document.source().get(document.span(node).range()).unwrap_or("")
}

/// A body stands behind a name or labels, and the value of an attribute behind `=`.
fn is_block(document: &Document, value: NodeId) -> bool {
    let span = document.span(value).range();
    let before = document.source().get(..span.start).unwrap_or("").trim_end();
    matches!(document.value(value), Node::Map(_)) && !before.ends_with(['=', ':', ',', '[', '('])
}

/// Without what the peer adds and what it lays out anew: blanks, commas and parentheses in expressions, the signs in their
/// maps, marks of blocks.
fn plain(value: &Value) -> Value {
    match value {
        Value::String(text) if text.starts_with("${") => {
            let is_kept = |c: &char| !c.is_whitespace() && !matches!(c, '(' | ')' | ',');
            Value::String(text.chars().filter(is_kept).map(|c| if c == ':' { '=' } else { c }).collect())
        }
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(members) => {
            let members = members.iter().filter(|(key, _)| !key.starts_with("__"));
            Value::Object(members.map(|(key, value)| (key.replace(' ', ""), unlabelled(&plain(value)))).collect())
        }
        other => other.clone(),
    }
}

/// A list with one block is that block, in both.
fn unlabelled(value: &Value) -> Value {
    match value.as_array().map(Vec::as_slice) {
        Some([block @ Value::Object(_)]) => block.clone(),
        _ => value.clone(),
    }
}

/// A generator of Terraform.
struct Writer {
    seed: u64,
    text: String,
}

impl Writer {
    fn below(&mut self, n: usize) -> usize {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        usize::try_from(self.seed % n as u64).expect("it is small")
    }

    fn one_of<'w>(&mut self, words: &[&'w str]) -> &'w str {
        words[self.below(words.len())]
    }

    /// Attributes and blocks; names of attributes do not repeat.
    fn body(&mut self, depth: usize) {
        let indent = "  ".repeat(depth);
        for number in 0..1 + self.below(4) {
            let comment = self.one_of(&["", "", "# é = {\n", "// \"\n", "/* a\n b */\n"]);
            let equals = self.one_of(&[" = ", "=", "   =  "]);
            let name = self.one_of(&["name", "for_each", "a-b", "retention"]);
            let _ = write!(self.text, "{comment}{indent}{name}{number}{equals}");
            self.expression(3);
            let end = self.one_of(&["\n", " # why\n", " \n\n"]);
            self.text.push_str(end);
        }
        if depth < 3 {
            for number in 0..self.below(3) {
                let labels = self.one_of(&["", " \"a\"", " \"a\" \"b\""]);
                let labels = if depth == 0 { labels } else { "" };
                let kind = self.one_of(&["resource", "lifecycle_rule", "condition"]);
                let _ = writeln!(self.text, "{indent}{kind}_{number}{labels} {{");
                self.body(depth + 1);
                let _ = writeln!(self.text, "{indent}}}");
            }
        }
    }

    fn expression(&mut self, depth: usize) {
        let n_kinds = if depth == 0 { 5 } else { 14 };
        match self.below(n_kinds) {
            0 => {
                let word = self.one_of(&["true", "false", "null"]);
                self.text.push_str(word);
            }
            1 => {
                let number = self.below(1_000_000);
                let _ = write!(self.text, "{number}");
            }
            2 => {
                let text =
                    self.one_of(&["\"\"", "\"plain\"", "\"é \\\"q\\\" \\n\"", "\"$${no} %%{no}\"", "\"180 days\"", "\"{ # }\""]);
                self.text.push_str(text);
            }
            3 => {
                let name = self.one_of(&["var.days", "local.feeds", "each.value", "google_storage_bucket.landing.name", "a.b.c"]);
                self.text.push_str(name);
            }
            4 => {
                let text = self.one_of(&["\"acme-${var.env}\"", "\"${each.key}\"", "\"${local.a}/${local.b}x\""]);
                self.text.push_str(text);
            }
            5 => self.list("[", ", ", "]", depth),
            6 => self.map(depth),
            7 => {
                let name = self.one_of(&["merge(", "format(", "toset(", "coalesce("]);
                self.list(name, ", ", ")", depth);
            }
            8 => {
                let operator = self.one_of(&[" + ", " * ", " == ", " && ", " - ", " >= "]);
                self.three(["", operator, ""], depth, 2);
            }
            9 => self.three(["var.x ? ", " : ", ""], depth, 2),
            10 => self.three(["[for k, v in ", " : ", "]"], depth, 2),
            11 => self.three(["{ for k, v in ", " : k => ", " }"], depth, 2),
            12 => {
                let name = self.one_of(&["var.list[0]", "var.map[\"k\"].x", "a.b[*].c", "a.b.*.c", "var.map[each.key]"]);
                self.text.push_str(name);
            }
            _ => {
                self.text.push_str("!var.flag");
            }
        }
    }

    fn list(&mut self, open: &str, between: &str, close: &str, depth: usize) {
        self.text.push_str(open);
        for number in 0..1 + self.below(3) {
            if number > 0 {
                self.text.push_str(between);
            }
            self.expression(depth - 1);
        }
        self.text.push_str(close);
    }

    fn map(&mut self, depth: usize) {
        let (between, close) = if self.below(2) == 0 { (", ", " }") } else { ("\n  ", "\n}") };
        self.text.push_str(if close == " }" { "{ " } else { "{\n  " });
        for number in 0..1 + self.below(3) {
            if number > 0 {
                self.text.push_str(between);
            }
            let (quote, equals) = (self.one_of(&["", "\""]), self.one_of(&[" = ", ": "]));
            let _ = write!(self.text, "{quote}key{number}{quote}{equals}");
            self.expression(depth - 1);
        }
        self.text.push_str(close);
    }

    /// So many expressions between these words.
    fn three(&mut self, words: [&str; 3], depth: usize, n_expressions: usize) {
        for (number, word) in words.into_iter().enumerate() {
            self.text.push_str(word);
            if number < n_expressions {
                self.expression(depth - 1);
            }
        }
    }
}

#[test]
fn random_terraform_is_read_as_another_parser_reads_it() {
    let text = |number: u64| {
        let mut writer =
            Writer { seed: 0x9e37_79b9_7f4a_7c15 ^ (number + 1).wrapping_mul(0xbf58_476d_1ce4_e5b9), text: String::new() };
        writer.body(0);
        writer.text
    };
    let texts: Vec<String> = (0..400).map(text).collect();
    let trees = peer(&texts);
    assert_eq!(trees.len(), texts.len());
    let mut n_compared = 0;
    for (text, tree) in texts.iter().zip(&trees) {
        let parsed = hcl::parse(FileId::from_index(0), &text.as_str().into());
        if let Some(words) = tree.get("refused") {
            panic!("the peer refuses what is right: {words}\n{text}");
        }
        if tree.is_null() {
            continue;
        }
        assert!(parsed.problems.is_empty(), "{:?}\n{text}", parsed.problems);
        let root = parsed.document.roots.first().copied().expect("HCL has one root");
        assert_eq!(plain(&ours(&parsed.document, root)), plain(tree), "{text}");
        n_compared += 1;
    }
    assert!(n_compared > 200, "only {n_compared} texts were compared");
}
