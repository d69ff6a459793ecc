//! What an expression comes to with the variables that are known. What would fail when it runs is unknown here.

use super::value::Val;
use super::{Term, TermKind, functions};
use crate::syntax::workflow::{Binary, Expr, ExprKind, HOLE, Unary};
use std::collections::BTreeMap;

/// The variables of a subworkflow, and what the workflow is given from outside.
pub(super) struct Scope<'s> {
    pub(super) variables: &'s BTreeMap<String, Val>,
    pub(super) environment: &'s BTreeMap<String, Option<String>>,
}

impl Scope<'_> {
    pub(super) fn term(&self, term: &Term) -> Val {
        match &term.kind {
            TermKind::Null => Val::Null,
            TermKind::Bool(value) => Val::Bool(*value),
            TermKind::Int(number) => Val::Int(*number),
            TermKind::Double(number) => Val::Double(*number),
            TermKind::Text(text) => plain(text),
            TermKind::Expr(expr) => self.expr(expr),
            TermKind::List(items) => Val::List(items.iter().map(|item| self.term(item)).collect()),
            TermKind::Map(entries) => {
                Val::Map(entries.iter().map(|(key, value)| (key.value.clone(), self.term(value))).collect())
            }
            TermKind::Unknown => Val::Unknown,
        }
    }

    pub(super) fn expr(&self, expr: &Expr) -> Val {
        match &expr.kind {
            ExprKind::Null => Val::Null,
            ExprKind::Bool(value) => Val::Bool(*value),
            ExprKind::Int(number) => Val::Int(*number),
            ExprKind::Double(number) => Val::Double(*number),
            ExprKind::Text(text) => plain(text),
            ExprKind::List(items) => Val::List(items.iter().map(|item| self.expr(item)).collect()),
            ExprKind::Map(entries) => self.map(entries),
            ExprKind::Name(name) => self.variables.get(name).cloned().unwrap_or(Val::Unknown),
            ExprKind::Member(base, member) => element(&self.expr(base), &Val::Text(member.clone())),
            ExprKind::Index(base, index) => element(&self.expr(base), &self.expr(index)),
            ExprKind::Call { function, arguments, .. } => {
                let arguments: Vec<Val> = arguments.iter().map(|argument| self.expr(argument)).collect();
                functions::call(function, &arguments, self.environment)
            }
            ExprKind::Unary(operator, operand) => unary(*operator, &self.expr(operand)),
            ExprKind::Binary(operator, left, right) => self.binary(*operator, left, right),
            ExprKind::Unknown => Val::Unknown,
        }
    }

    fn map(&self, entries: &[(Expr, Expr)]) -> Val {
        let entry = |(key, value): &(Expr, Expr)| match self.expr(key) {
            Val::Text(key) => Some((key, self.expr(value))),
            _ => None,
        };
        entries.iter().map(entry).collect::<Option<_>>().map_or(Val::Unknown, Val::Map)
    }

    fn binary(&self, operator: Binary, left: &Expr, right: &Expr) -> Val {
        let left = self.expr(left);
        // The right side may not be looked at.
        match (operator, &left) {
            (Binary::And, Val::Bool(false)) | (Binary::Or, Val::Bool(true)) => return left,
            _ => {}
        }
        let right = self.expr(right);
        match operator {
            Binary::And | Binary::Or => connective(operator, &left, &right),
            Binary::In => is_in(&left, &right).map_or(Val::Unknown, Val::Bool),
            Binary::NotIn => is_in(&left, &right).map_or(Val::Unknown, |found| Val::Bool(!found)),
            Binary::Equal => is_equal(&left, &right).map_or(Val::Unknown, Val::Bool),
            Binary::NotEqual => is_equal(&left, &right).map_or(Val::Unknown, |equal| Val::Bool(!equal)),
            Binary::Less | Binary::LessOrEqual | Binary::Greater | Binary::GreaterOrEqual => compared(operator, &left, &right),
            Binary::Add | Binary::Subtract | Binary::Multiply | Binary::Divide | Binary::FloorDivide | Binary::Remainder => {
                computed(operator, &left, &right)
            }
        }
    }
}

/// A text that a template fills in is not known.
fn plain(text: &str) -> Val {
    if text.contains(HOLE) { Val::Unknown } else { Val::Text(text.to_owned()) }
}

