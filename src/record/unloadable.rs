//! Walks a record and the columns of its table side by side, and complains of what BigQuery would not load.

use super::Check;
use super::explain::{Complaint, Path};
use super::load::{ColumnType, Fault, Scalar};
use super::raw::{Member, Raw, RawValue};
use super::words::{self, Said, refused};
use crate::model::Column;
use crate::model::column_name::folded;
use crate::model::table::Mode;
use std::collections::BTreeMap;
use std::ops::Range;

pub(super) struct Unloadable {
    pub(super) ignores_unknown: bool,
    pub(super) found: Vec<Complaint>,
}

impl Unloadable {
    pub(super) fn record(&mut self, raw: &Raw<'_>, columns: &[Column]) {
        match &raw.value {
            RawValue::Map(members) => self.map(members, columns, &Path::default(), &raw.range),
            _ => self.add("not-a-record", Path::default(), words::not_a_record(raw), raw.range.clone()),
        }
    }

    fn add(&mut self, code: &'static str, path: Path, said: Said, range: Range<usize>) {
        self.found.push(Complaint { check: Check::Load, code, path, detail: String::new(), said, range });
    }

    fn map(&mut self, members: &[Member<'_>], columns: &[Column], path: &Path, range: &Range<usize>) {
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for Member { key, key_range, value } in members {
            let own = path.key(key);
            let name = folded(key);
            let column = columns.iter().find(|column| folded(&column.name) == name);
            let twin = seen.insert(name.into_owned(), key);
            // The same key again is a fault of the JSON.
            if let Some(twin) = twin.filter(|twin| *twin != &**key && (column.is_some() || !self.ignores_unknown)) {
                self.add("case-twin", own.clone(), words::case_twin(&own, twin), key_range.clone());
            }
            match column {
                Some(column) => self.column(value, column, &own),
                None if self.ignores_unknown => {}
                None => self.add("unknown-key", own.clone(), words::unknown_key(&own, columns), key_range.clone()),
            }
        }
        for column in columns.iter().filter(|column| column.mode == Mode::Required) {
            if !seen.contains_key(&*folded(&column.name)) {
                let own = path.key(&column.name);
                self.add("required", own.clone(), words::missing_column(&own), range.clone());
            }
        }
    }

    fn column(&mut self, raw: &Raw<'_>, column: &Column, path: &Path) {
        match (&raw.value, column.mode) {
            (RawValue::Null, Mode::Required) => self.add("null", path.clone(), words::null_required(path), raw.range.clone()),
            (RawValue::Null, Mode::Nullable | Mode::Repeated) => {}
            (RawValue::List(items), Mode::Repeated) => {
                for (at, item) in items.iter().enumerate() {
                    self.item(item, column, &path.item(at));
                }
            }
            (_, Mode::Repeated) => self.add("not-a-list", path.clone(), words::not_a_list(path, raw, column), raw.range.clone()),
            (_, Mode::Nullable | Mode::Required) => self.value(raw, column, path),
        }
    }

    fn item(&mut self, raw: &Raw<'_>, column: &Column, path: &Path) {
        match &raw.value {
            RawValue::Null => self.add("null-item", path.clone(), words::null_item(path), raw.range.clone()),
            RawValue::List(_) if column.data_type != "JSON" => {
                self.add("list-of-lists", path.clone(), words::list_of_lists(path), raw.range.clone());
            }
            _ => self.value(raw, column, path),
        }
    }

    fn value(&mut self, raw: &Raw<'_>, column: &Column, path: &Path) {
        let data_type = ColumnType::of(column);
        let scalar = match &raw.value {
            RawValue::Bool => Scalar::Bool,
            RawValue::Number(number) => Scalar::Number(number),
            RawValue::Text(text) => Scalar::Text(text),
            RawValue::Null => return,
            RawValue::Map(members) if data_type == ColumnType::Struct => {
                // A record whose fields are not known takes whatever it holds.
                if !column.fields.is_empty() {
                    self.map(members, &column.fields, path, &raw.range);
                }
                return;
            }
            RawValue::List(_) | RawValue::Map(_) => {
                if !matches!(data_type, ColumnType::Json | ColumnType::Other) {
                    self.fault(Fault::WrongType, raw, column, path);
                }
                return;
            }
        };
        if let Err(fault) = data_type.takes(scalar) {
            self.fault(fault, raw, column, path);
        }
    }

    fn fault(&mut self, fault: Fault, raw: &Raw<'_>, column: &Column, path: &Path) {
        self.add(refused::code_of(fault, raw), path.clone(), refused::fault(fault, raw, column, path), raw.range.clone());
    }
}
