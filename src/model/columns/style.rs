//! How a list of fields is written: notation, indents, the names of types and modes, which keys come first. Read from
//! what is there, so that what is added looks like it.

use crate::model::columns::type_name;
use crate::model::schema::columns::ImpliedColumn;
use crate::model::table::Mode;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    Json,
    /// JSON in a heredoc, where `${` begins a template.
    Heredoc,
    /// `jsonencode([{ name = "a" }])`.
    Hcl,
}

/// The way in which the fields of one list are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Style {
    pub notation: Notation,
    /// `\n` or `\r\n`.
    pub newline: &'static str,
    /// A field without fields of its own stands on one line.
    pub is_one_line: bool,
    /// What stands between `{` and the first key of such a line.
    pub padding: String,
    /// What stands between two members, or two fields, on one line.
    pub comma: String,
    /// Lists of fields stand on one line too.
    pub is_compact: bool,
    /// What stands between a key and its value.
    pub colon: String,
    /// What a level further in is indented by.
    pub step: String,
    /// The keys of a field, in the order in which they are written.
    pub keys: Vec<String>,
    /// NULLABLE is written, and not left out.
    pub writes_nullable: bool,
    /// Modes are written in small letters; `None` where there is none.
    pub has_lower_modes: Option<bool>,
    /// The names of types as they are written, by their GoogleSQL names.
    pub type_names: BTreeMap<&'static str, String>,
}

const KEYS: [&str; 5] = ["name", "type", "mode", "description", "fields"];

/// The names that the REST API had first.
const LEGACY: [(&str, &str); 4] = [("INT64", "INTEGER"), ("FLOAT64", "FLOAT"), ("BOOL", "BOOLEAN"), ("STRUCT", "RECORD")];

impl Default for Style {
    /// A file of its own, with a field on each line.
    fn default() -> Style {
        Style {
            notation: Notation::Json,
            newline: "\n",
            is_one_line: true,
            padding: " ".to_owned(),
            comma: ", ".to_owned(),
            is_compact: false,
            colon: ": ".to_owned(),
            step: "  ".to_owned(),
            keys: KEYS.map(str::to_owned).to_vec(),
            writes_nullable: false,
            has_lower_modes: None,
            type_names: BTreeMap::new(),
        }
    }
}

impl Style {
    /// The name of a type as this list writes names: as there already, else in the same spirit.
    pub fn type_text(&self, data_type: &str) -> String {
        if let Some(written) = self.type_names.get(data_type) {
            return written.clone();
        }
        let is_legacy = LEGACY
            .iter()
            .filter(|(name, _)| *name != "STRUCT")
            .any(|(name, legacy)| self.type_names.get(name).is_some_and(|written| written.eq_ignore_ascii_case(legacy)));
        let legacy = LEGACY.iter().find(|(name, _)| *name == data_type).map(|(_, legacy)| *legacy);
        // RECORD is what nearly everybody writes, whatever the other names.
        let name = legacy.filter(|legacy| is_legacy || *legacy == "RECORD").unwrap_or(data_type);
        if self.has_lower_types() { name.to_lowercase() } else { name.to_owned() }
    }

    pub fn mode_text(&self, mode: Mode) -> String {
        let name = match mode {
            Mode::Nullable => "NULLABLE",
            Mode::Required => "REQUIRED",
            Mode::Repeated => "REPEATED",
        };
        let has_lower = self.has_lower_modes.unwrap_or_else(|| self.has_lower_types());
        if has_lower { name.to_lowercase() } else { name.to_owned() }
    }

    fn has_lower_types(&self) -> bool {
        self.type_names.values().next().is_some_and(|written| written.chars().any(char::is_lowercase))
    }

    /// Learns the name of a type.
    pub fn learn_type(&mut self, written: &str) {
        if let Some(name) = type_name(written) {
            self.type_names.entry(name).or_insert_with(|| written.to_owned());
        }
    }

    /// A string as the notation writes it, in quotes.
    pub fn string(&self, text: &str) -> String {
        let json = serde_json::Value::from(text).to_string();
        match self.notation {
            Notation::Json => json,
            Notation::Heredoc | Notation::Hcl => json.replace("${", "$${").replace("%{", "%%{"),
        }
    }

    /// The key of a field or of one of its members.
    pub fn key(&self, key: &str) -> String {
        if self.notation == Notation::Hcl { key.to_owned() } else { format!("\"{key}\"") }
    }

    /// A list of fields that begins on a line with this indent.
    pub fn list(&self, columns: &[ImpliedColumn], indent: &str) -> String {
        if self.is_compact {
            let items: Vec<String> = columns.iter().map(|column| self.field(column, indent)).collect();
            return format!("[{}]", items.join(&self.comma));
        }
        let inner = format!("{indent}{}", self.step);
        let items: Vec<String> = columns.iter().map(|column| format!("{inner}{}", self.field(column, &inner))).collect();
        let newline = self.newline;
        match items.as_slice() {
            [] => "[]".to_owned(),
            items => format!("[{newline}{}{newline}{indent}]", items.join(&format!(",{newline}"))),
        }
    }

    /// A field that begins on a line with this indent.
    pub fn field(&self, column: &ImpliedColumn, indent: &str) -> String {
        if self.is_one_line { self.field_in_line(column, indent) } else { self.field_in_lines(column, indent) }
    }

    fn field_in_line(&self, column: &ImpliedColumn, indent: &str) -> String {
        let members: Vec<String> = self
            .members(column, indent)
            .into_iter()
            .map(|(key, value)| format!("{}{}{value}", self.key(key), self.colon))
            .collect();
        format!("{{{0}{1}{0}}}", self.padding, members.join(&self.comma))
    }

    fn field_in_lines(&self, column: &ImpliedColumn, indent: &str) -> String {
        let inner = format!("{indent}{}", self.step);
        let members = self.members(column, &inner);
        // terraform fmt sets the equal signs of one block under each other.
        let is_hcl = self.notation == Notation::Hcl;
        let width = members.iter().filter(|(key, _)| *key != "fields").map(|(key, _)| key.len()).max().unwrap_or(0);
        let end = if is_hcl { "" } else { "," };
        let line = |(key, value): &(&str, String)| match is_hcl {
            true if *key == "fields" => format!("{inner}{key} = {value}"),
            true => format!("{inner}{key:width$} = {value}"),
            false => format!("{inner}{}{}{value}", self.key(key), self.colon),
        };
        let lines: Vec<String> = members.iter().map(line).collect();
        let newline = self.newline;
        format!("{{{newline}{}{newline}{indent}}}", lines.join(&format!("{end}{newline}")))
    }

    /// The members of a field in the order of this list.
    fn members(&self, column: &ImpliedColumn, indent: &str) -> Vec<(&'static str, String)> {
        let value = |key: &str| match key {
            "name" => Some(self.string(&column.name)),
            "type" => Some(self.string(&self.type_text(column.data_type))),
            "mode" => (column.mode != Mode::Nullable || self.writes_nullable).then(|| self.string(&self.mode_text(column.mode))),
            "description" => column.description.as_deref().map(|text| self.string(text)),
            _ => (!column.fields.is_empty()).then(|| self.list(&column.fields, indent)),
        };
        let place = |key: &&str| self.keys.iter().position(|own| own == key).unwrap_or(KEYS.len());
        let mut keys = KEYS;
        keys.sort_by_key(place);
        keys.into_iter().filter_map(|key| Some((key, value(key)?))).collect()
    }
}
