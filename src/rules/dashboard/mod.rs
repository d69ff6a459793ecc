//! Rules on dashboards: the tables and columns that views of LookML read.

pub(super) mod explores;

use crate::diagnostic::{Subject, SubjectKind};
use crate::model::lookml::{ReadColumn, View};
use crate::model::query::ModelCatalog;
use crate::model::table::{Column, Mode};
use crate::model::{Model, Table, TableId};
use crate::rules::{Context, Sink};
use crate::sql::TablePath;
use crate::text::nearest;

pub(super) fn unknown_dashboard_column(context: &Context<'_>, sink: &mut Sink<'_>) {
    let catalog = catalog(context, context.head);
    for view in &context.head.views {
        let Some(table) = table_of(view, context.head).and_then(|path| catalog.find(path)) else { continue };
        let own = table.columns.value().filter(|_| !table.may_have_more_columns());
        let Some(columns) = own.cloned().or_else(|| catalog.columns_of_view(table)) else { continue };
        for read in &view.columns {
            if let Some(missing) = missing(&read.path, &columns) {
                report_column(view, read, table, &missing, sink);
            }
        }
    }
}

fn report_column(view: &View, read: &ReadColumn, table: &Table, missing: &Missing<'_>, sink: &mut Sink<'_>) {
    let name = read.path.join(".");
    let subject = Subject::new(SubjectKind::Column, format!("{}.{name}", table.id));
    let message = format!("`{}` has no column `{name}`, which the field `{}.{}` reads", table.id, view.name, read.field);
    let finding = sink.report(subject, read.span, message).detail(format!("{}.{}", view.name, read.field));
    if let Some(near) = nearest(missing.name, missing.columns.iter().map(|column| column.name.as_str())) {
        finding.help(format!("did you mean `{near}`?"));
    }
    if let Some(span) = table.span() {
        finding.related(span, format!("`{}` is defined here", table.id));
    }
}

/// The first name of a path that stands for nothing, and what there is instead.
struct Missing<'a> {
    name: &'a str,
    columns: &'a [Column],
}

fn missing<'a>(path: &'a [String], columns: &'a [Column]) -> Option<Missing<'a>> {
    let mut columns = columns;
    for name in path {
        // Pseudo-columns, and what BigQuery adds by itself.
        if columns.is_empty() || name.starts_with('_') {
            return None;
        }
        let Some(column) = columns.iter().find(|column| column.name.eq_ignore_ascii_case(name)) else {
            return Some(Missing { name, columns });
        };
        if column.mode == Mode::Repeated {
            return None;
        }
        columns = &column.fields;
    }
    None
}

/// Views that take over from one another are followed this far.
const MAX_DEPTH: usize = 16;

/// The table of a view, or of the view that it refines or takes over.
fn table_of<'m>(view: &'m View, model: &'m Model) -> Option<&'m TablePath> {
    let mut view = view;
    for _ in 0..MAX_DEPTH {
        if let Some(table) = &view.table {
            return Some(&table.value);
        }
        let name: &str = match view.extends.as_slice() {
            _ if view.is_refinement => &view.name,
            [base] => base,
            _ => return None,
        };
        let mut views = model.views.iter().filter(|other| !other.is_refinement && *other.name == *name);
        // Models that are apart may have views of one name.
        view = views.next().filter(|_| views.next().is_none())?;
    }
    None
}

/// Of a table that is not here it is not known whether it is elsewhere, unless the base has it, or one is here that is
/// called nearly so.
pub(super) fn unknown_dashboard_table(context: &Context<'_>, sink: &mut Sink<'_>) {
    let head = catalog(context, context.head);
    let base = context.base.map(|base| catalog(context, base));
    for view in &context.head.views {
        let Some(table) = view.table.as_ref().filter(|table| head.find(&table.value).is_none()) else { continue };
        let gone = base.as_ref().and_then(|base| base.find(&table.value));
        let near = near(&table.value, context.head);
        if gone.is_none() && near.is_none() {
            continue;
        }
        let subject = Subject::new(SubjectKind::Table, table.value.to_string());
        let message = format!("there is no table `{}`, which the view `{}` reads", table.value, view.name);
        let finding = sink.report(subject, table.span, message).detail(view.name.to_string());
        if let Some(near) = near {
            finding.help(format!("did you mean `{near}`?"));
        }
        if let Some(span) = gone.and_then(Table::span) {
            finding.related(span, "it is defined in the base");
        }
    }
}

fn near<'m>(path: &TablePath, model: &'m Model) -> Option<&'m TableId> {
    let [.., dataset, name] = path.0.as_slice() else { return None };
    let own = |id: &'m TableId| match id {
        TableId::Named { dataset: its, name, .. } if **its == **dataset => Some((id, &**name)),
        TableId::Named { .. } | TableId::Address(_) => None,
    };
    // `trades_v1` beside `trades_v2` is no slip.
    let letters = |name: &str| name.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    let tables: Vec<(&TableId, &str)> =
        model.tables.keys().filter_map(own).filter(|(_, other)| letters(other) != letters(name)).collect();
    let found = nearest(name, tables.iter().map(|(_, name)| *name))?;
    tables.iter().find(|(_, name)| *name == found).map(|(id, _)| *id)
}

fn catalog<'a>(context: &'a Context<'_>, model: &'a Model) -> ModelCatalog<'a> {
    ModelCatalog::new(model, context.config.project.as_ref().map(|project| project.value.as_str()))
}
