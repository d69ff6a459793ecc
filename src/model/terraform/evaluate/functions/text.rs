//! Functions of texts.

use super::format::format;
use super::{Content, Evaluated, Member, to_text};
use crate::text::Span;
use regex::{Captures, Regex, RegexBuilder};
use std::borrow::Cow;

/// Patterns of configurations are small; a larger one is not compiled.
const MAX_PATTERN: usize = 1 << 20;

pub(super) fn call(name: &str, arguments: &[Evaluated]) -> Option<Content> {
    let texts: Vec<String> = arguments.iter().map_while(to_text).collect();
    let span = arguments.first()?.span;
    if name == "format" {
        return Some(Content::Text(format(texts.first()?, arguments.get(1..)?)?.into()));
    }
    let all: Vec<&str> = texts.iter().map(String::as_str).collect();
    if all.len() != arguments.len() {
        return with_list(name, arguments, span);
    }
    of_one(name, &all).or_else(|| of_several(name, &all, span))
}

fn of_one(name: &str, texts: &[&str]) -> Option<Content> {
    let [one] = texts else { return None };
    let text: Cow<'_, str> = match name {
        "lower" => one.to_lowercase().into(),
        "upper" => one.to_uppercase().into(),
        "title" => title(one).into(),
        "trimspace" => one.trim().into(),
        "chomp" => one.trim_end_matches(['\n', '\r']).into(),
        "strrev" => one.chars().rev().collect::<String>().into(),
        "urlencode" => urlencode(one).into(),
        "basename" => one.trim_end_matches('/').rsplit('/').next().unwrap_or(one).into(),
        "dirname" => one.rsplit_once('/').map_or(".", |(folder, _)| folder).into(),
        _ => return None,
    };
    Some(Content::Text(text.as_ref().into()))
}

fn of_several(name: &str, texts: &[&str], span: Span) -> Option<Content> {
    let text = |text: Cow<'_, str>| Some(Content::Text(text.as_ref().into()));
    match (name, texts) {
        ("trimprefix", [one, prefix]) => text(one.strip_prefix(prefix).unwrap_or(one).into()),
        ("trimsuffix", [one, suffix]) => text(one.strip_suffix(suffix).unwrap_or(one).into()),
        ("trim", [one, cut]) => text(one.trim_matches(|next| cut.contains(next)).into()),
        ("startswith", [one, prefix]) => Some(Content::Bool(one.starts_with(prefix))),
        ("endswith", [one, suffix]) => Some(Content::Bool(one.ends_with(suffix))),
        ("strcontains", [one, part]) => Some(Content::Bool(one.contains(part))),
        ("replace", [one, from, to]) => text(replace(one, from, to)?.into()),
        ("substr", [one, offset, length]) => text(substr(one, offset.parse().ok()?, length.parse().ok()?)?.into()),
        ("indent", [spaces, one]) => {
            let spaces: usize = spaces.parse().ok().filter(|spaces| *spaces <= MAX_INDENT)?;
            text(one.replace('\n', &format!("\n{}", " ".repeat(spaces))).into())
        }
        ("split", [separator, one]) => Some(Content::List(match *separator {
            "" => one.chars().map(|letter| item(letter.to_string(), span)).collect(),
            separator if one.is_empty() && !separator.is_empty() => [item(String::new(), span)].into(),
            separator => one.split(separator).map(|part| item(part.to_owned(), span)).collect(),
        })),
        ("regex", [pattern, one]) => {
            let pattern = compiled(pattern)?;
            let why = || Content::Failed(crate::model::Why::new("the text does not match the pattern", Some(span)));
            Some(pattern.captures(one).map_or_else(why, |found| captured(&pattern, &found, span)))
        }
        ("regexall", [pattern, one]) => {
            let pattern = compiled(pattern)?;
            let found = pattern.captures_iter(one).map(|found| Evaluated::new(captured(&pattern, &found, span), span));
            Some(Content::List(found.collect()))
        }
        _ => None,
    }
}

/// More than this is no indentation.
const MAX_INDENT: usize = 1_000;

fn with_list(name: &str, arguments: &[Evaluated], span: Span) -> Option<Content> {
    match (name, arguments) {
        ("join", [separator, list]) if matches!(list.content, Content::List(_)) => {
            let parts: Vec<String> = list.items().iter().map(to_text).collect::<Option<_>>()?;
            Some(Content::Text(parts.join(&to_text(separator)?).into()))
        }
        ("formatlist", [pattern, lists @ ..]) => {
            let length =
                lists.iter().filter(|list| matches!(list.content, Content::List(_))).map(|list| list.items().len()).min()?;
            let row = |at: usize| lists.iter().map(|list| list.items().get(at).unwrap_or(list).clone()).collect::<Vec<_>>();
            let rows = (0..length).map(|at| Some(item(format(pattern.text()?, &row(at))?, span)));
            rows.collect::<Option<Vec<_>>>().map(|rows| Content::List(rows.into()))
        }
        _ => None,
    }
}

fn item(text: String, span: Span) -> Evaluated {
    Evaluated::new(Content::Text(text.into()), span)
}

fn title(text: &str) -> String {
    let mut is_start = true;
    let letter = |letter: char| {
        let titled = if is_start { letter.to_uppercase().collect::<String>() } else { letter.to_string() };
        is_start = letter.is_whitespace();
        titled
    };
    text.chars().map(letter).collect()
}

/// As a form of the web is encoded: a space is a plus.
fn urlencode(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        b' ' => "+".to_owned(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// Between slashes the text to replace is a pattern.
fn replace(text: &str, from: &str, to: &str) -> Option<String> {
    match from.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')).filter(|pattern| !pattern.is_empty()) {
        Some(pattern) => Some(compiled(pattern)?.replace_all(text, to).into_owned()),
        None if from.is_empty() => None,
        None => Some(text.replace(from, to)),
    }
}

/// Counts characters; a negative offset from the end, a length of -1 to the end.
fn substr(text: &str, offset: i64, length: i64) -> Option<String> {
    let count = i64::try_from(text.chars().count()).ok()?;
    let start = if offset < 0 { count + offset } else { offset };
    let start = usize::try_from(start).ok()?;
    let length = if length < 0 { usize::MAX } else { usize::try_from(length).ok()? };
    Some(text.chars().skip(start).take(length).collect())
}

fn compiled(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).size_limit(MAX_PATTERN).build().ok()
}

/// The whole match, a list of groups without names, or a map of those with names.
fn captured(pattern: &Regex, found: &Captures<'_>, span: Span) -> Content {
    let group = |at: usize| found.get(at).map_or(Content::Null, |group| Content::Text(group.as_str().into()));
    let names: Vec<Option<&str>> = pattern.capture_names().skip(1).collect();
    if names.is_empty() {
        return group(0);
    }
    let groups = names.iter().enumerate().map(|(at, name)| (name, Evaluated::new(group(at + 1), span)));
    if names.iter().any(Option::is_some) {
        Content::Map(groups.filter_map(|(name, value)| Some(Member::new((*name)?, value))).collect())
    } else {
        Content::List(groups.map(|(_, value)| value).collect())
    }
}
