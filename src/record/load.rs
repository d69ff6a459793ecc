//! What BigQuery's JSON load takes for one value of a column.
//! <https://docs.cloud.google.com/bigquery/docs/loading-data-cloud-storage-json>

use super::cursor::Number;
use super::time;
use crate::model::Column;
use crate::model::parameters::{BIG_NUMERIC, NUMERIC, TypeParameters};

/// The type of a column, as far as the load looks at values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColumnType {
    /// With the most characters that it takes.
    String(Option<u64>),
    /// With the most bytes that it takes.
    Bytes(Option<u64>),
    Int64,
    Float64,
    Decimal(Digits),
    Bool,
    Date,
    Time,
    DateTime,
    Timestamp,
    Struct,
    Json,
    /// Nothing is known of what it takes: `GEOGRAPHY`, `RANGE`, `INTERVAL`, and types that BigQuery does not have.
    Other,
}

/// What a decimal type holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Digits {
    pub(super) before: u8,
    pub(super) behind: u8,
}

impl Digits {
    pub(super) fn of(column: &Column) -> Digits {
        let (before, behind) = if column.data_type == "NUMERIC" { NUMERIC } else { BIG_NUMERIC };
        match column.parameters {
            TypeParameters::Digits { precision, scale } => Digits { before: precision.saturating_sub(scale), behind: scale },
            TypeParameters::None | TypeParameters::Length(_) => Digits { before, behind },
        }
    }
}

impl ColumnType {
    pub(super) fn of(column: &Column) -> ColumnType {
        let most = match column.parameters {
            TypeParameters::Length(length) => Some(length),
            TypeParameters::None | TypeParameters::Digits { .. } => None,
        };
        match column.data_type.as_str() {
            "STRING" => ColumnType::String(most),
            "BYTES" => ColumnType::Bytes(most),
            "INT64" => ColumnType::Int64,
            "FLOAT64" => ColumnType::Float64,
            "NUMERIC" | "BIGNUMERIC" => ColumnType::Decimal(Digits::of(column)),
            "BOOL" => ColumnType::Bool,
            "DATE" => ColumnType::Date,
            "TIME" => ColumnType::Time,
            "DATETIME" => ColumnType::DateTime,
            "TIMESTAMP" => ColumnType::Timestamp,
            "STRUCT" => ColumnType::Struct,
            "JSON" => ColumnType::Json,
            _ => ColumnType::Other,
        }
    }
}

/// A value that is neither a list nor a map nor null.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scalar<'a> {
    Bool,
    Number(&'a Number<'a>),
    Text(&'a str),
}

/// Why a value is not taken, or not as it was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    /// A value of this kind never goes into such a column.
    WrongType,
    /// A text that does not say a value of the type.
    WrongText,
    /// A fraction for a column of integers.
    Fraction,
    /// More than 64 bits.
    TooLarge,
    /// An integer beyond 2^53 as a number: readers on the way may round it.
    Unsafe,
    /// More characters or bytes than the type holds.
    TooLong,
    /// More digits before the point than the type holds.
    TooManyDigits,
    /// More digits after the point than the type holds.
    TooManyDecimals,
}

/// Integers between these survive every reader of JSON.
const MAX_SAFE: i64 = (1 << 53) - 1;

impl ColumnType {
    /// Whether texts of so many characters may be too long.
    pub(super) fn is_shorter_than(self, n_characters: u64) -> bool {
        matches!(self, ColumnType::String(Some(most)) if most < n_characters)
    }

    /// Whether the load takes the value as it is meant.
    pub(super) fn takes(self, scalar: Scalar<'_>) -> Result<(), Fault> {
        match scalar {
            Scalar::Bool => match self {
                ColumnType::Bool | ColumnType::String(_) | ColumnType::Json | ColumnType::Other => Ok(()),
                _ => Err(Fault::WrongType),
            },
            Scalar::Number(number) => self.takes_number(number),
            Scalar::Text(text) => self.takes_text(text),
        }
    }

    fn takes_number(self, number: &Number<'_>) -> Result<(), Fault> {
        match self {
            ColumnType::Float64 | ColumnType::Json | ColumnType::Other => Ok(()),
            ColumnType::Int64 => integer(number),
            ColumnType::Decimal(limits) => digits(number, limits),
            // How the load writes a fraction as a text is not said.
            ColumnType::String(Some(most)) if number.is_whole() => length(number.text.len(), most),
            ColumnType::String(_) | ColumnType::Timestamp => Ok(()),
            ColumnType::Bool => {
                if matches!(number.text, "0" | "1") {
                    Ok(())
                } else {
                    Err(Fault::WrongType)
                }
            }
            ColumnType::Bytes(_) | ColumnType::Date | ColumnType::Time | ColumnType::DateTime | ColumnType::Struct => {
                Err(Fault::WrongType)
            }
        }
    }

