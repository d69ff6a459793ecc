//! Functions of numbers.

use super::{Content, Evaluated};

/// `range` gives no more than this, as in Terraform itself.
const MAX_RANGE: usize = 1_024;

pub(super) fn call(name: &str, arguments: &[Evaluated]) -> Option<Content> {
    let numbers: Vec<f64> = arguments.iter().map_while(number).collect();
    if numbers.len() != arguments.len() {
        return match (name, arguments) {
            ("sum", [list]) => {
                let numbers = list.items().iter().map(number).collect::<Option<Vec<f64>>>()?;
                Some(Content::Number(numbers.iter().sum()))
            }
            ("parseint", [text, base]) => parse(text.text()?, number(base)?),
            _ => None,
        };
    }
    let value = match (name, numbers.as_slice()) {
        ("abs", [one]) => one.abs(),
        ("ceil", [one]) => one.ceil(),
        ("floor", [one]) => one.floor(),
        ("signum", [one]) if *one == 0.0 => 0.0,
        ("signum", [one]) => one.signum(),
        ("pow", [base, exponent]) => base.powf(*exponent),
        ("log", [one, base]) => one.ln() / base.ln(),
        ("max", [first, rest @ ..]) => rest.iter().copied().fold(*first, f64::max),
        ("min", [first, rest @ ..]) => rest.iter().copied().fold(*first, f64::min),
        ("parseint", [text, base]) => return parse(&text.to_string(), *base),
        ("range", [end]) => return range(0.0, *end, if *end < 0.0 { -1.0 } else { 1.0 }, arguments),
        ("range", [start, end]) => return range(*start, *end, if end < start { -1.0 } else { 1.0 }, arguments),
        ("range", [start, end, step]) => return range(*start, *end, *step, arguments),
        _ => return None,
    };
    value.is_finite().then_some(Content::Number(value))
}

/// A number, also where it is written as a text.
pub(super) fn number(value: &Evaluated) -> Option<f64> {
    match &value.content {
        Content::Number(number) => Some(*number),
        Content::Text(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

fn parse(text: &str, base: f64) -> Option<Content> {
    let base = (2..=36).find(|own| f64::from(*own) == base)?;
    // Ids and counts are far below 2^53.
    i64::from_str_radix(text, base).ok().map(|number| Content::Number(number as f64))
}

fn range(start: f64, end: f64, step: f64, arguments: &[Evaluated]) -> Option<Content> {
    let span = arguments.first()?.span;
    if step == 0.0 || (step > 0.0) != (end > start) {
        return (start == end).then(|| Content::List([].into()));
    }
    let is_inside = |value: &f64| if step > 0.0 { *value < end } else { *value > end };
    let values = (0..=MAX_RANGE).map(|at| start + step * at as f64).take_while(is_inside);
    let items: Vec<Evaluated> = values.map(|value| Evaluated::new(Content::Number(value), span)).collect();
    (items.len() <= MAX_RANGE).then(|| Content::List(items.into()))
}
