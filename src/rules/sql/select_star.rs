//! `SELECT *` on a base table: every column is read, and billed. A star whose columns are dropped further out reads
//! what is left, and is none.

use super::subject;
use crate::model::query::ModelCatalog;
use crate::model::table::TableKind;
use crate::model::{Column, Query};
use crate::rules::{Context, Sink};
use crate::sql::{Star, StatementKind, TablePath};
use crate::text::Span;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let project = context.config.project.as_ref().map(|project| project.value.as_str());
    let catalog = ModelCatalog::new(&context.head.tables, project);
    for query in context.head.queries.values() {
        // A view, a copy or an insert may want every column; only what is read by people and dashboards is judged.
        if !matches!(query.statement.kind, StatementKind::Select | StatementKind::ExportData) {
            continue;
        }
        for star in query.resolution.stars.iter().filter(|star| !star.has_except) {
            report(&Judge { context, catalog: &catalog, query, star }, sink);
        }
    }
}

fn report(judge: &Judge<'_>, sink: &mut Sink<'_>) {
    let (query, star) = (judge.query, judge.star);
    let tables: Vec<&String> = star.tables.iter().filter(|table| judge.reads_all(table, sink)).collect();
    if tables.is_empty() {
        return;
    }
    let shown: Vec<String> = tables.iter().map(|table| format!("`{table}`")).collect();
    let message = format!("`*` reads every column of {}", shown.join(", "));
    sink.report(subject(query), judge.span(), message).detail(star.tables.join(","));
}

struct Judge<'a> {
    context: &'a Context<'a>,
    catalog: &'a ModelCatalog<'a>,
    query: &'a Query,
    star: &'a Star,
}

impl Judge<'_> {
    fn span(&self) -> Span {
        self.query.map.span(self.star.range.clone())
    }

    /// Whether every column of a table under the star is read in the end.
    fn reads_all(&self, table: &str, sink: &mut Sink<'_>) -> bool {
        let known = self.catalog.find(&TablePath(table.split('.').map(str::to_owned).collect()));
        if known.is_some_and(|table| matches!(table.kind, TableKind::View | TableKind::MaterializedView)) {
            return false;
        }
        match known.and_then(|table| table.columns.value()).filter(|columns| !columns.is_empty()) {
            Some(columns) => {
                let scans = self.query.resolution.scans.iter().filter(|scan| scan.table == table);
                let is_read = |path: &str| scans.clone().any(|scan| scan.columns.keys().any(|read| covers(read, path)));
                columns.iter().all(|column| is_read_whole(column, &column.name, &is_read))
            }
            None if self.is_outermost() => true,
            None => {
                sink.not_checked(&subject(self.query), format!("the columns of `{table}` are not known"), Some(self.span()));
                false
            }
        }
    }

    /// Whether the star stands in no parentheses, so that nothing further out drops its columns.
    fn is_outermost(&self) -> bool {
        let text = &self.context.files.get(self.query.span.file).text;
        let before = text.get(self.query.span.range().start..self.span().range().start).unwrap_or("");
        before.matches('(').count() == before.matches(')').count()
    }
}

/// Whether who reads `read` reads `path`: it is the same column, or a record around it.
fn covers(read: &str, path: &str) -> bool {
    let begins = path.get(..read.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(read));
    begins && matches!(path.as_bytes().get(read.len()), None | Some(b'.'))
}

fn is_read_whole(column: &Column, path: &str, is_read: &dyn Fn(&str) -> bool) -> bool {
    let of_field = |field: &Column| is_read_whole(field, &format!("{path}.{}", field.name), is_read);
    is_read(path) || !column.fields.is_empty() && column.fields.iter().all(of_field)
}
