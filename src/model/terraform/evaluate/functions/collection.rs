//! Functions of lists, sets and maps.

use super::convert::{identity, set};
use super::number::number;
use super::{Content, Evaluated, Member, element, sorted, to_text};
use crate::text::Span;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Lists within lists are flattened this deep.
const MAX_DEPTH: usize = 32;

pub(super) fn call(name: &str, arguments: &[Evaluated], span: Span) -> Option<Content> {
    let found = match arguments {
        [one] if matches!(one.content, Content::List(_)) => of_list(name, one.items()),
        [one] if matches!(one.content, Content::Map(_)) => of_map(name, one),
        _ => None,
    };
    found.or_else(|| of_several(name, arguments, span))
}

fn of_list(name: &str, items: &[Evaluated]) -> Option<Content> {
    let list = |items: Vec<Evaluated>| Some(Content::List(items.into()));
    let is_empty = |item: &&Evaluated| matches!(&item.content, Content::Null) || item.text() == Some("");
    let truths = || items.iter().map(truth).collect::<Option<Vec<bool>>>();
    match name {
        "length" => Some(Content::Number(items.len() as f64)),
        "flatten" => list(flat(items, 0)),
        "distinct" => list(distinct(items)?),
        "reverse" => list(items.iter().rev().cloned().collect()),
        "compact" => list(items.iter().filter(|item| !is_empty(item)).cloned().collect()),
        "sort" => {
            let texts: Option<Vec<(String, &Evaluated)>> = items.iter().map(|item| Some((to_text(item)?, item))).collect();
            let mut texts = texts?;
            texts.sort_by(|a, b| a.0.cmp(&b.0));
            list(texts.into_iter().map(|(_, item)| item.clone()).collect())
        }
        "one" => match items {
            [] => Some(Content::Null),
            [one] => Some(one.content.clone()),
            _ => None,
        },
        "alltrue" => Some(Content::Bool(truths()?.into_iter().all(|truth| truth))),
        "anytrue" => Some(Content::Bool(truths()?.into_iter().any(|truth| truth))),
        "setunion" => list(set(items)?),
        _ => None,
    }
}

fn of_map(name: &str, map: &Evaluated) -> Option<Content> {
    match name {
        "length" => Some(Content::Number(map.members().len() as f64)),
        "keys" => {
            let key = |member: &Member| Evaluated::new(Content::Text(member.key.clone()), member.key_span);
            Some(Content::List(sorted(map).into_iter().map(key).collect()))
        }
        "values" => Some(Content::List(sorted(map).into_iter().map(|member| member.value.clone()).collect())),
        _ => None,
    }
}

fn of_several(name: &str, arguments: &[Evaluated], span: Span) -> Option<Content> {
    let is_list = |value: &Evaluated| matches!(value.content, Content::List(_));
    let are_lists = arguments.iter().all(is_list);
    match (name, arguments) {
        ("merge", maps) => merge(maps),
        ("concat", lists) if are_lists => Some(Content::List(lists.iter().flat_map(|list| list.items().to_vec()).collect())),
        ("setunion", lists) if are_lists => {
            let all: Vec<Evaluated> = lists.iter().flat_map(|list| list.items().to_vec()).collect();
            Some(Content::List(set(&all)?.into()))
        }
        ("setintersection", [first, rest @ ..]) if are_lists => {
            let rest = rest.iter().map(|list| identities(list.items())).collect::<Option<Vec<_>>>()?;
            chosen(first.items(), |own| rest.iter().all(|others| others.contains(own)))
        }
        ("setsubtract", [first, second]) if are_lists => {
            let taken = identities(second.items())?;
            chosen(first.items(), |own| !taken.contains(own))
        }
        ("coalescelist", lists) if are_lists => {
            lists.iter().find(|list| !list.items().is_empty()).map(|list| list.content.clone())
        }
        ("contains", [list, wanted]) if is_list(list) && !list.items().iter().any(|item| item.why().is_some()) => {
            Some(Content::Bool(holds(list.items(), wanted)))
        }
        ("index", [list, wanted]) if is_list(list) => {
            let at = list.items().iter().position(|item| super::super::is_same(item, wanted))?;
            Some(Content::Number(at as f64))
        }
        ("element", [list, index]) if is_list(list) => Some(element(list, &wrapped(list.items(), index), span).content),
        ("slice", [list, start, end]) => {
            let (start, end) = (place(start)?, place(end)?);
            Some(Content::List(list.items().get(start..end)?.into()))
        }
        ("chunklist", [list, size]) if is_list(list) => {
            let size = place(size).filter(|size| *size > 0)?;
            let chunk = |items: &[Evaluated]| Evaluated::new(Content::List(items.into()), span);
            Some(Content::List(list.items().chunks(size).map(chunk).collect()))
        }
        ("zipmap", [keys, values]) => {
            let pair = |(key, value): (&Evaluated, &Evaluated)| {
                Some(Member { key: key.text()?.into(), key_span: key.span, value: value.clone() })
            };
            keys.items().iter().zip(values.items()).map(pair).collect::<Option<Arc<[Member]>>>().map(Content::Map)
        }
        ("setproduct", lists) if are_lists => product(lists, span),
        ("length", [text]) => Some(Content::Number(text.text()?.chars().count() as f64)),
        _ => None,
    }
}

