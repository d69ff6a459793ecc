//! `SELECT *` on a base table: every column is read, and billed.

use super::figure::{Figures, amount};
use super::{edit, fills_table, subject};
use crate::diagnostic::{Applicability, Fix};
use crate::estimate::bytes::leaves;
use crate::model::table::{Column, TableKind, table_named};
use crate::model::{Query, Table};
use crate::rules::{Context, Sink};
use crate::sql::reserved::is_reserved;
use crate::sql::{Star, StatementKind};

/// A list of more columns than this is no help.
const MAX_COLUMNS: usize = 60;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let figures = Figures::of(context);
    for query in context.head.queries.values() {
        // A view, a copy or an insert may want every column; only what is read by people and dashboards is judged.
        let is_read = matches!(query.statement.kind, StatementKind::Select | StatementKind::ExportData);
        if query.is_body || !is_read || fills_table(query, context) {
            continue;
        }
        for star in query.resolution.stars.iter().filter(|star| !star.has_except) {
            check_star(query, star, context, figures, sink);
        }
    }
}

fn check_star(query: &Query, star: &Star, context: &Context<'_>, figures: Figures<'_>, sink: &mut Sink<'_>) {
    let span = query.map.span(star.range.clone());
    let mut read_whole = Vec::new();
    for name in &star.tables {
        match table_named(&context.head.tables, name) {
            Some(table) if is_read_whole(query, name, table) => read_whole.push((name, table)),
            Some(_) => {}
            None => sink.not_checked(&subject(query), format!("nothing says whether `{name}` is a table or a view"), Some(span)),
        }
    }
    if read_whole.is_empty() {
        return;
    }
    let names: Vec<String> = read_whole.iter().map(|(name, _)| format!("`{name}`")).collect();
    let message = format!("`*` reads every column of {}{}", names.join(", "), figures.now(query));
    let widest = read_whole.iter().find_map(|(name, table)| widest(query, name, table, figures));
    let fix = fix(query, star, &read_whole, context);
    let help = sink.rule.help.clone().unwrap_or_default();
    let diagnostic = sink.report(subject(query), span, message).detail(star.tables.join(","));
    if let Some(widest) = widest {
        diagnostic.help(format!("{help}; {widest}"));
    }
    if let Some(fix) = fix {
        diagnostic.fix(fix);
    }
}

/// Whether every column is read in the end: BigQuery leaves out those of a subquery that nothing asks for. A view is
/// judged where it is defined.
fn is_read_whole(query: &Query, name: &str, table: &Table) -> bool {
    let Some(columns) = columns(table) else { return false };
    let scans = || query.resolution.scans.iter().filter(|scan| scan.table == name);
    let read: Vec<&String> = scans().flat_map(|scan| scan.columns.keys()).collect();
    // Where each column is asked for by its name in the end, the star reads nothing besides.
    scans().any(|scan| scan.is_whole)
        && leaves(columns).iter().all(|leaf| read.iter().any(|path| path.eq_ignore_ascii_case(&leaf.path)))
}

fn columns(table: &Table) -> Option<&[Column]> {
    let columns = table.columns.value().filter(|columns| table.kind == TableKind::Table && !columns.is_empty())?;
    Some(columns)
}

/// The one column without which least is left, when it is more than a third of what is read.
fn widest(query: &Query, name: &str, table: &Table, figures: Figures<'_>) -> Option<String> {
    let now = figures.estimate(query)?.bytes.high?;
    let without = |column: &Column| {
        let then = figures.bytes(query, |resolution| {
            for scan in resolution.scans.iter_mut().filter(|scan| scan.table == name) {
                scan.columns
                    .retain(|path, _| path.split('.').next().is_none_or(|first| !first.eq_ignore_ascii_case(&column.name)));
                scan.is_whole = false;
            }
        })?;
        Some((then.high?, then, column.name.clone()))
    };
    let listed = columns(table).filter(|columns| columns.len() <= MAX_COLUMNS)?;
    let (high, then, column) = listed.iter().filter_map(without).min_by_key(|(high, ..)| *high)?;
    let left = amount(then).filter(|_| high < now / 3 * 2)?;
    Some(format!("without `{column}` it reads {left}"))
}

/// The columns by name, where the star stands for those of one table: nothing is read less, and they can be struck out.
fn fix(query: &Query, star: &Star, read_whole: &[(&String, &Table)], context: &Context<'_>) -> Option<Fix> {
    let [(_, table)] = read_whole else { return None };
    let listed =
        columns(table).filter(|columns| columns.len() <= MAX_COLUMNS && star.is_of_one && !table.may_have_more_columns())?;
    // `t.*` keeps its `t.`; a name that is no plain word, or one of the language, is quoted.
    let written = context.files.slice(query.map.span(star.range.clone()));
    let qualifier = written.strip_suffix('*').filter(|before| before.is_empty() || before.ends_with('.'))?;
    let names: Vec<String> = listed.iter().map(|column| format!("{qualifier}{}", quoted(&column.name))).collect();
    let title = format!("name the columns of `{}`", table.id);
    edit::replace(query, star.range.clone(), &names.join(", "), &title, Applicability::Unsafe)
}

fn quoted(name: &str) -> String {
    let is_plain = name.chars().all(|ch| ch.is_ascii_lowercase() || ch.is_ascii_digit() || ch == '_')
        && !name.starts_with(|first: char| first.is_ascii_digit());
    if is_plain && !is_reserved(name) { name.to_owned() } else { format!("`{name}`") }
}
