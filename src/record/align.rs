//! Holds a JSON Schema against the columns of a table: which values does the schema allow that the load refuses? Decided
//! by the same table of types as the check of records. Whatever a text without a format holds is left to that check.

use super::cursor::Cursor;
use super::load::{ColumnType, Fault, Scalar};
use crate::model::column_name::{defect, folded};
use crate::model::schema::shape::{Field, Kind, Numbers, Record, Rest, Shape, TextFormat, Texts};
use crate::model::table::Mode;
use crate::model::{Column, Why};
use crate::text::Span;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// What the comparison gives.
#[derive(Debug, Default)]
pub struct Alignment<'a> {
    pub misfits: Vec<Misfit<'a>>,
    /// Fields of which it is not known what they allow.
    pub unknown: Vec<(String, &'a Why)>,
    /// Fields that the load leaves out, because it ignores what the table does not have.
    pub dropped: Vec<(String, &'a Field)>,
    /// Records that may hold keys beyond their fields, in so many words, which the load refuses: the path, and who says so.
    pub open: Vec<(String, Span)>,
}

/// A field and a column that do not fit.
#[derive(Debug)]
pub struct Misfit<'a> {
    /// `address.zip`, `tags[]`, as the schema names it; empty for a column without a field.
    pub field_path: String,
    pub field: Option<&'a Field>,
    /// As the table names it; for a missing column that of the record which lacks it.
    pub column_path: String,
    pub column: Option<&'a Column>,
    pub why: Reason,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    NoColumn,
    /// A REQUIRED column that no field fills.
    NoField,
    /// The field is a list, the column is not REPEATED.
    NotRepeated,
    /// The column is REPEATED, the field is not, or not always, a list.
    NotList,
    /// REQUIRED, and null is allowed.
    Null,
    /// REQUIRED, and the field may be left out.
    Optional,
    NullItems,
    ListOfLists,
    /// The keys are free, the record's fields are not.
    FreeKeys,
    /// A value of this description is not loaded into such a column.
    Value {
        what: String,
        is_item: bool,
    },
}

/// Compares the records of a schema with the columns of a table.
pub fn align<'a>(record: &'a Shape, columns: &'a [Column], ignores_unknown: bool) -> Alignment<'a> {
    let mut walk = Walk { ignores_unknown, way: Vec::new(), found: Alignment::default() };
    if let Some(why) = &record.unknown {
        walk.found.unknown.push((String::new(), why));
    }
    if let Some(record) = record.record.as_deref() {
        walk.record(record, columns);
    }
    walk.found
}

struct Walk<'a> {
    ignores_unknown: bool,
    /// The fields that lead to where the walk is, each with its column.
    way: Vec<(&'a Field, Option<&'a Column>)>,
    found: Alignment<'a>,
}

impl<'a> Walk<'a> {
    fn record(&mut self, record: &'a Record, columns: &'a [Column]) {
        // A name that no column may have is the business of the rule on names.
        let by_name: BTreeMap<Cow<'_, str>, &Column> =
            columns.iter().rev().map(|column| (folded(&column.name), column)).collect();
        for field in record.fields.iter().filter(|field| defect(&field.name).is_none()) {
            let column = by_name.get(&folded(&field.name)).copied();
            self.way.push((field, column));
            match column {
                Some(column) => self.field(field, column),
                None if self.ignores_unknown => self.found.dropped.push((self.field_path(), field)),
                None => self.misfit(Some(field), None, Reason::NoColumn),
            }
            self.way.pop();
        }
        if !record.fields.is_empty() {
            self.columns_without_field(record, columns);
        }
        if let Rest::Allowed(span) = record.rest
            && !self.ignores_unknown
        {
            self.found.open.push((self.field_path(), span));
        }
    }

    /// `address.zip`, `tags[]`.
    fn field_path(&self) -> String {
        let shown = |(field, _): &(&Field, Option<&Column>)| {
            let list = if matches!(field.shape.kind(), Kind::List(_)) { "[]" } else { "" };
            format!("{}{list}", field.name)
        };
        self.way.iter().map(shown).collect::<Vec<_>>().join(".")
    }

    fn column_path(&self) -> String {
        let names = self.way.iter().filter_map(|(_, column)| Some(column.as_ref()?.name.as_str()));
        names.collect::<Vec<_>>().join(".")
    }

    fn misfit(&mut self, field: Option<&'a Field>, column: Option<&'a Column>, why: Reason) {
        let field_path = self.field_path();
        self.found.misfits.push(Misfit { field_path, field, column_path: self.column_path(), column, why });
    }

    fn columns_without_field(&mut self, record: &Record, columns: &'a [Column]) {
        let fields: BTreeSet<Cow<'_, str>> = record.fields.iter().map(|field| folded(&field.name)).collect();
        let has_field = |column: &Column| fields.contains(&folded(&column.name));
        let above = self.column_path();
        for column in columns.iter().filter(|column| column.mode == Mode::Required && !has_field(column)) {
            let column_path = if above.is_empty() { column.name.clone() } else { format!("{above}.{}", column.name) };
            let field_path = self.field_path();
            let why = Reason::NoField;
            self.found.misfits.push(Misfit { field_path, field: None, column_path, column: Some(column), why });
        }
    }

    fn field(&mut self, field: &'a Field, column: &'a Column) {
        if let Some(why) = of_mode(field, column).or_else(|| self.value(&field.shape, column)) {
            self.misfit(Some(field), Some(column), why);
        }
    }

    fn unknown(&mut self, shape: &'a Shape) -> bool {
        let Some(why) = &shape.unknown else { return false };
        self.found.unknown.push((self.field_path(), why));
        true
    }

