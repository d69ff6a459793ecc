//! What is said of a value that its column does not take.

use super::{Said, named, said, short, shown};
use crate::model::Column;
use crate::record::explain::Path;
use crate::record::load::{Digits, Fault};
use crate::record::raw::{Raw, RawValue};

pub(in crate::record) fn code_of(fault: Fault, raw: &Raw<'_>) -> &'static str {
    match fault {
        Fault::WrongType if matches!(raw.value, RawValue::List(_)) => "list",
        Fault::WrongType => "type",
        Fault::WrongText => "format",
        Fault::Fraction => "fraction",
        Fault::TooLarge => "range",
        Fault::Unsafe => "unsafe-integer",
        Fault::TooLong => "length",
        Fault::TooManyDigits => "digits",
        Fault::TooManyDecimals => "decimals",
    }
}

pub(in crate::record) fn fault(fault: Fault, raw: &Raw<'_>, column: &Column, path: &Path) -> Said {
    let (name, value, data_type) = (named(path), shown(raw), column.data_type.as_str());
    match fault {
        Fault::WrongType | Fault::WrongText if matches!(raw.value, RawValue::List(_)) => {
            said(format!("{name} is a list, and its column takes one {data_type} value"), "write the value without `[` and `]`")
        }
        Fault::WrongType | Fault::WrongText => {
            said(format!("{name} is loaded as {data_type}, and is {value}"), how_to_write(data_type))
        }
        Fault::Fraction => said(format!("{name} is loaded as {data_type}, and {value} has a fraction"), "write a whole number"),
        Fault::TooLarge => {
            let help = "write a number between -9223372036854775808 and 9223372036854775807";
            said(format!("{name} is loaded as {data_type}, and {value} has more than 64 bits"), help)
        }
        Fault::Unsafe => {
            let digits = if let RawValue::Number(number) = &raw.value { number.text } else { "" };
            let message = format!("{name} is {value}: many programs round numbers beyond 9007199254740991");
            said(message, format!("write it as a text: `\"{}\"`", short(digits)))
        }
        Fault::TooLong => {
            let what = if data_type == "BYTES" { "bytes" } else { "characters" };
            let message = format!("{name} is {value}, which has more {what} than {} holds", column.type_text());
            said(message, "shorten the value, or widen the column")
        }
        Fault::TooManyDigits => {
            let n = Digits::of(column).before;
            let message = format!("{name} is {value}, and {} holds {n} digits before the point", column.type_text());
            said(message, "write a smaller number")
        }
        Fault::TooManyDecimals => {
            let n = Digits::of(column).behind;
            let message = format!("{name} is {value}, and {} holds {n} digits behind the point", column.type_text());
            said(message, format!("round it to {n} decimals"))
        }
    }
}

fn how_to_write(data_type: &str) -> &'static str {
    match data_type {
        "STRING" => "write a text in double quotes",
        "BYTES" => "write the bytes as a text in base64",
        "INT64" => "write a whole number: `42`",
        "FLOAT64" | "NUMERIC" | "BIGNUMERIC" => "write a number: `12.5`",
        "BOOL" => "write `true` or `false`",
        "DATE" => "write a day of the calendar as `2026-08-03`",
        "TIME" => "write it as `18:30:00`",
        "DATETIME" => "write it as `2026-08-03T18:30:00`, without a zone and with at most six digits of a second",
        "TIMESTAMP" => "write it as `2026-08-03T18:30:00.123456Z`, with at most six digits of a second",
        "STRUCT" => "write an object: `{\"key\": \"value\"}`",
        _ => "ask the owner of the feed what the table takes",
    }
}
