//! The edits that make a table schema take what a feed's JSON Schema allows, where the table schema is a list of fields
//! in a file of the repository.

use super::alignment::Pair;
use crate::diagnostic::{Applicability, Edit, Fix, NewFile};
use crate::model::column_name::column_at;
use crate::model::columns::MAX_DESCRIPTION;
use crate::model::columns::style::Style;
use crate::model::columns::written::Written;
use crate::model::schema::columns::{ImpliedColumn, implied_column, implied_columns};
use crate::model::table::Mode;
use crate::model::{Column, JsonSchema, Table};
use crate::record::align::{Misfit, Reason};
use crate::rules::Context;
use crate::text::RepoPath;
use std::cell::OnceCell;

/// The list of fields of one table, read again when the first fix is wanted.
pub(super) struct TableFix<'a> {
    context: &'a Context<'a>,
    pair: &'a Pair<'a>,
    written: OnceCell<Option<Written>>,
}

impl<'a> TableFix<'a> {
    pub(super) fn new(context: &'a Context<'a>, pair: &'a Pair<'a>) -> TableFix<'a> {
        TableFix { context, pair, written: OnceCell::new() }
    }

    /// What cures the misfit; `None` where that is not for us to decide or to write.
    pub(super) fn of(&self, misfit: &Misfit<'_>) -> Option<Fix> {
        let (title, edits) = match (misfit.column, misfit.field, &misfit.why) {
            (None, Some(field), _) => self.append(misfit, implied_column(field))?,
            (Some(column), _, Reason::Null | Reason::Optional | Reason::NoField) => self.relax(misfit, column)?,
            (Some(column), Some(field), _) => self.set(misfit, column, implied_column(field))?,
            (_, None, _) => return None,
        };
        Some(Fix { title, applicability: Applicability::Safe, edits, new_files: Vec::new() })
    }

    /// A column that is added to a table holds nothing in the rows that are there, so it is never REQUIRED.
    fn append(&self, misfit: &Misfit<'_>, column: ImpliedColumn) -> Option<(String, Vec<Edit>)> {
        let mode = if column.mode == Mode::Required { Mode::Nullable } else { column.mode };
        let column = described(ImpliedColumn { mode, ..column });
        let record = if misfit.column_path.is_empty() { None } else { Some(column_at(self.pair.columns, &misfit.column_path)?) };
        let edit = self.written()?.append(record, &column)?;
        let path = if misfit.column_path.is_empty() { String::new() } else { format!("{}.", misfit.column_path) };
        Some((format!("add column `{path}{}` {}", column.name, shown(&column)), vec![edit]))
    }

    fn relax(&self, misfit: &Misfit<'_>, column: &Column) -> Option<(String, Vec<Edit>)> {
        let edit = self.written()?.set_mode(column, Mode::Nullable)?;
        Some((format!("make column `{}` NULLABLE", misfit.column_path), vec![edit]))
    }

    /// Two feeds may want two types of one column: then somebody has to decide.
    fn set(&self, misfit: &Misfit<'_>, column: &Column, to: ImpliedColumn) -> Option<(String, Vec<Edit>)> {
        let keeps_mode = to.mode != Mode::Repeated && column.mode == Mode::Nullable;
        let mode = if keeps_mode { Mode::Nullable } else { to.mode };
        let to = described(ImpliedColumn { mode, ..to });
        let is_only_feed = self.pair.table.feeds.len() == 1;
        let edits = self.written().filter(|_| is_only_feed)?.set(column, &to)?;
        Some((format!("make column `{}` {}", misfit.column_path, shown(&to)), edits))
    }

    fn written(&self) -> Option<&Written> {
        let written = self.written.get_or_init(|| {
            let columns = self.pair.table.columns.spanned()?;
            self.is_own_list().then(|| Written::find(self.context.files, columns))?
        });
        written.as_ref()
    }

    /// Whether no table of another feed is made of the same list.
    fn is_own_list(&self) -> bool {
        let first = |table: &Table| Some(table.columns.value()?.first()?.name_span);
        let own = first(self.pair.table);
        let is_shared = |table: &&Table| first(table) == own && table.feeds != self.pair.table.feeds;
        !self.context.head.tables.values().any(|table| is_shared(&table))
    }
}

/// A table schema that is not there yet, made of the JSON Schema of the records.
pub(crate) fn new_table_schema(schema: &JsonSchema, path: &RepoPath) -> Option<Fix> {
    let is_wanted = path.has_extension("json") && schema.violations.is_empty() && schema.shape.unknown.is_none();
    let columns: Vec<ImpliedColumn> = implied_columns(&schema.shape).into_iter().map(described).collect();
    if !is_wanted || columns.is_empty() {
        return None;
    }
    let file = NewFile { path: path.clone(), text: format!("{}\n", Style::default().list(&columns, "")) };
    Some(Fix {
        applicability: Applicability::Safe,
        title: "write the table schema that the JSON Schema implies".to_owned(),
        edits: Vec::new(),
        new_files: vec![file],
    })
}

fn shown(column: &ImpliedColumn) -> String {
    let repeated = if column.mode == Mode::Repeated { " REPEATED" } else { "" };
    format!("{}{repeated}", column.data_type)
}

/// The column with the descriptions that BigQuery takes.
fn described(column: ImpliedColumn) -> ImpliedColumn {
    let description = column.description.filter(|text| text.chars().count() <= MAX_DESCRIPTION);
    ImpliedColumn { description, fields: column.fields.into_iter().map(described).collect(), ..column }
}
