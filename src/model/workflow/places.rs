//! The tree of a workflow's text with the way back to the file: a text in a template has places of its own.

use crate::model::terraform::Source;
use crate::syntax::embed::embedded;
use crate::syntax::workflow::{HOLE, parse};
use crate::syntax::{Document, Entry, NodeId, Value};
use crate::text::{Span, Spanned};

use super::{Fault, FaultKind, Term, TermKind};

pub(super) struct Text<'d> {
    pub(super) document: &'d Document,
    pub(super) source: &'d Source,
}

/// An expression is longer than this only where nothing takes it:
/// <https://cloud.google.com/workflows/quotas> (read 2026-11-26).
const MAX_EXPRESSION: usize = 400;

impl Text<'_> {
    pub(super) fn span(&self, node: NodeId) -> Span {
        self.source.map.span(self.document.span(node).range())
    }

    pub(super) fn key(&self, entry: &Entry) -> Spanned<String> {
        Spanned::new(self.document.key(entry).to_owned(), self.source.map.span(entry.key_span.range()))
    }

    pub(super) fn text(&self, node: NodeId) -> Option<Spanned<String>> {
        self.document.str(node).map(|text| Spanned::new(text.to_owned(), self.span(node)))
    }

    /// Whether the value is one that the template fills in.
    pub(super) fn is_hole(&self, node: NodeId) -> bool {
        self.document.str(node).is_some_and(|text| text.contains(HOLE))
    }

    /// A value, with its expressions.
    pub(super) fn term(&self, node: NodeId, faults: &mut Vec<Fault>) -> Term {
        let document = self.document;
        let kind = match document.value(node) {
            Value::Null => TermKind::Null,
            Value::Bool(value) => TermKind::Bool(value),
            Value::Int(value) => TermKind::Int(value),
            Value::Float(value) => TermKind::Double(value),
            Value::String(_) => return self.scalar(node, faults),
            Value::Sequence(children) => {
                TermKind::List(document.items(children).iter().map(|item| self.term(*item, faults)).collect())
            }
            Value::Map(children) => {
                let entries = document.entries(children).iter();
                TermKind::Map(entries.map(|entry| (self.key(entry), self.term(entry.value, faults))).collect())
            }
            Value::Number(_) | Value::Expression { .. } => TermKind::Unknown,
        };
        Term { kind, span: self.span(node) }
    }

    fn scalar(&self, node: NodeId, faults: &mut Vec<Fault>) -> Term {
        let span = self.span(node);
        let written = self.document.str(node).unwrap_or_default();
        let trimmed = written.trim();
        let Some(inner) = trimmed.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) else {
            let kind = if written.contains("${") { TermKind::Unknown } else { TermKind::Text(written.to_owned()) };
            return Term { kind, span };
        };
        let start = written.len() - written.trim_start().len() + 2;
        let map = embedded(self.document, node).map(|embedded| embedded.map);
        let place = |range: std::ops::Range<usize>| {
            let within = range.start + start..range.end + start;
            map.as_ref().map_or(span, |map| self.source.map.span(map.span(within).range())).range()
        };
        let (mut expr, found) = parse(inner);
        if inner.contains("${") && !found.is_empty() {
            // Two expressions in one text.
            return Term { kind: TermKind::Unknown, span };
        }
        let fault = |fault: crate::syntax::workflow::Fault| {
            Fault::new(FaultKind::Expression, Span::new(span.file, place(fault.range)), fault.message)
        };
        if !inner.contains(HOLE) {
            faults.extend(found.into_iter().map(fault));
        }
        let length = inner.chars().count();
        if length > MAX_EXPRESSION {
            let message = format!("an expression has {length} characters, and {MAX_EXPRESSION} is the most");
            let help = "assign parts of it to variables first";
            faults.push(Fault::new(FaultKind::Limit, span, message).help(help));
        }
        expr.relocate(&place);
        Term { kind: TermKind::Expr(expr), span }
    }
}