fn unary(operator: Unary, value: &Val) -> Val {
    match (operator, value) {
        (Unary::Not, Val::Bool(value)) => Val::Bool(!value),
        (Unary::Minus, Val::Int(number)) => number.checked_neg().map_or(Val::Unknown, Val::Int),
        (Unary::Minus, Val::Double(number)) => Val::Double(-number),
        _ => Val::Unknown,
    }
}

/// The left side has not decided it.
fn connective(operator: Binary, left: &Val, right: &Val) -> Val {
    match (operator, left, right) {
        (_, Val::Bool(_), Val::Bool(right)) => Val::Bool(*right),
        // The left side fails or gives what does not matter.
        (Binary::And, Val::Unknown, Val::Bool(false)) => Val::Bool(false),
        (Binary::Or, Val::Unknown, Val::Bool(true)) => Val::Bool(true),
        _ => Val::Unknown,
    }
}

/// Whether a key is in a map, or a value in a list.
fn is_in(key: &Val, whole: &Val) -> Option<bool> {
    match (key, whole) {
        (Val::Text(key), Val::Map(entries)) => Some(entries.contains_key(key)),
        (Val::Text(key), Val::Open(entries)) => entries.contains_key(key).then_some(true),
        (key, Val::List(items)) => {
            let found: Vec<Option<bool>> = items.iter().map(|item| is_equal(key, item)).collect();
            if found.contains(&Some(true)) {
                return Some(true);
            }
            found.iter().all(Option::is_some).then_some(false)
        }
        _ => None,
    }
}

fn is_equal(left: &Val, right: &Val) -> Option<bool> {
    if !left.is_known() || !right.is_known() {
        return None;
    }
    Some(match (number(left), number(right)) {
        (Some(left), Some(right)) => left == right,
        _ => left == right,
    })
}

fn number(value: &Val) -> Option<f64> {
    match value {
        // Lengths, places and codes are far below 2^52, where f64 is exact.
        Val::Int(number) => Some(*number as f64),
        Val::Double(number) => Some(*number),
        _ => None,
    }
}

fn compared(operator: Binary, left: &Val, right: &Val) -> Val {
    let order = match (left, right) {
        (Val::Text(left), Val::Text(right)) => Some(left.cmp(right)),
        _ => number(left).zip(number(right)).and_then(|(left, right)| left.partial_cmp(&right)),
    };
    let Some(order) = order else { return Val::Unknown };
    Val::Bool(match operator {
        Binary::Less => order.is_lt(),
        Binary::LessOrEqual => order.is_le(),
        Binary::Greater => order.is_gt(),
        _ => order.is_ge(),
    })
}

fn computed(operator: Binary, left: &Val, right: &Val) -> Val {
    let of_integers = |found: Option<i64>| found.map_or(Val::Unknown, Val::Int);
    match (operator, left, right) {
        (Binary::Add, Val::Text(left), Val::Text(right)) if left.len() + right.len() < functions::MAX_TEXT => {
            Val::Text(format!("{left}{right}"))
        }
        (Binary::Add, Val::Int(left), Val::Int(right)) => of_integers(left.checked_add(*right)),
        (Binary::Subtract, Val::Int(left), Val::Int(right)) => of_integers(left.checked_sub(*right)),
        (Binary::Multiply, Val::Int(left), Val::Int(right)) => of_integers(left.checked_mul(*right)),
        (Binary::FloorDivide, Val::Int(left), Val::Int(right)) => of_integers(left.checked_div_euclid(*right)),
        (Binary::Remainder, Val::Int(left), Val::Int(right)) => of_integers(left.checked_rem_euclid(*right)),
        _ => match (operator, number(left), number(right)) {
            (Binary::Add, Some(left), Some(right)) => Val::Double(left + right),
            (Binary::Subtract, Some(left), Some(right)) => Val::Double(left - right),
            (Binary::Multiply, Some(left), Some(right)) => Val::Double(left * right),
            (Binary::Divide, Some(left), Some(right)) if right != 0.0 => Val::Double(left / right),
            _ => Val::Unknown,
        },
    }
}

/// A member of a map, or an item of a list.
pub(super) fn element(value: &Val, key: &Val) -> Val {
    let found = match (value, key) {
        (Val::Map(entries) | Val::Open(entries), Val::Text(key)) => entries.get(key).cloned(),
        (Val::List(items), Val::Int(at)) => usize::try_from(*at).ok().and_then(|at| items.get(at).cloned()),
        _ => None,
    };
    found.unwrap_or(Val::Unknown)
}