    fn takes_text(self, text: &str) -> Result<(), Fault> {
        let is_taken = match self {
            ColumnType::String(Some(most)) => return text_length(text, most),
            ColumnType::Bytes(Some(most)) if is_base64(text) => return length(n_bytes_of_base64(text), most),
            ColumnType::String(None) | ColumnType::Json | ColumnType::Other => true,
            ColumnType::Bytes(_) => is_base64(text),
            ColumnType::Int64 => return integer_text(text),
            ColumnType::Float64 => text.trim().parse::<f64>().is_ok(),
            ColumnType::Decimal(limits) => return digits_text(text, limits),
            ColumnType::Bool => BOOLEANS.iter().any(|word| word.eq_ignore_ascii_case(text)),
            ColumnType::Date => time::is_date(text),
            ColumnType::Time => time::is_time(text),
            ColumnType::DateTime => time::is_datetime(text),
            ColumnType::Timestamp => time::is_timestamp(text) || text.trim().parse::<f64>().is_ok_and(f64::is_finite),
            ColumnType::Struct => return Err(Fault::WrongType),
        };
        if is_taken { Ok(()) } else { Err(Fault::WrongText) }
    }
}

const BOOLEANS: [&str; 10] = ["true", "false", "t", "f", "yes", "no", "y", "n", "1", "0"];

fn integer(number: &Number<'_>) -> Result<(), Fault> {
    if let Some(value) = number.as_i64() {
        return if value.unsigned_abs() > MAX_SAFE.unsigned_abs() { Err(Fault::Unsafe) } else { Ok(()) };
    }
    if !number.is_whole() {
        // `1.0` and `1e3` say integers.
        return match number.as_exact_f64() {
            Some(value) if value.fract() != 0.0 => Err(Fault::Fraction),
            _ => Ok(()),
        };
    }
    if number.text.parse::<i64>().is_ok() { Err(Fault::Unsafe) } else { Err(Fault::TooLarge) }
}

fn integer_text(text: &str) -> Result<(), Fault> {
    let text = text.trim();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Fault::WrongText);
    }
    text.parse::<i64>().map(|_| ()).map_err(|_| Fault::TooLarge)
}

fn length(length: usize, most: u64) -> Result<(), Fault> {
    if u64::try_from(length).is_ok_and(|length| length <= most) { Ok(()) } else { Err(Fault::TooLong) }
}

/// There are no more characters than bytes.
fn text_length(text: &str, most: u64) -> Result<(), Fault> {
    length(text.len(), most).or_else(|_| length(text.chars().count(), most))
}

fn digits(number: &Number<'_>, Digits { before, behind }: Digits) -> Result<(), Fault> {
    let exponent = number.exponent.unwrap_or(0);
    if number.digits == Some(0) || exponent.unsigned_abs() > 1_000 {
        return Ok(());
    }
    let size = |digits: usize| i64::try_from(digits).unwrap_or(i64::MAX);
    if size(number.n_whole).saturating_add(exponent) > i64::from(before) {
        return Err(Fault::TooManyDigits);
    }
    let trimmed = number.text.split(['e', 'E']).next().unwrap_or("").trim_end_matches('0');
    let n_fraction = trimmed.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    if size(n_fraction).saturating_sub(exponent) > i64::from(behind) { Err(Fault::TooManyDecimals) } else { Ok(()) }
}

fn digits_text(text: &str, limits: Digits) -> Result<(), Fault> {
    let text = text.trim();
    let text = text.strip_prefix('+').unwrap_or(text);
    let mut cursor = super::cursor::Cursor::new(text);
    match cursor.number() {
        Ok(number) if cursor.is_at_end() => digits(&number, limits),
        // `007` and `.5` are numbers too, only not of JSON.
        Ok(_) | Err(_) if text.parse::<f64>().is_ok_and(f64::is_finite) => Ok(()),
        Ok(_) | Err(_) => Err(Fault::WrongText),
    }
}

fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    text.len() - body.len() <= 2 && body.len() % 4 != 1 && body.bytes().all(is_letter)
}

