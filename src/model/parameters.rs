//! What a type says in brackets: `STRING(10)`, `NUMERIC(10, 2)`, and what BigQuery takes there.
//! <https://docs.cloud.google.com/bigquery/docs/reference/standard-sql/data-types#parameterized_data_types>

use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TypeParameters {
    #[default]
    None,
    /// At most so many characters of a STRING, or bytes of BYTES.
    Length(u64),
    /// Decimal digits of a NUMERIC or BIGNUMERIC in all, and how many of them stand behind the point.
    Digits { precision: u8, scale: u8 },
}

/// Digits before the point at most, and digits behind it at most.
pub const NUMERIC: (u8, u8) = (29, 9);
pub const BIG_NUMERIC: (u8, u8) = (38, 38);

impl TypeParameters {
    /// As SQL writes them, behind a type that is named in GoogleSQL's way. `Err` says what BigQuery refuses.
    pub fn new(data_type: &str, written: &[u64]) -> Result<TypeParameters, String> {
        match (data_type, written) {
            (_, []) => Ok(TypeParameters::None),
            ("STRING" | "BYTES", [0]) => Err(format!("{data_type} takes a length of at least 1")),
            ("STRING" | "BYTES", [length]) => Ok(TypeParameters::Length(*length)),
            ("NUMERIC", [precision]) => digits(data_type, *precision, 0, NUMERIC),
            ("NUMERIC", [precision, scale]) => digits(data_type, *precision, *scale, NUMERIC),
            ("BIGNUMERIC", [precision]) => digits(data_type, *precision, 0, BIG_NUMERIC),
            ("BIGNUMERIC", [precision, scale]) => digits(data_type, *precision, *scale, BIG_NUMERIC),
            ("STRING" | "BYTES" | "NUMERIC" | "BIGNUMERIC", _) => Err(format!("{data_type} takes fewer numbers in brackets")),
            _ => Err(format!("{data_type} takes no numbers in brackets")),
        }
    }

    /// Of a type as it is written whole: `NUMERIC(10, 2)`, `ARRAY<STRING(20)>`. None where there are none to be read.
    pub fn of_text(data_type: &str, written: &str) -> TypeParameters {
        let inner = written.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(inner, _)| inner);
        let numbers: Option<Vec<u64>> =
            inner.and_then(|inner| inner.split(',').map(|number| number.trim().parse().ok()).collect());
        numbers.and_then(|numbers| TypeParameters::new(data_type, &numbers).ok()).unwrap_or_default()
    }
}

fn digits(data_type: &str, precision: u64, scale: u64, (before, behind): (u8, u8)) -> Result<TypeParameters, String> {
    if scale > u64::from(behind) {
        return Err(format!("{data_type} holds at most {behind} digits behind the point"));
    }
    if precision > scale.saturating_add(u64::from(before)) {
        return Err(format!("{data_type} holds at most {before} digits before the point"));
    }
    if precision < scale.max(1) {
        return Err("the digits in all are at least those behind the point, and at least 1".to_owned());
    }
    let small = |digits: u64| u8::try_from(digits).expect("both are at most 76, as was just seen");
    Ok(TypeParameters::Digits { precision: small(precision), scale: small(scale) })
}

impl fmt::Display for TypeParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TypeParameters::None => Ok(()),
            TypeParameters::Length(length) => write!(f, "({length})"),
            TypeParameters::Digits { precision, scale: 0 } => write!(f, "({precision})"),
            TypeParameters::Digits { precision, scale } => write!(f, "({precision}, {scale})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TypeParameters;

    fn read(data_type: &str, written: &[u64]) -> String {
        TypeParameters::new(data_type, written).map_or_else(|why| why, |found| format!("{data_type}{found}"))
    }

    #[test]
    fn the_limits_are_those_of_the_types() {
        assert_eq!(read("STRING", &[10]), "STRING(10)");
        assert_eq!(read("NUMERIC", &[38, 9]), "NUMERIC(38, 9)");
        assert_eq!(read("NUMERIC", &[29]), "NUMERIC(29)");
        assert_eq!(read("NUMERIC", &[2, 2]), "NUMERIC(2, 2)");
        assert_eq!(read("BIGNUMERIC", &[76, 38]), "BIGNUMERIC(76, 38)");
        assert_eq!(read("NUMERIC", &[30]), "NUMERIC holds at most 29 digits before the point");
        assert_eq!(read("NUMERIC", &[12, 10]), "NUMERIC holds at most 9 digits behind the point");
        assert_eq!(read("NUMERIC", &[2, 5]), "the digits in all are at least those behind the point, and at least 1");
        assert_eq!(read("STRING", &[0]), "STRING takes a length of at least 1");
        assert_eq!(read("INT64", &[11]), "INT64 takes no numbers in brackets");
        assert_eq!(read("STRING", &[10, 2]), "STRING takes fewer numbers in brackets");
    }

    #[test]
    fn a_type_written_whole_is_read() {
        assert_eq!(TypeParameters::of_text("NUMERIC", "NUMERIC( 10 , 2 )"), TypeParameters::Digits { precision: 10, scale: 2 });
        assert_eq!(TypeParameters::of_text("STRING", "ARRAY<STRING(20)>"), TypeParameters::Length(20));
        assert_eq!(TypeParameters::of_text("STRING", "STRING(MAX)"), TypeParameters::None);
    }
}