fn truth(item: &Evaluated) -> Option<bool> {
    match &item.content {
        Content::Bool(value) => Some(*value),
        Content::Text(text) => text.parse().ok(),
        _ => None,
    }
}

fn holds(items: &[Evaluated], wanted: &Evaluated) -> bool {
    items.iter().any(|item| super::super::is_same(item, wanted))
}

fn flat(items: &[Evaluated], depth: usize) -> Vec<Evaluated> {
    let of_item = |item: &Evaluated| match &item.content {
        Content::List(inner) if depth < MAX_DEPTH => flat(inner, depth + 1),
        _ => vec![item.clone()],
    };
    items.iter().flat_map(of_item).collect()
}

fn distinct(items: &[Evaluated]) -> Option<Vec<Evaluated>> {
    let mut seen = BTreeSet::new();
    let mut kept = Vec::new();
    for item in items {
        if seen.insert(identity(item)?) {
            kept.push(item.clone());
        }
    }
    Some(kept)
}

fn identities(items: &[Evaluated]) -> Option<BTreeSet<String>> {
    items.iter().map(identity).collect()
}

/// The set of those items whose identity passes.
fn chosen(items: &[Evaluated], passes: impl Fn(&String) -> bool) -> Option<Content> {
    let all: Vec<(String, &Evaluated)> = items.iter().map(|item| Some((identity(item)?, item))).collect::<Option<_>>()?;
    let left: Vec<Evaluated> = all.into_iter().filter(|(own, _)| passes(own)).map(|(_, item)| item.clone()).collect();
    Some(Content::List(set(&left)?.into()))
}

/// A place in a list; negative ones and fractions are none.
fn place(value: &Evaluated) -> Option<usize> {
    let number = number(value)?;
    (0..=MAX_PLACE).contains(&(number as i64)).then_some(number as usize)
}

/// Lists of configurations are shorter.
const MAX_PLACE: i64 = 1 << 32;

/// `element` begins again where the list ends.
fn wrapped(items: &[Evaluated], index: &Evaluated) -> Evaluated {
    match (number(index), items.len()) {
        (Some(number), length) if length > 0 => Evaluated::new(Content::Number(number.rem_euclid(length as f64)), index.span),
        _ => index.clone(),
    }
}

/// Every way to take one item of each.
fn product(lists: &[Evaluated], span: Span) -> Option<Content> {
    let mut rows: Vec<Vec<Evaluated>> = vec![Vec::new()];
    for list in lists {
        if rows.len().saturating_mul(list.items().len()) > MAX_PRODUCT {
            return None;
        }
        let longer = |row: &Vec<Evaluated>| {
            list.items().iter().map(|item| row.iter().chain([item]).cloned().collect()).collect::<Vec<Vec<Evaluated>>>()
        };
        rows = rows.iter().flat_map(longer).collect();
    }
    Some(Content::List(rows.into_iter().map(|row| Evaluated::new(Content::List(row.into()), span)).collect()))
}

/// Larger products are not worked out.
const MAX_PRODUCT: usize = 100_000;

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
