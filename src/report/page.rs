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

/// Markdown, made readable: headings bold, code set apart and dim, text wrapped.
fn prose(out: &mut String, page: &str, options: &TextOptions) {
    let mut in_code = false;
    let mut was_empty = false;
    for line in page.lines() {
        let is_fence = line.trim_start().starts_with("```");
        in_code ^= is_fence;
        if is_fence {
            continue;
        }
        if line.trim().is_empty() && was_empty {
            continue;
        }
        was_empty = line.trim().is_empty();
        let line = line.replace('\t', "    ");
        let clean = clean::line(&line);
        let _ = match clean.trim_start_matches('#') {
            _ if in_code => writeln!(out, "    {}", options.paint(DIM, &clean)),
            heading if heading.len() < clean.len() => writeln!(out, "{}", options.paint(BOLD, heading.trim())),
            _ => writeln!(out, "{}", wrapped(&clean, options.width)),
        };
    }
    if !was_empty {
        out.push('\n');
    }
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
            let _ = writeln!(out, "  {id:width$}  {:7}  {}", meta.severity.name(), clean::line(&meta.title));
        }
        out.push('\n');
    }
    out.push_str("`feedgate explain RULE` prints the page of a rule, with what is bad and what is good\n");
    clean::without_commands(out)
}
