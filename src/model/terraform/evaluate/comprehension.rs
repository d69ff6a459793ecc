//! Expressions that go through a collection: `for` and splats.

use super::{Bound, Content, Evaluated, Evaluator, Member, Scope, functions};
use crate::syntax::{EACH_ITEM, NodeId, Value};
use crate::text::Span;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

impl<'a> Evaluator<'_, 'a> {
    /// `a[*].b`: of a list, each item; of null, none; of anything else, that alone.
    pub(super) fn splat(&self, scope: Scope<'a, '_>, operands: &[NodeId], span: Span) -> Evaluated {
        let &[source, item] = operands else { return Evaluated::unknown("the expression is not evaluated", span) };
        let source = self.node(scope, source);
        let items = match &source.content {
            Content::Unknown(_) | Content::Failed(_) => return source,
            Content::Null => Vec::new(),
            Content::List(items) => items.to_vec(),
            _ => vec![source],
        };
        let each = |value: Evaluated| {
            let bound = Bound { name: EACH_ITEM, value, outer: scope.bound };
            self.node(Scope { bound: Some(&bound), ..scope }, item)
        };
        Evaluated::new(Content::List(items.into_iter().map(each).collect()), span)
    }

    /// `[for …]` and `{ for … }`.
    pub(super) fn for_each(&self, scope: Scope<'a, '_>, operands: &[NodeId], span: Span) -> Evaluated {
        let &[collection, key_name, value_name, key, value, condition, is_grouping] = operands else {
            return Evaluated::unknown("the expression is not evaluated", span);
        };
        let document = scope.document;
        let source = self.node(scope, collection);
        if source.why().is_some() {
            return source;
        }
        let names = [key_name, value_name].map(|name| document.str(name).unwrap_or(""));
        let is_map = document.value(key) != Value::Null;
        let (mut items, mut members) = (Vec::new(), Vec::new());
        let refused = self.bind_each(scope, names, &source, |scope| {
            match self.node(scope, condition).content {
                Content::Bool(true) => {}
                Content::Bool(false) => return ControlFlow::Continue(()),
                _ => return ControlFlow::Break("the condition of a `for` is not evaluated"),
            }
            if !is_map {
                items.push(self.node(scope, value));
                return ControlFlow::Continue(());
            }
            let key = self.node(scope, key);
            let Some(text) = functions::to_text(&key) else { return ControlFlow::Break("a key of a `for` is not evaluated") };
            members.push(Member { key: text.into(), key_span: key.span, value: self.node(scope, value) });
            ControlFlow::Continue(())
        });
        if let Some(why) = refused {
            return Evaluated::unknown(why, span);
        }
        let members = if document.value(is_grouping) == Value::Bool(true) { grouped(members) } else { members };
        Evaluated::new(if is_map { Content::Map(members.into()) } else { Content::List(items.into()) }, span)
    }

    /// Goes through a collection with the names of its keys and values bound, until something breaks it off.
    pub(super) fn bind_each<B>(
        &self,
        scope: Scope<'a, '_>,
        [key, value]: [&str; 2],
        collection: &Evaluated,
        mut visit: impl FnMut(Scope<'a, '_>) -> ControlFlow<B>,
    ) -> Option<B> {
        for (of_key, of_value) in functions::pairs(collection) {
            let outer = Bound { name: key, value: of_key, outer: scope.bound };
            let inner = Bound { name: value, value: of_value, outer: Some(&outer) };
            if let ControlFlow::Break(broken) = visit(Scope { bound: Some(&inner), ..scope }) {
                return Some(broken);
            }
        }
        None
    }
}

/// The values of each key as a list, at the place of the first.
fn grouped(members: Vec<Member>) -> Vec<Member> {
    let mut groups: BTreeMap<Arc<str>, (Span, Vec<Evaluated>)> = BTreeMap::new();
    for member in members {
        groups.entry(member.key).or_insert((member.key_span, Vec::new())).1.push(member.value);
    }
    let group = |(key, (key_span, values)): (Arc<str>, (Span, Vec<Evaluated>))| {
        let value = Evaluated::new(Content::List(values.into()), key_span);
        Member { key, key_span, value }
    };
    groups.into_iter().map(group).collect()
}
