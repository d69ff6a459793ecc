//! A feed's table is made by nothing here, where those of other feeds in its dataset are.

use super::subject;
use crate::model::table::DefinitionSource;
use crate::model::{Feed, Model, Table, TableId};
use crate::rules::{Context, Sink};
use crate::text::nearest;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The feeds of a dataset: those whose table is made here, and those whose is not.
#[derive(Default)]
struct Dataset<'m> {
    made: Vec<&'m Table>,
    missing: Vec<(&'m Feed, &'m Table)>,
}

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (name, dataset) in datasets(context.head) {
        // Where most are missing, they are made elsewhere.
        if dataset.made.is_empty() || dataset.missing.len() > dataset.made.len() {
            continue;
        }
        for (feed, table) in &dataset.missing {
            match hidden(context.head, name, table) {
                Some(why) => sink.not_checked(&subject(feed), why, table.span()),
                None => report(context.head, feed, table, &dataset, sink),
            }
        }
    }
}

fn datasets(model: &Model) -> BTreeMap<&Arc<str>, Dataset<'_>> {
    let mut datasets: BTreeMap<&Arc<str>, Dataset<'_>> = BTreeMap::new();
    for feed in model.feeds.values() {
        let Some(table) = model.table_of(feed) else { continue };
        let TableId::Named { dataset, .. } = &table.id else { continue };
        let dataset = datasets.entry(dataset).or_default();
        let is_of = |source: &dyn Fn(DefinitionSource) -> bool| table.definitions.iter().any(|one| source(one.source));
        if is_of(&makes) {
            dataset.made.push(table);
        } else if !is_of(&|source| source == DefinitionSource::Statistics) {
            dataset.missing.push((feed, table));
        }
    }
    datasets
}

fn makes(source: DefinitionSource) -> bool {
    matches!(source, DefinitionSource::Terraform | DefinitionSource::Ddl | DefinitionSource::Folder)
}

/// What may make the table without saying its name.
fn hidden(model: &Model, dataset: &str, table: &Table) -> Option<String> {
    let TableId::Named { name, .. } = &table.id else { return None };
    if let Some(TableId::Address(address)) = model.tables.keys().find(|id| matches!(id, TableId::Address(_))) {
        return Some(format!("which table `{address}` is, is not known"));
    }
    let is_elsewhere = [dataset, name].iter().any(|name| model.roles.is_named_elsewhere(name));
    is_elsewhere.then(|| "a module that is not here may make its table".to_owned())
}

fn report(model: &Model, feed: &Feed, table: &Table, dataset: &Dataset<'_>, sink: &mut Sink<'_>) {
    let message = format!("nothing here makes table `{}` of feed `{}`, as it does those of other feeds", table.id, feed.id);
    let span = feed.table.name.span().unwrap_or(feed.name_span);
    let finding = sink.report(subject(feed), span, message);
    let names: Vec<(String, &Table)> = unclaimed(model, dataset).map(|table| (table.id.to_string(), table)).collect();
    let meant = nearest(&table.id.to_string(), names.iter().map(|(name, _)| name.as_str()));
    if let Some((name, meant)) = names.iter().find(|(name, _)| Some(name.as_str()) == meant) {
        finding.help(format!("did you mean `{name}`, which no feed is loaded into?"));
        meant.span().map(|span| finding.related(span, "it is defined here"));
    } else if let Some(span) = dataset.made.first().and_then(|table| table.span()) {
        finding.related(span, "the table of another feed");
    }
}

/// Tables that are made here and that no feed names.
fn unclaimed<'m>(model: &'m Model, dataset: &Dataset<'m>) -> impl Iterator<Item = &'m Table> {
    let of_dataset = |id: &TableId| match id {
        TableId::Named { dataset, .. } => Some(dataset.clone()),
        TableId::Address(_) => None,
    };
    let own = dataset.made.first().and_then(|table| of_dataset(&table.id));
    let is_free = move |table: &&Table| table.feeds.is_empty() && own.is_some() && of_dataset(&table.id) == own;
    model.tables.values().filter(is_free)
}
