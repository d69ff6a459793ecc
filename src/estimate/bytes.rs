//! The size of values as BigQuery counts it, and the bounds of a column from its type and from what a JSON Schema says.

use super::Bounds;
use crate::model::schema::SchemaField;
use crate::model::table::{Column, Mode};
use crate::text::Span;

/// A column without fields of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// `address.zip`.
    pub path: String,
    pub data_type: String,
    pub span: Span,
    /// It and all that it lies in: never NULL.
    pub is_required: bool,
    /// It, or something that it lies in, is an array.
    pub is_repeated: bool,
}

/// The leaves of columns, in order.
pub fn leaves(columns: &[Column]) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    // A stack and no recursion: a schema may be nested as deep as a file allows.
    let mut open: Vec<(String, bool, bool, &Column)> = Vec::new();
    open.extend(columns.iter().rev().map(|column| (String::new(), true, false, column)));
    while let Some((prefix, is_required, is_repeated, column)) = open.pop() {
        let path = if prefix.is_empty() { column.name.clone() } else { format!("{prefix}.{}", column.name) };
        let is_required = is_required && column.mode == Mode::Required;
        let is_repeated = is_repeated || column.mode == Mode::Repeated;
        if column.fields.is_empty() {
            leaves.push(Leaf { path, data_type: column.data_type.clone(), span: column.type_span, is_required, is_repeated });
        } else {
            open.extend(column.fields.iter().rev().map(|field| (path.clone(), is_required, is_repeated, field)));
        }
    }
    leaves
}

/// The size of one value that is not NULL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueSize {
    Fixed(u64),
    /// Two bytes and its UTF-8 text, or its bytes.
    Text,
    /// About its text.
    Json,
    /// 16 bytes, and 24 for each vertex.
    Geography,
    /// A type that we do not know.
    Unknown,
}

/// The size of a type by its GoogleSQL name; parameters such as `NUMERIC(10, 2)` do not change it.
pub fn value_size(data_type: &str) -> ValueSize {
    let name = data_type.split(['(', '<']).next().unwrap_or("").trim().to_ascii_uppercase();
    match name.as_str() {
        "INT64" | "INTEGER" | "INT" | "SMALLINT" | "BIGINT" | "TINYINT" | "BYTEINT" | "FLOAT64" | "FLOAT" | "DATE"
        | "DATETIME" | "TIME" | "TIMESTAMP" => ValueSize::Fixed(8),
        "BOOL" | "BOOLEAN" => ValueSize::Fixed(1),
        "NUMERIC" | "DECIMAL" | "INTERVAL" | "RANGE" => ValueSize::Fixed(16),
        "BIGNUMERIC" | "BIGDECIMAL" => ValueSize::Fixed(32),
        "STRING" | "BYTES" => ValueSize::Text,
        "JSON" => ValueSize::Json,
        "GEOGRAPHY" => ValueSize::Geography,
        _ => ValueSize::Unknown,
    }
}

/// Bytes of a column in one row, as far as its type and its field of a JSON Schema limit them.
pub fn row_bounds(leaf: &Leaf, field: Option<&SchemaField>) -> Bounds {
    let value = value_bounds(leaf, field);
    let is_always_there = leaf.is_required || field.is_some_and(is_always_there);
    match (leaf.is_repeated, is_always_there) {
        (true, _) => Bounds::OPEN,
        (false, true) => value,
        (false, false) => Bounds { low: 0, ..value },
    }
}

fn value_bounds(leaf: &Leaf, field: Option<&SchemaField>) -> Bounds {
    match value_size(&leaf.data_type) {
        ValueSize::Fixed(size) => Bounds::exactly(size),
        ValueSize::Text => field.map_or(Bounds::OPEN, text_bounds).plus(Bounds::exactly(2)),
        ValueSize::Geography => Bounds { low: 16, high: None },
        ValueSize::Json | ValueSize::Unknown => Bounds::OPEN,
    }
}

/// A property at the top of a record that its schema requires and does not let be null. Deeper ones depend on what they
/// lie in.
fn is_always_there(field: &SchemaField) -> bool {
    field.required && !field.nullable && field.depth == 0
}

/// UTF-8 bytes of a string, as its schema limits them.
fn text_bounds(field: &SchemaField) -> Bounds {
    if let Some((shortest, longest)) = field.literal_lengths {
        return Bounds { low: shortest.min(longest), high: Some(longest) };
    }
    let by_format = match field.format.as_deref() {
        Some("date") => Bounds::exactly(10),
        // `2026-08-01T06:30:00Z` up to nanoseconds and an offset.
        Some("date-time") => Bounds { low: 20, high: Some(35) },
        Some("time") => Bounds { low: 9, high: Some(24) },
        Some("uuid") => Bounds::exactly(36),
        Some("ipv4") => Bounds { low: 7, high: Some(15) },
        _ => Bounds::OPEN,
    };
    // `maxLength` counts characters, and a character has up to four bytes.
    let by_length = field.max_length.map(|length| Bounds { low: 0, high: Some(length.saturating_mul(4)) });
    by_length.map_or(by_format, |by_length| by_format.within(by_length))
}

#[cfg(test)]
mod tests {
    use super::{ValueSize, value_size};

    #[test]
    fn sizes_are_those_of_the_documentation() {
        let fixed = [
            ("INT64", 8),
            ("FLOAT64", 8),
            ("DATE", 8),
            ("DATETIME", 8),
            ("TIME", 8),
            ("TIMESTAMP", 8),
            ("BOOL", 1),
            ("NUMERIC", 16),
            ("NUMERIC(10, 2)", 16),
            ("BIGNUMERIC", 32),
            ("INTERVAL", 16),
            ("RANGE<DATE>", 16),
        ];
        for (name, size) in fixed {
            assert_eq!(value_size(name), ValueSize::Fixed(size), "{name}");
        }
        assert_eq!(value_size("STRING(20)"), ValueSize::Text);
        assert_eq!(value_size("BYTES"), ValueSize::Text);
        assert_eq!(value_size("VARCHAR2"), ValueSize::Unknown);
    }
}
