//! Tables of one dataset whose names differ only in what some tool drops.

use super::{OwnTable, own_tables};
use crate::model::facts::Item;
use crate::rules::{Context, Sink};
use std::collections::BTreeMap;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut folded: BTreeMap<(Option<&str>, &str, String), OwnTable<'_>> = BTreeMap::new();
    let mut tables: Vec<OwnTable<'_>> = own_tables(context.head).collect();
    tables.sort_by_key(|own| own.span);
    for own in tables {
        let key = (own.project, own.dataset, fold(own.name));
        match folded.get(&key) {
            Some(first) if first.name != own.name => {
                let message = format!("tables `{}` and `{}` have names that are easily one", first.table.id, own.table.id);
                let found = sink.report(Item::Table(own.table).subject(), own.span, message);
                found.related(first.span, format!("`{}`", first.name));
            }
            Some(_) => {}
            None => _ = folded.insert(key, own),
        }
    }
}

/// A name as tools write it that know only lower case, digits and `_`.
fn fold(name: &str) -> String {
    let letter = |letter: char| if letter == '-' || letter.is_whitespace() { '_' } else { letter };
    name.to_lowercase().chars().map(letter).collect()
}
