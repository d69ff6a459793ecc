//! What takes a value in the table.

use super::Types;
use crate::model::Column;
use crate::model::table::Mode;
use crate::record::load::ColumnType;

/// What takes a value in the table.
#[derive(Clone, Copy)]
pub(super) enum Slot<'a> {
    /// No table is known, or the value lies in a JSON column.
    Free,
    /// The record itself, with all columns.
    Record(&'a [Column]),
    Column(&'a Column),
    /// One item of a REPEATED column.
    Item(&'a Column),
}

impl<'a> Slot<'a> {
    /// Tells slots apart.
    pub(super) fn place(self) -> (usize, u8) {
        match self {
            Slot::Free => (0, 0),
            Slot::Record(_) => (0, 1),
            Slot::Column(column) => (std::ptr::from_ref(column).addr(), 2),
            Slot::Item(column) => (std::ptr::from_ref(column).addr(), 3),
        }
    }

    /// The types that are taken, and the column that looks at plain values.
    pub(super) fn allows(self) -> (Types, Option<ColumnType>) {
        let (column, is_item) = match self {
            Slot::Free => return (Types::ALL, None),
            Slot::Record(_) => return (Types::MAP, None),
            Slot::Column(column) => (column, false),
            Slot::Item(column) => (column, true),
        };
        let data_type = ColumnType::of(column);
        let is_repeated = column.mode == Mode::Repeated && !is_item;
        let nullable = if is_item || column.mode == Mode::Required { Types(0) } else { Types::NULL };
        let types = match data_type {
            _ if is_repeated => Types::LIST,
            ColumnType::Struct => Types::MAP,
            ColumnType::Json | ColumnType::Other => Types::ALL,
            _ => Types::ALL.without(Types::LIST).without(Types::MAP),
        };
        let types = if nullable.has(Types::NULL) { types.or(nullable) } else { types.without(Types::NULL) };
        (types, (!is_repeated).then_some(data_type))
    }

    pub(super) fn columns(self) -> Option<&'a [Column]> {
        match self {
            Slot::Free => None,
            Slot::Record(columns) => Some(columns),
            Slot::Column(column) if column.mode == Mode::Repeated => None,
            // A record whose fields are not known takes whatever it holds.
            Slot::Column(column) | Slot::Item(column) if column.data_type == "STRUCT" && !column.fields.is_empty() => {
                Some(&column.fields)
            }
            Slot::Column(_) | Slot::Item(_) => None,
        }
    }

    pub(super) fn item(self) -> Option<Slot<'a>> {
        match self {
            Slot::Column(column) if column.mode == Mode::Repeated => Some(Slot::Item(column)),
            Slot::Free | Slot::Record(_) | Slot::Column(_) | Slot::Item(_) => None,
        }
    }
}
