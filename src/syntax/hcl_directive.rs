//! Lowers templates: strings with holes, `%{ if … }` and `%{ for … }`, and the blanks that `~` takes away.

use super::hcl_lower::Lowering;
use super::hcl_text::{Style, heredoc};
use super::node::{NodeId, Operator, Value};
use hcl_edit::Span;
use hcl_edit::template::{Directive, Element, ForDirective, HeredocTemplate, IfDirective, Strip, Template};
use std::ops::Range;

/// Which ends of a template lose their blanks, because of a `~` outside of it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Trim {
    pub(super) start: bool,
    pub(super) end: bool,
}

impl Trim {
    /// A text without the blanks that it loses: at its start those to the end of the line, at its end those of the last line.
    pub(super) fn of(self, text: &str) -> Range<usize> {
        let line = text.find('\n').map_or(text.len(), |at| at + 1);
        let first = text.get(..line).unwrap_or(text);
        let start = if self.start { first.len() - first.trim_start().len() } else { 0 };
        let rest = text.get(start..).unwrap_or("");
        let last = rest.strip_suffix('\n').unwrap_or(rest).rfind('\n').map_or(0, |at| at + 1);
        let kept = rest.get(last..).unwrap_or("").trim_end().len();
        start..start + if self.end { last + kept } else { rest.len() }
    }
}

impl Lowering<'_> {
    pub(super) fn heredoc(&mut self, template: &HeredocTemplate, range: Range<usize>) -> Value {
        let style = heredoc(self.text, range).map_or(Style::Bare, |(_, style)| style);
        self.template(template.template.iter(), style, Trim::default())
    }

    pub(super) fn bare_template(&mut self, template: &Template) -> Value {
        self.template(template.iter(), Style::Bare, Trim::default())
    }

    /// A string where there are no holes, else the strings and the holes in their order.
    pub(super) fn template<'e>(&mut self, elements: impl Iterator<Item = &'e Element>, style: Style, trim: Trim) -> Value {
        let elements: Vec<&Element> = elements.collect();
        let trim_of = |at: usize| Trim {
            start: at.checked_sub(1).map_or(trim.start, |before| trims_behind(elements[before])),
            end: elements.get(at + 1).map_or(trim.end, |after| trims_before(after)),
        };
        match elements.as_slice() {
            [] => Value::String(self.document.slice_text(0, 0)),
            [literal @ Element::Literal(_)] => {
                let range = self.trimmed(literal.span().unwrap_or(0..0), trim);
                Value::String(self.template_text(range, style))
            }
            _ => {
                let element = |(at, element): (usize, &&Element)| self.element(element, style, trim_of(at));
                let operands = elements.iter().enumerate().map(element).collect();
                self.operation(Operator::Template, 0..0, operands)
            }
        }
    }

    fn element(&mut self, element: &Element, style: Style, trim: Trim) -> NodeId {
        let range = element.span().unwrap_or(0..0);
        match element {
            Element::Literal(_) => {
                let range = self.trimmed(range, trim);
                let text = Value::String(self.template_text(range.clone(), style));
                self.push(text, range)
            }
            Element::Interpolation(hole) => self.expression(&hole.expr),
            Element::Directive(directive) => {
                let value = match &**directive {
                    Directive::If(directive) => self.if_directive(directive, style),
                    Directive::For(directive) => self.for_directive(directive, style),
                };
                self.push(value, range)
            }
        }
    }

    /// `%{ if a }b%{ else }c%{ endif }` is what `a ? "b" : "c"` is.
    fn if_directive(&mut self, directive: &IfDirective, style: Style) -> Value {
        let IfDirective { if_expr, else_expr, endif_expr, .. } = directive;
        let end = endif_expr.strip;
        let yes = Trim { start: behind(if_expr.strip), end: before(else_expr.as_ref().map_or(end, |part| part.strip)) };
        let condition = self.expression(&if_expr.cond_expr);
        let yes = self.part(&if_expr.template, style, yes);
        let no = match else_expr {
            Some(part) => self.part(&part.template, style, Trim { start: behind(part.strip), end: before(end) }),
            None => {
                let nothing = self.document.slice_text(0, 0);
                self.push(Value::String(nothing), 0..0)
            }
        };
        self.operation(Operator::Conditional, 0..0, vec![condition, yes, no])
    }

    /// `%{ for a in b }c%{ endfor }` is what `join("", [for a in b : "c"])` is.
    fn for_directive(&mut self, directive: &ForDirective, style: Style) -> Value {
        let ForDirective { for_expr, endfor_expr, .. } = directive;
        let collection = self.expression(&for_expr.collection_expr);
        let key_name = match &for_expr.key_var {
            Some(name) => self.name(name.as_str(), name.span()),
            None => self.push(Value::Null, 0..0),
        };
        let value_name = self.name(for_expr.value_var.as_str(), for_expr.value_var.span());
        let trim = Trim { start: behind(for_expr.strip), end: before(endfor_expr.strip) };
        let text = self.part(&for_expr.template, style, trim);
        let [key, condition, is_grouping] =
            [Value::Null, Value::Bool(true), Value::Bool(false)].map(|value| self.push(value, 0..0));
        let list = vec![collection, key_name, value_name, key, text, condition, is_grouping];
        let list = self.operation(Operator::For, 0..0, list);
        let list = self.push(list, 0..0);
        let nothing = self.document.slice_text(0, 0);
        let nothing = self.push(Value::String(nothing), 0..0);
        let (name, operands) = (self.document.owned_text("join"), self.document.push_items([nothing, list]));
        Value::Expression { operator: Operator::Call, name, operands }
    }

    fn part(&mut self, template: &Template, style: Style, trim: Trim) -> NodeId {
        let value = self.template(template.iter(), style, trim);
        self.push(value, template.span().unwrap_or(0..0))
    }

    fn trimmed(&self, range: Range<usize>, trim: Trim) -> Range<usize> {
        let kept = trim.of(self.text.get(range.clone()).unwrap_or(""));
        range.start + kept.start..range.start + kept.end
    }
}

/// Whether the element takes the blanks before it away.
fn trims_before(element: &Element) -> bool {
    match element {
        Element::Literal(_) => false,
        Element::Interpolation(hole) => before(hole.strip),
        Element::Directive(directive) => match &**directive {
            Directive::If(directive) => before(directive.if_expr.strip),
            Directive::For(directive) => before(directive.for_expr.strip),
        },
    }
}

fn trims_behind(element: &Element) -> bool {
    match element {
        Element::Literal(_) => false,
        Element::Interpolation(hole) => behind(hole.strip),
        Element::Directive(directive) => match &**directive {
            Directive::If(directive) => behind(directive.endif_expr.strip),
            Directive::For(directive) => behind(directive.endfor_expr.strip),
        },
    }
}

fn before(strip: Strip) -> bool {
    matches!(strip, Strip::Start | Strip::Both)
}

fn behind(strip: Strip) -> bool {
    matches!(strip, Strip::End | Strip::Both)
}
