//! The text of a directive as the runs that it is made of, each with the place that writes it.

use super::{Content, Evaluator, MAX_DEPTH, Scope, functions};
use crate::syntax::{NodeId, Operator, Value};
use crate::text::Span;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Texts, one behind the other.
pub(in crate::model::terraform) type Runs = Vec<(Arc<str>, Span)>;

impl<'a> Evaluator<'_, 'a> {
    /// What the parts of a template write, through its directives. Put together, the texts are that of the whole where
    /// nothing in it is worked out in another way.
    pub(in crate::model::terraform) fn runs(&self, scope: Scope<'a, '_>, node: NodeId) -> Runs {
        let mut runs = Vec::new();
        self.add_runs(scope, node, &mut runs);
        runs
    }

    fn add_runs(&self, scope: Scope<'a, '_>, node: NodeId, runs: &mut Runs) {
        let scope = Scope { depth: scope.depth + 1, ..scope };
        match self.directed(scope, node).filter(|_| scope.depth < MAX_DEPTH) {
            Some(Directed::Parts(parts)) => parts.iter().for_each(|part| self.add_runs(scope, *part, runs)),
            Some(Directed::Each { collection, names, text }) => {
                let collection = self.node(scope, collection);
                let _: Option<()> = self.bind_each(scope, names, &collection, |scope| {
                    self.add_runs(scope, text, runs);
                    ControlFlow::Continue(())
                });
            }
            None => {
                let mark = || scope.given.and_then(|given| given.mark).map(|mark| mark.to_string());
                let text = functions::to_text(&self.node(scope, node)).or_else(mark).unwrap_or_default();
                runs.push((text.into(), scope.document.span(node)));
            }
        }
    }

    /// What a node hands the word to; `None` of one that says its text itself.
    fn directed(&self, scope: Scope<'a, '_>, node: NodeId) -> Option<Directed<'a>> {
        let document = scope.document;
        let operation = |node| match document.value(node) {
            Value::Expression { operator, operands, .. } => Some((operator, document.items(operands))),
            _ => None,
        };
        match operation(node)? {
            (Operator::Template, parts) => Some(Directed::Parts(parts)),
            (Operator::Conditional, [condition, yes, no]) => match self.node(scope, *condition).content {
                Content::Bool(true) => Some(Directed::Parts(std::slice::from_ref(yes))),
                Content::Bool(false) => Some(Directed::Parts(std::slice::from_ref(no))),
                _ => None,
            },
            // A `for` directive is a `join` of nothing between.
            (Operator::Call, [_, list]) => match operation(*list)? {
                (Operator::For, &[collection, key, value, _, text, ..]) => {
                    let names = [key, value].map(|name| document.str(name).unwrap_or(""));
                    Some(Directed::Each { collection, names, text })
                }
                _ => None,
            },
            _ => None,
        }
    }
}

enum Directed<'a> {
    Parts(&'a [NodeId]),
    /// A text for each item of a collection, whose key and value have these names.
    Each {
        collection: NodeId,
        names: [&'a str; 2],
        text: NodeId,
    },
}
