//! What became of the columns of a table and of the fields of a schema that both revisions have.

use super::{Change, ChangeKind, Difference, Placed, Said, alone, paired};
use crate::diagnostic::{Subject, SubjectKind};
use crate::model::schema::SchemaField;
use crate::model::{Column, JsonSchema, Table};
use crate::text::Span;
use std::collections::BTreeMap;

pub(super) fn of_tables(base: &Table, head: &Table) -> Vec<Change> {
    let Some((of_base, of_head)) = base.columns.value().zip(head.columns.value()) else { return Vec::new() };
    let mut found = Columns { table: head, changes: Vec::new() };
    found.level(of_base, of_head, "");
    held_by(Subject::new(SubjectKind::Table, head.id.to_string()), found.changes)
}

fn held_by(holder: Subject, changes: Vec<Change>) -> Vec<Change> {
    changes.into_iter().map(|change| Change { holder: Some(holder.clone()), ..change }).collect()
}

/// A table that has another name gives its columns no other one: they are all called by the head's.
struct Columns<'a> {
    table: &'a Table,
    changes: Vec<Change>,
}

impl Columns<'_> {
    /// The columns at one level. Names count in any case, as for BigQuery.
    fn level(&mut self, base: &[Column], head: &[Column], prefix: &str) {
        let key = |column: &Column| column.name.to_lowercase();
        let of_base: BTreeMap<String, &Column> = base.iter().map(|column| (key(column), column)).collect();
        let of_head: BTreeMap<String, &Column> = head.iter().map(|column| (key(column), column)).collect();
        let removed: Vec<&Column> = base.iter().filter(|column| !of_head.contains_key(&key(column))).collect();
        let added: Vec<&Column> = head.iter().filter(|column| !of_base.contains_key(&key(column))).collect();
        match (removed.as_slice(), added.as_slice()) {
            ([was], [is]) if is_renamed(was, is, base, head) => self.both(was, is, prefix),
            _ => {
                let removed = removed.iter().map(|column| alone(ChangeKind::Removed, placed(self.table, prefix, column)));
                let added = added.iter().map(|column| alone(ChangeKind::Added, placed(self.table, prefix, column)));
                self.changes.extend(removed.chain(added));
            }
        }
        for (key, was) in &of_base {
            if let Some(is) = of_head.get(key) {
                self.both(was, is, prefix);
            }
        }
    }

    fn both(&mut self, base: &Column, head: &Column, prefix: &str) {
        let mut differences = Vec::new();
        let mut compare = |name, before: String, after: String, places: (Span, Span)| {
            let said = |text: String, span| (!text.is_empty()).then_some(Said { text, span: Some(span) });
            if before != after {
                differences.push(Difference { name, before: said(before, places.0), after: said(after, places.1) });
            }
        };
        compare("type", base.type_text(), head.type_text(), (base.type_span, head.type_span));
        compare("mode", base.mode.name().to_owned(), head.mode.name().to_owned(), (base.name_span, head.name_span));
        let tags = |column: &Column| column.policy_tags.value().map_or_else(String::new, |tags| tags.join(", "));
        if base.policy_tags.why().or(head.policy_tags.why()).is_none() {
            compare("policy tags", tags(base), tags(head), (base.name_span, head.name_span));
        }
        let (was, is) = (placed(self.table, prefix, base), placed(self.table, prefix, head));
        let was = if base.name.eq_ignore_ascii_case(&head.name) { (is.0.clone(), was.1) } else { was };
        self.changes.extend(paired(was, is, differences));
        self.level(&base.fields, &head.fields, &format!("{prefix}{}.", head.name));
    }
}

/// One column at the same place has another name, and is the same otherwise.
fn is_renamed(was: &Column, is: &Column, base: &[Column], head: &[Column]) -> bool {
    let at = |columns: &[Column], column: &Column| columns.iter().position(|other| other.name_span == column.name_span);
    let is_same = was.type_text() == is.type_text() && was.mode == is.mode && names(&was.fields) == names(&is.fields);
    is_same && base.len() == head.len() && at(base, was) == at(head, is)
}

fn names(columns: &[Column]) -> Vec<&str> {
    columns.iter().map(|column| column.name.as_str()).collect()
}

fn placed(table: &Table, prefix: &str, column: &Column) -> Placed {
    let key = format!("{}.{prefix}{}", table.id, column.name);
    (Subject::new(SubjectKind::Column, key), Some(column.name_span))
}

/// The same for the fields of schemas, by their paths. What lies within a field that came or went is not listed.
pub(super) fn of_schemas(base: &JsonSchema, head: &JsonSchema) -> Vec<Change> {
    let of_base: BTreeMap<&str, &SchemaField> = base.fields.iter().map(|field| (field.path.as_str(), field)).collect();
    let of_head: BTreeMap<&str, &SchemaField> = head.fields.iter().map(|field| (field.path.as_str(), field)).collect();
    let is_topmost = |field: &SchemaField, others: &BTreeMap<&str, &SchemaField>| {
        !others.contains_key(field.path.as_str())
            && field.path.rsplit_once('.').is_none_or(|(above, _)| others.contains_key(above))
    };
    let placed = |schema: &JsonSchema, field: &SchemaField| -> Placed {
        (Subject::new(SubjectKind::Field, format!("{}#{}", schema.path, field.path)), Some(field.key_span))
    };
    let mut changes = Vec::new();
    let removed: Vec<&SchemaField> = base.fields.iter().filter(|field| is_topmost(field, &of_head)).collect();
    let added: Vec<&SchemaField> = head.fields.iter().filter(|field| is_topmost(field, &of_base)).collect();
    changes.extend(removed.iter().map(|field| alone(ChangeKind::Removed, placed(head, field))));
    changes.extend(added.iter().map(|field| alone(ChangeKind::Added, placed(head, field))));
    for (path, was) in &of_base {
        if let Some(is) = of_head.get(path) {
            let place = placed(head, is);
            let before = (place.0.clone(), Some(was.key_span));
            changes.extend(paired(before, place, of_fields(was, is)));
        }
    }
    held_by(Subject::new(SubjectKind::Schema, head.path.as_str()), changes)
}

fn of_fields(base: &SchemaField, head: &SchemaField) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut compare = |name, before: Option<String>, after: Option<String>| {
        if before != after {
            let said = |text: Option<String>, span| text.map(|text| Said { text, span: Some(span) });
            differences.push(Difference { name, before: said(before, base.key_span), after: said(after, head.key_span) });
        }
    };
    let types = |field: &SchemaField| {
        let types = field.types.iter().copied().chain(field.nullable.then_some("null")).collect::<Vec<_>>().join(" or ");
        Some(types).filter(|types| !types.is_empty())
    };
    let required = |field: &SchemaField| field.required.then(|| "required".to_owned());
    let max_length = |field: &SchemaField| field.max_length.map(|length| length.to_string());
    compare("type", types(base), types(head));
    compare("required", required(base), required(head));
    compare("format", base.format.clone(), head.format.clone());
    compare("maximal length", max_length(base), max_length(head));
    differences
}
