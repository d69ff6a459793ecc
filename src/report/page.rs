//! Renders rule pages and the catalogue for a terminal: what `feedgate explain` prints.

use super::text::{BOLD, CYAN, DIM, TextOptions};
use super::{Pages, clean};
use crate::config::OptionValue;
use crate::rules::Meta;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The page of one rule: what it is, and the prose with its examples.
pub fn render(meta: &Meta, pages: &Pages, options: &TextOptions) -> String {
    let mut out = format!("{}\n", options.paint(BOLD, &clean::line(meta.id.as_str())));
    let _ = writeln!(out, "{}, {} severity, about each {}", clean::line(&meta.family), meta.severity, meta.each.name());
    if meta.is_off {
        let _ =
            writeln!(out, "off by default: `rules: {{ {}: on }}` in feedgate.yaml turns it on", clean::line(meta.id.as_str()));
    }
    if let Some(help) = &meta.help {
        let _ = writeln!(out, "{} {}", options.paint(CYAN, "help:"), clean::line(help));
    }
    for (name, default) in &meta.options {
        let _ = writeln!(out, "{} {} = {}", options.paint(CYAN, "option:"), clean::line(name), option_value(default));
    }
    out.push('\n');
    prose(&mut out, &meta.page, options);
    let read = meta.read.as_deref().map_or_else(String::new, |read| format!(" (read {})", clean::line(read)));
    for source in &meta.sources {
        let _ = writeln!(out, "{} {}{read}", options.paint(CYAN, "source:"), clean::line(source));
    }
    if let Some(url) = pages.url(&meta.id) {
        let _ = writeln!(out, "{} {}", options.paint(CYAN, "page:"), options.paint(DIM, url));
    }
    clean::without_commands(out)
}

fn option_value(value: &OptionValue) -> String {
    match value {
        OptionValue::Bool(value) => value.to_string(),
        OptionValue::Int(value) => value.to_string(),
        OptionValue::Text(value) => format!("{:?}", clean::line(value)),
        OptionValue::List(values) => {
            let values: Vec<String> = values.iter().map(|value| format!("{:?}", clean::line(value))).collect();
            format!("[{}]", values.join(", "))
        }
    }
}

/// Markdown, made readable: headings bold, code set apart and dim, paragraphs wrapped.
fn prose(out: &mut String, page: &str, options: &TextOptions) {
    let mut paragraph = String::new();
    let mut in_code = false;
    for line in page.lines() {
        let line = clean::line(&line.replace('\t', "    ")).into_owned();
        let is_fence = line.trim_start().starts_with("```");
        let heading = line.trim_start_matches('#');
        let is_item = line.trim_start().starts_with(['-', '*', '|']);
        if in_code && !is_fence {
            let _ = writeln!(out, "    {}", options.paint(DIM, &without_mark(&line)));
            continue;
        }
        let is_prose = !is_fence && !line.trim().is_empty() && heading.len() == line.len();
        if !is_prose || is_item {
            flush(out, &mut paragraph, options);
        }
        in_code ^= is_fence;
        if is_prose {
            let space = if paragraph.is_empty() { "" } else { " " };
            paragraph = format!("{paragraph}{space}{}", if space.is_empty() { &line } else { line.trim_start() });
        } else if heading.len() < line.len() {
            let _ = writeln!(out, "{}", options.paint(BOLD, heading.trim()));
        } else if !is_fence && !out.ends_with("\n\n") {
            out.push('\n');
        }
    }
    flush(out, &mut paragraph, options);
    if !out.ends_with("\n\n") {
        out.push('\n');
    }
}

fn flush(out: &mut String, paragraph: &mut String, options: &TextOptions) {
    if !paragraph.is_empty() {
        let _ = writeln!(out, "{}", wrapped(paragraph, options.width));
        paragraph.clear();
    }
}

/// An example's line, with what the rule says of it behind an arrow.
pub(super) fn without_mark(line: &str) -> String {
    let marks = ["#~ ", "//~ ", "--~ "];
    marks.into_iter().fold(line.to_owned(), |line, mark| line.replace(mark, "← "))
}

/// Breaks a line at spaces; a list item goes on under its text.
fn wrapped(line: &str, width: usize) -> String {
    let width = width.clamp(40, 100);
    let trimmed = line.trim_start();
    let indent = line.len() - trimmed.len() + if trimmed.starts_with("- ") || trimmed.starts_with("* ") { 2 } else { 0 };
    let mut out = String::new();
    let mut column = 0;
    for (index, word) in line.split(' ').enumerate() {
        let length = word.chars().count();
        if index > 0 && column + 1 + length > width && column > indent {
            let _ = write!(out, "\n{}", " ".repeat(indent));
            column = indent;
        } else if index > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out
}

/// The catalogue by family: id, severity, title.
pub fn index<'a>(rules: impl IntoIterator<Item = &'a Meta>, options: &TextOptions) -> String {
    let mut families: BTreeMap<&str, Vec<&Meta>> = BTreeMap::new();
    for meta in rules {
        families.entry(&meta.family).or_default().push(meta);
    }
    let width = families.values().flatten().map(|meta| meta.id.as_str().len()).max().unwrap_or(0);
    let mut out = String::new();
    for (family, mut rules) in families {
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        let _ = writeln!(out, "{}", options.paint(BOLD, &clean::line(family)));
        for meta in rules {
            let id = clean::line(meta.id.as_str());
            let off = if meta.is_off { " (off by default)" } else { "" };
            let _ = writeln!(out, "  {id:width$}  {:7}  {}{off}", meta.severity.name(), clean::line(&meta.title));
        }
        out.push('\n');
    }
    out.push_str("`feedgate explain RULE` prints the page of a rule, with what is bad and what is good\n");
    clean::without_commands(out)
}
