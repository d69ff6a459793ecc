//! What Terraform's functions give for values, after the reference of the language at
//! <https://developer.hashicorp.com/terraform/language/functions>. Those that read a clock, draw lots or hash are not
//! evaluated.

mod collection;
mod convert;
mod format;
mod number;
mod text;

use super::{Content, Evaluated, Member};
use crate::text::Span;

/// The value of a function. An argument that is not known hides the result, where it matters.
pub(in crate::model::terraform) fn call(name: &str, arguments: &[Evaluated], span: Span) -> Evaluated {
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
        && let Some(converted) = convert::call(name, value)
    {
        return converted;
    }
    let found =
        text::call(name, arguments).or_else(|| number::call(name, arguments)).or_else(|| collection::call(name, arguments, span));
    match found {
        Some(content) => Evaluated::new(content, span),
        None => Evaluated::unknown(format!("`{name}(…)` is not evaluated"), span),
    }
}

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

/// The members of a map in the order in which Terraform goes through them.
fn sorted(value: &Evaluated) -> Vec<&Member> {
    let mut members: Vec<&Member> = value.members().iter().collect();
    members.sort_by(|a, b| a.key.cmp(&b.key));
    members
}

/// What `for` goes through: keys with values, places with items.
pub(in crate::model::terraform) fn pairs(source: &Evaluated) -> Vec<(Evaluated, Evaluated)> {
    let number = |at: usize| Content::Number(at as f64);
    let items = source.items().iter().enumerate().map(|(at, item)| (Evaluated::new(number(at), item.span), item.clone()));
    let key = |member: &Member| Evaluated::new(Content::Text(member.key.clone()), member.key_span);
    items.chain(sorted(source).into_iter().map(|member| (key(member), member.value.clone()))).collect()
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

#[cfg(test)]
mod tests;
