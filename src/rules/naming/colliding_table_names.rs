//! Tables of one dataset whose names differ only in what some tool drops.

use super::from_file::{FromFile, from_file};
use super::{OwnTable, own_tables};
use crate::model::facts::Item;
use crate::model::naming::{Automaton, easily_one, fold};
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};
use std::collections::BTreeMap;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut folded: BTreeMap<(Option<&str>, &str, String), OwnTable<'_>> = BTreeMap::new();
    let mut tables: Vec<OwnTable<'_>> = own_tables(context.head).collect();
    tables.sort_by_key(|own| own.span);
    from_files(context, &tables, sink);
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

/// Files of a feed that name their tables: two of them, or one and a table that there is, may be one.
fn from_files(context: &Context<'_>, own: &[OwnTable<'_>], sink: &mut Sink<'_>) {
    let named: Vec<FromFile<'_>> = from_file(context).collect();
    for (at, one) in named.iter().enumerate() {
        // Those that are listed are tables of their own.
        let Ok(tables) = &one.tables else { continue };
        let twins = if one.is_listed { None } else { easily_one(tables, tables) };
        if let Some((first, second)) = twins {
            let files = [&first, &second].map(|table| one.file_of(table, context));
            let message = format!(
                "feed `{}` loads {} and {} into tables `{first}` and `{second}`, which are easily one",
                one.feed.id, files[0], files[1]
            );
            sink.report(subject(one.feed), one.span, message)
                .help("let the part of the file's name hold small letters, digits and `_` only");
            continue;
        }
        let others = named.iter().take(at).filter(|other| !(one.is_listed && other.is_listed) && is_beside(one, other));
        let of_files = others.filter_map(|other| Some((easily_one(tables, other.tables.as_ref().ok()?)?, other.span)));
        let dataset = one.feed.table.dataset.value();
        let beside = own.iter().filter(|own| !one.is_listed && dataset.is_some_and(|dataset| dataset == own.dataset));
        let of_tables = beside.filter_map(|own| Some((easily_one(tables, &Automaton::of_text(own.name).ok()?)?, own.span)));
        if let Some(((own, other), span)) = of_files.chain(of_tables).next() {
            let file = one.file_of(&own, context);
            let message = format!("feed `{}` loads {file} into table `{own}`, which is easily one with `{other}`", one.feed.id);
            sink.report(subject(one.feed), one.span, message).related(span, format!("`{other}`"));
        }
    }
}

fn is_beside(one: &FromFile<'_>, other: &FromFile<'_>) -> bool {
    let place = |of: &FromFile<'_>| (of.feed.table.project.value().cloned(), of.feed.table.dataset.value().cloned());
    place(one) == place(other)
}
