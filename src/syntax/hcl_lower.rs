//! Lowers what `hcl-edit` parsed into the tree. Knows no grammar: the parser has read the text, and the depth of what
//! it gives is bounded by its own limits.

use super::MAX_DEPTH;
use super::decoded::Decoded;
use super::duplicate::duplicates;
use super::hcl_directive::Trim;
use super::hcl_text::{Style, decode};
use super::node::{Document, EACH_ITEM, Entry, NodeId, Operator, Problem, ProblemKind, Text, Value};
use super::number::decimal;
use crate::text::{Span as Place, SpanMap};
use hcl_edit::Span;
use hcl_edit::expr::{Expression, ForExpr, FuncCall, Object, ObjectKey, Traversal, TraversalOperator};
use hcl_edit::structure::{Attribute, Block, Body, Structure};
use std::ops::Range;

/// Blocks take one or two labels; more than this is no configuration of anything.
const MAX_LABELS: usize = 8;

pub(super) struct Lowering<'a> {
    pub(super) document: &'a mut Document,
    pub(super) problems: &'a mut Vec<Problem>,
    /// The text that was parsed, as it is written.
    pub(super) text: &'a str,
    pub(super) host: Host,
    pub(super) depth: usize,
}

/// Where the parsed text stands.
pub(super) enum Host {
    /// In the file, from this offset on.
    File(usize),
    /// In a JSON string.
    Map(SpanMap),
}

