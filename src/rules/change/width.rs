//! Whether a type of columns holds all that another one holds.

use crate::model::parameters::{BIG_NUMERIC, NUMERIC, TypeParameters};

/// What a change of type means for values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Width {
    /// The numbers in brackets are larger, or gone.
    SameTypeWider,
    /// The numbers in brackets are smaller, or new.
    SameTypeNarrower,
    /// Every value is one of the other type as well, and most expressions take both.
    OtherTypeWider,
    Other,
}

/// From one type to another, as they are written: `NUMERIC(10, 2)`.
pub(super) fn width(before: &str, after: &str) -> Width {
    let name = |text: &str| text.split('(').next().unwrap_or(text).to_owned();
    let (from, to) = (name(before), name(after));
    let sizes = [(&from, before), (&to, after)].map(|(name, text)| TypeParameters::of_text(name, text));
    let holds = match sizes {
        [TypeParameters::Length(from), TypeParameters::Length(to)] => from <= to,
        [TypeParameters::None, TypeParameters::Length(_)] => false,
        _ => match (digits(&from, sizes[0]), digits(&to, sizes[1])) {
            (Some(from), Some(to)) => from.0 <= to.0 && from.1 <= to.1,
            (_, None) => true,
            (None, Some(_)) => false,
        },
    };
    match (from == to, holds) {
        (true, true) => Width::SameTypeWider,
        (true, false) => Width::SameTypeNarrower,
        (false, holds) if holds && is_number_that_grows(&from, &to) => Width::OtherTypeWider,
        _ => Width::Other,
    }
}

fn is_number_that_grows(from: &str, to: &str) -> bool {
    match from {
        "INT64" => matches!(to, "NUMERIC" | "BIGNUMERIC" | "FLOAT64"),
        "NUMERIC" => matches!(to, "BIGNUMERIC" | "FLOAT64"),
        _ => false,
    }
}

/// Digits before the point and behind it at most; `None` where nothing is counted.
fn digits(name: &str, size: TypeParameters) -> Option<(u8, u8)> {
    match (name, size) {
        ("NUMERIC" | "BIGNUMERIC", TypeParameters::Digits { precision, scale }) => Some((precision.saturating_sub(scale), scale)),
        ("NUMERIC", _) => Some(NUMERIC),
        ("BIGNUMERIC", _) => Some(BIG_NUMERIC),
        ("INT64", _) => Some((19, 0)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Width, width};

    #[test]
    fn numbers_in_brackets_count() {
        use Width::{Other, OtherTypeWider, SameTypeNarrower, SameTypeWider};
        let cases = [
            ("STRING(20)", "STRING(10)", SameTypeNarrower),
            ("STRING", "STRING(10)", SameTypeNarrower),
            ("STRING(10)", "STRING(20)", SameTypeWider),
            ("BYTES(10)", "BYTES", SameTypeWider),
            ("NUMERIC(10, 2)", "NUMERIC(8, 2)", SameTypeNarrower),
            ("NUMERIC(10, 2)", "NUMERIC(12, 4)", SameTypeWider),
            // Two more digits in all, and one less before the point.
            ("NUMERIC(10, 2)", "NUMERIC(12, 5)", SameTypeNarrower),
            ("NUMERIC(10, 2)", "NUMERIC", SameTypeWider),
            ("NUMERIC", "NUMERIC(38, 9)", SameTypeWider),
            ("INT64", "NUMERIC", OtherTypeWider),
            ("INT64", "NUMERIC(10)", Other),
            ("NUMERIC", "BIGNUMERIC", OtherTypeWider),
            ("NUMERIC(10, 2)", "FLOAT64", OtherTypeWider),
            ("NUMERIC", "INT64", Other),
            ("STRING(10)", "BYTES", Other),
        ];
        for (before, after, expected) in cases {
            assert_eq!(width(before, after), expected, "{before} to {after}");
        }
    }
}
