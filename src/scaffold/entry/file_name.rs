//! The name of files as the other entries write theirs: a template, a regular expression or a glob.

use crate::model::naming::{NamePart, NamePattern};
use crate::model::terraform::{Style, style};
use crate::scaffold::feed::NewFeed;
use std::fmt::Write as _;

/// The name of the feed's files in the notation in which `written` stands, quotes and all; `None` in those of other programs.
pub(super) fn like(written: &str, feed: &NewFeed) -> Option<String> {
    let written = written.trim_matches(['"', '\'']);
    let parts = NamePattern::template(&feed.file_name).parts;
    let folder = if written.contains('/') { format!("{}/", feed.name) } else { String::new() };
    match style(&written.replace("\\\\", "\\")) {
        Style::Template => Some(folder + &feed.file_name),
        Style::Glob => Some(folder + &parts.iter().map(glob).collect::<String>()),
        Style::Regex => Some(format!("^{}{}$", regex::escape(&folder), parts.iter().map(expression).collect::<String>())),
        Style::Other => None,
    }
}

fn glob(part: &NamePart) -> String {
    match part {
        NamePart::Literal { text, .. } => text.clone(),
        NamePart::Token { .. } => "*".to_owned(),
    }
}

fn expression(part: &NamePart) -> String {
    match part {
        NamePart::Literal { text, .. } => regex::escape(text),
        NamePart::Token { name, format, .. } => match (name.as_str(), format.as_deref()) {
            ("date", format) => digits(format.unwrap_or("%Y%m%d")),
            ("time", format) => digits(format.unwrap_or("%H%M%S")),
            ("seq", Some(width)) => format!("[0-9]{{{width}}}"),
            ("seq", None) => "[0-9]+".to_owned(),
            ("uuid", _) => "[0-9a-fA-F-]{36}".to_owned(),
            _ => ".+".to_owned(),
        },
    }
}

/// A format of days and times, of which every directive that samples are told by is made of digits.
fn digits(format: &str) -> String {
    let mut out = String::new();
    let mut n_digits = 0;
    let mut letters = format.chars();
    loop {
        let letter = letters.next();
        if letter == Some('%') {
            n_digits += if letters.next() == Some('Y') { 4 } else { 2 };
            continue;
        }
        if n_digits > 0 {
            let _ = write!(out, "[0-9]{{{n_digits}}}");
            n_digits = 0;
        }
        let Some(letter) = letter else { return out };
        out.push_str(&regex::escape(letter.encode_utf8(&mut [0; 4])));
    }
}
