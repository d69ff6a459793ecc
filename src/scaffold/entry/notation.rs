//! How entries are written in HCL, JSON and YAML, and where in a text the next one goes.

use super::{Attribute, Part};
use std::ops::Range;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    Hcl,
    Json,
    Yaml,
}

/// The last entry of a map: the places of its key and of its value.
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    pub(super) notation: Notation,
    pub(super) key: Range<usize>,
    pub(super) value: Range<usize>,
}

/// How the value of the last entry is laid out, which is how that of the next one is.
#[derive(Clone, Copy)]
struct Layout {
    notation: Notation,
    /// In braces; of YAML only where it is written so.
    is_flow: bool,
    /// Everything on one line.
    is_short: bool,
    /// Blanks of one level.
    step: usize,
}

/// What stands behind the last entry.
struct Behind<'a> {
    has_comma: bool,
    /// As far as the end of the line.
    remark: &'a str,
    rest: &'a str,
}

impl Notation {
    pub(super) fn text(self, text: &str) -> String {
        match self {
            // What stands in braces behind these signs would be worked out.
            Notation::Hcl => quoted(text).replace("${", "$${").replace("%{", "%%{"),
            Notation::Json => quoted(text),
            Notation::Yaml => crate::scaffold::scalar(text),
        }
    }
}

/// A text in double quotes, in which HCL and JSON escape alike.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// An entry that stands alone.
pub(super) fn of_hcl(name: &str, attributes: &[Attribute]) -> String {
    let layout = Layout { notation: Notation::Hcl, is_flow: true, is_short: false, step: 2 };
    format!("{name} = {}", layout.map(attributes, 0))
}

impl Line<'_> {
    /// The text with one more entry behind this one.
    pub(super) fn with_entry_behind(&self, name: &str, attributes: &[Attribute]) -> Option<String> {
        let key = self.text.get(self.key.clone())?;
        let value = self.text.get(self.value.clone())?.trim_end();
        let name = if key.starts_with('"') { quoted(name) } else { name.to_owned() };
        let separator = self.separator(self.text.get(self.key.end..self.value.start)?, key, &name);
        let entry = format!("{name}{separator}{}", self.layout(value).map(attributes, self.indent()));
        let (before, behind) = self.text.split_at_checked(self.value.start + value.len())?;
        let Some(Behind { has_comma, remark, rest }) = Behind::of(behind) else {
            return Some(format!("{before}, {entry}{behind}"));
        };
        let needs_comma = self.notation == Notation::Json || (self.notation == Notation::Yaml && self.is_in_braces());
        let comma = if has_comma || needs_comma { "," } else { "" };
        let own_comma = if has_comma { "," } else { "" };
        let entry = format!("\n{}{entry}{own_comma}", " ".repeat(self.indent()));
        // A line of Windows ends with two signs, the first of which is at the end of the remark.
        let (remark, entry) = match remark.strip_suffix('\r') {
            Some(remark) => (remark, entry.replace('\n', "\r\n") + "\r"),
            None => (remark, entry),
        };
        Some(format!("{before}{comma}{remark}{entry}{rest}"))
    }

    fn layout(&self, value: &str) -> Layout {
        let is_flow = value.starts_with('{');
        let first = value.trim_start_matches('{').trim_start();
        // Of a map in lines the value begins with its first attribute.
        let inner = if is_flow { value.len() - first.len() } else { 0 } + self.value.start;
        let step = column(self.text, inner).saturating_sub(self.indent());
        let is_short = !value.contains('\n') && (is_flow || step == 0);
        let step = if is_short || step == 0 { 2 } else { step };
        Layout { notation: self.notation, is_flow: is_flow || self.notation != Notation::Yaml, is_short, step }
    }

    /// What stands between the key and the value; padded to where the last entry has it.
    fn separator(&self, between: &str, key: &str, name: &str) -> String {
        match self.notation {
            Notation::Hcl => {
                let sign = between.trim();
                let width = key.len() + between.find(sign).unwrap_or(1);
                let is_padded = width > key.len() + 1;
                let blanks = if is_padded { width.saturating_sub(name.len()).max(1) } else { 1 };
                format!("{}{sign} ", " ".repeat(blanks))
            }
            Notation::Json => ": ".to_owned(),
            Notation::Yaml if between.contains('\n') => ":".to_owned(),
            Notation::Yaml => ": ".to_owned(),
        }
    }

    fn indent(&self) -> usize {
        let start = self.text.get(..self.key.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
        self.text.get(start..).map_or(0, |line| line.chars().take_while(|letter| *letter == ' ').count())
    }

    /// Whether the map of a YAML file around this entry is written in braces.
    fn is_in_braces(&self) -> bool {
        let before = self.text.get(..self.key.start).unwrap_or("").trim_end();
        before.ends_with(['{', ','])
    }
}

/// The blanks before a place, when nothing else stands before it on its line.
fn column(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or("");
    let line = before.rsplit('\n').next().unwrap_or("");
    if line.trim().is_empty() { line.len() } else { 0 }
}

impl<'a> Behind<'a> {
    /// `None` where the map goes on or ends on the same line.
    fn of(text: &'a str) -> Option<Behind<'a>> {
        let behind_comma = text.trim_start_matches([' ', '\t']).strip_prefix(',');
        let (remark, rest) = split_line(behind_comma.unwrap_or(text));
        let words = remark.trim();
        let is_remark = words.is_empty() || words.starts_with('#') || words.starts_with("//");
        is_remark.then_some(Behind { has_comma: behind_comma.is_some(), remark, rest })
    }
}

/// The rest of a line, and what begins with its end.
fn split_line(text: &str) -> (&str, &str) {
    text.split_at(text.find('\n').unwrap_or(text.len()))
}

impl Layout {
    fn map(self, attributes: &[Attribute], indent: usize) -> String {
        if self.is_flow && (self.is_short || attributes.is_empty()) {
            let inner: Vec<String> = attributes.iter().map(|attribute| self.attribute(attribute, 0, indent)).collect();
            return format!("{{ {} }}", inner.join(", "));
        }
        let inner = indent + self.step;
        let width = attributes.iter().map(|attribute| attribute.key.len()).max().unwrap_or(0);
        let width = if self.notation == Notation::Hcl { width } else { 0 };
        let line = |attribute: &Attribute| format!("\n{}{}", " ".repeat(inner), self.attribute(attribute, width, inner));
        let lines: Vec<String> = attributes.iter().map(line).collect();
        match (self.is_flow, self.notation) {
            (false, _) => lines.concat(),
            (true, Notation::Hcl) => format!("{{{}\n{}}}", lines.concat(), " ".repeat(indent)),
            (true, _) => format!("{{{}\n{}}}", lines.join(","), " ".repeat(indent)),
        }
    }

    fn attribute(self, Attribute { key, value }: &Attribute, width: usize, indent: usize) -> String {
        let value = match value {
            Part::Plain(text) => text.clone(),
            Part::Map(inner) => self.map(inner, indent),
        };
        match self.notation {
            Notation::Hcl => format!("{key:width$} = {value}"),
            Notation::Yaml if value.starts_with('\n') => format!("{key}:{value}"),
            Notation::Json | Notation::Yaml => format!("{key}: {value}"),
        }
    }
}
