//! What Terraform's functions give for values: those that feeds are put together with. Another one is not evaluated.

use super::{Content, Evaluated, Member};
use crate::text::Span;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The value of a function. An argument that is not known hides the result, where it matters.
pub(super) fn call(name: &str, arguments: &[Evaluated], span: Span) -> Evaluated {
    match (name, arguments) {
        ("try" | "coalesce", _) => return first(arguments, name == "coalesce", span),
        ("can", [value]) => return can(value, span),
        ("lookup", [map, key, default]) => {
            let found = element(map, key, span);
            return if matches!(found.content, Content::Failed(_)) { default.clone() } else { found };
        }
        ("lookup", [map, key]) => return element(map, key, span),
        _ => {}
    }
    if let Some(hidden) = arguments.iter().find(|argument| argument.why().is_some()) {
        return Evaluated { span, ..hidden.clone() };
    }
    if let [value] = arguments
        && PASS_ON.contains(&name)
    {
        return value.clone();
    }
    match of_texts(name, arguments).or_else(|| of_collections(name, arguments, span)) {
        Some(content) => Evaluated::new(content, span),
        None => Evaluated::unknown(format!("`{name}(…)` is not evaluated"), span),
    }
}

/// Conversions that leave a value what its literal says, and its place with it.
const PASS_ON: [&str; 8] = ["tolist", "toset", "tomap", "tostring", "tonumber", "tobool", "nonsensitive", "sensitive"];

/// The first argument that Terraform would not refuse; `coalesce` passes over null and empty texts.
fn first(arguments: &[Evaluated], is_coalesce: bool, span: Span) -> Evaluated {
    let is_passed_over = |argument: &&Evaluated| match &argument.content {
        Content::Failed(_) => !is_coalesce,
        Content::Null => is_coalesce,
        Content::Text(text) => is_coalesce && text.is_empty(),
        _ => false,
    };
    let found = arguments.iter().find(|argument| !is_passed_over(argument));
    found.cloned().unwrap_or_else(|| Evaluated::failed("no argument has a value", span))
}

fn can(value: &Evaluated, span: Span) -> Evaluated {
    match &value.content {
        Content::Unknown(_) => value.clone(),
        Content::Failed(_) => Evaluated::new(Content::Bool(false), span),
        _ => Evaluated::new(Content::Bool(true), span),
    }
}

fn of_texts(name: &str, arguments: &[Evaluated]) -> Option<Content> {
    let texts: Vec<String> = arguments.iter().map_while(to_text).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let text = |text: &str| Some(Content::Text(text.into()));
    match (name, texts.as_slice()) {
        ("lower", [one]) => text(&one.to_lowercase()),
        ("upper", [one]) => text(&one.to_uppercase()),
        ("trimspace", [one]) => text(one.trim()),
        ("chomp", [one]) => text(one.trim_end_matches(['\n', '\r'])),
        ("trimprefix", [one, prefix]) => text(one.strip_prefix(prefix).unwrap_or(one)),
        ("trimsuffix", [one, suffix]) => text(one.strip_suffix(suffix).unwrap_or(one)),
        // Between slashes it would be a regular expression.
        ("replace", [one, from, to]) if !from.starts_with('/') && !from.is_empty() => text(&one.replace(from, to)),
        ("basename", [path]) => text(path.trim_end_matches('/').rsplit('/').next().unwrap_or(path)),
        ("dirname", [path]) => text(path.rsplit_once('/').map_or(".", |(folder, _)| folder)),
        ("split", [separator, one]) if !separator.is_empty() => {
            let span = arguments.get(1)?.span;
            Some(Content::List(one.split(separator).map(|part| Evaluated::new(Content::Text(part.into()), span)).collect()))
        }
        ("format", [pattern, rest @ ..]) if texts.len() == arguments.len() => format(pattern, rest).and_then(|said| text(&said)),
        _ => None,
    }
}

/// `%s`, `%d` and `%v` alone: what else there is depends on types.
fn format(pattern: &str, arguments: &[&str]) -> Option<String> {
    let mut arguments = arguments.iter();
    let mut formatted = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('%') {
        formatted.push_str(before);
        let verb = after.chars().next()?;
        formatted.push_str(match verb {
            '%' => "%",
            's' | 'd' | 'v' => arguments.next()?,
            _ => return None,
        });
        rest = after.get(verb.len_utf8()..)?;
    }
    formatted.push_str(rest);
    arguments.next().is_none().then_some(formatted)
}

