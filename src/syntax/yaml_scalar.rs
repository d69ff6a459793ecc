//! What a plain YAML scalar means in the core schema of YAML 1.2, and where readers of YAML 1.1 see something else.
//! Knows the text of one scalar only.

use super::node::{Text, Value};
use super::number::decimal;

/// The value of a plain scalar; `text` is the same text as the tree keeps it.
pub(super) fn resolve(written: &str, text: Text) -> Value {
    match written.as_bytes() {
        [] => Value::Null,
        [b'~' | b'n' | b'N' | b't' | b'T' | b'f' | b'F', ..] => word(written, text),
        [b'0'..=b'9' | b'+' | b'-' | b'.', ..] => number(written, text),
        _ => Value::String(text),
    }
}

fn word(written: &str, text: Text) -> Value {
    match written {
        "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => Value::String(text),
    }
}

fn number(written: &str, text: Text) -> Value {
    if is_decimal(written) {
        return decimal(written, text);
    }
    let (negative, unsigned) = match written.as_bytes() {
        [b'-', ..] => (true, &written[1..]),
        [b'+', ..] => (false, &written[1..]),
        _ => (false, written),
    };
    match unsigned {
        ".inf" | ".Inf" | ".INF" => Value::Float(if negative { f64::NEG_INFINITY } else { f64::INFINITY }),
        _ if unsigned.len() != written.len() => Value::String(text),
        ".nan" | ".NaN" | ".NAN" => Value::Float(f64::NAN),
        _ => radix(unsigned, text),
    }
}

/// `0o17` and `0xff`, which take no sign.
fn radix(written: &str, text: Text) -> Value {
    let (digits, radix) = match written.get(..2) {
        Some("0o") => (&written[2..], 8),
        Some("0x") => (&written[2..], 16),
        _ => return Value::String(text),
    };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return Value::String(text);
    }
    i64::from_str_radix(digits, radix).map_or(Value::Number(text), Value::Int)
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_decimal(written: &str) -> bool {
    let unsigned = written.strip_prefix(['-', '+']).unwrap_or(written);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|exponent| !exponent.is_empty() && digits(exponent))
}

/// What readers of YAML 1.1 take a plain scalar for, when that is not what YAML 1.2 says.
pub(super) fn ambiguity(written: &str) -> Option<(String, String)> {
    match written.as_bytes() {
        [b'y' | b'Y' | b'n' | b'N' | b'o' | b'O', ..] if written.len() <= 3 => boolean(written),
        [b'0'..=b'9' | b'+' | b'-', ..] => old_number(written),
        _ => None,
    }
}

fn boolean(written: &str) -> Option<(String, String)> {
    let value = match written.to_ascii_lowercase().as_str() {
        "y" | "yes" | "on" => "true",
        "n" | "no" | "off" => "false",
        _ => return None,
    };
    let message = format!("`{written}` is a string in YAML 1.2 and `{value}` to readers of YAML 1.1");
    Some((message, format!("write `\"{written}\"` for the text, or `{value}` for the boolean")))
}

fn old_number(written: &str) -> Option<(String, String)> {
    let unsigned = written.strip_prefix(['-', '+']).unwrap_or(written);
    let only = |allowed: &[u8]| unsigned.bytes().all(|byte| byte.is_ascii_digit() || allowed.contains(&byte));
    if unsigned.len() > 1 && unsigned.starts_with('0') && only(b"") {
        return Some(leading_zero(written, unsigned));
    }
    if unsigned.contains(':') && only(b":_") {
        return sexagesimal(written, unsigned);
    }
    (unsigned.contains('_') && only(b"_.")).then(|| {
        let plain = written.replace('_', "");
        let message = format!("`{written}` is a string in YAML 1.2 and the number {plain} to readers of YAML 1.1");
        (message, format!("write `{plain}` for the number, or `\"{written}\"` for the text"))
    })
}

fn leading_zero(written: &str, unsigned: &str) -> (String, String) {
    let elsewhere = match u128::from_str_radix(unsigned, 8) {
        Ok(value) => format!("the octal number {value}"),
        Err(_) => "a string".to_owned(),
    };
    let decimal = unsigned.trim_start_matches('0');
    let decimal = if decimal.is_empty() { "0" } else { decimal };
    let message = format!("`{written}` is the number {decimal} in YAML 1.2 and {elsewhere} to readers of YAML 1.1");
    (message, format!("write `\"{written}\"` for the text, or `{decimal}` for the number"))
}

/// `12:30` counts minutes in YAML 1.1. A first part with a leading zero is no number there, so `06:30` is safe.
fn sexagesimal(written: &str, unsigned: &str) -> Option<(String, String)> {
    let mut parts = unsigned.split(':');
    let first = parts.next().filter(|part| part.starts_with(|digit: char| ('1'..='9').contains(&digit)))?;
    let mut value: u64 = first.replace('_', "").parse().ok()?;
    for part in parts {
        let digit = part.parse::<u64>().ok().filter(|digit| *digit < 60 && part.len() <= 2)?;
        value = value.checked_mul(60)?.checked_add(digit)?;
    }
    let message = format!("`{written}` is a string in YAML 1.2 and the number {value} to readers of YAML 1.1");
    Some((message, format!("write `\"{written}\"`")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::Document;
    use crate::text::FileId;

    fn read(written: &str) -> Value {
        resolve(written, Document::new(FileId::from_index(0), "".into()).slice_text(0, 0))
    }

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        for (written, value) in [
            ("", Value::Null),
            ("~", Value::Null),
            ("True", Value::Bool(true)),
            ("-12", Value::Int(-12)),
            ("0o17", Value::Int(15)),
            ("0xFF", Value::Int(255)),
            ("0123", Value::Int(123)),
            ("1.5e3", Value::Float(1500.0)),
            (".5", Value::Float(0.5)),
            ("5.", Value::Float(5.0)),
            ("-.inf", Value::Float(f64::NEG_INFINITY)),
        ] {
            assert_eq!(read(written), value, "{written}");
        }
        for written in ["no", "on", "1_000", "12:30", "-", ".", "1e", "0x", "-0x1", "2024-01-01", "tRUE", "1.2.3", "é"] {
            assert!(matches!(read(written), Value::String(_)), "{written}");
        }
    }

    #[test]
    fn scalars_that_yaml_1_1_reads_otherwise_are_ambiguous() {
        for written in ["no", "Yes", "OFF", "y", "0123", "08", "12:30", "12:30:45", "1_000", "-010"] {
            assert!(ambiguity(written).is_some(), "{written}");
        }
        for written in ["none", "only", "0", "0.5", "06:30", "2024-01-01", "12:99", "1.2.3", "yay", "123", "true", "a_b", "0x10"]
        {
            assert_eq!(ambiguity(written), None, "{written}");
        }
        let said = ambiguity("12:30").map(|(message, _)| message);
        assert_eq!(said.as_deref(), Some("`12:30` is a string in YAML 1.2 and the number 750 to readers of YAML 1.1"));
    }
}