impl Lowering<'_> {
    /// The entries of a body, in its order.
    pub(super) fn body(&mut self, body: &Body) -> Vec<Entry> {
        let mut entries = Vec::new();
        for structure in body {
            match structure {
                Structure::Attribute(attribute) => entries.push(self.attribute(attribute)),
                Structure::Block(block) => entries.extend(self.block(block)),
            }
        }
        entries
    }

    fn attribute(&mut self, attribute: &Attribute) -> Entry {
        let range = attribute.key.span().unwrap_or(0..0);
        let value = self.expression(&attribute.value);
        Entry { key: self.slice(range.clone()), key_span: self.place(range), value, merged: false }
    }

    fn block(&mut self, block: &Block) -> Option<Entry> {
        let whole = block.span().unwrap_or(0..0);
        let range = block.ident.span().unwrap_or(0..0);
        if block.labels.len() > MAX_LABELS || self.depth + block.labels.len() >= MAX_DEPTH {
            let (kind, span) = (ProblemKind::NotAnalysed, self.place(range));
            let message = "a block with so many labels, or nested so deep, is not read".to_owned();
            self.problems.push(Problem { kind, span, message, help: None, related: None });
            return None;
        }
        let label_end = block.labels.last().and_then(Span::span).map_or(range.end, |label| label.end);
        let brace = self.text.get(label_end..whole.end).and_then(|rest| rest.find('{')).unwrap_or(0);
        self.depth += block.labels.len() + 1;
        let entries = self.body(&block.body);
        self.depth -= block.labels.len() + 1;
        self.say_duplicate_attributes(&block.body, &entries);
        let body = Value::Map(self.document.push_entries(entries));
        let mut value = self.push(body, label_end + brace..whole.end);
        for label in block.labels.iter().rev() {
            let range = label.span().unwrap_or(0..0);
            let key = self.literal_text(label.as_str(), range.clone());
            let entry = Entry { key, key_span: self.place(range.clone()), value, merged: false };
            let map = Value::Map(self.document.push_entries([entry]));
            value = self.push(map, range.start..whole.end);
        }
        Some(Entry { key: self.slice(range.clone()), key_span: self.place(range), value, merged: false })
    }

    /// Blocks repeat by right, attributes do not.
    fn say_duplicate_attributes(&mut self, body: &Body, entries: &[Entry]) {
        if body.attributes().nth(1).is_some() {
            let blocks: Vec<Place> = body.blocks().filter_map(|block| Some(self.place(block.ident.span()?))).collect();
            let attributes: Vec<Entry> =
                entries.iter().filter(|entry| blocks.binary_search(&entry.key_span).is_err()).copied().collect();
            self.problems.extend(duplicates(self.document, &attributes));
        }
    }

    pub(super) fn expression(&mut self, expression: &Expression) -> NodeId {
        let range = expression.span().unwrap_or(0..0);
        let value = match expression {
            Expression::Null(_) => Value::Null,
            Expression::Bool(value) => Value::Bool(**value),
            Expression::Number(_) => self.number(range.clone()),
            Expression::String(text) => Value::String(self.literal_text(text.as_str(), range.clone())),
            Expression::Parenthesis(inner) => return self.expression(inner.inner()),
            Expression::Array(array) => {
                let items: Vec<NodeId> = array.iter().map(|item| self.expression(item)).collect();
                Value::Sequence(self.document.push_items(items))
            }
            Expression::Object(object) => self.object(object),
            Expression::StringTemplate(template) => self.template(template.iter(), Style::Quoted, Trim::default()),
            Expression::HeredocTemplate(template) => self.heredoc(template, range.clone()),
            Expression::Variable(_) => self.operation(Operator::Reference, range.clone(), Vec::new()),
            Expression::Traversal(traversal) => self.traversal(traversal, range.clone()),
            Expression::FuncCall(call) => self.call(call, range.clone()),
            Expression::Conditional(conditional) => {
                let parts = [&conditional.cond_expr, &conditional.true_expr, &conditional.false_expr];
                let operands = parts.map(|part| self.expression(part)).to_vec();
                self.operation(Operator::Conditional, 0..0, operands)
            }
            Expression::UnaryOp(operation) => {
                let operands = vec![self.expression(&operation.expr)];
                self.operation(Operator::Unary, operation.operator.span().unwrap_or(0..0), operands)
            }
            Expression::BinaryOp(operation) => {
                let operands = [&operation.lhs_expr, &operation.rhs_expr].map(|side| self.expression(side)).to_vec();
                self.operation(Operator::Binary, operation.operator.span().unwrap_or(0..0), operands)
            }
            Expression::ForExpr(expression) => self.for_expression(expression),
        };
        self.push(value, range)
    }

    fn number(&mut self, range: Range<usize>) -> Value {
        let written = self.text.get(range.clone()).unwrap_or("").replace([' ', '\t'], "");
        decimal(&written, self.slice(range))
    }

    pub(super) fn operation(&mut self, operator: Operator, name: Range<usize>, operands: Vec<NodeId>) -> Value {
        let name = self.slice(name);
        Value::Expression { operator, name, operands: self.document.push_items(operands) }
    }

    fn object(&mut self, object: &Object) -> Value {
        let mut entries = Vec::with_capacity(object.len());
        for (key, value) in object {
            let range = match key {
                ObjectKey::Ident(ident) => ident.span(),
                ObjectKey::Expression(expression) => expression.span(),
            };
            let range = range.unwrap_or(0..0);
            let text = match key {
                ObjectKey::Expression(Expression::String(text)) => self.literal_text(text.as_str(), range.clone()),
                ObjectKey::Ident(_) | ObjectKey::Expression(_) => self.slice(range.clone()),
            };
            let value = self.expression(value.expr());
            if let ObjectKey::Expression(expression) = key {
                let key = self.expression(expression);
                let is_computed = matches!(self.document.value(key), Value::Expression { .. });
                if is_computed || matches!(expression, Expression::Parenthesis(_)) {
                    self.document.set_key_expression(value, key);
                }
            }
            entries.push(Entry { key: text, key_span: self.place(range), value, merged: false });
        }
        self.problems.extend(duplicates(self.document, &entries));
        Value::Map(self.document.push_entries(entries))
    }

    fn traversal(&mut self, traversal: &Traversal, range: Range<usize>) -> Value {
        let operators: Vec<&TraversalOperator> = traversal.operators.iter().map(|operator| &**operator).collect();
        let is_splat =
            |operator: &&TraversalOperator| matches!(operator, TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_));
        let at = operators.iter().position(is_splat).unwrap_or(operators.len());
        let (before, splat) = operators.split_at(at);
        let value = match &traversal.expr {
            Expression::Variable(root) => {
                let operands = before.iter().map(|operator| self.step(operator)).collect();
                self.operation(Operator::Reference, root.span().unwrap_or(0..0), operands)
            }
            // Nothing is looked up before the splat.
            other if before.is_empty() && !splat.is_empty() => {
                let inner = self.expression(other);
                return self.splat(inner, splat, range);
            }
            other => {
                let mut operands = vec![self.expression(other)];
                operands.extend(before.iter().map(|operator| self.step(operator)));
                self.operation(Operator::Access, 0..0, operands)
            }
        };
        if splat.is_empty() {
            return value;
        }
        let source = self.push(value, range.clone());
        self.splat(source, splat, range)
    }

    /// `source[*].a.b` and `source.*.a`. What follows `[*]` is looked up in each item; what follows `.*`, as far as it is
    /// attributes, and the rest in the list of what that gives.
    fn splat(&mut self, source: NodeId, operators: &[&TraversalOperator], range: Range<usize>) -> Value {
        let Some((first, rest)) = operators.split_first() else { return Value::Null };
        let is_attribute = |operator: &&&TraversalOperator| matches!(operator, TraversalOperator::GetAttr(_));
        let n_inner = match first {
            TraversalOperator::AttrSplat(_) => rest.iter().take_while(is_attribute).count(),
            _ => rest.len(),
        };
        let (inner, outer) = rest.split_at(n_inner);
        let at = inner
            .iter()
            .position(|operator| matches!(operator, TraversalOperator::FullSplat(_) | TraversalOperator::AttrSplat(_)));
        let (steps, nested) = inner.split_at(at.unwrap_or(inner.len()));
        let operands: Vec<NodeId> = steps.iter().map(|operator| self.step(operator)).collect();
        let item = Value::Expression {
            operator: Operator::Reference,
            name: self.document.owned_text(EACH_ITEM),
            operands: self.document.push_items(operands),
        };
        let mut item = self.push(item, range.clone());
        if !nested.is_empty() {
            let value = self.splat(item, nested, range.clone());
            item = self.push(value, range.clone());
        }
        let value = self.operation(Operator::Splat, 0..0, vec![source, item]);
        if outer.is_empty() {
            return value;
        }
        let mut operands = vec![self.push(value, range)];
        operands.extend(outer.iter().map(|operator| self.step(operator)));
        self.operation(Operator::Access, 0..0, operands)
    }

    fn for_expression(&mut self, expression: &ForExpr) -> Value {
        let collection = self.expression(&expression.intro.collection_expr);
        let key_name = expression.intro.key_var.as_ref().map(|name| self.name(name.as_str(), name.span()));
        let value_name = self.name(expression.intro.value_var.as_str(), expression.intro.value_var.span());
        let key = expression.key_expr.as_ref().map(|key| self.expression(key));
        let value = self.expression(&expression.value_expr);
        let condition = expression.cond.as_ref().map(|condition| self.expression(&condition.expr));
        let condition = condition.unwrap_or_else(|| self.push(Value::Bool(true), 0..0));
        let is_grouping = self.push(Value::Bool(expression.grouping), 0..0);
        let [key_name, key] = [key_name, key].map(|node| node.unwrap_or_else(|| self.push(Value::Null, 0..0)));
        self.operation(Operator::For, 0..0, vec![collection, key_name, value_name, key, value, condition, is_grouping])
    }

    pub(super) fn name(&mut self, name: &str, range: Option<Range<usize>>) -> NodeId {
        let text = self.document.owned_text(name);
        self.push(Value::String(text), range.unwrap_or(0..0))
    }

    fn step(&mut self, operator: &TraversalOperator) -> NodeId {
        let (value, range) = match operator {
            TraversalOperator::Index(expression) => return self.expression(expression),
            TraversalOperator::GetAttr(name) => {
                let range = name.span().unwrap_or(0..0);
                (Value::String(self.slice(range.clone())), range)
            }
            TraversalOperator::LegacyIndex(index) => {
                let range = index.span().unwrap_or(0..0);
                (i64::try_from(**index).map_or(Value::Null, Value::Int), range)
            }
            TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => (Value::Null, 0..0),
        };
        self.push(value, range)
    }

    fn call(&mut self, call: &FuncCall, range: Range<usize>) -> Value {
        let mut operands: Vec<NodeId> = call.args.iter().map(|argument| self.expression(argument)).collect();
        if call.args.expand_final()
            && let Some(last) = operands.pop()
        {
            let expanded = self.operation(Operator::Expand, 0..0, vec![last]);
            let place = self.document.span(last);
            operands.push(self.document.push(expanded, place));
        }
        let end = call.name.name.span().unwrap_or(0..0).end;
        self.operation(Operator::Call, range.start..end, operands)
    }

    pub(super) fn template_text(&mut self, range: Range<usize>, style: Style) -> Text {
        let Decoded { text, pieces } = decode(self.text, range, style);
        match pieces.as_slice() {
            [] => self.document.slice_text(0, 0),
            [piece] if piece.is_verbatim => self.slice(piece.host.clone()),
            _ => self.document.owned_text(text),
        }
    }

    // Places.

    /// The text of a quoted literal: a slice of the file where it has no escapes.
    fn literal_text(&mut self, value: &str, range: Range<usize>) -> Text {
        let bare = range.clone();
        let inner = range.start + 1..range.end.saturating_sub(1).max(range.start + 1);
        let found = [inner, bare].into_iter().find(|range| self.text.get(range.clone()) == Some(value));
        match found {
            Some(range) => self.slice(range),
            None => self.document.owned_text(value),
        }
    }

    fn slice(&mut self, range: Range<usize>) -> Text {
        match &self.host {
            Host::File(start) => self.document.slice_text(range.start + start, range.end + start),
            Host::Map(_) => self.document.owned_text(self.text.get(range).unwrap_or("")),
        }
    }

    pub(super) fn place(&self, range: Range<usize>) -> Place {
        match &self.host {
            Host::File(start) => Place::new(self.document.file(), range.start + start..range.end + start),
            Host::Map(map) => map.span(range),
        }
    }

    pub(super) fn push(&mut self, value: Value, range: Range<usize>) -> NodeId {
        let span = self.place(range);
        self.document.push(value, span)
    }
}