#[cfg(test)]
mod tests {
    use super::Scope;
    use crate::model::workflow::value::{Val, decode_base64, encode_base64, message_event, storage_event};
    use crate::syntax::workflow::parse;
    use std::collections::BTreeMap;

    fn value(text: &str) -> String {
        let event = storage_event("acme-landing", "trades/trades_20260803_0001.json");
        let message = message_event("acme-landing", "trades/t.json");
        let feeds = Val::Map(Val::map([("trades", Val::Map(Val::map([("dataset", Val::Text("raw".to_owned()))])))]));
        let variables = Val::map([("event", event), ("message", message), ("feeds", feeds), ("unknown", Val::Unknown)]);
        let environment = BTreeMap::from([("LOCATION".to_owned(), Some("EU".to_owned())), ("HIDDEN".to_owned(), None)]);
        let scope = Scope { variables: &variables, environment: &environment };
        match scope.expr(&parse(text).0) {
            Val::Text(text) => format!("{text:?}"),
            Val::Int(number) => number.to_string(),
            Val::Bool(value) => value.to_string(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn what_a_name_tells_is_worked_out() {
        let cases = [
            ("text.split(event.data.name, \"/\")[1]", "\"trades_20260803_0001.json\""),
            ("text.replace_all_regex(\"trades_20260803_0001.json\", \"_[0-9]{8}_.*$\", \"\")", "\"trades\""),
            ("text.match_regex(event.data.name, \"^trades/\\\\w+_\\\\d{8}_\\\\d{4}\\\\.json$\")", "true"),
            ("text.find_all_regex(event.data.name, \"[0-9]{8}\")[0].match", "\"20260803\""),
            ("len(text.find_all_regex(event.data.name, \"[0-9]+\"))", "2"),
            ("text.substring(event.data.name, 0, len(\"trades\"))", "\"trades\""),
            ("\"trades\" in feeds and not(\"quotes\" in feeds)", "true"),
            ("feeds[\"trades\"].dataset + \".\" + \"trades\"", "\"raw.trades\""),
            ("map.get(feeds, [\"quotes\", \"dataset\"])", "Null"),
            ("default(map.get(feeds, \"quotes\"), \"none\")", "\"none\""),
            ("if(event.data.bucket == \"acme-landing\", 1, 2)", "1"),
            ("sys.get_env(\"LOCATION\") + sys.get_env(\"MISSING\", \"?\")", "\"EU?\""),
            ("json.decode(text.decode(base64.decode(message.data.message.data))).name", "\"trades/t.json\""),
            ("json.decode(base64.decode(message.data.message.data)).bucket", "\"acme-landing\""),
            ("text.url_decode(text.url_encode(\"a/b c é\"))", "\"a/b c é\""),
            ("7 // 2 + 7 % 2 - -1", "5"),
            ("10 / 4 > 2", "true"),
            ("string(3) + \"a\" == \"3a\"", "true"),
        ];
        for (text, expected) in cases {
            assert_eq!(value(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_known_stays_so_and_spoils_no_more_than_it_must() {
        let unknown = [
            "unknown + 1",
            "event.data.size > 0",
            "\"contentType\" in event.data",
            "unknown in [1, 2]",
            "sys.get_env(\"HIDDEN\")",
            "feeds[\"quotes\"].dataset",
            "1 / 0",
            "text.match_regex(\"a\", \"(\")",
            "9223372036854775807 + 1",
            "sys.now()",
        ];
        for text in unknown {
            assert_eq!(value(text), "Unknown", "{text}");
        }
        assert_eq!(value("false and unknown"), "false");
        assert_eq!(value("unknown or true"), "true");
        assert_eq!(value("if(true, 1, unknown)"), "1");
    }

    #[test]
    fn base_64_there_and_back() {
        for text in ["", "a", "ab", "abc", "abcd", "é\u{0}ÿ"] {
            assert_eq!(decode_base64(&encode_base64(text.as_bytes())).as_deref(), Some(text.as_bytes()), "{text}");
        }
        assert_eq!(encode_base64(b"abcd"), "YWJjZA==");
        assert_eq!(decode_base64("a!"), None);
    }
}
