//! Decimal numbers as YAML and JSON write them: to `i64`, to `f64` where that loses nothing, else kept as text.
//! Knows nothing of the grammars around them.

use super::node::{Text, Value};

/// More significant digits than this never survive the way through `f64` unchanged.
const MAX_DIGITS: usize = 17;

/// The value of a decimal number; `text` is what the tree keeps where neither `i64` nor `f64` holds it.
pub(super) fn decimal(written: &str, text: Text) -> Value {
    let unsigned = written.trim_start_matches(['+', '-']);
    if !unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        return float(written, text);
    }
    written.parse().map_or(Value::Number(text), Value::Int)
}

fn float(written: &str, text: Text) -> Value {
    match written.parse::<f64>() {
        Ok(value) if value.is_finite() && is_faithful(written, value) => Value::Float(value),
        _ => Value::Number(text),
    }
}

/// Whether printing `value` gives the digits back that were written.
fn is_faithful(written: &str, value: f64) -> bool {
    let mantissa = written.split(['e', 'E']).next().unwrap_or(written);
    let digits = significant_digits(mantissa);
    if digits.is_empty() || (digits.len() <= 15 && value != 0.0 && value.is_normal()) {
        return true;
    }
    let printed = format!("{value:e}");
    digits.len() <= MAX_DIGITS && significant_digits(printed.split('e').next().unwrap_or("")) == digits
}

fn significant_digits(mantissa: &str) -> String {
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.trim_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::Document;
    use crate::text::FileId;

    fn read(written: &str) -> Value {
        decimal(written, Document::new(FileId::from_index(0), "".into()).slice_text(0, 0))
    }

    #[test]
    fn numbers_keep_their_value_or_their_text() {
        assert_eq!(read("-9223372036854775808"), Value::Int(i64::MIN));
        assert!(matches!(read("18446744073709551615"), Value::Number(_)));
        assert_eq!(read("0.1"), Value::Float(0.1));
        assert_eq!(read("1e3"), Value::Float(1000.0));
        assert_eq!(read("0.0"), Value::Float(0.0));
        assert_eq!(read("0.30000000000000004"), Value::Float(0.1 + 0.2));
        assert!(matches!(read("0.1234567890123456789"), Value::Number(_)));
        assert!(matches!(read("1e400"), Value::Number(_)));
        assert!(matches!(read("1e-400"), Value::Number(_)));
    }
}
