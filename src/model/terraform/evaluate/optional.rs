//! Defaults that the type of a variable gives attributes that are left out.

use super::{Content, Evaluated, Evaluator, MAX_DEPTH, Member, Scope};
use crate::syntax::{Document, NodeId, Operator, Value};
use std::sync::Arc;

impl<'a> Evaluator<'_, 'a> {
    /// Fills in the defaults that `optional(…)` gives attributes of a variable's type.
    pub(super) fn with_optional(&self, scope: Scope<'a, '_>, node: NodeId, value: Evaluated) -> Evaluated {
        let document = scope.document;
        let Value::Expression { operator: Operator::Call, name, operands } = document.value(node) else { return value };
        let (name, operands) = (document.text(name), document.items(operands));
        let Some(inner) = operands.first().copied().filter(|_| scope.depth < MAX_DEPTH) else { return value };
        let scope = Scope { depth: scope.depth + 1, ..scope };
        let span = value.span;
        let content = match (name, &value.content) {
            ("optional", _) => return self.with_optional(scope, inner, value),
            ("list" | "set", Content::List(items)) => {
                Content::List(items.iter().map(|item| self.with_optional(scope, inner, item.clone())).collect())
            }
            ("map", Content::Map(members)) => {
                let full =
                    |member: &Member| Member { value: self.with_optional(scope, inner, member.value.clone()), ..member.clone() };
                Content::Map(members.iter().map(full).collect())
            }
            ("object", Content::Map(members)) => Content::Map(self.with_attributes(scope, inner, members)),
            _ => return value,
        };
        Evaluated::new(content, span)
    }

    fn with_attributes(&self, scope: Scope<'a, '_>, types: NodeId, members: &[Member]) -> Arc<[Member]> {
        let document = scope.document;
        let mut full: Vec<Member> = members.to_vec();
        for entry in document.map(types) {
            let key = document.key(entry);
            let position = full.iter().position(|member| &*member.key == key);
            let given = position.and_then(|position| full.get_mut(position));
            match given {
                Some(member) if member.value.content != Content::Null => {
                    member.value = self.with_optional(scope, entry.value, member.value.clone());
                }
                given => {
                    let value = match default_of(document, entry.value) {
                        Default::Value(default) => self.node(scope, default),
                        Default::Null => Evaluated::new(Content::Null, document.span(entry.value)),
                        Default::Demanded => continue,
                    };
                    match given {
                        Some(member) => member.value = value,
                        None => full.push(Member { key: key.into(), key_span: entry.key_span, value }),
                    }
                }
            }
        }
        full.into()
    }
}

/// What stands for an attribute that is left out.
enum Default {
    Value(NodeId),
    Null,
    /// It may not be left out.
    Demanded,
}

/// The default of `optional(type, default)`.
fn default_of(document: &Document, node: NodeId) -> Default {
    match document.value(node) {
        Value::Expression { operator: Operator::Call, name, operands } if document.text(name) == "optional" => {
            document.items(operands).get(1).copied().map_or(Default::Null, Default::Value)
        }
        _ => Default::Demanded,
    }
}