    fn value(&mut self, shape: &'a Shape, column: &'a Column) -> Option<Reason> {
        let takes_all = matches!(ColumnType::of(column), ColumnType::Json | ColumnType::Other);
        if (takes_all && column.mode != Mode::Repeated) || self.unknown(shape) {
            return None;
        }
        match (shape.kind(), column.mode) {
            (Kind::Anything | Kind::Nothing, _) => None,
            (Kind::List(list), Mode::Repeated) => self.items(list.items.as_ref()?, column),
            (_, Mode::Repeated) => Some(Reason::NotList),
            (Kind::List(_), _) => Some(Reason::NotRepeated),
            (Kind::Plain | Kind::Record(_) | Kind::Mixed, _) => self.single(shape, column, false),
        }
    }

    fn items(&mut self, items: &'a Shape, column: &'a Column) -> Option<Reason> {
        if self.unknown(items) {
            return None;
        }
        if items.is_nullable() {
            return Some(Reason::NullItems);
        }
        match items.kind() {
            Kind::Anything | Kind::Nothing => None,
            Kind::List(_) if column.data_type != "JSON" => Some(Reason::ListOfLists),
            Kind::List(_) | Kind::Plain | Kind::Record(_) | Kind::Mixed => self.single(items, column, true),
        }
    }

    /// A value that goes into the column as one: that of the field, or each item of its list.
    fn single(&mut self, shape: &'a Shape, column: &'a Column, is_item: bool) -> Option<Reason> {
        let data_type = ColumnType::of(column);
        if matches!(data_type, ColumnType::Json | ColumnType::Other) {
            return None;
        }
        // A record whose fields are not known takes whatever it holds.
        if let (ColumnType::Struct, Some(record), false) = (data_type, shape.record.as_deref(), column.fields.is_empty()) {
            if record.fields.is_empty() && matches!(record.rest, Rest::Allowed(_)) {
                return Some(Reason::FreeKeys);
            }
            if record.is_said() {
                self.record(record, &column.fields);
            }
        }
        refused(shape, data_type).map(|what| Reason::Value { what, is_item })
    }
}

fn of_mode(field: &Field, column: &Column) -> Option<Reason> {
    if column.mode != Mode::Required || field.shape.unknown.is_some() {
        return None;
    }
    let is_null = field.shape.is_nullable() && !matches!(field.shape.kind(), Kind::List(_));
    if is_null { Some(Reason::Null) } else { (!field.required).then_some(Reason::Optional) }
}

/// What the schema allows and such a column refuses, described; the first of it.
fn refused(shape: &Shape, column: ColumnType) -> Option<String> {
    if shape.record.is_some() && column != ColumnType::Struct {
        return Some("an object".to_owned());
    }
    if shape.list.is_some() {
        return Some("a list".to_owned());
    }
    if shape.boolean && column.takes(Scalar::Bool).is_err() {
        return Some("a boolean".to_owned());
    }
    let number = shape.number.as_ref().and_then(|numbers| refused_number(numbers, column));
    number.or_else(|| shape.text.as_ref().and_then(|texts| refused_text(texts, column)))
}

fn refused_number(numbers: &Numbers, column: ColumnType) -> Option<String> {
    let name = if numbers.is_integer() { "an integer" } else { "a number" };
    let zeros = |n_decimals: u32| "0".repeat(n_decimals.saturating_sub(1) as usize);
    let fraction = (!numbers.is_integer()).then(|| format!("0.{}1", zeros(numbers.n_decimals.unwrap_or(1))));
    let is_refused = |text: &String| !matches!(takes_number(text, column), Ok(()) | Err(Fault::Unsafe | Fault::TooManyDecimals));
    if fraction.as_ref().is_some_and(is_refused) {
        return Some(name.to_owned());
    }
    let some = numbers.least.unwrap_or(2).max(2).min(numbers.most.unwrap_or(i128::MAX));
    let bounds = [numbers.most, numbers.least, Some(some)].into_iter().flatten().map(|bound| bound.to_string());
    let refused = bounds.into_iter().find(is_refused)?;
    let is_too_large = matches!(takes_number(&refused, column), Err(Fault::TooLarge | Fault::TooManyDigits));
    Some(if is_too_large { format!("{name} as large as {refused}") } else { name.to_owned() })
}

fn takes_number(text: &str, column: ColumnType) -> Result<(), Fault> {
    let number = Cursor::new(text).number();
    number.map_or(Ok(()), |number| column.takes(Scalar::Number(&number)))
}

fn refused_text(texts: &Texts, column: ColumnType) -> Option<String> {
    if column == ColumnType::Struct {
        return Some("a string".to_owned());
    }
    let is_refused = |text: &str| !matches!(column.takes(Scalar::Text(text)), Ok(()) | Err(Fault::TooManyDecimals));
    if let Some(literals) = &texts.literals {
        let refused = literals.iter().find(|literal| is_refused(literal))?;
        let shown = if refused.is_empty() { "an empty string".to_owned() } else { format!("`{refused}`") };
        return Some(format!("{shown}, one of its values,"));
    }
    if let Some(format) = texts.format.filter(|format| is_refused(example(*format))) {
        return Some(format!("a string (format `{}`)", format.name()));
    }
    // A schema that names no length is not taken at its word.
    let length = texts.max_length.filter(|length| column.is_shorter_than(*length))?;
    Some(format!("a string of {length} characters"))
}

/// A text of the format, as RFC 3339 has dates and times.
fn example(format: TextFormat) -> &'static str {
    match format {
        TextFormat::Date => "2026-08-03",
        TextFormat::DateTime => "2026-08-03T11:01:17Z",
        TextFormat::Time => "11:01:17Z",
        TextFormat::Word(_, example) => example,
    }
}
