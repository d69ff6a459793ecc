//! Messages of rules: text with facts in braces, `feed {feed.name} has no owner`.

use super::expr::{ExprError, Name, Scope, Vocabulary};
use super::names::resolve_name;

/// A message with its facts found.
#[derive(Debug, Clone)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Debug, Clone)]
enum Part {
    Text(String),
    Value(Name),
}

impl Template {
    /// Reads a message; `{{` and `}}` stand for the braces themselves.
    pub fn compile(source: &str, vocabulary: Vocabulary<'_>) -> Result<Template, ExprError> {
        let mut parts = Vec::new();
        let mut rest = source;
        while let Some(brace) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(brace);
            let at = source.len() - from.len();
            parts.push(Part::Text(before.to_owned()));
            if let Some(doubled) = ["{{", "}}"].into_iter().find(|doubled| from.starts_with(doubled)) {
                parts.push(Part::Text(doubled[1..].to_owned()));
                rest = &from[2..];
                continue;
            }
            let error = |message: String, help| ExprError { at, message, help };
            let lonely = || error("a brace without its other".to_owned(), Some("a brace itself is written twice".to_owned()));
            let (name, after) = from.strip_prefix('{').and_then(|inner| inner.split_once('}')).ok_or_else(lonely)?;
            let (root, member) = name.split_once('.').unwrap_or((name, ""));
            let name = resolve_name(root, member, vocabulary).map_err(|(message, help)| error(message, help))?;
            parts.push(Part::Value(name));
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(Template { parts })
    }

    /// Every fact, policy and option that the message shows.
    pub fn reads(&self) -> impl Iterator<Item = &Name> {
        self.parts.iter().filter_map(|part| match part {
            Part::Value(name) => Some(name),
            Part::Text(_) => None,
        })
    }

    pub fn render(&self, scope: &Scope<'_>) -> String {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::Value(name) => scope.show(name),
            })
            .collect()
    }
}