/// Four letters are three bytes.
fn n_bytes_of_base64(text: &str) -> usize {
    let n_letters = text.trim_end_matches('=').len();
    n_letters / 4 * 3 + (n_letters % 4).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::{ColumnType, Fault, Scalar};
    use crate::record::cursor::Cursor;
    use crate::record::tests::columns;

    fn takes(column: &str, json: &str) -> Result<(), Fault> {
        let mut cursor = Cursor::new(json);
        let column = columns(&[&format!("c {column}")]).first().map(ColumnType::of).expect("one column");
        match json.as_bytes()[0] {
            b'"' => column.takes(Scalar::Text(&cursor.string().expect("JSON").text().expect("JSON"))),
            b't' | b'f' => column.takes(Scalar::Bool),
            _ => column.takes(Scalar::Number(&cursor.number().expect("JSON"))),
        }
    }

    #[test]
    fn integers() {
        for taken in ["1", "-9007199254740991", "\"9223372036854775807\"", "\"-5\"", "1.0", "1e3"] {
            assert_eq!(takes("INT64", taken), Ok(()), "{taken}");
        }
        assert_eq!(takes("INT64", "9007199254740992"), Err(Fault::Unsafe));
        assert_eq!(takes("INT64", "9223372036854775807"), Err(Fault::Unsafe));
        assert_eq!(takes("INT64", "9223372036854775808"), Err(Fault::TooLarge));
        assert_eq!(takes("INT64", "\"9223372036854775808\""), Err(Fault::TooLarge));
        assert_eq!(takes("INT64", "1.5"), Err(Fault::Fraction));
        assert_eq!(takes("INT64", "\"1.5\""), Err(Fault::WrongText));
        assert_eq!(takes("INT64", "\"\""), Err(Fault::WrongText));
        assert_eq!(takes("INT64", "true"), Err(Fault::WrongType));
    }

    #[test]
    fn decimals() {
        for taken in ["1.123456789", "99999999999999999999999999999", "\"007\"", "1e28", "0", "1.5000000000000", "0e99"] {
            assert_eq!(takes("NUMERIC", taken), Ok(()), "{taken}");
        }
        assert_eq!(takes("NUMERIC", "100000000000000000000000000000"), Err(Fault::TooManyDigits));
        assert_eq!(takes("NUMERIC", "1e29"), Err(Fault::TooManyDigits));
        assert_eq!(takes("NUMERIC", "0.1234567891"), Err(Fault::TooManyDecimals));
        assert_eq!(takes("NUMERIC", "1e-10"), Err(Fault::TooManyDecimals));
        assert_eq!(takes("BIGNUMERIC", "0.1234567891"), Ok(()));
        assert_eq!(takes("NUMERIC", "\"1,5\""), Err(Fault::WrongText));
        assert_eq!(takes("FLOAT64", "\"NaN\""), Ok(()));
        assert_eq!(takes("FLOAT64", "\"n/a\""), Err(Fault::WrongText));
    }

    #[test]
    fn sizes_of_types() {
        assert_eq!(takes("STRING(3)", "\"äöü\""), Ok(()));
        assert_eq!(takes("STRING(3)", "\"abcd\""), Err(Fault::TooLong));
        assert_eq!(takes("STRING(3)", "1234"), Err(Fault::TooLong));
        assert_eq!(takes("STRING(3)", "true"), Ok(()));
        assert_eq!(takes("BYTES(2)", "\"aGk=\""), Ok(()));
        assert_eq!(takes("BYTES(2)", "\"aGlo\""), Err(Fault::TooLong));
        assert_eq!(takes("BYTES(2)", "\"a\""), Err(Fault::WrongText));
        assert_eq!(takes("NUMERIC(5,2)", "999.99"), Ok(()));
        assert_eq!(takes("NUMERIC(5,2)", "1000"), Err(Fault::TooManyDigits));
        assert_eq!(takes("NUMERIC(5,2)", "1.005"), Err(Fault::TooManyDecimals));
        assert_eq!(takes("NUMERIC(5,2)", "1.500"), Ok(()));
        assert_eq!(takes("NUMERIC(5)", "1.5"), Err(Fault::TooManyDecimals));
        assert_eq!(takes("NUMERIC(2,2)", "0.25"), Ok(()));
        assert_eq!(takes("BIGNUMERIC(40,2)", "\"99999999999999999999999999999999999999.99\""), Ok(()));
    }

    #[test]
    fn other_types() {
        assert_eq!(takes("BOOL", "\"Yes\""), Ok(()));
        assert_eq!(takes("BOOL", "2"), Err(Fault::WrongType));
        assert_eq!(takes("BOOL", "\"maybe\""), Err(Fault::WrongText));
        assert_eq!(takes("BYTES", "\"aGk=\""), Ok(()));
        assert_eq!(takes("BYTES", "\"a\""), Err(Fault::WrongText));
        assert_eq!(takes("STRING", "12"), Ok(()));
        assert_eq!(takes("STRUCT", "\"x\""), Err(Fault::WrongType));
        assert_eq!(takes("DATE", "20260803"), Err(Fault::WrongType));
        assert_eq!(takes("DATE", "\"2026-08-03\""), Ok(()));
        assert_eq!(takes("TIMESTAMP", "1785742877"), Ok(()));
        assert_eq!(takes("GEOGRAPHY", "\"POINT(1 2)\""), Ok(()));
    }
}
