//! Which names BigQuery takes for a column, and which of them are one.

use super::Column;
use std::borrow::Cow;

/// Longer names are refused.
const MAX_CHARACTERS: usize = 300;

/// Names may not begin like this, in any case. <https://docs.cloud.google.com/bigquery/docs/schemas#column_names>
const RESERVED_PREFIXES: [&str; 9] = [
    "_TABLE_",
    "_FILE_",
    "_PARTITION",
    "_ROW_TIMESTAMP",
    "__ROOT__",
    "_COLIDENTIFIER",
    "_CHANGE_SEQUENCE_NUMBER",
    "_CHANGE_TYPE",
    "_CHANGE_TIMESTAMP",
];

/// Characters that even flexible column names may not hold.
const REFUSED: &str = "!\"$()*,./;?@[\\]^`{}~";

/// Why BigQuery refuses a column of this name, as the end of a sentence; `None` when it takes it.
pub fn defect(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("is empty".to_owned());
    }
    if name.chars().count() > MAX_CHARACTERS {
        return Some(format!("is longer than {MAX_CHARACTERS} characters"));
    }
    if let Some(character) = name.chars().find(|character| REFUSED.contains(*character) || character.is_control()) {
        return Some(format!("holds `{}`, which no column name may hold", character.escape_debug()));
    }
    if !name.starts_with('_') {
        return None;
    }
    let upper = name.to_uppercase();
    let prefix = RESERVED_PREFIXES.iter().find(|prefix| upper.starts_with(**prefix))?;
    Some(format!("begins with the reserved prefix `{prefix}`"))
}

/// Whether the name is made of letters, digits and `_` only: external tables take no other.
pub fn is_standard(name: &str) -> bool {
    let is_first = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    name.bytes().next().is_some_and(is_first) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The name as BigQuery compares it: without case. Borrowed when it has none.
pub fn folded(name: &str) -> Cow<'_, str> {
    let is_plain = name.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_plain { Cow::Borrowed(name) } else { Cow::Owned(name.to_lowercase()) }
}

/// The column at the path of a field: `address.zip`, `tags[]`.
pub fn column_at<'a>(columns: &'a [Column], path: &str) -> Option<&'a Column> {
    let mut level = columns;
    let mut found = None;
    for name in path.split('.') {
        let name = folded(name.trim_end_matches("[]"));
        let column = level.iter().find(|column| folded(&column.name) == name)?;
        level = &column.fields;
        found = Some(column);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::defect;

    #[test]
    fn ordinary_and_flexible_names_are_taken() {
        for name in ["isin", "_id", "Größe in %", "a-b", "a&b", "table_name"] {
            assert_eq!(defect(name), None, "{name}");
        }
    }

    #[test]
    fn refused_names_say_why() {
        assert_eq!(defect("a.b").as_deref(), Some("holds `.`, which no column name may hold"));
        assert_eq!(defect("_partitiontime").as_deref(), Some("begins with the reserved prefix `_PARTITION`"));
        assert!(defect(&"x".repeat(301)).is_some());
    }
}
