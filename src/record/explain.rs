//! Why a record is not taken: by the `jsonschema` crate, and by what BigQuery loads.

use super::raw::{Member, Raw, RawValue};
use super::tally::{Kind, Tally};
use super::unloadable::Unloadable;
use super::words::{self, Said};
use super::{Check, Engine, Finding, Origin, Place, Rules};
use serde_json::Value;
use std::collections::BTreeSet;
use std::ops::Range;

/// A complaint about one place of a record.
pub(super) struct Complaint {
    pub(super) check: Check,
    pub(super) code: &'static str,
    pub(super) path: Path,
    /// What else tells it from others about the same field.
    pub(super) detail: String,
    pub(super) said: Said,
    pub(super) range: Range<usize>,
}

/// The way to a value: keys, and numbers of items.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Path(pub(super) Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Key(String),
    Item(usize),
}

/// Of one record no more complaints than this are looked at.
const MAX_COMPLAINTS: usize = 50;

/// Adds what is wrong with a record; `false` when nothing is.
pub(super) fn record(rules: &Rules, engine: Option<&Engine>, text: &str, origin: Origin, tally: &mut Tally) -> bool {
    let complaints = complaints(rules, engine, text, origin);
    let is_wrong = !complaints.is_empty();
    for complaint in complaints.into_iter().take(MAX_COMPLAINTS) {
        put(complaint, text, origin, tally);
    }
    is_wrong
}

/// Adds a complaint about the place where something begins.
pub(super) fn add(tally: &mut Tally, origin: Origin, check: Check, code: &'static str, said: Said) {
    let complaint = Complaint { check, code, path: Path::default(), detail: String::new(), said, range: 0..0 };
    put(complaint, "", origin, tally);
}

fn put(complaint: Complaint, text: &str, origin: Origin, tally: &mut Tally) {
    let Complaint { check, code, path, detail, said, range } = complaint;
    let before = text.as_bytes().get(..range.start).unwrap_or(&[]);
    let place = Place {
        line: origin.line + super::n_lines(before),
        record: origin.record,
        path: path.to_string(),
        offset: origin.offset + range.start as u64,
        n_bytes: range.len() as u64,
    };
    let kind = Kind { check, code, field: path.field(), detail };
    tally.add(kind, Finding { check, code, message: said.message, help: said.help, place, count: 1 });
}

fn complaints(rules: &Rules, engine: Option<&Engine>, text: &str, origin: Origin) -> Vec<Complaint> {
    let Ok(raw) = Raw::read(text) else { return vec![not_json(text, origin)] };
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(_) => return vec![number_too_large(&raw)],
    };
    let mut complaints = Vec::new();
    twins(&raw, &Path::default(), &mut complaints);
    for error in engine.into_iter().flat_map(|engine| engine.iter_errors(&value)).take(MAX_COMPLAINTS) {
        words::of_schema_error(&error, rules.schema.as_ref(), &raw, &mut complaints);
    }
    if let Some(columns) = &rules.columns {
        // What the schema complains of already is not said twice.
        let known: BTreeSet<Path> = complaints.iter().map(|complaint| complaint.path.clone()).collect();
        let mut unloadable = Unloadable { ignores_unknown: rules.ignores_unknown, found: Vec::new() };
        unloadable.record(&raw, columns);
        complaints.extend(unloadable.found.into_iter().filter(|complaint| !known.contains(&complaint.path)));
    }
    complaints
}

fn not_json(text: &str, origin: Origin) -> Complaint {
    let (said, detail, range) = words::not_json(text, origin.ends_text);
    Complaint { check: Check::Json, code: "syntax", path: Path::default(), detail, said, range }
}

/// The only thing that RFC 8259 allows and readers do not.
fn number_too_large(raw: &Raw<'_>) -> Complaint {
    let said = words::number_too_large();
    Complaint {
        check: Check::Json,
        code: "large-number",
        path: Path::default(),
        detail: String::new(),
        said,
        range: raw.range.clone(),
    }
}

/// Keys that stand twice in one object: readers take the first, the last, or none.
fn twins(raw: &Raw<'_>, path: &Path, complaints: &mut Vec<Complaint>) {
    match &raw.value {
        RawValue::List(items) => items.iter().enumerate().for_each(|(at, item)| twins(item, &path.item(at), complaints)),
        RawValue::Map(members) => {
            let mut seen = BTreeSet::new();
            for Member { key, key_range, value } in members {
                let path = path.key(key);
                if !seen.insert(key) {
                    complaints.push(Complaint {
                        check: Check::Json,
                        code: "duplicate-key",
                        said: words::duplicate_key(&path),
                        path: path.clone(),
                        detail: String::new(),
                        range: key_range.clone(),
                    });
                }
                twins(value, &path, complaints);
            }
        }
        RawValue::Null | RawValue::Bool | RawValue::Number(_) | RawValue::Text(_) => {}
    }
}

impl Path {
    pub(super) fn key(&self, key: &str) -> Path {
        self.with(Part::Key(key.to_owned()))
    }

    pub(super) fn item(&self, at: usize) -> Path {
        self.with(Part::Item(at))
    }

    fn with(&self, part: Part) -> Path {
        Path(self.0.iter().cloned().chain([part]).collect())
    }

    /// The path of a JSON pointer into this value, which tells keys from items.
    pub(super) fn of_pointer(pointer: &str, raw: &Raw<'_>) -> Path {
        let mut path = Path::default();
        let mut at = Some(raw);
        for part in pointer.split('/').skip(1) {
            let part = part.replace("~1", "/").replace("~0", "~");
            let is_list = at.is_some_and(|raw| matches!(raw.value, RawValue::List(_)));
            path = match part.parse() {
                Ok(item) if is_list => path.item(item),
                _ => path.key(&part),
            };
            at = at.and_then(|raw| raw.at(&format!("/{}", part.replace('~', "~0").replace('/', "~1"))));
        }
        path
    }

    /// For people: `legs[2].currency`; `None` for the record itself.
    pub(super) fn shown(&self) -> Option<String> {
        let text = self.to_string();
        let text = text.strip_prefix("$.").or_else(|| text.strip_prefix('$')).unwrap_or(&text);
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Without the numbers of items.
    fn field(&self) -> String {
        let mut field = String::new();
        for part in &self.0 {
            match part {
                Part::Key(key) => {
                    field.push('.');
                    field.push_str(key);
                }
                Part::Item(_) => field.push_str("[]"),
            }
        }
        field
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("$")?;
        for part in &self.0 {
            match part {
                Part::Item(at) => write!(f, "[{at}]")?,
                Part::Key(key) if is_plain(key) => write!(f, ".{key}")?,
                Part::Key(key) => write!(f, "['{}']", key.replace('\\', "\\\\").replace('\'', "\\'"))?,
            }
        }
        Ok(())
    }
}

fn is_plain(key: &str) -> bool {
    key.starts_with(|first: char| first.is_alphabetic() || first == '_')
        && key.chars().all(|character| character.is_alphanumeric() || character == '_')
}