fn of_collections(name: &str, arguments: &[Evaluated], span: Span) -> Option<Content> {
    let is_list = |value: &Evaluated| matches!(value.content, Content::List(_));
    let is_map = |value: &Evaluated| matches!(value.content, Content::Map(_));
    match (name, arguments) {
        ("merge", maps) => merge(maps),
        ("concat", lists) if lists.iter().all(is_list) => {
            Some(Content::List(lists.iter().flat_map(|list| list.items().to_vec()).collect()))
        }
        ("flatten", [list]) if is_list(list) => {
            let flat = |item: &Evaluated| if is_list(item) { item.items().to_vec() } else { vec![item.clone()] };
            Some(Content::List(list.items().iter().flat_map(flat).collect()))
        }
        ("keys", [map]) if is_map(map) => {
            let key = |member: &Member| Evaluated::new(Content::Text(member.key.clone()), member.key_span);
            Some(Content::List(map.members().iter().map(key).collect()))
        }
        ("values", [map]) if is_map(map) => {
            Some(Content::List(map.members().iter().map(|member| member.value.clone()).collect()))
        }
        ("zipmap", [keys, values]) => {
            let pair = |(key, value): (&Evaluated, &Evaluated)| {
                Some(Member { key: key.text()?.into(), key_span: key.span, value: value.clone() })
            };
            keys.items().iter().zip(values.items()).map(pair).collect::<Option<Arc<[Member]>>>().map(Content::Map)
        }
        ("join", [separator, list]) => {
            let parts: Option<Vec<String>> = list.items().iter().map(to_text).collect();
            Some(Content::Text(parts?.join(separator.text()?).into()))
        }
        ("length", [value]) => length(value).map(|length| Content::Number(length as f64)),
        ("contains", [list, wanted]) if !list.items().iter().any(|item| item.why().is_some()) => {
            Some(Content::Bool(list.items().iter().any(|item| super::is_same(item, wanted))))
        }
        ("element", [list, index]) => Some(element(list, index, span).content),
        _ => None,
    }
}

fn length(value: &Evaluated) -> Option<usize> {
    match &value.content {
        Content::List(items) => Some(items.len()),
        Content::Map(members) => Some(members.len()),
        Content::Text(text) => Some(text.chars().count()),
        _ => None,
    }
}

/// Later maps stand over earlier ones.
fn merge(maps: &[Evaluated]) -> Option<Content> {
    let mut merged: Vec<Member> = Vec::new();
    let mut places: BTreeMap<Arc<str>, usize> = BTreeMap::new();
    for map in maps {
        if !matches!(map.content, Content::Map(_) | Content::Null) {
            return None;
        }
        for member in map.members() {
            match places.get(&member.key).and_then(|at| merged.get_mut(*at)) {
                Some(known) => *known = member.clone(),
                None => {
                    places.insert(member.key.clone(), merged.len());
                    merged.push(member.clone());
                }
            }
        }
    }
    Some(Content::Map(merged.into()))
}

/// An attribute of a map or an item of a list.
pub(super) fn element(value: &Evaluated, key: &Evaluated, span: Span) -> Evaluated {
    if let Some(hidden) = [value, key].into_iter().find(|part| part.why().is_some()) {
        return hidden.clone();
    }
    match (&value.content, &key.content) {
        (Content::List(items), Content::Number(index)) => {
            let found = items.iter().enumerate().find(|(at, _)| *at as f64 == *index);
            found.map_or_else(|| Evaluated::failed("the list is shorter", span), |(_, item)| item.clone())
        }
        (Content::Map(_), _) => {
            let Some(key) = to_text(key) else { return Evaluated::unknown("the key is not a text", span) };
            let found = value.get(&key).map(|member| member.value.clone());
            found.unwrap_or_else(|| Evaluated::failed(format!("there is no `{key}`"), span))
        }
        (Content::Resource(members), _) => {
            let found = to_text(key).and_then(|key| members.iter().find(|member| *member.key == *key));
            let applied = || Evaluated::unknown("the attribute is known only when it is applied", span);
            found.map_or_else(applied, |member| member.value.clone())
        }
        _ => Evaluated::failed("the value has no parts", span),
    }
}

/// What `for` goes through: keys with values, places with items.
pub(in crate::model::terraform) fn pairs(source: &Evaluated) -> Vec<(Evaluated, Evaluated)> {
    let number = |at: usize| Content::Number(at as f64);
    let items = source.items().iter().enumerate().map(|(at, item)| (Evaluated::new(number(at), item.span), item.clone()));
    let key = |member: &Member| Evaluated::new(Content::Text(member.key.clone()), member.key_span);
    items.chain(source.members().iter().map(|member| (key(member), member.value.clone()))).collect()
}

/// A plain value as a text, as templates write it.
pub(in crate::model::terraform) fn to_text(value: &Evaluated) -> Option<String> {
    match &value.content {
        Content::Text(text) => Some(text.to_string()),
        Content::Number(number) => Some(number.to_string()),
        Content::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}
