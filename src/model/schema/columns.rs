//! The columns that a JSON Schema implies: for each field the type, mode and nesting into which every record that the
//! schema allows is loaded, the narrowest that is sure. What no typed column holds becomes JSON.

use super::shape::{Field, Kind, List, Numbers, Record, Rest, Shape, TextFormat};
use crate::model::column_name::{defect, folded};
use crate::model::table::Mode;
use std::collections::BTreeSet;

/// A column that nobody has written yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImpliedColumn {
    pub name: String,
    /// The GoogleSQL name.
    pub data_type: &'static str,
    pub mode: Mode,
    pub fields: Vec<ImpliedColumn>,
    pub description: Option<String>,
}

/// The columns of a table that takes these records; of names that are one without case, the first.
pub fn implied_columns(record: &Shape) -> Vec<ImpliedColumn> {
    let mut known = BTreeSet::new();
    let fields = record.record.as_ref().map_or(&[][..], |record| &record.fields);
    let fields = fields.iter().filter(|field| defect(&field.name).is_none() && known.insert(folded(&field.name)));
    fields.map(implied_column).collect()
}

/// The column of one field.
pub fn implied_column(field: &Field) -> ImpliedColumn {
    let (data_type, is_repeated, fields) = match field.shape.kind() {
        _ if field.shape.unknown.is_some() => ("JSON", false, Vec::new()),
        Kind::List(list) => list_type(list),
        Kind::Record(_) | Kind::Plain | Kind::Anything | Kind::Nothing | Kind::Mixed => {
            let (data_type, fields) = single_type(&field.shape);
            (data_type, false, fields)
        }
    };
    let mode = match (is_repeated, field.required && !field.shape.null) {
        (true, _) => Mode::Repeated,
        (false, true) => Mode::Required,
        (false, false) => Mode::Nullable,
    };
    let description = field.description.as_deref().map(str::to_owned);
    ImpliedColumn { name: field.name.to_string(), data_type, mode, fields, description }
}

fn list_type(list: &List) -> (&'static str, bool, Vec<ImpliedColumn>) {
    let items = list.items.as_ref().filter(|items| items.unknown.is_none() && !items.is_nullable());
    let item = items.map(single_type).filter(|(data_type, _)| *data_type != "JSON");
    item.map_or(("JSON", false, Vec::new()), |(data_type, fields)| (data_type, true, fields))
}

fn single_type(shape: &Shape) -> (&'static str, Vec<ImpliedColumn>) {
    match shape.kind() {
        Kind::Plain => (plain_type(shape), Vec::new()),
        Kind::Record(record) if has_fixed_fields(record) => ("STRUCT", record.fields.iter().map(implied_column).collect()),
        Kind::Record(_) | Kind::List(_) | Kind::Anything | Kind::Nothing | Kind::Mixed => ("JSON", Vec::new()),
    }
}

/// Whether every key of the record has a column of its own.
fn has_fixed_fields(record: &Record) -> bool {
    let mut known = BTreeSet::new();
    let is_column = |field: &Field| defect(&field.name).is_none() && known.insert(folded(&field.name).into_owned());
    !record.fields.is_empty() && !matches!(record.rest, Rest::Allowed(_)) && record.fields.iter().all(is_column)
}

fn plain_type(shape: &Shape) -> &'static str {
    match (shape.boolean, &shape.number, &shape.text) {
        (true, None, None) => "BOOL",
        (false, Some(numbers), None) => number_type(numbers),
        (false, None, Some(texts)) if texts.literals.is_none() => match texts.format {
            Some(TextFormat::Date) => "DATE",
            Some(TextFormat::DateTime) => "TIMESTAMP",
            // A time of RFC 3339 has a zone, which TIME does not take.
            Some(TextFormat::Time | TextFormat::Word(..)) | None => "STRING",
        },
        _ => "STRING",
    }
}

/// Digits before the point, and after it.
const NUMERIC: (u32, u32) = (29, 9);
const BIG_NUMERIC: (u32, u32) = (38, 38);

fn number_type(numbers: &Numbers) -> &'static str {
    let bounds = [numbers.least, numbers.most].into_iter().flatten();
    let largest = bounds.map(i128::unsigned_abs).max().unwrap_or(0);
    let is_int64 = [numbers.least, numbers.most].into_iter().flatten().all(|bound| i64::try_from(bound).is_ok());
    let n_digits = largest.checked_ilog10().map_or(0, |digits| digits + 1);
    let fits = |(before, after): (u32, u32)| n_digits <= before && numbers.n_decimals.is_some_and(|n| n <= after);
    match numbers.n_decimals {
        Some(0) if is_int64 => "INT64",
        None => "FLOAT64",
        Some(_) if fits(NUMERIC) => "NUMERIC",
        Some(_) if fits(BIG_NUMERIC) => "BIGNUMERIC",
        Some(0) => "STRING",
        Some(_) => "FLOAT64",
    }
}
