//! Columns that nobody has put into words, where the policy asks for it.

use crate::model::facts::Item;
use crate::model::table::{DefinitionSource, TableKind};
use crate::model::{Column, Known, Table, TableId};
use crate::rules::{Context, Sink};
use std::collections::BTreeSet;

/// So many columns are named in a message.
const MAX_NAMED: usize = 5;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let tables = context.head.tables.values().filter(|table| table.kind == TableKind::Table && is_written_here(table));
    for table in tables.filter(|table| is_asked_for(table, context)) {
        let descriptions = context.head.descriptions.get(&table.id);
        match (table.columns.value(), descriptions.and_then(Known::why).or(table.columns.why())) {
            (Some(columns), None) => check_table(table, columns, descriptions.and_then(Known::value), sink),
            (_, Some(why)) => sink.not_checked(&Item::Table(table).subject(), why.text.to_string(), why.span),
            (None, None) => {}
        }
    }
}

fn is_asked_for(table: &Table, context: &Context<'_>) -> bool {
    let TableId::Named { dataset, .. } = &table.id else { return false };
    context.config.policy.descriptions.iter().any(|asked| asked == "*" || **asked == **dataset)
}

/// What only statistics know is described elsewhere, or nowhere.
fn is_written_here(table: &Table) -> bool {
    table.definitions.iter().any(|definition| definition.source != DefinitionSource::Statistics)
}

/// `elsewhere` are the columns that are put into words beside the query that makes the table.
fn check_table(table: &Table, columns: &[Column], elsewhere: Option<&BTreeSet<String>>, sink: &mut Sink<'_>) {
    let mut bare = Vec::new();
    collect(columns, "", &mut bare);
    bare.retain(|(path, _)| elsewhere.is_none_or(|described| !described.contains(path)));
    let Some((_, first)) = bare.first() else { return };
    let named: Vec<String> = bare.iter().take(MAX_NAMED).map(|(path, _)| format!("`{path}`")).collect();
    let rest = match bare.len() - named.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let (word, have) = if bare.len() == 1 { ("column", "has") } else { ("columns", "have") };
    let message = format!("{word} {}{rest} of table `{}` {have} no description", named.join(", "), table.id);
    sink.report(Item::Table(table).subject(), first.name_span, message);
}

fn collect<'a>(columns: &'a [Column], above: &str, bare: &mut Vec<(String, &'a Column)>) {
    for column in columns {
        let path = if above.is_empty() { column.name.clone() } else { format!("{above}.{}", column.name) };
        collect(&column.fields, &path, bare);
        if !column.is_described {
            bare.push((path, column));
        }
    }
}
