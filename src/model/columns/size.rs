//! The size that a field of a table schema gives its type: `maxLength`, `precision` and `scale`.

use super::{problem, type_name};
use crate::model::parameters::TypeParameters;
use crate::syntax::{Document, NodeId, Problem, Value};
use crate::text::Span;

/// In the order in which SQL writes them.
const KEYS: [&str; 3] = ["maxLength", "precision", "scale"];

struct Given {
    key: &'static str,
    number: u64,
    span: Span,
}

/// A column's name and its type in GoogleSQL's way.
#[derive(Clone, Copy)]
pub(super) struct Typed<'a> {
    pub(super) column: &'a str,
    pub(super) data_type: &'a str,
}

/// Reads the size, and says what BigQuery would refuse. A size that is refused is none.
pub(super) fn read(document: &Document, item: NodeId, typed: Typed<'_>, problems: &mut Vec<Problem>) -> TypeParameters {
    let given: Vec<Given> = KEYS.iter().filter_map(|key| read_key(document, item, key, typed, problems)).collect();
    let (fitting, foreign): (Vec<_>, Vec<_>) = given.into_iter().partition(|given| takers(given.key).contains(&typed.data_type));
    for given in foreign.iter().filter(|given| given.number > 0 && type_name(typed.data_type).is_some()) {
        let [one, other] = takers(given.key);
        let message = format!("column `{}` is {}, which takes no `{}`", typed.column, typed.data_type, given.key);
        problems.push(problem(given.span, message, format!("remove it; only {one} and {other} take it")));
    }
    checked(typed, &fitting, problems)
}

fn takers(key: &str) -> [&'static str; 2] {
    if key == "maxLength" { ["STRING", "BYTES"] } else { ["NUMERIC", "BIGNUMERIC"] }
}

fn read_key(
    document: &Document,
    item: NodeId,
    key: &'static str,
    typed: Typed<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Given> {
    let node = document.get(item, key)?;
    let span = document.span(node);
    match (document.value(node), whole_number(document, node)) {
        (Value::Null | Value::Expression { .. }, _) => None,
        // Tools write zero for none.
        (_, Some(0)) if key != "scale" => None,
        (_, Some(number)) => Some(Given { key, number, span }),
        (_, None) => {
            let message = format!("`{key}` of column `{}` is no whole number", typed.column);
            problems.push(problem(span, message, "write how many digits or characters it holds, or remove it"));
            None
        }
    }
}

/// The REST API writes numbers of 64 bits as texts.
fn whole_number(document: &Document, node: NodeId) -> Option<u64> {
    match document.value(node) {
        Value::Int(number) => u64::try_from(number).ok(),
        Value::String(text) => document.text(text).parse().ok(),
        _ => None,
    }
}

fn checked(typed: Typed<'_>, given: &[Given], problems: &mut Vec<Problem>) -> TypeParameters {
    let Some(last) = given.last() else { return TypeParameters::None };
    if matches!(given, [only] if only.key == "scale") {
        if last.number > 0 {
            let message = format!("column `{}` has a `scale` and no `precision`", typed.column);
            problems.push(problem(last.span, message, "add `precision`: how many digits it has in all"));
        }
        return TypeParameters::None;
    }
    let numbers: Vec<u64> = given.iter().map(|given| given.number).collect();
    TypeParameters::new(typed.data_type, &numbers).unwrap_or_else(|why| {
        let message = format!("column `{}` has a size that BigQuery refuses: {why}", typed.column);
        problems.push(problem(last.span, message, "correct the numbers, or remove them to take whatever the type holds"));
        TypeParameters::None
    })
}
