//! What operators give for values.

use super::{Content, Evaluated, is_same};
use crate::text::Span;

/// The value of an operator with one or two operands.
pub(super) fn apply(operator: &str, operands: &[Evaluated], span: Span) -> Evaluated {
    let known: Vec<&Content> = operands.iter().map(|operand| &operand.content).collect();
    // One side may settle what the other does not say.
    match (operator, known.as_slice()) {
        ("&&", [Content::Bool(false), _] | [_, Content::Bool(false)]) => return boolean(false, span),
        ("||", [Content::Bool(true), _] | [_, Content::Bool(true)]) => return boolean(true, span),
        _ => {}
    }
    if let Some(hidden) = operands.iter().find(|operand| operand.why().is_some()) {
        return Evaluated { span, ..hidden.clone() };
    }
    match (operator, known.as_slice()) {
        ("!", [Content::Bool(value)]) => boolean(!value, span),
        ("&&", [Content::Bool(a), Content::Bool(b)]) => boolean(*a && *b, span),
        ("||", [Content::Bool(a), Content::Bool(b)]) => boolean(*a || *b, span),
        ("==", _) => same(operands, span, true),
        ("!=", _) => same(operands, span, false),
        _ => match known.iter().map(|content| as_number(content)).collect::<Option<Vec<f64>>>().as_deref() {
            Some([a, b]) => arithmetic(operator, *a, *b, span),
            Some([a]) if operator == "-" => number(-a, span),
            _ => Evaluated::unknown(format!("`{operator}` is worked out for numbers only"), span),
        },
    }
}

/// Terraform takes a number that is written as a text for a number.
fn as_number(content: &Content) -> Option<f64> {
    match content {
        Content::Number(number) => Some(*number),
        Content::Text(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

fn arithmetic(operator: &str, a: f64, b: f64, span: Span) -> Evaluated {
    match operator {
        "+" => number(a + b, span),
        "-" => number(a - b, span),
        "*" => number(a * b, span),
        "/" if b != 0.0 => number(a / b, span),
        "%" if b != 0.0 => number(a % b, span),
        "<" => boolean(a < b, span),
        "<=" => boolean(a <= b, span),
        ">" => boolean(a > b, span),
        ">=" => boolean(a >= b, span),
        _ => Evaluated::unknown(format!("`{operator}` is not evaluated"), span),
    }
}

fn same(operands: &[Evaluated], span: Span, wanted: bool) -> Evaluated {
    match operands {
        [a, b] => boolean(is_same(a, b) == wanted, span),
        _ => Evaluated::unknown("the comparison is not evaluated", span),
    }
}

fn boolean(value: bool, span: Span) -> Evaluated {
    Evaluated::new(Content::Bool(value), span)
}

fn number(value: f64, span: Span) -> Evaluated {
    Evaluated::new(Content::Number(value), span)
}
